//! Where the jar is stricter than the text, and why.

use nethttp::cookie::{CookieJar, Rejected, Stored};

use super::kit::{add, at, names, store_in, uri};

const ADDED: Result<Stored, Rejected> = Ok(Stored::Added);

#[track_caller]
fn stores(from: &str, line: &str, expected: Result<Stored, Rejected>) {
    assert_eq!(store_in(&mut CookieJar::new(), from, line, &at(0)), expected, "{line} from {from}");
}

/// As browsers and the layered-cookies draft have it: 6265bis says nothing of partitions.
#[test]
fn what_is_partitioned_is_secure() {
    stores("https://example.org/", "a=b; Partitioned", Err(Rejected::Partitioned));
    stores("https://example.org/", "a=b; Partitioned; Secure", ADDED);
}

/// Otherwise the memory of a jar would follow the URIs of its requests.
#[test]
fn a_path_that_is_made_of_that_of_the_request_is_no_longer_than_one_that_is_set() {
    let longest = format!("https://example.org/{}/", "a".repeat(1023));
    stores(&longest, "a=b", ADDED);
    let longer = format!("https://example.org/{}/", "a".repeat(1024));
    stores(&longer, "a=b", Err(Rejected::Path));
    stores(&longer, "a=b; Path=/", ADDED);
}

/// What is sent of a cookie without a name is its value, in which a server looks for the name.
#[test]
fn a_cookie_without_a_name_does_not_hide_what_its_value_looks_like() {
    let mut jar = CookieJar::new();
    add(&mut jar, "https://example.org/", "sid=good; Secure; HttpOnly");
    for (from, line, context, expected) in [
        (
            "http://evil.example.org/",
            "=sid=evil; Domain=example.org; Path=/account",
            at(0),
            Err(Rejected::SecureOverwrite),
        ),
        ("https://example.org/", "=sid=evil", at(0).non_http(), Err(Rejected::HttpOnlyOverwrite)),
        ("http://example.org/", "=side=evil", at(0), ADDED),
        ("http://example.org/", "sid", at(0), Ok(Stored::Replaced)),
    ] {
        assert_eq!(store_in(&mut jar, from, line, &context), expected, "{line}");
    }
}

/// A script makes requests and follows no links.
#[test]
fn a_script_of_another_site_reaches_what_has_same_site_none_alone() {
    let link = at(0).non_http().cross_site_navigation();
    let mut jar = CookieJar::new();
    assert_eq!(store_in(&mut jar, "https://a.example/", "a=b", &link), Err(Rejected::CrossSite));
    add(&mut jar, "https://a.example/", "a=1");
    add(&mut jar, "https://a.example/", "b=2; SameSite=None; Secure");
    let from = uri("https://a.example/");
    assert_eq!(jar.peek_header(&from, &link).unwrap(), "b=2");
    assert_eq!(jar.peek_header(&from, &at(0).cross_site_navigation()).unwrap(), "a=1; b=2");
}

/// A list may come after the cookies, for example after those of a file.
#[test]
fn a_cookie_for_what_turns_out_to_be_a_public_suffix_goes() {
    let mut jar = CookieJar::new();
    add(&mut jar, "http://a.github.example/", "a=1; Domain=github.example");
    add(&mut jar, "http://github.example/", "b=2");
    add(&mut jar, "http://a.github.example/", "c=3");
    let jar = jar.with_suffixes(|domain: &str| domain == "github.example");
    assert_eq!(names(&jar), "b c");
}
