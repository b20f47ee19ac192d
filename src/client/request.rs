//! A request on its way to being sent.

use std::sync::Arc;
use std::time::Duration;

use super::cancel::CancelToken;
use super::config::Shared;
use super::fields::refused;
use super::options::Options;
use super::origin::request_for;
use super::proxy::Proxies;
use super::query::with_query;
use super::redirect::Redirects;
use super::retry::Retry;
use super::session::{Outset, Session};
use super::timeouts::Timeouts;
use crate::error::{Error, ErrorKind};
use crate::field::auth::Basic;
use crate::header::{self, HeaderMap, HeaderName};
use crate::message::{Body, Request, Response};
use crate::method::Method;
use crate::syntax::percent_decode_lossy;
use crate::uri::Uri;
use crate::version::Version;

/// What tells a server where a request leads, and where it ends.
const INDISPENSABLE: [HeaderName; 3] =
    [header::HOST, header::CONTENT_LENGTH, header::TRANSFER_ENCODING];

/// A request that is being put together.
///
/// No call but [`send`](Self::send) fails: it returns the first thing that was wrong.
///
/// # Examples
///
/// ```no_run
/// let response = nethttp::put("http://example.org/notes/7")
///     .query("overwrite", "yes, please")
///     .header("Content-Type", "text/plain")
///     .body("hello")
///     .send()?;
/// assert!(response.status().is_success());
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Debug)]
#[must_use = "a request is not made before it is sent"]
pub struct RequestBuilder {
    pub(super) shared: Arc<Shared>,
    method: Method,
    url: Result<Uri, Error>,
    /// `name=value&name=value`, escaped.
    pub(super) query: String,
    pub(super) headers: HeaderMap,
    body: Body,
    /// The Content-Type that goes with the body, unless the caller has set one.
    content_type: Option<String>,
    pub(super) options: Arc<Options>,
}

impl RequestBuilder {
    pub(super) fn new(shared: Arc<Shared>, method: Method, url: &str) -> Self {
        let options = Arc::clone(&shared.config.options);
        Self {
            method,
            url: shared.config.resolve(url),
            query: String::new(),
            headers: HeaderMap::new(),
            body: Body::empty(),
            content_type: None,
            options,
            shared,
        }
    }

