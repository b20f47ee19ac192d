//! How directives are read, to the letter and with recovery: one table for both.

use alloc::borrow::Cow;
use alloc::string::String;
use alloc::vec::Vec;
use core::time::Duration;

use super::{CacheControl, CacheDirective, Flags, Scope, Times};
use crate::field::{FieldError, FieldErrorKind, delta};
use crate::header::HeaderName;
use crate::syntax::{Class, Cursor, SyntaxErrorKind, unescape};

/// What a directive takes, and what becomes of it if its argument is wrong.
#[derive(Clone, Copy)]
pub(super) enum Rule {
    /// No argument; it restricts the cache, and holds even with one.
    Restricts(fn(&mut Flags) -> &mut bool),
    /// No argument; it gives freedom, and has to be right.
    Frees(fn(&mut Flags) -> &mut bool),
    /// A time; 0 if it cannot be read.
    Lifetime(fn(&mut Times) -> &mut Option<Duration>),
    /// A time; nothing if it cannot be read.
    Time(fn(&mut Times) -> &mut Option<Duration>),
    /// A time, or no argument for any time.
    MaxStale,
    /// Names of fields, or no argument for the whole message.
    NoCache,
    /// The same.
    Private,
}

/// The directives that are known, in the order in which they are written.
pub(super) const DIRECTIVES: [(&str, Rule); 16] = [
    ("public", Rule::Frees(|flags| &mut flags.public)),
    ("private", Rule::Private),
    ("no-cache", Rule::NoCache),
    ("no-store", Rule::Restricts(|flags| &mut flags.no_store)),
    ("no-transform", Rule::Restricts(|flags| &mut flags.no_transform)),
    ("must-revalidate", Rule::Restricts(|flags| &mut flags.must_revalidate)),
    ("proxy-revalidate", Rule::Restricts(|flags| &mut flags.proxy_revalidate)),
    ("must-understand", Rule::Frees(|flags| &mut flags.must_understand)),
    ("only-if-cached", Rule::Restricts(|flags| &mut flags.only_if_cached)),
    ("max-age", Rule::Lifetime(|times| &mut times.max_age)),
    ("s-maxage", Rule::Lifetime(|times| &mut times.s_maxage)),
    ("max-stale", Rule::MaxStale),
    ("min-fresh", Rule::Time(|times| &mut times.min_fresh)),
    ("immutable", Rule::Frees(|flags| &mut flags.immutable)),
    ("stale-while-revalidate", Rule::Time(|times| &mut times.stale_while_revalidate)),
    ("stale-if-error", Rule::Time(|times| &mut times.stale_if_error)),
];

fn rule(name: &[u8]) -> Option<Rule> {
    let known = |(directive, _): &&(&str, Rule)| directive.as_bytes().eq_ignore_ascii_case(name);
    DIRECTIVES.iter().find(known).map(|(_, rule)| *rule)
}

/// `token [ "=" ( token / quoted-string ) ]`
struct Directive<'a> {
    name: &'a [u8],
    /// Where the name ends, and `=` stands or is due.
    equals: usize,
    argument: Option<Cow<'a, [u8]>>,
    /// Where the text of the argument begins.
    at: usize,
}

impl<'a> Directive<'a> {
    /// Reads a directive and the end of its member.
    fn read(cursor: &mut Cursor<'a>) -> Result<Self, FieldError> {
        let name = cursor.token()?;
        let equals = cursor.offset();
        let (mut argument, mut at) = (None, equals);
        if cursor.eat(b'=') {
            let quoted = cursor.peek() == Some(b'"');
            at = cursor.offset() + usize::from(quoted);
            argument = Some(if quoted {
                unescape(cursor.quoted_string()?)
            } else {
                Cow::Borrowed(cursor.token()?)
            });
        }
        cursor.end_member()?;
        Ok(Self { name, equals, argument, at })
    }
}

