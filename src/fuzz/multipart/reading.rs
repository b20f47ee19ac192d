//! The reader, held against what is expected.

use alloc::vec::Vec;
use std::io::{self, Read};

use super::model::Form;
use super::pieces;
use crate::field::Boundary;
use crate::form::{FormError, MultipartLimits, MultipartReader};

/// The reader gives the parts that are expected, whichever of them are read, and then the error.
pub(super) fn is_read(
    form: &[u8],
    boundary: &Boundary,
    limits: MultipartLimits,
    expected: &Form,
    cuts: u8,
) {
    for skipped in 0..3 {
        let source = pieces(form, cuts).filter(|piece| !piece.is_empty());
        let source = Source { pieces: source, piece: &[] };
        let mut reader = MultipartReader::new(source, boundary, limits);
        let mut parts = expected.parts.iter().enumerate();
        let end = loop {
            let mut part = match reader.next_part() {
                Ok(Some(part)) => part,
                Ok(None) => break None,
                Err(error) => break Some(wrong(error)),
            };
            let Some((index, meant)) = parts.next() else {
                unreachable!("nobody sent {part:?}");
            };
            assert_eq!(
                (part.name(), part.head().raw_file_name()),
                (&*meant.name, meant.file_name.as_deref())
            );
            if index % 3 == skipped {
                continue;
            }
            let (content, end) = read(&mut part, 1 + usize::from(cuts) % 9);
            assert_eq!(content, meant.content);
            assert_eq!(end.is_ok(), meant.is_complete);
            if let Err(error) = end {
                break Some(error);
            }
        };
        assert_eq!(end.map_or(Ok(()), |end| Err((end.kind(), end.offset()))), expected.end);
        assert!(parts.next().is_none());
        let again = reader.next_part().map(|part| assert!(part.is_none()));
        assert_eq!(again.err().map(wrong), end, "an error stays");
    }
}

/// Reads to the end, and once more.
fn read(part: &mut impl Read, size: usize) -> (Vec<u8>, Result<(), FormError>) {
    let (mut content, mut buf) = (Vec::new(), [0; 9]);
    let buf = buf.get_mut(..size).unwrap_or_default();
    loop {
        match part.read(buf) {
            Ok(0) => {
                assert!(part.read(buf).is_ok_and(|len| len == 0));
                return (content, Ok(()));
            }
            Ok(len) => content.extend_from_slice(buf.get(..len).unwrap_or_default()),
            Err(error) => {
                let error = wrong(error);
                assert_eq!(part.read(buf).map_err(wrong), Err(error), "an error stays");
                return (content, Err(error));
            }
        }
    }
}

fn wrong(error: io::Error) -> FormError {
    error.downcast().unwrap_or_else(|error| unreachable!("the source is sound: {error}"))
}

/// Gives a piece a call.
struct Source<'a, I> {
    pieces: I,
    piece: &'a [u8],
}

impl<'a, I: Iterator<Item = &'a [u8]>> Read for Source<'a, I> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.piece.is_empty() {
            self.piece = self.pieces.next().unwrap_or_default();
        }
        self.piece.read(buf)
    }
}
