//! The symbols of a block, [RFC 1951 §3.2.5](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.5), one by
//! one: where input or room runs out, and where [`fast`](super::fast) finds something unusual.

use super::bits::BitReader;
use super::codes::{DISTANCE_BITS, END, LITERAL, LITLEN_BITS, LONGEST, OTHER, leads_on};
use super::{Failure, Inflate, Step, fast};
use crate::coding::CodingErrorKind;

/// A code that the next bits begin with.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    pub(super) entry: u32,
    /// The bits in front of the code.
    skipped: u32,
    /// The bits in front of what follows the code and its extra bits.
    pub(super) end: u32,
}

impl Found {
    /// Returns the length or distance: its base and the extra bits behind the code.
    fn value(self, reader: &BitReader<'_>, root: u32) -> usize {
        let code = self.entry >> 8 & 15;
        let extra = (self.entry & 63) - code;
        let in_second = self.end - self.skipped > self.entry & 63;
        let start = self.skipped + code + if in_second { root } else { 0 };
        let value = (self.entry >> 16) + reader.peek(start, extra);
        usize::try_from(value).unwrap_or_default()
    }
}

/// Finds the code behind so many bits, with its extra bits, if the input has all of it.
pub(super) fn find(
    reader: &mut BitReader<'_>,
    table: &[u32],
    root: u32,
    skipped: u32,
) -> Option<Found> {
    let look = |index: u64| {
        let index = usize::try_from(index).unwrap_or_default();
        table.get(index).copied().unwrap_or(OTHER)
    };
    loop {
        let bits = reader.buffer >> skipped;
        let mut entry = look(bits & ((1 << root) - 1));
        let mut len = entry & 63;
        if leads_on(entry) {
            let width = entry >> 8 & 15;
            entry = look(u64::from(entry >> 16) + (bits >> root & ((1 << width) - 1)));
            len = root + (entry & 63);
        }
        // Bits that are no code are so for certain when the longest would have ended.
        let needed = if entry == OTHER { LONGEST } else { len };
        if skipped + needed <= reader.count {
            return Some(Found { entry, skipped, end: skipped + len });
        }
        if !reader.load_byte() {
            return None;
        }
    }
}

impl Inflate {
    /// Decodes until the block ends, or input or room does.
    pub(super) fn symbols(&mut self, reader: &mut BitReader<'_>) -> Result<Step, Failure> {
        loop {
            if fast::symbols(reader, &self.codes, &mut self.window)? {
                return Ok(Step::Next(self.after_block()));
            }
            if !self.window.make_room() {
                return Ok(Step::Full);
            }
            reader.fill();
            let Some(symbol) = find(reader, &self.codes.litlen, LITLEN_BITS, 0) else {
                return Ok(Step::Starved);
            };
            if symbol.entry & LITERAL != 0 {
                let [_, _, byte, _] = symbol.entry.to_le_bytes();
                reader.consume(symbol.end);
                self.window.push_byte(byte);
            } else if symbol.entry & END != 0 {
                reader.consume(symbol.end);
                return Ok(Step::Next(self.after_block()));
            } else if symbol.entry & OTHER != 0 {
                return Err((CodingErrorKind::UnknownCode, reader.offset(0)));
            } else if !self.copy(reader, symbol)? {
                return Ok(Step::Starved);
            }
        }
    }

    /// Copies the match that begins with this length; returns whether the input has all of it.
    fn copy(&mut self, reader: &mut BitReader<'_>, symbol: Found) -> Result<bool, Failure> {
        let Some(found) = find(reader, &self.codes.distance, DISTANCE_BITS, symbol.end) else {
            return Ok(false);
        };
        if found.entry & OTHER != 0 {
            return Err((CodingErrorKind::UnknownCode, reader.offset(symbol.end)));
        }
        let len = symbol.value(reader, LITLEN_BITS);
        let distance = found.value(reader, DISTANCE_BITS);
        if !self.window.reaches(distance) {
            return Err((CodingErrorKind::Distance, reader.offset(symbol.end)));
        }
        reader.consume(found.end);
        self.window.copy_match(distance, len);
        Ok(true)
    }
}
