//! Requests that say who sends them, without being asked or when they are.

use super::auth::Login;
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

    /// Logs in with Digest ([RFC 7616](https://www.rfc-editor.org/rfc/rfc7616)) if the server asks for it, and
    /// only if. The password itself does not leave this process.
    ///
    /// The request goes out without credentials first; what Authorization was set to goes with it. If the answer
    /// is `401` with a challenge that is understood, the request is repeated with the answer to the first such
    /// challenge, and once more if the server calls its nonce stale. What then comes is the response, a `401`
    /// included, as is a `401` without such a challenge.
    ///
    /// Whatever a request is sent again for, a server in trouble or a connection that was closed, its answer is
    /// counted anew: a server takes a request with a count that it has seen for a replay.
    ///
    /// The request can be repeated if its content is made of bytes or is a file. A reader can be read once; so
    /// a request with one is sent with `Expect: 100-continue`, unless Expect is set already, and a server that
    /// refuses at once gets the content with the second request. If it has let the content come, its `401` is
    /// returned.
    ///
    /// Whether the server knows the password too (`rspauth` in Authentication-Info) is not looked at: who wants
    /// to pass for the server need only leave that out. A caller who insists on it asks
    /// [`DigestClient`](crate::field::auth::DigestClient).
    ///
    /// ```no_run
    /// let page = nethttp::get("http://example.org/private").digest_auth("ada", "secret").send()?;
    /// assert!(page.status().is_success());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn digest_auth(mut self, user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        self.options_mut().login = Some(Login::new(user.as_ref(), password.as_ref()));
        self
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