    /// Adds a field. Fields go out in the order in which they were added, behind those of the client,
    /// each of which (`Host`, `User-Agent`, `Accept`, `Accept-Encoding`) one of the same name replaces, and
    /// all but `Host` [can be left out](Self::without_header). Whoever sets `Accept-Encoding` gets the content as it comes.
    ///
    /// `Content-Length` and `Transfer-Encoding` are written by the client; a `Content-Length` given here
    /// is that of a body of unknown length, and must agree with any other. `Proxy-Authorization` is
    /// [for proxies](Proxies#who-logs-in), and not sent to a server.
    ///
    /// ```no_run
    /// let response = nethttp::get("http://example.org/").header("Accept", "text/html").send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn header(mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
        if let Err(error) = self.headers.append(name.as_ref(), value) {
            self.fail(refused(name.as_ref(), error));
        }
        self
    }

    /// Leaves a field out that the client would add: one of its [own](Self::header), one of its
    /// [settings](super::ClientBuilder::header), the Content-Type of a form, credentials and cookies that it knows. What was
    /// added to the request before goes, too; what is added later is sent.
    ///
    /// Without `Accept-Encoding` nothing is decoded. `Host`, `Content-Length` and `Transfer-Encoding` are an error when the request
    /// is sent: no server can do without them.
    ///
    /// ```no_run
    /// let url = "http://example.org/";
    /// let response = nethttp::get(url).without_header("User-Agent").send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn without_header(mut self, name: impl AsRef<[u8]>) -> Self {
        match HeaderName::parse(name.as_ref()) {
            Ok(name) if INDISPENSABLE.contains(&name) => {
                let text = format!("expected a field that a request can do without, found {name}");
                self.fail(Error::new(ErrorKind::Encode).with_text(text));
            }
            Ok(name) => {
                self.headers.remove(&name);
                self.options_mut().without.push(name);
            }
            Err(error) => self.fail(error.into()),
        }
        self
    }

    /// Sets the content.
    ///
    /// ```no_run
    /// use nethttp::Body;
    ///
    /// nethttp::put("http://example.org/photo").body(Body::open("photo.jpg")?).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn body(mut self, body: impl Into<Body>) -> Self {
        self.body = body.into();
        self.content_type = None;
        self
    }

    /// Sets the content, and what it is if the caller does not say.
    pub(super) fn typed_body(mut self, body: impl Into<Body>, content_type: String) -> Self {
        self.body = body.into();
        self.content_type = Some(content_type);
        self
    }

    /// Sets the timeouts, in the place of the client's.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// use nethttp::client::Timeouts;
    /// use nethttp::error::{ErrorKind, Phase};
    ///
    /// // A server that accepts, and says nothing.
    /// let server = std::net::TcpListener::bind("127.0.0.1:0")?;
    /// let url = format!("http://{}/", server.local_addr()?);
    ///
    /// let impatient = Timeouts::DEFAULT.first_byte(Some(Duration::from_millis(20)));
    /// let error = nethttp::get(url).timeouts(impatient).send().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Timeout(Phase::FirstByte));
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn timeouts(mut self, timeouts: Timeouts) -> Self {
        self.options_mut().timeouts = timeouts;
        self
    }

    /// Sets how long the whole exchange may take, redirects and the response's body included; the other timeouts
    /// stay.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// let url = "http://example.org/";
    /// let text = nethttp::get(url).timeout(Duration::from_secs(5)).send()?.text()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn timeout(mut self, total: Duration) -> Self {
        self.options_mut().timeouts.total = Some(total);
        self
    }

    /// Sets whether compressed content is asked for and decoded while it is read, in the place of the
    /// [client's setting](super::ClientBuilder::decode). Without, nothing is asked for, and content comes
    /// as the server sends it, with the fields that describe it.
    ///
    /// ```no_run
    /// // An archive is meant to stay one, whatever its server thinks.
    /// let url = "http://example.org/data.tar.gz";
    /// let response = nethttp::get(url).decode(false).send()?;
    /// println!("{:?} bytes in {:?}", response.body().len(), response.header("Content-Encoding"));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn decode(mut self, decode: bool) -> Self {
        self.options_mut().decode = decode;
        self
    }

    /// Sets how long the body of the response may be, decoded, in bytes, in the place of the
    /// [client's setting](super::ClientBuilder::body_limit); `None` is no limit.
    ///
    /// ```no_run
    /// // A dump of 200 MiB, say, which `bytes` would refuse.
    /// let url = "http://example.org/dump.json";
    /// let dump = nethttp::get(url).body_limit(Some(1 << 30)).send()?.bytes()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn body_limit(mut self, limit: Option<u64>) -> Self {
        self.options_mut().set_body_limit(limit);
        self
    }

    /// Sets which redirects are followed, in the place of the client's setting.
    ///
    /// ```no_run
    /// use nethttp::client::Redirects;
    ///
    /// let moved = nethttp::get("http://example.org/old").redirects(Redirects::none()).send()?;
    /// println!("{} {:?}", moved.status(), moved.header("Location"));
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn redirects(mut self, redirects: Redirects) -> Self {
        self.options_mut().redirects = redirects;
        self
    }

    /// Sets which requests are sent again when a server is in trouble: in the place of the client's setting.
    ///
    /// ```no_run
    /// use std::time::Duration;
    ///
    /// use nethttp::client::Retry;
    ///
    /// let retry = Retry::idempotent(3).backoff(Duration::from_millis(200), Duration::from_secs(5));
    /// let response = nethttp::get("http://example.org/").retry(retry).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn retry(mut self, retry: Retry) -> Self {
        self.options_mut().retry = retry;
        self
    }

    /// Sets which requests go through a proxy: in the place of the client's setting.
    ///
    /// ```
    /// use nethttp::client::{Proxies, Proxy};
    ///
    /// let proxy = Proxy::parse("http://127.0.0.1:3128")?;
    /// let request = nethttp::get("http://example.org/").proxies(Proxies::all(proxy));
    /// let direct = nethttp::get("http://example.org/").proxies(Proxies::none());
    /// # let _ = (request, direct);
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn proxies(mut self, proxies: Proxies) -> Self {
        self.options_mut().proxies = Arc::new(proxies);
        self
    }

    /// Sets whether cookies of the client's [jar](super::ClientBuilder::cookie_jar) go with the request, and what the
    /// response sets is kept: true, if there is a jar.
    ///
    /// ```no_run
    /// let client = nethttp::Client::builder().cookies(true).build()?;
    /// let anonymous = client.get("http://example.org/").cookies(false).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn cookies(mut self, cookies: bool) -> Self {
        self.options_mut().cookies = cookies;
        self
    }

    /// Sets whether a response whose status is an error (4xx, 5xx) is returned as
    /// [one](crate::error::ErrorKind::Status).
    ///
    /// ```no_run
    /// let text = nethttp::get("http://example.org/").error_for_status(true).send()?.text()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn error_for_status(mut self, error: bool) -> Self {
        self.options_mut().error_for_status = error;
        self
    }

    /// Ends the exchange when the token is used, the body of the response included.
    ///
    /// ```no_run
    /// use nethttp::client::CancelToken;
    ///
    /// let token = CancelToken::new();
    /// let response = nethttp::get("http://example.org/endless").cancel(&token).send()?;
    /// // Elsewhere: token.cancel();
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn cancel(mut self, token: &CancelToken) -> Self {
        self.options_mut().cancel = Some(token.clone());
        self
    }

    /// Sets the version of the request: HTTP/1.1, unless a server understands only 1.0. A request of HTTP/1.0 has no chunks, so
    /// that the length of its content must be known, and costs a connection.
    ///
    /// ```no_run
    /// use nethttp::Version;
    ///
    /// let response = nethttp::get("http://example.org/").version(Version::HTTP_10).send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn version(mut self, version: Version) -> Self {
        self.options_mut().version = version;
        self
    }

    /// Adds a field that is sent behind the content, [RFC 9110 §6.5](https://www.rfc-editor.org/rfc/rfc9110#section-6.5). The
    /// content is chunked then, and Trailer announces the field. A [`Body::writer`] can set trailers that are known only at its end.
    ///
    /// ```no_run
    /// let response = nethttp::put("http://example.org/log")
    ///     .body("hello")
    ///     .trailer("Content-MD5", "XUFAKrxLKna5cZ2REBfFkg==")
    ///     .send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn trailer(mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
        let trailers = self.options_mut().trailers.get_or_insert_default();
        let added = trailers.append(name.as_ref(), value);
        if let Err(error) = added.and_then(|()| self.headers.append("Trailer", name.as_ref())) {
            self.fail(refused(name.as_ref(), error));
        }
        self
    }

    /// Has a function called with each interim response (1xx) that comes before the final one: early hints, say.
    ///
    /// ```no_run
    /// let response = nethttp::get("http://example.org/")
    ///     .on_interim(|hints| println!("{} {:?}", hints.status(), hints.header("Link")))
    ///     .send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn on_interim(mut self, tell: impl Fn(&Response) + Send + Sync + 'static) -> Self {
        self.options_mut().interim = Some(Arc::new(tell));
        self
    }

    /// Sends the request and waits for the head of the response; the body is read from the
    /// [`Response`].
    ///
    /// Any status is a response, unless [errors](Self::error_for_status) were asked for. Redirects are followed, and the
    /// response is that of the last request; [`Response::history`] has the others. The server may answer before it has seen
    /// the whole request; then that is the response.
    ///
    /// # Errors
    ///
    /// What was wrong with the URL or a field, and everything that can happen on the way: see
    /// [`ErrorKind`].
    ///
    /// ```
    /// use nethttp::error::ErrorKind;
    ///
    /// let error = nethttp::get("http://0x7f.1/").header("X", "a\nb").send().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Header);
    /// let error = nethttp::get("http://0x7f.1/").send().unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::Url);
    /// ```
    pub fn send(self) -> Result<Response, Error> {
        let (shared, outset, options) = self.outset()?;
        Session::new(shared, options).run(outset)
    }

    /// Returns the request as a value, to look at or to send later with [`Client::send`](super::Client::send): its target is
    /// the URL, and it has the fields of the caller and of the client's [settings](super::ClientBuilder::header). What is set
    /// for the request alone goes along. Fields that depend on the hop, such as Host and cookies, are added
    /// when it is sent.
    ///
    /// # Errors
    ///
    /// What was wrong with the URL or a field.
    ///
    /// ```
    /// let request = nethttp::get("http://example.org/search").query("q", "a b").build()?;
    /// assert_eq!(request.target().as_str(), "http://example.org/search?q=a%20b");
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn build(self) -> Result<Request, Error> {
        let (_, outset, options) = self.outset()?;
        let Outset { method, url, headers, body, .. } = outset;
        let mut request = request_for(method, &url)?;
        *request.headers_mut() = headers;
        *request.body_mut() = body;
        request.set_settings(options);
        Ok(request)
    }

    /// Returns the same request once more, to send it again or in variants. `None` if its content can be read only once, as
    /// with [`Request::try_clone`], or if something is wrong already, which [`send`](Self::send) says.
    ///
    /// ```no_run
    /// let list = nethttp::get("http://example.org/list").header("Accept", "application/json");
    /// let first = list.try_clone().ok_or("a request without a body")?.query("page", 1).send()?;
    /// let second = list.query("page", 2).send()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn try_clone(&self) -> Option<Self> {
        Some(Self {
            shared: Arc::clone(&self.shared),
            method: self.method,
            url: Ok(self.url.as_ref().ok()?.clone()),
            query: self.query.clone(),
            headers: self.headers.clone(),
            body: self.body.try_clone()?,
            content_type: self.content_type.clone(),
            options: Arc::clone(&self.options),
        })
    }

    fn outset(self) -> Result<(Arc<Shared>, Outset, Arc<Options>), Error> {
        let Self { shared, method, url, query, mut headers, body, content_type, mut options } =
            self;
        let (url, login) = split_userinfo(with_query(url?, &query)?)?;
        if let Some(content_type) = content_type
            && !headers.contains_key(header::CONTENT_TYPE)
            && !options.omits(header::CONTENT_TYPE.as_str())
        {
            headers.append(header::CONTENT_TYPE, content_type)?;
        }
        let mut outset = Outset { method, url, headers, body, is_spent: false };
        outset.authorize(login.filter(|_| !options.omits(header::AUTHORIZATION.as_str())))?;
        shared.config.add_defaults(&mut outset, &mut options)?;
        Ok((shared, outset, options))
    }

    /// The request's own options, which are the client's until one is changed.
    pub(super) fn options_mut(&mut self) -> &mut Options {
        Arc::make_mut(&mut self.options)
    }

    /// Keeps the first thing that is wrong.
    pub(super) fn fail(&mut self, error: Error) {
        if self.url.is_ok() {
            self.url = Err(error);
        }
    }
}

