//! The header of a part, [RFC 7578 §4](https://www.rfc-editor.org/rfc/rfc7578#section-4).

use alloc::borrow::Cow;
use alloc::string::String;

use super::{FormError, FormErrorKind, MultipartLimits};
use crate::field::{FieldErrorKind, MediaType, safe_file_name};
use crate::header::{HeaderMap, Limits};
use crate::syntax::{Class, Cursor, SyntaxErrorKind, trim_ows};

/// What a part of a multipart form says about itself: the name of its field, and, if it is a file, its name.
///
/// # Examples
///
/// ```
/// use nethttp::field::Boundary;
/// use nethttp::form::{MultipartEvent, MultipartLimits, MultipartParser};
///
/// let body = b"--b\r\n\
///     Content-Disposition: form-data; name=\"photo\"; filename=\"holiday/sea.jpg\"\r\n\
///     Content-Type: image/jpeg\r\n\r\n";
/// let mut parser = MultipartParser::new(&Boundary::parse(b"b")?, MultipartLimits::DEFAULT);
/// let (_, MultipartEvent::Part(head)) = parser.receive(body)? else { panic!("no part") };
/// assert_eq!(head.name(), "photo");
/// assert_eq!(head.file_name(), Some("sea.jpg"));
/// assert!(head.media_type().is_some_and(|media_type| media_type.is("image/jpeg")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct PartHead {
    headers: HeaderMap,
    name: String,
    file_name: Option<String>,
    has_disposition: bool,
    /// How many fields the next part may have.
    most: usize,
}

impl PartHead {
    pub(super) const fn new(limits: &MultipartLimits) -> Self {
        // The bytes have the parser's limit.
        let map = Limits::DEFAULT.fields(limits.fields).bytes(usize::MAX);
        Self {
            headers: HeaderMap::with_limits(map),
            name: String::new(),
            file_name: None,
            has_disposition: false,
            most: limits.fields,
        }
    }

    /// Forgets the last part.
    pub(super) fn clear(&mut self) {
        self.headers.clear();
        self.name.clear();
        self.file_name = None;
        self.has_disposition = false;
    }

