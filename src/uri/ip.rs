//! IP addresses as RFC 3986 writes them ([RFC 3986 §3.2.2]), checked in `const` and with the exact byte
//! that is wrong, neither of which the standard library offers. It makes the values.
//!
//! [RFC 3986 §3.2.2]: https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2

use crate::syntax::Class;

/// What is left of a text after what was read of it: an address that is whole, or, as the error, what
/// starts with the byte that does not go on with it.
type Rest<'a> = Result<&'a [u8], &'a [u8]>;

/// Reads an IPv4 address at the start of a text.
///
/// ```abnf
/// IPv4address = dec-octet "." dec-octet "." dec-octet "." dec-octet
/// ```
const fn ipv4(text: &[u8]) -> Rest<'_> {
    let mut rest = text;
    let mut dots = 3;
    loop {
        let Some(after) = dec_octet(rest) else {
            return Err(rest);
        };
        rest = match after {
            _ if dots == 0 => return Ok(after),
            [b'.', after @ ..] => after,
            _ => return Err(after),
        };
        dots -= 1;
    }
}

/// Reads as much of a `dec-octet` as there is.
///
/// ```abnf
/// dec-octet = DIGIT                 ; 0-9
///           / %x31-39 DIGIT         ; 10-99
///           / "1" 2DIGIT            ; 100-199
///           / "2" %x30-34 DIGIT     ; 200-249
///           / "25" %x30-35          ; 250-255
/// ```
const fn dec_octet(text: &[u8]) -> Option<&[u8]> {
    match text {
        [b'1', b'0'..=b'9', b'0'..=b'9', rest @ ..]
        | [b'2', b'0'..=b'4', b'0'..=b'9', rest @ ..]
        | [b'2', b'5', b'0'..=b'5', rest @ ..]
        | [b'1'..=b'9', b'0'..=b'9', rest @ ..]
        | [b'0'..=b'9', rest @ ..] => Some(rest),
        _ => None,
    }
}

/// Reads an IPv6 address at the start of a text.
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
/// ```
///
/// Which is to say: eight groups of 16 bits, of which the last two may be an IPv4 address, and one or
/// more of which `::` may stand for.
pub(super) const fn ipv6(text: &[u8]) -> Rest<'_> {
    // How many groups have been read, and how many there can be.
    let (mut count, mut most) = (0, 8);
    let mut rest = text;
    if let [b':', after @ ..] = text {
        let [b':', after @ ..] = after else {
            return Err(after);
        };
        (rest, most) = (after, 7);
        if !starts_group(rest) {
            return Ok(rest);
        }
    }
    loop {
        if count == most {
            return Err(rest);
        }
        let Some(after) = h16(rest) else {
            return Err(rest);
        };
        if let [b'.', ..] = after {
            // The last two groups.
            let fits = if most == 8 { count == 6 } else { count <= 5 };
            return match ipv4(rest) {
                Ok(rest) if fits => Ok(rest),
                Err(rest) if fits && rest.len() < after.len() => Err(rest),
                // A number such as 256 or 01 is a group still; the dot behind it is not.
                _ => Err(after),
            };
        }
        count += 1;
        rest = match after {
            [b':', b':', rest @ ..] if most == 8 && count < 8 => {
                most = 7;
                if !starts_group(rest) {
                    return Ok(rest);
                }
                rest
            }
            [b':', rest @ ..] if count < most => rest,
            _ if count == 8 || most == 7 => return Ok(after),
            _ => return Err(after),
        };
    }
}

const fn starts_group(text: &[u8]) -> bool {
    matches!(text, [b'0'..=b'9' | b'A'..=b'F' | b'a'..=b'f', ..])
}

/// `h16 = 1*4HEXDIG`
const fn h16(text: &[u8]) -> Option<&[u8]> {
    if !starts_group(text) {
        return None;
    }
    let (mut rest, mut digits) = (text, 0);
    while let [digit, after @ ..] = rest {
        if digits == 4 || !Class::HEXDIG.contains(*digit) {
            break;
        }
        rest = after;
        digits += 1;
    }
    Some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use core::net::Ipv6Addr;

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
            assert!(text.parse::<Ipv6Addr>().is_ok());
            assert_eq!(ipv6(text.as_bytes()), Ok(&b""[..]), "{text}");
            let more = alloc::format!("{text}]x");
            assert_eq!(ipv6(more.as_bytes()), Ok(&b"]x"[..]), "{more}");
        }
    }

    #[test]
    fn says_which_byte_is_wrong() {
        for (text, at) in [
            ("", 0),
            (":", 1),
            (":1", 1),
            ("1", 1),
            ("1:", 2),
            ("1:g", 2),
            ("12345::", 4),
            ("1::2::3", 5),
            ("1::2:", 5),
            ("1:2:3:4:5:6:7", 13),
            ("1:2:3:4:5:6:7:", 14),
            ("1.2.3.4", 1),
            ("::1.2.3", 7),
            ("::1.2.3.", 8),
            ("::256.2.3.4", 5),
            ("::01.2.3.4", 4),
            ("::1f.2.3.4", 4),
            ("::1.02.3.4", 5),
            ("::1.256.3.4", 6),
            ("::1..3.4", 4),
            ("1:2:3:4:5:6:7:1.2.3.4", 15),
            ("1:2:3:4:5:1.2.3.4", 11),
            ("::1:2:3:4:5:6:1.2.3.4", 15),
        ] {
            let wrong = ipv6(text.as_bytes()).map_err(|rest| text.len() - rest.len());
            assert_eq!(wrong, Err(at), "{text}");
        }
    }

    #[test]
    fn what_follows_an_address_is_left() {
        for (text, left) in [
            (":::", ":"),
            ("1:2:3:4:5:6:7:8:", ":"),
            ("1:2:3:4:5:6:7:8::", "::"),
            ("1:2:3:4:5:6:7:89abcd", "cd"),
            ("::1:2:3:4:5:6:7:", ":"),
            ("::12345", "5"),
            ("::1.2.3.4.", "."),
            ("::1.2.3.4:", ":"),
            ("::1.2.3.256", "6"),
            ("::1.2.3.01", "1"),
            ("1::1/64", "/64"),
            ("fe80::1%25e", "%25e"),
        ] {
            assert_eq!(ipv6(text.as_bytes()), Ok(left.as_bytes()), "{text}");
        }
    }
}
