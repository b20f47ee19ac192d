//! From a text to a pattern.

use super::error::{PatternError, PatternErrorKind as Kind};
use super::hosts::HostPattern;
use super::pattern::{End, Pattern, Segment, first_segment};
use crate::method::Method;
use crate::syntax::{Class, percent_decode};
use crate::uri::first_dot_segment;

/// Parses the pattern of a route.
pub(super) fn pattern(text: &str) -> Result<Pattern, PatternError> {
    let (method, target_at) = method(text)?;
    let target = text.get(target_at..).unwrap_or_default();
    let Some(host_len) = target.find('/') else {
        return Err(found(Kind::MissingSlash, text, text.len()));
    };
    let path_at = target_at + host_len;
    let host = host(text, target_at, path_at)?;
    let (segments, end) = (Vec::new(), End::Here);
    let text = text.to_owned();
    let mut pattern = Pattern { text, method, host, target_at, path_at, segments, end };
    pattern.push_segments()?;
    Ok(pattern)
}

/// Parses the pattern of a route for every method.
pub(super) fn any(text: &str) -> Result<Pattern, PatternError> {
    let pattern = pattern(text)?;
    match pattern.method {
        Some(_) => Err(PatternError::new(Kind::UnexpectedMethod, None, 0)),
        None => Ok(pattern),
    }
}

/// Parses the pattern of where a handler is mounted: `/static`, or `/` alone for everything.
pub(super) fn prefix(text: &str) -> Result<Pattern, PatternError> {
    let mut pattern = any(text)?;
    let slash = text.rfind('/').unwrap_or(0);
    let is_page = pattern.segments.last() == Some(&Segment::Literal(Box::default()));
    match pattern.end {
        End::Rest(Some(_)) => Err(PatternError::new(Kind::RestInPrefix, None, slash + 1)),
        End::Rest(None) if slash != pattern.path_at => {
            Err(PatternError::new(Kind::PrefixSlash, None, slash))
        }
        End::Here if is_page => Err(PatternError::new(Kind::PrefixSlash, None, slash)),
        _ => {
            pattern.end = End::Below;
            Ok(pattern)
        }
    }
}

/// Splits a method, and the space behind it, off a text: what has a space before its first slash has one.
pub(super) fn split_method(text: &str) -> (Option<&str>, &str) {
    let start = text.split('/').next().unwrap_or_default();
    match start.split_once([' ', '\t']) {
        Some((method, _)) => {
            let rest = text.get(method.len()..).unwrap_or_default();
            (Some(method), rest.trim_start_matches([' ', '\t']))
        }
        None => (None, text),
    }
}

/// Returns the method, and where what follows it begins.
fn method(text: &str) -> Result<(Option<Method>, usize), PatternError> {
    let (method, rest) = split_method(text);
    let Some(method) = method else {
        return Ok((None, 0));
    };
    let parsed = Method::parse(method.as_bytes());
    let method = parsed.map_err(|error| found(Kind::InvalidMethod, text, error.offset()))?;
    Ok((Some(method), text.len() - rest.len()))
}

/// Returns the host between two bytes of a text.
fn host(text: &str, start: usize, end: usize) -> Result<Option<HostPattern>, PatternError> {
    let host = text.get(start..end).unwrap_or_default();
    if host.is_empty() {
        return Ok(None);
    }
    if host.contains([' ', '\t']) {
        return Err(PatternError::new(Kind::UnexpectedMethod, None, start));
    }
    match HostPattern::parse(host) {
        Ok(host) => Ok(Some(host)),
        Err(at) => Err(found(Kind::InvalidHost, text, start + at)),
    }
}

impl Pattern {
    /// Reads the segments and the end from the path.
    fn push_segments(&mut self) -> Result<(), PatternError> {
        let path = self.path().to_owned();
        let mut rest = path.get(1..);
        let mut at = self.path_at;
        while let Some(segments) = rest {
            at += 1;
            let segment;
            (segment, rest) = first_segment(segments);
            self.push(segment, at, rest.is_none())?;
            at += segment.len();
        }
        Ok(())
    }

