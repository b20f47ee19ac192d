//! Where messages end, and what a server refuses before it acts on a request: the rules of RFC 9112 §6.3
//! as tables, each error with its place.

use nethttp::Method;
use nethttp::h1::{
    CheckedRequest, Config, Framing, Leniency, MessageFraming, Parse, ParseError,
    ParseErrorKind as Kind, check_request, parse_request, parse_response, request_framing,
    response_framing,
};
use nethttp::header::FieldSpan;

const SERVER: Config = Config::SERVER;
const CLIENT: Config = Config::CLIENT;

#[track_caller]
fn check(head: &str, config: &Config) -> Result<CheckedRequest, ParseError> {
    let mut slots = [FieldSpan::EMPTY; 16];
    let parsed = parse_request(head.as_bytes(), &mut slots, config).expect("a head");
    let Parse::Complete(head) = parsed else { panic!("{head:?} is not complete") };
    let checked = check_request(&head, config);
    if let Ok(checked) = &checked {
        assert_eq!(Ok(checked.framing()), request_framing(&head, config));
    }
    checked
}

/// A POST with some fields behind its Host, which end at byte 27.
#[track_caller]
fn post(fields: &str, config: &Config) -> Result<CheckedRequest, ParseError> {
    check(&format!("POST / HTTP/1.1\r\nHost: a\r\n{fields}\r\n"), config)
}

#[track_caller]
fn framed(fields: &str, framing: Framing) {
    let checked = post(fields, &SERVER).unwrap_or_else(|error| panic!("{fields:?}: {error}"));
    assert_eq!(checked.framing().framing(), framing, "{fields:?}");
}

#[track_caller]
fn refused(fields: &str, config: &Config, kind: Kind, offset: u64, status: u16) {
    let error = post(fields, config).expect_err(fields);
    let found = (error.kind(), error.offset() - 26, error.status().as_u16());
    assert_eq!(found, (kind, offset, status), "{fields:?}");
}

#[track_caller]
fn answer(method: Method, head: &str, config: &Config) -> Result<MessageFraming, ParseError> {
    let mut slots = [FieldSpan::EMPTY; 16];
    let parsed = parse_response(head.as_bytes(), &mut slots, config).expect("a head");
    let Parse::Complete(head) = parsed else { panic!("{head:?} is not complete") };
    response_framing(method, &head, config)
}

#[test]
fn requests_are_framed_by_what_they_say() {
    framed("", Framing::None);
    framed("Content-Length: 0\r\n", Framing::None);
    framed("Content-Length: 5\r\n", Framing::Length(5));
    framed("content-LENGTH:\t005\t\r\n", Framing::Length(5));
    framed("Content-Length: 18446744073709551615\r\n", Framing::Length(u64::MAX));
    framed("Transfer-Encoding: chunked\r\n", Framing::Chunked);
    framed("transfer-ENCODING:CHUNKED \t\r\n", Framing::Chunked);
    framed("Content-Lengths: 5\r\nX-Content-Length: 5\r\n", Framing::None);
}

#[test]
fn lengths_that_are_no_number_are_refused() {
    for value in [
        "",
        "+5",
        "-5",
        "0x5",
        "5f",
        "5.0",
        "5e0",
        "0_5",
        "\"5\"",
        "5 5",
        "5Z",
        "\u{a0}5",
        "\u{665}",
        "5,",
        ",5",
        "5, 6",
        "5,,5",
        "18446744073709551616",
        "18446744073709551621",
    ] {
        let offset = 16 + u64::from(!value.is_empty());
        let field = format!("Content-Length: {value}\r\n");
        let error = post(&field, &SERVER).expect_err(value);
        assert_eq!(
            (error.kind(), error.status().as_u16()),
            (Kind::ContentLength, 400),
            "{value:?}"
        );
        assert!((15 + 26..=offset + 26).contains(&error.offset()), "{value:?}: {error}");
        let lenient = SERVER.leniency(Leniency::STRICT.duplicate_equal_length(true));
        assert_eq!(post(&field, &lenient), Err(error), "{value:?}");
    }
    let different = "Content-Length: 5\r\nContent-Length: 6\r\n";
    refused(different, &SERVER, Kind::ContentLength, 35, 400);
    refused("Content-Length:\r\nContent-Length: 5\r\n", &SERVER, Kind::ContentLength, 15, 400);
}

