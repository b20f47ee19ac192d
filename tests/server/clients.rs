//! The clients that people have: curl, Requests, Node's fetch, Chromium and wrk, against one server.

use super::Running;
use super::support::peers::{find, find_python_with};
use super::support::program::{browse, run};
use super::support::scratch::Scratch;
use nethttp::message::{BodyWriter, IntoResponse};
use nethttp::{Body, Request, Response, StatusCode};
use std::io::Read;

/// What each client is put through: lengths known and not, bodies there and back, statuses, a redirect.
fn app(request: &mut Request) -> nethttp::Result<Response> {
    Ok(match request.path() {
        "/" => Response::new(StatusCode::OK)
            .with_header("Content-Type", "text/html; charset=utf-8")?
            .with_body(
                "<!doctype html><title>t</title><p id=p>waiting</p><script src=/page.js></script>",
            ),
        "/page.js" => Response::new(StatusCode::OK)
            .with_header("Content-Type", "text/javascript")?
            .with_body(include_str!("../data/server/clients.js")),
        "/echo" => request.body_mut().read_all()?.into_response(),
        "/chunks" => Body::writer(|out: &mut dyn BodyWriter| {
            for n in 0..100 {
                writeln!(out, "{n}")?;
                out.flush()?;
            }
            Ok(())
        })
        .into_response(),
        "/large" => {
            Body::reader(std::io::repeat(b'x').take(3 << 20), Some(3 << 20)).into_response()
        }
        "/moved" => Response::new(StatusCode::FOUND).with_header("Location", "/echo")?,
        "/nothing" => ().into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    })
}

const PYTHON: &str = "
import requests, sys
base = sys.argv[1]
session = requests.Session()
session.trust_env = False
for _ in range(3):
    assert session.post(base + 'echo', data=b'a' * 100000).content == b'a' * 100000
    assert session.post(base + 'echo', data=iter([b'one', b'two'])).content == b'onetwo'
    assert session.get(base + 'chunks').text.split() == [str(n) for n in range(100)]
    assert len(session.get(base + 'large').content) == 3 << 20
    assert session.get(base + 'moved').url == base + 'echo'
    assert session.get(base + 'nothing').status_code == 204
    assert session.get(base + 'missing').status_code == 404
    assert session.head(base + 'large').headers['Content-Length'] == str(3 << 20)
    too_much = session.post(base + 'echo', data=b'a' * (3 << 20))
    assert too_much.status_code == 413, too_much.status_code
print('done')
";

const NODE: &str = "
const base = process.argv[1];
const check = (what, good) => { if (!good) throw new Error(what); };
(async () => {
    for (let round = 0; round < 3; round++) {
        const echo = await fetch(base + 'echo', { method: 'POST', body: 'a'.repeat(100000) });
        check('echo', (await echo.text()) === 'a'.repeat(100000));
        check('chunks', (await (await fetch(base + 'chunks')).text()).trim().split('\\n').length === 100);
        check('large', (await (await fetch(base + 'large')).arrayBuffer()).byteLength === 3 << 20);
        check('moved', (await fetch(base + 'moved')).url === base + 'echo');
        check('nothing', (await fetch(base + 'nothing')).status === 204);
        check('missing', (await fetch(base + 'missing')).status === 404);
        const stream = new ReadableStream({ start(c) { c.enqueue(new TextEncoder().encode('ab')); c.close(); } });
        const sent = await fetch(base + 'echo', { method: 'POST', body: stream, duplex: 'half' });
        check('stream', (await sent.text()) === 'ab');
    }
    console.log('done');
})();
";

#[test]
fn clients_of_every_kind_are_served() {
    let server = Running::start(app);
    let base = format!("http://{}/", server.addr());
    if let Some(curl) = find("curl") {
        let urls = [format!("{base}chunks"), format!("{base}large"), format!("{base}nothing")];
        let arguments =
            ["-sSf", "--noproxy", "*", "-w", "%{http_code} %{num_connects}\n", "-o", "/dev/null"];
        let twice: Vec<&str> = arguments[5..].to_vec();
        let mut all: Vec<&str> = arguments.to_vec();
        for (at, url) in urls.iter().enumerate() {
            if at > 0 {
                all.extend(&twice);
            }
            all.push(url);
        }
        let outcome = run(&curl, all, b"");
        assert_eq!(outcome.out(), "200 1\n200 0\n204 0\n", "{}", outcome.err());
    }
    if let Some(python) = find_python_with("requests") {
        let outcome = run(&python, ["-c", PYTHON, &base], b"");
        assert_eq!(outcome.out().trim(), "done", "{}", outcome.err());
    }
    if let Some(node) = find("node") {
        let outcome = run(&node, ["-e", NODE, &base], b"");
        assert_eq!(outcome.out().trim(), "done", "{}", outcome.err());
    }
    if let Some(chromium) = find("chromium") {
        let profile = Scratch::new();
        let outcome = browse(&chromium, profile.path(), &base);
        assert!(outcome.out().contains(">done</p>"), "{}{}", outcome.out(), outcome.err());
    }
    if let Some(wrk) = find("wrk") {
        let url = format!("{base}echo");
        let outcome = run(&wrk, ["-t1", "-c32", "-d1s", "--timeout", "20s", &url], b"");
        let report = outcome.out();
        assert!(report.contains("requests in") && !report.contains("errors"), "{report}");
        assert!(!report.contains("Non-2xx"), "{report}");
    }
    assert_eq!(server.handle().metrics().panics, 0);
}
