//! One line for every request, in the formats that every log reader knows.
//!
//! What a client sends ends up in a file that people read in a terminal, and programs by its quotes and line ends. The
//! line is made by a pure function that lets nothing of either through. Rotating files is left to other programs, for which
//! [`AccessLog`] says how they go together.

mod line;
mod record;

use std::fmt;
use std::io::Write;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::{Instant, SystemTime};

use crate::message::{Request, Response};
use crate::server::{Handler, Middleware, Refusal};
use crate::status::StatusCode;

pub use record::AccessRecord;

/// Writes a line about every request when its response has been sent: a [`Middleware`].
///
/// ```text
/// 192.0.2.7 - ada [06/Nov/1994:08:49:37 +0000] "GET /a?b HTTP/1.1" 200 1024 "-" "curl/8.5.0"
/// ```
///
/// | part | what it is |
/// |---|---|
/// | `192.0.2.7` | who made the request, as far as [`TrustedProxies`](crate::field::forwarded::TrustedProxies) behind or around the log say; without them, who sent it: behind a proxy that is the proxy |
/// | `-` | nothing, by tradition |
/// | `ada` | the [`User`](super::User) that a [`Guard`](super::Guard) has let in |
/// | `[..]` | when the request came, in UTC |
/// | `"GET /a?b HTTP/1.1"` | the method, the target as it was sent, and the version |
/// | `200` | the status, or `000` if the response was never sent, since another took its place further out |
/// | `1024` | bytes of the body that were handed to the system, without framing: fewer than there are if the client was gone, and none behind a switch of protocols |
/// | `"-"` | Referer, if the format has it |
/// | `"curl/8.5.0"` | User-Agent, if the format has it |
///
/// What is not there is `-`.
///
/// # One line, whatever is sent
///
/// In every part, bytes other than printable ASCII are written as `\xHH`, and so are `"` and `\`, spaces and brackets where
/// a part ends there, and a `-` that is all there is. So a line ends where it seems to, the quotes in it are those of the
/// format, a terminal is shown nothing that moves its cursor, and the bytes that were sent can be had back. This is how nginx
/// writes them.
///
/// Every request that gets to the log has its line, even if the handler panics (`500`), or the client is gone before it
/// has the response. It should be put around last, to see what the client gets.
///
/// What the server itself [refuses](Refusal) gets to no handler, and so not here. [`refusals`](Self::refusals) has a line for
/// it in the same log, with `"-"` in the place of the request. The server's own answer to `OPTIONS *` has none.
///
/// # A file that is rotated
///
/// A log keeps its writer for as long as there is a handler: a file that another program renames is written to under its new name.
/// There is no signal to tell the server otherwise, since the standard library has none. Each of these goes together with programs
/// like logrotate:
///
/// - Standard output, and whoever starts the server sees to the file, as systemd and containers do.
/// - A file that was opened to append, as in the example below, and `copytruncate`: what is written between the copy and the
///   cut is lost.
/// - A writer that opens the file for each line. That takes some microseconds, loses nothing, and finds a new file by itself:
///
/// ```
/// use nethttp::Request;
/// use nethttp::server::{AccessLog, Handler};
/// use std::fs::{self, OpenOptions};
/// use std::io::{self, Write};
/// use std::path::PathBuf;
///
/// struct Reopened(PathBuf);
///
/// impl Write for Reopened {
///     fn write(&mut self, line: &[u8]) -> io::Result<usize> {
///         OpenOptions::new().create(true).append(true).open(&self.0)?.write(line)
///     }
///
///     fn flush(&mut self) -> io::Result<()> {
///         Ok(())
///     }
/// }
///
/// # let folder = std::env::temp_dir().join(format!("nethttp-rotated-{}", std::process::id()));
/// # fs::create_dir_all(&folder)?;
/// let path = folder.join("access.log");
/// let app = (|_: &mut Request| "hello").wrap(AccessLog::combined(Reopened(path.clone())));
/// app.handle(&mut Request::default());
/// fs::rename(&path, folder.join("access.log.1"))?;
/// app.handle(&mut Request::default());
/// assert_eq!(fs::read_to_string(&path)?.lines().count(), 1);
/// # fs::remove_dir_all(&folder)?;
/// # Ok::<(), io::Error>(())
/// ```
///
/// # Examples
///
/// ```no_run
/// use nethttp::server::{AccessLog, Handler};
/// use nethttp::{Request, Server};
/// use std::fs::OpenOptions;
///
/// let file = OpenOptions::new().create(true).append(true).open("access.log")?;
/// let log = AccessLog::combined(file);
/// let server = Server::bind("127.0.0.1:8080")?.on_refused(log.refusals());
/// server.run((|_: &mut Request| "hello").wrap(log))?;
/// # Ok::<(), nethttp::Error>(())
/// ```
#[derive(Clone)]
pub struct AccessLog {
    sink: Arc<dyn Fn(&AccessRecord) + Send + Sync>,
}

