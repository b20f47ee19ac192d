//! Giving up an exchange from another thread.

use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, mpsc};
use std::thread;
use std::time::Duration;

/// Ends exchanges from another thread: those that wait as well as those to come.
///
/// A clone is the same token. It is given to as many requests as shall end together
/// ([`RequestBuilder::cancel`](super::RequestBuilder::cancel)); what they wait for, a name, a connection, a
/// response or the rest of its body, ends at once with an error of the kind
/// [`Cancelled`](crate::error::ErrorKind::Cancelled). Their connections are closed.
///
/// # Examples
///
/// ```
/// use nethttp::client::CancelToken;
/// use nethttp::error::ErrorKind;
///
/// // A server that accepts, and says nothing.
/// let server = std::net::TcpListener::bind("127.0.0.1:0")?;
/// let url = format!("http://{}/", server.local_addr()?);
///
/// let token = CancelToken::new();
/// let request = nethttp::get(url).cancel(&token);
/// let waiting = std::thread::spawn(move || request.send());
/// token.cancel();
/// let error = waiting.join().unwrap().unwrap_err();
/// assert_eq!(error.kind(), ErrorKind::Cancelled);
/// # Ok::<(), std::io::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct CancelToken {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    cancelled: bool,
    next: u64,
    waiting: Vec<(u64, Box<dyn FnOnce() + Send>)>,
}

impl CancelToken {
    /// Creates a token.
    ///
    /// ```
    /// assert!(!nethttp::client::CancelToken::new().is_cancelled());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Ends all exchanges that have this token, and lets none begin from now on. Does nothing the second time.
    ///
    /// ```
    /// use nethttp::client::CancelToken;
    /// use nethttp::error::ErrorKind;
    ///
    /// let token = CancelToken::new();
    /// token.cancel();
    /// let error = nethttp::get("http://127.0.0.1/").cancel(&token).send().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Cancelled);
    /// ```
    pub fn cancel(&self) {
        let mut state = self.lock();
        state.cancelled = true;
        let waiting = std::mem::take(&mut state.waiting);
        // What they do must not find the token locked.
        drop(state);
        for (_, end) in waiting {
            call(end);
        }
    }

    /// Returns whether the token was used.
    ///
    /// ```
    /// let token = nethttp::client::CancelToken::new();
    /// token.clone().cancel();
    /// assert!(token.is_cancelled());
    /// ```
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.lock().cancelled
    }

    /// Has a function called when the token is used, which may be at once, as long as the guard lives.
    ///
    /// The function must not block, nor drop a guard of the same token.
    pub(super) fn on_cancel(&self, end: impl FnOnce() + Send + 'static) -> Guard {
        let mut state = self.lock();
        let id = state.next;
        state.next += 1;
        if state.cancelled {
            drop(state);
            call(end);
        } else {
            state.waiting.push((id, Box::new(end)));
        }
        Guard { token: self.clone(), id }
    }

    /// Waits, unless there is a token that is used meanwhile.
    pub(super) fn sleep(token: Option<&Self>, wait: Duration) {
        let Some(token) = token else {
            return thread::sleep(wait);
        };
        let (wake, woken) = mpsc::channel();
        let _guard = token.on_cancel(move || {
            // Nobody may be asleep any more.
            let _ = wake.send(());
        });
        let _ = woken.recv_timeout(wait);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is whole, whoever panicked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for CancelToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CancelToken").field("is_cancelled", &self.is_cancelled()).finish()
    }
}

/// Has one exchange end. Streams may be a program's own, and whatever goes wrong in one of them, the others end too.
fn call(end: impl FnOnce()) {
    // The program has been told of it where it happened.
    let _ = panic::catch_unwind(AssertUnwindSafe(end));
}

/// Something that ends when a token is used. Dropped, it can no longer.
#[derive(Debug)]
pub(super) struct Guard {
    token: CancelToken,
    id: u64,
}

impl Guard {
    pub(super) fn is_cancelled(&self) -> bool {
        self.token.is_cancelled()
    }

    /// Drops the guard, and returns whether the token was used before, so that the function was called or is about to be.
    pub(super) fn end(self) -> bool {
        !self.remove()
    }

    /// Returns whether the function was still there, and will never be called.
    fn remove(&self) -> bool {
        let mut state = self.token.lock();
        let found = state.waiting.iter().position(|(id, _)| *id == self.id);
        let removed = found.map(|index| state.waiting.swap_remove(index));
        // What it holds may be long to drop.
        drop(state);
        removed.is_some()
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        self.remove();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[test]
    fn calls_what_waits_once_and_what_comes_later_at_once() {
        let (sender, receiver) = mpsc::channel();
        let says = |text: &'static str| {
            let sender = sender.clone();
            move || sender.send(text).unwrap()
        };
        let token = CancelToken::new();
        let first = token.on_cancel(says("first"));
        drop(token.on_cancel(says("dropped")));
        let second = token.clone().on_cancel(says("second"));
        assert!(receiver.try_recv().is_err());
        token.cancel();
        token.cancel();
        let third = token.on_cancel(says("third"));
        drop((first, second, third));
        assert_eq!(receiver.try_iter().collect::<Vec<_>>(), ["first", "second", "third"]);
        assert!(token.is_cancelled());
        assert!(format!("{token:?}").contains("is_cancelled: true"));
    }

    #[test]
    fn whoever_panics_keeps_nobody_else_from_ending() {
        let (sender, receiver) = mpsc::channel();
        let token = CancelToken::new();
        let panics = || token.on_cancel(|| panic!("on purpose"));
        let ends = || {
            token.on_cancel({
                let sender = sender.clone();
                move || sender.send(()).unwrap()
            })
        };
        let guards = [panics(), ends(), panics(), ends()];
        token.cancel();
        assert_eq!(receiver.try_iter().count(), 2);
        // It is too late to wait, and no less safe.
        drop((guards, panics()));
        assert!(token.is_cancelled());
    }

    #[test]
    fn a_guard_ends_before_the_token_is_used_or_after() {
        // In between, while what waits is called, nothing may pass for spared.
        let token = CancelToken::new();
        assert!(!token.on_cancel(|| panic!("expected no call")).end());
        let (sender, receiver) = mpsc::channel::<Guard>();
        let (ended, is_ended) = mpsc::channel();
        let guard = token.on_cancel(move || ended.send(receiver.recv().unwrap().end()).unwrap());
        sender.send(guard).unwrap();
        token.cancel();
        assert!(is_ended.recv().unwrap());
        assert!(token.on_cancel(|| {}).end());
    }
}
