//! What a caller says about redirects.

use std::fmt;
use std::sync::Arc;

use super::hop::Hop;
use crate::method::Method;
use crate::status::StatusCode;

type Hook = dyn Fn(&mut Hop<'_>) + Send + Sync;

/// How many redirects are followed, and on which conditions ([RFC 9110 §15.4]).
///
/// The default is [`limit(10)`](Self::limit).
///
/// | status | what is sent next |
/// |---|---|
/// | 301, 302 | GET without content for POST, everything else as it was |
/// | 303 | HEAD for HEAD, GET for everything else, without content |
/// | 307, 308 | the same method and content |
/// | 300, 304, 305, 306, and any without a Location, or with an empty one | nothing; the response is returned |
///
/// Content is sent again if it is made of bytes or is a file. A reader can be read once; a redirect that wants its
/// content again is an error.
///
/// # What goes along
///
/// All fields, except:
///
/// - with the content those that describe it: Content-Type, Content-Encoding, Content-Language, Content-Location,
///   Content-Length, Content-Range, Content-Disposition, Content-Digest, Repr-Digest, Digest, Content-MD5,
///   Last-Modified, Transfer-Encoding, Trailer, Expect;
/// - to another server those that are meant for one: Authorization, Proxy-Authorization, Cookie, Cookie2, DPoP,
///   WWW-Authenticate, Proxy-Authenticate, Host. Another server is another scheme, host or port, but for https at port 443
///   after http at port 80 of the same host. What is gone does not come back when a later redirect leads to the
///   first server again: another one has decided what is asked there;
/// - Referer from https to http; and Origin becomes `null` where a server that is not of this origin redirects to a
///   third one.
///
/// Who has secrets in other fields takes them out with [`on_hop`](Self::on_hop).
///
/// # What is an error
///
/// - more redirects than the limit;
/// - a request that was made twice before, with nothing learned since: no response has set a cookie, and there is no hook;
/// - several Location fields that differ, one of more than 16 KiB, one that is no URL, or has another scheme than `http`
///   and `https`, no host, a port that is none, or user information, which
///   [RFC 9110 §4.2.4](https://www.rfc-editor.org/rfc/rfc9110#section-4.2.4) forbids there.
///
/// These errors are of the kind [`Redirect`](crate::error::ErrorKind::Redirect), which says
/// [what it is](crate::error::RedirectErrorKind), and name the URL that redirects. A
/// fragment is inherited by a Location that has none. A Referer is not made.
///
/// # Examples
///
/// ```
/// use nethttp::client::Redirects;
///
/// let redirects = Redirects::limit(5).deny_downgrade(true).on_hop(|hop| {
///     if hop.is_to_another_server() {
///         hop.strip("X-Api-Key");
///     }
/// });
/// ```
///
/// [RFC 9110 §15.4]: https://www.rfc-editor.org/rfc/rfc9110#section-15.4
#[derive(Clone)]
pub struct Redirects {
    /// None are followed without one.
    limit: Option<u32>,
    deny_downgrade: bool,
    /// The statuses after which POST stays POST.
    kept: Vec<StatusCode>,
    hook: Option<Arc<Hook>>,
}

impl Redirects {
    /// Follows no redirect: the response is returned, whatever it is.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::none();
    /// ```
    #[must_use]
    pub const fn none() -> Self {
        Self { limit: None, deny_downgrade: false, kept: Vec::new(), hook: None }
    }

    /// Follows so many redirects; one more is an error. With a limit of 0 the first one is.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(3);
    /// ```
    #[must_use]
    pub const fn limit(most: u32) -> Self {
        Self { limit: Some(most), deny_downgrade: false, kept: Vec::new(), hook: None }
    }

    /// Makes a redirect from https to http an error, if true. By default it is followed like one to another
    /// server, without credentials; everybody on the way can read and change what comes.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10).deny_downgrade(true);
    /// ```
    #[must_use]
    pub const fn deny_downgrade(mut self, deny: bool) -> Self {
        self.deny_downgrade = deny;
        self
    }

    /// Keeps method and content after the statuses given, of 301, 302 and 303: what curl calls `--post301`,
    /// `--post302` and `--post303`, and RFC 9110 permits for the first two.
    ///
    /// ```
    /// use nethttp::StatusCode;
    /// use nethttp::client::Redirects;
    ///
    /// let redirects =
    ///     Redirects::limit(10).keep_method([StatusCode::MOVED_PERMANENTLY, StatusCode::FOUND]);
    /// ```
    #[must_use]
    pub fn keep_method(mut self, statuses: impl IntoIterator<Item = StatusCode>) -> Self {
        self.kept = statuses.into_iter().collect();
        self
    }

    /// Asks a function before each redirect is followed. It sees what was sent, what has come and what
    /// is to be sent, and may change the last, stop, or fail; see [`Hop`]. It takes the place of one that was set before.
    ///
    /// It is not asked about what is an error already, such as a redirect beyond the limit. Whether TLS is given up, and
    /// whether the content can be sent again, is looked at when it has decided.
    ///
    /// ```
    /// use nethttp::client::Redirects;
    ///
    /// let redirects = Redirects::limit(10).on_hop(|hop| hop.strip("X-Api-Key"));
    /// ```
    #[must_use]
    pub fn on_hop(mut self, hook: impl Fn(&mut Hop<'_>) + Send + Sync + 'static) -> Self {
        self.hook = Some(Arc::new(hook));
        self
    }

    /// Returns how many redirects are followed, if this status is one that is.
    pub(super) fn limit_for(&self, status: StatusCode) -> Option<u32> {
        self.limit.filter(|_| matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308))
    }

    /// Returns the method of the next request, and whether it has the content of this one.
    pub(super) fn method_after(&self, status: StatusCode, method: Method) -> (Method, bool) {
        match status {
            _ if self.kept.contains(&status) => (method, true),
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND if method == Method::POST => {
                (Method::GET, false)
            }
            StatusCode::SEE_OTHER if method == Method::HEAD => (Method::HEAD, false),
            StatusCode::SEE_OTHER => (Method::GET, false),
            _ => (method, true),
        }
    }

    pub(super) const fn denies_downgrade(&self) -> bool {
        self.deny_downgrade
    }

    pub(super) fn hook(&self) -> Option<&Hook> {
        self.hook.as_deref()
    }
}

impl Default for Redirects {
    fn default() -> Self {
        Self::limit(10)
    }
}

impl fmt::Debug for Redirects {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redirects")
            .field("limit", &self.limit)
            .field("deny_downgrade", &self.deny_downgrade)
            .field("keep_method", &self.kept)
            .field("on_hop", &self.hook.is_some())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ten_are_followed_by_default() {
        assert_eq!(Redirects::default().limit_for(StatusCode::FOUND), Some(10));
        assert_eq!(Redirects::none().limit_for(StatusCode::FOUND), None);
    }

    #[test]
    fn five_statuses_are_redirects() {
        let followed = (100..=999).filter(|number| {
            let status = StatusCode::from_u16(*number).unwrap();
            Redirects::default().limit_for(status).is_some()
        });
        assert_eq!(followed.collect::<Vec<_>>(), [301, 302, 303, 307, 308]);
    }

    #[test]
    fn shows_its_settings() {
        let redirects = Redirects::limit(3).keep_method([StatusCode::FOUND]).on_hop(|hop| {
            hop.stop();
        });
        let text =
            "Redirects { limit: Some(3), deny_downgrade: false, keep_method: [302], on_hop: true }";
        assert_eq!(format!("{redirects:?}"), text);
    }
}