#[test]
fn equal_lengths_are_one_where_they_may_be() {
    let lenient = SERVER.leniency(Leniency::STRICT.duplicate_equal_length(true));
    for (fields, offset) in [
        ("Content-Length: 5, 5\r\n", 16),
        ("Content-Length: 5\r\nContent-Length: 5\r\n", 35),
        ("Content-Length: 5\r\nContent-Length: 005\r\n", 35),
    ] {
        refused(fields, &SERVER, Kind::ContentLengthRepeated, offset, 400);
        let framing = post(fields, &lenient).unwrap().framing().framing();
        assert_eq!(framing, Framing::Length(5), "{fields:?}");
    }
}

#[test]
fn codings_that_leave_doubt_are_refused() {
    for (value, kind, status) in [
        ("", Kind::TransferEncoding, 400),
        ("identity", Kind::TransferEncoding, 400),
        ("gzip", Kind::TransferEncoding, 400),
        ("xchunked", Kind::TransferEncoding, 400),
        ("chunked,", Kind::TransferEncoding, 400),
        (",chunked", Kind::TransferEncoding, 400),
        ("chunked, chunked", Kind::TransferEncoding, 400),
        ("chunked, gzip", Kind::TransferEncoding, 400),
        ("chunked;a=b", Kind::TransferEncoding, 400),
        ("\"chunked\"", Kind::TransferEncoding, 400),
        ("chunk ed", Kind::TransferEncoding, 400),
        ("\u{a0}chunked", Kind::TransferEncoding, 400),
        ("gzip, chunked", Kind::TransferCodingUnknown, 501),
        ("gzip\r\nTransfer-Encoding: chunked", Kind::TransferCodingUnknown, 501),
    ] {
        let error = post(&format!("Transfer-Encoding: {value}\r\n"), &SERVER).expect_err(value);
        assert_eq!((error.kind(), error.status().as_u16()), (kind, status), "{value:?}");
    }
    let twice = "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n";
    refused(twice, &SERVER, Kind::TransferEncoding, 47, 400);
}

#[test]
fn length_and_coding_do_not_go_together() {
    let length = "Content-Length: 5\r\n";
    let coding = "Transfer-Encoding: chunked\r\n";
    refused(&format!("{length}{coding}"), &SERVER, Kind::LengthAndCoding, 38, 400);
    refused(&format!("{coding}{length}"), &SERVER, Kind::LengthAndCoding, 19, 400);
    refused(&format!("{coding}Content-Length: x\r\n"), &SERVER, Kind::LengthAndCoding, 19, 400);
    refused(&format!("{coding}Content-Length: 0\r\n"), &SERVER, Kind::LengthAndCoding, 19, 400);
    let gzip = "Transfer-Encoding: gzip, chunked\r\n";
    refused(&format!("{gzip}{length}"), &SERVER, Kind::LengthAndCoding, 19, 400);
}

#[test]
fn transfer_encoding_needs_http_1_1() {
    for connection in ["", "Connection: keep-alive\r\n"] {
        let head = format!("POST / HTTP/1.0\r\n{connection}Transfer-Encoding: chunked\r\n\r\n");
        let error = check(&head, &SERVER).unwrap_err();
        assert_eq!(error.kind(), Kind::TransferEncodingVersion);
    }
    let head = "POST / HTTP/1.2\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n";
    assert_eq!(check(head, &SERVER).unwrap().framing().framing(), Framing::Chunked);
}

