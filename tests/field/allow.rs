//! Laws of Allow: what is written is read back, and recovery loses no method.

use nethttp::field::Allow;
use nethttp::header::HeaderMap;
use nethttp::method::Method;
use proptest::prelude::*;

fn method() -> impl Strategy<Value = Method> {
    "GET|HEAD|PUT|[A-Za-z!~-]{1,32}".prop_map(|text| text.parse().unwrap())
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(methods in prop::collection::vec(method(), 0..12)) {
        let allow = Allow::from_iter(methods.iter().copied());
        prop_assert!(methods.iter().all(|method| allow.contains(*method)));
        prop_assert_eq!(Allow::parse(allow.to_string().as_bytes()), Ok(allow));
    }

    #[test]
    fn methods_are_found_among_anything(
        method in method(),
        before in "[ !#-~]{0,12}",
        after in "[ -~]{0,12}",
    ) {
        let mut headers = HeaderMap::new();
        headers.append("Allow", format!("{before},{method},{after}").trim()).unwrap();
        let allow = Allow::from_headers(&headers).unwrap();
        prop_assert!(allow.contains(method), "{:?}", allow);
        prop_assert_eq!(Allow::parse(allow.to_string().as_bytes()), Ok(allow));
    }
}
