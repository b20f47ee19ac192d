//! A server that does what a test tells it to.

use std::io::{ErrorKind, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, MutexGuard, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use nethttp::Client;
use nethttp::client::{ClientBuilder, PoolLimits, Proxies, Timeouts};

/// No test waits longer for anything.
pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// A server with a thread for each connection.
pub(crate) struct Server {
    address: String,
    log: Arc<Mutex<Log>>,
}

/// What a server has seen.
#[derive(Default)]
pub(crate) struct Log {
    pub(crate) connections: usize,
    pub(crate) requests: Vec<Vec<u8>>,
    /// Connections that are none of a client's, and who wants to know when they are let in.
    marks: Vec<(SocketAddr, mpsc::Sender<()>)>,
    is_over: bool,
}

/// One connection, as the server's side has it.
pub(crate) struct Peer {
    pub(crate) stream: TcpStream,
    log: Arc<Mutex<Log>>,
    /// Which connection this is, from 0.
    pub(crate) index: usize,
    unread: Vec<u8>,
}

impl Server {
    /// Starts a server that lets `talk` have every connection.
    pub(crate) fn start(talk: impl Fn(&mut Peer) + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap().to_string();
        let log = Arc::new(Mutex::new(Log::default()));
        let (talk, seen) = (Arc::new(talk), Arc::clone(&log));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut log = seen.lock().unwrap();
                if log.is_over {
                    return;
                }
                if let Some(peer) = stream.as_ref().ok().and_then(|it| it.peer_addr().ok())
                    && let Some(at) = log.marks.iter().position(|(mark, _)| *mark == peer)
                {
                    let _ = log.marks.swap_remove(at).1.send(());
                    continue;
                }
                let index = log.connections;
                log.connections += 1;
                drop(log);
                let (talk, log) = (Arc::clone(&talk), Arc::clone(&seen));
                let stream = stream.unwrap();
                stream.set_nodelay(true).unwrap();
                let mut peer = Peer { stream, log, index, unread: Vec::new() };
                thread::spawn(move || talk(&mut peer));
            }
        });
        Self { address, log }
    }

    /// Starts a server that answers every request with the next reply, the last one over and over, and
    /// leaves the closing to the client.
    pub(crate) fn answering(replies: &[&[u8]]) -> Self {
        let replies: Vec<Vec<u8>> = replies.iter().map(|reply| reply.to_vec()).collect();
        let next = Mutex::new(0);
        Self::start(move |peer| {
            while peer.request().is_some() {
                let mut next = next.lock().unwrap();
                let reply = &replies[(*next).min(replies.len() - 1)];
                *next += 1;
                drop(next);
                peer.send(reply);
            }
        })
    }

    /// Starts a server that answers one request on each connection and closes it.
    pub(crate) fn closing(reply: &[u8]) -> Self {
        let reply = reply.to_vec();
        Self::start(move |peer| {
            peer.request();
            peer.send(&reply);
        })
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) fn address(&self) -> &str {
        &self.address
    }

    pub(crate) fn log(&self) -> MutexGuard<'_, Log> {
        self.log.lock().unwrap()
    }

    /// Returns how many connections there have been, those included that the server has not come to yet: one more is made
    /// behind them, and waited for.
    pub(crate) fn connections(&self) -> usize {
        let (let_in, wait) = mpsc::channel();
        let mut log = self.log();
        let mark = TcpStream::connect(&self.address).unwrap();
        log.marks.push((mark.local_addr().unwrap(), let_in));
        drop(log);
        wait.recv_timeout(PATIENCE).unwrap();
        self.log().connections
    }

    pub(crate) fn last_request(&self) -> String {
        String::from_utf8_lossy(self.log().requests.last().unwrap()).into_owned()
    }
}

impl Drop for Server {
    /// Has the listener closed. Connections end with their clients.
    fn drop(&mut self) {
        if let Ok(mut log) = self.log.lock() {
            log.is_over = true;
        }
        let _ = TcpStream::connect(&self.address);
    }
}

