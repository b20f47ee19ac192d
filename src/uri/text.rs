//! What [`Uri`](super::Uri) and [`UriRef`](super::UriRef) have in common as texts: conversions,
//! comparison by bytes, and how they show.

use core::fmt;
use core::ops::Range;

use super::parts::{Split, at};

/// Implements the traits of a text type with the fields `text: Box<str>` and `parts: Parts`.
macro_rules! text_type {
    ($name:ident, $rule:expr) => {
        impl $name {
            pub(super) fn split(&self) -> Split<'_> {
                Split { text: &self.text, parts: self.parts }
            }
        }

        impl FromStr for $name {
            type Err = UriError;

            fn from_str(text: &str) -> Result<Self, UriError> {
                Self::parse(text)
            }
        }

        impl TryFrom<&str> for $name {
            type Error = UriError;

            fn try_from(text: &str) -> Result<Self, UriError> {
                Self::parse(text)
            }
        }

        impl TryFrom<&[u8]> for $name {
            type Error = UriError;

            fn try_from(text: &[u8]) -> Result<Self, UriError> {
                Self::parse(text)
            }
        }

        /// Takes the string over without a copy.
        impl TryFrom<String> for $name {
            type Error = UriError;

            fn try_from(text: String) -> Result<Self, UriError> {
                let parts = parse(text.as_bytes(), $rule)?;
                Ok(Self { text: text.into_boxed_str(), parts })
            }
        }

        impl From<$name> for String {
            fn from(value: $name) -> Self {
                value.text.into_string()
            }
        }

        impl AsRef<str> for $name {
            fn as_ref(&self) -> &str {
                self.as_str()
            }
        }

        impl AsRef<[u8]> for $name {
            fn as_ref(&self) -> &[u8] {
                self.as_str().as_bytes()
            }
        }

        impl PartialEq for $name {
            fn eq(&self, other: &Self) -> bool {
                self.text == other.text
            }
        }

        impl Eq for $name {}

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                self.as_str() == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                self.as_str() == *other
            }
        }

        impl PartialOrd for $name {
            fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
                Some(self.cmp(other))
            }
        }

        impl Ord for $name {
            fn cmp(&self, other: &Self) -> Ordering {
                self.text.cmp(&other.text)
            }
        }

        impl Hash for $name {
            fn hash<H: Hasher>(&self, state: &mut H) {
                self.text.hash(state);
            }
        }

        /// Shows the text as it is, with a password that it may hold.
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        /// Shows the text with `***` in the place of a password.
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, concat!(stringify!($name), "(\"{}\")"), Masked(self.split()))
            }
        }
    };
}

pub(super) use text_type;

/// Shows a text with `***` in the place of a password.
pub(super) struct Masked<'a>(pub(super) Split<'a>);

impl fmt::Display for Masked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self(Split { text, parts }) = self;
        let start = at(parts.authority_start);
        let password = self.0.authority().and_then(|authority| authority.password());
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
