//! The other side of a scripted connection, and the stream that leads to it.

use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use super::conversation::{Conversation, Step, Writing};
use crate::client::Control;
use crate::h1::{Config, ParseError, ServerConnection, ServerEvent};

/// The other side of a connection.
///
/// It has no thread: it does what it is to do when somebody looks. Whoever waits for it waits for the deadline, or for
/// somebody who closes the connection.
#[derive(Debug)]
pub(super) struct Peer {
    state: Mutex<State>,
    /// Something has happened for which those who wait must look up.
    change: Condvar,
}

#[derive(Debug)]
struct State {
    steps: VecDeque<Step>,
    writing: Writing,
    piece: usize,
    written: Vec<u8>,
    /// Where in `written` the next request begins.
    request: usize,
    /// How much of the bytes that are being sent is gone.
    sent: usize,
    until: Option<Instant>,
    is_closed: bool,
    is_dropped: bool,
}

/// What a read would give.
enum Ahead {
    Bytes,
    End,
    Nothing,
    Failure(io::Error),
}

impl Peer {
    pub(super) fn new(conversation: Conversation) -> Arc<Self> {
        let Conversation { steps, writing, piece } = conversation;
        let state = State {
            steps: steps.into(),
            writing,
            piece: piece.unwrap_or(usize::MAX),
            written: Vec::new(),
            request: 0,
            sent: 0,
            until: None,
            is_closed: false,
            is_dropped: false,
        };
        Arc::new(Self { state: Mutex::new(state), change: Condvar::new() })
    }

    pub(super) fn written(&self) -> Vec<u8> {
        self.lock().written.clone()
    }

    pub(super) fn is_open(&self) -> bool {
        let state = self.lock();
        !state.is_closed && !state.is_dropped
    }

    fn read(&self, buf: &mut [u8]) -> io::Result<usize> {
        let mut state = self.lock();
        loop {
            if state.is_closed || buf.is_empty() {
                return Ok(0);
            }
            match state.ahead() {
                Ahead::Bytes => return Ok(state.take(buf)),
                Ahead::End => return Ok(0),
                Ahead::Failure(error) => return Err(error),
                Ahead::Nothing => state = self.wait(state)?,
            }
        }
    }

    fn write(&self, data: &[u8]) -> io::Result<usize> {
        let mut state = self.lock();
        loop {
            if state.is_closed {
                return Err(io::ErrorKind::BrokenPipe.into());
            }
            let room = match state.writing {
                Writing::Succeeds => usize::MAX,
                Writing::Stalls(after) | Writing::Fails(after, _) => {
                    after.saturating_sub(state.written.len())
                }
            };
            match (data.get(..data.len().min(room).min(state.piece)), state.writing) {
                (Some([]) | None, _) if data.is_empty() => return Ok(0),
                (Some([]) | None, Writing::Fails(_, kind)) => return Err(kind.into()),
                (Some([]) | None, _) => state = self.wait(state)?,
                (Some(taken), _) => {
                    state.written.extend_from_slice(taken);
                    return Ok(taken.len());
                }
            }
        }
    }

