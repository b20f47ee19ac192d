//! `#element` lists and parameters.

use alloc::borrow::Cow;
use core::fmt;

use super::error::{SyntaxError, SyntaxErrorKind};
use super::{Class, Cursor, unescape};

/// The members of a comma-separated list, in order.
///
/// Commas inside quoted strings do not separate; whitespace around a member is not part of it, and
/// empty members are skipped, as a recipient must
/// ([RFC 9110 §5.6.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2)).
/// The iterator cannot fail: a quoted string that is not closed takes the rest of the value with it.
///
/// # Examples
///
/// ```
/// let members: Vec<_> = nethttp::syntax::members(b"a, \"b,c\";q=1,, d").collect();
/// assert_eq!(members, [&b"a"[..], b"\"b,c\";q=1", b"d"]);
/// ```
#[derive(Clone, Debug)]
pub struct Members<'a> {
    rest: &'a [u8],
}

/// Returns the members of a comma-separated list.
///
/// # Examples
///
/// ```
/// assert!(nethttp::syntax::members(b"keep-alive, Upgrade").any(|m| m == b"Upgrade"));
/// ```
#[must_use]
pub const fn members(value: &[u8]) -> Members<'_> {
    Members { rest: value }
}

impl<'a> Iterator for Members<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        while !self.rest.is_empty() {
            let end = member_len(self.rest);
            let (member, rest) = self.rest.split_at_checked(end)?;
            self.rest = rest.split_first().map_or(&[][..], |(_comma, rest)| rest);
            match trim_ows(member) {
                [] => {}
                member => return Some(member),
            }
        }
        None
    }
}

/// The length of what stands before the first comma that is not quoted.
pub(super) fn member_len(rest: &[u8]) -> usize {
    let (mut quoted, mut escaped) = (false, false);
    for (index, &octet) in rest.iter().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => return index,
            _ => {}
        }
    }
    rest.len()
}

/// Writes the members of a list, with a comma and a space between them.
pub(crate) fn write_list(
    f: &mut fmt::Formatter<'_>,
    members: impl IntoIterator<Item = impl fmt::Display>,
) -> fmt::Result {
    for (index, member) in members.into_iter().enumerate() {
        f.write_str(if index == 0 { "" } else { ", " })?;
        member.fmt(f)?;
    }
    Ok(())
}

/// Removes whitespace (SP and HTAB) from both ends.
///
/// # Examples
///
/// ```
/// assert_eq!(nethttp::syntax::trim_ows(b" \ta b\t"), b"a b");
/// ```
#[must_use]
pub const fn trim_ows(mut value: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = value {
        value = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

/// One `name=value` of a field value.
///
/// # Examples
///
/// ```
/// use nethttp::syntax::{Cursor, Parameters};
///
/// let mut parameters = Parameters::new(Cursor::new(b"; charset=\"utf-8\""));
/// let charset = parameters.next().unwrap()?;
/// assert!(charset.is_named("Charset"));
/// assert_eq!(charset.value().as_ref(), b"utf-8");
/// # Ok::<(), nethttp::syntax::SyntaxError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parameter<'a> {
    name: &'a [u8],
    raw: &'a [u8],
    quoted: bool,
}

impl<'a> Parameter<'a> {
    /// Reads a parameter at whose name the cursor stands.
    pub(super) const fn read(cursor: &mut Cursor<'a>) -> Result<Self, SyntaxError> {
        let name = match cursor.token() {
            Ok(name) => name,
            Err(error) => return Err(error),
        };
        if !cursor.eat(b'=') {
            return Err(cursor.error(SyntaxErrorKind::ExpectedEquals));
        }
        let quoted = matches!(cursor.peek(), Some(b'"'));
        match if quoted { cursor.quoted_string() } else { cursor.token() } {
            Ok(raw) => Ok(Self { name, raw, quoted }),
            Err(error) => Err(error),
        }
    }

    /// Returns the name as it was written.
    ///
    /// ```
    /// # use nethttp::syntax::{Cursor, Parameters};
    /// let parameter = Parameters::new(Cursor::new(b";Q=1")).next().unwrap()?;
    /// assert_eq!(parameter.name(), b"Q");
    /// # Ok::<(), nethttp::syntax::SyntaxError>(())
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'a [u8] {
        self.name
    }

    /// Returns whether the name is the given one; names are case-insensitive.
    ///
    /// ```
    /// # use nethttp::syntax::{Cursor, Parameters};
    /// assert!(Parameters::new(Cursor::new(b";Q=1")).next().unwrap()?.is_named("q"));
    /// # Ok::<(), nethttp::syntax::SyntaxError>(())
    /// ```
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    /// Returns whether the value is a quoted string.
    pub(crate) const fn is_quoted(&self) -> bool {
        self.quoted
    }

    /// Returns how many bytes the value takes as it was written, quotes and escapes included.
    pub(crate) const fn value_len(&self) -> usize {
        if self.quoted { self.raw.len() + 2 } else { self.raw.len() }
    }

    /// Returns the value that is meant: a token, or the text of a quoted string.
    ///
    /// ```
    /// # use nethttp::syntax::{Cursor, Parameters};
    /// let parameter = Parameters::new(Cursor::new(br#";a="b\"c""#)).next().unwrap()?;
    /// assert_eq!(parameter.value().as_ref(), br#"b"c"#);
    /// # Ok::<(), nethttp::syntax::SyntaxError>(())
    /// ```
    #[must_use]
    pub fn value(&self) -> Cow<'a, [u8]> {
        if self.quoted { unescape(self.raw) } else { Cow::Borrowed(self.raw) }
    }
}

