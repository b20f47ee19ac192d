//! Time in proportion to the length of the text.

use std::time::{Duration, Instant};

use nethttp::method::Method;
use nethttp::uri::{RequestTarget, Uri, UriRef, check_host};

/// Ends a test that would else hang: these inputs take a hundredth of the time where the work is linear,
/// and minutes where it is quadratic.
#[track_caller]
pub(crate) fn is_quick<T>(work: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let result = work();
    assert!(start.elapsed() < Duration::from_secs(20), "{:?}", start.elapsed());
    result
}

#[test]
fn dot_segments_are_removed_in_linear_time() {
    let base = Uri::parse("http://a/b/c").unwrap();
    for (segments, expected) in [("/..", "http://a/"), ("/a/..", "http://a/"), ("/.", "http://a/")]
    {
        let reference = UriRef::parse(segments.repeat(100_000)).unwrap();
        assert_eq!(is_quick(|| base.resolve(&reference)).unwrap(), expected);
    }
    let deep = Uri::parse(format!("http://a{}", "/b".repeat(100_000))).unwrap();
    let reference = UriRef::parse("../".repeat(100_000)).unwrap();
    assert_eq!(is_quick(|| deep.resolve(&reference)).unwrap(), "http://a/");
    let empty =
        UriRef::parse(format!("/{}", "/".repeat(100_000) + &"../".repeat(100_000))).unwrap();
    assert_eq!(is_quick(|| base.resolve(&empty)).unwrap().path(), "/");
}

#[test]
fn escapes_and_raw_bytes_are_read_in_linear_time() {
    for piece in ["%41", "|", "?", "%41|"] {
        let target = format!("/{}", piece.repeat(1 << 20));
        is_quick(|| RequestTarget::parse(Method::GET, target.as_bytes())).unwrap();
    }
    let escapes = "%41".repeat(1 << 20);
    for text in [
        format!("http://{escapes}/"),
        format!("http://{escapes}@{escapes}/"),
        format!("http://a/{escapes}?{escapes}#{escapes}"),
        format!("http://[::1%25{escapes}]/"),
    ] {
        assert!(is_quick(|| Uri::parse(text)).is_ok());
    }
    assert!(is_quick(|| check_host(escapes.as_bytes())).is_ok());
}

#[test]
fn normal_forms_are_made_in_linear_time() {
    for piece in ["/..", "/a/..", "/.", "/%2e%2E", "%41", "/%41", "//", "%c3"] {
        let uri = Uri::parse(format!("http://a/{}", piece.repeat(100_000))).unwrap();
        let normal = is_quick(|| uri.normalize());
        assert_eq!(is_quick(|| normal.normalize()), normal);
    }
    let name = Uri::parse(format!("http://{}:{}", "%41".repeat(1 << 20), "0".repeat(1 << 20)));
    assert!(is_quick(|| name.unwrap().normalize()).as_str().ends_with("a:0/"));
}

#[test]
fn relative_references_are_made_in_linear_time() {
    let deep = |piece: &str| Uri::parse(format!("http://a{}", piece.repeat(100_000))).unwrap();
    for (base, target) in [("/b", "/c"), ("/b", "/b"), ("//", "/"), ("/b:", "/b"), ("/..", "/.")] {
        let (base, target) = (deep(base), deep(target));
        let reference = is_quick(|| target.relative_to(&base));
        assert_eq!(is_quick(|| base.resolve(&reference)), base.resolve(&target));
    }
}

#[test]
fn paths_grow_in_linear_time() {
    let mut uri = Uri::parse("http://a").unwrap();
    is_quick(|| uri.extend_segments((0..100_000).map(|_| "a/b")).map(|_| ())).unwrap();
    is_quick(|| uri.append_path("c/".repeat(100_000)).map(|_| ())).unwrap();
    assert_eq!(is_quick(|| uri.segments().count()), 200_001);
}

#[test]
fn repairs_are_made_in_linear_time() {
    let base = Uri::parse("http://a/b").unwrap();
    for piece in ["%", "%\n", "\\", "\u{e9}", " ", "\t", "a:", "%4\t1", "#"] {
        let text = format!("/{}", piece.repeat(1 << 18));
        let _ = is_quick(|| base.fix_up_ref(&text));
        let text = format!("http://a{text}");
        assert!(is_quick(|| Uri::fix_up(&text)).is_ok(), "{piece:?}");
    }
    let name = "\u{e9}".repeat(1 << 20);
    for text in
        [format!("http://{name}/"), format!("http://{name}@a/"), format!("http://a:{name}/")]
    {
        assert!(is_quick(|| Uri::fix_up(&text)).is_err());
    }
}
