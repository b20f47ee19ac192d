//! Clients as processes, and the server of theirs.
//!
//! Each is a copy of this program, which is told by its standard input what to do, answers by its standard output, and
//! ends with its standard input: that is when this process ends, however it does.

use std::cell::RefCell;
use std::error::Error;
use std::io::{self, BufRead, BufReader, Write};
use std::net::SocketAddr;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use super::answers::{Answer, Target};
use super::client::{self, Asked, Client};
use super::rows::Cores;
use super::server;
use crate::process;
use crate::servers::load::Content;

/// The argument that makes this program the server.
pub const SERVE: &str = "--serve";
/// The argument that makes this program a client.
pub const CLIENT: &str = "--client";
/// How much of each piece is compared where not all is: to compare a long body takes longer than to receive it.
const SAMPLE: usize = 64;
/// A proxy of this machine is in nobody's way.
const PROXIES: [&str; 6] =
    ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY", "https_proxy", "HTTPS_PROXY"];

/// A process that answers. Dropping it ends it.
#[derive(Debug)]
struct Process {
    child: Child,
    stdin: RefCell<Option<ChildStdin>>,
    stdout: RefCell<BufReader<ChildStdout>>,
}

impl Process {
    fn start(arguments: &[&str]) -> io::Result<Self> {
        let mut command = Command::new(std::env::current_exe()?);
        PROXIES.iter().for_each(|name| _ = command.env_remove(name));
        let mut child = command
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            // An interrupt from the keyboard is for this process alone.
            .process_group(0)
            .spawn()?;
        let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
        let stdout = stdout.ok_or_else(|| io::Error::other("no standard output"))?;
        Ok(Self { child, stdin: stdin.into(), stdout: BufReader::new(stdout).into() })
    }

    fn tell(&self, line: &str) -> io::Result<()> {
        let mut stdin = self.stdin.borrow_mut();
        let stdin = stdin.as_mut().ok_or(io::ErrorKind::BrokenPipe)?;
        writeln!(stdin, "{line}")
    }

    fn hear(&self) -> io::Result<String> {
        let mut line = String::new();
        self.stdout.borrow_mut().read_line(&mut line)?;
        let whole = line.strip_suffix('\n').map(str::to_owned);
        whole.ok_or_else(|| io::Error::other("the process has ended"))
    }

    fn cpu(&self) -> io::Result<Duration> {
        process::cpu(&[self.child.id()])
    }

    fn pin(&self, core: u32) -> bool {
        process::pin(self.child.id(), core)
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        drop(self.stdin.take());
        if !process::ended(&mut self.child) {
            let _ = self.child.kill();
            let _ = self.child.wait();
        }
    }
}

/// The server of all clients.
#[derive(Debug)]
pub struct Server {
    addr: SocketAddr,
    process: Process,
}

impl Server {
    /// Starts it.
    ///
    /// # Errors
    ///
    /// Says why there is none.
    pub fn start() -> Result<Self, Box<dyn Error>> {
        let process = Process::start(&[SERVE])?;
        let addr = process.hear()?.parse()?;
        Ok(Self { addr, process })
    }
}

/// What a turn came to, for each request.
#[derive(Clone, Copy, Debug)]
pub struct Sample {
    /// The client's time of the processor, in microseconds.
    pub cpu: f64,
    /// The time that passed, in microseconds.
    pub time: f64,
    /// The server's time of the processor, in microseconds.
    pub server: f64,
}

/// What a client's requests have taken it.
struct Taken {
    /// Of the processor.
    cpu: Duration,
    time: Duration,
}

impl Taken {
    fn read(line: &str) -> Option<Self> {
        let (cpu, time) = line.split_once(' ')?;
        let nanos = |number: &str| number.parse().map(Duration::from_nanos).ok();
        Some(Self { cpu: nanos(cpu)?, time: nanos(time)? })
    }
}

/// A client that runs.
#[derive(Debug)]
pub struct Running {
    process: Process,
    client: &'static Client,
}

impl Running {
    /// Starts a client.
    ///
    /// # Errors
    ///
    /// Says why there is none.
    pub fn start(client: &'static Client, server: &Server) -> Result<Self, String> {
        let process = Process::start(&[CLIENT, client.name, &server.addr.to_string()]);
        Ok(Self { process: process.map_err(|error| error.to_string())?, client })
    }

    /// Gives the client and the server their cores, and returns whether they have them.
    #[must_use]
    pub fn place(&self, cores: Cores, server: &Server) -> bool {
        let core = if cores == Cores::One { 0 } else { 1 };
        server.process.pin(0) && self.process.pin(core)
    }

    /// Has two answers compared byte by byte, and the connections counted that this takes; then finds how many requests
    /// take the client about so much of the processor.
    ///
    /// # Errors
    ///
    /// Says what is wrong.
    pub fn prepare(&self, target: Target, server: &Server, cpu: Duration) -> Result<u32, String> {
        let accepted = || server::accepted(server.addr).map_err(|error| error.to_string());
        let before = accepted()?;
        self.ask(target, 2, true)?;
        let connections = accepted()? - before - 1;
        let expected = if self.client.keeps && target != Target::Close { 1 } else { 2 };
        if connections != expected {
            return Err(format!(
                "expected {expected} connections for 2 requests, found {connections}"
            ));
        }
        let mut count = 1;
        loop {
            let [taken, ..] = self.measure(target, count, server)?;
            // A little is no measure yet.
            if taken >= cpu / 4 || count >= 1 << 20 {
                let fills = cpu.as_nanos() * u128::from(count) / taken.as_nanos().max(1);
                return Ok(u32::try_from(fills).unwrap_or(u32::MAX).max(1));
            }
            count *= 2;
        }
    }

