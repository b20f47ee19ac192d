//! Numbers as HTTP writes them: digits, nothing else, never wrapped.

use core::fmt;

use super::error::{SyntaxError, SyntaxErrorKind};

/// Parses a decimal number: `1*DIGIT`, no sign, no space; leading zeros do not count.
///
/// # Errors
///
/// [`SyntaxErrorKind::ExpectedDigit`] for an empty text or at the first byte that is no digit,
/// [`SyntaxErrorKind::NumberTooLarge`] at the digit that takes it past 2^64 - 1.
///
/// # Examples
///
/// ```
/// use nethttp::syntax::parse_decimal;
///
/// assert_eq!(parse_decimal(b"005")?, 5);
/// assert!(parse_decimal(b"+5").is_err());
/// assert!(parse_decimal(b"18446744073709551616").is_err());
/// # Ok::<(), nethttp::syntax::SyntaxError>(())
/// ```
pub fn parse_decimal(text: &[u8]) -> Result<u64, SyntaxError> {
    let mut value = 0u64;
    if text.is_empty() {
        return Err(SyntaxError::new(SyntaxErrorKind::ExpectedDigit, 0));
    }
    for (offset, &octet) in text.iter().enumerate() {
        let digit = octet.wrapping_sub(b'0');
        if digit > 9 {
            return Err(SyntaxError::new(SyntaxErrorKind::ExpectedDigit, offset));
        }
        value = value
            .checked_mul(10)
            .and_then(|value| value.checked_add(u64::from(digit)))
            .ok_or(SyntaxError::new(SyntaxErrorKind::NumberTooLarge, offset))?;
    }
    Ok(value)
}

/// Returns the value of a hexadecimal digit in either case.
///
/// # Examples
///
/// ```
/// assert_eq!(nethttp::syntax::hex_digit(b'B'), Some(11));
/// assert_eq!(nethttp::syntax::hex_digit(b'x'), None);
/// ```
#[must_use]
#[inline]
pub const fn hex_digit(octet: u8) -> Option<u8> {
    match octet {
        b'0'..=b'9' => Some(octet - b'0'),
        b'a'..=b'f' => Some(octet - b'a' + 10),
        b'A'..=b'F' => Some(octet - b'A' + 10),
        _ => None,
    }
}

/// The decimal or hexadecimal text of a number, on the stack.
///
/// # Examples
///
/// ```
/// use nethttp::syntax::Digits;
///
/// assert_eq!(Digits::decimal(65_536).as_bytes(), b"65536");
/// assert_eq!(Digits::hexadecimal(65_536).as_bytes(), b"10000");
/// ```
#[derive(Clone, Copy)]
pub struct Digits {
    buf: [u8; 20],
    start: usize,
}

const PAIRS: &[u8; 200] = b"0001020304050607080910111213141516171819\
2021222324252627282930313233343536373839\
4041424344454647484950515253545556575859\
6061626364656667686970717273747576777879\
8081828384858687888990919293949596979899";

impl Digits {
    /// Writes a number in decimal, without leading zeros.
    ///
    /// ```
    /// assert_eq!(nethttp::syntax::Digits::decimal(0).as_bytes(), b"0");
    /// ```
    #[must_use]
    pub fn decimal(mut value: u64) -> Self {
        let mut digits = Self { buf: [0; 20], start: 20 };
        let (pairs, _) = PAIRS.as_chunks::<2>();
        while value >= 100 {
            let [tens, ones] = pair(pairs, value % 100);
            digits.push(ones);
            digits.push(tens);
            value /= 100;
        }
        let [tens, ones] = pair(pairs, value);
        digits.push(ones);
        if tens != b'0' {
            digits.push(tens);
        }
        digits
    }

    /// Writes a number in lower-case hexadecimal, without leading zeros.
    ///
    /// ```
    /// assert_eq!(nethttp::syntax::Digits::hexadecimal(255).as_bytes(), b"ff");
    /// ```
    #[must_use]
    pub fn hexadecimal(mut value: u64) -> Self {
        let mut digits = Self { buf: [0; 20], start: 20 };
        loop {
            let nibble = u8::try_from(value % 16).unwrap_or_default();
            digits.push(nibble + if nibble < 10 { b'0' } else { b'a' - 10 });
            value /= 16;
            if value == 0 {
                return digits;
            }
        }
    }

    fn push(&mut self, digit: u8) {
        self.start = self.start.saturating_sub(1);
        if let Some(slot) = self.buf.get_mut(self.start) {
            *slot = digit;
        }
    }

    /// Returns the text.
    ///
    /// ```
    /// assert_eq!(nethttp::syntax::Digits::decimal(42).as_bytes().len(), 2);
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        self.buf.get(self.start..).unwrap_or_default()
    }
}

/// The two digits of a number below 100.
fn pair(pairs: &[[u8; 2]], value: u64) -> [u8; 2] {
    usize::try_from(value).ok().and_then(|index| pairs.get(index)).copied().unwrap_or_default()
}

impl fmt::Debug for Digits {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.as_bytes().escape_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use SyntaxErrorKind as Kind;
    use alloc::format;

    #[track_caller]
    fn decimal(text: &[u8], expected: Result<u64, (Kind, usize)>) {
        assert_eq!(parse_decimal(text).map_err(|e| (e.kind(), e.offset())), expected);
    }

    #[test]
    fn decimal_numbers_are_digits_only() {
        decimal(b"0", Ok(0));
        decimal(b"0000000000000000000000000000005", Ok(5));
        decimal(b"18446744073709551615", Ok(u64::MAX));
        decimal(b"18446744073709551616", Err((Kind::NumberTooLarge, 19)));
        decimal(b"18446744073709551621", Err((Kind::NumberTooLarge, 19)));
        decimal(b"99999999999999999999999", Err((Kind::NumberTooLarge, 19)));
        decimal(b"", Err((Kind::ExpectedDigit, 0)));
        for text in [&b"+5"[..], b"-5", b" 5", b"\xd9\xa5"] {
            decimal(text, Err((Kind::ExpectedDigit, 0)));
        }
        for text in [&b"5 "[..], b"5,", b"5.0", b"0x5", b"0_5", b"5e0", b"5f"] {
            decimal(text, Err((Kind::ExpectedDigit, 1)));
        }
    }

    #[test]
    fn digits_agree_with_format() {
        let mut value = 1u64;
        for step in 0..200u64 {
            for value in [value, value - 1, u64::MAX - value] {
                assert_eq!(Digits::decimal(value).as_bytes(), format!("{value}").as_bytes());
                assert_eq!(Digits::hexadecimal(value).as_bytes(), format!("{value:x}").as_bytes());
            }
            value = value.wrapping_mul(3).wrapping_add(step).max(1);
        }
        assert_eq!(Digits::decimal(u64::MAX).as_bytes(), b"18446744073709551615");
    }

    #[test]
    fn hex_digits() {
        for octet in 0..=255u8 {
            let expected = char::from(octet).to_digit(16).map(|d| u8::try_from(d).unwrap());
            assert_eq!(hex_digit(octet), expected);
        }
    }
}
