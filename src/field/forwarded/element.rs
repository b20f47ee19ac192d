//! What one proxy says.

use alloc::borrow::Cow;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use super::Node;
use crate::field::{FieldError, FieldErrorKind};
use crate::syntax::{Class, Cursor, SyntaxError, SyntaxErrorKind, push_parameter, unescape};
use crate::uri::check_host;

/// What one proxy says of the request that it passed on,
/// [RFC 7239 §4](https://www.rfc-editor.org/rfc/rfc7239#section-4).
///
/// Two are equal when they say the same, in any order.
///
/// # Examples
///
/// A proxy adds a line of its own, which comes to the same as a member behind the others:
///
/// ```
/// use nethttp::HeaderMap;
/// use nethttp::field::forwarded::{Element, Node};
/// use std::net::SocketAddr;
///
/// let peer: SocketAddr = "[2001:db8::17]:4711".parse()?;
/// let element = Element::new()
///     .with_for(&Node::from(peer))
///     .with_proto("https")?
///     .with_host("example.org")?;
///
/// let mut headers = HeaderMap::new();
/// headers.append("Forwarded", element.to_string())?;
/// let expected = "for=\"[2001:db8::17]:4711\";proto=https;host=example.org";
/// assert_eq!(headers.text("Forwarded"), Some(expected));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Default)]
pub struct Element<'a> {
    /// Each name once; what is known by its name has been read.
    parameters: Vec<(Cow<'a, str>, Cow<'a, str>)>,
}

impl<'a> Element<'a> {
    /// The most parameters, 16. Four are defined.
    ///
    /// ```
    /// use nethttp::field::forwarded::{Element, Forwarded};
    ///
    /// let many: Vec<_> = (0..=Element::MAX_PARAMETERS).map(|index| format!("a{index}=b")).collect();
    /// assert!(Forwarded::parse(many.join(";").as_bytes()).is_err());
    /// ```
    pub const MAX_PARAMETERS: usize = 16;

    /// Creates an element that says nothing yet. A proxy that wants to say no more than that it is there
    /// says [`Node::UNKNOWN`].
    ///
    /// ```
    /// use nethttp::field::forwarded::{Element, Node};
    ///
    /// let element = Element::new().with_for(&Node::UNKNOWN);
    /// assert_eq!(element.to_string(), "for=unknown");
    /// ```
    #[must_use]
    pub const fn new() -> Self {
        Self { parameters: Vec::new() }
    }

    /// Reads the element at which the cursor stands.
    ///
    /// ```abnf
    /// forwarded-element = [ forwarded-pair ] *( ";" [ forwarded-pair ] )
    /// forwarded-pair    = token "=" value
    /// value             = token / quoted-string
    /// ```
    pub(super) fn read(cursor: &mut Cursor<'a>) -> Result<Self, FieldError> {
        let (start, mut element) = (cursor.offset(), Self::new());
        loop {
            if cursor.peek().is_some_and(|octet| Class::TOKEN.contains(octet)) {
                element.read_pair(cursor)?;
            }
            let mut next = *cursor;
            next.skip_ows();
            if !next.eat(b';') {
                break;
            }
            next.skip_ows();
            *cursor = next;
        }
        match element.parameters.is_empty() {
            true => Err(SyntaxError::new(SyntaxErrorKind::ExpectedToken, start).into()),
            false => Ok(element),
        }
    }

    fn read_pair(&mut self, cursor: &mut Cursor<'a>) -> Result<(), FieldError> {
        let start = cursor.offset();
        let name = core::str::from_utf8(cursor.token()?).unwrap_or_default();
        if !cursor.eat(b'=') {
            return Err(cursor.error(SyntaxErrorKind::ExpectedEquals).into());
        }
        let at = cursor.offset();
        let value = match cursor.peek() {
            Some(b'"') => unescape(cursor.quoted_string()?),
            _ => Cow::Borrowed(cursor.token()?),
        };
        let utf8 = || FieldError::new(FieldErrorKind::Utf8, at);
        let value = match value {
            Cow::Borrowed(value) => Cow::Borrowed(core::str::from_utf8(value).map_err(|_| utf8())?),
            Cow::Owned(value) => Cow::Owned(String::from_utf8(value).map_err(|_| utf8())?),
        };
        if self.extension(name).is_some() {
            return Err(FieldError::new(FieldErrorKind::DuplicateParameter, start));
        }
        check(name, &value, at)?;
        self.push(Cow::Borrowed(name), value, start)
    }

