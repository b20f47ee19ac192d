//! A worker's connection to the process that has started it.
//!
//! It is the worker's standard output, and goes both ways. The worker says [`READY`] once, which the other
//! side tells from what is printed; the other side says nothing, until it closes its direction, or dies.

use std::env;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpStream};
use std::os::fd::{AsFd, OwnedFd};
use std::os::unix::net::UnixStream;
use std::os::unix::process::parent_id;
use std::process;
use std::thread;
use std::time::Duration;

use super::{MARGIN, failure};
use crate::error::Result;

/// The variable that tells a worker who has started it, by the number of the process.
pub(super) const VARIABLE: &str = "NETHTTP_PREFORK_PARENT";
/// What a worker says when it serves.
pub(super) const READY: &[u8] = b"\0\n";
/// How long it takes until a process that has died is nobody's parent any more, and until threads have
/// looked up from `accept`.
const SETTLED: Duration = Duration::from_millis(500);

/// Ends when the worker has to. To read it for the first time is to say that the worker serves.
#[derive(Debug)]
pub(super) struct Control {
    stream: UnixStream,
    parent: u32,
    grace: Duration,
    is_ready: bool,
}

impl Control {
    /// Returns the connection, if this process is a worker.
    ///
    /// # Errors
    ///
    /// Its parent is another than the one that has started it as a worker: it has died meanwhile, or this is
    /// a program that a worker has started.
    pub(super) fn of_worker(grace: Duration) -> Result<Option<Self>> {
        let Some(named) = env::var_os(VARIABLE) else {
            return Ok(None);
        };
        let parent = parent_id();
        if named.to_str().and_then(|named| named.parse().ok()) != Some(parent) {
            let named = named.display();
            return Err(failure(format!(
                "expected process {named} as parent, as {VARIABLE} says, found {parent}"
            )));
        }
        let stream = UnixStream::from(io::stdout().as_fd().try_clone_to_owned()?);
        Ok(Some(Self { stream, parent, grace, is_ready: false }))
    }

    /// Sees to it that this process is gone in time, and that, if the parent has died, nobody waits to be
    /// accepted by those who are all on their way out, nor keeps the port from whoever comes next.
    fn end(&self) {
        let Self { parent, grace, .. } = *self;
        let _ = thread::Builder::new().name("nethttp-end".into()).spawn(move || {
            thread::sleep(SETTLED);
            if parent_id() != parent
                && let Ok(listener) = io::stdin().as_fd().try_clone_to_owned()
            {
                refuse(listener);
            }
            thread::sleep(grace.saturating_add(MARGIN));
            process::exit(1);
        });
    }
}

impl Read for Control {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if !self.is_ready {
            self.is_ready = true;
            self.stream.write_all(READY)?;
        }
        let read = self.stream.read(buf);
        match &read {
            Ok(1..) => {}
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Ok(0) | Err(_) => self.end(),
        }
        read
    }
}

/// Stops a listener in every process that has it.
pub(super) fn refuse(listener: OwnedFd) {
    let _ = TcpStream::from(listener).shutdown(Shutdown::Both);
}