#[test]
fn hosts_are_checked() {
    for host in ["", "a", "a:", "a:80", "A.example", "[::1]", "[::1]:8080", "1.2.3.4", "a_b", "%41"]
    {
        let head = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
        assert!(check(&head, &SERVER).is_ok(), "{host:?}");
    }
    for (host, offset) in [
        ("a b", 1),
        ("a/b", 1),
        ("u@a", 1),
        ("a, b", 1),
        ("a:x", 2),
        ("a:9x", 3),
        ("[::1", 0),
        ("%4", 0),
    ] {
        let head = format!("GET / HTTP/1.1\r\nHost: {host}\r\n\r\n");
        let error = check(&head, &SERVER).expect_err(host);
        assert_eq!((error.kind(), error.status().as_u16()), (Kind::Host, 400), "{host:?}");
        assert!(error.offset() >= 22 + offset, "{host:?}: {error}");
    }
    let missing = check("GET / HTTP/1.1\r\n\r\n", &SERVER).unwrap_err();
    assert_eq!((missing.kind(), missing.offset()), (Kind::HostMissing, 18));
    assert!(check("GET / HTTP/1.0\r\n\r\n", &SERVER).is_ok());
    for version in ["1.0", "1.1"] {
        let head = format!("GET / HTTP/{version}\r\nHost: a\r\nHost: a\r\nHost: a\r\n\r\n");
        let repeated = check(&head, &SERVER).unwrap_err();
        assert_eq!((repeated.kind(), repeated.offset()), (Kind::HostRepeated, 31));
    }
}

#[test]
fn targets_go_with_their_methods() {
    for (line, good) in [
        ("GET /", true),
        ("GET /a?b", true),
        ("GET http://b/", true),
        ("OPTIONS *", true),
        ("CONNECT b:443", true),
        ("GET *", false),
        ("GET b", false),
        ("GET b:443", false),
        ("GET /%zz", false),
        ("GET http://u@b/", false),
        ("CONNECT /", false),
        ("CONNECT b", false),
        ("CONNECT b:", false),
        ("CONNECT http://b/", false),
    ] {
        let found = check(&format!("{line} HTTP/1.1\r\nHost: a\r\n\r\n"), &SERVER);
        match found {
            Ok(_) => assert!(good, "{line}"),
            Err(error) => {
                assert!(!good, "{line}: {error}");
                assert_eq!(error.kind(), Kind::Target, "{line}");
                let target = line.find(' ').unwrap() + 1..=line.len();
                assert!(
                    target.contains(&usize::try_from(error.offset()).unwrap()),
                    "{line}: {error}"
                );
            }
        }
    }
}

#[test]
fn only_one_expectation_is_known() {
    let length = "Content-Length: 5\r\n";
    for (value, expected) in [
        ("100-continue", true),
        ("100-CONTINUE", true),
        ("100-continue, 100-continue", true),
        ("", false),
        (",", false),
    ] {
        let fields = format!("Expect: {value}\r\n{length}");
        assert_eq!(post(&fields, &SERVER).unwrap().expects_continue(), expected, "{value:?}");
    }
    let twice = format!("Expect: 100-continue\r\nExpect:\r\n{length}");
    assert!(post(&twice, &SERVER).unwrap().expects_continue());
    for value in ["foo", "100-continue=x", "100-continue, foo", "foo, 100-continue", "100"] {
        refused(&format!("Expect: {value}\r\n{length}"), &SERVER, Kind::Expectation, 8, 417);
    }
    let after = format!("Expect: foo\r\nExpect: 100-continue\r\n{length}");
    refused(&after, &SERVER, Kind::Expectation, 8, 417);
    // Without a body there is nothing to wait for, and HTTP/1.0 does not know it.
    assert!(!post("Expect: 100-continue\r\n", &SERVER).unwrap().expects_continue());
    for value in ["100-continue", "foo"] {
        let old = format!("POST / HTTP/1.0\r\nExpect: {value}\r\n{length}\r\n");
        assert!(!check(&old, &SERVER).unwrap().expects_continue());
    }
}

