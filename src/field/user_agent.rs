//! The User-Agent field, [RFC 9110 §10.1.5](https://www.rfc-editor.org/rfc/rfc9110#section-10.1.5), and the
//! Server field, which has the same grammar
//! ([§10.2.4](https://www.rfc-editor.org/rfc/rfc9110#section-10.2.4)): products with their versions, and
//! comments.
//!
//! Which browser a value stands for is not found out here; the comments are passed on as they are.
//!
//! ```
//! use nethttp::field::UserAgent;
//!
//! let agent = UserAgent::new("nethttp/0.1")?.with_comment("linux")?;
//! assert_eq!(agent.to_string(), "nethttp/0.1 (linux)");
//!
//! let curl = UserAgent::parse(b"curl/8.5.0")?;
//! assert_eq!(curl.product("curl").and_then(|product| product.version()), Some("8.5.0"));
//! # Ok::<(), nethttp::field::FieldError>(())
//! ```

use alloc::borrow::Cow;

use core::fmt;

use super::{FieldError, FieldErrorKind};
use crate::header::{self, HeaderMap};
use crate::syntax::{Class, Cursor, SyntaxErrorKind, unescape};

/// Products and comments, the most significant product first,
/// [RFC 9110 §10.1.5](https://www.rfc-editor.org/rfc/rfc9110#section-10.1.5).
///
/// The bytes are kept as they are, and read when the parts are asked for.
///
/// # Examples
///
/// ```
/// use nethttp::field::{UserAgent, UserAgentPart};
///
/// let agent = UserAgent::parse(b"Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Firefox/128.0")?;
/// let names: Vec<_> = agent.products().map(|product| product.name()).collect();
/// assert_eq!(names, ["Mozilla", "Firefox"]);
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct UserAgent<'a>(Cow<'a, [u8]>);

impl<'a> UserAgent<'a> {
    /// How deep comments may stand in one another for [`parse`](Self::parse), 16.
    ///
    /// ```
    /// use nethttp::field::UserAgent;
    ///
    /// let nested = |depth| format!("a {}{}", "(".repeat(depth), ")".repeat(depth));
    /// assert!(UserAgent::parse(nested(UserAgent::MAX_DEPTH).as_bytes()).is_ok());
    /// assert!(UserAgent::parse(nested(UserAgent::MAX_DEPTH + 1).as_bytes()).is_err());
    /// ```
    pub const MAX_DEPTH: usize = 16;

