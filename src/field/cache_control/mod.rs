//! The Cache-Control field, [RFC 9111 §5.2](https://www.rfc-editor.org/rfc/rfc9111#section-5.2):
//! what a request and a response say to the caches on their way.
//!
//! One type serves both directions. It knows the directives of RFC 9111, `immutable`
//! ([RFC 8246](https://www.rfc-editor.org/rfc/rfc8246)) and the two of
//! [RFC 5861](https://www.rfc-editor.org/rfc/rfc5861), and keeps the others with their arguments.
//! What a directive means for a stored response is decided elsewhere, and `Pragma` is not read.
//!
//! ```
//! use core::time::Duration;
//! use nethttp::field::CacheControl;
//!
//! const ASSETS: CacheControl<'_> = CacheControl::new()
//!     .with_public()
//!     .with_max_age(Duration::from_secs(31_536_000))
//!     .with_immutable();
//! assert_eq!(ASSETS.to_string(), "public, max-age=31536000, immutable");
//!
//! let received = CacheControl::parse(b"no-cache=\"Set-Cookie\", max-age=\"60\"")?;
//! assert_eq!(received.max_age(), Some(Duration::from_secs(60)));
//! assert!(received.no_cache().is_some_and(|scope| scope.covers("set-cookie")));
//! # Ok::<(), nethttp::field::FieldError>(())
//! ```

mod directives;
mod extension;
mod parse;
mod write;

use alloc::vec::Vec;
use core::fmt;
use core::time::Duration;

use super::{FieldError, delta};
use crate::header::{self, HeaderMap, HeaderName};

pub use extension::{CacheDirective, CacheScope};

/// The directives of the Cache-Control field of a message,
/// [RFC 9111 §5.2](https://www.rfc-editor.org/rfc/rfc9111#section-5.2).
///
/// A getter has the name of its directive, and the method that sets it the same name behind `with_`.
/// Times are whole seconds up to [`MAX_SECONDS`](Self::MAX_SECONDS). Two values are equal when they
/// say the same, in whatever order they were written; directives that the type does not know compare
/// in order.
///
/// # Examples
///
/// ```
/// use core::time::Duration;
/// use nethttp::field::CacheControl;
/// use nethttp::header::{self, HeaderMap};
///
/// let page = CacheControl::new().with_private().with_max_age(Duration::from_secs(600));
/// let mut headers = HeaderMap::new();
/// headers.insert(header::CACHE_CONTROL, page.to_string())?;
///
/// let received = CacheControl::from_headers(&headers);
/// assert_eq!(received, page);
/// assert!(!received.no_store());
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
#[derive(Clone, Default)]
pub struct CacheControl<'a> {
    flags: Flags,
    times: Times,
    no_cache: Scope,
    private: Scope,
    extensions: Vec<CacheDirective<'a>>,
}

/// The directives without an argument.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Flags {
    public: bool,
    no_store: bool,
    no_transform: bool,
    must_revalidate: bool,
    proxy_revalidate: bool,
    must_understand: bool,
    only_if_cached: bool,
    immutable: bool,
}

/// The directives whose argument is a time; a `max-stale` without one is [`Duration::MAX`].
#[derive(Clone, Copy, Default, PartialEq, Eq)]
struct Times {
    max_age: Option<Duration>,
    s_maxage: Option<Duration>,
    max_stale: Option<Duration>,
    min_fresh: Option<Duration>,
    stale_while_revalidate: Option<Duration>,
    stale_if_error: Option<Duration>,
}

/// A directive that may name fields. `whole` outweighs the names; it stands apart from them so that it
/// can be set in a constant.
#[derive(Clone, Default)]
struct Scope {
    whole: bool,
    fields: Vec<HeaderName>,
}

impl<'a> CacheControl<'a> {
    /// The largest time in seconds, 2^31, about 68 years. A larger one counts as this,
    /// [RFC 9111 §1.2.2](https://www.rfc-editor.org/rfc/rfc9111#section-1.2.2).
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    ///
    /// let forever = CacheControl::parse(b"max-age=99999999999999999999")?;
    /// assert_eq!(forever.max_age().map(|age| age.as_secs()), Some(CacheControl::MAX_SECONDS));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub const MAX_SECONDS: u64 = delta::MOST;

    /// How many directives are kept that the type does not know, 32.
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    ///
    /// assert!(CacheControl::parse("a,".repeat(CacheControl::MAX_EXTENSIONS).as_bytes()).is_ok());
    /// assert!(CacheControl::parse("a,".repeat(CacheControl::MAX_EXTENSIONS + 1).as_bytes()).is_err());
    /// ```
    pub const MAX_EXTENSIONS: usize = 32;

    /// How many fields `no-cache` may name, and as many again `private`: 64.
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    ///
    /// let names: Vec<_> = (0..=CacheControl::MAX_FIELDS).map(|n| format!("X-{n}")).collect();
    /// assert!(CacheControl::parse(format!("private=\"{}\"", names.join(",")).as_bytes()).is_err());
    /// ```
    pub const MAX_FIELDS: usize = 64;