#[test]
fn connections_go_on_as_both_versions_say() {
    for (version, connection, keep_alive) in [
        ("1.1", "", true),
        ("1.1", "Connection: close\r\n", false),
        ("1.1", "Connection: keep-alive, CLOSE\r\n", false),
        ("1.1", "Connection: close\r\nConnection: keep-alive\r\n", false),
        ("1.1", "Connection: keep-alive\r\nConnection: ,close\r\n", false),
        ("1.1", "Connection: xclose\r\n", true),
        ("1.1", "Connection: close x\r\n", true),
        ("1.1", "Connection: \"x, close\r\n", false),
        ("1.0", "", false),
        ("1.0", "Connection: Keep-Alive\r\n", true),
        ("1.0", "Connection: keep-alive\r\nConnection: foo\r\n", true),
        ("1.0", "Connection: keep-alive, close\r\n", false),
        ("1.2", "", true),
    ] {
        let head = format!("GET / HTTP/{version}\r\nHost: a\r\n{connection}\r\n");
        let found = check(&head, &SERVER).unwrap().framing().keep_alive();
        assert_eq!(found, keep_alive, "{head:?}");
        let head = format!("HTTP/{version} 200 OK\r\nContent-Length: 0\r\n{connection}\r\n");
        let found = answer(Method::GET, &head, &CLIENT).unwrap().keep_alive();
        assert_eq!(found, keep_alive, "{head:?}");
    }
}

#[test]
fn an_upgrade_needs_its_option_and_http_1_1() {
    for (version, fields, upgrade) in [
        ("1.1", "Connection: Upgrade\r\nUpgrade: websocket\r\n", true),
        ("1.1", "Upgrade: websocket\r\nConnection: keep-alive, upgrade\r\n", true),
        ("1.1", "Upgrade: websocket\r\n", false),
        ("1.1", "Connection: upgrade\r\n", false),
        ("1.0", "Connection: upgrade\r\nUpgrade: websocket\r\n", false),
    ] {
        let head = format!("GET / HTTP/{version}\r\nHost: a\r\n{fields}\r\n");
        assert_eq!(check(&head, &SERVER).unwrap().framing().has_upgrade(), upgrade, "{head:?}");
    }
}

