//! `multipart/form-data`, piece by piece and without I/O:
//! [RFC 7578](https://www.rfc-editor.org/rfc/rfc7578), and
//! [RFC 2046 §5.1.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1.1) below it.
//!
//! ```abnf
//! multipart     = [ preamble CRLF ] dash-boundary padding CRLF part
//!                 *( delimiter padding CRLF part ) delimiter "--" padding [ CRLF epilogue ]
//! part          = 1*field-line [ CRLF content ]
//! delimiter     = CRLF dash-boundary
//! dash-boundary = "--" boundary
//! padding       = *( SP / HTAB )
//! ```
//!
//! The state says what comes next:
//!
//! | state | then | event |
//! |---|---|---|
//! | `Preamble` | a delimiter → `Tail` | |
//! | `Tail` | CRLF → `Header`; `--` → `Epilogue` | `PartEnd`, if there was a part; `End` |
//! | `Header` | lines, and an empty one → `Content` | `Part` |
//! | `Content` | bytes, and a delimiter → `Tail` | `Data` |
//! | `Epilogue` | nothing, or CRLF and bytes | |

use alloc::vec::Vec;
use core::fmt;
use core::ops::Range;

use super::delimiter::{Delimiter, Matched};
use super::part_head::PartHead;
use super::{FormError, FormErrorKind, MultipartLimits};
use crate::field::{Boundary, FieldErrorKind, MediaType};
use crate::header::{self, HeaderMap};

/// The reader of a multipart form that comes in pieces, for any I/O or none.
///
/// Everything is handed out as soon as it can be told from a boundary. Of the contents nothing is
/// kept; of the header of a part, what [`MultipartLimits::header`] permits. The work is linear in the input,
/// however it is cut, and the events are the same up to where the data of a part is divided.
///
/// An error comes behind all events of what stands before it, and stays.
///
/// # Deviations
///
/// - No part goes without Content-Disposition and a name, as a form has no use for it. The form may have no
///   part at all, as a browser sends a form without fields.
/// - In names `\"` is a quote and `\\` a backslash, as many programs write them, and any other backslash is
///   one, as browsers write it. A name that ends in a backslash which was not escaped cannot be told from
///   one that has no end, and is refused.
/// - `%22`, `%0D` and `%0A` in a name are the escapes of browsers; a name that holds them itself is not told
///   from one that holds what they stand for.
///
/// # Examples
///
/// ```
/// use nethttp::field::Boundary;
/// use nethttp::form::{MultipartEvent, MultipartLimits, MultipartParser};
///
/// let mut input = &b"--xyz\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nhello\r\n--xyz--\r\n"[..];
/// let mut parser = MultipartParser::new(&Boundary::parse(b"xyz")?, MultipartLimits::DEFAULT);
/// let mut form = Vec::new();
/// loop {
///     let (used, event) = parser.receive(input)?;
///     match event {
///         MultipartEvent::Part(head) => form.push((head.name().to_owned(), Vec::new())),
///         MultipartEvent::Data(data) => form.last_mut().ok_or("a part")?.1.extend_from_slice(data),
///         // Here a program would read more, or, at the end of its input, stop.
///         MultipartEvent::NeedMore => break,
///         _ => {}
///     }
///     input = &input[used..];
/// }
/// parser.finish()?;
/// assert_eq!(form, [("a".to_owned(), b"hello".to_vec())]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct MultipartParser {
    delimiter: Delimiter,
    limits: MultipartLimits,
    state: State,
    /// How many bytes have been taken.
    offset: u64,
    /// Where the header, the content or the epilogue began.
    mark: u64,
    parts: usize,
    /// The line of a header that is not complete.
    line: Vec<u8>,
    head: PartHead,
    /// The part whose content comes is a file.
    is_file: bool,
    /// The form has ended, and nobody has been told.
    ends: bool,
    failed: Option<FormError>,
}

