//! Cookies: the `Cookie` and `Set-Cookie` fields and the jar that lies between them,
//! [RFC 6265](https://www.rfc-editor.org/rfc/rfc6265) and the text that obsoletes it,
//! [6265bis](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22).

mod context;
mod date;
mod delta;
mod error;
mod file;
mod jar;
mod pairs;
mod prefix;
mod profile;
mod request_uri;
mod segments;
mod set_cookie;
mod suffix;

pub use context::Context;
pub use date::parse_date;
pub use delta::DeltaJar;
pub use error::{CookieError, CookieErrorKind};
#[cfg(feature = "std")]
pub use file::MAX_FILE_LEN;
pub use file::{
    CookieFileError, CookieFileErrorKind, CookieFileReport, FileFormat, MAX_FILE_ERRORS,
    MAX_LINE_LEN,
};
pub use jar::{Config, Cookie, CookieJar, Rejected, Stored};
pub use pairs::{CookiePair, CookiePairs};
pub use prefix::Prefix;
pub use profile::Profile;
pub use set_cookie::{SameSite, SetCookie, SetCookieBuilder};
pub use suffix::{DefaultSuffixes, PublicSuffix, SuffixList, SuffixListError, SuffixListErrorKind};

/// The bytes that name and value of a cookie may have together,
/// [6265bis §5.6](https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis-22#section-5.6).
pub const MAX_PAIR_LEN: usize = 4096;

/// Returns a value without the quotes around it, if it has both.
const fn unquoted(value: &[u8]) -> &[u8] {
    match value {
        [b'"', inner @ .., b'"'] => inner,
        _ => value,
    }
}
