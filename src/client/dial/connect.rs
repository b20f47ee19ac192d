//! The sockets of a [`Race`], and one socket where there is nothing to race for.

use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::time::Instant;

use super::errands::{Errands, Event};
use super::failure::DialFailure;
use super::local::connect_from;
use super::race::{Move, Race};
use crate::client::cancel::CancelToken;
use crate::client::failure::Failure;
use crate::client::timeouts::Step;

/// Returns the first connection that comes about, and the address that it leads to. Attempts that are left behind end
/// with the step at the latest, and close what they have.
///
/// # Errors
///
/// `Timeout`, `Cancelled`, and `Connect` with the error of the first address.
pub(super) fn first_of<S: Send + 'static>(
    addresses: &[SocketAddr],
    step: &Step,
    cancel: Option<&CancelToken>,
    attempt: impl Fn(SocketAddr) -> io::Result<S> + Clone + Send + 'static,
) -> Result<(S, SocketAddr), DialFailure> {
    let mut race = Race::new(addresses);
    let mut errands = None;
    let mut first_error: Option<(usize, io::Error)> = None;
    loop {
        let now = Instant::now();
        let left = step.left(now)?;
        let event = match race.next(now) {
            Move::Start(index, address) => {
                let attempt = attempt.clone();
                let work = move || attempt(address).map(|connected| (connected, address));
                if addresses.len() == 1 && cancel.is_none() {
                    Some(Event::Done(index, work()))
                } else {
                    let errands = errands.get_or_insert_with(|| Errands::new(cancel));
                    let begun = errands.begin(index, "nethttp-connect", work);
                    begun.err().map(|error| Event::Done(index, Err(error)))
                }
            }
            Move::Wait(until) => {
                let until = until.map(|until| until.saturating_duration_since(now));
                let limit = [left, until].into_iter().flatten().min();
                errands.as_ref().and_then(|errands| errands.wait(limit))
            }
            Move::Lost => {
                let error = first_error.map_or_else(no_address, |(_, error)| error);
                return Err(DialFailure::Connect { tried: race.started(), error });
            }
        };
        match event {
            Some(Event::Done(_, Ok(winner))) => return Ok(winner),
            Some(Event::Done(index, Err(error))) => {
                race.failed();
                if first_error.as_ref().is_none_or(|(first, _)| index < *first) {
                    first_error = Some((index, error));
                }
            }
            Some(Event::Cancelled) => return Err(Failure::Cancelled.into()),
            None => {}
        }
    }
}

/// Connects to one address, from that of this machine which is wanted, within what is left of the step.
pub(super) fn connect(
    address: SocketAddr,
    local: Option<IpAddr>,
    step: &Step,
) -> io::Result<TcpStream> {
    let left = step.left(Instant::now()).map_err(|_| io::ErrorKind::TimedOut)?;
    let stream = match (local, left) {
        (Some(local), left) if !local.is_unspecified() => connect_from(local, address, left)?,
        (_, Some(left)) => TcpStream::connect_timeout(&address, left)?,
        (_, None) => TcpStream::connect(address)?,
    };
    // Small messages go out at once: nothing waits for an acknowledgement.
    stream.set_nodelay(true)?;
    Ok(stream)
}

