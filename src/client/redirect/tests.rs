//! The decision as a whole: tables of responses, and of chains of them.

use super::*;
use crate::error::{ErrorKind, RedirectErrorKind as Kind};

const HOST: &str = "http://a.example/b?c";

fn headers(lines: &[(&str, &str)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in lines {
        headers.append(name, value).unwrap();
    }
    headers
}

fn uri(text: &str) -> Uri {
    Uri::parse(text).unwrap()
}

/// A caller who goes where responses lead.
struct Walk {
    redirects: Redirects,
    trail: Trail,
    method: Method,
    url: Uri,
    headers: HeaderMap,
    content: Content,
}

impl Walk {
    fn new(redirects: Redirects, method: &str, url: &str) -> Self {
        Self {
            redirects,
            trail: Trail::default(),
            method: method.parse().unwrap(),
            url: uri(url),
            headers: HeaderMap::new(),
            content: Content::None,
        }
    }

    fn with(mut self, content: Content) -> Self {
        self.content = content;
        self
    }

    fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.append(name, value).unwrap();
        self
    }

    fn answer(&mut self, status: u16, lines: &[(&str, &str)]) -> Result<Next, Error> {
        let (url, headers) = (self.url.clone(), self.headers.clone());
        let (method, content) = (self.method, self.content);
        let sent = Sent { method, url: &url, headers: &headers, content };
        let fields = self::headers(lines);
        let answer = Answer { status: StatusCode::from_u16(status).unwrap(), headers: &fields };
        let next = next_redirect(&self.redirects, &mut self.trail, &sent, &answer)?;
        if let Next::Follow(follow) = &next {
            self.method = follow.method;
            self.url = follow.url.clone();
            self.headers = follow.headers.clone();
            if !follow.content {
                self.content = Content::None;
            }
        }
        Ok(next)
    }

    /// Returns the next request in short: `GET url`, with ` + content` if it has some.
    fn line(&mut self, status: u16, lines: &[(&str, &str)]) -> String {
        match self.answer(status, lines) {
            Ok(Next::Return) => "returned".to_owned(),
            Ok(Next::Follow(follow)) => {
                let content = if follow.content { " + content" } else { "" };
                format!("{} {}{content}", follow.method, follow.url)
            }
            Err(error) => {
                let text = error.to_string();
                assert_eq!(error.kind(), ErrorKind::Redirect(kind_of(&text)), "{text}");
                format!("error: {text}")
            }
        }
    }

    #[track_caller]
    fn goes(&mut self, status: u16, location: &str, expected: &str) {
        assert_eq!(self.line(status, &[("Location", location)]), expected);
    }

    fn names(&self) -> Vec<&str> {
        self.headers.iter().map(|(name, _)| name).collect()
    }
}

/// Each kind with how its texts begin.
const KINDS: [(&str, Kind); 7] = [
    ("expected at most ", Kind::TooMany),
    ("expected redirects to end, found a loop to ", Kind::Loop),
    ("expected one Location, ", Kind::Location),
    ("expected a redirect to http or https, ", Kind::Scheme),
    ("expected a redirect that keeps to https, ", Kind::Downgrade),
    ("expected content that can be sent again to ", Kind::SpentBody),
    ("expected the redirect to ", Kind::Refused),
];

fn kind_of(text: &str) -> Kind {
    KINDS.iter().find(|(start, _)| text.starts_with(start)).unwrap().1
}

fn get(url: &str) -> Walk {
    Walk::new(Redirects::default(), "GET", url)
}

fn post(url: &str) -> Walk {
    Walk::new(Redirects::default(), "POST", url).with(Content::Replayable)
}

const STATUSES: [u16; 5] = [301, 302, 303, 307, 308];

