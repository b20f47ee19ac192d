//! Every short text over the bytes that matter.

use super::oracle::agrees;

/// Calls with every text of up to `most` bytes of `alphabet`.
pub(crate) fn every_text(alphabet: &[u8], most: usize, mut check: impl FnMut(&[u8])) {
    for len in 0..=most {
        let mut digits = vec![0; len];
        let mut text = vec![alphabet[0]; len];
        loop {
            check(&text);
            let Some(place) = digits.iter().position(|&digit| digit + 1 < alphabet.len()) else {
                break;
            };
            digits[..place].fill(0);
            text[..place].fill(alphabet[0]);
            digits[place] += 1;
            text[place] = alphabet[digits[place]];
        }
    }
}

/// Every delimiter, and one byte of each class.
#[test]
fn every_text_of_four_bytes() {
    every_text(b"a1f:/?#[]@%.+-_!v \\\xc3", 4, agrees);
}

/// What makes a difference in more than one component.
#[test]
fn every_text_of_five_bytes() {
    every_text(b"a1:/?#[]@%.", 5, agrees);
}

/// Nothing but delimiters around one letter: where one component ends and the next begins.
#[test]
fn every_text_of_seven_bytes_and_delimiters() {
    every_text(b"a:/?#", 7, agrees);
}

/// Inside of an authority.
#[test]
fn every_authority_of_five_bytes() {
    every_text(b"a1:@[]%/ ", 5, |text| agrees(&[b"//", text].concat()));
}

#[test]
fn every_text_is_listed_once() {
    let mut texts = std::collections::BTreeSet::new();
    let mut count = 0;
    every_text(b"abc", 3, |text| {
        count += 1;
        texts.insert(text.to_vec());
    });
    assert_eq!((count, texts.len()), (1 + 3 + 9 + 27, 40));
}
