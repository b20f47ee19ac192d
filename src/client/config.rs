//! The client as its user holds it, and how it is set up.

use std::fmt;
use std::mem;
use std::sync::{Arc, Mutex, OnceLock};

use super::auth::Login;
use super::builder::ClientBuilder;
use super::connection::Connection;
use super::decode::Codings;
use super::dial::Dialer;
use super::layer::Exchange;
use super::netrc::Netrc;
use super::options::Options;
use super::pool::Pool;
use super::redirect::{is_of_server, is_same_server};
use super::request::RequestBuilder;
use super::session::{Outset, Session};
use super::stream::Connect;
use crate::cookie::CookieJar;
use crate::error::{Error, ErrorKind};
use crate::h1::Config as H1Config;
use crate::header::{self, HeaderMap, HeaderValue};
use crate::message::{Request, Response};
use crate::method::Method;
use crate::uri::{TargetForm, Uri};

/// What a client says of itself unless it is told otherwise.
pub(super) const USER_AGENT: &str = concat!("nethttp/", env!("CARGO_PKG_VERSION"));

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
    pub(super) pool: Pool<Box<Connection>>,
}

/// The settings of a client.
pub(super) struct Config {
    pub(super) user_agent: HeaderValue,
    /// What every request has, unless it has its own.
    pub(super) headers: HeaderMap,
    pub(super) base: Option<Uri>,
    pub(super) h1: H1Config,
    pub(super) codings: Codings,
    /// What requests have that say nothing else.
    pub(super) options: Arc<Options>,
    pub(super) jar: Option<Arc<Mutex<CookieJar>>>,
    pub(super) netrc: Option<Arc<Netrc>>,
    pub(super) dialer: Dialer,
    pub(super) connector: Option<Arc<dyn Connect>>,
    pub(super) tls: Option<Arc<dyn Connect>>,
    pub(super) layers: Vec<Arc<dyn Exchange>>,
}

impl Config {
    /// Reads what a caller gives as a URL: one as people type it, or a reference to the base URL.
    pub(super) fn resolve(&self, url: &str) -> Result<Uri, Error> {
        let fixed = match &self.base {
            Some(base) => base.fix_up_ref(url),
            None => Uri::fix_up(url),
        };
        Ok(fixed?.0)
    }

    /// Returns whether the client's own secrets may go there.
    pub(super) fn is_at_home(&self, url: &Uri) -> bool {
        self.base.as_ref().is_none_or(|base| is_same_server(base, url))
    }

    /// Adds the client's own fields that the request does not have, and keeps the client's login where it belongs.
    pub(super) fn add_defaults(
        &self,
        outset: &mut Outset,
        options: &mut Arc<Options>,
    ) -> Result<(), Error> {
        let of_client = options.login.as_ref().is_some_and(Login::is_of_client);
        if !of_client && self.headers.is_empty() {
            return Ok(());
        }
        let at_home = self.is_at_home(&outset.url);
        if of_client && (!at_home || options.omits(header::AUTHORIZATION.as_str())) {
            Arc::make_mut(options).login = None;
        }
        let given = outset.headers.clone();
        for (name, value) in &self.headers {
            let is_wanted = !given.contains_key(name) && !options.omits(name);
            if is_wanted && (at_home || !is_of_server(name)) {
                outset.headers.append(name, value)?;
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Fields may be secrets.
        f.debug_struct("Config")
            .field("user_agent", &self.user_agent)
            .field("base", &self.base)
            .field("h1", &self.h1)
            .field("codings", &self.codings)
            .field("options", &self.options)
            .field("has_jar", &self.jar.is_some())
            .field("dialer", &self.dialer)
            .field("layers", &self.layers.len())
            .finish_non_exhaustive()
    }
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
    pub(super) fn assembled(config: Config, pool: Pool<Box<Connection>>) -> Self {
        Self { shared: Arc::new(Shared { config, pool }) }
    }

    /// Creates a client with the default settings.
    ///
    /// ```
    /// let client = nethttp::Client::new();
    /// assert!(client.get("http://").send().is_err());
    /// ```
    #[must_use]
    pub fn new() -> Self {
        let user_agent = HeaderValue::from_static(USER_AGENT);
        ClientBuilder::default().assemble(None, user_agent, Codings::default())
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

    /// Sends a request that was made elsewhere: by [`build`](RequestBuilder::build), or with an absolute target by hand.
    ///
    /// # Errors
    ///
    /// As for [`RequestBuilder::send`]; `Url` for a target that is not absolute.
    ///
    /// ```no_run
    /// use nethttp::{Client, Method, Request};
    ///
    /// let request = Request::new(Method::GET, "http://example.org/")?;
    /// let response = Client::new().send(request)?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn send(&self, mut request: Request) -> Result<Response, Error> {
        if request.target().form() != TargetForm::Absolute {
            let text = format!("expected an absolute URL, found {}", request.target());
            return Err(Error::new(ErrorKind::Url).with_text(text));
        }
        let given = request.take_settings().and_then(|given| given.downcast::<Options>().ok());
        let mut options = given.unwrap_or_else(|| Arc::clone(&self.shared.config.options));
        let mut outset = Outset {
            method: request.method(),
            url: Uri::parse(request.target().as_str())?,
            headers: mem::take(request.headers_mut()),
            body: mem::take(request.body_mut()),
            is_spent: false,
        };
        self.shared.config.add_defaults(&mut outset, &mut options)?;
        Session::new(Arc::clone(&self.shared), options).run(outset)
    }

    /// Returns the jar, if the client keeps cookies.
    ///
    /// ```
    /// let client = nethttp::Client::builder().cookies(true).build()?;
    /// let jar = client.cookie_jar().ok_or("a jar")?;
    /// assert!(jar.lock().unwrap().is_empty());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn cookie_jar(&self) -> Option<&Arc<Mutex<CookieJar>>> {
        self.shared.config.jar.as_ref()
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