/// Each method with the method after 301, 302, 303, 307 and 308; `+` stands for the content of the first one.
const METHODS: [(&str, [&str; 5]); 11] = [
    ("GET", ["GET +", "GET +", "GET", "GET +", "GET +"]),
    ("HEAD", ["HEAD +", "HEAD +", "HEAD", "HEAD +", "HEAD +"]),
    ("POST", ["GET", "GET", "GET", "POST +", "POST +"]),
    ("PUT", ["PUT +", "PUT +", "GET", "PUT +", "PUT +"]),
    ("DELETE", ["DELETE +", "DELETE +", "GET", "DELETE +", "DELETE +"]),
    ("PATCH", ["PATCH +", "PATCH +", "GET", "PATCH +", "PATCH +"]),
    ("OPTIONS", ["OPTIONS +", "OPTIONS +", "GET", "OPTIONS +", "OPTIONS +"]),
    ("TRACE", ["TRACE +", "TRACE +", "GET", "TRACE +", "TRACE +"]),
    ("PROPFIND", ["PROPFIND +", "PROPFIND +", "GET", "PROPFIND +", "PROPFIND +"]),
    ("post", ["post +", "post +", "GET", "post +", "post +"]),
    (
        "MADEUPMETHOD",
        ["MADEUPMETHOD +", "MADEUPMETHOD +", "GET", "MADEUPMETHOD +", "MADEUPMETHOD +"],
    ),
];

#[test]
fn the_status_decides_on_method_and_content() {
    for (method, row) in METHODS {
        for (status, expected) in STATUSES.into_iter().zip(row) {
            let (next, kept) =
                expected.split_once(' ').map_or((expected, false), |(m, _)| (m, true));
            for content in [Content::None, Content::Replayable] {
                let mut walk = Walk::new(Redirects::default(), method, HOST).with(content);
                let sends = if kept && content != Content::None { " + content" } else { "" };
                let expected = format!("{next} http://a.example/x{sends}");
                assert_eq!(walk.line(status, &[("Location", "/x")]), expected, "{method} {status}");
            }
        }
    }
}

#[test]
fn a_method_can_be_kept() {
    for (kept, status, expected) in [
        (&[301][..], 301, "POST http://a.example/x + content"),
        (&[301], 302, "GET http://a.example/x"),
        (&[301], 303, "GET http://a.example/x"),
        (&[302], 302, "POST http://a.example/x + content"),
        (&[303], 303, "POST http://a.example/x + content"),
        (&[301, 302, 303], 303, "POST http://a.example/x + content"),
        (&[301, 302, 303], 307, "POST http://a.example/x + content"),
        (&[300], 300, "returned"),
        (&[], 301, "GET http://a.example/x"),
    ] {
        let kept = kept.iter().map(|status| StatusCode::from_u16(*status).unwrap());
        let redirects = Redirects::limit(1).keep_method(kept);
        let mut walk = Walk::new(redirects, "POST", HOST).with(Content::Replayable);
        walk.goes(status, "/x", expected);
    }
}

#[test]
fn other_responses_are_returned() {
    for (status, lines) in [
        (200, &[("Location", "/x")][..]),
        (201, &[("Location", "/x")]),
        (202, &[("Location", "/x")]),
        (300, &[("Location", "/x")]),
        (304, &[("Location", "/x")]),
        (305, &[("Location", "/x")]),
        (306, &[("Location", "/x")]),
        (309, &[("Location", "/x")]),
        (399, &[("Location", "/x")]),
        (401, &[("Location", "/x")]),
        (404, &[("Location", "ftp://b.example/")]),
        (503, &[("Location", "/x")]),
        (301, &[]),
        (302, &[]),
        (303, &[("Content-Location", "/x")]),
        (307, &[("URI", "/x"), ("Refresh", "0; url=/x")]),
        (308, &[]),
        (302, &[("Location", "")]),
        (302, &[("Location", ""), ("Location", "")]),
    ] {
        assert_eq!(get(HOST).line(status, lines), "returned", "{status} {lines:?}");
    }
    let mut none = Walk::new(Redirects::none(), "GET", HOST);
    for status in STATUSES {
        none.goes(status, "/x", "returned");
        none.goes(status, "ftp://b.example/", "returned");
    }
}

