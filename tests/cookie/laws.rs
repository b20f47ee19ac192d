//! Laws: the jar does what its model does, and what reads and writes agrees with itself.

use nethttp::cookie::{
    Config, Cookie, CookieJar, CookiePairs, Profile, Rejected, SetCookie, Stored,
};
use nethttp::field::HttpDate;
use proptest::prelude::*;
use proptest::sample::select;
use std::time::Duration;

use super::kit::{NOW, expires, uri};
use super::model::{Circumstances, Entry, Model, Request, SUFFIXES, Site};

/// What happens to a jar.
#[derive(Clone, Debug)]
enum Step {
    Store(Request, String, Circumstances),
    Send(Request, Circumstances),
    Remove(&'static str, &'static str, &'static str),
    RemoveExpired(i64),
    ClearSession,
    Clear,
}

const HOSTS: [&str; 10] = [
    "example.org",
    "a.example.org",
    "b.a.example.org",
    "A.Example.org.",
    "notexample.org",
    "org",
    "shop.co.uk",
    "co.uk",
    "localhost",
    "127.0.0.1",
];

const PATHS: [&str; 9] = ["", "/", "/a", "/a/", "/a/b", "/ab", "//", "/a//b/c", "/A"];

const NAMES: [&str; 12] = [
    "a=1",
    "a=2",
    "b=",
    "=n",
    "n",
    "a=b=c",
    " a = 3 ",
    "=",
    "__Host-a=1",
    "__secure-a=1",
    "=__Http-a",
    "__Host-Http-a=1",
];

const DOMAINS: [&str; 19] = [
    "example.org",
    ".example.org",
    "EXAMPLE.org",
    "a.example.org",
    "..example.org",
    "org",
    "example.org.",
    "ample.org",
    "co.uk",
    "shop.co.uk",
    "uk",
    "localhost",
    "127.0.0.1",
    "0.0.1",
    "1",
    "",
    ".",
    "bücher.example",
    "example.org:80",
];

const ATTRIBUTES: [&str; 19] = [
    "Secure",
    "secure=no",
    "HttpOnly",
    "SameSite=Strict",
    "SameSite=lax",
    "SameSite=None",
    "SameSite=x",
    "Max-Age=0",
    "Max-Age=-1",
    "Max-Age=10",
    "Max-Age=60",
    "Max-Age=",
    "Max-Age=-",
    "Max-Age=99999999999999999999",
    "Path",
    "Expires=never",
    "",
    "=",
    "Partitioned",
];

fn requests() -> impl Strategy<Value = Request> {
    (select(&["http", "https", "HTTP", "wss"]), select(&HOSTS), select(&PATHS))
}

fn circumstances() -> impl Strategy<Value = Circumstances> {
    let sites = select(&[Site::Same, Site::Same, Site::Link, Site::Cross]);
    (-20..80_i64, prop::bool::weighted(0.8), sites).prop_map(|(seconds, is_http, site)| {
        // A script runs in a page, which is of the site or is not.
        let site = if !is_http && site == Site::Link { Site::Same } else { site };
        Circumstances { now: NOW + seconds, is_http, site }
    })
}

fn attributes() -> impl Strategy<Value = String> {
    prop_oneof![
        1 => select(&DOMAINS).prop_map(|it| format!("Domain={it}")),
        1 => select(&PATHS).prop_map(|it| format!("Path={it}")),
        1 => (-30..100_i64).prop_map(expires),
        2 => select(&ATTRIBUTES).prop_map(str::to_owned),
    ]
}

fn lines() -> impl Strategy<Value = String> {
    let parts = (select(&NAMES), prop::collection::vec(attributes(), 0..5));
    parts.prop_map(|(pair, attributes)| {
        attributes.iter().fold(pair.to_owned(), |line, it| line + "; " + it)
    })
}

fn steps() -> impl Strategy<Value = Step> {
    let names = select(&["a", "b", "", "__Host-a"]);
    prop_oneof![
        12 => (requests(), lines(), circumstances()).prop_map(|(to, line, here)| Step::Store(to, line, here)),
        8 => (requests(), circumstances()).prop_map(|(to, here)| Step::Send(to, here)),
        2 => (select(&HOSTS), select(&PATHS), names).prop_map(|(host, path, name)| Step::Remove(host, path, name)),
        1 => (-20..80_i64).prop_map(|seconds| Step::RemoveExpired(NOW + seconds)),
        1 => Just(Step::ClearSession),
        1 => prop::bool::weighted(0.2).prop_map(|is| if is { Step::Clear } else { Step::ClearSession }),
    ]
}

fn configs() -> impl Strategy<Value = Config> {
    let limits = prop_oneof![
        3 => Just((180, 3000)),
        2 => Just((3, 5)),
        1 => Just((1, 2)),
        1 => Just((0, 5)),
        1 => Just((2, 0)),
    ];
    let max_age = prop_oneof![Just(400 * 86_400), Just(50)];
    (
        limits,
        max_age,
        prop_oneof![3 => Just(8190), 1 => 24..60_usize],
        any::<bool>(),
        prop::bool::weighted(0.8),
    )
        .prop_map(|((per_domain, in_all), max_age, header, trust, is_new)| {
            Config::DEFAULT
                .max_cookies_per_domain(per_domain)
                .max_cookies(in_all)
                .max_age(Duration::from_secs(max_age))
                .max_header_len(header)
                .trust_loopback(trust)
                .profile(if is_new { Profile::Rfc6265bis } else { Profile::Rfc6265 })
        })
}

/// What there is to see of a cookie, in one text.
fn of_jar(cookie: &Cookie) -> String {
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    format!(
        "{:?}",
        (
            (text(cookie.name()), text(cookie.value()), cookie.domain(), text(cookie.path())),
            (cookie.is_host_only(), cookie.is_secure(), cookie.is_http_only(), cookie.same_site()),
            (cookie.created().unix(), cookie.last_access().unix()),
            cookie.expires().map(HttpDate::unix),
        )
    )
}

fn of_model(it: &Entry) -> String {
    format!(
        "{:?}",
        (
            (&it.name, &it.value, &it.domain, &it.path),
            (it.is_host_only, it.is_secure, it.is_http_only, it.same_site),
            (it.created, it.accessed),
            it.expires,
        )
    )
}

fn url((scheme, host, path): Request) -> String {
    format!("{scheme}://{host}{path}")
}

fn store(
    jar: &mut CookieJar,
    from: Request,
    line: &str,
    here: Circumstances,
) -> Result<Stored, Option<Rejected>> {
    let cookie = SetCookie::parse_as(line.as_bytes(), jar.config().profile).map_err(|_| None)?;
    jar.store(&uri(&url(from)), &cookie, &here.context()).map_err(Some)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn the_jar_does_what_the_model_does(config in configs(), steps in prop::collection::vec(steps(), 1..40)) {
        let suffixes = |domain: &str| SUFFIXES.contains(&domain);
        let mut jar = CookieJar::with_config(config).with_suffixes(suffixes);
        let mut model = Model::new(config);
        for step in &steps {
            match step {
                Step::Store(from, line, here) => prop_assert_eq!(
                    store(&mut jar, *from, line, *here),
                    model.store(*from, line, *here),
                    "{:?}", step
                ),
                Step::Send(to, here) => {
                    let (uri, context) = (uri(&url(*to)), here.context());
                    let matching: Vec<_> = jar.matches(&uri, &context).map(of_jar).collect();
                    let expected: Vec<_> =
                        model.matches(*to, *here).iter().map(|&it| of_model(&model.entries[it])).collect();
                    prop_assert_eq!(matching, expected, "{:?}", step);
                    let peeked = jar.peek_header(&uri, &context);
                    let value = jar.cookie_header(&uri, &context);
                    prop_assert_eq!(&peeked, &value);
                    let value = value.map(|it| String::from_utf8(it.as_bytes().to_vec()).unwrap());
                    prop_assert_eq!(value, model.cookie_header(*to, *here), "{:?}", step);
                }
                Step::Remove(domain, path, name) => prop_assert_eq!(
                    jar.remove(domain, path, name),
                    model.remove(domain, path, name)
                ),
                Step::RemoveExpired(now) => prop_assert_eq!(
                    jar.remove_expired(HttpDate::from_unix(*now)),
                    model.remove_expired(*now)
                ),
                Step::ClearSession => prop_assert_eq!(jar.clear_session(), model.clear_session()),
                Step::Clear => {
                    jar.clear();
                    model.entries.clear();
                }
            }
            let mut held: Vec<_> = jar.iter().map(of_jar).collect();
            let mut expected: Vec<_> = model.entries.iter().map(of_model).collect();
            held.sort();
            expected.sort();
            prop_assert_eq!(held, expected, "after {:?}", step);
            prop_assert_eq!(jar.len(), model.entries.len());
            prop_assert_eq!(jar.is_empty(), model.entries.is_empty());
        }
    }

    #[test]
    fn a_cookie_is_sent_where_domain_path_and_security_allow_and_nowhere_else(
        from in requests(),
        line in lines(),
        to in requests(),
    ) {
        let mut jar = CookieJar::new();
        let here = Circumstances { now: NOW, is_http: true, site: Site::Same };
        if store(&mut jar, from, &line, here) != Ok(Stored::Added) {
            return Ok(());
        }
        let cookie = jar.iter().next().unwrap();
        let host = to.1.trim_end_matches('.').to_ascii_lowercase();
        let of_host = host == cookie.domain()
            || !cookie.is_host_only() && super::model::domain_matches(&host, cookie.domain());
        let path = if to.2.is_empty() { "/" } else { to.2 };
        let of_cookie = core::str::from_utf8(cookie.path()).unwrap();
        let is_secure = ["https", "wss"].contains(&to.0);
        let expected = of_host
            && super::model::path_matches(path, of_cookie)
            && (is_secure || !cookie.is_secure());
        let is_sent = jar.matches(&uri(&url(to)), &here.context()).next().is_some();
        prop_assert_eq!(is_sent, expected);
    }

    /// All pairs but those of cookies without a name whose value has an equals sign: these become a name
    /// and a value, as they do in browsers.
    #[test]
    fn what_the_jar_sends_is_read_as_it_was(lines in prop::collection::vec("[ab=\" \té]{0,8}(; Path=/[ab])?", 1..8)) {
        let mut jar = CookieJar::new();
        let (uri, context) = (uri("https://example.org/a/b"), super::kit::at(0));
        for line in &lines {
            let cookie = SetCookie::parse(line.as_bytes());
            if let Ok(cookie) = cookie && !(cookie.name().is_empty() && cookie.value().contains(&b'=')) {
                jar.store(&uri, &cookie, &context).unwrap();
            }
        }
        let value = jar.peek_header(&uri, &context);
        let value = value.as_ref().map_or(&b""[..], |value| value.as_bytes());
        let read: Vec<_> = CookiePairs::new(value).map(|it| (it.name(), it.value())).collect();
        let sent: Vec<_> = jar.matches(&uri, &context).map(|it| (it.name(), it.value())).collect();
        prop_assert_eq!(read, sent);
    }

    #[test]
    fn whatever_comes_is_read(line in prop::collection::vec(any::<u8>(), 0..200)) {
        for profile in [Profile::Rfc6265, Profile::Rfc6265bis] {
            if let Err(error) = SetCookie::parse_as(&line, profile) {
                prop_assert!(error.offset() <= line.len());
            }
        }
        let len: usize = CookiePairs::new(&line).map(|it| it.name().len() + it.value().len()).sum();
        prop_assert!(len <= line.len());
    }

    #[test]
    fn the_text_of_a_cookie_is_the_same_cookie(line in "[ab=;\" \té/]{0,20}(; ?(Path=/x|Domain=.y|Max-Age=-?1|Secure|SameSite=Lax|q=1) ?){0,4}") {
        let Ok(cookie) = SetCookie::parse(line.as_bytes()) else {
            return Ok(());
        };
        let again = SetCookie::parse(cookie.as_bytes()).unwrap();
        prop_assert_eq!(again.as_bytes(), cookie.as_bytes());
        let owned = again.clone().into_owned();
        prop_assert_eq!(&owned, &again);
        prop_assert_eq!(all_of(&again), all_of(&cookie));
        prop_assert_eq!(all_of(&owned), all_of(&cookie));
    }

    /// The texts differ where a name is missing, where `Domain` is empty, and in how long an attribute
    /// may be.
    #[test]
    fn the_two_texts_agree(line in lines()) {
        let by = |profile| SetCookie::parse_as(line.as_bytes(), profile);
        let new = by(Profile::Rfc6265bis);
        match by(Profile::Rfc6265) {
            Err(_) => prop_assert!(new.is_err() || new.is_ok_and(|it| it.name().is_empty())),
            Ok(_) if line.contains("Domain=;") || line.ends_with("Domain=") => {}
            Ok(old) => prop_assert_eq!(all_of(&old), all_of(&new.unwrap())),
        }
    }
}

fn all_of(cookie: &SetCookie<'_>) -> String {
    format!(
        "{:?}",
        (
            (cookie.name(), cookie.value(), cookie.unquoted(), cookie.prefix()),
            (cookie.domain(), cookie.path(), cookie.expires(), cookie.max_age()),
            (
                cookie.is_secure(),
                cookie.is_http_only(),
                cookie.is_partitioned(),
                cookie.same_site()
            ),
            cookie.attributes().collect::<Vec<_>>(),
        )
    )
}

#[test]
fn a_nameless_value_with_an_equals_sign_gains_a_name() {
    let mut jar = CookieJar::new();
    super::kit::add(&mut jar, "http://example.org/", "=a=b");
    assert_eq!(super::kit::sent(&jar, "http://example.org/"), "a=b");
    let (cookie, pair) = (jar.iter().next().unwrap(), CookiePairs::new(b"a=b").next().unwrap());
    assert_eq!((cookie.name(), cookie.value()), (&b""[..], &b"a=b"[..]));
    assert_eq!((pair.name(), pair.value()), (&b"a"[..], &b"b"[..]));
}
