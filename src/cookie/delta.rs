//! The cookies of a request with the changes that a handler makes to them.

use alloc::vec::Vec;
use core::fmt;

use super::error::{CookieError, CookieErrorKind};
use super::{CookiePair, CookiePairs, SetCookie};
use crate::field::HttpDate;
use crate::header::{self, HeaderError, HeaderMap};

/// The cookies of a request, and the changes to them that go into the response.
///
/// It begins with what the client has sent, shows the changes on top, and writes nothing but these: a
/// `Set-Cookie` field for each cookie that was set or removed.
///
/// A cookie is the same as another if name, domain, path and `Partitioned` are; a later change then takes the
/// place of the earlier, so that a response never has two fields for one cookie
/// ([RFC 6265 §4.1.1](https://www.rfc-editor.org/rfc/rfc6265#section-4.1.1)). What a client sends has a
/// name and a value only, and so a change hides all that came under its name.
///
/// # Examples
///
/// ```
/// use nethttp::cookie::{DeltaJar, SetCookie};
/// use nethttp::{Request, Response, StatusCode};
///
/// let mut request = Request::default();
/// request.headers_mut().append("Cookie", "sid=31d4; theme=dark")?;
///
/// let mut jar = DeltaJar::from_headers(request.headers());
/// jar.set(SetCookie::builder("seen", "1").path("/").build()?)?;
/// jar.remove(&SetCookie::builder("sid", "").path("/").build()?)?;
/// assert_eq!(jar.get("theme").and_then(|it| it.text()), Some("dark"));
/// assert_eq!(jar.get("seen").and_then(|it| it.text()), Some("1"));
/// assert_eq!(jar.get("sid"), None);
///
/// let mut response = Response::new(StatusCode::OK);
/// jar.apply(response.headers_mut())?;
/// let fields: Vec<_> = response.headers().get_all("Set-Cookie").collect();
/// assert_eq!(fields, [
///     &b"seen=1; Path=/"[..],
///     b"sid=; Path=/; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0",
/// ]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct DeltaJar {
    /// What the client has sent, as the value of one field.
    received: Vec<u8>,
    /// One of each identity, in the order in which they were made.
    changes: Vec<SetCookie<'static>>,
}

impl DeltaJar {
    /// The changes that a jar takes, 180: user agents keep no more cookies of a domain.
    ///
    /// ```
    /// use nethttp::cookie::{DeltaJar, SetCookie};
    ///
    /// let mut jar = DeltaJar::new();
    /// for number in 0..DeltaJar::MAX_CHANGES {
    ///     jar.set(SetCookie::builder(number.to_string(), "").build()?)?;
    /// }
    /// assert!(jar.set(SetCookie::builder("other", "").build()?).is_err());
    /// assert!(jar.set(SetCookie::builder("0", "again").build()?).is_ok());
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    pub const MAX_CHANGES: usize = 180;

