//! Media types that are wanted.

use alloc::vec::Vec;
use core::fmt;

use super::calls::calls;
use super::entries::{
    Entries, Entry, Fit, Order, Reading, Verdict, choose, index, read_parameters, write_weight,
};
use super::{Choice, NotAcceptable};
use crate::field::{FieldError, FieldErrorKind};
use crate::header::{self, HeaderMap};
use crate::syntax::{Cursor, Parameter, Parameters, push_parameter};

/// The value of an Accept field, [RFC 9110 §12.5.1](https://www.rfc-editor.org/rfc/rfc9110#section-12.5.1).
///
/// ```abnf
/// Accept      = [ ( media-range [ weight ] ) *( OWS "," OWS ( media-range [ weight ] ) ) ]
/// media-range = ( "*/*" / ( type "/" "*" ) / ( type "/" subtype ) ) parameters
/// weight      = OWS ";" OWS "q=" qvalue
/// ```
///
/// The range that applies to an offer is the narrowest that matches it: one with parameters before
/// `type/subtype`, that before `type/*`, that before `*/*`. Its weight is the offer's quality. Of two
/// ranges that are as narrow the heavier one counts. A parameter of the name `q` is the weight, wherever it
/// stands. Without a field, or with an empty one, everything is wanted. A text that is not a media type is
/// never acceptable.
///
/// # Deviations
///
/// `from_headers` reads `*` alone as `*/*`, which Java's `HttpURLConnection` sends.
///
/// # Examples
///
/// ```
/// use nethttp::HeaderMap;
/// use nethttp::negotiate::Accept;
///
/// let mut headers = HeaderMap::new();
/// headers.append("Accept", "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, */*;q=0.1")?;
/// let accept = Accept::from_headers(&headers);
/// assert_eq!(accept.quality("text/plain;format=flowed"), 1000);
/// assert_eq!(accept.quality("text/plain"), 700);
/// assert_eq!(accept.quality("image/png"), 100);
/// assert_eq!(accept.best(&["text/html", "text/plain"])?.offer(), "text/plain");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Default)]
pub struct Accept<'a>(Entries<'a>);

calls! {
    Accept, "Accept", header::ACCEPT, MediaRange, read_range, width,
    "text/html", "text/plain"
}

impl Accept<'_> {
    fn judge(&self, offer: &str) -> Verdict {
        let Some(offer) = Offer::parse(offer) else {
            return Verdict::default();
        };
        match self.0.as_slice() {
            [] => Verdict::ANYTHING,
            entries => Verdict::of(entries, |entry| offer.fit(entry)).unwrap_or_default(),
        }
    }
}

/// Parameters count less than the width of a range, and there are fewer of them than this leaves room for.
const WIDTH_SHIFT: u32 = 30;

/// Reads a media range.
fn read_range<'a>(cursor: &mut Cursor<'a>, reading: Reading) -> Result<Entry<'a>, FieldError> {
    let start = cursor.offset();
    let text = cursor.rest();
    let kind = cursor.token()?;
    let slash = offset(cursor, start)?;
    if !cursor.eat(b'/') {
        if kind != b"*" || reading == Reading::Strict {
            return Err(FieldError::new(FieldErrorKind::Slash, cursor.offset()));
        }
        let (weight, _) = read_parameters(cursor, reading, false)?;
        return Ok(Entry { text: "*/*", slash: 1, end: 3, weight });
    }
    let before = cursor.offset();
    let subtype = cursor.token()?;
    if kind == b"*" && subtype != b"*" {
        return Err(FieldError::new(FieldErrorKind::Wildcard, before));
    }
    let end = offset(cursor, start)?;
    let (weight, has_others) = read_parameters(cursor, reading, true)?;
    // A range that has no parameters but its weight is compared without looking for any.
    let len = if has_others { cursor.offset() - start } else { index(end) };
    let text = text.get(..len).unwrap_or_default();
    match core::str::from_utf8(text) {
        Ok(text) => Ok(Entry { text, slash, end, weight }),
        Err(error) => Err(FieldError::new(FieldErrorKind::Utf8, start + error.valid_up_to())),
    }
}

