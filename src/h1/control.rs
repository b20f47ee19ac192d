//! What the fields of a head say about the message itself: one walk over them, for everybody who asks.

use super::error::{ParseError, ParseErrorKind as Kind};
use super::head::{Field, Fields};
use crate::syntax::{Class, members, parse_decimal, trim_ows};

/// The fields that steer framing and the connection, read but not yet judged. Line folds in them are
/// spaces.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Control<'b> {
    pub(super) host: Host<'b>,
    pub(super) length: Length,
    pub(super) coding: Coding,
    pub(super) connection: ConnectionOptions,
    pub(super) expect: Expect,
    /// There is an Upgrade field.
    pub(super) upgrade: bool,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) enum Host<'b> {
    #[default]
    Missing,
    One(&'b [u8], usize),
    /// A second one, at this offset.
    Repeated(usize),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Length {
    #[default]
    Missing,
    One(u64, usize),
    /// The same number more than once.
    Repeated(u64, usize),
    Invalid(usize),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Coding {
    #[default]
    Missing,
    /// `chunked` and nothing else.
    Chunked(usize),
    /// `chunked` at the end, behind other codings.
    OthersThenChunked(usize),
    /// Other codings only.
    Others(usize),
    /// `chunked` that is not last or stands twice, an empty member, a parameter, no token.
    Invalid(usize),
}

/// The options of all Connection fields.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ConnectionOptions {
    pub(crate) close: bool,
    pub(crate) keep_alive: bool,
    pub(crate) te: bool,
    pub(crate) upgrade: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Expect {
    #[default]
    Nothing,
    Continue,
    Unknown(usize),
}

impl<'b> Control<'b> {
    pub(super) fn read(fields: &Fields<'b, '_>) -> Self {
        let mut control = Self::default();
        for field in fields.iter() {
            // The length sorts nearly every other field out.
            match field.name().len() {
                4 if field.is_named("Host") => control.host(&field),
                6 if field.is_named("Expect") => control.expect(&field),
                7 if field.is_named("Upgrade") => control.upgrade = true,
                10 if field.is_named("Connection") => control.connection.read(&field.unfolded()),
                14 if field.is_named("Content-Length") => control.length.read(&field),
                17 if field.is_named("Transfer-Encoding") => control.coding.read(&field),
                _ => {}
            }
        }
        control
    }

    fn host(&mut self, field: &Field<'b>) {
        self.host = match self.host {
            Host::Missing => Host::One(field.value(), field.value_offset()),
            Host::One(..) => Host::Repeated(field.value_offset()),
            repeated @ Host::Repeated(_) => repeated,
        };
    }

    fn expect(&mut self, field: &Field<'b>) {
        for expectation in members(&field.unfolded()) {
            self.expect = match self.expect {
                Expect::Unknown(offset) => Expect::Unknown(offset),
                _ if expectation.eq_ignore_ascii_case(b"100-continue") => Expect::Continue,
                _ => Expect::Unknown(field.value_offset()),
            };
        }
    }
}

impl ConnectionOptions {
    /// Adds the options of one field. `close` on any line counts.
    ///
    /// `Connection = #token`: no option is quoted, so a stray quote hides no comma.
    pub(crate) fn read(&mut self, value: &[u8]) {
        for option in value.split(|&octet| octet == b',').map(trim_ows) {
            match option.len() {
                2 => self.te |= option.eq_ignore_ascii_case(b"TE"),
                5 => self.close |= option.eq_ignore_ascii_case(b"close"),
                7 => self.upgrade |= option.eq_ignore_ascii_case(b"upgrade"),
                10 => self.keep_alive |= option.eq_ignore_ascii_case(b"keep-alive"),
                _ => {}
            }
        }
    }
}

impl Length {
    /// `Content-Length = 1*DIGIT`; a list of them counts as that many fields.
    fn read(&mut self, field: &Field<'_>) {
        let offset = field.value_offset();
        for text in field.unfolded().split(|&octet| octet == b',') {
            *self = match (*self, parse_decimal(trim_ows(text))) {
                (Self::Invalid(offset), _) => Self::Invalid(offset),
                (_, Err(_)) => Self::Invalid(offset),
                (Self::Missing, Ok(length)) => Self::One(length, offset),
                (Self::One(first, _) | Self::Repeated(first, _), Ok(length)) if first == length => {
                    Self::Repeated(length, offset)
                }
                (_, Ok(_)) => Self::Invalid(offset),
            };
        }
    }

    /// The length, if it may be used.
    pub(super) fn check(self, repeated: bool) -> Result<Option<u64>, ParseError> {
        match self {
            Self::Missing => Ok(None),
            Self::One(length, _) => Ok(Some(length)),
            Self::Repeated(length, _) if repeated => Ok(Some(length)),
            Self::Repeated(_, offset) => Err(ParseError::at(Kind::ContentLengthRepeated, offset)),
            Self::Invalid(offset) => Err(ParseError::at(Kind::ContentLength, offset)),
        }
    }
}

impl Coding {
    /// `Transfer-Encoding = #transfer-coding`. A recipient ought to skip empty members; here they are
    /// invalid, because every server reads them differently and only attackers send them.
    fn read(&mut self, field: &Field<'_>) {
        let offset = field.value_offset();
        for coding in field.unfolded().split(|&octet| octet == b',') {
            let coding = trim_ows(coding);
            let chunked = coding.eq_ignore_ascii_case(b"chunked");
            *self = match *self {
                _ if coding.is_empty() || !Class::TOKEN.matches(coding) => Self::Invalid(offset),
                Self::Missing if chunked => Self::Chunked(offset),
                Self::Missing => Self::Others(offset),
                Self::Others(_) if chunked => Self::OthersThenChunked(offset),
                Self::Others(first) => Self::Others(first),
                Self::Chunked(_) | Self::OthersThenChunked(_) => Self::Invalid(offset),
                Self::Invalid(first) => Self::Invalid(first),
            };
        }
    }
}
