//! From a route to a connection over which requests can go: a socket, a proxy's leave, TLS.

use std::error::Error as StdError;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use super::cancel::{CancelToken, Guard};
use super::connection::Connection;
use super::failure::Failure;
use super::origin::Origin;
use super::proxy::{Destination, Proxy, ProxyKind, socks5, tunnel};
use super::route::Route;
use super::session::{Call, Session};
use super::socket::Socket;
use super::stream::{Connect, Dial, Stream, Target};
use super::timeouts::Step;
use super::wire::Wire;
use crate::error::{Error, ErrorKind, Phase};
use crate::header::{self, HeaderMap};
use crate::message::Timings;

/// Makes a new connection, within the time for that.
pub(super) fn establish(route: &Route, session: &Session) -> Result<Box<Connection>, Error> {
    let reached = Instant::now();
    let step = session.call.deadline.step(Phase::Connect, reached);
    let mut setup =
        Setup { session, step, guard: None, peer: None, timings: Timings::NONE, reached };
    let stream = setup.stream(route)?;
    let (wire, config) = (Wire::new(stream), &session.call.shared.config.h1);
    Ok(Box::new(Connection::new(wire, config, setup.peer, setup.timings)))
}

/// A connection in the making.
struct Setup<'a> {
    session: &'a Session,
    /// The time that is left for all of it. Looking up names has a time of its own.
    step: Step,
    /// Closes what there is, if the exchange is cancelled.
    guard: Option<Guard>,
    peer: Option<SocketAddr>,
    timings: Timings,
    /// When the last step was done.
    reached: Instant,
}

