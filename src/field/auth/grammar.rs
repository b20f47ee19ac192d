//! The grammar that challenges and credentials share, from left to right.
//!
//! ```abnf
//! challenge   = auth-scheme [ 1*SP ( token68 / #auth-param ) ]
//! credentials = auth-scheme [ 1*SP ( token68 / #auth-param ) ]
//! auth-scheme = token
//! token68     = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="
//! auth-param  = token BWS "=" BWS ( token / quoted-string )
//! ```
//!
//! [RFC 9110 §11](https://www.rfc-editor.org/rfc/rfc9110#section-11). An error stands at the first byte with
//! which no value can begin, as everywhere; what is said of it is what is due there first of all.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;

use super::parameters::{self, AuthParameter, AuthParameters, ascii};
use crate::field::{FieldError, FieldErrorKind};
use crate::syntax::{Class, Cursor};

/// What stands behind a scheme.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum Data<'a> {
    Token68(Cow<'a, str>),
    /// Without parameters this is nothing.
    Parameters(AuthParameters<'a>),
}

/// A scheme and what stands behind it, of which nobody knows yet whether it asks or answers.
#[derive(Clone)]
pub(super) struct SchemeData<'a> {
    pub(super) scheme: Cow<'a, str>,
    pub(super) data: Data<'a>,
}

/// Whether parameters may follow behind the next comma.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Then {
    Parameters,
    Nothing(FieldErrorKind),
}

impl<'a> SchemeData<'a> {
    /// Reads one that spans the whole value; whitespace may stand behind it.
    pub(super) fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        let mut cursor = Cursor::new(value);
        let (mut found, then) = Self::begin(&mut cursor)?;
        if let Then::Nothing(kind) = then {
            return match cursor.peek() {
                None => Ok(found),
                Some(_) => Err(FieldError::new(kind, cursor.offset())),
            };
        }
        cursor.end_member()?;
        while cursor.next_member() {
            found.parameter(&mut cursor)?;
        }
        Ok(found)
    }

    /// Reads a member of a list and the members behind it that are its parameters; the cursor is left at the
    /// next member, or at the start of the one that is refused.
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, FieldError> {
        let mut at = *cursor;
        let (mut found, then) = Self::begin(&mut at)?;
        at.end_member()?;
        *cursor = at;
        let has_parameters = then == Then::Parameters;
        while cursor.next_member() && has_parameters && !is_challenge(*cursor) {
            found.parameter(cursor)?;
        }
        Ok(found)
    }

    /// Moves to the next member that begins a challenge, from the start of one that is refused.
    pub(super) fn skip(cursor: &mut Cursor<'_>) {
        cursor.skip_member();
        while cursor.next_member() && !is_challenge(*cursor) {
            cursor.skip_member();
        }
    }

    /// Reads a scheme and what stands behind it in the same member, with the whitespace behind that unless
    /// it is a parameter.
    fn begin(cursor: &mut Cursor<'a>) -> Result<(Self, Then), FieldError> {
        let scheme = Cow::Borrowed(ascii(cursor.token()?));
        let behind = cursor.offset();
        while cursor.eat(b' ') {}
        let is_spaced = cursor.offset() > behind;
        let spaces_end = cursor.offset();
        cursor.skip_ows();
        let mut parameters = AuthParameters::default();
        let (data, then) = match cursor.peek() {
            // An empty list of parameters has empty members: those of `Basic , realm=a` go on.
            None | Some(b',') if is_spaced => (Data::Parameters(parameters), Then::Parameters),
            None | Some(b',') => {
                (Data::Parameters(parameters), Then::Nothing(FieldErrorKind::SchemeSpace))
            }
            Some(_) if !is_spaced || cursor.offset() > spaces_end => {
                return Err(FieldError::new(FieldErrorKind::SchemeSpace, cursor.offset()));
            }
            Some(_) => match token68(cursor) {
                Ok(text) => {
                    (Data::Token68(Cow::Borrowed(text)), Then::Nothing(FieldErrorKind::End))
                }
                Err(refused) => {
                    let offset = cursor.offset();
                    let parameter = AuthParameter::read(cursor).map_err(|error| {
                        let error = FieldError::from(error);
                        if refused.offset() > error.offset() { refused } else { error }
                    })?;
                    parameters.add(parameter, offset)?;
                    (Data::Parameters(parameters), Then::Parameters)
                }
            },
        };
        Ok((Self { scheme, data }, then))
    }

    /// Reads a parameter and the comma behind it; the cursor stays where it stands if there is none.
    fn parameter(&mut self, cursor: &mut Cursor<'a>) -> Result<(), FieldError> {
        let mut at = *cursor;
        let parameter = AuthParameter::read(&mut at)?;
        if let Data::Parameters(parameters) = &mut self.data {
            parameters.add(parameter, cursor.offset())?;
        }
        at.end_member()?;
        *cursor = at;
        Ok(())
    }

    /// A scheme alone.
    pub(super) fn new(scheme: &str) -> Result<Self, FieldError> {
        parameters::token(scheme)?;
        let data = Data::Parameters(AuthParameters::default());
        Ok(Self { scheme: Cow::Owned(String::from(scheme)), data })
    }

    /// Adds a parameter in quotes, which takes the place of a token68.
    pub(super) fn set_parameter(&mut self, name: &str, value: &[u8]) -> Result<(), FieldError> {
        let (name, value) = (String::from(name), value.to_vec());
        if let Data::Parameters(parameters) = &mut self.data {
            return parameters.push(name, value, true);
        }
        let mut parameters = AuthParameters::default();
        parameters.push(name, value, true)?;
        self.data = Data::Parameters(parameters);
        Ok(())
    }

    /// Sets a token68, which takes the place of parameters.
    pub(super) fn set_token68(&mut self, text: &str) -> Result<(), FieldError> {
        check_token68(text.as_bytes())?;
        self.data = Data::Token68(Cow::Owned(String::from(text)));
        Ok(())
    }

    pub(super) fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    pub(super) const fn parameters(&self) -> &AuthParameters<'a> {
        match &self.data {
            Data::Parameters(parameters) => parameters,
            Data::Token68(_) => AuthParameters::NONE,
        }
    }

    pub(super) fn token68(&self) -> Option<&str> {
        match &self.data {
            Data::Token68(text) => Some(text),
            Data::Parameters(_) => None,
        }
    }

    /// Appends the value of a field.
    pub(super) fn write_to(&self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.scheme.as_bytes());
        match &self.data {
            Data::Token68(text) => {
                out.push(b' ');
                out.extend_from_slice(text.as_bytes());
            }
            Data::Parameters(parameters) if parameters.is_empty() => {}
            Data::Parameters(parameters) => {
                out.push(b' ');
                parameters.write_to(out);
            }
        }
    }

    pub(super) fn into_owned(self) -> SchemeData<'static> {
        let data = match self.data {
            Data::Token68(text) => Data::Token68(Cow::Owned(text.into_owned())),
            Data::Parameters(parameters) => Data::Parameters(parameters.into_owned()),
        };
        SchemeData { scheme: Cow::Owned(self.scheme.into_owned()), data }
    }
}

