//! Laws of what a server writes: it is read back as it was meant, and nothing breaks out of its place.

use std::time::Duration;

use nethttp::cookie::{CookieError, Profile, SameSite, SetCookie, SetCookieBuilder};
use nethttp::field::HttpDate;
use nethttp::header::HeaderValue;
use nethttp::syntax::percent_decode;
use proptest::prelude::*;

const PROFILES: [Profile; 2] = [Profile::Rfc6265, Profile::Rfc6265bis];

/// What a cookie is made of, to build it and to compare it with.
#[derive(Clone, Debug, Default)]
struct Wanted {
    name: Vec<u8>,
    value: Vec<u8>,
    domain: Option<Vec<u8>>,
    path: Option<Vec<u8>>,
    expires: Option<i64>,
    max_age: Option<u32>,
    secure: bool,
    http_only: bool,
    same_site: Option<SameSite>,
    partitioned: bool,
    others: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Wanted {
    fn build(&self) -> Result<SetCookie<'static>, CookieError> {
        let with = |flag: bool, builder: SetCookieBuilder, set: fn(_) -> _| {
            if flag { set(builder) } else { builder }
        };
        let mut it = SetCookie::builder(&self.name, &self.value);
        it = self.others.iter().fold(it, |it, (name, value)| it.attribute(name, value));
        it = with(self.secure, it, SetCookieBuilder::secure);
        it = with(self.http_only, it, SetCookieBuilder::http_only);
        it = with(self.partitioned, it, SetCookieBuilder::partitioned);
        it = self.domain.iter().fold(it, SetCookieBuilder::domain);
        it = self.path.iter().fold(it, SetCookieBuilder::path);
        it = self.same_site.into_iter().fold(it, SetCookieBuilder::same_site);
        it = self.expires.iter().fold(it, |it, &date| it.expires(HttpDate::from_unix(date)));
        let age = self.max_age.map(|seconds| Duration::from_secs(seconds.into()));
        age.into_iter().fold(it, SetCookieBuilder::max_age).build()
    }

    #[track_caller]
    fn is_read_from(&self, text: &[u8]) {
        HeaderValue::parse(text).unwrap();
        for profile in PROFILES {
            let read = SetCookie::parse_as(text, profile).unwrap();
            assert_eq!((read.name(), read.value()), (&*self.name, &*self.value));
            assert_eq!(read.domain(), self.domain.as_deref());
            assert_eq!(read.path(), self.path.as_deref());
            assert_eq!(read.expires().map(HttpDate::unix), self.expires);
            assert_eq!(read.max_age(), self.max_age.map(i64::from));
            assert_eq!((read.is_secure(), read.is_http_only()), (self.secure, self.http_only));
            assert_eq!(
                (read.same_site(), read.is_partitioned()),
                (self.same_site, self.partitioned)
            );
            let known = [self.domain.is_some(), self.path.is_some(), self.expires.is_some()];
            let flags = [self.max_age.is_some(), self.secure, self.http_only];
            let more = [self.same_site.is_some(), self.partitioned];
            let known = known.iter().chain(&flags).chain(&more).filter(|it| **it).count();
            let others: Vec<_> = read.attributes().skip(known).collect();
            let expected: Vec<_> = self.others.iter().map(|it| (&*it.0, &*it.1)).collect();
            assert_eq!(others, expected);
        }
    }
}

/// The bytes of a token, by the ABNF of RFC 9110.
fn is_tchar(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&octet)
}

fn is_cookie_octet(octet: u8) -> bool {
    octet.is_ascii_graphic() && !b"\",;\\".contains(&octet)
}

fn is_av_octet(octet: u8) -> bool {
    (b' '..=b'~').contains(&octet) && octet != b';'
}

/// Puts every byte at both ends and in the middle of a text, and asks whether it should pass.
#[track_caller]
fn every_byte(wanted: fn(Vec<u8>) -> Wanted, passes: fn(u8, usize) -> bool) {
    for octet in 0..=255 {
        for at in 0..3 {
            let mut text = b"xyz".to_vec();
            text[at] = octet;
            let wanted = wanted(text);
            let built = wanted.build();
            assert_eq!(built.is_ok(), passes(octet, at), "{octet:#04x} at {at}: {built:?}");
            if let Ok(cookie) = built {
                wanted.is_read_from(cookie.as_bytes());
            }
        }
    }
}

fn plain() -> Wanted {
    Wanted { name: b"a".to_vec(), value: b"b".to_vec(), ..Wanted::default() }
}

#[test]
fn every_byte_of_a_name_is_refused_or_read_back() {
    every_byte(|name| Wanted { name, ..plain() }, |octet, _| is_tchar(octet));
}

