//! Parts of a body, as answers to a request with a Range need them.

use alloc::borrow::Cow;
use core::ops::Range;
#[cfg(feature = "std")]
use std::io::{self, Read, Seek, SeekFrom};

use super::{Body, Content};
#[cfg(feature = "std")]
use crate::field::ByteRanges;

impl Body {
    /// Returns how many bytes are left, if any part of them can be had without the others.
    pub(in crate::message) fn divisible_len(&self) -> Option<u64> {
        match &self.content {
            Content::Empty | Content::Bytes(..) => self.len(),
            #[cfg(feature = "std")]
            Content::File(..) => self.len(),
            #[cfg(feature = "std")]
            Content::Reader(..) | Content::Writer(_) | Content::Upgrade(_) => None,
        }
    }

    /// Leaves a part of what is left to read. It must lie within that, and the body be divisible.
    pub(in crate::message) fn into_part(mut self, part: Range<u64>) -> Self {
        match &mut self.content {
            Content::Bytes(bytes, at) => {
                let position =
                    |of: u64| usize::try_from(of).unwrap_or(usize::MAX).saturating_add(*at);
                let (start, end) = (position(part.start), position(part.end));
                match bytes {
                    Cow::Borrowed(bytes) => *bytes = bytes.get(..end).unwrap_or(bytes),
                    Cow::Owned(bytes) => bytes.truncate(end),
                }
                *at = start.min(bytes.len());
            }
            #[cfg(feature = "std")]
            Content::File(_, range) => {
                let position = |of: u64| range.start.saturating_add(of).min(range.end);
                *range = position(part.start)..position(part.end);
            }
            _ => {}
        }
        self
    }

    /// Puts parts of what is left to read into frames. They must lie within that, and the body be
    /// divisible.
    #[cfg(feature = "std")]
    pub(in crate::message) fn into_framed(self, frames: ByteRanges) -> Self {
        let len = Some(frames.content_length());
        match self.content {
            Content::Bytes(bytes, at) => {
                let start = u64::try_from(at).unwrap_or(u64::MAX);
                Self::reader(frames.into_reader(Tail { whole: io::Cursor::new(bytes), start }), len)
            }
            Content::File(file, range) => {
                Self::reader(frames.into_reader(Tail { whole: file, start: range.start }), len)
            }
            content => Self::new(content),
        }
    }
}

/// What can seek, from some position on.
#[cfg(feature = "std")]
struct Tail<R> {
    whole: R,
    start: u64,
}

#[cfg(feature = "std")]
impl<R: Read> Read for Tail<R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.whole.read(buf)
    }
}

#[cfg(feature = "std")]
impl<R: Seek> Seek for Tail<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let to = match to {
            SeekFrom::Start(to) => SeekFrom::Start(to.saturating_add(self.start)),
            to => to,
        };
        self.whole.seek(to).map(|at| at.saturating_sub(self.start))
    }
}
