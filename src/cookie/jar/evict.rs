//! Which cookies a full jar lets go of.
//!
//! The order is that of [6265bis §5.7]: expired cookies; in a domain with too many those that are not
//! `Secure`, then the others; cookies of any domain. Of equals the one goes that was not used for longest.
//!
//! [6265bis §5.7]: https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.7

use alloc::boxed::Box;
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
        self.victims = Victims::NONE;
        self.domains.retain(|_, cookies| {
            let before = cookies.len();
            replace(cookies);
            keep_best(cookies, share, now);
            self.len -= before - cookies.len();
            !cookies.is_empty()
        });
        self.victims.after_expiry(self.domains.values().flatten());
        self.keep_best(now);
    }

    /// Removes what is too much in all.
    fn keep_best(&mut self, now: HttpDate) {
        let limit = self.config.max_cookies;
        while self.len > limit {
            if self.victims.next_expiry.is_some_and(|date| date <= now) {
                self.remove_expired(now);
            } else if let Some((rank, key)) = self.victims.queue.pop() {
                self.remove_ranked(&key, rank);
            } else {
                self.find_victims((self.len - limit).saturating_add(limit / 64));
            }
        }
    }

    /// Removes the cookie of a rank, if it is still there and was not used since.
    fn remove_ranked(&mut self, key: &[u8], of_rank: Rank) {
        if let Some(cookies) = self.domains.get_mut(key)
            && let Some(index) = cookies.iter().position(|it| rank(it) == of_rank)
        {
            cookies.remove(index);
            self.len -= 1;
            if cookies.is_empty() {
                self.domains.remove(key);
            }
        }
    }

    /// Looks through all cookies for those that go next.
    fn find_victims(&mut self, count: usize) {
        let of_domain = |(key, cookies)| -> _ {
            let cookies: &Vec<Cookie> = cookies;
            cookies.iter().map(move |cookie| (rank(cookie), key))
        };
        let mut ranks: Vec<(Rank, &Box<[u8]>)> = self.domains.iter().flat_map(of_domain).collect();
        if count < ranks.len() {
            ranks.select_nth_unstable(count);
            ranks.truncate(count);
        }
        ranks.sort_unstable_by(|a, b| b.cmp(a));
        self.victims.queue = ranks.into_iter().map(|(rank, key)| (rank, key.clone())).collect();
    }
}

/// What was used long ago ranks low. No two cookies of a jar have the same rank.
type Rank = (HttpDate, u64);

fn rank(cookie: &Cookie) -> Rank {
    (cookie.last_access(), cookie.order())
}

/// The cookies that a full jar lets go of next, so that it does not look through all of them at each that is
/// added.
#[derive(Clone, Debug)]
pub(super) struct Victims {
    /// The lowest ranks, the lowest last. Some may have gone, or have a higher rank now.
    queue: Vec<(Rank, Box<[u8]>)>,
    /// No cookie expires before; `None` if none ever does.
    next_expiry: Option<HttpDate>,
}

impl Victims {
    pub(super) const NONE: Self = Self { queue: Vec::new(), next_expiry: None };

    /// Takes down that a cookie was added or used: with an early date it may rank among the lowest.
    pub(super) fn note(&mut self, cookie: &Cookie) {
        if self.queue.first().is_some_and(|(highest, _)| rank(cookie) < *highest) {
            self.queue.clear();
        }
        self.next_expiry = self.next_expiry.into_iter().chain(cookie.expires()).min();
    }

