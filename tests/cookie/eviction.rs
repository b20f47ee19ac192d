//! Which cookies a full jar lets go of: the end of 6265bis §5.7.

use nethttp::cookie::{Config, CookieJar, Rejected, Stored};

use super::kit::{NOW, add, at, names, store_in, uri};

const FROM: &str = "https://example.org/";

fn jar(per_domain: usize, in_all: usize) -> CookieJar {
    let config = Config::DEFAULT.max_cookies_per_domain(per_domain).max_cookies(in_all);
    CookieJar::with_config(config)
}

/// Adds cookies to a jar, one a second.
#[track_caller]
fn fill(jar: &mut CookieJar, from: &str, lines: &[&str]) {
    for (line, second) in lines.iter().zip(0..) {
        assert_eq!(store_in(jar, from, line, &at(second)), Ok(Stored::Added), "{line}");
    }
}

/// Takes down that the cookies of a path were used.
fn uses(jar: &mut CookieJar, to: &str, seconds: i64) {
    assert!(jar.cookie_header(&uri(to), &at(seconds)).is_some());
}

#[test]
fn the_limits_are_180_and_3000() {
    assert_eq!(Config::DEFAULT.max_cookies_per_domain, 180);
    assert_eq!(Config::DEFAULT.max_cookies, 3000);
    assert_eq!(Config::DEFAULT.max_header_len, 8190);
    let mut jar = CookieJar::new();
    for index in 0..180 {
        add(&mut jar, FROM, &format!("c{index}=x"));
    }
    assert_eq!(jar.len(), 180);
    add(&mut jar, FROM, "more=x");
    assert_eq!((jar.len(), jar.iter().next().unwrap().name()), (180, &b"c1"[..]));
    for index in 0..2820 {
        add(&mut jar, &format!("https://h{index}.example.com/"), "a=x");
    }
    assert_eq!(jar.len(), 3000);
    add(&mut jar, "https://example.net/", "a=x");
    assert_eq!((jar.len(), jar.remove("example.org", "/", "c1")), (3000, 0));
}

#[test]
fn in_a_domain_what_was_not_used_for_longest_goes() {
    let mut jar = jar(3, 100);
    fill(&mut jar, FROM, &["a=1; Path=/a", "b=2; Path=/b", "c=3; Path=/c"]);
    uses(&mut jar, "https://example.org/a", 10);
    assert_eq!(store_in(&mut jar, FROM, "d=4", &at(11)), Ok(Stored::Added));
    assert_eq!(names(&jar), "a c d");
    // To be set again is to be used.
    assert_eq!(store_in(&mut jar, FROM, "c=5; Path=/c", &at(12)), Ok(Stored::Replaced));
    assert_eq!(store_in(&mut jar, FROM, "e=6", &at(13)), Ok(Stored::Added));
    assert_eq!(names(&jar), "c d e");
}

#[test]
fn of_cookies_used_at_the_same_time_the_older_goes() {
    let mut jar = jar(2, 100);
    for line in ["a=1", "b=2", "c=3", "d=4"] {
        add(&mut jar, FROM, line);
    }
    assert_eq!(names(&jar), "c d");
}

#[test]
fn peeking_is_no_use() {
    let mut jar = jar(2, 100);
    fill(&mut jar, FROM, &["a=1; Path=/a", "b=2; Path=/b"]);
    assert!(jar.peek_header(&uri("https://example.org/a"), &at(10)).is_some());
    assert_eq!(store_in(&mut jar, FROM, "c=3", &at(11)), Ok(Stored::Added));
    assert_eq!(names(&jar), "b c");
}

#[test]
fn in_a_domain_expired_cookies_go_first() {
    let mut jar = jar(3, 100);
    fill(&mut jar, FROM, &["a=1", "b=2; Secure; Max-Age=5", "c=3; Max-Age=5"]);
    assert_eq!(store_in(&mut jar, FROM, "d=4", &at(6)), Ok(Stored::Added));
    assert_eq!(names(&jar), "a c d");
    assert_eq!(store_in(&mut jar, FROM, "e=5", &at(8)), Ok(Stored::Added));
    assert_eq!(names(&jar), "a d e");
}

#[test]
fn in_a_domain_secure_cookies_go_last() {
    let mut jar = jar(3, 100);
    fill(&mut jar, FROM, &["a=1; Secure", "b=2", "c=3; Secure"]);
    assert_eq!(store_in(&mut jar, FROM, "d=4; Secure", &at(10)), Ok(Stored::Added));
    assert_eq!(names(&jar), "a c d");
    // All that is left is secure: what is not is worth least, what is takes the place of the oldest.
    assert_eq!(store_in(&mut jar, FROM, "e=5", &at(11)), Err(Rejected::Full));
    assert_eq!(names(&jar), "a c d");
    assert_eq!(store_in(&mut jar, FROM, "f=6; Secure", &at(12)), Ok(Stored::Added));
    assert_eq!(names(&jar), "c d f");
}

