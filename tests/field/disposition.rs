//! Content-Disposition: the cases that browsers are tested with, laws, and a model of the grammar
//! that is slow and obviously right.

use nethttp::field::{ContentDisposition, ExtValue, FieldErrorKind, LanguageTag, safe_file_name};
use nethttp::header::{self, HeaderMap};
use nethttp::syntax::{SyntaxErrorKind, percent_decode_lossy};
use proptest::prelude::*;

/// A case of <http://test.greenbytes.de/tech/tc2231/>: its name, the value, whether it is well-formed,
/// and the type and the file name that a recipient finds.
type Case = (&'static str, &'static [u8], bool, Option<(&'static str, Option<&'static str>)>);

const YES: bool = true;
const NO: bool = false;

const fn inline(name: Option<&'static str>) -> Option<(&'static str, Option<&'static str>)> {
    Some(("inline", name))
}

const fn saved(name: &'static str) -> Option<(&'static str, Option<&'static str>)> {
    Some(("attachment", Some(name)))
}

const NAMELESS: Option<(&str, Option<&str>)> = Some(("attachment", None));

/// Where the grammar is kept, what is expected there is found, with two exceptions: `filename` is UTF-8
/// where it can be, as browsers have it, and the parameters in pieces of mail have no meaning. Where it
/// is broken, the suite wants the field ignored; the comments say what becomes of it here.
#[rustfmt::skip]
const CASES: &[Case] = &[
    ("inlonly", b"inline", YES, inline(None)),
    ("inlonlyquoted", b"\"inline\"", NO, None),
    ("inlwithasciifilename", b"inline; filename=\"foo.html\"", YES, inline(Some("foo.html"))),
    ("inlwithfnattach", b"inline; filename=\"Not an attachment!\"", YES, inline(Some("Not an attachment!"))),
    ("inlwithasciifilenamepdf", b"inline; filename=\"foo.pdf\"", YES, inline(Some("foo.pdf"))),
    ("attonly", b"attachment", YES, NAMELESS),
    ("attonlyquoted", b"\"attachment\"", NO, None),
    ("attonlyucase", b"ATTACHMENT", YES, Some(("ATTACHMENT", None))),
    ("attwithasciifilename", b"attachment; filename=\"foo.html\"", YES, saved("foo.html")),
    ("attwithasciifilename25", b"attachment; filename=\"0000000000111111111122222\"", YES, saved("0000000000111111111122222")),
    ("attwithasciifnescapedchar", b"attachment; filename=\"f\\oo.html\"", YES, saved("foo.html")),
    ("attwithasciifnescapedquote", b"attachment; filename=\"\\\"quoting\\\" tested.html\"", YES, saved("\"quoting\" tested.html")),
    ("attwithquotedsemicolon", b"attachment; filename=\"Here's a semicolon;.html\"", YES, saved("Here's a semicolon;.html")),
    ("attwithfilenameandextparam", b"attachment; foo=\"bar\"; filename=\"foo.html\"", YES, saved("foo.html")),
    ("attwithfilenameandextparamescaped", b"attachment; foo=\"\\\"\\\\\";filename=\"foo.html\"", YES, saved("foo.html")),
    ("attwithasciifilenameucase", b"attachment; FILENAME=\"foo.html\"", YES, saved("foo.html")),
    ("attwithasciifilenamenq", b"attachment; filename=foo.html", YES, saved("foo.html")),
    // Without quotes a name ends with the semicolon.
    ("attwithtokfncommanq", b"attachment; filename=foo,bar.html", NO, saved("foo,bar.html")),
    ("attwithasciifilenamenqs", b"attachment; filename=foo.html ;", NO, saved("foo.html")),
    ("attemptyparam", b"attachment; ;filename=foo", NO, saved("foo")),
    ("attwithasciifilenamenqws", b"attachment; filename=foo bar.html", NO, saved("foo bar.html")),
    ("attwithfntokensq", b"attachment; filename='foo.bar'", YES, saved("'foo.bar'")),
    // Raw bytes are UTF-8, which the strict grammar here wants, or else ISO-8859-1.
    ("attwithisofnplain", b"attachment; filename=\"foo-\xe4.html\"", NO, saved("foo-\u{e4}.html")),
    ("attwithutf8fnplain", b"attachment; filename=\"foo-\xc3\xa4.html\"", YES, saved("foo-\u{e4}.html")),
    ("attwithfnrawpctenca", b"attachment; filename=\"foo-%41.html\"", YES, saved("foo-%41.html")),
    ("attwithfnusingpct", b"attachment; filename=\"50%.html\"", YES, saved("50%.html")),
    ("attwithfnrawpctencaq", b"attachment; filename=\"foo-%\\41.html\"", YES, saved("foo-%41.html")),
    ("attwithnamepct", b"attachment; name=\"foo-%41.html\"", YES, NAMELESS),
    ("attwithfilenamepctandiso", b"attachment; filename=\"\xe4-%41.html\"", NO, saved("\u{e4}-%41.html")),
    ("attwithfnrawpctenclong", b"attachment; filename=\"foo-%c3%a4-%e2%82%ac.html\"", YES, saved("foo-%c3%a4-%e2%82%ac.html")),
    ("attwithasciifilenamews1", b"attachment; filename =\"foo.html\"", YES, saved("foo.html")),
    // The first of two counts.
    ("attwith2filenames", b"attachment; filename=\"foo.html\"; filename=\"bar.html\"", NO, saved("foo.html")),
    ("attfnbrokentoken", b"attachment; filename=foo[1](2).html", NO, saved("foo[1](2).html")),
    ("attfnbrokentokeniso", b"attachment; filename=foo-\xe4.html", NO, saved("foo-\u{e4}.html")),
    ("attfnbrokentokenutf", b"attachment; filename=foo-\xc3\xa4.html", NO, saved("foo-\u{e4}.html")),
    // A name without a type makes an attachment.
    ("attmissingdisposition", b"filename=foo.html", NO, saved("foo.html")),
    ("attmissingdisposition2", b"x=y; filename=foo.html", NO, saved("foo.html")),
    ("attmissingdisposition3", b"\"foo; filename=bar;baz\"; filename=qux", NO, saved("qux")),
    ("attmissingdisposition4", b"filename=foo.html, filename=bar.html", NO, saved("foo.html, filename=bar.html")),
    ("emptydisposition", b"; filename=foo.html", NO, saved("foo.html")),
    // The first type counts, wherever it stands.
    ("doublecolon", b": inline; attachment; filename=foo.html", NO, saved("foo.html")),
    ("attandinline", b"inline; attachment; filename=foo.html", NO, inline(Some("foo.html"))),
    ("attandinline2", b"attachment; inline; filename=foo.html", NO, saved("foo.html")),
    ("attreversed", b"filename=foo.html; attachment", NO, saved("foo.html")),
    // What follows the closing quote is dropped; a quote inside a name without quotes is part of it.
    ("attbrokenquotedfn", b"attachment; filename=\"foo.html\".txt", NO, saved("foo.html")),
    ("attbrokenquotedfn2", b"attachment; filename=\"bar", NO, saved("bar")),
    ("attbrokenquotedfn3", b"attachment; filename=foo\"bar;baz\"qux", NO, saved("foo\"bar")),
    ("attmultinstances", b"attachment; filename=foo.html, attachment; filename=bar.html", NO, saved("foo.html, attachment")),
    ("attmissingdelim", b"attachment; foo=foo filename=bar", NO, NAMELESS),
    ("attmissingdelim2", b"attachment; filename=bar foo=foo", NO, saved("bar foo=foo")),
    ("attmissingdelim3", b"attachment filename=bar", NO, saved("bar")),
    ("attconfusedparam", b"attachment; xfilename=foo.html", YES, NAMELESS),
    ("attabspath", b"attachment; filename=\"/foo.html\"", YES, saved("/foo.html")),
    ("attabspathwin", b"attachment; filename=\"\\\\foo.html\"", YES, saved("\\foo.html")),
    ("attcdate", b"attachment; creation-date=\"Wed, 12 Feb 1997 16:29:51 -0500\"", YES, NAMELESS),
    ("dispext", b"foobar", YES, Some(("foobar", None))),
    ("dispextbadfn", b"attachment; example=\"filename=example.txt\"", YES, NAMELESS),
    ("attwithisofn2231iso", b"attachment; filename*=iso-8859-1''foo-%E4.html", YES, saved("foo-\u{e4}.html")),
    ("attwithfn2231utf8", b"attachment; filename*=UTF-8''foo-%c3%a4-%e2%82%ac.html", YES, saved("foo-\u{e4}-\u{20ac}.html")),
    ("attwithfn2231noc", b"attachment; filename*=''foo-%c3%a4-%e2%82%ac.html", NO, NAMELESS),
    ("attwithfn2231utf8comp", b"attachment; filename*=UTF-8''foo-a%cc%88.html", YES, saved("foo-a\u{308}.html")),
    ("attwithfn2231utf8-bad", b"attachment; filename*=iso-8859-1''foo-%c3%a4-%e2%82%ac.html", NO, NAMELESS),
    ("attwithfn2231iso-bad", b"attachment; filename*=utf-8''foo-%E4.html", NO, NAMELESS),
    // The suite takes the space for part of the name; no name holds one.
    ("attwithfn2231ws1", b"attachment; filename *=UTF-8''foo-%c3%a4.html", NO, NAMELESS),
    ("attwithfn2231ws2", b"attachment; filename*= UTF-8''foo-%c3%a4.html", YES, saved("foo-\u{e4}.html")),
    ("attwithfn2231ws3", b"attachment; filename* =UTF-8''foo-%c3%a4.html", YES, saved("foo-\u{e4}.html")),
    // Quotes around an extended value leave no doubt about it.
    ("attwithfn2231quot", b"attachment; filename*=\"UTF-8''foo-%c3%a4.html\"", NO, saved("foo-\u{e4}.html")),
    ("attwithfn2231quot2", b"attachment; filename*=\"foo%20bar.html\"", NO, NAMELESS),
    ("attwithfn2231singleqmissing", b"attachment; filename*=UTF-8'foo-%c3%a4.html", NO, NAMELESS),
    ("attwithfn2231nbadpct1", b"attachment; filename*=UTF-8''foo%", NO, NAMELESS),
    ("attwithfn2231nbadpct2", b"attachment; filename*=UTF-8''f%oo.html", NO, NAMELESS),
    ("attwithfn2231dpct", b"attachment; filename*=UTF-8''A-%2541.html", YES, saved("A-%41.html")),
    ("attwithfn2231abspathdisguised", b"attachment; filename*=UTF-8''%5cfoo.html", YES, saved("\\foo.html")),
    // Mail has these. Here they are parameters of no meaning, and `filename*0*` is an extended value.
    ("attfncont", b"attachment; filename*0=\"foo.\"; filename*1=\"html\"", YES, NAMELESS),
    ("attfncontqs", b"attachment; filename*0=\"foo\"; filename*1=\"\\b\\a\\r.html\"", YES, NAMELESS),
    ("attfncontenc", b"attachment; filename*0*=UTF-8''foo-%c3%a4; filename*1=\".html\"", YES, NAMELESS),
    ("attfncontord", b"attachment; filename*1=\"bar\"; filename*0=\"foo\"", YES, NAMELESS),
    ("attfnboth", b"attachment; filename=\"foo-ae.html\"; filename*=UTF-8''foo-%c3%a4.html", YES, saved("foo-\u{e4}.html")),
    ("attfnboth2", b"attachment; filename*=UTF-8''foo-%c3%a4.html; filename=\"foo-ae.html\"", YES, saved("foo-\u{e4}.html")),
    ("attfnboth3", b"attachment; filename*0*=ISO-8859-15''euro-sign%3d%a4; filename*=ISO-8859-1''currency-sign%3d%a4", NO, saved("currency-sign=\u{a4}")),
    ("attnewandfn", b"attachment; foobar=x; filename=\"foo.html\"", YES, saved("foo.html")),
    // Encoded words are of mail too.
    ("attrfc2047token", b"attachment; filename==?ISO-8859-1?Q?foo-=E4.html?=", NO, saved("=?ISO-8859-1?Q?foo-=E4.html?=")),
    ("attrfc2047quoted", b"attachment; filename=\"=?ISO-8859-1?Q?foo-=E4.html?=\"", YES, saved("=?ISO-8859-1?Q?foo-=E4.html?=")),
];

