//! The codes of a block, [RFC 1951 §3.2.7](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.7).

use super::bits::BitReader;
use super::codes::Codes;
use super::{Failure, State, Step};
use crate::coding::CodingErrorKind;
use crate::coding::symbols::{DISTANCES, END, LITLEN, ORDER};

/// What has been read of the codes of a block.
#[derive(Debug)]
pub(super) struct Header {
    /// The byte at which the codes begin.
    offset: u64,
    litlen: usize,
    distance: usize,
    code_lengths: usize,
    /// How many of the lengths at hand have been read.
    read: usize,
    code_length: [u8; ORDER.len()],
    /// Those of literals and lengths, then those of distances.
    lengths: [u8; LITLEN + DISTANCES],
}

impl Header {
    pub(super) const fn new() -> Self {
        Self {
            offset: 0,
            litlen: 0,
            distance: 0,
            code_lengths: 0,
            read: 0,
            code_length: [0; ORDER.len()],
            lengths: [0; LITLEN + DISTANCES],
        }
    }

    /// How many codes there are.
    pub(super) fn counts(&mut self, reader: &mut BitReader<'_>) -> Result<Step, Failure> {
        if !reader.need(14) {
            return Ok(Step::Starved);
        }
        self.offset = reader.offset(0);
        self.litlen = 257 + reader.take_index(5);
        self.distance = 1 + reader.take_index(5);
        self.code_lengths = 4 + reader.take_index(4);
        self.code_length = [0; ORDER.len()];
        self.read = 0;
        if self.litlen > LITLEN || self.distance > DISTANCES {
            return Err((CodingErrorKind::TooManyCodes, self.offset));
        }
        Ok(Step::Next(State::CodeLengths))
    }

    /// The lengths of the codes in which the lengths of the codes come.
    pub(super) fn code_lengths(
        &mut self,
        reader: &mut BitReader<'_>,
        codes: &mut Codes,
    ) -> Result<Step, Failure> {
        for &place in ORDER.iter().take(self.code_lengths).skip(self.read) {
            if !reader.need(3) {
                return Ok(Step::Starved);
            }
            let length = reader.take(3);
            if let Some(slot) = self.code_length.get_mut(usize::from(place)) {
                *slot = u8::try_from(length).unwrap_or_default();
            }
            self.read += 1;
        }
        codes.set_lengths(&self.code_length).map_err(|kind| (kind, self.offset))?;
        self.read = 0;
        Ok(Step::Next(State::Lengths))
    }

    /// The lengths of the codes.
    ///
    /// ```text
    /// 0..=15  a length
    /// 16      the one before, 3 and two bits times
    /// 17      zero, 3 and three bits times
    /// 18      zero, 11 and seven bits times
    /// ```
    pub(super) fn lengths(
        &mut self,
        reader: &mut BitReader<'_>,
        codes: &mut Codes,
    ) -> Result<Step, Failure> {
        let count = self.litlen + self.distance;
        while self.read < count {
            let Some((symbol, code)) = codes.length(reader) else {
                return Ok(Step::Starved);
            };
            if symbol < 16 {
                reader.consume(code);
                self.repeat(symbol, 1);
                continue;
            }
            let (bits, least) = match symbol {
                16 => (2, 3),
                17 => (3, 3),
                _ => (7, 11),
            };
            if !reader.need(code + bits) {
                return Ok(Step::Starved);
            }
            let times = least + usize::try_from(reader.peek(code, bits)).unwrap_or_default();
            let value = if symbol == 16 { self.previous() } else { Some(0) };
            let fits = times <= count - self.read;
            let Some(value) = value.filter(|_| fits) else {
                return Err((CodingErrorKind::RepeatedLength, reader.offset(0)));
            };
            reader.consume(code + bits);
            self.repeat(value, times);
        }
        self.finish(codes).map_err(|kind| (kind, self.offset))
    }

    fn previous(&self) -> Option<u8> {
        self.lengths.get(self.read.checked_sub(1)?).copied()
    }

    fn repeat(&mut self, length: u8, times: usize) {
        if let Some(slots) = self.lengths.get_mut(self.read..self.read + times) {
            slots.fill(length);
        }
        self.read += times;
    }

    fn finish(&self, codes: &mut Codes) -> Result<Step, CodingErrorKind> {
        let (litlen, rest) = self.lengths.split_at(self.litlen);
        let distance = rest.get(..self.distance).unwrap_or_default();
        if litlen.get(END).is_none_or(|&length| length == 0) {
            return Err(CodingErrorKind::NoEndOfBlock);
        }
        codes.set_dynamic(litlen, distance)?;
        Ok(Step::Next(State::Symbols))
    }
}
