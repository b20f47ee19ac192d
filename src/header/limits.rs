//! How much a map may hold.

use crate::setters::setters;

/// How many fields and bytes a [`HeaderMap`](super::HeaderMap) takes in; the bound on what a peer
/// or a caller's loop can make it hold, [RFC 9110
/// §5.4](https://www.rfc-editor.org/rfc/rfc9110#section-5.4).
///
/// # Examples
///
/// ```
/// use nethttp::header::{HeaderMap, Limits};
///
/// let mut headers = HeaderMap::with_limits(Limits::DEFAULT.fields(1));
/// headers.append("A", "1")?;
/// assert!(headers.append("B", "2").is_err());
/// # Ok::<(), nethttp::header::HeaderError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// The largest number of fields.
    pub fields: usize,
    /// The largest sum of the lengths of names and values, in bytes.
    pub bytes: usize,
}

impl Limits {
    /// 1,024 fields and 1 MiB.
    ///
    /// ```
    /// use nethttp::header::Limits;
    ///
    /// assert_eq!((Limits::DEFAULT.fields, Limits::DEFAULT.bytes), (1024, 1 << 20));
    /// ```
    pub const DEFAULT: Self = Self { fields: 1024, bytes: 1 << 20 };

    setters! { "nethttp::header::Limits":
        /// Sets the number of fields.
        fields: usize = "64";
        /// Sets the number of bytes. More than 4 GiB less one byte counts as that.
        bytes: usize = "8 << 10";
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
