//! Work on threads of its own, for calls of the system that know no deadline and cannot be interrupted.
//!
//! Whoever waits for such work does so until it is done, time is over or the exchange is cancelled. Then the thread is
//! left behind: it ends when the system lets it, and what it brings is dropped. How many are left behind is
//! counted where there is no telling when they end.

use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::thread;
use std::time::{Duration, Instant};

use crate::client::cancel::{CancelToken, Guard};
use crate::client::failure::Failure;
use crate::client::timeouts::Step;

/// How many threads may be left behind until no more are begun.
const MOST: usize = 64;

/// What somebody who waits is told.
#[derive(Debug)]
pub(super) enum Event<T> {
    /// The piece of work with this index is done.
    Done(usize, io::Result<T>),
    /// Nobody wants it any more.
    Cancelled,
}

/// Pieces of work that run at the same time. Dropped, it leaves those behind that still run.
#[derive(Debug)]
pub(super) struct Errands<T> {
    sender: Sender<Event<T>>,
    receiver: Receiver<Event<T>>,
    _guard: Option<Guard>,
}

impl<T: Send + 'static> Errands<T> {
    pub(super) fn new(cancel: Option<&CancelToken>) -> Self {
        let (sender, receiver) = mpsc::channel();
        let guard = cancel.map(|token| {
            let sender = sender.clone();
            token.on_cancel(move || {
                let _ = sender.send(Event::Cancelled);
            })
        });
        Self { sender, receiver, _guard: guard }
    }

    /// Begins a piece of work. What is returned lives as long as its thread is busy.
    ///
    /// # Errors
    ///
    /// The system has no thread for it.
    pub(super) fn begin(
        &self,
        index: usize,
        name: &str,
        work: impl FnOnce() -> io::Result<T> + Send + 'static,
    ) -> io::Result<Weak<()>> {
        let sender = self.sender.clone();
        let busy = Arc::new(());
        let sign = Arc::downgrade(&busy);
        thread::Builder::new().name(name.to_owned()).spawn(move || {
            // Work that panics is done, too: somebody waits for it, perhaps without a limit.
            let done = catch_unwind(AssertUnwindSafe(work))
                .unwrap_or_else(|_| Err(io::Error::other("expected no panic")));
            drop(busy);
            // Nobody may be waiting any more.
            let _ = sender.send(Event::Done(index, done));
        })?;
        Ok(sign)
    }

    /// Waits for the next thing to happen; `None` if nothing does in time.
    pub(super) fn wait(&self, limit: Option<Duration>) -> Option<Event<T>> {
        match limit {
            Some(limit) => self.receiver.recv_timeout(limit).ok(),
            None => self.receiver.recv().ok(),
        }
    }
}

/// The threads that are busy although nobody waits for them.
#[derive(Debug, Default)]
pub(super) struct LeftBehind(Mutex<Vec<Weak<()>>>);

impl LeftBehind {
    fn add(&self, sign: Weak<()>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(sign);
    }

    /// Says whether there may be one more.
    fn check(&self) -> io::Result<()> {
        let mut signs = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        signs.retain(|sign| sign.strong_count() > 0);
        if signs.len() < MOST {
            return Ok(());
        }
        let text = format!("expected less than {MOST} threads to wait for the system in vain");
        Err(io::Error::other(text))
    }
}

/// Does a piece of work within a step: on a thread of its own if there is a limit or a token, else here.
///
/// # Errors
///
/// `Timeout` and `Cancelled`. The errors of the work are within the result.
pub(super) fn within<T: Send + 'static>(
    step: &Step,
    cancel: Option<&CancelToken>,
    left_behind: &LeftBehind,
    name: &str,
    work: impl FnOnce() -> io::Result<T> + Send + 'static,
) -> Result<io::Result<T>, Failure> {
    if step.left(Instant::now())?.is_none() && cancel.is_none() {
        return Ok(work());
    }
    let errands = Errands::new(cancel);
    let sign = match left_behind.check().and_then(|()| errands.begin(0, name, work)) {
        Ok(sign) => sign,
        Err(error) => return Ok(Err(error)),
    };
    let failure = loop {
        let left = match step.left(Instant::now()) {
            Ok(left) => left,
            Err(failure) => break failure,
        };
        match errands.wait(left) {
            Some(Event::Done(_, done)) => return Ok(done),
            Some(Event::Cancelled) => break Failure::Cancelled,
            None => {}
        }
    };
    left_behind.add(sign);
    Err(failure)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::timeouts::{Deadline, Timeouts};
    use crate::error::Phase;

    fn step(limit: Option<Duration>) -> Step {
        let now = Instant::now();
        Deadline::start(Timeouts::DEFAULT.connect(limit), now).step(Phase::Connect, now)
    }

    const LONG: Option<Duration> = Some(Duration::from_secs(60));

    #[test]
    fn work_without_a_limit_is_done_here() {
        let left_behind = LeftBehind::default();
        let work = || Ok(thread::current().id());
        let here = thread::current().id();
        assert_eq!(within(&step(None), None, &left_behind, "a", work).unwrap().unwrap(), here);
        assert_ne!(within(&step(LONG), None, &left_behind, "a", work).unwrap().unwrap(), here);
        let token = Some(&CancelToken::new());
        assert_ne!(within(&step(None), token, &left_behind, "a", work).unwrap().unwrap(), here);
    }

    #[test]
    fn work_that_panics_is_an_error() {
        let work = || -> io::Result<()> { panic!("on purpose") };
        let token = CancelToken::new();
        let done = within(&step(None), Some(&token), &LeftBehind::default(), "a", work);
        assert_eq!(done.unwrap().unwrap_err().to_string(), "expected no panic");
    }

    #[test]
    fn no_more_are_begun_when_too_many_are_left_behind() {
        let left_behind = LeftBehind::default();
        let (release, wait) = mpsc::channel::<()>();
        let wait = Arc::new(Mutex::new(wait));
        for _ in 0..MOST {
            let wait = Arc::clone(&wait);
            // It ends when the sender is dropped.
            let work = move || {
                let _ = wait.lock().unwrap().recv();
                Ok(())
            };
            let short = step(Some(Duration::from_millis(1)));
            let failure = within(&short, None, &left_behind, "a", work).unwrap_err();
            assert!(matches!(failure, Failure::Timeout(Phase::Connect)));
        }
        let error = within(&step(LONG), None, &left_behind, "a", || Ok(())).unwrap().unwrap_err();
        let text = "expected less than 64 threads to wait for the system in vain";
        assert_eq!(error.to_string(), text);
        // Work that needs no thread is done all the same.
        assert!(within(&step(None), None, &left_behind, "a", || Ok(())).unwrap().is_ok());
        drop(release);
        let end = Instant::now() + Duration::from_secs(60);
        while within(&step(LONG), None, &left_behind, "a", || Ok(())).unwrap().is_err() {
            assert!(Instant::now() < end, "the threads do not end");
            thread::yield_now();
        }
    }
}
