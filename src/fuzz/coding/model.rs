//! Decoding by the letter of the RFCs: one bit after the other, no table, no window, no speed.
//!
//! [RFC 1951](https://www.rfc-editor.org/rfc/rfc1951),
//! [RFC 1950](https://www.rfc-editor.org/rfc/rfc1950) and
//! [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952), with the choices of the room where these leave one.
//! There are no limits, so the input must be small.
//!
//! `tests/coding` compiles this file once more; it names nothing but its parent.

use alloc::vec::Vec;

use super::{CodingErrorKind as Kind, Format};

/// What is wrong, and at which byte.
pub(super) type Wrong = (Kind, u64);

/// Decodes a whole input; returns the data in front of an error as well.
pub(super) fn decode(format: Format, input: &[u8]) -> (Vec<u8>, Result<(), Wrong>) {
    let (mut bits, mut data) = (Bits { input, at: 0 }, Vec::new());
    let end = stream(format, &mut bits, &mut data);
    (data, end)
}

fn stream(format: Format, bits: &mut Bits<'_>, data: &mut Vec<u8>) -> Result<(), Wrong> {
    if format == Format::Gzip {
        gzip(bits, data)?;
    } else if format == Format::Zlib || (format == Format::Deflate && is_zlib(bits.input)) {
        zlib(bits, data)?;
    } else {
        deflate(bits, data)?;
        bits.align();
    }
    if bits.is_at_end() { Ok(()) } else { Err((Kind::TrailingData, bits.offset())) }
}

/// Whether an input begins as zlib does, or could if there were more of it, RFC 1950 §2.2; a dictionary is a
/// thing of its own.
fn is_zlib(input: &[u8]) -> bool {
    let is_deflate = input.first().is_none_or(|cmf| cmf & 0x0f == 8 && cmf >> 4 <= 7);
    let is_checked = match input {
        [cmf, flags, ..] => u16::from_be_bytes([*cmf, *flags]) % 31 == 0,
        _ => true,
    };
    is_deflate && is_checked
}

/// RFC 1950 §2.2.
fn zlib(bits: &mut Bits<'_>, data: &mut Vec<u8>) -> Result<(), Wrong> {
    if !is_zlib(bits.input) {
        return Err((Kind::ZlibHeader, 0));
    }
    bits.byte()?;
    let flags = bits.byte()?;
    if flags & 0x20 != 0 {
        return Err((Kind::ZlibDictionary, 1));
    }
    deflate(bits, data)?;
    bits.align();
    let at = bits.offset();
    let found = u32::from_be_bytes(bits.four_bytes()?);
    if found == adler32(data) { Ok(()) } else { Err((Kind::Adler32, at)) }
}

/// RFC 1952 §2.2: one member, and then as many as there are.
fn gzip(bits: &mut Bits<'_>, data: &mut Vec<u8>) -> Result<(), Wrong> {
    member(bits, data)?;
    while !bits.is_at_end() {
        if !is_gzip(bits.rest()) {
            return Err((Kind::TrailingData, bits.offset()));
        }
        member(bits, data)?;
    }
    Ok(())
}

/// Whether an input begins as a member does, or could if there were more of it.
fn is_gzip(input: &[u8]) -> bool {
    matches!(input, [0x1f, 0x8b, ..] | [0x1f])
}

