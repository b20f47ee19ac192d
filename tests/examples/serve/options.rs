//! What the options of `serve` change, and how it says that one is wrong.

use std::fs;

#[cfg(unix)]
use super::add_links;
use super::{SECRET, gives, serve_with, site};
use crate::support::program::{Running, body, example, field, run, status};

#[test]
fn a_password_is_asked_for_where_it_is_wanted() {
    let scratch = site();
    // ada:secret
    let known = "Authorization: Basic YWRhOnNlY3JldA==\r\n";
    let put = |server: &Running, fields: &str| {
        status(&server.ask("PUT", "/new", &format!("{fields}Content-Length: 0\r\n")))
    };
    let closed = serve_with(&scratch, &["--auth", "ada:secret", "--upload", "--overwrite"]);
    assert_eq!(status(&closed.ask("GET", "/hello.txt", "")), 401);
    assert_eq!(status(&closed.ask("GET", "/hello.txt", known)), 200);
    assert_eq!((put(&closed, ""), put(&closed, known)), (401, 201));
    let options = ["--auth", "ada:secret", "--public", "--upload", "--overwrite"];
    let open = serve_with(&scratch, &options);
    assert_eq!(status(&open.ask("GET", "/hello.txt", "")), 200);
    let several = serve_with(&scratch, &["-a", "bob:other", "-a=ada:secret"]);
    assert_eq!(status(&several.ask("GET", "/hello.txt", known)), 200);
    assert_eq!((put(&open, ""), put(&open, known)), (401, 204));
}

#[test]
fn options_change_what_is_served() {
    let scratch = site();
    scratch.write("site/index.html", "the page");
    let page = "Accept: text/html\r\n";
    let server = serve_with(&scratch, &["--no-listing", "--spa", "--cache=60"]);
    let response = gives(&server, "/hello.txt", 200);
    assert_eq!(field(&response, "Cache-Control"), Some("max-age=60"));
    let response = server.ask("GET", "/users/7", page);
    assert_eq!((status(&response), body(&response)), (200, "the page"));
    gives(&server, "/list/b.js", 404);
    let server = serve_with(&scratch, &["--no-listing"]);
    gives(&server, "/list/", 404);
    let server = serve_with(&scratch, &["--hidden", "--cors", "https://app.example"]);
    let response = server.ask("GET", "/.git/config", "Origin: https://app.example\r\n");
    assert_eq!((status(&response), body(&response)), (200, SECRET));
    let allowed = field(&response, "Access-Control-Allow-Origin");
    assert_eq!(allowed, Some("https://app.example"));
    assert_eq!(
        fs::read(scratch.path().join("log")).unwrap().iter().filter(|it| **it == b'\n').count(),
        1
    );
    let origins = ["--cors=https://one.example", "--cors", "https://two.example"];
    let server = serve_with(&scratch, &origins);
    let response = server.ask("GET", "/hello.txt", "Origin: https://two.example\r\n");
    let allowed = field(&response, "Access-Control-Allow-Origin");
    assert_eq!(allowed, Some("https://two.example"));
    let server = serve_with(&scratch, &["--cors=*", "--log=none"]);
    let response = gives(&server, "/hello.txt", 200);
    assert_eq!(field(&response, "Access-Control-Allow-Origin"), Some("*"));
    assert_eq!(fs::read(scratch.path().join("log")).unwrap(), b"");
}

#[test]
fn a_directory_can_be_named_and_have_a_prefix() {
    let scratch = site();
    let site = scratch.path().join("site");
    let site = site.to_str().unwrap();
    for prefix in ["a/files", "/a/files/"] {
        let arguments = ["--path-prefix", prefix, "--spa", "--directory", site];
        let server = Running::example("serve", arguments, None);
        assert_eq!(server.url, format!("http://127.0.0.1:{}/a/files/", server.port));
        assert_eq!(body(&gives(&server, "/a/files/hello.txt", 200)), "hello\n");
        for (target, location) in
            [("/a/files", "/a/files/"), ("/a/files/docs?a=b", "/a/files/docs/?a=b")]
        {
            let response = gives(&server, target, 301);
            assert_eq!(field(&response, "Location"), Some(location), "{target}");
        }
        for target in
            ["/", "/hello.txt", "/a/hello.txt", "/a/files/nothing", "/a/files/../hello.txt"]
        {
            let response = server.ask("GET", target, "Accept: text/html\r\n");
            assert_eq!(status(&response), 404, "{target}");
            assert!(body(&response).contains("<a href=\"/a/files/\">"), "{response}");
        }
    }
    let server = Running::example("serve", [&*["--directory=", site].concat()], None);
    gives(&server, "/hello.txt", 200);
    let server = Running::example("serve", ["--path-prefix=/", "--", site], None);
    gives(&server, "/hello.txt", 200);
}

