//! What comes out of a negotiation.

use alloc::string::String;
use core::fmt;

use crate::syntax::write_list;

/// The offer that a client wants most.
///
/// # Examples
///
/// ```
/// use nethttp::negotiate::Accept;
///
/// let accept = Accept::parse(b"text/html;q=0.5, application/json")?;
/// let choice = accept.best(&["text/html", "application/json"])?;
/// assert_eq!((choice.offer(), choice.vary()), ("application/json", "Accept"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice<'o> {
    field: &'static str,
    index: usize,
    offer: &'o str,
    quality: u16,
}

impl<'o> Choice<'o> {
    pub(super) const fn new(
        field: &'static str,
        index: usize,
        offer: &'o str,
        quality: u16,
    ) -> Self {
        Self { field, index, offer, quality }
    }

    /// Returns the offer that was chosen, as the server wrote it.
    ///
    /// ```
    /// # use nethttp::negotiate::AcceptLanguage;
    /// let choice = AcceptLanguage::parse(b"sv-SE, en;q=0.5")?.best(&["en", "sv"])?;
    /// assert_eq!(choice.offer(), "sv");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn offer(&self) -> &'o str {
        self.offer
    }

    /// Returns the place of that offer in the list of offers, counted from 0.
    ///
    /// ```
    /// # use nethttp::negotiate::AcceptLanguage;
    /// let files = ["page.en.html", "page.sv.html"];
    /// let choice = AcceptLanguage::parse(b"sv")?.best(&["en", "sv"])?;
    /// assert_eq!(files.get(choice.index()), Some(&"page.sv.html"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn index(&self) -> usize {
        self.index
    }

    /// Returns how much the client wants it, in thousandths: 1 to 1000.
    ///
    /// ```
    /// # use nethttp::negotiate::AcceptEncoding;
    /// let choice = AcceptEncoding::parse(b"gzip;q=0.8")?.best(&["br", "gzip"])?;
    /// assert_eq!(choice.quality(), 800);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn quality(&self) -> u16 {
        self.quality
    }

    /// Returns the name of the field that decided, which belongs in the response's Vary, whatever was
    /// chosen and whether or not the request had the field,
    /// [RFC 9110 §12.5.5](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.5).
    ///
    /// ```
    /// # use nethttp::negotiate::AcceptEncoding;
    /// let choice = AcceptEncoding::new().best(&["gzip", "identity"])?;
    /// assert_eq!(choice.vary(), "Accept-Encoding");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub const fn vary(&self) -> &'static str {
        self.field
    }
}

/// No offer is acceptable: what a 406 response is made of,
/// [RFC 9110 §15.5.7](https://www.rfc-editor.org/rfc/rfc9110#section-15.5.7).
///
/// A handler may return it as it is (`IntoResponse`): a 406 with Vary, and the offers as text, so that
/// the client can choose. A server may as well send what it likes best instead; for languages that is the
/// better answer as a rule.
///
/// # Examples
///
/// ```
/// use nethttp::negotiate::Accept;
///
/// let refused = Accept::parse(b"image/*")?.best(&["text/html", "text/plain"]).unwrap_err();
/// assert_eq!(refused.vary(), "Accept");
/// assert!(refused.offers().eq(["text/html", "text/plain"]));
/// assert_eq!(refused.to_string(), "expected Accept to allow one of: text/html, text/plain");
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAcceptable {
    field: &'static str,
    /// A copy, one offer a line, so that the error can leave the function that made the offers.
    offers: String,
}

impl NotAcceptable {
    pub(super) fn new(field: &'static str, offers: &[&str]) -> Self {
        Self { field, offers: offers.join("\n") }
    }

    /// Returns the name of the field that refused, which belongs in the response's Vary.
    ///
    /// ```
    /// # use nethttp::negotiate::AcceptCharset;
    /// let refused = AcceptCharset::parse(b"koi8-r")?.best(&["utf-8"]).unwrap_err();
    /// assert_eq!(refused.vary(), "Accept-Charset");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn vary(&self) -> &'static str {
        self.field
    }

    /// Returns what was offered.
    ///
    /// ```
    /// # use nethttp::negotiate::AcceptCharset;
    /// let refused = AcceptCharset::parse(b"koi8-r")?.best(&["utf-8"]).unwrap_err();
    /// assert!(refused.offers().eq(["utf-8"]));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn offers(&self) -> impl Iterator<Item = &str> {
        self.offers.lines()
    }
}

impl fmt::Display for NotAcceptable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "expected {} to allow one of: ", self.field)?;
        write_list(f, self.offers())
    }
}

impl core::error::Error for NotAcceptable {}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::string::ToString;

    #[test]
    fn texts_are_pinned() {
        let refused = NotAcceptable::new("Accept", &["a/b", "c/d", "e/f"]);
        assert_eq!(refused.to_string(), "expected Accept to allow one of: a/b, c/d, e/f");
        let nothing = NotAcceptable::new("Accept-Charset", &[]);
        assert_eq!(nothing.to_string(), "expected Accept-Charset to allow one of: ");
    }
}
