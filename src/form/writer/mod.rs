//! Writing `multipart/form-data`: [RFC 7578](https://www.rfc-editor.org/rfc/rfc7578) as browsers do it,
//! by the URL and HTML standards'
//! [encoding algorithm](https://html.spec.whatwg.org/#multipart-form-data).
//!
//! ```abnf
//! form       = *( delimiter CRLF part CRLF ) delimiter "--" CRLF
//! delimiter  = "--" boundary
//! part       = "Content-Disposition: form-data; name=" quoted
//!              [ "; filename=" quoted ] CRLF
//!              *( field-line CRLF ) CRLF *OCTET
//! quoted     = DQUOTE *( name-octet / "%22" / "%0D" / "%0A" / "\\" ) DQUOTE
//! name-octet = %x09 / %x20-21 / %x23-7E / %x80-FF    ; UTF-8
//! ```
//!
//! There is no `filename*`, which [RFC 7578 §4.2](https://www.rfc-editor.org/rfc/rfc7578#section-4.2)
//! forbids, no Content-Transfer-Encoding, and no nested multipart.
//!
//! # Deviations
//!
//! - A browser makes CRLF of every CR and every LF in the name and the value of a field that is text.
//!   Here, as with curl, a value is sent as it is, and a CR or LF in a name is escaped as it is: what a
//!   program sends need not come from a text area, and should arrive unchanged.
//! - A browser sends control characters in names. Here they are refused, but for the tab, CR and LF.
//! - A browser sends every backslash in a name as it is. Here it is doubled where it might escape the
//!   quote that ends the name, and beside another one.
//!
//! As with browsers, a name that holds `%22` arrives like one that holds a quote.
//!
//! ```
//! use nethttp::field::Boundary;
//! use nethttp::form::MultipartForm;
//!
//! let boundary = Boundary::parse(b"x")?;
//! let form = MultipartForm::with_boundary(&boundary).text("height (\")", "5");
//! let expected = "--x\r\n\
//!     Content-Disposition: form-data; name=\"height (%22)\"\r\n\
//!     \r\n\
//!     5\r\n\
//!     --x--\r\n";
//! assert_eq!(form.encode()?, expected.as_bytes());
//! assert_eq!(form.content_type(), "multipart/form-data; boundary=x");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod disposition;
mod part;
#[cfg(feature = "std")]
mod stream;

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::mem;
#[cfg(feature = "std")]
use std::{
    io::{self, Read},
    path::Path,
};

use crate::field::Boundary;
use crate::form::{FormError, FormErrorKind};
use part::Content;
pub use part::FormPart;
#[cfg(feature = "std")]
use stream::{Source, Stream};

/// A form that is to be sent as `multipart/form-data`, the format in which files travel.
///
/// Text and small content are put together at once; larger content is not copied, and files and readers
/// are read while the form is sent. What cannot be sent, such as a control character in a name, is
/// kept until [`check`](Self::check) or the writing reports it, so that calls chain.
///
/// # The boundary
///
/// It must not stand in the content. `new` takes one of 128 random bits, which nobody can
/// have put there. For one that was [given](Self::with_boundary), all content in memory is searched, and
/// is refused if it has a line that begins with it; what files and readers hold is the caller's to know.
///
/// # Examples
///
/// ```
/// use nethttp::form::{FormPart, MultipartForm};
///
/// # let path = std::env::temp_dir().join(format!("nethttp-doc-{}.txt", std::process::id()));
/// # std::fs::write(&path, "hello")?;
/// let form = MultipartForm::new()
///     .text("title", "A day at the sea")
///     .file("photo", &path)?
///     .part(FormPart::bytes("thumbnail", vec![0; 64]).file_name("small.png"));
/// assert!(form.len().is_some());
/// # std::fs::remove_file(path)?;
/// # Ok::<(), std::io::Error>(())
/// ```
#[must_use = "the methods of a form return it"]
pub struct MultipartForm {
    boundary: Boundary,
    /// Whether the content may hold the boundary.
    is_given: bool,
    pieces: Vec<Piece>,
    /// What comes behind the pieces.
    written: Vec<u8>,
    error: Option<FormError>,
}