#[test]
fn a_full_jar_still_replaces_and_removes() {
    let mut jar = jar(2, 2);
    fill(&mut jar, FROM, &["a=1; Secure", "b=2; Secure"]);
    assert_eq!(store_in(&mut jar, FROM, "a=3", &at(10)), Ok(Stored::Replaced));
    assert_eq!(store_in(&mut jar, FROM, "c=; Max-Age=0", &at(10)), Ok(Stored::Expired));
    assert_eq!(names(&jar), "a b");
    assert_eq!(store_in(&mut jar, FROM, "b=; Max-Age=0", &at(10)), Ok(Stored::Removed));
    assert_eq!(store_in(&mut jar, FROM, "c=4", &at(10)), Ok(Stored::Added));
    assert_eq!(names(&jar), "a c");
}

#[test]
fn a_domain_is_a_domain_whoever_sets_its_cookies() {
    let mut jar = jar(2, 100);
    let www = "https://www.example.org/";
    fill(&mut jar, www, &["a=1; Domain=example.org", "b=2; Domain=example.org", "c=3", "d=4"]);
    assert_eq!(names(&jar), "a b c d");
    assert_eq!(store_in(&mut jar, FROM, "e=5", &at(10)), Ok(Stored::Added));
    assert_eq!(names(&jar), "b e c d");
}

#[test]
fn in_all_what_was_not_used_for_longest_goes_secure_or_not() {
    let mut jar = jar(10, 3);
    let hosts = ["https://a.example/", "https://b.example/", "https://c.example/"];
    for (host, second) in hosts.into_iter().zip(0..) {
        assert_eq!(store_in(&mut jar, host, "x=1; Secure", &at(second)), Ok(Stored::Added));
    }
    uses(&mut jar, "https://a.example/", 10);
    assert_eq!(store_in(&mut jar, FROM, "y=2", &at(11)), Ok(Stored::Added));
    let domains: Vec<_> = jar.iter().map(|cookie| cookie.domain().to_owned()).collect();
    assert_eq!(domains, ["a.example", "c.example", "example.org"]);
}

#[test]
fn in_all_expired_cookies_go_first_wherever_they_are() {
    for (seconds, left) in [(5, "a c d"), (6, "a d"), (20, "a d")] {
        let mut jar = jar(10, 3);
        fill(&mut jar, "https://a.example/", &["a=1"]);
        fill(&mut jar, "https://b.example/", &["b=2; Max-Age=5", "c=3; Max-Age=5"]);
        assert_eq!(store_in(&mut jar, FROM, "d=4", &at(seconds)), Ok(Stored::Added));
        assert_eq!(names(&jar), left, "after {seconds} seconds");
    }
}

#[test]
fn in_all_expired_cookies_of_a_file_go_first_too() {
    let mut jar = jar(10, 2);
    fill(&mut jar, "https://a.example/", &["a=1"]);
    let line = format!("b.example\tFALSE\t/\tFALSE\t{}\tb\t2\n", NOW + 10);
    assert_eq!(jar.read(line.as_bytes(), at(5).now()), Ok(1));
    assert_eq!(store_in(&mut jar, FROM, "c=3", &at(20)), Ok(Stored::Added));
    assert_eq!(names(&jar), "a c");
}

#[test]
fn what_comes_with_an_early_date_is_worth_least() {
    let mut jar = jar(10, 2);
    fill(&mut jar, FROM, &["a=1", "b=2"]);
    assert_eq!(store_in(&mut jar, FROM, "c=3", &at(-10)), Err(Rejected::Full));
    assert_eq!(names(&jar), "a b");
}

#[test]
fn a_jar_may_hold_nothing() {
    for (per_domain, in_all) in [(0, 0), (0, 10), (10, 0)] {
        let mut jar = jar(per_domain, in_all);
        assert_eq!(store_in(&mut jar, FROM, "a=1", &at(0)), Err(Rejected::Full));
        assert!(jar.is_empty() && jar.iter().next().is_none());
    }
}

#[test]
fn a_jar_may_hold_anything() {
    let mut jar = jar(usize::MAX, usize::MAX);
    for index in 0..5000 {
        add(&mut jar, FROM, &format!("c{index}=x"));
    }
    assert_eq!(jar.len(), 5000);
}
