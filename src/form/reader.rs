//! `multipart/form-data` from a reader, part by part.

use std::fmt;
use std::io::{self, BufRead, ErrorKind, Read};
use std::ops::Range;

use alloc::boxed::Box;
use alloc::string::String;
use alloc::vec;
use alloc::vec::Vec;

use super::parser::Step;
use super::{FormError, FormErrorKind, MultipartLimits, MultipartParser, PartHead};
use crate::field::{Boundary, MediaType};
use crate::header::HeaderMap;

/// The size of the buffer, in bytes.
const BUFFER: usize = 64 << 10;

/// Reads the parts of a multipart form, one after the other, through a buffer of 64 KiB.
///
/// The content of a part is read from the [`PartReader`], in pieces of any size, while it arrives; nothing of
/// it is kept. What is not read of a part is skipped when the next one is asked for.
///
/// A form that is malformed, or more than permitted, gives an [`io::Error`] of the kind
/// [`InvalidData`](ErrorKind::InvalidData) that holds a [`FormError`]; every part before it is intact. An error
/// of the source is passed on, and reading may go on behind it.
///
/// # Examples
///
/// ```
/// use nethttp::field::Boundary;
/// use nethttp::form::{MultipartLimits, MultipartReader};
///
/// let body = b"--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhello\r\n\
///     --xyz\r\nContent-Disposition: form-data; name=\"b\"; filename=\"b.txt\"\r\n\r\nfile\r\n--xyz--\r\n";
/// let boundary = Boundary::parse(b"xyz")?;
/// let mut form = MultipartReader::new(&body[..], &boundary, MultipartLimits::DEFAULT);
/// while let Some(mut part) = form.next_part()? {
///     match part.file_name() {
///         Some(name) => println!("{name}: {} bytes", std::io::copy(&mut part, &mut std::io::sink())?),
///         None => println!("{} = {}", part.name(), part.text()?),
///     }
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MultipartReader<R> {
    /// That of the part that was asked for last.
    head: PartHead,
    source: Source<R>,
}

/// All but the head, so that a part can lend that while its content is read.
struct Source<R> {
    inner: R,
    parser: MultipartParser,
    buffer: Box<[u8]>,
    /// What of the buffer has been read from the source and not been used.
    unused: Range<usize>,
    content: Content,
    /// Where in the form the content stands that is read next.
    offset: u64,
    /// The content of a part has begun and not ended.
    in_part: bool,
    /// The source has ended, where it may.
    ended: bool,
}

/// Content that has been found and not been read.
#[derive(Debug)]
enum Content {
    /// So many of the unused bytes.
    Unused(usize),
    /// Bytes of the delimiter.
    Held(Range<usize>),
}

impl<R: Read> MultipartReader<R> {
    /// Creates the reader of a form with this boundary.
    ///
    /// ```
    /// use nethttp::field::Boundary;
    /// use nethttp::form::{MultipartLimits, MultipartReader};
    ///
    /// let boundary = Boundary::parse(b"xyz")?;
    /// let mut form = MultipartReader::new(&b"--xyz--"[..], &boundary, MultipartLimits::DEFAULT);
    /// assert!(form.next_part()?.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn new(inner: R, boundary: &Boundary, limits: MultipartLimits) -> Self {
        Self::with_parser(inner, MultipartParser::new(boundary, limits))
    }

    /// Creates the reader of the form that a message with these fields holds.
    ///
    /// # Errors
    ///
    /// As for [`MultipartParser::from_headers`].
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::form::{MultipartLimits, MultipartReader};
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Content-Type", "multipart/form-data; boundary=xyz")?;
    /// let limits = MultipartLimits::DEFAULT;
    /// let mut form = MultipartReader::from_headers(&b"--xyz--"[..], &headers, limits)?;
    /// assert!(form.next_part()?.is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn from_headers(
        inner: R,
        headers: &HeaderMap,
        limits: MultipartLimits,
    ) -> Result<Self, FormError> {
        Ok(Self::with_parser(inner, MultipartParser::from_headers(headers, limits)?))
    }

    pub(crate) fn with_parser(inner: R, parser: MultipartParser) -> Self {
        let head = PartHead::new(parser.limits());
        let source = Source {
            inner,
            parser,
            buffer: vec![0; BUFFER].into_boxed_slice(),
            unused: 0..0,
            content: Content::Unused(0),
            offset: 0,
            in_part: false,
            ended: false,
        };
        Self { head, source }
    }

    /// Goes on to the next part, over what has not been read of the last one; `None` behind the last part,
    /// when the source has been read to its end.
    ///
    /// # Errors
    ///
    /// A [`FormError`] in an [`io::Error`], and what the source says.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::Boundary;
    /// use nethttp::form::{FormError, FormErrorKind, MultipartLimits, MultipartReader};
    ///
    /// let body = &b"--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhel"[..];
    /// let boundary = Boundary::parse(b"xyz")?;
    /// let mut form = MultipartReader::new(body, &boundary, MultipartLimits::DEFAULT);
    /// assert!(form.next_part()?.is_some());
    /// let error = form.next_part().unwrap_err().downcast::<FormError>()?;
    /// assert_eq!(error.kind(), FormErrorKind::Truncated);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn next_part(&mut self) -> io::Result<Option<PartReader<'_, R>>> {
        let Self { head, source } = self;
        loop {
            source.consume(usize::MAX);
            match source.step()? {
                Some(Step::Part) => {
                    source.parser.swap_head(head);
                    return Ok(Some(PartReader { head, source }));
                }
                None => return Ok(None),
                Some(_) => {}
            }
        }
    }
}