#[test]
fn a_location_that_cannot_be_followed_is_an_error_that_names_the_url() {
    let mut walk = get("http://user:secret@a.example/b");
    let error = walk.answer(302, &[("Location", "ftp://b.example/")]).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Redirect(Kind::Scheme));
    assert_eq!(error.url().unwrap(), &"http://a.example/b");
    assert_eq!(error.to_string(), "expected a redirect to http or https, found ftp");
    let twice = [("Location", "/x"), ("Location", "/y")];
    let text = "error: expected one Location, found another that differs";
    assert_eq!(walk.line(302, &twice), text);
    assert_eq!(walk.trail.hops, 0);
}

#[test]
fn content_that_was_a_reader_cannot_be_sent_again() {
    let mut walk = post(HOST).with(Content::Spent);
    let text =
        "error: expected content that can be sent again to http://b.example/, found a reader";
    walk.goes(307, "http://b.example/", text);
    walk.goes(308, "http://b.example/", text);
    walk.goes(303, "http://b.example/", "GET http://b.example/");
    let mut put = Walk::new(Redirects::default(), "PUT", HOST).with(Content::Spent);
    put.goes(302, "http://b.example/", text);
    put.goes(303, "http://b.example/", "GET http://b.example/");
    let stops = Redirects::limit(1).on_hop(|hop| {
        hop.stop();
    });
    let mut stops = Walk::new(stops, "PUT", HOST).with(Content::Spent);
    stops.goes(307, "http://b.example/", "returned");
    let drops = Redirects::limit(1).on_hop(|hop| {
        assert!(hop.has_content());
        hop.drop_content();
    });
    let mut drops =
        Walk::new(drops, "PUT", HOST).with(Content::Spent).header("Content-Type", "text/plain");
    drops.goes(307, "http://b.example/", "PUT http://b.example/");
    assert!(drops.names().is_empty());
}

#[test]
fn fields_of_content_go_with_the_content_alone() {
    for (method, status, stays) in [
        ("POST", 301, false),
        ("POST", 302, false),
        ("POST", 303, false),
        ("POST", 307, true),
        ("POST", 308, true),
        ("PUT", 301, true),
        ("PUT", 303, false),
        ("DELETE", 303, false),
        ("GET", 302, true),
        ("GET", 303, false),
        ("HEAD", 303, false),
    ] {
        for content in [Content::None, Content::Replayable] {
            let mut walk = Walk::new(Redirects::default(), method, HOST)
                .with(content)
                .header("Content-Type", "text/plain")
                .header("content-length", "5")
                .header("Transfer-Encoding", "chunked")
                .header("X-Own", "1")
                .header("Expect", "100-continue");
            walk.answer(status, &[("Location", "/x")]).unwrap();
            assert_eq!(walk.names().len(), if stays { 5 } else { 1 }, "{method} {status}");
            assert!(walk.names().contains(&"X-Own"));
        }
    }
}

#[test]
fn credentials_stay_with_their_server() {
    for (from, to, stays) in [
        ("http://a.example/", "/x", true),
        ("http://a.example/", "http://a.example:80/x", true),
        ("http://a.example:80/", "http://a.example/x", true),
        ("https://a.example/", "https://a.example:443/x", true),
        ("http://a.example/", "http://A.EXAMPLE/x", true),
        ("http://a.example/", "https://a.example/x", true),
        ("http://a.example:80/", "https://a.example:443/x", true),
        ("http://a.example/", "http://b.example/x", false),
        ("http://a.example/", "//b.example/x", false),
        ("http://a.example/", "http://www.a.example/x", false),
        ("http://a.example/", "http://a.example.b.example/x", false),
        ("http://a.example/", "http://a.example:8080/x", false),
        ("http://a.example:1234/", "http://a.example:4321/x", false),
        ("http://a.example/", "http://a.example./x", false),
        ("https://a.example/", "http://a.example/x", false),
        ("https://a.example/", "http://a.example:443/x", false),
        ("https://a.example:443/", "http://a.example:80/x", false),
        ("http://a.example/", "https://a.example:8443/x", false),
        ("http://a.example:8080/", "https://a.example/x", false),
        ("http://a.example:8080/", "https://a.example:8080/x", false),
    ] {
        let secret = ["Authorization", "Cookie", "Cookie2", "Proxy-Authorization", "Host", "DPoP"];
        let mut walk = get(from);
        for name in secret.into_iter().chain(["Accept", "X-Api-Key"]) {
            walk = walk.header(name, "1");
        }
        let next = walk.answer(302, &[("Location", to)]).unwrap();
        assert!(matches!(next, Next::Follow(next) if next.same_server == stays), "{from} {to}");
        assert_eq!(walk.names().len(), if stays { 8 } else { 2 }, "{from} {to}");
        assert!(walk.names().ends_with(&["Accept", "X-Api-Key"]));
    }
}

