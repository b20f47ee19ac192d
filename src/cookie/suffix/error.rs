//! Why a list of public suffixes was refused.

use core::error::Error;
use core::fmt;

/// What is wrong with a list of public suffixes.
///
/// No RFC has the format; it is that of
/// [publicsuffix.org](https://github.com/publicsuffix/list/wiki/Format).
///
/// # Examples
///
/// ```
/// use nethttp::cookie::{SuffixList, SuffixListErrorKind};
///
/// let error = SuffixList::parse("// nothing but a comment\n").unwrap_err();
/// assert_eq!(error.kind(), SuffixListErrorKind::NoRules);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum SuffixListErrorKind {
    /// A character that no host name has.
    Character,
    /// A label of a rule is empty: there is a dot at its start, at its end, or behind another.
    EmptyLabel,
    /// A label has more than 63 octets, or a rule more than 253
    /// ([RFC 1035 §2.3.4](https://www.rfc-editor.org/rfc/rfc1035#section-2.3.4)).
    TooLong,
    /// A `*` that is not the whole of the first label.
    Wildcard,
    /// An exception, which starts with `!`, from no other rule: it has one label, or a `*`.
    Exception,
    /// A rule that is a number or an address.
    Address,
    /// A label beyond ASCII that IDNA forbids, or that is not in its normal form
    /// ([RFC 5891 §4](https://www.rfc-editor.org/rfc/rfc5891#section-4)).
    Idn,
    /// There are no rules. Every domain of two labels would be open to cookies.
    NoRules,
    /// The text goes on behind 4 MiB, more than ten times the list of publicsuffix.org.
    TextTooLong,
}

/// A refused list of public suffixes.
///
/// # Examples
///
/// ```
/// use nethttp::cookie::SuffixList;
///
/// let error = SuffixList::parse("com\nco.uk\n<!DOCTYPE html>").unwrap_err();
/// assert_eq!(error.line(), 3);
/// assert_eq!(
///     error.to_string(),
///     "expected the character of a host name in line 3 of the list, found '<' at byte 10",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct SuffixListError {
    pub(super) kind: SuffixListErrorKind,
    pub(super) line: u32,
    pub(super) offset: u32,
    /// `None` at the end of the text.
    pub(super) found: Option<char>,
}

impl SuffixListError {
    /// Returns what is wrong.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::{SuffixList, SuffixListErrorKind};
    ///
    /// let error = SuffixList::parse("com\n.net\n").unwrap_err();
    /// assert_eq!(error.kind(), SuffixListErrorKind::EmptyLabel);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> SuffixListErrorKind {
        self.kind
    }

    /// Returns the line, counted from 1.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::SuffixList;
    ///
    /// assert_eq!(SuffixList::parse("com\n\n*a.net\n").unwrap_err().line(), 3);
    /// ```
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.line
    }

    /// Returns the position of what is wrong in the text, in bytes from 0.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::SuffixList;
    ///
    /// assert_eq!(SuffixList::parse("com\nnet/\n").unwrap_err().offset(), 7);
    /// ```
    #[must_use]
    pub fn offset(&self) -> usize {
        usize::try_from(self.offset).unwrap_or(usize::MAX)
    }
}

impl fmt::Display for SuffixListError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expectation = match self.kind {
            SuffixListErrorKind::Character => "the character of a host name",
            SuffixListErrorKind::EmptyLabel => "a label of a host name",
            SuffixListErrorKind::TooLong => "labels of at most 63 octets, 253 in all,",
            SuffixListErrorKind::Wildcard => "'*' only as the first label",
            SuffixListErrorKind::Exception => "two labels without '*' behind '!'",
            SuffixListErrorKind::Address => "a host name that is no address",
            SuffixListErrorKind::Idn => "a host name that IDNA allows, or its xn-- form,",
            SuffixListErrorKind::NoRules => "a rule",
            SuffixListErrorKind::TextTooLong => "at most 4 MiB",
        };
        write!(f, "expected {expectation} in line {} of the list, found ", self.line)?;
        match self.found {
            // As in every text of this crate, what is not printable ASCII is escaped.
            Some(found) if found.is_ascii() => write!(f, "'{}'", found.escape_default())?,
            Some(found) => write!(f, "'{}'", found.escape_unicode())?,
            None => f.write_str("the end")?,
        }
        write!(f, " at byte {}", self.offset)
    }
}

impl Error for SuffixListError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn texts_are_pinned() {
        use SuffixListErrorKind as Kind;
        for (kind, text) in [
            (Kind::Character, "the character of a host name"),
            (Kind::EmptyLabel, "a label of a host name"),
            (Kind::TooLong, "labels of at most 63 octets, 253 in all,"),
            (Kind::Wildcard, "'*' only as the first label"),
            (Kind::Exception, "two labels without '*' behind '!'"),
            (Kind::Address, "a host name that is no address"),
            (Kind::Idn, "a host name that IDNA allows, or its xn-- form,"),
            (Kind::NoRules, "a rule"),
            (Kind::TextTooLong, "at most 4 MiB"),
        ] {
            let error = SuffixListError { kind, line: 2, offset: 7, found: Some('*') };
            let expected =
                alloc::format!("expected {text} in line 2 of the list, found '*' at byte 7");
            assert_eq!(error.to_string(), expected);
        }
    }

    #[test]
    fn what_was_found_is_escaped() {
        for (found, text) in [
            (Some('<'), "'<'"),
            (Some('\''), "'\\''"),
            (Some('\0'), "'\\u{0}'"),
            (Some('é'), "'\\u{e9}'"),
            (None, "the end"),
        ] {
            let kind = SuffixListErrorKind::Character;
            let error = SuffixListError { kind, line: 1, offset: 0, found };
            let start = "expected the character of a host name in line 1 of the list, found ";
            assert_eq!(error.to_string(), alloc::format!("{start}{text} at byte 0"));
        }
    }

    #[test]
    fn an_error_is_small() {
        assert!(size_of::<SuffixListError>() <= 16);
    }
}
