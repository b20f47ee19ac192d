//! The client's side of a connection: sends requests and checks every byte of the answers that matters.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

/// Nothing that is asked for takes longer to begin, or to go on.
const PATIENCE: Duration = Duration::from_secs(5);

/// Bodies longer than this are compared byte by byte once on each connection, and then by samples: to compare them takes a
/// client longer than to send them takes a server.
const LONG: u64 = 1 << 20;
/// How much is compared of each piece then.
const SAMPLE: usize = 64;

/// What an answer must be.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    pub status: u16,
    pub body: Content<'a>,
}

/// What a body must be.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// There is none, whatever the fields say, as after HEAD.
    None,
    Any,
    Bytes(&'a [u8]),
    /// The same bytes again and again, so many in all.
    Repeated(&'a [u8], u64),
}

impl Content<'_> {
    /// Returns whether a piece of the body is what stands at this place.
    pub(crate) fn has(&self, at: u64, mut piece: &[u8]) -> bool {
        match *self {
            Self::None => false,
            Self::Any => true,
            Self::Bytes(bytes) => {
                let start = usize::try_from(at).unwrap_or(usize::MAX);
                bytes.get(start..).is_some_and(|rest| rest.starts_with(piece))
            }
            Self::Repeated(unit, _) => {
                let mut start = usize::try_from(at % unit.len() as u64).expect("within the unit");
                while !piece.is_empty() {
                    let rest = &unit[start..];
                    let len = rest.len().min(piece.len());
                    if piece[..len] != rest[..len] {
                        return false;
                    }
                    piece = &piece[len..];
                    start = 0;
                }
                true
            }
        }
    }

    /// Returns whether the body ends at this place.
    pub(crate) fn ends(&self, at: u64) -> bool {
        match *self {
            Self::None => at == 0,
            Self::Any => true,
            Self::Bytes(bytes) => bytes.len() as u64 == at,
            Self::Repeated(_, len) => len == at,
        }
    }
}

/// A connection and what it has received.
#[derive(Debug)]
pub struct Connection {
    stream: TcpStream,
    buf: Box<[u8]>,
    start: usize,
    end: usize,
    /// A long body was compared to its end.
    has_compared: bool,
}

/// How a body ends.
enum Framing {
    Length(u64),
    Chunked,
}

impl Connection {
    /// Connects. The buffer must be larger than any head and any batch of small answers should be.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn open(addr: SocketAddr, buffer: usize) -> io::Result<Self> {
        let stream = TcpStream::connect(addr)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        stream.set_write_timeout(Some(PATIENCE))?;
        Ok(Self { stream, buf: vec![0; buffer].into(), start: 0, end: 0, has_compared: false })
    }

    /// Sends bytes as they are.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn send(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.stream.write_all(bytes)
    }

    /// Receives one answer and compares it.
    ///
    /// # Errors
    ///
    /// The answer is another, or does not come.
    pub fn receive(&mut self, expected: &Expected<'_>) -> io::Result<()> {
        let framing = self.head(expected)?;
        let mut at = 0;
        match framing {
            _ if matches!(expected.body, Content::None) => {}
            Framing::Length(len) => self.data(len, &mut at, expected)?,
            Framing::Chunked => loop {
                let len = chunk_len(self.line()?).ok_or_else(|| wrong("the size of a chunk"))?;
                if len == 0 {
                    while !self.line()?.is_empty() {}
                    break;
                }
                self.data(len, &mut at, expected)?;
                if !self.line()?.is_empty() {
                    return Err(wrong("the end of a chunk"));
                }
            },
        }
        self.has_compared |= at > LONG;
        if expected.body.ends(at) { Ok(()) } else { Err(wrong("the length of the body")) }
    }

    /// Waits until the server closes the connection.
    ///
    /// # Errors
    ///
    /// It says more, or does not.
    pub fn receive_end(&mut self) -> io::Result<()> {
        if self.start == self.end && self.stream.read(&mut self.buf)? == 0 {
            return Ok(());
        }
        Err(wrong("the end of the connection"))
    }

    fn head(&mut self, expected: &Expected<'_>) -> io::Result<Framing> {
        let status = self.line()?;
        let code = status.strip_prefix(b"HTTP/1.1 ").and_then(|rest| rest.get(..3));
        if code.and_then(decimal) != Some(u64::from(expected.status)) {
            return Err(wrong("the status"));
        }
        let mut framing = None;
        loop {
            let line = self.line()?;
            if line.is_empty() {
                break;
            }
            if let Some(value) = value_of(line, b"content-length:") {
                framing = decimal(value).map(Framing::Length);
            } else if value_of(line, b"transfer-encoding:").is_some() {
                framing = Some(Framing::Chunked);
            }
        }
        framing.ok_or_else(|| wrong("the length of the body among the fields"))
    }

    /// Returns a line without its end.
    fn line(&mut self) -> io::Result<&[u8]> {
        let mut searched = 0;
        loop {
            let input = &self.buf[self.start..self.end];
            match input[searched..].iter().position(|&byte| byte == b'\n') {
                Some(at) => {
                    let (start, len) = (self.start, searched + at);
                    self.start += len + 1;
                    let line = &self.buf[start..start + len];
                    return line.strip_suffix(b"\r").ok_or_else(|| wrong("CR before LF"));
                }
                None => searched = input.len(),
            }
            self.fill()?;
        }
    }

    fn data(&mut self, len: u64, at: &mut u64, expected: &Expected<'_>) -> io::Result<()> {
        let mut left = len;
        while left > 0 {
            if self.start == self.end {
                self.fill()?;
            }
            let there = self.end - self.start;
            let len = usize::try_from(left).map_or(there, |left| left.min(there));
            let piece = &self.buf[self.start..self.start + len];
            let compared = if self.has_compared { &piece[..len.min(SAMPLE)] } else { piece };
            if !expected.body.has(*at, compared) {
                return Err(wrong("the bytes of the body"));
            }
            self.start += len;
            *at += len as u64;
            left -= len as u64;
        }
        Ok(())
    }

    fn fill(&mut self) -> io::Result<()> {
        if self.start == self.end {
            (self.start, self.end) = (0, 0);
        } else if self.end == self.buf.len() {
            self.buf.copy_within(self.start..self.end, 0);
            self.end -= self.start;
            self.start = 0;
        }
        match self.stream.read(&mut self.buf[self.end..]).map_err(late)? {
            0 => Err(io::Error::new(io::ErrorKind::UnexpectedEof, "the connection ends too early")),
            len => {
                self.end += len;
                Ok(())
            }
        }
    }
}