impl AccessLog {
    /// Writes the Common Log Format.
    ///
    /// Each line is one call of `write_all`, on the thread that has sent the response: where several processes append to
    /// one file, their lines do not mix, and where nobody reads the pipe, the server waits. What cannot be written is lost.
    ///
    /// ```
    /// use nethttp::Request;
    /// use nethttp::server::{AccessLog, Handler};
    ///
    /// let app = (|_: &mut Request| "hello").wrap(AccessLog::common(std::io::stderr()));
    /// ```
    #[must_use]
    pub fn common(writer: impl Write + Send + 'static) -> Self {
        Self::lines(writer, AccessRecord::to_common)
    }

    /// Writes the Combined Log Format, which is the common one with Referer and User-Agent behind it. How it is written is
    /// said at [`common`](Self::common).
    ///
    /// ```
    /// use nethttp::Request;
    /// use nethttp::server::{AccessLog, Handler};
    ///
    /// let app = (|_: &mut Request| "hello").wrap(AccessLog::combined(std::io::stderr()));
    /// ```
    #[must_use]
    pub fn combined(writer: impl Write + Send + 'static) -> Self {
        Self::lines(writer, AccessRecord::to_combined)
    }

    fn lines(writer: impl Write + Send + 'static, line: fn(&AccessRecord) -> String) -> Self {
        let writer = Mutex::new(writer);
        Self::with(move |record| {
            let mut line = line(record);
            line.push('\n');
            // A log that is full or closed stops no server.
            let mut writer = writer.lock().unwrap_or_else(PoisonError::into_inner);
            let _ = writer.write_all(line.as_bytes());
        })
    }

    /// Gives what there is to say about each request to a function: for another format, or for a metric.
    ///
    /// ```
    /// use nethttp::Request;
    /// use nethttp::server::{AccessLog, AccessRecord, Handler};
    ///
    /// let slow = AccessLog::with(|record: &AccessRecord| {
    ///     if record.duration().as_secs() >= 1 {
    ///         eprintln!("{:?} {}", record.duration(), record.to_common());
    ///     }
    /// });
    /// let app = (|_: &mut Request| "hello").wrap(slow);
    /// ```
    #[must_use]
    pub fn with(sink: impl Fn(&AccessRecord) + Send + Sync + 'static) -> Self {
        Self { sink: Arc::new(sink) }
    }

    /// Returns a function that gives the log what no handler sees, for
    /// [`Server::on_refused`](crate::server::Server::on_refused).
    ///
    /// ```text
    /// 192.0.2.7 - - [06/Nov/1994:08:49:37 +0000] "-" 400 16 "-" "-"
    /// ```
    ///
    /// ```
    /// use nethttp::Server;
    /// use nethttp::server::AccessLog;
    ///
    /// let log = AccessLog::combined(std::io::stderr());
    /// let server = Server::bind("127.0.0.1:0")?.on_refused(log.refusals());
    /// # Ok::<(), nethttp::Error>(())
    /// ```
    pub fn refusals(&self) -> impl Fn(&Refusal) + Send + Sync + use<> {
        let sink = Arc::clone(&self.sink);
        move |refusal| sink(&AccessRecord::of_refusal(refusal, SystemTime::now()))
    }
}

impl Middleware for AccessLog {
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        let mut pending = Pending {
            record: AccessRecord::of(request, SystemTime::now()),
            start: Instant::now(),
            sink: Arc::clone(&self.sink),
        };
        let handled = panic::catch_unwind(AssertUnwindSafe(|| next.handle(request)));
        pending.record.learn(request);
        let response = handled.unwrap_or_else(|panic| panic::resume_unwind(panic));
        pending.record.explain(&response);
        response.on_sent(move |sent| pending.record.sent(sent))
    }
}

/// A record on its way. It is written when it is dropped, so once, and whatever happens.
struct Pending {
    record: AccessRecord,
    start: Instant,
    sink: Arc<dyn Fn(&AccessRecord) + Send + Sync>,
}

impl Drop for Pending {
    fn drop(&mut self) {
        if thread::panicking() {
            // Which is not the body, of whose end the record knows: so this is what is answered in the place of all.
            self.record.failed(StatusCode::INTERNAL_SERVER_ERROR);
        }
        self.record.took(self.start.elapsed());
        // A second panic would end the process.
        let _ = panic::catch_unwind(AssertUnwindSafe(|| (self.sink)(&self.record)));
    }
}

