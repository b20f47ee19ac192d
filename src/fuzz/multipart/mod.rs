//! `multipart/form-data`.

mod drive;
mod model;
#[cfg(feature = "std")]
mod reading;

use core::iter;

use crate::field::{Boundary, FieldErrorKind, MediaType};
use crate::form::{
    FormError, FormErrorKind, MultipartEvent, MultipartLimits, MultipartParser, PartHead,
};
use crate::syntax::SyntaxErrorKind;
use drive::drive;

const BOUNDARIES: [&str; 4] =
    ["b", "ab", "--", "----------------------------------------------------------------------"];

/// A form is the same however it is cut, parsed or read, and parts, error and place are those of a model that
/// looks for the boundary at every byte.
///
/// Of the first four bytes, the first chooses the boundary, the next two the [limits](limits), and the last
/// the cuts; the rest is the form.
pub fn multipart(data: &[u8]) {
    let Some((&[boundary, limited, most, cuts], form)) = data.split_first_chunk() else {
        return;
    };
    let boundary = BOUNDARIES[usize::from(boundary) % BOUNDARIES.len()];
    let limits = limits(limited, most);
    let expected = model::parse(form, boundary, &limits);
    let boundary = Boundary::parse(boundary.as_bytes());
    let boundary = boundary.unwrap_or_else(|_| unreachable!("all of them are boundaries"));
    for size in super::piece_sizes(form.len()) {
        let mut parser = MultipartParser::new(&boundary, limits);
        assert_eq!(drive(&mut parser, form.chunks(size)), expected, "in pieces of {size}");
    }
    let mut parser = MultipartParser::new(&boundary, limits);
    assert_eq!(drive(&mut parser, pieces(form, cuts)), expected, "in pieces by {cuts}");
    #[cfg(feature = "std")]
    reading::is_read(form, &boundary, limits, &expected, cuts);
}

/// One limit, or all of them, at a number or in its neighbourhood.
///
/// | byte | limits |
/// |---|---|
/// | `0` | the defaults |
/// | `1` | the form |
/// | `2` | the header of a part |
/// | `3` | texts and files |
/// | `4` | parts and fields |
/// | `5` | what comes before and behind |
/// | `6` | all of them |
/// | `7` | none |
fn limits(limited: u8, most: u8) -> MultipartLimits {
    let (limits, few) = (MultipartLimits::DEFAULT, usize::from(most) % 4);
    let (many, most) = (usize::from(most), u64::from(most));
    match limited.wrapping_sub(b'0') % 8 {
        0 => limits,
        1 => limits.total(most),
        2 => limits.header(many),
        3 => limits.text(most).file(most / 2),
        4 => limits.parts(few).fields(many / 4 % 4),
        5 => limits.preamble(most).epilogue(most / 2),
        6 => {
            let limits = limits.total(most * 2).header(many).text(most / 4).file(most / 4);
            limits.parts(few).fields(few).preamble(most / 16).epilogue(most / 16)
        }
        _ => {
            let limits = limits.total(u64::MAX).header(usize::MAX).text(u64::MAX).file(u64::MAX);
            let limits = limits.parts(usize::MAX).fields(usize::MAX);
            limits.preamble(u64::MAX).epilogue(u64::MAX)
        }
    }
}

/// Cuts a form at places that a byte decides, some of them twice.
fn pieces(mut form: &[u8], cuts: u8) -> impl Iterator<Item = &[u8]> {
    let mut state = u32::from(cuts);
    iter::from_fn(move || {
        state = state.wrapping_mul(1_103_515_245).wrapping_add(12_345);
        let len = usize::try_from(state >> 16).unwrap_or_default() % 12;
        let (piece, rest) = form.split_at_checked(len).unwrap_or((form, &[]));
        let is_over = form.is_empty();
        form = rest;
        (!is_over).then_some(piece)
    })
}
