//! The floor: a loop over a socket that parses nothing. It looks for the end of the head and for the first
//! bytes of the target, and answers with text that is there. It has no limits and no deadlines: no
//! server should be like it, and none can take less in safe Rust with a thread for a connection.

use std::error::Error;
use std::io::{self, IoSlice, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use nethttp::field::DateCache;

use crate::servers::contract::{self, FILLING, HELLO, PIECES};

const STACK: usize = 64 << 10;
/// Threads that wait in `accept` at most; one does always.
const ACCEPTING: usize = 16;
/// Files up to this length go out with their head.
const COPIED: u64 = 64 << 10;
/// Those up to this one may wait for other answers.
const BEHIND: usize = 16 << 10;
const BEFORE_DATE: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nDate: ";

struct Shared {
    listener: TcpListener,
    root: Box<Path>,
    accepting: AtomicUsize,
}

pub(super) fn serve(port: u16, root: &Path) -> Result<(), Box<dyn Error>> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
    let shared = Shared { listener, root: root.into(), accepting: AtomicUsize::new(0) };
    spawn(&Arc::new(shared))?;
    loop {
        thread::park();
    }
}

fn spawn(shared: &Arc<Shared>) -> io::Result<()> {
    shared.accepting.fetch_add(1, Ordering::SeqCst);
    let shared = Arc::clone(shared);
    thread::Builder::new().stack_size(STACK).spawn(move || accept(&shared)).map(drop)
}

/// Accepts and serves by turns, which is cheaper than any way to hand a connection over. The last thread
/// that leaves `accept` starts another.
fn accept(shared: &Arc<Shared>) {
    loop {
        let accepted = shared.listener.accept();
        if shared.accepting.fetch_sub(1, Ordering::SeqCst) == 1 && spawn(shared).is_err() {
            shared.accepting.fetch_sub(1, Ordering::SeqCst);
        }
        if let Ok((stream, _)) = accepted {
            let _ = connection(stream, &shared.root);
        }
        if shared.accepting.fetch_add(1, Ordering::SeqCst) >= ACCEPTING {
            shared.accepting.fetch_sub(1, Ordering::SeqCst);
            return;
        }
    }
}

fn connection(stream: TcpStream, root: &Path) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let (mut buf, mut end) = (vec![0; 8 << 10], 0);
    let (dates, file) = (DateCache::new(), vec![0; usize::try_from(COPIED).unwrap_or_default()]);
    let mut answers = Answers { stream, root, dates, hello: [].into(), out: [].into(), file };
    loop {
        match answers.stream.read(&mut buf[end..])? {
            0 => return Ok(()),
            len => end += len,
        }
        let mut start = 0;
        while let Some(len) = head_len(&buf[start..end]) {
            let head = &buf[start..start + len];
            start += len;
            if head.starts_with(b"POST ") {
                start += answers.upload(head, &buf[start..end])?;
            } else {
                answers.answer(head)?;
            }
            if head.ends_with(b"close\r\n\r\n") {
                return answers.flush();
            }
        }
        answers.flush()?;
        buf.copy_within(start..end, 0);
        end -= start;
    }
}

/// Returns where a head ends.
fn head_len(buf: &[u8]) -> Option<usize> {
    let mut at = 0;
    while let Some(line) = buf[at..].iter().position(|&byte| byte == b'\n') {
        at += line + 1;
        if buf[..at].ends_with(b"\r\n\r\n") {
            return Some(at);
        }
    }
    None
}

/// The answers of one connection, which wait for each other until all of a batch can be sent.
struct Answers<'a> {
    stream: TcpStream,
    root: &'a Path,
    dates: DateCache,
    /// The answer to most requests, as it is this second.
    hello: Vec<u8>,
    out: Vec<u8>,
    file: Vec<u8>,
}