impl<R: Read> Source<R> {
    /// Goes on to the next event; `None` at the end of the source.
    fn step(&mut self) -> io::Result<Option<Step>> {
        loop {
            let unused = self.buffer.get(self.unused.clone()).unwrap_or_default();
            let (used, step) = self.parser.advance(unused).map_err(invalid)?;
            match &step {
                Step::Data => self.content = Content::Unused(used),
                _ => self.unused.start += used,
            }
            match &step {
                Step::NeedMore if self.fill()? => continue,
                Step::NeedMore => return Ok(None),
                Step::Held(range) => self.content = Content::Held(range.clone()),
                Step::Part => {
                    self.offset = self.parser.content_start();
                    self.in_part = true;
                }
                Step::PartEnd => self.in_part = false,
                Step::Data | Step::End => {}
            }
            return Ok(Some(step));
        }
    }

    /// Reads from the source; false at its end, if that is one of the form too.
    fn fill(&mut self) -> io::Result<bool> {
        if !self.ended {
            let len = loop {
                match self.inner.read(&mut self.buffer) {
                    Err(error) if error.kind() == ErrorKind::Interrupted => {}
                    read => break read?,
                }
            };
            // Of a source that says more there is no more.
            self.unused = 0..len.min(self.buffer.len());
            if len == 0 {
                self.parser.finish().map_err(invalid)?;
                self.ended = true;
            }
        }
        Ok(!self.ended)
    }

    /// Returns the content that has been found.
    fn content(&self) -> &[u8] {
        match &self.content {
            Content::Unused(len) => {
                let unused = self.buffer.get(self.unused.clone()).unwrap_or_default();
                unused.get(..*len).unwrap_or_default()
            }
            Content::Held(range) => self.parser.held(range),
        }
    }

    fn consume(&mut self, len: usize) {
        let len = len.min(self.content().len());
        match &mut self.content {
            Content::Unused(left) => {
                *left -= len;
                self.unused.start += len;
            }
            Content::Held(range) => range.start += len,
        }
        self.offset = self.offset.saturating_add(u64::try_from(len).unwrap_or(u64::MAX));
    }
}

fn invalid(error: FormError) -> io::Error {
    io::Error::new(ErrorKind::InvalidData, error)
}

impl<R> fmt::Debug for MultipartReader<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MultipartReader")
            .field("parser", &self.source.parser)
            .finish_non_exhaustive()
    }
}

/// A part of a multipart form: what its head says, and a reader of its content.
///
/// # Examples
///
/// ```
/// use nethttp::field::Boundary;
/// use nethttp::form::{MultipartLimits, MultipartReader};
/// use std::io::BufRead;
///
/// let body = &b"--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n2\r\n--xyz--"[..];
/// let boundary = Boundary::parse(b"xyz")?;
/// let mut form = MultipartReader::new(body, &boundary, MultipartLimits::DEFAULT);
/// let part = form.next_part()?.ok_or("no part")?;
/// assert_eq!(part.name(), "a");
/// assert_eq!(part.lines().count(), 2);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct PartReader<'a, R> {
    head: &'a PartHead,
    source: &'a mut Source<R>,
}

impl<'a, R> PartReader<'a, R> {
    /// Returns the head. It can be looked at while the content is read.
    ///
    /// ```
    /// # use nethttp::field::Boundary;
    /// # use nethttp::form::{MultipartLimits, MultipartReader};
    /// let body = &b"--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhello\r\n--xyz--"[..];
    /// let boundary = Boundary::parse(b"xyz")?;
    /// let mut form = MultipartReader::new(body, &boundary, MultipartLimits::DEFAULT);
    /// let mut part = form.next_part()?.ok_or("no part")?;
    /// let head = part.head();
    /// assert_eq!((part.text()?.as_str(), head.headers().len()), ("hello", 1));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn head(&self) -> &'a PartHead {
        self.head
    }

    /// Returns the name of the form's field: [`PartHead::name`].
    ///
    /// ```
    /// # use nethttp::field::Boundary;
    /// # use nethttp::form::{MultipartLimits, MultipartReader};
    /// let body = &b"--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhello\r\n--xyz--"[..];
    /// let boundary = Boundary::parse(b"xyz")?;
    /// let mut form = MultipartReader::new(body, &boundary, MultipartLimits::DEFAULT);
    /// assert_eq!(form.next_part()?.ok_or("no part")?.name(), "a");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.head.name()
    }

    /// Returns the last segment of the name of the file, if the part is one: [`PartHead::file_name`].
    ///
    /// ```
    /// # use nethttp::field::Boundary;
    /// # use nethttp::form::{MultipartLimits, MultipartReader};
    /// let body = &b"--xyz\r\nContent-Disposition: form-data; name=a; filename=b.txt\r\n\r\n\r\n--xyz--"[..];
    /// let boundary = Boundary::parse(b"xyz")?;
    /// let mut form = MultipartReader::new(body, &boundary, MultipartLimits::DEFAULT);
    /// assert_eq!(form.next_part()?.ok_or("no part")?.file_name(), Some("b.txt"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn file_name(&self) -> Option<&'a str> {
        self.head.file_name()
    }

    /// Returns where in the form the content stands that is read next.
    pub(crate) const fn offset(&self) -> u64 {
        self.source.offset
    }

    /// Returns the type of the content, if the part says one: [`PartHead::media_type`].
    ///
    /// ```
    /// # use nethttp::field::Boundary;
    /// # use nethttp::form::{MultipartLimits, MultipartReader};
    /// let body = &b"--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhello\r\n--xyz--"[..];
    /// let boundary = Boundary::parse(b"xyz")?;
    /// let mut form = MultipartReader::new(body, &boundary, MultipartLimits::DEFAULT);
    /// assert!(form.next_part()?.ok_or("no part")?.media_type().is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn media_type(&self) -> Option<MediaType<'a>> {
        self.head.media_type()
    }
}

