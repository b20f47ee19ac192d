//! A part of a file onto a socket.
//!
//! On Linux the bytes do not pass through this process. [`io::copy`] splices when one side is a pipe, so
//! the file, which it is told is the output of a program, fills a pipe, and the pipe is emptied into the
//! socket. That `io::copy` does so is not promised; if it ever stops, the same code copies. Elsewhere, and
//! where a pipe will not do, the bytes are read and written.
//!
//! What is to know about this way:
//!
//! - A piece that begins within a page takes one page more than its length says, so that a piece may be one
//!   page shorter than the pipe. A pipe that is full, or empty, fails instead of waiting.
//! - Who has many pipes gets small ones. They are not worth it, and are not used.
//! - After an error nobody knows what is in a pipe, so it is thrown away.
//! - A client that has gone raises SIGPIPE, which `write` does not. Programs in Rust ignore it; in one that
//!   does not, nothing is spliced.
//! - The socket has pages of the file, not a copy: what is written to the file before they are sent is sent.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::net::TcpStream;
use std::ops::Range;

use super::scratch::Scratch;

/// Less than this is copied. On loopback this is about where splicing overtakes copying.
#[cfg(target_os = "linux")]
const SPLICED: u64 = 512 << 10;

/// Sends a part of a file, and adds to `sent` the bytes that the socket has taken, even if it fails then.
///
/// Between two pieces of at most 128 KiB `check` is asked whether to go on, with what `sent` has become. No
/// wait for the socket lasts longer than its write timeout.
///
/// # Errors
///
/// The file cannot be read, or has become too short ([`io::ErrorKind::UnexpectedEof`]); the socket takes
/// nothing, for good or within its timeout ([`io::ErrorKind::WouldBlock`] or [`io::ErrorKind::TimedOut`]);
/// or whatever `check` says.
pub(super) fn send_file(
    mut file: File,
    range: Range<u64>,
    socket: &TcpStream,
    sent: &mut u64,
    check: &mut dyn FnMut(u64) -> io::Result<()>,
) -> io::Result<()> {
    let mut transfer = Transfer { range, socket, sent, check };
    #[cfg(target_os = "linux")]
    if transfer.left() >= SPLICED
        && let Some(pipe) = pipe::Pipe::take()
    {
        file = transfer.splice(file, pipe)?;
    }
    transfer.copy(&mut file)
}

/// What is left to be done.
struct Transfer<'a> {
    range: Range<u64>,
    socket: &'a TcpStream,
    sent: &'a mut u64,
    check: &'a mut dyn FnMut(u64) -> io::Result<()>,
}

