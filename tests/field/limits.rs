//! The limits that the documentation states as numbers. Who changes one changes what messages are read.

use nethttp::field::auth::{AuthParameters, Challenges};
use nethttp::field::{
    AcceptRanges, Allow, Boundary, CacheControl, ContentDisposition, ContentEncoding,
    ContentLanguage, ETagList, MediaType, Range, RetryAfter, UserAgent, Vary,
};

#[test]
fn limits_are_what_is_documented() {
    for (name, limit, documented) in [
        ("AcceptRanges::MAX_MEMBERS", AcceptRanges::MAX_MEMBERS, 16),
        ("Allow::MAX_METHODS", Allow::MAX_METHODS, 64),
        ("AuthParameters::MAX_PARAMETERS", AuthParameters::MAX_PARAMETERS, 32),
        ("Boundary::MAX_LEN", Boundary::MAX_LEN, 70),
        ("CacheControl::MAX_EXTENSIONS", CacheControl::MAX_EXTENSIONS, 32),
        ("CacheControl::MAX_FIELDS", CacheControl::MAX_FIELDS, 64),
        ("ContentDisposition::MAX_PARAMETERS", ContentDisposition::MAX_PARAMETERS, 64),
        ("Challenges::MAX_CHALLENGES", Challenges::MAX_CHALLENGES, 16),
        ("ContentEncoding::MAX_CODINGS", ContentEncoding::MAX_CODINGS, 5),
        ("ContentLanguage::MAX_TAGS", ContentLanguage::MAX_TAGS, 64),
        ("ETagList::MAX_MEMBERS", ETagList::MAX_MEMBERS, 128),
        ("MediaType::MAX_PARAMETERS", MediaType::MAX_PARAMETERS, 64),
        ("Range::MAX_MEMBERS", Range::MAX_MEMBERS, 200),
        ("Range::MAX_PARTS", Range::MAX_PARTS, 16),
        ("UserAgent::MAX_DEPTH", UserAgent::MAX_DEPTH, 16),
        ("Vary::MAX_NAMES", Vary::MAX_NAMES, 64),
    ] {
        assert_eq!(limit, documented, "{name}");
    }
    assert_eq!((CacheControl::MAX_SECONDS, Range::PART_OVERHEAD), (1 << 31, 80));
    assert_eq!(RetryAfter::MAX_DELAY.as_secs(), 1 << 31);
}
