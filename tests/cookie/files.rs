//! The files of a jar: nothing is lost, and nothing that is cut or hostile does harm.

use nethttp::Uri;
use nethttp::cookie::{
    Config, Context, Cookie, CookieFileError, CookieFileErrorKind, CookieJar, FileFormat,
    MAX_FILE_ERRORS, SameSite, SetCookie,
};
use nethttp::field::HttpDate;
use proptest::prelude::*;

const NOW: HttpDate = HttpDate::from_unix(1_780_000_000);

/// All that there is to know about a cookie.
type Whole = (
    (Vec<u8>, Vec<u8>, String, Vec<u8>),
    (bool, bool, bool, bool, Option<SameSite>),
    (HttpDate, HttpDate, Option<HttpDate>),
);

fn whole(cookie: &Cookie) -> Whole {
    let texts = [cookie.name(), cookie.value(), cookie.path()].map(<[u8]>::to_vec);
    let [name, value, path] = texts;
    let domain = cookie.domain().to_owned();
    let flags = (
        cookie.is_host_only(),
        cookie.is_secure(),
        cookie.is_http_only(),
        cookie.is_partitioned(),
        cookie.same_site(),
    );
    let times = (cookie.created(), cookie.last_access(), cookie.expires());
    ((name, value, domain, path), flags, times)
}

fn all(jar: &CookieJar) -> Vec<Whole> {
    jar.iter().map(whole).collect()
}

const URIS: [&str; 8] = [
    "https://www.example.org/docs/page",
    "http://example.org/",
    "https://a.b.example.org/docs/a;b/c",
    "https://127.0.0.1/",
    "https://[::1]/docs/page",
    "http://localhost/docs/",
    "https://www.shop.co.uk/docs/page",
    "https://example.org./docs/page",
];

/// A field that a jar mostly takes, and when it comes from where.
fn visit() -> impl Strategy<Value = (usize, Vec<u8>, i64, bool)> {
    let name = prop_oneof![4 => "[a-c]", 1 => "(#|__Host-|__Secure-|\\$|é)[a-c]?", 1 => Just(String::new())];
    let value = prop_oneof![4 => "[a-z0-9]{0,4}", 1 => "[ -:<-~\t\u{80}-\u{ff}]{0,8}"];
    let attribute = prop::sample::select(vec![
        "Secure",
        "Secure; SameSite=None",
        "HttpOnly",
        "Partitioned",
        "SameSite=Strict",
        "SameSite=Lax",
        "Domain=example.org",
        "Domain=.B.Example.org",
        "Domain=shop.co.uk",
        "Domain=localhost",
        "Path=/",
        "Path=/docs",
        "Path=/docs/%41=\té",
        "Max-Age=100000",
        "Max-Age=99999999",
        "Max-Age=50",
        "Expires=Sun, 06 Nov 2033 08:49:37 GMT",
    ]);
    let attributes = prop::collection::vec(attribute, 0..5);
    (0..URIS.len(), name, value, attributes, prop_oneof![0..100_i64, Just(50)], any::<bool>())
        .prop_map(|(uri, name, value, attributes, seconds, is_sent)| {
            let field = format!("{name}={value}; {}", attributes.join("; "));
            (uri, field.into_bytes(), seconds, is_sent)
        })
}

/// A jar that was used for a while, until `NOW`.
fn used_jar() -> impl Strategy<Value = CookieJar> {
    prop::collection::vec(visit(), 0..30).prop_map(|mut visits| {
        visits.sort_by_key(|&(_, _, seconds, _)| seconds);
        let mut jar = CookieJar::new();
        for (uri, field, seconds, is_sent) in visits {
            let uri = Uri::parse(URIS[uri]).unwrap();
            let context = Context::at(HttpDate::from_unix(NOW.unix() - 100 + seconds));
            if let Ok(field) = SetCookie::parse(&field) {
                let _ = jar.store(&uri, &field, &context);
            }
            if is_sent {
                jar.cookie_header(&uri, &context);
            }
        }
        jar.remove_expired(NOW);
        jar
    })
}

