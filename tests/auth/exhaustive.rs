//! Every text of a few bytes against the model: what is read, and at which byte it is refused.

use super::model::agrees;

/// Every text of up to so many of these bytes, between two others.
#[track_caller]
fn every(front: &str, octets: &[u8], most: u32, back: &str) {
    for len in 0..=most {
        for number in 0..octets.len().pow(len) {
            let digits = (0..len).map(|place| number / octets.len().pow(place) % octets.len());
            let middle: Vec<u8> = digits.map(|digit| octets[digit]).collect();
            agrees(&[front.as_bytes(), &middle, back.as_bytes()].concat());
        }
    }
}

#[test]
fn every_short_text_is_read_as_the_grammar_has_it() {
    every("", b"a= ,\"", 6, "");
    every("", b"a=\t/!\\@\xff\0", 4, "");
}

#[test]
fn every_start_of_what_follows_a_scheme() {
    every("x ", b"a= ,\"", 5, "");
    every("x ", b"a=/! \t", 5, "");
    every("x", b" \t,=", 5, "a=b");
}

#[test]
fn every_end_of_a_parameter() {
    every("x a=b", b"c= ,\"", 5, "");
    every("x a=\"", b"b\\\", ", 5, "");
    every("x a=", b"=b \t\"", 5, ", c d");
}

#[test]
fn every_member_behind_a_parameter() {
    every("x a=b,", b"c= ,/", 5, "");
    every("x a=b, ", b"a= \"@", 4, "=c, d");
    every("x a=\"b\", c", b"= ,\td", 5, "");
}

#[test]
fn every_member_behind_a_token68() {
    every("x a=", b"=, b\"", 5, "");
    every("x a, b", b"= c,\t", 5, ", d=e");
}

#[test]
fn every_byte_in_every_place() {
    let text = b"x a=b, c = \"d\\e\", f g==, h";
    for at in 0..text.len() {
        for octet in 0..=255 {
            let mut text = text.to_vec();
            text[at] = octet;
            agrees(&text);
        }
        agrees(&text[at..]);
        agrees(&text[..at]);
    }
}
