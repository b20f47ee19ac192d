//! What the tests of a jar are written with.

use nethttp::Uri;
use nethttp::cookie::{Context, CookieJar, Rejected, SetCookie, Stored};
use nethttp::field::HttpDate;

/// The time at which tests begin.
pub(super) const NOW: i64 = 1_780_000_000;

/// A request over HTTP that no other site caused, some seconds after the test began.
pub(super) fn at(seconds: i64) -> Context {
    Context::at(HttpDate::from_unix(NOW + seconds))
}

/// `Expires` with a date some seconds after the test began.
pub(super) fn expires(seconds: i64) -> String {
    format!("Expires={}", HttpDate::from_unix(NOW + seconds))
}

#[track_caller]
pub(super) fn uri(text: &str) -> Uri {
    Uri::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// Stores a line that a response to a request for a URI has.
#[track_caller]
pub(super) fn store_in(
    jar: &mut CookieJar,
    from: &str,
    line: &str,
    context: &Context,
) -> Result<Stored, Rejected> {
    let cookie = SetCookie::parse_as(line.as_bytes(), jar.config().profile);
    jar.store(&uri(from), &cookie.map_err(Rejected::Malformed)?, context)
}

/// Stores a line at the time at which the test began; it has to be accepted.
#[track_caller]
pub(super) fn add(jar: &mut CookieJar, from: &str, line: &str) {
    let stored = store_in(jar, from, line, &at(0));
    assert_eq!(stored, Ok(Stored::Added), "{line} from {from}");
}

/// What a request for a URI sends, without leaving a trace.
#[track_caller]
pub(super) fn sent_in(jar: &CookieJar, to: &str, context: &Context) -> String {
    let value = jar.peek_header(&uri(to), context);
    let value = value.as_ref().map_or(&b""[..], |value| value.as_bytes());
    String::from_utf8_lossy(value).into_owned()
}

/// What a request for a URI sends at the time at which the test began.
#[track_caller]
pub(super) fn sent(jar: &CookieJar, to: &str) -> String {
    sent_in(jar, to, &at(0))
}

/// The names of the cookies in a jar, in its order.
pub(super) fn names(jar: &CookieJar) -> String {
    let names: Vec<_> = jar.iter().map(|it| String::from_utf8_lossy(it.name())).collect();
    names.join(" ")
}
