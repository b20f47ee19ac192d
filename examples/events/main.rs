//! A clock that ticks in the browser: events that a server sends.
//!
//! ```text
//! cargo run --example events -- --port 8080
//! curl -N http://127.0.0.1:8080/clock
//! curl -N -H 'Last-Event-ID: 1700000000' http://127.0.0.1:8080/clock
//! ```
//!
//! | path | method | answer |
//! |---|---|---|
//! | `/` | GET, HEAD | a page with the clock |
//! | `/clock` | GET, HEAD | an event for each tick, whose id is its number since 1970 |
//!
//! Stop the server, start it again, and the page goes on, with the ticks that it has missed: a browser
//! connects again by itself and says what it has got. With `--count 5` the server ends each stream after five
//! ticks, so that this can be watched.

use std::io::{self, Write};
use std::process::ExitCode;
use std::thread;
use std::time::{Duration, SystemTime};

use nethttp::field::HttpDate;
use nethttp::message::Event;
use nethttp::{MediaType, Request, Response, Result, Router, Server, StatusCode};

const USAGE: &str = "\
usage: events [--bind ADDR] [--port N] [--interval MS] [--count N]

Serves a page with a clock, and its ticks as events.

  -b, --bind ADDR     the address to listen on (127.0.0.1)
  -p, --port N        the port to listen on (8080; 0 takes one that is free)
  -i, --interval MS   the time between two ticks in milliseconds (1000)
  -n, --count N       the ticks after which a stream ends (no end)
  -h, --help          print this text
";

const PAGE: &str = include_str!("page.html");

/// The page needs its own style and script, and the events.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; \
    connect-src 'self'; img-src data:; base-uri 'none'; form-action 'none'";

/// The most ticks that are told to somebody who has missed them.
const MISSED: u64 = 60;

/// For how long nothing is said. Longer, and proxies would close the connection; and a client that has gone is noticed
/// only when it is told something.
const SILENCE: Duration = Duration::from_secs(15);

/// How long a browser waits before it connects again.
const RETRY: Duration = Duration::from_secs(1);

/// Ticks at every multiple of its interval since 1970, so that a number means the same to every run.
#[derive(Clone, Copy, Debug)]
struct Clock {
    interval: u64,
}

impl Clock {
    /// Returns the number of the last tick.
    fn now(self) -> u64 {
        let since = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        u64::try_from(since.as_millis()).unwrap_or(u64::MAX) / self.interval
    }

    /// Returns how long it is until a tick, if it is not there yet.
    fn until(self, tick: u64) -> Option<Duration> {
        let at = Duration::from_millis(tick.saturating_mul(self.interval));
        let left = (SystemTime::UNIX_EPOCH + at).duration_since(SystemTime::now()).ok()?;
        (!left.is_zero()).then_some(left)
    }

    /// Returns a tick as an event.
    fn event(self, tick: u64) -> io::Result<Event<'static>> {
        let seconds = tick.saturating_mul(self.interval) / 1000;
        let date = HttpDate::from_unix(i64::try_from(seconds).unwrap_or(i64::MAX));
        let event = Event::new(date.to_string()).with_retry(RETRY).with_name("tick");
        event.and_then(|event| event.with_id(tick.to_string())).map_err(io::Error::other)
    }
}

/// Returns the first tick for a client that has got some already, or none.
fn first(last: Option<&str>, now: u64) -> u64 {
    match last.and_then(|id| id.parse::<u64>().ok()) {
        Some(last) if last <= now => (last + 1).max(now.saturating_sub(MISSED - 1)),
        // Another clock's number.
        _ => now,
    }
}

/// Sends ticks until there have been enough, or the client has gone: then sending fails, and the stream is over.
fn ticks(request: &Request, clock: Clock, count: Option<u64>) -> Response {
    let first = first(request.header("Last-Event-ID"), clock.now());
    Response::events(move |events| {
        let end = count.map_or(u64::MAX, |count| first.saturating_add(count));
        for tick in first..end {
            while let Some(left) = clock.until(tick) {
                thread::sleep(left.min(SILENCE));
                if left > SILENCE {
                    events.comment("")?;
                }
            }
            events.send(&clock.event(tick)?)?;
        }
        Ok(())
    })
}

fn page(_: &mut Request) -> Result<Response> {
    let page = Response::new(StatusCode::OK).with_body(PAGE);
    let page = page.with_header("Content-Type", MediaType::TEXT_HTML_UTF_8)?;
    Ok(page.with_header("Content-Security-Policy", POLICY)?)
}

/// Returns what answers for which path.
fn site(clock: Clock, count: Option<u64>) -> Result<Router> {
    Ok(Router::builder()
        .get("/{$}", page)
        .get("/clock", move |request: &mut Request| ticks(request, clock, count))
        .build()?)
}

/// What was asked for on the command line.
struct Options {
    bind: String,
    port: u16,
    clock: Clock,
    count: Option<u64>,
}

fn main() -> ExitCode {
    match options(std::env::args_os().skip(1).map(|it| it.to_string_lossy().into_owned())) {
        Ok(None) => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        Ok(Some(options)) => {
            let address = format!("{} port {}", options.bind, options.port);
            run(options).map_or_else(
                |error| {
                    eprintln!("events: {address}: {error}");
                    ExitCode::FAILURE
                },
                |()| ExitCode::SUCCESS,
            )
        }
        Err(reason) => {
            eprintln!("events: {reason}; try --help");
            ExitCode::from(2)
        }
    }
}

/// Reads the command line; `None` asks for help.
fn options(
    mut arguments: impl Iterator<Item = String>,
) -> std::result::Result<Option<Options>, String> {
    let (bind, clock) = ("127.0.0.1".to_owned(), Clock { interval: 1000 });
    let mut options = Options { bind, port: 8080, clock, count: None };
    while let Some(argument) = arguments.next() {
        let missing = || format!("expected a value after {argument}");
        let mut value = || arguments.next().ok_or_else(missing);
        match argument.as_str() {
            "-h" | "--help" => return Ok(None),
            "-b" | "--bind" => options.bind = value()?,
            "-p" | "--port" => {
                let port = value()?.parse();
                options.port = port.map_err(|_| "expected a port from 0 to 65535 after --port")?;
            }
            "-i" | "--interval" => {
                let interval = value()?.parse().ok().filter(|interval| *interval > 0);
                options.clock.interval =
                    interval.ok_or("expected milliseconds after --interval")?;
            }
            "-n" | "--count" => {
                let count = value()?.parse();
                options.count = Some(count.map_err(|_| "expected a number after --count")?);
            }
            _ => return Err(format!("unknown argument {argument:?}")),
        }
    }
    Ok(Some(options))
}

fn run(options: Options) -> Result<()> {
    let Options { bind, port, clock, count } = options;
    let server = Server::bind((bind.as_str(), port))?;
    // The port may be one that was free; whoever started this reads which.
    writeln!(io::stdout(), "http://{}/", server.local_addr()?)?;
    server.run(site(clock, count)?)
}
