//! What proxies say of a request that they pass on: the Forwarded field,
//! [RFC 7239](https://www.rfc-editor.org/rfc/rfc7239), the X-Forwarded fields that it was made to replace,
//! and what of it is to be believed.
//!
//! Behind a proxy every request comes from the proxy. Who made it, over which scheme and for which host
//! stands in a field to which each proxy adds what it has seen, on the right:
//!
//! ```text
//! 203.0.113.9 ──▶ 198.51.100.2 ──▶ 10.0.0.1 ──▶ the server
//!                     proxy           proxy
//!
//! Forwarded: for=203.0.113.9;proto=https, for=198.51.100.2
//! ```
//!
//! Anybody can send such a field, and the proxies add to what came. So it is worth what its last member is
//! worth, if a proxy of one's own has added that, and going to the left it is worth nothing from the first
//! member on that somebody else has added. [`TrustedProxies`] reads it so; do not look for a client's
//! address at its beginning.
//!
//! ```
//! use nethttp::HeaderMap;
//! use nethttp::field::forwarded::TrustedProxies;
//! use std::net::IpAddr;
//!
//! let proxies = TrustedProxies::networks(["10.0.0.0/8", "198.51.100.2"])?;
//! let mut headers = HeaderMap::new();
//! headers.append("Forwarded", "for=127.0.0.1, for=203.0.113.9;proto=https, for=198.51.100.2")?;
//!
//! let peer: IpAddr = "10.0.0.1".parse()?;
//! let caller = proxies.caller(peer, &headers);
//! assert_eq!(caller.ip(), "203.0.113.9".parse().ok());
//! assert_eq!(caller.proto(), Some("https"));
//!
//! // The same field from somebody else means nothing.
//! let stranger: IpAddr = "192.0.2.66".parse()?;
//! assert_eq!(proxies.caller(stranger, &headers).ip(), Some(stranger));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Deviations
//!
//! - Whitespace around the `;` of an element is read. RFC 7239 has none, RFC 9110 has it for parameters, and
//!   people who write the field by hand go by that.
//! - An element without any parameter is an error: it says nothing, and cannot be written in a list.

mod element;
mod network;
mod node;
mod proxies;

use alloc::vec::Vec;
use core::fmt;

use super::{FieldError, FieldErrorKind};
use crate::header::{self, HeaderMap};
use crate::syntax::{Cursor, trim_ows, write_list};

pub use element::Element;
pub use node::{Node, NodeName};
pub use proxies::{Caller, TrustedProxies};

/// The value of Forwarded: what proxies say, the one that is farthest from the server first,
/// [RFC 7239 §4](https://www.rfc-editor.org/rfc/rfc7239#section-4).
///
/// What of it is true is the question of [`TrustedProxies`].
///
/// # Examples
///
/// ```
/// use nethttp::field::forwarded::Forwarded;
///
/// let forwarded = Forwarded::parse(b"for=192.0.2.43, for=\"[2001:db8:cafe::17]\";proto=http")?;
/// let protos: Vec<_> = forwarded.elements().iter().map(|element| element.proto()).collect();
/// assert_eq!(protos, [None, Some("http")]);
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forwarded<'a> {
    elements: Vec<Element<'a>>,
    partial: bool,
}

impl<'a> Forwarded<'a> {
    /// The most elements, 32.
    ///
    /// ```
    /// use nethttp::field::forwarded::Forwarded;
    ///
    /// let many = vec!["for=_a"; Forwarded::MAX_ELEMENTS + 1].join(",");
    /// assert!(Forwarded::parse(many.as_bytes()).is_err());
    /// ```
    pub const MAX_ELEMENTS: usize = 32;

