//! The bricks of every field parser: byte classes, a cursor, `#list`s, parameters, quoted strings,
//! quality values, numbers and percent-encoding ([RFC 9110 §5.6], [RFC 3986 §2.1]).
//!
//! Every parser of this crate is made of these, and so can be a parser for a field that this crate
//! does not know. There is one byte-class table, one lexer for lists and parameters and one percent
//! codec in the crate, and they stand here. Nothing here knows what a field means.
//!
//! ```
//! use nethttp::syntax::Class;
//!
//! assert!(Class::TOKEN.matches(b"X-Request-Id"));
//! assert!(!Class::TOKEN.matches(b"X Request Id"));
//! ```
//!
//! [RFC 9110 §5.6]: https://www.rfc-editor.org/rfc/rfc9110#section-5.6
//! [RFC 3986 §2.1]: https://www.rfc-editor.org/rfc/rfc3986#section-2.1

mod base64;
mod class;
mod cursor;
mod error;
mod escaped;
mod list;
mod number;
mod percent;

pub(crate) use base64::{base64_decode, base64_encode};
pub use class::Class;
pub(crate) use cursor::push_parameter;
pub use cursor::{Cursor, quote, unescape};
pub use error::{SyntaxError, SyntaxErrorKind};
pub use escaped::Escaped;
pub(crate) use list::write_list;
pub use list::{Members, Parameter, Parameters, members, parse_weight, trim_ows};
pub use number::{Digits, hex_digit, parse_decimal};
pub use percent::{PercentEncoded, percent_decode, percent_decode_lossy, percent_encode};
pub(crate) use percent::{decoded, escape, form_decode, form_encode};