    /// Creates a value of one product, a name or `name/version`.
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte that cannot be in a product.
    ///
    /// ```
    /// use nethttp::field::UserAgent;
    ///
    /// let agent = UserAgent::new(concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION")))?;
    /// assert!(agent.product("nethttp").is_some());
    /// assert!(UserAgent::new("net http").is_err());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn new(product: &'a str) -> Result<Self, FieldError> {
        check_product(product)?;
        Ok(Self(Cow::Borrowed(product.as_bytes())))
    }

    /// Parses one field value to the letter.
    ///
    /// ```abnf
    /// User-Agent      = product *( RWS ( product / comment ) )
    /// product         = token ["/" product-version]
    /// product-version = token
    /// comment         = "(" *( ctext / quoted-pair / comment ) ")"
    /// ctext           = HTAB / SP / %x21-27 / %x2A-5B / %x5D-7E / obs-text
    /// ```
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte that is not allowed, or at the comment that stands deeper than
    /// [`MAX_DEPTH`](Self::MAX_DEPTH). Much of what is sent is not to the letter; to look into it, use
    /// [`from_headers`](Self::from_headers) or [`UserAgentParts`].
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::UserAgent;
    ///
    /// assert!(UserAgent::parse(b"Apache/2.4.58 (Unix) OpenSSL/3.0.2").is_ok());
    /// assert_eq!(UserAgent::parse(b"a/1 b/2/3").unwrap_err().offset(), 7);
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        let mut cursor = Cursor::new(value);
        Product::read(&mut cursor)?;
        while cursor.peek().is_some() {
            if cursor.take(Class::OWS).is_empty() {
                return Err(FieldError::new(FieldErrorKind::Whitespace, cursor.offset()));
            }
            if cursor.peek() == Some(b'(') {
                read_comment(&mut cursor)?;
            } else {
                Product::read(&mut cursor)?;
            }
        }
        Ok(Self(Cow::Borrowed(value)))
    }

    /// Reads the User-Agent field of a request as it is, be it to the letter or not. If there are several,
    /// against [RFC 9110 §5.3](https://www.rfc-editor.org/rfc/rfc9110#section-5.3), the first counts; an
    /// empty one says as little as none.
    ///
    /// ```
    /// use nethttp::field::UserAgent;
    /// use nethttp::header::HeaderMap;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("User-Agent", "Mozilla/5.0(compatible; x) a@b c/1")?;
    /// let agent = UserAgent::from_headers(&headers).unwrap();
    /// assert_eq!(agent.products().count(), 2);
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn from_headers(headers: &'a HeaderMap) -> Option<Self> {
        let value = headers.get(header::USER_AGENT)?;
        (!value.is_empty()).then_some(Self(Cow::Borrowed(value)))
    }

    /// Adds a product, a name or `name/version`, behind what is there.
    ///
    /// # Errors
    ///
    /// Returns an error at the first byte that cannot be in a product, and that of [`parse`](Self::parse)
    /// where what is there came from a message and is malformed: an open comment would swallow the product.
    ///
    /// ```
    /// use nethttp::field::UserAgent;
    ///
    /// let agent = UserAgent::new("app/2")?.with_product("nethttp/0.1")?;
    /// assert_eq!(agent.to_string(), "app/2 nethttp/0.1");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn with_product(self, product: &str) -> Result<Self, FieldError> {
        check_product(product)?;
        UserAgent::parse(&self.0)?;
        let mut bytes = self.0.into_owned();
        bytes.push(b' ');
        bytes.extend_from_slice(product.as_bytes());
        Ok(Self(Cow::Owned(bytes)))
    }

    /// Adds a comment behind what is there. Parentheses and backslashes are escaped.
    ///
    /// # Errors
    ///
    /// Returns an error at a control other than HTAB, and as [`with_product`](Self::with_product) where what
    /// is there is malformed.
    ///
    /// ```
    /// use nethttp::field::UserAgent;
    ///
    /// let agent = UserAgent::new("app")?.with_comment("+https://example.org/bot; :)")?;
    /// assert_eq!(agent.to_string(), r"app (+https://example.org/bot; :\))");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn with_comment(self, text: &str) -> Result<Self, FieldError> {
        let field = Class::FIELD.prefix_len(text.as_bytes());
        if let Some(&octet) = text.as_bytes().get(field) {
            return Err(FieldError::new(FieldErrorKind::CommentByte(octet), field));
        }
        UserAgent::parse(&self.0)?;
        let mut bytes = self.0.into_owned();
        bytes.extend_from_slice(b" (");
        for octet in text.bytes() {
            if matches!(octet, b'(' | b')' | b'\\') {
                bytes.push(b'\\');
            }
            bytes.push(octet);
        }
        bytes.push(b')');
        Ok(Self(Cow::Owned(bytes)))
    }

    /// Returns the bytes of the value.
    ///
    /// ```
    /// use nethttp::field::UserAgent;
    ///
    /// assert_eq!(UserAgent::new("a/1")?.as_bytes(), b"a/1");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// Returns the products and comments in order, and what is neither.
    ///
    /// ```
    /// use nethttp::field::{UserAgent, UserAgentPart};
    ///
    /// let agent = UserAgent::parse(b"a/1 (b)")?;
    /// assert!(matches!(agent.parts().last(), Some(UserAgentPart::Comment(_))));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn parts(&self) -> UserAgentParts<'_> {
        UserAgentParts::new(&self.0)
    }

    /// Returns the products in order.
    ///
    /// ```
    /// use nethttp::field::UserAgent;
    ///
    /// let agent = UserAgent::parse(b"Wget/1.21 (linux-gnu) x")?;
    /// assert_eq!(agent.products().map(|p| p.name()).collect::<Vec<_>>(), ["Wget", "x"]);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn products(&self) -> impl Iterator<Item = Product<'_>> {
        self.parts().filter_map(|part| match part {
            UserAgentPart::Product(product) => Some(product),
            _ => None,
        })
    }

    /// Returns the comments in order.
    ///
    /// ```
    /// use nethttp::field::UserAgent;
    ///
    /// let agent = UserAgent::parse(b"Mozilla/5.0 (compatible; bingbot/2.0)")?;
    /// let words = agent.comments().next().unwrap().raw().split(|octet| *octet == b';');
    /// assert_eq!(words.map(<[u8]>::trim_ascii).last(), Some(&b"bingbot/2.0"[..]));
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn comments(&self) -> impl Iterator<Item = Comment<'_>> {
        self.parts().filter_map(|part| match part {
            UserAgentPart::Comment(comment) => Some(comment),
            _ => None,
        })
    }

    /// Returns the first product of that name; the case of letters does not matter.
    ///
    /// ```
    /// use nethttp::field::UserAgent;
    ///
    /// let agent = UserAgent::parse(b"Mozilla/5.0 Chrome/126.0.0.0 Safari/537.36")?;
    /// assert_eq!(agent.product("chrome").and_then(|p| p.version()), Some("126.0.0.0"));
    /// assert_eq!(agent.product("Edg"), None);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn product(&self, name: &str) -> Option<Product<'_>> {
        self.products().find(|product| product.name.eq_ignore_ascii_case(name))
    }

    /// Returns the value with a copy of what it borrows.
    ///
    /// ```
    /// use nethttp::field::UserAgent;
    ///
    /// let kept: UserAgent<'static> = UserAgent::new(&String::from("a/1"))?.into_owned();
    /// assert_eq!(kept.to_string(), "a/1");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> UserAgent<'static> {
        UserAgent(Cow::Owned(self.0.into_owned()))
    }
}