/// The parameters that follow a value, each after its semicolon.
///
/// `parameters = *( OWS ";" OWS [ parameter ] )`, `parameter = token "=" ( token / quoted-string )`,
/// [RFC 9110 §5.6.6](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.6). After an error the
/// iterator ends.
///
/// # Examples
///
/// ```
/// use nethttp::syntax::{Cursor, Parameters};
///
/// let mut cursor = Cursor::new(b"text/plain; format=flowed; delsp=yes");
/// cursor.token()?;
/// cursor.eat(b'/');
/// cursor.token()?;
/// let names: Result<Vec<_>, _> = Parameters::new(cursor).map(|p| Ok(p?.name())).collect();
/// assert_eq!(names?, [&b"format"[..], b"delsp"]);
/// # Ok::<(), nethttp::syntax::SyntaxError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Parameters<'a> {
    cursor: Cursor<'a>,
    failed: bool,
}

impl<'a> Parameters<'a> {
    /// Creates the iterator over what follows the cursor, which must be parameters to the end.
    ///
    /// ```
    /// use nethttp::syntax::{Cursor, Parameters};
    ///
    /// assert!(Parameters::new(Cursor::new(b" ; ; ")).next().is_none());
    /// ```
    #[must_use]
    pub const fn new(cursor: Cursor<'a>) -> Self {
        Self { cursor, failed: false }
    }

    fn parse(&mut self) -> Result<Option<Parameter<'a>>, SyntaxError> {
        if let Some(parameter) = self.cursor.parameter()? {
            return Ok(Some(parameter));
        }
        self.cursor.skip_ows();
        match self.cursor.peek() {
            None => Ok(None),
            Some(_) => Err(self.cursor.error(SyntaxErrorKind::ExpectedSemicolon)),
        }
    }
}

impl<'a> Iterator for Parameters<'a> {
    type Item = Result<Parameter<'a>, SyntaxError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let next = self.parse();
        self.failed = next.is_err();
        next.transpose()
    }
}

