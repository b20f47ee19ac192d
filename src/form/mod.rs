//! Forms, both ways: `application/x-www-form-urlencoded`, and `multipart/form-data`
//! ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)), in which files travel.

mod delimiter;
mod error;
mod limits;
mod parser;
mod part_head;
#[cfg(feature = "std")]
mod reader;
mod urlencoded;
mod writer;

pub use error::{FormError, FormErrorKind};
pub use limits::MultipartLimits;
pub use parser::{MultipartEvent, MultipartParser};
pub use part_head::PartHead;
#[cfg(feature = "std")]
pub use reader::{MultipartReader, PartReader};
pub use urlencoded::{Form, FormIter};
pub use writer::{FormPart, MultipartForm};