/// A part of a [`UserAgent`].
///
/// # Examples
///
/// ```
/// use nethttp::field::{UserAgentPart, UserAgentParts};
///
/// let mut parts = UserAgentParts::new(b"a/1 <b>");
/// assert!(matches!(parts.next(), Some(UserAgentPart::Product(product)) if product.name() == "a"));
/// assert_eq!(parts.next(), Some(UserAgentPart::Other(b"<b>")));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::exhaustive_enums, reason = "the grammar has two parts, and the rest is the third")]
pub enum UserAgentPart<'a> {
    /// A name, perhaps with a version.
    Product(Product<'a>),
    /// What stands between parentheses.
    Comment(Comment<'a>),
    /// A word that is no product, which the grammar does not allow.
    Other(&'a [u8]),
}

/// `product = token ["/" product-version]`,
/// [RFC 9110 §10.1.5](https://www.rfc-editor.org/rfc/rfc9110#section-10.1.5).
///
/// # Examples
///
/// ```
/// use nethttp::field::UserAgent;
///
/// let agent = UserAgent::parse(b"Go-http-client/1.1")?;
/// let product = agent.products().next().ok_or("no product")?;
/// assert_eq!((product.name(), product.version()), ("Go-http-client", Some("1.1")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Product<'a> {
    name: &'a str,
    version: Option<&'a str>,
}

impl<'a> Product<'a> {
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, FieldError> {
        // A token is ASCII.
        let text = |token| core::str::from_utf8(token).unwrap_or_default();
        let name = text(cursor.token()?);
        let version = if cursor.eat(b'/') { Some(text(cursor.token()?)) } else { None };
        Ok(Self { name, version })
    }

    /// Returns the name.
    ///
    /// ```
    /// use nethttp::field::UserAgent;
    ///
    /// assert_eq!(UserAgent::new("a/1")?.products().next().unwrap().name(), "a");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// Returns the version, a token in no particular form.
    ///
    /// ```
    /// use nethttp::field::UserAgent;
    ///
    /// assert_eq!(UserAgent::new("a/1")?.products().next().unwrap().version(), Some("1"));
    /// assert_eq!(UserAgent::new("a")?.products().next().unwrap().version(), None);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn version(&self) -> Option<&'a str> {
        self.version
    }
}

