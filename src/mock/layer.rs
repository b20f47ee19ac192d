//! A layer that answers in the place of servers.

use std::fmt;
use std::str;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::answer::{Failure, IntoReply};
use super::content;
use super::expectation::{Address, Answer, Expectation, Which};
use crate::client::{Exchange, Next};
use crate::error::{Error, ErrorKind};
use crate::header::HeaderMap;
use crate::message::{Body, Request, Response};
use crate::method::Method;
use crate::status::StatusCode;
use crate::uri::{Uri, UriError};

/// Answers the requests of a client in the place of servers, and keeps them.
///
/// It is set up as the last layer of a client ([`ClientBuilder::layer`](crate::client::ClientBuilder::layer)): no request comes
/// past it. What answers is the first of what was added that the request meets. Handlers are like those of
/// a server: they take the request and return [anything that is a response](IntoReply), or a [`Failure`].
///
/// A request that meets nothing is an error of the kind [`Blocked`](ErrorKind::Blocked) that names it, and what would be met.
///
/// A clone is the same mock.
///
/// # Examples
///
/// A server that is overloaded, and then is not:
///
/// ```
/// use std::time::Duration;
///
/// use nethttp::client::Retry;
/// use nethttp::mock::Mock;
/// use nethttp::{Client, Method, StatusCode};
///
/// let mock = Mock::new()
///     .once(Method::GET, "http://a.example/", |_| StatusCode::SERVICE_UNAVAILABLE)
///     .on(Method::GET, "http://a.example/", |_| "hello");
/// let retry = Retry::idempotent(2).backoff(Duration::ZERO, Duration::ZERO);
/// let client = Client::builder().layer(mock.clone()).retry(retry).build()?;
/// assert_eq!(client.get("http://a.example/").send()?.text()?, "hello");
/// assert_eq!(mock.requests().len(), 2);
/// # Ok::<(), nethttp::Error>(())
/// ```
///
/// A whole server, without a socket:
///
/// ```
/// # #[cfg(feature = "server")] {
/// use nethttp::mock::Mock;
/// use nethttp::server::{Handler, Router};
/// use nethttp::{Client, Request};
///
/// let app = Router::builder()
///     .get("/hello/{name}", |request: &mut Request| -> nethttp::Result<String> {
///         Ok(format!("Hello, {}!", request.param::<String>("name")?))
///     })
///     .build()?;
/// let mock = Mock::new().under("http://app.example/", move |request| app.handle(request));
/// let client = Client::builder().layer(mock).build()?;
/// assert_eq!(client.get("http://app.example/hello/Ada").send()?.text()?, "Hello, Ada!");
/// # }
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Default)]
pub struct Mock {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    expectations: Vec<Expectation>,
    otherwise: Option<Answer>,
    requests: Vec<Recorded>,
    /// What was wrong with the URL of an expectation.
    wrong: Option<UriError>,
}

