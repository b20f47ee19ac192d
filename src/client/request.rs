//! A request on its way to being sent.

use std::fmt::Write;
use std::sync::Arc;

use super::auth::Login;
use super::config::Shared;
use super::exchange::Exchange;
use super::origin::Origin;
use super::timeouts::Timeouts;
use crate::error::{Error, ErrorKind};
use crate::header::{HeaderMap, HeaderValue};
use crate::message::{Body, Response};
use crate::method::Method;
use crate::syntax::Class;
use crate::uri::{Uri, check_host, encode};

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
    shared: Arc<Shared>,
    method: Method,
    url: Result<Uri, Error>,
    /// `name=value&name=value`, escaped.
    query: String,
    pub(super) headers: HeaderMap,
    body: Body,
    /// The Content-Type that goes with the body, unless the caller has set one.
    content_type: Option<String>,
    timeouts: Timeouts,
    decode: bool,
    pub(super) login: Option<Login>,
}

impl RequestBuilder {
    pub(super) fn new(shared: Arc<Shared>, method: Method, url: &str) -> Self {
        let (timeouts, decode) = (shared.config.timeouts, shared.config.decode);
        Self {
            shared,
            method,
            url: Uri::fix_up(url).map(|(url, _)| url).map_err(Error::from),
            query: String::new(),
            headers: HeaderMap::new(),
            body: Body::empty(),
            content_type: None,
            timeouts,
            decode,
            login: None,
        }
    }

    /// Adds a field. Fields go out in the order in which they were added, behind those of the client,
    /// each of which (`Host`, `User-Agent`, `Accept`, `Accept-Encoding`) one of the same name replaces.
    /// Whoever sets `Accept-Encoding` gets the content as it comes.
    ///
    /// `Content-Length` and `Transfer-Encoding` are written by the client; a `Content-Length` given here
    /// is that of a body of unknown length, and must agree with any other.
    ///
    /// ```no_run
    /// let response = nethttp::get("http://example.org/").header("Accept", "text/html").send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn header(mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
        if let Err(error) = self.headers.append(name, value) {
            self.fail(error.into());
        }
        self
    }

    /// Adds `name=value` to the query, behind what the URL has; everything in them but unreserved
    /// characters is percent-encoded.
    ///
    /// ```no_run
    /// // http://example.org/search?lang=de&q=na%C3%AFve%20%26%20small
    /// let response =
    ///     nethttp::get("http://example.org/search?lang=de").query("q", "naïve & small").send()?;
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn query(mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
        let separator = if self.query.is_empty() { "" } else { "&" };
        let name = encode(&name, Class::UNRESERVED);
        let value = encode(&value, Class::UNRESERVED);
        // A `String` takes everything.
        let _ = write!(self.query, "{separator}{name}={value}");
        self
    }

    /// Sets the content.
    ///
    /// ```no_run
    /// use nethttp::Body;
    ///
    /// let file = std::fs::File::open("photo.jpg")?;
    /// let len = file.metadata()?.len();
    /// nethttp::put("http://example.org/photo").body(Body::file(file, 0..len)).send()?;
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
        self.timeouts = timeouts;
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
        self.decode = decode;
        self
    }

    /// Sends the request and waits for the head of the response; the body is read from the
    /// [`Response`].
    ///
    /// Any status is a response, and a redirect is one too. The server may answer before it has seen
    /// the whole request and hang up; then its answer is returned, if it has come.
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
        let url = with_query(self.url?, &self.query)?;
        let origin = Origin::of(&url).map_err(|error| error.with_url(&url))?;
        check(self.method, &self.headers, &self.body).map_err(|error| error.with_url(&url))?;
        let codings = Some(&self.shared.config.codings).filter(|_| self.decode);
        let ask = codings.and_then(|codings| codings.ask(self.method, &self.headers));
        let content_type = self.content_type.as_deref();
        let mut headers = complete(&self.headers, content_type, &url, &self.shared, ask)?;
        if self.login.is_some() && !self.body.is_replayable() && !headers.contains_key("Expect") {
            headers.append("Expect", "100-continue")?;
        }
        let decode = ask.is_some();
        let Self { shared, method, body, timeouts, login, .. } = self;
        Exchange { method, url, origin, headers, body, timeouts, decode, login }.run(&shared)
    }

    /// Keeps the first thing that is wrong.
    pub(super) fn fail(&mut self, error: Error) {
        if self.url.is_ok() {
            self.url = Err(error);
        }
    }
}

