//! From a host and a port to a socket, within deadlines, and not longer than somebody wants it.
//!
//! - A name is looked up in what the program has [fixed](resolve::Fixed), else by its [resolver](Resolve), else by
//!   the system. The time for it is that of [`Phase::Resolve`].
//! - The [addresses] that are not public are left out, where only the public network is wanted. What counts is what
//!   is connected to, so nobody gets around it by a name that changes its mind.
//! - What is left takes part in a [race]: [RFC 8305](https://www.rfc-editor.org/rfc/rfc8305), happy eyeballs. The
//!   time for it is that of [`Phase::Connect`].
//! - In the place of all that there can be a [socket of Unix](unix), or the connection can come from a [local]
//!   address.
//!
//! What blocks and knows no deadline runs on a thread of its own, if there is one, or a token to cancel it: a
//! lookup, a connection through a socket of Unix, each attempt of a race. What nobody waits for any more is left
//! behind. Attempts to connect end with the time for them, and there are at most sixteen of them for one
//! connection. When lookups and sockets of Unix end, the system alone knows; when 64 of a client's are left behind,
//! the next one is refused until some have ended.

mod addresses;
mod connect;
mod errands;
mod failure;
mod local;
mod race;
mod resolve;
mod unix;

use std::fmt;
use std::io;
use std::net::{IpAddr, SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use self::errands::LeftBehind;
pub(super) use self::failure::DialFailure;
pub(super) use self::resolve::Fixed;
pub use self::resolve::Resolve;
use super::cancel::CancelToken;
use super::failure::Failure;
use super::timeouts::Deadline;
use crate::error::Phase;

/// How a client makes its connections. Clones count as one client.
#[derive(Clone, Default)]
pub(super) struct Dialer {
    /// Who looks names up; `None` is the system.
    pub(super) resolver: Option<Arc<dyn Resolve>>,
    /// What nobody needs to look up.
    pub(super) fixed: Fixed,
    /// The address that connections come from, on Linux; addresses of the other family are not connected to. The
    /// unspecified address chooses a family alone, everywhere.
    pub(super) local: Option<IpAddr>,
    /// The socket that all connections go to, whatever the host. It is the program's own choice, so nothing else here
    /// applies to it.
    pub(super) unix: Option<PathBuf>,
    /// Whether addresses that are not public are left out, fixed ones and literal ones included.
    pub(super) public_only: bool,
    left_behind: Arc<LeftBehind>,
}

/// A connection that has come about.
#[derive(Debug)]
pub(super) struct Dialled {
    /// A socket of TCP with `TCP_NODELAY`, or one of Unix.
    pub(super) stream: TcpStream,
    /// Where it leads; a socket of Unix has no such address.
    pub(super) peer: Option<SocketAddr>,
    /// When the addresses were known: the time for [`Phase::Connect`] began then, and what comes next shares it.
    pub(super) resolved: Instant,
}

impl Dialer {
    /// Connects to a host, which is `address` if it is one. `host` is without brackets.
    ///
    /// # Errors
    ///
    /// `Resolve`, `Blocked`, `Connect`, `Cancelled`, and `Timeout` of the phases `Resolve`, `Connect` and
    /// `Total`.
    pub(super) fn dial(
        &self,
        host: &str,
        port: u16,
        address: Option<IpAddr>,
        deadline: &Deadline,
        cancel: Option<&CancelToken>,
    ) -> Result<Dialled, DialFailure> {
        if cancel.is_some_and(CancelToken::is_cancelled) {
            return Err(Failure::Cancelled.into());
        }
        if let Some(path) = &self.unix {
            let (path, resolved) = (path.clone(), Instant::now());
            let step = deadline.step(Phase::Connect, resolved);
            let connect = move || unix::connect(&path);
            let name = "nethttp-connect";
            let stream = errands::within(&step, cancel, &self.left_behind, name, connect)?
                .map_err(|error| DialFailure::Connect { tried: 1, error })?;
            return Ok(Dialled { stream, peer: None, resolved });
        }
        let addresses = self.addresses(host, port, address, deadline, cancel)?;
        let addresses = self.within_reach(self.permitted(addresses)?)?;
        let (local, resolved) = (self.local, Instant::now());
        let step = deadline.step(Phase::Connect, resolved);
        let attempt = move |address| connect::connect(address, local, &step);
        let (stream, peer) = connect::first_of(&addresses, &step, cancel, attempt)?;
        Ok(Dialled { stream, peer: Some(peer), resolved })
    }

    /// Returns the address of a host that others are to connect to.
    ///
    /// # Errors
    ///
    /// `Resolve`, `Blocked`, `Cancelled`, and `Timeout` of the phases `Resolve` and `Total`.
    pub(super) fn look_up(
        &self,
        host: &str,
        port: u16,
        address: Option<IpAddr>,
        deadline: &Deadline,
        cancel: Option<&CancelToken>,
    ) -> Result<SocketAddr, DialFailure> {
        let addresses = self.addresses(host, port, address, deadline, cancel)?;
        let first = self.permitted(addresses)?.into_iter().next();
        first.ok_or_else(|| DialFailure::Resolve(connect::no_address()))
    }

    /// Returns all addresses of a host, at least one.
    fn addresses(
        &self,
        host: &str,
        port: u16,
        address: Option<IpAddr>,
        deadline: &Deadline,
        cancel: Option<&CancelToken>,
    ) -> Result<Vec<SocketAddr>, DialFailure> {
        let looked_up = match (self.fixed.of(host, port), address) {
            (Some(fixed), _) => Ok(fixed),
            (None, Some(address)) => return Ok(vec![SocketAddr::new(address, port)]),
            (None, None) => {
                let step = deadline.step(Phase::Resolve, Instant::now());
                let (host, resolver) = (host.to_owned(), self.resolver.clone());
                let look_up = move || match resolver {
                    Some(resolver) => resolver.resolve(&host, port),
                    None => resolve::system(&host, port),
                };
                errands::within(&step, cancel, &self.left_behind, "nethttp-resolve", look_up)?
            }
        };
        match looked_up {
            Ok(addresses) if addresses.is_empty() => Err(connect::no_address()),
            looked_up => looked_up,
        }
        .map_err(DialFailure::Resolve)
    }

    /// Returns whether a proxy may be asked to connect to a host, as far as that can be told without looking it up.
    ///
    /// # Errors
    ///
    /// `Blocked`.
    pub(super) fn permit_beyond_proxy(&self, host: &str) -> Result<(), DialFailure> {
        let host = host.split_once('%').map_or(host, |(address, _)| address);
        match host.parse() {
            Ok(address) if self.public_only && !addresses::is_public(address) => {
                Err(DialFailure::Blocked(address))
            }
            _ => Ok(()),
        }
    }

    /// Returns those addresses that may be connected to, at least one.
    fn permitted(&self, mut addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, DialFailure> {
        if self.public_only {
            let first = addresses.first().map(SocketAddr::ip);
            addresses.retain(|address| addresses::is_public(address.ip()));
            if let (true, Some(first)) = (addresses.is_empty(), first) {
                return Err(DialFailure::Blocked(first));
            }
        }
        Ok(addresses)
    }

    /// Returns those addresses that the local one can be bound for, at least one.
    fn within_reach(&self, mut addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, DialFailure> {
        if let Some(local) = self.local {
            addresses.retain(|address| address.is_ipv4() == local.is_ipv4());
            if addresses.is_empty() {
                let text = format!("expected an address of the same family as {local}");
                let error = io::Error::new(io::ErrorKind::AddrNotAvailable, text);
                return Err(DialFailure::Connect { tried: 0, error });
            }
        }
        Ok(addresses)
    }
}

impl fmt::Debug for Dialer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Dialer")
            .field("has_resolver", &self.resolver.is_some())
            .field("fixed", &self.fixed)
            .field("local", &self.local)
            .field("unix", &self.unix)
            .field("public_only", &self.public_only)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::net::{Ipv4Addr, TcpListener};
    use std::sync::{Mutex, mpsc};
    use std::time::Duration;

    use super::*;
    use crate::client::timeouts::Timeouts;

    const LONG: Timeouts = Timeouts::DEFAULT
        .resolve(Some(Duration::from_secs(60)))
        .connect(Some(Duration::from_secs(60)));
    const SHORT: Option<Duration> = Some(Duration::from_millis(50));

    fn knows(answer: impl Fn(u16) -> Vec<SocketAddr> + Send + Sync + 'static) -> Dialer {
        let resolver = move |host: &str, port: u16| -> io::Result<Vec<SocketAddr>> {
            assert_eq!(host, "a.test");
            Ok(answer(port))
        };
        Dialer { resolver: Some(Arc::new(resolver)), ..Dialer::default() }
    }

    /// A resolver that answers when the sender is dropped, and says when it is asked.
    fn slow() -> (mpsc::Sender<()>, mpsc::Receiver<()>, Dialer) {
        let (release, wait) = mpsc::channel::<()>();
        let (asked, asking) = mpsc::channel();
        let wait = Mutex::new(wait);
        let resolver = move |_: &str, _: u16| -> io::Result<Vec<SocketAddr>> {
            // Some ask without being waited for.
            let _ = asked.send(());
            let _ = wait.lock().unwrap().recv();
            Ok(Vec::new())
        };
        let dialer = Dialer { resolver: Some(Arc::new(resolver)), ..Dialer::default() };
        (release, asking, dialer)
    }

    fn dial(dialer: &Dialer, port: u16, timeouts: Timeouts) -> Result<Dialled, DialFailure> {
        let deadline = Deadline::start(timeouts, Instant::now());
        dialer.dial("a.test", port, None, &deadline, None)
    }

    fn listen() -> (TcpListener, u16) {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        (listener, port)
    }

    /// A port at which nobody listens: such ones are not handed out.
    const CLOSED: u16 = 1;

    fn on_loopback(last: u8, port: u16) -> SocketAddr {
        SocketAddr::from(([127, 0, 0, last], port))
    }

    #[track_caller]
    fn leads_to(dialer: &Dialer, listener: &TcpListener) {
        let address = listener.local_addr().unwrap();
        let token = CancelToken::new();
        let endless = LONG.resolve(None).connect(None);
        for (timeouts, cancel) in [(LONG, None), (LONG, Some(&token)), (endless, None)] {
            let deadline = Deadline::start(timeouts, Instant::now());
            let dialled = dialer.dial("a.test", address.port(), None, &deadline, cancel).unwrap();
            assert_eq!(dialled.peer, Some(address));
            assert!(dialled.stream.nodelay().unwrap());
            assert_eq!(dialled.stream.peer_addr().unwrap(), address);
            // Whatever else came was an attempt that lost.
            let local = dialled.stream.local_addr().unwrap();
            while listener.accept().unwrap().1 != local {}
        }
    }

    #[test]
    fn the_resolver_is_asked_and_the_port_is_its_own() {
        let (listener, port) = listen();
        leads_to(&knows(|port| vec![on_loopback(1, port)]), &listener);
        let dialled = dial(&knows(move |_| vec![on_loopback(1, port)]), 1, LONG).unwrap();
        assert_eq!(dialled.peer, Some(on_loopback(1, port)));
    }

    #[test]
    fn the_system_is_asked_otherwise() {
        let (_listener, port) = listen();
        let deadline = Deadline::start(LONG, Instant::now());
        let dialled = Dialer::default().dial("localhost", port, None, &deadline, None).unwrap();
        assert_eq!(dialled.peer.unwrap().port(), port);
    }

    #[test]
    fn addresses_that_refuse_are_passed_over() {
        let (listener, _) = listen();
        leads_to(
            &knows(|port| [CLOSED, CLOSED + 1, port].map(|port| on_loopback(1, port)).into()),
            &listener,
        );
    }

    #[test]
    fn who_refuses_is_told() {
        let dialer = knows(|port| vec![on_loopback(1, port), on_loopback(2, port)]);
        match dial(&dialer, CLOSED, LONG).unwrap_err() {
            DialFailure::Connect { tried: 2, error } => {
                assert_eq!(error.kind(), io::ErrorKind::ConnectionRefused);
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_is_fixed_is_not_looked_up() {
        let (listener, port) = listen();
        let mut dialer = knows(|_| panic!("nobody is to be asked"));
        dialer.fixed.add("A.test", Some(port), [Ipv4Addr::LOCALHOST.into()]);
        leads_to(&dialer, &listener);
        // Nor is an address.
        let deadline = Deadline::start(LONG, Instant::now());
        let address = Some(Ipv4Addr::LOCALHOST.into());
        let dialled = dialer.dial("127.0.0.1", port, address, &deadline, None).unwrap();
        assert_eq!(dialled.peer, Some(on_loopback(1, port)));
        // But it can be fixed to another one.
        dialer.fixed.add("192.0.2.1", None, [Ipv4Addr::LOCALHOST.into()]);
        let address = Some([192, 0, 2, 1].into());
        let dialled = dialer.dial("192.0.2.1", port, address, &deadline, None).unwrap();
        assert_eq!(dialled.peer, Some(on_loopback(1, port)));
    }

    #[track_caller]
    fn is_unknown(dialer: &Dialer, text: &str) {
        match dial(dialer, 80, LONG).unwrap_err() {
            DialFailure::Resolve(error) => assert_eq!(error.to_string(), text),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_host_without_addresses_is_unknown() {
        is_unknown(&knows(|_| Vec::new()), "no address");
        let mut dialer = knows(|port| vec![on_loopback(1, port)]);
        dialer.fixed.add("a.test", None, []);
        is_unknown(&dialer, "no address");
        is_unknown(&knows(|_| panic!("on purpose")), "expected no panic");
        let failing = |_: &str, _: u16| Err(io::Error::other("no such zone"));
        let failing = Dialer { resolver: Some(Arc::new(failing)), ..Dialer::default() };
        is_unknown(&failing, "no such zone");
    }

    #[test]
    fn a_slow_lookup_times_out() {
        let (_release, _, dialer) = slow();
        for (timeouts, expected) in [
            (LONG.resolve(SHORT), Phase::Resolve),
            (LONG.total(SHORT), Phase::Total),
            (LONG.resolve(None).total(SHORT), Phase::Total),
        ] {
            match dial(&dialer, 80, timeouts).unwrap_err() {
                DialFailure::Given(Failure::Timeout(phase)) => assert_eq!(phase, expected),
                other => panic!("{other:?}"),
            }
        }
    }

    #[track_caller]
    fn is_cancelled(dialled: &Result<Dialled, DialFailure>) {
        assert!(matches!(dialled, Err(DialFailure::Given(Failure::Cancelled))), "{dialled:?}");
    }

    #[test]
    fn a_lookup_can_be_cancelled() {
        let (_release, asking, dialer) = slow();
        let endless = Deadline::start(LONG.resolve(None), Instant::now());
        let token = CancelToken::new();
        let cancelling = token.clone();
        let canceller = std::thread::spawn(move || {
            asking.recv().unwrap();
            cancelling.cancel();
            asking
        });
        is_cancelled(&dialer.dial("a.test", 80, None, &endless, Some(&token)));
        let asking = canceller.join().unwrap();
        // What is cancelled already does not begin.
        is_cancelled(&dialer.dial("a.test", 80, None, &endless, Some(&token)));
        assert!(asking.try_recv().is_err());
    }

    /// A listener whose queue is full, so that Linux answers nobody.
    #[cfg(target_os = "linux")]
    fn black_hole() -> (TcpListener, Vec<TcpStream>, SocketAddr) {
        let (listener, port) = listen();
        let address = on_loopback(1, port);
        let moment = Duration::from_millis(200);
        let connect = || TcpStream::connect_timeout(&address, moment).ok();
        let queue = std::iter::from_fn(connect).take(10_000).collect();
        (listener, queue, address)
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn an_address_that_does_not_answer_costs_a_moment_or_the_time_for_all() {
        let (_full, _queue, dead) = black_hole();
        let (listener, _) = listen();
        leads_to(&knows(move |port| vec![dead, on_loopback(1, port)]), &listener);
        let both = [None, Some(IpAddr::from([127, 0, 0, 2]))];
        for (addresses, local) in [(1, both[0]), (1, both[1]), (2, both[0]), (2, both[1])] {
            // Named twice, it is tried once, but on a thread.
            let mut dialer = knows(move |_| vec![dead; addresses]);
            dialer.local = local;
            match dial(&dialer, 80, LONG.connect(SHORT)).unwrap_err() {
                DialFailure::Given(Failure::Timeout(Phase::Connect)) => {}
                other => panic!("{other:?}"),
            }
        }
        let token = CancelToken::new();
        let cancelling = token.clone();
        let canceller = std::thread::spawn(move || {
            std::thread::sleep(Duration::from_millis(20));
            cancelling.cancel();
        });
        let deadline = Deadline::start(LONG, Instant::now());
        let dialer = knows(move |_| vec![dead]);
        is_cancelled(&dialer.dial("a.test", 80, None, &deadline, Some(&token)));
        canceller.join().unwrap();
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_connection_can_come_from_another_address() {
        let (listener, _) = listen();
        let local = IpAddr::from([127, 0, 0, 2]);
        let mut dialer = knows(|port| vec![on_loopback(1, port)]);
        dialer.local = Some(local);
        let dialled = dial(&dialer, listener.local_addr().unwrap().port(), LONG).unwrap();
        assert_eq!(listener.accept().unwrap().1.ip(), local);
        assert!(dialled.stream.nodelay().unwrap());
        leads_to(&dialer, &listener);
    }

    #[test]
    fn a_local_address_chooses_the_family() {
        let (listener, _) = listen();
        let both =
            |port| vec![SocketAddr::from(([0, 0, 0, 0, 0, 0, 0, 1], port)), on_loopback(1, port)];
        let mut dialer = knows(both);
        dialer.local = Some(Ipv4Addr::UNSPECIFIED.into());
        leads_to(&dialer, &listener);
        let mut dialer = knows(|port| vec![on_loopback(1, port)]);
        dialer.local = Some(std::net::Ipv6Addr::UNSPECIFIED.into());
        match dial(&dialer, 80, LONG).unwrap_err() {
            DialFailure::Connect { tried: 0, error } => {
                assert_eq!(error.to_string(), "expected an address of the same family as ::");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_others_connect_to_need_not_be_of_the_family_of_the_local_address() {
        let local = Some(Ipv4Addr::LOCALHOST.into());
        let dialer = Dialer { local, ..Dialer::default() };
        let address: IpAddr = "2001:db8::1".parse().unwrap();
        let deadline = Deadline::start(LONG, Instant::now());
        let found = dialer.look_up("2001:db8::1", 80, Some(address), &deadline, None).unwrap();
        assert_eq!(found, SocketAddr::new(address, 80));
    }

    #[test]
    fn only_public_addresses_are_connected_to() {
        let (_listener, port) = listen();
        let public = SocketAddr::from(([192, 0, 1, 1], port));
        for (addresses, address, expected) in [
            (vec![on_loopback(1, port)], None, Err("127.0.0.1")),
            (vec!["10.0.0.1:80".parse().unwrap(), on_loopback(1, 80)], None, Err("10.0.0.1")),
            (vec!["[::ffff:7f00:1]:80".parse().unwrap()], None, Err("::ffff:127.0.0.1")),
            (vec![on_loopback(1, port), public, on_loopback(2, port)], None, Ok(public)),
            (vec![], Some(IpAddr::from([169, 254, 169, 254])), Err("169.254.169.254")),
            (vec![], Some(public.ip()), Ok(public)),
        ] {
            let mut dialer = knows(move |_| addresses.clone());
            dialer.public_only = true;
            let deadline = Deadline::start(LONG, Instant::now());
            let found = dialer.addresses("a.test", port, address, &deadline, None).unwrap();
            match (dialer.permitted(found), expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, [expected]),
                (Err(DialFailure::Blocked(found)), Err(expected)) => {
                    assert_eq!(found.to_string(), expected);
                }
                (found, expected) => panic!("{found:?} is not {expected:?}"),
            }
        }
        // Nobody is connected to, whoever has named the address.
        let mut dialer = Dialer { public_only: true, ..Dialer::default() };
        dialer.fixed.add("a.test", None, [Ipv4Addr::LOCALHOST.into()]);
        let failure = dial(&dialer, port, LONG).unwrap_err();
        assert!(matches!(failure, DialFailure::Blocked(_)));
    }

    #[cfg(unix)]
    struct Scratch(PathBuf);

    #[cfg(unix)]
    impl Scratch {
        fn new(name: &str) -> Self {
            let name = format!("nethttp-dial-{name}-{}", std::process::id());
            let path = std::env::temp_dir().join(name);
            let _ = std::fs::remove_file(&path);
            Self(path)
        }
    }

    #[cfg(unix)]
    impl Drop for Scratch {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_socket_of_unix_takes_all_connections() {
        use std::io::{Read, Write};
        use std::os::unix::net::UnixListener;

        let path = Scratch::new("takes");
        let listener = UnixListener::bind(&path.0).unwrap();
        let mut dialer = knows(|_| panic!("nobody is to be asked"));
        dialer.unix = Some(path.0.clone());
        dialer.public_only = true;
        for timeouts in [LONG, LONG.connect(None)] {
            let mut dialled = dial(&dialer, 80, timeouts).unwrap();
            assert_eq!(dialled.peer, None);
            let (mut accepted, _) = listener.accept().unwrap();
            dialled.stream.write_all(b"hello").unwrap();
            dialled.stream.shutdown(std::net::Shutdown::Write).unwrap();
            let mut received = String::new();
            accepted.read_to_string(&mut received).unwrap();
            assert_eq!(received, "hello");
        }
        // Its queue fills up sooner or later.
        let mut queue = Vec::new();
        let failure = loop {
            match dial(&dialer, 80, LONG.connect(Some(Duration::from_millis(200)))) {
                Ok(dialled) if queue.len() < 10_000 => queue.push(dialled),
                other => break other,
            }
        };
        match failure {
            Err(DialFailure::Given(Failure::Timeout(Phase::Connect))) => {}
            // Some systems refuse instead.
            Err(DialFailure::Connect { .. }) if cfg!(not(target_os = "linux")) => {}
            other => panic!("{other:?}"),
        }
    }

    #[test]
    #[cfg(unix)]
    fn a_socket_of_unix_that_is_not_there_is_named() {
        let path = Scratch::new("gone");
        let dialer = Dialer { unix: Some(path.0.clone()), ..Dialer::default() };
        match dial(&dialer, 80, LONG).unwrap_err() {
            DialFailure::Connect { tried: 1, error } => {
                assert_eq!(error.kind(), io::ErrorKind::NotFound);
                let text = error.to_string();
                assert!(text.starts_with(&format!("{}: ", path.0.display())), "{text}");
            }
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_it_is_can_be_shown() {
        let dialer = Dialer { public_only: true, ..Dialer::default() };
        let shown = format!("{dialer:?}");
        assert!(shown.starts_with("Dialer { has_resolver: false, "), "{shown}");
        assert!(shown.contains("public_only: true"), "{shown}");
    }
}