    /// Creates a jar without cookies.
    ///
    /// ```
    /// use nethttp::cookie::DeltaJar;
    ///
    /// assert_eq!(DeltaJar::new().iter().count(), 0);
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { received: Vec::new(), changes: Vec::new() }
    }

    /// Creates a jar of the cookies of a request, which are copied: the request is free for other use.
    ///
    /// ```
    /// use nethttp::cookie::DeltaJar;
    /// use nethttp::header::{self, HeaderMap};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append(header::COOKIE, "sid=31d4")?;
    /// let jar = DeltaJar::from_headers(&headers);
    /// assert_eq!(jar.get("sid").and_then(|it| it.text()), Some("31d4"));
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let mut received = Vec::new();
        for field in headers.get_all(header::COOKIE) {
            received.extend_from_slice(field);
            received.push(b';');
        }
        Self { received, changes: Vec::new() }
    }

    /// Returns the cookie of a name that is in effect: the one that was set last, none if it was removed,
    /// and without a change the first that the client has sent. Case matters.
    ///
    /// ```
    /// use nethttp::cookie::{DeltaJar, SetCookie};
    ///
    /// let mut jar = DeltaJar::new();
    /// jar.set(SetCookie::builder("lang", "sv").build()?)?;
    /// assert_eq!(jar.get("lang").map(|it| it.value()), Some(&b"sv"[..]));
    /// assert_eq!(jar.get("Lang"), None);
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    #[must_use]
    pub fn get(&self, name: impl AsRef<[u8]>) -> Option<CookiePair<'_>> {
        let name = name.as_ref();
        if self.is_changed(name) {
            return self.set_pairs().find(|pair| pair.name() == name);
        }
        CookiePairs::new(&self.received).get(name)
    }

    /// Sets a cookie. One whose `Max-Age` is zero or less, or which without one expires in 1970 or before,
    /// is removed by that.
    ///
    /// # Errors
    ///
    /// [`CookieErrorKind::TooMany`] at more than [`MAX_CHANGES`](Self::MAX_CHANGES); the jar is then
    /// unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::{DeltaJar, SetCookie};
    ///
    /// let mut jar = DeltaJar::new();
    /// jar.set(SetCookie::builder("step", "1").build()?)?;
    /// jar.set(SetCookie::builder("step", "2").build()?)?;
    /// assert_eq!(jar.changes().count(), 1);
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    pub fn set(&mut self, cookie: SetCookie<'_>) -> Result<(), CookieError> {
        let earlier = self.changes.iter().position(|it| is_same(it, &cookie));
        if let Some(index) = earlier {
            self.changes.remove(index);
        } else if self.changes.len() >= Self::MAX_CHANGES {
            return Err(CookieError::new(CookieErrorKind::TooMany(Self::MAX_CHANGES), 0));
        }
        self.changes.push(cookie.into_owned());
        Ok(())
    }

    /// Removes a cookie that was set like this one, by [`SetCookie::removal`]; the value does not matter.
    ///
    /// The removal is sent even if the cookie was only now set, or never received: the client may have
    /// one for another path, which it did not send.
    ///
    /// # Errors
    ///
    /// [`CookieErrorKind::TooMany`] at more than [`MAX_CHANGES`](Self::MAX_CHANGES); the jar is then
    /// unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::{CookieError, DeltaJar, SetCookie};
    ///
    /// fn session(id: &str) -> Result<SetCookie<'static>, CookieError> {
    ///     SetCookie::builder("__Host-sid", id).path("/").secure().http_only().build()
    /// }
    ///
    /// let mut jar = DeltaJar::new();
    /// jar.set(session("31d4d96e")?)?;
    /// jar.remove(&session("")?)?;
    /// assert_eq!(jar.get("__Host-sid"), None);
    /// # Ok::<(), CookieError>(())
    /// ```
    pub fn remove(&mut self, cookie: &SetCookie<'_>) -> Result<(), CookieError> {
        self.set(cookie.removal())
    }

    /// Returns the cookies that are in effect: those that were set, the last one first, and those of the
    /// client under whose names nothing was changed, in its order. The first of a name is the one that
    /// [`get`](Self::get) returns.
    ///
    /// ```
    /// use nethttp::cookie::{DeltaJar, SetCookie};
    /// use nethttp::header::{self, HeaderMap};
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append(header::COOKIE, "a=1; b=2")?;
    /// let mut jar = DeltaJar::from_headers(&headers);
    /// jar.set(SetCookie::builder("b", "3").build()?)?;
    /// let pairs: Vec<_> = jar.iter().map(|it| it.to_string()).collect();
    /// assert_eq!(pairs, ["b=3", "a=1"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn iter(&self) -> impl Iterator<Item = CookiePair<'_>> {
        let kept = CookiePairs::new(&self.received).filter(|pair| !self.is_changed(pair.name()));
        self.set_pairs().chain(kept)
    }

    /// Returns the changes in the order in which they were made, removals included.
    ///
    /// ```
    /// use nethttp::cookie::{DeltaJar, SetCookie};
    ///
    /// let mut jar = DeltaJar::new();
    /// jar.remove(&SetCookie::builder("a", "").build()?)?;
    /// assert_eq!(jar.changes().next().and_then(|it| it.max_age()), Some(0));
    /// # Ok::<(), nethttp::cookie::CookieError>(())
    /// ```
    pub fn changes(&self) -> impl Iterator<Item = &SetCookie<'static>> {
        self.changes.iter()
    }

    /// Adds a `Set-Cookie` field for each change to the fields of a response. Fields that are there
    /// already stay.
    ///
    /// # Errors
    ///
    /// A limit of the map; it is then unchanged.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::{DeltaJar, SetCookie};
    /// use nethttp::header::{self, HeaderMap};
    ///
    /// let mut jar = DeltaJar::new();
    /// jar.set(SetCookie::builder("lang", "sv").build()?)?;
    ///
    /// let mut headers = HeaderMap::new();
    /// jar.apply(&mut headers)?;
    /// assert_eq!(headers.text(header::SET_COOKIE), Some("lang=sv"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn apply(&self, headers: &mut HeaderMap) -> Result<(), HeaderError> {
        let mut fields = HeaderMap::new();
        for change in &self.changes {
            fields.append(header::SET_COOKIE, change)?;
        }
        headers.append_all(&fields)
    }

    fn is_changed(&self, name: &[u8]) -> bool {
        self.changes.iter().any(|it| it.name() == name)
    }

    /// What was set and not removed, the last one first.
    fn set_pairs(&self) -> impl Iterator<Item = CookiePair<'_>> {
        let set = self.changes.iter().rev().filter(|it| !is_removal(it));
        set.map(|it| CookiePair::new(it.name(), it.value()))
    }
}

