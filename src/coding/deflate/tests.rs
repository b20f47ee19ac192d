//! What goes in comes out again, whatever it is and however it is cut.

use alloc::vec;
use alloc::vec::Vec;

use super::Deflate;
use super::helpers::{Kind, inflate};
use crate::coding::Level;

fn levels() -> impl Iterator<Item = Level> {
    (0..).map_while(Level::new)
}

fn deflate(input: &[u8], level: Level) -> Vec<u8> {
    let mut out = Vec::new();
    let mut encoder = Deflate::new(level);
    encoder.push(input, &mut out);
    encoder.finish(&mut out);
    out
}

/// Bytes without any order.
fn noise(len: usize) -> Vec<u8> {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut byte = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 32) as u8
    };
    (0..len).map(|_| byte()).collect()
}

/// Words in an order that does not repeat.
fn prose(len: usize) -> Vec<u8> {
    let words = ["content", "coding", "of", "the", "a", "deflate", "window", "is", "not", "gzip"];
    let noise = noise(len);
    let words = noise.iter().map(|&byte| words[usize::from(byte) % words.len()].as_bytes());
    let mut text: Vec<u8> = words.flat_map(|word| word.iter().chain(b" ")).copied().collect();
    text.truncate(len);
    text
}

#[track_caller]
fn comes_back(input: &[u8]) {
    levels().for_each(|level| comes_back_from(level, input));
}

#[track_caller]
fn comes_back_from(level: Level, input: &[u8]) {
    let deflated = deflate(input, level);
    let (inflated, kinds) = inflate(&deflated);
    assert!(
        inflated == input,
        "{level:?}: {} bytes are not the {} of the input",
        inflated.len(),
        input.len()
    );
    assert!(
        deflated.len() <= input.len() + 5 * (2 + input.len() / 28_000),
        "{level:?} grew: {kinds:?}"
    );
}

#[test]
fn everything_comes_back() {
    for len in [0, 1, 2, 3, 4, 5, 257, 258, 259, 260, 1000, 16_383, 16_384, 70_000] {
        comes_back(&noise(len));
        comes_back(&prose(len));
        comes_back(&vec![0; len]);
        comes_back(&b"ab".repeat(len / 2));
    }
}

#[test]
fn mixtures_come_back() {
    let mixed = [prose(50_000), noise(90_000), vec![7; 70_000], prose(3000), noise(300)].concat();
    comes_back(&mixed);
    comes_back(&mixed.repeat(2));
    comes_back(&noise(65_536).iter().map(|byte| byte & 0x0f).collect::<Vec<_>>());
    // Codes that want to be longer than 15 bits.
    let steep: Vec<u8> = (0..24_u8).flat_map(|i| vec![i; 1 << (i / 2)]).collect();
    let order = noise(steep.len());
    let mut shuffled: Vec<(u8, u8)> = order.into_iter().zip(steep).collect();
    shuffled.sort_unstable();
    comes_back(&shuffled.into_iter().map(|(_, byte)| byte).collect::<Vec<_>>());
}

#[test]
fn matches_reach_as_far_as_they_may() {
    for distance in [32_767, 32_768, 32_769] {
        for before in [0, 1, 32_768] {
            let fill = noise(before + distance);
            let input = [&fill[..], &fill[before..before + 200]].concat();
            for level in [Level::FAST, Level::DEFAULT, Level::BEST] {
                comes_back_from(level, &input);
            }
        }
    }
    let fill = noise(32_768);
    let deflated = deflate(&fill.repeat(2), Level::DEFAULT);
    assert!(deflated.len() < 33_500, "the second half is matched: {}", deflated.len());
}

#[test]
fn nothing_matches_behind_the_end() {
    // Behind the end the window holds zeros, as many as a better match than that of the last three bytes takes.
    comes_back(&[&[2, 0, 0], &prose(1000)[..], &[1, 0, 0, 0, 0, 1, 2, 0, 0]].concat());
}

