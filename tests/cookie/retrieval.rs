//! What is sent, where, and in which order: 6265bis §5.8.3.

use nethttp::cookie::{Config, CookieJar, Profile, Stored};
use nethttp::field::HttpDate;
use nethttp::header::{self, HeaderMap};

use super::kit::{NOW, add, at, names, sent, sent_in, store_in, uri};

/// Where a cookie that a line makes is sent, and where it is not.
#[track_caller]
fn goes((from, line): (&str, &str), to: &[&str], not_to: &[&str]) {
    let mut jar = CookieJar::new();
    add(&mut jar, from, line);
    for uri in to {
        assert_ne!(sent(&jar, uri), "", "{line} from {from} to {uri}");
    }
    for uri in not_to {
        assert_eq!(sent(&jar, uri), "", "{line} from {from} to {uri}");
    }
}

#[test]
fn without_a_domain_a_cookie_is_for_its_host() {
    goes(
        ("http://example.org/", "a=b"),
        &[
            "http://example.org/",
            "http://example.org",
            "http://example.org:8080/",
            "https://example.org/",
            "http://user@example.org/",
            "http://EXAMPLE.ORG/",
            "http://example.org./",
            "http://ex%61mple.org/",
            "ws://example.org/",
        ],
        &["http://www.example.org/", "http://org/", "http://example.com/", "http://xexample.org/"],
    );
}

#[test]
fn with_a_domain_a_cookie_is_for_the_hosts_below_too() {
    goes(
        ("http://www.example.org/", "a=b; Domain=example.org"),
        &[
            "http://example.org/",
            "http://www.example.org/",
            "http://a.b.c.d.example.org/",
            "http://A.EXAMPLE.ORG.:80/",
            "http://_x.example.org/",
        ],
        &[
            "http://org/",
            "http://xexample.org/",
            "http://www-example.org/",
            "http://example.org.evil.example/",
            "http://1.0.0.127/",
        ],
    );
}

#[test]
fn addresses_are_for_themselves() {
    goes(
        ("http://127.0.0.1/", "a=b"),
        &["http://127.0.0.1/", "http://127.0.0.1:81/"],
        &["http://127.0.0.2/", "http://1.127.0.0.1/", "http://0.0.1/", "http://[::7f00:1]/"],
    );
    goes(
        ("http://[2001:db8::1]/", "a=b"),
        &["http://[2001:DB8:0::0:1]/", "https://[2001:db8::1]:443/"],
        &["http://[2001:db8::2]/", "http://[2001:db8::1:1]/"],
    );
}

#[test]
fn international_names_are_one_name() {
    goes(
        ("http://www.b%C3%BCcher.example/", "a=b; Domain=xn--bcher-kva.example"),
        &["http://xn--bcher-kva.example/", "http://x.XN--BCHER-KVA.example/"],
        &["http://bucher.example/", "http://bcher-kva.example/"],
    );
}

#[test]
fn a_path_is_for_what_is_within_it() {
    let cases: [(&str, &[&str], &[&str]); 7] = [
        ("/", &["", "/", "/x", "//", "/x/y?z"], &[]),
        (
            "/x",
            &["/x", "/x/", "/x/y", "/x//", "/x?y", "/x#y"],
            &["", "/", "/xy", "/X", "/y/x", "//x"],
        ),
        ("/x/", &["/x/", "/x/y", "/x//y"], &["/x", "/xy", "/x?/"]),
        ("/x/y", &["/x/y", "/x/y/z"], &["/x", "/x/", "/x/yz", "/x/y;p"]),
        ("//", &["//", "//x"], &["/", "/x"]),
        ("/x%2Fy", &["/x%2Fy"], &["/x/y", "/x%2fy"]),
        ("/x?y", &[], &["/x?y", "/x"]),
    ];
    for (path, to, not_to) in cases {
        let mut jar = CookieJar::new();
        add(&mut jar, "http://example.org/q", &format!("a=b; Path={path}"));
        for (paths, expected) in [(to, "a=b"), (not_to, "")] {
            for request in paths {
                let header = sent(&jar, &format!("http://example.org{request}"));
                assert_eq!(header, expected, "{path} at {request}");
            }
        }
    }
}

