//! From one request to the next, by curl's rules.

use nethttp::header::HeaderError;
use nethttp::{HeaderMap, Method, StatusCode, Uri};

use crate::failure::{Failure, Status};
use crate::options::{Options, OwnField};

/// What goes to the first host and to no other: a redirect must not carry secrets away, and a Host is
/// the name of one.
const FOR_FIRST_HOST: [&str; 3] = ["Authorization", "Cookie", "Host"];

/// What the client says of itself.
pub(crate) const USER_AGENT: &str = concat!("fetch/", env!("CARGO_PKG_VERSION"));

/// A request of a chain of redirects.
#[derive(Debug)]
pub(crate) struct Hop<'a> {
    options: &'a Options,
    first: Uri,
    pub(crate) url: Uri,
    pub(crate) method: Method,
    pub(crate) data: Option<&'a [u8]>,
}

impl<'a> Hop<'a> {
    pub(crate) fn first(options: &'a Options, url: Uri) -> Self {
        let method = options.method.unwrap_or(match options {
            Options { head: true, .. } => Method::HEAD,
            Options { data: Some(_), .. } => Method::POST,
            _ => Method::GET,
        });
        Self { options, first: url.clone(), url, method, data: options.data.as_deref() }
    }

    /// Follows a redirect. 301, 302 and 303 turn a request with data into one without, and POST into
    /// GET unless the method was given; 307 and 308 change nothing.
    pub(crate) fn next(self, status: StatusCode, url: Uri) -> Self {
        let drops_data = matches!(status.as_u16(), 301..=303) && self.data.is_some();
        let method = match self.options.method {
            None if drops_data => Method::GET,
            _ => self.method,
        };
        let data = self.data.filter(|_| !drops_data);
        Self { url, method, data, ..self }
    }

    /// Returns the fields of the request that the client does not add by itself.
    pub(crate) fn headers(&self) -> Result<HeaderMap, HeaderError> {
        let at_home = origin(&self.url) == origin(&self.first);
        let fields = &self.options.fields;
        let mut headers = HeaderMap::new();
        let has_type = fields.iter().any(|it| it.name.eq_ignore_ascii_case("Content-Type"));
        if self.data.is_some() && !has_type {
            headers.append("Content-Type", "application/x-www-form-urlencoded")?;
        }
        for OwnField { name, value } in fields {
            if let Some(value) = value.as_deref().filter(|_| at_home || !is_for_first_host(name)) {
                headers.append(name, value)?;
            }
        }
        Ok(headers)
    }

    /// Returns all fields of a request with these, as the client sends them.
    pub(crate) fn complete(&self, own: &HeaderMap) -> Result<HeaderMap, HeaderError> {
        let host = self.url.host_header();
        let asks = !self.options.raw && self.method != Method::HEAD && !own.contains_key("Range");
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("Host", Some(&*host)),
            ("User-Agent", Some(USER_AGENT)),
            ("Accept", Some("*/*")),
            ("Accept-Encoding", Some("gzip, deflate").filter(|_| asks)),
        ] {
            if let Some(value) = value.filter(|_| !own.contains_key(name)) {
                headers.append(name, value)?;
            }
        }
        headers.append_all(own)?;
        if let Some(data) = self.data {
            headers.append("Content-Length", data.len().to_string())?;
        }
        Ok(headers)
    }
}

fn is_for_first_host(name: &str) -> bool {
    FOR_FIRST_HOST.iter().any(|field| field.eq_ignore_ascii_case(name))
}

/// Scheme, host and port: where secrets may go.
fn origin(url: &Uri) -> (String, Option<String>, Option<u16>) {
    let host = url.authority().map(|authority| authority.host_str().to_ascii_lowercase());
    (url.scheme().to_ascii_lowercase(), host, url.port_or_default())
}

/// Resolves a Location against the URL that it came from, repaired where servers write what is no URL.
pub(crate) fn resolve(base: &Uri, location: &str) -> Result<Uri, Failure> {
    base.fix_up_ref(location).map(|(url, _)| url).map_err(|error| {
        Failure::new(Status::UrlMalformat, format!("redirect to a malformed URL: {error}"))
    })
}