fn message(value: &[u8]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.append(header::CONTENT_DISPOSITION, value).unwrap();
    headers
}

#[test]
fn the_cases_of_the_suite_for_browsers() {
    for (name, value, is_good, expected) in CASES {
        assert_eq!(ContentDisposition::parse(value).is_ok(), *is_good, "{name}");
        let headers = message(value);
        let found = ContentDisposition::from_headers(&headers).unwrap();
        let file_name = found.as_ref().and_then(ContentDisposition::file_name);
        let found = found.as_ref().map(|found| (found.type_(), file_name.as_deref()));
        assert_eq!(found, *expected, "{name}");
    }
}

#[test]
fn hostile_values_are_bounded() {
    let long = |unit: &str| unit.repeat((64 << 10) / unit.len());
    for value in [
        long(";"),
        long("; "),
        long("a;"),
        long("filename="),
        long("filename*="),
        long("filename=;"),
        format!("a; filename*=UTF-8''{}", long("%")),
        format!("a; filename*=UTF-8''{}", long("%41")),
        format!("a; filename={}", long("%")),
        format!("a; filename={}", long(" ")) + ";",
        format!("a; filename=\"{}", long("\\")),
        format!("a{}b", long(" ")),
        long("\""),
        long("a=\"\";"),
        (0..5000).map(|n| format!(";p{n}=q")).collect(),
        (0..5000).map(|n| format!(";p{n}*=UTF-8''%C3%A4")).collect(),
    ] {
        if let Err(error) = ContentDisposition::parse(value.as_bytes()) {
            assert!(error.offset() <= value.len());
        }
        let mut headers = HeaderMap::with_limits(header::Limits::DEFAULT.bytes(usize::MAX));
        headers.append(header::CONTENT_DISPOSITION, value.trim()).unwrap();
        if let Some(found) = ContentDisposition::from_headers(&headers).unwrap() {
            assert!(found.parameters().count() <= ContentDisposition::MAX_PARAMETERS);
            assert!(found.as_str().len() <= 3 * value.len() + 32);
            assert!(found.safe_file_name().is_none_or(|name| name.len() <= 255));
        }
        assert!(safe_file_name(&value).is_none_or(|name| name.len() <= 255));
    }
}

