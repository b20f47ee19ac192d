//! One input, every way it can arrive.
//!
//! A parser must not care how the network cut its input, nor what comes behind it. [`feed`] gives an
//! input in one piece, byte by byte, in two pieces with the cut at every point, and with other bytes
//! behind it, and asserts that the closure returns the same each time.

use std::collections::BTreeSet;
use std::fmt::Debug;

/// Inputs up to this length are cut at every point, longer ones at [`cut_points`].
const EVERY_POINT: usize = 4096;

/// How many cut points a long input gets at most for each reason to cut.
pub(crate) const SAMPLE: usize = 512;

/// What a peer could have sent behind a message: nothing that a parser may touch.
pub(crate) const TRAILING: [&[u8]; 4] =
    [b"\0", b"\r\n", b"\xff\xfe", b"GET /next HTTP/1.1\r\nHost: a\r\n\r\n"];

/// Feeds a self-delimiting `input` in every way, trailing bytes included, and returns the outcome.
///
/// The closure gets the pieces in order and returns what it made of them, which must say nothing
/// about bytes behind the message.
#[track_caller]
pub(crate) fn feed<T, F>(input: &[u8], mut parse: F) -> T
where
    T: PartialEq + Debug,
    F: FnMut(&[&[u8]]) -> T,
{
    let whole = feed_cuts(input, &mut parse);
    for trailing in TRAILING {
        let joined = [input, trailing].concat();
        check(&whole, &parse(&[&joined]), || {
            format!("with {:?} in the same piece", trailing.escape_ascii())
        });
        check(&whole, &parse(&[input, trailing]), || {
            format!("with {:?} as the next piece", trailing.escape_ascii())
        });
    }
    whole
}

/// Feeds an `input` that ends with the stream: like [`feed`], without trailing bytes.
#[track_caller]
pub(crate) fn feed_cuts<T, F>(input: &[u8], mut parse: F) -> T
where
    T: PartialEq + Debug,
    F: FnMut(&[&[u8]]) -> T,
{
    let whole = parse(&[input]);
    let bytes: Vec<&[u8]> = input.chunks(1).collect();
    check(&whole, &parse(&bytes), || "byte by byte".to_owned());
    for cut in cut_points(input) {
        let (head, tail) = input.split_at(cut);
        check(&whole, &parse(&[head, tail]), || format!("cut at {cut}"));
    }
    whole
}

#[track_caller]
fn check<T: PartialEq + Debug>(whole: &T, other: &T, way: impl Fn() -> String) {
    assert!(
        whole == other,
        "the input gives something else {}\n whole: {whole:?}\n other: {other:?}",
        way()
    );
}

/// Returns where to cut: everywhere in a short input. In a long one near its ends, near line ends,
/// near multiples of 64 (where a block scanner changes blocks) and at even distances; each of these
/// is thinned to a bounded number of points, the same ones in every run.
pub(crate) fn cut_points(input: &[u8]) -> BTreeSet<usize> {
    let len = input.len();
    if len <= EVERY_POINT {
        return (0..=len).collect();
    }
    let line_ends: Vec<usize> = (0..len).filter(|&at| input[at] == b'\n').collect();
    let blocks: Vec<usize> = (0..len).step_by(64).collect();
    let even: Vec<usize> = (0..len).step_by(len / SAMPLE).collect();
    let ends = (0..64).chain(len - 64..=len);
    let near = [line_ends, blocks, even]
        .into_iter()
        .flat_map(|points| thin(&points, SAMPLE))
        .flat_map(|at| at.saturating_sub(2)..=(at + 2).min(len));
    ends.chain(near).collect()
}

fn thin(points: &[usize], most: usize) -> Vec<usize> {
    let step = points.len().div_ceil(most).max(1);
    points.iter().copied().step_by(step).collect()
}
