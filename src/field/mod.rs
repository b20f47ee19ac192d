//! Typed values of header fields: bytes in, value, bytes out.
//!
//! Each module owns one kind of value. A type has `parse`, which takes one field value and wants the grammar
//! to the letter; most have `from_headers`, which takes the fields of a message and makes of them what
//! a recipient should: of any number of lines, past what is malformed where the RFC lets it recover,
//! and as an error where it does not. What is text is written by `Display`; for values that may hold other
//! bytes, entity tags and User-Agent, `Display` is for people, and `as_bytes` or `encode` gives the value.
//! Nothing here reads a clock or a file unless it is handed one.
//!
//! | field | type |
//! |---|---|
//! | Accept-Ranges | [`AcceptRanges`] |
//! | Allow | [`Allow`] |
//! | Authorization, Proxy-Authorization | [`auth::Credentials`] |
//! | Authentication-Info, Proxy-Authentication-Info | [`auth::AuthenticationInfo`] |
//! | Cache-Control | [`CacheControl`] |
//! | Content-Disposition | [`ContentDisposition`], [`safe_file_name`] |
//! | Content-Encoding | [`ContentEncoding`] |
//! | Content-Language | [`ContentLanguage`] |
//! | Content-Range | [`ContentRange`] |
//! | Content-Type | [`MediaType`] |
//! | Date, Expires, Last-Modified | [`HttpDate`] |
//! | ETag | [`ETag`] |
//! | Forwarded, X-Forwarded-For | [`forwarded::Forwarded`], [`forwarded::TrustedProxies`] |
//! | If-Match, If-None-Match | [`ETagList`], [`conditional`] |
//! | If-Modified-Since, If-Unmodified-Since, If-Range | [`conditional`] |
//! | Range | [`Range`], [`ByteRanges`] |
//! | Retry-After | [`RetryAfter`] |
//! | User-Agent, and Server by [`UserAgent::parse`] | [`UserAgent`] |
//! | Vary | [`Vary`] |
//! | WWW-Authenticate, Proxy-Authenticate | [`auth::Challenges`] |
//! | parameters whose name ends with `*` | [`ExtValue`] |
//!
//! What is read is bounded, always:
//!
//! | limit | most | above it `parse` | above it `from_headers` |
//! |---|--:|---|---|
//! | [`MediaType::MAX_PARAMETERS`] | 64 | is an error | drops them |
//! | [`ContentDisposition::MAX_PARAMETERS`] | 64 | is an error | drops them |
//! | a Content-Type or Content-Disposition that is said again | 8 | | is an error |
//! | [`ETagList::MAX_MEMBERS`] | 128 | is an error | drops them, and says so ([`ETagList::is_partial`]) |
//! | [`Range::MAX_MEMBERS`] | 200 | is an error | ignores the field |
//! | [`Range::MAX_PARTS`], when ranges are resolved | 16 | sends the whole | sends the whole |
//! | [`AcceptRanges::MAX_MEMBERS`] | 16 | is an error | drops them |
//! | [`Allow::MAX_METHODS`], [`ContentLanguage::MAX_TAGS`] | 64 | is an error | drops them |
//! | [`ContentEncoding::MAX_CODINGS`] | 5 | is an error | is an error |
//! | [`forwarded::Forwarded::MAX_ELEMENTS`] | 32 | is an error | drops those on the left, and says so |
//! | [`forwarded::Element::MAX_PARAMETERS`] | 16 | is an error | drops the element and those on its left |
//! | [`CacheControl::MAX_EXTENSIONS`] | 32 | is an error | drops them |
//! | [`CacheControl::MAX_FIELDS`] | 64 | is an error | takes it for all fields |
//! | [`CacheControl::MAX_SECONDS`], [`RetryAfter::MAX_DELAY`] | 2^31 s | is that much | is that much |
//! | [`Vary::MAX_NAMES`] | 64 | is an error | is `*` |
//! | [`UserAgent::MAX_DEPTH`] | 16 | is an error | is not looked at |
//! | [`auth::Challenges::MAX_CHALLENGES`] | 16 | is an error | drops them |
//! | [`auth::AuthParameters::MAX_PARAMETERS`] | 32 | is an error | drops the challenge; is an error in credentials |
//!
//! The fields in which a client says what it wants are in the room `negotiate`.
//!
//! ```
//! use nethttp::HeaderMap;
//! use nethttp::field::{HttpDate, MediaType};
//!
//! let mut headers = HeaderMap::new();
//! headers.append("Content-Type", "text/html; charset=utf-8")?;
//! headers.append("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT")?;
//!
//! let date = headers.get("Last-Modified").map(HttpDate::parse).transpose()?;
//! assert_eq!(date.map(HttpDate::unix), Some(784_111_777));
//! let media_type = MediaType::from_headers(&headers)?.ok_or("no Content-Type")?;
//! assert_eq!(media_type.essence(), "text/html");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod allow;
pub mod auth;
mod cache_control;
pub mod conditional;
mod content_encoding;
mod content_language;
mod date;
mod delta;
mod disposition;
mod error;
mod etag;
mod ext_value;
pub mod forwarded;
mod language_tag;
mod media_type;
mod parameter;
mod range;
mod retry_after;
mod user_agent;
mod vary;

pub use allow::Allow;
pub use cache_control::{CacheControl, CacheDirective, CacheScope};
pub use content_encoding::{ContentCoding, ContentEncoding, OtherCoding};
pub use content_language::ContentLanguage;
pub use date::{DateCache, DateError, DateErrorKind, HttpDate};
pub use disposition::{ContentDisposition, safe_file_name};
pub use error::{FieldError, FieldErrorKind};
pub use etag::{ETag, ETagList};
pub use ext_value::ExtValue;
pub use language_tag::{LanguageRange, LanguageTag};
pub(crate) use language_tag::{fallbacks, falls_back_to, is_prefix, split_range};
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