proptest! {
    #[test]
    fn a_native_file_holds_all_that_the_jar_does(jar in used_jar()) {
        let text = jar.encode(FileFormat::Native, NOW);
        let mut read = CookieJar::new();
        prop_assert_eq!(read.read(&text, NOW), Ok(jar.len()));
        prop_assert_eq!(all(&read), all(&jar));
        prop_assert_eq!(read.encode(FileFormat::Native, NOW), &text[..]);
        for uri in URIS {
            let (uri, context) = (Uri::parse(uri).unwrap(), Context::at(NOW));
            prop_assert_eq!(read.peek_header(&uri, &context), jar.peek_header(&uri, &context));
        }
        // And again into the same jar.
        prop_assert_eq!(read.read(&text, NOW), Ok(jar.len()));
        prop_assert_eq!(all(&read), all(&jar));
    }

    #[test]
    fn a_netscape_file_holds_what_it_can(jar in used_jar()) {
        let text = jar.encode(FileFormat::Netscape, NOW);
        let mut read = CookieJar::new();
        let count = read.read(&text, NOW);
        let mut expected = all(&jar);
        expected.retain(|((name, value, _, path), _, _)| {
            ![name, value, path].into_iter().any(|text| text.contains(&b'\t'))
        });
        for (_, (_, _, _, is_partitioned, same_site), (created, accessed, _)) in &mut expected {
            (*is_partitioned, *same_site, *created, *accessed) = (false, None, NOW, NOW);
        }
        prop_assert_eq!(count, Ok(expected.len()));
        prop_assert_eq!(all(&read), expected);
        prop_assert_eq!(read.encode(FileFormat::Netscape, NOW), &text[..]);
    }

    #[test]
    fn what_is_taken_from_any_file_is_written_and_read_again(
        lines in prop::collection::vec(any_line(), 0..20), is_native: bool,
    ) {
        let mut text = if is_native { b"# nethttp cookies, version 1\n".to_vec() } else { Vec::new() };
        text.extend(lines.concat());
        let mut jar = CookieJar::new();
        let report = jar.read_lenient(&text, NOW);
        prop_assert!(report.cookies() + report.error_count() <= lines.len());
        let native = jar.encode(FileFormat::Native, NOW);
        let mut read = CookieJar::new();
        prop_assert_eq!(read.read(&native, NOW), Ok(jar.len()));
        prop_assert_eq!(all(&read), all(&jar));

        let strict = CookieJar::new().read(&text, NOW);
        prop_assert_eq!(strict, report.errors().first().map_or(Ok(report.cookies()), |it| Err(*it)));
    }

    #[test]
    fn no_bytes_do_harm(text: Vec<u8>) {
        let mut jar = CookieJar::new();
        let report = jar.read_lenient(&text, NOW);
        prop_assert!(jar.len() <= report.cookies());
    }
}

/// A line of either format, often nearly right.
fn any_line() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        &b"\t"[..],
        b"\t",
        b"a.example",
        b".example.org",
        b"[::1]",
        b"127.1",
        b"TRUE",
        b"FALSE",
        b"/",
        b"/a;b ",
        b"0",
        b"1790000000",
        b"a",
        b"=",
        b";",
        b" ",
        b"#HttpOnly_",
        b"; Domain=a.example; Path=/",
        b"; Path*=%2f%3b",
        b"; Expires=Sun, 06 Nov 2033 08:49:37 GMT",
        b"; Secure",
        b"__Host-",
        b"\xff",
        b"\r",
        b"\0",
    ]);
    let soup = prop::collection::vec(piece, 0..12).prop_map(|pieces| pieces.concat());
    let netscape = "(#HttpOnly_)?\\.?(a\\.Example|co\\.uk|1\\.2\\.3|::1)\t(TRUE|false)\t/[a;% ]{0,2}\t(TRUE|FALSE)\
        \t(0|1790000000|)\t[ a=]{0,2}\t[ a=;\t]{0,3}\r?";
    let native = "[ a=]{0,3}=[ a]{0,2}; Domain=(a\\.Example|co\\.uk|\\[::1\\]|.a.); Path=/[a%]{0,2}(; Secure)?";
    prop_oneof![soup, netscape.prop_map(String::into_bytes), native.prop_map(String::into_bytes)]
        .prop_map(|mut line| {
            line.push(b'\n');
            line
        })
}

const NETSCAPE: &str = "# Netscape HTTP Cookie File\n# by hand\n\n\
    .example.org\tTRUE\t/\tFALSE\t0\tlang\ten\r\n\
    #HttpOnly_www.example.org\tFALSE\t/docs\tTRUE\t1790000000\tsid\t31d4\n";

const NATIVE: &str = "# nethttp cookies, version 1\n\
    lang=en; Domain=example.org; Path=/; Created=Sun, 06 Nov 1994 08:49:37 GMT\n\
    sid=31d4; Domain=www.example.org; Path=/docs; Expires=Sun, 06 Nov 2033 08:49:37 GMT; HostOnly; Secure\n";

/// The number of cookies in the lines that are whole, and whether a part of another follows.
fn whole_lines(text: &str) -> (usize, u32, bool) {
    let end = text.rfind('\n').map_or(0, |at| at + 1);
    let lines = text[..end].lines();
    let cookies = lines.filter(|line| line.contains("example")).count();
    let number = u32::try_from(text[..end].lines().count()).unwrap() + 1;
    (cookies, number, end < text.len())
}

