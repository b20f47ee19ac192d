//! `events`.

use crate::support::peers;
use crate::support::program::{Running, body, example, field, run, status};

/// A clock that ticks quickly, and ends each stream after three ticks.
fn start() -> Running {
    Running::example("events", ["--interval", "20", "--count", "3"], None)
}

/// The ids of a stream in which every event is complete.
#[track_caller]
fn ids(stream: &str) -> Vec<u64> {
    let event = |text: &str| {
        let (head, rest) = text.split_once("\nid: ").unwrap();
        assert_eq!(head, "event: tick", "{text:?}");
        let (id, rest) = rest.split_once('\n').unwrap();
        let date = rest.strip_prefix("retry: 1000\ndata: ").unwrap();
        assert!(date.ends_with(" GMT") && !date.contains('\n'), "{text:?}");
        id.parse().unwrap()
    };
    let events = stream.strip_suffix("\n\n").unwrap_or_else(|| panic!("{stream:?} has no end"));
    events.split("\n\n").map(event).collect()
}

#[test]
fn the_page_asks_for_the_clock() {
    let server = start();
    let page = server.ask("GET", "/", "");
    assert_eq!(
        (status(&page), field(&page, "Content-Type")),
        (200, Some("text/html; charset=utf-8"))
    );
    assert!(body(&page).contains("new EventSource(\"clock\")"));
    assert_eq!(status(&server.ask("GET", "/nothing", "")), 404);
    let refused = server.ask("POST", "/clock", "Content-Length: 0\r\n");
    assert_eq!((status(&refused), field(&refused, "Allow")), (405, Some("GET, HEAD, OPTIONS")));
}

#[test]
fn the_head_of_a_stream_says_what_it_is() {
    let server = start();
    for method in ["GET", "HEAD"] {
        let response = server.ask(method, "/clock", "");
        assert_eq!(status(&response), 200);
        assert_eq!(field(&response, "Content-Type"), Some("text/event-stream"));
        assert_eq!(field(&response, "Cache-Control"), Some("no-store"));
        assert_eq!(field(&response, "Content-Length"), None);
        assert_eq!(body(&response).is_empty(), method == "HEAD");
    }
}

#[test]
fn curl_gets_what_it_has_missed() {
    let Some(curl) = peers::find("curl") else { return };
    // The last sixty ticks are kept for who has missed them: longer than it takes to come back.
    let server = Running::example("events", ["--interval", "200", "--count", "3"], None);
    let clock = format!("{}clock", server.url);
    let ask = |fields: &[&str]| {
        let outcome = run(&curl, [&["-sSN"], fields, &[&clock]].concat(), b"");
        assert_eq!(outcome.status, Some(0), "{}", outcome.err());
        ids(&outcome.out())
    };
    let got = ask(&[]);
    let first = got[0];
    assert_eq!(got, [first, first + 1, first + 2]);
    // Whatever time has gone by since, the next stream begins where this one has ended.
    let last = format!("Last-Event-ID: {}", first + 2);
    assert_eq!(ask(&["-H", &last]), [first + 3, first + 4, first + 5]);
    // Who was away for long gets the last of what was missed, and another clock's numbers mean nothing.
    assert!(ask(&["-H", "Last-Event-ID: 7"])[0] > 1_000_000);
    assert!(ask(&["-H", "Last-Event-ID: 18446744073709551615"])[0] >= first);
    assert!(ask(&["-H", "Last-Event-ID: tick"])[0] >= first);
}

#[test]
fn python_hears_each_tick_when_it_happens() {
    let Some(python) = peers::find("python3") else { return };
    // A stream without an end: whoever reads to the end waits for ever.
    let server = Running::example("events", ["--interval", "200"], None);
    let script = "import sys, urllib.request as u\n\
        def ticks(last=None):\n\
        \x20   r = u.Request(sys.argv[1] + 'clock', headers={'Last-Event-ID': last} if last else {})\n\
        \x20   with u.urlopen(r) as stream:\n\
        \x20       for line in stream:\n\
        \x20           if line.startswith(b'id: '): yield int(line[4:])\n\
        seen = []\n\
        for _ in range(3):\n\
        \x20   stream = ticks(str(seen[-1]) if seen else None)\n\
        \x20   seen += [next(stream) for _ in range(4)]\n\
        \x20   stream.close()\n\
        print([tick - seen[0] for tick in seen] == list(range(12)))";
    let outcome = run(&python, ["-c", script, &server.url], b"");
    assert_eq!(outcome.out(), "True\n", "{}", outcome.err());
}

#[test]
fn bad_arguments_are_one_line_and_status_2() {
    for (arguments, expected) in [
        (
            &["--port", "x"][..],
            "events: expected a port from 0 to 65535 after --port; try --help\n",
        ),
        (&["--interval", "0"], "events: expected milliseconds after --interval; try --help\n"),
        (&["--count", "some"], "events: expected a number after --count; try --help\n"),
        (&["--count"], "events: expected a value after --count; try --help\n"),
        (&["--bind"], "events: expected a value after --bind; try --help\n"),
        (&["here"], "events: unknown argument \"here\"; try --help\n"),
    ] {
        let outcome = run(&example("events"), arguments, b"");
        assert_eq!((outcome.status, outcome.err().as_str()), (Some(2), expected));
    }
}