/// A timeout of a blocking socket has another name in the system.
fn late(error: io::Error) -> io::Error {
    match error.kind() {
        io::ErrorKind::WouldBlock => {
            io::Error::new(io::ErrorKind::TimedOut, format!("no answer within {PATIENCE:?}"))
        }
        _ => error,
    }
}

fn wrong(what: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, format!("{what} is not what was expected"))
}

/// Returns the value of a field if it has this name, which ends with its colon.
fn value_of<'a>(line: &'a [u8], name: &[u8]) -> Option<&'a [u8]> {
    let (start, value) = line.split_at_checked(name.len())?;
    start.eq_ignore_ascii_case(name).then(|| value.trim_ascii())
}

fn decimal(digits: &[u8]) -> Option<u64> {
    str::from_utf8(digits).ok()?.parse().ok()
}

fn chunk_len(line: &[u8]) -> Option<u64> {
    let digits = line.split(|&byte| byte == b';').next()?;
    u64::from_str_radix(str::from_utf8(digits).ok()?.trim(), 16).ok()
}

#[cfg(test)]
mod tests {
    use std::net::TcpListener;
    use std::thread;

    use super::*;

    /// Receives what a server says that sends these bytes and closes.
    #[track_caller]
    fn receive(answer: &'static [u8], expected: Expected<'_>) -> Result<(), String> {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let addr = listener.local_addr().unwrap();
        let server = thread::spawn(move || listener.accept().unwrap().0.write_all(answer).unwrap());
        let mut connection = Connection::open(addr, 64).unwrap();
        server.join().unwrap();
        let received = connection.receive(&expected).and_then(|()| connection.receive_end());
        received.map_err(|error| error.to_string())
    }

    const GOOD: Expected<'_> = Expected { status: 200, body: Content::Bytes(b"good") };

    #[test]
    fn takes_a_body_by_its_length_and_in_chunks() {
        receive(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngood", GOOD).unwrap();
        let chunks =
            b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\ngoo\r\n1\r\nd\r\n0\r\n\r\n";
        receive(chunks, GOOD).unwrap();
        let xs = Expected { body: Content::Repeated(b"xy", 4), ..GOOD };
        receive(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nxyxy", xs).unwrap();
    }

    #[test]
    fn takes_no_other_answer() {
        for (answer, error) in [
            (&b"HTTP/1.1 404 Not Found\r\nContent-Length: 4\r\n\r\ngood"[..], "the status"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nbad!", "the bytes of the body"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\ngoo", "the length of the body"),
            (b"HTTP/1.1 200 OK\r\n\r\ngood", "the length of the body among the fields"),
            (b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngoods", "the end of the connection"),
        ] {
            assert_eq!(receive(answer, GOOD), Err(format!("{error} is not what was expected")));
        }
        let early = receive(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ngoo", GOOD);
        assert_eq!(early, Err("the connection ends too early".into()));
    }
}