#[test]
fn a_native_file_that_was_cut_says_where() {
    for at in 1..=NATIVE.len() {
        let text = &NATIVE[..at];
        let (cookies, line, is_cut) = whole_lines(text);
        let report = CookieJar::new().read_lenient(text.as_bytes(), NOW);
        // A part of the first line says nothing of the format until it is long enough.
        let is_native = text.len() >= "# nethttp cookies".len();
        assert_eq!(report.cookies(), cookies, "{text}");
        assert_eq!(report.error_count(), usize::from(is_cut && is_native), "{text}");
        if let [error] = report.errors() {
            assert_eq!((error.kind(), error.line()), (CookieFileErrorKind::Cut, line), "{text}");
        }
        let strict = CookieJar::new().read(text.as_bytes(), NOW);
        assert_eq!(strict, report.errors().first().map_or(Ok(cookies), |error| Err(*error)));
    }
}

#[test]
fn a_netscape_file_that_was_cut_keeps_its_whole_lines() {
    for at in 0..=NETSCAPE.len() {
        let text = &NETSCAPE[..at];
        let (cookies, line, is_cut) = whole_lines(text);
        let mut jar = CookieJar::new();
        let report = jar.read_lenient(text.as_bytes(), NOW);
        // The last line may have no end, and nothing shows that its value is not whole.
        let tabs = text.lines().last().unwrap_or_default().matches('\t').count();
        let part = usize::from(is_cut && tabs >= 5 && report.error_count() == 0);
        assert_eq!(report.cookies(), cookies + part, "{text:?}");
        assert!(report.errors().iter().all(|error| error.line() == line && is_cut), "{text:?}");
        let names: Vec<_> = jar.iter().map(Cookie::name).collect();
        assert!(names.iter().all(|name| b"lang".starts_with(name) || b"sid".starts_with(name)));
        let strict = CookieJar::new().read(text.as_bytes(), NOW);
        assert_eq!(strict, report.errors().first().map_or(Ok(cookies + part), |it| Err(*it)));
    }
}

#[test]
fn ten_megabytes_of_one_byte_are_one_error() {
    for octet in [b'\t', b';', b'=', b'a', b'/', b'.', b'\0', b'\r', b' '] {
        for first in ["", "# nethttp cookies, version 1\n", "a.example\tTRUE\t/\tFALSE\t0\ta\t"] {
            let text = [first.as_bytes(), &vec![octet; 10 << 20]].concat();
            let report = CookieJar::new().read_lenient(&text, NOW);
            assert!(report.cookies() == 0 && report.error_count() <= 1, "{octet:#x} {first}");
        }
    }
}

#[test]
fn ten_megabytes_of_blank_lines_are_nothing() {
    for first in ["", "# nethttp cookies, version 1\n"] {
        let text = [first.as_bytes(), &vec![b'\n'; 10 << 20]].concat();
        assert_eq!(CookieJar::new().read(&text, NOW), Ok(0));
    }
}

#[test]
fn a_million_wrong_lines_are_counted() {
    let report = CookieJar::new().read_lenient(&b"a\n".repeat(1_000_000), NOW);
    assert_eq!((report.error_count(), report.errors().len()), (1_000_000, MAX_FILE_ERRORS));
    assert_eq!(report.errors().last().map(CookieFileError::line), Some(100));
}

#[test]
fn many_cookies_leave_as_many_as_the_jar_holds() {
    const COUNT: usize = 100_000;
    let large = Config::DEFAULT.max_cookies(50_000).max_cookies_per_domain(50_000);
    for (config, domains, left) in
        [(Config::DEFAULT, 1, 180), (Config::DEFAULT, COUNT, 3000), (large, 1, 50_000)]
    {
        let mut text = String::new();
        for number in 0..COUNT {
            let domain = number % domains;
            text.push_str(&format!("d{domain}.example\tTRUE\t/\tFALSE\t0\t{number}\tb\n"));
        }
        let mut jar = CookieJar::with_config(config);
        assert_eq!(jar.read(text.as_bytes(), NOW), Ok(COUNT));
        assert_eq!(jar.len(), left);
        assert!(jar.iter().any(|cookie| cookie.name() == b"99999"));
    }
}

#[test]
fn the_same_cookie_over_and_over_is_one() {
    let text = b"a.example\tTRUE\t/\tFALSE\t0\ta\tb\n".repeat(200_000);
    let mut jar = CookieJar::new();
    assert_eq!(jar.read(&text, NOW), Ok(200_000));
    assert_eq!(jar.len(), 1);
}
