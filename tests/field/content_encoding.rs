//! Laws of Content-Encoding: what is written is read back, in order.

use nethttp::field::{ContentCoding, ContentEncoding};
use nethttp::header::HeaderMap;
use proptest::prelude::*;

const NAMES: [&str; 9] =
    ["gzip", "x-gzip", "br", "deflate", "zstd", "compress", "x-compress", "exi", "identity"];

proptest! {
    #[test]
    fn what_is_written_is_read_back(
        names in prop::collection::vec(prop::sample::select(&NAMES[..]), 0..=ContentEncoding::MAX_CODINGS),
        upper in any::<bool>(),
    ) {
        let spelled = |name: &&str| if upper { name.to_ascii_uppercase() } else { (*name).to_owned() };
        let spelled: Vec<String> = names.iter().map(spelled).collect();
        let built: ContentEncoding =
            spelled.iter().map(|name| ContentCoding::parse(name.as_bytes()).unwrap()).collect();
        let (written, joined) = (built.to_string(), spelled.join(","));
        prop_assert_eq!(&ContentEncoding::parse(written.as_bytes()).unwrap(), &built);
        prop_assert_eq!(&ContentEncoding::parse(joined.as_bytes()).unwrap(), &built);

        // The names are those that were given, but for identity and other names of the same.
        let given = names.iter().filter(|name| **name != "identity");
        let plain = given.map(|name| name.strip_prefix("x-").unwrap_or(name));
        let read: Vec<String> = built.codings().map(|c| c.as_str().to_ascii_lowercase()).collect();
        prop_assert_eq!(read, plain.collect::<Vec<_>>());

        let mut headers = HeaderMap::new();
        for name in &spelled {
            headers.append("Content-Encoding", name).unwrap();
        }
        prop_assert_eq!(&ContentEncoding::from_headers(&headers).unwrap(), &built);
    }

    /// To decode with a coding left out is worse than not to decode.
    #[test]
    fn no_member_is_lost(line in "[a-c, ;\"=]{0,8}") {
        let mut headers = HeaderMap::new();
        headers.append("Content-Encoding", line.trim()).unwrap();
        if let Ok(encoding) = ContentEncoding::from_headers(&headers) {
            let members = line.split(',').map(str::trim).filter(|member| !member.is_empty());
            let read: Vec<&str> = encoding.codings().map(ContentCoding::as_str).collect();
            prop_assert_eq!(read, members.collect::<Vec<_>>());
        }
    }
}
