//! What caches and clients go by: Cache-Control, Vary and Retry-After.

use alloc::string::ToString;
use alloc::vec::Vec;
use core::time::Duration;

use super::{fields, is_text, lines, message};
use crate::field::{CacheControl, CacheScope, FieldErrorKind, HttpDate, RetryAfter, Vary};
use crate::header::HeaderMap;
use crate::syntax::members;

pub(super) fn cache_control(data: &[u8]) {
    let strict = reads_back!(CacheControl of data, read => read.to_string());
    let lines = lines(data);
    let Some(headers) = message("Cache-Control", &lines) else {
        return;
    };
    let found = CacheControl::from_headers(&headers);
    if let (Some(strict), [line]) = (&strict, lines.as_slice()) {
        assert_eq!(found, *strict);
        let mut ages = members(line).filter_map(|member| member.split_at_checked(8));
        let first = ages.find(|(name, _)| name.eq_ignore_ascii_case(b"max-age="));
        assert_eq!(strict.max_age(), first.map(|(_, digits)| seconds(digits)));
    }
    if lines.iter().all(|line| CacheControl::parse(line).is_ok()) {
        match CacheControl::parse(&lines.join(&b","[..])) {
            Ok(together) => assert_eq!(found, together),
            Err(error) => assert!(matches!(error.kind(), FieldErrorKind::TooManyMembers(_))),
        }
    }
    let is_member = |name: &str| {
        let mut all = lines.iter().flat_map(|line| members(line));
        all.any(|member| member.eq_ignore_ascii_case(name.as_bytes()))
    };
    for (name, holds) in flags(&found) {
        let frees = ["public", "must-understand", "immutable", "max-stale"].contains(&name);
        assert!(holds || frees || !is_member(name), "{name} of {found}");
    }
    is_consistent(&found);
    lines.iter().for_each(|line| holds_in_open_quotes(line));
}

/// What restricts the cache holds behind a quotation mark that is not closed.
fn holds_in_open_quotes(line: &[u8]) {
    let mut open = Vec::from(b"x=\"");
    open.extend(line.iter().filter(|&&octet| octet != b'"'));
    open.extend_from_slice(b",no-store");
    if let Some(headers) = message("Cache-Control", &[&open]) {
        assert!(CacheControl::from_headers(&headers).no_store(), "{}", open.escape_ascii());
    }
}

/// The directives without an argument, and whether they are there.
fn flags(cache: &CacheControl<'_>) -> [(&'static str, bool); 11] {
    [
        ("public", cache.public()),
        ("no-store", cache.no_store()),
        ("no-transform", cache.no_transform()),
        ("must-revalidate", cache.must_revalidate()),
        ("proxy-revalidate", cache.proxy_revalidate()),
        ("must-understand", cache.must_understand()),
        ("only-if-cached", cache.only_if_cached()),
        ("immutable", cache.immutable()),
        ("private", cache.private() == Some(CacheScope::Whole)),
        ("no-cache", cache.no_cache() == Some(CacheScope::Whole)),
        ("max-stale", cache.max_stale() == Some(Duration::MAX)),
    ]
}

/// The getters say what is written, and nothing is above its limit.
fn is_consistent(cache: &CacheControl<'_>) {
    let written = cache.to_string();
    is_text(written.as_bytes());
    assert_eq!(CacheControl::parse(written.as_bytes()).as_ref(), Ok(cache));
    assert_eq!(cache.is_empty(), written.is_empty());
    assert_eq!(cache, &cache.clone().into_owned());
    let all: Vec<&[u8]> = members(written.as_bytes()).collect();
    for (name, is_set) in flags(cache) {
        assert_eq!(all.contains(&name.as_bytes()), is_set, "{name} of {written}");
    }
    let times = [
        ("max-age=", cache.max_age()),
        ("s-maxage=", cache.s_maxage()),
        ("max-stale=", cache.max_stale().filter(|time| *time < Duration::MAX)),
        ("min-fresh=", cache.min_fresh()),
        ("stale-while-revalidate=", cache.stale_while_revalidate()),
        ("stale-if-error=", cache.stale_if_error()),
    ];
    for (name, time) in times {
        let text = all.iter().find_map(|member| member.strip_prefix(name.as_bytes()));
        let digits = time.map(|time| time.as_secs().to_string());
        assert_eq!(text, digits.as_deref().map(str::as_bytes), "{name} of {written}");
        assert!(time.is_none_or(|time| time.as_secs() <= CacheControl::MAX_SECONDS));
    }
    for scope in [cache.private(), cache.no_cache()].into_iter().flatten() {
        if let CacheScope::Fields(names) = scope {
            assert!((1..=CacheControl::MAX_FIELDS).contains(&names.len()));
            assert!(names.iter().all(|name| scope.covers(name)));
        }
    }
    assert!(cache.extensions().len() <= CacheControl::MAX_EXTENSIONS);
    for extension in cache.extensions() {
        let first = cache.extensions().iter().find(|other| other.is_named(extension.name()));
        assert_eq!(cache.extension(extension.name()), first);
    }
}

