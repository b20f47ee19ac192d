//! What there is to say about an exchange.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, SystemTime};

use super::line;
use crate::field::forwarded::Caller;
use crate::header;
use crate::message::{Request, Response, Sent};
use crate::method::Method;
use crate::server::{Refusal, RequestId, User};
use crate::status::StatusCode;
use crate::version::Version;

/// What an [`AccessLog`](super::AccessLog) knows about a request and what became of it.
///
/// # Examples
///
/// ```
/// use nethttp::server::{AccessLog, AccessRecord};
///
/// let as_json = AccessLog::with(|record: &AccessRecord| {
///     let status = record.status().map_or(0, |status| status.as_u16());
///     println!("{{\"status\":{status},\"sent\":{}}}", record.sent_bytes());
/// });
/// ```
#[derive(Clone, Debug)]
pub struct AccessRecord {
    pub(super) peer: Option<IpAddr>,
    pub(super) client: Option<IpAddr>,
    pub(super) user: Option<String>,
    pub(super) time: SystemTime,
    pub(super) line: Option<(Method, String, Version)>,
    pub(super) host: Option<String>,
    pub(super) referer: Option<Vec<u8>>,
    pub(super) user_agent: Option<Vec<u8>>,
    pub(super) request_id: Option<String>,
    pub(super) status: Option<StatusCode>,
    pub(super) sent: u64,
    pub(super) is_complete: bool,
    pub(super) cause: Option<String>,
    pub(super) duration: Duration,
}

macro_rules! accessors {
    ($($(#[doc = $doc:literal])* $name:ident: $type:ty = $value:expr;)*) => {$(
        $(#[doc = $doc])*
        ///
        /// ```
        /// # use nethttp::server::AccessLog;
        #[doc = concat!("let log = AccessLog::with(|record| println!(\"{:?}\", record.", stringify!($name), "()));")]
        /// ```
        #[must_use]
        pub fn $name(&self) -> $type {
            let value: fn(&Self) -> $type = $value;
            value(self)
        }
    )*};
}

impl AccessRecord {
    accessors! {
        /// Returns the address that the connection comes from: behind a proxy, that of the proxy. One of IPv4 is never in the
        /// clothes of IPv6.
        peer: Option<IpAddr> = |it| it.peer;
        /// Returns the address of who made the request: the [`Caller`], where
        /// [`TrustedProxies`](crate::field::forwarded::TrustedProxies) say who that is, and else the [peer](Self::peer). `None`
        /// if they do not know either.
        client: Option<IpAddr> = |it| it.client;
        /// Returns the name of the [`User`] whom a guard has let in.
        user: Option<&str> = |it| it.user.as_deref();
        /// Returns when the request came.
        time: SystemTime = |it| it.time;
        /// Returns the method; `None` for a request that was [refused](super::AccessLog::refusals) unread, of which there is neither
        /// method nor target nor version.
        method: Option<Method> = |it| it.line.as_ref().map(|line| line.0);
        /// Returns the target as it was sent.
        target: Option<&str> = |it| it.line.as_ref().map(|line| line.1.as_str());
        /// Returns the version of the request.
        version: Option<Version> = |it| it.line.as_ref().map(|line| line.2);
        /// Returns the host that the request is for, with its port if one was given.
        host: Option<&str> = |it| it.host.as_deref();
        /// Returns the value of Referer.
        referer: Option<&[u8]> = |it| it.referer.as_deref();
        /// Returns the value of User-Agent.
        user_agent: Option<&[u8]> = |it| it.user_agent.as_deref();
        /// Returns the [`RequestId`], if the request has one.
        request_id: Option<&str> = |it| it.request_id.as_deref();
        /// Returns the status; `None` if the response was never sent.
        status: Option<StatusCode> = |it| it.status;
        /// Returns the bytes of the body that were handed to the connection, without framing.
        sent_bytes: u64 = |it| it.sent;
        /// Returns whether the response was sent as a whole.
        is_complete: bool = |it| it.is_complete;
        /// Returns [why](crate::Response::cause) the answer is what it is: the error that a handler has returned, also where
        /// the client is told nothing of it.
        cause: Option<&str> = |it| it.cause.as_deref();
        /// Returns how long it took, from the request's head to the end of the response.
        duration: Duration = |it| it.duration;
    }

    /// Writes the record in the Common Log Format, without a line end.
    ///
    /// ```
    /// # use nethttp::server::AccessLog;
    /// let log = AccessLog::with(|record| println!("access: {}", record.to_common()));
    /// ```
    #[must_use]
    pub fn to_common(&self) -> String {
        line::common(self)
    }

    /// Writes the record in the Combined Log Format, without a line end.
    ///
    /// ```
    /// # use nethttp::server::AccessLog;
    /// let log = AccessLog::with(|record| {
    ///     println!("{} {}us", record.to_combined(), record.duration().as_micros());
    /// });
    /// ```
    #[must_use]
    pub fn to_combined(&self) -> String {
        line::combined(self)
    }

    /// Returns what is known when a request comes.
    pub(super) fn of(request: &Request, time: SystemTime) -> Self {
        let field = |name| request.headers().get(name).map(<[u8]>::to_vec);
        let target = request.target().as_str().to_owned();
        Self {
            line: Some((request.method(), target, request.version())),
            host: request.host().map(str::to_owned),
            referer: field(header::REFERER),
            user_agent: field(header::USER_AGENT),
            ..Self::from(request.peer(), time)
        }
    }

    /// Returns what is known of a request that was refused.
    pub(super) fn of_refusal(refusal: &Refusal, time: SystemTime) -> Self {
        let (status, sent) = (Some(refusal.status), refusal.body);
        let cause = refusal.error.map(|error| error.to_string());
        Self { status, sent, is_complete: true, cause, ..Self::from(refusal.peer, time) }
    }

    fn from(peer: Option<SocketAddr>, time: SystemTime) -> Self {
        let peer = peer.map(|peer| peer.ip().to_canonical());
        Self {
            peer,
            client: peer,
            user: None,
            time,
            line: None,
            host: None,
            referer: None,
            user_agent: None,
            request_id: None,
            status: None,
            sent: 0,
            is_complete: false,
            cause: None,
            duration: Duration::ZERO,
        }
    }

    /// Adds what others have found out about the request in the meantime.
    pub(super) fn learn(&mut self, request: &Request) {
        let extensions = request.extensions();
        if let Some(caller) = extensions.get::<Caller>() {
            self.client = caller.ip();
        }
        self.user = extensions.get::<User>().map(|user| user.name().to_owned());
        self.request_id = extensions.get::<RequestId>().map(|id| id.as_str().to_owned());
    }

    /// Adds why the answer is what it is.
    pub(super) fn explain(&mut self, response: &Response) {
        self.cause = response.cause().map(ToString::to_string);
    }

    pub(super) const fn sent(&mut self, sent: &Sent) {
        self.status = Some(sent.status);
        self.sent = sent.body;
        self.is_complete = sent.is_complete;
    }

    pub(super) const fn failed(&mut self, status: StatusCode) {
        self.status = Some(status);
    }

    pub(super) const fn took(&mut self, duration: Duration) {
        self.duration = duration;
    }
}