impl<'a> CacheControl<'a> {
    pub(super) fn read_strictly(&mut self, value: &'a [u8]) -> Result<(), FieldError> {
        let mut cursor = Cursor::new(value);
        while cursor.next_member() {
            let directive = Directive::read(&mut cursor)?;
            self.apply(directive)?;
        }
        Ok(())
    }

    /// Of a member that is no directive it is open what is text and what was meant, and so every word of
    /// it that restricts the cache holds. A quotation mark that is not closed makes one member of the
    /// rest of the line.
    pub(super) fn read_with_recovery(&mut self, value: &'a [u8]) {
        let mut cursor = Cursor::new(value);
        while cursor.next_member() {
            let start = cursor;
            cursor.skip_member();
            match Directive::read(&mut { start }) {
                Ok(directive) => {
                    let name = directive.name;
                    if self.apply(directive).is_err() {
                        self.restrict(name);
                    }
                }
                Err(_) => {
                    let len = cursor.offset() - start.offset();
                    let member = start.rest().get(..len).unwrap_or_default();
                    let divides = |octet: &u8| matches!(octet, b' ' | b'\t' | b'"' | b',' | b';');
                    member.split(divides).for_each(|word| self.restrict(word));
                }
            }
        }
    }

    /// Adds a directive that did not come from a field.
    pub(super) fn add(
        &mut self,
        name: &'a [u8],
        argument: Option<Cow<'a, [u8]>>,
    ) -> Result<(), FieldError> {
        let token = Class::TOKEN.prefix_len(name);
        if token == 0 || token < name.len() {
            return Err(syntax(SyntaxErrorKind::ExpectedToken, token));
        }
        let text = argument.as_deref().unwrap_or_default();
        let field = Class::FIELD.prefix_len(text);
        if let Some(&octet) = text.get(field) {
            return Err(syntax(SyntaxErrorKind::QuotedByte(octet), field));
        }
        self.apply(Directive { name, equals: name.len(), argument, at: 0 })
    }

    /// Takes a directive in. Of times the first counts, flags and names add up.
    fn apply(&mut self, directive: Directive<'a>) -> Result<(), FieldError> {
        let argument = directive.argument.as_deref();
        match rule(directive.name) {
            Some(Rule::Restricts(flag) | Rule::Frees(flag)) => {
                if argument.is_some() {
                    return Err(syntax(SyntaxErrorKind::ExpectedComma, directive.equals));
                }
                *flag(&mut self.flags) = true;
            }
            Some(Rule::Lifetime(slot) | Rule::Time(slot)) => {
                let Some(text) = argument else {
                    return Err(syntax(SyntaxErrorKind::ExpectedEquals, directive.equals));
                };
                let time = delta::parse(text).map_err(|error| inside(&directive, error.into()))?;
                slot(&mut self.times).get_or_insert(time);
            }
            Some(Rule::MaxStale) => {
                let time = match argument {
                    None => Duration::MAX,
                    Some(text) => {
                        delta::parse(text).map_err(|error| inside(&directive, error.into()))?
                    }
                };
                self.times.max_stale.get_or_insert(time);
            }
            Some(Rule::NoCache) => self.no_cache.read(&directive)?,
            Some(Rule::Private) => self.private.read(&directive)?,
            None => return self.keep(directive),
        }
        Ok(())
    }

    /// Keeps a directive that is not known.
    fn keep(&mut self, directive: Directive<'a>) -> Result<(), FieldError> {
        if self.extensions.len() >= Self::MAX_EXTENSIONS {
            let kind = FieldErrorKind::TooManyMembers(Self::MAX_EXTENSIONS);
            return Err(FieldError::new(kind, directive.equals - directive.name.len()));
        }
        let argument = match directive.argument {
            None => None,
            Some(bytes) => Some(
                text(bytes)
                    .map_err(|valid| FieldError::new(FieldErrorKind::Utf8, directive.at + valid))?,
            ),
        };
        // A token is ASCII.
        let name = Cow::Borrowed(core::str::from_utf8(directive.name).unwrap_or_default());
        self.extensions.push(CacheDirective { name, argument });
        Ok(())
    }

