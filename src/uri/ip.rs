//! IP addresses as RFC 3986 writes them ([RFC 3986 §3.2.2]), read in `const` and with the exact byte
//! that is wrong, neither of which the standard library offers.
//!
//! [RFC 3986 §3.2.2]: https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2

use core::net::{Ipv4Addr, Ipv6Addr};

use crate::syntax::hex_digit;

/// Reads an IPv4 address that is the whole text.
///
/// ```abnf
/// IPv4address = dec-octet "." dec-octet "." dec-octet "." dec-octet
/// dec-octet   = DIGIT                 ; 0-9
///             / %x31-39 DIGIT         ; 10-99
///             / "1" 2DIGIT            ; 100-199
///             / "2" %x30-34 DIGIT     ; 200-249
///             / "25" %x30-35          ; 250-255
/// ```
pub(super) const fn ipv4(text: &[u8]) -> Option<Ipv4Addr> {
    match octets(text) {
        Ok([a, b, c, d]) => Some(Ipv4Addr::new(a, b, c, d)),
        Err(_) => None,
    }
}

/// The four numbers of an IPv4 address, or what is left of the text where it goes wrong.
const fn octets(text: &[u8]) -> Result<[u8; 4], &[u8]> {
    let mut octets = [0; 4];
    let mut rest = text;
    let mut free: &mut [u8] = &mut octets;
    while let [octet, later @ ..] = free {
        (*octet, rest) = match dec_octet(rest) {
            Some(read) => read,
            None => return Err(rest),
        };
        rest = match rest {
            [b'.', rest @ ..] if !later.is_empty() => rest,
            [] if later.is_empty() => rest,
            _ => return Err(rest),
        };
        free = later;
    }
    Ok(octets)
}

/// Reads as much of a `dec-octet` as there is, and what follows it.
const fn dec_octet(text: &[u8]) -> Option<(u8, &[u8])> {
    let (mut value, mut rest) = match text {
        [b'0', rest @ ..] => return Some((0, rest)),
        [digit @ b'1'..=b'9', rest @ ..] => (*digit - b'0', rest),
        _ => return None,
    };
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        value = match value.checked_mul(10) {
            Some(tens) => match tens.checked_add(*digit - b'0') {
                Some(value) => value,
                None => break,
            },
            None => break,
        };
        rest = after;
    }
    Some((value, rest))
}

/// Reads an IPv6 address that is the whole text, or returns the index of the first byte that stands in
/// no address after those before it; the length of the text where more was needed.
///
/// ```abnf
/// IPv6address =                            6( h16 ":" ) ls32
///             /                       "::" 5( h16 ":" ) ls32
///             / [               h16 ] "::" 4( h16 ":" ) ls32
///             / [ *1( h16 ":" ) h16 ] "::" 3( h16 ":" ) ls32
///             / [ *2( h16 ":" ) h16 ] "::" 2( h16 ":" ) ls32
///             / [ *3( h16 ":" ) h16 ] "::"    h16 ":"   ls32
///             / [ *4( h16 ":" ) h16 ] "::"              ls32
///             / [ *5( h16 ":" ) h16 ] "::"              h16
///             / [ *6( h16 ":" ) h16 ] "::"
/// ls32        = ( h16 ":" h16 ) / IPv4address
/// h16         = 1*4HEXDIG
/// ```
pub(super) const fn ipv6(text: &[u8]) -> Result<Groups, usize> {
    let mut groups = Groups { values: [0; 8], count: 0, gap: None };
    match groups.read(text) {
        Ok(()) => Ok(groups),
        Err(rest) => Err(text.len() - rest.len()),
    }
}

/// The groups of an IPv6 address, as far as it has been read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Groups {
    values: [u16; 8],
    /// How many there are.
    count: usize,
    /// How many stand before the `::`, which is for one or more.
    gap: Option<usize>,
}

