//! Laws of the jar of a handler: it begins with what was received, and writes any cookie there is.

use nethttp::cookie::{CookiePairs, DeltaJar, SetCookie};
use nethttp::header::{self, HeaderMap};
use proptest::prelude::*;

proptest! {
    #[test]
    fn any_cookie_that_was_read_can_be_put_into_a_jar_and_written(text in "[ -~\t]{0,40}") {
        if let Ok(cookie) = SetCookie::parse(text.as_bytes()) {
            let mut jar = DeltaJar::new();
            jar.set(cookie.clone()).unwrap();
            let mut headers = HeaderMap::new();
            jar.apply(&mut headers).unwrap();
            prop_assert_eq!(headers.get(header::SET_COOKIE), Some(cookie.as_bytes()));
        }
    }

    #[test]
    fn a_jar_begins_with_what_was_received(fields in prop::collection::vec("[a=;\" ]{0,9}", 0..4)) {
        let mut headers = HeaderMap::new();
        for field in &fields {
            headers.append(header::COOKIE, field.trim()).unwrap();
        }
        let jar = DeltaJar::from_headers(&headers);
        let received: Vec<_> = CookiePairs::from_headers(&headers).collect();
        prop_assert_eq!(jar.iter().collect::<Vec<_>>(), received);
        prop_assert_eq!(jar.get("a"), headers.get_all(header::COOKIE).find_map(|field| {
            CookiePairs::new(field).get("a")
        }));
    }
}
