//! The exact path: a head byte by byte, however it is cut.
//!
//! The scanner remembers where it stands, so that every byte is looked at once, even if a head comes
//! in a thousand pieces. It knows every error, every limit and every leniency, and reports an error at
//! the first byte that makes it one.

use crate::h1::error::{ParseError, ParseErrorKind as Kind};
use crate::h1::limits::Config;
use crate::method::Method;
use crate::syntax::Class;

/// A resumable scan for the end of a head.
///
/// [`push`](Self::push) is given the whole buffer each time, from the first byte of the message, and
/// goes on where it stopped. It finds every error that concerns the form of the head; when it has
/// found the end, [`parse_request`](super::parse_request) or
/// [`parse_response`](super::parse_response) splits it.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, HeadScanner};
///
/// let mut scanner = HeadScanner::request(&Config::SERVER);
/// assert_eq!(scanner.push(b"GET / HT")?, None);
/// assert_eq!(scanner.push(b"GET / HTTP/1.1\r\nHost: a\r\n\r\nrest")?, Some(27));
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
#[derive(Clone, Debug)]
pub struct HeadScanner {
    config: Config,
    state: State,
    /// Bytes looked at.
    at: usize,
    /// Where the element that is being read started.
    mark: usize,
    fields: usize,
    empty_lines: usize,
    /// The digit in front of the dot of the version.
    major: u8,
    section: Section,
    failed: Option<ParseError>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Section {
    Request,
    Response,
    Trailers,
}

/// What the next byte is part of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    /// The first byte of a line before the start-line.
    Start,
    /// Behind the CR of an empty line before the start-line.
    StartCr,
    Method,
    Target,
    /// `HTTP/` DIGIT `.` DIGIT of a request-line.
    RequestVersion,
    /// The rest of a request-line.
    RequestEnd,
    /// `HTTP/` DIGIT `.` DIGIT SP of a status-line.
    StatusVersion,
    Status,
    Reason,
    /// Behind the CR that ends a start-line or a field line.
    LineCr,
    /// The first byte of a line behind the start-line.
    LineStart,
    Name,
    Value,
    /// A field line that is left out.
    Skip,
    /// Behind the CR of a line that is left out.
    SkipCr,
    /// Behind the CR of the empty line.
    EndCr,
    Done,
}

impl HeadScanner {
    /// Creates a scanner for the head of a request.
    ///
    /// ```
    /// use nethttp::h1::{Config, HeadScanner};
    ///
    /// assert!(HeadScanner::request(&Config::SERVER).push(b"GET\t").is_err());
    /// ```
    #[must_use]
    pub const fn request(config: &Config) -> Self {
        Self::new(config, Section::Request, State::Start)
    }

    /// Creates a scanner for the head of a response.
    ///
    /// ```
    /// use nethttp::h1::{Config, HeadScanner};
    ///
    /// let mut scanner = HeadScanner::response(&Config::CLIENT);
    /// assert_eq!(scanner.push(b"HTTP/1.1 200 OK\r\n\r\n")?, Some(19));
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn response(config: &Config) -> Self {
        Self::new(config, Section::Response, State::Start)
    }

    /// Creates a scanner for field lines alone: trailers, or the head of a MIME part.
    ///
    /// ```
    /// use nethttp::h1::{Config, HeadScanner};
    ///
    /// let mut scanner = HeadScanner::fields(&Config::SERVER);
    /// assert_eq!(scanner.push(b"Digest: x\r\n\r\n")?, Some(13));
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn fields(config: &Config) -> Self {
        Self::new(config, Section::Trailers, State::LineStart)
    }

    const fn new(config: &Config, section: Section, state: State) -> Self {
        let (at, mark, fields, empty_lines, major) = (0, 0, 0, 0, b'1');
        let failed = None;
        Self { config: *config, state, at, mark, fields, empty_lines, major, section, failed }
    }

    /// Starts over, for the next message.
    ///
    /// ```
    /// use nethttp::h1::{Config, HeadScanner};
    ///
    /// let mut scanner = HeadScanner::request(&Config::SERVER);
    /// scanner.push(b"GET")?;
    /// scanner.reset();
    /// assert_eq!(scanner.offset(), 0);
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    pub const fn reset(&mut self) {
        let state = match self.section {
            Section::Trailers => State::LineStart,
            Section::Request | Section::Response => State::Start,
        };
        *self = Self::new(&self.config, self.section, state);
    }

