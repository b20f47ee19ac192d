//! Forms, both ways: `application/x-www-form-urlencoded`, and `multipart/form-data`
//! ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)), in which files travel.

mod error;
mod limits;

pub use error::{FormError, FormErrorKind};
pub use limits::MultipartLimits;