    /// Parses one field value to the letter, but for [whitespace](self#deviations).
    ///
    /// ```abnf
    /// Forwarded = 1#forwarded-element
    /// ```
    ///
    /// # Errors
    ///
    /// [`Node`](FieldErrorKind::Node), [`Parameter`](FieldErrorKind::Parameter) of `host` and `proto`,
    /// [`DuplicateParameter`](FieldErrorKind::DuplicateParameter), [`Utf8`](FieldErrorKind::Utf8),
    /// [`Empty`](FieldErrorKind::Empty), [`TooManyMembers`](FieldErrorKind::TooManyMembers) and those of
    /// tokens, quoted strings and lists.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::forwarded::Forwarded;
    ///
    /// assert_eq!(Forwarded::parse(b"for=_a;for=_b").unwrap_err().offset(), 7);
    /// assert_eq!(Forwarded::parse(b"for=192.0.2.1:80").unwrap_err().offset(), 13);
    /// assert_eq!(Forwarded::parse(b"for=\"192.0.2.1:80\"")?.elements().len(), 1);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        let (mut cursor, mut elements) = (Cursor::new(value), Vec::new());
        while cursor.next_member() {
            if elements.len() == Self::MAX_ELEMENTS {
                let kind = FieldErrorKind::TooManyMembers(Self::MAX_ELEMENTS);
                return Err(FieldError::new(kind, cursor.offset()));
            }
            elements.push(Element::read(&mut cursor)?);
            cursor.end_member()?;
        }
        match elements.is_empty() {
            true => Err(FieldError::new(FieldErrorKind::Empty, cursor.offset())),
            false => Ok(Self { elements, partial: false }),
        }
    }

    /// Reads the Forwarded of a request, on as many lines as it comes; `None` if there is none.
    ///
    /// It is read from its end. The elements on the left of one that is malformed are left out, since it
    /// cannot be told any more who has added them, as are those beyond
    /// [`MAX_ELEMENTS`](Self::MAX_ELEMENTS); [`is_partial`](Self::is_partial) tells. What a client sends
    /// cannot make the elements unreadable that the proxies behind it have added.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::HeaderMap;
    /// use nethttp::field::forwarded::Forwarded;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Forwarded", "for=\"_a, for=203.0.113.9")?;
    /// headers.append("Forwarded", "for=198.51.100.2")?;
    /// let forwarded = Forwarded::from_headers(&headers).ok_or("no field")?;
    /// assert_eq!(forwarded.to_string(), "for=203.0.113.9, for=198.51.100.2");
    /// assert!(forwarded.is_partial());
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn from_headers(headers: &'a HeaderMap) -> Option<Self> {
        if !headers.contains_key(header::FORWARDED) {
            return None;
        }
        let (mut elements, mut partial) = (Vec::new(), false);
        for element in FromEnd::new(headers, &header::FORWARDED) {
            match read_element(element) {
                Ok(element) if elements.len() < Self::MAX_ELEMENTS => elements.push(element),
                _ => {
                    partial = true;
                    break;
                }
            }
        }
        elements.reverse();
        Some(Self { elements, partial })
    }

    /// Returns the elements: the last is what the server's peer says.
    ///
    /// ```
    /// use nethttp::field::forwarded::Forwarded;
    ///
    /// let forwarded = Forwarded::parse(b"for=_a, for=_b")?;
    /// let peer = forwarded.elements().last().ok_or("no element")?;
    /// assert_eq!(peer.to_string(), "for=_b");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn elements(&self) -> &[Element<'a>] {
        &self.elements
    }

    /// Returns whether something on the left was left out.
    ///
    /// ```
    /// use nethttp::field::forwarded::Forwarded;
    ///
    /// assert!(!Forwarded::parse(b"for=_a")?.is_partial());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn is_partial(&self) -> bool {
        self.partial
    }

    /// Returns the value with a copy of what it borrows.
    ///
    /// ```
    /// use nethttp::field::forwarded::Forwarded;
    ///
    /// let text = String::from("for=_a");
    /// let forwarded: Forwarded<'static> = Forwarded::parse(text.as_bytes())?.into_owned();
    /// drop(text);
    /// assert_eq!(forwarded.to_string(), "for=_a");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> Forwarded<'static> {
        let elements = self.elements.into_iter().map(Element::into_owned).collect();
        Forwarded { elements, partial: self.partial }
    }
}

impl fmt::Display for Forwarded<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_list(f, &self.elements)
    }
}

/// Reads one element, and nothing behind it.
fn read_element(member: &[u8]) -> Result<Element<'_>, FieldError> {
    let mut cursor = Cursor::new(member);
    let element = Element::read(&mut cursor)?;
    match cursor.peek() {
        None => Ok(element),
        Some(_) => Err(FieldError::new(FieldErrorKind::End, cursor.offset())),
    }
}

/// The members of a list from its end, over all the lines of the field.
///
/// What stands on the left has no say in what is found on the right: a quotation mark that is not closed,
/// with which a client could hide what a proxy adds, is found when its turn comes. Of a list that is
/// well-formed the members are the same as from the front.
struct FromEnd<'a> {
    /// The lines, of which the last is read.
    lines: Vec<&'a [u8]>,
}

impl<'a> FromEnd<'a> {
    fn new(headers: &'a HeaderMap, name: &header::HeaderName) -> Self {
        Self { lines: headers.get_all(name).collect() }
    }
}

impl<'a> Iterator for FromEnd<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        loop {
            let line = self.lines.last_mut()?;
            let (rest, member) = split_last(line);
            *line = rest;
            match trim_ows(member) {
                [] if rest.is_empty() => drop(self.lines.pop()),
                [] => {}
                member => return Some(member),
            }
        }
    }
}