impl Answers<'_> {
    fn answer(&mut self, head: &[u8]) -> io::Result<()> {
        if head.starts_with(b"GET / ") {
            self.hello();
        } else if head.starts_with(b"HEAD / ") {
            self.head(HELLO.len() as u64);
        } else if let Some(rest) = head.strip_prefix(b"GET /static/") {
            let name = rest.split(|&byte| byte == b' ').next().unwrap_or_default();
            return self.file(str::from_utf8(name).unwrap_or_default());
        } else if head.starts_with(b"GET /stream ") {
            self.chunked_head();
            let chunk = [b"10000\r\n", &FILLING[..], b"\r\n"].concat();
            for _ in 0..contract::STREAM / FILLING.len() as u64 {
                self.flush()?;
                self.stream.write_all(&chunk)?;
            }
            self.out.extend_from_slice(b"0\r\n\r\n");
        } else if head.starts_with(b"GET /pieces ") {
            self.chunked_head();
            for piece in PIECES {
                write!(self.out, "{:x}\r\n{piece}\r\n", piece.len())?;
                self.flush()?;
            }
            self.out.extend_from_slice(b"0\r\n\r\n");
        } else {
            self.out.extend_from_slice(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n");
        }
        Ok(())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.out.is_empty() {
            self.stream.write_all(&self.out)?;
            self.out.clear();
        }
        Ok(())
    }

    fn hello(&mut self) {
        let date = self.dates.now();
        if !self.hello[self.hello.len().min(BEFORE_DATE.len())..].starts_with(date) {
            self.hello =
                [BEFORE_DATE, date, b"\r\nContent-Length: 13\r\n\r\n", HELLO.as_bytes()].concat();
        }
        self.out.extend_from_slice(&self.hello);
    }

    /// Begins an answer with a body of known length.
    fn head(&mut self, len: u64) {
        self.out.extend_from_slice(BEFORE_DATE);
        self.out.extend_from_slice(self.dates.now());
        self.out.extend_from_slice(b"\r\nContent-Length: ");
        self.out.extend_from_slice(len.to_string().as_bytes());
        self.out.extend_from_slice(b"\r\n\r\n");
    }

    fn chunked_head(&mut self) {
        self.out.extend_from_slice(BEFORE_DATE);
        self.out.extend_from_slice(self.dates.now());
        self.out.extend_from_slice(b"\r\nTransfer-Encoding: chunked\r\n\r\n");
    }

    fn file(&mut self, name: &str) -> io::Result<()> {
        let (mut file, len) = contract::open(self.root, name)?;
        self.head(len);
        if len <= COPIED {
            let len = usize::try_from(len).unwrap_or_default();
            file.read_exact(&mut self.file[..len])?;
            return self.content(len);
        }
        self.flush()?;
        let mut buf = vec![0; 64 << 10];
        loop {
            match file.read(&mut buf)? {
                0 => return Ok(()),
                read => self.stream.write_all(&buf[..read])?,
            }
        }
    }

    /// Sends so much of a file behind its head, or puts it there.
    fn content(&mut self, len: usize) -> io::Result<()> {
        let (head, content) = (self.out.len(), &self.file[..len]);
        if len <= BEHIND {
            self.out.extend_from_slice(content);
            return Ok(());
        }
        let both = [IoSlice::new(&self.out), IoSlice::new(content)];
        let sent = self.stream.write_vectored(&both)?;
        self.stream.write_all(&self.out[sent.min(head)..])?;
        self.stream.write_all(&content[sent.saturating_sub(head)..])?;
        self.out.clear();
        Ok(())
    }

    /// Reads a body, of which a part may be there, and returns how much of it was.
    fn upload(&mut self, head: &[u8], early: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(head);
        let field = text.lines().find_map(|line| line.strip_prefix("Content-Length: "));
        let len = field.and_then(|len| len.parse().ok()).unwrap_or(0_u64);
        let early = early.len().min(usize::try_from(len).unwrap_or(usize::MAX));
        let rest = contract::count((&self.stream).take(len - early as u64))?;
        let count = (early as u64 + rest).to_string();
        self.head(count.len() as u64);
        self.out.extend_from_slice(count.as_bytes());
        Ok(early)
    }
}