impl<R: Read> PartReader<'_, R> {
    /// The most bytes that [`read_all`](Self::read_all) collects: 64 MiB.
    ///
    /// ```
    /// use nethttp::form::PartReader;
    ///
    /// assert_eq!(PartReader::<std::io::Empty>::COLLECT_LIMIT, 64 << 20);
    /// ```
    pub const COLLECT_LIMIT: u64 = 64 << 20;

    /// Reads what is left of the content as text in UTF-8.
    ///
    /// # Errors
    ///
    /// As for [`MultipartReader::next_part`]; [`TextTooLong`](FormErrorKind::TextTooLong) above
    /// [`MultipartLimits::text`], whether or not the part is a file; and [`Utf8`](FormErrorKind::Utf8) at
    /// the first byte that is of no character.
    ///
    /// # Examples
    ///
    /// ```
    /// # use nethttp::field::Boundary;
    /// # use nethttp::form::{MultipartLimits, MultipartReader};
    /// let body = &b"--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhello\r\n--xyz--"[..];
    /// let boundary = Boundary::parse(b"xyz")?;
    /// let mut form = MultipartReader::new(body, &boundary, MultipartLimits::DEFAULT);
    /// let mut part = form.next_part()?.ok_or("no part")?;
    /// assert_eq!(part.text()?, "hello");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn text(&mut self) -> io::Result<String> {
        let most = self.source.parser.limits().text;
        let start = self.source.offset;
        let bytes = self.collect(most, FormErrorKind::TextTooLong(most))?;
        String::from_utf8(bytes).map_err(|error| {
            let good = error.utf8_error().valid_up_to();
            let offset = start.saturating_add(u64::try_from(good).unwrap_or(u64::MAX));
            invalid(FormError::new(FormErrorKind::Utf8, offset))
        })
    }

    /// Reads what is left of the content.
    ///
    /// # Errors
    ///
    /// As for [`MultipartReader::next_part`], and [`FileTooLong`](FormErrorKind::FileTooLong) above
    /// [`COLLECT_LIMIT`](Self::COLLECT_LIMIT). To read more, use [`Read`].
    ///
    /// # Examples
    ///
    /// ```
    /// # use nethttp::field::Boundary;
    /// # use nethttp::form::{MultipartLimits, MultipartReader};
    /// let body = &b"--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n\0\xff\r\n--xyz--"[..];
    /// let boundary = Boundary::parse(b"xyz")?;
    /// let mut form = MultipartReader::new(body, &boundary, MultipartLimits::DEFAULT);
    /// let mut part = form.next_part()?.ok_or("no part")?;
    /// assert_eq!(part.read_all()?, [0, 0xff]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn read_all(&mut self) -> io::Result<Vec<u8>> {
        self.collect(Self::COLLECT_LIMIT, FormErrorKind::FileTooLong(Self::COLLECT_LIMIT))
    }

    fn collect(&mut self, most: u64, kind: FormErrorKind) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::new();
        self.take(most).read_to_end(&mut bytes)?;
        if self.fill_buf()?.is_empty() {
            return Ok(bytes);
        }
        Err(invalid(FormError::new(kind, self.source.offset)))
    }
}

impl<R: Read> Read for PartReader<'_, R> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if buf.is_empty() {
            return Ok(0);
        }
        let len = self.fill_buf()?.read(buf)?;
        self.consume(len);
        Ok(len)
    }
}

impl<R: Read> BufRead for PartReader<'_, R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.source.in_part && self.source.content().is_empty() {
            self.source.step()?;
        }
        Ok(self.source.content())
    }

    fn consume(&mut self, len: usize) {
        self.source.consume(len);
    }
}

impl<R> fmt::Debug for PartReader<'_, R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PartReader").field("head", self.head).finish_non_exhaustive()
    }
}