/// What [`MultipartParser::receive`] found.
///
/// # Examples
///
/// ```
/// use nethttp::field::Boundary;
/// use nethttp::form::{MultipartEvent, MultipartLimits, MultipartParser};
///
/// let mut parser = MultipartParser::new(&Boundary::parse(b"b")?, MultipartLimits::DEFAULT);
/// assert!(matches!(parser.receive(b"--b-")?, (4, MultipartEvent::NeedMore)));
/// assert!(matches!(parser.receive(b"-")?, (1, MultipartEvent::End)));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub enum MultipartEvent<'a> {
    /// All of the input has been used, and more is needed.
    NeedMore,
    /// A part begins.
    Part(&'a PartHead),
    /// Some bytes of the content of the part.
    Data(&'a [u8]),
    /// The part is complete.
    PartEnd,
    /// The form is complete. What follows it is counted and thrown away.
    End,
}

/// An event that borrows nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Step {
    NeedMore,
    Part,
    /// What was used is content.
    Data,
    /// This range of the delimiter is content: some input turned out to be none.
    Held(Range<usize>),
    PartEnd,
    End,
}

#[derive(Clone, Copy, Debug)]
enum State {
    Preamble(Search),
    Tail(Tail),
    Header,
    Content(Search),
    Epilogue(Epilogue),
}

/// How many bytes of the delimiter have been seen, and how many of them are not part of what is
/// searched: at the start of the form, and behind a header, CRLF is there already.
#[derive(Clone, Copy, Debug)]
struct Search {
    matched: usize,
    before: usize,
}

impl Search {
    const AT_LINE: Self = Self { matched: 2, before: 2 };
    const FROM_START: Self = Self { matched: 0, before: 0 };
}

/// What has been seen behind a delimiter.
#[derive(Clone, Copy, Debug)]
struct Tail {
    seen: TailSeen,
    /// The delimiter ends a part, not the preamble.
    ends_part: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TailSeen {
    Nothing,
    Padding,
    Dash,
    Cr,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Epilogue {
    /// Padding may follow.
    Line,
    Cr,
    Text,
}

impl MultipartParser {
    /// Creates the parser of a form with this boundary.
    ///
    /// ```
    /// use nethttp::field::Boundary;
    /// use nethttp::form::{MultipartLimits, MultipartParser};
    ///
    /// let limits = MultipartLimits::DEFAULT.parts(10);
    /// let parser = MultipartParser::new(&Boundary::parse(b"xyz")?, limits);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn new(boundary: &Boundary, limits: MultipartLimits) -> Self {
        Self {
            delimiter: Delimiter::new(boundary),
            limits,
            state: State::Preamble(Search::AT_LINE),
            offset: 0,
            mark: 0,
            parts: 0,
            line: Vec::new(),
            head: PartHead::new(&limits),
            is_file: false,
            ends: false,
            failed: None,
        }
    }

    /// Creates the parser of the form that a message with these fields holds.
    ///
    /// # Errors
    ///
    /// [`MediaType`](FormErrorKind::MediaType) if the content is not `multipart/form-data`, and
    /// [`ContentType`](FormErrorKind::ContentType) if it is and the boundary cannot be one, is missing or is
    /// said twice, or if the field is malformed.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::form::{MultipartLimits, MultipartParser};
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Content-Type", "multipart/form-data; boundary=xyz")?;
    /// assert!(MultipartParser::from_headers(&headers, MultipartLimits::DEFAULT).is_ok());
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    pub fn from_headers(headers: &HeaderMap, limits: MultipartLimits) -> Result<Self, FormError> {
        Ok(Self::new(&boundary(headers)?, limits))
    }

    /// Takes some input. Returns how many bytes of it were used, and what they were; the rest, though it be
    /// empty, is due in the next call, until the event is [`NeedMore`](MultipartEvent::NeedMore).
    ///
    /// # Errors
    ///
    /// Why the form was refused. Every later call returns the same.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::Boundary;
    /// use nethttp::form::{FormErrorKind, MultipartLimits, MultipartParser};
    ///
    /// let boundary = Boundary::parse(b"b")?;
    /// let mut parser = MultipartParser::new(&boundary, MultipartLimits::DEFAULT.preamble(2));
    /// let error = parser.receive(b"hello\r\n--b\r\n").unwrap_err();
    /// assert_eq!((error.kind(), error.offset()), (FormErrorKind::PreambleTooLong(2), 2));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn receive<'a>(
        &'a mut self,
        input: &'a [u8],
    ) -> Result<(usize, MultipartEvent<'a>), FormError> {
        let (used, step) = self.advance(input)?;
        let event = match step {
            Step::NeedMore => MultipartEvent::NeedMore,
            Step::Part => MultipartEvent::Part(&self.head),
            Step::Data => MultipartEvent::Data(input.get(..used).unwrap_or_default()),
            Step::Held(range) => MultipartEvent::Data(self.held(&range)),
            Step::PartEnd => MultipartEvent::PartEnd,
            Step::End => MultipartEvent::End,
        };
        Ok((used, event))
    }

