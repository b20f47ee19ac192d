//! What both directions must agree on: the symbols of literals, lengths and distances, and the order in which
//! the lengths of the code-length code come.
//!
//! The tables of [RFC 1951 §3.2.5](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.5) follow one rule:
//! from a symbol on, every four lengths (every two distances) have one extra bit more than those before.
//! Lengths are counted from 3 and distances from 1 here, so that the extra bits are the lowest bits of the
//! number itself. The one exception is the length 258, which has a symbol of its own.

/// Literals, the end of a block, and lengths.
pub(super) const LITLEN: usize = 286;
/// Distances.
pub(super) const DISTANCES: usize = 30;
/// The symbol behind the last literal.
pub(super) const END: usize = 256;

/// The shortest match that has a symbol.
pub(super) const SHORTEST: usize = 3;
/// The longest match that has a symbol.
pub(super) const LONGEST: usize = 258;
/// The farthest distance that has a symbol.
pub(super) const FARTHEST: usize = 32768;

/// The order in which the lengths of the code-length code come, the likeliest to be used first,
/// [RFC 1951 §3.2.7](https://www.rfc-editor.org/rfc/rfc1951#section-3.2.7).
pub(super) const ORDER: [u8; 19] =
    [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

/// The symbol of each length, counted from 3, as a number from 0 to 28.
const LENGTH_SYMBOLS: [u8; 256] = {
    let mut symbols = [0; 256];
    let (mut at, mut length, mut symbol) = (0, 0, 0_u8);
    while at < 255 {
        if length == base(widen(symbol) + 1, 4) {
            symbol += 1;
        }
        symbols[at] = symbol;
        at += 1;
        length += 1;
    }
    symbols[255] = 28;
    symbols
};

/// Returns the number of extra bits, where `step` symbols in a row have equally many.
const fn extra(symbol: u32, step: u32) -> u32 {
    if symbol < 2 * step { 0 } else { symbol / step - 1 }
}

/// Returns the first number that has a symbol.
const fn base(symbol: u32, step: u32) -> u32 {
    if symbol < step { symbol } else { (step + symbol % step) << extra(symbol, step) }
}

/// Returns the symbol of a length counted from 3, as a number from 0 to 28: the symbol itself is 257 more.
#[inline(always)]
pub(super) fn length_symbol(length: u8) -> u8 {
    LENGTH_SYMBOLS.get(usize::from(length)).copied().unwrap_or_default()
}

/// Returns the first length of a symbol, 0 to 28, counted from 3.
pub(super) const fn length_base(symbol: u8) -> u32 {
    if symbol == 28 { 255 } else { base(widen(symbol), 4) }
}

/// Returns the number of extra bits of a length's symbol, 0 to 28.
pub(super) const fn length_extra(symbol: u8) -> u32 {
    if symbol == 28 { 0 } else { extra(widen(symbol), 4) }
}

/// Returns the symbol of a distance counted from 1.
#[inline(always)]
pub(super) fn distance_symbol(distance: u32) -> u32 {
    if distance < 2 {
        return distance;
    }
    let top = distance.ilog2();
    2 * top + ((distance >> (top - 1)) & 1)
}

/// Returns the first distance of a symbol, counted from 1.
pub(super) const fn distance_base(symbol: u32) -> u32 {
    base(symbol, 2)
}

/// Returns the number of extra bits of a distance's symbol.
pub(super) const fn distance_extra(symbol: u32) -> u32 {
    extra(symbol, 2)
}

const fn widen(byte: u8) -> u32 {
    u32::from_le_bytes([byte, 0, 0, 0])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_maps_to_its_symbol_and_back() {
        for length in 0..=255_u8 {
            let symbol = length_symbol(length);
            let low = u32::from(length) & ((1 << length_extra(symbol)) - 1);
            assert_eq!(
                length_base(symbol) + low,
                length.into(),
                "length {}",
                usize::from(length) + SHORTEST
            );
        }
    }

    #[test]
    fn every_distance_maps_to_its_symbol_and_back() {
        for distance in 0..32768 {
            let symbol = distance_symbol(distance);
            let low = distance & ((1 << distance_extra(symbol)) - 1);
            assert_eq!(distance_base(symbol) + low, distance, "distance {}", distance + 1);
            assert!(symbol < 30);
        }
    }

    #[test]
    fn symbols_are_those_of_the_rfc() {
        for (length, symbol, bits) in [
            (3, 257, 0),
            (10, 264, 0),
            (11, 265, 1),
            (114, 279, 4),
            (115, 280, 4),
            (130, 280, 4),
            (131, 281, 5),
            (257, 284, 5),
            (258, 285, 0),
        ] {
            let found = length_symbol((length - SHORTEST) as u8);
            assert_eq!((usize::from(found) + 257, length_extra(found)), (symbol, bits), "{length}");
        }
        for (distance, symbol, bits) in
            [(1, 0, 0), (4, 3, 0), (5, 4, 1), (193, 15, 6), (24576, 28, 13), (32768, 29, 13)]
        {
            let found = distance_symbol(distance - 1);
            assert_eq!((found, distance_extra(found)), (symbol, bits), "{distance}");
        }
    }
}
