//! One event of a stream that a server sends.

use alloc::borrow::Cow;
use alloc::string::String;
use core::error::Error;
use core::fmt;
use core::time::Duration;

use crate::syntax::Escaped;

/// One event of a `text/event-stream`, as a page receives it through `EventSource`:
/// [HTML §9.2](https://html.spec.whatwg.org/multipage/server-sent-events.html).
///
/// ```abnf
/// event       = *( comment / field ) end-of-line
/// comment     = colon *any-char end-of-line
/// field       = 1*name-char [ colon [ space ] *any-char ] end-of-line
/// end-of-line = ( cr lf / cr / lf )
/// ```
///
/// `Display` writes it, blank line included. Data may have any number of lines, which arrive with a single
/// LF between them, whatever has ended them here.
///
/// # Examples
///
/// ```
/// use nethttp::message::Event;
///
/// let event = Event::new("sold\nto the lady in red").with_name("lot")?.with_id("17")?;
/// assert_eq!(event.to_string(), "event: lot\nid: 17\ndata: sold\ndata: to the lady in red\n\n");
/// # Ok::<(), nethttp::message::EventError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Event<'a> {
    name: Option<Cow<'a, str>>,
    id: Option<Cow<'a, str>>,
    retry: Option<Duration>,
    data: Cow<'a, str>,
}

impl<'a> Event<'a> {
    /// Creates an event with data, which is the text that a page finds in `event.data`.
    ///
    /// ```
    /// use nethttp::message::Event;
    ///
    /// assert_eq!(Event::new("hello").to_string(), "data: hello\n\n");
    /// assert_eq!(Event::new("").to_string(), "data: \n\n");
    /// ```
    #[must_use]
    pub fn new(data: impl Into<Cow<'a, str>>) -> Self {
        Self { name: None, id: None, retry: None, data: data.into() }
    }

    /// Names the event: a page hears it with `addEventListener`. One without a name is a `message`.
    ///
    /// # Errors
    ///
    /// [`Name`](EventErrorKind::Name) if it holds a CR or LF.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::message::Event;
    ///
    /// assert_eq!(Event::new("12").with_name("bid")?.name(), Some("bid"));
    /// assert!(Event::new("12").with_name("bid\ndata: 13").is_err());
    /// # Ok::<(), nethttp::message::EventError>(())
    /// ```
    pub fn with_name(mut self, name: impl Into<Cow<'a, str>>) -> Result<Self, EventError> {
        let name = name.into();
        check(&name, |octet| matches!(octet, b'\r' | b'\n'), EventErrorKind::Name)?;
        self.name = Some(name);
        Ok(self)
    }

    /// Gives the event an id: when the connection breaks, a browser asks for what came after the last one
    /// that it has got, with the field [`Last-Event-ID`](crate::header::LAST_EVENT_ID). An empty id takes
    /// that back.
    ///
    /// # Errors
    ///
    /// [`Id`](EventErrorKind::Id) if it holds a CR, LF or NUL.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::message::Event;
    ///
    /// assert_eq!(Event::new("12").with_id("7")?.id(), Some("7"));
    /// assert!(Event::new("12").with_id("7\0").is_err());
    /// # Ok::<(), nethttp::message::EventError>(())
    /// ```
    pub fn with_id(mut self, id: impl Into<Cow<'a, str>>) -> Result<Self, EventError> {
        let id = id.into();
        check(&id, |octet| matches!(octet, b'\r' | b'\n' | 0), EventErrorKind::Id)?;
        self.id = Some(id);
        Ok(self)
    }

    /// Says how long a client is to wait before it connects again, from now on. What is below a
    /// millisecond is cut off.
    ///
    /// ```
    /// use nethttp::message::Event;
    /// use std::time::Duration;
    ///
    /// let event = Event::new("12").with_retry(Duration::from_secs(10));
    /// assert_eq!(event.to_string(), "retry: 10000\ndata: 12\n\n");
    /// ```
    #[must_use]
    pub const fn with_retry(mut self, retry: Duration) -> Self {
        self.retry = Some(retry);
        self
    }

    /// Returns the data.
    ///
    /// ```
    /// assert_eq!(nethttp::message::Event::new("12").data(), "12");
    /// ```
    #[must_use]
    pub fn data(&self) -> &str {
        &self.data
    }

