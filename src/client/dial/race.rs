//! Which address is tried next, and when: happy eyeballs,
//! [RFC 8305 §4](https://www.rfc-editor.org/rfc/rfc8305#section-4) and
//! [§5](https://www.rfc-editor.org/rfc/rfc8305#section-5), decided without a socket.
//!
//! A host whose first address is dead must not cost its users the time that it takes to find that out. So the
//! next address is tried a moment after the last one, or at once when one fails; the first connection counts.
//! The families take turns, since it is a family that is dead, as a rule, and not a single address.
//!
//! Names are looked up once, for both families; what the resolver puts first is tried first.

use std::net::SocketAddr;
use std::time::{Duration, Instant};
use std::vec;

/// How long an attempt runs before the next one joins it: the Connection Attempt Delay of RFC 8305 §8.
const DELAY: Duration = Duration::from_millis(250);

/// How many addresses are tried, and so how many threads there are for one connection.
pub(super) const MOST: usize = 16;

/// What to do now.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// Try this address. The index counts from zero, in the order of the addresses.
    Start(usize, SocketAddr),
    /// Wait until an attempt ends, but only until then, if there is a time.
    Wait(Option<Instant>),
    /// Give up: every attempt has failed.
    Lost,
}

/// The attempts to connect to one of several addresses.
#[derive(Debug)]
pub(super) struct Race {
    waiting: vec::IntoIter<SocketAddr>,
    started: usize,
    running: usize,
    /// When the next attempt begins; `None` is at once.
    due: Option<Instant>,
}

impl Race {
    /// Begins with addresses in the order of the resolver.
    pub(super) fn new(addresses: &[SocketAddr]) -> Self {
        Self { waiting: ordered(addresses).into_iter(), started: 0, running: 0, due: None }
    }

    /// Returns what to do now, and takes it as done.
    pub(super) fn next(&mut self, now: Instant) -> Move {
        if self.due.is_none_or(|due| due <= now)
            && let Some(address) = self.waiting.next()
        {
            let index = self.started;
            (self.started, self.running) = (index + 1, self.running + 1);
            self.due = now.checked_add(DELAY);
            return Move::Start(index, address);
        }
        match (self.waiting.len(), self.running) {
            (0, 0) => Move::Lost,
            (0, _) => Move::Wait(None),
            _ => Move::Wait(self.due),
        }
    }

    /// Takes note of an attempt that has failed.
    pub(super) fn failed(&mut self) {
        self.running = self.running.saturating_sub(1);
        self.due = None;
    }

    /// Returns how many attempts have begun.
    pub(super) const fn started(&self) -> usize {
        self.started
    }
}

/// The families in turn, beginning with that of the first address; no address twice, and not too many.
fn ordered(addresses: &[SocketAddr]) -> Vec<SocketAddr> {
    let first = addresses.first().is_some_and(SocketAddr::is_ipv4);
    let mut own = addresses.iter().filter(|address| address.is_ipv4() == first);
    let mut other = addresses.iter().filter(|address| address.is_ipv4() != first);
    let mut ordered = Vec::new();
    while ordered.len() < MOST {
        let turn = [own.next(), other.next()];
        if turn == [None, None] {
            break;
        }
        for address in turn.into_iter().flatten() {
            if ordered.len() < MOST && !ordered.contains(address) {
                ordered.push(*address);
            }
        }
    }
    ordered
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `4a` is an address of IPv4, `6b` one of IPv6.
    fn addresses(names: &str) -> Vec<SocketAddr> {
        let address = |name: &str| match name.as_bytes() {
            [b'4', last] => SocketAddr::from(([127, 0, 0, *last], 80)),
            [b'6', last] => SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, u16::from(*last)], 80)),
            _ => panic!("{name}"),
        };
        names.split_whitespace().map(address).collect()
    }

    #[test]
    fn families_take_turns() {
        for (given, expected) in [
            ("", ""),
            ("4a", "4a"),
            ("4a 4b 4c", "4a 4b 4c"),
            ("6a 6b 4a 4b", "6a 4a 6b 4b"),
            ("4a 6a 6b 6c", "4a 6a 6b 6c"),
            ("6a 6b 6c 4a", "6a 4a 6b 6c"),
            ("4a 4a 6a 4a 6a", "4a 6a"),
        ] {
            assert_eq!(ordered(&addresses(given)), addresses(expected), "{given}");
        }
        let many: Vec<SocketAddr> =
            (0..1000).map(|port| SocketAddr::from(([127, 0, 0, 1], port))).collect();
        assert_eq!(ordered(&many), many[..MOST]);
    }

    /// One step of a race: what happens at a time, in milliseconds, and what is to be done then.
    enum At {
        Starts(u64, usize),
        WaitsUntil(u64, u64),
        WaitsForever(u64),
        Fails,
        IsLost(u64),
    }
    use At::*;

    #[track_caller]
    fn runs(names: &str, steps: &[At]) {
        let start = Instant::now();
        let at = |millis: u64| start + Duration::from_millis(millis);
        let given = addresses(names);
        let mut race = Race::new(&given);
        for step in steps {
            let (time, expected) = match *step {
                Starts(time, index) => (time, Move::Start(index, given[index])),
                WaitsUntil(time, until) => (time, Move::Wait(Some(at(until)))),
                WaitsForever(time) => (time, Move::Wait(None)),
                IsLost(time) => (time, Move::Lost),
                Fails => {
                    race.failed();
                    continue;
                }
            };
            assert_eq!(race.next(at(time)), expected, "{names} at {time}");
        }
    }

    #[test]
    fn the_next_attempt_joins_after_a_moment() {
        runs(
            "6a 4a 6b",
            &[
                Starts(0, 0),
                WaitsUntil(0, 250),
                WaitsUntil(249, 250),
                Starts(250, 1),
                WaitsUntil(251, 500),
                Starts(600, 2),
                WaitsForever(600),
                WaitsForever(9000),
            ],
        );
    }

    #[test]
    fn the_next_attempt_begins_at_once_when_one_fails() {
        runs(
            "6a 4a 6b 4b",
            &[
                Starts(0, 0),
                Fails,
                Starts(1, 1),
                WaitsUntil(1, 251),
                Starts(251, 2),
                Fails,
                Starts(252, 3),
                WaitsForever(252),
                Fails,
                WaitsForever(300),
                Fails,
                IsLost(301),
            ],
        );
    }

    #[test]
    fn a_race_of_none_is_lost() {
        runs("", &[IsLost(0)]);
        runs("4a", &[Starts(0, 0), WaitsForever(0), Fails, IsLost(1), IsLost(2)]);
    }

    #[test]
    fn attempts_are_counted() {
        let (mut race, now) = (Race::new(&addresses("4a 4b")), Instant::now());
        assert_eq!(race.started(), 0);
        race.next(now);
        race.next(now);
        assert_eq!(race.started(), 1);
        race.failed();
        race.next(now);
        assert_eq!(race.started(), 2);
    }
}
