//! What the server answers: bytes that are there before anyone asks.
//!
//! | target | answer |
//! |---|---|
//! | `/small` | [`HELLO`], after which the connection stays open |
//! | `/close` | [`HELLO`], after which it is closed |
//! | `/plain` | [`BULK`] bytes of known length |
//! | `/chunked` | the same in chunks of [`PIECE`] bytes |
//! | `/gzip` | [`TEXT`] bytes of JSON and a few more, as gzip |

use std::ops::Range;

use nethttp::coding::Format;

use crate::codings::{corpora, theirs};
use crate::servers::contract::{self, HELLO, PIECE};
use crate::servers::load::Content;

/// The bytes of a long body.
pub const BULK: u64 = 256 << 20;
/// The bytes of a text, before it is compressed.
pub const TEXT: usize = 16 << 20;

const HEAD: &str = "HTTP/1.1 200 OK\r\nServer: fixed/1.0\r\nDate: Sat, 21 Nov 2026 23:00:00 GMT\r\n\
                    Content-Type: text/plain; charset=utf-8\r\n";

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    Small,
    Close,
    Plain,
    Chunked,
    Gzip,
}

impl Target {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Small, Self::Close, Self::Plain, Self::Chunked, Self::Gzip];

    /// Returns the path, without its slash.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Small => "small",
            Self::Close => "close",
            Self::Plain => "plain",
            Self::Chunked => "chunked",
            Self::Gzip => "gzip",
        }
    }

    /// Returns the target of this name.
    #[must_use]
    pub fn find(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|target| target.name() == name)
    }
}

/// An answer: a head, the same piece again and again, and an end.
#[derive(Clone, Debug)]
pub struct Answer {
    pub head: Vec<u8>,
    pub piece: Vec<u8>,
    pub count: u64,
    pub end: &'static [u8],
    /// The place of the body's own bytes in the piece.
    pub own: Range<usize>,
    /// What a client makes of it, if that is something else.
    decoded: Option<Vec<u8>>,
}

impl Answer {
    /// Makes the answer.
    #[must_use]
    pub fn of(target: Target) -> Self {
        let hello = || HELLO.as_bytes().to_vec();
        match target {
            Target::Small => Self::new("", hello(), 1),
            Target::Close => Self::new("Connection: close\r\n", hello(), 1),
            Target::Plain => Self::new("", contract::content(PIECE), BULK / PIECE as u64),
            Target::Chunked => Self::chunked(),
            Target::Gzip => {
                let text = corpora::json(1, TEXT);
                let coded = theirs::flate2::encode(Format::Gzip, &text, 6);
                let answer = Self::new("Content-Encoding: gzip\r\n", coded, 1);
                Self { decoded: Some(text), ..answer }
            }
        }
    }

    fn new(fields: &str, piece: Vec<u8>, count: u64) -> Self {
        let length = piece.len() as u64 * count;
        let head = format!("{HEAD}{fields}Content-Length: {length}\r\n\r\n").into();
        Self { head, own: 0..piece.len(), piece, count, end: b"", decoded: None }
    }

    fn chunked() -> Self {
        let size = format!("{PIECE:x}\r\n");
        let piece = [size.as_bytes(), &contract::content(PIECE), b"\r\n"].concat();
        let head = format!("{HEAD}Transfer-Encoding: chunked\r\n\r\n").into();
        let own = size.len()..size.len() + PIECE;
        Self { head, piece, count: BULK / PIECE as u64, end: b"0\r\n\r\n", own, decoded: None }
    }

    /// Returns the bytes of the answer on the wire, head and all.
    #[must_use]
    pub fn len_on_wire(&self) -> u64 {
        (self.head.len() + self.end.len()) as u64 + self.piece.len() as u64 * self.count
    }

    /// Returns what a client must get of it.
    #[must_use]
    pub fn expected(&self) -> Content<'_> {
        match &self.decoded {
            Some(text) => Content::Bytes(text),
            None => {
                Content::Repeated(&self.piece[self.own.clone()], self.own.len() as u64 * self.count)
            }
        }
    }

    /// Returns the bytes of the body as a client gives them out.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.decoded.as_ref().map_or(self.own.len() as u64 * self.count, |text| text.len() as u64)
    }

    /// Returns whether there are no such bytes.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_those_of_the_bytes() {
        let small = Answer::of(Target::Small);
        assert_eq!(small.len_on_wire(), (small.head.len() + HELLO.len()) as u64);
        let chunked = Answer::of(Target::Chunked);
        assert_eq!(chunked.len(), BULK);
        assert!(chunked.expected().has(0, &chunked.piece[chunked.own.clone()]));
        assert!(chunked.expected().ends(BULK));
    }

    #[test]
    fn targets_are_found_by_their_names() {
        for target in Target::ALL {
            assert_eq!(Target::find(target.name()), Some(target));
        }
        assert_eq!(Target::find("other"), None);
    }
}
