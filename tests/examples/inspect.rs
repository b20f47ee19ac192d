//! `inspect`.

use crate::support::program::{example, run};

#[track_caller]
fn inspects(arguments: &[&str], input: &[u8], status: i32, expected: &str) {
    let outcome = run(&example("inspect"), arguments, input);
    assert_eq!(outcome.out(), expected);
    assert_eq!((outcome.status, outcome.err()), (Some(status), String::new()));
}

#[test]
fn shows_which_offer_is_sent_and_why() {
    inspects(
        &["accept", "application/json, text/html, image/png;a=\",\""],
        b"text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\n",
        0,
        "ranges: 4\n  1000  text/html\n  1000  application/xhtml+xml\n   900  application/xml;q=0.9\n   \
         800  */*;q=0.8\noffers: 3\n   800  application/json, wanted by */*;q=0.8\n  \
         1000  text/html, wanted by text/html\n   800  image/png;a=\",\", wanted by */*;q=0.8\n\
         sent: text/html\nVary: Accept\n",
    );
    inspects(
        &["accept-charset", "utf-8, koi8-r"],
        b"koi8-r, utf-8",
        0,
        "ranges: 2\n  1000  koi8-r\n  1000  utf-8\noffers: 2\n  1000  utf-8, wanted by utf-8\n  \
         1000  koi8-r, wanted by koi8-r\nsent: utf-8\nsent in the client's order: koi8-r\n\
         Vary: Accept-Charset\n",
    );
    inspects(
        &["accept-encoding", "gzip, identity"],
        b"gzip;q=0",
        0,
        "ranges: 1\n     0  gzip;q=0\noffers: 2\n     0  gzip, refused by gzip;q=0\n  \
         1000  identity, refused by no range\nsent: identity\nVary: Accept-Encoding\n",
    );
    inspects(
        &["accept", "a/b"],
        b"c/d",
        0,
        "ranges: 1\n  1000  c/d\noffers: 1\n     0  a/b, wanted by no range\n\
         sent: nothing: 406 Not Acceptable\nVary: Accept\n",
    );
}

#[test]
fn shows_what_is_left_of_a_field_that_is_malformed() {
    inspects(
        &["accept-language"],
        b"en, de_CH, sv;q=.5\n",
        1,
        "ranges: 2\n  1000  en\n   500  sv;q=0.5\nerror: expected a subtag of a language range at byte 6\n  |\n\
         1 | en, de_CH, sv;q=.5\n  |       ^\nkind: LanguageRange\noffset: 6\n\
         what is malformed was skipped, the rest is read\n",
    );
}

/// U+009B begins a command to a terminal, and U+202E turns the line around.
#[test]
fn what_a_client_wants_does_not_command_the_terminal() {
    inspects(
        &["accept", "a/b;c=\"\u{9b}7m\""],
        "a/b;c=\"\u{9b}7m\", */*;d=\"\u{202e}\"".as_bytes(),
        0,
        "ranges: 2\n  1000  a/b;c=\"\\xc2\\x9b7m\"\n  1000  */*;d=\"\\xe2\\x80\\xae\"\noffers: 1\n  \
         1000  a/b;c=\"\\xc2\\x9b7m\", wanted by a/b;c=\"\\xc2\\x9b7m\"\n\
         sent: a/b;c=\"\\xc2\\x9b7m\"\nVary: Accept\n",
    );
}

#[test]
fn shows_a_request() {
    inspects(
        &["request"],
        b"GET /a%20b?c=d HTTP/1.1\r\nHost: example.org:80\r\nX:\t\xc3\xa9 \\ \r\nConnection: close\r\n\r\n",
        0,
        "method: GET\ntarget: /a%20b?c=d\nform: origin\npath: /a%20b\nquery: c=d\n\
         version: HTTP/1.1\nfields: 3\n  Host: example.org:80\n  X: \\xc3\\xa9 \\\\\n  \
         Connection: close\nframing: no body\nkeep-alive: no\nexpects 100-continue: no\n",
    );
}

#[test]
fn shows_chunks_trailers_and_what_follows() {
    inspects(
        &["request"],
        b"POST http://a/ HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\
          Expect: 100-continue\r\n\r\n6;x=y\r\nhello\n\r\n3\r\nyou\r\n0\r\nSum: 1\r\n\r\n\
          GET / HTTP/1.1\r\nHost: a\r\n\r\n",
        0,
        "method: POST\ntarget: http://a/\nform: absolute\nauthority: a\npath: /\n\
         version: HTTP/1.1\nfields: 3\n  Host: a\n  Transfer-Encoding: chunked\n  \
         Expect: 100-continue\nframing: chunked\nkeep-alive: yes\nexpects 100-continue: yes\n\
         body: 9 bytes\n  hello\\n\n  you\ntrailers: 1\n  Sum: 1\n\
         behind it: 27 bytes, which begin like a request\n",
    );
}

