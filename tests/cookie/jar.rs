//! The storage model, 6265bis §5.7, step by step: each reason with a row just inside and just outside.

use nethttp::cookie::{
    Config, Context, CookieErrorKind, CookieJar, Prefix, Profile, Rejected, SetCookie, Stored,
    SuffixList,
};
use nethttp::field::HttpDate;
use nethttp::header::{self, HeaderMap};
use std::time::Duration;

use super::kit::{NOW, add, at, expires, names, sent, sent_in, store_in, uri};

/// What an empty jar makes of a line.
#[track_caller]
fn stores(from: &str, line: &str, expected: Result<Stored, Rejected>) {
    stores_as(from, line, &at(0), expected);
}

#[track_caller]
fn stores_as(from: &str, line: &str, context: &Context, expected: Result<Stored, Rejected>) {
    let mut jar = CookieJar::new();
    assert_eq!(store_in(&mut jar, from, line, context), expected, "{line} from {from}");
    assert_eq!(jar.len(), usize::from(expected == Ok(Stored::Added)), "{line} from {from}");
}

/// What a jar that has one cookie makes of a line.
#[track_caller]
fn stores_beside(
    (old_from, old): (&str, &str),
    (from, line): (&str, &str),
    expected: Result<Stored, Rejected>,
) {
    let mut jar = CookieJar::new();
    add(&mut jar, old_from, old);
    let stored = store_in(&mut jar, from, line, &at(0));
    assert_eq!(stored, expected, "{line} from {from} beside {old} from {old_from}");
}

const ADDED: Result<Stored, Rejected> = Ok(Stored::Added);

/// The one cookie that a line makes: domain, whether it is for the host alone, and path.
#[track_caller]
fn makes(from: &str, line: &str, expected: (&str, bool, &str)) {
    let mut jar = CookieJar::new();
    add(&mut jar, from, line);
    let cookie = jar.iter().next().unwrap();
    let path = core::str::from_utf8(cookie.path()).unwrap();
    assert_eq!((cookie.domain(), cookie.is_host_only(), path), expected, "{line} from {from}");
}

// Steps 1 to 4: what is no cookie.

