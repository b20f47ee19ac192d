//! The server of the clients: a loop over a socket that looks for the end of a request and for its target, and sends
//! bytes that are there. It counts its connections, for nobody to open more of them than he should.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::answers::{Answer, Target};

/// Threads that accept and serve by turns: more than a client has connections at a time.
const THREADS: usize = 16;
/// How much of a long body is sent at once.
const BATCH: usize = 512 << 10;
const COUNT: &[u8] = b"GET /count ";

struct Server {
    listener: TcpListener,
    accepted: AtomicU64,
    answers: [Ready; Target::ALL.len()],
}

/// An answer in the pieces in which it is sent.
struct Ready {
    request: Vec<u8>,
    /// All of a short answer, and the head of a long one.
    first: Vec<u8>,
    batch: Vec<u8>,
    batches: u64,
    end: &'static [u8],
    closes: bool,
}

impl Ready {
    fn new(target: Target) -> Self {
        let answer = Answer::of(target);
        let request = format!("GET /{} ", target.name()).into();
        let closes = target == Target::Close;
        let Answer { head, piece, count, end, .. } = answer;
        if count == 1 {
            let first = [&head[..], &piece, end].concat();
            return Self { request, first, batch: Vec::new(), batches: 0, end: b"", closes };
        }
        let pieces = (BATCH / piece.len()).next_power_of_two();
        let batches = count / pieces as u64;
        assert_eq!(batches * pieces as u64, count, "a number of batches");
        Self { request, first: head, batch: piece.repeat(pieces), batches, end, closes }
    }

    fn send(&self, stream: &mut TcpStream) -> io::Result<()> {
        stream.write_all(&self.first)?;
        (0..self.batches).try_for_each(|_| stream.write_all(&self.batch))?;
        stream.write_all(self.end)
    }
}

/// Serves on a port that the system chooses, which is told to the caller, until the process ends.
///
/// # Errors
///
/// What the system says.
pub fn serve(tell: impl FnOnce(SocketAddr)) -> io::Result<()> {
    let answers = Target::ALL.map(Ready::new);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    tell(listener.local_addr()?);
    let server = Server { listener, accepted: AtomicU64::new(0), answers };
    thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| server.accept());
        }
    });
    Ok(())
}

impl Server {
    fn accept(&self) {
        loop {
            if let Ok((stream, _)) = self.listener.accept() {
                self.accepted.fetch_add(1, Ordering::SeqCst);
                // A client that leaves is no error here.
                let _ = self.connection(stream);
            }
        }
    }

    fn connection(&self, mut stream: TcpStream) -> io::Result<()> {
        stream.set_nodelay(true)?;
        let (mut buf, mut end) = ([0; 8 << 10], 0);
        loop {
            match stream.read(&mut buf[end..])? {
                0 => return Ok(()),
                len => end += len,
            }
            if !buf[..end].ends_with(b"\r\n\r\n") {
                continue;
            }
            let request = &buf[..end];
            if request.starts_with(COUNT) {
                return write!(stream, "{}", self.accepted.load(Ordering::SeqCst));
            }
            let asked = self.answers.iter().find(|ready| request.starts_with(&ready.request));
            let answer = asked.ok_or(io::ErrorKind::NotFound)?;
            answer.send(&mut stream)?;
            if answer.closes {
                return Ok(());
            }
            end = 0;
        }
    }
}

/// Returns how many connections a server has accepted, this one included.
///
/// # Errors
///
/// It does not answer.
pub fn accepted(addr: SocketAddr) -> io::Result<u64> {
    let mut stream = TcpStream::connect(addr)?;
    stream.write_all(&[COUNT, b"HTTP/1.1\r\n\r\n"].concat())?;
    io::read_to_string(stream)?.parse().map_err(|_| io::Error::other("expected a number"))
}