#[test]
fn credentials_that_were_dropped_do_not_come_back() {
    let mut walk = get("http://a.example/").header("Authorization", "1").header("Accept", "2");
    walk.goes(302, "/x", "GET http://a.example/x");
    assert_eq!(walk.names(), ["Authorization", "Accept"]);
    walk.goes(302, "http://b.example/", "GET http://b.example/");
    assert_eq!(walk.names(), ["Accept"]);
    walk.goes(302, "http://a.example/y", "GET http://a.example/y");
    assert_eq!(walk.names(), ["Accept"]);
}

#[test]
fn a_fragment_goes_along_until_there_is_another() {
    let mut walk = get("http://a.example/#f");
    walk.goes(302, "/x", "GET http://a.example/x#f");
    walk.goes(302, "http://b.example/", "GET http://b.example/#f");
    walk.goes(302, "/y#g", "GET http://b.example/y#g");
    walk.goes(302, "/z", "GET http://b.example/z#g");
}

#[test]
fn giving_up_tls_can_be_an_error() {
    let text = "error: expected a redirect that keeps to https, found http://a.example/x";
    for (from, to, expected) in [
        ("https://a.example/", "http://a.example/x", text),
        ("HTTPS://a.example/", "http://a.example/x", text),
        ("https://b.example:8443/", "http://a.example/x", text),
        ("https://b.example/", "https://a.example/x", "GET https://a.example/x"),
        ("http://b.example/", "http://a.example/x", "GET http://a.example/x"),
        ("http://b.example/", "https://a.example/x", "GET https://a.example/x"),
    ] {
        let strict = Redirects::limit(1).deny_downgrade(true);
        Walk::new(strict, "GET", from).goes(302, to, expected);
        get(from).goes(302, to, &format!("GET {to}"));
    }
    let repairs = Redirects::limit(1).deny_downgrade(true).on_hop(|hop| {
        hop.set_url(hop.url().with_scheme("https").unwrap());
    });
    let mut repairs = Walk::new(repairs, "GET", "https://a.example/");
    repairs.goes(302, "http://a.example/x", "GET https://a.example/x");
}

#[test]
fn a_limit_is_a_number_of_redirects() {
    for limit in [0, 1, 2, 10, 25] {
        let mut walk = Walk::new(Redirects::limit(limit), "GET", "http://a.example/0");
        for hop in 1..=limit {
            walk.goes(302, &format!("/{hop}"), &format!("GET http://a.example/{hop}"));
            assert_eq!(walk.trail.hops, hop);
        }
        let text = format!(
            "error: expected at most {limit} redirects, found one more to http://a.example/last"
        );
        walk.goes(302, "/last", &text);
        walk.goes(200, "/last", "returned");
    }
}

#[test]
fn a_request_that_was_made_twice_is_not_made_again() {
    let text = |url: &str| format!("error: expected redirects to end, found a loop to {url}");
    for (url, location, next) in [
        ("http://a.example/", "/", "http://a.example/"),
        ("http://a.example/#f", "#g", "http://a.example/#g"),
        ("http://a.example/?q", "?q", "http://a.example/?q"),
    ] {
        let mut walk = get(url);
        walk.goes(302, location, &format!("GET {next}"));
        walk.goes(302, location, &text(next.trim_end_matches("#g")));
    }
    get("http://a.example/").goes(302, "/?", "GET http://a.example/?");
    let mut walk = get("http://a.example/");
    walk.goes(302, "/x", "GET http://a.example/x");
    walk.goes(302, "http://b.example/", "GET http://b.example/");
    walk.goes(302, "http://a.example/x", "GET http://a.example/x");
    walk.goes(302, "http://b.example/", "GET http://b.example/");
    walk.goes(302, "http://a.example/x", &text("http://a.example/x"));
    let mut walk = post("http://a.example/");
    for url in ["/x", "/", "/x"] {
        walk.goes(307, url, &format!("POST http://a.example{url} + content"));
    }
    walk.goes(307, "/", &text("http://a.example/"));
}

