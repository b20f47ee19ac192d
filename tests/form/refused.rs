//! What is understood of small forms, and where what is wrong with them is found: tables by the sections of
//! RFC 2046 and RFC 7578.

use super::kit::{FIRST, agreed, form, gives, refuses, refuses_at};
use super::{FieldErrorKind, FormErrorKind as Kind, MultipartLimits, SyntaxErrorKind};

const HEAD: &str = "Content-Disposition: form-data; name=a\r\n\r\n";

#[test]
fn a_form_may_have_no_parts() {
    for form in ["--b--", "--b--\r\n", "--b-- \t\r\nbehind", "before\r\n--b--", "\r\n--b--"] {
        gives("b", form.as_bytes(), &[]);
    }
}

#[test]
fn what_stands_around_the_parts_is_no_part() {
    let part = format!("--b \t \r\n{HEAD}x\r\n--b--");
    let before = ["", "\r\n", "before\r\n", "--\r\n", "--a\r\n", "-\r\n\r\n", "x--b\r\n\n--b\r\n"];
    for before in before {
        for behind in ["", " ", "\r", "\r\n", "\t\r\n--b\r\n", "\r\n--b--\r\n", "\r\n\0"] {
            let form = format!("{before}{part}{behind}");
            gives("b", form.as_bytes(), &[("a", b"x")]);
        }
    }
}

#[test]
fn content_is_every_byte_between_the_delimiters() {
    let tails =
        ["", "\r", "\n", "\r\n", "\r\r", "\r\n\r", "\r\n-", "\r\n--", "\r\n--c", "\r\n-b", "--b"];
    for tail in tails {
        for head in ["", "x", "\r\n", "-", "--", "-b", "\n--b", "\r--b", "\r\r\n-"] {
            let content = format!("{head}{tail}");
            if format!("\r\n{content}").contains("\r\n--b") {
                continue;
            }
            let parts = [("a", content.as_bytes()), ("b", content.as_bytes())];
            gives("b", &form("b", &parts), &parts);
        }
    }
}

/// RFC 2046 §5.1.1: a delimiter stands at the start of a line, and a header ends with one.
#[test]
fn a_delimiter_may_follow_the_header_at_once() {
    let form = format!("--b\r\n{HEAD}--b\r\n{HEAD}\r\n--b--");
    gives("b", form.as_bytes(), &[("a", b""), ("a", b"")]);
}

#[test]
fn a_form_ends_with_its_delimiter() {
    let whole = form("b", &[("first", b"1"), ("a", b"\r\n--c")]);
    let first = whole.windows(3).position(|three| three == b"--b").unwrap() + 3;
    let last = whole.len() - 2;
    for len in 0..last {
        let form = agreed("b", &whole[..len], &MultipartLimits::DEFAULT);
        let kind = if len < first { Kind::MissingBoundary } else { Kind::Truncated };
        assert_eq!(form.end, Err((kind, len as u64)));
    }
    for len in last..=whole.len() {
        gives("b", &whole[..len], &[("first", b"1"), ("a", b"\r\n--c")]);
    }
}

/// RFC 2046 §5.1.1.
#[test]
fn refuses_what_is_behind_a_delimiter() {
    for (marked, octet) in [
        ("--b¦\n", b'\n'),
        ("--b ¦\n", b'\n'),
        ("--b¦c\r\n", b'c'),
        ("--b¦b\r\n", b'b'),
        ("--b\t¦x\r\n", b'x'),
        ("--b ¦--\r\n", b'-'),
        ("--b-¦\r\n", b'\r'),
        ("--b-¦ -\r\n", b' '),
        ("--b\r¦\r\n", b'\r'),
        ("--b\r¦ \n", b' '),
        ("--b¦\x0b\r\n", 0x0b),
        ("--b¦\0\r\n", 0),
        ("--b--¦\n", b'\n'),
        ("--b--¦-\r\n", b'-'),
        ("--b-- ¦x\r\n", b'x'),
        ("--b--\r¦x", b'x'),
        ("--b--\r¦\r\n", b'\r'),
    ] {
        refuses(marked, Kind::DelimiterEnd(octet));
    }
}