/// The grammar of RFC 6266, byte by byte: the type, the parameters, or what is wrong where.
mod model {
    use super::*;

    pub(super) type Wrong = (FieldErrorKind, usize);
    type Read = (Vec<u8>, Vec<(Vec<u8>, Vec<u8>)>);

    const fn syntax<T>(kind: SyntaxErrorKind, at: usize) -> Result<T, Wrong> {
        Err((FieldErrorKind::Syntax(kind), at))
    }

    fn is_tchar(octet: u8) -> bool {
        octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&octet)
    }

    fn token(input: &[u8], at: &mut usize) -> Vec<u8> {
        let start = *at;
        while *at < input.len() && is_tchar(input[*at]) {
            *at += 1;
        }
        input[start..*at].to_vec()
    }

    fn spaces(input: &[u8], at: &mut usize) {
        while *at < input.len() && matches!(input[*at], b' ' | b'\t') {
            *at += 1;
        }
    }

    /// What stands between quotes, and means itself here.
    fn quoted(input: &[u8], at: &mut usize) -> Result<Vec<u8>, Wrong> {
        let mut value = Vec::new();
        *at += 1;
        loop {
            match input.get(*at) {
                Some(b'"') => break,
                Some(b'\\') => *at += 1,
                _ => {}
            }
            match input.get(*at) {
                None => return syntax(SyntaxErrorKind::UnclosedQuote, *at),
                Some(octet) => value.push(*octet),
            }
            *at += 1;
        }
        *at += 1;
        Ok(value)
    }

    /// `utf-8''` and text; the words hold no other charset that is known, and no language.
    pub(super) fn extended(value: &[u8]) -> Result<String, Wrong> {
        let quotes: Vec<usize> = (0..value.len()).filter(|&at| value[at] == b'\'').collect();
        let [first, second, ..] = quotes[..] else {
            return Err((FieldErrorKind::ExtValue, value.len()));
        };
        match &value[..first] {
            b"utf-8" => {}
            b"" => return Err((FieldErrorKind::ExtValue, 0)),
            _ => return Err((FieldErrorKind::Utf8, 0)),
        }
        let language = &value[first + 1..second];
        if let Some(Err(error)) = (!language.is_empty()).then(|| LanguageTag::parse(language)) {
            return Err((error.kind(), first + 1 + error.offset()));
        }
        let (mut text, mut starts, mut at) = (Vec::new(), Vec::new(), second + 1);
        while at < value.len() {
            starts.push(at);
            match &value[at..] {
                [b'%', a, b, ..] if a.is_ascii_hexdigit() && b.is_ascii_hexdigit() => {
                    let digits = str::from_utf8(&value[at + 1..at + 3]).unwrap();
                    text.push(u8::from_str_radix(digits, 16).unwrap());
                    at += 3;
                }
                [b'%', ..] => return syntax(SyntaxErrorKind::PercentEncoding, at),
                [octet, ..] if is_tchar(*octet) && !b"*'".contains(octet) => {
                    text.push(*octet);
                    at += 1;
                }
                _ => return Err((FieldErrorKind::ExtValue, at)),
            }
        }
        String::from_utf8(text)
            .map_err(|error| (FieldErrorKind::Utf8, starts[error.utf8_error().valid_up_to()]))
    }

    pub(super) fn disposition(input: &[u8]) -> Result<Read, Wrong> {
        let mut at = 0;
        let type_ = token(input, &mut at);
        if type_.is_empty() {
            return syntax(SyntaxErrorKind::ExpectedToken, at);
        }
        let mut parameters: Vec<(Vec<u8>, Vec<u8>)> = Vec::new();
        while at < input.len() {
            let end = at;
            spaces(input, &mut at);
            if input.get(at) != Some(&b';') {
                return syntax(SyntaxErrorKind::ExpectedSemicolon, at.max(end));
            }
            at += 1;
            spaces(input, &mut at);
            let start = at;
            let name = token(input, &mut at);
            if name.is_empty() {
                return syntax(SyntaxErrorKind::ExpectedToken, at);
            }
            spaces(input, &mut at);
            if input.get(at) != Some(&b'=') {
                return syntax(SyntaxErrorKind::ExpectedEquals, at);
            }
            at += 1;
            spaces(input, &mut at);
            let value = if name.ends_with(b"*") {
                let start = at;
                let value = token(input, &mut at);
                extended(&value).map_err(|(kind, at)| (kind, start + at))?;
                value
            } else if input.get(at) == Some(&b'"') {
                quoted(input, &mut at)?
            } else {
                let value = token(input, &mut at);
                if value.is_empty() {
                    return syntax(SyntaxErrorKind::ExpectedToken, at);
                }
                value
            };
            if parameters.iter().any(|(known, _)| known.eq_ignore_ascii_case(&name)) {
                return Err((FieldErrorKind::DuplicateParameter, start));
            }
            parameters.push((name, value));
        }
        Ok((type_, parameters))
    }
}

