//! Typed values of header fields: bytes in, value, bytes out.
//!
//! Each file owns one kind of value. A type has `parse`, which takes a field's value, and writes
//! its canonical form by `Display` or `encode`; it knows nothing of maps, messages or clocks.
//!
//! ```
//! use nethttp::field::HttpDate;
//!
//! let date = HttpDate::parse(b"Sun, 06 Nov 1994 08:49:37 GMT")?;
//! assert_eq!(date.unix(), 784_111_777);
//! # Ok::<(), nethttp::field::DateError>(())
//! ```

mod allow;
mod cache_control;
pub mod conditional;
mod content_encoding;
mod content_language;
mod date;
mod error;
mod etag;
mod language_tag;
mod media_type;
mod range;
mod retry_after;
mod user_agent;
mod vary;

pub use allow::Allow;
pub use cache_control::{CacheControl, CacheDirective, CacheScope};
pub use content_encoding::{ContentCoding, ContentEncoding, OtherCoding};
pub use content_language::ContentLanguage;
pub use date::{DateError, DateErrorKind, HttpDate};
pub use error::{FieldError, FieldErrorKind};
pub use etag::{ETag, ETagList};
pub use language_tag::{LanguageRange, LanguageTag};
pub use media_type::MediaType;
#[cfg(feature = "std")]
pub use range::ByteRangesReader;
pub use range::{
    AcceptRanges, Boundary, ByteRange, ByteRanges, ByteRangesPiece, ContentRange, Range,
    RangeParts, RangeSelection,
};
pub use retry_after::RetryAfter;
pub use user_agent::{Comment, Product, UserAgent, UserAgentPart, UserAgentParts};
pub use vary::Vary;
