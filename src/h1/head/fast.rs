//! The fast path: one pass over a complete, well-formed head.
//!
//! It answers only when all is well. On anything else (more bytes needed, an error, a leniency, a
//! limit) it declines, and the [scanner](super::scanner) says exactly what is the matter. So nothing
//! here decides what is wrong, and whatever it accepts the scanner accepts too: a law in the tests.
//!
//! A 64-byte block is reduced to a bitmap of the octets that can end a line; the walker takes one line
//! a step from it, and 16 octets at once decide where a name ends.

use super::super::limits::{Config, Limits};
use super::super::scan;
use super::{RawRequest, RawResponse};
use crate::header::FieldSpan;
use crate::method::Method;
use crate::status::StatusCode;
use crate::syntax::Class;
use crate::version::Version;

/// Parses a request head, or declines.
#[inline]
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
    let (line_end, _) = rest.split_first_chunk::<11>()?;
    let version = match line_end {
        b" HTTP/1.1\r\n" => Version::HTTP_11,
        b" HTTP/1.0\r\n" => Version::HTTP_10,
        _ => return None,
    };
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
    Some(RawRequest { method, target, version, len, fields })
}

/// Parses a response head, or declines.
#[inline]
pub(super) fn response(
    buf: &[u8],
    slots: &mut [FieldSpan],
    config: &Config,
) -> Option<RawResponse> {
    let (start, _) = buf.split_first_chunk::<12>()?;
    let [version @ .., b' ', a, b, c] = start else {
        return None;
    };
    let version = match version {
        b"HTTP/1.1" => Version::HTTP_11,
        b"HTTP/1.0" => Version::HTTP_10,
        _ => return None,
    };
    let status = StatusCode::parse(&[*a, *b, *c]).ok()?;
    let mut lines = Lines::new(buf, 12);
    let (line, offset) = lines.next_line()?;
    let reason = match line {
        [] => (offset, offset),
        [b' ', reason @ ..] => (offset + 1, offset + 1 + reason.len()),
        _ => return None,
    };
    let (len, fields) = fields(lines, slots, &config.limits)?;
    Some(RawResponse { version, status, reason, len, fields })
}

/// Fills the slots with the field lines that follow; returns the head's length and their number.
#[inline(always)]
fn fields(
    mut lines: Lines<'_>,
    slots: &mut [FieldSpan],
    limits: &Limits,
) -> Option<(usize, usize)> {
    let capacity = slots.len();
    let mut free = slots.iter_mut();
    loop {
        let from = lines.rest;
        let (line, start) = lines.next_line()?;
        if line.is_empty() {
            let (len, count) = (start + 2, capacity - free.len());
            return (len <= limits.head && count <= limits.fields).then_some((len, count));
        }
        let name_len = match from.first_chunk::<16>().map(scan::name_len) {
            Some(len) if from.get(len) == Some(&b':') => len,
            _ => long_name_len(line)?,
        };
        if name_len == 0 {
            return None;
        }
        let (lead, value) = trim(line.get(name_len + 1..)?);
        let value_start = start + name_len + 1 + lead;
        *free.next()? = FieldSpan::from_offsets(
            start,
            start + name_len,
            value_start,
            value_start + value.len(),
        );
    }
}

/// Names longer than 15 octets, close to the buffer's end, or with token octets that are rare: the
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

/// Strips the whitespace around a value that holds no control octet but HTAB; returns how much stood
/// in front, and the rest.
#[inline(always)]
fn trim(value: &[u8]) -> (usize, &[u8]) {
    if let [b' ', value @ ..] = value
        && let (Some(b'!'..), Some(b'!'..)) = (value.first(), value.last())
    {
        return (1, value);
    }
    trim_slow(value)
}

#[inline(never)]
fn trim_slow(value: &[u8]) -> (usize, &[u8]) {
    let mut inner = value;
    while let [..=b' ', rest @ ..] = inner {
        inner = rest;
    }
    let lead = value.len() - inner.len();
    while let [rest @ .., ..=b' '] = inner {
        inner = rest;
    }
    (lead, inner)
}

/// Splits a head into lines that end with CRLF and hold no control octet but HTAB.
struct Lines<'b> {
    buf: &'b [u8],
    /// What follows the lines taken so far.
    rest: &'b [u8],
    /// The offset of the current block.
    base: usize,
    /// The stop octets of the current block that have not been looked at.
    mask: u64,
}

impl<'b> Lines<'b> {
    #[inline(always)]
    fn new(buf: &'b [u8], start: usize) -> Self {
        // An empty mask in front of the start makes the first step load the block at the start.
        let rest = buf.get(start..).unwrap_or_default();
        Self { buf, rest, base: start.wrapping_sub(64), mask: 0 }
    }

    /// Takes a line: its octets without CRLF, and its offset. `None` is to decline.
    #[inline(always)]
    fn next_line(&mut self) -> Option<(&'b [u8], usize)> {
        let start = self.buf.len() - self.rest.len();
        while self.mask == 0 {
            self.load()?;
            if self.base < start {
                // The LF of a CRLF that straddled two blocks.
                self.mask &= self.mask.wrapping_sub(1);
            }
        }
        let stop = self.base + usize::try_from(self.mask.trailing_zeros()).unwrap_or_default();
        let (line, end) = self.rest.split_at_checked(stop.wrapping_sub(start))?;
        let (crlf, rest) = end.split_first_chunk::<2>()?;
        if u16::from_le_bytes(*crlf) != u16::from_le_bytes(*b"\r\n") {
            return None;
        }
        self.mask &= self.mask - 1;
        self.mask &= self.mask.wrapping_sub(1);
        self.rest = rest;
        Some((line, start))
    }

    /// Goes on to the next block that holds a stop octet.
    #[inline(always)]
    fn load(&mut self) -> Option<()> {
        self.base = self.base.wrapping_add(64);
        let mut blocks = self.buf.get(self.base..)?;
        while let Some((block, after)) = blocks.split_first_chunk::<64>() {
            if let Some(mask) = scan::some_stops(block) {
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
