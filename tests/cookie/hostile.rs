//! Servers that mean harm: nothing takes long, and nothing grows.

use nethttp::cookie::{
    Config, CookieErrorKind, CookieJar, CookiePairs, Rejected, SetCookie, Stored,
};

use super::kit::{add, at, sent, store_in, uri};

const TEN_MEGABYTES: usize = 10 << 20;

#[test]
fn ten_megabytes_of_semicolons_are_no_cookie() {
    let line = vec![b';'; TEN_MEGABYTES];
    assert_eq!(SetCookie::parse(&line).unwrap_err().kind(), CookieErrorKind::Empty);
    assert_eq!(CookiePairs::new(&line).count(), 0);
    let line = [b"a=b", line.as_slice()].concat();
    let cookie = SetCookie::parse(&line).unwrap();
    assert_eq!((cookie.value(), cookie.attributes().count()), (&b"b"[..], 0));
}

#[test]
fn a_megabyte_of_anything_is_read_once() {
    for piece in ["=", " ", "\t", "a", ";=", "; Secure", ";Domain=.", ";Path=/;", ";Expires=x"] {
        let line = piece.repeat((1 << 20) / piece.len());
        let read: usize = CookiePairs::new(line.as_bytes()).map(|it| it.name().len()).sum();
        assert!(read <= line.len());
        let _ = SetCookie::parse(line.as_bytes());
        let line = "a=b".to_owned() + &line;
        let _ = SetCookie::parse(line.as_bytes()).map(|it| it.attributes().count());
    }
}

#[test]
fn a_control_at_the_end_of_ten_megabytes_is_seen() {
    let mut line = vec![b'a'; TEN_MEGABYTES];
    line.push(0);
    let error = SetCookie::parse(&line).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (CookieErrorKind::Control(0), TEN_MEGABYTES));
}

#[test]
fn ten_thousand_cookies_leave_180() {
    let mut jar = CookieJar::new();
    for index in 0..10_000 {
        add(&mut jar, "https://example.org/", &format!("c{index}=x; Secure"));
    }
    assert_eq!(jar.len(), 180);
    assert_eq!(jar.iter().next().unwrap().name(), b"c9820");
}

#[test]
fn ten_thousand_lines_that_are_worth_nothing_push_nothing_out() {
    let mut jar = CookieJar::new();
    for index in 0..180 {
        add(&mut jar, "https://example.org/", &format!("s{index}=x; Secure"));
    }
    for index in 0..10_000 {
        let line = format!("c{index}=x");
        let stored = store_in(&mut jar, "http://example.org/", &line, &at(1));
        assert_eq!(stored, Err(Rejected::Full));
    }
    assert!(jar.len() == 180 && jar.iter().all(nethttp::cookie::Cookie::is_secure));
}

#[test]
fn ten_thousand_paths_make_a_short_field() {
    let mut jar = CookieJar::new();
    for index in 0..10_000 {
        let line = format!("a{index}={}; Path={}", "x".repeat(100), "/p".repeat(index % 500 + 1));
        let stored = store_in(&mut jar, "https://example.org/", &line, &at(0));
        assert_eq!(stored, Ok(Stored::Added));
    }
    let field = sent(&jar, &format!("https://example.org{}", "/p".repeat(500)));
    assert!((8000..=8190).contains(&field.len()), "{}", field.len());
}

#[test]
fn a_host_of_127_labels_has_cookies_of_all_domains_above() {
    let host = "a.".repeat(126) + "a";
    let from = format!("https://{host}/");
    let mut jar = CookieJar::new();
    for (at, _) in host.match_indices('a') {
        let domain = &host[at..];
        let line = format!("c{at}=x; Domain={domain}; Secure");
        let stored = store_in(&mut jar, &from, &line, &super::kit::at(0));
        let is_suffix = domain == "a";
        let expected = if is_suffix { Err(Rejected::PublicSuffix) } else { Ok(Stored::Added) };
        assert_eq!(stored, expected, "{domain}");
    }
    assert_eq!(sent(&jar, &from).split("; ").count(), 126);
    assert_eq!(sent(&jar, &format!("https://b.{}/", &host[4..])).split("; ").count(), 124);
    let stored = store_in(&mut jar, &from.replace("https", "http"), "c0=y", &at(0));
    assert_eq!(stored, Err(Rejected::SecureOverwrite));
}

#[test]
fn a_hundred_thousand_hosts_leave_as_many_cookies_as_there_may_be() {
    let mut jar = CookieJar::with_config(Config::DEFAULT.max_cookies(30));
    let cookie = SetCookie::parse(b"a=x").unwrap();
    for index in 0..100_000 {
        let from = uri(&format!("http://h{index}.example.org/"));
        assert_eq!(jar.store(&from, &cookie, &at(index)), Ok(Stored::Added));
        assert!(jar.len() <= 30);
    }
    assert_eq!(sent(&jar, "http://h99969.example.org/"), "");
    assert_eq!(sent(&jar, "http://h99970.example.org/"), "a=x");
}

#[test]
fn a_hundred_thousand_hosts_fit_if_they_may() {
    let mut jar = CookieJar::with_config(Config::DEFAULT.max_cookies(100_000));
    let cookie = SetCookie::parse(b"a=x").unwrap();
    for index in 0..100_000 {
        let from = uri(&format!("http://h{index}.example.org/"));
        assert_eq!(jar.store(&from, &cookie, &at(0)), Ok(Stored::Added));
    }
    assert_eq!(jar.len(), 100_000);
    // A domain with so many hosts below it is looked through once, not once for each of them.
    add(&mut jar, "https://example.org/", "a=y; Domain=example.org; Secure");
    assert_eq!(sent(&jar, "https://h7.example.org/"), "a=x; a=y");
}

#[test]
fn long_hosts_and_domains_are_no_trouble() {
    let label = "a".repeat(100_000);
    let mut jar = CookieJar::new();
    let stored = store_in(&mut jar, &format!("http://{label}.example.org/"), "a=b", &at(0));
    assert_eq!(stored, Err(Rejected::Host));
    let line = format!("a=b; Domain={}", "a.".repeat(500));
    let stored = store_in(&mut jar, "http://example.org/", &line, &at(0));
    assert!(matches!(stored, Err(Rejected::PublicSuffix | Rejected::DomainMismatch)));
    assert_eq!(jar.remove(&label, "/", "a"), 0);
}
