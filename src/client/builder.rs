//! How a client is set up.

use std::fmt;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::auth::Login;
use super::config::{Client, Config, USER_AGENT};
use super::decode::Codings;
use super::dial::{Dialer, Resolve};
use super::fields::refused;
use super::layer::Exchange;
use super::netrc::Netrc;
use super::options::Options;
use super::origin::Origin;
use super::pool::{Pool, PoolLimits};
use super::proxy::Proxies;
use super::redirect::Redirects;
use super::retry::Retry;
use super::stream::Connect;
use super::timeouts::Timeouts;
use crate::coding::Decoders;
use crate::cookie::CookieJar;
use crate::error::{Error, ErrorKind};
use crate::field::FieldError;
use crate::field::auth::{Basic, Bearer};
use crate::h1::{Config as H1Config, Leniency, Limits};
use crate::header::{self, HeaderError, HeaderMap, HeaderValue};
use crate::uri::Uri;

/// Sets up a [`Client`].
///
/// # Examples
///
/// ```
/// use std::time::Duration;
///
/// use nethttp::Client;
/// use nethttp::client::{PoolLimits, Redirects};
/// use nethttp::h1::Limits;
///
/// let client = Client::builder()
///     .base_url("http://example.org/api/")
///     .user_agent("census/1.0")
///     .header("Accept", "application/json")
///     .cookies(true)
///     .timeout(Duration::from_secs(60))
///     .redirects(Redirects::limit(3))
///     .limits(Limits::DEFAULT.head(16 << 10))
///     .pool(PoolLimits::DEFAULT.per_host(2))
///     .build()?;
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Default)]
#[must_use = "nothing happens before build"]
pub struct ClientBuilder {
    user_agent: Option<HeaderValue>,
    headers: HeaderMap,
    /// The first thing that is wrong.
    wrong: Option<Wrong>,
    base: Option<String>,
    limits: Limits,
    leniency: Option<Leniency>,
    pool: PoolLimits,
    decoders: Option<Decoders>,
    options: Options,
    jar: Option<Arc<Mutex<CookieJar>>>,
    netrc: Option<Arc<Netrc>>,
    dialer: Dialer,
    connector: Option<Arc<dyn Connect>>,
    tls: Option<Arc<dyn Connect>>,
    layers: Vec<Arc<dyn Exchange>>,
}

/// What cannot be sent.
#[derive(Clone)]
enum Wrong {
    /// The field of this name.
    Field(Vec<u8>, HeaderError),
    Credentials(FieldError),
}

impl From<Wrong> for Error {
    fn from(wrong: Wrong) -> Self {
        match wrong {
            Wrong::Field(name, error) => refused(&name, error),
            Wrong::Credentials(error) => Self::new(ErrorKind::Encode).with_source(error),
        }
    }
}