/// What is said of a host that is known, but has no address.
pub(super) fn no_address() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "no address")
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex, mpsc};
    use std::time::Duration;

    use super::*;
    use crate::client::timeouts::{Deadline, Timeouts};
    use crate::error::Phase;

    fn step(limit: Option<Duration>) -> Step {
        let now = Instant::now();
        Deadline::start(Timeouts::DEFAULT.connect(limit), now).step(Phase::Connect, now)
    }

    const LONG: Option<Duration> = Some(Duration::from_secs(60));

    fn address(port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, 1], port))
    }

    /// What becomes of an attempt is said by the port.
    const WINS: u16 = 1;
    const FAILS: u16 = 2;
    const HANGS: u16 = 3;

    /// Attempts that hang do so until the sender is dropped.
    fn made_up() -> (mpsc::Sender<()>, impl Fn(SocketAddr) -> io::Result<u16> + Clone + Send) {
        let (release, wait) = mpsc::channel::<()>();
        let wait = Arc::new(Mutex::new(wait));
        let attempt = move |address: SocketAddr| match address.port() % 10 {
            WINS => Ok(address.port()),
            HANGS => {
                let _ = wait.lock().unwrap().recv();
                Ok(address.port())
            }
            _ => Err(io::Error::other(format!("port {}", address.port()))),
        };
        (release, attempt)
    }

    #[track_caller]
    fn wins(ports: &[u16], winner: u16) {
        let addresses: Vec<_> = ports.iter().map(|port| address(*port)).collect();
        for cancel in [None, Some(&CancelToken::new())] {
            let (_release, attempt) = made_up();
            let (won, at) = first_of(&addresses, &step(LONG), cancel, attempt).unwrap();
            assert_eq!((won, at), (winner, address(winner)), "{ports:?}");
        }
    }

    #[test]
    fn the_first_that_connects_wins() {
        wins(&[WINS], WINS);
        wins(&[WINS, 11], WINS);
        wins(&[FAILS, 12, WINS], WINS);
        wins(&[HANGS, WINS], WINS);
        wins(&[HANGS, 13, FAILS, WINS, 23], WINS);
    }

    #[test]
    fn the_first_address_says_what_is_wrong() {
        for (ports, tried) in [(&[22][..], 1), (&[22, FAILS, 12], 3), (&[22, 22], 1)] {
            let addresses: Vec<_> = ports.iter().map(|port| address(*port)).collect();
            let (_release, attempt) = made_up();
            match first_of(&addresses, &step(LONG), None, attempt) {
                Err(DialFailure::Connect { tried: found, error }) => {
                    assert_eq!((found, error.to_string().as_str()), (tried, "port 22"));
                }
                other => panic!("{other:?}"),
            }
        }
        let (_release, attempt) = made_up();
        let failure = first_of(&[], &step(LONG), None, attempt).unwrap_err();
        assert!(matches!(failure, DialFailure::Connect { tried: 0, .. }));
    }

    #[test]
    fn the_time_is_that_of_all_attempts() {
        for ports in [&[HANGS, 13][..], &[FAILS, HANGS]] {
            let addresses: Vec<_> = ports.iter().map(|port| address(*port)).collect();
            let (_release, attempt) = made_up();
            let short = step(Some(Duration::from_millis(300)));
            let failure = first_of(&addresses, &short, None, attempt).unwrap_err();
            assert!(matches!(failure, DialFailure::Given(Failure::Timeout(Phase::Connect))));
        }
    }

    #[test]
    fn cancelling_ends_the_race() {
        for ports in [&[HANGS][..], &[HANGS, 13]] {
            let addresses: Vec<_> = ports.iter().map(|port| address(*port)).collect();
            let (_release, attempt) = made_up();
            let token = CancelToken::new();
            let cancelling = token.clone();
            let canceller = std::thread::spawn(move || cancelling.cancel());
            let failure = first_of(&addresses, &step(None), Some(&token), attempt).unwrap_err();
            assert!(matches!(failure, DialFailure::Given(Failure::Cancelled)));
            canceller.join().unwrap();
        }
    }

    #[test]
    fn losers_are_closed() {
        struct Socket(mpsc::Sender<()>);
        impl Drop for Socket {
            fn drop(&mut self) {
                self.0.send(()).unwrap();
            }
        }
        let (dropped, closed) = mpsc::channel();
        let (release, wait) = mpsc::channel::<()>();
        let wait = Arc::new(Mutex::new(wait));
        let attempt = move |address: SocketAddr| {
            if address.port() == HANGS {
                let _ = wait.lock().unwrap().recv();
            }
            Ok(Socket(dropped.clone()))
        };
        let addresses = [address(HANGS), address(WINS)];
        let (winner, _) = first_of(&addresses, &step(LONG), None, attempt).unwrap();
        assert!(closed.try_recv().is_err());
        drop(release);
        closed.recv().unwrap();
        drop(winner);
        closed.recv().unwrap();
    }
}