    /// Waits until something changes, or the time is over.
    fn wait<'a>(&self, state: MutexGuard<'a, State>) -> io::Result<MutexGuard<'a, State>> {
        let Some(until) = state.until else {
            return Ok(self.change.wait(state).unwrap_or_else(PoisonError::into_inner));
        };
        let left = until.saturating_duration_since(Instant::now());
        if left.is_zero() {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let waited = self.change.wait_timeout(state, left);
        Ok(waited.unwrap_or_else(PoisonError::into_inner).0)
    }

    fn change(&self, change: impl FnOnce(&mut State)) {
        change(&mut self.lock());
        self.change.notify_all();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        // Every change is whole, whoever panicked.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes all the steps that can be taken, and tells what comes then.
    fn ahead(&mut self) -> Ahead {
        loop {
            let next = match self.steps.front() {
                None => return Ahead::End,
                Some(Step::Stall) => return Ahead::Nothing,
                Some(Step::Fail(kind)) => return Ahead::Failure((*kind).into()),
                Some(Step::Send(bytes)) if self.sent < bytes.len() => return Ahead::Bytes,
                Some(Step::Send(_)) => Some(self.request),
                Some(Step::Head) => self.head_end().map(|_| self.request),
                Some(Step::Bytes(len)) => {
                    let end = self.request.saturating_add(*len);
                    (end <= self.written.len()).then_some(end)
                }
                Some(Step::Request) => match self.request_end() {
                    Ok(end) => end,
                    Err(error) => {
                        return Ahead::Failure(io::Error::new(io::ErrorKind::InvalidData, error));
                    }
                },
            };
            let Some(next) = next else {
                return Ahead::Nothing;
            };
            self.request = next;
            self.sent = 0;
            self.steps.pop_front();
        }
    }

    fn unread(&self) -> &[u8] {
        self.written.get(self.request..).unwrap_or_default()
    }

    fn head_end(&self) -> Option<usize> {
        self.unread().windows(4).position(|window| window == b"\r\n\r\n")
    }

    /// Returns where the request ends, if all of it is there.
    fn request_end(&self) -> Result<Option<usize>, ParseError> {
        let mut connection = ServerConnection::new(&Config::SERVER);
        let mut end = self.request;
        loop {
            let (used, event) = connection.receive(self.written.get(end..).unwrap_or_default())?;
            end = end.saturating_add(used);
            match event {
                ServerEvent::End | ServerEvent::Paused => return Ok(Some(end)),
                ServerEvent::NeedMore | ServerEvent::Closed => return Ok(None),
                ServerEvent::Request(_) | ServerEvent::Data(_) => {}
            }
        }
    }

    /// Gives the next bytes of those that are being sent.
    fn take(&mut self, buf: &mut [u8]) -> usize {
        let Some(Step::Send(bytes)) = self.steps.front() else { return 0 };
        let rest = bytes.iter().skip(self.sent).take(self.piece);
        let taken = buf.iter_mut().zip(rest).map(|(to, from)| *to = *from).count();
        self.sent = self.sent.saturating_add(taken);
        taken
    }
}

/// The client's end of a connection.
#[derive(Debug)]
pub(super) struct Pipe(pub(super) Arc<Peer>);

impl Read for Pipe {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf)
    }
}