impl fmt::Debug for AccessLog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessLog").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{IntoResponse, Sent};
    use crate::method::Method;

    /// What is written, to be read while it is.
    #[derive(Clone, Default)]
    struct Written(Arc<Mutex<Vec<u8>>>);

    impl Write for Written {
        fn write(&mut self, buf: &[u8]) -> std::io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(buf);
            Ok(buf.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    impl Written {
        /// All lines, without what differs from one second to the next.
        fn lines(&self) -> Vec<String> {
            let text = String::from_utf8(self.0.lock().unwrap().clone()).unwrap();
            assert!(text.is_empty() || text.ends_with('\n'), "{text:?}");
            let without_time = |line: &str| {
                let (start, end) = (line.find('[').unwrap(), line.find(']').unwrap());
                format!("{}[]{}", &line[..start], &line[end + 1..])
            };
            text.lines().map(without_time).collect()
        }
    }

    fn request() -> Request {
        let mut request = Request::new(Method::GET, "/a?b").unwrap();
        request.headers_mut().append("User-Agent", "me/1").unwrap();
        request
    }

    fn logged(handler: impl Handler, conclude: impl FnOnce(Response)) -> Vec<String> {
        let written = Written::default();
        let app = handler.wrap(AccessLog::combined(written.clone()));
        let handled = panic::catch_unwind(AssertUnwindSafe(|| app.handle(&mut request())));
        if let Ok(response) = handled {
            assert!(written.lines().is_empty(), "it is not sent yet");
            conclude(response);
        }
        written.lines()
    }

    fn send(mut response: Response, body: u64) {
        let status = response.status();
        let _ = response.take_when_sent().call(&Sent { status, body, is_complete: true });
    }

    #[test]
    fn what_was_sent_is_written_when_it_was() {
        let lines = logged(|_: &mut Request| "hello", |response| send(response, 5));
        assert_eq!(lines, ["- - - [] \"GET /a?b HTTP/1.1\" 200 5 \"-\" \"me/1\""]);
    }

    #[test]
    fn why_a_handler_has_failed_is_known_and_not_told() {
        let causes = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&causes);
        let log = AccessLog::with(move |record| {
            sink.lock().unwrap().push(record.cause().map(str::to_owned));
        });
        let fails = |request: &mut Request| match request.path() {
            "/fine" => Ok("hello"),
            _ => Err(crate::error::Error::from(std::io::Error::other("disk on fire"))),
        };
        let app = fails.wrap(crate::server::ErrorPages::new()).wrap(log);
        for target in ["/fine", "/"] {
            let mut response = app.handle(&mut Request::new(Method::GET, target).unwrap());
            let text = response.body_mut().text().unwrap();
            assert!(!text.contains("fire"), "{text}");
            send(response, 0);
        }
        let told = "expected reading and writing to succeed: disk on fire".to_owned();
        assert_eq!(*causes.lock().unwrap(), [None, Some(told)]);
    }

    #[test]
    fn a_response_that_is_never_sent_has_its_line() {
        let lines = logged(|_: &mut Request| "hello", drop);
        assert_eq!(lines, ["- - - [] \"GET /a?b HTTP/1.1\" 000 - \"-\" \"me/1\""]);
    }

    #[test]
    fn a_handler_that_panics_has_its_line() {
        fn broken(_: &mut Request) -> Response {
            panic!("on purpose")
        }
        let lines = logged(broken, drop);
        assert_eq!(lines, ["- - - [] \"GET /a?b HTTP/1.1\" 500 - \"-\" \"me/1\""]);
    }

    #[test]
    fn what_is_known_of_a_request_is_known_if_the_handler_panics() {
        use crate::server::RequestIds;
        let seen = Arc::new(Mutex::new(None));
        let sink = Arc::clone(&seen);
        let log = AccessLog::with(move |record| {
            let id = record.request_id().map(str::to_owned);
            *sink.lock().unwrap() = Some((id, record.status()));
        });
        let broken = |_: &mut Request| -> Response { panic!("on purpose") };
        let app = broken.wrap(RequestIds::DEFAULT.trust(true)).wrap(log);
        let mut request = request();
        request.headers_mut().append("X-Request-Id", "a").unwrap();
        assert!(panic::catch_unwind(AssertUnwindSafe(|| app.handle(&mut request))).is_err());
        let expected = (Some("a".to_owned()), Some(StatusCode::INTERNAL_SERVER_ERROR));
        assert_eq!(*seen.lock().unwrap(), Some(expected));
    }

    #[test]
    fn a_record_has_what_no_line_has_room_for() {
        let pause = std::time::Duration::from_millis(2);
        let records = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&records);
        let log = AccessLog::with(move |record| sink.lock().unwrap().push(record.clone()));
        let refused = log.refusals();
        let app = (|_: &mut Request| thread::sleep(pause)).wrap(log);
        for is_complete in [true, false] {
            let mut request = request();
            request.headers_mut().append("Host", "a.example:80").unwrap();
            let mut response = app.handle(&mut request);
            let status = response.status();
            let _ = response.take_when_sent().call(&Sent { status, body: 3, is_complete });
        }
        let status = StatusCode::BAD_REQUEST;
        refused(&Refusal { peer: None, status, body: 16, error: None });
        let records = records.lock().unwrap();
        let whole: Vec<_> = records.iter().map(AccessRecord::is_complete).collect();
        assert_eq!(whole, [true, false, true]);
        let hosts: Vec<_> = records.iter().map(AccessRecord::host).collect();
        assert_eq!(hosts, [Some("a.example:80"), Some("a.example:80"), None]);
        assert!(records.iter().take(2).all(|record| record.duration() >= pause));
    }

    #[test]
    fn behind_proxies_the_client_is_written() {
        use crate::field::forwarded::TrustedProxies;
        let written = Written::default();
        let proxies = || TrustedProxies::networks(["192.0.2.1"]).unwrap();
        let hello = |_: &mut Request| "hello";
        let log = || AccessLog::common(written.clone());
        let apps: [&dyn Handler; 3] = [
            &hello.wrap(proxies()).wrap(log()),
            &hello.wrap(log()).wrap(proxies()),
            &hello.wrap(log()),
        ];
        for app in apps {
            for (peer, field) in [
                ("192.0.2.1:80", "for=\"203.0.113.9:4711\""),
                ("192.0.2.1:80", "for=_hidden"),
                ("[::ffff:192.0.2.2]:80", "for=203.0.113.9"),
            ] {
                let mut request = request();
                request.set_connection(Arc::new(()), Some(peer.parse().unwrap()));
                request.headers_mut().append("Forwarded", field).unwrap();
                send(app.handle(&mut request), 5);
            }
        }
        let lines = written.lines();
        let clients: Vec<_> = lines.iter().filter_map(|line| line.split(' ').next()).collect();
        let (told, alone) =
            (["203.0.113.9", "-", "192.0.2.2"], ["192.0.2.1", "192.0.2.1", "192.0.2.2"]);
        assert_eq!(clients, [told, told, alone].concat());
    }

    #[test]
    fn who_panics_further_out_has_the_status() {
        let written = Written::default();
        let app = (|_: &mut Request| "hello").wrap(AccessLog::combined(written.clone())).wrap(
            |request: &mut Request, next: &dyn Handler| -> Response {
                let _response = next.handle(request);
                panic!("on purpose")
            },
        );
        assert!(panic::catch_unwind(AssertUnwindSafe(|| app.handle(&mut request()))).is_err());
        assert_eq!(written.lines(), ["- - - [] \"GET /a?b HTTP/1.1\" 500 - \"-\" \"me/1\""]);
    }

    #[test]
    fn a_log_that_fails_harms_nobody() {
        struct Full;
        impl Write for Full {
            fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
                panic!("on purpose")
            }
            fn flush(&mut self) -> std::io::Result<()> {
                Ok(())
            }
        }
        let app = (|_: &mut Request| StatusCode::NOT_FOUND).wrap(AccessLog::common(Full));
        for _ in 0..2 {
            send(app.handle(&mut request()), 14);
        }
    }

    #[test]
    fn the_user_whom_a_guard_lets_in_is_written() {
        use crate::field::auth::Basic;
        use crate::server::{Guard, Users};
        let guard = Guard::basic("staff", Users::new().add("a da", "secret")).unwrap();
        let written = Written::default();
        let app = (|_: &mut Request| "hello").wrap(guard).wrap(AccessLog::common(written.clone()));
        let mut request = request();
        send(app.handle(&mut request), 17);
        let credentials = Basic::new("a da", "secret").unwrap().encode();
        request.headers_mut().append("Authorization", credentials).unwrap();
        send(app.handle(&mut request).into_response(), 5);
        let [stranger, known] = &written.lines()[..] else { panic!("two lines") };
        assert_eq!(stranger, "- - - [] \"GET /a?b HTTP/1.1\" 401 17");
        assert_eq!(known, "- - a\\x20da [] \"GET /a?b HTTP/1.1\" 200 5");
    }
}