    /// Returns the name of the form's field, as a user agent writes it: `%22`, `%0D` and `%0A` have been
    /// decoded to the quote, CR and LF, and no other escape is one. It may be empty.
    ///
    /// ```
    /// # use nethttp::field::Boundary;
    /// # use nethttp::form::{MultipartEvent, MultipartLimits, MultipartParser};
    /// # let mut parser = MultipartParser::new(&Boundary::parse(b"b")?, MultipartLimits::DEFAULT);
    /// let part = b"--b\r\nContent-Disposition: form-data; name=\"say %22hi%22\"\r\n\r\n";
    /// let (_, MultipartEvent::Part(head)) = parser.receive(part)? else { panic!("no part") };
    /// assert_eq!(head.name(), "say \"hi\"");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the last segment of the name of the file, if the part is one; a browser sends an empty one
    /// where no file was chosen. It is a stranger's text: to save a file, take
    /// [`safe_file_name`](Self::safe_file_name), or a name of your own.
    ///
    /// ```
    /// # use nethttp::field::Boundary;
    /// # use nethttp::form::{MultipartEvent, MultipartLimits, MultipartParser};
    /// # let mut parser = MultipartParser::new(&Boundary::parse(b"b")?, MultipartLimits::DEFAULT);
    /// let part = b"--b\r\nContent-Disposition: form-data; name=a; filename=\"C:\\b\\c.txt\"\r\n\r\n";
    /// let (_, MultipartEvent::Part(head)) = parser.receive(part)? else { panic!("no part") };
    /// assert_eq!(head.file_name(), Some("c.txt"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn file_name(&self) -> Option<&str> {
        let sent = self.raw_file_name()?;
        Some(sent.rsplit(['/', '\\']).next().unwrap_or(sent))
    }

    /// Returns a name to save the file under, made of [`file_name`](Self::file_name) by
    /// [`safe_file_name`](crate::field::safe_file_name), if the part is a file and that leaves one.
    ///
    /// ```
    /// # use nethttp::field::Boundary;
    /// # use nethttp::form::{MultipartEvent, MultipartLimits, MultipartParser};
    /// # let mut parser = MultipartParser::new(&Boundary::parse(b"b")?, MultipartLimits::DEFAULT);
    /// let part = b"--b\r\nContent-Disposition: form-data; name=a; filename=\"aux: 1.txt\"\r\n\r\n";
    /// let (_, MultipartEvent::Part(head)) = parser.receive(part)? else { panic!("no part") };
    /// assert_eq!(head.safe_file_name().as_deref(), Some("aux_ 1.txt"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn safe_file_name(&self) -> Option<Cow<'_, str>> {
        safe_file_name(self.file_name()?)
    }

    /// Returns the name of the file with what a browser sends before it: the path below the folder that was
    /// chosen, or, in old ones, the whole path. No segment of it is `..`.
    ///
    /// ```
    /// # use nethttp::field::Boundary;
    /// # use nethttp::form::{MultipartEvent, MultipartLimits, MultipartParser};
    /// # let mut parser = MultipartParser::new(&Boundary::parse(b"b")?, MultipartLimits::DEFAULT);
    /// let part = b"--b\r\nContent-Disposition: form-data; name=a; filename=\"b/c.txt\"\r\n\r\n";
    /// let (_, MultipartEvent::Part(head)) = parser.receive(part)? else { panic!("no part") };
    /// assert_eq!(head.raw_file_name(), Some("b/c.txt"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn raw_file_name(&self) -> Option<&str> {
        self.file_name.as_deref()
    }

    /// Returns whether the part is a file: whether it has a file name, be it empty.
    ///
    /// ```
    /// # use nethttp::field::Boundary;
    /// # use nethttp::form::{MultipartEvent, MultipartLimits, MultipartParser};
    /// # let mut parser = MultipartParser::new(&Boundary::parse(b"b")?, MultipartLimits::DEFAULT);
    /// let part = b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";
    /// let (_, MultipartEvent::Part(head)) = parser.receive(part)? else { panic!("no part") };
    /// assert!(!head.is_file());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn is_file(&self) -> bool {
        self.file_name.is_some()
    }

    /// Returns the type of the content, if the part says one. Without, it is `text/plain`,
    /// [RFC 7578 §4.4](https://www.rfc-editor.org/rfc/rfc7578#section-4.4).
    ///
    /// ```
    /// # use nethttp::field::Boundary;
    /// # use nethttp::form::{MultipartEvent, MultipartLimits, MultipartParser};
    /// # let mut parser = MultipartParser::new(&Boundary::parse(b"b")?, MultipartLimits::DEFAULT);
    /// let part = b"--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n";
    /// let (_, MultipartEvent::Part(head)) = parser.receive(part)? else { panic!("no part") };
    /// assert!(head.media_type().is_none());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn media_type(&self) -> Option<MediaType<'_>> {
        MediaType::parse(self.headers.get("Content-Type")?).ok()
    }

    /// Returns all fields of the header.
    ///
    /// ```
    /// # use nethttp::field::Boundary;
    /// # use nethttp::form::{MultipartEvent, MultipartLimits, MultipartParser};
    /// # let mut parser = MultipartParser::new(&Boundary::parse(b"b")?, MultipartLimits::DEFAULT);
    /// let part = b"--b\r\nContent-Disposition: form-data; name=a\r\nX-Note: hi\r\n\r\n";
    /// let (_, MultipartEvent::Part(head)) = parser.receive(part)? else { panic!("no part") };
    /// assert_eq!(head.headers().text("X-Note"), Some("hi"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn headers(&self) -> &HeaderMap {
        &self.headers
    }

    /// Returns whether the part says what it must.
    pub(super) const fn is_complete(&self) -> bool {
        self.has_disposition
    }

    /// Takes one line of the header, which ends with LF; `offset` is that of its first byte.
    ///
    /// ```abnf
    /// field-line = field-name ":" OWS field-value OWS CRLF
    /// ```
    pub(super) fn add_line(&mut self, line: &[u8], offset: u64) -> Result<(), FormError> {
        let error = |kind, index| Err(FormError::new(kind, at(offset, index)));
        if self.headers.len() == self.most {
            return error(FormErrorKind::TooManyFields(self.most), 0);
        }
        let mut cursor = Cursor::new(line);
        let name = cursor.take(Class::TOKEN);
        if name.is_empty() || !cursor.eat(b':') {
            let found = cursor.peek().unwrap_or(b'\n');
            return error(FormErrorKind::FieldName(found), cursor.offset());
        }
        cursor.skip_ows();
        let start = cursor.offset();
        let value = trim_ows(cursor.take(Class::FIELD));
        if cursor.rest() != b"\r\n" {
            let found = cursor.peek().unwrap_or(b'\n');
            return error(FormErrorKind::FieldValue(found), cursor.offset());
        }
        self.understand(name, value, offset, at(offset, start))?;
        match self.headers.append(name, value) {
            Ok(()) => Ok(()),
            // Longer than any map can hold.
            Err(_) => error(FormErrorKind::HeaderTooLong(usize::from(u16::MAX)), 0),
        }
    }

    /// Reads the fields that mean something; `line` and `offset` are where the line and its value begin.
    fn understand(
        &mut self,
        name: &[u8],
        value: &[u8],
        line: u64,
        offset: u64,
    ) -> Result<(), FormError> {
        let is = |other: &str| name.eq_ignore_ascii_case(other.as_bytes());
        if is("Content-Disposition") {
            if self.has_disposition {
                return Err(FormError::new(FormErrorKind::Disposition, line));
            }
            self.has_disposition = true;
            return self.read_disposition(value, offset);
        }
        if is("Content-Type") {
            let error = |kind, offset| FormError::new(FormErrorKind::PartContentType(kind), offset);
            if self.headers.contains_key("Content-Type") {
                return Err(error(FieldErrorKind::Single, offset));
            }
            MediaType::parse(value).map_err(|e| error(e.kind(), at(offset, e.offset())))?;
        }
        let harmless = ["7bit", "8bit", "binary"];
        if is("Content-Transfer-Encoding")
            && !harmless.iter().any(|one| value.eq_ignore_ascii_case(one.as_bytes()))
        {
            return Err(FormError::new(FormErrorKind::TransferEncoding, offset));
        }
        Ok(())
    }

    /// Reads a Content-Disposition, [RFC 7578 §4.2](https://www.rfc-editor.org/rfc/rfc7578#section-4.2).
    ///
    /// ```abnf
    /// disposition = "form-data" *( OWS ";" OWS [ token "=" ( token / quoted ) ] )
    /// quoted      = DQUOTE *( qdtext / "\" ) DQUOTE  ; "\" escapes only DQUOTE and "\"
    /// ```
    ///
    /// `filename*` must not be there. Where it stands beside `filename`, as some libraries send it, it is
    /// not looked at; where it stands alone, what is a file to some would be none to others. Nobody sends
    /// `name*`, nor the pieces of RFC 2231, `name*0` and `filename*0`; whose reader knows them, to whom the
    /// part has another name, so that they are refused wherever they stand.
    fn read_disposition(&mut self, value: &[u8], offset: u64) -> Result<(), FormError> {
        let mut cursor = Cursor::new(value);
        let kind = cursor.take(Class::TOKEN);
        if !kind.eq_ignore_ascii_case(b"form-data") {
            return Err(FormError::new(FormErrorKind::DispositionType, offset));
        }
        let (mut name, mut file_name, mut extended) = (None, None, None);
        while let Some(parameter) = next_parameter(&mut cursor, offset)? {
            let is = |other: &str| parameter.name.eq_ignore_ascii_case(other.as_bytes());
            let start = parameter.start;
            let twice = match () {
                () if is("name") => name.replace(parameter.text()?).is_some(),
                () if is("filename") => {
                    let text = parameter.text()?;
                    if text.split(['/', '\\']).any(|segment| segment == "..") {
                        return Err(FormError::new(FormErrorKind::FileName, start));
                    }
                    file_name.replace(text).is_some()
                }
                () if is("filename*") => extended.replace(start).is_some(),
                () => match ["name*", "filename*"].into_iter().find(|it| parameter.begins(it)) {
                    Some(known) => return Err(syntax(FieldErrorKind::Parameter(known), start)),
                    None => false,
                },
            };
            if twice {
                return Err(syntax(FieldErrorKind::DuplicateParameter, start));
            }
        }
        let end = at(offset, value.len());
        self.name = name.ok_or(syntax(FieldErrorKind::MissingParameter("name"), end))?;
        match (&file_name, extended) {
            (None, Some(start)) => Err(syntax(FieldErrorKind::Parameter("filename*"), start)),
            _ => {
                self.file_name = file_name;
                Ok(())
            }
        }
    }
}

