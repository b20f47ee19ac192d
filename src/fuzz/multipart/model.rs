//! Forms by the letter: a whole form at once, with a boundary sought at every byte and nothing kept in mind.
//!
//! [RFC 2046 §5.1.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1) and
//! [RFC 7578 §4](https://www.rfc-editor.org/rfc/rfc7578#section-4), with the choices of the room where these
//! leave one.
//!
//! `tests/form` compiles this file once more; it names nothing but its parent.

use alloc::string::String;
use alloc::vec::Vec;

use super::{FieldErrorKind, FormErrorKind as Kind, MediaType, MultipartLimits, SyntaxErrorKind};

/// What is wrong, and at which byte.
pub(super) type Wrong = (Kind, u64);

/// What was understood of a form, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Form {
    pub(super) parts: Vec<Part>,
    pub(super) end: Result<(), Wrong>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) media_type: Option<String>,
    /// Names and values, as they are written.
    pub(super) fields: Vec<(Vec<u8>, Vec<u8>)>,
    pub(super) content: Vec<u8>,
    /// Whether the delimiter behind it was one.
    pub(super) is_complete: bool,
}

/// Why there is no more to be understood.
enum Stop {
    Wrong(Kind, usize),
    /// It would go on; this is what is wrong with a form that does not.
    Ended(Kind),
}

/// Parses a whole form.
pub(super) fn parse(form: &[u8], boundary: &str, limits: &MultipartLimits) -> Form {
    let total = usize::try_from(limits.total).unwrap_or(usize::MAX);
    let reader = Reader {
        form: &form[..form.len().min(total)],
        delimiter: [b"\r\n--", boundary.as_bytes()].concat(),
        limits,
    };
    let mut parts = Vec::new();
    let end = match reader.form(&mut parts) {
        Err(Stop::Wrong(kind, offset)) => Err((kind, offset)),
        _ if form.len() > total => Err((Kind::TooLong(limits.total), total)),
        Err(Stop::Ended(kind)) => Err((kind, form.len())),
        Ok(()) => Ok(()),
    };
    let wide = |offset| u64::try_from(offset).unwrap_or(u64::MAX);
    Form { parts, end: end.map_err(|(kind, offset)| (kind, wide(offset))) }
}

struct Reader<'a> {
    /// As much of the form as may be looked at.
    form: &'a [u8],
    delimiter: Vec<u8>,
    limits: &'a MultipartLimits,
}

