//! What can go wrong, and the exit status that curl has for it.

use std::error::Error as _;
use std::process::ExitCode;

use nethttp::Error;
use nethttp::error::ErrorKind;
use nethttp::h1::{ParseError, ParseErrorKind};

/// Exit statuses, as in [curl's manual](https://curl.se/docs/manpage.html#EXIT).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    UnsupportedProtocol = 1,
    Init = 2,
    UrlMalformat = 3,
    Resolve = 6,
    Connect = 7,
    WeirdReply = 8,
    PartialFile = 18,
    Returned = 22,
    Write = 23,
    Read = 26,
    Timeout = 28,
    TooManyRedirects = 47,
    GotNothing = 52,
    Receive = 56,
    BadContentEncoding = 61,
    TooLarge = 63,
}

/// Why nothing, or not everything, was fetched.
#[derive(Debug)]
pub(crate) struct Failure {
    status: Status,
    /// One line; none if there is nobody left to read it.
    text: Option<String>,
}

impl Failure {
    pub(crate) fn new(status: Status, text: impl Into<String>) -> Self {
        Self { status, text: Some(text.into()) }
    }

    /// A failure that is not spoken of.
    pub(crate) const fn quiet(status: Status) -> Self {
        Self { status, text: None }
    }

    /// An exchange has come to nothing.
    pub(crate) fn of_exchange(error: &Error) -> Self {
        let status = match protocol_error(error) {
            Some(ParseErrorKind::Truncated) => Status::GotNothing,
            _ => status_of(error),
        };
        Self::new(status, error.to_string())
    }

    /// A body has broken off.
    pub(crate) fn of_body(error: &Error) -> Self {
        let status = match protocol_error(error) {
            Some(ParseErrorKind::Truncated) => Status::PartialFile,
            Some(_) => Status::Receive,
            None => status_of(error),
        };
        Self::new(status, error.to_string())
    }

    /// Says what went wrong, if asked to, and returns the exit status.
    pub(crate) fn tell(self, aloud: bool) -> ExitCode {
        if let Some(text) = self.text.filter(|_| aloud) {
            eprintln!("fetch: {text}");
        }
        ExitCode::from(self.status as u8)
    }
}

fn protocol_error(error: &Error) -> Option<ParseErrorKind> {
    let parse = error.source()?.downcast_ref::<ParseError>()?;
    Some(parse.kind())
}

fn status_of(error: &Error) -> Status {
    match error.kind() {
        ErrorKind::Url => Status::UrlMalformat,
        ErrorKind::Resolve => Status::Resolve,
        ErrorKind::Connect => Status::Connect,
        ErrorKind::Timeout(_) => Status::Timeout,
        ErrorKind::Protocol => Status::WeirdReply,
        ErrorKind::Encode | ErrorKind::Header => Status::Init,
        ErrorKind::BodyTooLarge => Status::TooLarge,
        ErrorKind::Coding => Status::BadContentEncoding,
        _ => Status::Receive,
    }
}