    /// Says that no more input comes.
    ///
    /// # Errors
    ///
    /// [`MissingBoundary`](FormErrorKind::MissingBoundary) and [`Truncated`](FormErrorKind::Truncated) if the
    /// form may not end here, and the error that there was, if there was one.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::Boundary;
    /// use nethttp::form::{FormErrorKind, MultipartLimits, MultipartParser};
    ///
    /// let mut parser = MultipartParser::new(&Boundary::parse(b"b")?, MultipartLimits::DEFAULT);
    /// parser.receive(b"--b\r\nContent-Dis")?;
    /// assert_eq!(parser.finish().unwrap_err().kind(), FormErrorKind::Truncated);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn finish(&mut self) -> Result<(), FormError> {
        let kind = match (self.failed, self.state) {
            (Some(error), _) => return Err(error),
            (None, State::Epilogue(_)) => return Ok(()),
            (None, State::Preamble(_)) => FormErrorKind::MissingBoundary,
            (None, _) => FormErrorKind::Truncated,
        };
        Err(self.fail(FormError::new(kind, self.offset)))
    }

    /// Gives the head of the part that has just begun for another one, whose memory is used again.
    #[cfg(feature = "std")]
    pub(super) const fn swap_head(&mut self, other: &mut PartHead) {
        core::mem::swap(&mut self.head, other);
    }

    #[cfg(feature = "std")]
    pub(super) const fn limits(&self) -> &MultipartLimits {
        &self.limits
    }

    /// Returns where the content of the part began, as long as it has not ended.
    #[cfg(feature = "std")]
    pub(super) const fn content_start(&self) -> u64 {
        self.mark
    }

    /// Returns the content that [`Step::Held`] tells of.
    pub(super) fn held(&self, range: &Range<usize>) -> &[u8] {
        self.delimiter.get(range.start, range.end)
    }

    /// Takes input up to the first event.
    pub(super) fn advance(&mut self, input: &[u8]) -> Result<(usize, Step), FormError> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        if core::mem::take(&mut self.ends) {
            return Ok((0, Step::End));
        }
        let room = self.limits.total.saturating_sub(self.offset);
        let room = usize::try_from(room).map_or(input.len(), |room| room.min(input.len()));
        let mut rest = input.get(..room).unwrap_or_default();
        let mut all = 0;
        while !rest.is_empty() {
            let taken = match self.state {
                State::Preamble(search) => self.preamble(search, rest),
                State::Tail(tail) => self.tail(tail, rest),
                State::Header => self.header(rest),
                State::Content(search) => self.content(search, rest),
                State::Epilogue(seen) => self.epilogue(seen, rest),
            };
            let (used, step) = taken.map_err(|error| self.fail(error))?;
            self.offset = self.ahead(used);
            all += used;
            rest = rest.get(used..).unwrap_or_default();
            if let Some(step) = step {
                return Ok((all, step));
            }
        }
        if room < input.len() {
            let kind = FormErrorKind::TooLong(self.limits.total);
            return Err(self.fail(FormError::new(kind, self.offset)));
        }
        Ok((all, Step::NeedMore))
    }

    const fn fail(&mut self, error: FormError) -> FormError {
        self.failed = Some(error);
        error
    }

    /// Returns the offset behind so many bytes more.
    fn ahead(&self, len: usize) -> u64 {
        self.offset.saturating_add(u64::try_from(len).unwrap_or(u64::MAX))
    }

    /// Returns an error if there are more bytes behind the mark than permitted, once so many more are taken.
    fn check(&self, len: usize, most: u64, kind: FormErrorKind) -> Result<(), FormError> {
        match self.ahead(len) - self.mark > most {
            true => Err(FormError::new(kind, self.mark.saturating_add(most))),
            false => Ok(()),
        }
    }

    /// What comes before the first delimiter is counted and thrown away.
    fn preamble(&mut self, search: Search, rest: &[u8]) -> Taken {
        let most = self.limits.preamble;
        let kind = FormErrorKind::PreambleTooLong(most);
        let len = match search.matched {
            0 => self.delimiter.find(rest),
            _ => 0,
        };
        if len > 0 {
            self.check(len, most, kind)?;
            return Ok((len, None));
        }
        match self.delimiter.go_on(search.matched, rest) {
            Matched::Whole(len) => Ok(self.begin_tail(len, false)),
            Matched::All => {
                let matched = search.matched + rest.len();
                self.state = State::Preamble(Search { matched, ..search });
                Ok((rest.len(), None))
            }
            Matched::Not(len) => {
                self.check(len, most, kind)?;
                self.state = State::Preamble(Search::FROM_START);
                Ok((len, None))
            }
        }
    }

    fn content(&mut self, search: Search, rest: &[u8]) -> Taken {
        let len = match search.matched {
            0 => self.delimiter.find(rest),
            _ => 0,
        };
        if len > 0 {
            let len = self.admit(self.offset, len)?;
            return Ok((len, Some(Step::Data)));
        }
        match self.delimiter.go_on(search.matched, rest) {
            Matched::Whole(len) => Ok(self.begin_tail(len, true)),
            Matched::All => {
                let matched = search.matched + rest.len();
                self.state = State::Content(Search { matched, ..search });
                Ok((rest.len(), None))
            }
            Matched::Not(len) => {
                self.state = State::Content(Search::FROM_START);
                let held = search.matched + len - search.before;
                if held == 0 {
                    return Ok((len, None));
                }
                let start = self.ahead(len) - u64::try_from(held).unwrap_or_default();
                let held = self.admit(start, held)?;
                Ok((len, Some(Step::Held(search.before..search.before + held))))
            }
        }
    }

    /// Returns how many of so many bytes of content, which begin at the offset, are permitted. If these are
    /// not all, they are the last that is handed out.
    fn admit(&mut self, start: u64, len: usize) -> Result<usize, FormError> {
        let (most, kind) = match self.is_file {
            true => (self.limits.file, FormErrorKind::FileTooLong(self.limits.file)),
            false => (self.limits.text, FormErrorKind::TextTooLong(self.limits.text)),
        };
        let left = most.saturating_sub(start - self.mark);
        let left = usize::try_from(left).unwrap_or(usize::MAX);
        if left >= len {
            return Ok(len);
        }
        let error = self.fail(FormError::new(kind, self.mark.saturating_add(most)));
        if left == 0 { Err(error) } else { Ok(left) }
    }

    fn begin_tail(&mut self, len: usize, ends_part: bool) -> (usize, Option<Step>) {
        self.mark = self.ahead(len);
        self.state = State::Tail(Tail { seen: TailSeen::Nothing, ends_part });
        (len, None)
    }

    /// One byte behind a delimiter.
    fn tail(&mut self, tail: Tail, rest: &[u8]) -> Taken {
        let Some(&octet) = rest.first() else {
            return Ok((0, None));
        };
        let seen = match (tail.seen, octet) {
            (TailSeen::Nothing, b'-') => TailSeen::Dash,
            (TailSeen::Dash, b'-') => {
                self.mark = self.ahead(1);
                self.state = State::Epilogue(Epilogue::Line);
                self.ends = tail.ends_part;
                return Ok((1, Some(if tail.ends_part { Step::PartEnd } else { Step::End })));
            }
            (TailSeen::Nothing | TailSeen::Padding, b' ' | b'\t') => TailSeen::Padding,
            (TailSeen::Nothing | TailSeen::Padding, b'\r') => TailSeen::Cr,
            (TailSeen::Cr, b'\n') => {
                self.check_header(1)?;
                self.state = State::Header;
                self.head.clear();
                return Ok((1, tail.ends_part.then_some(Step::PartEnd)));
            }
            _ => return Err(FormError::new(FormErrorKind::DelimiterEnd(octet), self.offset)),
        };
        if seen != TailSeen::Dash {
            self.check_header(1)?;
        }
        self.state = State::Tail(Tail { seen, ..tail });
        Ok((1, None))
    }

    fn check_header(&self, len: usize) -> Result<(), FormError> {
        let most = self.limits.header;
        let kind = FormErrorKind::HeaderTooLong(most);
        self.check(len, u64::try_from(most).unwrap_or(u64::MAX), kind)
    }

    /// Lines, as they become complete, up to the empty one.
    fn header(&mut self, rest: &[u8]) -> Taken {
        if self.parts == self.limits.parts {
            let kind = FormErrorKind::TooManyParts(self.limits.parts);
            return Err(FormError::new(kind, self.offset));
        }
        let end = rest.iter().position(|&octet| octet == b'\n');
        let len = end.map_or(rest.len(), |index| index + 1);
        self.check_header(len)?;
        let start = self.offset - u64::try_from(self.line.len()).unwrap_or_default();
        self.line.extend_from_slice(rest.get(..len).unwrap_or_default());
        if end.is_none() {
            return Ok((len, None));
        }
        if self.line != b"\r\n" {
            self.head.add_line(&self.line, start)?;
            self.line.clear();
            return Ok((len, None));
        }
        self.line.clear();
        if !self.head.is_complete() {
            return Err(FormError::new(FormErrorKind::Disposition, start));
        }
        self.parts += 1;
        self.is_file = self.head.is_file();
        self.mark = self.ahead(len);
        self.state = State::Content(Search::AT_LINE);
        Ok((len, Some(Step::Part)))
    }

    fn epilogue(&mut self, seen: Epilogue, rest: &[u8]) -> Taken {
        let most = self.limits.epilogue;
        let kind = FormErrorKind::EpilogueTooLong(most);
        let (seen, len) = match (seen, rest) {
            (Epilogue::Text, _) => (Epilogue::Text, rest.len()),
            (Epilogue::Line, [b' ' | b'\t', ..]) => (Epilogue::Line, 1),
            (Epilogue::Line, [b'\r', ..]) => (Epilogue::Cr, 1),
            (Epilogue::Cr, [b'\n', ..]) => (Epilogue::Text, 1),
            (_, [octet, ..]) => {
                self.check(1, most, kind)?;
                return Err(FormError::new(FormErrorKind::DelimiterEnd(*octet), self.offset));
            }
            (_, []) => return Ok((0, None)),
        };
        self.check(len, most, kind)?;
        self.state = State::Epilogue(seen);
        Ok((len, None))
    }
}

