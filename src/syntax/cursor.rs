//! A position in a field value, and the elements that can be read at it.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::Class;
use super::error::{SyntaxError, SyntaxErrorKind};
use super::list::{Parameter, member_len};

/// A reader over the bytes of one field value.
///
/// A method that reads an element either moves behind it or leaves the cursor where it stands.
///
/// # Examples
///
/// ```
/// use nethttp::syntax::Cursor;
///
/// let mut cursor = Cursor::new(b"gzip ; q=0.5");
/// assert_eq!(cursor.token()?, b"gzip");
/// cursor.skip_ows();
/// assert!(cursor.eat(b';'));
/// assert_eq!(cursor.rest(), b" q=0.5");
/// # Ok::<(), nethttp::syntax::SyntaxError>(())
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Cursor<'a> {
    len: usize,
    rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    /// Creates a cursor at the start of the input.
    ///
    /// ```
    /// assert_eq!(nethttp::syntax::Cursor::new(b"a").offset(), 0);
    /// ```
    #[must_use]
    pub const fn new(input: &'a [u8]) -> Self {
        Self { len: input.len(), rest: input }
    }

    /// Returns the number of bytes read so far.
    ///
    /// ```
    /// let mut cursor = nethttp::syntax::Cursor::new(b"ab,");
    /// cursor.token()?;
    /// assert_eq!(cursor.offset(), 2);
    /// # Ok::<(), nethttp::syntax::SyntaxError>(())
    /// ```
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.len - self.rest.len()
    }

    /// Returns what has not been read yet.
    ///
    /// ```
    /// assert_eq!(nethttp::syntax::Cursor::new(b"ab").rest(), b"ab");
    /// ```
    #[must_use]
    pub const fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// Returns the next byte without reading it.
    ///
    /// ```
    /// assert_eq!(nethttp::syntax::Cursor::new(b"").peek(), None);
    /// ```
    #[must_use]
    pub const fn peek(&self) -> Option<u8> {
        match self.rest {
            [octet, ..] => Some(*octet),
            [] => None,
        }
    }

    /// Reads the given byte if it comes next, and returns whether it did.
    ///
    /// ```
    /// assert!(nethttp::syntax::Cursor::new(b";q").eat(b';'));
    /// ```
    pub const fn eat(&mut self, octet: u8) -> bool {
        match self.rest {
            [first, rest @ ..] if *first == octet => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    /// Reads the bytes of a class, as many as come next, possibly none.
    ///
    /// ```
    /// use nethttp::syntax::{Class, Cursor};
    ///
    /// assert_eq!(Cursor::new(b"206 Partial").take(Class::DIGIT), b"206");
    /// ```
    pub const fn take(&mut self, class: Class) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at(class.prefix_len(self.rest));
        self.rest = rest;
        taken
    }

    /// Returns the cursor behind some more bytes, or at the end.
    #[inline]
    pub(crate) fn skipped(self, len: usize) -> Self {
        Self { rest: self.rest.get(len..).unwrap_or_default(), ..self }
    }

    /// Skips optional whitespace, [RFC 9110 §5.6.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.3).
    ///
    /// ```
    /// let mut cursor = nethttp::syntax::Cursor::new(b" \t a");
    /// cursor.skip_ows();
    /// assert_eq!(cursor.rest(), b"a");
    /// ```
    pub const fn skip_ows(&mut self) {
        let _ = self.take(Class::OWS);
    }

    /// Moves to the next member of a comma-separated list, over whitespace and empty members, and returns
    /// whether there is one, [RFC 9110 §5.6.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2).
    ///
    /// With [`end_member`](Self::end_member) behind each member it reads a list in one pass; with
    /// [`skip_member`](Self::skip_member) a member that is malformed does not take the others with it.
    ///
    /// ```
    /// let mut cursor = nethttp::syntax::Cursor::new(b", ,br , gzip");
    /// let mut codings = Vec::new();
    /// while cursor.next_member() {
    ///     codings.push(cursor.token()?);
    ///     cursor.end_member()?;
    /// }
    /// assert_eq!(codings, [&b"br"[..], b"gzip"]);
    /// # Ok::<(), nethttp::syntax::SyntaxError>(())
    /// ```
    pub fn next_member(&mut self) -> bool {
        while let [b' ' | b'\t' | b',', rest @ ..] = self.rest {
            self.rest = rest;
        }
        !self.rest.is_empty()
    }

    /// Reads what ends a member of a list: whitespace, and the comma or the end of the input.
    ///
    /// # Errors
    ///
    /// [`SyntaxErrorKind::ExpectedComma`] if something else comes next.
    ///
    /// ```
    /// let mut cursor = nethttp::syntax::Cursor::new(b"a b, c");
    /// cursor.token()?;
    /// assert_eq!(cursor.end_member().unwrap_err().offset(), 2);
    /// # Ok::<(), nethttp::syntax::SyntaxError>(())
    /// ```
    pub fn end_member(&mut self) -> Result<(), SyntaxError> {
        let mut end = *self;
        end.skip_ows();
        if !end.eat(b',') && !end.rest.is_empty() {
            return Err(end.error(SyntaxErrorKind::ExpectedComma));
        }
        *self = end;
        Ok(())
    }

    /// Skips the member of a list at whose start the cursor stands, and its comma. Commas inside quoted
    /// strings do not count; a quoted string that is not closed takes the rest with it.
    ///
    /// ```
    /// let mut cursor = nethttp::syntax::Cursor::new(b"=\"a,b\", c");
    /// cursor.skip_member();
    /// assert_eq!(cursor.rest(), b" c");
    /// ```
    pub fn skip_member(&mut self) {
        let (_, rest) = self.rest.split_at(member_len(self.rest));
        self.rest = rest.split_first().map_or(&[][..], |(_comma, rest)| rest);
    }

    /// Reads a semicolon and the parameter behind it, or nothing where no semicolon comes next: what
    /// [`Parameters`](super::Parameters) does, inside a list.
    ///
    /// Semicolons without a parameter are skipped.
    ///
    /// # Errors
    ///
    /// The kinds of a token, of a quoted string, and [`SyntaxErrorKind::ExpectedEquals`].
    ///
    /// ```
    /// let mut cursor = nethttp::syntax::Cursor::new(b"gzip; q=0.5, br");
    /// cursor.token()?;
    /// let weight = cursor.parameter()?.ok_or("no parameter")?;
    /// assert!(weight.is_named("q"));
    /// assert!(cursor.parameter()?.is_none());
    /// assert_eq!(cursor.rest(), b", br");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub const fn parameter(&mut self) -> Result<Option<Parameter<'a>>, SyntaxError> {
        let mut cursor = *self;
        loop {
            let before = cursor;
            cursor.skip_ows();
            if !cursor.eat(b';') {
                *self = before;
                return Ok(None);
            }
            cursor.skip_ows();
            if !matches!(cursor.peek(), None | Some(b';' | b',')) {
                return match Parameter::read(&mut cursor) {
                    Ok(parameter) => {
                        *self = cursor;
                        Ok(Some(parameter))
                    }
                    Err(error) => Err(error),
                };
            }
        }
    }

    /// Reads a token: `token = 1*tchar`.
    ///
    /// # Errors
    ///
    /// [`SyntaxErrorKind::ExpectedToken`] if no token byte comes next.
    ///
    /// ```
    /// assert_eq!(nethttp::syntax::Cursor::new(b"text/html").token()?, b"text");
    /// # Ok::<(), nethttp::syntax::SyntaxError>(())
    /// ```
    pub const fn token(&mut self) -> Result<&'a [u8], SyntaxError> {
        match self.take(Class::TOKEN) {
            [] => Err(self.error(SyntaxErrorKind::ExpectedToken)),
            token => Ok(token),
        }
    }

    /// Reads a quoted string and returns what stands between the quotes, escapes untouched.
    ///
    /// `quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE`
    ///
    /// [`unescape`](super::unescape) gives the text that is meant.
    ///
    /// # Errors
    ///
    /// The kinds [`ExpectedQuote`](SyntaxErrorKind::ExpectedQuote),
    /// [`UnclosedQuote`](SyntaxErrorKind::UnclosedQuote) and
    /// [`QuotedByte`](SyntaxErrorKind::QuotedByte).
    ///
    /// ```
    /// use nethttp::syntax::{Cursor, unescape};
    ///
    /// let raw = Cursor::new(br#""a \"b\"" rest"#).quoted_string()?;
    /// assert_eq!(raw, br#"a \"b\""#);
    /// assert_eq!(unescape(raw).as_ref(), br#"a "b""#);
    /// # Ok::<(), nethttp::syntax::SyntaxError>(())
    /// ```
    pub const fn quoted_string(&mut self) -> Result<&'a [u8], SyntaxError> {
        let mut at = *self;
        if !at.eat(b'"') {
            return Err(at.error(SyntaxErrorKind::ExpectedQuote));
        }
        let start = at.rest;
        loop {
            let _ = at.take(Class::QDTEXT);
            let end = at;
            if at.eat(b'"') {
                let (inside, _) = start.split_at(start.len() - end.rest.len());
                *self = at;
                return Ok(inside);
            }
            // quoted-pair = "\" ( HTAB / SP / VCHAR / obs-text )
            at.eat(b'\\');
            match at.rest {
                [] => return Err(at.error(SyntaxErrorKind::UnclosedQuote)),
                [octet, rest @ ..] if Class::FIELD.contains(*octet) => at.rest = rest,
                [octet, ..] => return Err(at.error(SyntaxErrorKind::QuotedByte(*octet))),
            }
        }
    }

    /// Returns an error of the given kind at the cursor's position.
    pub(crate) const fn error(&self, kind: SyntaxErrorKind) -> SyntaxError {
        SyntaxError::new(kind, self.offset())
    }
}

