//! Requests that say who sends them, without being asked.

use super::request::RequestBuilder;
use crate::error::{Error, ErrorKind};
use crate::field::FieldError;
use crate::field::auth::{Basic, Bearer};

impl RequestBuilder {
    /// Sends a user name and a password, in UTF-8:
    /// [RFC 7617](https://www.rfc-editor.org/rfc/rfc7617). They are readable by everybody on the way.
    ///
    /// A name with a colon, and control characters, are an error when the request is sent. What was set
    /// as Authorization before is replaced.
    ///
    /// ```no_run
    /// let url = "http://127.0.0.1:8080/metrics";
    /// let response = nethttp::get(url).basic_auth("ada", "open sesame").send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn basic_auth(self, user: impl AsRef<[u8]>, password: impl AsRef<[u8]>) -> Self {
        let basic = Basic::new(user, password);
        self.authorization(basic.map(|basic| basic.encode()))
    }

    /// Sends a token: [RFC 6750 §2.1](https://www.rfc-editor.org/rfc/rfc6750#section-2.1). Whoever reads
    /// it on the way can use it.
    ///
    /// A token that cannot be one is an error when the request is sent. What was set as Authorization
    /// before is replaced.
    ///
    /// ```no_run
    /// let url = "http://127.0.0.1:8080/repositories";
    /// let response = nethttp::get(url).bearer_auth("mF_9.B5f-4.1JqM").send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn bearer_auth(self, token: impl AsRef<str>) -> Self {
        let bearer = Bearer::new(token.as_ref()).map(|bearer| bearer.encode());
        self.authorization(bearer)
    }

    fn authorization(mut self, credentials: Result<String, FieldError>) -> Self {
        let inserted = credentials
            .map_err(|error| Error::new(ErrorKind::Encode).with_source(error))
            .and_then(|value| Ok(self.headers.insert("Authorization", value)?));
        if let Err(error) = inserted {
            self.fail(error);
        }
        self
    }
}