impl Reader<'_> {
    fn form(&self, parts: &mut Vec<Part>) -> Result<(), Stop> {
        let preamble = self.limits.preamble;
        let (len, end) = self.delimited(0);
        within(0, len, preamble, Kind::PreambleTooLong(preamble))?;
        let mut behind = end.ok_or(Stop::Ended(Kind::MissingBoundary))?;
        while let Some(header) = self.line_or_close(behind)? {
            // The part before it has ended where it should.
            if let Some(part) = parts.last_mut() {
                part.is_complete = true;
            }
            let (mut part, start) = self.header(behind, header, parts.len())?;
            let (len, end) = self.delimited(start);
            let (most, kind) = match part.file_name {
                Some(_) => (self.limits.file, Kind::FileTooLong(self.limits.file)),
                None => (self.limits.text, Kind::TextTooLong(self.limits.text)),
            };
            let kept = len.min(usize::try_from(most).unwrap_or(usize::MAX));
            part.content.extend_from_slice(&self.form[start..start + kept]);
            parts.push(part);
            within(start, len, most, kind)?;
            behind = end.ok_or(Stop::Ended(Kind::Truncated))?;
        }
        if let Some(part) = parts.last_mut() {
            part.is_complete = true;
        }
        self.epilogue(behind + 2)
    }

    /// Returns how many bytes from here, which is the start of a line, are no part of a delimiter, and
    /// where it ends if it does.
    fn delimited(&self, from: usize) -> (usize, Option<usize>) {
        let dash_boundary = &self.delimiter[2..];
        for at in from..self.form.len() {
            let rest = &self.form[at..];
            for delimiter in [&self.delimiter, dash_boundary] {
                if delimiter == dash_boundary && at > from {
                    continue;
                }
                if rest.starts_with(delimiter) {
                    return (at - from, Some(at + delimiter.len()));
                }
                if delimiter.starts_with(rest) {
                    return (at - from, None);
                }
            }
        }
        (self.form.len() - from, None)
    }

    /// Returns where the line behind a delimiter ends, or nothing if the delimiter is the last one.
    fn line_or_close(&self, from: usize) -> Result<Option<usize>, Stop> {
        let ended = || Stop::Ended(Kind::Truncated);
        let wrong = |at: usize| Stop::Wrong(Kind::DelimiterEnd(self.form[at]), at);
        match &self.form[from..] {
            [b'-', b'-', ..] => return Ok(None),
            [b'-', _, ..] => return Err(wrong(from + 1)),
            [b'-'] => return Err(ended()),
            _ => {}
        }
        let most = self.limits.header;
        let mut at = from;
        loop {
            let octet = *self.form.get(at).ok_or_else(ended)?;
            let is_behind_cr = at > from && self.form[at - 1] == b'\r';
            let is_due = if is_behind_cr { b"\n" } else { &b" \t\r"[..] };
            if !is_due.contains(&octet) {
                return Err(wrong(at));
            }
            at += 1;
            within(from, at - from, most, Kind::HeaderTooLong(most))?;
            if is_behind_cr {
                return Ok(Some(at));
            }
        }
    }

    /// Returns a part without its content, and where that begins.
    fn header(&self, from: usize, line: usize, parts: usize) -> Result<(Part, usize), Stop> {
        let most = self.limits.header;
        let (mut part, mut has_disposition, mut start) = (Part::default(), false, line);
        if start < self.form.len() && parts == self.limits.parts {
            return Err(Stop::Wrong(Kind::TooManyParts(parts), start));
        }
        loop {
            let line_feed = self.form[start..].iter().position(|&octet| octet == b'\n');
            let end = line_feed.map_or(self.form.len(), |index| start + index + 1);
            within(from, end - from, most, Kind::HeaderTooLong(most))?;
            if line_feed.is_none() {
                return Err(Stop::Ended(Kind::Truncated));
            }
            match &self.form[start..end] {
                b"\r\n" if has_disposition => return Ok((part, end)),
                b"\r\n" => return Err(Stop::Wrong(Kind::Disposition, start)),
                line => self.field(line, start, &mut part, &mut has_disposition)?,
            }
            start = end;
        }
    }

    fn field(
        &self,
        line: &[u8],
        start: usize,
        part: &mut Part,
        has_disposition: &mut bool,
    ) -> Result<(), Stop> {
        let most = self.limits.fields;
        if part.fields.len() == most {
            return Err(Stop::Wrong(Kind::TooManyFields(most), start));
        }
        let colon = count(line, is_token);
        if colon == 0 || line[colon] != b':' {
            return Err(Stop::Wrong(Kind::FieldName(line[colon]), start + colon));
        }
        let value = colon + 1 + count(&line[colon + 1..], is_space);
        let end = value + count(&line[value..], is_text);
        if &line[end..] != b"\r\n" {
            return Err(Stop::Wrong(Kind::FieldValue(line[end]), start + end));
        }
        let (name, text) = (line[..colon].to_ascii_lowercase(), line[value..end].trim_ascii_end());
        let at = start + value;
        match name.as_slice() {
            b"content-disposition" if *has_disposition => {
                return Err(Stop::Wrong(Kind::Disposition, start));
            }
            b"content-disposition" => {
                *has_disposition = true;
                disposition(text, part).map_err(|(kind, index)| Stop::Wrong(kind, at + index))?;
            }
            b"content-type" => {
                let wrong = |kind, index| Stop::Wrong(Kind::PartContentType(kind), at + index);
                if part.media_type.is_some() {
                    return Err(wrong(FieldErrorKind::Single, 0));
                }
                let media_type = MediaType::parse(text);
                let media_type = media_type.map_err(|error| wrong(error.kind(), error.offset()))?;
                part.media_type = Some(media_type.as_str().into());
            }
            b"content-transfer-encoding" => {
                let encoding = text.to_ascii_lowercase();
                if ![&b"7bit"[..], b"8bit", b"binary"].contains(&encoding.as_slice()) {
                    return Err(Stop::Wrong(Kind::TransferEncoding, at));
                }
            }
            _ => {}
        }
        part.fields.push((line[..colon].to_vec(), text.to_vec()));
        Ok(())
    }

    /// What follows the last delimiter: nothing, or padding and CRLF and then anything.
    fn epilogue(&self, from: usize) -> Result<(), Stop> {
        let rest = &self.form[from..];
        let padding = count(rest, is_space);
        let wrong = match &rest[padding..] {
            [] | [b'\r'] | [b'\r', b'\n', ..] => None,
            [b'\r', ..] => Some(padding + 1),
            _ => Some(padding),
        };
        let most = self.limits.epilogue;
        let len = wrong.map_or(rest.len(), |index| index + 1);
        within(from, len, most, Kind::EpilogueTooLong(most))?;
        match wrong {
            Some(index) => Err(Stop::Wrong(Kind::DelimiterEnd(rest[index]), from + index)),
            None => Ok(()),
        }
    }
}

/// Refuses more bytes than permitted at the first one too many.
fn within(from: usize, len: usize, most: impl TryInto<usize>, kind: Kind) -> Result<(), Stop> {
    match most.try_into() {
        Ok(most) if len > most => Err(Stop::Wrong(kind, from + most)),
        _ => Ok(()),
    }
}

