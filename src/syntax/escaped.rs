//! How a byte is shown in an error text.

use core::fmt;

/// Displays one byte in quotes, escaped so that a terminal cannot be fooled by it.
///
/// # Examples
///
/// ```
/// use nethttp::syntax::Escaped;
///
/// assert_eq!(Escaped(b':').to_string(), "':'");
/// assert_eq!(Escaped(b'\n').to_string(), "'\\n'");
/// assert_eq!(Escaped(0xff).to_string(), "'\\xff'");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_structs, reason = "a display adapter over one byte stays that")]
pub struct Escaped(pub u8);

impl fmt::Display for Escaped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            b'\'' => f.write_str("\"'\""),
            octet => write!(f, "'{}'", octet.escape_ascii()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn every_octet_is_printable() {
        for octet in 0..=255 {
            assert!(Escaped(octet).to_string().bytes().all(|b| (0x20..0x7f).contains(&b)));
        }
        assert_eq!(Escaped(b'\'').to_string(), "\"'\"");
    }
}
