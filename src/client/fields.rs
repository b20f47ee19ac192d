//! Fields that callers give, and what is said of one that cannot be sent.

use crate::error::{Error, ErrorKind};
use crate::header::{HeaderError, HeaderErrorKind};

/// Tells which field it is whose value cannot be sent. The value may be a secret, and is not told.
pub(super) fn refused(name: &[u8], error: HeaderError) -> Error {
    let refused = Error::new(ErrorKind::Header).with_source(error);
    match error.kind() {
        HeaderErrorKind::InvalidValueByte(_) | HeaderErrorKind::WhitespaceAround => {
            // A value is looked at behind a name that is a token.
            let name = String::from_utf8_lossy(name);
            refused.with_text(format!("expected a value of {name} that can be sent"))
        }
        _ => refused,
    }
}