impl Groups {
    /// Reads a whole address; the error is what is left of the text where it goes wrong.
    const fn read<'a>(&mut self, text: &'a [u8]) -> Result<(), &'a [u8]> {
        let mut rest = match text {
            [b':', b':', rest @ ..] => {
                self.gap = Some(0);
                rest
            }
            [b':', rest @ ..] => return Err(rest),
            _ => text,
        };
        if self.gap.is_some() && rest.is_empty() {
            return Ok(());
        }
        loop {
            if self.is_full(1) {
                return Err(rest);
            }
            let (value, after) = match h16(rest) {
                Some(read) => read,
                None => return Err(rest),
            };
            if let [b'.', ..] = after {
                return self.read_ipv4(rest, after);
            }
            self.push(value);
            rest = match after {
                [] if self.gap.is_some() || self.count == 8 => return Ok(()),
                [b':', b':', rest @ ..] if self.gap.is_none() && self.count < 8 => {
                    self.gap = Some(self.count);
                    match rest {
                        [] => return Ok(()),
                        rest => rest,
                    }
                }
                [b':', rest @ ..] if !self.is_full(1) => rest,
                _ => return Err(after),
            };
        }
    }

    /// Reads the last 32 bits as an IPv4 address; `dot` is where its first dot stands.
    const fn read_ipv4<'a>(&mut self, text: &'a [u8], dot: &'a [u8]) -> Result<(), &'a [u8]> {
        if self.is_full(2) || self.gap.is_none() && self.count != 6 {
            return Err(dot);
        }
        match octets(text) {
            Ok([a, b, c, d]) => {
                self.push(u16::from_be_bytes([a, b]));
                self.push(u16::from_be_bytes([c, d]));
                Ok(())
            }
            // A number such as 256 or 01 is a group still; the dot after it is not.
            Err(rest) if rest.len() > dot.len() => Err(dot),
            Err(rest) => Err(rest),
        }
    }

    /// Whether there is no room for so many more groups.
    const fn is_full(&self, more: usize) -> bool {
        let most = if self.gap.is_some() { 7 } else { 8 };
        self.count + more > most
    }

    const fn push(&mut self, value: u16) {
        if let Some((_, free)) = self.values.split_at_mut_checked(self.count)
            && let [group, ..] = free
        {
            *group = value;
            self.count += 1;
        }
    }

    pub(super) fn address(mut self) -> Ipv6Addr {
        // The groups behind the gap are the last ones.
        if let Some((_, behind)) = self.gap.and_then(|gap| self.values.split_at_mut_checked(gap)) {
            behind.rotate_right(8 - self.count);
        }
        Ipv6Addr::from(self.values)
    }
}

/// `h16 = 1*4HEXDIG`, and what follows it.
const fn h16(text: &[u8]) -> Option<(u16, &[u8])> {
    let (mut value, mut rest, mut digits) = (0, text, 0);
    while let [octet, after @ ..] = rest {
        let digit = match hex_digit(*octet) {
            Some(digit) if digits < 4 => digit,
            _ => break,
        };
        value = value << 4 | u16::from_be_bytes([0, digit]);
        digits += 1;
        rest = after;
    }
    if digits == 0 { None } else { Some((value, rest)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_standard_library_reads() {
        for text in [
            "::",
            "::1",
            "1::",
            "1:2:3:4:5:6:7:8",
            "1:2:3:4:5:6:7::",
            "::2:3:4:5:6:7:8",
            "1::8",
            "1:2::7:8",
            "::1.2.3.4",
            "1:2:3:4:5:6:1.2.3.4",
            "1::255.254.10.0",
            "ABCD:ef01::",
            "0001:01:1::0",
        ] {
            let read = ipv6(text.as_bytes()).map(Groups::address);
            assert_eq!(read, Ok(text.parse().unwrap()), "{text}");
        }
        for text in ["0.0.0.0", "255.255.255.255", "1.22.199.249"] {
            assert_eq!(ipv4(text.as_bytes()), Some(text.parse().unwrap()), "{text}");
        }
    }

    #[test]
    fn says_which_byte_is_wrong() {
        for (text, at) in [
            ("", 0),
            (":", 1),
            (":1", 1),
            (":::", 2),
            ("1", 1),
            ("1:", 2),
            ("1:g", 2),
            ("12345::", 4),
            ("1::2::3", 5),
            ("1::2:", 5),
            ("1:2:3:4:5:6:7", 13),
            ("1:2:3:4:5:6:7:", 14),
            ("1:2:3:4:5:6:7:8:", 15),
            ("1:2:3:4:5:6:7:8::", 15),
            ("1:2:3:4:5:6:7::8", 15),
            ("::1:2:3:4:5:6:7:8", 15),
            ("1.2.3.4", 1),
            ("::1.2.3", 7),
            ("::1.2.3.", 8),
            ("::1.2.3.4.", 9),
            ("::1.2.3.4:", 9),
            ("::256.2.3.4", 5),
            ("::01.2.3.4", 4),
            ("::1f.2.3.4", 4),
            ("::1.256.3.4", 6),
            ("::1.02.3.4", 5),
            ("::1..3.4", 4),
            ("1:2:3:4:5:6:7:1.2.3.4", 15),
            ("1:2:3:4:5:1.2.3.4", 11),
            ("::1:2:3:4:5:6:1.2.3.4", 15),
            ("1::1/64", 4),
        ] {
            assert_eq!(ipv6(text.as_bytes()).err(), Some(at), "{text}");
        }
        for text in [
            "",
            "1.2.3",
            "1.2.3.4.",
            "1.2.3.4.5",
            "01.2.3.4",
            "1.2.3.256",
            "1..3.4",
            "a",
            "1.2.3.4a",
        ] {
            assert_eq!(ipv4(text.as_bytes()), None, "{text}");
        }
    }
}