fn check_product(product: &str) -> Result<(), FieldError> {
    let mut cursor = Cursor::new(product.as_bytes());
    Product::read(&mut cursor)?;
    match cursor.peek() {
        None => Ok(()),
        Some(_) => Err(cursor.error(SyntaxErrorKind::ExpectedToken).into()),
    }
}

/// What stands between parentheses, other comments included,
/// [RFC 9110 §5.6.5](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.5).
///
/// # Examples
///
/// ```
/// use nethttp::field::UserAgent;
///
/// let agent = UserAgent::parse(b"a (b (c); d)")?;
/// assert_eq!(agent.comments().next().map(|comment| comment.raw()), Some(&b"b (c); d"[..]));
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Comment<'a>(&'a [u8]);

impl<'a> Comment<'a> {
    /// Returns the bytes between the outer parentheses.
    ///
    /// ```
    /// use nethttp::field::UserAgent;
    ///
    /// assert_eq!(UserAgent::parse(br"a (\))")?.comments().next().unwrap().raw(), br"\)");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn raw(&self) -> &'a [u8] {
        self.0
    }

    /// Returns the text that is meant, without the backslashes that escape.
    ///
    /// ```
    /// use nethttp::field::UserAgent;
    ///
    /// assert_eq!(*UserAgent::parse(br"a (\))")?.comments().next().unwrap().text(), *b")");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn text(&self) -> Cow<'a, [u8]> {
        unescape(self.0)
    }
}

impl fmt::Debug for Comment<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Comment({})", self.0.escape_ascii())
    }
}

/// Reads a comment to the letter. Depth is counted, and nothing recurses.
fn read_comment(cursor: &mut Cursor<'_>) -> Result<(), FieldError> {
    const MOST: usize = UserAgent::MAX_DEPTH;
    let mut depth = 0;
    loop {
        match cursor.peek() {
            Some(b'(') if depth == MOST => {
                return Err(FieldError::new(FieldErrorKind::CommentDepth(MOST), cursor.offset()));
            }
            Some(b'(') => depth += 1,
            Some(b')') => depth -= 1,
            Some(b'\\') => {
                cursor.eat(b'\\');
            }
            _ => {}
        }
        match cursor.peek() {
            Some(octet) if Class::FIELD.contains(octet) => cursor.eat(octet),
            other => {
                let kind =
                    other.map_or(FieldErrorKind::UnclosedComment, FieldErrorKind::CommentByte);
                return Err(FieldError::new(kind, cursor.offset()));
            }
        };
        if depth == 0 {
            return Ok(());
        }
    }
}

/// The parts of any value, to the letter or not; it never fails.
///
/// Words end at whitespace and before a parenthesis. A comment that is not closed takes the rest, however
/// deep it is. It reads a Server field as well as a User-Agent field.
///
/// # Examples
///
/// ```
/// use nethttp::field::{UserAgentPart, UserAgentParts};
///
/// let parts: Vec<_> = UserAgentParts::new(b"Mozilla/4.0(compatible; MSIE 6.0").collect();
/// assert!(matches!(parts[0], UserAgentPart::Product(product) if product.version() == Some("4.0")));
/// assert!(matches!(parts[1], UserAgentPart::Comment(c) if c.raw() == b"compatible; MSIE 6.0"));
/// assert_eq!(parts.len(), 2);
/// ```
#[derive(Clone, Debug)]
pub struct UserAgentParts<'a> {
    rest: &'a [u8],
}

impl<'a> UserAgentParts<'a> {
    /// Creates the iterator over the parts of a value.
    ///
    /// ```
    /// use nethttp::field::UserAgentParts;
    ///
    /// assert_eq!(UserAgentParts::new(b"nginx").count(), 1);
    /// ```
    #[must_use]
    pub const fn new(value: &'a [u8]) -> Self {
        Self { rest: value }
    }