#[test]
fn what_is_secure_is_for_secure_connections() {
    goes(
        ("https://example.org/", "a=b; Secure"),
        &["https://example.org/", "wss://example.org/", "HTTPS://example.org:8443/"],
        &["http://example.org/", "ws://example.org/", "http://example.org:443/"],
    );
}

#[test]
fn what_is_for_http_only_is_not_for_scripts() {
    let mut jar = CookieJar::new();
    add(&mut jar, "http://example.org/", "a=1; HttpOnly");
    add(&mut jar, "http://example.org/", "b=2");
    assert_eq!(sent_in(&jar, "http://example.org/", &at(0)), "a=1; b=2");
    assert_eq!(sent_in(&jar, "http://example.org/", &at(0).non_http()), "b=2");
}

#[test]
fn same_site_by_who_asks() {
    let mut jar = CookieJar::new();
    for line in [
        "strict=1; SameSite=Strict",
        "lax=2; SameSite=Lax",
        "none=3; SameSite=None; Secure",
        "default=4",
        "other=5; SameSite=other",
    ] {
        add(&mut jar, "https://example.org/", line);
    }
    let to = "https://example.org/";
    let all = "strict=1; lax=2; none=3; default=4; other=5";
    assert_eq!(sent_in(&jar, to, &at(0)), all);
    let link = at(0).cross_site_navigation();
    assert_eq!(sent_in(&jar, to, &link), "lax=2; none=3; default=4; other=5");
    assert_eq!(sent_in(&jar, to, &at(0).cross_site()), "none=3");
    assert_eq!(sent_in(&jar, to, &at(0).cross_site().non_http()), "none=3");
    assert_eq!(sent_in(&jar, "http://example.org/", &at(0).cross_site()), "");
}

#[test]
fn rfc_6265_knows_no_sites() {
    let mut jar = CookieJar::with_config(Config::DEFAULT.profile(Profile::Rfc6265));
    add(&mut jar, "http://example.org/", "a=1; SameSite=Strict");
    assert_eq!(sent_in(&jar, "http://example.org/", &at(0).cross_site()), "a=1");
}

#[test]
fn what_has_expired_is_not_sent() {
    let mut jar = CookieJar::new();
    add(&mut jar, "http://example.org/", "a=1; Max-Age=10");
    for (seconds, expected) in [(0, "a=1"), (9, "a=1"), (10, ""), (11, ""), (-1000, "a=1")] {
        let header = sent_in(&jar, "http://example.org/", &at(seconds));
        assert_eq!(header, expected, "after {seconds} seconds");
    }
    assert_eq!(jar.len(), 1);
    assert_eq!(jar.remove_expired(HttpDate::from_unix(NOW + 9)), 0);
    assert_eq!(jar.remove_expired(HttpDate::from_unix(NOW + 10)), 1);
    assert!(jar.is_empty());
}

// The order.

#[test]
fn longer_paths_go_first_and_then_older_cookies() {
    let mut jar = CookieJar::new();
    let from = "http://www.example.org/x/y/z";
    for line in [
        "a=1; Path=/",
        "b=2; Path=/x/y",
        "c=3; Path=/x",
        "d=4; Path=/x; Domain=example.org",
        "e=5; Path=/x/",
        "f=6; Path=/; Domain=example.org",
    ] {
        add(&mut jar, from, line);
    }
    assert_eq!(sent(&jar, from), "b=2; e=5; c=3; d=4; a=1; f=6");
    // A host of its own makes no difference to the order, nor does which was sent before.
    add(&mut jar, "http://example.org/", "g=7; Path=/x; Domain=example.org");
    assert_eq!(sent(&jar, from), "b=2; e=5; c=3; d=4; g=7; a=1; f=6");
}

