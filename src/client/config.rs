//! The client as its user holds it, and how it is set up.

use std::sync::{Arc, OnceLock};

use super::connection::Connection;
use super::decode::Codings;
use super::pool::{Pool, PoolLimits};
use super::request::RequestBuilder;
use super::timeouts::Timeouts;
use crate::coding::Decoders;
use crate::error::Error;
use crate::h1::{Config as H1Config, Limits};
use crate::header::{HeaderError, HeaderValue};
use crate::method::Method;

/// What a client says of itself unless it is told otherwise.
const USER_AGENT: &str = concat!("nethttp/", env!("CARGO_PKG_VERSION"));

/// A client: settings, and connections that wait for their next request.
///
/// A clone is the same client; it can be used from many threads at once.
///
/// # Examples
///
/// ```no_run
/// use std::time::Duration;
///
/// use nethttp::Client;
/// use nethttp::client::Timeouts;
///
/// let client = Client::builder()
///     .user_agent("census/1.0")
///     .timeouts(Timeouts::DEFAULT.total(Some(Duration::from_secs(60))))
///     .build()?;
/// for page in 1..=100 {
///     let page = page.to_string();
///     let text = client.get("http://example.org/list").query("page", page).send()?.text()?;
///     println!("{text}");
/// }
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Client {
    shared: Arc<Shared>,
}

/// What all clones of a client have in common.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) config: Config,
    pub(super) pool: Pool<Connection>,
}

/// The settings of a client.
#[derive(Debug)]
pub(super) struct Config {
    pub(super) user_agent: HeaderValue,
    pub(super) timeouts: Timeouts,
    pub(super) h1: H1Config,
    /// Whether codings are asked for and undone, unless a request says otherwise.
    pub(super) decode: bool,
    pub(super) codings: Codings,
}

macro_rules! methods {
    ($($name:ident $method:ident;)*) => {$(
        #[doc = concat!("Begins a ", stringify!($method), " request.")]
        ///
        /// ```no_run
        #[doc = concat!("let response = nethttp::Client::new().", stringify!($name), "(\"http://example.org/\").send()?;")]
        /// # Ok::<(), nethttp::Error>(())
        /// ```
        pub fn $name(&self, url: impl AsRef<str>) -> RequestBuilder {
            self.request(Method::$method, url)
        }
    )*};
}

impl Client {
    /// Creates a client with the default settings.
    ///
    /// ```
    /// let client = nethttp::Client::new();
    /// assert!(client.get("http://").send().is_err());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        let user_agent = HeaderValue::from_static(USER_AGENT);
        ClientBuilder::default().assemble(user_agent, Codings::default())
    }

    /// Begins to set up a client.
    ///
    /// ```
    /// let client = nethttp::Client::builder().user_agent("census/1.0").build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn builder() -> ClientBuilder {
        ClientBuilder::default()
    }

    /// Begins a request. What is wrong with the URL comes out of
    /// [`send`](RequestBuilder::send).
    ///
    /// ```no_run
    /// use nethttp::{Client, Method};
    ///
    /// let response = Client::new().request("PROPFIND".parse()?, "http://example.org/").send()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn request(&self, method: Method, url: impl AsRef<str>) -> RequestBuilder {
        RequestBuilder::new(Arc::clone(&self.shared), method, url.as_ref())
    }

    methods! {
        get GET;
        head HEAD;
        post POST;
        put PUT;
        patch PATCH;
        delete DELETE;
        options OPTIONS;
    }

    /// The client of the functions at the crate root, made when it is first asked for.
    pub(super) fn of_process() -> &'static Self {
        static CLIENT: OnceLock<Client> = OnceLock::new();
        CLIENT.get_or_init(Self::new)
    }
}

impl Default for Client {
    fn default() -> Self {
        Self::new()
    }
}

/// Sets up a [`Client`].
///
/// # Examples
///
/// ```
/// use nethttp::Client;
/// use nethttp::client::{PoolLimits, Timeouts};
/// use nethttp::h1::Limits;
///
/// let client = Client::builder()
///     .user_agent("census/1.0")
///     .timeouts(Timeouts::DEFAULT)
///     .limits(Limits::DEFAULT.head(16 << 10))
///     .pool(PoolLimits::DEFAULT)
///     .build()?;
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "nothing happens before build"]
pub struct ClientBuilder {
    user_agent: Option<Result<HeaderValue, HeaderError>>,
    timeouts: Timeouts,
    limits: Limits,
    pool: PoolLimits,
    decode: Option<bool>,
    decoders: Option<Decoders>,
}

impl ClientBuilder {
    /// Sets the `User-Agent` of every request that has none of its own.
    ///
    /// ```
    /// use nethttp::Client;
    ///
    /// assert!(Client::builder().user_agent("census/1.0 (+http://example.org/)").build().is_ok());
    /// assert!(Client::builder().user_agent("two\nlines").build().is_err());
    /// ```
    pub fn user_agent(mut self, value: impl AsRef<[u8]>) -> Self {
        self.user_agent = Some(HeaderValue::parse(value.as_ref()));
        self
    }

    /// Sets the timeouts of every request that has none of its own.
    ///
    /// ```
    /// use nethttp::Client;
    /// use nethttp::client::Timeouts;
    ///
    /// let client = Client::builder().timeouts(Timeouts::DEFAULT.idle(None)).build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.timeouts = timeouts;
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
    /// request says [otherwise](RequestBuilder::decode).
    ///
    /// ```
    /// use nethttp::Client;
    ///
    /// // A mirror keeps what servers send, byte for byte.
    /// let client = Client::builder().decode(false).build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn decode(mut self, decode: bool) -> Self {
        self.decode = Some(decode);
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

    /// Creates the client.
    ///
    /// # Errors
    ///
    /// `Header` for a user agent, or the name of a coding, that cannot stand on a field line.
    ///
    /// ```
    /// let client = nethttp::Client::builder().build()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn build(mut self) -> Result<Client, Error> {
        let default = || Ok(HeaderValue::from_static(USER_AGENT));
        let user_agent = self.user_agent.take().unwrap_or_else(default)?;
        let codings = self.decoders.take().map_or_else(|| Ok(Codings::default()), Codings::new)?;
        Ok(self.assemble(user_agent, codings))
    }

    fn assemble(self, user_agent: HeaderValue, codings: Codings) -> Client {
        let h1 = H1Config::CLIENT.limits(self.limits);
        let decode = self.decode.unwrap_or(true);
        let config = Config { user_agent, timeouts: self.timeouts, h1, decode, codings };
        Client { shared: Arc::new(Shared { config, pool: Pool::new(self.pool) }) }
    }
}