fn at(offset: u64, index: usize) -> u64 {
    offset.saturating_add(u64::try_from(index).unwrap_or(u64::MAX))
}

const fn syntax(kind: FieldErrorKind, offset: u64) -> FormError {
    FormError::new(FormErrorKind::DispositionSyntax(kind), offset)
}

/// A parameter of Content-Disposition.
struct Parameter<'a> {
    name: &'a [u8],
    /// Without quotes, with escapes.
    value: &'a [u8],
    quoted: bool,
    /// Where the value stands in the form.
    start: u64,
}

impl Parameter<'_> {
    /// Returns whether the name begins with another one, in any case.
    fn begins(&self, with: &str) -> bool {
        self.name.get(..with.len()).is_some_and(|it| it.eq_ignore_ascii_case(with.as_bytes()))
    }

    fn text(&self) -> Result<String, FormError> {
        match core::str::from_utf8(self.value) {
            Ok(text) if self.quoted => Ok(unescaped(text)),
            Ok(text) => Ok(String::from(text)),
            Err(error) => {
                Err(FormError::new(FormErrorKind::Utf8, at(self.start, error.valid_up_to())))
            }
        }
    }
}

/// Reads the next parameter of Content-Disposition, which begins at the offset.
fn next_parameter<'a>(
    cursor: &mut Cursor<'a>,
    offset: u64,
) -> Result<Option<Parameter<'a>>, FormError> {
    let error = |kind, cursor: &Cursor<'_>| {
        Err(syntax(FieldErrorKind::Syntax(kind), at(offset, cursor.offset())))
    };
    loop {
        cursor.skip_ows();
        match cursor.peek() {
            None => return Ok(None),
            Some(b';') => {}
            Some(_) => return error(SyntaxErrorKind::ExpectedSemicolon, cursor),
        }
        while cursor.eat(b';') {
            cursor.skip_ows();
        }
        if cursor.peek().is_some() {
            break;
        }
    }
    let name = cursor.take(Class::TOKEN);
    if name.is_empty() {
        return error(SyntaxErrorKind::ExpectedToken, cursor);
    }
    if !cursor.eat(b'=') {
        return error(SyntaxErrorKind::ExpectedEquals, cursor);
    }
    if !cursor.eat(b'"') {
        let start = at(offset, cursor.offset());
        return match cursor.take(Class::TOKEN) {
            [] => error(SyntaxErrorKind::ExpectedToken, cursor),
            value => Ok(Some(Parameter { name, value, quoted: false, start })),
        };
    }
    let start = at(offset, cursor.offset());
    let Some(len) = quoted_len(cursor.rest()) else {
        *cursor = cursor.skipped(cursor.rest().len());
        return error(SyntaxErrorKind::UnclosedQuote, cursor);
    };
    let value = cursor.rest().get(..len).unwrap_or_default();
    *cursor = cursor.skipped(len + 1);
    Ok(Some(Parameter { name, value, quoted: true, start }))
}