#[test]
fn responses_are_framed_by_request_status_and_fields() {
    const LENGTH: &str = "Content-Length: 5\r\n";
    const CHUNKED: &str = "Transfer-Encoding: chunked\r\n";
    let both: &str = &format!("{LENGTH}{CHUNKED}");
    let (get, head, connect) = (Method::GET, Method::HEAD, Method::CONNECT);
    // Method, version, status, fields; framing, goes on, undecodable.
    for (method, version, status, fields, framing, keep_alive, undecodable) in [
        (get, 1, 200, LENGTH, Framing::Length(5), true, false),
        (get, 1, 200, "Content-Length: 0\r\n", Framing::None, true, false),
        (get, 1, 200, "Content-Length: 5, 5\r\n", Framing::Length(5), true, false),
        (get, 1, 200, CHUNKED, Framing::Chunked, true, false),
        (get, 1, 200, both, Framing::Chunked, false, false),
        (get, 1, 200, "", Framing::UntilClose, false, false),
        (get, 0, 200, "Connection: keep-alive\r\n", Framing::UntilClose, false, false),
        (get, 0, 200, CHUNKED, Framing::UntilClose, false, true),
        (get, 1, 200, "Transfer-Encoding: gzip, chunked\r\n", Framing::Chunked, false, true),
        (get, 1, 200, "Transfer-Encoding: gzip\r\n", Framing::UntilClose, false, true),
        (get, 1, 200, "Transfer-Encoding: chunked, gzip\r\n", Framing::UntilClose, false, true),
        (get, 1, 200, "Transfer-Encoding:\r\n", Framing::UntilClose, false, true),
        (get, 1, 204, both, Framing::None, true, false),
        (get, 1, 304, LENGTH, Framing::None, true, false),
        (get, 1, 205, LENGTH, Framing::Length(5), true, false),
        (get, 1, 100, LENGTH, Framing::None, true, false),
        (get, 1, 101, LENGTH, Framing::Tunnel, false, false),
        (get, 1, 999, "", Framing::UntilClose, false, false),
        (head, 1, 200, LENGTH, Framing::None, true, false),
        (head, 1, 200, CHUNKED, Framing::None, true, false),
        (head, 1, 200, "", Framing::None, true, false),
        (head, 0, 200, "", Framing::None, false, false),
        (head, 1, 200, "Content-Length: x\r\n", Framing::None, true, false),
        (connect, 1, 200, both, Framing::Tunnel, false, false),
        (connect, 1, 299, "", Framing::Tunnel, false, false),
        (connect, 1, 404, LENGTH, Framing::Length(5), true, false),
    ] {
        let text = format!("HTTP/1.{version} {status} \r\n{fields}\r\n");
        let found = answer(method, &text, &CLIENT).unwrap();
        assert_eq!(found.framing(), framing, "{method} {text:?}");
        assert_eq!(found.keep_alive(), keep_alive, "{method} {text:?}");
        assert_eq!(found.is_undecodable(), undecodable, "{method} {text:?}");
    }
}

#[test]
fn responses_with_lengths_that_disagree_are_refused() {
    for (value, config, kind) in [
        ("5, 6", CLIENT, Kind::ContentLength),
        ("x", CLIENT, Kind::ContentLength),
        ("", CLIENT, Kind::ContentLength),
        ("5, 5", SERVER, Kind::ContentLengthRepeated),
    ] {
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {value}\r\n\r\n");
        let error = answer(Method::GET, &head, &config).expect_err(value);
        assert_eq!(error.kind(), kind, "{value:?}");
    }
}

#[test]
fn a_fold_between_the_members_of_a_list_is_a_space() {
    for (fields, framing, keep_alive) in [
        ("Connection: x,\r\n close\r\nContent-Length: 5", Framing::Length(5), false),
        ("Connection: close\r\n , x\r\nContent-Length: 5", Framing::Length(5), false),
        ("Content-Length: 5,\r\n\t5", Framing::Length(5), true),
        ("Transfer-Encoding:\r\n gzip\r\n ,\r\n chunked", Framing::Chunked, false),
    ] {
        let head = format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n");
        let found = answer(Method::GET, &head, &CLIENT).unwrap();
        assert_eq!((found.framing(), found.keep_alive()), (framing, keep_alive), "{fields:?}");
    }
    let folding = SERVER.leniency(Leniency::STRICT.obs_fold(true));
    let checked = post("Connection: x,\r\n close\r\nExpect:\r\n 100-continue\r\n", &folding);
    assert!(!checked.unwrap().framing().keep_alive());
    for value in ["1\r\n 0", "1,\r\n 0"] {
        let fields = format!("Content-Length: {value}\r\n");
        refused(&fields, &folding, Kind::ContentLength, 16, 400);
    }
    let fields = "Transfer-Encoding: chun\r\n ked\r\n";
    refused(fields, &folding, Kind::TransferEncoding, 19, 400);
}

#[test]
fn an_empty_value_is_at_the_end_of_its_line() {
    // One goes the fast way, the other one the exact way.
    for (start, length) in [("", 0), ("\r\n", 2)] {
        let head = format!("{start}GET / HTTP/1.1\r\nHost: a\r\nContent-Length: \r\n\r\n");
        let error = check(&head, &SERVER).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (Kind::ContentLength, 41 + length), "{head:?}");
    }
}