/// RFC 1952 §2.3.
fn member(bits: &mut Bits<'_>, data: &mut Vec<u8>) -> Result<(), Wrong> {
    let (start, header) = (bits.offset(), bits.rest());
    for magic in [0x1f, 0x8b] {
        let at = bits.offset();
        if bits.byte()? != magic {
            return Err((Kind::GzipMagic, at));
        }
    }
    let method = bits.byte()?;
    if method != 8 {
        return Err((Kind::GzipMethod(method), start + 2));
    }
    let flags = bits.byte()?;
    if flags & 0xe0 != 0 {
        return Err((Kind::GzipFlags(flags & 0xe0), start + 3));
    }
    // MTIME, XFL and OS.
    for _ in 0..6 {
        bits.byte()?;
    }
    // FEXTRA.
    if flags & 0x04 != 0 {
        let len = u16::from_le_bytes([bits.byte()?, bits.byte()?]);
        for _ in 0..len {
            bits.byte()?;
        }
    }
    // FNAME and FCOMMENT.
    for flag in [0x08, 0x10] {
        while flags & flag != 0 && bits.byte()? != 0 {}
    }
    // FHCRC.
    if flags & 0x02 != 0 {
        let at = bits.offset();
        let found = u16::from_le_bytes([bits.byte()?, bits.byte()?]);
        let len = usize::try_from(at - start).unwrap_or(usize::MAX);
        let [low, high, ..] = crc32(header.get(..len).unwrap_or_default()).to_le_bytes();
        if found != u16::from_le_bytes([low, high]) {
            return Err((Kind::GzipHeaderChecksum, at));
        }
    }
    // A distance never leads into the member before.
    let mut own = Vec::new();
    let end = deflate(bits, &mut own);
    data.extend_from_slice(&own);
    end?;
    bits.align();
    let at = bits.offset();
    if u32::from_le_bytes(bits.four_bytes()?) != crc32(&own) {
        return Err((Kind::Crc32, at));
    }
    let len = u32::from_le_bytes(bits.four_bytes()?);
    let is_right = u64::from(len) == own.iter().fold(0, |len: u64, _| len + 1) % (1 << 32);
    if is_right { Ok(()) } else { Err((Kind::GzipLength, at + 4)) }
}

/// RFC 1951 §3.2.3.
fn deflate(bits: &mut Bits<'_>, data: &mut Vec<u8>) -> Result<(), Wrong> {
    loop {
        let is_last = bits.bit()? == 1;
        let at = bits.offset();
        match bits.number(2)? {
            0 => stored(bits, data)?,
            1 => compressed(&fixed(), bits, data)?,
            2 => {
                let codes = dynamic(bits)?;
                compressed(&codes, bits, data)?;
            }
            _ => return Err((Kind::BlockType, at)),
        }
        if is_last {
            return Ok(());
        }
    }
}

/// RFC 1951 §3.2.4.
fn stored(bits: &mut Bits<'_>, data: &mut Vec<u8>) -> Result<(), Wrong> {
    bits.align();
    let len = u16::from_le_bytes([bits.byte()?, bits.byte()?]);
    let at = bits.offset();
    let complement = u16::from_le_bytes([bits.byte()?, bits.byte()?]);
    if len != !complement {
        return Err((Kind::StoredLength, at));
    }
    for _ in 0..len {
        data.push(bits.byte()?);
    }
    Ok(())
}

/// The two codes of a block.
struct Codes {
    literals: Code,
    distances: Code,
}

/// RFC 1951 §3.2.6.
fn fixed() -> Codes {
    let lengths = [(8, 144), (9, 112), (7, 24), (8, 8)];
    let literals = lengths.into_iter().flat_map(|(len, count)| [len].repeat(count));
    Codes { literals: Code::new(&literals.collect::<Vec<_>>()), distances: Code::new(&[5; 32]) }
}

