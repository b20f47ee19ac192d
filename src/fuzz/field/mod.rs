//! Typed values of fields.

use alloc::vec::Vec;

use crate::header::{HeaderMap, Limits};
use crate::syntax::{Class, trim_ows};

/// Reads a value to the letter, and holds it to what is true of every type: an error points into the
/// value, and what is read is written as text that reads as the same and is written as the same.
macro_rules! reads_back {
    ($type:ident of $value:expr, $read:ident => $written:expr) => {{
        let value: &[u8] = $value;
        match $type::parse(value) {
            Ok($read) => {
                {
                    let written = $written;
                    let written: &[u8] = written.as_ref();
                    $crate::fuzz::field::is_text(written);
                    let again = $type::parse(written);
                    assert_eq!(again.as_ref(), Ok(&$read));
                    if let Ok($read) = again {
                        let twice = $written;
                        let twice: &[u8] = twice.as_ref();
                        assert_eq!(twice, written);
                    }
                }
                Some($read)
            }
            Err(error) => {
                assert!(error.offset() <= value.len(), "{error}");
                None
            }
        }
    }};
}

mod caching;
mod conditional;
mod date;
mod disposition;
mod etag;
mod forwarded;
mod list;
mod media_type;
mod range;
mod text;

/// A value that is read to the letter is written as text that reads as the same, the fields of a message
/// give the same and recover what a slow model does, and what a server decides by a value is what a model
/// that follows the RFC step by step decides.
///
/// The first byte chooses the type, the next one does not matter, and the rest are the lines of the
/// field, in some cases with other lines behind them.
///
/// | byte | value | other lines |
/// |---|---|---|
/// | `a` | Retry-After | |
/// | `c` | Content-Range | |
/// | `d` | a date | |
/// | `e` | Content-Encoding | |
/// | `f` | Content-Disposition | |
/// | `g` | Content-Language | |
/// | `h` | Forwarded | |
/// | `k` | Cache-Control | |
/// | `l` | If-None-Match | |
/// | `m` | Content-Type | |
/// | `n` | the name of a file to save | |
/// | `p` | a method | ETag, Last-Modified, and the fields of a request |
/// | `r` | Range | length, boundary, Content-Type |
/// | `s` | User-Agent | |
/// | `t` | ETag | |
/// | `u` | Accept-Ranges | |
/// | `v` | an extended value | |
/// | `w` | Allow | |
/// | `x` | the name of a file | |
/// | `y` | Vary | the fields of two requests, an empty line between them |
pub fn field_values(data: &[u8]) {
    let [chosen, _, data @ ..] = data else {
        return;
    };
    match chosen {
        b'a' => caching::retry_after(data),
        b'c' => range::content_range(data),
        b'd' => date::date(data),
        b'e' => list::content_encoding(data),
        b'f' => disposition::disposition(data),
        b'g' => list::content_language(data),
        b'h' => forwarded::forwarded(data),
        b'k' => caching::cache_control(data),
        b'l' => etag::list(data),
        b'm' => media_type::media_type(data),
        b'n' => disposition::stranger(data),
        b'p' => conditional::conditional(data),
        b'r' => range::range(data),
        b's' => text::user_agent(data),
        b't' => etag::etag(data),
        b'u' => range::accept_ranges(data),
        b'v' => disposition::ext_value(data),
        b'w' => list::allow(data),
        b'x' => media_type::file_name(data),
        b'y' => caching::vary(data),
        _ => {}
    }
}

/// What is written can stand in a field: it holds neither CR nor LF nor another control.
#[track_caller]
fn is_text(written: &[u8]) {
    assert!(Class::FIELD.matches(written), "{}", written.escape_ascii());
}

/// The lines of a field, without the whitespace around them that is not part of a value.
fn lines(data: &[u8]) -> Vec<&[u8]> {
    data.split(|&octet| octet == b'\n').map(trim_ows).collect()
}

/// A message with a field of a name on these lines; `None` if one of them is no value.
fn message(name: &str, lines: &[&[u8]]) -> Option<HeaderMap> {
    let mut headers = HeaderMap::with_limits(Limits::DEFAULT.bytes(usize::MAX));
    lines.iter().try_for_each(|line| headers.append(name, line)).ok()?;
    Some(headers)
}

/// The fields of a block; lines that are no field are left out.
fn fields(lines: &[&[u8]]) -> HeaderMap {
    let mut headers = HeaderMap::with_limits(Limits::DEFAULT.bytes(usize::MAX));
    for line in lines {
        let mut parts = line.splitn(2, |&octet| octet == b':');
        if let (Some(name), Some(value)) = (parts.next(), parts.next()) {
            // What is no field is left out.
            let _ = headers.append(name, trim_ows(value));
        }
    }
    headers
}
