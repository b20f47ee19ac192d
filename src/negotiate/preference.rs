//! A range that is one word, with its weight.

use core::fmt;

use super::entries::{Entry, Fit, Reading, read_parameters, write_weight};
use crate::field::{FieldError, FieldErrorKind};
use crate::syntax::Cursor;

/// A coding, language range or charset and its weight, of an [`AcceptEncoding`](super::AcceptEncoding),
/// [`AcceptLanguage`](super::AcceptLanguage) or [`AcceptCharset`](super::AcceptCharset) field.
///
/// # Examples
///
/// ```
/// use nethttp::negotiate::AcceptLanguage;
///
/// let accept = AcceptLanguage::parse(b"sv-SE, en;q=0.5")?;
/// let english = accept.ranges().last().ok_or("none")?;
/// assert_eq!((english.range(), english.weight()), ("en", 500));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct Preference<'a>(pub(super) Entry<'a>);

impl<'a> Preference<'a> {
    /// Returns the range as it stands in the field, or `*`.
    ///
    /// ```
    /// # use nethttp::negotiate::AcceptEncoding;
    /// assert!(AcceptEncoding::parse(b"GZip;q=0.5")?.ranges().all(|coding| coding.range() == "GZip"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn range(&self) -> &'a str {
        self.0.range()
    }

    /// Returns the weight in thousandths, 0 to 1000.
    ///
    /// ```
    /// # use nethttp::negotiate::AcceptEncoding;
    /// assert!(AcceptEncoding::parse(b"br;q=0.25")?.ranges().all(|coding| coding.weight() == 250));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn weight(&self) -> u16 {
        self.0.weight
    }
}

impl PartialEq for Preference<'_> {
    /// Compares ranges without case.
    fn eq(&self, other: &Self) -> bool {
        self.weight() == other.weight() && self.range().eq_ignore_ascii_case(other.range())
    }
}

impl Eq for Preference<'_> {}

impl fmt::Display for Preference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.range())?;
        write_weight(f, self.weight())
    }
}

impl fmt::Debug for Preference<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Preference({self})")
    }
}

/// Reads a token and its weight.
pub(super) fn read_token<'a>(
    cursor: &mut Cursor<'a>,
    reading: Reading,
) -> Result<Entry<'a>, FieldError> {
    let start = cursor.offset();
    let token = cursor.token()?;
    let (weight, _) = read_parameters(cursor, reading, false)?;
    // A token is ASCII.
    let text = core::str::from_utf8(token).unwrap_or_default();
    let too_long = |_| FieldError::new(FieldErrorKind::TooLong, start);
    Ok(Entry { text, slash: 0, end: u32::try_from(text.len()).map_err(too_long)?, weight })
}

/// `*` is wider than a name.
pub(super) fn width(entry: &Entry<'_>) -> Fit {
    Fit::from(entry.text != "*")
}
