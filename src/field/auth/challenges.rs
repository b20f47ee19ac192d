//! The list of what a server asks for: WWW-Authenticate and Proxy-Authenticate.

use alloc::vec::Vec;
use core::{fmt, slice};

use super::Challenge;
use super::grammar::SchemeData;
use super::parameters::lossy;
use crate::field::{FieldError, FieldErrorKind};
use crate::header::{self, HeaderMap};
use crate::syntax::Cursor;

/// The challenges of WWW-Authenticate or Proxy-Authenticate, in the order in which the server likes them,
/// [RFC 9110 §11.6.1](https://www.rfc-editor.org/rfc/rfc9110#section-11.6.1).
///
/// # Examples
///
/// ```
/// use nethttp::field::auth::Challenges;
///
/// // Six commas, four challenges.
/// let challenges = Challenges::parse(
///     b"Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\", Negotiate, NTLM ab==, Basic realm=\"a,b\"",
/// )?;
/// let schemes: Vec<_> = challenges.iter().map(|challenge| challenge.scheme()).collect();
/// assert_eq!(schemes, ["Newauth", "Negotiate", "NTLM", "Basic"]);
/// # Ok::<(), nethttp::field::FieldError>(())
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Challenges<'a> {
    list: Vec<Challenge<'a>>,
}

impl<'a> Challenges<'a> {
    /// The most challenges that are read: 16. Servers send four at most.
    ///
    /// ```
    /// use nethttp::field::auth::Challenges;
    ///
    /// assert!(Challenges::parse("x,".repeat(Challenges::MAX_CHALLENGES).as_bytes()).is_ok());
    /// assert!(Challenges::parse("x,".repeat(Challenges::MAX_CHALLENGES + 1).as_bytes()).is_err());
    /// ```
    pub const MAX_CHALLENGES: usize = 16;

    /// Reads one field value to the letter; it may be empty.
    ///
    /// ```abnf
    /// WWW-Authenticate   = #challenge
    /// Proxy-Authenticate = #challenge
    /// ```
    ///
    /// A member `token BWS "="` is a parameter of the challenge in front of it; any other begins
    /// a challenge. Behind a scheme with nothing, not even a space, and behind a token68 no parameter may
    /// stand.
    ///
    /// # Errors
    ///
    /// Returns the errors of [`Challenge::parse`], and [`TooManyMembers`](FieldErrorKind::TooManyMembers) at
    /// the first challenge above [`MAX_CHALLENGES`](Self::MAX_CHALLENGES).
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::field::auth::Challenges;
    ///
    /// assert_eq!(Challenges::parse(b"Basic realm=\"a\", Negotiate")?.iter().len(), 2);
    /// let error = Challenges::parse(b"Negotiate, realm=\"a\"").unwrap_err();
    /// assert_eq!(error.to_string(), "expected ' ' after the scheme at byte 16");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn parse(value: &'a [u8]) -> Result<Self, FieldError> {
        let mut list = Vec::new();
        let mut cursor = Cursor::new(value);
        while cursor.next_member() {
            let offset = cursor.offset();
            let challenge = Challenge::read(&mut cursor)?;
            if list.len() >= Self::MAX_CHALLENGES {
                let kind = FieldErrorKind::TooManyMembers(Self::MAX_CHALLENGES);
                return Err(FieldError::new(kind, offset));
            }
            list.push(challenge);
        }
        Ok(Self { list })
    }

    /// Reads all WWW-Authenticate fields of a response.
    ///
    /// A challenge that is malformed, that has a parameter twice or too many of them, is left out with its
    /// parameters, and what follows is read; a quoted string that is not closed takes the rest of its line
    /// with it. Challenges above [`MAX_CHALLENGES`](Self::MAX_CHALLENGES) are not looked at. Each line is read
    /// by itself: nobody breaks a challenge between its parameters.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::HeaderMap;
    /// use nethttp::field::auth::Challenges;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("WWW-Authenticate", "Digest realm=a, realm=b, nonce=c, Basic realm=\"d\"")?;
    /// headers.append("WWW-Authenticate", "Negotiate")?;
    /// let challenges = Challenges::from_headers(&headers);
    /// let schemes: Vec<_> = challenges.iter().map(|challenge| challenge.scheme()).collect();
    /// assert_eq!(schemes, ["Basic", "Negotiate"]);
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn from_headers(headers: &'a HeaderMap) -> Self {
        Self::of_lines(headers.get_all(header::WWW_AUTHENTICATE))
    }

    /// Reads all Proxy-Authenticate fields of a response, as [`from_headers`](Self::from_headers) does.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::HeaderMap;
    /// use nethttp::field::auth::Challenges;
    ///
    /// let mut headers = HeaderMap::new();
    /// headers.append("Proxy-Authenticate", "Basic realm=\"proxy\"")?;
    /// assert!(Challenges::from_proxy_headers(&headers).find("basic").is_some());
    /// assert!(Challenges::from_headers(&headers).is_empty());
    /// # Ok::<(), nethttp::header::HeaderError>(())
    /// ```
    #[must_use]
    pub fn from_proxy_headers(headers: &'a HeaderMap) -> Self {
        Self::of_lines(headers.get_all(header::PROXY_AUTHENTICATE))
    }

    fn of_lines(lines: impl Iterator<Item = &'a [u8]>) -> Self {
        let mut list = Vec::new();
        for line in lines {
            let mut cursor = Cursor::new(line);
            while list.len() < Self::MAX_CHALLENGES && cursor.next_member() {
                match Challenge::read(&mut cursor) {
                    Ok(challenge) => list.push(challenge),
                    Err(_) => SchemeData::skip(&mut cursor),
                }
            }
        }
        Self { list }
    }

    /// Returns the challenges in the order in which they stand.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenges;
    /// assert_eq!(Challenges::parse(b"Negotiate, NTLM")?.iter().len(), 2);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    pub fn iter(&self) -> slice::Iter<'_, Challenge<'a>> {
        self.list.iter()
    }

    /// Returns the first challenge of a scheme, in any case.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenges;
    /// let challenges = Challenges::parse(b"Negotiate, Basic realm=a, Basic realm=b")?;
    /// let basic = challenges.find("basic").ok_or("no Basic")?;
    /// assert_eq!(basic.realm().as_deref(), Some("a"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn find(&self, scheme: &str) -> Option<&Challenge<'a>> {
        self.list.iter().find(|challenge| challenge.is(scheme))
    }

    /// Returns how many there are.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenges;
    /// assert_eq!(Challenges::parse(b"Negotiate, NTLM")?.len(), 2);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn len(&self) -> usize {
        self.list.len()
    }

    /// Returns whether there is none.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenges;
    /// assert!(Challenges::parse(b" , ")?.is_empty());
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Returns the challenges with a copy of what they borrow.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenges;
    /// let kept: Challenges<'static> =
    ///     Challenges::parse(String::from("Negotiate").as_bytes())?.into_owned();
    /// assert_eq!(kept.len(), 1);
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn into_owned(self) -> Challenges<'static> {
        self.list.into_iter().map(Challenge::into_owned).collect()
    }

    /// Returns all of them as the value of one field. A field for each is understood by more clients.
    ///
    /// ```
    /// # use nethttp::field::auth::Challenges;
    /// let challenges = Challenges::parse(b"Negotiate ,Basic realm=\"a\",,charset = UTF-8")?;
    /// assert_eq!(challenges.encode(), b"Negotiate, Basic realm=\"a\", charset=UTF-8");
    /// # Ok::<(), nethttp::field::FieldError>(())
    /// ```
    #[must_use]
    pub fn encode(&self) -> Vec<u8> {
        let values: Vec<Vec<u8>> = self.iter().map(Challenge::encode).collect();
        values.join(&b", "[..])
    }
}