/// RFC 9112 §5: of all that it leaves to recipients, nothing.
#[test]
fn refuses_fields_that_are_none() {
    for (line, octet) in [
        ("¦ X: y\r\n", b' '),
        ("¦\tX: y\r\n", b'\t'),
        ("¦: y\r\n", b':'),
        ("X¦ : y\r\n", b' '),
        ("X¦\r\n", b'\r'),
        ("X¦\n", b'\n'),
        ("¦\n", b'\n'),
        ("¦\r\r\n", b'\r'),
        ("X: y\r\n¦ folded\r\n", b' '),
        ("¦(X): y\r\n", b'('),
        ("X¦\0: y\r\n", 0),
        ("¦ü: y\r\n", 0xc3),
    ] {
        refuses(&format!("--b\r\n{line}{HEAD}"), Kind::FieldName(octet));
    }
    for (line, octet) in [
        ("X: y¦\n", b'\n'),
        ("X: y¦\r\r\n", b'\r'),
        ("X: y¦\rz\r\n", b'\r'),
        ("X:¦\0\r\n", 0),
        ("X: y¦\0z\r\n", 0),
        ("X: y¦\x1b[0m\r\n", 0x1b),
        ("X: ¦\x7f\r\n", 0x7f),
        ("Content-Disposition: form-data; name=\"a¦\0.txt\"\r\n", 0),
        ("Content-Disposition: form-data; name=\"a\"; filename=\"a¦\0.txt\"\r\n", 0),
        ("Content-Disposition: form-data; name=\"a¦\n\"\r\n", b'\n'),
    ] {
        refuses(&format!("--b\r\n{line}{HEAD}"), Kind::FieldValue(octet));
    }
}

/// RFC 7578 §4.2.
#[test]
fn refuses_parts_without_a_name() {
    refuses("--b\r\n¦\r\nx\r\n--b--", Kind::Disposition);
    refuses("--b\r\nContent-Type: text/plain\r\n¦\r\nx\r\n--b--", Kind::Disposition);
    let disposition = "Content-Disposition: form-data; name=a\r\n";
    refuses(&format!("--b\r\n{disposition}¦{disposition}\r\n"), Kind::Disposition);
    for value in
        ["¦", "¦attachment; name=a", "¦form-data2; name=a", "¦\"form-data\"; name=a", "¦; name=a"]
    {
        refuses(&format!("--b\r\nContent-Disposition: {value}\r\n\r\n"), Kind::DispositionType);
    }
}

#[test]
fn refuses_dispositions_that_are_malformed() {
    use FieldErrorKind as Field;
    use SyntaxErrorKind as Syntax;
    for (value, kind) in [
        ("form-data¦", Field::MissingParameter("name")),
        ("form-data; filename=a¦", Field::MissingParameter("name")),
        ("form-data; nam*=UTF-8''a¦", Field::MissingParameter("name")),
        ("form-data ¦name=a", Field::Syntax(Syntax::ExpectedSemicolon)),
        ("form-data¦, name=a", Field::Syntax(Syntax::ExpectedSemicolon)),
        ("form-data¦/x; name=a", Field::Syntax(Syntax::ExpectedSemicolon)),
        ("form-data; name=\"a\"¦b", Field::Syntax(Syntax::ExpectedSemicolon)),
        ("form-data; name=\"a\" ¦filename=b", Field::Syntax(Syntax::ExpectedSemicolon)),
        ("form-data; ¦=a", Field::Syntax(Syntax::ExpectedToken)),
        ("form-data; name=¦", Field::Syntax(Syntax::ExpectedToken)),
        ("form-data; name=¦; filename=a", Field::Syntax(Syntax::ExpectedToken)),
        ("form-data; name=¦ä", Field::Syntax(Syntax::ExpectedToken)),
        ("form-data; name¦", Field::Syntax(Syntax::ExpectedEquals)),
        ("form-data; name¦ =a", Field::Syntax(Syntax::ExpectedEquals)),
        ("form-data; name=\"a¦", Field::Syntax(Syntax::UnclosedQuote)),
        ("form-data; name=\"a\\\"¦", Field::Syntax(Syntax::UnclosedQuote)),
        ("form-data; name=a; name=¦a", Field::DuplicateParameter),
        ("form-data; name=a; NAME=\"¦b\"", Field::DuplicateParameter),
        ("form-data; name=a; filename=b; filename=¦c", Field::DuplicateParameter),
        ("form-data; name=a; filename*=b; filename*=¦c", Field::DuplicateParameter),
        ("form-data; name=a; filename*=¦UTF-8''b", Field::Parameter("filename*")),
        ("form-data; name=a; filename=b; FileName*0=¦c", Field::Parameter("filename*")),
        ("form-data; name=a; filename*0*=¦UTF-8''b", Field::Parameter("filename*")),
        ("form-data; name=a; filename*1=\"¦b\"", Field::Parameter("filename*")),
        ("form-data; name*=¦UTF-8''a", Field::Parameter("name*")),
        ("form-data; name=a; NAME*=¦UTF-8''b", Field::Parameter("name*")),
        ("form-data; name*=\"¦b\"; name=a", Field::Parameter("name*")),
        ("form-data; name=a; name*0=¦b", Field::Parameter("name*")),
    ] {
        let form = format!("--b\r\nContent-Disposition: {value}\r\n\r\nx\r\n--b--");
        refuses(&form, Kind::DispositionSyntax(kind));
    }
}

