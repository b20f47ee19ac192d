//! Where a field stands in a buffer.

/// The places of a field's name and value in a buffer that somebody else holds.
///
/// It is what the parser of a head fills in and what a [`HeaderMap`](super::HeaderMap) stores, so
/// that a parsed head becomes a map by two copies of memory. Offsets are 32 bits wide; a buffer of
/// 4 GiB or more is out of reach.
///
/// # Examples
///
/// ```
/// use nethttp::header::FieldSpan;
///
/// let slots = [FieldSpan::EMPTY; 16];
/// assert_eq!(size_of_val(&slots), 256);
/// assert_eq!(slots[0].value(b"Host: example.com"), b"");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct FieldSpan {
    name_start: u32,
    name_end: u32,
    value_start: u32,
    value_end: u32,
}

impl FieldSpan {
    /// A span of nothing, to fill an array with before a head is parsed into it.
    ///
    /// ```
    /// use nethttp::header::FieldSpan;
    ///
    /// assert_eq!(FieldSpan::EMPTY.name(b"Host: example.com"), b"");
    /// ```
    pub const EMPTY: Self = Self::new(0, 0, 0, 0);

    #[inline]
    pub(crate) const fn new(
        name_start: u32,
        name_end: u32,
        value_start: u32,
        value_end: u32,
    ) -> Self {
        Self { name_start, name_end, value_start, value_end }
    }

    /// Creates a span from offsets into a head, which is never longer than 4 GiB.
    #[inline(always)]
    pub(crate) fn from_offsets(
        name_start: usize,
        name_end: usize,
        value_start: usize,
        value_end: usize,
    ) -> Self {
        Self::new(low(name_start), low(name_end), low(value_start), low(value_end))
    }

    /// Returns where the value starts.
    #[inline]
    pub(crate) fn value_start(&self) -> usize {
        index(self.value_start)
    }

    /// Returns the field's name, or an empty slice when the span lies outside of the buffer.
    ///
    /// ```
    /// use nethttp::header::FieldSpan;
    ///
    /// assert_eq!(FieldSpan::default().name(b""), b"");
    /// ```
    #[must_use]
    #[inline]
    pub fn name<'b>(&self, buf: &'b [u8]) -> &'b [u8] {
        slice(buf, self.name_start, self.name_end)
    }

    /// Returns the field's value, or an empty slice when the span lies outside of the buffer.
    ///
    /// ```
    /// use nethttp::header::FieldSpan;
    ///
    /// assert_eq!(FieldSpan::default().value(b""), b"");
    /// ```
    #[must_use]
    #[inline]
    pub fn value<'b>(&self, buf: &'b [u8]) -> &'b [u8] {
        slice(buf, self.value_start, self.value_end)
    }

    /// Returns the value for changes in place.
    pub(super) fn value_mut<'b>(&self, buf: &'b mut [u8]) -> &'b mut [u8] {
        buf.get_mut(index(self.value_start)..index(self.value_end)).unwrap_or_default()
    }

    #[inline]
    pub(super) fn name_len(&self) -> usize {
        index(self.name_end.wrapping_sub(self.name_start))
    }

    /// Returns eight bytes of the buffer from a place in the name on.
    #[inline]
    pub(super) fn octets_of_name<'b>(&self, buf: &'b [u8], place: usize) -> Option<&'b [u8; 8]> {
        buf.get(index(self.name_start).saturating_add(place)..)?.first_chunk()
    }

    /// Returns how many bytes the name and the value take.
    #[inline]
    pub(super) fn len(&self) -> usize {
        let value = index(self.value_end.wrapping_sub(self.value_start));
        self.name_len().saturating_add(value)
    }

    /// Returns the span with the value at another place.
    pub(super) const fn with_value(self, start: u32, end: u32) -> Self {
        Self { value_start: start, value_end: end, ..self }
    }

    /// Returns the span without the spaces and tabs around the value.
    pub(super) fn trimmed(self, buf: &[u8]) -> Self {
        let is_space = |octet: &&u8| matches!(octet, b' ' | b'\t');
        let value = self.value(buf);
        let trailing = value.iter().rev().take_while(is_space).count();
        let value = value.get(..value.len() - trailing).unwrap_or_default();
        let leading = value.iter().take_while(is_space).count();
        let narrow = |count: usize| u32::try_from(count).unwrap_or_default();
        self.with_value(
            self.value_start.saturating_add(narrow(leading)),
            self.value_end.saturating_sub(narrow(trailing)),
        )
    }
}

/// The low 32 bits of an offset.
#[inline(always)]
const fn low(offset: usize) -> u32 {
    let [a, b, c, d, ..] = offset.to_le_bytes();
    u32::from_le_bytes([a, b, c, d])
}

#[inline]
fn slice(buf: &[u8], start: u32, end: u32) -> &[u8] {
    buf.get(index(start)..index(end)).unwrap_or_default()
}

/// Widens an offset; one that does not fit lies outside of any buffer.
#[inline]
fn index(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEAD: &[u8] = b"Host: example.com\r\n\r\n";

    #[test]
    fn a_span_is_sixteen_bytes() {
        assert_eq!(size_of::<FieldSpan>(), 16);
    }

    #[test]
    fn name_and_value_are_cut_out_of_the_buffer() {
        let span = FieldSpan::new(0, 4, 6, 17);
        assert_eq!(span.name(HEAD), b"Host");
        assert_eq!(span.value(HEAD), b"example.com");
        assert_eq!((span.name_len(), span.len()), (4, 15));
    }

    #[test]
    fn a_span_outside_of_the_buffer_is_empty() {
        for span in [
            FieldSpan::new(0, 99, 6, 99),
            FieldSpan::new(u32::MAX, u32::MAX, 22, u32::MAX),
            FieldSpan::new(4, 0, 17, 6),
        ] {
            assert_eq!((span.name(HEAD), span.value(HEAD)), (&b""[..], &b""[..]));
            assert_eq!(span.value_mut(&mut HEAD.to_vec()), b"");
            assert_eq!(span.trimmed(HEAD).value(HEAD), b"");
        }
    }

    #[test]
    fn trimming_moves_both_ends_of_the_value() {
        let buf = b"a: \t b c \t";
        let trimmed = FieldSpan::new(0, 1, 2, 10).trimmed(buf);
        assert_eq!(trimmed.value(buf), b"b c");
        let blank = FieldSpan::new(0, 1, 2, 5).trimmed(buf);
        assert_eq!(blank.value(buf), b"");
    }
}