/// Removes the backslashes of quoted pairs from the inside of a quoted string,
/// [RFC 9110 §5.6.4](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.4).
///
/// Borrows when there is none.
///
/// # Examples
///
/// ```
/// assert_eq!(nethttp::syntax::unescape(br"C:\\temp").as_ref(), br"C:\temp");
/// ```
#[must_use]
pub fn unescape(inside: &[u8]) -> Cow<'_, [u8]> {
    if !inside.contains(&b'\\') {
        return Cow::Borrowed(inside);
    }
    let mut text = Vec::with_capacity(inside.len());
    let mut octets = inside.iter();
    while let Some(&octet) = octets.next() {
        text.push(if octet == b'\\' { octets.next().copied().unwrap_or(octet) } else { octet });
    }
    Cow::Owned(text)
}

/// Appends text as a quoted string, with `"` and `\` escaped.
///
/// # Errors
///
/// [`SyntaxErrorKind::QuotedByte`] if the text holds a control byte other than HTAB; nothing is
/// appended then.
///
/// # Examples
///
/// ```
/// let mut out = Vec::new();
/// nethttp::syntax::quote(br#"say "hi""#, &mut out)?;
/// assert_eq!(out, br#""say \"hi\"""#);
/// # Ok::<(), nethttp::syntax::SyntaxError>(())
/// ```
pub fn quote(text: &[u8], out: &mut Vec<u8>) -> Result<(), SyntaxError> {
    let good = Class::FIELD.prefix_len(text);
    if let Some(&octet) = text.get(good) {
        return Err(SyntaxError::new(SyntaxErrorKind::QuotedByte(octet), good));
    }
    out.push(b'"');
    for &octet in text {
        if matches!(octet, b'"' | b'\\') {
            out.push(b'\\');
        }
        out.push(octet);
    }
    out.push(b'"');
    Ok(())
}

