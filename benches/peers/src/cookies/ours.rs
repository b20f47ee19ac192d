//! This crate's half: one function for each operation of the table.

use std::time::Duration;

use nethttp::Uri;
use nethttp::cookie::{Config, Context, CookieError, CookieJar, CookiePairs, SetCookie};
use nethttp::field::HttpDate;
use nethttp::header::HeaderValue;

use super::inputs::{NOW, Site};

/// Reads a `Set-Cookie` field.
#[inline]
pub fn set_cookie(field: &str) -> Result<SetCookie<'_>, CookieError> {
    SetCookie::parse(field.as_bytes())
}

/// Reads a `Cookie` field: every name and every value goes to the function.
#[inline]
pub fn pairs(field: &str, mut each: impl FnMut(&[u8], &[u8])) {
    for pair in CookiePairs::new(field.as_bytes()) {
        each(pair.name(), pair.value());
    }
}

/// Writes a `Set-Cookie` field, and checks that it is one.
#[inline]
pub fn build(name: &str, value: &str) -> Result<SetCookie<'static>, CookieError> {
    SetCookie::builder(name, value)
        .domain("example.org")
        .path("/")
        .max_age(Duration::from_secs(3600))
        .secure()
        .http_only()
        .build()
}

/// Returns the time that is passed in.
pub fn context() -> Context {
    Context::at(HttpDate::from_unix(NOW))
}

/// Returns an address as the jar takes it.
pub fn uri(address: &str) -> Uri {
    Uri::parse(address).expect("an address")
}

/// Returns a jar without limits.
pub fn jar() -> CookieJar {
    let unlimited = Config::DEFAULT.max_cookies(usize::MAX).max_cookies_per_domain(usize::MAX);
    CookieJar::with_config(unlimited)
}

/// Reads a `Set-Cookie` field and puts it into a jar.
#[inline]
pub fn store(jar: &mut CookieJar, uri: &Uri, field: &str, context: &Context) {
    let cookie = set_cookie(field).expect("a cookie");
    jar.store(uri, &cookie, context).expect("a cookie for the host");
}

/// Returns a jar with the cookies of the sites.
pub fn jar_of(sites: &[Site]) -> CookieJar {
    let (mut jar, context) = (jar(), context());
    for Site { page, fields } in sites {
        let uri = uri(page);
        fields.iter().for_each(|field| store(&mut jar, &uri, field, &context));
    }
    jar
}

/// Returns the `Cookie` field of a request, and takes down that its cookies were used.
#[inline]
pub fn header(jar: &mut CookieJar, uri: &Uri, context: &Context) -> Option<HeaderValue> {
    jar.cookie_header(uri, context)
}

/// Returns the `Cookie` field of a request.
#[inline]
pub fn peek(jar: &CookieJar, uri: &Uri, context: &Context) -> Option<HeaderValue> {
    jar.peek_header(uri, context)
}