/// How many bytes were taken, and what they were, if that is an event.
type Taken = Result<(usize, Option<Step>), FormError>;

/// Reads the boundary of `multipart/form-data` in Content-Type.
fn boundary(headers: &HeaderMap) -> Result<Boundary, FormError> {
    let malformed = |kind, offset| FormError::at(FormErrorKind::ContentType(kind), offset);
    let media_type = MediaType::from_headers(headers)
        .map_err(|error| malformed(error.kind(), error.offset()))?
        .filter(|media_type| media_type.is("multipart/form-data"))
        .ok_or(FormError::new(FormErrorKind::MediaType, 0))?;
    for line in headers.get_all(header::CONTENT_TYPE) {
        if let Some(offset) = second_boundary(line) {
            return Err(malformed(FieldErrorKind::DuplicateParameter, offset));
        }
    }
    let end = media_type.as_str().len();
    let text = media_type
        .parameter("boundary")
        .ok_or_else(|| malformed(FieldErrorKind::MissingParameter("boundary"), end))?;
    Boundary::parse(text.as_bytes()).map_err(|error| malformed(error.kind(), end))
}

/// Returns where a Content-Type says for the second time what could be the boundary.
///
/// A media type is read as browsers do, who take the first of two parameters. Other readers take the last, or
/// `boundary*`, or look for the word at every semicolon, and find other parts in the same form.
fn second_boundary(line: &[u8]) -> Option<usize> {
    const NAME: &[u8] = b"boundary";
    let mut next = 0;
    let mut says = line.split(|&octet| octet == b';').filter_map(move |piece| {
        let at = next + piece.len() - piece.trim_ascii_start().len();
        next += piece.len() + 1;
        let name = piece.trim_ascii_start().get(..NAME.len())?;
        name.eq_ignore_ascii_case(NAME).then_some(at)
    });
    says.nth(1)
}