#[test]
fn shows_a_response() {
    inspects(
        &["response"],
        b"HTTP/1.0 200 Fine\r\nContent-Type: text/plain\r\n\r\nhi\n",
        0,
        "version: HTTP/1.0\nstatus: 200\nreason: Fine\nfields: 1\n  Content-Type: text/plain\n\
         framing: until the connection closes\nkeep-alive: no\nbody: 3 bytes\n  hi\\n\n",
    );
}

#[test]
fn the_method_decides_about_the_body_of_a_response() {
    inspects(
        &["response", "HEAD"],
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n",
        0,
        "version: HTTP/1.1\nstatus: 200\nreason: OK\nfields: 1\n  Content-Length: 5\n\
         framing: no body\nkeep-alive: yes\n",
    );
}

#[test]
fn points_at_the_byte_that_was_refused() {
    inspects(
        &["request"],
        b"GET / HTTP/1.1\r\nHost : a\r\n\r\n",
        1,
        "error: expected ':' after field name, found ' ' at byte 20\n  |\n\
         2 | Host : a\\r\\n\n  |     ^\nkind: FieldName(32)\noffset: 20\nstatus: 400 Bad Request\n",
    );
}

#[test]
fn the_caret_stands_right_behind_escapes() {
    inspects(
        &["request"],
        b"GET / HTTP/1.1\r\nHost: \xc3\xa9\t\x01a\r\n\r\n",
        1,
        "error: expected a field value, found '\\x01' at byte 25\n  |\n\
         2 | Host: \\xc3\\xa9\\t\\x01a\\r\\n\n  |                 ^\n\
         kind: FieldValue(1)\noffset: 25\nstatus: 400 Bad Request\n",
    );
}