impl Mock {
    /// Creates a mock that expects nothing.
    ///
    /// ```
    /// use nethttp::mock::Mock;
    ///
    /// let client = nethttp::Client::builder().layer(Mock::new()).build()?;
    /// let error = client.get("http://a.example/").send().unwrap_err();
    /// assert_eq!(error.to_string(), "expected no request, found GET http://a.example/");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Creates a mock that answers everything.
    ///
    /// ```
    /// use nethttp::mock::Mock;
    ///
    /// let mock = Mock::answering(|request| format!("this is {}", request.target()));
    /// let client = nethttp::Client::builder().layer(mock).build()?;
    /// let text = client.get("http://a.example/b").send()?.text()?;
    /// assert_eq!(text, "this is http://a.example/b");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn answering<R: IntoReply>(
        answer: impl Fn(&mut Request) -> R + Send + Sync + 'static,
    ) -> Self {
        Self::new().otherwise(answer)
    }

    /// Answers requests with this method for this URL.
    ///
    /// The URL is taken as people type it, as the client does. Its normal form counts
    /// ([`Uri::normalize`]); without a query it means those with one, too, and with one that one.
    ///
    /// ```
    /// use nethttp::mock::Mock;
    /// use nethttp::{Client, Method};
    ///
    /// let mock = Mock::new()
    ///     .on(Method::GET, "http://a.example/search?q=rust", |_| "crab")
    ///     .on(Method::GET, "http://a.example/search", |_| "nothing");
    /// let client = Client::builder().layer(mock).build()?;
    /// assert_eq!(client.get("http://a.example/search?q=rust").send()?.text()?, "crab");
    /// assert_eq!(client.get("http://a.example/search?q=moss").send()?.text()?, "nothing");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn on<R: IntoReply>(
        self,
        method: Method,
        url: impl AsRef<str>,
        answer: impl Fn(&mut Request) -> R + Send + Sync + 'static,
    ) -> Self {
        self.expect(url.as_ref(), |url| Which::At(method, url), false, boxed(answer))
    }

    /// Answers the first request with this method for this URL, as [`on`](Self::on) does: what was added behind it
    /// has the next.
    ///
    /// ```
    /// use nethttp::mock::Mock;
    /// use nethttp::{Client, Method};
    ///
    /// let mock = Mock::new()
    ///     .once(Method::GET, "http://a.example/turn", |_| "ping")
    ///     .once(Method::GET, "http://a.example/turn", |_| "pong");
    /// let client = Client::builder().layer(mock.clone()).build()?;
    /// assert_eq!(client.get("http://a.example/turn").send()?.text()?, "ping");
    /// assert_eq!(client.get("http://a.example/turn").send()?.text()?, "pong");
    /// assert!(client.get("http://a.example/turn").send().is_err());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn once<R: IntoReply>(
        self,
        method: Method,
        url: impl AsRef<str>,
        answer: impl Fn(&mut Request) -> R + Send + Sync + 'static,
    ) -> Self {
        self.expect(url.as_ref(), |url| Which::At(method, url), true, boxed(answer))
    }

    /// Answers all requests, whatever their method, for URLs whose paths begin with the segments of this one.
    ///
    /// ```
    /// use nethttp::Client;
    /// use nethttp::mock::Mock;
    ///
    /// let mock = Mock::new().under("http://a.example/img", |request| request.path().to_owned());
    /// let client = Client::builder().layer(mock).build()?;
    /// assert_eq!(client.get("http://a.example/img/7.png").send()?.text()?, "/img/7.png");
    /// assert!(client.get("http://a.example/imgs").send().is_err());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn under<R: IntoReply>(
        self,
        url: impl AsRef<str>,
        answer: impl Fn(&mut Request) -> R + Send + Sync + 'static,
    ) -> Self {
        self.expect(url.as_ref(), Which::Under, false, boxed(answer))
    }

    /// Answers all requests that meet nothing else.
    ///
    /// ```
    /// use nethttp::mock::Mock;
    /// use nethttp::{Client, Method, StatusCode};
    ///
    /// let mock = Mock::new()
    ///     .otherwise(|_| StatusCode::NOT_FOUND)
    ///     .on(Method::GET, "http://a.example/", |_| "home");
    /// let client = Client::builder().layer(mock).build()?;
    /// assert_eq!(client.get("http://a.example/").send()?.text()?, "home");
    /// assert_eq!(client.get("http://a.example/x").send()?.status(), StatusCode::NOT_FOUND);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn otherwise<R: IntoReply>(
        self,
        answer: impl Fn(&mut Request) -> R + Send + Sync + 'static,
    ) -> Self {
        self.lock().otherwise = Some(boxed(answer));
        self
    }

    /// Returns the requests that have come, in their order: those that met nothing, and those of redirects, logins and
    /// retries, too.
    ///
    /// ```
    /// use nethttp::mock::Mock;
    ///
    /// let mock = Mock::answering(|_| "");
    /// let client = nethttp::Client::builder().layer(mock.clone()).build()?;
    /// client.get("http://a.example/").header("Accept", "text/html").send()?;
    /// assert_eq!(mock.requests()[0].header("Accept"), Some("text/html"));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn requests(&self) -> Vec<Recorded> {
        self.lock().requests.clone()
    }

    /// Returns what was expected and has not come: a test that the program is to do everything ends with it.
    ///
    /// ```
    /// use nethttp::Method;
    /// use nethttp::mock::Mock;
    ///
    /// let mock = Mock::new().on(Method::DELETE, "http://a.example/tmp", |_| ());
    /// let client = nethttp::Client::builder().layer(mock.clone()).build()?;
    /// assert_eq!(mock.missing(), ["DELETE http://a.example/tmp"]);
    /// client.delete("http://a.example/tmp").send()?;
    /// assert!(mock.missing().is_empty());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn missing(&self) -> Vec<String> {
        let state = self.lock();
        let missing = state.expectations.iter().filter(|one| one.hits == 0);
        missing.map(|one| one.which.to_string()).collect()
    }

    fn expect(
        self,
        url: &str,
        which: impl FnOnce(Address) -> Which,
        once: bool,
        answer: Answer,
    ) -> Self {
        let mut state = self.lock();
        match Address::parse(url) {
            Ok(url) => state.expectations.push(Expectation::new(which(url), once, answer)),
            Err(error) => {
                state.wrong.get_or_insert(error);
            }
        }
        drop(state);
        self
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is whole, whoever panicked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps the request, and finds what answers it.
    fn receive(&self, mut request: Recorded) -> Result<Answer, Error> {
        let mut state = self.lock();
        if let Some(error) = state.wrong {
            return Err(error.into());
        }
        let url = Address::of(&request.url);
        let met = state.expectations.iter_mut().find(|one| one.meets(request.method, &url));
        let answer = match met {
            Some(expectation) => {
                expectation.hits += 1;
                Some(Arc::clone(&expectation.answer))
            }
            None => state.otherwise.clone(),
        };
        request.is_expected = answer.is_some();
        let answer = answer.ok_or_else(|| unexpected(&request, &state.expectations));
        state.requests.push(request);
        answer
    }
}