impl Write for Pipe {
    fn write(&mut self, data: &[u8]) -> io::Result<usize> {
        self.0.write(data)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Pipe {
    fn drop(&mut self) {
        self.0.change(|state| state.is_dropped = true);
    }
}

impl Control for Peer {
    fn set_deadline(&self, until: Option<Instant>) {
        self.change(|state| state.until = until);
    }

    fn close(&self) {
        self.change(|state| state.is_closed = true);
    }

    fn is_quiet(&self) -> bool {
        let mut state = self.lock();
        !state.is_closed && matches!(state.ahead(), Ahead::Nothing)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const GET: &[u8] = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n";
    const PUT: &[u8] = b"PUT / HTTP/1.1\r\nHost: a\r\nContent-Length: 3\r\n\r\nabc";
    const CHUNKED: &[u8] =
        b"PUT / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n";

    fn peer(conversation: Conversation) -> (Arc<Peer>, Pipe) {
        let peer = Peer::new(conversation);
        peer.set_deadline(Some(Instant::now()));
        (Arc::clone(&peer), Pipe(peer))
    }

    /// Reads until nothing comes, and tells why: the end, or an error.
    fn read(pipe: &mut Pipe) -> (String, Option<io::ErrorKind>) {
        let (mut text, mut buf) = (String::new(), [0; 8]);
        loop {
            match pipe.read(&mut buf) {
                Ok(0) => return (text, None),
                Ok(len) => text.push_str(str::from_utf8(&buf[..len]).unwrap()),
                Err(error) => return (text, Some(error.kind())),
            }
        }
    }

    #[test]
    fn answers_when_the_request_is_complete_and_not_before() {
        for request in [GET, PUT, CHUNKED] {
            let (peer, mut pipe) = peer(Conversation::new().reply("one").reply("two"));
            for (at, byte) in request.iter().enumerate() {
                let waiting = (String::new(), Some(io::ErrorKind::TimedOut));
                assert_eq!(read(&mut pipe), waiting, "{at}");
                assert!(peer.is_quiet());
                pipe.write_all(&[*byte]).unwrap();
            }
            assert!(!peer.is_quiet());
            assert_eq!(read(&mut pipe), ("one".to_owned(), Some(io::ErrorKind::TimedOut)));
            pipe.write_all(request).unwrap();
            assert_eq!(read(&mut pipe), ("two".to_owned(), None));
            assert_eq!(peer.written(), [request, request].concat());
        }
    }

    #[test]
    fn waits_for_heads_and_bytes() {
        let conversation = Conversation::new().head().send("1").request().send("2").bytes(3);
        let (peer, mut pipe) = peer(conversation.send("3").fail(io::ErrorKind::ConnectionReset));
        let waits = |text: &str| (text.to_owned(), Some(io::ErrorKind::TimedOut));
        pipe.write_all(&PUT[..PUT.len() - 2]).unwrap();
        assert_eq!(read(&mut pipe), waits("1"));
        pipe.write_all(&PUT[PUT.len() - 2..]).unwrap();
        assert_eq!(read(&mut pipe), waits("2"));
        pipe.write_all(b"ab").unwrap();
        assert_eq!(read(&mut pipe), waits(""));
        pipe.write_all(b"c").unwrap();
        assert_eq!(read(&mut pipe), ("3".to_owned(), Some(io::ErrorKind::ConnectionReset)));
        assert_eq!(read(&mut pipe), (String::new(), Some(io::ErrorKind::ConnectionReset)));
        assert!(!peer.is_quiet());
    }

    #[test]
    fn tells_what_is_no_request() {
        let (_, mut pipe) = peer(Conversation::new().request());
        pipe.write_all(b"GET  HTTP/1.1\r\n\r\n").unwrap();
        let error = pipe.read(&mut [0; 8]).unwrap_err();
        assert!(error.get_ref().unwrap().is::<ParseError>(), "{error}");
    }

    #[test]
    fn moves_pieces() {
        let (peer, mut pipe) = peer(Conversation::new().send("abcd").in_pieces(3));
        assert_eq!(pipe.write(b"abcd").unwrap(), 3);
        assert_eq!(pipe.write(b"cd").unwrap(), 2);
        assert_eq!(pipe.read(&mut [0; 8]).unwrap(), 3);
        assert_eq!(pipe.read(&mut [0; 8]).unwrap(), 1);
        assert_eq!(peer.written(), b"abccd");
    }

    #[test]
    fn takes_no_more_than_it_is_to_take() {
        for (conversation, kind) in [
            (Conversation::new().write_stalls(3), io::ErrorKind::TimedOut),
            (
                Conversation::new().write_fails(3, io::ErrorKind::BrokenPipe),
                io::ErrorKind::BrokenPipe,
            ),
        ] {
            let (peer, mut pipe) = peer(conversation);
            assert_eq!(pipe.write(b"ab").unwrap(), 2);
            assert_eq!(pipe.write(b"cd").unwrap(), 1);
            assert_eq!(pipe.write(b"d").unwrap_err().kind(), kind);
            assert_eq!(pipe.write(b"").unwrap(), 0);
            assert_eq!(peer.written(), b"abc");
        }
    }

    #[test]
    fn whoever_waits_is_woken_by_the_end_of_the_connection() {
        let (peer, mut pipe) = peer(Conversation::new().stall().write_stalls(0));
        peer.set_deadline(None);
        let waiting = std::thread::spawn(move || {
            (pipe.read(&mut [0; 8]).unwrap(), pipe.write(b"a").unwrap_err().kind())
        });
        peer.close();
        assert_eq!(waiting.join().unwrap(), (0, io::ErrorKind::BrokenPipe));
        assert!(!peer.is_open());
    }

    #[test]
    fn a_wait_ends_at_the_deadline() {
        let (peer, mut pipe) = peer(Conversation::new().stall());
        peer.set_deadline(Instant::now().checked_add(Duration::from_millis(5)));
        assert_eq!(pipe.read(&mut [0; 8]).unwrap_err().kind(), io::ErrorKind::TimedOut);
        assert!(peer.is_open());
        drop(pipe);
        assert!(!peer.is_open());
    }
}