/// A number of seconds, perhaps in quotes and with backslashes; a larger one is 2^31.
fn seconds(text: &[u8]) -> Duration {
    let digits = text.iter().filter(|octet| octet.is_ascii_digit());
    let add = |number: u64, digit| number.saturating_mul(10).saturating_add(digit);
    let number = digits.map(|digit| u64::from(digit - b'0')).fold(0, add);
    Duration::from_secs(number.min(1 << 31))
}

pub(super) fn retry_after(data: &[u8]) {
    let strict = reads_back!(RetryAfter of data, read => read.to_string());
    if data.is_empty() || !data.iter().all(u8::is_ascii_digit) {
        assert!(!matches!(strict, Some(RetryAfter::Delay(_))));
    } else {
        assert_eq!(strict, Some(RetryAfter::Delay(seconds(data))));
    }
    let lines = lines(data);
    let Some(headers) = message("Retry-After", &lines) else {
        return;
    };
    let found = RetryAfter::from_headers(&headers);
    assert_eq!(found, lines.iter().find_map(|line| RetryAfter::parse(line).ok()));
    let Some(found) = found else {
        return;
    };
    for now in [HttpDate::MIN, HttpDate::from_unix(1_700_000_000), HttpDate::MAX] {
        let delay = found.delay(now);
        assert!(delay <= RetryAfter::MAX_DELAY);
        let is_due = matches!(found, RetryAfter::Date(date) if date <= now);
        assert!(!is_due || delay.is_zero());
    }
}

/// The value, and behind it the fields of two requests with an empty line between them.
pub(super) fn vary(data: &[u8]) {
    let lines = lines(data);
    let Some((value, rest)) = lines.split_first() else {
        return;
    };
    let strict = reads_back!(Vary of value, read => read.to_string());
    let mut blocks = rest.split(|line| line.is_empty());
    let [stored, new] = [(); 2].map(|()| fields(blocks.next().unwrap_or_default()));
    let Some(mut headers) = message("Vary", &[value]) else {
        return;
    };
    let found = Vary::from_headers(&headers);
    assert_eq!(found, strict.unwrap_or(Vary::ANY));
    has_names(&found);
    let lines = stored.get_all("Vary").map(Vary::parse);
    let all = lines.reduce(|all, line| Ok(all?.merge(line?))).unwrap_or(Ok(Vary::new()));
    assert_eq!(Vary::from_headers(&stored), all.unwrap_or(Vary::ANY));

    let same = |a: &HeaderMap, b: &HeaderMap| {
        !found.is_any() && found.names().all(|name| members_of(a, name) == members_of(b, name))
    };
    assert_eq!(found.matches(&stored, &stored), !found.is_any());
    assert_eq!(found.matches(&stored, &new), found.matches(&new, &stored));
    // Between quotes a comma separates nothing, and neither does it in most fields.
    let is_plain = |headers: &HeaderMap| {
        let lists = ["Accept", "Accept-Encoding", "Accept-Language", "TE"];
        let is_list = |name: &str| lists.iter().any(|list| name.eq_ignore_ascii_case(list));
        headers.iter().all(|(name, value)| is_list(name) && !value.contains(&b'"'))
    };
    if is_plain(&stored) && is_plain(&new) {
        assert_eq!(found.matches(&stored, &new), same(&stored, &new));
    }
    for (name, _) in new.iter().take(4) {
        let before = headers.get_all("Vary").map(<[u8]>::to_vec).collect::<Vec<_>>();
        if Vary::add(&mut headers, name).is_ok() {
            let after = Vary::from_headers(&headers);
            assert!(after.contains(name), "{after:?} of {before:?} and {name}");
        }
    }
}

fn has_names(vary: &Vary<'_>) {
    let names: Vec<&str> = vary.names().collect();
    assert!(names.len() <= Vary::MAX_NAMES && (names.is_empty() || !vary.is_any()));
    assert!(names.iter().all(|name| vary.contains(name.to_ascii_uppercase())));
    assert_eq!(vary.clone().merge(vary.clone()), *vary);
    assert!(vary.clone().merge(Vary::ANY).is_any());
    let built = names.iter().try_fold(Vary::new(), |built, name| built.with_name(name));
    assert!(vary.is_any() || built.as_ref() == Ok(vary));
}

/// The members of a list without quotes, empty ones included.
fn members_of<'a>(headers: &'a HeaderMap, name: &str) -> Vec<&'a [u8]> {
    let lines = headers.get_all(name);
    lines.flat_map(|line| line.split(|&octet| octet == b',').map(<[u8]>::trim_ascii)).collect()
}
