//! Requests that send a form, or JSON.

use std::borrow::Borrow;
use std::fmt::Display;

use super::query::text_of;
use super::request::RequestBuilder;
use crate::error::{Error, ErrorKind};
use crate::form::{Form, MultipartForm};
use crate::message::Body;
use crate::uri::QueryBuilder;

impl RequestBuilder {
    /// Sets the content to JSON that is written already, `application/json`: by serde, say, or by hand.
    ///
    /// A Content-Type that the caller sets stands in the place of this one, whichever is set first.
    ///
    /// ```no_run
    /// let order = r#"{"item": 7, "count": 2}"#; // or serde_json::to_vec(&order)?
    /// let response = nethttp::post("http://example.org/orders").json(order).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn json(self, json: impl Into<Body>) -> Self {
        self.typed_body(json, "application/json".to_owned())
    }

    /// Sets the content to a form without files, `application/x-www-form-urlencoded`, as browsers write
    /// it. The fields are pairs of names and of values that can be displayed: those of an array, a `Vec` or a map, of a reference to
    /// one, or of a [`Form`].
    ///
    /// A Content-Type that the caller sets stands in the place of the form's, whichever is set first.
    ///
    /// ```no_run
    /// let fields = [("user", "ada"), ("remember", "yes")];
    /// let response = nethttp::post("http://example.org/login").form(fields).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn form<N: AsRef<str>, V: Display>(
        mut self,
        fields: impl IntoIterator<Item = impl Borrow<(N, V)>>,
    ) -> Self {
        let mut text = QueryBuilder::new();
        for field in fields {
            let (name, value) = field.borrow();
            match text_of(value) {
                Ok(value) => text = text.append(name, value),
                Err(error) => self.fail(error),
            }
        }
        self.typed_body(String::from(text), Form::MEDIA_TYPE.to_string())
    }

    /// Sets the content to a form with files, `multipart/form-data`. Files are read while the form is
    /// sent; its length is sent before, if that of every part is known.
    ///
    /// A Content-Type that the caller sets stands in the place of the form's, which names the boundary.
    ///
    /// ```no_run
    /// use nethttp::form::MultipartForm;
    ///
    /// let form = MultipartForm::new().text("title", "A day at the sea").file("photo", "sea.jpg")?;
    /// let response = nethttp::post("http://example.org/photos").multipart(form).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn multipart(mut self, form: MultipartForm) -> Self {
        if let Err(error) = form.check() {
            self.fail(Error::new(ErrorKind::Encode).with_source(error));
        }
        let content_type = form.content_type();
        self.typed_body(form, content_type)
    }
}