    /// Gives the client a turn.
    ///
    /// # Errors
    ///
    /// An answer was wrong, or did not come.
    pub fn turn(&self, target: Target, count: u32, server: &Server) -> Result<Sample, String> {
        let each = |all: Duration| all.as_secs_f64() * 1e6 / f64::from(count);
        let [cpu, time, server] = self.measure(target, count, server)?.map(each);
        Ok(Sample { cpu, time, server })
    }

    /// Returns the client's time of the processor for so many requests, the time that passed, and the server's.
    fn measure(
        &self,
        target: Target,
        count: u32,
        server: &Server,
    ) -> Result<[Duration; 3], String> {
        let clock = || server.process.cpu().map_err(|error| error.to_string());
        let before = clock()?;
        let taken = self.ask(target, count, false)?;
        Ok([taken.cpu, taken.time, clock()? - before])
    }

    fn ask(&self, target: Target, count: u32, whole: bool) -> Result<Taken, String> {
        let order = format!("{} {count} {whole}", target.name());
        let heard = self.process.tell(&order).and_then(|()| self.process.hear());
        let heard = heard.map_err(|error| error.to_string())?;
        Taken::read(&heard).ok_or(heard)
    }
}

/// Is the server, until the standard input ends.
///
/// # Errors
///
/// What the system says.
pub fn serve() -> io::Result<()> {
    thread::spawn(|| {
        process::until_the_end();
        std::process::exit(0);
    });
    server::serve(|addr| println!("{addr}"))
}

/// Is a client, until the standard input ends: takes orders of a target, a number of requests and whether to compare
/// every byte, and answers each with the nanoseconds of the processor and of the clock that it took, or with what was wrong.
///
/// # Errors
///
/// What it is told makes no sense, or its pipes are closed.
pub fn run(name: &str, addr: &str) -> Result<(), Box<dyn Error>> {
    let client = client::find(name).ok_or("no such client")?;
    let addr: SocketAddr = addr.parse()?;
    let mut known: Vec<(Target, Asked)> = Vec::new();
    for order in io::stdin().lines() {
        let order = order?;
        let words: Vec<&str> = order.split(' ').collect();
        let [target, count, whole] = words[..] else { return Err("expected three words".into()) };
        let target = Target::find(target).ok_or("no such target")?;
        // An answer takes a while to make, which is over before any turn that counts.
        if known.iter().all(|(of, _)| *of != target) {
            let url = format!("http://{addr}/{}", target.name());
            known.push((target, Asked { addr, url, answer: Answer::of(target) }));
        }
        let asked = known.iter().find(|(of, _)| *of == target).map(|(_, asked)| asked);
        let asked = asked.ok_or("no such target")?;
        match ask(client, asked, count.parse()?, whole.parse()?) {
            Ok(taken) => println!("{} {}", taken.cpu.as_nanos(), taken.time.as_nanos()),
            Err(error) => println!("{}", error.to_string().replace('\n', " ")),
        }
    }
    Ok(())
}

fn ask(client: &Client, asked: &Asked, count: u32, whole: bool) -> Result<Taken, Box<dyn Error>> {
    let (start, before) = (Instant::now(), process::own_cpu());
    let mut get = (client.open)(asked)?;
    for _ in 0..count {
        let mut check = Check { expected: asked.answer.expected(), whole, at: 0, is_right: true };
        let status = get(&mut |piece| check.take(piece))?;
        if status != 200 || !check.is_right || !check.expected.ends(check.at) {
            let (len, is) = (check.at, if check.is_right { "right" } else { "wrong" });
            return Err(format!("status {status}, {len} bytes that are {is}").into());
        }
    }
    Ok(Taken { time: start.elapsed(), cpu: process::own_cpu() - before })
}

/// Compares a body as it comes.
struct Check<'a> {
    expected: Content<'a>,
    /// Every byte, and not the first of each piece.
    whole: bool,
    at: u64,
    is_right: bool,
}

impl Check<'_> {
    fn take(&mut self, piece: &[u8]) {
        let compared = if self.whole { piece } else { &piece[..piece.len().min(SAMPLE)] };
        self.is_right &= self.expected.has(self.at, compared);
        self.at += piece.len() as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_client_gets_the_whole_answer() {
        let (tell, told) = std::sync::mpsc::channel();
        thread::spawn(move || server::serve(|addr| tell.send(addr).unwrap()).unwrap());
        let addr = told.recv().unwrap();
        for target in [Target::Small, Target::Close] {
            let url = format!("http://{addr}/{}", target.name());
            let asked = Asked { addr, url, answer: Answer::of(target) };
            for client in &client::CLIENTS {
                ask(client, &asked, 3, true).unwrap();
            }
        }
    }

    #[test]
    fn a_wrong_byte_is_seen() {
        let mut check =
            Check { expected: Content::Bytes(b"good"), whole: true, at: 0, is_right: true };
        check.take(b"go");
        assert!(check.is_right);
        check.take(b"ad");
        assert!(!check.is_right && check.expected.ends(check.at));
    }
}