    /// Returns the name.
    ///
    /// ```
    /// assert_eq!(nethttp::message::Event::new("12").name(), None);
    /// ```
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        self.name.as_deref()
    }

    /// Returns the id.
    ///
    /// ```
    /// assert_eq!(nethttp::message::Event::new("12").id(), None);
    /// ```
    #[must_use]
    pub fn id(&self) -> Option<&str> {
        self.id.as_deref()
    }

    /// Returns how long a client is to wait before it connects again.
    ///
    /// ```
    /// assert_eq!(nethttp::message::Event::new("12").retry(), None);
    /// ```
    #[must_use]
    pub const fn retry(&self) -> Option<Duration> {
        self.retry
    }

    /// Returns the event with a copy of what it borrows: one that is sent to many, say, from elsewhere.
    ///
    /// ```
    /// use nethttp::message::Event;
    ///
    /// let text = String::from("12");
    /// let event: Event<'static> = Event::new(text.as_str()).into_owned();
    /// drop(text);
    /// assert_eq!(event.data(), "12");
    /// ```
    #[must_use]
    pub fn into_owned(self) -> Event<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(String::from(text));
        Event {
            name: self.name.map(owned),
            id: self.id.map(owned),
            retry: self.retry,
            data: owned(self.data),
        }
    }
}

fn check(
    text: &str,
    is_wrong: impl Fn(u8) -> bool,
    kind: impl FnOnce(u8) -> EventErrorKind,
) -> Result<(), EventError> {
    match text.bytes().enumerate().find(|(_, octet)| is_wrong(*octet)) {
        Some((offset, octet)) => Err(EventError { kind: kind(octet), offset }),
        None => Ok(()),
    }
}

impl fmt::Display for Event<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(name) = &self.name {
            writeln!(f, "event: {name}")?;
        }
        if let Some(id) = &self.id {
            writeln!(f, "id: {id}")?;
        }
        if let Some(retry) = self.retry {
            writeln!(f, "retry: {}", retry.as_millis())?;
        }
        for line in lines(&self.data) {
            writeln!(f, "data: {line}")?;
        }
        f.write_str("\n")
    }
}

/// The lines of a text as a client tells them: between CR LF, CR or LF, at least one.
pub(super) fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    core::iter::from_fn(move || {
        let text = rest.take()?;
        let Some((line, after)) = text.split_once(['\r', '\n']) else {
            return Some(text);
        };
        let is_cr = text.as_bytes().get(line.len()) == Some(&b'\r');
        rest = Some(after.strip_prefix('\n').filter(|_| is_cr).unwrap_or(after));
        Some(line)
    })
}

/// Why an event was refused, and where.
///
/// # Examples
///
/// ```
/// use nethttp::message::Event;
///
/// let error = Event::new("").with_name("a\nb").unwrap_err();
/// assert_eq!(error.to_string(), "expected the name of an event on one line, found '\\n' at byte 1");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EventError {
    kind: EventErrorKind,
    offset: usize,
}

/// The kinds of [`EventError`].
///
/// # Examples
///
/// ```
/// use nethttp::message::{Event, EventErrorKind};
///
/// let error = Event::new("").with_id("\0").unwrap_err();
/// assert_eq!(error.kind(), EventErrorKind::Id(0));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventErrorKind {
    /// The name of an event holds this byte, a CR or LF, which would end its line,
    /// [HTML §9.2.5](https://html.spec.whatwg.org/multipage/server-sent-events.html#parsing-an-event-stream).
    Name(u8),
    /// The id of an event holds this byte, a CR, LF or NUL; one with a NUL is not kept by a client,
    /// [HTML §9.2.6](https://html.spec.whatwg.org/multipage/server-sent-events.html#event-stream-interpretation).
    Id(u8),
}

impl EventError {
    /// Returns what is wrong.
    ///
    /// ```
    /// use nethttp::message::{Event, EventErrorKind};
    ///
    /// let error = Event::new("").with_name("a\r").unwrap_err();
    /// assert_eq!(error.kind(), EventErrorKind::Name(b'\r'));
    /// ```
    #[must_use]
    pub const fn kind(&self) -> EventErrorKind {
        self.kind
    }