/// Takes the user's name and password out of a URL.
fn split_userinfo(url: Uri) -> Result<(Uri, Option<Basic>), Error> {
    let Some(userinfo) = url.authority().and_then(|authority| authority.userinfo()) else {
        return Ok((url, None));
    };
    let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
    let decode = |text: &str| percent_decode_lossy(text.as_bytes()).into_owned();
    let login = Basic::new(decode(user), decode(password))
        .map_err(|error| Error::new(ErrorKind::Url).with_source(error).with_url(&url))?;
    Ok((url.without_userinfo(), Some(login)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::{Client, Next};
    use crate::message::{IntoResponse, Request};

    #[test]
    fn a_url_is_taken_as_people_type_it() {
        for (url, expected) in [
            (" http://a/b c|\u{e9}\n", "http://a/b%20c%7C%C3%A9"),
            ("http://b\u{fc}cher.example", "http://xn--bcher-kva.example"),
        ] {
            assert_eq!(Client::new().get(url).url.unwrap(), expected);
        }
        for url in [r"http://a\@b/", "a.example/", "http://a b/", "http://\u{ff41}/"] {
            let error = Client::new().get(url).url.unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Url, "{url}");
        }
    }

    #[track_caller]
    fn refuses(builder: RequestBuilder, kind: ErrorKind, text: &str) {
        let error = builder.send().unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, text));
    }

    #[test]
    fn refuses_what_cannot_be_sent_before_it_connects() {
        let client = Client::new();
        let text = "expected a method that needs no tunnel, found CONNECT";
        refuses(client.request(Method::CONNECT, "http://a/"), ErrorKind::Encode, text);
        let text = "expected no body in a TRACE request";
        let trace = client.request(Method::TRACE, "http://a/").body("a");
        refuses(trace, ErrorKind::Encode, text);
        let text = "expected one Host field, found another";
        let hosts = client.get("http://a/").header("Host", "a").header("host", "b");
        refuses(hosts, ErrorKind::Encode, text);
        let host = client.get("http://a/").header("Host", "a b").send().unwrap_err();
        assert_eq!(host.kind(), ErrorKind::Url);
        for name in ["Host", "content-length", "Transfer-Encoding"] {
            let text = format!("expected a field that a request can do without, found {name}");
            refuses(client.get("http://a/").without_header(name), ErrorKind::Encode, &text);
        }
        let name = client.get("http://a/").without_header("a b").send().unwrap_err();
        assert_eq!(name.kind(), ErrorKind::Header);
    }

    #[test]
    fn the_first_error_comes_out() {
        let client = Client::new();
        let twice = client.get("http://a b/").header("a b", "c");
        assert_eq!(twice.send().unwrap_err().kind(), ErrorKind::Url);
        let twice = client.get("http://a/").header("a b", "c").header("a", "\n");
        let text = "expected a field that can be sent: \
                    expected a token as field name, found ' ' at byte 1";
        refuses(twice, ErrorKind::Header, text);
    }

    #[test]
    fn host_comes_first_and_the_caller_has_the_last_word() {
        let show = |request: &mut Request, _: Next<'_>| {
            let line = |(name, value): (&str, &[u8])| {
                format!("{name}={};", String::from_utf8_lossy(value))
            };
            Ok(request.headers().iter().map(line).collect::<String>().into_response())
        };
        let builder = Client::builder().user_agent("me").header("X", "0").header("Y", "0");
        let client = builder.layer(show).build().unwrap();
        let lines = |builder: RequestBuilder| builder.send().unwrap().text().unwrap();
        let url = "http://a:8080/";
        let first = "Host=a:8080;User-Agent=me;Accept=*/*;";
        let all = format!("{first}Accept-Encoding=gzip, deflate;X=0;Y=0;");
        assert_eq!(lines(client.get(url)), all);
        assert_eq!(lines(client.head(url)), format!("{first}X=0;Y=0;"));
        let own = client.get(url).header("X", "1").header("accept", "a/b").header("HOST", "c");
        let own = own.header("accept-encoding", "");
        let all = "User-Agent=me;X=1;accept=a/b;HOST=c;accept-encoding=;Y=0;";
        assert_eq!(lines(own), all);
    }
}
