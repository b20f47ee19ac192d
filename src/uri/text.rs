//! What [`Uri`](super::Uri), [`UriRef`](super::UriRef) and their views have in common as texts:
//! conversions, comparison by bytes, and how they show.

use core::fmt;
use core::ops::Range;

use super::parts::{Split, at};

/// Implements what the four types have in common as texts, for a type with a `split()`.
macro_rules! text_type {
    ($name:ident $(<$lifetime:lifetime>)?) => {
        impl AsRef<str> for $name $(<$lifetime>)? {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl AsRef<[u8]> for $name $(<$lifetime>)? {
            fn as_ref(&self) -> &[u8] {
                self.as_str().as_bytes()
            }
        }

        /// By bytes, as are the comparison and the hash.
        impl PartialEq for $name $(<$lifetime>)? {
            fn eq(&self, other: &Self) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl Eq for $name $(<$lifetime>)? {}

        impl PartialEq<str> for $name $(<$lifetime>)? {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name $(<$lifetime>)? {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl PartialEq<$name $(<$lifetime>)?> for str {
            fn eq(&self, other: &$name $(<$lifetime>)?) -> bool {
                self == other.as_str()
            }
        }

        impl PartialEq<$name $(<$lifetime>)?> for &str {
            fn eq(&self, other: &$name $(<$lifetime>)?) -> bool {
                *self == other.as_str()
            }
        }

        impl PartialOrd for $name $(<$lifetime>)? {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name $(<$lifetime>)? {
            fn cmp(&self, other: &Self) -> Ordering {
                self.as_str().cmp(other.as_str())
            }
        }

        impl Hash for $name $(<$lifetime>)? {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.as_str().hash(state);
            }
        }

        /// Shows the text as it is, with a password that it may hold.
        impl fmt::Display for $name $(<$lifetime>)? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        /// Shows the text with `***` in the place of a password.
        impl fmt::Debug for $name $(<$lifetime>)? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "(\"{}\")"), Masked(self.split()))
            }
        }
    };
}

/// Implements the conversions of an owned type with the fields `text: String` and `parts: Parts`, and
/// those of the type that borrows from it.
macro_rules! owned_type {
    ($owned:ident, $view:ident, $rule:expr) => {
        impl $owned {
            pub(super) fn split(&self) -> Split<'_> {
                Split { text: &self.text, parts: self.parts }
            }
        }

        impl<'a> $view<'a> {
            pub(super) const fn split(&self) -> Split<'a> {
                self.0
            }
        }

        impl FromStr for $owned {
            type Err = UriError;

            fn from_str(text: &str) -> Result<Self, UriError> {
                Self::parse(text)
            }
        }

        impl TryFrom<&str> for $owned {
            type Error = UriError;

            fn try_from(text: &str) -> Result<Self, UriError> {
                Self::parse(text)
            }
        }

        impl TryFrom<&[u8]> for $owned {
            type Error = UriError;

            fn try_from(text: &[u8]) -> Result<Self, UriError> {
                Self::parse_bytes(text)
            }
        }

        /// Takes the string over without a copy.
        impl TryFrom<String> for $owned {
            type Error = UriError;

            fn try_from(text: String) -> Result<Self, UriError> {
                let parts = parse(text.as_bytes(), $rule)?;
                Ok(Self { text, parts })
            }
        }

        impl From<$owned> for String {
            fn from(value: $owned) -> Self {
                value.text
            }
        }

        /// The text is what is compared and hashed.
        impl Borrow<str> for $owned {
            fn borrow(&self) -> &str {
                self.as_str()
            }
        }

        impl PartialEq<$view<'_>> for $owned {
            fn eq(&self, other: &$view<'_>) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl PartialEq<$owned> for $view<'_> {
            fn eq(&self, other: &$owned) -> bool {
                self.as_str() == other.as_str()
            }
        }

        impl<'a> TryFrom<&'a str> for $view<'a> {
            type Error = UriError;

            fn try_from(text: &'a str) -> Result<Self, UriError> {
                Self::parse(text)
            }
        }

        impl<'a> TryFrom<&'a [u8]> for $view<'a> {
            type Error = UriError;

            fn try_from(text: &'a [u8]) -> Result<Self, UriError> {
                Self::parse_bytes(text)
            }
        }

        impl<'a> From<&'a $owned> for $view<'a> {
            fn from(value: &'a $owned) -> Self {
                Self(value.split())
            }
        }
    };
}

pub(super) use {owned_type, text_type};

/// Shows a text with `***` in the place of a password.
pub(super) struct Masked<'a>(pub(super) Split<'a>);

impl fmt::Display for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(Split { text, parts }) = self;
        let start = at(parts.authority_start);
        let password = self.0.authority().and_then(|authority| authority.password_span());
        match password {
            Some(Range { start: from, end }) => write_masked(f, text, start + from..start + end),
            None => f.write_str(text),
        }
    }
}

/// Writes `text` with `***` in the place of the bytes in `secret`.
pub(super) fn write_masked(
    f: &mut fmt::Formatter<'_>,
    text: &str,
    secret: Range<usize>,
) -> fmt::Result {
    let head = text.get(..secret.start).unwrap_or_default();
    let tail = text.get(secret.end..).unwrap_or_default();
    write!(f, "{head}***{tail}")
}