#[test]
fn older_is_by_date_first() {
    let mut jar = CookieJar::new();
    let from = "http://example.org/";
    for (line, seconds) in [("b=1", 1), ("a=2", 0), ("c=3", 1), ("d=4", -1), ("e=5", 0)] {
        assert_eq!(store_in(&mut jar, from, line, &at(seconds)), Ok(Stored::Added));
    }
    assert_eq!(sent(&jar, from), "d=4; a=2; e=5; b=1; c=3");
}

#[test]
fn what_replaces_keeps_its_place() {
    let mut jar = CookieJar::new();
    let from = "http://example.org/";
    for line in ["a=1", "b=2", "c=3"] {
        add(&mut jar, from, line);
    }
    assert_eq!(store_in(&mut jar, from, "a=4", &at(9)), Ok(Stored::Replaced));
    assert_eq!(store_in(&mut jar, from, "b=5", &at(-9)), Ok(Stored::Replaced));
    assert_eq!(sent(&jar, from), "a=4; b=5; c=3");
    assert_eq!(names(&jar), "a b c");
}

// The field.

#[test]
fn values_are_sent_as_they_came() {
    let mut jar = CookieJar::new();
    let from = "http://example.org/";
    for line in ["a=\"b c\"", "d=", "=e", "f==g=", "h=%20+&", "ï=ö,"] {
        add(&mut jar, from, line);
    }
    assert_eq!(sent(&jar, from), "a=\"b c\"; d=; e; f==g=; h=%20+&; ï=ö,");
}

#[test]
fn bytes_of_any_encoding_are_sent_as_they_came() {
    let mut jar = CookieJar::new();
    let from = uri("http://example.org/");
    let cookie = nethttp::cookie::SetCookie::parse(b"\xe9=\xff\x80; Path=/\xfe").unwrap();
    assert_eq!(jar.store(&from, &cookie, &at(0)), Ok(Stored::Added));
    assert_eq!(jar.iter().next().unwrap().path(), b"/\xfe");
    let cookie = nethttp::cookie::SetCookie::parse(b"\xe9=\xff\x80").unwrap();
    assert_eq!(jar.store(&from, &cookie, &at(0)), Ok(Stored::Added));
    assert_eq!(jar.peek_header(&from, &at(0)).unwrap().as_bytes(), b"\xe9=\xff\x80");
}

#[test]
fn a_field_has_8190_bytes() {
    let mut jar = CookieJar::new();
    let from = "http://example.org/";
    // Two fields of 4,094 bytes with `; ` between are 8,190.
    add(&mut jar, from, &format!("a={}", "x".repeat(4092)));
    add(&mut jar, from, &format!("b={}", "y".repeat(4092)));
    assert_eq!(sent(&jar, from).len(), 8190);
    assert_eq!(
        store_in(&mut jar, from, &format!("b={}", "y".repeat(4093)), &at(0)),
        Ok(Stored::Replaced)
    );
    assert_eq!(sent(&jar, from).len(), 4094);
}

#[test]
fn a_field_may_be_as_long_as_it_may_be() {
    for (line, len) in [("a=b", 3), ("=b", 1), ("a=", 2)] {
        for (max, expected) in [(len, line.trim_start_matches('=')), (len - 1, "")] {
            let mut jar = CookieJar::with_config(Config::DEFAULT.max_header_len(max));
            add(&mut jar, "http://example.org/", line);
            assert_eq!(sent(&jar, "http://example.org/"), expected, "{line} in {max}");
        }
    }
    let mut jar = CookieJar::with_config(Config::DEFAULT.max_header_len(6));
    add(&mut jar, "http://example.org/", "a=b");
    add(&mut jar, "http://example.org/", "=c");
    assert_eq!(sent(&jar, "http://example.org/"), "a=b; c");
}

