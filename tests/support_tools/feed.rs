//! `feed` gives every cut, and catches a parser that depends on one.

use crate::support::feed::{SAMPLE, TRAILING, cut_points, feed, feed_cuts};

fn lines(pieces: &[&[u8]]) -> usize {
    pieces.concat().iter().filter(|&&b| b == b'\n').count()
}

#[test]
fn gives_every_cut_of_a_short_input() {
    let mut seen = Vec::new();
    feed_cuts(b"abc", |pieces| {
        seen.push(pieces.iter().map(|piece| piece.len()).collect::<Vec<_>>());
    });
    let expected: [&[usize]; 6] = [&[3], &[1, 1, 1], &[0, 3], &[1, 2], &[2, 1], &[3, 0]];
    assert_eq!(seen, expected);
}

#[test]
fn gives_trailing_bytes_in_the_same_and_in_the_next_piece() {
    let mut with_next = Vec::new();
    let first = feed(b"a\nb", |pieces| {
        with_next.push((pieces.len(), pieces.concat()));
        pieces.concat()[0]
    });
    assert_eq!(first, b'a');
    for trailing in TRAILING {
        let joined = [b"a\nb", trailing].concat();
        assert!(with_next.contains(&(1, joined.clone())));
        assert!(with_next.contains(&(2, joined)));
    }
}

#[test]
#[should_panic(expected = "the input gives something else byte by byte")]
fn catches_a_parser_that_needs_its_input_whole() {
    feed_cuts(b"ab", |pieces| pieces[0].len());
}

#[test]
#[should_panic(expected = "the input gives something else cut at 2")]
fn catches_a_parser_that_trips_over_one_cut() {
    feed_cuts(b"a\r\nb", |pieces| pieces.len() == 2 && pieces[1] == b"\nb");
}

#[test]
#[should_panic(expected = "in the same piece")]
fn catches_a_parser_that_reads_on() {
    feed(b"a\n", lines);
}

#[test]
fn cuts_a_long_input_at_a_bounded_sample_with_all_line_ends() {
    let mut input = vec![b'x'; 200_000];
    let ends = [5000, 77_777, 123_456];
    for at in ends {
        input[at] = b'\n';
    }
    let points = cut_points(&input);
    assert!(points.len() < 20 * SAMPLE, "{} points", points.len());
    for at in ends {
        assert!((at - 2..=at + 2).all(|cut| points.contains(&cut)));
    }
    assert!(points.contains(&0) && points.contains(&input.len()));
    assert_eq!(points, cut_points(&input));
    let only_line_ends = vec![b'\n'; 200_000];
    assert!(cut_points(&only_line_ends).len() < 20 * SAMPLE);
}