/// Reads `form-data; name="a"; filename="b"`.
fn disposition(value: &[u8], part: &mut Part) -> Result<(), (Kind, usize)> {
    let mut at = count(value, is_token);
    if !value[..at].eq_ignore_ascii_case(b"form-data") {
        return Err((Kind::DispositionType, 0));
    }
    let (mut name, mut file_name, mut extended) = (None, None, None);
    loop {
        at += count(&value[at..], is_space);
        match value.get(at) {
            None => break,
            Some(b';') => {}
            Some(_) => return Err((syntax(SyntaxErrorKind::ExpectedSemicolon), at)),
        }
        at += count(&value[at..], |octet| octet == b';' || is_space(octet));
        if at == value.len() {
            break;
        }
        let (parameter, start, text, end) = parameter(value, at)?;
        at = end;
        let slot = match parameter.as_slice() {
            b"name" => &mut name,
            b"filename" => &mut file_name,
            b"filename*" => &mut extended,
            name => {
                let known = ["name*", "filename*"];
                match known.into_iter().find(|known| name.starts_with(known.as_bytes())) {
                    Some(known) => {
                        let kind = Kind::DispositionSyntax(FieldErrorKind::Parameter(known));
                        return Err((kind, start));
                    }
                    None => continue,
                }
            }
        };
        let written = value[start..end].utf8_chunks().next();
        match written.map(|chunk| (chunk.valid().len(), chunk.invalid())) {
            Some((good, [_, ..])) if parameter != b"filename*" => {
                return Err((Kind::Utf8, start + good));
            }
            _ => {}
        }
        let text = String::from_utf8_lossy(&text).into_owned();
        if parameter == b"filename" && text.replace('\\', "/").split('/').any(|part| part == "..") {
            return Err((Kind::FileName, start));
        }
        if slot.replace((text, start)).is_some() {
            return Err((Kind::DispositionSyntax(FieldErrorKind::DuplicateParameter), start));
        }
    }
    let missing = Kind::DispositionSyntax(FieldErrorKind::MissingParameter("name"));
    part.name = name.ok_or((missing, value.len()))?.0;
    if let (None, Some((_, start))) = (&file_name, extended) {
        return Err((Kind::DispositionSyntax(FieldErrorKind::Parameter("filename*")), start));
    }
    part.file_name = file_name.map(|(text, _)| text);
    Ok(())
}

const fn syntax(kind: SyntaxErrorKind) -> Kind {
    Kind::DispositionSyntax(FieldErrorKind::Syntax(kind))
}

/// A name in lower case, where the value begins, the value without escapes, and where the parameter ends.
type Parameter = (Vec<u8>, usize, Vec<u8>, usize);

/// Reads `name=value` or `name="value"`.
fn parameter(value: &[u8], from: usize) -> Result<Parameter, (Kind, usize)> {
    let len = count(&value[from..], is_token);
    let equals = from + len;
    if len == 0 {
        return Err((syntax(SyntaxErrorKind::ExpectedToken), from));
    }
    if value.get(equals) != Some(&b'=') {
        return Err((syntax(SyntaxErrorKind::ExpectedEquals), equals));
    }
    let name = value[from..equals].to_ascii_lowercase();
    let start = equals + 1;
    if value.get(start) != Some(&b'"') {
        let end = start + count(&value[start..], is_token);
        return match end - start {
            0 => Err((syntax(SyntaxErrorKind::ExpectedToken), start)),
            _ => Ok((name, start, value[start..end].to_vec(), end)),
        };
    }
    let (mut text, mut at) = (Vec::new(), start + 1);
    loop {
        let (octet, len) = match &value[at..] {
            [] => return Err((syntax(SyntaxErrorKind::UnclosedQuote), at)),
            [b'"', ..] => return Ok((name, start + 1, text, at + 1)),
            [b'\\', octet @ (b'"' | b'\\'), ..] => (*octet, 2),
            [b'%', b'2', b'2', ..] => (b'"', 3),
            [b'%', b'0', b'd' | b'D', ..] => (b'\r', 3),
            [b'%', b'0', b'a' | b'A', ..] => (b'\n', 3),
            [octet, ..] => (*octet, 1),
        };
        text.push(octet);
        at += len;
    }
}

fn count(text: &[u8], is_one: impl Fn(u8) -> bool) -> usize {
    text.iter().take_while(|&&octet| is_one(octet)).count()
}

fn is_token(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&octet)
}

fn is_space(octet: u8) -> bool {
    octet == b' ' || octet == b'\t'
}

/// What a field's value holds: anything but control characters.
fn is_text(octet: u8) -> bool {
    octet == b'\t' || (octet >= b' ' && octet != 0x7f)
}
