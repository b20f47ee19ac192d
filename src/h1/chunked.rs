//! The first line of a chunk: its size, and extensions that mean nothing to anybody but attackers.

use super::error::ParseErrorKind as Kind;
use super::limits::Config;
use crate::syntax::{Class, hex_digit};

/// Reads the first line of a chunk, in pieces of any size.
///
/// ```text
/// chunk     = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
/// chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
/// ```
#[derive(Clone, Copy, Debug)]
pub(super) struct ChunkLine {
    state: State,
    size: u64,
    len: usize,
}

/// A chunk whose first line is complete.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Chunk {
    pub(super) size: u64,
    /// Bytes of the line without CRLF.
    pub(super) line_len: usize,
}

/// What the next byte is part of, or comes behind.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Start,
    Size,
    /// Whitespace behind the size.
    SizeSpace,
    /// Behind `;`.
    NameStart,
    Name,
    NameSpace,
    /// Behind `=`.
    ValueStart,
    Value,
    Quoted,
    QuotedPair,
    /// Behind a complete extension.
    ValueEnd,
    ValueSpace,
    Cr,
}

impl ChunkLine {
    pub(super) const fn new() -> Self {
        Self { state: State::Start, size: 0, len: 0 }
    }

    /// Returns how much of the line has been used.
    #[cfg(feature = "client")]
    pub(super) fn used(&self) -> usize {
        self.len + usize::from(self.state == State::Cr)
    }

    /// Goes on through the input; returns how much was used and the chunk, once its line has ended. An
    /// error comes with its offset in the input.
    pub(super) fn push(
        &mut self,
        input: &[u8],
        config: &Config,
    ) -> Result<(usize, Option<Chunk>), (Kind, usize)> {
        if self.state == State::Start
            && let Some(chunk) = Chunk::plain(input, config)
        {
            return Ok((chunk.line_len + 2, Some(chunk)));
        }
        for (index, &octet) in input.iter().enumerate() {
            if self.state == State::Cr {
                return match octet {
                    b'\n' => Ok((index + 1, Some(Chunk { size: self.size, line_len: self.len }))),
                    _ => Err((Kind::LineEnd(octet), index)),
                };
            }
            self.state = self.step(octet, config).map_err(|kind| (kind, index))?;
            if self.state != State::Cr {
                self.len += 1;
                if self.len > config.limits.chunk_line {
                    return Err((Kind::ChunkLineTooLong, index));
                }
            }
        }
        Ok((input.len(), None))
    }

    fn step(&mut self, octet: u8, config: &Config) -> Result<State, Kind> {
        let space = Class::OWS.contains(octet);
        let token = Class::TOKEN.contains(octet);
        let padding = config.leniency.chunk_trailing_ws;
        if let (State::Start | State::Size, Some(digit)) = (self.state, hex_digit(octet)) {
            if self.size >> 60 != 0 {
                return Err(Kind::ChunkSizeOverflow);
            }
            self.size = self.size << 4 | u64::from(digit);
            return Ok(State::Size);
        }
        Ok(match (self.state, octet) {
            (State::Size, b'\r') => State::Cr,
            (State::SizeSpace | State::ValueSpace | State::NameSpace, b'\r') if padding => {
                State::Cr
            }
            (State::Name | State::Value | State::ValueEnd, b'\r') => State::Cr,
            (State::Size | State::SizeSpace, b';') => State::NameStart,
            (State::Name | State::NameSpace | State::Value, b';') => State::NameStart,
            (State::ValueEnd | State::ValueSpace, b';') => State::NameStart,
            (State::Size | State::SizeSpace, _) if space => State::SizeSpace,
            (State::NameStart, _) if space => State::NameStart,
            (State::NameStart | State::Name, _) if token => State::Name,
            (State::Name | State::NameSpace, _) if space => State::NameSpace,
            (State::Name | State::NameSpace, b'=') => State::ValueStart,
            (State::ValueStart, _) if space => State::ValueStart,
            (State::ValueStart, b'"') => State::Quoted,
            (State::ValueStart | State::Value, _) if token => State::Value,
            (State::Value | State::ValueEnd | State::ValueSpace, _) if space => State::ValueSpace,
            (State::Quoted, b'"') => State::ValueEnd,
            (State::Quoted, b'\\') => State::QuotedPair,
            (State::Quoted, _) if Class::QDTEXT.contains(octet) => State::Quoted,
            (State::QuotedPair, _) if Class::FIELD.contains(octet) => State::Quoted,
            (State::Start | State::Size | State::SizeSpace, _) => {
                return Err(Kind::ChunkSize(octet));
            }
            _ => return Err(Kind::ChunkExtension(octet)),
        })
    }
}

impl Chunk {
    /// Reads a line that is a size of usual length and nothing else: most are.
    #[inline]
    pub(super) fn plain(input: &[u8], config: &Config) -> Option<Self> {
        /// So many hold no number that is too large.
        const MOST: usize = 15;
        let (mut size, mut line_len) = (0, 0);
        for &octet in input.get(..=MOST).unwrap_or(input) {
            let Some(digit) = hex_digit(octet) else { break };
            (size, line_len) = (size << 4 | u64::from(digit), line_len + 1);
        }
        let is_whole = matches!(input.get(line_len..), Some([b'\r', b'\n', ..]));
        let is_usual = (1..=MOST.min(config.limits.chunk_line)).contains(&line_len);
        (is_whole && is_usual).then_some(Self { size, line_len })
    }
}
