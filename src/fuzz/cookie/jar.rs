//! The jar.

use alloc::format;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::model::{Circumstances, Entry, Host, Model, Request, SUFFIXES, Site};
use super::split;
use crate::cookie::{Config, CookieJar, Prefix, Profile, Rejected, SetCookie, Stored};
use crate::field::HttpDate;
use crate::header::HeaderValue;
use crate::uri::{Uri, UriView};

/// Whatever happens to a jar, it says, holds and sends what its model does, never more than its limits
/// allow, and no cookie where that must not go.
///
/// The letters of the first line are those of [`config`], and each other line is a step of [`step`].
pub fn cookie_jar(data: &[u8]) {
    let mut lines = split(data, b'\n');
    let config = config(lines.next().unwrap_or_default());
    let steps: Vec<Step> = lines.filter_map(step).take(64).collect();
    run(config, &steps);
}

/// What happens to a jar.
#[derive(Clone, Debug)]
enum Step {
    Store(Request, Vec<u8>, Circumstances),
    Send(Request, Circumstances),
    Peek(Request, Circumstances),
    Remove(&'static str, &'static str, &'static str),
    RemoveExpired(i64),
    ClearSession,
    Clear,
}

/// Puts a jar and its model through the same.
fn run(config: Config, steps: &[Step]) {
    let suffixes = |domain: &str| SUFFIXES.contains(&domain);
    let mut jar = CookieJar::with_config(config).with_suffixes(suffixes);
    let mut model = Model::new(config);
    for step in steps {
        match step {
            Step::Store(from, line, here) => {
                let stored = store(&mut jar, *from, line, *here);
                assert_eq!(stored, model.store(*from, line, *here), "{step:?}");
            }
            Step::Send(to, here) => {
                let peeked = peek(&jar, &model, *to, *here);
                let sent = jar.cookie_header(&uri(*to), &here.context());
                assert_eq!(sent, peeked, "{step:?}");
                let sent = sent.map(|it| it.as_bytes().to_vec());
                assert_eq!(sent, model.cookie_header(*to, *here), "{step:?}");
            }
            Step::Peek(to, here) => {
                peek(&jar, &model, *to, *here);
            }
            Step::Remove(domain, path, name) => {
                assert_eq!(jar.remove(domain, path, name), model.remove(domain, path, name));
            }
            Step::RemoveExpired(now) => {
                let removed = jar.remove_expired(HttpDate::from_unix(*now));
                assert_eq!(removed, model.remove_expired(*now));
            }
            Step::ClearSession => assert_eq!(jar.clear_session(), model.clear_session()),
            Step::Clear => {
                jar.clear();
                model.entries.clear();
            }
        }
        let mut held: Vec<Entry> = jar.iter().map(Entry::of).collect();
        let mut expected: Vec<Entry> = model.entries.iter().map(Entry::seen).collect();
        held.sort_by_key(|it| it.identity(config.profile));
        expected.sort_by_key(|it| it.identity(config.profile));
        assert_eq!(held, expected, "after {step:?}");
        assert_eq!(jar.len(), held.len());
        assert_eq!(jar.is_empty(), held.is_empty());
        is_sound(&held, &config);
    }
}

fn store(
    jar: &mut CookieJar,
    from: Request,
    line: &[u8],
    here: Circumstances,
) -> Result<Stored, Option<Rejected>> {
    let cookie = SetCookie::parse_as(line, jar.config().profile).map_err(|_| None)?;
    jar.store(&uri(from), &cookie, &here.context()).map_err(Some)
}

/// What a request would send is in the order of the model, and goes where it may.
fn peek(jar: &CookieJar, model: &Model, to: Request, here: Circumstances) -> Option<HeaderValue> {
    let (uri, context) = (uri(to), here.context());
    let matching: Vec<Entry> = jar.matches(&uri, &context).map(Entry::of).collect();
    let expected: Vec<Entry> = model.matches(to, here).into_iter().map(Entry::seen).collect();
    assert_eq!(matching, expected, "{to:?} {here:?}");
    let is_trusted = jar.config().trust_loopback && to.host.is_local;
    let is_secure = is_trusted || to.scheme.to_ascii_lowercase().ends_with('s');
    for cookie in matching {
        assert!(here.is_http || !cookie.is_http_only);
        assert!(is_secure || !cookie.is_secure);
        assert!(cookie.expires.is_none_or(|expires| expires > here.now));
        let host = to.host.canonical.unwrap_or_default();
        assert!(host.ends_with(&cookie.domain));
        assert!(!cookie.is_host_only || host == cookie.domain);
        assert!(to.path.as_bytes().starts_with(&cookie.path) || to.path.is_empty());
    }
    let header = jar.peek_header(&uri, &context);
    let len = header.as_ref().map_or(0, |value| value.as_bytes().len());
    assert!(len <= jar.config().max_header_len);
    header
}

/// There are no more cookies than there may be, and none that there must not be.
fn is_sound(held: &[Entry], config: &Config) {
    assert!(held.len() <= config.max_cookies);
    for cookie in held {
        let of_domain = held.iter().filter(|it| it.domain == cookie.domain).count();
        assert!(of_domain <= config.max_cookies_per_domain);
        assert!(cookie.is_host_only || !SUFFIXES.contains(&cookie.domain.as_str()));
        assert!(cookie.path.starts_with(b"/") && cookie.path.len() <= 4096);
        assert!((1..=4096).contains(&(cookie.name.len() + cookie.value.len())));
        let prefix = Prefix::of(&cookie.name).filter(|_| config.profile != Profile::Rfc6265);
        let is_of_host = cookie.is_host_only && cookie.path == b"/";
        assert!(prefix.is_none() || cookie.is_secure);
        assert!(prefix != Some(Prefix::Host) || is_of_host);
        assert!(prefix != Some(Prefix::HostHttp) || is_of_host && cookie.is_http_only);
    }
}

#[track_caller]
fn uri(request: Request) -> Uri {
    let text = format!("{}://{}{}", request.scheme, request.host.spelled, request.path);
    let uri = Uri::parse(&text);
    assert!(uri.is_ok(), "{text}");
    uri.unwrap_or_else(|_| UriView::from_static("x:").into())
}

/// Limits `0` to `3`, a `s`hort longest age, a short `h`eader, `t`rust in this machine, and the `o`ld
/// text.
fn config(letters: &[u8]) -> Config {
    letters.iter().fold(Config::DEFAULT, |config, letter| match letter {
        b'0' => config.max_cookies_per_domain(0).max_cookies(5),
        b'1' => config.max_cookies_per_domain(1).max_cookies(2),
        b'2' => config.max_cookies_per_domain(2).max_cookies(0),
        b'3' => config.max_cookies_per_domain(3).max_cookies(5),
        b's' => config.max_age(Duration::from_secs(50)),
        b'h' => config.max_header_len(24),
        b't' => config.trust_loopback(true),
        b'o' => config.profile(Profile::Rfc6265),
        _ => config,
    })
}

/// A letter for what is done, and letters for what it is done to; `None` where they are too few.
///
/// | letter | step | followed by |
/// |---|---|---|
/// | `s` | store | request, circumstances, a line |
/// | `t` | store | request, circumstances, letters of a pair and of attributes |
/// | `g` | send | request, circumstances |
/// | `p` | peek | request, circumstances |
/// | `r` | remove | host, path, name |
/// | `e` | remove what has expired | time |
/// | `c` | clear the session | |
/// | `x` | clear | |
///
/// A request is the letters of a scheme, a host and a path, `a` the first of its table. Circumstances
/// are the letter of a [`time`] and one of [`circumstances`].
fn step(line: &[u8]) -> Option<Step> {
    Some(match line {
        [b's', line @ ..] => {
            let (request, here, line) = whence(line)?;
            Step::Store(request, line.into(), here)
        }
        [b't', line @ ..] => {
            let (request, here, line) = whence(line)?;
            let (pair, attributes) = line.split_first()?;
            let attributes = attributes.iter().take(8).map(|letter| attribute(*letter));
            let line = pick(&PAIRS, *pair)?.chars().chain("; ".chars());
            let line = line.collect::<String>() + &attributes.collect::<Vec<_>>().join("; ");
            Step::Store(request, line.into_bytes(), here)
        }
        [b'g', line @ ..] => whence(line).map(|(to, here, _)| Step::Send(to, here))?,
        [b'p', line @ ..] => whence(line).map(|(to, here, _)| Step::Peek(to, here))?,
        [b'r', host, path, name, ..] => {
            Step::Remove(pick(&HOSTS, *host)?.spelled, pick(&PATHS, *path)?, pick(&NAMES, *name)?)
        }
        [b'e', now, ..] => Step::RemoveExpired(time(*now)),
        [b'c', ..] => Step::ClearSession,
        [b'x', ..] => Step::Clear,
        _ => return None,
    })
}

/// A request, its circumstances, and what follows them.
fn whence(line: &[u8]) -> Option<(Request, Circumstances, &[u8])> {
    let ([scheme, host, path, now, letter], rest) = line.split_first_chunk()?;
    let request = Request {
        scheme: pick(&SCHEMES, *scheme)?,
        host: pick(&HOSTS, *host)?,
        path: pick(&PATHS, *path)?,
    };
    Some((request, circumstances(*now, *letter), rest))
}

/// From the same site, or `l`ink or `c`ross-site; small letters are HTTP, others a script.
fn circumstances(now: u8, letter: u8) -> Circumstances {
    let site = match letter.to_ascii_lowercase() {
        b'l' => Site::Link,
        b'c' => Site::Cross,
        _ => Site::Same,
    };
    Circumstances { now: time(now), is_http: letter.is_ascii_lowercase(), site }
}

/// `P` is the first second, `Q` the next, and `O` the one before.
fn time(letter: u8) -> i64 {
    NOW + i64::from(letter) - i64::from(b'P')
}

/// From `A` the domains, then the paths, then the others, and a date for what is in none of the tables.
fn attribute(letter: u8) -> String {
    let index = usize::from(letter.wrapping_sub(b'A'));
    let domains = DOMAINS.iter().map(|it| format!("Domain={it}"));
    let paths = PATHS.iter().map(|it| format!("Path={it}"));
    let others = ATTRIBUTES.iter().map(|it| String::from(*it));
    let found = domains.chain(paths).chain(others).nth(index);
    found.unwrap_or_else(|| expires(2 * i64::from(letter) - 128))
}

/// A date some seconds after everything began.
fn expires(seconds: i64) -> String {
    format!("Expires={}", HttpDate::from_unix(NOW + seconds))
}

fn pick<T: Copy>(table: &[T], letter: u8) -> Option<T> {
    let index = usize::from(letter.wrapping_sub(b'a')).checked_rem(table.len())?;
    table.get(index).copied()
}

/// When everything begins.
const NOW: i64 = 1_780_000_000;

const SCHEMES: [&str; 4] = ["http", "https", "HTTP", "wss"];

/// The first ten are those of one site and its neighbours.
const HOSTS: [Host; 24] = [
    host("example.org", "example.org"),
    host("a.example.org", "a.example.org"),
    host("b.a.example.org", "b.a.example.org"),
    host("A.Example.org.", "a.example.org"),
    host("notexample.org", "notexample.org"),
    host("org", "org"),
    host("shop.co.uk", "shop.co.uk"),
    host("co.uk", "co.uk"),
    local("localhost", "localhost"),
    local("127.0.0.1", "127.0.0.1"),
    host("example.org:8080", "example.org"),
    host("user@EXAMPLE.ORG", "example.org"),
    host("%61.example.org", "a.example.org"),
    host("org.", "org"),
    host("b%C3%BCcher.example", "xn--bcher-kva.example"),
    host("a_b.example.org", "a_b.example.org"),
    local("x.LocalHost", "x.localhost"),
    local("[0::1]:80", "[::1]"),
    host("[2001:DB8::1]", "[2001:db8::1]"),
    host("127.1", "127.1"),
    host("a.0x7F", "a.0x7f"),
    Host { spelled: "[v1.a]", canonical: None, is_local: false },
    Host { spelled: ".", canonical: None, is_local: false },
    Host { spelled: "a;b", canonical: None, is_local: false },
];

const fn host(spelled: &'static str, canonical: &'static str) -> Host {
    Host { spelled, canonical: Some(canonical), is_local: false }
}

const fn local(spelled: &'static str, canonical: &'static str) -> Host {
    Host { spelled, canonical: Some(canonical), is_local: true }
}

const PATHS: [&str; 12] =
    ["", "/", "/a", "/a/", "/a/b", "/ab", "//", "/a//b/c", "/A", "/%61", "/a/../b", "/a;b=c"];

/// What a cookie is removed by.
const NAMES: [&str; 4] = ["a", "b", "", "__Host-a"];

const PAIRS: [&str; 12] = [
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fuzz::cookie::field::Facts;
    use crate::fuzz::cookie::model::{domain_matches, path_matches};
    use proptest::prelude::*;
    use proptest::sample::select;

    fn requests() -> impl Strategy<Value = Request> {
        let near = HOSTS.into_iter().take(10).collect::<Vec<_>>();
        let hosts = prop_oneof![9 => select(near), 1 => select(&HOSTS)];
        (select(&SCHEMES), hosts, select(&PATHS)).prop_map(|(scheme, host, path)| Request {
            scheme,
            host,
            path,
        })
    }

    fn circumstances() -> impl Strategy<Value = Circumstances> {
        let sites = select(&[Site::Same, Site::Same, Site::Link, Site::Cross]);
        (-20..80_i64, prop::bool::weighted(0.8), sites).prop_map(|(seconds, is_http, site)| {
            Circumstances { now: NOW + seconds, is_http, site }
        })
    }

    fn attributes() -> impl Strategy<Value = String> {
        prop_oneof![
            1 => select(&DOMAINS).prop_map(|it| format!("Domain={it}")),
            1 => select(&PATHS).prop_map(|it| format!("Path={it}")),
            1 => (-30..100_i64).prop_map(expires),
            2 => select(&ATTRIBUTES).prop_map(String::from),
        ]
    }

    fn lines() -> impl Strategy<Value = String> {
        let parts = (select(&PAIRS), prop::collection::vec(attributes(), 0..5));
        parts.prop_map(|(pair, attributes)| {
            attributes.iter().fold(String::from(pair), |line, it| line + "; " + it)
        })
    }

    fn steps() -> impl Strategy<Value = Step> {
        let stored = (requests(), lines(), circumstances());
        let sent = (requests(), circumstances());
        let removed = (select(&HOSTS), select(&PATHS), select(&NAMES));
        prop_oneof![
            12 => stored.prop_map(|(to, line, here)| Step::Store(to, line.into_bytes(), here)),
            7 => sent.prop_map(|(to, here)| Step::Send(to, here)),
            1 => (requests(), circumstances()).prop_map(|(to, here)| Step::Peek(to, here)),
            2 => removed.prop_map(|(host, path, name)| Step::Remove(host.spelled, path, name)),
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

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        #[test]
        fn the_jar_does_what_the_model_does(config in configs(), steps in prop::collection::vec(steps(), 1..40)) {
            run(config, &steps);
        }

        #[test]
        fn a_cookie_is_sent_where_domain_path_and_security_allow_and_nowhere_else(
            from in requests(),
            line in lines(),
            to in requests(),
        ) {
            let mut jar = CookieJar::new();
            let here = Circumstances { now: NOW, is_http: true, site: Site::Same };
            if store(&mut jar, from, line.as_bytes(), here) != Ok(Stored::Added) {
                return Ok(());
            }
            let cookie = jar.iter().next().unwrap();
            let of_host = to.host.canonical.is_some_and(|host| {
                host == cookie.domain()
                    || !cookie.is_host_only() && domain_matches(host, cookie.domain())
            });
            let path = if to.path.is_empty() { "/" } else { to.path };
            let is_secure = ["https", "wss"].contains(&to.scheme);
            let expected = of_host
                && path_matches(path.as_bytes(), cookie.path())
                && (is_secure || !cookie.is_secure());
            let is_sent = jar.matches(&uri(to), &here.context()).next().is_some();
            prop_assert_eq!(is_sent, expected);
        }

        /// The texts differ where a name is missing, where `Domain` is empty, and in how long an
        /// attribute may be.
        #[test]
        fn the_two_texts_agree(line in lines()) {
            let by = |profile| SetCookie::parse_as(line.as_bytes(), profile);
            let new = by(Profile::Rfc6265bis);
            match by(Profile::Rfc6265) {
                Err(_) => prop_assert!(new.is_err() || new.is_ok_and(|it| it.name().is_empty())),
                Ok(_) if line.contains("Domain=;") || line.ends_with("Domain=") => {}
                Ok(old) => prop_assert_eq!(Facts::of(&old), Facts::of(&new.unwrap())),
            }
        }
    }
}
