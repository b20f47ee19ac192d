//! A cookie from its parts, by the grammar for servers,
//! [RFC 6265 §4.1.1](https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1).

use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use super::grammar::{
    check_attribute, check_domain, check_extension, check_name, check_path, check_value, refuse,
};
use super::write::Parts;
use super::{Flags, SameSite, SetCookie};
use crate::cookie::MAX_PAIR_LEN;
use crate::cookie::error::{CookieError, CookieErrorKind};
use crate::cookie::jar::Attributes;
use crate::cookie::promise::Promise;
use crate::cookie::segments::Span;
use crate::field::HttpDate;
use crate::syntax::{Class, percent_encode};

/// Puts a cookie together that every user agent reads as it was meant.
///
/// Nothing is changed silently: what the grammar for servers does not have is an error, and so is what
/// a user agent would not store. A text cannot break out of its place, so that names and values may
/// come from anywhere. The first thing that was wrong is said by [`build`](Self::build).
///
/// Attributes are written in the order Domain, Path, Expires, Max-Age, Secure, HttpOnly, SameSite,
/// Partitioned, others; of one that is set several times the last counts.
///
/// # Deviations
///
/// `Max-Age=0`, by which a cookie is removed, is written although the grammar has no zero there: user
/// agents read it, and servers have always sent it.
///
/// # Examples
///
/// ```
/// use nethttp::cookie::{SameSite, SetCookie};
/// use nethttp::{Response, StatusCode, header};
/// use std::time::Duration;
///
/// let cookie = SetCookie::builder("__Host-sid", "31d4d96e")
///     .path("/")
///     .max_age(Duration::from_secs(3600))
///     .secure()
///     .http_only()
///     .same_site(SameSite::Lax)
///     .build()?;
/// let response = Response::new(StatusCode::OK).with_header(header::SET_COOKIE, cookie)?;
/// assert_eq!(
///     response.header("Set-Cookie"),
///     Some("__Host-sid=31d4d96e; Path=/; Max-Age=3600; Secure; HttpOnly; SameSite=Lax")
/// );
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
#[must_use = "a builder does nothing until it builds"]
pub struct SetCookieBuilder {
    /// What was given, one behind the other.
    text: Vec<u8>,
    name: Span,
    value: Span,
    domain: Option<Span>,
    path: Option<Span>,
    expires: Option<HttpDate>,
    max_age: Option<i64>,
    same_site: Option<SameSite>,
    flags: Flags,
    others: Vec<(Vec<u8>, Vec<u8>)>,
    value_error: Option<CookieError>,
    /// The first one of any other part.
    error: Option<CookieError>,
}

impl SetCookie<'_> {
    /// Starts a cookie of a name and a value.
    ///
    /// A name is a token. A value is visible ASCII without `"`, `,`, `;` and `\`, perhaps empty, perhaps
    /// in quotes, which are then part of it; [`value_encoded`](SetCookieBuilder::value_encoded) takes
    /// any text.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// assert_eq!(SetCookie::builder("lang", "en").build()?.as_bytes(), b"lang=en");
    /// assert!(SetCookie::builder("lang", "en; Domain=example.org").build().is_err());
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    pub fn builder(name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> SetCookieBuilder {
        let (name, value) = (name.as_ref(), value.as_ref());
        // With room for a domain and a path.
        let mut text = Vec::with_capacity(name.len() + value.len() + 64);
        let (name_at, value_at) = (append(&mut text, name), append(&mut text, value));
        SetCookieBuilder {
            text,
            name: name_at,
            value: value_at,
            domain: None,
            path: None,
            expires: None,
            max_age: None,
            same_site: None,
            flags: Flags::default(),
            others: Vec::new(),
            value_error: check_value(value).err(),
            error: check_name(name).err(),
        }
    }

    /// Returns the cookie that removes this one: it has no value, and expired long ago.
    ///
    /// Name, domain and path are the same, since by these a user agent knows a cookie, and so are
    /// `Secure`, `HttpOnly`, `SameSite` and `Partitioned`: it does not take a cookie with a prefix that
    /// is not what the prefix promises, and keeps partitioned cookies apart. `Expires` is there for user
    /// agents that do not know `Max-Age`. A cookie without a name keeps its value, because
    /// a cookie without either is none.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// let cookie = SetCookie::builder("sid", "31d4d96e").path("/app").secure().build()?;
    /// assert_eq!(
    ///     cookie.removal().as_bytes(),
    ///     b"sid=; Path=/app; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Secure"
    /// );
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub fn removal(&self) -> SetCookie<'static> {
        let parts = Parts {
            name: self.name(),
            value: if self.name().is_empty() { self.value() } else { b"" },
            domain: self.domain(),
            path: self.path(),
            expires: Some(HttpDate::from_unix(0)),
            max_age: Some(0),
            same_site: self.same_site,
            flags: self.flags,
            others: &[],
        };
        parts.write()
    }
}