/// The offset of the cursor from a start. A name of 4 GiB is none.
fn offset(cursor: &Cursor<'_>, start: usize) -> Result<u32, FieldError> {
    let error = FieldError::new(FieldErrorKind::Slash, cursor.offset());
    u32::try_from(cursor.offset() - start).map_err(|_| error)
}

/// A media type that is offered.
struct Offer<'o> {
    type_: &'o [u8],
    subtype: &'o [u8],
    parameters: Cursor<'o>,
}

impl<'o> Offer<'o> {
    /// Splits a media type. Its parameters are looked at only where a range has some.
    #[inline]
    fn parse(text: &'o str) -> Option<Self> {
        let mut cursor = Cursor::new(text.as_bytes());
        let type_ = cursor.token().ok()?;
        let subtype = if cursor.eat(b'/') { cursor.token().ok()? } else { return None };
        let is_end = matches!(cursor.peek(), None | Some(b';' | b' ' | b'\t'));
        is_end.then_some(Self { type_, subtype, parameters: cursor })
    }

    /// Returns how well a range fits, if it matches.
    #[inline]
    fn fit(&self, entry: &Entry<'_>) -> Option<Fit> {
        let (type_, rest) = entry.text.as_bytes().split_at_checked(index(entry.slash))?;
        let (range, parameters) = rest.split_at_checked(index(entry.end - entry.slash))?;
        let (_slash, subtype) = range.split_first()?;
        let is_type = || self.type_.eq_ignore_ascii_case(type_);
        let width = match (type_, subtype) {
            (b"*", _) => 0,
            (_, b"*") if is_type() => 1,
            _ if self.subtype.eq_ignore_ascii_case(subtype) && is_type() => 2,
            _ => return None,
        };
        if parameters.is_empty() {
            return Some(width << WIDTH_SHIFT);
        }
        Some((width << WIDTH_SHIFT) + self.common_parameters(parameters)?)
    }

    /// Counts the parameters of a range, all of which the offer must have.
    fn common_parameters(&self, parameters: &[u8]) -> Option<Fit> {
        let mut common = 0;
        for wanted in parameters_of(parameters) {
            Parameters::new(self.parameters).flatten().find(|have| is_same(have, &wanted))?;
            common += 1;
        }
        Some(common)
    }
}

/// The parameters of a range that are part of it: all but its weight.
fn parameters_of(text: &[u8]) -> impl Iterator<Item = Parameter<'_>> {
    Parameters::new(Cursor::new(text)).flatten().filter(|parameter| !parameter.is_named("q"))
}

/// The values of most parameters are compared as they are; `charset` is known to be without case,
/// [RFC 9110 §8.3.2](https://www.rfc-editor.org/rfc/rfc9110#section-8.3.2).
fn is_same(have: &Parameter<'_>, wanted: &Parameter<'_>) -> bool {
    let (ours, theirs) = (have.value(), wanted.value());
    have.name().eq_ignore_ascii_case(wanted.name())
        && (ours == theirs || have.is_named("charset") && ours.eq_ignore_ascii_case(&theirs))
}

/// A range of media types and its weight, of an [`Accept`] field.
///
/// # Examples
///
/// ```
/// use nethttp::negotiate::Accept;
///
/// let accept = Accept::parse(b"text/*;q=0.5")?;
/// let range = accept.ranges().next().ok_or("none")?;
/// assert_eq!((range.type_(), range.subtype(), range.weight()), ("text", "*", 500));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy)]
pub struct MediaRange<'a>(Entry<'a>);

fn width(entry: &Entry<'_>) -> Fit {
    MediaRange(*entry).width()
}

