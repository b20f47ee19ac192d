//! What became of a response.

use core::fmt;
use std::boxed::Box;
use std::sync::Mutex;
use std::vec::Vec;

/// What became of a response: see [`Response::on_sent`](super::Response::on_sent).
///
/// # Examples
///
/// ```
/// use nethttp::message::{IntoResponse, Sent};
///
/// let response = "hello".into_response().on_sent(|sent: &Sent| {
///     if !sent.is_complete {
///         eprintln!("broken off after {} bytes", sent.body);
///     }
/// });
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Sent {
    /// The bytes of the body that were handed to the connection, without its framing.
    pub body: u64,
    /// Whether that is the whole response. The client may still not have got it: the system does not say.
    pub is_complete: bool,
}

type Report = Box<dyn FnOnce(&Sent) + Send>;

/// Who wants to know. The lock is never taken: it makes a response, and with it an error that carries
/// one, `Sync`.
#[derive(Default)]
pub(crate) struct WhenSent(Vec<Mutex<Report>>);

impl WhenSent {
    pub(super) const fn new() -> Self {
        Self(Vec::new())
    }

    pub(super) fn push(&mut self, report: impl FnOnce(&Sent) + Send + 'static) {
        self.0.push(Mutex::new(Box::new(report)));
    }

    #[cfg(feature = "server")]
    pub(crate) fn call(self, sent: &Sent) {
        for report in self.0 {
            report.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner)(sent);
        }
    }
}

impl fmt::Debug for WhenSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WhenSent({})", self.0.len())
    }
}