/// What a browser writes, what RFC 2183 says, and what old programs send.
#[test]
fn names_are_understood() {
    for (value, name, file_name) in [
        ("form-data; name=a", "a", None),
        ("FORM-DATA;NAME=a", "a", None),
        ("form-data ; ;\tname=\"a\" ;; ", "a", None),
        ("form-data; name=\"\"", "", None),
        ("form-data; name=\"a;b=c\"", "a;b=c", None),
        ("form-data; name=\"größe\"; filename=\"多.txt\"", "größe", Some("多.txt")),
        ("form-data; name=a; filename=\"\"", "a", Some("")),
        ("form-data; name=a; filename=b; size=1", "a", Some("b")),
        ("form-data; filename=b; name=a", "a", Some("b")),
        ("form-data; name=a; filename=b; filename*=UTF-8''c", "a", Some("b")),
        ("form-data; name=a; filename*=UTF-8''c; filename=b", "a", Some("b")),
        ("form-data; name=a; names*=UTF-8''b; *name*=c", "a", None),
        ("form-data; name=\"%22%0d%0A%0D%0a\"", "\"\r\n\r\n", None),
        ("form-data; name=\"%2\"", "%2", None),
        ("form-data; name=\"%%22%41%2522%00\"", "%\"%41%2522%00", None),
        ("form-data; name=%22", "%22", None),
        ("form-data; name=\"a\\\"b\\\\c\\d\\\\\"", "a\"b\\c\\d\\", None),
        ("form-data; name=a; filename=\"C:\\a\\b.txt\"", "a", Some("C:\\a\\b.txt")),
        ("form-data; name=a; filename=\"/etc/passwd\"", "a", Some("/etc/passwd")),
        ("form-data; name=a; filename=\"...\"", "a", Some("...")),
        ("form-data; name=a; filename=\"a..b/..c/d..\"", "a", Some("a..b/..c/d..")),
        ("form-data; name=\"../a\"", "../a", None),
    ] {
        let form = format!("--b\r\nContent-Disposition: {value}\r\n\r\n\r\n--b--");
        let form = agreed("b", form.as_bytes(), &MultipartLimits::DEFAULT);
        assert_eq!(form.end, Ok(()), "{value}");
        let [part] = form.parts.as_slice() else { panic!("{value}") };
        assert_eq!((&*part.name, part.file_name.as_deref()), (name, file_name));
    }
}

#[test]
fn refuses_names_that_lead_elsewhere() {
    for name in [
        "¦../../etc/passwd",
        "¦..",
        "¦a/..",
        "¦a/../b",
        "¦..\\\\a",
        "¦a\\..\\b",
        "¦/..",
        "¦a\\\\..",
        "¦..\\a/b",
    ] {
        let value = format!("form-data; name=a; filename=\"{name}\"");
        refuses(&format!("--b\r\nContent-Disposition: {value}\r\n\r\n"), Kind::FileName);
    }
    refuses("--b\r\nContent-Disposition: form-data; filename=¦..\r\n\r\n", Kind::FileName);
}

#[test]
fn refuses_names_that_are_no_text() {
    for (before, behind) in [
        (&b"form-data; name=\""[..], &b"\xff\""[..]),
        (b"form-data; name=\"a", b"\xc3\""),
        (b"form-data; name=a; filename=\"%22\xc3\xa4\\\\", b"\xe4.txt\""),
        (b"form-data; name=\"", b"\xed\xa0\x80\""),
        (b"form-data; name=\"", b"\xc0\xaf\""),
    ] {
        let before = [FIRST.as_bytes(), b"--b\r\nContent-Disposition: ", before].concat();
        refuses_at(&[&before, behind, b"\r\n\r\n"].concat(), Kind::Utf8, before.len());
    }
}

/// RFC 7578 §4.4 and §4.7.
#[test]
fn refuses_contents_that_are_not_what_they_seem() {
    let part = |fields: &str| format!("--b\r\n{fields}\r\n{HEAD}");
    for (fields, kind) in [
        ("Content-Type: text¦", FieldErrorKind::Slash),
        ("Content-Type: text/plain\r\nContent-Type: ¦text/plain", FieldErrorKind::Single),
    ] {
        refuses(&part(fields), Kind::PartContentType(kind));
    }
    for encoding in ["¦base64", "¦quoted-printable", "¦x", "¦", "¦8bit, binary"] {
        refuses(&part(&format!("content-transfer-encoding: {encoding}")), Kind::TransferEncoding);
    }
    for encoding in ["7bit", "8BIT", "Binary"] {
        let form = part(&format!("Content-Transfer-Encoding: {encoding}")) + "x\r\n--b--";
        gives("b", form.as_bytes(), &[("a", b"x")]);
    }
}
