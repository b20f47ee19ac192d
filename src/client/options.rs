//! What requests can do differently from one another: the client's settings, or a request's own.

use std::fmt;
use std::sync::Arc;

use super::auth::Login;
use super::cancel::CancelToken;
use super::connection::Interim;
use super::proxy::Proxies;
use super::redirect::Redirects;
use super::retry::Retry;
use super::timeouts::Timeouts;
use crate::header::{HeaderMap, HeaderName};
use crate::version::Version;

/// The settings of one request.
#[derive(Clone)]
pub(super) struct Options {
    pub(super) timeouts: Timeouts,
    pub(super) version: Version,
    /// Whether codings are asked for and undone.
    pub(super) decode: bool,
    /// How long a body may be, decoded; if that is not said, a body that is collected has a limit.
    pub(super) body_limit: Option<u64>,
    pub(super) redirects: Redirects,
    pub(super) retry: Retry,
    /// Which requests go through a proxy.
    pub(super) proxies: Arc<Proxies>,
    /// Whether cookies of the client's jar are sent, and kept there.
    pub(super) cookies: bool,
    /// Whether a response that is an error is returned as one.
    pub(super) error_for_status: bool,
    /// The fields that the client leaves out where it would add them.
    pub(super) without: Vec<HeaderName>,
    /// What is sent behind the body.
    pub(super) trailers: Option<Box<HeaderMap>>,
    pub(super) cancel: Option<CancelToken>,
    /// Who is told of interim responses.
    pub(super) interim: Option<Arc<Interim>>,
    /// What to answer if the server asks who this is.
    pub(super) login: Option<Login>,
}

impl Options {
    /// Sets how long a body may be. A collected body has no other way to have no limit than one beyond all lengths.
    pub(super) const fn set_body_limit(&mut self, limit: Option<u64>) {
        self.body_limit = match limit {
            None => Some(u64::MAX),
            limit => limit,
        };
    }

    /// Returns whether the client leaves a field out that it would add.
    pub(super) fn omits(&self, name: &str) -> bool {
        self.without.iter().any(|omitted| *omitted == *name)
    }
}

impl Default for Options {
    fn default() -> Self {
        Self {
            timeouts: Timeouts::DEFAULT,
            version: Version::HTTP_11,
            without: Vec::new(),
            trailers: None,
            decode: true,
            body_limit: None,
            redirects: Redirects::default(),
            retry: Retry::none(),
            proxies: Arc::new(Proxies::from_env()),
            cookies: true,
            error_for_status: false,
            cancel: None,
            interim: None,
            login: None,
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("timeouts", &self.timeouts)
            .field("decode", &self.decode)
            .field("body_limit", &self.body_limit)
            .field("redirects", &self.redirects)
            .field("retry", &self.retry)
            .field("proxies", &self.proxies)
            .field("cookies", &self.cookies)
            .field("error_for_status", &self.error_for_status)
            .finish_non_exhaustive()
    }
}