impl SetCookieBuilder {
    /// Sets the value to any text or bytes, percent-encoded: every byte that a value cannot have becomes
    /// `%XX`, and `%` itself as well. [`percent_decode`](crate::syntax::percent_decode) gives the text
    /// back.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::{CookiePairs, SetCookie};
    /// use nethttp::syntax::percent_decode;
    ///
    /// let cookie = SetCookie::builder("name", "").value_encoded("Zoë; 100%").build()?;
    /// assert_eq!(cookie.as_bytes(), b"name=Zo%C3%AB%3B%20100%25");
    ///
    /// let pair = CookiePairs::new(b"name=Zo%C3%AB%3B%20100%25").get("name").ok_or("no name")?;
    /// assert_eq!(percent_decode(pair.value())?, "Zoë; 100%".as_bytes());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn value_encoded(mut self, text: impl AsRef<[u8]>) -> Self {
        let start = self.text.len();
        percent_encode(text.as_ref(), Class::COOKIE, &mut self.text);
        self.value = Span::new(start, self.text.len());
        self.value_error = None;
        self
    }

    /// Sets the domain whose hosts shall all get the cookie back: a host name, ASCII and without a dot in
    /// front. Without one the cookie goes to the host alone that has set it, which is safer.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    /// use nethttp::uri::domain_to_ascii;
    ///
    /// let cookie = SetCookie::builder("a", "b").domain("example.org").build()?;
    /// assert_eq!(cookie.as_bytes(), b"a=b; Domain=example.org");
    /// assert!(SetCookie::builder("a", "b").domain(".example.org").build().is_err());
    ///
    /// let cookie = SetCookie::builder("a", "b").domain(&*domain_to_ascii("bücher.example")?).build()?;
    /// assert_eq!(cookie.domain(), Some(&b"xn--bcher-kva.example"[..]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn domain(mut self, domain: impl AsRef<[u8]>) -> Self {
        let domain = domain.as_ref();
        self.note(check_domain(domain));
        self.domain = Some(append(&mut self.text, domain));
        self
    }

    /// Sets the path below which the cookie is sent back, which begins with `/`. Without one it is the
    /// folder of the request's path, so that most cookies want `/`.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// assert_eq!(SetCookie::builder("a", "b").path("/docs").build()?.as_bytes(), b"a=b; Path=/docs");
    /// assert!(SetCookie::builder("a", "b").path("docs").build().is_err());
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    pub fn path(mut self, path: impl AsRef<[u8]>) -> Self {
        let path = path.as_ref();
        self.note(check_path(path));
        self.path = Some(append(&mut self.text, path));
        self
    }

    /// Sets the date at which the cookie goes. Without it and `Max-Age` that is when the user agent is
    /// closed.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    /// use nethttp::field::HttpDate;
    ///
    /// let cookie = SetCookie::builder("a", "b").expires(HttpDate::from_unix(1_970_389_094)).build()?;
    /// assert_eq!(cookie.as_bytes(), b"a=b; Expires=Wed, 09 Jun 2032 10:18:14 GMT");
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    pub fn expires(mut self, date: HttpDate) -> Self {
        if date < FIRST_DATE {
            self.note(refuse(CookieErrorKind::Year, 0));
        }
        self.expires = Some(date);
        self
    }

    /// Sets for how long the cookie stays, in whole seconds, rounded up; zero removes it. It goes before
    /// `Expires`, and needs no clocks that agree. Browsers keep no cookie for more than 400 days.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    /// use std::time::Duration;
    ///
    /// let cookie = SetCookie::builder("a", "b").max_age(Duration::from_secs(30 * 86_400)).build()?;
    /// assert_eq!(cookie.as_bytes(), b"a=b; Max-Age=2592000");
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    pub fn max_age(mut self, age: Duration) -> Self {
        let seconds = age.as_secs().saturating_add(u64::from(age.subsec_nanos() > 0));
        self.max_age = Some(i64::try_from(seconds).unwrap_or(i64::MAX));
        self
    }

    /// Keeps the cookie to secure connections.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// assert_eq!(SetCookie::builder("a", "b").secure().build()?.as_bytes(), b"a=b; Secure");
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    pub const fn secure(mut self) -> Self {
        self.flags.is_secure = true;
        self
    }

    /// Hides the cookie from scripts.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// assert_eq!(SetCookie::builder("a", "b").http_only().build()?.as_bytes(), b"a=b; HttpOnly");
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    pub const fn http_only(mut self) -> Self {
        self.flags.is_http_only = true;
        self
    }

    /// Sets in which requests from other sites the cookie is sent; [`SameSite::None`] needs
    /// [`secure`](Self::secure).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::{SameSite, SetCookie};
    ///
    /// let cookie = SetCookie::builder("a", "b").same_site(SameSite::Strict).build()?;
    /// assert_eq!(cookie.as_bytes(), b"a=b; SameSite=Strict");
    /// assert!(SetCookie::builder("a", "b").same_site(SameSite::None).build().is_err());
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    pub const fn same_site(mut self, same_site: SameSite) -> Self {
        self.same_site = Some(same_site);
        self
    }

    /// Has browsers keep the cookie apart for each top-level site
    /// ([CHIPS](https://datatracker.ietf.org/doc/draft-cutler-httpbis-partitioned-cookies/)), which needs
    /// [`secure`](Self::secure).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// let cookie = SetCookie::builder("a", "b").secure().partitioned().build()?;
    /// assert_eq!(cookie.as_bytes(), b"a=b; Secure; Partitioned");
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    pub const fn partitioned(mut self) -> Self {
        self.flags.is_partitioned = true;
        self
    }

    /// Sets an attribute that has no method of its own; one without a value is a flag. The name is a
    /// token, the value printable ASCII without `;`.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// let cookie = SetCookie::builder("a", "b").attribute("Priority", "High").build()?;
    /// assert_eq!(cookie.as_bytes(), b"a=b; Priority=High");
    /// assert!(SetCookie::builder("a", "b").attribute("domain", "example.org").build().is_err());
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    pub fn attribute(mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
        let (name, value) = (name.as_ref(), value.as_ref());
        self.note(check_extension(name).and_then(|()| check_attribute(value)));
        self.others.retain(|(other, _)| !other.eq_ignore_ascii_case(name));
        self.others.push((name.to_vec(), value.to_vec()));
        self
    }

    /// Returns the cookie.
    ///
    /// # Errors
    ///
    /// The first thing that was wrong, at its offset in what was given:
    /// - [`CookieErrorKind::Name`] and [`CookieErrorKind::Token`] for a name that is empty or no token;
    /// - [`CookieErrorKind::Value`], [`CookieErrorKind::Domain`], [`CookieErrorKind::Path`] and
    ///   [`CookieErrorKind::Attribute`] for a text that does not fit the grammar;
    /// - [`CookieErrorKind::Year`] for a date that cannot be read;
    /// - [`CookieErrorKind::AttributeTooLong`] for an attribute of more than 1024 bytes, and
    ///   [`CookieErrorKind::TooLong`] for a name and a value of more than [`MAX_PAIR_LEN`] together;
    /// - [`CookieErrorKind::Extension`] for an attribute that has a method of its own.
    ///
    /// Then what a user agent would not store: [`CookieErrorKind::Secure`], and
    /// [`CookieErrorKind::Prefix`] for a name that promises what the cookie does not hold.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::SetCookie;
    ///
    /// let error = SetCookie::builder("__Host-sid", "1").secure().build().unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "expected Secure, Path=/ and no Domain with the prefix __Host- at byte 0"
    /// );
    /// ```
    pub fn build(self) -> Result<SetCookie<'static>, CookieError> {
        self.error.or(self.value_error).map_or_else(|| self.check_whole(), Err)?;
        let parts = Parts {
            name: self.name.of(&self.text),
            value: self.value.of(&self.text),
            domain: self.domain.map(|domain| domain.of(&self.text)),
            path: self.path.map(|path| path.of(&self.text)),
            expires: self.expires,
            max_age: self.max_age,
            same_site: self.same_site,
            flags: self.flags,
            others: &self.others,
        };
        Ok(parts.write())
    }

    fn note(&mut self, outcome: Result<(), CookieError>) {
        self.error = self.error.or(outcome.err());
    }

    /// Checks what several setters together have made.
    fn check_whole(&self) -> Result<(), CookieError> {
        let (name, value) = (self.name.of(&self.text), self.value.of(&self.text));
        if name.len() + value.len() > MAX_PAIR_LEN {
            return refuse(CookieErrorKind::TooLong(MAX_PAIR_LEN), 0);
        }
        let attributes = Attributes {
            is_host_only: self.domain.is_none(),
            is_secure: self.flags.is_secure,
            is_http_only: self.flags.is_http_only,
            is_partitioned: self.flags.is_partitioned,
            same_site: self.same_site,
        };
        let has_root_path = self.path.is_some_and(|path| path.of(&self.text) == b"/");
        match Promise::broken((name, value), attributes, has_root_path) {
            Some(Promise::SameSite | Promise::Partitioned) => refuse(CookieErrorKind::Secure, 0),
            Some(Promise::Prefix(prefix)) => refuse(CookieErrorKind::Prefix(prefix), 0),
            None => Ok(()),
        }
    }
}

