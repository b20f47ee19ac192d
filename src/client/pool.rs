//! The connections that wait for their next request.
//!
//! The one that was used last is taken first: it is the least likely to have been closed. No thread
//! watches the pool; a connection whose time is over is closed when the pool is next used.

use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use super::route::Route;
use crate::setters::setters;

/// How many idle connections a client keeps, and for how long.
///
/// | limit | default |
/// |---|---|
/// | [`idle`](Self::idle): time; less if the server says so in `Keep-Alive: timeout=n` | 15 s |
/// | [`per_host`](Self::per_host): connections to one host and port | 8 |
/// | [`total`](Self::total): connections | 64 |
///
/// Beyond a limit the connection that was idle longest is closed. How many connections are in use at a
/// time is not limited. Taking a connection takes time in proportion to `total`.
///
/// # Examples
///
/// ```
/// use nethttp::Client;
/// use nethttp::client::PoolLimits;
///
/// // One connection for each request.
/// let client = Client::builder().pool(PoolLimits::DEFAULT.total(0)).build()?;
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct PoolLimits {
    /// How long a connection may be idle.
    pub idle: Duration,
    /// Idle connections to one host and port.
    pub per_host: usize,
    /// Idle connections.
    pub total: usize,
}

impl PoolLimits {
    /// The defaults of the table above.
    pub const DEFAULT: Self = Self { idle: Duration::from_secs(15), per_host: 8, total: 64 };

    setters! { "nethttp::client::PoolLimits":
        /// Sets how long a connection may be idle.
        idle: Duration = "std::time::Duration::from_secs(60)";
        /// Sets the number of idle connections to one host and port.
        per_host: usize = "1";
        /// Sets the number of idle connections.
        total: usize = "0";
    }
}

impl Default for PoolLimits {
    fn default() -> Self {
        Self::DEFAULT
    }
}

/// What is idle, the longest first.
pub(super) struct Pool<T> {
    limits: PoolLimits,
    idle: Mutex<Vec<Idle<T>>>,
}

struct Idle<T> {
    route: Route,
    until: Instant,
    item: T,
}

impl<T> Pool<T> {
    pub(super) const fn new(limits: PoolLimits) -> Self {
        Self { limits, idle: Mutex::new(Vec::new()) }
    }

    pub(super) const fn limits(&self) -> &PoolLimits {
        &self.limits
    }

    /// Takes out what was used last for that way.
    pub(super) fn take(&self, route: &Route, now: Instant) -> Option<T> {
        let mut idle = self.lock();
        let expired = take_expired(&mut idle, now);
        let found = idle.iter().rposition(|one| one.route.is_same(route));
        let taken = found.map(|index| idle.remove(index).item);
        // Closing connections takes time that others need not wait for.
        drop(idle);
        drop(expired);
        taken
    }

    /// Puts in what may be used again until then.
    pub(super) fn put(&self, route: Route, item: T, until: Instant, now: Instant) {
        if until <= now || self.limits.total == 0 || self.limits.per_host == 0 {
            return;
        }
        let mut idle = self.lock();
        let mut evicted = take_expired(&mut idle, now);
        let of_host = idle.iter().filter(|one| one.route.is_same(&route)).count();
        let oldest = if of_host >= self.limits.per_host {
            idle.iter().position(|one| one.route.is_same(&route))
        } else {
            (idle.len() >= self.limits.total).then_some(0)
        };
        evicted.extend(oldest.map(|index| idle.remove(index)));
        idle.push(Idle { route, until, item });
        drop(idle);
        drop(evicted);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Idle<T>>> {
        // Every change of the list is whole, whoever panicked.
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes out those whose time is over: most often none.
fn take_expired<T>(idle: &mut Vec<Idle<T>>, now: Instant) -> Vec<Idle<T>> {
    if idle.iter().all(|one| one.until > now) {
        return Vec::new();
    }
    idle.extract_if(.., |one| one.until <= now).collect()
}

impl<T> fmt::Debug for Pool<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let idle = self.lock().len();
        f.debug_struct("Pool").field("limits", &self.limits).field("idle", &idle).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client::origin::Origin;
    use crate::uri::Uri;

    const SECOND: Duration = Duration::from_secs(1);

    fn origin(host: &str) -> Route {
        let url = Uri::parse(format!("http://{host}/")).unwrap();
        Route { origin: Origin::of(&url).unwrap(), proxy: None }
    }

    fn pool(per_host: usize, total: usize) -> (Pool<u32>, Instant) {
        (Pool::new(PoolLimits::DEFAULT.per_host(per_host).total(total)), Instant::now())
    }

    fn take_all(pool: &Pool<u32>, host: &str, now: Instant) -> Vec<u32> {
        std::iter::from_fn(|| pool.take(&origin(host), now)).collect()
    }

    #[test]
    fn gives_the_last_one_first_and_each_once() {
        let (pool, now) = pool(8, 64);
        for item in 1..=3 {
            pool.put(origin("a"), item, now + SECOND, now);
        }
        pool.put(origin("b"), 4, now + SECOND, now);
        assert_eq!(take_all(&pool, "A", now), [3, 2, 1]);
        assert_eq!(take_all(&pool, "b:81", now), []);
        assert_eq!(take_all(&pool, "b:80", now), [4]);
    }

    #[test]
    fn forgets_what_is_idle_too_long() {
        let (pool, now) = pool(8, 64);
        pool.put(origin("a"), 1, now + SECOND, now);
        pool.put(origin("a"), 2, now + 3 * SECOND, now);
        pool.put(origin("a"), 3, now, now);
        assert_eq!(take_all(&pool, "a", now + SECOND), [2]);
        pool.put(origin("a"), 4, now + SECOND, now);
        assert_eq!(take_all(&pool, "b", now + SECOND), []);
        assert!(format!("{pool:?}").contains("idle: 0"));
    }

    #[test]
    fn keeps_the_youngest_within_both_limits() {
        let (pool, now) = pool(2, 3);
        for item in 1..=3 {
            pool.put(origin("a"), item, now + SECOND, now);
        }
        pool.put(origin("b"), 4, now + SECOND, now);
        pool.put(origin("c"), 5, now + SECOND, now);
        assert_eq!(take_all(&pool, "a", now), [3]);
        assert_eq!(take_all(&pool, "b", now), [4]);
        assert_eq!(take_all(&pool, "c", now), [5]);
    }

    #[test]
    fn keeps_nothing_where_the_limit_is_zero() {
        for (per_host, total) in [(0, 8), (8, 0)] {
            let (pool, now) = pool(per_host, total);
            pool.put(origin("a"), 1, now + SECOND, now);
            assert_eq!(take_all(&pool, "a", now), []);
        }
    }
}