#[test]
fn another_method_makes_another_request() {
    let mut walk = post("http://a.example/");
    walk.goes(303, "/", "GET http://a.example/");
    walk.goes(303, "/", "GET http://a.example/");
    walk.goes(303, "/", "error: expected redirects to end, found a loop to http://a.example/");
    let mut empty = Walk::new(Redirects::default(), "POST", "http://a.example/");
    empty.goes(302, "#done", "GET http://a.example/#done");
}

#[test]
fn a_cookie_may_end_a_loop() {
    let cookie = |location| [("Location", location), ("Set-Cookie", "a=1")];
    let mut walk = get("http://a.example/");
    assert_eq!(walk.line(302, &cookie("/")), "GET http://a.example/");
    assert_eq!(walk.line(302, &cookie("/login")), "GET http://a.example/login");
    walk.goes(302, "/", "GET http://a.example/");
    walk.goes(302, "/login", "GET http://a.example/login");
    walk.goes(302, "/", "GET http://a.example/");
    let text = "error: expected redirects to end, found a loop to http://a.example/login";
    walk.goes(302, "/login", text);
}

#[test]
fn a_server_that_sets_a_cookie_every_time_meets_the_limit() {
    let mut walk = get("http://a.example/");
    for _ in 0..10 {
        let lines = [("Location", "/"), ("Set-Cookie", "a=1")];
        assert_eq!(walk.line(302, &lines), "GET http://a.example/");
    }
    let text =
        "error: expected at most 10 redirects, found one more to http://a.example/".to_owned();
    assert_eq!(walk.line(302, &[("Location", "/"), ("Set-Cookie", "a=1")]), text);
}

#[test]
fn a_request_without_its_credentials_is_another_one() {
    let mut walk = get("http://a.example/").header("Authorization", "1");
    for _ in 0..2 {
        walk.goes(302, "http://b.example/", "GET http://b.example/");
        walk.goes(302, "http://a.example/", "GET http://a.example/");
    }
    let text = "error: expected redirects to end, found a loop to http://b.example/";
    walk.goes(302, "http://b.example/", text);
}

#[test]
fn a_request_without_its_content_is_another_one() {
    let search = || Walk::new(Redirects::default(), "GET", "http://a.example/");
    let mut walk = search().with(Content::Replayable);
    walk.goes(303, "/", "GET http://a.example/");
    walk.goes(303, "/", "GET http://a.example/");
    walk.goes(303, "/", "error: expected redirects to end, found a loop to http://a.example/");
    let mut walk = search().header("Content-Type", "text/plain");
    walk.goes(303, "/", "GET http://a.example/");
    let mut walk = get("http://a.example/").header("Referer", "https://b.example/");
    walk.goes(302, "https://a.example/", "GET https://a.example/");
    walk.goes(302, "http://a.example/", "GET http://a.example/");
    let text = "error: expected redirects to end, found a loop to https://a.example/";
    walk.goes(302, "https://a.example/", "GET https://a.example/");
    walk.goes(302, "http://a.example/", "GET http://a.example/");
    walk.goes(302, "https://a.example/", "GET https://a.example/");
    walk.goes(302, "http://a.example/", &text.replace("https", "http"));
}

#[test]
fn with_a_hook_only_the_limit_ends_a_loop() {
    let mut walk = Walk::new(Redirects::limit(3).on_hop(|_| ()), "GET", "http://a.example/");
    for _ in 0..3 {
        walk.goes(302, "/", "GET http://a.example/");
    }
    let text = "error: expected at most 3 redirects, found one more to http://a.example/";
    walk.goes(302, "/", text);
}