    /// Takes in a directive whose argument, or what follows it, is wrong.
    fn restrict(&mut self, word: &[u8]) {
        match rule(Cursor::new(word).take(Class::TOKEN)) {
            Some(Rule::Restricts(flag)) => *flag(&mut self.flags) = true,
            Some(Rule::Lifetime(slot)) => {
                slot(&mut self.times).get_or_insert(Duration::ZERO);
            }
            Some(Rule::NoCache) => self.no_cache.whole = true,
            Some(Rule::Private) => self.private.whole = true,
            Some(Rule::Frees(_) | Rule::Time(_) | Rule::MaxStale) | None => {}
        }
    }
}

impl Scope {
    pub(super) const NONE: Self = Self { whole: false, fields: Vec::new() };

    /// Reads the names of an argument: `#field-name`.
    fn read(&mut self, directive: &Directive<'_>) -> Result<(), FieldError> {
        let mut cursor = Cursor::new(directive.argument.as_deref().unwrap_or_default());
        let mut any = false;
        while cursor.next_member() {
            let at = cursor.offset();
            let name = cursor.token().and_then(|name| cursor.end_member().map(|()| name));
            let name = name.map_err(|error| inside(directive, error.into()))?;
            // It is a token, and so can only be too long.
            let name = HeaderName::parse(name).map_err(|_too_long| {
                inside(directive, syntax(SyntaxErrorKind::ExpectedToken, at))
            })?;
            self.add(name, at).map_err(|error| inside(directive, error))?;
            any = true;
        }
        self.whole |= !any;
        Ok(())
    }

    /// Adds a name, unless it is there.
    pub(super) fn add(&mut self, name: HeaderName, at: usize) -> Result<(), FieldError> {
        if self.fields.contains(&name) {
            return Ok(());
        }
        let most = CacheControl::MAX_FIELDS;
        if self.fields.len() >= most {
            return Err(FieldError::new(FieldErrorKind::TooManyMembers(most), at));
        }
        self.fields.push(name);
        Ok(())
    }
}

fn text(bytes: Cow<'_, [u8]>) -> Result<Cow<'_, str>, usize> {
    match bytes {
        Cow::Borrowed(bytes) => {
            core::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| error.valid_up_to())
        }
        Cow::Owned(bytes) => {
            let valid = |error: alloc::string::FromUtf8Error| error.utf8_error().valid_up_to();
            String::from_utf8(bytes).map(Cow::Owned).map_err(valid)
        }
    }
}

const fn syntax(kind: SyntaxErrorKind, offset: usize) -> FieldError {
    FieldError::new(FieldErrorKind::Syntax(kind), offset)
}