/// Splits at the last comma that is not quoted.
fn split_last(value: &[u8]) -> (&[u8], &[u8]) {
    let mut left = value;
    loop {
        left = match left {
            [] => return (left, value),
            [rest @ .., b','] => return (rest, value.get(left.len()..).unwrap_or_default()),
            [rest @ .., b'"'] => before_opening_quote(rest),
            [rest @ .., _] => rest,
        };
    }
}

/// Returns what stands before the last quotation mark without a backslash, which opens the string that
/// ends behind `inside`: inside of a string each of them has one, and before a string stands `=`.
fn before_opening_quote(mut inside: &[u8]) -> &[u8] {
    while let [rest @ .., octet] = inside {
        inside = rest;
        if *octet == b'"' && rest.last() != Some(&b'\\') {
            break;
        }
    }
    inside
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::push_parameter;
    use alloc::string::{String, ToString};
    use proptest::prelude::*;

    #[track_caller]
    fn reads(value: &str, written: &str) {
        let forwarded = Forwarded::parse(value.as_bytes()).expect("a value");
        assert_eq!(forwarded.to_string(), written);
        assert_eq!(Forwarded::parse(written.as_bytes()).as_ref(), Ok(&forwarded));
        let mut headers = HeaderMap::new();
        headers.append("Forwarded", value).expect("a field");
        assert_eq!(Forwarded::from_headers(&headers), Some(forwarded));
    }

    #[test]
    fn reads_the_examples_of_the_rfc() {
        reads("for=\"_gazonk\"", "for=_gazonk");
        reads("For=\"[2001:db8:cafe::17]:4711\"", "For=\"[2001:db8:cafe::17]:4711\"");
        reads(
            "for=192.0.2.60;proto=http;by=203.0.113.43",
            "for=192.0.2.60;proto=http;by=203.0.113.43",
        );
        reads("for=192.0.2.43, for=198.51.100.17", "for=192.0.2.43, for=198.51.100.17");
        reads("for=_hidden, for=_SEVKISEK;by=_x", "for=_hidden, for=_SEVKISEK;by=_x");
    }

    #[test]
    fn reads_what_others_write() {
        reads(",for=_a ,, for=_b,", "for=_a, for=_b");
        reads("for=_a ; proto=https;;by=_b;", "for=_a;proto=https;by=_b");
        reads(";for=_a", "for=_a");
        reads("host=\"a:80\";x=\"\"", "host=\"a:80\";x=\"\"");
        reads("x=\"a, \\\"b\\\\\", for=_a", "x=\"a, \\\"b\\\\\", for=_a");
    }

    #[track_caller]
    fn refuses(value: &str, kind: FieldErrorKind, offset: usize) {
        let error = Forwarded::parse(value.as_bytes()).expect_err("no value");
        assert_eq!((error.kind(), error.offset()), (kind, offset), "{value}");
    }

    #[test]
    fn refuses_what_is_malformed() {
        use crate::syntax::SyntaxErrorKind::{
            ExpectedComma, ExpectedEquals, ExpectedToken, UnclosedQuote,
        };
        use FieldErrorKind::{DuplicateParameter, Empty, Node, Parameter, Syntax, Utf8};
        refuses("", Empty, 0);
        refuses(" , ", Empty, 3);
        refuses(";", Syntax(ExpectedToken), 0);
        refuses("for=_a, ;", Syntax(ExpectedToken), 8);
        refuses("for", Syntax(ExpectedEquals), 3);
        refuses("for =_a", Syntax(ExpectedEquals), 3);
        refuses("for=", Syntax(ExpectedToken), 4);
        refuses("for=\"_a", Syntax(UnclosedQuote), 7);
        refuses("for=_a for=_b", Syntax(ExpectedComma), 7);
        refuses("for=[::1]", Syntax(ExpectedToken), 4);
        refuses("for=example.org", Node, 4);
        refuses("for=_a;by=::1", Syntax(ExpectedToken), 10);
        refuses("by=\"::1\"", Node, 3);
        refuses("for=_a;For=_b", DuplicateParameter, 7);
        refuses("x=y;x=y", DuplicateParameter, 4);
        refuses("host=\"a b\"", Parameter("host"), 5);
        refuses("host=\"\"", Parameter("host"), 5);
        refuses("proto=1", Parameter("proto"), 6);
        refuses("proto=\"http:\"", Parameter("proto"), 6);
        let error = Forwarded::parse(b"x=\"\xff\"").expect_err("no text");
        assert_eq!((error.kind(), error.offset()), (Utf8, 2));
    }

    /// What is read of a field on these lines, in which the left is nobody's.
    #[track_caller]
    fn salvages(lines: &[&str], written: &str, partial: bool) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("Forwarded", line).expect("a field");
        }
        let forwarded = Forwarded::from_headers(&headers).expect("a field");
        assert_eq!((forwarded.to_string().as_str(), forwarded.is_partial()), (written, partial));
    }

    #[test]
    fn what_stands_on_the_left_does_not_hide_what_stands_on_the_right() {
        salvages(&["for=_a", "for=_b, for=_c"], "for=_a, for=_b, for=_c", false);
        salvages(&["for=_a", ""], "for=_a", false);
        salvages(&[""], "", false);
        let quoted = "for=\"[::1]\"";
        for left in [
            "\"",
            "for=\"",
            "for=\"\\",
            "for=\"a\\\"",
            "for=_a for=_b",
            "x",
            "for=x",
            ";",
            "=",
            "\\",
            "\\\"",
            "for=_a;x=\"y",
            "for=_a;x=\"\\\\\\",
            "\"for=_a\"",
            "for=_a, \"",
        ] {
            for right in [quoted, "for=_b;x=\"\\\"\\\\, \"", "for=_b"] {
                salvages(&[&alloc::format!("{left}, {right}")], right, true);
                salvages(&[left, right], right, true);
            }
        }
    }

    #[test]
    fn the_end_is_found_in_one_pass() {
        for left in ["\\", "\"", "\\\"", ",", "a", "a ", "a=\"b\","] {
            let line = left.repeat(100_000) + ",for=_a";
            let mut headers = HeaderMap::with_limits(header::Limits::DEFAULT.bytes(usize::MAX));
            headers.append("Forwarded", line).expect("a field");
            let forwarded = Forwarded::from_headers(&headers).expect("a field");
            assert_eq!(
                forwarded.elements().last().map(Element::to_string),
                Some(String::from("for=_a"))
            );
        }
    }

    #[test]
    fn there_are_so_many_elements_and_parameters_and_no_more() {
        let list = |count| alloc::vec!["for=_a"; count].join(", ");
        let (most, more) = (list(32), list(33));
        reads(&most, &most);
        refuses(&more, FieldErrorKind::TooManyMembers(32), most.len() + 2);
        salvages(&[&more], &most, true);
        let parameters = |count: u8| {
            let all = (0..count).map(|index| alloc::format!("x{index}=y"));
            all.collect::<Vec<_>>().join(";")
        };
        let (most, more) = (parameters(16), parameters(17));
        reads(&most, &most);
        refuses(&more, FieldErrorKind::TooManyMembers(16), most.len() + 1);
    }

    proptest! {
        #[test]
        fn a_list_is_the_same_from_either_end(
            values in prop::collection::vec(prop::collection::vec(r#"[\\",;= a]{0,9}"#, 1..4), 1..6),
        ) {
            let mut list = Vec::new();
            for values in &values {
                if !list.is_empty() {
                    list.extend_from_slice(b", ");
                }
                for (index, value) in values.iter().enumerate() {
                    if index > 0 {
                        list.push(b';');
                    }
                    let name = [b'x', b"abc"[index]];
                    push_parameter(&name, value.as_bytes(), &mut list).expect("a value");
                }
            }
            let mut headers = HeaderMap::new();
            headers.append("Forwarded", &list).expect("a field");
            let forwarded = Forwarded::parse(&list).expect("a list");
            let from_end = Forwarded::from_headers(&headers);
            prop_assert_eq!(from_end.as_ref(), Some(&forwarded));
            let read = forwarded.elements().iter().map(|element| {
                ["xa", "xb", "xc"].iter().filter_map(|name| element.extension(name)).collect::<Vec<_>>()
            });
            prop_assert!(read.eq(values.iter().map(|all| all.iter().collect::<Vec<_>>())));
        }
    }

    #[test]
    fn elements_are_equal_when_they_say_the_same() {
        let one = Forwarded::parse(b"for=_a;proto=http").expect("a value");
        assert_eq!(one, Forwarded::parse(b"Proto=\"http\";FOR=_a").expect("a value"));
        assert_ne!(one, Forwarded::parse(b"for=_a;proto=https").expect("a value"));
        let less = Forwarded::parse(b"for=_a").expect("a value");
        assert_ne!(one, less);
        assert_ne!(less, one);
        assert_eq!(one.clone().into_owned(), one);
    }

    #[test]
    fn an_element_is_built_of_what_is_right() {
        let node = Node::parse(b"_a").expect("a node");
        let element = Element::new().with_for(&node).with_by(&node).with_for(&Node::UNKNOWN);
        assert_eq!(element.to_string(), "by=_a;for=unknown");
        assert_eq!(element.by_node(), Some(node));
        for host in ["", "a b", "a\r\n", "a@b"] {
            assert!(Element::new().with_host(host).is_err(), "{host}");
        }
        for proto in ["", "1", "http:", "a b", "ü"] {
            assert!(Element::new().with_proto(proto).is_err(), "{proto}");
        }
    }
}
