//! The fast path: one pass over a complete, well-formed head.
//!
//! It answers only when all is well. On anything else (more bytes needed, an error, a leniency, a
//! limit) it declines, and the [scanner](super::scanner) says exactly what is the matter. So nothing
//! here decides what is wrong, and whatever it accepts the scanner accepts too: a law in the tests.
//!
//! A 64-byte block is reduced to a bitmap of the bytes that can end a line; the walker takes one line
//! a step from it, and 16 bytes at once decide where a name ends.

use super::{RawRequest, RawResponse};
use crate::h1::limits::{Config, Limits};
use crate::h1::scan::{self, Stops};
use crate::header::FieldSpan;
use crate::method::Method;
use crate::status::StatusCode;
use crate::syntax::Class;
use crate::version::Version;

/// Parses a request head, or declines.
#[inline(always)]
pub(super) fn request(buf: &[u8], slots: &mut [FieldSpan], config: &Config) -> Option<RawRequest> {
    let method_end = match buf.first_chunk::<4>() {
        Some(b"GET ") => 3,
        _ => Class::TOKEN.prefix_len(buf.get(..=Method::MAX_LEN)?),
    };
    let (method, target) = buf.split_at_checked(method_end)?;
    let [b' ', target @ ..] = target else {
        return None;
    };
    let (target, rest) = target.split_at_checked(scan::target_len(target))?;
    let ([b' ', rest @ ..], _) = rest.split_first_chunk::<11>()? else {
        return None;
    };
    let (version, line_end) = rest.split_first_chunk::<8>()?;
    let version = version_of(version)?;
    if line_end != b"\r\n" {
        return None;
    }
    if target.is_empty() || target.len() > config.limits.target {
        return None;
    }
    let method = if method_end == 3 && method == b"GET" {
        Method::GET
    } else {
        Method::parse(method).ok()?
    };
    let target = (method_end + 1, method_end + 1 + target.len());
    let (len, fields) = fields(Lines::new(buf, target.1 + 11), slots, &config.limits)?;
    Some(RawRequest { method, target, version, len, fields, may_fold: false })
}

/// Parses a response head, or declines.
#[inline(always)]
pub(super) fn response(
    buf: &[u8],
    slots: &mut [FieldSpan],
    config: &Config,
) -> Option<RawResponse> {
    let (version, rest) = buf.split_first_chunk::<8>()?;
    let version = version_of(version)?;
    let Some((&[b' ', a, b, c], _)) = rest.split_first_chunk::<4>() else {
        return None;
    };
    let [a, b, c] = [a, b, c].map(|octet| u16::from(octet.wrapping_sub(b'0')));
    if a > 9 || b > 9 || c > 9 {
        return None;
    }
    let status = StatusCode::from_u16(a * 100 + b * 10 + c).ok()?;
    let mut lines = Lines::new(buf, 12);
    let end = lines.next_end()?;
    let reason = match buf.get(12)? {
        b' ' => (13, end),
        _ if end == 12 => (end, end),
        _ => return None,
    };
    lines.start = end + 2;
    let (len, fields) = fields(lines, slots, &config.limits)?;
    Some(RawResponse { version, status, reason, len, fields, may_fold: false })
}

/// The two versions that are worth a shortcut. (An array is compared at once, a pattern byte by byte.)
#[inline(always)]
fn version_of(text: &[u8; 8]) -> Option<Version> {
    if *text == *b"HTTP/1.1" {
        Some(Version::HTTP_11)
    } else {
        (*text == *b"HTTP/1.0").then_some(Version::HTTP_10)
    }
}

/// Fills the slots with the field lines that follow; returns the head's length and their number.
///
/// Offsets into one buffer, rather than a slice for each line, keep all of the state in registers.
#[inline(always)]
fn fields(
    mut lines: Lines<'_>,
    slots: &mut [FieldSpan],
    limits: &Limits,
) -> Option<(usize, usize)> {
    let buf = lines.buf;
    let capacity = slots.len();
    let mut free = slots.iter_mut();
    loop {
        let start = lines.start;
        let end = lines.next_end()?;
        lines.start = end + 2;
        if start == end {
            let (len, count) = (end + 2, capacity - free.len());
            return (len <= limits.longest_head() && count <= limits.fields)
                .then_some((len, count));
        }
        let mut colon = match buf.get(start..)?.first_chunk::<16>() {
            Some(block) => start + scan::name_len(block),
            None => start,
        };
        if buf.get(colon) != Some(&b':') {
            colon = start + long_name_len(buf.get(start..end)?)?;
        }
        if colon == start {
            return None;
        }
        let lead = colon + 1 + usize::from(*buf.get(colon + 1)? == b' ');
        let (value_start, value_end) = match (buf.get(lead)?, buf.get(end - 1)?) {
            (b'!'.., b'!'..) if lead < end => (lead, end),
            _ => trim(buf, colon + 1, end),
        };
        *free.next()? = FieldSpan::from_offsets(start, colon, value_start, value_end);
    }
}