/// RFC 1951 §3.2.7.
fn dynamic(bits: &mut Bits<'_>) -> Result<Codes, Wrong> {
    const ORDER: [usize; 19] = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    let at = bits.offset();
    let literal_count = 257 + bits.number(5)?;
    let distance_count = 1 + bits.number(5)?;
    let length_count = 4 + bits.number(4)?;
    if literal_count > 286 || distance_count > 30 {
        return Err((Kind::TooManyCodes, at));
    }
    let mut lengths = [0; 19];
    for index in ORDER.into_iter().take(length_count) {
        let length = bits.number(3)?;
        if let Some(place) = lengths.get_mut(index) {
            *place = length;
        }
    }
    let lengths_of_lengths = Code::new(&lengths);
    lengths_of_lengths.check(false).map_err(|kind| (kind, at))?;
    // The lengths of both codes are one sequence.
    let count = literal_count + distance_count;
    let mut lengths = Vec::new();
    while lengths.len() < count {
        let from = bits.offset();
        let symbol = lengths_of_lengths.read(bits)?;
        let (length, times) = match symbol {
            16 => (lengths.last().copied(), 3 + bits.number(2)?),
            17 => (Some(0), 3 + bits.number(3)?),
            18 => (Some(0), 11 + bits.number(7)?),
            length => (Some(length), 1),
        };
        let Some(length) = length.filter(|_| lengths.len() + times <= count) else {
            return Err((Kind::RepeatedLength, from));
        };
        lengths.extend([length].repeat(times));
    }
    let (literals, distances) = lengths.split_at_checked(literal_count).unwrap_or_default();
    if literals.get(256) == Some(&0) {
        return Err((Kind::NoEndOfBlock, at));
    }
    let codes = Codes { literals: Code::new(literals), distances: Code::new(distances) };
    codes.literals.check(true).map_err(|kind| (kind, at))?;
    if distances.iter().any(|&length| length > 0) {
        codes.distances.check(true).map_err(|kind| (kind, at))?;
    }
    Ok(codes)
}

/// RFC 1951 §3.2.5.
fn compressed(codes: &Codes, bits: &mut Bits<'_>, data: &mut Vec<u8>) -> Result<(), Wrong> {
    loop {
        let at = bits.offset();
        let symbol = codes.literals.read(bits)?;
        if let Ok(literal) = u8::try_from(symbol) {
            data.push(literal);
            continue;
        }
        if symbol == 256 {
            return Ok(());
        }
        let length = match length(symbol) {
            Some((extra, least)) => least + bits.number(extra)?,
            None => return Err((Kind::UnknownCode, at)),
        };
        let at = bits.offset();
        let distance = match distance(codes.distances.read(bits)?) {
            Some((extra, least)) => least + bits.number(extra)?,
            None => return Err((Kind::UnknownCode, at)),
        };
        for _ in 0..length {
            let from = data.len().checked_sub(distance);
            let Some(&octet) = from.and_then(|from| data.get(from)) else {
                return Err((Kind::Distance, at));
            };
            data.push(octet);
        }
    }
}

/// The extra bits and the least length of a length code: the first table of RFC 1951 §3.2.5.
fn length(symbol: usize) -> Option<(u32, usize)> {
    const EXTRA: [u32; 29] =
        [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
    const LEAST: [usize; 29] = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115,
        131, 163, 195, 227, 258,
    ];
    let index = symbol.checked_sub(257)?;
    Some((*EXTRA.get(index)?, *LEAST.get(index)?))
}

/// The extra bits and the least distance of a distance code: the second table of RFC 1951 §3.2.5.
fn distance(symbol: usize) -> Option<(u32, usize)> {
    const EXTRA: [u32; 30] = [
        0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12,
        13, 13,
    ];
    const LEAST: [usize; 30] = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537,
        2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577,
    ];
    Some((*EXTRA.get(symbol)?, *LEAST.get(symbol)?))
}

/// A code by its lengths, RFC 1951 §3.2.2.
struct Code {
    /// The symbols that have codes of 1 bit, of 2, ..; those of one length have codes that follow
    /// one another.
    symbols: [Vec<usize>; 15],
}

impl Code {
    fn new(lengths: &[usize]) -> Self {
        let of_length = |length| {
            let symbols = lengths.iter().enumerate().filter(move |symbol| *symbol.1 == length);
            symbols.map(|(symbol, _)| symbol).collect()
        };
        Self { symbols: core::array::from_fn(|index| of_length(index + 1)) }
    }