#[test]
fn a_long_line_is_shown_around_the_byte() {
    let input =
        format!("GET /{}\0{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(100), "b".repeat(100));
    let line = format!("...{}\\x00{}...", "a".repeat(48), "b".repeat(47));
    inspects(
        &["request"],
        input.as_bytes(),
        1,
        &format!(
            "error: expected a request target, found '\\x00' at byte 105\n  |\n1 | {line}\n  | {:51}^\n\
             kind: TargetByte(0)\noffset: 105\nstatus: 400 Bad Request\n",
            ""
        ),
    );
}

#[test]
fn an_error_in_the_body_comes_behind_what_was_read() {
    inspects(
        &["response"],
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\nx\r\n",
        1,
        "version: HTTP/1.1\nstatus: 200\nreason: OK\nfields: 1\n  Transfer-Encoding: chunked\n\
         framing: chunked\nkeep-alive: yes\nbody: 2 bytes\n  hi\n\
         error: expected a chunk size, found 'x' at byte 7\n  |\n6 | x\\r\\n\n  | ^\n\
         kind: ChunkSize(120)\noffset: 7, counted from the start of the body\n",
    );
}

#[test]
fn an_input_that_ends_too_early_is_an_error() {
    inspects(
        &["request"],
        b"GET / HTTP/1.1\r\nHost",
        1,
        "error: expected more of the head, found the end of the input\n  |\n2 | Host\n  |     ^\n\
         kind: Truncated\noffset: 20\nstatus: 400 Bad Request\n",
    );
}

#[test]
fn what_the_server_checks_is_checked() {
    inspects(
        &["request"],
        b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
        1,
        "method: GET\ntarget: /\nform: origin\npath: /\nversion: HTTP/1.1\nfields: 2\n  Host: a\n  \
         Host: b\nerror: expected one Host field, found another at byte 31\n  |\n\
         3 | Host: b\\r\\n\n  |       ^\nkind: HostRepeated\noffset: 31\nstatus: 400 Bad Request\n",
    );
}

#[test]
fn shows_a_uri() {
    inspects(
        &["uri"],
        b"HTTP://user@Example.org:80/a/../b%7e?q=1#f\n",
        0,
        "form: URI\nscheme: HTTP\nuserinfo: user\nhost: Example.org, a name\n\
         port: 80, the default\npath: /a/../b%7e\nsegments: 3\n  \"a\"\n  \"..\"\n  \"b~\"\n\
         query: q=1\npairs: 1\n  \"q\" = \"1\"\nfragment: f\n\
         normal form: http://user@example.org/b~?q=1#f\nrequest target: /a/../b%7e?q=1\n\
         Host field: Example.org\n",
    );
}

#[test]
fn shows_no_password_and_what_escapes_stand_for() {
    inspects(
        &["uri"],
        b"https://u:p:w@[FE80::0001%25eth0]:0443/caf%c3%a9//x%2Fy/?a=b+c&d&e=#",
        0,
        "form: URI\nscheme: https\nuserinfo: u:***\n\
         host: [FE80::0001%25eth0], an IPv6 address with the zone eth0\n\
         port: 0443, which is 443, the default\npath: /caf%c3%a9//x%2Fy/\nsegments: 4\n  \
         \"caf\\xc3\\xa9\"\n  \"\"\n  \"x/y\"\n  \"\"\nquery: a=b+c&d&e=\npairs: 3\n  \
         \"a\" = \"b c\"\n  \"d\"\n  \"e\" = \"\"\nfragment: \"\"\n\
         normal form: https://u:***@[fe80::1%25eth0]/caf%C3%A9//x%2Fy/?a=b+c&d&e=#\n\
         request target: /caf%c3%a9//x%2Fy/?a=b+c&d&e=\nHost field: [FE80::0001]\n",
    );
}

#[test]
fn tells_the_kinds_of_hosts_and_warns_of_names_that_look_like_addresses() {
    const WARNING: &str =
        "warning: resolvers may read this name as an IPv4 address; the client refuses it\n";
    for (host, expected) in [
        ("127.0.0.1", "host: 127.0.0.1, an IPv4 address\n".to_owned()),
        ("[::1]", "host: [::1], an IPv6 address\n".to_owned()),
        ("[v1.x]", "host: [v1.x], an address of a version to come (IPvFuture)\n".to_owned()),
        ("0x7f.1", format!("host: 0x7f.1, a name\n{WARNING}")),
        ("", "host: \"\", a name\n".to_owned()),
    ] {
        inspects(
            &["uri"],
            format!("x://{host}/").as_bytes(),
            0,
            &format!(
                "form: URI\nscheme: x\n{expected}path: /\nsegments: 1\n  \"\"\nnormal form: x://{host}/\n"
            ),
        );
    }
}

#[test]
fn tells_ports_and_the_default_of_the_scheme() {
    for (port, expected) in [
        ("", "none; 80 is the default of ws\n"),
        (":", "\"\"; 80 is the default of ws\n"),
        (":80", "80, the default\n"),
        (":8080", "8080; 80 is the default of ws\n"),
        (":99999", "99999; 80 is the default of ws\nwarning: no port is above 65535\n"),
    ] {
        let outcome = run(&example("inspect"), ["uri"], format!("ws://a{port}").as_bytes());
        let expected = format!("form: URI\nscheme: ws\nhost: a, a name\nport: {expected}path: ");
        assert!(outcome.out().starts_with(&expected), "{}", outcome.out());
        assert_eq!(outcome.status, Some(0));
    }
}

#[test]
fn a_uri_of_http_without_a_host_is_not_sent() {
    inspects(
        &["uri"],
        b"http:/a",
        0,
        "form: URI\nscheme: http\npath: /a\nsegments: 1\n  \"a\"\nnormal form: http:/a\n\
         warning: http needs a host to send a request to\n",
    );
}

#[test]
fn shows_a_relative_reference() {
    inspects(
        &["uri"],
        b"//u:@h:1/a/../%41?\r\n",
        0,
        "form: relative reference\nuserinfo: u:***\nhost: h, a name\nport: 1\n\
         path: /a/../%41\nsegments: 3\n  \"a\"\n  \"..\"\n  \"A\"\nquery: \"\"\npairs: 0\n\
         normal form: //u:***@h:1/A?\n",
    );
    inspects(
        &["uri"],
        b"\n",
        0,
        "form: relative reference\npath: \"\"\nsegments: 0\nnormal form: \"\"\n",
    );
}

#[test]
fn shows_where_a_reference_leads_to_from_a_base() {
    inspects(
        &["uri", "http://u:p@a/b/c/d;p?q"],
        b"../../../%67#x\n",
        0,
        "form: relative reference\npath: ../../../%67\nsegments: 4\n  \"..\"\n  \"..\"\n  \"..\"\n  \
         \"g\"\nfragment: x\nresolved: http://u:***@a/%67#x\n\
         warning: a '..' climbs above the root of the path\nnormal form: http://u:***@a/g#x\n\
         request target: /%67\nHost field: a\nrelative to the base: /%67#x\n",
    );
    inspects(
        &["uri", "http://a/"],
        b"urn:b",
        0,
        "form: URI\nscheme: urn\npath: b\nsegments: 1\n  \"b\"\nresolved: urn:b\n\
         normal form: urn:b\nrelative to the base: urn:b\n",
    );
}

#[test]
fn points_at_the_byte_of_a_uri_that_was_refused() {
    inspects(
        &["uri"],
        b"http://[::1\r\n",
        1,
        "error: expected an IPv6 or IPvFuture address in brackets, found the end at byte 11\n  |\n\
         1 | http://[::1\n  |            ^\nkind: InvalidIpLiteral\noffset: 11\n",
    );
    inspects(
        &["uri"],
        b"http://127.0.0.1\\@b/\n",
        1,
        "error: expected '/' or the escape %5C, found '\\\\' at byte 16\n  |\n\
         1 | http://127.0.0.1\\\\@b/\n  |                 ^\nkind: Backslash\noffset: 16\n",
    );
}

#[test]
fn says_what_a_refused_uri_was_meant_to_be() {
    inspects(
        &["uri"],
        b"http://u:p@b\xc3\xbccher.example/50% off\n",
        1,
        "error: expected ASCII or an escape such as %C3%A9 (fix_up and domain_to_ascii map host names), \
         found '\\xc3' at byte 12\n  |\n\
         1 | http://u:p@b\\xc3\\xbccher.example/50% off\n  |             ^\n\
         kind: NonAscii\noffset: 12\n\
         repaired: http://u:***@xn--bcher-kva.example/50%25%20off (escaped, percent, host)\n",
    );
}

#[test]
fn says_where_a_refused_reference_was_meant_to_lead_to() {
    inspects(
        &["uri", "http://a/b/c"],
        b"..\\new page",
        1,
        "error: expected '/' or the escape %5C, found '\\\\' at byte 2\n  |\n\
         1 | ..\\\\new page\n  |   ^\nkind: Backslash\noffset: 2\n\
         repaired: http://a/new%20page (backslash, escaped)\n",
    );
    inspects(
        &["uri", "http://a/b/c"],
        b"1:2",
        1,
        "error: expected no ':' in the first segment of a relative path \
         (looks like host:port; add http://), found ':' at byte 1\n  |\n\
         1 | 1:2\n  |  ^\nkind: ColonInFirstSegment\noffset: 1\n\
         repaired: http://a/b/1:2 (dot-slash)\n",
    );
}

#[test]
fn only_one_line_break_is_cut() {
    inspects(
        &["uri"],
        b"//a\n\n",
        1,
        "error: expected a host character, found '\\n' at byte 3\n  |\n1 | //a\\n\n  |    ^\n\
         kind: InvalidHost\noffset: 3\n",
    );
}

#[test]
fn a_reference_that_is_refused_is_told_what_it_lacks() {
    inspects(
        &["uri"],
        b"10.0.0.1:80",
        1,
        "error: expected a scheme such as http: (looks like host:port; add http://), found '1' at byte 0\n  |\n\
         1 | 10.0.0.1:80\n  | ^\nkind: MissingScheme\noffset: 0\n",
    );
}

#[test]
fn shows_what_a_jar_keeps_of_a_response_and_what_not() {
    inspects(
        &["set-cookie", "https://www.example.org/docs/a"],
        b"Set-Cookie: sid=31d4; Path=/; Secure; Priority=High\r\n\
          lang=en; Domain=example.org; Path=x; Max-Age=1h\nevil=1; Domain=com\nold=; Max-Age=0\n",
        1,
        "sid=31d4\n  Path=/\n  Secure\n  Priority=High, which means nothing here\n  \
         kept for www.example.org alone, within /, over secure connections, until the session ends\n\
         lang=en\n  Domain=example.org\n  Path=x, which is no path: that of the URL counts\n  \
         Max-Age=1h, which is no number and does not count\n  \
         kept for example.org and the hosts below it, within /docs, until the session ends\n\
         evil=1\n  Domain=com\n  rejected: expected a Domain below a public suffix\n\
         old=\n  Max-Age=0\n  has expired, and there was none like it\n\
         sent back to https://www.example.org/docs/a: lang=en; sid=31d4\n\
         error: expected a Domain below a public suffix\n  |\n3 | evil=1; Domain=com\\n\n  \
         |         ^\nkind: PublicSuffix\noffset: 109\n",
    );
    inspects(
        &["set-cookie"],
        b"a=b\0; c",
        1,
        "a=b\\x00; c\n  rejected: expected a cookie without controls, found '\\x00' at byte 3\n\
         error: expected a cookie without controls, found '\\x00' at byte 3\n  |\n1 | a=b\\x00; c\n  \
         |    ^\nkind: Control(0)\noffset: 3\n",
    );
    let replaced = "a=1\n  kept for a.example alone, within /, until the session ends\n\
                    a=2\n  replaces the one for a.example alone, within /, until the session ends\n\
                    a=3\n  Expires=0, which is no date and does not count\n  Max-Age=-1\n  \
                    removes the one that was there\nsent back to http://a.example: nothing\n";
    let input = b"a=1\na=2\na=3; Expires=0; Max-Age=-1";
    inspects(&["set-cookie", "http://a.example"], input, 0, replaced);
}

#[test]
fn shows_the_pairs_of_a_cookie_field_and_what_cannot_have_been_sent() {
    let pairs = "pairs: 5\n  sid=31d4\n  theme, without a name\n  lang=\"en\"\n    \
                 without quotes: en\n  sid=2\n    \
                 not the first of its name, which is the one that counts\n  __Host-x=1\n";
    let input = b"Cookie: sid=31d4; theme; lang=\"en\"; sid=2; __Host-x=1\n";
    inspects(&["cookie"], input, 0, pairs);
    inspects(&["cookie", "https://example.org/"], input, 0, pairs);
    inspects(
        &["cookie", "http://example.org/"],
        input,
        1,
        &format!(
            "{pairs}    no jar sends it there: expected a cookie with Secure over a secure connection\n\
             error: expected a cookie with Secure over a secure connection\n  |\n\
             1 | Cookie: sid=31d4; theme; lang=\"en\"; sid=2; __Host-x=1\n  \
             |                                            ^\nkind: Insecure\noffset: 43\n"
        ),
    );
}

#[test]
fn shows_what_a_file_is_saved_as() {
    inspects(
        &["content-disposition"],
        b"inline; filename*=UTF-8'en'%E2%82%AC%0A.txt; filename=\"b\"\n",
        0,
        "type: inline, the content is shown\n  filename* = \"UTF-8'en'%E2%82%AC%0A.txt\"\n    \
         in en: \"\\xe2\\x82\\xac\\n.txt\"\n  filename = \"b\"\n\
         file name: \"\\xe2\\x82\\xac\\n.txt\"\nsaved as: \"\\xe2\\x82\\xac_.txt\"\n",
    );
    inspects(
        &["content-disposition"],
        b"attachment; filename=../a b.txt",
        1,
        "type: attachment, the content is saved\n  filename = \"../a b.txt\"\n\
         file name: \"../a b.txt\"\nsaved as: \"a b.txt\"\n\
         error: expected ';' after a parameter at byte 23\n  |\n1 | attachment; filename=../a b.txt\n  \
         |                        ^\nkind: Syntax(ExpectedSemicolon)\noffset: 23\n\
         this is what a recipient makes of it all the same\n",
    );
    inspects(
        &["content-disposition"],
        b"\"inline\"",
        1,
        "ignored: it says nothing\nerror: expected a token at byte 0\n  |\n1 | \"inline\"\n  | ^\n\
         kind: Syntax(ExpectedToken)\noffset: 0\nthis is what a recipient makes of it all the same\n",
    );
}

#[test]
fn bad_arguments_are_one_line_and_status_2() {
    for (arguments, expected) in [
        (
            &[][..],
            "inspect: expected a mode: request, response, uri, accept, accept-charset, accept-encoding, accept-language, content-disposition, cookie, set-cookie\n",
        ),
        (
            &["url"],
            "inspect: expected a mode: request, response, uri, accept, accept-charset, accept-encoding, accept-language, content-disposition, cookie, set-cookie, found \"url\"\n",
        ),
        (&["request", "GET"], "inspect: unexpected argument \"GET\"\n"),
        (
            &["response", "a b"],
            "inspect: not a method: expected a token as method, found ' ' at byte 1\n",
        ),
        (
            &["cookie", "/a"],
            "inspect: not a URL: expected a scheme such as http:, found '/' at byte 0\n",
        ),
        (
            &["uri", "/a"],
            "inspect: the base is not a URI: expected a scheme such as http:, found '/' at byte 0\n",
        ),
    ] {
        let outcome = run(&example("inspect"), arguments, b"");
        assert_eq!((outcome.status, outcome.err().as_str()), (Some(2), expected));
    }
}