impl Peer {
    /// Reads one request with its body, or returns none when the client closes.
    pub(crate) fn request(&mut self) -> Option<Vec<u8>> {
        let head_end = loop {
            if let Some(at) = find(&self.unread, b"\r\n\r\n") {
                break at + 4;
            }
            self.more()?;
        };
        let head = String::from_utf8_lossy(&self.unread[..head_end]).to_lowercase();
        let end = if head.contains("transfer-encoding: chunked") {
            // The tests send no trailers but those that they look for, and no such data.
            loop {
                let body = &self.unread[head_end - 2..];
                if let Some(at) = find(body, b"\r\n0\r\n")
                    && let Some(end) = find(&body[at + 3..], b"\r\n\r\n")
                {
                    break head_end - 2 + at + 3 + end + 4;
                }
                self.more()?;
            }
        } else {
            let length = head.split("content-length: ").nth(1);
            let length =
                length.map_or(0, |rest| rest.split("\r\n").next().unwrap().parse().unwrap());
            while self.unread.len() < head_end + length {
                self.more()?;
            }
            head_end + length
        };
        let request: Vec<u8> = self.unread.drain(..end).collect();
        self.log.lock().unwrap().requests.push(request.clone());
        Some(request)
    }

    /// Reads a head and nothing behind it, as far as that can be helped.
    pub(crate) fn head(&mut self) -> String {
        while find(&self.unread, b"\r\n\r\n").is_none() {
            self.more().expect("a head");
        }
        let end = find(&self.unread, b"\r\n\r\n").unwrap() + 4;
        String::from_utf8(self.unread.drain(..end).collect()).unwrap()
    }

    /// Reads so many bytes, or returns none of them if fewer come.
    pub(crate) fn exactly(&mut self, len: usize) -> Vec<u8> {
        while self.unread.len() < len {
            if self.more().is_none() {
                return Vec::new();
            }
        }
        self.unread.drain(..len).collect()
    }

    /// Reads to the end of what the client sends.
    pub(crate) fn rest(&mut self) -> Vec<u8> {
        while self.more().is_some() {}
        std::mem::take(&mut self.unread)
    }

    fn more(&mut self) -> Option<()> {
        let mut piece = [0; 64 << 10];
        loop {
            match self.stream.read(&mut piece) {
                Ok(0) => return None,
                Ok(len) => {
                    self.unread.extend_from_slice(&piece[..len]);
                    return Some(());
                }
                Err(error) if error.kind() == ErrorKind::Interrupted => {}
                Err(_) => return None,
            }
        }
    }

    /// Sends; a client that has gone away is none of a server's business.
    pub(crate) fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    pub(crate) fn close_sending(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Write);
    }
}

fn find(bytes: &[u8], what: &[u8]) -> Option<usize> {
    bytes.windows(what.len()).position(|window| window == what)
}

/// Waits until something is so.
#[track_caller]
pub(crate) fn until(what: &str, mut is_so: impl FnMut() -> bool) {
    let start = Instant::now();
    while !is_so() {
        assert!(start.elapsed() < PATIENCE, "expected {what} by now");
        thread::sleep(Duration::from_millis(1));
    }
}

/// Sets up a client that goes to no proxy, whatever the environment says: for hosts that only a script knows.
pub(crate) fn direct() -> ClientBuilder {
    Client::builder().proxies(Proxies::none())
}

/// Returns a client that keeps no connections.
pub(crate) fn forgetful() -> Client {
    Client::builder().pool(PoolLimits::DEFAULT.total(0)).build().unwrap()
}

/// Returns timeouts that a test can wait for, in one place and long in all others.
pub(crate) fn short(set: fn(Timeouts, Option<Duration>) -> Timeouts) -> Timeouts {
    set(Timeouts::DEFAULT, Some(Duration::from_millis(60)))
}

/// Returns `200 OK` with that content.
pub(crate) fn ok(content: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{content}", content.len()).into_bytes()
}
