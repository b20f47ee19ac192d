//! What a repair of a URI had to do.

use core::fmt;
use core::ops::BitOr;

/// The set of repairs that [`Uri::fix_up`](super::Uri::fix_up) has made.
///
/// A program that follows what it is given may go on whatever the set holds; one that reports what it is
/// given can log it, and one that is strict in something can refuse it.
///
/// # Examples
///
/// ```
/// use nethttp::uri::{Fixes, Uri};
///
/// let (uri, fixes) = Uri::fix_up(" http://example.org/a b\\c")?;
/// assert_eq!(uri, "http://example.org/a%20b/c");
/// assert!(fixes.contains(Fixes::TRIMMED | Fixes::BACKSLASH));
/// assert_eq!(fixes.to_string(), "trimmed, backslash, escaped");
/// # Ok::<(), nethttp::uri::UriError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct Fixes(u8);

impl Fixes {
    /// No repair: the text was right.
    pub const NONE: Self = Self(0);
    /// Spaces and C0 controls were taken from the start or the end.
    pub const TRIMMED: Self = Self(1 << 0);
    /// HTAB, CR and LF behind the authority were taken out.
    pub const WHITESPACE: Self = Self(1 << 1);
    /// A `\` in the path became `/`.
    pub const BACKSLASH: Self = Self(1 << 2);
    /// What a component may not hold was escaped.
    pub const ESCAPED: Self = Self(1 << 3);
    /// A `%` that started no escape became `%25`.
    pub const PERCENT: Self = Self(1 << 4);
    /// A relative path that would have read as a scheme got `./` in front.
    pub const DOT_SLASH: Self = Self(1 << 5);
    /// A host name beyond ASCII was mapped to ASCII.
    pub const HOST: Self = Self(1 << 6);

    const NAMES: [(Self, &'static str); 7] = [
        (Self::TRIMMED, "trimmed"),
        (Self::WHITESPACE, "whitespace"),
        (Self::BACKSLASH, "backslash"),
        (Self::ESCAPED, "escaped"),
        (Self::PERCENT, "percent"),
        (Self::DOT_SLASH, "dot-slash"),
        (Self::HOST, "host"),
    ];

    /// Returns whether there was nothing to repair.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Uri;
    ///
    /// assert!(Uri::fix_up("http://example.org/")?.1.is_empty());
    /// # Ok::<(), nethttp::uri::UriError>(())
    /// ```
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.0 == 0
    }

    /// Returns whether all of the other set's repairs are in this one; those of
    /// [`NONE`](Self::NONE) always are.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Fixes;
    ///
    /// let fixes = Fixes::TRIMMED | Fixes::ESCAPED;
    /// assert!(fixes.contains(Fixes::ESCAPED));
    /// assert!(!fixes.contains(Fixes::ESCAPED | Fixes::HOST));
    /// ```
    #[must_use]
    pub const fn contains(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// Returns whether any of the other set's repairs is in this one.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::uri::Fixes;
    ///
    /// let suspicious = Fixes::BACKSLASH | Fixes::WHITESPACE | Fixes::HOST;
    /// assert!((Fixes::HOST | Fixes::ESCAPED).intersects(suspicious));
    /// assert!(!Fixes::ESCAPED.intersects(suspicious));
    /// ```
    #[must_use]
    pub const fn intersects(self, other: Self) -> bool {
        self.0 & other.0 != 0
    }

    pub(super) const fn add(&mut self, other: Self) {
        self.0 |= other.0;
    }
}

impl BitOr for Fixes {
    type Output = Self;

    fn bitor(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }
}

/// Names the repairs, with commas between them.
impl fmt::Display for Fixes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (_, name) in Self::NAMES.iter().filter(|(fix, _)| self.contains(*fix)) {
            write!(f, "{separator}{name}")?;
            separator = ", ";
        }
        Ok(())
    }
}

impl fmt::Debug for Fixes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fixes({self})")
    }
}
