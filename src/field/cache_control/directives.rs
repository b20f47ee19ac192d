//! The directives that are known: what each says, how it is read from a value and set in one.

use alloc::borrow::Cow;
use core::time::Duration;

use super::{CacheControl, CacheDirective, CacheScope, Scope};
use crate::field::FieldError;
use crate::field::delta::clamp;
use crate::header::HeaderName;

/// Defines the getter and the setter of each directive that has no argument.
macro_rules! flags {
    ($($name:literal $getter:ident $setter:ident: $(#[doc = $doc:literal])*)*) => {$(
        #[doc = concat!("Returns whether `", $name, "` is there:")]
        $(#[doc = $doc])*
        ///
        /// ```
        /// use nethttp::field::CacheControl;
        ///
        #[doc = concat!("assert!(CacheControl::parse(b\"", $name, "\")?.", stringify!($getter), "());")]
        /// # Ok::<(), nethttp::field::FieldError>(())
        /// ```
        #[must_use]
        pub const fn $getter(&self) -> bool {
            self.flags.$getter
        }

        #[doc = concat!("Adds `", $name, "`; see [`", stringify!($getter), "`](Self::", stringify!($getter), ").")]
        ///
        /// ```
        /// use nethttp::field::CacheControl;
        ///
        #[doc = concat!("const CACHE: CacheControl<'_> = CacheControl::new().", stringify!($setter), "();")]
        #[doc = concat!("assert_eq!(CACHE.to_string(), \"", $name, "\");")]
        /// ```
        #[must_use]
        pub const fn $setter(mut self) -> Self {
            self.flags.$getter = true;
            self
        }
    )*};
}

/// Defines the getter and the setter of each directive whose argument is a time.
macro_rules! times {
    ($($name:literal $getter:ident $setter:ident: $(#[doc = $doc:literal])*)*) => {$(
        #[doc = concat!("Returns the time of `", $name, "`:")]
        $(#[doc = $doc])*
        ///
        /// ```
        /// use core::time::Duration;
        /// use nethttp::field::CacheControl;
        ///
        #[doc = concat!("let cache = CacheControl::parse(b\"", $name, "=60\")?;")]
        #[doc = concat!("assert_eq!(cache.", stringify!($getter), "(), Some(Duration::from_secs(60)));")]
        /// # Ok::<(), nethttp::field::FieldError>(())
        /// ```
        #[must_use]
        pub const fn $getter(&self) -> Option<Duration> {
            self.times.$getter
        }

        #[doc = concat!("Sets `", $name, "`; see [`", stringify!($getter), "`](Self::", stringify!($getter), ").")]
        /// Fractions of a second are dropped.
        ///
        /// ```
        /// use core::time::Duration;
        /// use nethttp::field::CacheControl;
        ///
        /// const MINUTE: Duration = Duration::from_secs(60);
        #[doc = concat!("const CACHE: CacheControl<'_> = CacheControl::new().", stringify!($setter), "(MINUTE);")]
        #[doc = concat!("assert_eq!(CACHE.to_string(), \"", $name, "=60\");")]
        /// ```
        #[must_use]
        pub const fn $setter(mut self, time: Duration) -> Self {
            self.times.$getter = Some(clamp(time));
            self
        }
    )*};
}

/// The directives of requests and responses.
impl<'a> CacheControl<'a> {
    flags! {
        "no-store" no_store with_no_store:
        /// no cache may store the message,
        /// [RFC 9111 §5.2.2.5](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.5).

        "no-transform" no_transform with_no_transform:
        /// no intermediary may change the content,
        /// [RFC 9111 §5.2.2.6](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.6).
    }

    times! {
        "max-age" max_age with_max_age:
        /// a response is fresh for as long, and a request wants none that is older,
        /// [RFC 9111 §5.2.2.1](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.1).

        "stale-if-error" stale_if_error with_stale_if_error:
        /// where the server fails, a stale response may be used for as long,
        /// [RFC 5861 §4](https://www.rfc-editor.org/rfc/rfc5861#section-4).
    }

    /// Returns what `no-cache` applies to, if it is there: a cache has to ask the server before it uses
    /// the response, or the fields of it that are named,
    /// [RFC 9111 §5.2.2.4](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.4).
    ///
    /// In a request it names no fields.
    ///
    /// ```
    /// use nethttp::field::{CacheControl, CacheScope};
    /// use nethttp::header;
    ///
    /// assert_eq!(CacheControl::parse(b"no-cache")?.no_cache(), Some(CacheScope::Whole));
    /// let cache = CacheControl::parse(b"no-cache=\"ETag, Age\"")?;
    /// assert_eq!(cache.no_cache(), Some(CacheScope::Fields(&[header::ETAG, header::AGE])));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn no_cache(&self) -> Option<CacheScope<'_>> {
        self.no_cache.get()
    }

    /// Adds `no-cache` for the whole message; names that were given before no longer matter.
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    ///
    /// const CACHE: CacheControl<'_> = CacheControl::new().with_no_cache();
    /// assert_eq!(CACHE.to_string(), "no-cache");
    /// ```
    #[must_use]
    pub const fn with_no_cache(mut self) -> Self {
        self.no_cache.whole = true;
        self
    }

    /// Adds names to `no-cache`. Without a name nothing changes.
    ///
    /// # Errors
    ///
    /// Returns an error when there are more than [`MAX_FIELDS`](Self::MAX_FIELDS).
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    /// use nethttp::header;
    ///
    /// let cache = CacheControl::new().with_no_cache_fields([header::SET_COOKIE])?;
    /// assert_eq!(cache.to_string(), "no-cache=\"Set-Cookie\"");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn with_no_cache_fields(
        mut self,
        names: impl IntoIterator<Item = HeaderName>,
    ) -> Result<Self, FieldError> {
        names.into_iter().try_for_each(|name| self.no_cache.add(name, 0))?;
        Ok(self)
    }

    /// Returns the directives that have no getter, in order.
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    ///
    /// let cache = CacheControl::parse(b"no-store, pre-check=0, post-check=0")?;
    /// let names: Vec<_> = cache.extensions().iter().map(|directive| directive.name()).collect();
    /// assert_eq!(names, ["pre-check", "post-check"]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn extensions(&self) -> &[CacheDirective<'a>] {
        &self.extensions
    }

    /// Returns the first directive of that name among those that have no getter.
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    ///
    /// let cache = CacheControl::parse(b"Community=UCI")?;
    /// assert_eq!(cache.extension("community").and_then(|d| d.argument()), Some("UCI"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn extension(&self, name: &str) -> Option<&CacheDirective<'a>> {
        self.extensions.iter().find(|directive| directive.is_named(name))
    }

    /// Adds a directive by its name. One that has a getter is set as if it had been parsed.
    ///
    /// # Errors
    ///
    /// Returns an error when the name is no token, when the argument holds a control other than HTAB,
    /// when it is wrong for a directive that has a getter, and when there are
    /// [`MAX_EXTENSIONS`](Self::MAX_EXTENSIONS) already. The offset counts in the name, or in
    /// the argument if that is wrong.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    ///
    /// let cache = CacheControl::new()
    ///     .with_extension("community", Some("UC Irvine"))?
    ///     .with_extension("max-age", Some("60"))?;
    /// assert_eq!(cache.to_string(), "max-age=60, community=\"UC Irvine\"");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn with_extension(
        mut self,
        name: &'a str,
        argument: Option<&'a str>,
    ) -> Result<Self, FieldError> {
        self.add(name.as_bytes(), argument.map(|text| Cow::Borrowed(text.as_bytes())))?;
        Ok(self)
    }
}