/// Returns the length of what stands before the closing quote.
fn quoted_len(text: &[u8]) -> Option<usize> {
    let mut escaped = false;
    text.iter().position(|&octet| {
        let closes = octet == b'"' && !escaped;
        escaped = octet == b'\\' && !escaped;
        closes
    })
}

/// Undoes what user agents do to a name: `\"` and `\\`, and `%22`, `%0D` and `%0A`, which the standard of
/// browsers has in their place. Any other backslash is one: old browsers send whole paths.
fn unescaped(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(index) = rest.find(['\\', '%']) {
        let (plain, escape) = rest.split_at_checked(index).unwrap_or((rest, ""));
        name.push_str(plain);
        let (meant, len) = match escape.as_bytes() {
            [b'\\', b'"', ..] => ('"', 2),
            [b'\\', b'\\', ..] => ('\\', 2),
            [b'\\', ..] => ('\\', 1),
            [b'%', b'2', b'2', ..] => ('"', 3),
            [b'%', b'0', b'D' | b'd', ..] => ('\r', 3),
            [b'%', b'0', b'A' | b'a', ..] => ('\n', 3),
            _ => ('%', 1),
        };
        name.push(meant);
        rest = escape.get(len..).unwrap_or_default();
    }
    name.push_str(rest);
    name
}