impl Setup<'_> {
    fn stream(&mut self, route: &Route) -> Result<Stream, Error> {
        if !route.origin.is_secure() {
            return self.way(route);
        }
        let stream = self.secure(&route.origin, &mut |setup| setup.way(route))?;
        self.timings.tls = Some(self.reached.elapsed());
        Ok(stream)
    }

    /// Makes the stream that leads to the origin, or to the proxy that sends requests on to it.
    fn way(&mut self, route: &Route) -> Result<Stream, Error> {
        let stream = self.way_untimed(route)?;
        self.timings.connect = Some(self.reached.elapsed());
        self.reached = Instant::now();
        Ok(stream)
    }

    fn way_untimed(&mut self, route: &Route) -> Result<Stream, Error> {
        let Some(proxy) = &route.proxy else {
            return self.base(&route.origin);
        };
        // Before the proxy is connected to, so that neither takes of the other's time.
        let to = match proxy.kind() {
            ProxyKind::Socks5 => Some(Destination::from(self.look_up(&route.origin)?)),
            _ => None,
        };
        let stream = match proxy.kind() {
            ProxyKind::Https => {
                self.secure(proxy.origin(), &mut |setup| setup.base(proxy.origin()))
            }
            _ => self.base(proxy.origin()),
        };
        let mut stream = stream.map_err(Error::of_the_proxy)?;
        if !route.is_forwarded() {
            let led = self.lead_through(proxy, &mut stream, to, &route.origin);
            led.map_err(|error| self.late(&route.origin).unwrap_or(error))?;
        }
        Ok(stream)
    }

    /// Looks up whom a proxy is to connect to.
    fn look_up(&mut self, to: &Origin) -> Result<SocketAddr, Error> {
        let Session { call, options, .. } = self.session;
        let Call { deadline, shared, .. } = &**call;
        let cancel = options.cancel.as_ref();
        let address = shared
            .config
            .dialer
            .look_up(to.host(), to.port(), to.address(), deadline, cancel)
            .map_err(|failure| failure.into_error(to, deadline.timeouts()))?;
        self.resolved(to, Instant::now());
        Ok(address)
    }

    /// Begins the time for connecting, since the address of a host is known.
    fn resolved(&mut self, to: &Origin, now: Instant) {
        self.step = self.session.call.deadline.step(Phase::Connect, now);
        if to.address().is_none() {
            let took = now.saturating_duration_since(self.reached);
            *self.timings.resolve.get_or_insert_default() += took;
        }
        self.reached = now;
    }

    /// Has a proxy connect the stream to a server, or to the address of it that was looked up.
    fn lead_through(
        &self,
        proxy: &Proxy,
        stream: &mut Stream,
        address: Option<Destination<'_>>,
        to: &Origin,
    ) -> Result<(), Error> {
        let config = &self.session.call.shared.config;
        let to = match address {
            Some(address) => address,
            None => Destination::new(to.host(), to.port())?,
        };
        match proxy.kind() {
            ProxyKind::Http | ProxyKind::Https => {
                let mut fields = HeaderMap::new();
                fields.append(header::USER_AGENT, config.user_agent.as_bytes())?;
                tunnel(stream, proxy, &to, &fields, &config.h1)
            }
            ProxyKind::Socks5 | ProxyKind::Socks5h => socks5(stream, proxy, &to),
        }
    }

    /// Puts TLS over a stream.
    fn secure(&mut self, to: &Origin, below: &mut Below<'_>) -> Result<Stream, Error> {
        let Some(tls) = &self.session.call.shared.config.tls else {
            let text = "expected a connector for https; plug one in with ClientBuilder::tls";
            return Err(Error::new(ErrorKind::Tls).with_text(text));
        };
        self.over(&**tls, to, ErrorKind::Tls, below)
    }

    /// Connects to a host: the origin's or a proxy's.
    fn base(&mut self, to: &Origin) -> Result<Stream, Error> {
        match &self.session.call.shared.config.connector {
            Some(connector) => {
                let below: &mut Below<'_> = &mut |setup| setup.dial(to);
                self.over(&**connector, to, ErrorKind::Connect, below)
            }
            None => self.dial(to),
        }
    }

    fn dial(&mut self, to: &Origin) -> Result<Stream, Error> {
        let Session { call, options, .. } = self.session;
        let Call { deadline, shared, .. } = &**call;
        let cancel = options.cancel.as_ref();
        let dialled = shared
            .config
            .dialer
            .dial(to.host(), to.port(), to.address(), deadline, cancel)
            .map_err(|failure| failure.into_error(to, deadline.timeouts()))?;
        self.resolved(to, dialled.resolved);
        self.peer = dialled.peer;
        let stream = Stream::socket(Socket::new(dialled.stream));
        self.govern(&stream, cancel);
        Ok(stream)
    }

    /// Limits what is read and written while the connection is made.
    fn govern(&mut self, stream: &Stream, cancel: Option<&CancelToken>) {
        let Some(control) = stream.control() else { return };
        control.set_deadline(self.step.until());
        self.guard = cancel.map(|token| {
            let control = Arc::clone(control);
            token.on_cancel(move || control.close())
        });
    }

    fn over(
        &mut self,
        connector: &dyn Connect,
        to: &Origin,
        kind: ErrorKind,
        below: &mut Below<'_>,
    ) -> Result<Stream, Error> {
        let (mut control, until) = (None, self.step.until());
        let target = Target::new(to.host(), to.port());
        let mut make = || below(self);
        let made = connector.connect(&target, Dial::new(&mut make, &mut control, until));
        let stream = made.map_err(|error| self.explain(error, to, kind))?.over(control);
        // It need not be one that was dialled.
        self.govern(&stream, self.session.options.cancel.as_ref());
        Ok(stream)
    }

    /// Tells what went wrong in a connector: what it hands on, or its own words for what the clock and the caller have done.
    fn explain(&self, error: io::Error, to: &Origin, kind: ErrorKind) -> Error {
        if error.get_ref().is_some_and(<dyn StdError + Send + Sync>::is::<Error>) {
            return Error::from(error);
        }
        self.late(to).unwrap_or_else(|| {
            let what = if kind == ErrorKind::Tls { "a secure connection" } else { "a connection" };
            Error::new(kind).with_text(format!("expected {what} to {to}")).with_source(error)
        })
    }

    /// Returns what the clock or the caller has done, if one of them has.
    fn late(&self, to: &Origin) -> Option<Error> {
        let timeouts = self.session.call.deadline.timeouts();
        if self.session.is_cancelled() {
            return Some(Failure::Cancelled.into_error(to, timeouts));
        }
        let late = self.step.left(Instant::now()).err();
        late.map(|late| late.into_error(to, timeouts))
    }
}

/// Makes what lies below.
type Below<'b> = dyn FnMut(&mut Setup<'_>) -> Result<Stream, Error> + 'b;