    /// Whether each sequence of bits begins with exactly one of the codes. Where it `may_be_single`,
    /// a code of one symbol is half of that.
    fn check(&self, may_be_single: bool) -> Result<(), Kind> {
        // How many codes of the length at hand there may yet be.
        let mut free = 1;
        for symbols in &self.symbols {
            free *= 2;
            if symbols.len() > free {
                return Err(Kind::OverSubscribed);
            }
            free -= symbols.len();
        }
        let [shortest, longer @ ..] = &self.symbols;
        let is_single = shortest.len() == 1 && longer.iter().all(Vec::is_empty);
        if free == 0 || (may_be_single && is_single) { Ok(()) } else { Err(Kind::Incomplete) }
    }

    /// Reads the code of a symbol, from its first bit on. Bits that are no code are refused when the longest
    /// one that there could be, of 15 bits, would have ended.
    fn read(&self, bits: &mut Bits<'_>) -> Result<usize, Wrong> {
        let at = bits.offset();
        let (mut code, mut first) = (0, 0);
        for symbols in &self.symbols {
            code = 2 * code + bits.bit()?;
            first *= 2;
            if let Some(&symbol) = symbols.get(code - first) {
                return Ok(symbol);
            }
            first += symbols.len();
        }
        Err((Kind::UnknownCode, at))
    }
}

/// The input as RFC 1951 §3.1.1 has it: bytes from their least significant bit on.
struct Bits<'a> {
    input: &'a [u8],
    /// The bits that were read.
    at: usize,
}

impl<'a> Bits<'a> {
    /// The byte in which the next bit is.
    fn offset(&self) -> u64 {
        u64::try_from(self.at / 8).unwrap_or(u64::MAX)
    }

    /// The input from that byte on.
    fn rest(&self) -> &'a [u8] {
        self.input.get(self.at / 8..).unwrap_or_default()
    }

    fn is_at_end(&self) -> bool {
        self.rest().is_empty()
    }

    fn bit(&mut self) -> Result<usize, Wrong> {
        let Some(octet) = self.rest().first() else {
            return Err((Kind::Truncated, self.offset()));
        };
        let bit = octet >> (self.at % 8) & 1;
        self.at += 1;
        Ok(usize::from(bit))
    }

    /// A number, from its least significant bit on.
    fn number(&mut self, count: u32) -> Result<usize, Wrong> {
        (0..count).try_fold(0, |number, place| Ok(number + (self.bit()? << place)))
    }

    fn byte(&mut self) -> Result<u8, Wrong> {
        Ok(u8::try_from(self.number(8)?).unwrap_or(u8::MAX))
    }

    fn four_bytes(&mut self) -> Result<[u8; 4], Wrong> {
        Ok([self.byte()?, self.byte()?, self.byte()?, self.byte()?])
    }

    /// Goes on to the next byte, unless it is at the start of one.
    fn align(&mut self) {
        self.at = self.at.next_multiple_of(8);
    }
}

/// RFC 1952 §8, bit by bit.
pub(super) fn crc32(data: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for octet in data {
        crc ^= u32::from(*octet);
        for _ in 0..8 {
            crc = if crc & 1 == 1 { crc >> 1 ^ 0xedb8_8320 } else { crc >> 1 };
        }
    }
    !crc
}

