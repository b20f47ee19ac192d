//! The header of a gzip member, [RFC 1952 §2.3](https://www.rfc-editor.org/rfc/rfc1952#section-2.3): read in
//! pieces of any size, and written. What it says of a file is skipped and not said: HTTP has no use for it.

use super::checksum::Crc32;
use super::{CodingError, CodingErrorKind, Level};

/// The flag of a checksum of the header.
const FHCRC: u8 = 1 << 1;
const FEXTRA: u8 = 1 << 2;
const FNAME: u8 = 1 << 3;
const FCOMMENT: u8 = 1 << 4;
const RESERVED: u8 = 0b1110_0000;

/// The first bytes of each member.
const MAGIC: [u8; 2] = [0x1f, 0x8b];
/// The only method there is.
const DEFLATE: u8 = 8;

/// Returns the header that is written: deflate, no flags, no time, how hard the encoder tried, and no known system,
/// [RFC 1952 §2.3.1](https://www.rfc-editor.org/rfc/rfc1952#section-2.3.1).
pub(super) const fn header(level: Level) -> [u8; 10] {
    let tried = match level.as_u8() {
        1 => 4,
        9 => 2,
        _ => 0,
    };
    let [first, second] = MAGIC;
    [first, second, DEFLATE, 0, 0, 0, 0, 0, tried, 255]
}

/// How far a header has been read.
#[derive(Debug)]
pub(super) struct GzipHeader {
    part: Part,
    flags: u8,
    crc: Crc32,
    /// Whether another member came before.
    follows: bool,
}

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Part {
    /// The byte of that number, of the ten that every header has.
    Fixed(u8),
    /// The length of the extra field, of which this much is known.
    ExtraLength(Option<u8>),
    /// So many more bytes of the extra field.
    Extra(u16),
    Name,
    Comment,
    /// The checksum that must come, of which this much has come.
    Check(u16, Option<u8>),
    End,
}

impl GzipHeader {
    /// Expects a member: the first, or one behind another.
    pub(super) const fn new(follows: bool) -> Self {
        Self { part: Part::Fixed(0), flags: 0, crc: Crc32::new(), follows }
    }

    /// Returns whether the input may end here: behind a member, before another.
    pub(super) fn may_end(&self) -> bool {
        self.follows && self.part == Part::Fixed(0)
    }

    pub(super) fn is_complete(&self) -> bool {
        self.part == Part::End
    }

    /// Reads the header's part of the input, which stands at `base`; returns how much that is.
    pub(super) fn read(&mut self, input: &[u8], base: u64) -> Result<usize, CodingError> {
        let mut rest = input;
        while self.part != Part::End {
            let used = match self.part {
                Part::Extra(left) => rest.len().min(usize::from(left)),
                Part::Name | Part::Comment => {
                    rest.iter().position(|&byte| byte == 0).map_or(rest.len(), |end| end + 1)
                }
                _ => rest.len().min(1),
            };
            let Some((piece, behind)) = rest.split_at_checked(used).filter(|_| used > 0) else {
                break;
            };
            let offset = base + u64::try_from(input.len() - rest.len()).unwrap_or_default();
            self.part = self.take(piece, offset)?;
            rest = behind;
        }
        Ok(input.len() - rest.len())
    }

    /// Takes a piece of the part that comes next; returns what comes then.
    fn take(&mut self, piece: &[u8], offset: u64) -> Result<Part, CodingError> {
        let &[.., last] = piece else {
            return Ok(self.part);
        };
        self.crc.update(piece);
        let part = match self.part {
            Part::Fixed(number) => return self.fixed(number, last, offset),
            Part::ExtraLength(None) => Part::ExtraLength(Some(last)),
            Part::ExtraLength(Some(low)) => self.extra(u16::from_le_bytes([low, last])),
            Part::Extra(left) => {
                self.extra(left.saturating_sub(u16::try_from(piece.len()).unwrap_or(left)))
            }
            Part::Name if last == 0 => self.after(FNAME),
            Part::Comment if last == 0 => self.after(FCOMMENT),
            Part::Name | Part::Comment | Part::End => self.part,
            Part::Check(expected, None) => Part::Check(expected, Some(last)),
            Part::Check(expected, Some(low)) => {
                if u16::from_le_bytes([low, last]) != expected {
                    let kind = CodingErrorKind::GzipHeaderChecksum;
                    return Err(CodingError::new(kind, offset.saturating_sub(1)));
                }
                Part::End
            }
        };
        Ok(part)
    }

    /// Takes one of the first ten bytes: magic, method, flags, time, more flags, system.
    fn fixed(&mut self, number: u8, byte: u8, offset: u64) -> Result<Part, CodingError> {
        let wrong = match number {
            0 | 1 if MAGIC.get(usize::from(number)) != Some(&byte) => {
                if self.follows {
                    // What follows is no member, from its first byte on.
                    let start = offset.saturating_sub(u64::from(number));
                    return Err(CodingError::new(CodingErrorKind::TrailingData, start));
                }
                Some(CodingErrorKind::GzipMagic)
            }
            2 if byte != DEFLATE => Some(CodingErrorKind::GzipMethod(byte)),
            3 if byte & RESERVED != 0 => Some(CodingErrorKind::GzipFlags(byte & RESERVED)),
            _ => None,
        };
        if let Some(kind) = wrong {
            return Err(CodingError::new(kind, offset));
        }
        match number {
            3 => self.flags = byte,
            9 => return Ok(self.after(0)),
            _ => {}
        }
        Ok(Part::Fixed(number + 1))
    }

    fn extra(&self, left: u16) -> Part {
        if left == 0 { self.after(FEXTRA) } else { Part::Extra(left) }
    }

    /// Returns the first part that the flags announce behind that of one flag, in the order of the format.
    fn after(&self, flag: u8) -> Part {
        let [first, second, ..] = self.crc.value().to_le_bytes();
        let parts = [
            (0, Part::End),
            (FEXTRA, Part::ExtraLength(None)),
            (FNAME, Part::Name),
            (FCOMMENT, Part::Comment),
            (FHCRC, Part::Check(u16::from_le_bytes([first, second]), None)),
        ];
        let mut behind = parts.into_iter().skip_while(|&(own, _)| own != flag).skip(1);
        behind.find(|&(own, _)| self.flags & own != 0).map_or(Part::End, |(_, part)| part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gzip_headers_say_only_how_hard_it_was_tried() {
        for (level, tried) in [(0, 0), (1, 4), (2, 0), (6, 0), (8, 0), (9, 2)] {
            let found = header(Level::new(level).unwrap());
            assert_eq!(found, [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, tried, 255]);
        }
    }
}
