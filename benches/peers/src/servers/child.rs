//! Servers as processes, and what they take.
//!
//! Every server is started by a copy of this program, which runs it or starts and ends the program that
//! does. The copy holds a pipe whose other end is here: however this process ends, the pipe ends with it, and
//! the server with the pipe.

use std::error::Error;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::scratch::Scratch;
use super::served::{self, Kind, Server};
use crate::process::{self, PATIENCE, until_the_end};

/// The argument that makes this program a server.
pub const SERVE: &str = "--serve";

/// A server that runs. Dropping it ends the server.
#[derive(Debug)]
pub struct Running {
    /// Where it listens.
    pub addr: SocketAddr,
    child: Child,
    /// The process and those that it has started.
    processes: Vec<u32>,
}

impl Running {
    /// Starts a server and waits until it listens.
    ///
    /// # Errors
    ///
    /// Says why there is none.
    pub fn start(server: &Server, scratch: &Scratch) -> Result<Self, String> {
        let port = free_port().map_err(|error| error.to_string())?;
        if let Kind::Program { prepare, .. } = server.kind {
            // What takes long is done before the clock runs.
            prepare(port, scratch.path())?;
        }
        let child = std::env::current_exe()
            .and_then(|program| {
                Command::new(program)
                    .args([SERVE, server.name, &port.to_string()])
                    .arg(scratch.path())
                    .stdin(Stdio::piped())
                    // An interrupt from the keyboard is for this process alone.
                    .process_group(0)
                    .spawn()
            })
            .map_err(|error| error.to_string())?;
        let addr = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
        let mut running = Self { addr, child, processes: Vec::new() };
        let deadline = Instant::now() + PATIENCE;
        while TcpStream::connect(addr).is_err() {
            if Instant::now() > deadline || !matches!(running.child.try_wait(), Ok(None)) {
                return Err("it does not listen".into());
            }
            thread::sleep(Duration::from_millis(5));
        }
        // Servers with workers start these about now.
        thread::sleep(Duration::from_millis(50));
        running.processes = process::family(running.child.id());
        Ok(running)
    }

    /// Returns the time that the server has computed, in and outside of the system, to 10 ms.
    ///
    /// # Errors
    ///
    /// The server has ended.
    pub fn cpu(&self) -> io::Result<Duration> {
        process::cpu(&self.processes)
    }

    /// Returns the bytes of memory that the server has got.
    ///
    /// # Errors
    ///
    /// The server has ended.
    pub fn memory(&self) -> io::Result<u64> {
        process::memory(&self.processes)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        if !process::ended(&mut self.child) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Whoever asks at the same moment could get the same; nobody does.
fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

/// Is a server, until the standard input ends.
///
/// # Errors
///
/// Says why it cannot.
pub fn serve(name: &str, port: u16, root: &Path) -> Result<(), Box<dyn Error>> {
    let server = served::find(name).ok_or("no such server")?;
    match server.kind {
        Kind::Function(serve) => {
            thread::spawn(|| {
                until_the_end();
                std::process::exit(0);
            });
            serve(port, root)
        }
        Kind::Program { prepare, .. } => {
            let mut child = prepare(port, root)?.stdin(Stdio::piped()).spawn()?;
            until_the_end();
            drop(child.stdin.take());
            // Whoever does not look at the standard input gets a signal, for which std has no function; a
            // program with workers would leave them behind if it was killed.
            let _ = Command::new("sh").args(["-c", &format!("kill -TERM {}", child.id())]).status();
            if !process::ended(&mut child) {
                child.kill()?;
            }
            child.wait()?;
            Ok(())
        }
    }
}