impl<'a> MediaRange<'a> {
    /// Returns the type, or `*`.
    ///
    /// ```
    /// # use nethttp::negotiate::Accept;
    /// assert!(Accept::parse(b"*/*")?.ranges().all(|range| range.type_() == "*"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn type_(&self) -> &'a str {
        self.0.text.get(..index(self.0.slash)).unwrap_or_default()
    }

    /// Returns the subtype, or `*`.
    ///
    /// ```
    /// # use nethttp::negotiate::Accept;
    /// assert!(Accept::parse(b"text/html;q=0.5")?.ranges().all(|range| range.subtype() == "html"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn subtype(&self) -> &'a str {
        self.0.range().get(index(self.0.slash) + 1..).unwrap_or_default()
    }

    /// Returns the parameters, but not the weight.
    ///
    /// ```
    /// # use nethttp::negotiate::Accept;
    /// let accept = Accept::parse(b"text/html;level=1;q=0.4")?;
    /// let names = accept.ranges().flat_map(|range| range.parameters().map(|it| it.name()));
    /// assert!(names.eq([b"level"]));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parameters(&self) -> impl Iterator<Item = Parameter<'a>> + use<'a> {
        parameters_of(self.0.text.as_bytes().get(index(self.0.end)..).unwrap_or_default())
    }

    /// Returns the weight in thousandths, 0 to 1000.
    ///
    /// ```
    /// # use nethttp::negotiate::Accept;
    /// assert!(Accept::parse(b"text/html")?.ranges().all(|range| range.weight() == 1000));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn weight(&self) -> u16 {
        self.0.weight
    }

    /// How narrow the range is.
    fn width(&self) -> Fit {
        let width = match (self.type_(), self.subtype()) {
            ("*", _) => 0,
            (_, "*") => 1,
            _ => 2,
        };
        (width << WIDTH_SHIFT) + u32::try_from(self.parameters().count()).unwrap_or_default()
    }
}

impl PartialEq for MediaRange<'_> {
    /// Compares names without case, and parameters in their order.
    fn eq(&self, other: &Self) -> bool {
        self.0.range().eq_ignore_ascii_case(other.0.range())
            && self.0.weight == other.0.weight
            && self.parameters().count() == other.parameters().count()
            && self
                .parameters()
                .zip(other.parameters())
                .all(|(ours, theirs)| is_same(&ours, &theirs))
    }
}

impl Eq for MediaRange<'_> {}

impl fmt::Display for MediaRange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.range())?;
        let mut text = Vec::new();
        for parameter in self.parameters() {
            text.push(b';');
            push_parameter(parameter.name(), &parameter.value(), &mut text)
                .map_err(|_| fmt::Error)?;
        }
        f.write_str(core::str::from_utf8(&text).map_err(|_| fmt::Error)?)?;
        write_weight(f, self.0.weight)
    }
}

