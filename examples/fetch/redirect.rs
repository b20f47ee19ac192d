//! From one request to the next, by curl's rules.

use nethttp::header::HeaderError;
use nethttp::{HeaderMap, Method, StatusCode, Uri};

use crate::failure::{Failure, Status};
use crate::options::{Options, OwnField};

/// What goes to the first host and to no other: a redirect must not carry secrets away, and a Host is
/// the name of one.
const FOR_FIRST_HOST: [&str; 3] = ["Authorization", "Cookie", "Host"];

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

    /// Returns all fields of the request but the framing of its body.
    pub(crate) fn headers(&self) -> Result<HeaderMap, HeaderError> {
        let at_home = origin(&self.url) == origin(&self.first);
        let own = |name: &str| {
            let is_named = |field: &&OwnField| field.name.eq_ignore_ascii_case(name);
            self.options.fields.iter().find(is_named)
        };
        let host = self.url.host_header();
        let form = self.data.map(|_| "application/x-www-form-urlencoded");
        let mut headers = HeaderMap::new();
        for (name, value) in [
            ("Host", Some(&*host)),
            ("User-Agent", Some(concat!("fetch/", env!("CARGO_PKG_VERSION")))),
            ("Accept", Some("*/*")),
            ("Content-Type", form),
        ] {
            let replaced = own(name).is_some() && (at_home || !is_for_first_host(name));
            if let Some(value) = value.filter(|_| !replaced) {
                headers.append(name, value)?;
            }
        }
        for OwnField { name, value } in &self.options.fields {
            if let Some(value) = value.as_deref().filter(|_| at_home || !is_for_first_host(name)) {
                headers.append(name, value)?;
            }
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