impl fmt::Debug for MultipartParser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MultipartParser")
            .field("state", &self.state)
            .field("offset", &self.offset)
            .field("parts", &self.parts)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use FormErrorKind as Kind;
    use alloc::string::{String, ToString};
    use alloc::vec;

    const LIMITS: MultipartLimits = MultipartLimits::DEFAULT;
    const A: &str = "Content-Disposition: form-data; name=\"a\"";

    /// The parts that are complete, what there is of one that is not, and how it ended.
    type Form = (Vec<(String, String)>, Option<String>, Result<(), (Kind, u64)>);

    fn read(body: &[u8], limits: MultipartLimits, sizes: &mut dyn Iterator<Item = usize>) -> Form {
        let mut parser = MultipartParser::new(&Boundary::parse(b"b").unwrap(), limits);
        let (mut parts, mut open, mut rest) = (Vec::new(), None, body);
        let mut result = Ok(());
        'input: while !rest.is_empty() {
            let (mut piece, after) = rest.split_at(sizes.next().unwrap().min(rest.len()));
            rest = after;
            loop {
                let (used, event) = match parser.receive(piece) {
                    Ok(step) => step,
                    Err(error) => {
                        result = Err(error);
                        break 'input;
                    }
                };
                match event {
                    MultipartEvent::NeedMore => break assert_eq!(used, piece.len()),
                    MultipartEvent::Part(head) => {
                        open = Some((head.name().to_string(), String::new()));
                    }
                    MultipartEvent::Data(data) => {
                        assert!(!data.is_empty());
                        open.as_mut().unwrap().1.push_str(str::from_utf8(data).unwrap());
                    }
                    MultipartEvent::PartEnd => parts.push(open.take().unwrap()),
                    MultipartEvent::End => assert!(open.is_none()),
                }
                piece = &piece[used..];
            }
        }
        let result = result.and_then(|()| parser.finish());
        assert_eq!(parser.finish(), result);
        let result = result.map_err(|error| (error.kind(), error.offset()));
        (parts, open.map(|(_, content)| content), result)
    }

    /// Reads a form whole, in pieces of every size and cut at every byte.
    #[track_caller]
    fn form(body: &str, limits: MultipartLimits) -> Form {
        let body = body.as_bytes();
        let whole = read(body, limits, &mut [body.len()].into_iter().cycle());
        for size in 1..body.len().min(80) {
            let pieces = read(body, limits, &mut [size].into_iter().cycle());
            assert_eq!(pieces, whole, "pieces of {size}");
            let cut = read(body, limits, &mut [size, body.len()].into_iter());
            assert_eq!(cut, whole, "cut at {size}");
        }
        whole
    }

    #[track_caller]
    fn reads(body: &str, parts: &[(&str, &str)]) {
        let parts = parts.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect();
        assert_eq!(form(body, LIMITS), (parts, None, Ok(())));
    }

    #[track_caller]
    fn rejects(body: &str, kind: Kind, offset: usize) {
        assert_eq!(form(body, LIMITS).2, Err((kind, u64::try_from(offset).unwrap())));
    }

    #[test]
    fn reads_parts_preamble_and_epilogue() {
        reads("--b--", &[]);
        reads("--b--\r\n", &[]);
        reads(&alloc::format!("--b\r\n{A}\r\n\r\nx\r\n--b--\r\n"), &[("a", "x")]);
        reads(&alloc::format!("hi\r\n--b \t\r\n{A}\r\n\r\n\r\n--b--  \r\nbye"), &[("a", "")]);
        reads(
            &alloc::format!("\r\n--b\r\n{A}\r\n\r\n--b\r\n{A}\r\n\r\ny\r\n--b--"),
            &[("a", ""), ("a", "y")],
        );
    }

    #[test]
    fn what_is_nearly_a_delimiter_is_content() {
        for content in
            ["\r", "\r\n", "\r\n-", "\r\n--", "--b", "-", "\n--b--", "\r\r\n\r", "--\r\n--c"]
        {
            let body = alloc::format!("--b\r\n{A}\r\n\r\n{content}\r\n--b--");
            if content == "--b" {
                // The empty line's CRLF is a delimiter's.
                rejects(&body, Kind::Truncated, body.len());
                continue;
            }
            reads(&body, &[("a", content)]);
        }
    }

    #[test]
    fn rejects_with_kind_and_position() {
        rejects("", Kind::MissingBoundary, 0);
        rejects("x--b--", Kind::MissingBoundary, 6);
        rejects("\n--b--", Kind::MissingBoundary, 6);
        rejects("--b", Kind::Truncated, 3);
        rejects("--b-", Kind::Truncated, 4);
        rejects("--b\n", Kind::DelimiterEnd(b'\n'), 3);
        rejects("--bc", Kind::DelimiterEnd(b'c'), 3);
        rejects("--b --", Kind::DelimiterEnd(b'-'), 4);
        rejects("--b\rx", Kind::DelimiterEnd(b'x'), 4);
        rejects("--b--x", Kind::DelimiterEnd(b'x'), 5);
        rejects("--b\r\n\r\n", Kind::Disposition, 5);
        rejects("--b\r\n: a\r\n", Kind::FieldName(b':'), 5);
        rejects("--b\r\na b: c\r\n", Kind::FieldName(b' '), 6);
        rejects("--b\r\na: b\n", Kind::FieldValue(b'\n'), 9);
        rejects("--b\r\na: b\0\r\n", Kind::FieldValue(0), 9);
        let part = alloc::format!("--b\r\n{A}\r\n");
        rejects(&alloc::format!("{part} folded\r\n"), Kind::FieldName(b' '), part.len());
        rejects(&alloc::format!("{part}{A}\r\n"), Kind::Disposition, part.len());
    }

    #[test]
    fn limits_hold_to_the_byte_and_what_stands_before_is_intact() {
        let part = alloc::format!("--b\r\n{A}\r\n\r\nxyz\r\n");
        let body = alloc::format!("{part}{part}--b--\r\nbye");
        let header = A.len() + 6;
        let head = 3 + header;
        let one = vec![("a".to_string(), "xyz".to_string())];
        let two = [&one[..], &one[..]].concat();
        let ends = |limits, parts: &[_], open: Option<&str>, kind, offset: usize| {
            let offset = u64::try_from(offset).unwrap();
            let open = open.map(ToString::to_string);
            assert_eq!(form(&body, limits), (parts.to_vec(), open, Err((kind, offset))));
        };
        ends(LIMITS.text(2), &[], Some("xy"), Kind::TextTooLong(2), head + 2);
        ends(LIMITS.text(0), &[], Some(""), Kind::TextTooLong(0), head);
        ends(LIMITS.parts(1), &one, None, Kind::TooManyParts(1), part.len() + 5);
        ends(LIMITS.fields(0), &[], None, Kind::TooManyFields(0), 5);
        ends(LIMITS.header(header - 1), &[], None, Kind::HeaderTooLong(header - 1), head - 1);
        ends(LIMITS.epilogue(4), &two, None, Kind::EpilogueTooLong(4), body.len() - 1);
        for total in 0..body.len() {
            let limits = LIMITS.total(u64::try_from(total).unwrap());
            let (_, _, result) = form(&body, limits);
            let total = u64::try_from(total).unwrap();
            assert_eq!(result, Err((Kind::TooLong(total), total)));
        }
        let exact = LIMITS.text(3).parts(2).fields(1).header(header).epilogue(5).preamble(0);
        assert_eq!(
            form(&body, exact.total(u64::try_from(body.len()).unwrap())),
            (two, None, Ok(()))
        );
        assert_eq!(form("ab\r\n--b--", LIMITS.preamble(1)).2, Err((Kind::PreambleTooLong(1), 1)),);
    }

    #[test]
    fn the_boundary_comes_from_content_type() {
        let twice = |at| Some((Kind::ContentType(FieldErrorKind::DuplicateParameter), at));
        for (value, expected) in [
            ("multipart/form-data; boundary=b", None),
            ("Multipart/Form-Data; charset=utf-8; Boundary=\"b\"", None),
            ("multipart/mixed; boundary=b", Some((Kind::MediaType, 0))),
            (
                "multipart/form-data",
                Some((Kind::ContentType(FieldErrorKind::MissingParameter("boundary")), 19)),
            ),
            (
                "multipart/form-data; boundary=\"\"",
                Some((Kind::ContentType(FieldErrorKind::Boundary), 32)),
            ),
            ("multipart/form-data; x=\"y; z\"; boundary=b;", None),
            ("multipart/form-data; boundary=----WebKitFormBoundary;", None),
            ("multipart/form-data; boundary=b; boundary=c", twice(33)),
            ("multipart/form-data; boundary=b; boundary=b", twice(33)),
            ("multipart/form-data; boundary=b;Boundary=\"b\"", twice(32)),
            ("multipart/form-data; boundary=; boundary=b", twice(32)),
            ("multipart/form-data; boundary=b; boundary*=us-ascii''c", twice(33)),
            ("multipart/form-data; boundary*0=c; boundary=b", twice(35)),
            ("multipart/form-data; boundary =c;\t boundary=b", twice(35)),
            ("multipart/form-data; x=\";boundary=c\"; boundary=b", twice(38)),
            ("multipart/form-data; boundary=b, multipart/form-data; boundary=b", twice(54)),
        ] {
            let mut headers = HeaderMap::new();
            headers.append("Content-Type", value).unwrap();
            let error = MultipartParser::from_headers(&headers, LIMITS).err();
            assert_eq!(error.map(|error| (error.kind(), error.offset())), expected, "{value}");
        }
    }
}