    /// Adds the segment that stands at a byte.
    fn push(&mut self, segment: &str, at: usize, is_last: bool) -> Result<(), PatternError> {
        if segment.is_empty() && is_last {
            self.end = End::Rest(None);
            return Ok(());
        }
        if self.segments.len() >= Self::MAX_SEGMENTS {
            return Err(PatternError::new(Kind::TooManySegments, None, at));
        }
        if segment == "{$}" {
            self.segments.push(Segment::Literal(Box::default()));
            let error = PatternError::new(Kind::EndNotLast, None, at);
            return if is_last { Ok(()) } else { Err(error) };
        }
        match segment.strip_prefix('{') {
            Some(inner) => self.push_parameter(inner, at, is_last),
            None => {
                let literal = literal(&self.text, segment, at)?;
                self.segments.push(Segment::Literal(literal));
                Ok(())
            }
        }
    }

    /// Adds what stands behind the brace at a byte.
    fn push_parameter(
        &mut self,
        inner: &str,
        at: usize,
        is_last: bool,
    ) -> Result<(), PatternError> {
        let (name, after) = inner.split_at(name_len(inner));
        let after_at = at + 1 + name.len();
        if name.is_empty() {
            return Err(found(Kind::MissingName, &self.text, after_at));
        }
        if self.names().any(|other| other == name) {
            return Err(PatternError::new(Kind::DuplicateName, None, at + 1));
        }
        let (dots, brace) = match after.strip_prefix("...") {
            Some(brace) => (3, brace),
            None => (0, after),
        };
        match brace.strip_prefix('}') {
            None => Err(found(Kind::UnclosedName, &self.text, after_at + dots)),
            Some("") if dots == 0 => {
                self.segments.push(Segment::Parameter(name.into()));
                Ok(())
            }
            Some("") if is_last => {
                self.end = End::Rest(Some(name.into()));
                Ok(())
            }
            Some("") => Err(PatternError::new(Kind::RestNotLast, None, at)),
            Some(_) => Err(found(Kind::PartialSegment, &self.text, after_at + dots + 1)),
        }
    }
}

/// Decodes a literal segment, which stands at a byte of a pattern.
fn literal(pattern: &str, segment: &str, at: usize) -> Result<Box<[u8]>, PatternError> {
    if segment.is_empty() {
        return Err(found(Kind::EmptySegment, pattern, at));
    }
    let is_wrong = |octet: u8| octet.is_ascii_control() || b"?#{}".contains(&octet);
    if let Some((wrong, octet)) = segment.bytes().enumerate().find(|&(_, octet)| is_wrong(octet)) {
        let is_brace = matches!(octet, b'{' | b'}');
        let kind = if is_brace { Kind::PartialSegment } else { Kind::InvalidByte };
        return Err(found(kind, pattern, at + wrong));
    }
    if first_dot_segment(segment).is_some() {
        return Err(PatternError::new(Kind::DotSegment, None, at));
    }
    match percent_decode(segment.as_bytes()) {
        Ok(decoded) => Ok(decoded.into_owned().into()),
        Err(error) => {
            let digits = segment.as_bytes().get(error.offset() + 1..).unwrap_or_default();
            let wrong = error.offset() + 1 + Class::HEXDIG.prefix_len(digits);
            Err(found(Kind::InvalidPercent, pattern, at + wrong))
        }
    }
}

/// Returns how much of a text is a name.
fn name_len(text: &str) -> usize {
    let is_name = |&(at, char): &(usize, char)| {
        char.is_alphabetic() || char == '_' || at > 0 && char.is_numeric()
    };
    text.char_indices().take_while(is_name).map(|(_, char)| char.len_utf8()).sum()
}

/// An error about a byte of a pattern, or its end.
fn found(kind: Kind, pattern: &str, at: usize) -> PatternError {
    PatternError::new(kind, pattern.as_bytes().get(at).copied(), at)
}