fn boxed<R: IntoReply>(answer: impl Fn(&mut Request) -> R + Send + Sync + 'static) -> Answer {
    Arc::new(move |request| answer(request).into_reply())
}

/// Says what was not met.
fn unexpected(request: &Recorded, expectations: &[Expectation]) -> Error {
    let Recorded { method, url, .. } = request;
    let known: Vec<String> = expectations.iter().map(ToString::to_string).collect();
    let text = match known.as_slice() {
        [] => format!("expected no request, found {method} {url}"),
        known => format!("expected {}; found {method} {url}", known.join(", or ")),
    };
    Error::new(ErrorKind::Blocked).with_text(text)
}

impl Exchange for Mock {
    fn exchange(&self, request: &mut Request, _: Next<'_>) -> Result<Response, Error> {
        let (method, url) = (request.method(), Uri::parse(request.target().as_str())?);
        // What can be sent again is there again when this is over.
        let body = request.body();
        let (spare, bytes) = (body.spare(), body.as_bytes().map(<[u8]>::to_vec));
        let sent = content::take(request.body_mut()).map_err(Error::of_request_body);
        let outcome = sent.and_then(|body| {
            let headers = request.headers().clone();
            let is_expected = false;
            let recorded =
                Recorded { method, url: url.clone(), headers, body: body.clone(), is_expected };
            *request.body_mut() = Body::from(body);
            let reply = self.receive(recorded).map(|answer| answer(request));
            let again = spare.into_body().or_else(|| bytes.map(Body::from));
            *request.body_mut() = again.unwrap_or_default();
            reply?.map_err(Failure::into_error)
        });
        outcome.map(|response| received(response, method)).map_err(|error| error.with_url(&url))
    }
}

/// Makes of a server's response that of a client: what writes itself is written, and where the wire has no content, there is
/// none.
fn received(mut response: Response, method: Method) -> Response {
    let status = response.status();
    let body = response.body_mut().take();
    if method == Method::HEAD || matches!(status, StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED)
    {
        return response;
    }
    response.with_body(content::written(body).of_response())
}

