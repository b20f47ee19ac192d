//! Every byte in every place.

use nethttp::uri::{Uri, UriErrorKind, UriRef};

use super::oracle::agrees;

/// A component among others: what stands before it, itself, what stands after it, and the kind of
/// the error for a byte in it that no component may hold.
const COMPONENTS: [(&str, &str, &str, UriErrorKind); 24] = {
    use UriErrorKind::*;
    [
        ("", "ht+p", "://u@h:8/p?q#f", InvalidScheme),
        ("", "s", ":", InvalidScheme),
        ("s://", "us:er", "@h:8/p?q#f", InvalidUserinfo),
        ("//", "", "@h", InvalidUserinfo),
        ("s://", "ho.st", "/p?q#f", InvalidHost),
        ("//", "", "", InvalidHost),
        ("s://u@", "ho.st", ":8", InvalidHost),
        ("//", "127.0.0.1", "?q", InvalidHost),
        ("s://h:", "8080", "/p?q#f", InvalidPort),
        ("//u@h:", "", "#f", InvalidPort),
        ("//[::1]:", "80", "", InvalidPort),
        // path-abempty
        ("s://h/", "p//p", "?q#f", InvalidPath),
        ("//h/", "", "", InvalidPath),
        // path-absolute
        ("s:", "/p/p", "?q#f", InvalidPath),
        ("", "/p", "", InvalidPath),
        // path-rootless
        ("s:", "p:p/p", "?q#f", InvalidPath),
        // path-noscheme
        ("", "_p/p:p", "?q#f", InvalidPath),
        ("", ".", "", InvalidPath),
        // path-empty
        ("s:", "", "", InvalidPath),
        ("", "", "?q", InvalidPath),
        ("s://h/p?", "q=?/:@", "#f", InvalidQuery),
        ("?", "", "", InvalidQuery),
        ("s://h/p?q#", "f=?/:@", "", InvalidFragment),
        ("#", "", "", InvalidFragment),
    ]
};

/// Calls with every byte put at every place of every component, and with its index.
fn every_byte(mut check: impl FnMut(&[u8], usize, UriErrorKind)) {
    for (before, component, after, kind) in COMPONENTS {
        for place in 0..=component.len() {
            let index = before.len() + place;
            let mut text = [before, component, after].concat().into_bytes();
            text.insert(index, 0);
            for octet in 0..=255 {
                text[index] = octet;
                check(&text, index, kind);
            }
        }
    }
}

#[test]
fn every_byte_is_judged_in_every_place_of_every_component() {
    every_byte(|text, _, _| agrees(text));
}

/// The bytes that are neither reserved nor unreserved, RFC 3986 §2.2 and §2.3, and no `%`.
fn is_in_no_uri(octet: u8) -> bool {
    !octet.is_ascii_graphic() || b"\"<>\\^`{|}".contains(&octet)
}

#[test]
fn a_byte_of_no_uri_is_refused_where_it_stands() {
    every_byte(|text, index, kind| {
        let octet = text[index];
        if !is_in_no_uri(octet) {
            return;
        }
        let results = [UriRef::parse_bytes(text).map(|_| ()), Uri::parse_bytes(text).map(|_| ())];
        for error in results.map(Result::unwrap_err) {
            // Without its scheme a text is something else.
            let is_other = error.kind() == UriErrorKind::MissingScheme
                || kind == UriErrorKind::InvalidScheme && error.kind() != kind;
            if !is_other {
                let kind = match octet {
                    _ if kind == UriErrorKind::InvalidScheme => kind,
                    b'\\' => UriErrorKind::Backslash,
                    0x80.. => UriErrorKind::NonAscii,
                    _ => kind,
                };
                let found = (error.kind(), error.offset());
                assert_eq!(found, (kind, index), "{}", text.escape_ascii());
            }
        }
    });
}

#[test]
fn an_escape_is_two_hexadecimal_digits() {
    for (before, after) in
        [("s://", "@h"), ("//", ""), ("/", ""), ("s:", ""), ("", "?q"), ("?", ""), ("s:#", "")]
    {
        let mut text = [before, "%00", after].concat().into_bytes();
        let start = before.len();
        for high in 0..=255u8 {
            for low in 0..=255u8 {
                text[start + 1] = high;
                text[start + 2] = low;
                let expected = match high.is_ascii_hexdigit() && low.is_ascii_hexdigit() {
                    true => Ok(()),
                    false => Err((UriErrorKind::InvalidPercent, start)),
                };
                let found = UriRef::parse_bytes(&text);
                let found = found.map(|_| ()).map_err(|error| (error.kind(), error.offset()));
                assert_eq!(found, expected, "{}", text.escape_ascii());
            }
        }
    }
}

/// All escapes in the one place, and everything that is none, held against the grammar as well.
#[test]
fn two_bytes_after_a_percent_sign_are_judged() {
    let mut text = *b"a%00";
    for high in 0..=255u8 {
        for low in 0..=255u8 {
            text[2] = high;
            text[3] = low;
            agrees(&text);
        }
    }
}