/// The program that builds the list sets the number.
impl<'a> FromIterator<Challenge<'a>> for Challenges<'a> {
    fn from_iter<I: IntoIterator<Item = Challenge<'a>>>(challenges: I) -> Self {
        Self { list: challenges.into_iter().collect() }
    }
}

impl<'a> IntoIterator for Challenges<'a> {
    type Item = Challenge<'a>;
    type IntoIter = alloc::vec::IntoIter<Challenge<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

impl<'a, 'b> IntoIterator for &'b Challenges<'a> {
    type Item = &'b Challenge<'a>;
    type IntoIter = slice::Iter<'b, Challenge<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

impl fmt::Display for Challenges<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&lossy(&self.encode()))
    }
}

impl fmt::Debug for Challenges<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_list().entries(&self.list).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::syntax::SyntaxErrorKind as Syntax;
    use FieldErrorKind as Kind;
    use alloc::format;
    use alloc::string::{String, ToString};

    #[track_caller]
    fn reads(value: &str, written: &[&str]) {
        let challenges = Challenges::parse(value.as_bytes()).unwrap();
        let found: Vec<String> = challenges.iter().map(ToString::to_string).collect();
        assert_eq!(found, written);
        assert_eq!(Challenges::parse(&challenges.encode()).as_ref(), Ok(&challenges));
        assert_eq!(challenges.to_string(), written.join(", "));
        survive(&[value], written);
    }

    #[test]
    fn commas_separate_challenges_and_parameters() {
        reads("", &[]);
        reads(",\t,", &[]);
        reads(
            "Basic realm=\"a\", Digest nonce=\"x\", qop=\"auth\", Negotiate, NTLM abc==, Bearer",
            &[
                "Basic realm=\"a\"",
                "Digest nonce=\"x\", qop=\"auth\"",
                "Negotiate",
                "NTLM abc==",
                "Bearer",
            ],
        );
        reads("a b=c, d e=f", &["a b=c", "d e=f"]);
        reads("a b, c d=, e f =g", &["a b", "c d=", "e f=g"]);
        reads("a, b, c", &["a", "b", "c"]);
        reads("a b=\"c, d e=f\", g", &["a b=\"c, d e=f\"", "g"]);
        reads("a b=c,,, ,d=e, ,f", &["a b=c, d=e", "f"]);
        reads("Basic realm=a, basic realm=a", &["Basic realm=a", "basic realm=a"]);
    }

    #[test]
    fn a_space_behind_a_scheme_opens_a_list_of_parameters() {
        reads("a , b=c", &["a b=c"]);
        reads("a ,, b\t=c, d", &["a b=c", "d"]);
        reads("a , b", &["a", "b"]);
        reads("a \t, b =c", &["a b=c"]);
    }

    #[track_caller]
    fn refuses(value: &str, kind: FieldErrorKind, offset: usize) {
        let error = Challenges::parse(value.as_bytes()).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset), "{value}");
    }

    #[test]
    fn refuses_at_the_byte_that_no_reading_allows() {
        refuses("a=b", Kind::SchemeSpace, 1);
        refuses("a, b=c", Kind::SchemeSpace, 4);
        refuses("a\t, b=c", Kind::SchemeSpace, 5);
        refuses("a b, c=d", Kind::SchemeSpace, 6);
        refuses("a b==, c = d", Kind::Syntax(Syntax::ExpectedToken), 9);
        refuses("a b=c, @", Kind::Syntax(Syntax::ExpectedToken), 7);
        refuses("a b=c, d\te", Kind::SchemeSpace, 9);
        refuses("a b=c, d=", Kind::Syntax(Syntax::ExpectedToken), 9);
        refuses("a b=c d=e", Kind::Syntax(Syntax::ExpectedComma), 6);
        refuses("a b=c;d=e", Kind::Syntax(Syntax::ExpectedComma), 5);
        refuses("a \"b\"", Kind::Syntax(Syntax::ExpectedToken), 2);
        refuses("a b=\"c, d", Kind::Syntax(Syntax::UnclosedQuote), 9);
        refuses("a b==c", Kind::Token68, 5);
        refuses("a b=c, B=d, e", Kind::DuplicateParameter, 7);
        refuses(&"a,".repeat(17), Kind::TooManyMembers(16), 32);
    }

    #[track_caller]
    fn survive(lines: &[&str], written: &[&str]) {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("WWW-Authenticate", line).unwrap();
            headers.append("Proxy-Authenticate", line).unwrap();
        }
        let challenges = Challenges::from_headers(&headers);
        let found: Vec<String> = challenges.iter().map(ToString::to_string).collect();
        assert_eq!(found, written, "{lines:?}");
        assert_eq!(Challenges::from_proxy_headers(&headers), challenges);
    }

    #[test]
    fn a_malformed_challenge_is_left_out_alone() {
        survive(&["a b=1, b=2, c=3, d e=f"], &["d e=f"]);
        survive(&["a, b @, c"], &["a", "c"]);
        survive(&["a b=, c=d, e"], &["a b=", "e"]);
        survive(&["a b=c d, e=\"f,g\", h=, i j=k"], &["i j=k"]);
        survive(&["b=c, d=e, f g"], &["f g"]);
        survive(&["a, b=c, d"], &["a", "d"]);
        survive(&["a b=c, \"x,y\", d=e, f"], &["f"]);
        survive(&["a, \"x,y\", d=e, f"], &["a", "f"]);
        survive(&["a b=\"c\"d\"e, f\", g"], &["g"]);
        let many: Vec<String> = (0..33).map(|index| format!("p{index}=b")).collect();
        survive(&[&format!("a {}, b", many.join(","))], &["b"]);
    }

    #[test]
    fn nothing_of_a_line_is_left_behind_a_quote_that_is_not_closed() {
        survive(&["Basic realm=\"unclosed, Digest nonce=x", "Bearer"], &["Bearer"]);
        survive(&["Basic realm=\"unclosed, Digest nonce=\"x\", qop=\"auth\""], &[]);
        survive(&["Negotiate, Basic realm=\"unclosed\\\", Bearer"], &["Negotiate"]);
    }

    #[test]
    fn lines_are_read_one_by_one() {
        survive(&["a b=c", "d", "", "e f"], &["a b=c", "d", "e f"]);
        survive(&["a b=c", "d=e, f"], &["a b=c", "f"]);
        let line = "a,".repeat(10);
        survive(&[&line, &line], &["a"; 16]);
    }

    #[test]
    fn the_first_of_a_scheme_is_found_in_any_case() {
        let challenges = Challenges::parse(b"a b=c, X y=1, x y=2").unwrap();
        assert_eq!(challenges.find("x").map(ToString::to_string).as_deref(), Some("X y=1"));
        assert_eq!(challenges.find("y"), None);
        assert_eq!(format!("{challenges:?}").matches("Challenge(").count(), 3);
        assert_eq!(challenges.clone().into_owned(), challenges);
        assert_eq!(challenges.clone().into_iter().collect::<Challenges<'_>>(), challenges);
    }
}
