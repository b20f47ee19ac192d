//! Adler-32: two sums, the bytes and the sums of the bytes.
//!
//! With `n` bytes left, a byte counts once in the first sum and `n` times in the second. Sixteen columns
//! are summed side by side, in 16 bits, which is as wide as a vector of the baseline has eight of; after
//! [`ROWS`] rows, before they overflow, the columns are put together.

/// The largest prime below 2^16.
const BASE: u32 = 65_521;
const COLUMNS: usize = 16;
/// The most rows of 255 whose sums of sums fit in 16 bits.
const ROWS: usize = 22;
const _: () = assert!(255 * ROWS * (ROWS + 1) / 2 <= 0xffff);

/// Returns the Adler-32 of data.
///
/// # Examples
///
/// ```
/// use nethttp::coding::adler32;
///
/// assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
/// ```
#[must_use]
pub fn adler32(data: &[u8]) -> u32 {
    let mut adler = Adler32::new();
    adler.update(data);
    adler.value()
}

/// The Adler-32 of data that comes in pieces.
///
/// # Examples
///
/// ```
/// use nethttp::coding::{Adler32, adler32};
///
/// let mut adler = Adler32::new();
/// for piece in [&b"Wiki"[..], b"pedia"] {
///     adler.update(piece);
/// }
/// assert_eq!(adler.value(), adler32(b"Wikipedia"));
/// ```
#[derive(Clone, Debug)]
pub struct Adler32 {
    /// One and the bytes, below [`BASE`].
    bytes: u32,
    /// The sum of all values that `bytes` had, below [`BASE`].
    sums: u32,
}

impl Adler32 {
    /// Creates the Adler-32 of no data.
    ///
    /// ```
    /// assert_eq!(nethttp::coding::Adler32::new().value(), 1);
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { bytes: 1, sums: 0 }
    }

    /// Takes more of the data.
    ///
    /// ```
    /// use nethttp::coding::Adler32;
    ///
    /// let mut adler = Adler32::new();
    /// adler.update(b"a");
    /// assert_eq!(adler.value(), 0x0062_0062);
    /// ```
    pub fn update(&mut self, data: &[u8]) {
        let (rows, rest) = data.as_chunks::<COLUMNS>();
        for rows in rows.chunks(ROWS) {
            self.update_rows(rows);
        }
        for &byte in rest {
            self.bytes += u32::from(byte);
            self.sums += self.bytes;
        }
        self.bytes %= BASE;
        self.sums %= BASE;
    }

    /// Takes at most [`ROWS`] rows.
    #[inline]
    fn update_rows(&mut self, rows: &[[u8; COLUMNS]]) {
        let mut columns = [(0_u16, 0_u16); COLUMNS];
        for row in rows {
            for ((bytes, sums), &byte) in columns.iter_mut().zip(row) {
                *bytes += u16::from(byte);
                *sums += *bytes;
            }
        }
        let (mut bytes, mut sums, mut left) = (0, 0, 0);
        for ((column, column_sums), index) in columns.into_iter().zip(0..) {
            bytes += u32::from(column);
            sums += u32::from(column_sums);
            left += u32::from(column) * index;
        }
        // A byte in the last row stands `COLUMNS - index` bytes before the end.
        let width: u32 = 16;
        let count = width * u32::try_from(rows.len()).unwrap_or(u32::MAX);
        self.sums = (self.sums + self.bytes * count + sums * width - left) % BASE;
        self.bytes = (self.bytes + bytes) % BASE;
    }

    /// Returns the Adler-32 of the data so far.
    ///
    /// ```
    /// use nethttp::coding::{Adler32, adler32};
    ///
    /// let mut adler = Adler32::new();
    /// adler.update(b"so far");
    /// assert_eq!(adler.value(), adler32(b"so far"));
    /// ```
    #[must_use]
    pub const fn value(&self) -> u32 {
        self.sums << 16 | self.bytes
    }
}

impl Default for Adler32 {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec;
    use alloc::vec::Vec;
    use proptest::prelude::*;

    /// The definition, word by word.
    fn naive(data: &[u8]) -> u32 {
        let (mut bytes, mut sums) = (1, 0);
        for &byte in data {
            bytes = (bytes + u32::from(byte)) % BASE;
            sums = (sums + bytes) % BASE;
        }
        sums << 16 | bytes
    }

    #[test]
    fn knows_what_others_know() {
        for (data, value) in [
            (&b""[..], 1),
            (b"a", 0x0062_0062),
            (b"abc", 0x024d_0127),
            (b"123456789", 0x091e_01de),
            (b"Wikipedia", 0x11e6_0398),
        ] {
            assert_eq!(adler32(data), value, "{data:?}");
        }
    }

    #[test]
    fn does_not_overflow() {
        for length in [0, 1, 15, 16, 17, 351, 352, 353, 704, 5_552, 100_000] {
            let most = vec![0xff; length];
            assert_eq!(adler32(&most), naive(&most), "{length} bytes");
        }
    }

    #[test]
    fn every_cut_gives_the_same() {
        let data: Vec<u8> = (0..800_u32).map(|at| ((at * at) >> 3).to_le_bytes()[0]).collect();
        for at in 0..=data.len() {
            let mut adler = Adler32::new();
            adler.update(&data[..at]);
            assert_eq!(adler.value(), naive(&data[..at]));
            adler.update(&data[at..]);
            assert_eq!(adler.value(), naive(&data));
        }
    }

    proptest! {
        #[test]
        fn is_the_definition(pieces: Vec<Vec<u8>>) {
            let mut adler = Adler32::default();
            pieces.iter().for_each(|piece| adler.update(piece));
            prop_assert_eq!(adler.value(), naive(&pieces.concat()));
        }
    }
}