impl fmt::Debug for Mock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let state = self.lock();
        let expected: Vec<String> = state.expectations.iter().map(ToString::to_string).collect();
        f.debug_struct("Mock")
            .field("expected", &expected)
            .field("requests", &state.requests)
            .finish_non_exhaustive()
    }
}

/// A request that a [`Mock`] has received.
///
/// # Examples
///
/// ```
/// use nethttp::Method;
/// use nethttp::mock::Mock;
///
/// let mock = Mock::answering(|_| ());
/// let client = nethttp::Client::builder().layer(mock.clone()).build()?;
/// client.put("http://a.example/b").body("c").send()?;
/// let [put] = &mock.requests()[..] else { unreachable!() };
/// assert_eq!((put.method(), put.body()), (Method::PUT, &b"c"[..]));
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Recorded {
    method: Method,
    url: Uri,
    headers: HeaderMap,
    body: Vec<u8>,
    is_expected: bool,
}

impl Recorded {
    /// Returns the method.
    ///
    /// ```
    /// # let mock = nethttp::mock::Mock::answering(|_| ());
    /// # let client = nethttp::Client::builder().layer(mock.clone()).build()?;
    /// client.delete("http://a.example/").send()?;
    /// assert_eq!(mock.requests()[0].method(), nethttp::Method::DELETE);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn method(&self) -> Method {
        self.method
    }

    /// Returns the URL, without a fragment.
    ///
    /// ```
    /// # let mock = nethttp::mock::Mock::answering(|_| ());
    /// # let client = nethttp::Client::builder().layer(mock.clone()).build()?;
    /// client.get("http://a.example/search").query("q", "a b").send()?;
    /// assert_eq!(mock.requests()[0].url(), "http://a.example/search?q=a%20b");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn url(&self) -> &Uri {
        &self.url
    }

    /// Returns the fields, without those that say how the content goes over the wire.
    ///
    /// ```
    /// # let mock = nethttp::mock::Mock::answering(|_| ());
    /// # let client = nethttp::Client::builder().layer(mock.clone()).build()?;
    /// client.get("http://a.example/").send()?;
    /// assert!(mock.requests()[0].headers().contains_key("User-Agent"));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns the first value of a field as text, if it is there and UTF-8.
    ///
    /// ```
    /// # let mock = nethttp::mock::Mock::answering(|_| ());
    /// # let client = nethttp::Client::builder().layer(mock.clone()).build()?;
    /// client.get("http://a.example/").send()?;
    /// assert_eq!(mock.requests()[0].header("Host"), Some("a.example"));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn header(&self, name: impl AsRef<[u8]>) -> Option<&str> {
        self.headers.text(name)
    }

    /// Returns the content.
    ///
    /// ```
    /// # let mock = nethttp::mock::Mock::answering(|_| ());
    /// # let client = nethttp::Client::builder().layer(mock.clone()).build()?;
    /// client.post("http://a.example/").form([("user", "ada")]).send()?;
    /// assert_eq!(mock.requests()[0].body(), b"user=ada");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Returns the content as text, if it is UTF-8.
    ///
    /// ```
    /// # let mock = nethttp::mock::Mock::answering(|_| ());
    /// # let client = nethttp::Client::builder().layer(mock.clone()).build()?;
    /// client.post("http://a.example/").body("{}").send()?;
    /// assert_eq!(mock.requests()[0].text(), Some("{}"));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub fn text(&self) -> Option<&str> {
        str::from_utf8(&self.body).ok()
    }

    /// Returns whether the request met something that was expected: otherwise the client was told so, but the
    /// program may have kept it to itself.
    ///
    /// ```
    /// # let mock = nethttp::mock::Mock::new();
    /// # let client = nethttp::Client::builder().layer(mock.clone()).build()?;
    /// let _ = client.get("http://a.example/").send();
    /// assert!(!mock.requests()[0].is_expected());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    #[must_use]
    pub const fn is_expected(&self) -> bool {
        self.is_expected
    }
}
