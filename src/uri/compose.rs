//! Putting components together, [RFC 3986 §5.3], with the offsets counted on the way.
//!
//! [RFC 3986 §5.3]: https://www.rfc-editor.org/rfc/rfc3986#section-5.3

use alloc::string::String;

use super::authority::Authority;
use super::error::{UriError, UriErrorKind};
use super::parts::{MAX_LEN, Parts, at, offset};

/// A URI or a reference that is being written: the components go to `text` one after the other, and the
/// methods say where they start and end.
pub(super) struct Composer {
    pub(super) text: String,
    parts: Parts,
}

impl Composer {
    /// With room for so many bytes, and for `/.` where that is needed.
    pub(super) fn with_capacity(len: usize) -> Self {
        Self { text: String::with_capacity(len + 2), parts: Parts::EMPTY }
    }

    fn position(&self) -> u32 {
        offset(self.text.len())
    }

    /// Says that the scheme is written; writes its `:`.
    pub(super) fn end_scheme(&mut self) {
        self.parts.scheme_end = self.position();
        self.text.push(':');
    }

    /// Writes the `//` of an authority, which may start with user information and its `@`.
    pub(super) fn start_authority(&mut self) {
        self.text.push_str("//");
        self.parts.authority_start = self.position();
        self.start_host();
    }

    pub(super) fn start_host(&mut self) {
        self.parts.host_start = self.position();
    }

    /// Says that the host is written; the port follows with its `:`.
    pub(super) fn end_host(&mut self) {
        self.parts.host_end = self.position();
    }

    /// Writes `//` and a whole authority as it is.
    pub(super) fn authority(&mut self, authority: Authority<'_>) {
        self.start_authority();
        let (host_start, host_end) = authority.host_span();
        let start = self.parts.authority_start;
        self.parts.host_start = start.saturating_add(host_start);
        self.parts.host_end = start.saturating_add(host_end);
        self.text.push_str(authority.as_str());
    }

    pub(super) fn start_path(&mut self) {
        self.parts.path_start = self.position();
    }

    /// Says that the path is written, which started at `start_path`; the query follows with its `?`.
    ///
    /// A path that would read as an authority gets `/.` in front, as
    /// [RFC 3986 §4.2](https://www.rfc-editor.org/rfc/rfc3986#section-4.2) advises for a like case.
    pub(super) fn end_path(&mut self) {
        let start = at(self.parts.path_start);
        let path = self.text.get(start..).unwrap_or_default();
        if self.parts.authority_start == 0 && path.starts_with("//") {
            self.text.insert_str(start, "/.");
        }
        self.parts.path_end = self.position();
    }

    /// Says that the query is written; the fragment follows with its `#`.
    pub(super) fn end_query(&mut self) {
        self.parts.query_end = self.position();
    }

    /// Returns the text and its parts.
    pub(super) fn finish(self) -> Result<(String, Parts), UriError> {
        let Self { text, parts } = self;
        if text.len() > MAX_LEN {
            return Err(UriError::new(UriErrorKind::TooLong, text.as_bytes(), MAX_LEN));
        }
        Ok((text, parts))
    }
}