/// Parses a weight, in thousandths: `0` to `1000`.
///
/// `qvalue = ( "0" [ "." 0*3DIGIT ] ) / ( "1" [ "." 0*3("0") ] )`,
/// [RFC 9110 §12.4.2](https://www.rfc-editor.org/rfc/rfc9110#section-12.4.2).
///
/// # Errors
///
/// [`SyntaxErrorKind::Weight`] at the first byte that does not fit.
///
/// # Examples
///
/// ```
/// use nethttp::syntax::parse_weight;
///
/// assert_eq!(parse_weight(b"0.85")?, 850);
/// assert_eq!(parse_weight(b"1")?, 1000);
/// assert!(parse_weight(b"1.001").is_err());
/// # Ok::<(), nethttp::syntax::SyntaxError>(())
/// ```
pub fn parse_weight(text: &[u8]) -> Result<u16, SyntaxError> {
    let error = |offset| Err(SyntaxError::new(SyntaxErrorKind::Weight, offset));
    let (whole, decimals) = match text {
        [digit @ (b'0' | b'1')] => (u16::from(digit - b'0'), &[][..]),
        [digit @ (b'0' | b'1'), b'.', decimals @ ..] => (u16::from(digit - b'0'), decimals),
        [b'0' | b'1', ..] => return error(1),
        _ => return error(0),
    };
    let mut weight = whole * 1000;
    let mut place = 100;
    for (index, &digit) in decimals.iter().enumerate() {
        if place == 0 || !Class::DIGIT.contains(digit) || (whole == 1 && digit != b'0') {
            return error(index + 2);
        }
        weight += u16::from(digit - b'0') * place;
        place /= 10;
    }
    Ok(weight)
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::vec::Vec;

    #[track_caller]
    fn splits(value: &[u8], expected: &[&[u8]]) {
        assert_eq!(members(value).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn splits_lists() {
        splits(b"", &[]);
        splits(b" , ,\t,", &[]);
        splits(b"a", &[b"a"]);
        splits(b",a ,b\t, c,", &[b"a", b"b", b"c"]);
        splits(br#""a,b", c"#, &[br#""a,b""#, b"c"]);
        splits(br#""a\",b", c"#, &[br#""a\",b""#, b"c"]);
        splits(br#"a, "open, b"#, &[b"a", br#""open, b"#]);
        splits(br"a\,b", &[br"a\", b"b"]);
    }

    #[test]
    fn a_megabyte_of_commas_is_one_pass() {
        assert_eq!(members(&alloc::vec![b','; 1 << 20]).count(), 0);
    }

    #[track_caller]
    fn parameters(value: &[u8], expected: &[(&[u8], &[u8])]) {
        let found: Vec<_> = Parameters::new(Cursor::new(value))
            .map(|p| p.map(|p| (p.name().to_vec(), p.value().into_owned())).unwrap())
            .collect();
        let expected: Vec<_> = expected.iter().map(|(n, v)| (n.to_vec(), v.to_vec())).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn reads_parameters() {
        parameters(b"", &[]);
        parameters(b" ; ", &[]);
        parameters(b";a=b", &[(b"a", b"b")]);
        parameters(b" ; a=b;; c=\"d;e\" ", &[(b"a", b"b"), (b"c", b"d;e")]);
        parameters(b";a=\"\"", &[(b"a", b"")]);
    }

    #[track_caller]
    fn bad_parameters(value: &[u8], kind: SyntaxErrorKind, offset: usize) {
        let mut parameters = Parameters::new(Cursor::new(value));
        let error = parameters.find_map(Result::err).expect("an error");
        assert_eq!(error, SyntaxError::new(kind, offset));
        assert!(parameters.next().is_none(), "the iterator ends after an error");
    }

    #[test]
    fn refuses_bad_parameters() {
        bad_parameters(b"x", SyntaxErrorKind::ExpectedSemicolon, 0);
        bad_parameters(b";a", SyntaxErrorKind::ExpectedEquals, 2);
        bad_parameters(b";a =b", SyntaxErrorKind::ExpectedEquals, 2);
        bad_parameters(b";a= b", SyntaxErrorKind::ExpectedToken, 3);
        bad_parameters(b";a=b c", SyntaxErrorKind::ExpectedSemicolon, 5);
        bad_parameters(b";=b", SyntaxErrorKind::ExpectedToken, 1);
        bad_parameters(b";a=\"b", SyntaxErrorKind::UnclosedQuote, 5);
    }

    #[track_caller]
    fn weight(text: &[u8], expected: Result<u16, usize>) {
        assert_eq!(parse_weight(text).map_err(|e| e.offset()), expected);
    }

    #[test]
    fn weights_are_thousandths() {
        weight(b"0", Ok(0));
        weight(b"0.", Ok(0));
        weight(b"0.1", Ok(100));
        weight(b"0.007", Ok(7));
        weight(b"1.000", Ok(1000));
        weight(b"", Err(0));
        weight(b"2", Err(0));
        weight(b".5", Err(0));
        weight(b"01", Err(1));
        weight(b"0.1234", Err(5));
        weight(b"1.1", Err(2));
        weight(b"0.5 ", Err(3));
        weight(b"-1", Err(0));
    }
}