    /// Returns as many bytes as given, and moves behind them.
    fn take(&mut self, len: usize) -> &'a [u8] {
        let (taken, rest) = self.rest.split_at_checked(len).unwrap_or((self.rest, &[]));
        self.rest = rest;
        taken
    }
}

impl<'a> Iterator for UserAgentParts<'a> {
    type Item = UserAgentPart<'a>;

    fn next(&mut self) -> Option<Self::Item> {
        self.take(Class::OWS.prefix_len(self.rest));
        if let Some((b'(', inside)) = self.rest.split_first() {
            self.rest = inside;
            let comment = self.take(comment_len(inside));
            self.take(1);
            return Some(UserAgentPart::Comment(Comment(comment)));
        }
        let ends = |octet: &u8| matches!(octet, b' ' | b'\t' | b'(');
        let len = self.rest.iter().position(ends).unwrap_or(self.rest.len());
        let word = self.take(len);
        let mut cursor = Cursor::new(word);
        match Product::read(&mut cursor) {
            _ if word.is_empty() => None,
            Ok(product) if cursor.peek().is_none() => Some(UserAgentPart::Product(product)),
            _ => Some(UserAgentPart::Other(word)),
        }
    }
}

/// The length of what stands before the parenthesis that closes the comment.
fn comment_len(inside: &[u8]) -> usize {
    let (mut depth, mut escaped) = (0_usize, false);
    for (index, &octet) in inside.iter().enumerate() {
        match octet {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => depth += 1,
            b')' if depth == 0 => return index,
            b')' => depth -= 1,
            _ => {}
        }
    }
    inside.len()
}

impl AsRef<[u8]> for UserAgent<'_> {
    fn as_ref(&self) -> &[u8] {
        &self.0
    }
}

/// Writes the value as text; bytes that are not UTF-8 appear as `\xNN`. For the bytes as they are use
/// [`as_bytes`](UserAgent::as_bytes).
impl fmt::Display for UserAgent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for chunk in self.0.utf8_chunks() {
            write!(f, "{}{}", chunk.valid(), chunk.invalid().escape_ascii())?;
        }
        Ok(())
    }
}