/// Whoever can set cookies over an insecure connection cannot crowd out those that are `Secure`.
#[test]
fn what_is_secure_goes_before_what_is_not_when_the_field_is_full() {
    let mut jar = CookieJar::with_config(Config::DEFAULT.max_header_len(20));
    add(&mut jar, "https://example.org/", "__Host-sid=1; Path=/; Secure");
    add(&mut jar, "http://www.example.org/", "a=23; Path=/a/b; Domain=example.org");
    add(&mut jar, "http://www.example.org/", "b=4; Path=/a; Domain=example.org");
    assert_eq!(sent(&jar, "https://example.org/a/b"), "a=23; __Host-sid=1");
    assert_eq!(sent(&jar, "https://example.org/a"), "b=4; __Host-sid=1");
    assert_eq!(sent(&jar, "http://example.org/a/b"), "a=23; b=4");
}

#[test]
fn a_field_ends_before_the_first_cookie_that_does_not_fit() {
    let mut jar = CookieJar::with_config(Config::DEFAULT.max_header_len(20));
    let from = "http://example.org/";
    for line in ["a=1234", "b=1234", "c=123456", "d="] {
        add(&mut jar, from, line);
    }
    assert_eq!(sent(&jar, from), "a=1234; b=1234");
    assert_eq!(jar.remove("example.org", "/", "c"), 1);
    assert_eq!(sent(&jar, from), "a=1234; b=1234; d=");
}

#[test]
fn peeking_leaves_no_trace() {
    let mut jar = CookieJar::new();
    let (from, to) = ("http://example.org/", uri("http://example.org/"));
    add(&mut jar, from, "a=1");
    add(&mut jar, from, "b=2; Path=/x");
    let used = |jar: &CookieJar| -> Vec<i64> {
        jar.iter().map(|cookie| cookie.last_access().unix() - NOW).collect()
    };
    assert_eq!(jar.matches(&to, &at(5)).count(), 1);
    assert!(jar.peek_header(&to, &at(5)).is_some());
    assert_eq!(used(&jar), [0, 0]);
    assert!(jar.cookie_header(&to, &at(5)).is_some());
    assert_eq!(used(&jar), [5, 0]);
    let created: Vec<_> = jar.iter().map(|cookie| cookie.created().unix() - NOW).collect();
    assert_eq!(created, [0, 0]);
}

#[test]
fn a_cookie_is_used_even_if_it_does_not_fit() {
    for (limit, expected) in [(20, Some("a=1234")), (5, None)] {
        let mut jar = CookieJar::with_config(Config::DEFAULT.max_header_len(limit));
        let (from, to) = ("http://example.org/", uri("http://example.org/"));
        add(&mut jar, from, "a=1234");
        add(&mut jar, from, "b=123456789012");
        let header = jar.cookie_header(&to, &at(5));
        let header = header.as_ref().map(|it| it.to_str().unwrap());
        assert_eq!(header, expected);
        assert!(jar.iter().all(|cookie| cookie.last_access() == at(5).now()));
    }
}

// Looking through a jar, and clearing it.

fn filled() -> CookieJar {
    let mut jar = CookieJar::new();
    add(&mut jar, "http://b.example.org/", "a=1; Max-Age=10");
    add(&mut jar, "http://a.example.org/", "b=2");
    add(&mut jar, "http://a.example.org/", "c=3; Path=/x; Max-Age=20");
    add(&mut jar, "http://a.example.org/", "d=4; Domain=example.org");
    add(&mut jar, "http://a.example.org/", "b=5; Domain=a.example.org");
    add(&mut jar, "http://example.com/", "e=6");
    jar
}

#[test]
fn iteration_goes_by_domain_and_then_by_age() {
    let domains: Vec<_> = filled().iter().map(|it| it.domain().to_owned()).collect();
    let expected = [
        "example.org",
        "a.example.org",
        "a.example.org",
        "a.example.org",
        "b.example.org",
        "example.com",
    ];
    assert_eq!(domains, expected);
    assert_eq!(names(&filled()), "d b c b a e");
}

#[test]
fn a_session_ends() {
    let mut jar = filled();
    assert_eq!((jar.clear_session(), names(&jar).as_str(), jar.len()), (4, "c a", 2));
    assert_eq!(jar.clear_session(), 0);
}

