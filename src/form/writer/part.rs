//! One part of a form that is to be sent.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

#[cfg(feature = "std")]
use std::{
    fs::File,
    io::{self, Read},
    path::Path,
};

use super::disposition;
#[cfg(feature = "std")]
use super::stream::Source;
use crate::field::MediaType;
use crate::form::{FormError, FormErrorKind};
use crate::header::{HeaderError, HeaderMap};

/// A part of a [`MultipartForm`](super::MultipartForm): a name, content, and what is said about it.
///
/// A part with a file name has a Content-Type: the one that is [given](Self::media_type), or that of the
/// name's extension, or `application/octet-stream`. Any other part has the one that is given, or none,
/// which means text.
///
/// The methods take the part and give it back. What cannot be sent, such as a control character in a
/// name, is kept until [`MultipartForm::check`](super::MultipartForm::check) or the writing reports it.
///
/// # Examples
///
/// ```
/// use nethttp::field::{Boundary, MediaType};
/// use nethttp::form::{FormPart, MultipartForm};
///
/// let json = FormPart::text("settings", "{}").media_type(&MediaType::APPLICATION_JSON);
/// let photo = FormPart::bytes("photo", b"\xff\xd8\xff").file_name("me.jpg");
///
/// let form = MultipartForm::with_boundary(&Boundary::parse(b"x")?).part(json).part(photo);
/// let expected = b"--x\r\n\
///     Content-Disposition: form-data; name=\"settings\"\r\n\
///     Content-Type: application/json\r\n\
///     \r\n\
///     {}\r\n\
///     --x\r\n\
///     Content-Disposition: form-data; name=\"photo\"; filename=\"me.jpg\"\r\n\
///     Content-Type: image/jpeg\r\n\
///     \r\n\
///     \xff\xd8\xff\r\n\
///     --x--\r\n";
/// assert_eq!(form.encode()?, expected);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[must_use = "the methods of a part return it"]
pub struct FormPart {
    name: String,
    file_name: Option<String>,
    headers: HeaderMap,
    content: Content,
    error: Option<FormError>,
}

pub(super) enum Content {
    Bytes(Vec<u8>),
    #[cfg(feature = "std")]
    Source(Source),
}

impl FormPart {
    const fn new(name: String, content: Content) -> Self {
        Self { name, file_name: None, headers: HeaderMap::new(), content, error: None }
    }

    /// Returns a part of text, which goes out in UTF-8, byte for byte.
    ///
    /// ```
    /// use nethttp::form::FormPart;
    ///
    /// let part = FormPart::text("title", "Über allen Gipfeln");
    /// ```
    pub fn text(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self::new(name.into(), Content::Bytes(value.into().into_bytes()))
    }

    /// Returns a part of bytes. With a [file name](Self::file_name) it is a file.
    ///
    /// ```
    /// use nethttp::form::FormPart;
    ///
    /// let part = FormPart::bytes("data", vec![0; 4]).file_name("zeros.bin");
    /// ```
    pub fn bytes(name: impl Into<String>, content: impl Into<Vec<u8>>) -> Self {
        Self::new(name.into(), Content::Bytes(content.into()))
    }

    /// Returns a part that holds a file, which is opened now and read while it is sent. Its file name is
    /// the last segment of the path; what of it is not Unicode is replaced by U+FFFD.
    ///
    /// The length of a regular file is taken now. If it is another one by the time that the file is
    /// sent, sending fails. Of anything else, such as a pipe, the length is not known.
    ///
    /// # Errors
    ///
    /// That of opening the file, and [`IsADirectory`](io::ErrorKind::IsADirectory). The text names the path.
    ///
    /// ```no_run
    /// use nethttp::form::FormPart;
    ///
    /// let part = FormPart::file("photo", "photos/2024/me.jpg")?.file_name("portrait.jpg");
    /// # Ok::<(), std::io::Error>(())
    /// ```
    #[cfg(feature = "std")]
    pub fn file(name: impl Into<String>, path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let file = File::open(path).map_err(|error| naming(path, &error))?;
        let metadata = file.metadata().map_err(|error| naming(path, &error))?;
        if metadata.is_dir() {
            let text = "expected a file, found a directory";
            return Err(naming(path, &io::Error::new(io::ErrorKind::IsADirectory, text)));
        }
        let source = if metadata.is_file() {
            Source::file(file, metadata.len())
        } else {
            Source::reader(file, None)
        };
        let mut part = Self::new(name.into(), Content::Source(source));
        part.file_name = path.file_name().map(|name| name.to_string_lossy().into_owned());
        Ok(part)
    }