/// Every word of up to so many of the pieces, behind each of the starts.
fn every_word(starts: &[&str], pieces: &[&str], most: usize, check: &mut dyn FnMut(&str)) {
    fn grow(word: &mut String, pieces: &[&str], most: usize, check: &mut dyn FnMut(&str)) {
        check(word);
        if most > 0 {
            for piece in pieces {
                let len = word.len();
                word.push_str(piece);
                grow(word, pieces, most - 1, check);
                word.truncate(len);
            }
        }
    }
    for start in starts {
        grow(&mut (*start).to_owned(), pieces, most, check);
    }
}

#[test]
fn the_grammar_is_that_of_the_model() {
    let starts = ["", "x;a=b", "x;a=", "x;a*=utf-8'"];
    let pieces = ["a", "A*", ";", "=", "\"", "\\", " ", "utf-8'", "'", "%41", "%"];
    every_word(&starts, &pieces, 4, &mut |word| {
        let found = ContentDisposition::parse(word.as_bytes());
        let found = match &found {
            Ok(found) => {
                let pairs = found.parameters().map(|(name, value)| {
                    (name.as_bytes().to_vec(), value.into_owned().into_bytes())
                });
                Ok((found.type_().as_bytes().to_vec(), pairs.collect()))
            }
            Err(error) => Err((error.kind(), error.offset())),
        };
        assert_eq!(found, model::disposition(word.as_bytes()), "{word:?}");
    });
}

