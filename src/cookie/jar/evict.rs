//! Which cookies a full jar lets go of.
//!
//! The order is that of [6265bis §5.7]: expired cookies; in a domain with too many those that are not
//! `Secure`, then the others; cookies of any domain. Of equals the one goes that was not used for longest.
//!
//! [6265bis §5.7]: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.7

use alloc::vec::Vec;

use super::{Cookie, CookieJar};
use crate::field::HttpDate;

impl CookieJar {
    /// Removes what is too much after a cookie was added to a domain, and returns whether that cookie is
    /// still there.
    pub(super) fn make_room(&mut self, key: &[u8], newest: u64, now: HttpDate) -> bool {
        let share = self.config.max_cookies_per_domain;
        let cookies = self.domains.get(key);
        if cookies.is_none_or(|it| it.len() <= share) && self.len <= self.config.max_cookies {
            return true;
        }
        if let Some(cookies) = self.domains.get_mut(key) {
            let before = cookies.len();
            keep_best(cookies, share, now);
            self.len -= before - cookies.len();
            if cookies.is_empty() {
                self.domains.remove(key);
            }
        }
        self.keep_best(now);
        let mut cookies = self.domains.get(key).into_iter().flatten();
        cookies.any(|cookie| cookie.order() == newest)
    }

    /// Removes what was replaced and what is too much after many cookies were added.
    pub(in crate::cookie) fn settle(&mut self, now: HttpDate) {
        let share = self.config.max_cookies_per_domain;
        self.domains.retain(|_, cookies| {
            let before = cookies.len();
            replace(cookies);
            keep_best(cookies, share, now);
            self.len -= before - cookies.len();
            !cookies.is_empty()
        });
        self.keep_best(now);
    }

    /// Removes what is too much in all; and domains without cookies.
    fn keep_best(&mut self, now: HttpDate) {
        if self.len <= self.config.max_cookies {
            return;
        }
        self.remove_expired(now);
        if let Some(last) = last_to_go(self.iter().map(rank).collect(), self.config.max_cookies) {
            self.retain(|cookie| rank(cookie) > last);
        }
    }
}

/// Leaves of cookies of the same identity the one that was added last, in the place of the first. It
/// sorts, since files have many cookies.
fn replace(cookies: &mut Vec<Cookie>) {
    cookies.sort_unstable_by(|a, b| (a.identity(), a.order()).cmp(&(b.identity(), b.order())));
    cookies.dedup_by(|later, kept| {
        let is_same = later.identity() == kept.identity();
        if is_same {
            core::mem::swap(later, kept);
            kept.unite(later);
        }
        is_same
    });
    cookies.sort_unstable_by_key(Cookie::order);
}

/// Removes what is too much in a domain.
fn keep_best(cookies: &mut Vec<Cookie>, limit: usize, now: HttpDate) {
    if cookies.len() <= limit {
        return;
    }
    cookies.retain(|cookie| !cookie.is_expired(now));
    let rank = |cookie: &Cookie| (cookie.is_secure(), rank(cookie));
    if let Some(last) = last_to_go(cookies.iter().map(rank).collect(), limit) {
        cookies.retain(|cookie| rank(cookie) > last);
    }
}

/// What was used long ago ranks low. No two cookies of a jar have the same rank.
fn rank(cookie: &Cookie) -> (HttpDate, u64) {
    (cookie.last_access(), cookie.order())
}

/// Returns the rank of the best cookie that has to go, if there are more than the limit.
fn last_to_go<R: Ord + Copy>(mut ranks: Vec<R>, limit: usize) -> Option<R> {
    let index = ranks.len().checked_sub(limit)?.checked_sub(1)?;
    let (_, rank, _) = ranks.select_nth_unstable(index);
    Some(*rank)
}