#[test]
fn whoever_listens_everywhere_says_where_that_is() {
    let scratch = site();
    let server = serve_with(&scratch, &["--bind", "0.0.0.0"]);
    gives(&server, "/hello.txt", 200);
    let host = server.url.trim_start_matches("http://").rsplit_once(':').unwrap().0;
    assert!(std::net::TcpStream::connect((host, server.port)).is_ok(), "{}", server.line);
}

#[test]
fn fields_take_the_place_of_the_servers_own() {
    let scratch = site();
    let options = [
        "--header=X-Robots-Tag: noindex",
        "--header",
        "cache-control:no-store",
        "--header",
        "Link: </a>",
        "--header=Link: </b>",
        "--no-listing",
    ];
    let server = serve_with(&scratch, &options);
    for (target, expected) in [("/hello.txt", 200), ("/list", 301), ("/list/", 404)] {
        let response = gives(&server, target, expected);
        assert_eq!(field(&response, "X-Robots-Tag"), Some("noindex"), "{target}");
        assert_eq!(field(&response, "Cache-Control"), Some("no-store"), "{target}");
        assert_eq!(response.matches("ache-control: ").count(), 1, "{response}");
        assert!(response.contains("Link: </a>\r\nLink: </b>\r\n"), "{response}");
    }
}

#[test]
fn the_first_index_that_is_there_stands_for_its_directory() {
    let scratch = site();
    scratch.write("site/app 1%.html", "the app");
    scratch.write("site/list/default.htm", "the default");
    let options = ["--index=app 1%.html", "--index", "default.htm", "--spa"];
    let server = serve_with(&scratch, &options);
    assert_eq!(body(&gives(&server, "/", 200)), "the app");
    assert_eq!(body(&gives(&server, "/list/", 200)), "the default");
    assert!(gives(&server, "/docs/", 200).contains("index.html"), "a listing");
    let page = server.ask("GET", "/users/7", "Accept: text/html\r\n");
    assert_eq!((status(&page), body(&page)), (200, "the app"));
}

#[test]
fn nothing_is_compressed_where_that_is_not_wanted() {
    let scratch = site();
    scratch.write("site/long.txt", "0123456789".repeat(1000));
    scratch.write("site/ready.txt", "ready");
    scratch.write("site/ready.txt.gz", "compressed");
    for (options, expected) in [(&[][..], Some("gzip")), (&["--no-compression"], None)] {
        let server = serve_with(&scratch, options);
        for target in ["/long.txt", "/ready.txt"] {
            let response = server.ask("GET", target, "Accept-Encoding: gzip\r\n");
            assert_eq!((status(&response), field(&response, "Content-Encoding")), (200, expected));
        }
    }
}

#[cfg(unix)]
#[test]
fn links_are_followed_as_asked() {
    let scratch = site();
    add_links(&scratch);
    for (which, inside, outside) in [("inside", 200, 404), ("all", 200, 200), ("none", 404, 404)] {
        let server = serve_with(&scratch, &["--symlinks", which]);
        for (target, expected) in [("/inside.html", inside), ("/outside-file", outside)] {
            let response = server.ask("GET", target, "");
            assert_eq!(status(&response), expected, "{which} {target}");
        }
    }
}

/// Tries arguments that are answered with one line and status 2.
#[track_caller]
fn refuses(arguments: &[&str], expected: &str) {
    let outcome = run(&example("serve"), arguments, b"");
    assert_eq!(outcome.status, Some(2), "{arguments:?}");
    let text = outcome.err();
    assert!(text.starts_with(&format!("serve: {expected}")), "{text}");
    assert_eq!(text.lines().count(), 1, "{text}");
}