    /// Returns how many bytes have been looked at.
    ///
    /// ```
    /// use nethttp::h1::{Config, HeadScanner};
    ///
    /// let mut scanner = HeadScanner::request(&Config::SERVER);
    /// scanner.push(b"GET /")?;
    /// assert_eq!(scanner.offset(), 5);
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.at
    }

    /// Whether more than empty lines has come.
    pub(in crate::h1) const fn has_started(&self) -> bool {
        !matches!(self.state, State::Start | State::StartCr)
    }

    /// How many field lines have come, those that are left out included.
    pub(super) const fn field_count(&self) -> usize {
        self.fields
    }

    /// Goes on through the buffer; returns the length of the head when its end is there, and again
    /// whenever it is asked after that.
    ///
    /// # Errors
    ///
    /// Whatever is wrong with the form of the head, at the first byte that shows it. The error stays
    /// until the scanner is [`reset`](Self::reset).
    ///
    /// ```
    /// use nethttp::h1::{Config, HeadScanner, ParseErrorKind};
    ///
    /// let mut scanner = HeadScanner::request(&Config::SERVER);
    /// let error = scanner.push(b"\x16\x03\x01").unwrap_err(); // TLS on a plain port
    /// assert_eq!(error.kind(), ParseErrorKind::Method(0x16));
    /// ```
    pub fn push(&mut self, buf: &[u8]) -> Result<Option<usize>, ParseError> {
        match self.failed {
            Some(error) => Err(error),
            None => self.advance(buf).inspect_err(|&error| self.failed = Some(error)),
        }
    }

    fn advance(&mut self, buf: &[u8]) -> Result<Option<usize>, ParseError> {
        let limit = self.config.limits.longest_head();
        let window = buf.get(..limit).unwrap_or(buf);
        while self.state != State::Done
            && let Some(rest) = window.get(self.at..)
            && let Some(&octet) = rest.first()
        {
            let run = self.run(rest);
            if run > 0 {
                self.at += run;
                self.check_lengths()?;
                continue;
            }
            let next = self.step(octet).map_err(|error| name_preface(error, window))?;
            self.check_left_out(next, octet, window)?;
            self.state = next;
            self.at += 1;
        }
        if self.state != State::Done && self.at >= limit {
            return Err(ParseError::at(Kind::HeadTooLarge, limit));
        }
        Ok((self.state == State::Done).then_some(self.at))
    }

    /// How many bytes come next that change nothing.
    fn run(&self, rest: &[u8]) -> usize {
        match self.state {
            State::Method | State::Name => Class::TOKEN.prefix_len(rest),
            State::Target => Class::TARGET.prefix_len(rest),
            State::Value | State::Reason => Class::FIELD.prefix_len(rest),
            _ => 0,
        }
    }

    fn check_lengths(&self) -> Result<(), ParseError> {
        let len = self.at - self.mark;
        match self.state {
            State::Method if len > Method::MAX_LEN => {
                Err(ParseError::at(Kind::MethodTooLong, self.mark + Method::MAX_LEN))
            }
            State::Target if len > self.config.limits.target => {
                Err(ParseError::at(Kind::TargetTooLong, self.mark + self.config.limits.target))
            }
            _ => Ok(()),
        }
    }

    /// Refuses to leave a field out that says where the message ends: who repairs it, in front of this
    /// reader or behind, sees another end.
    fn check_left_out(&self, next: State, octet: u8, window: &[u8]) -> Result<(), ParseError> {
        let kind = match (self.state, next) {
            (State::Name, State::Name | State::Value) => return Ok(()),
            (State::Name, _) => Kind::FieldName(octet),
            (State::Value, State::Skip) => Kind::FieldValue(octet),
            _ => return Ok(()),
        };
        let line = window.get(self.mark..self.at).unwrap_or_default();
        let (name, _) = line.split_at_checked(Class::TOKEN.prefix_len(line)).unwrap_or_default();
        let frames = name.eq_ignore_ascii_case(b"Content-Length")
            || name.eq_ignore_ascii_case(b"Transfer-Encoding");
        if frames { self.error(kind) } else { Ok(()) }
    }

    fn error<T>(&self, kind: Kind) -> Result<T, ParseError> {
        Err(ParseError::at(kind, self.at))
    }

    /// Starts an element at the current byte, or behind it.
    const fn enter(&mut self, state: State, skip: usize) -> State {
        self.mark = self.at + skip;
        state
    }

    fn step(&mut self, octet: u8) -> Result<State, ParseError> {
        match self.state {
            State::Start => self.start(octet),
            State::StartCr => match octet {
                b'\n' => self.empty_line(),
                _ => self.error(Kind::LineEnd(octet)),
            },
            State::Method => match octet {
                b' ' => Ok(self.enter(State::Target, 1)),
                b'\t' if self.config.leniency.request_spaces => Ok(self.enter(State::Target, 1)),
                _ => self.error(Kind::Method(octet)),
            },
            State::Target => self.target(octet),
            State::RequestVersion => self.request_version(octet),
            State::RequestEnd => match octet {
                b' ' | b'\t' if self.config.leniency.request_spaces => Ok(State::RequestEnd),
                _ => self.line_end(octet, Kind::LineEnd(octet)),
            },
            State::StatusVersion => self.status_version(octet),
            State::Status => self.status(octet),
            State::Reason => match octet {
                0 => self.error(Kind::Reason(octet)),
                b'\r' | b'\n' => self.line_end(octet, Kind::Reason(octet)),
                // Other controls do no harm in a text that nobody reads.
                _ => Ok(State::Reason),
            },
            State::LineCr => match octet {
                b'\n' => Ok(State::LineStart),
                _ => self.error(Kind::LineEnd(octet)),
            },
            State::LineStart => self.line_start(octet),
            State::Name => self.name(octet),
            State::Value => self.value(octet),
            State::Skip => match octet {
                b'\r' => Ok(State::SkipCr),
                b'\n' if self.config.leniency.bare_lf => Ok(State::LineStart),
                0 | b'\n' => self.error(Kind::FieldValue(octet)),
                _ => Ok(State::Skip),
            },
            State::SkipCr => match octet {
                b'\n' => Ok(State::LineStart),
                _ => self.error(Kind::LineEnd(octet)),
            },
            State::EndCr => match octet {
                b'\n' => Ok(State::Done),
                _ => self.error(Kind::LineEnd(octet)),
            },
            State::Done => Ok(State::Done),
        }
    }

    fn start(&mut self, octet: u8) -> Result<State, ParseError> {
        match octet {
            b'\r' => Ok(State::StartCr),
            b'\n' if self.config.leniency.bare_lf => self.empty_line(),
            b'\n' => self.error(Kind::BareLf),
            _ if self.section == Section::Response => {
                self.mark = self.at;
                self.status_version(octet)
            }
            _ if Class::TOKEN.contains(octet) => Ok(self.enter(State::Method, 0)),
            _ => self.error(Kind::Method(octet)),
        }
    }

    fn empty_line(&mut self) -> Result<State, ParseError> {
        self.empty_lines += 1;
        if self.empty_lines > self.config.limits.empty_lines {
            return self.error(Kind::TooManyEmptyLines);
        }
        Ok(State::Start)
    }

    fn target(&mut self, octet: u8) -> Result<State, ParseError> {
        let lenient = self.config.leniency;
        match octet {
            b' ' | b'\t' if lenient.request_spaces && self.at == self.mark => {
                Ok(self.enter(State::Target, 1))
            }
            b' ' if self.at > self.mark => Ok(self.enter(State::RequestVersion, 1)),
            b'\t' if lenient.request_spaces => Ok(self.enter(State::RequestVersion, 1)),
            0x80.. if lenient.raw_target_bytes => {
                if self.at - self.mark >= self.config.limits.target {
                    return self.error(Kind::TargetTooLong);
                }
                Ok(State::Target)
            }
            b'\r' | b'\n' if self.at > self.mark => self.error(Kind::Version(octet)),
            _ => self.error(Kind::TargetByte(octet)),
        }
    }

    /// `HTTP-version = %x48.54.54.50 "/" DIGIT "." DIGIT`
    ///
    /// Which major version it is matters only when all of it is there: `HTTP/01.1` is no version.
    fn version(&mut self, octet: u8) -> Result<usize, ParseError> {
        let index = self.at - self.mark;
        let good = match index {
            5 | 7 => octet.is_ascii_digit(),
            _ => b"HTTP/0.0".get(index) == Some(&octet),
        };
        match index {
            _ if !good => return self.error(Kind::Version(octet)),
            5 => self.major = octet,
            7 if self.major != b'1' => {
                return Err(ParseError::at(Kind::VersionUnsupported, self.mark + 5));
            }
            _ => {}
        }
        Ok(index)
    }

    fn request_version(&mut self, octet: u8) -> Result<State, ParseError> {
        if self.at == self.mark
            && self.config.leniency.request_spaces
            && matches!(octet, b' ' | b'\t')
        {
            return Ok(self.enter(State::RequestVersion, 1));
        }
        match self.version(octet)? {
            7 => Ok(State::RequestEnd),
            _ => Ok(State::RequestVersion),
        }
    }

    fn status_version(&mut self, octet: u8) -> Result<State, ParseError> {
        if self.at - self.mark == 8 {
            return match octet {
                b' ' => Ok(self.enter(State::Status, 1)),
                _ => self.error(Kind::Version(octet)),
            };
        }
        self.version(octet).map(|_| State::StatusVersion)
    }

    /// `status-code = 3DIGIT`
    fn status(&mut self, octet: u8) -> Result<State, ParseError> {
        match self.at - self.mark {
            0 if !matches!(octet, b'1'..=b'9') => self.error(Kind::Status(octet)),
            0..3 if !octet.is_ascii_digit() => self.error(Kind::Status(octet)),
            0..3 => Ok(State::Status),
            _ if octet == b' ' => Ok(self.enter(State::Reason, 1)),
            _ => self.line_end(octet, Kind::Status(octet)),
        }
    }

    /// A line of the head ends here, or else the given error holds.
    fn line_end(&mut self, octet: u8, otherwise: Kind) -> Result<State, ParseError> {
        match octet {
            b'\r' => Ok(State::LineCr),
            b'\n' if self.config.leniency.bare_lf => Ok(State::LineStart),
            b'\n' => self.error(Kind::BareLf),
            _ => self.error(otherwise),
        }
    }

    fn line_start(&mut self, octet: u8) -> Result<State, ParseError> {
        match octet {
            b'\r' => Ok(State::EndCr),
            b'\n' if self.config.leniency.bare_lf => Ok(State::Done),
            b'\n' => self.error(Kind::BareLf),
            b' ' | b'\t' if self.fields == 0 => self.error(Kind::LeadingWhitespace),
            b' ' | b'\t' if self.config.leniency.obs_fold => Ok(State::Value),
            b' ' | b'\t' => self.error(Kind::ObsFold),
            _ => {
                self.fields += 1;
                if self.fields > self.config.limits.fields {
                    return self.error(Kind::TooManyFields);
                }
                self.mark = self.at;
                if Class::TOKEN.contains(octet) { Ok(State::Name) } else { self.name(octet) }
            }
        }
    }

    /// A byte that is not part of a name: the colon, or an error.
    fn name(&self, octet: u8) -> Result<State, ParseError> {
        match octet {
            b':' if self.at > self.mark => Ok(State::Value),
            0 | b'\r' | b'\n' if !self.skips(octet) => self.error(Kind::FieldName(octet)),
            _ => self.skip(octet, Kind::FieldName(octet)),
        }
    }

    /// A byte that cannot stand in a value without leave.
    fn value(&mut self, octet: u8) -> Result<State, ParseError> {
        match octet {
            b'\r' | b'\n' => self.line_end(octet, Kind::FieldValue(octet)),
            0 => self.error(Kind::FieldValue(octet)),
            _ if self.config.leniency.ctl_in_value => Ok(State::Value),
            _ => self.skip(octet, Kind::FieldValue(octet)),
        }
    }

    /// Whether a line end in the middle of a broken line may pass.
    const fn skips(&self, octet: u8) -> bool {
        self.config.leniency.skip_invalid_fields && octet != 0
    }

    /// Leaves the line out if that is permitted.
    fn skip(&self, octet: u8, otherwise: Kind) -> Result<State, ParseError> {
        if !self.config.leniency.skip_invalid_fields {
            return self.error(otherwise);
        }
        match octet {
            b'\r' => Ok(State::SkipCr),
            b'\n' if self.config.leniency.bare_lf => Ok(State::LineStart),
            b'\n' => self.error(Kind::BareLf),
            _ => Ok(State::Skip),
        }
    }
}

/// Tells a client that knows the server to speak HTTP/2 from one that is merely too new.
fn name_preface(error: ParseError, head: &[u8]) -> ParseError {
    match error.kind() {
        Kind::VersionUnsupported if head.starts_with(b"PRI * HTTP/2.0") => {
            ParseError::new(Kind::Http2Preface, error.offset())
        }
        _ => error,
    }
}
