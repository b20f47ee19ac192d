//! How much decoding may make of its input.

use super::CodingErrorKind;
use crate::setters::setters;

/// How much data may come out of a decoder.
///
/// A few bytes can stand for a thousand times as many; decoded twice, for a million. Whoever decodes what
/// somebody else has sent wants limits, so there are some unless [`unlimited`](Self::unlimited) says
/// otherwise.
///
/// | limit | default | exceeding it |
/// |---|---|---|
/// | [`output`](Self::output): bytes of data | 1 GiB | [`OutputLimit`](super::CodingErrorKind::OutputLimit) |
/// | [`ratio`](Self::ratio): bytes of data for each byte of compressed data | 200 | [`RatioLimit`](super::CodingErrorKind::RatioLimit) |
/// | [`allowance`](Self::allowance): bytes of data before the ratio is looked at | 4 MiB | |
///
/// The ratio is looked at whenever data comes out, at most 96 KiB at once, and over all input up to there. So
/// it depends on how the input is cut where it is exceeded, and, when less dense data follows, whether it is
/// at all. The other limits hold to the byte.
///
/// # Examples
///
/// ```
/// use nethttp::coding::Limits;
///
/// const CONFIGURATION: Limits = Limits::DEFAULT.output(1 << 20);
/// assert_eq!(CONFIGURATION.ratio, 200);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of data.
    pub output: u64,
    /// Bytes of data for each byte of compressed data.
    pub ratio: u64,
    /// Bytes of data before the ratio is looked at.
    pub allowance: u64,
}

impl Limits {
    /// The defaults of the table above.
    ///
    /// ```
    /// assert_eq!(nethttp::coding::Limits::DEFAULT.output, 1 << 30);
    /// ```
    pub const DEFAULT: Self = Self { output: 1 << 30, ratio: 200, allowance: 4 << 20 };

    /// Returns no limits at all: for data whose origin is trusted.
    ///
    /// ```
    /// use nethttp::coding::{Format, Level, Limits, decode, encode};
    ///
    /// let zeros = encode(Format::Zlib, &vec![0; 5 << 20], Level::FAST);
    /// assert!(decode(Format::Zlib, &zeros, &Limits::DEFAULT).is_err());
    /// assert!(decode(Format::Zlib, &zeros, &Limits::unlimited()).is_ok());
    /// ```
    #[must_use]
    pub const fn unlimited() -> Self {
        Self { output: u64::MAX, ratio: u64::MAX, allowance: u64::MAX }
    }

    /// Holds so much compressed data and the data that came out of it against the limits.
    pub(super) const fn check(&self, read: u64, written: u64) -> Result<(), CodingErrorKind> {
        if written > self.output {
            return Err(CodingErrorKind::OutputLimit(self.output));
        }
        if written > self.allowance && written > self.ratio.saturating_mul(read) {
            return Err(CodingErrorKind::RatioLimit(self.ratio));
        }
        Ok(())
    }

    setters! { "nethttp::coding::Limits":
        /// Sets the most bytes of data.
        output: u64 = "64 << 20";
        /// Sets the most bytes of data for each byte of compressed data.
        ratio: u64 = "1000";
        /// Sets the bytes of data before the ratio is looked at.
        allowance: u64 = "0";
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
