//! A worker, from the process that has started it.

use std::env;
use std::ffi::OsString;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, TcpListener};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::path::PathBuf;
use std::process::{self, Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::Sender;
use std::thread::{self, JoinHandle};
use std::time::Instant;

use super::control::{READY, VARIABLE, refuse};
use super::supervisor::Event;

/// What is printed without the end of a line is passed on at the latest when it is as long as this.
const LINE: u64 = 64 << 10;

/// Starts workers.
pub(super) struct Launcher {
    program: PathBuf,
    name: Option<OsString>,
    arguments: Vec<OsString>,
    listener: TcpListener,
    events: Sender<Event>,
    next: u64,
}

/// A process, from its start until it has been waited for. One that is dropped before is told to end.
pub(super) struct Worker {
    pub(super) id: u64,
    pub(super) is_ready: bool,
    pub(super) since: Instant,
    child: Child,
    control: UnixStream,
}

impl Launcher {
    pub(super) fn new(listener: TcpListener, events: Sender<Event>) -> io::Result<Self> {
        // While it is the file that was started: later, a new one may have taken its place.
        let program = env::current_exe()?;
        let mut arguments = env::args_os();
        let name = arguments.next();
        Ok(Self { program, name, arguments: arguments.collect(), listener, events, next: 0 })
    }

    /// Starts a worker, and the thread that passes on what it prints.
    pub(super) fn start(&mut self) -> io::Result<(Worker, JoinHandle<()>)> {
        let (control, its) = UnixStream::pair()?;
        let output = control.try_clone()?;
        let (id, events) = (self.next, self.events.clone());
        self.next += 1;
        let output = thread::Builder::new().name("nethttp-output".into()).spawn(move || {
            pass_on(output, &mut io::stdout(), || drop(events.send(Event::Ready(id))));
            // A worker that has closed its output has ended, or is about to.
            drop(events.send(Event::Ended));
        })?;
        let mut command = Command::new(&self.program);
        if let Some(name) = &self.name {
            command.arg0(name);
        }
        let child = command
            .args(&self.arguments)
            .env(VARIABLE, process::id().to_string())
            .stdin(Stdio::from(OwnedFd::from(self.listener.try_clone()?)))
            .stdout(Stdio::from(OwnedFd::from(its)))
            .process_group(0)
            .spawn()?;
        let worker = Worker { id, is_ready: false, since: Instant::now(), child, control };
        Ok((worker, output))
    }

    /// Lets nobody connect any more.
    pub(super) fn refuse(&self) {
        if let Ok(listener) = self.listener.try_clone() {
            refuse(listener.into());
        }
    }
}

impl Worker {
    pub(super) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// Tells the worker to finish and end.
    pub(super) fn drain(&self) {
        let _ = self.control.shutdown(Shutdown::Write);
    }

    pub(super) fn kill(&mut self) {
        let _ = self.child.kill();
    }

    /// Returns whether it has ended, and how, if the system tells.
    pub(super) fn ended(&mut self) -> Option<Option<ExitStatus>> {
        match self.child.try_wait() {
            Ok(None) => None,
            Ok(Some(status)) => Some(Some(status)),
            // Somebody else has waited for it.
            Err(_) => Some(None),
        }
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        self.drain();
    }
}

/// Writes what a worker prints, line by line, until it has ended, and calls a function when it says that it
/// serves.
fn pass_on(output: impl Read, to: &mut impl Write, on_ready: impl FnOnce()) {
    let mut output = BufReader::new(output);
    let (mut line, mut on_ready) = (Vec::new(), Some(on_ready));
    loop {
        line.clear();
        match output.by_ref().take(LINE).read_until(b'\n', &mut line) {
            Ok(1..) => {}
            Ok(0) | Err(_) => return,
        }
        if line.ends_with(READY)
            && let Some(on_ready) = on_ready.take()
        {
            line.truncate(line.len() - READY.len());
            on_ready();
        }
        // The worker goes on, whether anybody listens or not.
        let _ = to.write_all(&line).and_then(|()| to.flush());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passes_on_lines_and_hears_when_a_worker_serves() {
        for (said, printed, times) in [
            (&b""[..], &b""[..], 0),
            (b"a\nb\n", b"a\nb\n", 0),
            (b"\0\n", b"", 1),
            (b"a\nb\0\nc\nd", b"a\nbc\nd", 1),
            (b"a\0b\n\0\n\0\n", b"a\0b\n\0\n", 1),
        ] {
            let (mut to, mut told) = (Vec::new(), 0);
            pass_on(said, &mut to, || told += 1);
            assert_eq!((&*to, told), (printed, times));
        }
        let long = vec![b'a'; 200_000];
        let mut to = Vec::new();
        pass_on(&*long, &mut to, || ());
        assert!(to == long);
    }

    #[test]
    fn nobody_who_listens_does_not_stop_a_worker() {
        struct Broken;
        impl Write for Broken {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Ok(())
            }
        }
        let (mut said, mut told) = (&b"a\n\0\nb\n"[..], 0);
        pass_on(&mut said, &mut Broken, || told += 1);
        assert_eq!((said.len(), told), (0, 1));
    }
}
