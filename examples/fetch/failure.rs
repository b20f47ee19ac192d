//! What can go wrong, and the exit status that curl has for it.

use std::error::Error as _;
use std::io;
use std::process::ExitCode;

use nethttp::Error;
use nethttp::error::{ErrorKind, RedirectErrorKind};

use crate::journal::show;

/// Exit statuses, as in [curl's manual](https://curl.se/docs/manpage.html#EXIT).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    UnsupportedProtocol = 1,
    Init = 2,
    UrlMalformat = 3,

    ResolveProxy = 5,
    Resolve = 6,
    Connect = 7,
    WeirdReply = 8,
    PartialFile = 18,
    Returned = 22,
    Write = 23,
    Read = 26,
    Timeout = 28,
    Range = 33,
    TooManyRedirects = 47,
    Interface = 45,
    GotNothing = 52,
    Send = 55,
    Receive = 56,
    BadContentEncoding = 61,
    TooLarge = 63,
    SendFailRewind = 65,
    Proxy = 97,
}

/// Why nothing, or not everything, was fetched.
#[derive(Debug)]
pub(crate) struct Failure {
    status: Status,
    /// One line; none if there is nobody left to read it.
    text: Option<String>,
    /// Nobody has listened there.
    is_refusal: bool,
}

impl Failure {
    pub(crate) fn new(status: Status, text: impl Into<String>) -> Self {
        Self { status, text: Some(text.into()), is_refusal: false }
    }

    /// A command line that makes no sense.
    pub(crate) fn usage(text: impl Into<String>) -> Self {
        Self::new(Status::Init, format!("{}; try --help", text.into()))
    }

    /// A failure that is not spoken of.
    pub(crate) const fn quiet(status: Status) -> Self {
        Self { status, text: None, is_refusal: false }
    }

    /// An exchange has come to nothing.
    pub(crate) fn of_exchange(error: &Error) -> Self {
        let status = match error.kind() {
            ErrorKind::Truncated => Status::GotNothing,
            kind => status_of(kind),
        };
        let cause = error.source().and_then(|source| source.downcast_ref::<io::Error>());
        let is_refusal = error.kind() == ErrorKind::Connect
            && cause.is_some_and(|cause| cause.kind() == io::ErrorKind::ConnectionRefused);
        Self { is_refusal, ..Self::new(status, error.to_string()) }
    }

    /// A body has broken off.
    pub(crate) fn of_body(error: &Error) -> Self {
        let status = match error.kind() {
            ErrorKind::Truncated => Status::PartialFile,
            ErrorKind::Protocol => Status::Receive,
            kind => status_of(kind),
        };
        Self::new(status, error.to_string())
    }

    pub(crate) const fn status(&self) -> Status {
        self.status
    }

    pub(crate) const fn is_refusal(&self) -> bool {
        self.is_refusal
    }

    pub(crate) fn text(&self) -> &str {
        self.text.as_deref().unwrap_or_default()
    }

    /// Says what went wrong, if asked to.
    pub(crate) fn tell(&self, aloud: bool) {
        if let Some(text) = self.text.as_ref().filter(|_| aloud) {
            show(&format!("fetch: {text}\n"));
        }
    }
}

impl Status {
    pub(crate) fn code(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}

fn status_of(kind: ErrorKind) -> Status {
    match kind {
        ErrorKind::Url => Status::UrlMalformat,
        ErrorKind::Resolve => Status::Resolve,
        ErrorKind::Connect => Status::Connect,
        ErrorKind::Timeout(_) => Status::Timeout,
        ErrorKind::Tls => Status::UnsupportedProtocol,
        ErrorKind::Proxy => Status::Proxy,
        ErrorKind::Protocol => Status::WeirdReply,
        ErrorKind::Encode | ErrorKind::Header => Status::Init,
        ErrorKind::Redirect(kind) => match kind {
            RedirectErrorKind::TooMany | RedirectErrorKind::Loop => Status::TooManyRedirects,
            RedirectErrorKind::Location => Status::UrlMalformat,
            RedirectErrorKind::SpentBody => Status::SendFailRewind,
            _ => Status::UnsupportedProtocol,
        },
        ErrorKind::RequestBody => Status::Read,
        ErrorKind::Send => Status::Send,
        ErrorKind::BodyTooLarge => Status::TooLarge,
        ErrorKind::Coding => Status::BadContentEncoding,
        _ => Status::Receive,
    }
}