/// The directives of requests.
impl CacheControl<'_> {
    flags! {
        "only-if-cached" only_if_cached with_only_if_cached:
        /// the client wants a stored response or 504,
        /// [RFC 9111 §5.2.1.7](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.1.7).
    }

    times! {
        "min-fresh" min_fresh with_min_fresh:
        /// the client wants a response that stays fresh for as long,
        /// [RFC 9111 §5.2.1.3](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.1.3).
    }

    /// Returns for how long a response may have been stale that the client takes,
    /// [RFC 9111 §5.2.1.2](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.1.2).
    ///
    /// A `max-stale` without argument allows any time and gives [`Duration::MAX`].
    ///
    /// ```
    /// use core::time::Duration;
    /// use nethttp::field::CacheControl;
    ///
    /// let minute = CacheControl::parse(b"max-stale=60")?;
    /// assert_eq!(minute.max_stale(), Some(Duration::from_secs(60)));
    /// let any = CacheControl::parse(b"max-stale")?;
    /// assert_eq!(any.max_stale(), Some(Duration::MAX));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn max_stale(&self) -> Option<Duration> {
        self.times.max_stale
    }

    /// Sets `max-stale`, without an argument if the time is [`Duration::MAX`]. Fractions of a second
    /// are dropped.
    ///
    /// ```
    /// use core::time::Duration;
    /// use nethttp::field::CacheControl;
    ///
    /// let any = CacheControl::new().with_max_stale(Duration::MAX);
    /// assert_eq!(any.to_string(), "max-stale");
    /// let minute = CacheControl::new().with_max_stale(Duration::from_secs(60));
    /// assert_eq!(minute.to_string(), "max-stale=60");
    /// ```
    #[must_use]
    pub const fn with_max_stale(mut self, time: Duration) -> Self {
        let any = time.as_secs() == u64::MAX;
        self.times.max_stale = Some(if any { Duration::MAX } else { clamp(time) });
        self
    }
}