/// Shows the name and no value, so that secrets stay out of logs.
impl fmt::Debug for SetCookieBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.of(&self.text);
        write!(f, "SetCookieBuilder(\"{}\")", name.escape_ascii())
    }
}

/// The first day of 1601; before that a user agent reads no date.
const FIRST_DATE: HttpDate = HttpDate::from_unix(-11_644_473_600);

/// Appends a piece, and returns where it is.
fn append(text: &mut Vec<u8>, piece: &[u8]) -> Span {
    let start = text.len();
    text.extend_from_slice(piece);
    Span::new(start, text.len())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::set_cookie::grammar::KNOWN;
    use crate::cookie::{Prefix, Profile};
    use alloc::vec;

    fn cookie() -> SetCookieBuilder {
        SetCookie::builder("a", "b")
    }

    /// What was built is what both texts read, offsets included.
    #[track_caller]
    fn builds(builder: SetCookieBuilder, expected: &str) -> SetCookie<'static> {
        let built = builder.build().unwrap();
        assert_eq!(str::from_utf8(built.as_bytes()), Ok(expected));
        for profile in [Profile::Rfc6265, Profile::Rfc6265bis] {
            is_read_back(&built, profile);
        }
        built
    }

    #[track_caller]
    fn is_read_back(built: &SetCookie<'_>, profile: Profile) {
        let read = SetCookie::parse_as(&built.text, profile).unwrap();
        assert_eq!(&read, built);
        assert_eq!((read.value, read.domain), (built.value, built.domain));
        assert_eq!((read.expires, read.max_age), (built.expires, built.max_age));
        assert_eq!((read.same_site, read.flags), (built.same_site, built.flags));
    }

    #[track_caller]
    fn refuses(builder: SetCookieBuilder, kind: CookieErrorKind, offset: usize) {
        let error = builder.build().unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset));
    }

    #[test]
    fn attributes_have_one_order_whatever_the_order_of_the_calls() {
        let all = cookie()
            .attribute("Priority", "High")
            .attribute("Flag", "")
            .partitioned()
            .same_site(SameSite::None)
            .http_only()
            .secure()
            .max_age(Duration::from_secs(60))
            .expires(HttpDate::from_unix(784_111_777))
            .path("/docs")
            .domain("example.org");
        builds(
            all,
            "a=b; Domain=example.org; Path=/docs; Expires=Sun, 06 Nov 1994 08:49:37 GMT; \
             Max-Age=60; Secure; HttpOnly; SameSite=None; Partitioned; Priority=High; Flag",
        );
        builds(cookie(), "a=b");
    }

    #[test]
    fn the_last_call_counts() {
        builds(cookie().path("/a").domain("a").path("/b").domain("b"), "a=b; Domain=b; Path=/b");
        let cookie = cookie().attribute("X", "1").attribute("Y", "2").attribute("x", "3");
        builds(cookie, "a=b; Y=2; x=3");
    }

    #[test]
    fn names_and_values_follow_rfc_6265_section_4_1_1() {
        use CookieErrorKind::{Name, Token, Value};
        builds(SetCookie::builder("!#$%&'*+-.^_`|~09AZaz", ""), "!#$%&'*+-.^_`|~09AZaz=");
        let octets = "=!#$%&'()*+-./:<>?@[]^_`{|}~";
        builds(SetCookie::builder("a", octets), &["a=", octets].concat());
        builds(SetCookie::builder("a", "\"b\""), "a=\"b\"");
        builds(SetCookie::builder("a", "\"\""), "a=\"\"");
        refuses(SetCookie::builder("", "b"), Name, 0);
        refuses(SetCookie::builder("a b", "c"), Token(b' '), 1);
        refuses(SetCookie::builder("a=", "c"), Token(b'='), 1);
        refuses(SetCookie::builder("a", "b c"), Value(b' '), 1);
        refuses(SetCookie::builder("a", "\"b c\""), Value(b' '), 2);
        refuses(SetCookie::builder("a", "\""), Value(b'"'), 0);
        refuses(SetCookie::builder("a", "\"b"), Value(b'"'), 0);
        refuses(SetCookie::builder("a", "b\""), Value(b'"'), 1);
        refuses(SetCookie::builder("a", "\"\"\""), Value(b'"'), 1);
        refuses(SetCookie::builder("a", "b\r\nSet-Cookie: c=d"), Value(b'\r'), 1);
        refuses(SetCookie::builder("a", "b; Domain=c"), Value(b';'), 1);
        refuses(SetCookie::builder("a", "é"), Value(0xc3), 0);
    }

    #[test]
    fn name_and_value_have_4096_bytes_together() {
        let of = |len: usize| SetCookie::builder("a", vec![b'b'; len - 1]);
        builds(of(MAX_PAIR_LEN), &["a=", &"b".repeat(MAX_PAIR_LEN - 1)].concat());
        refuses(of(MAX_PAIR_LEN + 1), CookieErrorKind::TooLong(MAX_PAIR_LEN), 0);
        let encoded = cookie().value_encoded("é".repeat(700));
        refuses(encoded, CookieErrorKind::TooLong(MAX_PAIR_LEN), 0);
    }

    #[test]
    fn any_text_can_be_encoded() {
        builds(cookie().value_encoded("é; \"\\,%"), "a=%C3%A9%3B%20%22%5C%2C%25");
        builds(cookie().value_encoded(b"\0\xff"), "a=%00%FF");
        builds(cookie().value_encoded(""), "a=");
        builds(cookie().value_encoded("a/b=c"), "a=a/b=c");
        builds(SetCookie::builder("a", "é").value_encoded("é"), "a=%C3%A9");
    }

    #[test]
    fn a_domain_is_a_host_name() {
        let label = "a".repeat(63);
        let long = [&*label, &label, &label, &label[..61]].join(".");
        for domain in ["example.org", "EXAMPLE.org", "a", "1and1.example", "a--b.c-d", "127.0.0.1"]
            .into_iter()
            .chain([&*label, &*long])
        {
            builds(cookie().domain(domain), &["a=b; Domain=", domain].concat());
        }
        for (domain, offset) in [
            ("", 0),
            (".", 0),
            (".example.org", 0),
            ("example.org.", 12),
            ("a..b", 2),
            ("-a", 0),
            ("a.-b", 2),
            ("a-", 1),
            ("ab-.c", 2),
            ("a_b", 1),
            ("a.b:80", 3),
            ("[::1]", 0),
            ("a.bücher", 3),
            ("a b", 1),
            ("a;b", 1),
            ("a.%41", 2),
            (&[&*label, "a"].concat(), 63),
            (&[&*long, "a"].concat(), 253),
        ] {
            refuses(cookie().domain(domain), CookieErrorKind::Domain, offset);
        }
    }

    #[test]
    fn a_path_begins_with_a_slash_and_ends_the_attribute() {
        use CookieErrorKind::{Attribute, AttributeTooLong, Path};
        for path in ["/", "//", "/a b=c,\"d\"\\?#%", "/~"] {
            builds(cookie().path(path), &["a=b; Path=", path].concat());
        }
        refuses(cookie().path(""), Path, 0);
        refuses(cookie().path("a"), Path, 0);
        refuses(cookie().path(" /"), Path, 0);
        refuses(cookie().path("/ "), Attribute(b' '), 1);
        refuses(cookie().path("/a;b"), Attribute(b';'), 2);
        refuses(cookie().path("/\t"), Attribute(b'\t'), 1);
        refuses(cookie().path("/é"), Attribute(0xc3), 1);
        refuses(cookie().path("/\r\n"), Attribute(b'\r'), 1);
        builds(cookie().path("/".repeat(1024)), &["a=b; Path=", &"/".repeat(1024)].concat());
        refuses(cookie().path("/".repeat(1025)), AttributeTooLong(1024), 1024);
    }

    #[test]
    fn no_known_attribute_can_be_forged() {
        use CookieErrorKind::{Attribute, AttributeTooLong, Extension, Name, Token};
        for known in KNOWN {
            for name in [known.to_ascii_lowercase(), known.to_ascii_uppercase()] {
                refuses(cookie().attribute(name, "x"), Extension, 0);
            }
        }
        refuses(cookie().attribute("", "x"), Name, 0);
        refuses(cookie().attribute("Path ", "x"), Token(b' '), 4);
        refuses(cookie().attribute("Path=", "x"), Token(b'='), 4);
        refuses(cookie().attribute("x;Path", "x"), Token(b';'), 1);
        refuses(cookie().attribute("x", "; Secure"), Attribute(b';'), 0);
        refuses(cookie().attribute("x", " y"), Attribute(b' '), 0);
        refuses(cookie().attribute("x", "y "), Attribute(b' '), 1);
        refuses(cookie().attribute("x".repeat(1025), ""), AttributeTooLong(1024), 1024);
        refuses(cookie().attribute("x", "y".repeat(1025)), AttributeTooLong(1024), 1024);
    }

    #[test]
    fn times_are_what_user_agents_read() {
        let first = HttpDate::from_unix(-11_644_473_600);
        builds(cookie().expires(first), "a=b; Expires=Mon, 01 Jan 1601 00:00:00 GMT");
        builds(cookie().expires(HttpDate::MAX), "a=b; Expires=Fri, 31 Dec 9999 23:59:59 GMT");
        let before = HttpDate::from_unix(first.unix() - 1);
        refuses(cookie().expires(before), CookieErrorKind::Year, 0);
        refuses(cookie().expires(HttpDate::MIN), CookieErrorKind::Year, 0);
        for (age, expected) in [
            (Duration::ZERO, "a=b; Max-Age=0"),
            (Duration::from_nanos(1), "a=b; Max-Age=1"),
            (Duration::from_millis(1500), "a=b; Max-Age=2"),
            (Duration::from_secs(86_400), "a=b; Max-Age=86400"),
            (Duration::MAX, "a=b; Max-Age=9223372036854775807"),
        ] {
            builds(cookie().max_age(age), expected);
        }
    }

    #[test]
    fn what_other_sites_may_use_is_secure() {
        refuses(cookie().same_site(SameSite::None), CookieErrorKind::Secure, 0);
        refuses(cookie().partitioned(), CookieErrorKind::Secure, 0);
        builds(cookie().partitioned().secure(), "a=b; Secure; Partitioned");
        builds(cookie().same_site(SameSite::None).secure(), "a=b; Secure; SameSite=None");
        builds(cookie().same_site(SameSite::Lax), "a=b; SameSite=Lax");
        builds(cookie().same_site(SameSite::Strict), "a=b; SameSite=Strict");
    }

    #[test]
    fn a_prefix_is_a_promise() {
        let names = ["__Secure-a", "__Http-a", "__Host-a", "__HOST-http-a", "__Hos-a"];
        let kinds = [Prefix::Secure, Prefix::Http, Prefix::Host, Prefix::HostHttp];
        let needs = [0b0001, 0b0011, 0b1101, 0b1111, 0];
        for (index, (name, needs)) in names.into_iter().zip(needs).enumerate() {
            for bits in 0..16 {
                let mut builder = SetCookie::builder(name, "");
                builder = if bits & 1 > 0 { builder.secure() } else { builder };
                builder = if bits & 2 > 0 { builder.http_only() } else { builder };
                builder = if bits & 4 > 0 { builder } else { builder.domain("example.org") };
                builder = builder.path(if bits & 8 > 0 { "/" } else { "/a" });
                match builder.build() {
                    Ok(_) => assert_eq!(bits & needs, needs, "{name} {bits:b}"),
                    Err(error) => {
                        assert_eq!(error.kind(), CookieErrorKind::Prefix(kinds[index]));
                        assert_ne!(bits & needs, needs, "{name} {bits:b}");
                    }
                }
            }
        }
        let kind = CookieErrorKind::Prefix(Prefix::Host);
        refuses(SetCookie::builder("__Host-a", "").secure(), kind, 0);
    }

    #[test]
    fn the_first_error_is_told() {
        let builder = SetCookie::builder("__Host-a", "b").path("a").domain(".").value_encoded("");
        refuses(builder, CookieErrorKind::Path, 0);
        refuses(SetCookie::builder(" ", ";").path(""), CookieErrorKind::Token(b' '), 0);
    }

    #[test]
    fn debug_shows_no_value() {
        let shown = alloc::format!("{:?}", SetCookie::builder("a\n", "secret"));
        assert_eq!(shown, "SetCookieBuilder(\"a\\n\")");
    }

    #[track_caller]
    fn is_removed_by(text: &str, profile: Profile, expected: &str) {
        let removal = SetCookie::parse_as(text.as_bytes(), profile).unwrap().removal();
        let gone = "; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0";
        assert_eq!(removal.text, expected.replace("..gone", gone).as_bytes());
        is_read_back(&removal, profile);
    }

    #[test]
    fn a_removal_is_the_same_cookie_without_a_value() {
        let bis = Profile::Rfc6265bis;
        is_removed_by("a=b", bis, "a=..gone");
        is_removed_by("a=b; Max-Age=60; Expires=x; Priority=High", bis, "a=..gone");
        is_removed_by(
            "a=b;PARTITIONED;samesite=none;httponly;secure;path=/c;domain=D",
            bis,
            "a=; Domain=D; Path=/c..gone; Secure; HttpOnly; SameSite=None; Partitioned",
        );
        // What lenient reading leaves of an attribute is what it leaves again.
        is_removed_by("a=b; Path=c; Domain=.d", bis, "a=; Domain=d..gone");
        is_removed_by("a=b; Domain=..d", bis, "a=; Domain=..d..gone");
        is_removed_by("a=b; Domain=. d", bis, "a=; Domain=. d..gone");
        is_removed_by("a=b; Domain=.\td", bis, "a=; Domain=.\td..gone");
        is_removed_by("\"a\" b=c", bis, "\"a\" b=..gone");
        is_removed_by("token", bis, "=token..gone");
        is_removed_by("=b=c; Path=/", bis, "=b=c; Path=/..gone");
        let path = ["/", &"p".repeat(2000)].concat();
        let with = |profile, expected: &str| {
            is_removed_by(&["a=b; Path=", &path].concat(), profile, expected);
        };
        with(bis, "a=..gone");
        with(Profile::Rfc6265, &["a=; Path=", &path, "..gone"].concat());
    }
}