    /// Takes down which cookies are left after those that have expired were removed.
    pub(super) fn after_expiry<'j>(&mut self, left: impl Iterator<Item = &'j Cookie>) {
        self.next_expiry = left.filter_map(Cookie::expires).min();
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

/// Returns the rank of the best cookie that has to go, if there are more than the limit.
fn last_to_go<R: Ord + Copy>(mut ranks: Vec<R>, limit: usize) -> Option<R> {
    let index = ranks.len().checked_sub(limit)?.checked_sub(1)?;
    let (_, rank, _) = ranks.select_nth_unstable(index);
    Some(*rank)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::{Config, Context, SetCookie};
    use crate::uri::Uri;
    use alloc::format;
    use alloc::string::String;
    use proptest::prelude::*;

    proptest! {
        /// With more cookies than the queue looks ahead, against a list that is sorted each time.
        #[test]
        fn the_ones_go_that_were_not_used_for_longest(
            steps in prop::collection::vec((0..260_usize, any::<bool>(), 0..9_i64, 0..40_i64), 1..600),
        ) {
            const LIMIT: usize = 150;
            let mut jar = CookieJar::with_config(Config::DEFAULT.max_cookies(LIMIT));
            // Host, last use, place, and when it expires.
            let mut model: Vec<(usize, i64, usize, i64)> = Vec::new();
            let mut now = 0;
            for (place, (host, is_use, step, age)) in steps.into_iter().enumerate() {
                // Now and then the clock is set back, but by less than it goes on.
                now += if step == 8 { -2 } else { step / 4 };
                let uri = Uri::parse(format!("http://h{host}.example/")).unwrap();
                let context = Context::at(HttpDate::from_unix(now));
                let known = model.iter_mut().find(|it| it.0 == host && it.3 > now);
                if is_use {
                    jar.cookie_header(&uri, &context);
                    known.into_iter().for_each(|it| it.1 = now);
                    continue;
                }
                let expires = if age < 30 { i64::MAX } else { now + age };
                let age = if age < 30 { String::new() } else { format!("; Max-Age={age}") };
                let field = format!("a=b{age}");
                let _ = jar.store(&uri, &SetCookie::parse(field.as_bytes()).unwrap(), &context);
                match known {
                    Some(it) => (it.1, it.3) = (now, expires),
                    None => {
                        model.retain(|it| it.0 != host);
                        model.push((host, now, place, expires));
                    }
                }
                if model.len() > LIMIT {
                    model.retain(|it| it.3 > now);
                }
                if model.len() > LIMIT {
                    let least = model.iter().map(|it| (it.1, it.2)).min();
                    model.retain(|it| Some((it.1, it.2)) != least);
                }
                let mut hosts: Vec<_> = jar.iter().map(Cookie::domain).collect();
                hosts.sort_unstable();
                let mut expected: Vec<_> = model.iter().map(|it| format!("h{}.example", it.0)).collect();
                expected.sort_unstable();
                prop_assert_eq!(hosts, expected);
            }
        }
    }

    #[test]
    fn at_the_end_of_time_a_full_jar_still_makes_room() {
        let mut jar = CookieJar::with_config(Config::DEFAULT.max_cookies(2));
        for host in 0..5 {
            let uri = Uri::parse(format!("http://h{host}.example/")).unwrap();
            let context = Context::at(HttpDate::MAX);
            jar.store(&uri, &SetCookie::parse(b"a=b").unwrap(), &context).unwrap();
        }
        assert_eq!((jar.len(), jar.domains.len()), (2, 2));
    }

    #[test]
    fn what_a_file_says_was_not_used_for_long_goes_before_what_was_found_earlier() {
        let mut jar = CookieJar::with_config(Config::DEFAULT.max_cookies(64));
        let add = |jar: &mut CookieJar, host: u32, seconds| {
            let uri = Uri::parse(format!("http://h{host}.example/")).unwrap();
            let context = Context::at(HttpDate::from_unix(seconds));
            jar.store(&uri, &SetCookie::parse(b"a=b").unwrap(), &context).unwrap();
        };
        (0..64).for_each(|host| add(&mut jar, host, 0));
        add(&mut jar, 0, 5);
        // Lets go of the second, and has found that the third is next.
        add(&mut jar, 64, 0);
        let date = HttpDate::from_unix(0);
        let file = format!(
            "# nethttp cookies, version 1\n\
             a=b; Domain=h0.example; HostOnly; Path=/; Accessed={date}\n"
        );
        assert_eq!(jar.read(file.as_bytes(), date), Ok(1));
        add(&mut jar, 65, 0);
        let has = |domain: &str| jar.iter().any(|cookie| cookie.domain() == domain);
        assert_eq!(["h0.example", "h1.example", "h2.example"].map(has), [false, false, true]);
    }
}
