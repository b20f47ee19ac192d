//! Something that one may do at a time, and that only so many may wait for.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many may wait, or be at it.
const MOST: usize = 8;

/// Who does it, and who waits.
#[derive(Debug, Default)]
pub(super) struct Turns {
    one: Mutex<()>,
    all: AtomicUsize,
}

/// The turn of one, until it is dropped.
#[derive(Debug)]
pub(crate) struct Turn<'t> {
    _one: MutexGuard<'t, ()>,
    _place: Place<'t>,
}

/// A place among those that wait or are at it.
#[derive(Debug)]
struct Place<'t>(&'t AtomicUsize);

impl Turns {
    /// Waits for a turn, unless too many do so already.
    pub(super) fn take(&self) -> Option<Turn<'_>> {
        let place = Place(&self.all);
        if self.all.fetch_add(1, Ordering::SeqCst) >= MOST {
            return None;
        }
        // Nothing is kept behind the lock, so it is as good as ever after a panic.
        let one = self.one.lock().unwrap_or_else(PoisonError::into_inner);
        Some(Turn { _one: one, _place: place })
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::thread;

    #[test]
    fn one_is_at_it_some_wait_and_the_others_are_sent_away() {
        let turns = Turns::default();
        let first = turns.take();
        assert!(first.is_some());
        thread::scope(|scope| {
            let waiting: Vec<_> =
                (1..MOST).map(|_| scope.spawn(|| turns.take().is_some())).collect();
            while turns.all.load(Ordering::SeqCst) < MOST {
                thread::yield_now();
            }
            assert!(turns.take().is_none());
            drop(first);
            assert!(waiting.into_iter().all(|turn| turn.join().unwrap()));
        });
        assert!(turns.take().is_some());
        assert_eq!(turns.all.load(Ordering::SeqCst), 0);
    }
}
