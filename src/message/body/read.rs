//! Reading a body.

use alloc::string::String;
use alloc::vec::Vec;
use std::fs::File;
use std::io::{self, Read};
use std::ops::Range;

use super::{Body, BodyTooLarge, Content};
use crate::message::{TextError, TextErrorKind};

impl Body {
    /// How much is allocated for bytes that have only been announced: as much as most answers have.
    const ANNOUNCED: usize = 16 << 10;

    /// Reads the rest of the body.
    ///
    /// # Errors
    ///
    /// [`BodyTooLarge`], inside of an [`io::Error`], beyond the limit or, if there is none, beyond
    /// [`COLLECT_LIMIT`](Self::COLLECT_LIMIT); and what the source reports. For bytes that have only been
    /// announced no more than 16 KiB are allocated.
    ///
    /// ```
    /// assert_eq!(nethttp::Body::from("hello").read_all()?, b"hello");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn read_all(&mut self) -> io::Result<Vec<u8>> {
        if self.limit.is_none() {
            self.set_limit(Some(Self::COLLECT_LIMIT));
        }
        let len = self.len().and_then(|len| usize::try_from(len).ok()).unwrap_or_default();
        let mut bytes = Vec::with_capacity(len.min(Self::ANNOUNCED));
        self.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Reads the rest of the body as UTF-8.
    ///
    /// # Errors
    ///
    /// As for [`read_all`](Self::read_all), and a [`TextError`], inside of an [`io::Error`], if it is not
    /// UTF-8.
    ///
    /// ```
    /// assert_eq!(nethttp::Body::from("hello").text()?, "hello");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn text(&mut self) -> io::Result<String> {
        let bytes = self.read_all()?;
        String::from_utf8(bytes).map_err(|error| {
            let error = TextError::new(TextErrorKind::Utf8, error.utf8_error().valid_up_to());
            error.of_response(self.is_of_response).into()
        })
    }

    fn check_limit(&self) -> io::Result<u64> {
        let Some(limit) = self.limit else {
            return Ok(u64::MAX);
        };
        let left = limit.checked_sub(self.read).ok_or_else(|| self.too_large(limit))?;
        // What is announced to be too much is not read at all.
        match self.len() {
            Some(len) if len > left => Err(self.too_large(limit)),
            _ => Ok(left),
        }
    }

    fn too_large(&self, limit: u64) -> io::Error {
        let error = BodyTooLarge { limit, is_of_response: self.is_of_response };
        io::Error::new(io::ErrorKind::FileTooLarge, error)
    }
}

/// Reading a body that writes itself, or hands the connection over, is an error: it has no content
/// before it is sent.
impl Read for Body {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.make()?;
        // One byte beyond the limit is asked for, to tell a body that ends at it from a longer one.
        let left = usize::try_from(self.check_limit()?.saturating_add(1)).unwrap_or(usize::MAX);
        let buf = match buf.split_at_mut_checked(left) {
            Some((buf, _)) => buf,
            None => buf,
        };
        let len = match &mut self.content {
            Content::Empty => 0,
            Content::Bytes(bytes, at) => {
                let len = bytes.get(*at..).unwrap_or_default().read(buf)?;
                *at += len;
                len
            }
            Content::File(file, range) => read_range(file, range, buf)?,
            Content::Reader(reader, left) => {
                let reader = reader.get_mut().unwrap_or_else(std::sync::PoisonError::into_inner);
                let len = reader.read(buf)?;
                if let Some(left) = left {
                    *left = left.saturating_sub(u64::try_from(len).unwrap_or(u64::MAX));
                }
                len
            }
            Content::Writer(_) | Content::Upgrade(_) => {
                let text = "expected a body with content, found one that is written when sent";
                return Err(io::Error::new(io::ErrorKind::Unsupported, text));
            }
        };
        self.read = self.read.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
        match self.limit {
            Some(limit) if self.read > limit => Err(self.too_large(limit)),
            _ => Ok(len),
        }
    }
}

/// What could not be made.
#[cfg(any(feature = "client", feature = "server"))]
pub(super) struct Failed(pub(super) Option<io::Error>);

#[cfg(any(feature = "client", feature = "server"))]
impl Read for Failed {
    fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
        Err(self.0.take().unwrap_or_else(|| io::ErrorKind::Other.into()))
    }
}

/// Reads the next bytes of a range of a file. The file's own position is not relied upon, since others may share it.
fn read_range(file: &File, range: &mut Range<u64>, buf: &mut [u8]) -> io::Result<usize> {
    let left = usize::try_from(range.end.saturating_sub(range.start)).unwrap_or(usize::MAX);
    let buf = match buf.split_at_mut_checked(left) {
        Some((buf, _)) => buf,
        None => buf,
    };
    let len = read_at(file, buf, range.start)?;
    if len == 0 && !buf.is_empty() {
        let text = "expected more of the file, found its end";
        return Err(io::Error::new(io::ErrorKind::UnexpectedEof, text));
    }
    range.start += u64::try_from(len).unwrap_or_default();
    Ok(len)
}

/// Reads once from a position. Where the system can, that is one call, which nobody who shares the file can disturb.
#[cfg(unix)]
pub(crate) fn read_at(file: &File, buf: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, buf, at)
}

#[cfg(windows)]
pub(crate) fn read_at(file: &File, buf: &mut [u8], at: u64) -> io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, buf, at)
}

#[cfg(not(any(unix, windows)))]
pub(crate) fn read_at(mut file: &File, buf: &mut [u8], at: u64) -> io::Result<usize> {
    use std::io::{Seek, SeekFrom};

    file.seek(SeekFrom::Start(at))?;
    file.read(buf)
}
