//! From one request to the next, by curl's rules.

use nethttp::field::auth::{Basic, Bearer};
use nethttp::header::HeaderError;
use nethttp::{Body, HeaderMap, Method, StatusCode, Uri};

use crate::failure::{Failure, Status};
use crate::form::form;
use crate::options::{Options, OwnField};

/// What goes to the first host and to no other: a redirect must not carry secrets away, and a Host is
/// the name of one.
const FOR_FIRST_HOST: [&str; 4] = ["Authorization", "Cookie", "Host", "Proxy-Authorization"];

/// What the client says of itself.
pub(crate) const USER_AGENT: &str = concat!("fetch/", env!("CARGO_PKG_VERSION"));

/// A request of a chain of redirects.
pub(crate) struct Hop<'a> {
    options: &'a Options,
    first: Uri,
    pub(crate) url: Uri,
    pub(crate) method: Method,
    has_content: bool,
}

/// What a request carries.
pub(crate) struct Content {
    media_type: String,
    pub(crate) body: Body,
}

impl<'a> Hop<'a> {
    pub(crate) fn first(options: &'a Options, url: Uri) -> Self {
        let has_content = options.data.is_some() || !options.form.is_empty();
        let method = options.method.unwrap_or(match options {
            Options { head: true, .. } => Method::HEAD,
            _ if has_content => Method::POST,
            _ => Method::GET,
        });
        Self { options, first: url.clone(), url, method, has_content }
    }

    /// Follows a redirect. 301, 302 and 303 turn a request with data into one without, and POST into
    /// GET unless the method was given; 307 and 308 change nothing.
    pub(crate) fn next(self, status: StatusCode, url: Uri) -> Self {
        let drops_data = matches!(status.as_u16(), 301..=303) && self.has_content;
        let method = match self.options.method {
            None if drops_data => Method::GET,
            _ => self.method,
        };
        Self { url, method, has_content: self.has_content && !drops_data, ..self }
    }

    /// Returns what the request carries. Files are opened anew for each.
    pub(crate) fn content(&self) -> Result<Option<Content>, Failure> {
        let Options { data, form: fields, .. } = self.options;
        Ok(match data {
            _ if !self.has_content => None,
            Some(data) => Some(Content {
                media_type: "application/x-www-form-urlencoded".to_owned(),
                body: data.clone().into(),
            }),
            None => {
                let form = form(fields)?;
                Some(Content { media_type: form.content_type(), body: form.into() })
            }
        })
    }

    /// Returns the name and the password for Digest, where they may go.
    pub(crate) fn digest(&self) -> Option<&(String, String)> {
        self.options.user.as_ref().filter(|_| self.options.digest && self.logs_in())
    }

    /// Returns whether the request says who asks; what was given with `-H` is not contradicted.
    fn logs_in(&self) -> bool {
        let is_given = |it: &OwnField| it.name.eq_ignore_ascii_case("Authorization");
        self.is_at_home() && !self.options.fields.iter().any(is_given)
    }

    fn is_at_home(&self) -> bool {
        origin(&self.url) == origin(&self.first)
    }

    /// The credentials that go with the request before anybody asks for them.
    fn credentials(&self) -> Result<Option<String>, Failure> {
        Ok(match self.options {
            _ if !self.logs_in() => None,
            Options { bearer: Some(token), .. } => {
                Some(Bearer::new(token).map_err(malformed)?.encode())
            }
            Options { user: Some((name, password)), digest: false, .. } => {
                Some(Basic::new(name, password).map_err(malformed)?.encode())
            }
            _ => None,
        })
    }

    /// Returns the fields of the request that the client does not add by itself.
    pub(crate) fn headers(&self, content: Option<&Content>) -> Result<HeaderMap, Failure> {
        let at_home = self.is_at_home();
        let fields = &self.options.fields;
        let mut headers = HeaderMap::new();
        if let Some(credentials) = self.credentials()? {
            headers.append("Authorization", credentials).map_err(malformed)?;
        }
        let has_type = fields.iter().any(|it| it.name.eq_ignore_ascii_case("Content-Type"));
        if let Some(content) = content.filter(|_| !has_type) {
            headers.append("Content-Type", &content.media_type).map_err(malformed)?;
        }
        for OwnField { name, value } in fields {
            if let Some(value) = value.as_deref().filter(|_| at_home || !is_for_first_host(name)) {
                headers.append(name, value).map_err(malformed)?;
            }
        }
        Ok(headers)
    }

    /// Returns all fields of a request with these, as the client sends them.
    pub(crate) fn complete(
        &self,
        own: &HeaderMap,
        content: Option<&Content>,
    ) -> Result<HeaderMap, HeaderError> {
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
        match content.map(|content| content.body.len()) {
            Some(Some(len)) => headers.append("Content-Length", len.to_string())?,
            Some(None) => headers.append("Transfer-Encoding", "chunked")?,
            None => {}
        }
        Ok(headers)
    }
}

pub(crate) fn malformed(error: impl std::fmt::Display) -> Failure {
    Failure::new(Status::Init, error.to_string())
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