    /// Returns a part that is read while it is sent. `len` is the number of bytes that the reader
    /// yields, if known: of a longer one the rest is not read, and a shorter one is an error.
    ///
    /// ```
    /// use nethttp::form::{FormPart, MultipartForm};
    ///
    /// let part = FormPart::reader("log", std::io::empty(), None).file_name("today.log");
    /// assert_eq!(MultipartForm::new().part(part).len(), None);
    /// ```
    #[cfg(feature = "std")]
    pub fn reader(
        name: impl Into<String>,
        reader: impl Read + Send + 'static,
        len: Option<u64>,
    ) -> Self {
        Self::new(name.into(), Content::Source(Source::reader(reader, len)))
    }

    /// Sets the file name, which makes the part a file. Only the name is sent, as it is: a path should
    /// not be given.
    ///
    /// ```
    /// use nethttp::form::FormPart;
    ///
    /// let part = FormPart::bytes("photo", b"\xff\xd8\xff").file_name("me.jpg");
    /// ```
    pub fn file_name(mut self, file_name: impl Into<String>) -> Self {
        self.file_name = Some(file_name.into());
        self
    }

    /// Sets the Content-Type, in the place of what it is or would be.
    ///
    /// ```
    /// use nethttp::field::MediaType;
    /// use nethttp::form::FormPart;
    ///
    /// let part = FormPart::text("settings", "{}").media_type(&MediaType::from_static("application/json"));
    /// ```
    pub fn media_type(mut self, media_type: &MediaType<'_>) -> Self {
        let inserted = self.headers.insert("Content-Type", media_type.as_str());
        self.note(inserted);
        self
    }

    /// Adds a field to the header of the part, behind Content-Disposition, which is written by the form
    /// alone; a Content-Type takes the place of the one that is there. [RFC 7578 §4.8](https://www.rfc-editor.org/rfc/rfc7578#section-4.8) lets a recipient
    /// ignore all fields but that and Content-Type.
    ///
    /// ```
    /// use nethttp::form::{FormErrorKind, FormPart, MultipartForm};
    ///
    /// let part = FormPart::text("note", "hello").header("Content-Language", "en");
    /// assert!(MultipartForm::new().part(part).check().is_ok());
    ///
    /// let part = FormPart::text("note", "hello").header("Content-Disposition", "inline");
    /// let error = MultipartForm::new().part(part).check().unwrap_err();
    /// assert_eq!(error.kind(), FormErrorKind::Disposition);
    /// ```
    pub fn header(mut self, name: impl AsRef<[u8]>, value: impl AsRef<[u8]>) -> Self {
        let (name, value) = (name.as_ref(), value.as_ref());
        let done = if name.eq_ignore_ascii_case(b"Content-Type") {
            if let (Err(error), None) = (MediaType::parse(value), self.error) {
                self.error = Some(FormError::at(
                    FormErrorKind::PartContentType(error.kind()),
                    error.offset(),
                ));
            }
            self.headers.insert(name, value)
        } else {
            self.headers.append(name, value)
        };
        self.note(done);
        if name.eq_ignore_ascii_case(b"Content-Disposition") && self.error.is_none() {
            self.error = Some(FormError::new(FormErrorKind::Disposition, 0));
        }
        self
    }

    fn note(&mut self, outcome: Result<(), HeaderError>) {
        if let (Err(error), None) = (outcome, self.error) {
            self.error = Some(FormError::at(FormErrorKind::Header(error.kind()), error.offset()));
        }
    }

    /// Writes the header and the empty line behind it, and returns the content.
    pub(super) fn write_head(self, out: &mut Vec<u8>) -> Result<Content, FormError> {
        let file_name = self.file_name.as_deref();
        if let Some(error) = self.error {
            return Err(error);
        }
        out.extend_from_slice(b"Content-Disposition: ");
        disposition::write(&self.name, file_name, out)?;
        out.extend_from_slice(b"\r\n");
        if let Some(file_name) = file_name
            && !self.headers.contains_key("Content-Type")
        {
            let guess = MediaType::from_path(file_name);
            let media_type = guess.unwrap_or(MediaType::APPLICATION_OCTET_STREAM);
            write_field("Content-Type", media_type.as_str().as_bytes(), out);
        }
        for (name, value) in &self.headers {
            write_field(name, value, out);
        }
        out.extend_from_slice(b"\r\n");
        Ok(self.content)
    }
}

fn write_field(name: &str, value: &[u8], out: &mut Vec<u8>) {
    for piece in [name.as_bytes(), b": ", value, b"\r\n"] {
        out.extend_from_slice(piece);
    }
}

/// Says which file an error is about.
#[cfg(feature = "std")]
fn naming(path: &Path, error: &io::Error) -> io::Error {
    io::Error::new(error.kind(), alloc::format!("{}: {error}", path.display()))
}

/// Hides the content.
impl fmt::Debug for FormPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FormPart")
            .field("name", &self.name)
            .field("file_name", &self.file_name)
            .field("headers", &self.headers)
            .finish_non_exhaustive()
    }
}