/// RFC 1950 §9.
pub(super) fn adler32(data: &[u8]) -> u32 {
    let sums = data.iter().fold((1, 0), |(sum, sums): (u32, u32), octet| {
        let sum = (sum + u32::from(*octet)) % 65521;
        (sum, (sums + sum) % 65521)
    });
    sums.1 << 16 | sums.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn gives(format: Format, input: &[u8], data: &[u8]) {
        assert_eq!(decode(format, input), (data.to_vec(), Ok(())));
    }

    #[track_caller]
    fn refuses(format: Format, input: &[u8], data: &[u8], wrong: Wrong) {
        assert_eq!(decode(format, input), (data.to_vec(), Err(wrong)));
    }

    /// Writes bits as RFC 1951 counts them, the first one first.
    fn bits(text: &str) -> Vec<u8> {
        let bits: Vec<bool> =
            text.bytes().filter(u8::is_ascii_digit).map(|octet| octet == b'1').collect();
        let octet =
            |bits: &[bool]| bits.iter().rev().fold(0, |octet, bit| octet * 2 + u8::from(*bit));
        bits.chunks(8).map(octet).collect()
    }

    #[test]
    fn checksums_are_those_of_their_definitions() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(crc32(b""), 0);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
        assert_eq!(adler32(b""), 1);
    }

    /// The example of RFC 1951 §3.2.2.
    #[test]
    fn codes_are_numbered_by_length_and_symbol() {
        let code = Code::new(&[3, 3, 3, 3, 3, 2, 4, 4]);
        assert_eq!(code.check(false), Ok(()));
        let codes = ["010", "011", "100", "101", "110", "00", "1110", "1111"];
        for (symbol, text) in codes.into_iter().enumerate() {
            let input = bits(text);
            let mut bits = Bits { input: &input, at: 0 };
            assert_eq!((code.read(&mut bits), bits.at), (Ok(symbol), text.len()));
        }
    }

    #[test]
    fn codes_are_complete_or_single() {
        for (lengths, alone, expected) in [
            (&[1, 1][..], false, Ok(())),
            (&[1, 2, 3, 3], false, Ok(())),
            (&[15, 15, 14, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], false, Ok(())),
            (&[1, 1, 15], false, Err(Kind::OverSubscribed)),
            (&[2, 2, 2], true, Err(Kind::Incomplete)),
            (&[0, 1], false, Err(Kind::Incomplete)),
            (&[0, 1], true, Ok(())),
            (&[2], true, Err(Kind::Incomplete)),
            (&[0], true, Err(Kind::Incomplete)),
        ] {
            assert_eq!(Code::new(lengths).check(alone), expected, "{lengths:?}");
        }
    }

    #[test]
    fn stored_blocks_are_copied() {
        gives(Format::Raw, b"\x01\x03\0\xfc\xffabc", b"abc");
        gives(Format::Raw, b"\x00\x01\0\xfe\xffa\x01\0\0\xff\xff", b"a");
        refuses(Format::Raw, b"\x01\x03\0\xfc\xffab", b"ab", (Kind::Truncated, 7));
        refuses(Format::Raw, b"\x01\x03\0\xfd\xff", b"", (Kind::StoredLength, 3));
        refuses(Format::Raw, b"\x01\0\0\xff\xff\0", b"", (Kind::TrailingData, 5));
    }

    #[test]
    fn fixed_codes_are_those_of_the_table() {
        // A literal of each end of both lengths, the longest match, the end.
        let literals = "00110000 10111111 110010000 111111111";
        gives(Format::Raw, &bits(&["1 10", literals, "0000000"].concat()), b"\0\x8f\x90\xff");
        let matched = bits("1 10 00110000 11000101 00000 0000000");
        gives(Format::Raw, &matched, &[0; 259]);
        // 284 and 31 more is what 285 is, too.
        let matched = bits("1 10 00110000 11000100 11111 00000 0000000");
        gives(Format::Raw, &matched, &[0; 259]);
        refuses(Format::Raw, &bits("1 10 00110000 11000110"), b"\0", (Kind::UnknownCode, 1));
        let no_distance = bits("1 10 00110000 0000001 11110 00000000");
        refuses(Format::Raw, &no_distance, b"\0", (Kind::UnknownCode, 2));
        let too_far = bits("1 10 00110000 0000001 00001 0000000");
        refuses(Format::Raw, &too_far, b"\0", (Kind::Distance, 2));
        refuses(Format::Raw, &bits("1 11"), b"", (Kind::BlockType, 0));
        refuses(Format::Raw, &bits("0 10 00110000"), b"\0", (Kind::Truncated, 2));
    }

    /// What zlib 1.2.13 makes of a text.
    #[test]
    fn dynamic_codes_come_with_their_lengths() {
        let block = b"\x15\x8a\x51\x0a\x44\x21\x10\xc3\xae\xd2\xab\x09\x06\x1c\x10\x0b\xcf\xee\
            \xfd\xd7\xc9\x4f\x69\xc8\x2f\xfa\xc0\x88\xb1\x06\x2e\x51\x5c\x4d\x99\xfd\xfc\x63\x72\
            \x2e\x65\x92\xcb\xe0\xe8\x60\xa7\x50\xff\x47\x25\xeb\x35\xa9\x55\x8b\x74\x79\xb6\x90\
            \xc3\xb6\x94\x4e\x82\xaa\xc7\x33\x7f";
        let text = b"ut reeoe eahaeoi eies d oelreeeeedenseioettseaen neootie ttseeeeitthedeti\
            hihetseionl e otelo  teeeete ieeetodt";
        gives(Format::Raw, block, text);
    }

    #[test]
    fn zlib_has_a_header_and_a_checksum() {
        let hello = b"\x78\x9c\x4b\x04\x00\x00\x62\x00\x62";
        gives(Format::Zlib, hello, b"a");
        gives(Format::Deflate, hello, b"a");
        gives(Format::Deflate, b"\x4b\x04\x00", b"a");
        refuses(Format::Zlib, b"\x78\x9d", b"", (Kind::ZlibHeader, 0));
        refuses(Format::Zlib, b"\x79", b"", (Kind::ZlibHeader, 0));
        refuses(Format::Zlib, b"\x78\xbb", b"", (Kind::ZlibDictionary, 1));
        refuses(Format::Zlib, b"\x78", b"", (Kind::Truncated, 1));
        refuses(Format::Zlib, b"\x78\x9c\x03\0\0\0\0\0", b"", (Kind::Adler32, 4));
    }

    #[test]
    fn gzip_is_one_member_or_more() {
        let member = b"\x1f\x8b\x08\0\0\0\0\0\x02\x03\x4b\x04\0\x43\xbe\xb7\xe8\x01\0\0\0";
        gives(Format::Gzip, member, b"a");
        gives(Format::Gzip, &[*member, *member].concat(), b"aa");
        let then = |octets: &[u8]| [member, octets].concat();
        refuses(Format::Gzip, &then(b"\0"), b"a", (Kind::TrailingData, 21));
        refuses(Format::Gzip, &then(b"\x1f"), b"a", (Kind::Truncated, 22));
        refuses(Format::Gzip, &then(b"\x1f\x8c"), b"a", (Kind::TrailingData, 21));
        refuses(Format::Gzip, &then(b"\x1f\x8b\x07"), b"a", (Kind::GzipMethod(7), 23));
        refuses(Format::Gzip, b"", b"", (Kind::Truncated, 0));
        refuses(Format::Gzip, b"\x1f\x00", b"", (Kind::GzipMagic, 1));
        refuses(Format::Gzip, b"\x1f\x8b\x08\x28", b"", (Kind::GzipFlags(0x20), 3));
    }

    #[test]
    fn gzip_has_fields_and_checksums() {
        let header = b"\x1f\x8b\x08\x1e\0\0\0\0\x02\x03\x02\0xyname\0comment\0";
        let tail = b"\x4b\x04\0\x43\xbe\xb7\xe8\x01\0\0\0";
        let crc = u16::try_from(crc32(header) & 0xffff).unwrap().to_le_bytes();
        gives(Format::Gzip, &[&header[..], &crc, tail].concat(), b"a");
        let wrong = [&header[..], &[crc[0] ^ 1, crc[1]], tail].concat();
        refuses(Format::Gzip, &wrong, b"", (Kind::GzipHeaderChecksum, 27));
        let header = b"\x1f\x8b\x08\0\0\0\0\0\x02\x03\x4b\x04\0";
        let wrong = [&header[..], b"\x43\xbe\xb7\xe9\x01\0\0\0"].concat();
        refuses(Format::Gzip, &wrong, b"a", (Kind::Crc32, 13));
        let wrong = [&header[..], b"\x43\xbe\xb7\xe8\x01\0\x01\0"].concat();
        refuses(Format::Gzip, &wrong, b"a", (Kind::GzipLength, 17));
    }
}