#[test]
fn every_byte_of_a_value_is_refused_or_read_back() {
    every_byte(|value| Wanted { value, ..plain() }, |octet, _| is_cookie_octet(octet));
    let quoted = |value: Vec<u8>| Wanted { value: [b"\"", &*value, b"\""].concat(), ..plain() };
    every_byte(quoted, |octet, _| is_cookie_octet(octet));
}

#[test]
fn every_byte_of_a_domain_is_refused_or_read_back() {
    every_byte(
        |domain| Wanted { domain: Some(domain), ..plain() },
        |octet, at| octet.is_ascii_alphanumeric() || at == 1 && b"-.".contains(&octet),
    );
}

#[test]
fn every_byte_of_a_path_is_refused_or_read_back() {
    every_byte(
        |path| Wanted { path: Some([b"/", &*path].concat()), ..plain() },
        |octet, at| is_av_octet(octet) && (octet, at) != (b' ', 2),
    );
    every_byte(|path| Wanted { path: Some(path), ..plain() }, |octet, at| (octet, at) == (b'/', 0));
}

#[test]
fn every_byte_of_an_attribute_is_refused_or_read_back() {
    every_byte(
        |name| Wanted { others: vec![(name, b"v".to_vec())], ..plain() },
        |octet, _| is_tchar(octet),
    );
    every_byte(
        |value| Wanted { others: vec![(b"N".to_vec(), value)], ..plain() },
        |octet, at| is_av_octet(octet) && (octet != b' ' || at == 1),
    );
}

#[test]
fn every_byte_can_be_encoded() {
    for octet in 0..=255 {
        let text = [b'a', octet, octet, b'%'];
        let cookie = SetCookie::builder("a", "").value_encoded(text).build().unwrap();
        let wanted = Wanted { value: cookie.value().to_vec(), ..plain() };
        wanted.is_read_from(cookie.as_bytes());
        assert_eq!(percent_decode(cookie.value()).unwrap().as_ref(), text);
    }
}

fn same_sites() -> impl Strategy<Value = Option<SameSite>> {
    prop::option::of(prop::sample::select(vec![SameSite::Strict, SameSite::Lax, SameSite::None]))
}

prop_compose! {
    /// Cookies of which many can be built.
    fn wanted()(
        name in "(__(Host|Secure|Http|host-HTTP)-)?[!-~]{0,3}[a-z]",
        value in "[ -~]{0,4}|[a-z=%]{0,8}|\"[a-z]*\"",
        domain in prop::option::of("[a-z0-9.-]{1,8}"),
        path in prop::option::of(prop_oneof!["/", "/[ -~]{0,8}"]),
        expires in prop::option::of(-12_000_000_000_i64..253_402_300_800),
        max_age in prop::option::of(any::<u32>()),
        flags in any::<[bool; 3]>(),
        same_site in same_sites(),
        others in prop::collection::btree_map("[A-Z][a-z]{0,3}", "[ -~]{0,4}", 0..3),
    ) -> Wanted {
        let [secure, http_only, partitioned] = flags;
        let bytes = |text: Option<String>| text.map(String::into_bytes);
        let others = others.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        let (name, value) = (name.into(), value.into());
        let (domain, path) = (bytes(domain), bytes(path));
        Wanted {
            name, value, domain, path, expires, max_age, secure, http_only, same_site, partitioned,
            others,
        }
    }
}

proptest! {
    #[test]
    fn what_is_built_is_read_back(wanted in wanted()) {
        if let Ok(cookie) = wanted.build() {
            wanted.is_read_from(cookie.as_bytes());
        }
    }

    #[test]
    fn a_user_agent_knows_a_removal_for_the_same_cookie(text in "[ -~\t\u{80}]{0,60}|\
        [ab]?=?[c\"= ]{0,2}(; ?(Domain=\\.{0,2} ?d|Path=/? ?p|Secure|HttpOnly|Partitioned|Max-Age=9)){0,4}")
    {
        for profile in PROFILES {
            let Ok(cookie) = SetCookie::parse_as(text.as_bytes(), profile) else { continue };
            let removal = cookie.removal();
            let read = SetCookie::parse_as(removal.as_bytes(), profile).unwrap();
            prop_assert_eq!(read.name(), cookie.name());
            prop_assert_eq!(read.domain(), cookie.domain());
            prop_assert_eq!(read.path(), cookie.path());
            prop_assert_eq!(read.prefix(), cookie.prefix());
            prop_assert_eq!(read.is_secure(), cookie.is_secure());
            prop_assert_eq!(read.is_http_only(), cookie.is_http_only());
            prop_assert_eq!(read.is_partitioned(), cookie.is_partitioned());
            prop_assert_eq!(read.same_site(), cookie.same_site());
            prop_assert_eq!((read.max_age(), read.expires().map(HttpDate::unix)), (Some(0), Some(0)));
            let again = removal.removal();
            prop_assert_eq!(again.as_bytes(), removal.as_bytes());
        }
    }
}
