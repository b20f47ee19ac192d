//! From a host and a port to a socket, within one deadline.

use std::io;
use std::net::{SocketAddr, TcpStream, ToSocketAddrs};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use super::failure::Failure;
use super::origin::Origin;
use super::timeouts::{Deadline, Step};
use crate::error::{Error, ErrorKind, Phase};

/// No address but the last is given up earlier than this, unless the time for all is up.
const LEAST: Duration = Duration::from_secs(2);

/// Connects to the first address of the host that answers, in the order in which they resolve.
///
/// # Errors
///
/// `Resolve`, `Connect` with the first address's error, and `Timeout` of the phases `Resolve`,
/// `Connect` and `Total`.
pub(super) fn connect(origin: &Origin, deadline: &Deadline) -> Result<TcpStream, Error> {
    let timed_out = |failure: Failure| failure.into_error(origin, deadline.timeouts());
    let looking_up = deadline.step(Phase::Resolve, Instant::now());
    let addresses = resolve(origin, &looking_up, timed_out)?;
    let step = deadline.step(Phase::Connect, Instant::now());
    let mut first_error = None;
    for (index, address) in addresses.iter().enumerate() {
        let left = step.left(Instant::now()).map_err(timed_out)?;
        let connected = match left {
            Some(left) => TcpStream::connect_timeout(address, share(left, addresses.len() - index)),
            None => TcpStream::connect(address),
        };
        // Small messages go out at once: nothing waits for an acknowledgement.
        match connected.and_then(|stream| stream.set_nodelay(true).map(|()| stream)) {
            Ok(stream) => return Ok(stream),
            Err(error) => first_error = first_error.or(Some(error)),
        }
    }
    step.left(Instant::now()).map_err(timed_out)?;
    let error = Error::new(ErrorKind::Connect);
    Err(error
        .with_text(format!("expected a connection to {origin}"))
        .with_source(first_error.unwrap_or_else(|| io::Error::other("no address"))))
}

/// Returns how long one of so many addresses may take, the ones to come included: a dead one must not
/// use up everything.
fn share(left: Duration, addresses: usize) -> Duration {
    let count = u32::try_from(addresses.max(1)).unwrap_or(u32::MAX);
    (left / count).max(LEAST).min(left)
}

/// Looks the host up. The system's resolver has no deadline of its own, so where there is one, a thread
/// waits for it, which is left behind when the time is over.
fn resolve(
    origin: &Origin,
    step: &Step,
    timed_out: impl Fn(Failure) -> Error,
) -> Result<Vec<SocketAddr>, Error> {
    if let Some(address) = origin.address() {
        return Ok(vec![SocketAddr::new(address, origin.port())]);
    }
    let unknown = |error: io::Error| {
        let text = format!("expected the host {} to be known", origin.host());
        Error::new(ErrorKind::Resolve).with_text(text).with_source(error)
    };
    let Some(left) = step.left(Instant::now()).map_err(&timed_out)? else {
        return look_up(origin.host(), origin.port()).map_err(unknown);
    };
    let (host, port) = (origin.host().to_owned(), origin.port());
    let (sender, receiver) = mpsc::sync_channel(1);
    thread::Builder::new()
        .name("nethttp-resolve".to_owned())
        .spawn(move || {
            // Nobody may be waiting any more.
            let _ = sender.send(look_up(&host, port));
        })
        .map_err(unknown)?;
    match receiver.recv_timeout(left) {
        Ok(addresses) => addresses.map_err(unknown),
        Err(RecvTimeoutError::Timeout) => {
            let over = step.left(Instant::now()).err();
            Err(timed_out(over.unwrap_or(Failure::Timeout(Phase::Resolve))))
        }
        Err(RecvTimeoutError::Disconnected) => {
            Err(unknown(io::Error::other("the resolver has failed")))
        }
    }
}

fn look_up(host: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
    let addresses: Vec<SocketAddr> = (host, port).to_socket_addrs()?.collect();
    if addresses.is_empty() {
        return Err(io::Error::new(io::ErrorKind::NotFound, "no address"));
    }
    Ok(addresses)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_time_is_shared_between_the_addresses() {
        let seconds = Duration::from_secs;
        for (left, addresses, expected) in
            [(10, 1, 10), (10, 2, 5), (10, 5, 2), (10, 9, 2), (1, 3, 1), (10, 0, 10)]
        {
            assert_eq!(share(seconds(left), addresses), seconds(expected), "{left} {addresses}");
        }
    }
}