/// Names longer than 15 bytes, close to the buffer's end, or with token bytes that are rare: the
/// length of one that a colon follows.
#[inline(never)]
fn long_name_len(line: &[u8]) -> Option<usize> {
    let mut rest = line;
    while let Some((block, after)) = rest.split_first_chunk::<16>() {
        let len = scan::name_len(block);
        if len < 16 {
            rest = rest.get(len..)?;
            break;
        }
        rest = after;
    }
    let len = line.len() - rest.len() + Class::TOKEN.prefix_len(rest);
    (line.get(len) == Some(&b':')).then_some(len)
}

/// Strips the whitespace around a value, which holds no control byte but HTAB.
#[inline(never)]
fn trim(buf: &[u8], start: usize, end: usize) -> (usize, usize) {
    let value = buf.get(start..end).unwrap_or_default();
    let lead = Class::OWS.prefix_len(value);
    let trail = value.iter().rev().take_while(|&&octet| Class::OWS.contains(octet)).count();
    (start + lead, end.saturating_sub(trail).max(start + lead))
}

/// Finds the ends of lines that end with CRLF and hold no control byte but HTAB.
struct Lines<'b> {
    buf: &'b [u8],
    /// Where the current line starts.
    start: usize,
    /// The offset of the current block.
    base: usize,
    /// The stop bytes of the current block that have not been looked at.
    mask: u64,
    /// Exact as soon as HTAB or obs-text has been met.
    stops: Stops,
}

impl<'b> Lines<'b> {
    #[inline(always)]
    const fn new(buf: &'b [u8], start: usize) -> Self {
        // An empty mask in front of the start makes the first step load the block at the start.
        Self { buf, start, base: start.wrapping_sub(64), mask: 0, stops: Stops::Likely }
    }

    /// Returns where the current line ends: the offset of its CRLF. `None` is to decline.
    #[inline(always)]
    fn next_end(&mut self) -> Option<usize> {
        loop {
            while self.mask == 0 {
                self.load()?;
                if self.base < self.start {
                    // The LF of a CRLF that straddled two blocks.
                    self.mask &= self.mask.wrapping_sub(1);
                }
            }
            let end = self.base + usize::try_from(self.mask.trailing_zeros()).unwrap_or_default();
            let crlf = self.buf.get(end..)?.first_chunk::<2>()?;
            if u16::from_le_bytes(*crlf) == u16::from_le_bytes(*b"\r\n") {
                self.mask &= self.mask - 1;
                self.mask &= self.mask.wrapping_sub(1);
                return Some(end);
            }
            self.be_exact(end)?;
        }
    }

    /// Looks at the rest of the block again, if what stopped is allowed in a line.
    #[cold]
    #[inline(never)]
    fn be_exact(&mut self, end: usize) -> Option<()> {
        let allowed = Class::FIELD.contains(*self.buf.get(end)?);
        if self.stops == Stops::Exact || !allowed {
            return None;
        }
        self.stops = Stops::Exact;
        let block = self.buf.get(self.base..)?.first_chunk::<64>()?;
        let seen = u64::MAX << (end - self.base);
        self.mask = scan::stops(block, Stops::Exact).unwrap_or(0) & seen;
        Some(())
    }

    /// Goes on to the next block that holds a stop byte.
    #[inline(always)]
    fn load(&mut self) -> Option<()> {
        self.base = self.base.wrapping_add(64);
        let mut blocks = self.buf.get(self.base..)?;
        while let Some((block, after)) = blocks.split_first_chunk::<64>() {
            if let Some(mask) = scan::stops(block, self.stops) {
                self.mask = mask;
                return Some(());
            }
            blocks = after;
            self.base += 64;
        }
        self.mask = scan::stops_tail(self.buf, self.base);
        (self.mask != 0).then_some(())
    }
}
