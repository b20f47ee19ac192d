//! The fields of a head, borrowed from the buffer that they stand in.

use alloc::borrow::Cow;
use core::fmt;

use crate::header::{FieldSpan, HeaderMap};

/// The fields of a head, in order.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, Parse, parse_fields};
/// use nethttp::header::FieldSpan;
///
/// let mut slots = [FieldSpan::EMPTY; 4];
/// if let Parse::Complete(fields) = parse_fields(b"A: 1\r\nb:2\r\n\r\n", &mut slots, &Config::SERVER)? {
///     let names: Vec<_> = fields.iter().map(|field| field.name()).collect();
///     assert_eq!(names, [b"A", b"b"]);
/// }
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Fields<'b, 's> {
    head: &'b [u8],
    spans: &'s [FieldSpan],
    /// A value may go on over the end of a line.
    may_fold: bool,
}

impl<'b, 's> Fields<'b, 's> {
    pub(super) fn bind(
        buf: &'b [u8],
        slots: &'s [FieldSpan],
        len: usize,
        fields: usize,
        may_fold: bool,
    ) -> Self {
        Self {
            head: buf.get(..len).unwrap_or_default(),
            spans: slots.get(..fields).unwrap_or_default(),
            may_fold,
        }
    }

    /// Returns the number of fields.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_fields};
    /// # let slots = &mut [nethttp::header::FieldSpan::EMPTY; 4];
    /// let buf = b"A: 1\r\na: 2\r\n\r\n";
    /// if let Parse::Complete(fields) = parse_fields(buf, slots, &Config::CLIENT)? {
    ///     assert_eq!(fields.len(), 2); // lines, not names
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn len(&self) -> usize {
        self.spans.len()
    }

    /// Returns whether there is none.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_fields};
    /// # let slots = &mut [nethttp::header::FieldSpan::EMPTY; 4];
    /// let buf = b"\r\n";
    /// if let Parse::Complete(fields) = parse_fields(buf, slots, &Config::CLIENT)? {
    ///     assert!(fields.is_empty());
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.spans.is_empty()
    }

    /// Returns an iterator over the fields.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_fields};
    /// # let slots = &mut [nethttp::header::FieldSpan::EMPTY; 4];
    /// let buf = b"A: 1\r\nB: 2\r\na: 3\r\n\r\n";
    /// if let Parse::Complete(fields) = parse_fields(buf, slots, &Config::CLIENT)? {
    ///     let named_a = fields.iter().filter(|field| field.is_named("a"));
    ///     assert_eq!(named_a.count(), 2);
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub fn iter(&self) -> impl ExactSizeIterator<Item = Field<'b>> + use<'b, 's> {
        let head = self.head;
        self.spans.iter().map(move |&span| Field { head, span })
    }

    /// Returns the value of the first field of that name, compared without regard to case.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_fields};
    /// # let slots = &mut [nethttp::header::FieldSpan::EMPTY; 4];
    /// let parsed = parse_fields(b"A: 1\r\nETag: 2\r\n\r\n", slots, &Config::CLIENT)?;
    /// assert!(matches!(parsed, Parse::Complete(fields) if fields.get("etag") == Some(b"2")));
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&'b [u8]> {
        self.iter().find(|field| field.is_named(name)).map(|field| field.value())
    }

    /// Replaces the fields of a map by these, line folds by spaces: two runs of memory are copied,
    /// into the memory that the map has. The limits that held are those of the parser, not those of
    /// the map.
    ///
    /// ```
    /// use nethttp::h1::{Config, Parse, parse_fields};
    /// use nethttp::header::{self, FieldSpan, HeaderMap};
    ///
    /// let mut slots = [FieldSpan::EMPTY; 4];
    /// let mut headers = HeaderMap::new();
    /// let parsed = parse_fields(b"Age: 1\r\nVary: *\r\n\r\n", &mut slots, &Config::CLIENT)?;
    /// if let Parse::Complete(fields) = parsed {
    ///     fields.copy_into(&mut headers);
    /// }
    /// assert_eq!(headers.text(header::VARY), Some("*"));
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    pub fn copy_into(&self, headers: &mut HeaderMap) {
        headers.assign(self.head, self.spans);
        if self.may_fold && self.iter().any(|field| field.is_folded()) {
            headers.unfold();
        }
    }

    /// The bytes that the spans point into.
    pub(crate) const fn head(&self) -> &'b [u8] {
        self.head
    }

    pub(crate) const fn spans(&self) -> &'s [FieldSpan] {
        self.spans
    }
}