    fn push(
        &mut self,
        name: Cow<'a, str>,
        value: Cow<'a, str>,
        offset: usize,
    ) -> Result<(), FieldError> {
        if self.parameters.len() >= Self::MAX_PARAMETERS {
            let kind = FieldErrorKind::TooManyMembers(Self::MAX_PARAMETERS);
            return Err(FieldError::new(kind, offset));
        }
        self.parameters.push((name, value));
        Ok(())
    }

    /// Says who made the request to the proxy.
    ///
    /// ```
    /// use nethttp::field::forwarded::{Element, Node};
    ///
    /// let element = Element::new().with_for(&Node::parse(b"192.0.2.43")?);
    /// assert_eq!(element.to_string(), "for=192.0.2.43");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn with_for(self, node: &Node<'_>) -> Self {
        self.with("for", Cow::Owned(node.to_string()))
    }

    /// Says where the request came in at the proxy.
    ///
    /// ```
    /// use nethttp::field::forwarded::{Element, Node};
    ///
    /// let element = Element::new().with_by(&Node::parse(b"_edge")?);
    /// assert_eq!(element.to_string(), "by=_edge");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn with_by(self, node: &Node<'_>) -> Self {
        self.with("by", Cow::Owned(node.to_string()))
    }

    /// Says which `Host` the proxy was sent.
    ///
    /// # Errors
    ///
    /// [`Parameter`](FieldErrorKind::Parameter) if it is no value of that field.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::forwarded::Element;
    ///
    /// let element = Element::new().with_host("example.org:8080")?;
    /// assert_eq!(element.to_string(), "host=\"example.org:8080\"");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn with_host(self, host: impl Into<Cow<'a, str>>) -> Result<Self, FieldError> {
        let host = host.into();
        check("host", &host, 0)?;
        Ok(self.with("host", host))
    }

    /// Says by which scheme the request came to the proxy.
    ///
    /// # Errors
    ///
    /// [`Parameter`](FieldErrorKind::Parameter) if it is no scheme.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::forwarded::Element;
    ///
    /// assert_eq!(Element::new().with_proto("https")?.to_string(), "proto=https");
    /// assert!(Element::new().with_proto("https://").is_err());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn with_proto(self, proto: impl Into<Cow<'a, str>>) -> Result<Self, FieldError> {
        let proto = proto.into();
        check("proto", &proto, 0)?;
        Ok(self.with("proto", proto))
    }

    /// Sets one of the four, for which there is always room.
    fn with(mut self, name: &'static str, value: Cow<'a, str>) -> Self {
        self.parameters.retain(|(own, _)| !own.eq_ignore_ascii_case(name));
        self.parameters.push((Cow::Borrowed(name), value));
        self
    }

    /// Returns who made the request to the proxy,
    /// [RFC 7239 §5.2](https://www.rfc-editor.org/rfc/rfc7239#section-5.2).
    ///
    /// ```
    /// use nethttp::field::forwarded::Forwarded;
    ///
    /// let forwarded = Forwarded::parse(b"For=\"[2001:db8::1]:4711\"")?;
    /// let nodes: Vec<_> = forwarded.elements().iter().filter_map(|it| it.for_node()).collect();
    /// assert_eq!(nodes[0].port(), Some(4711));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn for_node(&self) -> Option<Node<'_>> {
        Node::parse(self.extension("for")?.as_bytes()).ok()
    }

    /// Returns where the request came in at the proxy,
    /// [RFC 7239 §5.1](https://www.rfc-editor.org/rfc/rfc7239#section-5.1).
    ///
    /// ```
    /// use nethttp::field::forwarded::Element;
    ///
    /// assert_eq!(Element::new().by_node(), None);
    /// ```
    #[must_use]
    pub fn by_node(&self) -> Option<Node<'_>> {
        Node::parse(self.extension("by")?.as_bytes()).ok()
    }

    /// Returns the `Host` that the proxy was sent,
    /// [RFC 7239 §5.3](https://www.rfc-editor.org/rfc/rfc7239#section-5.3).
    ///
    /// ```
    /// use nethttp::field::forwarded::Element;
    ///
    /// assert_eq!(Element::new().with_host("example.org")?.host(), Some("example.org"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn host(&self) -> Option<&str> {
        self.extension("host")
    }

    /// Returns the scheme by which the request came to the proxy,
    /// [RFC 7239 §5.4](https://www.rfc-editor.org/rfc/rfc7239#section-5.4).
    ///
    /// ```
    /// use nethttp::field::forwarded::Element;
    ///
    /// assert_eq!(Element::new().with_proto("https")?.proto(), Some("https"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn proto(&self) -> Option<&str> {
        self.extension("proto")
    }

    /// Returns the value of the parameter of a name, in any case: one of the four, or an extension,
    /// [RFC 7239 §5.5](https://www.rfc-editor.org/rfc/rfc7239#section-5.5).
    ///
    /// ```
    /// use nethttp::field::forwarded::Forwarded;
    ///
    /// let forwarded = Forwarded::parse(b"for=_a; secret=abc")?;
    /// let secrets: Vec<_> = forwarded.elements().iter().map(|it| it.extension("Secret")).collect();
    /// assert_eq!(secrets, [Some("abc")]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn extension(&self, name: &str) -> Option<&str> {
        let mut all = self.parameters.iter();
        all.find(|(own, _)| own.eq_ignore_ascii_case(name)).map(|(_, value)| &**value)
    }

    /// Returns the element with a copy of what it borrows.
    ///
    /// ```
    /// use nethttp::field::forwarded::Element;
    ///
    /// let host = String::from("example.org");
    /// let element: Element<'static> = Element::new().with_host(host.as_str())?.into_owned();
    /// drop(host);
    /// assert_eq!(element.host(), Some("example.org"));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> Element<'static> {
        let owned = |text: Cow<'_, str>| Cow::Owned(String::from(text));
        let all = self.parameters.into_iter();
        Element { parameters: all.map(|(name, value)| (owned(name), owned(value))).collect() }
    }
}