/// A piece of a form as it is sent.
enum Piece {
    Bytes(Vec<u8>),
    #[cfg(feature = "std")]
    Source(Source),
}

impl Piece {
    fn len(&self) -> Option<u64> {
        match self {
            Self::Bytes(bytes) => u64::try_from(bytes.len()).ok(),
            #[cfg(feature = "std")]
            Self::Source(source) => source.len(),
        }
    }
}

/// Content of that many bytes is not copied.
const LARGE: usize = 16 << 10;

impl MultipartForm {
    /// Returns a form without parts, and a boundary that nobody can tell beforehand.
    ///
    /// ```
    /// use nethttp::form::MultipartForm;
    ///
    /// let form = MultipartForm::new().text("answer", "42");
    /// assert!(form.content_type().starts_with("multipart/form-data; boundary="));
    /// ```
    #[cfg(feature = "std")]
    pub fn new() -> Self {
        Self { is_given: false, ..Self::with_boundary(&Boundary::random()) }
    }

    /// Returns a form without parts, and with this boundary.
    ///
    /// ```
    /// use nethttp::field::Boundary;
    /// use nethttp::form::{FormErrorKind, MultipartForm};
    ///
    /// let boundary = Boundary::parse(b"THIS_STRING_SEPARATES")?;
    /// let form = MultipartForm::with_boundary(&boundary).text("a", "--THIS_STRING_SEPARATES--");
    /// assert_eq!(form.encode().unwrap_err().kind(), FormErrorKind::BoundaryInContent);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn with_boundary(boundary: &Boundary) -> Self {
        Self {
            boundary: boundary.clone(),
            is_given: true,
            pieces: Vec::new(),
            written: Vec::new(),
            error: None,
        }
    }

    /// Appends a part of text: [`FormPart::text`].
    ///
    /// ```
    /// use nethttp::form::MultipartForm;
    ///
    /// let form = MultipartForm::new().text("title", "A day at the sea").text("tag", "sea");
    /// ```
    pub fn text(self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.part(FormPart::text(name, value))
    }

    /// Appends a file: [`FormPart::file`].
    ///
    /// # Errors
    ///
    /// That of opening the file.
    ///
    /// ```no_run
    /// use nethttp::form::MultipartForm;
    ///
    /// let form = MultipartForm::new().file("photo", "photos/2024/me.jpg")?;
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[cfg(feature = "std")]
    pub fn file(self, name: impl Into<String>, path: impl AsRef<Path>) -> io::Result<Self> {
        Ok(self.part(FormPart::file(name, path)?))
    }

    /// Appends a part.
    ///
    /// ```
    /// use nethttp::form::{FormPart, MultipartForm};
    ///
    /// let part = FormPart::bytes("data", [0; 4]).file_name("zeros.bin");
    /// let form = MultipartForm::new().part(part);
    /// ```
    pub fn part(mut self, part: FormPart) -> Self {
        if self.error.is_none()
            && let Err(error) = self.push(part)
        {
            self.error = Some(error);
        }
        self
    }

    fn push(&mut self, part: FormPart) -> Result<(), FormError> {
        self.write_delimiter(b"\r\n");
        let start = self.written.len();
        let content = part.write_head(&mut self.written)?;
        if self.is_given {
            check_content(self.written.get(start..).unwrap_or_default(), &self.boundary)?;
        }
        match content {
            Content::Bytes(bytes) => {
                if self.is_given {
                    check_content(&bytes, &self.boundary)?;
                }
                if bytes.len() < LARGE {
                    self.written.extend_from_slice(&bytes);
                } else {
                    self.push_piece(Piece::Bytes(bytes));
                }
            }
            #[cfg(feature = "std")]
            Content::Source(source) => self.push_piece(Piece::Source(source)),
        }
        self.written.extend_from_slice(b"\r\n");
        Ok(())
    }

    fn push_piece(&mut self, piece: Piece) {
        self.pieces.push(Piece::Bytes(mem::take(&mut self.written)));
        self.pieces.push(piece);
    }

    fn write_delimiter(&mut self, end: &[u8]) {
        for piece in [b"--", self.boundary.as_str().as_bytes(), end] {
            self.written.extend_from_slice(piece);
        }
    }

    /// Checks that the form can be written.
    ///
    /// # Errors
    ///
    /// What is wrong with the first part that cannot be: [`Header`](FormErrorKind::Header) for its name,
    /// its file name or one of its fields, [`Disposition`](FormErrorKind::Disposition) if it was given
    /// that field, and [`BoundaryInContent`](FormErrorKind::BoundaryInContent). The offset is that in
    /// the text that is wrong.
    ///
    /// ```
    /// use nethttp::form::MultipartForm;
    ///
    /// let form = MultipartForm::new().text("title", "A day at the sea").text("x\0", "");
    /// let text = "expected a field value without controls, found '\\x00' at byte 1";
    /// assert_eq!(form.check().unwrap_err().to_string(), text);
    /// ```
    pub fn check(&self) -> Result<(), FormError> {
        self.error.map_or(Ok(()), Err)
    }

    /// Returns the value of the Content-Type of a message that has the form as its content.
    ///
    /// ```
    /// use nethttp::field::Boundary;
    /// use nethttp::form::MultipartForm;
    ///
    /// let form = MultipartForm::with_boundary(&Boundary::parse(b"a:b")?);
    /// assert_eq!(form.content_type(), "multipart/form-data; boundary=\"a:b\"");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn content_type(&self) -> String {
        alloc::format!("multipart/form-data; {}", self.boundary.parameter())
    }

    /// Returns the length in bytes, if that of every part is known.
    ///
    /// ```
    /// use nethttp::field::Boundary;
    /// use nethttp::form::{FormPart, MultipartForm};
    ///
    /// let form = MultipartForm::with_boundary(&Boundary::parse(b"x")?).text("a", "b");
    /// assert_eq!(form.len(), Some(59));
    /// let unknown = FormPart::reader("c", std::io::empty(), None);
    /// assert_eq!(form.part(unknown).len(), None);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn len(&self) -> Option<u64> {
        let last = self.written.len() + "----\r\n".len() + self.boundary.as_str().len();
        let last = u64::try_from(last).ok();
        self.pieces
            .iter()
            .map(Piece::len)
            .chain([last])
            .try_fold(0_u64, |sum, len| sum.checked_add(len?))
    }

    /// Returns whether there is no part.
    ///
    /// ```
    /// assert!(nethttp::form::MultipartForm::new().is_empty());
    /// ```
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.written.is_empty() && self.pieces.is_empty()
    }

    /// Returns the form as it is sent.
    ///
    /// # Errors
    ///
    /// What [`check`](Self::check) reports, and [`NotInMemory`](FormErrorKind::NotInMemory) for a file or
    /// a reader, which `into_reader` reads.
    ///
    /// ```
    /// use nethttp::field::Boundary;
    /// use nethttp::form::MultipartForm;
    ///
    /// let form = MultipartForm::with_boundary(&Boundary::parse(b"x")?);
    /// assert_eq!(form.encode()?, b"--x--\r\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn encode(&self) -> Result<Vec<u8>, FormError> {
        self.check()?;
        let len = self.len().and_then(|len| usize::try_from(len).ok());
        let mut out = Vec::with_capacity(len.unwrap_or_default());
        for piece in &self.pieces {
            match piece {
                Piece::Bytes(bytes) => out.extend_from_slice(bytes),
                #[cfg(feature = "std")]
                Piece::Source(_) => {
                    return Err(FormError::at(FormErrorKind::NotInMemory, out.len()));
                }
            }
        }
        out.extend_from_slice(&self.written);
        for piece in ["--", self.boundary.as_str(), "--\r\n"] {
            out.extend_from_slice(piece.as_bytes());
        }
        Ok(out)
    }

    /// Returns the form as it is sent, without a copy, if it is short and all in memory; otherwise, or if
    /// something is wrong with it, the form.
    #[cfg(feature = "std")]
    pub(crate) fn into_bytes(mut self) -> Result<Vec<u8>, Self> {
        if self.error.is_some() || !self.pieces.is_empty() {
            return Err(self);
        }
        self.write_delimiter(b"--\r\n");
        Ok(self.written)
    }

    /// Returns a reader of the form, which reads files and readers in their turn and copies nothing
    /// twice. It yields exactly [`len`](Self::len) bytes, if that is known, or fails.
    ///
    /// What [`check`](Self::check) reports is an error of the kind
    /// [`InvalidInput`](io::ErrorKind::InvalidInput) when it is read. A file that has another length than
    /// when it was opened, and a reader that ends before its length, are errors too. An error of a
    /// reader is passed on, and a read after it goes on where it happened.
    ///
    /// ```
    /// use std::io::Read;
    /// use nethttp::form::{FormPart, MultipartForm};
    ///
    /// let log = FormPart::reader("log", std::io::repeat(b'x').take(1000), Some(1000));
    /// let form = MultipartForm::new().text("day", "monday").part(log.file_name("monday.log"));
    ///
    /// let (len, mut content) = (form.len(), Vec::new());
    /// form.into_reader().read_to_end(&mut content)?;
    /// assert_eq!(u64::try_from(content.len()).ok(), len);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[cfg(feature = "std")]
    #[must_use]
    pub fn into_reader(mut self) -> impl Read + Send + 'static {
        self.write_delimiter(b"--\r\n");
        self.pieces.push(Piece::Bytes(self.written));
        Stream::new(self.error, self.pieces)
    }
}