#[test]
fn rejects_what_is_no_option_and_what_comes_twice() {
    for (arguments, expected) in [
        (&["-x"][..], "unknown option \"-x\""),
        (&["-"], "unknown option \"-\""),
        (&["--color=red"], "unknown option \"--color\""),
        (&["--bind"], "expected a value after --bind"),
        (&["-d"], "expected a value after --directory"),
        (&["--upload=yes"], "expected no value after --upload"),
        (&["-p", "1", "--port", "2"], "expected --port once"),
        (&["-d", "a", "--directory=b"], "expected --directory once"),
        (&["a", "b"], "expected one directory, found several"),
        (&["-d", "a", "--", "b"], "expected one directory, found several"),
        (&["--public"], "expected --auth and --upload with --public"),
        (&["--public", "--auth=a:b"], "expected --auth and --upload with --public"),
        (&["--public", "--upload"], "expected --auth and --upload with --public"),
        (&["--delete"], "expected --upload with --max-upload, --overwrite and --delete"),
        (&["--max-upload=1"], "expected --upload with --max-upload, --overwrite and --delete"),
    ] {
        refuses(arguments, &format!("{expected}; try --help\n"));
    }
}

#[test]
fn rejects_values_that_mean_nothing() {
    let field = "expected a field such as 'Name: value'";
    let framing = "expected a field that the server leaves to you";
    let path = "expected a path of names in letters, digits and -._~";
    let name = "expected a token as field name, found ' ' at byte 1";
    let value = "expected a field value without controls, found '\\r' at byte 1";
    for (option, argument, expected) in [
        ("--port", "x", "expected a port from 0 to 65535, found \"x\""),
        ("--port", "65536", "expected a port from 0 to 65535, found \"65536\""),
        ("--path-prefix", "/a b", &format!("{path}, found \"/a b\"")),
        ("--path-prefix", "a//b", &format!("{path}, found \"a//b\"")),
        ("--path-prefix", "a/..", &format!("{path}, found \"a/..\"")),
        ("--auth", "ada", "expected NAME:PASS after --auth"),
        ("--auth", ":", "expected NAME:PASS after --auth"),
        ("--auth", "ada:", "expected NAME:PASS after --auth"),
        ("--symlinks", "some", "expected inside, all or none, found \"some\""),
        ("--index", "docs/a", "expected the name of a file, found \"docs/a\""),
        ("--index", "..", "expected the name of a file, found \"..\""),
        ("--languages", "en,!", "expected languages, found \"en,!\""),
        ("--max-upload", "1.5", "expected a number of mebibytes, found \"1.5\""),
        ("--cache", "long", "expected a number of seconds, found \"long\""),
        ("--header", "X-A", &format!("{field}, found \"X-A\"")),
        ("--header", "X A: b", &format!("{field}: {name}")),
        ("--header", "X-A: a\r\nX-B: b", &format!("{field}: {value}")),
        ("--header", "content-length: 1", &format!("{framing}, found \"content-length: 1\"")),
        ("--log", "fancy", "expected common, combined or none, found \"fancy\""),
    ] {
        refuses(&[option, argument], &format!("{expected}; try --help\n"));
        refuses(&[&format!("{option}={argument}")], &format!("{expected}; try --help\n"));
    }
}

#[test]
fn rejects_what_cannot_be_served() {
    let scratch = site();
    for name in ["nowhere", "site/hello.txt"] {
        let path = scratch.path().join(name).display().to_string();
        refuses(&["--directory", &path], "expected a directory to serve at ");
    }
    refuses(&["--cors", "example.org"], "expected an origin as browsers send it");
}

#[test]
fn help_is_what_was_asked_for() {
    let help = run(&example("serve"), ["--upload", "-h", "--nonsense"], b"");
    assert_eq!((help.status, help.err()), (Some(0), String::new()));
    assert!(help.out().starts_with("usage: serve [OPTIONS] [DIR]\n"));
    assert!(help.out().lines().all(|line| line.len() <= 80));
}