impl fmt::Debug for UserAgent<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserAgent({})", self.0.escape_ascii())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloc::format;
    use alloc::string::{String, ToString};
    use alloc::vec::Vec;

    /// Writes products as they are, comments as `(n)` with their length, and the rest in brackets.
    fn shown(value: &[u8]) -> String {
        let part = |part| match part {
            UserAgentPart::Product(Product { name, version: Some(version) }) => {
                format!("{name}/{version}")
            }
            UserAgentPart::Product(Product { name, version: None }) => name.to_string(),
            UserAgentPart::Comment(comment) => format!("({})", comment.raw().len()),
            UserAgentPart::Other(word) => format!("[{}]", word.escape_ascii()),
        };
        UserAgentParts::new(value).map(part).collect::<Vec<_>>().join(" ")
    }

    #[track_caller]
    fn parses(value: &str, parts: &str) {
        let agent = UserAgent::parse(value.as_bytes()).unwrap();
        assert_eq!(agent.to_string(), value);
        assert_eq!(shown(value.as_bytes()), parts);
    }

    #[track_caller]
    fn rejects(value: &[u8], kind: FieldErrorKind, offset: usize, parts: &str) {
        let error = UserAgent::parse(value).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset));
        assert_eq!(shown(value), parts);
    }

    #[test]
    fn reads_what_browsers_send() {
        for (value, parts) in [
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36",
                "Mozilla/5.0 (27) AppleWebKit/537.36 (17) Chrome/126.0.0.0 Safari/537.36",
            ),
            (
                "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
                "Mozilla/5.0 (27) Gecko/20100101 Firefox/128.0",
            ),
            (
                "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15",
                "Mozilla/5.0 (33) AppleWebKit/605.1.15 (17) Version/17.5 Safari/605.1.15",
            ),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148",
                "Mozilla/5.0 (40) AppleWebKit/605.1.15 (17) Mobile/15E148",
            ),
            (
                "Mozilla/5.0 (Windows NT 6.1; WOW64; Trident/7.0; rv:11.0) like Gecko",
                "Mozilla/5.0 (43) like Gecko",
            ),
            (
                "Mozilla/4.0 (compatible; MSIE 7.0; Windows NT 5.1; .NET CLR 1.1.4322; InfoPath.1)",
                "Mozilla/4.0 (67)",
            ),
            (
                "Opera/9.80 (Windows NT 6.1; U; en) Presto/2.12.388 Version/12.16",
                "Opera/9.80 (21) Presto/2.12.388 Version/12.16",
            ),
            (
                "Lynx/2.9.0dev.12 libwww-FM/2.14FM SSL-MM/1.4.1 GNUTLS/3.7.8",
                "Lynx/2.9.0dev.12 libwww-FM/2.14FM SSL-MM/1.4.1 GNUTLS/3.7.8",
            ),
        ] {
            parses(value, parts);
        }
    }

    #[test]
    fn reads_what_programs_send() {
        for (value, parts) in [
            ("curl/8.5.0", "curl/8.5.0"),
            ("Go-http-client/1.1", "Go-http-client/1.1"),
            ("python-requests/2.32.3", "python-requests/2.32.3"),
            ("Python-urllib/3.12", "Python-urllib/3.12"),
            ("Wget/1.21.4", "Wget/1.21.4"),
            ("Java/1.8.0_151", "Java/1.8.0_151"),
            ("libwww-perl/6.68", "libwww-perl/6.68"),
            ("okhttp/4.12.0", "okhttp/4.12.0"),
            ("git/2.43.0", "git/2.43.0"),
            (
                "Dalvik/2.1.0 (Linux; U; Android 9; ANE-LX1 Build/HUAWEIANE-L21)",
                "Dalvik/2.1.0 (48)",
            ),
            ("Debian APT-HTTP/1.3 (2.6.1)", "Debian APT-HTTP/1.3 (5)"),
            (
                "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
                "Mozilla/5.0 (58)",
            ),
            (
                "facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)",
                "facebookexternalhit/1.1 (47)",
            ),
            // The Server field.
            ("nginx", "nginx"),
            ("nginx/1.24.0 (Ubuntu)", "nginx/1.24.0 (6)"),
            ("Apache/2.4.58 (Unix) OpenSSL/3.0.2", "Apache/2.4.58 (4) OpenSSL/3.0.2"),
            ("Microsoft-IIS/10.0", "Microsoft-IIS/10.0"),
            ("SimpleHTTP/0.6 Python/3.12.3", "SimpleHTTP/0.6 Python/3.12.3"),
        ] {
            parses(value, parts);
        }
    }

    #[test]
    fn nothing_is_added_behind_what_is_malformed() {
        let mut headers = HeaderMap::new();
        headers.append("User-Agent", "a/1 (open").unwrap();
        let agent = UserAgent::from_headers(&headers).unwrap();
        for added in [agent.clone().with_product("mine/1"), agent.with_comment("mine")] {
            let error = added.unwrap_err();
            assert_eq!((error.kind(), error.offset()), (FieldErrorKind::UnclosedComment, 9));
        }
    }

    #[test]
    fn makes_the_best_of_what_is_not_to_the_letter() {
        use FieldErrorKind::{Syntax, UnclosedComment, Whitespace};
        use SyntaxErrorKind::ExpectedToken;
        rejects(b"", Syntax(ExpectedToken), 0, "");
        rejects(b" \t", Syntax(ExpectedToken), 0, "");
        rejects(b"()", Syntax(ExpectedToken), 0, "(0)");
        rejects(b"a/ b", Syntax(ExpectedToken), 2, "[a/] b");
        rejects(b"/1", Syntax(ExpectedToken), 0, "[/1]");
        rejects(b"a ", Syntax(ExpectedToken), 2, "a");
        rejects(b"a/1/2 b", Whitespace, 3, "[a/1/2] b");
        rejects(b"Mozilla/5.0(x)", Whitespace, 11, "Mozilla/5.0 (1)");
        rejects(b"a (b)c (d)", Whitespace, 5, "a (1) c (1)");
        rejects(b"a (b (c) d", UnclosedComment, 10, "a (7)");
        rejects(b"a (b\\", UnclosedComment, 5, "a (2)");
        rejects(b"a (b\\)", UnclosedComment, 6, "a (3)");
        rejects(b"a (\x01)", FieldErrorKind::CommentByte(1), 3, "a (1)");
        rejects(b"a (\\\r)", FieldErrorKind::CommentByte(b'\r'), 4, "a (2)");
        rejects(b"a ) b", Syntax(ExpectedToken), 2, "a [)] b");
        rejects(
            b"Mozilla/5.0 (iPhone) Mobile/21F90 [FBAN/FBIOS;FBAV/467.0]",
            Syntax(ExpectedToken),
            34,
            "Mozilla/5.0 (6) Mobile/21F90 [[FBAN/FBIOS;FBAV/467.0]]",
        );
        rejects(b"caf\xc3\xa9/1 x", Whitespace, 3, "[caf\\xc3\\xa9/1] x");
    }

    #[test]
    fn comments_nest_and_escape() {
        parses("a (b (c (d)) e) f", "a (11) f");
        parses(r"a (\(\)\\) f", "a (6) f");
        parses("a (é) (\t) ()", "a (2) (1) (0)");
        let text = |value: &str| {
            let agent = UserAgent::parse(value.as_bytes()).unwrap();
            let comment = agent.comments().next().unwrap();
            (comment.raw().to_vec(), comment.text().into_owned())
        };
        assert_eq!(text(r"a (b\) (c\\) d)"), (br"b\) (c\\) d".to_vec(), br"b) (c\) d".to_vec()));
    }

    #[test]
    fn depth_is_limited_for_parsing_and_counted_for_the_rest() {
        let deep = format!("a {}x{} b", "(".repeat(17), ")".repeat(17));
        rejects(deep.as_bytes(), FieldErrorKind::CommentDepth(16), 18, "a (33) b");
        let deeper = format!("a {} b", "(".repeat(500_000));
        assert_eq!(shown(deeper.as_bytes()), "a (500001)");
    }

    #[test]
    fn what_is_built_is_checked() {
        for (product, offset) in
            [("", 0), ("a b", 1), ("a/", 2), ("a/1/2", 3), ("a\r\nb", 1), ("(a)", 0)]
        {
            assert_eq!(UserAgent::new(product).unwrap_err().offset(), offset, "{product:?}");
            let agent = UserAgent::new("x").unwrap();
            assert_eq!(agent.with_product(product).unwrap_err().offset(), offset);
        }
        let agent = UserAgent::new("x").unwrap();
        let error = agent.with_comment("a\nb").unwrap_err();
        assert_eq!((error.kind(), error.offset()), (FieldErrorKind::CommentByte(b'\n'), 1));
    }

    #[test]
    fn bytes_that_are_not_text_are_kept_and_shown_harmlessly() {
        let agent = UserAgent::parse(b"a (\xff)").unwrap();
        assert_eq!(agent.as_bytes(), b"a (\xff)");
        assert_eq!(agent.to_string(), "a (\\xff)");
        assert_eq!(format!("{agent:?}"), "UserAgent(a (\\xff))");
        assert_eq!(format!("{:?}", agent.comments().next().unwrap()), "Comment(\\xff)");
    }

    #[test]
    fn the_first_field_of_a_request_counts() {
        let mut headers = HeaderMap::new();
        assert_eq!(UserAgent::from_headers(&headers), None);
        headers.append("user-agent", "a <b>").unwrap();
        headers.append("User-Agent", "c").unwrap();
        assert_eq!(UserAgent::from_headers(&headers).unwrap().as_bytes(), b"a <b>");
        headers.insert("User-Agent", "").unwrap();
        assert_eq!(UserAgent::from_headers(&headers), None);
    }
}
