//! Hosts that are addresses: IPv4, IPv6 in all its shapes, zones, addresses to come.

use super::oracle::{agrees, agrees_as_host, is_refused_at_the_right_byte};
use super::strings::every_text;

/// Groups of an IPv6 address, right and wrong.
const GROUPS: [&str; 22] = [
    "0",
    "01",
    "abc",
    "FFFF",
    "0000",
    "",
    "00000",
    "12345",
    "g",
    "-1",
    "+1",
    " 1",
    "0x1",
    "1.2.3.4",
    "255.249.199.99",
    "0.0.0.0",
    "1.2.3",
    "1.2.3.4.5",
    "01.2.3.4",
    "1.2.3.256",
    "1..3.4",
    "1.2.3.a",
];

/// What follows an address in its brackets, right and wrong.
const ENDS: [&str; 20] = [
    "", "%25e", "%25eth0", "%25-._~", "%25%41", "%2525", "%25%25", "%25", "%25%", "%25%4",
    "%25%4g", "%25a:b", "%25a!", "%", "%2", "%24", "%eth0", "eth0", " ", "/64",
];

/// Calls with every IPv6 address of up to nine groups, one of which is odd, with a gap at every place
/// and with none.
fn every_shape(mut check: impl FnMut(&str)) {
    for count in 0..=9 {
        for odd in 0..count.max(1) {
            for group in GROUPS {
                let mut groups = vec!["1"; count];
                groups.iter_mut().skip(odd).take(1).for_each(|place| *place = group);
                check(&groups.join(":"));
                for gap in 0..=count {
                    let (before, after) = groups.split_at(gap);
                    check(&format!("{}::{}", before.join(":"), after.join(":")));
                }
            }
        }
    }
}

/// Calls with every address of up to nine groups and two gaps or three colons in a row.
fn every_double_gap(mut check: impl FnMut(&str)) {
    for count in 0..=9 {
        let groups = vec!["1"; count];
        let join = |from: usize, to: usize| groups[from..to].join(":");
        for first in 0..=count {
            check(&format!("{}:::{}", join(0, first), join(first, count)));
            for second in first..=count {
                let (before, between, after) =
                    (join(0, first), join(first, second), join(second, count));
                check(&format!("{before}::{between}::{after}"));
            }
        }
    }
}

/// Calls with everything that stands in brackets in these tests.
fn every_literal(mut check: impl FnMut(&str)) {
    every_shape(&mut check);
    every_double_gap(&mut check);
    for address in ["", "::", "::1", "1:2:3:4:5:6:7:8", "1::1.2.3.4", "1:2", "v1.a", "1.2.3.4"] {
        for end in ENDS {
            check(&format!("{address}{end}"));
        }
    }
    for version in ["", "1", "fF09", "g", "-", "v"] {
        for dot in ["", ".", ".."] {
            for address in ["", "a", ":", "~!$&'()*+,;=", "%41", "@", "[", "é", "a b"] {
                check(&format!("v{version}{dot}{address}"));
                check(&format!("V{version}{dot}{address}"));
            }
        }
    }
}

#[test]
fn ipv6_in_every_shape() {
    every_literal(|literal| agrees_as_host(&format!("[{literal}]")));
}

#[test]
fn every_short_text_in_brackets() {
    let check = |text: &[u8]| agrees_as_host(&format!("[{}]", str::from_utf8(text).unwrap()));
    every_text(b"1:.", 9, check);
    every_text(b"v1.:%5", 5, check);
    every_text(b"25%a]", 5, |text| check(&[b"::%", text].concat()));
}

/// Calls with every byte put at every place of IP literals.
fn every_byte_of_a_literal(mut check: impl FnMut(&[u8])) {
    for literal in ["::1", "1:2::", "::1.2.3.4", "::%25zone", "1:2:3:4:5:6:7:8%25%41", "v1.a:b"] {
        for place in 3..=3 + literal.len() {
            let mut text = format!("//[{literal}]").into_bytes();
            text.insert(place, 0);
            for octet in 0..=255 {
                text[place] = octet;
                check(&text);
            }
        }
    }
}

#[test]
fn every_byte_in_brackets() {
    every_byte_of_a_literal(agrees);
}

/// What may stand in front of an IP literal and behind it.
#[test]
fn brackets_stand_alone() {
    for before in ["", "a", "1", "u@", "[", "]", ":", "%41", "u@v@", "u[@", "u]@"] {
        for after in
            ["", "a", ":", ":80", ":a", "]", "[", "@", ".", "%", "%41", "/", "?", "#", "/]"]
        {
            for host in ["[::1]", "[::1", "::1]", "[]", "[::1%25e]", "[v1.a]"] {
                agrees(format!("//{before}{host}{after}").as_bytes());
            }
        }
    }
}

#[test]
fn an_ip_literal_is_refused_at_its_first_wrong_byte() {
    every_literal(|literal| {
        for tail in ["]", "", "]:80", "/]", "]x"] {
            is_refused_at_the_right_byte(format!("//[{literal}{tail}").as_bytes());
        }
    });
    for (before, alphabet, most) in
        [("//[", &b"1:.]"[..], 6), ("//[", b"v1.:%5]", 5), ("//[::%", b"25%a]/", 5)]
    {
        every_text(alphabet, most, |text| {
            is_refused_at_the_right_byte(&[before.as_bytes(), text].concat());
        });
    }
    every_byte_of_a_literal(is_refused_at_the_right_byte);
    let mut text = *b"//[::%25%00]";
    for high in 0..=255 {
        for low in 0..=255 {
            [text[9], text[10]] = [high, low];
            is_refused_at_the_right_byte(&text);
        }
    }
}

/// Numbers of a dotted quad, right and wrong.
const OCTETS: [&str; 24] = [
    "0", "1", "9", "10", "99", "100", "199", "200", "249", "250", "255", "", "00", "01", "010",
    "0255", "256", "260", "300", "999", "1000", "a", "0x1", "%31",
];

#[test]
fn a_dotted_quad_is_an_address_or_a_name() {
    for place in 0..4 {
        for number in 0..=1100 {
            for octet in [format!("{number}"), format!("{number:02}"), format!("{number:03}")] {
                let mut quad = ["1"; 4];
                quad[place] = &octet;
                agrees_as_host(&quad.join("."));
            }
        }
        for other in 0..place {
            for (first, second) in OCTETS.iter().flat_map(|a| OCTETS.iter().map(move |b| (a, b))) {
                let mut quad = ["1"; 4];
                quad[place] = first;
                quad[other] = second;
                agrees_as_host(&quad.join("."));
            }
        }
    }
    for count in 0..=6 {
        for octet in OCTETS {
            let quad = vec![octet; count].join(".");
            for text in [format!(".{quad}"), format!("{quad}."), quad] {
                agrees_as_host(&text);
            }
        }
    }
}

#[test]
fn every_text_of_digits_and_dots() {
    every_text(b"1.", 9, |text| agrees_as_host(str::from_utf8(text).unwrap()));
    every_text(b"025.", 5, |text| {
        agrees_as_host(&format!("1.2.{}", str::from_utf8(text).unwrap()));
    });
}
