//! Forms, both ways: `application/x-www-form-urlencoded`
//! ([URL standard §5](https://url.spec.whatwg.org/#application/x-www-form-urlencoded)), and
//! `multipart/form-data` ([RFC 7578](https://www.rfc-editor.org/rfc/rfc7578)), in which files travel.
//!
//! | | reading | writing |
//! |---|---|---|
//! | urlencoded | [`Form::parse`] | [`Form::encode`] |
//! | multipart, without I/O | [`MultipartParser`] | [`MultipartForm::encode`] |
//! | multipart, with `std` | `MultipartReader` | `MultipartForm::into_reader` |
//! | in a message | `Request::form`, `Request::multipart` | `RequestBuilder::form`, `RequestBuilder::multipart` |
//!
//! What is read is bounded: [`MultipartLimits`] and [`FormLimits`](crate::uri::FormLimits) have the tables. What
//! a server answers to a form that it refuses is in the [error](FormError).
//!
//! Not here: nested `multipart/mixed`, which is content like any other; charsets but UTF-8, whatever a form says of
//! them; and where files go, of which [`PartHead::safe_file_name`] knows the name.
//!
//! ```
//! use nethttp::field::Boundary;
//! use nethttp::form::{FormPart, MultipartEvent, MultipartForm, MultipartLimits, MultipartParser};
//!
//! let boundary = Boundary::parse(b"THIS_STRING_SEPARATES")?;
//! let photo = FormPart::bytes("photo", [0xff, 0xd8, 0xff]).file_name("sea.jpg");
//! let form = MultipartForm::with_boundary(&boundary).text("title", "Holidays").part(photo).encode()?;
//!
//! let mut parser = MultipartParser::new(&boundary, MultipartLimits::DEFAULT);
//! let (mut rest, mut names) = (&form[..], Vec::new());
//! loop {
//!     let (used, event) = parser.receive(rest)?;
//!     match event {
//!         MultipartEvent::Part(head) => names.push(head.name().to_owned()),
//!         MultipartEvent::NeedMore => break,
//!         _ => {}
//!     }
//!     rest = &rest[used..];
//! }
//! parser.finish()?;
//! assert_eq!(names, ["title", "photo"]);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

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