/// The directives of responses.
impl CacheControl<'_> {
    flags! {
        "public" public with_public:
        /// a cache may store the response even if it is to a request with credentials,
        /// [RFC 9111 §5.2.2.9](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.9).

        "must-revalidate" must_revalidate with_must_revalidate:
        /// once stale, the response may not be used without asking the server,
        /// [RFC 9111 §5.2.2.2](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.2).

        "proxy-revalidate" proxy_revalidate with_proxy_revalidate:
        /// the same as `must-revalidate`, for shared caches,
        /// [RFC 9111 §5.2.2.8](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.8).

        "must-understand" must_understand with_must_understand:
        /// only a cache that knows the status code may store the response, and it does so despite
        /// `no-store`, [RFC 9111 §5.2.2.3](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.3).

        "immutable" immutable with_immutable:
        /// the response does not change while it is fresh,
        /// [RFC 8246 §2](https://www.rfc-editor.org/rfc/rfc8246#section-2).
    }

    times! {
        "s-maxage" s_maxage with_s_maxage:
        /// in a shared cache the response is fresh for as long, whatever `max-age` says,
        /// [RFC 9111 §5.2.2.10](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.10).

        "stale-while-revalidate" stale_while_revalidate with_stale_while_revalidate:
        /// a stale response may be used for as long while the cache asks the server,
        /// [RFC 5861 §3](https://www.rfc-editor.org/rfc/rfc5861#section-3).
    }

    /// Returns what `private` applies to, if it is there: a shared cache may not store the response, or
    /// the fields of it that are named,
    /// [RFC 9111 §5.2.2.7](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.7).
    ///
    /// ```
    /// use nethttp::field::{CacheControl, CacheScope};
    ///
    /// assert_eq!(CacheControl::parse(b"private")?.private(), Some(CacheScope::Whole));
    /// assert_eq!(CacheControl::parse(b"public")?.private(), None);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn private(&self) -> Option<CacheScope<'_>> {
        self.private.get()
    }

    /// Adds `private` for the whole response; names that were given before no longer matter.
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    ///
    /// const CACHE: CacheControl<'_> = CacheControl::new().with_private();
    /// assert_eq!(CACHE.to_string(), "private");
    /// ```
    #[must_use]
    pub const fn with_private(mut self) -> Self {
        self.private.whole = true;
        self
    }

    /// Adds names to `private`. Without a name nothing changes.
    ///
    /// # Errors
    ///
    /// Returns an error when there are more than [`MAX_FIELDS`](Self::MAX_FIELDS).
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    /// use nethttp::header;
    ///
    /// let cache = CacheControl::new().with_private_fields([header::SET_COOKIE])?;
    /// assert_eq!(cache.to_string(), "private=\"Set-Cookie\"");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn with_private_fields(
        mut self,
        names: impl IntoIterator<Item = HeaderName>,
    ) -> Result<Self, FieldError> {
        names.into_iter().try_for_each(|name| self.private.add(name, 0))?;
        Ok(self)
    }
}

impl Scope {
    fn get(&self) -> Option<CacheScope<'_>> {
        match self.fields.as_slice() {
            _ if self.whole => Some(CacheScope::Whole),
            [] => None,
            names => Some(CacheScope::Fields(names)),
        }
    }

    /// Compares names in any order; none stands twice.
    pub(super) fn says_the_same(&self, other: &Self) -> bool {
        match (self.get(), other.get()) {
            (Some(CacheScope::Fields(ours)), Some(CacheScope::Fields(theirs))) => {
                ours.len() == theirs.len() && ours.iter().all(|name| theirs.contains(name))
            }
            (ours, theirs) => ours == theirs,
        }
    }
}