impl Transfer<'_> {
    const fn left(&self) -> u64 {
        self.range.end.saturating_sub(self.range.start)
    }

    /// Counts what the socket has taken.
    fn count(&mut self, len: u64) {
        self.range.start = self.range.start.saturating_add(len);
        *self.sent = self.sent.saturating_add(len);
    }

    fn check(&mut self) -> io::Result<()> {
        if self.left() > 0 { (self.check)(*self.sent) } else { Ok(()) }
    }

    /// Reads and writes.
    fn copy(&mut self, file: &mut File) -> io::Result<()> {
        if self.left() == 0 {
            return Ok(());
        }
        file.seek(SeekFrom::Start(self.range.start))?;
        let mut buffer = Scratch::take();
        while self.left() > 0 {
            let len = match file.take(self.left()).read(&mut buffer) {
                Ok(0) => return Err(io::ErrorKind::UnexpectedEof.into()),
                Ok(len) => len,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            self.write(buffer.get(..len).unwrap_or_default())?;
            self.check()?;
        }
        Ok(())
    }

    /// Writes all, and counts it as it is taken.
    fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.socket.write(bytes) {
                Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                Ok(len) => {
                    self.count(u64::try_from(len).unwrap_or(u64::MAX));
                    bytes = bytes.get(len..).unwrap_or_default();
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        Ok(())
    }
}

#[cfg(target_os = "linux")]
mod pipe {
    use std::fs::{self, File};
    use std::io::{self, PipeReader, PipeWriter, Read, Seek, SeekFrom, Write};
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixStream;
    use std::process::ChildStdout;
    use std::sync::{Mutex, PoisonError};

    use super::Transfer;

    /// What a pipe must hold: sixteen pages of the usual size.
    const CAPACITY: usize = 64 << 10;
    /// What is put into a pipe at once: a page less, and as whole pages.
    const PIECE: u64 = 60 << 10;
    /// Pipes that are kept for whoever comes next; each is two descriptors.
    const KEPT: usize = 16;

    /// Empty pipes. A transfer has one of its own while it lasts.
    static SPARE: Mutex<Vec<Pipe>> = Mutex::new(Vec::new());

    /// A pipe of which neither end ever waits.
    pub(super) struct Pipe {
        reader: PipeReader,
        pub(super) writer: PipeWriter,
    }

    impl Pipe {
        /// Returns an empty pipe, if one is to be had that is good enough.
        pub(super) fn take() -> Option<Self> {
            let spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner).pop();
            spare.or_else(|| Self::new().ok())
        }

        pub(super) fn new() -> io::Result<Self> {
            let status = fs::read_to_string("/proc/self/status")?;
            if !survives_broken_pipes(&status) {
                return Err(io::ErrorKind::Unsupported.into());
            }
            let (reader, writer) = io::pipe()?;
            let reader = PipeReader::from(without_waiting(reader.into())?);
            let writer = PipeWriter::from(without_waiting(writer.into())?);
            let mut pipe = Self { reader, writer };
            let mut scratch = vec![0; CAPACITY];
            if pipe.writer.write(&scratch)? < CAPACITY {
                return Err(io::ErrorKind::Unsupported.into());
            }
            pipe.reader.read_exact(&mut scratch)?;
            Ok(pipe)
        }

        /// Keeps the pipe, which is empty.
        fn keep(self) {
            let mut spare = SPARE.lock().unwrap_or_else(PoisonError::into_inner);
            if spare.len() < KEPT {
                spare.push(self);
            }
        }
    }

    /// Lets an end of a pipe fail where it would wait. Its own type cannot, but a socket's can.
    fn without_waiting(end: OwnedFd) -> io::Result<OwnedFd> {
        let end = UnixStream::from(end);
        end.set_nonblocking(true)?;
        Ok(end.into())
    }

    /// Whether this process ignores or catches SIGPIPE, by what the system says of it.
    pub(super) fn survives_broken_pipes(status: &str) -> bool {
        const SIGPIPE: u64 = 1 << (13 - 1);
        let sets = status.lines().filter_map(|line| line.split_once(":\t"));
        sets.filter(|(name, _)| matches!(*name, "SigIgn" | "SigCgt"))
            .filter_map(|(_, set)| u64::from_str_radix(set, 16).ok())
            .any(|set| set & SIGPIPE != 0)
    }

    impl Transfer<'_> {
        /// Sends through a pipe what can be sent so, and gives the file back for the rest.
        pub(super) fn splice(&mut self, mut file: File, mut pipe: Pipe) -> io::Result<File> {
            file.seek(SeekFrom::Start(self.range.start))?;
            let mut source = ChildStdout::from(OwnedFd::from(file));
            while self.left() > 0 {
                let mut piece = source.by_ref().take(self.left().min(PIECE));
                match io::copy(&mut piece, &mut pipe.writer) {
                    Ok(0) => break,
                    Ok(len) => self.empty(&pipe.reader, len)?,
                    // Nothing of this piece was sent, and the pipe is dropped.
                    Err(_) => return Ok(OwnedFd::from(source).into()),
                }
                self.check()?;
            }
            pipe.keep();
            Ok(OwnedFd::from(source).into())
        }

        /// Lets the socket take what is in the pipe.
        fn empty(&mut self, reader: &PipeReader, len: u64) -> io::Result<()> {
            let mut piece = reader.take(len);
            while piece.limit() > 0 {
                let before = piece.limit();
                let copied = io::copy(&mut piece, &mut &*self.socket);
                // This holds in case of an error, too.
                self.count(before - piece.limit());
                match copied {
                    Ok(0) => return Err(io::ErrorKind::WriteZero.into()),
                    Ok(_) => {}
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error),
                }
            }
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;
    use std::path::PathBuf;
    use std::thread;
    use std::time::Duration;

    type Check<'a> = &'a mut dyn FnMut(u64) -> io::Result<()>;

    /// A file whose bytes tell where they stand, for one test.
    struct Sample(PathBuf);

    impl Sample {
        fn new(name: &str, len: u32) -> Self {
            let name = format!("nethttp-splice-{}-{name}", std::process::id());
            let path = std::env::temp_dir().join(name);
            std::fs::write(&path, Self::bytes(0..len.into())).expect("a file");
            Self(path)
        }

        fn bytes(range: Range<u64>) -> Vec<u8> {
            range.map(|at| (at % 251) as u8 ^ (at / 251 % 253) as u8).collect()
        }

        fn open(&self) -> File {
            File::options().read(true).write(true).open(&self.0).expect("the file")
        }
    }

    impl Drop for Sample {
        fn drop(&mut self) {
            let _ = std::fs::remove_file(&self.0);
        }
    }

    #[derive(Clone, Copy, Debug)]
    enum Way {
        /// What the server does.
        Sent,
        /// What it does where nothing can be spliced.
        Copied,
    }

    const WAYS: [Way; 2] = [Way::Sent, Way::Copied];

    /// Sends, and returns what came of it and the bytes that are said to be sent.
    fn send(
        way: Way,
        mut file: File,
        range: Range<u64>,
        socket: &TcpStream,
        check: Check<'_>,
    ) -> (io::Result<()>, u64) {
        let mut sent = 0;
        let result = match way {
            Way::Sent => send_file(file, range, socket, &mut sent, check),
            Way::Copied => Transfer { range, socket, sent: &mut sent, check }.copy(&mut file),
        };
        (result, sent)
    }

    fn connection() -> (TcpStream, TcpStream) {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let near = TcpStream::connect(listener.local_addr().expect("an address"));
        let near = near.expect("a connection");
        near.set_write_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        let (far, _) = listener.accept().expect("a connection");
        far.set_read_timeout(Some(Duration::from_secs(20))).expect("a timeout");
        (near, far)
    }

    /// Sends to a client that reads everything, which is returned, too.
    fn send_to_reader(
        way: Way,
        file: File,
        range: Range<u64>,
        check: Check<'_>,
    ) -> (io::Result<()>, u64, Vec<u8>) {
        let (near, mut far) = connection();
        let reader = thread::spawn(move || {
            let mut received = Vec::new();
            far.read_to_end(&mut received).map(|_| received)
        });
        let (result, sent) = send(way, file, range, &near, check);
        drop(near);
        (result, sent, reader.join().expect("no panic").expect("all that was sent"))
    }

    #[test]
    fn sends_what_is_in_the_range() {
        let sample = Sample::new("range", 800_000);
        let starts = [0, 1, 4095, 4096, 4097, 61_439, 61_440, 65_535, 65_537, 99_999];
        let lens = [0, 1, 131_072, 131_073, 524_287, 524_288, 524_289, 552_959, 552_960, 552_961];
        for way in WAYS {
            let (near, mut far) = connection();
            for (start, len) in starts.iter().flat_map(|start| lens.map(|len| (*start, len))) {
                let range = start..start + len;
                let expected = Sample::bytes(range.clone());
                thread::scope(|scope| {
                    let reader = scope.spawn(|| {
                        let mut received = vec![0; expected.len()];
                        far.read_exact(&mut received).map(|()| received)
                    });
                    let (result, sent) = send(way, sample.open(), range, &near, &mut |_| Ok(()));
                    result.expect("sent");
                    assert_eq!(sent, len);
                    let received = reader.join().expect("no panic").expect("all");
                    assert!(received == expected, "{way:?} {start}+{len}");
                });
            }
        }
    }

    #[test]
    fn a_file_that_shrinks_is_an_error() {
        for way in WAYS {
            let sample = Sample::new(&format!("shrinks-{way:?}"), 700_000);
            let file = sample.open();
            let (result, sent, received) =
                send_to_reader(way, sample.open(), 5..700_000, &mut |_| file.set_len(200_000));
            assert_eq!(result.expect_err("too short").kind(), io::ErrorKind::UnexpectedEof);
            assert_eq!(sent, 199_995, "{way:?}");
            // What was on its way when the file became shorter may have become zeros.
            assert_eq!(received.len(), 199_995, "{way:?}");
        }
    }

    #[test]
    fn a_file_that_has_not_enough_is_an_error() {
        let sample = Sample::new("short", 600_000);
        for way in WAYS {
            for range in [600_000..600_001, 600_001..900_000, 1..600_001, 599_999..900_000] {
                let expected = Sample::bytes(range.start.min(600_000)..600_000);
                let (result, sent, received) =
                    send_to_reader(way, sample.open(), range, &mut |_| Ok(()));
                assert_eq!(result.expect_err("too short").kind(), io::ErrorKind::UnexpectedEof);
                assert_eq!(sent, expected.len() as u64);
                assert!(received == expected, "{way:?}");
            }
        }
    }

    #[test]
    fn a_client_that_stops_reading_is_an_error() {
        let sample = Sample::new("stops", 30_000_000);
        for way in WAYS {
            let (near, mut far) = connection();
            near.set_write_timeout(Some(Duration::from_millis(50))).expect("a timeout");
            let range = 7..30_000_000;
            let (result, sent) = send(way, sample.open(), range, &near, &mut |_| Ok(()));
            let kind = result.expect_err("too much for the buffers").kind();
            assert!(matches!(kind, io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut), "{kind}");
            drop(near);
            let mut received = Vec::new();
            far.read_to_end(&mut received).expect("what the socket has taken");
            assert_eq!(received.len() as u64, sent, "{way:?}");
            assert!(received == Sample::bytes(7..7 + sent), "{way:?}");
            // What was left of it is in nobody's way.
            let (result, _, received) =
                send_to_reader(way, sample.open(), 0..600_000, &mut |_| Ok(()));
            result.expect("sent");
            assert!(received == Sample::bytes(0..600_000), "{way:?}");
        }
    }

    #[test]
    fn a_client_that_has_gone_is_an_error() {
        let sample = Sample::new("gone", 30_000_000);
        for way in WAYS {
            let (near, far) = connection();
            drop(far);
            let (result, sent) = send(way, sample.open(), 0..30_000_000, &near, &mut |_| Ok(()));
            assert!(result.is_err() && sent < 30_000_000, "{way:?}");
        }
    }

    #[test]
    fn is_asked_between_pieces_whether_to_go_on() {
        let sample = Sample::new("asked", 700_000);
        for way in WAYS {
            let mut asked = Vec::new();
            let (result, sent, received) =
                send_to_reader(way, sample.open(), 3..700_000, &mut |sent| {
                    asked.push(sent);
                    if sent < 150_000 { Ok(()) } else { Err(io::ErrorKind::TimedOut.into()) }
                });
            assert_eq!(result.expect_err("refused").kind(), io::ErrorKind::TimedOut);
            assert_eq!(asked.last(), Some(&sent), "{way:?}");
            assert!(asked.is_sorted() && asked.windows(2).all(|two| two[1] - two[0] <= 128 << 10));
            assert!((150_000..150_000 + (128 << 10)).contains(&sent), "{way:?} {sent}");
            assert!(received == Sample::bytes(3..3 + sent), "{way:?}");
            let refuse: Check<'_> = &mut |_| panic!("nothing is left to be asked for");
            let (result, sent, _) = send_to_reader(way, sample.open(), 0..5000, refuse);
            assert!(result.is_ok() && sent == 5000);
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_pipe_that_is_full_makes_it_copy() {
        let sample = Sample::new("full", 300_000);
        let (near, mut far) = connection();
        let reader = thread::spawn(move || {
            let mut received = Vec::new();
            far.read_to_end(&mut received).map(|_| received)
        });
        let mut pipe = pipe::Pipe::new().expect("a pipe");
        pipe.writer.write_all(&[0; 32 << 10]).expect("there is room");
        let (mut sent, mut checks) = (0, 0);
        let mut check = |_| {
            checks += 1;
            Ok(())
        };
        let mut transfer =
            Transfer { range: 1..300_000, socket: &near, sent: &mut sent, check: &mut check };
        let mut file = transfer.splice(sample.open(), pipe).expect("no harm done");
        assert_eq!(transfer.range, 1..300_000);
        transfer.copy(&mut file).expect("sent");
        drop(near);
        assert!(reader.join().expect("no panic").expect("all") == Sample::bytes(1..300_000));
        assert_eq!((sent, checks), (299_999, 2));
    }

    /// If this fails, `io::copy` splices no more, and this file is to be thought over.
    #[cfg(target_os = "linux")]
    #[test]
    fn nothing_passes_through_this_process() {
        let calls = || -> Option<u64> {
            let io = std::fs::read_to_string("/proc/thread-self/io").ok()?;
            io.lines().find_map(|line| line.strip_prefix("syscr: "))?.parse().ok()
        };
        let sample = Sample::new("calls", 6_000_000);
        let spent = |way| {
            let before = calls()?;
            let (result, ..) = send_to_reader(way, sample.open(), 0..6_000_000, &mut |_| Ok(()));
            result.expect("sent");
            Some(calls()? - before)
        };
        let (Some(sent), Some(copied)) = (spent(Way::Sent), spent(Way::Copied)) else {
            println!("skipped: the system does not count");
            return;
        };
        assert!(sent < 20 && copied > 45, "{sent} against {copied}");
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn splices_only_where_a_broken_pipe_is_no_end() {
        for (status, expected) in [
            ("SigIgn:\t0000000000001000\nSigCgt:\t0000000000000000\n", true),
            ("Name:\ta\nSigIgn:\t0000000000000000\nSigCgt:\t0000000000001440\n", true),
            ("SigIgn:\t0000000000000fff\nSigCgt:\tffffffffffffefff\n", false),
            ("SigBlk:\t0000000000001000\n", false),
            ("SigIgn: 1000\n", false),
            ("SigIgn:\tx\n", false),
            ("", false),
        ] {
            assert_eq!(pipe::survives_broken_pipes(status), expected, "{status}");
        }
    }
}
