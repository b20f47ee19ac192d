//! `Cookie`: what a server reads, and the changes that it makes.

use alloc::format;
use alloc::vec::Vec;

use super::field::Facts;
use super::{at_equals, split};
use crate::cookie::{CookiePair, CookiePairs, DeltaJar, SetCookie};
use crate::header::{self, HeaderMap, HeaderValue, Limits};
use crate::syntax::trim_ows;

/// Every pair is there that stands between two semicolons, nothing else is, and the first of a name is
/// what is got; a jar shows its changes and what was received under other names, and writes each change
/// as one line that is read back.
///
/// The pairs are those of the whole input. For the jar the first line is what was received, and each of
/// the others a change: `+` or `-` and a cookie that is set or removed, or `*` and the beginning of
/// sixty names.
pub fn cookie_header(data: &[u8]) {
    let pairs = all(CookiePairs::new(data));
    assert_eq!(pairs, read(data));
    let parts: Vec<&[u8]> = pairs.iter().flat_map(|(name, value)| [&**name, &**value]).collect();
    assert_eq!(marks(&parts.concat()), marks(data));
    let joined: Vec<_> = pairs.iter().map(|(name, it)| [name, &b"="[..], it].concat()).collect();
    assert_eq!(all(CookiePairs::new(&joined.join(&b"; "[..]))), pairs);
    for name in pairs.iter().map(|it| it.0.as_slice()).chain([&b""[..], b"a", b"A"]) {
        let first = pairs.iter().find(|it| it.0 == name);
        assert_eq!(CookiePairs::new(data).get(name).map(pair).as_ref(), first);
    }
    let mut lines = split(data, b'\n');
    let mut headers = HeaderMap::with_limits(Limits::DEFAULT.bytes(usize::MAX));
    let received = trim_ows(lines.next().unwrap_or_default());
    if headers.append(header::COOKIE, received).is_ok() {
        assert_eq!(all(CookiePairs::from_headers(&headers)), read(received));
        changes(DeltaJar::from_headers(&headers), read(received), lines.take(12));
    }
}

/// A name and a value.
type Pair = (Vec<u8>, Vec<u8>);

fn pair(pair: CookiePair<'_>) -> Pair {
    (pair.name().to_vec(), pair.value().to_vec())
}

fn all<'a>(pairs: impl Iterator<Item = CookiePair<'a>>) -> Vec<Pair> {
    pairs.map(pair).collect()
}

/// The pairs once more, split first at semicolons and then at equals signs.
fn read(value: &[u8]) -> Vec<Pair> {
    let pairs = split(value, b';').map(at_equals).map(|part| match part {
        (name, Some(value)) => (name.to_vec(), value.to_vec()),
        (value, None) => (Vec::new(), value.to_vec()),
    });
    pairs.filter(|it| *it != Pair::default()).collect()
}

/// The bytes of a text that separate nothing.
fn marks(text: &[u8]) -> Vec<u8> {
    let separates = |octet: &u8| b";= \t".contains(octet);
    text.iter().copied().filter(|octet| !separates(octet)).collect()
}

fn changes<'a>(mut jar: DeltaJar, received: Vec<Pair>, lines: impl Iterator<Item = &'a [u8]>) {
    let mut model = Model { received, changes: Vec::new() };
    model.is_shown(&jar);
    for line in lines {
        match line {
            [b'*', name @ ..] => (0..60).for_each(|number| {
                let name = [name, format!("{number}").as_bytes()].concat();
                if let Ok(cookie) = SetCookie::builder(name, "").path("/").build() {
                    assert_eq!(jar.set(cookie.clone()).is_ok(), model.change(Facts::of(&cookie)));
                }
            }),
            [sign @ (b'+' | b'-'), line @ ..] => {
                let Ok(cookie) = SetCookie::parse(line) else {
                    continue;
                };
                let mut facts = Facts::of(&cookie);
                let is_changed = if *sign == b'+' {
                    jar.set(cookie)
                } else {
                    facts = Facts::of(&cookie.removal());
                    jar.remove(&cookie)
                };
                assert_eq!(is_changed.is_ok(), model.change(facts));
            }
            _ => {}
        }
        model.is_shown(&jar);
    }
    model.is_got(&jar);
    model.is_written(&jar);
}

/// The jar as two lists that everything is looked up in from end to end.
struct Model {
    received: Vec<Pair>,
    changes: Vec<Facts>,
}

impl Model {
    /// Returns whether there was room.
    fn change(&mut self, change: Facts) -> bool {
        let domain = |it: &Facts| it.domain.as_ref().map(|domain| domain.to_ascii_lowercase());
        let is_same = |it: &Facts| {
            (&it.name, &it.path, it.is_partitioned, domain(it))
                == (&change.name, &change.path, change.is_partitioned, domain(&change))
        };
        let before = self.changes.len();
        self.changes.retain(|it| !is_same(it));
        let has_room = self.changes.len() < before || before < 180;
        if has_room {
            self.changes.push(change);
        }
        has_room
    }

    #[track_caller]
    fn is_shown(&self, jar: &DeltaJar) {
        let is_set = |it: &&Facts| match it.max_age {
            Some(age) => age > 0,
            // 1971 begins so many seconds after 1970.
            None => it.expires.is_none_or(|date| date.unix() >= 31_536_000),
        };
        let set = self.changes.iter().rev().filter(is_set);
        let set = set.map(|it| (it.name.clone(), it.value.clone()));
        let is_kept = |it: &&Pair| self.changes.iter().all(|change| change.name != it.0);
        let kept = self.received.iter().filter(is_kept).cloned();
        assert_eq!(all(jar.iter()), set.chain(kept).collect::<Vec<Pair>>());
        let changes: Vec<Facts> = jar.changes().map(Facts::of).collect();
        assert_eq!(changes, self.changes);
    }

    #[track_caller]
    fn is_got(&self, jar: &DeltaJar) {
        let shown = all(jar.iter());
        let received = self.received.iter().map(|it| &it.0);
        for name in self.changes.iter().map(|it| &it.name).chain(received) {
            let first = shown.iter().find(|it| it.0 == *name);
            assert_eq!(jar.get(name).map(pair).as_ref(), first);
        }
    }

    #[track_caller]
    fn is_written(&self, jar: &DeltaJar) {
        let mut headers = HeaderMap::with_limits(Limits::DEFAULT.bytes(usize::MAX));
        let before = headers.append(header::SET_COOKIE, "a=before");
        let is_applied = jar.apply(&mut headers);
        let mut fields = headers.get_all(header::SET_COOKIE);
        assert_eq!(before.ok().and_then(|()| fields.next()), Some(&b"a=before"[..]));
        let fields: Vec<&[u8]> = fields.collect();
        if is_applied.is_err() {
            return assert!(fields.is_empty());
        }
        assert!(fields.iter().all(|field| HeaderValue::parse(field).is_ok()));
        let read = fields.iter().map(|field| SetCookie::parse(field));
        let read: Result<Vec<Facts>, _> = read.map(|it| it.map(|it| Facts::of(&it))).collect();
        assert_eq!(read.as_ref(), Ok(&self.changes));
    }
}