/// Shows the names of the changes and no values, so that secrets stay out of logs.
impl fmt::Debug for DeltaJar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DeltaJar(")?;
        for (index, change) in self.changes.iter().enumerate() {
            let comma = if index > 0 { ", " } else { "" };
            write!(f, "{comma}{}", change.name().escape_ascii())?;
        }
        f.write_str(")")
    }
}

/// Returns whether a cookie has expired whatever the time: the year is that of many who remove one so.
fn is_removal(cookie: &SetCookie<'_>) -> bool {
    const END_OF_1970: HttpDate = HttpDate::from_unix(365 * 24 * 60 * 60 - 1);
    match cookie.max_age() {
        Some(age) => age <= 0,
        None => cookie.expires().is_some_and(|date| date <= END_OF_1970),
    }
}

/// Returns whether a user agent that stores the one forgets the other.
fn is_same(one: &SetCookie<'_>, other: &SetCookie<'_>) -> bool {
    let is_same_domain = match (one.domain(), other.domain()) {
        (Some(one), Some(other)) => one.eq_ignore_ascii_case(other),
        (one, other) => one == other,
    };
    one.name() == other.name()
        && one.path() == other.path()
        && one.is_partitioned() == other.is_partitioned()
        && is_same_domain
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::{String, ToString};
    use proptest::prelude::*;

    fn jar(received: &[&str]) -> DeltaJar {
        let mut headers = HeaderMap::new();
        for field in received {
            headers.append(header::COOKIE, field).unwrap();
        }
        DeltaJar::from_headers(&headers)
    }

    fn cookie(text: &str) -> SetCookie<'_> {
        SetCookie::parse(text.as_bytes()).unwrap()
    }

    fn shown<'a>(pairs: impl Iterator<Item = CookiePair<'a>>) -> Vec<String> {
        pairs.map(|it| it.to_string()).collect()
    }

    #[track_caller]
    fn writes(jar: &DeltaJar, expected: &[&str]) {
        let mut headers = HeaderMap::new();
        jar.apply(&mut headers).unwrap();
        let fields: Vec<_> =
            headers.iter().map(|(name, value)| (name.to_string(), value)).collect();
        let expected: Vec<_> =
            expected.iter().map(|it| ("Set-Cookie".to_string(), it.as_bytes())).collect();
        assert_eq!(fields, expected);
    }

    const GONE: &str = "; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0";

    #[test]
    fn without_a_change_it_is_what_was_received_and_writes_nothing() {
        let jar = jar(&["a=1; b=2; a=3", "nameless", "c=x; ;"]);
        assert_eq!(shown(jar.iter()), ["a=1", "b=2", "a=3", "nameless", "c=x"]);
        assert_eq!(jar.get("a").map(|it| it.value()), Some(&b"1"[..]));
        assert_eq!(jar.get("").map(|it| it.value()), Some(&b"nameless"[..]));
        assert_eq!(jar.get("d"), None);
        writes(&jar, &[]);
    }

    #[test]
    fn a_change_hides_all_that_was_received_under_its_name() {
        let mut jar = jar(&["a=1; b=2; a=3; A=4"]);
        jar.set(cookie("a=5; Path=/x")).unwrap();
        assert_eq!(shown(jar.iter()), ["a=5", "b=2", "A=4"]);
        jar.remove(&cookie("b=")).unwrap();
        assert_eq!(shown(jar.iter()), ["a=5", "A=4"]);
        assert_eq!(jar.get("b"), None);
        writes(&jar, &["a=5; Path=/x", &["b=", GONE].concat()]);
    }

    #[test]
    fn a_later_change_takes_the_place_of_one_to_the_same_cookie() {
        let mut jar = DeltaJar::new();
        for text in
            ["a=1; Path=/; Domain=x.example", "b=1", "a=2; Domain=.X.Example; Path=/; Secure"]
        {
            jar.set(cookie(text)).unwrap();
        }
        writes(&jar, &["b=1", "a=2; Domain=.X.Example; Path=/; Secure"]);
        jar.remove(&cookie("a=; path=/; domain=X.EXAMPLE")).unwrap();
        writes(&jar, &["b=1", &["a=; Domain=X.EXAMPLE; Path=/", GONE].concat()]);
        jar.set(cookie("a=3; Domain=x.example; Path=/")).unwrap();
        writes(&jar, &["b=1", "a=3; Domain=x.example; Path=/"]);
        assert_eq!(jar.get("a").map(|it| it.value()), Some(&b"3"[..]));
    }

    #[test]
    fn cookies_of_other_paths_domains_cases_and_partitions_are_others() {
        let texts = [
            "a=1",
            "A=1",
            "a=1; Path=/",
            "a=1; Path=/B",
            "a=1; Path=/b",
            "a=1; Domain=x.example",
            "a=1; Secure; Partitioned",
        ];
        let mut jar = DeltaJar::new();
        for text in texts {
            jar.set(cookie(text)).unwrap();
        }
        writes(&jar, &texts);
    }

    #[test]
    fn what_was_removed_for_one_path_is_still_in_effect_for_another() {
        let mut jar = DeltaJar::new();
        jar.set(cookie("a=1; Path=/")).unwrap();
        jar.remove(&cookie("a=; Path=/old")).unwrap();
        assert_eq!(jar.get("a").map(|it| it.value()), Some(&b"1"[..]));
        jar.set(cookie("a=2; Path=/new")).unwrap();
        assert_eq!(shown(jar.iter()), ["a=2", "a=1"]);
    }

    #[test]
    fn a_cookie_that_is_set_to_have_expired_is_removed() {
        let mut jar = jar(&["a=1; b=2"]);
        jar.set(cookie("a=1; Max-Age=0")).unwrap();
        jar.set(cookie("b=1; Max-Age=-1")).unwrap();
        jar.set(cookie("c=1; Expires=Thu, 01 Jan 1970 00:00:01 GMT")).unwrap();
        assert_eq!(jar.iter().next(), None);
        writes(
            &jar,
            &["a=1; Max-Age=0", "b=1; Max-Age=-1", "c=1; Expires=Thu, 01 Jan 1970 00:00:01 GMT"],
        );
        jar.set(cookie("a=1; Max-Age=1; Expires=Thu, 01 Jan 1970 00:00:00 GMT")).unwrap();
        jar.set(cookie("b=1; Expires=Fri, 01 Jan 1971 00:00:00 GMT")).unwrap();
        assert_eq!(shown(jar.iter()), ["b=1", "a=1"]);
    }

    #[test]
    fn fields_that_are_there_already_stay_and_a_full_map_is_left_alone() {
        let mut jar = DeltaJar::new();
        jar.set(cookie("a=1")).unwrap();
        jar.set(cookie("b=1")).unwrap();
        let limits = header::Limits::DEFAULT.fields(3);
        let mut headers = HeaderMap::with_limits(limits);
        headers.append(header::SET_COOKIE, "c=1").unwrap();
        jar.apply(&mut headers).unwrap();
        let fields: Vec<_> = headers.get_all(header::SET_COOKIE).collect();
        assert_eq!(fields, [&b"c=1"[..], b"a=1", b"b=1"]);
        assert!(jar.apply(&mut headers).is_err());
        assert_eq!(headers.len(), 3);
    }

    #[test]
    fn a_jar_that_is_full_says_so_and_still_changes_what_it_has() {
        let mut jar = DeltaJar::new();
        for number in 0..DeltaJar::MAX_CHANGES {
            jar.set(SetCookie::builder(number.to_string(), "").build().unwrap()).unwrap();
        }
        for outcome in [jar.clone().set(cookie("a=")), jar.clone().remove(&cookie("a="))] {
            assert_eq!(outcome.unwrap_err().kind(), CookieErrorKind::TooMany(180));
        }
        jar.remove(&cookie("7=")).unwrap();
        assert_eq!(jar.changes().count(), 180);
    }

    #[test]
    fn debug_shows_no_value() {
        let mut jar = jar(&["a=secret"]);
        jar.set(cookie("b\u{e9}=secret")).unwrap();
        jar.set(cookie("c=secret")).unwrap();
        assert_eq!(alloc::format!("{jar:?}"), "DeltaJar(b\\xc3\\xa9, c)");
    }

    proptest! {
        #[test]
        fn one_field_for_each_cookie_and_the_first_of_a_name_is_the_one_in_effect(
            received in "([ab]=[0-9];){0,3}",
            changes in prop::collection::vec(("[abc]", "(; Path=/x?)?", any::<bool>()), 0..8),
        ) {
            let mut jar = jar(&[&received]);
            let mut last = alloc::collections::BTreeMap::new();
            for (at, (name, path, is_set)) in changes.into_iter().enumerate() {
                let text = alloc::format!("{name}={at}{path}");
                let change = cookie(&text);
                if is_set { jar.set(change).unwrap() } else { jar.remove(&change).unwrap() }
                last.insert((name, path), is_set);
            }
            prop_assert_eq!(jar.changes().count(), last.len());
            for name in ["a", "b", "c"] {
                let first = jar.iter().find(|it| it.name() == name.as_bytes());
                prop_assert_eq!(jar.get(name), first);
                let mut of_name = last.iter().filter(|it| it.0.0 == name).map(|it| *it.1).peekable();
                if of_name.peek().is_some() {
                    prop_assert_eq!(first.is_some(), of_name.any(|is_set| is_set));
                }
            }
        }
    }
}