/// Reads the value of a parameter whose meaning is known.
fn check(name: &str, value: &str, at: usize) -> Result<(), FieldError> {
    let is = |known: &str| name.eq_ignore_ascii_case(known);
    if is("for") || is("by") {
        return Node::parse(value.as_bytes()).map(drop).map_err(|e| FieldError::new(e.kind(), at));
    }
    if is("host") && (value.is_empty() || check_host(value.as_bytes()).is_err()) {
        return Err(FieldError::new(FieldErrorKind::Parameter("host"), at));
    }
    if is("proto") && !is_scheme(value) {
        return Err(FieldError::new(FieldErrorKind::Parameter("proto"), at));
    }
    Ok(())
}

/// `scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )`,
/// [RFC 3986 §3.1](https://www.rfc-editor.org/rfc/rfc3986#section-3.1).
pub(super) fn is_scheme(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && Class::SCHEME.matches(text.as_bytes())
}

impl PartialEq for Element<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.parameters.len() == other.parameters.len()
            && self.parameters.iter().all(|(name, value)| other.extension(name) == Some(value))
    }
}

impl Eq for Element<'_> {}

impl fmt::Display for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = Vec::new();
        for (name, value) in &self.parameters {
            if !text.is_empty() {
                text.push(b';');
            }
            // Names are tokens, and values can stand in quotes.
            push_parameter(name.as_bytes(), value.as_bytes(), &mut text).map_err(|_| fmt::Error)?;
        }
        f.write_str(core::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Element({self})")
    }
}