impl ClientBuilder {
    /// Sets the URL that those of requests are relative to, by the rules of references,
    /// [RFC 3986 §5](https://www.rfc-editor.org/rfc/rfc3986#section-5). Where its path does not end with `/`, one is added, since
    /// all requests are to lie below it; `/x` leads to the root of the server all the same.
    ///
    /// ```
    /// let client = nethttp::Client::builder().base_url("http://example.org/api/v2").build()?;
    /// let request = client.get("users?page=2"); // http://example.org/api/v2/users?page=2
    /// # let _ = request;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn base_url(mut self, url: impl AsRef<str>) -> Self {
        self.base = Some(url.as_ref().to_owned());
        self
    }

    /// Adds a field to every request that has none of that name.
    ///
    /// `Authorization`, `Cookie` and whatever else [no redirect takes along](Redirects#what-goes-along) go to every server
    /// that the client is used for, unless there is a [base URL](Self::base_url): then they go to its server alone.
    ///
    /// ```
    /// use nethttp::Client;
    ///
    /// let client = Client::builder()
    ///     .base_url("http://example.org/")
    ///     .header("X-Api-Key", "mF_9.B5f-4.1JqM")
    ///     .build()?;
    /// assert!(Client::builder().header("two words", "").build().is_err());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn header(mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
        if let Err(error) = self.headers.append(name.as_ref(), value) {
            self.wrong.get_or_insert_with(|| Wrong::Field(name.as_ref().to_vec(), error));
        }
        self
    }

    /// Sets the `User-Agent` of every request that has none of its own.
    ///
    /// ```
    /// use nethttp::Client;
    ///
    /// assert!(Client::builder().user_agent("census/1.0 (+http://example.org/)").build().is_ok());
    /// assert!(Client::builder().user_agent("two\nlines").build().is_err());
    /// ```
    pub fn user_agent(mut self, value: impl AsRef<[u8]>) -> Self {
        match HeaderValue::parse(value.as_ref()) {
            Ok(value) => self.user_agent = Some(value),
            Err(error) => {
                self.wrong.get_or_insert_with(|| Wrong::Field(b"User-Agent".to_vec(), error));
            }
        }
        self
    }

    /// Sets the timeouts of every request that has none of its own.
    ///
    /// ```
    /// use nethttp::Client;
    /// use nethttp::client::Timeouts;
    ///
    /// let client = Client::builder().timeouts(Timeouts::DEFAULT.first_byte(None)).build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.options.timeouts = timeouts;
        self
    }

    /// Sets how long a whole exchange may take, redirects and the response's body included; the other timeouts stay.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let client = nethttp::Client::builder().timeout(Duration::from_secs(60)).build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn timeout(mut self, total: Duration) -> Self {
        self.options.timeouts.total = Some(total);
        self
    }

    /// Sets which redirects are followed: by default up to ten.
    ///
    /// ```
    /// use nethttp::Client;
    /// use nethttp::client::Redirects;
    ///
    /// let client = Client::builder().redirects(Redirects::none()).build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn redirects(mut self, redirects: Redirects) -> Self {
        self.options.redirects = redirects;
        self
    }

    /// Sets which requests are sent again when a server is in trouble: by default none.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use nethttp::client::Retry;
    ///
    /// let retry = Retry::idempotent(3).backoff(Duration::from_millis(200), Duration::from_secs(5));
    /// let client = nethttp::Client::builder().retry(retry).build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn retry(mut self, retry: Retry) -> Self {
        self.options.retry = retry;
        self
    }

    /// Sets which requests go through a proxy: by default what the environment says
    /// ([`Proxies::from_env`]), read when the builder is made.
    ///
    /// ```
    /// use nethttp::client::{Proxies, Proxy};
    ///
    /// let proxy = Proxy::parse("http://127.0.0.1:3128")?;
    /// let client = nethttp::Client::builder().proxies(Proxies::all(proxy)).build()?;
    /// let direct = nethttp::Client::builder().proxies(Proxies::none()).build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn proxies(mut self, proxies: Proxies) -> Self {
        self.options.proxies = Arc::new(proxies);
        self
    }

    /// Sets whether a response whose status is an error (4xx, 5xx) is returned as
    /// [one](crate::error::ErrorKind::Status). By default it is a response like any other.
    ///
    /// ```
    /// let client = nethttp::Client::builder().error_for_status(true).build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn error_for_status(mut self, error: bool) -> Self {
        self.options.error_for_status = error;
        self
    }

    /// Sets whether the client keeps cookies, in a [jar](Self::cookie_jar) of its own. By default it does not. A Cookie that is set
    /// by hand is sent in front of them; one of its cookies that a response sets is the jar's from then on.
    ///
    /// ```
    /// let client = nethttp::Client::builder().cookies(true).build()?;
    /// assert!(client.cookie_jar().is_some());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn cookies(mut self, cookies: bool) -> Self {
        self.jar = cookies.then(|| self.jar.take().unwrap_or_default());
        self
    }

    /// Keeps cookies in a jar, which others may have, too.
    ///
    /// ```no_run
    /// use nethttp::{Client, CookieJar};
    /// use nethttp::cookie::FileFormat;
    /// use std::sync::{Arc, Mutex};
    /// use std::time::SystemTime;
    ///
    /// let mut jar = CookieJar::new();
    /// jar.load("cookies.txt", SystemTime::now())?;
    /// let jar = Arc::new(Mutex::new(jar));
    /// let client = Client::builder().cookie_jar(Arc::clone(&jar)).build()?;
    /// client.post("http://example.org/login").form([("user", "ada")]).send()?;
    /// jar.lock().unwrap().save("cookies.txt", FileFormat::Netscape, SystemTime::now())?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn cookie_jar(mut self, jar: Arc<Mutex<CookieJar>>) -> Self {
        self.jar = Some(jar);
        self
    }

    /// Sets how much a server may send besides bodies.
    ///
    /// ```
    /// use nethttp::Client;
    /// use nethttp::h1::Limits;
    ///
    /// let client = Client::builder().limits(Limits::DEFAULT.head(256 << 10)).build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn limits(mut self, limits: Limits) -> Self {
        self.limits = limits;
        self
    }

    /// Sets which deviations from the protocol are tolerated in responses: by default [`Leniency::CLIENT`], what servers of
    /// old need. What is made of that tolerates more, what is made of [`Leniency::STRICT`] less.
    ///
    /// A response that needs leniency is one that two readers understand in two ways. Where a proxy or a cache is between
    /// the client and its server, whoever has a say in what the server sends can have one of them take a part of a field for a
    /// field, or for a response. So a client that tolerates more is one for the servers that need it, and for no others.
    /// `request_spaces` and `raw_target_bytes` are about requests, and change nothing here.
    ///
    /// ```
    /// use nethttp::Client;
    /// use nethttp::h1::Leniency;
    ///
    /// // A device whose cookies hold control characters.
    /// let client = Client::builder().leniency(Leniency::CLIENT.ctl_in_value(true)).build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn leniency(mut self, leniency: Leniency) -> Self {
        self.leniency = Some(leniency);
        self
    }

    /// Sets how many idle connections are kept, and for how long.
    ///
    /// ```
    /// use nethttp::Client;
    /// use nethttp::client::PoolLimits;
    ///
    /// let client = Client::builder().pool(PoolLimits::DEFAULT.per_host(2)).build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn pool(mut self, limits: PoolLimits) -> Self {
        self.pool = limits;
        self
    }

    /// Sets whether requests ask for compressed content that is decoded while it is read: true, unless a
    /// request says [otherwise](super::RequestBuilder::decode).
    ///
    /// ```
    /// use nethttp::Client;
    ///
    /// // A mirror keeps what servers send, byte for byte.
    /// let client = Client::builder().decode(false).build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn decode(mut self, decode: bool) -> Self {
        self.options.decode = decode;
        self
    }

    /// Sets how long the body of a response may be, decoded, in bytes; `None` is no limit. What is longer is an error
    /// ([`BodyTooLarge`](crate::error::ErrorKind::BodyTooLarge)) while it is read, piece by piece, as a whole, or by a
    /// [download](Client::download).
    ///
    /// By default a body that is collected, as [`text`](crate::Response::text) does, may have [64 MiB](crate::Body::COLLECT_LIMIT), and
    /// one that is read in pieces has no limit. With `None` a server can fill the memory.
    ///
    /// ```
    /// // Records are small; whatever is not, is none.
    /// let client = nethttp::Client::builder().body_limit(Some(1 << 20)).build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn body_limit(mut self, limit: Option<u64>) -> Self {
        self.options.set_body_limit(limit);
        self
    }

    /// Sets which content codings are asked for and decoded, and within which limits. By default these are
    /// `gzip` and `deflate`, and content may be of any length, but no more than 200 times its compressed
    /// size beyond 4 MiB; a new [`Decoders`] besides ends at 1 GiB.
    ///
    /// ```
    /// use nethttp::Client;
    /// use nethttp::coding::{Decoders, Limits};
    ///
    /// let decoders = Decoders::new()
    ///     .with("br", |_reader| {
    ///         // Ok(Box::new(brotli::Decompressor::new(reader, 4096)))
    ///         Err(std::io::ErrorKind::Unsupported.into())
    ///     })
    ///     .with_limits(Limits::DEFAULT.output(100 << 20));
    /// // Accept-Encoding: gzip, deflate, br
    /// let client = Client::builder().decoders(decoders).build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn decoders(mut self, decoders: Decoders) -> Self {
        self.decoders = Some(decoders);
        self
    }

    /// Sends a user name and a password with every request that has no Authorization of its own, as
    /// [`RequestBuilder::basic_auth`](super::RequestBuilder::basic_auth) does: to every server that the client is used for, or, with
    /// a [base URL](Self::base_url), to its server alone. No redirect takes them to another one.
    ///
    /// What was set as Authorization before is replaced.
    ///
    /// ```
    /// let client = nethttp::Client::builder()
    ///     .base_url("http://127.0.0.1:8080/")
    ///     .basic_auth("ada", "open sesame")
    ///     .build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn basic_auth(self, user: impl AsRef<[u8]>, password: impl AsRef<[u8]>) -> Self {
        self.authorization(Basic::new(user, password).map(|basic| basic.encode()))
    }

    /// Sends a token with every request that has no Authorization of its own, as
    /// [`RequestBuilder::bearer_auth`](super::RequestBuilder::bearer_auth) does: to every server that the client is used for, or,
    /// with a [base URL](Self::base_url), to its server alone. No redirect takes it to another one.
    ///
    /// What was set as Authorization before is replaced.
    ///
    /// ```
    /// let client = nethttp::Client::builder()
    ///     .base_url("http://127.0.0.1:8080/")
    ///     .bearer_auth("mF_9.B5f-4.1JqM")
    ///     .build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn bearer_auth(self, token: impl AsRef<str>) -> Self {
        self.authorization(Bearer::new(token.as_ref()).map(|bearer| bearer.encode()))
    }

    fn authorization(mut self, credentials: Result<String, FieldError>) -> Self {
        let inserted = credentials.map_err(Wrong::Credentials).and_then(|value| {
            let inserted = self.headers.insert(header::AUTHORIZATION, value);
            inserted.map_err(|error| Wrong::Field(b"Authorization".to_vec(), error))
        });
        if let Err(wrong) = inserted {
            self.wrong.get_or_insert(wrong);
        }
        self
    }

    /// Logs in with Digest where a server asks for it, as [`RequestBuilder::digest_auth`](super::RequestBuilder::digest_auth) does, and
    /// remembers the question: the next request to that server answers it at once. With a [base URL](Self::base_url) its server
    /// alone gets answers.
    ///
    /// ```
    /// let client = nethttp::Client::builder()
    ///     .base_url("http://camera.example/")
    ///     .digest_auth("ada", "open sesame")
    ///     .build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn digest_auth(mut self, user: impl AsRef<str>, password: impl AsRef<str>) -> Self {
        self.options.login = Some(Login::new(user.as_ref(), password.as_ref()).with_memory());
        self
    }

    /// Takes the names and passwords of hosts from a [`Netrc`], for requests that have no credentials of their own. With
    /// each redirect to another server that one's are looked up.
    ///
    /// ```no_run
    /// use nethttp::client::Netrc;
    ///
    /// let client = nethttp::Client::builder().netrc(Netrc::load()?).build()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn netrc(mut self, netrc: Netrc) -> Self {
        self.netrc = Some(Arc::new(netrc));
        self
    }

    /// Has names looked up in another way than the system's.
    ///
    /// ```
    /// use nethttp::Client;
    /// use std::net::SocketAddr;
    ///
    /// // Everything is here.
    /// let client = Client::builder()
    ///     .resolver(|_: &str, port: u16| Ok(vec![SocketAddr::from(([127, 0, 0, 1], port))]))
    ///     .build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn resolver(mut self, resolver: impl Resolve + 'static) -> Self {
        self.dialer.resolver = Some(Arc::new(resolver));
        self
    }

    /// Has a host lead to these addresses, without looking it up: at that port, or at every one. The host `*` is every host.
    ///
    /// ```
    /// let staging = [[127, 0, 0, 1].into()];
    /// let client = nethttp::Client::builder().resolve("example.org", Some(80), staging).build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn resolve(
        mut self,
        host: impl AsRef<str>,
        port: Option<u16>,
        addresses: impl IntoIterator<Item = IpAddr>,
    ) -> Self {
        self.dialer.fixed.add(host.as_ref(), port, addresses);
        self
    }

    /// Connects from this address of the machine: on Linux, since the standard library has no call for it.
    ///
    /// ```
    /// let client = nethttp::Client::builder().local_address([127, 0, 0, 2]).build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn local_address(mut self, address: impl Into<IpAddr>) -> Self {
        self.dialer.local = Some(address.into());
        self
    }

    /// Connects to this Unix socket, whatever host the URL names. Proxies are not used then.
    ///
    /// ```
    /// let client = nethttp::Client::builder().unix_socket("/run/docker.sock").build()?;
    /// let request = client.get("http://docker/v1.43/containers/json");
    /// # let _ = request;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn unix_socket(mut self, path: impl Into<PathBuf>) -> Self {
        self.dialer.unix = Some(path.into());
        self
    }

    /// Sets whether only addresses of the public network are connected to, for URLs that strangers give: not those of
    /// this machine, of private networks or link-local, and none that IANA has set apart. What counts is what a name
    /// resolves to, with each connection anew.
    ///
    /// A proxy looks names up itself, so that behind one this holds for addresses in URLs only. The proxy is itself one of those
    /// that are connected to.
    ///
    /// ```
    /// use nethttp::error::ErrorKind;
    ///
    /// let client = nethttp::Client::builder().public_only(true).build()?;
    /// let error = client.get("http://169.254.169.254/latest/meta-data/").send().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Blocked);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn public_only(mut self, public_only: bool) -> Self {
        self.dialer.public_only = public_only;
        self
    }

    /// Sets what speaks TLS: without, `https` URLs are an error. See [`Connect`].
    ///
    /// ```no_run
    /// use nethttp::client::{Dial, Stream, Target};
    ///
    /// # fn handshake(_: &str, stream: Stream) -> std::io::Result<Stream> { Ok(stream) }
    /// let client = nethttp::Client::builder()
    ///     .tls(|target: &Target<'_>, dial: Dial<'_>| handshake(target.host(), dial.stream()?))
    ///     .build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn tls(mut self, connector: impl Connect + 'static) -> Self {
        self.tls = Some(Arc::new(connector));
        self
    }

    /// Sets what makes connections in the place of TCP. See [`Connect`].
    ///
    /// ```
    /// use nethttp::client::{Dial, Stream, Target};
    ///
    /// let client = nethttp::Client::builder()
    ///     .connector(|target: &Target<'_>, dial: Dial<'_>| {
    ///         println!("to {}:{}", target.host(), target.port());
    ///         dial.stream()
    ///     })
    ///     .build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn connector(mut self, connector: impl Connect + 'static) -> Self {
        self.connector = Some(Arc::new(connector));
        self
    }

    /// Puts a layer around every exchange, inside of those that were added before. See [`Exchange`].
    ///
    /// ```
    /// use nethttp::Request;
    /// use nethttp::client::Next;
    ///
    /// let client = nethttp::Client::builder()
    ///     .layer(|request: &mut Request, next: Next<'_>| {
    ///         request.headers_mut().insert("X-Request-Id", "42")?;
    ///         next.exchange(request)
    ///     })
    ///     .build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn layer(mut self, layer: impl Exchange + 'static) -> Self {
        self.layers.push(Arc::new(layer));
        self
    }

    /// Creates the client.
    ///
    /// # Errors
    ///
    /// `Header` for a field, a user agent, or the name of a coding, that cannot stand on a field line; `Encode` for credentials
    /// that cannot be sent; `Url` for a base URL that is none.
    ///
    /// ```
    /// let client = nethttp::Client::builder().build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn build(mut self) -> Result<Client, Error> {
        if let Some(wrong) = self.wrong {
            return Err(wrong.into());
        }
        let default = || HeaderValue::from_static(USER_AGENT);
        let user_agent = self.user_agent.take().unwrap_or_else(default);
        let codings = self.decoders.take().map_or_else(|| Ok(Codings::default()), Codings::new);
        let codings = codings.map_err(|error| refused(b"Accept-Encoding", error))?;
        let base = self.base.take().map(|url| base_url(&url)).transpose()?;
        Ok(self.assemble(base, user_agent, codings))
    }

    pub(super) fn assemble(
        self,
        base: Option<Uri>,
        user_agent: HeaderValue,
        codings: Codings,
    ) -> Client {
        let leniency = self.leniency.unwrap_or(Leniency::CLIENT);
        let config = Config {
            user_agent,
            headers: self.headers,
            base,
            h1: H1Config::CLIENT.limits(self.limits).leniency(leniency),
            codings,
            options: Arc::new(self.options),
            jar: self.jar,
            netrc: self.netrc,
            dialer: self.dialer,
            connector: self.connector,
            tls: self.tls,
            layers: self.layers,
        };
        Client::assembled(config, Pool::new(self.pool))
    }
}

/// Reads a base URL; the last segment of its path is empty.
fn base_url(text: &str) -> Result<Uri, Error> {
    let (url, _) = Uri::fix_up(text)?;
    if url.authority().is_none() {
        // `localhost:8080`, say.
        Origin::of(&url)?;
    }
    if url.path().ends_with('/') {
        return Ok(url);
    }
    let path = format!("{}/", url.path());
    Ok(url.with_path(path)?)
}

impl fmt::Debug for ClientBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Unlike a URL, a text hides no password.
        f.debug_struct("ClientBuilder")
            .field("has_base", &self.base.is_some())
            .field("options", &self.options)
            .field("limits", &self.limits)
            .field("leniency", &self.leniency)
            .field("pool", &self.pool)
            .field("dialer", &self.dialer)
            .finish_non_exhaustive()
    }
}