#[test]
fn extended_values_are_those_of_the_model() {
    let pieces = ["utf-8", "a", "'", "%", "%41", "%C3", "%a4", "*", " ", "-"];
    every_word(&["", "utf-8''"], &pieces, 5, &mut |word| {
        let found = ExtValue::parse(word.as_bytes()).map(|found| found.text().to_owned());
        let found = found.map_err(|error| (error.kind(), error.offset()));
        assert_eq!(found, model::extended(word.as_bytes()), "{word:?}");
    });
}

/// Bytes that often are a disposition, or nearly one.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            "; filename=\"a b\"", ";filename=a b", "; filename*=UTF-8''%E2%82%AC", ";filename*=a", "; x=y",
            "; filename=\"", "attachment", ";", "=", "\"", "\\", " ", "filename", "*", "%41", "'", "\u{e9}",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|octet| vec![octet]),
    ];
    let start = prop::sample::select(vec!["", "inline", "attachment", "x"]);
    (start, prop::collection::vec(piece, 0..8))
        .prop_map(|(start, pieces)| [start.as_bytes(), &pieces.concat()].concat())
}

/// Names with all that is dangerous in them.
fn names() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        4 => prop::sample::select(vec![
            "a", ".", "..", "/", "\\", " ", "-", "~", "con", "LPT1", "\u{b9}", "COM", "nul", ".txt", "%41", "\"", ":",
            "\0", "\n", "\u{85}", "\u{200b}", "\u{200c}", "\u{200d}", "\u{202e}", "\u{feff}", "\u{3000}", "\u{e9}", "年",
            "\u{1f468}", "$",
        ]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => (prop::sample::select(vec!["a", "\u{e9}", "年", ".", " ", "\u{200d}"]), 1..260_usize)
            .prop_map(|(text, count)| text.repeat(count)),
    ];
    prop::collection::vec(piece, 0..10).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn any_text_is_a_name_that_is_read_back(name in prop_oneof![names(), any::<String>()]) {
        let written = ContentDisposition::attachment(&name);
        let back = written.file_name();
        prop_assert_eq!(back.as_deref(), Some(&*name));
        prop_assert!(written.as_str().bytes().all(|octet| (b' '..=b'~').contains(&octet)));
        let again = ContentDisposition::parse(written.as_str().as_bytes())?;
        prop_assert_eq!(again.as_str(), written.as_str());
        let headers = message(written.as_str().as_bytes());
        prop_assert_eq!(ContentDisposition::from_headers(&headers), Ok(Some(written.clone())));

        let fallback = written.parameter("filename").unwrap();
        prop_assert!(!fallback.contains(['"', '\\']));
        let decoded = percent_decode_lossy(fallback.as_bytes());
        prop_assert_eq!(decoded.as_ref(), fallback.as_bytes());
        prop_assert_eq!(fallback.chars().count(), name.chars().count());
    }

    #[test]
    fn any_text_is_an_extended_value_that_is_read_back(text in any::<String>()) {
        let value = ExtValue::new(&*text).with_language(LanguageTag::parse(b"de-CH")?);
        let written = value.to_string();
        prop_assert_eq!(ExtValue::parse(written.as_bytes()), Ok(value));
    }

    #[test]
    fn a_name_takes_the_place_of_another(value in nearly(), name in names()) {
        let Ok(start) = ContentDisposition::parse(&value) else { return Ok(()) };
        let found = start.with_file_name(&name);
        let back = found.file_name();
        prop_assert_eq!(back.as_deref(), Some(&*name));
        prop_assert_eq!(found.type_(), start.type_());
        let others = |it: &ContentDisposition<'_>| -> Vec<(String, String)> {
            let is_other =
                |name: &str| !["filename", "filename*"].contains(&&*name.to_ascii_lowercase());
            let others = it.parameters().filter(|(name, _)| is_other(name));
            others.map(|(name, value)| (name.to_owned(), value.into_owned())).collect()
        };
        prop_assert_eq!(others(&found), others(&start));
        prop_assert_eq!(ContentDisposition::parse(found.as_str().as_bytes()), Ok(found.clone()));
    }

    #[test]
    fn what_a_recipient_makes_of_it_is_well_formed(value in nearly()) {
        let mut headers = HeaderMap::new();
        if headers.append(header::CONTENT_DISPOSITION, &value).is_err() {
            return Ok(());
        }
        let line = headers.get(header::CONTENT_DISPOSITION).unwrap();
        let found = ContentDisposition::from_headers(&headers)?;
        match (ContentDisposition::parse(line), found) {
            (Ok(strict), found) => {
                prop_assert_eq!(found.as_ref().map(ContentDisposition::as_str), Some(strict.as_str()));
            }
            (Err(error), Some(found)) => {
                prop_assert!(error.offset() <= line.len());
                prop_assert_eq!(&ContentDisposition::parse(found.as_str().as_bytes())?, &found);
                let again = message(found.as_str().as_bytes());
                prop_assert_eq!(ContentDisposition::from_headers(&again), Ok(Some(found.clone())));
            }
            (Err(error), None) => prop_assert!(error.offset() <= line.len()),
        }
    }

    #[test]
    fn a_safe_name_is_one(name in prop_oneof![names(), any::<String>()]) {
        let Some(safe) = safe_file_name(&name) else { return Ok(()) };
        prop_assert!(!safe.is_empty() && safe.len() <= 255);
        prop_assert!(!safe.contains(|c: char| c.is_control() || "/\\<>:\"|?*".contains(c)));
        let unseen = ['\u{202e}', '\u{2066}', '\u{200b}', '\u{feff}'];
        prop_assert!(!safe.contains(unseen));
        prop_assert!(!safe.starts_with(['.', '-', '~']) && !safe.starts_with(char::is_whitespace));
        prop_assert!(!safe.ends_with('.') && !safe.ends_with(char::is_whitespace));
        let path = std::path::Path::new(&*safe);
        prop_assert_eq!(path.file_name(), Some(path.as_os_str()));
        prop_assert_eq!(path.components().count(), 1);
        let again = safe_file_name(&safe);
        prop_assert_eq!(again.as_deref(), Some(&*safe));
    }

    #[test]
    fn ordinary_names_stay(name in r"[\p{L}\p{Nd}]{4}[\p{L}\p{Nd} ._()\[\]&+,;=!#$%@'-]{0,20}[\p{L}\p{Nd}]") {
        // The fillers of Korean are letters that do not show, and `COM1 .a` is a device.
        prop_assume!(!name.contains(['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}']));
        let start: String = name.chars().take(3).collect();
        prop_assume!(!["com", "lpt"].contains(&&*start.to_ascii_lowercase()));
        let safe = safe_file_name(&name);
        prop_assert_eq!(safe.as_deref(), Some(&*name));
    }
}
