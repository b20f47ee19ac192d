//! Directives that are not known, and what `no-cache` and `private` apply to.

use alloc::borrow::Cow;
use alloc::vec::Vec;
use core::fmt;

use crate::header::HeaderName;
use crate::syntax::push_parameter;

/// A directive that [`CacheControl`](super::CacheControl) has no getter for,
/// [RFC 9111 §5.2.3](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.3).
///
/// The name is compared without regard to case, the argument byte by byte, however it was quoted.
///
/// # Examples
///
/// ```
/// use nethttp::field::CacheControl;
///
/// let cache = CacheControl::parse(b"Community=\"UCI\", x")?;
/// let names: Vec<_> = cache.extensions().iter().map(|directive| directive.name()).collect();
/// assert_eq!(names, ["Community", "x"]);
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug)]
pub struct CacheDirective<'a> {
    pub(super) name: Cow<'a, str>,
    pub(super) argument: Option<Cow<'a, str>>,
}

impl CacheDirective<'_> {
    /// Returns the name as it was written.
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    ///
    /// let cache = CacheControl::parse(b"Pre-Check=0")?;
    /// assert_eq!(cache.extensions()[0].name(), "Pre-Check");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns whether the name is the given one; names are case-insensitive.
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    ///
    /// assert!(CacheControl::parse(b"Pre-Check=0")?.extensions()[0].is_named("pre-check"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }

    /// Returns the argument that is meant, without quotes and backslashes, or `None` without one.
    ///
    /// ```
    /// use nethttp::field::CacheControl;
    ///
    /// let cache = CacheControl::parse(br#"a="say \"hi\"", b=c, d"#)?;
    /// let arguments: Vec<_> = cache.extensions().iter().map(|d| d.argument()).collect();
    /// assert_eq!(arguments, [Some("say \"hi\""), Some("c"), None]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn argument(&self) -> Option<&str> {
        self.argument.as_deref()
    }

    pub(super) fn into_owned(self) -> CacheDirective<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned::<'static, str>(text.into_owned());
        CacheDirective { name: owned(self.name), argument: self.argument.map(owned) }
    }
}

impl PartialEq for CacheDirective<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.is_named(&other.name) && self.argument == other.argument
    }
}

impl Eq for CacheDirective<'_> {}

/// Writes the directive, its argument as a token where it is one and quoted otherwise.
impl fmt::Display for CacheDirective<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Some(argument) = self.argument() else {
            return f.write_str(&self.name);
        };
        let mut text = Vec::with_capacity(self.name.len() + argument.len() + 3);
        push_parameter(self.name.as_bytes(), argument.as_bytes(), &mut text)
            .map_err(|_| fmt::Error)?;
        f.write_str(core::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

/// What `no-cache` or `private` applies to.
///
/// # Examples
///
/// ```
/// use nethttp::field::{CacheControl, CacheScope};
/// use nethttp::header;
///
/// let cache = CacheControl::parse(b"private, no-cache=\"Set-Cookie\"")?;
/// assert_eq!(cache.private(), Some(CacheScope::Whole));
/// assert_eq!(cache.no_cache(), Some(CacheScope::Fields(&[header::SET_COOKIE])));
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "a directive has names or has none")]
pub enum CacheScope<'c> {
    /// The whole message.
    Whole,
    /// These fields only. Many caches make no difference and apply the directive to the whole response,
    /// [RFC 9111 §5.2.2.4](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.4).
    Fields(&'c [HeaderName]),
}

impl CacheScope<'_> {
    /// Returns whether the directive applies to the field of that name.
    ///
    /// ```
    /// use nethttp::field::CacheScope;
    /// use nethttp::header;
    ///
    /// assert!(CacheScope::Whole.covers(header::ETAG));
    /// assert!(!CacheScope::Fields(&[header::SET_COOKIE]).covers(header::ETAG));
    /// ```
    #[must_use]
    pub fn covers(self, name: impl AsRef<[u8]>) -> bool {
        match self {
            Self::Whole => true,
            Self::Fields(names) => {
                names.iter().any(|field| field.as_bytes().eq_ignore_ascii_case(name.as_ref()))
            }
        }
    }
}