    /// Creates a value without directives, to be filled by the methods whose names begin with `with_`.
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    ///
    /// assert_eq!(CacheControl::new().with_no_store().to_string(), "no-store");
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self {
            flags: Flags {
                public: false,
                no_store: false,
                no_transform: false,
                must_revalidate: false,
                proxy_revalidate: false,
                must_understand: false,
                only_if_cached: false,
                immutable: false,
            },
            times: Times {
                max_age: None,
                s_maxage: None,
                max_stale: None,
                min_fresh: None,
                stale_while_revalidate: None,
                stale_if_error: None,
            },
            no_cache: Scope::NONE,
            private: Scope::NONE,
            extensions: Vec::new(),
        }
    }

    /// Parses one field value to the letter.
    ///
    /// ```abnf
    /// Cache-Control   = #cache-directive
    /// cache-directive = token [ "=" ( token / quoted-string ) ]
    /// ```
    ///
    /// Names are case-insensitive, and an argument may be a token or a quoted string, whichever is
    /// prescribed for senders ([RFC 9111 §5.2](https://www.rfc-editor.org/rfc/rfc9111#section-5.2)).
    /// Of a time that is given twice the first counts
    /// ([RFC 9111 §4.2.1](https://www.rfc-editor.org/rfc/rfc9111#section-4.2.1)); `no-cache` and
    /// `private` add up, and without names, or with an empty list of them, they cover everything.
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte that is not allowed: in the list, in an argument that the
    /// directive's own grammar refuses (`max-age=x`, `no-cache="a b"`), or where an argument is missing
    /// (`max-age`) or not foreseen (`no-store=1`). [`MAX_EXTENSIONS`](Self::MAX_EXTENSIONS) and
    /// [`MAX_FIELDS`](Self::MAX_FIELDS) are limits.
    ///
    /// # Deviations
    ///
    /// The argument of an unknown directive has to be UTF-8, where
    /// [RFC 9110 §5.5](https://www.rfc-editor.org/rfc/rfc9110#section-5.5) lets any byte above 0x7f pass
    /// and asks for none: so that it is a `str`.
    ///
    /// # Examples
    ///
    /// ```
    /// use core::time::Duration;
    /// use nethttp::field::CacheControl;
    ///
    /// let cache = CacheControl::parse(b"Public, S-MaxAge=60, community=\"UCI\"")?;
    /// assert!(cache.public());
    /// assert_eq!(cache.s_maxage(), Some(Duration::from_secs(60)));
    /// assert_eq!(CacheControl::parse(b"max-age=-1").unwrap_err().offset(), 8);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        let mut cache = Self::new();
        cache.read_strictly(value)?;
        Ok(cache)
    }

    /// Reads all Cache-Control fields of a message as a cache should; without one the result
    /// [is empty](Self::is_empty).
    ///
    /// The members that can be read count, whatever stands between them. Of a member with a name and
    /// an argument that is wrong, missing, not foreseen or too long, a directive that restricts the
    /// cache still holds, in its widest form, and one that gives it freedom does not:
    ///
    /// - `max-age` and `s-maxage` are 0, for invalid freshness information should count as stale
    ///   ([RFC 9111 §4.2.1](https://www.rfc-editor.org/rfc/rfc9111#section-4.2.1));
    /// - `no-cache` and `private` cover everything, and `no-store`, `no-transform`, `must-revalidate`,
    ///   `proxy-revalidate` and `only-if-cached` are set;
    /// - all others are left out: `max-stale`, for one, would allow any age without its argument, and
    ///   `min-fresh` has no meaning.
    ///
    /// Of a member that is no directive at all every word that restricts holds, since nobody knows what
    /// was meant: `max-age=60; private` is private, and so is what has that word behind a quotation mark
    /// that is not closed, or that stands where none may.
    /// Unknown directives past [`MAX_EXTENSIONS`](Self::MAX_EXTENSIONS) or with an argument that is
    /// not UTF-8 are not kept, as a cache has to ignore them ([RFC 9111 §5.2.3](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.3)).
    ///
    /// # Examples
    ///
    /// ```
    /// use core::time::Duration;
    /// use nethttp::field::CacheControl;
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Cache-Control", "max-age=1h, =, stale-if-error=1d")?;
    /// headers.append("Cache-Control", "no-transform; x")?;
    ///
    /// let cache = CacheControl::from_headers(&headers);
    /// assert_eq!(cache.to_string(), "no-transform, max-age=0");
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn from_headers(headers: &'a HeaderMap) -> Self {
        let mut cache = Self::new();
        for line in headers.get_all(header::CACHE_CONTROL) {
            cache.read_with_recovery(line);
        }
        cache
    }

    /// Returns whether there is no directive at all; a message should not have the field then.
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    ///
    /// assert!(CacheControl::parse(b" , ")?.is_empty());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::new()
    }

    /// Returns the value with a copy of what it borrows.
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    ///
    /// let line = String::from("no-store, x=y");
    /// let cache: CacheControl<'static> = CacheControl::parse(line.as_bytes())?.into_owned();
    /// drop(line);
    /// assert_eq!(cache.to_string(), "no-store, x=y");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> CacheControl<'static> {
        CacheControl {
            flags: self.flags,
            times: self.times,
            no_cache: self.no_cache,
            private: self.private,
            extensions: self.extensions.into_iter().map(CacheDirective::into_owned).collect(),
        }
    }
}

impl PartialEq for CacheControl<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.flags == other.flags
            && self.times == other.times
            && self.no_cache.says_the_same(&other.no_cache)
            && self.private.says_the_same(&other.private)
            && self.extensions == other.extensions
    }
}

impl Eq for CacheControl<'_> {}

impl fmt::Debug for CacheControl<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CacheControl({self})")
    }
}
