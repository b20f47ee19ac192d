//! Newcomers: who is let in, and what becomes of the others.

use std::fs::File;
use std::io;
use std::net::{Shutdown, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::Duration;

use super::config::Overload;
use super::connection::Conn;
use super::refusal::Refusal;
use super::registry::Place;
use super::shared::{Gate, Shared};
use super::transport::SocketHandle;
use crate::field::DateCache;
use crate::status::StatusCode;

/// How long a thread waits when the system has nothing left, at first and at most.
const BACKOFF: (Duration, Duration) = (Duration::from_millis(10), Duration::from_millis(500));

/// What waiting for a newcomer came to.
pub(super) enum Newcomer {
    Here(Conn),
    /// Nobody came for a while, or whoever came is gone again.
    Nobody,
    /// No one will come any more.
    Closed,
}

/// One thread's waiting at a gate.
pub(super) struct Porter {
    backoff: Duration,
    /// A descriptor to give up when there are no others, so that a newcomer can be told.
    spare: Option<File>,
}

impl Porter {
    pub(super) fn new() -> Self {
        Self { backoff: BACKOFF.0, spare: None }
    }

    /// Waits for a newcomer and lets it in.
    pub(super) fn wait(&mut self, shared: &Shared, gate: &Gate) -> Newcomer {
        let most = shared.config.limits.connections;
        if shared.config.overload == Overload::StopAccepting {
            shared.registry.wait_below(most, Duration::from_secs(1));
            if shared.registry.len() >= most && !shared.registry.is_closing() {
                return Newcomer::Nobody;
            }
        }
        let timeouts = &shared.config.timeouts;
        let accepted = match shared.pool.is_pressed() {
            true => gate.listening.accept_now(timeouts),
            false => gate.listening.accept(timeouts),
        };
        // On a shared listener others wait for connections, but they do not get this one.
        if shared.registry.is_closing() && !(gate.listening.is_shared() && accepted.is_ok()) {
            return Newcomer::Closed;
        }
        match accepted {
            Ok((handle, peer)) => {
                self.backoff = BACKOFF.0;
                let let_in = || let_in(shared, handle, peer);
                shared.survive(let_in).unwrap_or(Newcomer::Nobody)
            }
            Err(error) => self.cope(shared, gate, error),
        }
    }

    /// Does what an error of `accept` calls for.
    fn cope(&mut self, shared: &Shared, gate: &Gate, error: io::Error) -> Newcomer {
        use io::ErrorKind as Kind;
        match error.kind() {
            // Nothing came for a while, or what came has gone.
            Kind::WouldBlock
            | Kind::TimedOut
            | Kind::Interrupted
            | Kind::ConnectionAborted
            | Kind::ConnectionReset => Newcomer::Nobody,
            Kind::InvalidInput => {
                // It listens no more: another process that has it, too, has shut it down.
                shared.fail(error);
                gate.die();
                Newcomer::Closed
            }
            _ => {
                // Out of descriptors or memory: what is open has to end first.
                let newcomer = self.see_to_one(shared, gate);
                if matches!(newcomer, Newcomer::Nobody) {
                    thread::sleep(self.backoff);
                    self.backoff = (self.backoff * 2).min(BACKOFF.1);
                }
                newcomer
            }
        }
    }

    /// Gives up the spare descriptor for a newcomer, who is let in if there is another by now, and is told to come back later if
    /// there is none.
    fn see_to_one(&mut self, shared: &Shared, gate: &Gate) -> Newcomer {
        let spare = self.spare.take();
        let accepted = spare.is_some().then(|| {
            drop(spare);
            gate.listening.accept(&shared.config.timeouts)
        });
        self.keep_spare();
        let Some(Ok((handle, peer))) = accepted else { return Newcomer::Nobody };
        if self.spare.is_some() {
            let let_in = || let_in(shared, handle, peer);
            return shared.survive(let_in).unwrap_or(Newcomer::Nobody);
        }
        if shared.survive(|| passes(shared, peer)).unwrap_or(false) {
            turn_away(&handle);
            note_turned_away(shared, peer);
        }
        drop(handle);
        self.keep_spare();
        Newcomer::Nobody
    }

    /// Sees to it that there is a spare descriptor, if there are any.
    pub(super) fn keep_spare(&mut self) {
        if cfg!(unix) && self.spare.is_none() {
            self.spare = File::open("/dev/null").ok();
        }
    }
}

fn let_in(shared: &Shared, handle: SocketHandle, peer: Option<SocketAddr>) -> Newcomer {
    if !passes(shared, peer) {
        return Newcomer::Nobody;
    }
    let Some(place) = enter(shared, handle, peer, turn_away) else { return Newcomer::Nobody };
    shared.counters.accepted.add(1);
    Conn::new(shared, place, peer).map_or(Newcomer::Nobody, Newcomer::Here)
}

/// Returns whether the filter lets an address in.
fn passes(shared: &Shared, peer: Option<SocketAddr>) -> bool {
    let (Some(filter), Some(peer)) = (&shared.hooks.filter, peer) else { return true };
    let passes = filter(peer);
    shared.counters.filtered.add(u64::from(!passes));
    passes
}

/// Finds a newcomer a place, or turns it away.
pub(super) fn enter(
    shared: &Shared,
    mut handle: SocketHandle,
    peer: Option<SocketAddr>,
    turn_away: impl FnOnce(&SocketHandle),
) -> Option<Place> {
    let most = shared.config.limits.connections;
    loop {
        handle = match shared.registry.enter(handle, most) {
            Ok(place) => return Some(place),
            Err(handle) => handle,
        };
        if shared.registry.is_closing() {
            return None;
        }
        if shared.config.overload == Overload::Refuse {
            turn_away(&handle);
            note_turned_away(shared, peer);
            return None;
        }
        // It was in the door already.
        shared.registry.wait_below(most, Duration::from_secs(1));
    }
}

/// Returns what is said when every place is taken.
pub(super) fn busy() -> Vec<u8> {
    const BUSY: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\n\
        Retry-After: 1\r\nConnection: close\r\nContent-Length: 0\r\nDate: ";
    [BUSY, DateCache::new().now(), b"\r\n\r\n"].concat()
}

/// Says so, without waiting for anything.
fn turn_away(handle: &SocketHandle) {
    let _ = handle.set_nonblocking(true);
    let _ = handle.write(&busy());
    let _ = handle.shutdown(Shutdown::Write);
    // What has come already would reset the connection under the answer.
    let _ = handle.read(&mut [0; 4 << 10]);
}

fn note_turned_away(shared: &Shared, peer: Option<SocketAddr>) {
    shared.counters.turned_away.add(1);
    let status = StatusCode::SERVICE_UNAVAILABLE;
    shared.report(&Refusal { peer, status, body: 0, error: None });
}

/// Starts a thread at each listener that accepts for the executor.
pub(super) fn start_for_executor(shared: &Arc<Shared>) -> io::Result<()> {
    let gates = shared.gates();
    for (at, gate) in gates.iter().enumerate() {
        let gates = Arc::clone(&gates);
        // Whoever closes the listener waits for those who are on their way to it, too.
        gate.accepting.fetch_add(1, Ordering::SeqCst);
        let started = shared.spawn(move |shared| {
            if let Some(gate) = gates.get(at) {
                accept_for_executor(shared, gate);
                gate.accepting.fetch_sub(1, Ordering::SeqCst);
            }
        });
        if let Err(error) = started {
            gate.accepting.fetch_sub(1, Ordering::SeqCst);
            return Err(error);
        }
    }
    Ok(())
}

/// Accepts for an [executor](super::Executor), one connection after the other.
fn accept_for_executor(shared: &Arc<Shared>, gate: &Gate) {
    use super::executor::Accepted;
    let mut porter = Porter::new();
    porter.keep_spare();
    loop {
        match (porter.wait(shared, gate), &shared.hooks.executor) {
            (Newcomer::Here(conn), Some(executor)) => {
                let accepted = Accepted::new(conn, Arc::clone(shared));
                shared.survive(|| executor.execute(accepted));
                if shared.registry.is_closing() {
                    return;
                }
            }
            (Newcomer::Nobody, _) => {}
            (Newcomer::Closed, _) | (_, None) => return,
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;
    use crate::message::Request;
    use crate::server::config::Config;
    use crate::server::shared::Hooks;
    use std::net::{TcpListener, TcpStream};

    #[test]
    fn a_newcomer_is_let_in_if_descriptors_have_come_free_meanwhile() {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("an address");
        let handler = Arc::new(|_: &mut Request| "ok");
        let hooks = Hooks::default();
        let shared = Shared::new(vec![listener.into()], Config::default(), hooks, handler);
        let shared = shared.expect("descriptors");
        let mut porter = Porter::new();
        porter.keep_spare();
        let _client = TcpStream::connect(addr).expect("a connection");
        let gates = shared.gates();
        let gate = gates.first().expect("a listener");
        let too_many = io::Error::from_raw_os_error(24);
        assert!(matches!(porter.cope(&shared, gate, too_many), Newcomer::Here(_)));
        assert_eq!(shared.metrics().turned_away, 0);
        assert!(porter.spare.is_some());
    }
}