    /// Returns the offset in bytes of what is wrong, in the name or in the id.
    ///
    /// ```
    /// assert_eq!(nethttp::message::Event::new("").with_id("7\n").unwrap_err().offset(), 1);
    /// ```
    #[must_use]
    pub const fn offset(&self) -> usize {
        self.offset
    }
}

impl fmt::Display for EventError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (expected, octet) = match self.kind {
            EventErrorKind::Name(octet) => ("the name of an event on one line", octet),
            EventErrorKind::Id(octet) => ("the id of an event on one line and without NUL", octet),
        };
        write!(f, "expected {expected}, found {} at byte {}", Escaped(octet), self.offset)
    }
}

impl Error for EventError {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;
    use alloc::vec::Vec;

    #[track_caller]
    fn writes(data: &str, expected: &str) {
        assert_eq!(Event::new(data).to_string(), expected);
    }

    #[test]
    fn data_is_written_line_by_line() {
        writes("a", "data: a\n\n");
        writes("", "data: \n\n");
        writes(" a", "data:  a\n\n");
        writes("a\nb", "data: a\ndata: b\n\n");
        writes("a\r\nb", "data: a\ndata: b\n\n");
        writes("a\rb", "data: a\ndata: b\n\n");
        writes("a\n\rb", "data: a\ndata: \ndata: b\n\n");
        writes("a\n", "data: a\ndata: \n\n");
        writes("\n\n", "data: \ndata: \ndata: \n\n");
        writes("a\r\n\r\nevent: b", "data: a\ndata: \ndata: event: b\n\n");
        writes("ü\u{2028}ü\u{0}", "data: ü\u{2028}ü\u{0}\n\n");
    }

    #[test]
    fn fields_come_before_the_data() {
        let event = Event::new("a").with_retry(Duration::from_micros(1_999));
        let event = event.with_id("7").and_then(|event| event.with_name("n")).expect("an event");
        assert_eq!(event.to_string(), "event: n\nid: 7\nretry: 1\ndata: a\n\n");
        assert_eq!(event.clone().into_owned(), event);
        let empty = Event::new("").with_id("").and_then(|event| event.with_name(""));
        assert_eq!(empty.expect("an event").to_string(), "event: \nid: \ndata: \n\n");
    }

    #[test]
    fn texts_are_pinned() {
        for (event, kind, offset, text) in [
            (
                Event::new("").with_name("ab\r"),
                EventErrorKind::Name(b'\r'),
                2,
                "expected the name of an event on one line, found '\\r' at byte 2",
            ),
            (
                Event::new("").with_id("\n"),
                EventErrorKind::Id(b'\n'),
                0,
                "expected the id of an event on one line and without NUL, found '\\n' at byte 0",
            ),
            (
                Event::new("").with_id("a\0"),
                EventErrorKind::Id(0),
                1,
                "expected the id of an event on one line and without NUL, found '\\x00' at byte 1",
            ),
        ] {
            let error = event.expect_err("a bad byte");
            assert_eq!((error.kind(), error.offset()), (kind, offset));
            assert_eq!(error.to_string(), text);
        }
    }

    /// What a client makes of a stream, by the letter of the standard.
    fn dispatched(stream: &str) -> Vec<(String, String, String)> {
        let (mut all, mut id) = (Vec::new(), String::new());
        let (mut data, mut name) = (String::new(), String::new());
        for line in lines(stream) {
            if line.is_empty() {
                let text = data.strip_suffix('\n').map(String::from);
                all.extend(text.map(|text| (core::mem::take(&mut name), id.clone(), text)));
                data.clear();
                continue;
            }
            let (field, value) = line.split_once(':').unwrap_or((line, ""));
            let value = value.strip_prefix(' ').unwrap_or(value);
            match field {
                "event" => name = value.into(),
                "data" => data = data + value + "\n",
                "id" => id = value.into(),
                _ => {}
            }
        }
        all
    }

    proptest::proptest! {
        #[test]
        fn a_client_gets_what_was_sent(
            data in "[a\r\n: \u{feff}ü]{0,12}",
            name in "[a: ü]{0,4}",
            id in "[a: ü]{0,4}",
        ) {
            let event = Event::new(&*data).with_name(&*name).and_then(|event| event.with_id(&*id));
            let stream = event.expect("an event").to_string();
            let data = lines(&data).collect::<Vec<_>>().join("\n");
            assert_eq!(dispatched(&stream), [(name, id, data)]);
        }
    }
}
