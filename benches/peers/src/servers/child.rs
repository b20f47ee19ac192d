//! Servers as processes, and what they take.
//!
//! Every server is started by a copy of this program, which runs it or starts and ends the program that
//! does. The copy holds a pipe whose other end is here: however this process ends, the pipe ends with it, and
//! the server with the pipe.

use std::error::Error;
use std::fs;
use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{self, Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::scratch::{Scratch, until_the_end};
use super::served::{self, Kind, Server};

/// The argument that makes this program a server.
pub const SERVE: &str = "--serve";
/// Ticks of the clock in which Linux counts a process's time, in all architectures of today.
const TICK: Duration = Duration::from_millis(10);
/// How long a server may take to start or to end.
const PATIENCE: Duration = Duration::from_secs(5);

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
        running.processes = family(running.child.id());
        Ok(running)
    }

    /// Returns the time that the server has computed, in and outside of the system, to 10 ms.
    ///
    /// # Errors
    ///
    /// The server has ended.
    pub fn cpu(&self) -> io::Result<Duration> {
        let ticks =
            |&process: &u32| Stat::of(process).map(|stat| stat.number(UTIME) + stat.number(STIME));
        let ticks: u64 = self.processes.iter().map(ticks).sum::<io::Result<_>>()?;
        Ok(TICK * u32::try_from(ticks).unwrap_or(u32::MAX))
    }

    /// Returns the bytes of memory that the server has got.
    ///
    /// # Errors
    ///
    /// The server has ended.
    pub fn memory(&self) -> io::Result<u64> {
        let kibibytes = |process: &u32| {
            let status = fs::read_to_string(format!("/proc/{process}/status"))?;
            let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
            let number: Option<u64> =
                line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
            number.ok_or_else(|| io::Error::other("the server has ended"))
        };
        Ok(self.processes.iter().map(kibibytes).sum::<io::Result<u64>>()? << 10)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        drop(self.child.stdin.take());
        if !ended(&mut self.child) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// Waits for a process, and returns whether it has ended.
fn ended(child: &mut Child) -> bool {
    let deadline = Instant::now() + PATIENCE;
    while Instant::now() < deadline {
        if !matches!(child.try_wait(), Ok(None)) {
            return true;
        }
        thread::sleep(Duration::from_millis(5));
    }
    false
}

/// Whoever asks at the same moment could get the same; nobody does.
fn free_port() -> io::Result<u16> {
    Ok(TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port())
}

const PARENT: usize = 4;
const UTIME: usize = 14;
const STIME: usize = 15;

/// What the system says of a process, with its fields numbered as in proc(5).
struct Stat(String);

impl Stat {
    fn of(process: u32) -> io::Result<Self> {
        fs::read_to_string(format!("/proc/{process}/stat")).map(Self)
    }

    fn number(&self, field: usize) -> u64 {
        // The second field is a name in parentheses, which can hold anything.
        let rest = self.0.rsplit_once(") ").map_or("", |(_, rest)| rest);
        rest.split(' ').nth(field - 3).and_then(|number| number.parse().ok()).unwrap_or_default()
    }
}

/// Returns a process and all that come from it.
fn family(process: u32) -> Vec<u32> {
    let all = fs::read_dir("/proc").into_iter().flatten().flatten();
    let all = all.filter_map(|entry| entry.file_name().to_str()?.parse().ok());
    let parents: Vec<(u32, u64)> =
        all.filter_map(|child| Some((child, Stat::of(child).ok()?.number(PARENT)))).collect();
    let mut family = vec![process];
    let mut at = 0;
    while let Some(&member) = family.get(at) {
        let children = parents.iter().filter(|(_, parent)| *parent == u64::from(member));
        family.extend(children.map(|(child, _)| child));
        at += 1;
    }
    family
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
                process::exit(0);
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
            if !ended(&mut child) {
                child.kill()?;
            }
            child.wait()?;
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_with_spaces_and_parentheses_is_one_field() {
        let stat = Stat("1 (a) b (c) S 4 5 6 7 8 9 10 11 12 13 14 15 16".into());
        assert_eq!([PARENT, UTIME, STIME].map(|field| stat.number(field)), [4, 14, 15]);
    }

    #[test]
    fn this_process_is_of_its_parents_family() {
        let parent = std::os::unix::process::parent_id();
        assert!(family(parent).contains(&process::id()));
    }
}
