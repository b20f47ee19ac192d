//! What became of a response.

use core::fmt;
use std::boxed::Box;
use std::sync::Mutex;
use std::vec::Vec;

use crate::status::StatusCode;

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
    /// The status that was sent. It is another one than that of the response where that could not be sent, or where the
    /// client had sent amiss what the handler has answered without reading it. Where nothing could be sent any more, it
    /// is that of the response.
    pub status: StatusCode,
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

    /// Tells everybody, and returns how many have panicked. One who does keeps nobody else from being told, and the server
    /// from nothing.
    #[cfg(feature = "server")]
    #[must_use]
    pub(crate) fn call(self, sent: &Sent) -> u64 {
        use std::panic::{AssertUnwindSafe, catch_unwind};
        if self.0.is_empty() {
            return 0;
        }
        let mut panics = 0;
        for report in self.0 {
            let report = report.into_inner().unwrap_or_else(std::sync::PoisonError::into_inner);
            panics += u64::from(catch_unwind(AssertUnwindSafe(|| report(sent))).is_err());
        }
        panics
    }
}

impl fmt::Debug for WhenSent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "WhenSent({})", self.0.len())
    }
}

#[cfg(all(test, feature = "server"))]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    #[test]
    fn one_who_panics_keeps_nobody_else_from_being_told() {
        let (told, tells) = channel();
        let mut all = WhenSent::new();
        all.push(|_| panic!("on purpose"));
        all.push(move |sent| told.send(*sent).expect("a listener"));
        let sent = Sent { status: StatusCode::OK, body: 7, is_complete: true };
        assert_eq!(all.call(&sent), 1);
        assert_eq!(tells.try_recv(), Ok(sent));
    }
}