/// Adds an escaped query to that of the URL.
fn with_query(url: Uri, query: &str) -> Result<Uri, Error> {
    match url.query() {
        _ if query.is_empty() => Ok(url),
        None | Some("") => Ok(url.with_query(query)?),
        Some(first) if first.ends_with('&') => Ok(url.with_query(format!("{first}{query}"))?),
        Some(first) => Ok(url.with_query(format!("{first}&{query}"))?),
    }
}

/// Refuses requests that the wire has no place for, or that say two things.
fn check(method: Method, headers: &HeaderMap, body: &Body) -> Result<(), Error> {
    let refuse = |text: &str| Err(Error::new(ErrorKind::Encode).with_text(text));
    if method == Method::CONNECT {
        return refuse("expected a method that needs no tunnel, found CONNECT");
    }
    if method == Method::TRACE && !body.is_empty() {
        return refuse("expected no body in a TRACE request");
    }
    let mut hosts = headers.get_all("Host");
    if let Some(host) = hosts.next() {
        check_host(host)?;
        if hosts.next().is_some() {
            return refuse("expected one Host field, found another");
        }
    }
    Ok(())
}

/// The fields as they go out: `Host` first.
fn complete(
    own: &HeaderMap,
    content_type: Option<&str>,
    url: &Uri,
    shared: &Shared,
    ask: Option<&HeaderValue>,
) -> Result<HeaderMap, Error> {
    let mut headers = HeaderMap::new();
    let host = url.host_header();
    let defaults: [(&str, Option<&[u8]>); 5] = [
        ("Host", Some(host.as_bytes())),
        ("User-Agent", Some(shared.config.user_agent.as_bytes())),
        ("Accept", Some(b"*/*")),
        ("Accept-Encoding", ask.map(HeaderValue::as_bytes)),
        ("Content-Type", content_type.map(str::as_bytes)),
    ];
    for (name, value) in defaults {
        if let Some(value) = value
            && !own.contains_key(name)
        {
            headers.append(name, value)?;
        }
    }
    headers.append_all(own)?;
    Ok(headers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::Client;

    #[test]
    fn a_query_goes_behind_the_one_of_the_url_and_before_the_fragment() {
        for (url, expected) in [
            ("http://a", "http://a?n=v"),
            ("http://a/b", "http://a/b?n=v"),
            ("http://a/?", "http://a/?n=v"),
            ("http://a/?b", "http://a/?b&n=v"),
            ("http://a/?b&", "http://a/?b&n=v"),
            ("http://a/#f?g", "http://a/?n=v#f?g"),
            ("http://a/?b#", "http://a/?b&n=v#"),
        ] {
            assert_eq!(with_query(Uri::parse(url).unwrap(), "n=v").unwrap(), expected);
            assert_eq!(with_query(Uri::parse(url).unwrap(), "").unwrap(), url);
        }
    }

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

    #[test]
    fn a_query_is_escaped() {
        let builder = Client::new().get("http://a").query("a b", "=&+#%").query("é", "");
        assert_eq!(builder.query, "a%20b=%3D%26%2B%23%25&%C3%A9=");
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
        let client = Client::builder().user_agent("me").build().unwrap();
        let lines = |builder: RequestBuilder| -> String {
            let ask = builder.shared.config.codings.ask(builder.method, &builder.headers);
            let (content_type, url) = (builder.content_type.as_deref(), &builder.url.unwrap());
            let headers = complete(&builder.headers, content_type, url, &builder.shared, ask);
            let show = |(name, value): (&str, &[u8])| {
                format!("{name}={};", String::from_utf8_lossy(value))
            };
            headers.unwrap().iter().map(show).collect()
        };
        let url = "http://a:8080/";
        let first = "Host=a:8080;User-Agent=me;Accept=*/*;";
        assert_eq!(lines(client.get(url)), format!("{first}Accept-Encoding=gzip, deflate;"));
        assert_eq!(lines(client.head(url)), first);
        let own = client.get(url).header("X", "1").header("accept", "a/b").header("HOST", "c");
        let own = own.header("accept-encoding", "");
        assert_eq!(lines(own), "User-Agent=me;X=1;accept=a/b;HOST=c;accept-encoding=;");
    }
}