impl PartialEq for SchemeData<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.is(&other.scheme) && self.data == other.data
    }
}

impl Eq for SchemeData<'_> {}

/// Returns an error at the first byte with which a text is no token68.
pub(super) fn check_token68(text: &[u8]) -> Result<(), FieldError> {
    let mut cursor = Cursor::new(text);
    match take_token68(&mut cursor) {
        [_, ..] if cursor.peek().is_none() => Ok(()),
        _ => Err(FieldError::new(FieldErrorKind::Token68, cursor.offset())),
    }
}

/// Reads as much of a token68 as comes next, possibly nothing.
fn take_token68<'a>(cursor: &mut Cursor<'a>) -> &'a [u8] {
    let start = *cursor;
    if !cursor.take(Class::TOKEN68).is_empty() {
        while cursor.eat(b'=') {}
    }
    start.rest().split_at(cursor.offset() - start.offset()).0
}

/// Returns whether the member at the cursor begins a challenge, behind parameters: whether it has a token in
/// front, and no `=` behind that.
///
/// What has neither is malformed, and the challenge in front of it with it. Without its last parameters
/// a challenge could ask for less than the server did.
fn is_challenge(mut cursor: Cursor<'_>) -> bool {
    let name = cursor.take(Class::TOKEN);
    cursor.skip_ows();
    !name.is_empty() && cursor.peek() != Some(b'=')
}

/// Reads a token68 that ends its member, and the whitespace behind it; the cursor stays where it stands if
/// there is none.
fn token68<'a>(cursor: &mut Cursor<'a>) -> Result<&'a str, FieldError> {
    let mut at = *cursor;
    let text = take_token68(&mut at);
    at.skip_ows();
    match at.peek() {
        None | Some(b',') if !text.is_empty() => {
            *cursor = at;
            Ok(ascii(text))
        }
        _ => Err(FieldError::new(FieldErrorKind::Token68, at.offset())),
    }
}