/// Moves an error of an argument to where the argument stands. Where backslashes were removed, bytes no
/// longer have a place of their own, and the error is at the first.
fn inside(directive: &Directive<'_>, error: FieldError) -> FieldError {
    let offset = match directive.argument {
        Some(Cow::Borrowed(_)) => error.offset(),
        _ => 0,
    };
    FieldError::new(error.kind(), directive.at + offset)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::header::HeaderMap;
    use alloc::string::ToString;

    #[track_caller]
    fn parses(value: &str, written: &str) {
        let cache = CacheControl::parse(value.as_bytes()).unwrap();
        assert_eq!(cache.to_string(), written);
        assert_eq!(CacheControl::parse(written.as_bytes()).unwrap(), cache);
        assert_eq!(recovered(&[value]), written);
    }

    fn recovered(lines: &[&str]) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("cache-control", line).unwrap();
        }
        CacheControl::from_headers(&headers).to_string()
    }

    #[track_caller]
    fn rejects(value: &[u8], kind: FieldErrorKind, offset: usize) {
        let error = CacheControl::parse(value).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (kind, offset));
    }

    #[track_caller]
    fn recovers(value: &str, written: &str) {
        assert!(CacheControl::parse(value.as_bytes()).is_err(), "nothing to recover from");
        assert_eq!(recovered(&[value]), written);
    }

    #[test]
    fn reads_every_directive() {
        for (name, rule) in DIRECTIVES {
            match rule {
                Rule::Restricts(_) | Rule::Frees(_) => parses(name, name),
                Rule::Lifetime(_) | Rule::Time(_) => {
                    parses(&(name.to_string() + "=7"), &(name.to_string() + "=7"));
                }
                Rule::MaxStale => {
                    parses("max-stale", "max-stale");
                    parses("max-stale=\"7\"", "max-stale=7");
                }
                Rule::NoCache | Rule::Private => {
                    parses(name, name);
                    let named = name.to_string() + "=\"A, B\"";
                    parses(&named, &named);
                }
            }
        }
    }

    #[test]
    fn reads_what_large_sites_send() {
        for (value, written) in [
            // Responses.
            ("private, max-age=0", "private, max-age=0"),
            (
                "no-cache, no-store, max-age=0, must-revalidate",
                "no-cache, no-store, must-revalidate, max-age=0",
            ),
            (
                "private, s-maxage=0, max-age=0, must-revalidate",
                "private, must-revalidate, max-age=0, s-maxage=0",
            ),
            ("max-age=31536000,public,immutable", "public, max-age=31536000, immutable"),
            (
                "public,max-age=31536000,immutable,stale-while-revalidate=86400",
                "public, max-age=31536000, immutable, stale-while-revalidate=86400",
            ),
            (
                "max-age=60, stale-while-revalidate=60, stale-if-error=86400",
                "max-age=60, stale-while-revalidate=60, stale-if-error=86400",
            ),
            (
                "no-store, no-cache, must-revalidate, post-check=0, pre-check=0",
                "no-cache, no-store, must-revalidate, post-check=0, pre-check=0",
            ),
            ("private, no-transform, must-revalidate", "private, no-transform, must-revalidate"),
            ("no-cache=\"set-cookie\"", "no-cache=\"set-cookie\""),
            ("must-understand, no-store", "no-store, must-understand"),
            ("private, community=\"UCI\"", "private, community=UCI"),
            (
                "no-cache,no-store,max-age=0,s-maxage=0,no-vary-search=\"a b\"",
                "no-cache, no-store, max-age=0, s-maxage=0, no-vary-search=\"a b\"",
            ),
            // Requests.
            ("max-age=0", "max-age=0"),
            ("no-cache", "no-cache"),
            ("only-if-cached, max-stale=2419200", "only-if-cached, max-stale=2419200"),
            ("max-stale, min-fresh=20", "max-stale, min-fresh=20"),
            ("", ""),
        ] {
            parses(value, written);
        }
    }

    /// What <https://github.com/http-tests/cache-tests> asks of parsers.
    #[test]
    fn reads_arguments_as_the_cache_tests_expect() {
        parses("MaX-aGe=3600", "max-age=3600");
        parses("max-age=1800, max-age=1", "max-age=1800");
        parses("max-age=1, max-age=1800", "max-age=1");
        assert_eq!(recovered(&["max-age=1800", "max-age=1"]), "max-age=1800");
        assert_eq!(recovered(&["max-age=1", "max-age=1800"]), "max-age=1");
        parses("extension=\"max-age=3600\", max-age=1", "max-age=1, extension=\"max-age=3600\"");
        parses("max-age=1, extension=\"max-age=3600\"", "max-age=1, extension=\"max-age=3600\"");
        parses("max-age=\"3600\"", "max-age=3600");
        parses("max-age=003600", "max-age=3600");
        parses("max-age=2147483647", "max-age=2147483647");
        parses("max-age=2147483648", "max-age=2147483648");
        parses("max-age=2147483649", "max-age=2147483648");
        parses("max-age=99999999999", "max-age=2147483648");
        for stale in [
            "max-age =3600",
            "max-age= 3600",
            "max-age='3600'",
            "max-age=3600.0",
            "max-age=3600.5",
            "max-age=a3600",
            "max-age=3600a",
            "max-age=-3600",
            "max-age=",
            "max-age",
            "max-age=\"\"",
            "max-age=\"3600",
            "max-age=1 0",
            "max-age:3600",
            "max-age=3600; public",
        ] {
            recovers(stale, "max-age=0");
        }
    }

    #[test]
    fn names_of_fields_add_up_until_everything_is_meant() {
        parses("private=\"a, b\", private=\"B,c\"", "private=\"a, b, c\"");
        parses("no-cache=Set-Cookie", "no-cache=\"Set-Cookie\"");
        parses("no-cache=\"Set-Cookie\", no-cache", "no-cache");
        parses("no-cache, no-cache=\"Set-Cookie\"", "no-cache");
        parses("no-cache=\"\"", "no-cache");
        parses("no-cache=\" ,\"", "no-cache");
        parses("no-cache=\"\\a\"", "no-cache=\"a\"");
        recovers("no-cache=\"a b\"", "no-cache");
        recovers("private=\"Set-Cookie, é\", x", "private, x");
        assert_eq!(recovered(&["no-cache=a", "no-cache=b"]), "no-cache=\"a, b\"");
    }

    #[test]
    fn a_malformed_member_does_not_take_the_others() {
        recovers("public, =, max-age=60", "public, max-age=60");
        recovers("\"a, b\", max-age=60", "max-age=60");
        recovers("a b, max-age=60", "max-age=60");
        recovers("a=\"b\"c, max-age=60", "max-age=60");
        recovers("a=b=c, immutable", "immutable");
        recovers("a=, no-store", "no-store");
        recovers("@, ;, no-store", "no-store");
    }

    #[test]
    fn what_restricts_holds_without_its_argument_and_what_frees_does_not() {
        recovers("no-store=1", "no-store");
        recovers("no-cache; no-store", "no-cache, no-store");
        recovers("max-age=3600; private", "private, max-age=0");
        recovers("private max-age=9", "private, max-age=0");
        recovers(
            "no-transform x, must-revalidate x, proxy-revalidate x",
            "no-transform, must-revalidate, proxy-revalidate",
        );
        recovers("only-if-cached=yes, s-maxage=", "only-if-cached, s-maxage=0");
        recovers("public=1, immutable x, must-understand;", "");
        recovers("max-stale=x, min-fresh, stale-while-revalidate, stale-if-error=-1", "");
        recovers("max-age=x, max-age=60", "max-age=0");
        recovers("max-age=60, max-age=x", "max-age=60");
    }

    #[test]
    fn around_a_quote_in_the_wrong_place_only_restrictions_hold() {
        recovers("max-age=9, a=b\"c, private, public, d=\"", "private, max-age=9");
        recovers("a\", no-store\", immutable", "no-store, immutable");
        recovers("\"no-cache\"", "no-cache");
        recovers("private=\"no-store\\\"", "private, no-store");
        recovers("a=\"no-store\" b, c=private d", "no-store");
        // A quoted string that is one is text, even where it is the wrong argument.
        recovers("max-age=\"60, private\"", "max-age=0");
    }

    #[test]
    fn behind_an_open_quote_only_restrictions_hold() {
        recovers("a=\"b, no-store, public, private=\\\"", "private, no-store");
        recovers("max-age=60\", no-store, s-maxage=60", "no-store, max-age=0, s-maxage=0");
        recovers("a=\"b, max-age=5\", d=\", no-cache", "no-cache, a=\"b, max-age=5\"");
        assert_eq!(recovered(&["a=\"", "public"]), "public");
    }

    #[test]
    fn rejects_at_the_byte_that_is_wrong() {
        use FieldErrorKind::Syntax;
        use SyntaxErrorKind as Kind;
        rejects(b"=", Syntax(Kind::ExpectedToken), 0);
        rejects(b"a, b c", Syntax(Kind::ExpectedComma), 5);
        rejects(b"a=", Syntax(Kind::ExpectedToken), 2);
        rejects(b"max-age", Syntax(Kind::ExpectedEquals), 7);
        rejects(b"max-age=", Syntax(Kind::ExpectedToken), 8);
        rejects(b"max-age=6x", Syntax(Kind::ExpectedDigit), 9);
        rejects(b"max-age=\"6x\"", Syntax(Kind::ExpectedDigit), 10);
        rejects(b"max-stale=x", Syntax(Kind::ExpectedDigit), 10);
        rejects(b"no-store=1", Syntax(Kind::ExpectedComma), 8);
        rejects(b"no-store=\"1\"", Syntax(Kind::ExpectedComma), 8);
        rejects(b"no-cache=\"a b\"", Syntax(Kind::ExpectedComma), 12);
        rejects(b"no-cache=\"a;\"", Syntax(Kind::ExpectedComma), 11);
        rejects(b"a=\"b", Syntax(Kind::UnclosedQuote), 4);
        rejects(b"a=\"\r\"", Syntax(Kind::QuotedByte(b'\r')), 3);
        rejects(b"a=\"b\xff\"", FieldErrorKind::Utf8, 4);
        rejects(b"a=\"\\b\xff\"", FieldErrorKind::Utf8, 4);
    }

    #[test]
    fn unknown_directives_are_kept_up_to_a_limit() {
        let most = CacheControl::MAX_EXTENSIONS;
        let mut value = "x=y,".repeat(most);
        let written = value.replace(',', ", ");
        let written = written.trim_end_matches(", ");
        parses(&value, written);
        value += "z, max-age=60";
        rejects(value.as_bytes(), FieldErrorKind::TooManyMembers(most), 128);
        recovers(&value, &("max-age=60, ".to_string() + written));
    }

    #[test]
    fn names_past_the_limit_mean_everything() {
        let most = CacheControl::MAX_FIELDS;
        let names: String = (0..=most).map(|n| alloc::format!("x{n},")).collect();
        let value = "private=\"".to_string() + &names + "\"";
        rejects(value.as_bytes(), FieldErrorKind::TooManyMembers(most), 255);
        recovers(&value, "private");
    }

    #[test]
    fn what_is_added_by_name_is_checked() {
        let add = |name, argument| {
            CacheControl::new().with_extension(name, argument).map(|cache| cache.to_string())
        };
        assert_eq!(add("a", None).as_deref(), Ok("a"));
        assert_eq!(add("a", Some("")).as_deref(), Ok("a=\"\""));
        assert_eq!(add("a", Some("\"\\é")).as_deref(), Ok("a=\"\\\"\\\\é\""));
        assert_eq!(add("No-Store", None).as_deref(), Ok("no-store"));
        for (name, argument, offset) in [
            ("", None, 0),
            ("a b", None, 1),
            ("a", Some("b\nc"), 1),
            ("max-age", Some("1x"), 1),
            ("max-age", None, 7),
            ("no-store", Some("1"), 8),
        ] {
            assert_eq!(add(name, argument).unwrap_err().offset(), offset, "{name}");
        }
    }

    #[test]
    fn values_are_equal_when_they_say_the_same() {
        let same = |a: &'static str, b: &'static str| {
            CacheControl::parse(a.as_bytes()).unwrap() == CacheControl::parse(b.as_bytes()).unwrap()
        };
        assert!(same("max-age=5, public", "PUBLIC, max-age=\"05\""));
        assert!(same("no-cache=a, no-cache", "no-cache"));
        assert!(same("private=\"a, b\"", "private=B, private=a"));
        assert!(!same("private=\"a, b\"", "private=\"a, c\""));
        assert!(!same("no-cache=\"a, b\"", "no-cache=a"));
        assert!(same("A=\"b\"", "a=b"));
        assert!(!same("a=b", "a=B"));
        assert!(!same("no-cache=a", "no-cache"));
        assert!(!same("max-age=5", "s-maxage=5"));
    }
}