#[test]
fn a_hook_sees_what_was_what_came_and_what_is_to_be() {
    let redirects = Redirects::limit(3).on_hop(|hop| {
        assert_eq!((hop.count(), hop.status()), (1, StatusCode::SEE_OTHER));
        assert_eq!(hop.response_headers().text("Location"), Some("//b.example/x"));
        assert_eq!((hop.previous_method(), hop.method()), (Method::POST, Method::GET));
        assert_eq!(hop.previous_url(), &HOST);
        assert_eq!(hop.url(), &"http://b.example/x");
        assert_eq!(hop.previous_headers().len(), 2);
        assert_eq!(hop.headers().len(), 1);
        assert!(hop.is_to_another_server() && !hop.has_content());
        let text = "Hop { count: 1, status: 303, previous_method: POST, \
                    previous_url: Uri(\"http://a.example/b?c\"), method: GET, \
                    url: Uri(\"http://b.example/x\"), verdict: Follow, .. }";
        assert_eq!(format!("{hop:?}"), text);
    });
    let mut walk = Walk::new(redirects, "POST", HOST).header("Cookie", "1").header("X", "2");
    walk.goes(303, "//b.example/x", "GET http://b.example/x");
}

#[test]
fn a_hook_changes_what_is_to_be() {
    let redirects = Redirects::limit(3).on_hop(|hop| {
        hop.strip("x-api-key");
        hop.set_method(Method::PUT);
        hop.set_url("../y");
        hop.headers_mut().append("X-Hop", "1").unwrap();
    });
    let mut walk =
        Walk::new(redirects, "POST", HOST).with(Content::Replayable).header("X-Api-Key", "1");
    walk.goes(307, "http://b.example/x/z/", "PUT http://b.example/x/y + content");
    assert_eq!(walk.names(), ["X-Hop"]);
}

#[test]
fn a_hook_that_leads_elsewhere_takes_no_credentials_there() {
    let redirects = Redirects::limit(3).on_hop(|hop| {
        assert!(!hop.is_to_another_server());
        hop.set_url("http://b.example/");
        hop.headers_mut().append("Cookie", "own").unwrap();
    });
    let mut walk = Walk::new(redirects, "GET", HOST).header("Authorization", "1");
    let next = walk.answer(302, &[("Location", "/x")]).unwrap();
    assert!(matches!(next, Next::Follow(next) if !next.same_server));
    assert_eq!(walk.names(), ["Cookie"]);
}

#[test]
fn a_hook_stops_or_fails() {
    type Hook = fn(&mut Hop<'_>);
    let rows: [(Hook, &str); 6] = [
        (|hop| hop.stop(), "returned"),
        (
            |hop| hop.fail("not there"),
            "error: expected the redirect to http://b.example/ to be allowed: not there",
        ),
        (
            |hop| {
                hop.fail("first");
                hop.fail("second");
                hop.stop();
            },
            "error: expected the redirect to http://b.example/ to be allowed: first",
        ),
        (
            |hop| hop.set_url("ftp://b.example/"),
            "error: expected a redirect to http or https, found ftp",
        ),
        (
            |hop| {
                hop.stop();
                hop.set_url("http://");
            },
            "returned",
        ),
        (|_| (), "GET http://b.example/"),
    ];
    for (hook, expected) in rows {
        let mut walk = Walk::new(Redirects::limit(3).on_hop(hook), "GET", HOST);
        walk.goes(302, "http://b.example/", expected);
    }
    let io = Redirects::limit(1).on_hop(|hop| hop.fail(std::io::Error::other("own")));
    let error = Walk::new(io, "GET", HOST).answer(302, &[("Location", "/")]).unwrap_err();
    assert!(std::error::Error::source(&error).unwrap().is::<std::io::Error>());
    assert_eq!(error.url().unwrap(), &HOST);
}

#[test]
fn fields_keep_their_order_and_spelling() {
    let mut walk = post(HOST);
    for name in ["x-b", "Content-Type", "Accept", "COOKIE", "X-A"] {
        walk = walk.header(name, "1");
    }
    walk.goes(302, "//b.example/", "GET http://b.example/");
    assert_eq!(walk.names(), ["x-b", "Accept", "X-A"]);
}