#[test]
fn cuts_make_no_difference() {
    let input = [prose(70_000), noise(40_000), vec![1; 1000], prose(90_000)].concat();
    for level in levels() {
        let whole = deflate(&input, level);
        for size in [13, 16_384, 65_535, 65_536, 70_001] {
            let (mut encoder, mut out) = (Deflate::new(level), Vec::new());
            input.chunks(size).for_each(|piece| encoder.push(piece, &mut out));
            encoder.finish(&mut out);
            assert!(out == whole, "{level:?} in pieces of {size}");
        }
    }
}

#[test]
fn flushed_data_can_be_decoded_so_far() {
    let text = prose(200);
    let few: Vec<u8> = noise(400).iter().map(|byte| byte & 3).collect();
    for level in levels() {
        for at in 0..text.len() {
            flushes(level, &text, at);
        }
        for at in 0..few.len() {
            flushes(level, &few, at);
        }
    }
}

#[track_caller]
fn flushes(level: Level, input: &[u8], at: usize) {
    let (mut encoder, mut out) = (Deflate::new(level), Vec::new());
    encoder.push(&input[..at], &mut out);
    encoder.flush(&mut out);
    assert!(out.ends_with(&[0, 0, 0xff, 0xff]), "{level:?} at {at}");
    let len = out.len();
    encoder.flush(&mut out);
    assert_eq!(out.len(), len, "a second flush adds nothing");
    assert!(inflate(&out).0 == input[..at], "{level:?} at {at}");
    encoder.push(&input[at..], &mut out);
    encoder.finish(&mut out);
    assert!(inflate(&out).0 == input, "{level:?} at {at}");
}

#[test]
fn a_flush_after_every_piece_loses_nothing() {
    let text = prose(80_000);
    for level in levels() {
        for size in [1, 3, 1000, 40_000] {
            let (mut encoder, mut out) = (Deflate::new(level), Vec::new());
            for piece in text[..(size * 700).min(text.len())].chunks(size) {
                encoder.push(piece, &mut out);
                encoder.flush(&mut out);
            }
            encoder.finish(&mut out);
            assert!(inflate(&out).0 == text[..(size * 700).min(text.len())], "{level:?} by {size}");
        }
    }
}

#[test]
fn ends_are_short() {
    for level in levels().skip(1) {
        assert_eq!(deflate(b"", level), [3, 0]);
        assert_eq!(deflate(b"a", level), [0x4b, 0x04, 0x00]);
        let (mut encoder, mut out) = (Deflate::new(level), Vec::new());
        encoder.flush(&mut out);
        assert_eq!(out, [0x00, 0x00, 0x00, 0xff, 0xff]);
        encoder.push(b"a", &mut out);
        encoder.flush(&mut out);
        assert_eq!(out[5..], [0x4a, 0x04, 0x00, 0x00, 0x00, 0xff, 0xff]);
        encoder.finish(&mut out);
        assert_eq!(out[12..], [3, 0]);
    }
    assert_eq!(deflate(b"", Level::STORED), [1, 0, 0, 0xff, 0xff]);
    assert_eq!(deflate(b"a", Level::STORED), [1, 1, 0, 0xfe, 0xff, b'a']);
}

#[test]
fn the_cheapest_kind_of_block_is_taken() {
    for (input, kind) in [
        (&b"abcdefgh"[..], Kind::Fixed),
        (&noise(100), Kind::Stored),
        (&noise(28_000), Kind::Stored),
        (&prose(2000), Kind::Dynamic),
        (&[0; 300], Kind::Fixed),
    ] {
        assert_eq!(inflate(&deflate(input, Level::DEFAULT)).1, [kind]);
    }
    assert_eq!(inflate(&deflate(&noise(65_536), Level::STORED)).1, [Kind::Stored; 2]);
    let two = [prose(60_000), noise(60_000).iter().map(|byte| byte & 0x1f).collect()].concat();
    let (_, kinds) = inflate(&deflate(&two, Level::DEFAULT));
    assert!(kinds.len() > 1, "the code changes with the data: {kinds:?}");
}

#[test]
fn higher_levels_make_smaller_data() {
    let input = prose(300_000);
    let sizes: Vec<usize> = levels().map(|level| deflate(&input, level).len()).collect();
    assert!(sizes.is_sorted_by(|a, b| a >= b), "{sizes:?}");
}