/// Checks that no line of the content begins with the delimiter. Lines end with CR or LF here, as they do for
/// recipients that do not insist on both.
fn check_content(content: &[u8], boundary: &Boundary) -> Result<(), FormError> {
    let mut offset = 0;
    for line in content.split(|octet| matches!(octet, b'\r' | b'\n')) {
        let behind = line.strip_prefix(b"--").unwrap_or_default();
        if behind.starts_with(boundary.as_str().as_bytes()) {
            return Err(FormError::at(FormErrorKind::BoundaryInContent, offset));
        }
        offset += line.len() + 1;
    }
    Ok(())
}

#[cfg(feature = "std")]
impl Default for MultipartForm {
    fn default() -> Self {
        Self::new()
    }
}

/// Hides the content.
impl fmt::Debug for MultipartForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MultipartForm")
            .field("boundary", &self.boundary)
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::FieldErrorKind;
    use crate::field::MediaType;
    use crate::header::HeaderErrorKind;
    use alloc::format;
    use alloc::vec;

    fn form() -> MultipartForm {
        MultipartForm::with_boundary(&Boundary::parse(b"a-b").unwrap())
    }

    #[track_caller]
    fn writes(form: &MultipartForm, expected: &str) {
        let encoded = form.encode().unwrap();
        assert_eq!(str::from_utf8(&encoded).unwrap(), expected);
        assert_eq!(form.len(), u64::try_from(expected.len()).ok());
    }

    #[test]
    fn writes_what_browsers_write() {
        writes(&form(), "--a-b--\r\n");
        let all = form()
            .text("naïve \"name\"\r\n", "line\nline\r\n")
            .part(FormPart::bytes("f", "<p>").file_name("C:\\a\"b.html"))
            .part(FormPart::bytes("f", "").file_name(""))
            .text("", "");
        let expected = "--a-b\r\n\
            Content-Disposition: form-data; name=\"naïve %22name%22%0D%0A\"\r\n\
            \r\n\
            line\nline\r\n\r\n\
            --a-b\r\n\
            Content-Disposition: form-data; name=\"f\"; filename=\"C:\\a%22b.html\"\r\n\
            Content-Type: text/html\r\n\
            \r\n\
            <p>\r\n\
            --a-b\r\n\
            Content-Disposition: form-data; name=\"f\"; filename=\"\"\r\n\
            Content-Type: application/octet-stream\r\n\
            \r\n\
            \r\n\
            --a-b\r\n\
            Content-Disposition: form-data; name=\"\"\r\n\
            \r\n\
            \r\n\
            --a-b--\r\n";
        writes(&all, expected);
    }

    #[track_caller]
    fn writes_head(part: FormPart, expected: &str) {
        writes(&form().part(part), &format!("--a-b\r\n{expected}\r\n\r\n--a-b--\r\n"));
    }

    #[test]
    fn a_content_type_is_given_or_guessed_or_left_out() {
        let named = "Content-Disposition: form-data; name=\"n\"\r\n";
        let file = "Content-Disposition: form-data; name=\"n\"; filename=\"a.PNG\"\r\n";
        let png = || FormPart::bytes("n", []).file_name("a.PNG");
        writes_head(FormPart::text("n", ""), named);
        writes_head(FormPart::bytes("n", []), named);
        writes_head(png(), &format!("{file}Content-Type: image/png\r\n"));
        let gif = png().media_type(&MediaType::IMAGE_GIF);
        writes_head(gif, &format!("{file}Content-Type: image/gif\r\n"));
        let twice = png().header("content-type", "a/b").media_type(&MediaType::IMAGE_GIF);
        writes_head(twice, &format!("{file}content-type: image/gif\r\n"));
        let other = png().header("Content-Type", "a/b").header("Content-Type", "image/gif");
        writes_head(other, &format!("{file}Content-Type: image/gif\r\n"));
        let own = FormPart::text("n", "").header("X-A", "1").header("X-A", "2");
        writes_head(own, &format!("{named}X-A: 1\r\nX-A: 2\r\n"));
    }

    #[track_caller]
    fn refuses(form: &MultipartForm, kind: FormErrorKind, offset: u64) {
        let error = FormError::new(kind, offset);
        assert_eq!(form.check(), Err(error));
        assert_eq!(form.encode(), Err(error));
    }

    #[test]
    fn refuses_what_cannot_be_sent() {
        let value = |octet| FormErrorKind::Header(HeaderErrorKind::InvalidValueByte(octet));
        refuses(&form().text("a\0", ""), value(0), 1);
        refuses(&form().part(FormPart::text("a", "").file_name("é\u{7f}")), value(0x7f), 2);
        let part = || FormPart::text("a", "");
        refuses(&form().part(part().header("a", "b\r\nc: d")), value(b'\r'), 1);
        let name = FormErrorKind::Header(HeaderErrorKind::InvalidNameByte(b' '));
        refuses(&form().part(part().header("a b", "")), name, 1);
        let disposition = part().header("content-disposition", "form-data; name=b");
        refuses(&form().part(disposition), FormErrorKind::Disposition, 0);
        let no_type = FormErrorKind::PartContentType(FieldErrorKind::Slash);
        refuses(&form().part(part().header("Content-Type", "text")), no_type, 4);
        // The first error stays.
        let twice = part().header("a b", "").header("a\0", "").file_name("\0");
        refuses(&form().part(twice).text("\0", ""), name, 1);
    }

    #[test]
    fn refuses_content_that_holds_a_boundary_that_was_given() {
        for (content, offset) in [
            ("--a-b", 0),
            ("--a-b--\r\n", 0),
            ("x\r\n--a-b", 3),
            ("x\n--a-bc", 2),
            ("x\r--a-b", 2),
            ("--a-\n\n--a-b", 6),
        ] {
            refuses(&form().text("a", content), FormErrorKind::BoundaryInContent, offset);
        }
        for content in ["", "a-b", "x--a-b", "\r\n-a-b", "--\r\na-b", "\r\n--a-"] {
            assert_eq!(form().text("a", content).check(), Ok(()), "{content}");
        }
        let name = FormPart::text("a", "").header("--a-b", "");
        let start = u64::try_from("Content-Disposition: form-data; name=\"a\"\r\n".len()).unwrap();
        refuses(&form().part(name), FormErrorKind::BoundaryInContent, start);
        let mut large = vec![b'\n'; LARGE];
        large.extend_from_slice(b"--a-b");
        let offset = u64::try_from(LARGE).unwrap();
        let part = FormPart::bytes("a", large);
        refuses(&form().part(part), FormErrorKind::BoundaryInContent, offset);
    }

    #[test]
    fn content_is_not_shown() {
        let shown = format!("{:?}", form().text("password", "hunter2"));
        assert_eq!(shown, "MultipartForm { boundary: Boundary(\"a-b\"), len: Some(76), .. }");
        let shown = format!("{:?}", FormPart::text("password", "hunter2"));
        assert!(shown.starts_with("FormPart { name: \"password\"") && !shown.contains("hunter2"));
    }
}
