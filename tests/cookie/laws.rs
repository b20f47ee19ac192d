//! Laws: what reads and writes agrees with itself.

use nethttp::cookie::{CookieJar, CookiePairs, Profile, SetCookie};
use proptest::prelude::*;

use super::kit::uri;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    /// All pairs but those of cookies without a name whose value has an equals sign: these become a name
    /// and a value, as they do in browsers.
    #[test]
    fn what_the_jar_sends_is_read_as_it_was(lines in prop::collection::vec("[ab=\" \té]{0,8}(; Path=/[ab])?", 1..8)) {
        let mut jar = CookieJar::new();
        let (uri, context) = (uri("https://example.org/a/b"), super::kit::at(0));
        for line in &lines {
            let cookie = SetCookie::parse(line.as_bytes());
            if let Ok(cookie) = cookie && !(cookie.name().is_empty() && cookie.value().contains(&b'=')) {
                jar.store(&uri, &cookie, &context).unwrap();
            }
        }
        let value = jar.peek_header(&uri, &context);
        let value = value.as_ref().map_or(&b""[..], |value| value.as_bytes());
        let read: Vec<_> = CookiePairs::new(value).map(|it| (it.name(), it.value())).collect();
        let sent: Vec<_> = jar.matches(&uri, &context).map(|it| (it.name(), it.value())).collect();
        prop_assert_eq!(read, sent);
    }

    #[test]
    fn whatever_comes_is_read(line in prop::collection::vec(any::<u8>(), 0..200)) {
        for profile in [Profile::Rfc6265, Profile::Rfc6265bis] {
            if let Err(error) = SetCookie::parse_as(&line, profile) {
                prop_assert!(error.offset() <= line.len());
            }
        }
        let len: usize = CookiePairs::new(&line).map(|it| it.name().len() + it.value().len()).sum();
        prop_assert!(len <= line.len());
    }

    #[test]
    fn the_text_of_a_cookie_is_the_same_cookie(line in "[ab=;\" \té/]{0,20}(; ?(Path=/x|Domain=.y|Max-Age=-?1|Secure|SameSite=Lax|q=1) ?){0,4}") {
        let Ok(cookie) = SetCookie::parse(line.as_bytes()) else {
            return Ok(());
        };
        let again = SetCookie::parse(cookie.as_bytes()).unwrap();
        prop_assert_eq!(again.as_bytes(), cookie.as_bytes());
        let owned = again.clone().into_owned();
        prop_assert_eq!(&owned, &again);
        prop_assert_eq!(all_of(&again), all_of(&cookie));
        prop_assert_eq!(all_of(&owned), all_of(&cookie));
    }
}

fn all_of(cookie: &SetCookie<'_>) -> String {
    format!(
        "{:?}",
        (
            (cookie.name(), cookie.value(), cookie.unquoted(), cookie.prefix()),
            (cookie.domain(), cookie.path(), cookie.expires(), cookie.max_age()),
            (
                cookie.is_secure(),
                cookie.is_http_only(),
                cookie.is_partitioned(),
                cookie.same_site()
            ),
            cookie.attributes().collect::<Vec<_>>(),
        )
    )
}

#[test]
fn a_nameless_value_with_an_equals_sign_gains_a_name() {
    let mut jar = CookieJar::new();
    super::kit::add(&mut jar, "http://example.org/", "=a=b");
    assert_eq!(super::kit::sent(&jar, "http://example.org/"), "a=b");
    let (cookie, pair) = (jar.iter().next().unwrap(), CookiePairs::new(b"a=b").next().unwrap());
    assert_eq!((cookie.name(), cookie.value()), (&b""[..], &b"a=b"[..]));
    assert_eq!((pair.name(), pair.value()), (&b"a"[..], &b"b"[..]));
}