impl fmt::Debug for Fields<'_, '_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(self.iter()).finish()
    }
}

/// One field line: a name, and a value without the whitespace around it.
///
/// # Examples
///
/// ```
/// use nethttp::h1::{Config, Parse, parse_fields};
/// use nethttp::header::FieldSpan;
///
/// let mut slots = [FieldSpan::EMPTY; 4];
/// let folded = b"Note: a\r\n b\r\n\r\n";
/// if let Parse::Complete(fields) = parse_fields(folded, &mut slots, &Config::CLIENT)? {
///     let note = fields.iter().next().expect("one field");
///     assert_eq!(note.value(), b"a\r\n b");
///     assert_eq!(note.unfolded().as_ref(), b"a   b");
/// }
/// # Ok::<(), nethttp::h1::ParseError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Field<'b> {
    head: &'b [u8],
    span: FieldSpan,
}

impl<'b> Field<'b> {
    /// Returns the name as it was sent: a token.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_fields};
    /// # let slots = &mut [nethttp::header::FieldSpan::EMPTY; 4];
    /// let buf = b"eTAG: 1\r\n\r\n";
    /// if let Parse::Complete(fields) = parse_fields(buf, slots, &Config::CLIENT)? {
    ///     let names: Vec<_> = fields.iter().map(|field| field.name()).collect();
    ///     assert_eq!(names, [b"eTAG"]);
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub fn name(&self) -> &'b [u8] {
        self.span.name(self.head)
    }

    /// Returns whether the name is the given one, without regard to case.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_fields};
    /// # let slots = &mut [nethttp::header::FieldSpan::EMPTY; 4];
    /// if let Parse::Complete(fields) = parse_fields(b"HOST: a\r\n\r\n", slots, &Config::CLIENT)? {
    ///     assert!(fields.iter().any(|field| field.is_named("Host")));
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub fn is_named(&self, name: &str) -> bool {
        self.name().eq_ignore_ascii_case(name.as_bytes())
    }

    /// Returns the value as it was sent, line folds included.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_fields};
    /// # let slots = &mut [nethttp::header::FieldSpan::EMPTY; 4];
    /// let buf = b"A:  1 \r\n\r\n";
    /// if let Parse::Complete(fields) = parse_fields(buf, slots, &Config::CLIENT)? {
    ///     let values: Vec<_> = fields.iter().map(|field| field.value()).collect();
    ///     assert_eq!(values, [b"1"]);
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub fn value(&self) -> &'b [u8] {
        self.span.value(self.head)
    }

    /// Returns whether the value goes over several lines, which only
    /// [`Leniency::obs_fold`](crate::h1::Leniency::obs_fold) lets happen.
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_fields};
    /// # let slots = &mut [nethttp::header::FieldSpan::EMPTY; 4];
    /// let buf = b"Note: a\r\n b\r\n\r\n";
    /// if let Parse::Complete(fields) = parse_fields(buf, slots, &Config::CLIENT)? {
    ///     assert!(fields.iter().any(|note| note.is_folded()));
    /// }
    /// # Ok::<(), nethttp::h1::ParseError>(())
    /// ```
    #[must_use]
    pub fn is_folded(&self) -> bool {
        self.value().contains(&b'\n')
    }

    /// Returns the value with every CR and LF of a fold replaced by a space,
    /// [RFC 9112 §5.2](https://www.rfc-editor.org/rfc/rfc9112#section-5.2).
    ///
    /// ```
    /// # use nethttp::h1::{Config, Parse, parse_fields};
    /// # let slots = &mut [nethttp::header::FieldSpan::EMPTY; 4];
    /// let buf = b"Note: a\r\n b\r\n\r\n";
    /// if let Parse::Complete(fields) = parse_fields(buf, slots, &Config::CLIENT)? {
    ///     let note = fields.iter().next().ok_or("no field")?;
    ///     assert_eq!(note.unfolded().as_ref(), b"a   b");
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn unfolded(&self) -> Cow<'b, [u8]> {
        if !self.is_folded() {
            return Cow::Borrowed(self.value());
        }
        let space = |&octet: &u8| {
            if matches!(octet, b'\r' | b'\n') { b' ' } else { octet }
        };
        Cow::Owned(self.value().iter().map(space).collect())
    }

    /// Where the value stands in the head.
    pub(crate) fn value_offset(&self) -> usize {
        self.span.value_start()
    }
}

impl fmt::Debug for Field<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.name().escape_ascii(), self.value().escape_ascii())
    }
}