/// Appends a parameter: its name, `=`, and its value as a token where it is one, else quoted.
pub(crate) fn push_parameter(
    name: &[u8],
    value: &[u8],
    out: &mut Vec<u8>,
) -> Result<(), SyntaxError> {
    out.extend_from_slice(name);
    out.push(b'=');
    if value.is_empty() || !Class::TOKEN.matches(value) {
        return quote(value, out);
    }
    out.extend_from_slice(value);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn quoted(input: &[u8], inside: &[u8], rest: &[u8]) {
        let mut cursor = Cursor::new(input);
        assert_eq!(cursor.quoted_string(), Ok(inside));
        assert_eq!(cursor.rest(), rest);
    }

    #[test]
    fn reads_quoted_strings() {
        quoted(br#""""#, b"", b"");
        quoted(br#""a,;b" c"#, b"a,;b", b" c");
        quoted(br#""\"""#, br#"\""#, b"");
        quoted(br#""\\" x"#, br"\\", b" x");
        quoted(b"\"\xff\t\"", b"\xff\t", b"");
    }

    #[track_caller]
    fn refused(input: &[u8], kind: SyntaxErrorKind, offset: usize) {
        let mut cursor = Cursor::new(input);
        assert_eq!(cursor.quoted_string(), Err(SyntaxError::new(kind, offset)));
        assert_eq!(cursor.offset(), 0, "an error must leave the cursor where it was");
    }

    #[test]
    fn refuses_broken_quoted_strings_at_the_right_byte() {
        refused(b"a", SyntaxErrorKind::ExpectedQuote, 0);
        refused(b"\"a", SyntaxErrorKind::UnclosedQuote, 2);
        refused(b"\"a\\", SyntaxErrorKind::UnclosedQuote, 3);
        refused(b"\"a\n\"", SyntaxErrorKind::QuotedByte(b'\n'), 2);
        refused(b"\"a\\\0\"", SyntaxErrorKind::QuotedByte(0), 3);
    }

    #[test]
    fn a_list_is_read_in_one_pass() {
        let mut cursor = Cursor::new(b" , a;x=\"1,2\" ;; y=3;,bad bad \",\", c;,");
        let mut found = Vec::new();
        while cursor.next_member() {
            let start = cursor;
            found.push((cursor.token().unwrap(), 0));
            while cursor.parameter().unwrap().is_some() {
                found.last_mut().unwrap().1 += 1;
            }
            if let Err(error) = cursor.end_member() {
                assert_eq!((error.kind(), error.offset()), (SyntaxErrorKind::ExpectedComma, 25));
                found.pop();
                cursor = start;
                cursor.skip_member();
            }
        }
        assert_eq!(found, [(&b"a"[..], 2), (b"c", 0)]);
    }

    #[test]
    fn a_parameter_that_is_refused_leaves_the_cursor() {
        for (input, kind, offset) in [
            (&b";a"[..], SyntaxErrorKind::ExpectedEquals, 2),
            (b" ; =b", SyntaxErrorKind::ExpectedToken, 3),
            (b";a=\"", SyntaxErrorKind::UnclosedQuote, 4),
        ] {
            let mut cursor = Cursor::new(input);
            assert_eq!(cursor.parameter(), Err(SyntaxError::new(kind, offset)));
            assert_eq!(cursor.offset(), 0);
        }
    }

    #[test]
    fn quoting_then_reading_is_identity() {
        for text in [&b""[..], b"plain", br#"a"b\c"#, b"\t \xe2"] {
            let mut out = Vec::new();
            quote(text, &mut out).unwrap();
            let mut cursor = Cursor::new(&out);
            assert_eq!(unescape(cursor.quoted_string().unwrap()).as_ref(), text);
            assert!(cursor.rest().is_empty());
        }
        assert!(quote(b"a\rb", &mut Vec::new()).is_err());
    }
}