impl fmt::Debug for MediaRange<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MediaRange({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::SyntaxErrorKind;
    use FieldErrorKind as Kind;
    use alloc::string::{String, ToString};

    fn lenient(lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("Accept", line).unwrap();
        }
        Accept::from_headers(&headers).to_string()
    }

    #[track_caller]
    fn qualities(value: &str, expected: &[(&str, u16)]) {
        let accept = Accept::parse(value.as_bytes()).unwrap();
        for (offer, quality) in expected {
            assert_eq!(accept.quality(offer), *quality, "{offer}");
        }
    }

    #[test]
    fn the_table_of_rfc_9110_12_5_1() {
        qualities(
            "text/*;q=0.3, text/plain;q=0.7, text/plain;format=flowed, \
             text/plain;format=fixed;q=0.4, */*;q=0.5",
            &[
                ("text/plain;format=flowed", 1000),
                ("text/plain", 700),
                ("text/html", 300),
                ("image/jpeg", 500),
                ("text/plain;format=fixed", 400),
                ("text/html;level=3", 300),
            ],
        );
        qualities("audio/*; q=0.2, audio/basic", &[("audio/basic", 1000), ("audio/ogg", 200)]);
        qualities(
            "text/plain; q=0.5, text/html, text/x-dvi; q=0.8, text/x-c",
            &[("text/html", 1000), ("text/x-c", 1000), ("text/x-dvi", 800), ("text/plain", 500)],
        );
    }

    #[test]
    fn parameters_of_a_range_must_be_in_the_offer() {
        qualities(
            "text/html;level=1;q=0.5, text/html;level=1;charset=UTF-8, */*;v=1;q=0.2",
            &[
                ("text/html", 0),
                ("text/html;level=2", 0),
                ("TEXT/HTML; LEVEL=\"1\"", 500),
                ("text/html;charset=utf-8;level=1;x=y", 1000),
                ("image/png;v=1", 200),
                ("text/html;v=1", 200),
                ("text/html;v=1;level=1", 500),
            ],
        );
        // However many there are, the subtype is narrower.
        let five = "text/*;a=1;b=2;c=3;d=4;e=5;q=0.1, text/html;q=0.9";
        qualities(
            five,
            &[("text/html;a=1;b=2;c=3;d=4;e=5", 900), ("text/x;a=1;b=2;c=3;d=4;e=5", 100)],
        );
        qualities("text/x;a=B", &[("text/x;a=B", 1000), ("text/x;a=b", 0)]);
        qualities(r#"text/x;a="b c";q=0.5"#, &[(r#"text/x;a="b\ c""#, 500), ("text/x;a=b", 0)]);
    }

    #[test]
    fn a_weight_counts_wherever_it_stands() {
        qualities("text/html;q=0.4;level=1", &[("text/html;level=1", 400), ("text/html", 0)]);
        qualities("text/html;Q=0.4;q=0.9", &[("text/html", 400)]);
        assert_eq!(lenient(&["text/html;q=\"0.4\""]), "text/html;q=0.4");
    }

    #[test]
    fn of_ranges_that_are_as_narrow_the_heavier_counts() {
        qualities("text/*;q=0.1, text/*;q=0.4, text/*;q=0.2", &[("text/css", 400)]);
        qualities("text/css;q=0, TEXT/CSS;q=0.4", &[("text/css", 400)]);
    }

    #[test]
    fn zero_refuses_what_a_wider_range_wants() {
        qualities(
            "*/*, text/*;q=0, text/html;q=0.1, text/html;level=1;q=0",
            &[("a/b", 1000), ("text/css", 0), ("text/html", 100), ("text/html;level=1", 0)],
        );
        assert!(Accept::parse(b"*/*;q=0").unwrap().best(&["a/b", "c/d"]).is_err());
    }

    #[test]
    fn what_is_not_a_media_type_is_never_acceptable() {
        for offer in ["", "text", "text/", "/html", "text /html", "text/html,a/b", "t\u{e9}/html"] {
            assert_eq!(Accept::new().quality(offer), 0, "{offer}");
            assert_eq!(Accept::parse(b"*/*").unwrap().quality(offer), 0, "{offer}");
        }
    }

    #[track_caller]
    fn chosen(value: &str, offers: &[&str], by_server: &str, by_client: &str) {
        let accept = Accept::parse(value.as_bytes()).unwrap();
        assert_eq!(accept.best(offers).map_or("", |choice| choice.offer()), by_server);
        let choice = accept.best_in_client_order(offers);
        assert_eq!(choice.map_or("", |choice| choice.offer()), by_client);
    }

    #[test]
    fn ties_go_to_the_narrower_range_then_to_the_order() {
        let (html, json) = ("text/html", "application/json");
        chosen("", &[html, json], html, html);
        chosen("*/*", &[json, html], json, json);
        chosen("application/json, text/html", &[html, json], html, json);
        chosen("application/json;q=0.9, text/html;q=0.8", &[html, json], json, json);
        // What axios sends: a client that names JSON wants it.
        chosen("application/json, text/plain, */*", &[html, json], json, json);
        chosen("*/*, application/json", &[html, json], json, json);
        // Of a range that is there twice the first place counts.
        chosen("text/html, application/json, text/html", &[json, html], json, html);
        chosen("text/*, application/*;q=0.5", &[json, html], html, html);
        chosen("image/*", &[html, json], "", "");
        chosen("image/*, text/html;q=0.001", &[html, json], html, html);
        // Chrome, for a page.
        let chrome = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,\
            image/apng,*/*;q=0.8,application/signed-exchange;v=b3;q=0.7";
        chosen(chrome, &[json, html], html, html);
        chosen(chrome, &[json, "image/png"], json, json);
        chosen(chrome, &["image/webp", html], "image/webp", html);
        chosen("a/b", &[], "", "");
    }

    #[track_caller]
    fn refused(value: &[u8], kind: Kind, offset: usize) {
        let error = Accept::parse(value).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset));
    }

    #[test]
    fn refuses_what_the_grammar_does_not_have() {
        use SyntaxErrorKind as Syntax;
        refused(b"text", Kind::Slash, 4);
        refused(b"*", Kind::Slash, 1);
        refused(b"a/b, */c", Kind::Wildcard, 7);
        refused(b"text/", Kind::Syntax(Syntax::ExpectedToken), 5);
        refused(b"/html", Kind::Syntax(Syntax::ExpectedToken), 0);
        refused(b"text/html x", Kind::Syntax(Syntax::ExpectedComma), 10);
        refused(b"text/html;level", Kind::Syntax(Syntax::ExpectedEquals), 15);
        refused(b"text/html;q=.5", Kind::Syntax(Syntax::Weight), 12);
        refused(b"text/html;q=0.5555", Kind::Syntax(Syntax::Weight), 17);
        refused(b"text/html;q=1.1", Kind::Syntax(Syntax::Weight), 14);
        refused(b"a/b, text/html ; q=-1", Kind::Syntax(Syntax::Weight), 19);
        refused(b"text/html;q=\"1\"", Kind::Syntax(Syntax::Weight), 12);
        refused(b"text/html;q=\"\\1\"", Kind::Syntax(Syntax::Weight), 12);
        refused(b"text/html;a=\"\xff\"", Kind::Utf8, 13);
        refused("a/b,".repeat(33).as_bytes(), Kind::TooManyMembers(32), 128);
    }

    #[test]
    fn a_recipient_skips_what_it_cannot_read() {
        assert_eq!(lenient(&[]), "");
        assert_eq!(lenient(&[",,", "; , text"]), "");
        assert_eq!(lenient(&["text, a/b, c/d;x, e/f x, */g, h/i;q=2", "j/k"]), "a/b, j/k");
        assert_eq!(lenient(&["a/b;x=\"1,2\" y, c/d"]), "c/d");
        assert_eq!(lenient(&["a/b;x=\"open, c/d", "e/f"]), "e/f");
        assert_eq!(lenient(&["*;q=.5, a/b;q=0.98765, c/d;q=1.000000, e/f;q=1."]), {
            "*/*;q=0.5, a/b;q=0.987, c/d, e/f"
        });
        assert_eq!(lenient(&["a/b;q=1.001, c/d;q=0.1x, e/f;q=, g/h;q=., i/j;q=0"]), "i/j;q=0");
        let many = "a/b,".repeat(40) + "c/d";
        assert_eq!(lenient(&[&many, "e/f"]), ["a/b"; 32].join(", "));
    }

    #[test]
    fn writes_what_it_has_read() {
        for (value, written) in [
            ("text/html ; level=1;Q=0.40 ,, */*; q=0.001", "text/html;level=1;q=0.4, */*;q=0.001"),
            (r#"a/b;c="d";e="f g";h="""#, r#"a/b;c=d;e="f g";h="""#),
            ("a/b;q=0, c/d;q=0.010, e/f;q=1.0", "a/b;q=0, c/d;q=0.01, e/f"),
        ] {
            let accept = Accept::parse(value.as_bytes()).unwrap();
            assert_eq!(accept.to_string(), written);
            assert_eq!(Accept::parse(written.as_bytes()), Ok(accept));
        }
    }

    #[test]
    fn adding_refuses_what_is_not_one_range() {
        let with = |range, weight| Accept::new().with(range, weight).map_err(|error| error.kind());
        assert_eq!(with("a/b, c/d", 1000).unwrap_err(), Kind::End);
        assert_eq!(with("a/b\r\nX: y", 1000).unwrap_err(), Kind::End);
        assert_eq!(with("", 1000).unwrap_err(), Kind::Syntax(SyntaxErrorKind::ExpectedToken));
        assert_eq!(with("a/b", 1001).unwrap_err(), Kind::Syntax(SyntaxErrorKind::Weight));
        assert_eq!(with("a/b;q=0.1", 500).unwrap().to_string(), "a/b;q=0.5");
        let full = "a/b,".repeat(32);
        let full = Accept::parse(full.as_bytes()).unwrap().with("c/d", 1);
        assert_eq!(full.unwrap_err().kind(), Kind::TooManyMembers(32));
    }

    #[test]
    fn ranks_by_weight_then_by_width() {
        let value = b"*/*, a/*, a/b;q=0.5, a/b, a/b;c=d;e=f, a/b;c=d, x/y;q=0";
        let accept = Accept::parse(value).unwrap();
        let ranked: Vec<_> = accept.ranked().map(|range| range.to_string()).collect();
        let expected = ["a/b;c=d;e=f", "a/b;c=d", "a/b", "a/*", "*/*", "a/b;q=0.5", "x/y;q=0"];
        assert_eq!(ranked, expected);
    }
}
