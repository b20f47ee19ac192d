//! Splits a head that the scanner has found complete and acceptable.
//!
//! Serves the heads that the fast path declines though they are good: empty lines in front, versions
//! other than 1.0 and 1.1, and everything that a leniency lets through. Since the scanner has checked
//! the form, nothing is refused here but a shortage of slots.

use super::{RawRequest, RawResponse};
use crate::h1::error::{ParseError, ParseErrorKind as Kind};
use crate::h1::limits::Leniency;
use crate::header::FieldSpan;
use crate::method::Method;
use crate::status::StatusCode;
use crate::syntax::Class;
use crate::version::Version;

pub(super) fn request(
    head: &[u8],
    slots: &mut [FieldSpan],
    leniency: &Leniency,
) -> Result<RawRequest, ParseError> {
    let start = start_line(head);
    let line = line_at(head, start);
    let method_len = Class::TOKEN.prefix_len(line);
    let after_method = line.get(method_len..).unwrap_or_default();
    let target_start = start + method_len + Class::OWS.prefix_len(after_method);
    let target = head.get(target_start..).unwrap_or_default();
    let target_len = target.iter().position(u8::is_ascii_whitespace).unwrap_or(target.len());
    let after_target = target.get(target_len..).unwrap_or_default();
    let version = after_target.get(Class::OWS.prefix_len(after_target)..).unwrap_or_default();
    let method = line
        .get(..method_len)
        .and_then(|method| Method::parse(method).ok())
        .ok_or(ParseError::at(Kind::MethodTooLong, start))?;
    Ok(RawRequest {
        method,
        target: (target_start, target_start + target_len),
        version: version_of(version),
        len: head.len(),
        fields: fields(head, after_line(head, start), slots, leniency)?,
        may_fold: leniency.obs_fold,
    })
}

pub(super) fn response(
    head: &[u8],
    slots: &mut [FieldSpan],
    leniency: &Leniency,
) -> Result<RawResponse, ParseError> {
    let start = start_line(head);
    let line = line_at(head, start);
    let status = line.get(9..12).and_then(|digits| StatusCode::parse(digits).ok());
    let reason_len = line.get(13..).unwrap_or_default().len();
    let reason = start + line.len() - reason_len;
    Ok(RawResponse {
        version: version_of(line),
        status: status.ok_or(ParseError::at(Kind::Status(b' '), start + 9))?,
        reason: (reason, reason + reason_len),
        len: head.len(),
        fields: fields(head, after_line(head, start), slots, leniency)?,
        may_fold: leniency.obs_fold,
    })
}

/// Fills the slots with the field lines from an offset on; returns their number.
pub(super) fn fields(
    head: &[u8],
    mut start: usize,
    slots: &mut [FieldSpan],
    leniency: &Leniency,
) -> Result<usize, ParseError> {
    let capacity = slots.len();
    let mut free = slots.iter_mut();
    while !line_at(head, start).is_empty() {
        let mut end = after_line(head, start);
        while let Some(b' ' | b'\t') = head.get(end) {
            end = after_line(head, end);
        }
        if let Some(span) = field(head, start, end, leniency) {
            *free.next().ok_or(ParseError::at(Kind::TooManyFields, start))? = span;
        }
        start = end;
    }
    Ok(capacity - free.len())
}

/// The field whose line, and the lines that continue it, are given; `None` if it is to be left out,
/// which [`Leniency::skip_invalid_fields`] has let through.
fn field(head: &[u8], start: usize, end: usize, leniency: &Leniency) -> Option<FieldSpan> {
    let line = head.get(start..end)?;
    let (name, after) = line.split_at_checked(Class::TOKEN.prefix_len(line))?;
    let [b':', value @ ..] = after else {
        return None;
    };
    let line_end = |octet: u8| matches!(octet, b'\r' | b'\n');
    let fits = |&octet: &u8| Class::FIELD.contains(octet) || line_end(octet);
    if name.is_empty() || !(leniency.ctl_in_value || value.iter().all(fits)) {
        return None;
    }
    let ([value @ .., b'\r', b'\n'] | [value @ .., b'\n'] | value) = value;
    let space = |octet: &&u8| Class::OWS.contains(**octet) || line_end(**octet);
    let lead = value.iter().take_while(space).count();
    let trail = value.iter().skip(lead).rev().take_while(space).count();
    let value_start = start + name.len() + 1 + lead;
    let value_end = start + name.len() + 1 + value.len() - trail;
    Some(FieldSpan::from_offsets(start, start + name.len(), value_start, value_end))
}

/// Where the start-line begins, behind empty lines.
fn start_line(head: &[u8]) -> usize {
    head.iter().position(|octet| !matches!(octet, b'\r' | b'\n')).unwrap_or(head.len())
}

/// The line at an offset, without its end.
fn line_at(head: &[u8], start: usize) -> &[u8] {
    match head.get(start..after_line(head, start)).unwrap_or_default() {
        [line @ .., b'\r', b'\n'] | [line @ .., b'\n'] => line,
        line => line,
    }
}

/// Where the line behind the one at an offset starts.
fn after_line(head: &[u8], start: usize) -> usize {
    let rest = head.get(start..).unwrap_or_default();
    rest.iter().position(|&octet| octet == b'\n').map_or(head.len(), |index| start + index + 1)
}

fn version_of(text: &[u8]) -> Version {
    text.get(..8).and_then(|text| Version::parse(text).ok()).unwrap_or(Version::HTTP_11)
}