#[test]
fn removal_is_by_domain_path_and_name() {
    let mut jar = filled();
    for (domain, path, name, removed) in [
        ("a.example.org", "/", "B", 0),
        ("a.example.org", "/x", "b", 0),
        ("example.org", "/", "b", 0),
        ("b.a.example.org", "/", "b", 0),
        (&"a".repeat(300), "/", "b", 0),
        ("", "/", "b", 0),
        ("a.example.org", "/", "b", 2),
        ("a.example.org", "/", "b", 0),
        ("a.example.org", "/x", "c", 1),
        ("example.com", "/", "e", 1),
    ] {
        assert_eq!(jar.remove(domain, path, name), removed, "{name} of {domain}{path}");
    }
    assert_eq!((names(&jar).as_str(), jar.len()), ("d a", 2));
}

#[test]
fn a_condition_says_what_stays() {
    let mut jar = filled();
    jar.retain(|cookie| cookie.domain().ends_with("a.example.org") && cookie.is_host_only());
    assert_eq!((names(&jar).as_str(), jar.len()), ("b c", 2));
    jar.retain(|_| false);
    assert!(jar.is_empty());
    assert_eq!(sent(&jar, "http://a.example.org/x"), "");
    let mut jar = filled();
    jar.clear();
    assert_eq!((jar.len(), jar.iter().count()), (0, 0));
}

// The dialogues of the two texts.

/// RFC 6265 §3.1: a session, two cookies, one of them for all hosts, and an end of both.
#[test]
fn the_dialogue_of_rfc_6265() {
    dialogue(Profile::Rfc6265);
}

/// 6265bis §3.1 has the same dialogue.
#[test]
fn the_dialogue_of_6265bis() {
    dialogue(Profile::Rfc6265bis);
}

fn dialogue(profile: Profile) {
    let mut jar = CookieJar::with_config(Config::DEFAULT.profile(profile));
    let server = uri("https://www.example.com/");
    let tell = |jar: &mut CookieJar, line: &str| {
        let mut response = HeaderMap::new();
        response.append(header::SET_COOKIE, line).unwrap();
        assert_eq!(jar.store_all(&server, &response, &at(0)), []);
    };
    tell(&mut jar, "SID=7f20a1c4e9");
    assert_eq!(sent(&jar, "https://www.example.com/"), "SID=7f20a1c4e9");

    // For all paths and all hosts of the domain.
    tell(&mut jar, "SID=7f20a1c4e9; Path=/; Domain=example.com");
    assert_eq!(sent(&jar, "https://mail.example.com/inbox"), "SID=7f20a1c4e9");
    jar.remove("www.example.com", "/", "SID");

    // Two, one of which scripts and insecure connections do not see.
    tell(&mut jar, "SID=7f20a1c4e9; Path=/; Secure; HttpOnly");
    tell(&mut jar, "lang=sv-SE; Path=/; Domain=example.com");
    jar.remove("example.com", "/", "SID");
    assert_eq!(sent(&jar, "https://www.example.com/a"), "SID=7f20a1c4e9; lang=sv-SE");
    assert_eq!(sent(&jar, "http://www.example.com/a"), "lang=sv-SE");
    assert_eq!(sent_in(&jar, "https://www.example.com/a", &at(0).non_http()), "lang=sv-SE");

    // One that outlives the session.
    tell(&mut jar, "lang=sv-SE; Path=/; Domain=example.com; Max-Age=31536000");
    assert_eq!(jar.clone().clear_session(), 1);

    // The end of it, which takes the same domain and path.
    tell(&mut jar, "lang=; Expires=Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(sent(&jar, "https://www.example.com/"), "SID=7f20a1c4e9; lang=sv-SE");
    tell(&mut jar, "lang=; Domain=example.com; Path=/; Expires=Sun, 06 Nov 1994 08:49:37 GMT");
    assert_eq!(sent(&jar, "https://www.example.com/"), "SID=7f20a1c4e9");
}