#[test]
fn what_is_no_cookie_is_named_by_store_all() {
    let mut response = HeaderMap::new();
    let long = "v".repeat(4096);
    for line in ["=", "a=b", &("a=".to_owned() + &long), "b", ""] {
        response.append(header::SET_COOKIE, line).unwrap();
    }
    let mut jar = CookieJar::new();
    let from = uri("http://example.org/");
    let rejected = jar.store_all(&from, &response, &at(0));
    let kinds: Vec<_> = rejected
        .iter()
        .map(|(line, reason)| match reason {
            Rejected::Malformed(error) => (line.len(), error.kind()),
            _ => panic!("{reason}"),
        })
        .collect();
    let expected = [
        (1, CookieErrorKind::Empty),
        (4098, CookieErrorKind::TooLong(4096)),
        (0, CookieErrorKind::Empty),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(sent(&jar, "http://example.org/"), "a=b; b");
}

#[test]
fn store_all_reads_by_the_profile_of_the_jar() {
    let mut response = HeaderMap::new();
    for line in ["b", "=c", "a=b; Secure", "d=e; Domain=example.org; Domain="] {
        response.append(header::SET_COOKIE, line).unwrap();
    }
    let mut jar = CookieJar::with_config(Config::DEFAULT.profile(Profile::Rfc6265));
    let rejected = jar.store_all(&uri("http://www.example.org/"), &response, &at(0));
    let lines: Vec<_> = rejected.iter().map(|(line, _)| *line).collect();
    assert_eq!(lines, [&b"b"[..], b"=c"]);
    assert_eq!(sent(&jar, "http://www.example.org/"), "d=e");
    assert_eq!(sent(&jar, "http://example.org/"), "d=e");
    assert_eq!(sent(&jar, "https://www.example.org/"), "a=b; d=e");
}

#[test]
fn a_jar_of_rfc_6265_takes_no_nameless_cookie_however_it_was_read() {
    let mut jar = CookieJar::with_config(Config::DEFAULT.profile(Profile::Rfc6265));
    let cookie = SetCookie::parse(b"b").unwrap();
    let Err(Rejected::Malformed(error)) = jar.store(&uri("http://example.org/"), &cookie, &at(0))
    else {
        panic!("a cookie without a name");
    };
    assert_eq!(error.kind(), CookieErrorKind::Name);
}

#[test]
fn a_uri_without_a_host_has_no_cookies() {
    for from in [
        "file:///x",
        "mailto:a@example.org",
        "http://",
        "http://:80/",
        "http://./",
        "http://a!b.example/",
        "http://a%20b.example/",
        "http://[v1.x]/",
    ] {
        stores(from, "a=b", Err(Rejected::Host));
        let mut jar = CookieJar::new();
        add(&mut jar, "http://example.org/", "a=b; Domain=example.org");
        assert_eq!(sent(&jar, from), "", "{from}");
    }
}

#[test]
fn a_host_has_255_bytes() {
    let host = |len: usize| "a.".repeat(len / 2) + &"b".repeat(len % 2);
    stores(&format!("http://{}/", host(253)), "a=b", ADDED);
    stores(&format!("http://{}/", host(255)), "a=b", ADDED);
    stores(&format!("http://{}./", host(255)), "a=b", ADDED);
    stores(&format!("http://{}/", host(257)), "a=b", Err(Rejected::Host));
    stores(&format!("http://{}/", "a".repeat(256)), "a=b", Err(Rejected::Host));
}

// Step 6: expiry.

#[test]
fn max_age_goes_before_expires() {
    for (line, expected) in [
        ("a=b".to_owned(), None),
        ("a=b; Max-Age=10".into(), Some(10)),
        (format!("a=b; {}", expires(20)), Some(20)),
        (format!("a=b; Max-Age=10; {}", expires(20)), Some(10)),
        (format!("a=b; {}; Max-Age=10", expires(20)), Some(10)),
        (format!("a=b; {}; Max-Age=10", expires(-20)), Some(10)),
        (format!("a=b; {}; Max-Age=x", expires(20)), Some(20)),
        ("a=b; Expires=never".into(), None),
        ("a=b; Max-Age=".into(), None),
    ] {
        let mut jar = CookieJar::new();
        add(&mut jar, "http://example.org/", &line);
        let expires = jar.iter().next().unwrap().expires();
        assert_eq!(expires.map(|date| date.unix() - NOW), expected, "{line}");
    }
}

#[test]
fn nothing_lives_longer_than_400_days() {
    const DAY: i64 = 24 * 60 * 60;
    for (line, days) in [
        (format!("a=b; Max-Age={}", 399 * DAY), 399),
        (format!("a=b; Max-Age={}", 400 * DAY), 400),
        (format!("a=b; Max-Age={}", 401 * DAY), 400),
        ("a=b; Max-Age=99999999999999999999".into(), 400),
        (format!("a=b; {}", expires(400 * DAY)), 400),
        (format!("a=b; {}", expires(401 * DAY)), 400),
        ("a=b; Expires=Fri, 31 Dec 9999 23:59:59 GMT".into(), 400),
    ] {
        for profile in [Profile::Rfc6265bis, Profile::Rfc6265] {
            let mut jar = CookieJar::with_config(Config::DEFAULT.profile(profile));
            add(&mut jar, "http://example.org/", &line);
            let expires = jar.iter().next().unwrap().expires().unwrap();
            assert_eq!(expires.unix(), NOW + days * DAY, "{line}");
        }
    }
}

#[test]
fn the_longest_age_can_be_set() {
    for (max_age, line, expected) in [
        (Duration::from_secs(5), "a=b; Max-Age=10", NOW + 5),
        (Duration::MAX, "a=b; Max-Age=99999999999999999999", HttpDate::MAX.unix()),
        (Duration::MAX, "a=b; Max-Age=100000000", NOW + 100_000_000),
        (Duration::MAX, "a=b; Expires=Fri, 31 Dec 9999 23:59:59 GMT", HttpDate::MAX.unix()),
    ] {
        let mut jar = CookieJar::with_config(Config::DEFAULT.max_age(max_age));
        add(&mut jar, "http://example.org/", line);
        assert_eq!(jar.iter().next().unwrap().expires().unwrap().unix(), expected, "{line}");
    }
}

#[test]
fn what_has_expired_removes_what_it_would_replace() {
    let past = format!("a=; {}", expires(-1));
    for line in ["a=; Max-Age=0", "a=; Max-Age=-1", "a=; Max-Age=0; Expires=never", &past] {
        stores("http://example.org/", line, Ok(Stored::Expired));
        let example = "http://example.org/";
        stores_beside((example, "a=b"), (example, line), Ok(Stored::Removed));
        stores_beside((example, "b=b"), (example, line), Ok(Stored::Expired));
        stores_beside((example, "a=b; Path=/x"), (example, line), Ok(Stored::Expired));
        stores_beside((example, "a=b; Domain=example.org"), (example, line), Ok(Stored::Expired));
    }
    // A date that is now has passed, one that is to come has not.
    stores("http://example.org/", &format!("a=b; {}", expires(0)), Ok(Stored::Expired));
    stores("http://example.org/", &format!("a=b; {}", expires(1)), ADDED);
}

// Step 8.

#[test]
fn a_domain_is_ascii() {
    let from = "http://www.xn--bcher-kva.example/";
    stores(from, "a=b; Domain=bücher.example", Err(Rejected::Domain));
    stores(from, "a=b; Domain=.ü", Err(Rejected::Domain));
    stores(from, "a=b; Domain=xn--bcher-kva.example", ADDED);
    stores(from, "a=b; Domain=XN--Bcher-KVA.example", ADDED);
    stores(from, "a=b; Domain=ü; Domain=", ADDED);
}

// Step 9.

#[test]
fn a_domain_is_no_public_suffix() {
    for (from, line, expected) in [
        ("http://www.example.org/", "a=b; Domain=org", Err(Rejected::PublicSuffix)),
        ("http://www.example.org/", "a=b; Domain=.ORG", Err(Rejected::PublicSuffix)),
        ("http://www.example.co.uk/", "a=b; Domain=co.uk", Err(Rejected::PublicSuffix)),
        ("http://www.example.co.uk/", "a=b; Domain=example.co.uk", ADDED),
        // It comes before the question whether the host is in it.
        ("http://www.example.org/", "a=b; Domain=com", Err(Rejected::PublicSuffix)),
        ("http://www.example.org/", "a=b; Domain=example.com", Err(Rejected::DomainMismatch)),
    ] {
        stores(from, line, expected);
    }
}

#[test]
fn a_public_suffix_has_cookies_of_its_own() {
    makes("http://co.uk/", "a=b; Domain=co.uk", ("co.uk", true, "/"));
    makes("http://CO.uk./", "a=b; Domain=.Co.UK", ("co.uk", true, "/"));
    makes("http://localhost/", "a=b; Domain=localhost", ("localhost", true, "/"));
    let mut jar = CookieJar::new();
    add(&mut jar, "http://co.uk/", "a=b; Domain=co.uk");
    assert_eq!(sent(&jar, "http://co.uk/"), "a=b");
    assert_eq!(sent(&jar, "http://example.co.uk/"), "");
}

#[test]
fn which_domains_are_public_can_be_said() {
    let list = SuffixList::parse("org\nwiki.example.org\n*.ck\n!www.ck\n").unwrap();
    for (from, line, expected) in [
        ("http://a.wiki.example.org/", "a=b; Domain=wiki.example.org", Err(Rejected::PublicSuffix)),
        ("http://a.wiki.example.org/", "a=b; Domain=example.org", ADDED),
        ("http://x.b.ck/", "a=b; Domain=b.ck", Err(Rejected::PublicSuffix)),
        ("http://x.www.ck/", "a=b; Domain=www.ck", ADDED),
    ] {
        let mut jar = CookieJar::new().with_suffixes(list.clone());
        assert_eq!(store_in(&mut jar, from, line, &at(0)), expected, "{line} from {from}");
    }
    let mut jar = CookieJar::new().with_suffixes(|_: &str| false);
    assert_eq!(store_in(&mut jar, "http://a.org/", "a=b; Domain=org", &at(0)), ADDED);
    assert_eq!(sent(&jar, "http://b.org/"), "a=b");
}

// Step 10.

#[test]
fn a_domain_is_the_host_or_above_it() {
    for (from, domain, is_above) in [
        ("http://www.example.org/", "www.example.org", true),
        ("http://www.example.org/", "example.org", true),
        ("http://a.b.c.example.org/", "example.org", true),
        ("http://a.b.c.example.org/", "c.example.org", true),
        ("http://www.example.org/", "xwww.example.org", false),
        ("http://www.example.org/", "ww.example.org", false),
        ("http://www.example.org/", "w.example.org", false),
        ("http://www.example.org/", "ample.org", false),
        ("http://www.example.org/", "a.www.example.org", false),
        ("http://example.org/", "www.example.org", false),
        ("http://www.example.org/", "www.example.org:80", false),
        ("http://www.example.org/", "\"example.org\"", false),
        ("http://www.example.org/", " example.org x", false),
        ("http://www.example.org/", "exam%70le.org", false),
        ("http://www.example.org/", "*.example.org", false),
        ("http://notexample.org/", "example.org", false),
    ] {
        let expected = if is_above { ADDED } else { Err(Rejected::DomainMismatch) };
        stores(from, &format!("a=b; Domain={domain}"), expected);
    }
}

#[test]
fn a_domain_with_an_empty_label_holds_no_host() {
    for domain in ["..example.org", "example..org", "example.org.", "www.example.org.", ".."] {
        let mut jar = CookieJar::new();
        let line = format!("a=b; Domain={domain}");
        let stored = store_in(&mut jar, "http://www.example.org/", &line, &at(0));
        assert!(stored.is_err() && jar.is_empty(), "{line}");
    }
}

#[test]
fn an_address_is_in_no_domain() {
    let mismatch = Err(Rejected::DomainMismatch);
    for (host, domain, expected) in [
        ("127.0.0.1", "127.0.0.1", ADDED),
        ("127.0.0.1", "0.0.1", mismatch),
        ("1.127.0.0.1", "127.0.0.1", mismatch),
        ("[::1]", "[::1]", ADDED),
        ("[0:0::1]", "[::1]", ADDED),
        ("[::1]", "::1", mismatch),
        ("127.0.0.1", "127.0.0.2", mismatch),
    ] {
        stores(&format!("http://{host}/"), &format!("a=b; Domain={domain}"), expected);
    }
    let mut jar = CookieJar::new();
    add(&mut jar, "http://127.0.0.1/", "a=b; Domain=127.0.0.1");
    assert_eq!(sent(&jar, "http://127.0.0.1/"), "a=b");
    assert_eq!(sent(&jar, "http://1.127.0.0.1/"), "");
    let (below, host) = ("https://1.127.0.0.1/", "http://127.0.0.1/");
    stores_beside((below, "a=1; Secure"), (host, "a=2"), ADDED);
}

#[test]
fn domains_are_kept_in_their_normal_form() {
    makes("http://WWW.Example.ORG/", "a=b", ("www.example.org", true, "/"));
    makes("http://www.example.org/", "a=b; Domain=.Example.ORG", ("example.org", false, "/"));
    makes("http://www.example.org./", "a=b", ("www.example.org", true, "/"));
    makes("http://www.example.org./", "a=b; Domain=example.org", ("example.org", false, "/"));
    makes("http://ex%61mple.org/", "a=b", ("example.org", true, "/"));
    makes("http://EX%41MPLE.org:8080/", "a=b", ("example.org", true, "/"));
    makes("http://b%C3%BCcher.example/", "a=b", ("xn--bcher-kva.example", true, "/"));
    makes("http://www.example.org/", "a=b; Domain=", ("www.example.org", true, "/"));
    makes("http://[2001:DB8::0:1]/", "a=b", ("[2001:db8::1]", true, "/"));
    makes("http://[::1]/", "a=b; Domain=[::1]", ("[::1]", true, "/"));
    makes("http://127.0.0.1/", "a=b; Domain=127.0.0.1", ("127.0.0.1", true, "/"));
    makes("http://a_b.example.org/", "a=b", ("a_b.example.org", true, "/"));
}

// Step 11.

#[test]
fn without_a_path_it_is_the_folder_of_the_request() {
    for (path, expected) in [
        ("", "/"),
        ("/", "/"),
        ("/x", "/"),
        ("/x/", "/x"),
        ("/x/y", "/x"),
        ("/x/y/", "/x/y"),
        ("/x/y/z.html", "/x/y"),
        ("//", "/"),
        ("//x", "/"),
        ("//x/", "//x"),
        ("/x//", "/x/"),
        ("/x/?q=/y/z", "/x"),
        ("?q=/y/z", "/"),
        ("/x/y#/z/", "/x"),
        ("/x%2fy/z", "/x%2fy"),
        ("/x/../y/z", "/x/../y"),
        ("/x;p/y", "/x;p"),
    ] {
        for line in ["a=b", "a=b; Path", "a=b; Path=x", "a=b; Path=/q; Path="] {
            let from = format!("http://example.org{path}");
            makes(&from, line, ("example.org", true, expected));
        }
    }
    let long = format!("a=b; Path=/{}", "x".repeat(1024));
    makes("http://example.org/x/y", &long, ("example.org", true, "/x"));
}

#[test]
fn a_path_need_not_be_that_of_the_request() {
    makes("http://example.org/x/y", "a=b; Path=/q/", ("example.org", true, "/q/"));
    makes("http://example.org/x/y", "a=b; Path=/x?y", ("example.org", true, "/x?y"));
}

// Step 13.

#[test]
fn only_secure_connections_set_secure_cookies() {
    for (from, is_secure) in [
        ("https://example.org/", true),
        ("HTTPS://example.org/", true),
        ("wss://example.org/", true),
        ("http://example.org/", false),
        ("http://example.org:443/", false),
        ("ws://example.org/", false),
        ("ftp://example.org/", false),
        ("http://localhost/", false),
        ("http://127.0.0.1/", false),
    ] {
        let expected = if is_secure { ADDED } else { Err(Rejected::Insecure) };
        stores(from, "a=b; Secure", expected);
        stores(from, "a=b", ADDED);
    }
}

#[test]
fn loopback_counts_as_secure_by_option() {
    for (host, is_loopback) in [
        ("localhost", true),
        ("LocalHost.", true),
        ("a.localhost", true),
        ("127.0.0.1", true),
        ("127.1.2.3:8080", true),
        ("[::1]", true),
        ("notlocalhost", false),
        ("localhost.example.org", false),
        ("128.0.0.1", false),
        ("[::2]", false),
        ("127.0.0.1.example.org", false),
        ("example.org", false),
    ] {
        let mut jar = CookieJar::with_config(Config::DEFAULT.trust_loopback(true));
        let from = format!("http://{host}/");
        let expected = if is_loopback { ADDED } else { Err(Rejected::Insecure) };
        assert_eq!(store_in(&mut jar, &from, "a=b; Secure", &at(0)), expected, "{host}");
        assert_eq!(sent(&jar, &from), if is_loopback { "a=b" } else { "" }, "{host}");
    }
}

// Step 15.

#[test]
fn scripts_set_no_cookie_that_is_hidden_from_them() {
    let script = at(0).non_http();
    stores_as("http://example.org/", "a=b; HttpOnly", &script, Err(Rejected::HttpOnly));
    stores_as("http://example.org/", "a=b", &script, ADDED);
    stores("http://example.org/", "a=b; HttpOnly", ADDED);
    let mut jar = CookieJar::with_config(Config::DEFAULT.profile(Profile::Rfc6265));
    let stored = store_in(&mut jar, "http://example.org/", "a=b; HttpOnly", &script);
    assert_eq!(stored, Err(Rejected::HttpOnly));
}

// Step 16.

#[test]
fn insecure_connections_leave_secure_cookies_alone() {
    let hidden = Err(Rejected::SecureOverwrite);
    for (old, new, expected) in [
        // The domain of one is that of the other, above it, below it, or elsewhere.
        (("https://b.example.org/", "a=1; Secure"), ("http://b.example.org/", "a=2"), hidden),
        (
            ("https://example.org/", "a=1; Secure; Domain=example.org"),
            ("http://b.example.org/", "a=2"),
            hidden,
        ),
        (
            ("https://b.example.org/", "a=1; Secure"),
            ("http://b.example.org/", "a=2; Domain=example.org"),
            hidden,
        ),
        (("https://c.example.org/", "a=1; Secure"), ("http://b.example.org/", "a=2"), ADDED),
        (("https://xample.org/", "a=1; Secure"), ("http://example.org/", "a=2"), ADDED),
        // The text does not ask whether either is for its host alone.
        (("https://example.org/", "a=1; Secure"), ("http://b.example.org/", "a=2"), hidden),
        (("https://127.0.0.1/", "a=1; Secure"), ("http://127.0.0.1/", "a=2"), hidden),
        (("https://127.0.0.1/", "a=1; Secure"), ("http://1.127.0.0.1/", "a=2"), ADDED),
        // The new path is the old one, below it, above it, or elsewhere.
        (
            ("https://example.org/", "a=1; Secure; Path=/x"),
            ("http://example.org/", "a=2; Path=/x"),
            hidden,
        ),
        (
            ("https://example.org/", "a=1; Secure; Path=/x"),
            ("http://example.org/", "a=2; Path=/x/y"),
            hidden,
        ),
        (
            ("https://example.org/", "a=1; Secure; Path=/x"),
            ("http://example.org/", "a=2; Path=/"),
            ADDED,
        ),
        (
            ("https://example.org/", "a=1; Secure; Path=/x"),
            ("http://example.org/", "a=2; Path=/xy"),
            ADDED,
        ),
        (
            ("https://example.org/", "a=1; Secure; Path=/x"),
            ("http://b.example.org/", "a=2; Path=/x/y"),
            hidden,
        ),
        (
            ("https://example.org/", "a=1; Secure; Path=/x/"),
            ("http://b.example.org/", "a=2; Path=/x"),
            ADDED,
        ),
        // Another name, a cookie that is not secure, a connection that is.
        (("https://example.org/", "a=1; Secure"), ("http://example.org/", "A=2"), ADDED),
        (("https://example.org/", "=1; Secure"), ("http://example.org/", "2"), hidden),
        (("https://example.org/", "a=1"), ("http://example.org/", "a=2"), Ok(Stored::Replaced)),
        (
            ("https://example.org/", "a=1; Secure"),
            ("https://example.org/", "a=2"),
            Ok(Stored::Replaced),
        ),
        (("https://example.org/", "a=1; Secure"), ("http://example.org/", "a=; Max-Age=0"), hidden),
    ] {
        stores_beside(old, new, expected);
    }
}

#[test]
fn by_rfc_6265_insecure_connections_may_do_all_of_this() {
    let mut jar = CookieJar::with_config(Config::DEFAULT.profile(Profile::Rfc6265));
    add(&mut jar, "http://example.org/", "a=1; Secure");
    let stored = store_in(&mut jar, "http://example.org/", "a=2", &at(0));
    assert_eq!(stored, Ok(Stored::Replaced));
    for line in ["b=1; SameSite=None", "__Host-a=1; Domain=example.org", "__Secure-a=1"] {
        let stored = store_in(&mut jar, "http://example.org/", line, &at(0).cross_site());
        assert_eq!(stored, ADDED, "{line}");
    }
}

// Steps 18 and 19.

#[test]
fn other_sites_set_cookies_for_other_sites() {
    let cross = Err(Rejected::CrossSite);
    let bare = Err(Rejected::SameSiteNone);
    for (attributes, same, link, from_cross) in [
        ("Secure", ADDED, ADDED, cross),
        ("SameSite=x; Secure", ADDED, ADDED, cross),
        ("SameSite=Lax; Secure", ADDED, ADDED, cross),
        ("SameSite=Strict; Secure", ADDED, ADDED, cross),
        ("SameSite=None; Secure", ADDED, ADDED, ADDED),
        ("SameSite=None", bare, bare, bare),
        ("SameSite=Lax", ADDED, ADDED, cross),
        ("SameSite=None; SameSite=Lax", ADDED, ADDED, cross),
    ] {
        for (context, expected) in
            [(at(0), same), (at(0).cross_site_navigation(), link), (at(0).cross_site(), from_cross)]
        {
            stores_as("https://example.org/", &format!("a=b; {attributes}"), &context, expected);
        }
    }
    stores_as("http://example.org/", "a=b; SameSite=None", &at(0), bare);
}

// Steps 20 to 22.

#[test]
fn prefixes_are_kept() {
    for (line, prefix, is_kept) in [
        ("__Secure-a=b; Secure", Prefix::Secure, true),
        ("__Secure-a=b; Secure; Domain=example.org; Path=/x", Prefix::Secure, true),
        ("__Secure-a=b", Prefix::Secure, false),
        ("__sEcUrE-a=b", Prefix::Secure, false),
        ("__Host-a=b; Secure; Path=/", Prefix::Host, true),
        ("__Host-a=b; Path=/", Prefix::Host, false),
        ("__Host-a=b; Secure", Prefix::Host, false),
        ("__Host-a=b; Secure; Path=/x", Prefix::Host, false),
        ("__Host-a=b; Secure; Path=/; Domain=example.org", Prefix::Host, false),
        ("__Host-a=b; Secure; Path=/; Domain=www.example.org", Prefix::Host, false),
        ("__Host-a=b; Secure; Path=/; Domain=", Prefix::Host, true),
        ("__HOST-a=b; Secure; Path=/; Domain=example.org", Prefix::Host, false),
        ("__Host-a=b; Secure; Path=x", Prefix::Host, false),
        ("__Http-a=b; Secure; HttpOnly", Prefix::Http, true),
        ("__Http-a=b; Secure", Prefix::Http, false),
        ("__Http-a=b; HttpOnly", Prefix::Http, false),
        ("__hTTP-a=b; HttpOnly", Prefix::Http, false),
        ("__Host-Http-a=b; Secure; HttpOnly; Path=/", Prefix::HostHttp, true),
        ("__Host-Http-a=b; Secure; Path=/", Prefix::HostHttp, false),
        ("__Host-Http-a=b; Secure; HttpOnly", Prefix::HostHttp, false),
        ("__Host-Http-a=b; HttpOnly; Path=/", Prefix::HostHttp, false),
        ("__host-http-a=b; HttpOnly; Secure; Path=/; Domain=example.org", Prefix::HostHttp, false),
        // Without a name.
        ("__Secure-a; Secure", Prefix::Secure, false),
        ("=__Secure-a=b; Secure", Prefix::Secure, false),
        ("=__host-a=b; Secure; Path=/", Prefix::Host, false),
        ("=__Http-a=b; Secure; HttpOnly", Prefix::Http, false),
        ("= __Host-Http-a; Secure; HttpOnly; Path=/", Prefix::HostHttp, false),
        // Not one of them.
        ("__Secure=b", Prefix::Secure, true),
        ("a=__Secure-b", Prefix::Secure, true),
        ("==__Secure-b", Prefix::Secure, true),
    ] {
        let expected = if is_kept { ADDED } else { Err(Rejected::Prefix(prefix)) };
        stores("https://www.example.org/", line, expected);
    }
}

// Step 23.

#[test]
fn scripts_do_not_overwrite_what_is_hidden_from_them() {
    let from = "http://example.org/";
    let mut jar = CookieJar::new();
    add(&mut jar, from, "a=1; HttpOnly");
    for line in ["a=2", "a=; Max-Age=0"] {
        let stored = store_in(&mut jar, from, line, &at(0).non_http());
        assert_eq!(stored, Err(Rejected::HttpOnlyOverwrite), "{line}");
    }
    let beside = store_in(&mut jar, from, "a=2; Path=/x", &at(0).non_http());
    assert_eq!(beside, ADDED);
    assert_eq!(store_in(&mut jar, from, "a=3", &at(0)), Ok(Stored::Replaced));
    assert_eq!(store_in(&mut jar, from, "a=4", &at(0).non_http()), Ok(Stored::Replaced));
    assert_eq!(sent(&jar, "http://example.org/x"), "a=2; a=4");
}

#[test]
fn a_cookie_is_its_name_domain_path_and_whether_it_is_for_one_host() {
    let from = "https://example.org/";
    for (line, expected) in [
        ("a=2", Stored::Replaced),
        ("a=2; Path=/", Stored::Replaced),
        ("a=2; Secure; HttpOnly; SameSite=Strict; Max-Age=1", Stored::Replaced),
        ("a=2; Domain=example.org", Stored::Added),
        ("A=2", Stored::Added),
        ("a=2; Path=/x", Stored::Added),
        ("a=2; Path=//", Stored::Added),
        ("a", Stored::Added),
    ] {
        stores_beside((from, "a=1"), (from, line), Ok(expected));
    }
    stores_beside((from, "a=1"), ("https://EXAMPLE.org.:8443/", "a=2"), Ok(Stored::Replaced));
    stores_beside((from, "a=1"), ("https://www.example.org/", "a=2"), ADDED);
    stores_beside((from, "1"), (from, "=2"), Ok(Stored::Replaced));
}

#[test]
fn what_replaces_keeps_the_date_of_creation_and_nothing_else() {
    let mut jar = CookieJar::new();
    let from = "https://example.org/";
    add(&mut jar, from, "a=1; Secure; HttpOnly; Max-Age=100; SameSite=Lax; Partitioned");
    assert_eq!(store_in(&mut jar, from, "a=2", &at(7)), Ok(Stored::Replaced));
    let cookie = jar.iter().next().unwrap();
    assert_eq!((cookie.created().unix(), cookie.last_access().unix()), (NOW, NOW + 7));
    assert_eq!((cookie.value(), cookie.expires(), cookie.same_site()), (&b"2"[..], None, None));
    assert!(!cookie.is_secure() && !cookie.is_http_only() && !cookie.is_partitioned());
}

#[test]
fn what_was_removed_and_comes_again_is_new() {
    let mut jar = CookieJar::new();
    let from = "http://example.org/";
    add(&mut jar, from, "a=1");
    add(&mut jar, from, "b=2");
    assert_eq!(store_in(&mut jar, from, "a=; Max-Age=0", &at(0)), Ok(Stored::Removed));
    add(&mut jar, from, "a=3");
    assert_eq!(sent(&jar, from), "b=2; a=3");
}

/// A cookie that has expired is no longer there, whether somebody has cleared it away or not.
#[test]
fn what_has_expired_is_in_nobodys_way() {
    let from = "https://example.org/";
    for (old, (to, line), context, expected) in [
        ("a=1; Max-Age=10; Secure", ("http://example.org/", "a=2"), at(20), ADDED),
        ("a=1; Max-Age=10; Secure", ("http://www.example.org/", "a=2"), at(20), ADDED),
        ("a=1; Max-Age=10; HttpOnly", (from, "a=2"), at(20).non_http(), ADDED),
        ("a=1; Max-Age=10", (from, "a=2"), at(20), ADDED),
        ("a=1; Max-Age=10", (from, "a=; Max-Age=0"), at(20), Ok(Stored::Expired)),
    ] {
        let mut jar = CookieJar::new();
        add(&mut jar, from, old);
        assert_eq!(store_in(&mut jar, to, line, &context), expected, "{line} beside {old}");
        for cookie in jar.iter().filter(|cookie| cookie.value() == b"2") {
            assert_eq!(cookie.created(), context.now(), "{line} beside {old}");
        }
    }
}

// Which of two reasons is given: that of the earlier step.

#[test]
fn the_first_step_that_fails_is_the_reason() {
    let mut jar = CookieJar::new();
    add(&mut jar, "https://example.org/", "s=1; Secure");
    add(&mut jar, "http://example.org/", "h=1; HttpOnly");
    let cross = at(0).cross_site();
    let script = at(0).non_http();
    for (line, context, expected) in [
        ("s=2; Domain=ö", &cross, Rejected::Domain),
        ("s=2; Domain=com", &cross, Rejected::PublicSuffix),
        ("s=2; Domain=example.com; HttpOnly", &script, Rejected::DomainMismatch),
        ("a=b; Domain=example.com; Secure", &at(0), Rejected::DomainMismatch),
        ("s=2; HttpOnly", &script, Rejected::HttpOnly),
        ("a=b; HttpOnly; Secure", &script, Rejected::Insecure),
        ("__Host-a=b; Secure", &cross, Rejected::Insecure),
        ("s=2", &cross, Rejected::SecureOverwrite),
        ("s=2; SameSite=None", &at(0), Rejected::SecureOverwrite),
        ("__Secure-a=b", &cross, Rejected::CrossSite),
        ("__Secure-a=b; SameSite=None", &cross, Rejected::SameSiteNone),
        ("__Secure-a=b; Max-Age=0", &at(0), Rejected::Prefix(Prefix::Secure)),
        ("h=2", &cross.non_http(), Rejected::CrossSite),
        ("h=2", &script, Rejected::HttpOnlyOverwrite),
    ] {
        let stored = store_in(&mut jar, "http://example.org/", line, context);
        assert_eq!(stored, Err(expected), "{line}");
    }
    assert_eq!(names(&jar), "s h");
    assert_eq!(sent_in(&jar, "https://example.org/", &at(0)), "s=1; h=1");
}
