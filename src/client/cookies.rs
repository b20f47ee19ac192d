//! Cookies that the caller has set by hand, beside those of the jar.

use crate::cookie::{CookiePairs, SetCookie};
use crate::header::{self, HeaderMap};

/// Takes out of the caller's own cookies those that a response sets: the jar has them from now on. With both, the next request
/// would say two things, and many servers believe the first, which is the old one.
pub(super) fn give_way(own: &mut HeaderMap, answer: &HeaderMap) {
    if !own.contains_key(header::COOKIE) {
        return;
    }
    let set = answer.get_all(header::SET_COOKIE).filter_map(|line| SetCookie::parse(line).ok());
    let names: Vec<Vec<u8>> = set.map(|cookie| cookie.name().to_vec()).collect();
    let stays = |name: &[u8]| !names.iter().any(|set| set == name);
    if CookiePairs::from_headers(own).all(|pair| stays(pair.name())) {
        return;
    }
    let left = CookiePairs::from_headers(own).filter(|pair| stays(pair.name()));
    let left: Vec<Vec<u8>> = left
        .map(|pair| match pair.name() {
            b"" => pair.value().to_vec(),
            name => [name, pair.value()].join(&b'='),
        })
        .collect();
    let left = left.join(&b"; "[..]);
    // What was a value is one without some of its parts.
    if left.is_empty() || own.insert(header::COOKIE, left).is_err() {
        own.remove(header::COOKIE);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn leaves(own: &[&str], set: &[&str], expected: &[&str]) {
        let fields = |name: &str, values: &[&str]| {
            let mut headers = HeaderMap::new();
            values.iter().for_each(|value| headers.append(name, value).unwrap());
            headers
        };
        let mut own = fields("Cookie", own);
        give_way(&mut own, &fields("Set-Cookie", set));
        assert_eq!(own, fields("Cookie", expected));
    }

    #[test]
    fn what_is_set_takes_the_place_of_what_was_said() {
        leaves(&["sid=old"], &["sid=new"], &[]);
        leaves(&["a=1; sid=old; b=2"], &["sid=new; Path=/"], &["a=1; b=2"]);
        leaves(&["a=1;b=2", "sid=old"], &["sid=; Max-Age=0"], &["a=1; b=2"]);
        leaves(&["token; sid=old"], &["sid=new"], &["token"]);
        leaves(&["a=1; a=2"], &["a=3", "b=4"], &[]);
    }

    #[test]
    fn everything_else_stays_as_it_is() {
        leaves(&["a=1;b=2"], &["c=3"], &["a=1;b=2"]);
        leaves(&["Sid=1"], &["sid=2"], &["Sid=1"]);
        leaves(&["a=1"], &["", ";a=2"], &["a=1"]);
        leaves(&[], &["a=1"], &[]);
    }
}
