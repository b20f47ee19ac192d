//! A server of several processes, which share a port and are replaced while they serve.
//!
//! ```text
//! cargo run --example prefork -- --port 8080 --workers 4 greeting.txt
//! curl http://127.0.0.1:8080/
//! ```
//!
//! The file is read by every worker when it starts. Change it, type `restart`, and look at `curl` again. Kill
//! a worker, or all of them: they are replaced. Ctrl-D, Ctrl-C, or killing the first process lets the
//! workers finish what they are doing; `/slow` takes a while.

#[cfg(not(unix))]
fn main() {
    eprintln!("prefork: a listener is passed on to other processes on Unix only");
}

#[cfg(unix)]
fn main() -> std::process::ExitCode {
    unix::main()
}

#[cfg(unix)]
mod unix {
    use std::io::{self, Write};
    use std::process::{self, ExitCode};
    use std::thread;
    use std::time::Duration;

    use nethttp::server::{Prefork, PreforkHandle, Role};
    use nethttp::{Request, Result, Server};

    const USAGE: &str = "\
usage: prefork [--bind ADDR] [--port N] [--workers N] [FILE]

Says hello, or what is in FILE, from several processes.

  -b, --bind ADDR   the address to listen on (127.0.0.1)
  -p, --port N      the port to listen on (8080; 0 takes one that is free)
  -w, --workers N   the number of processes that serve (2)
  -h, --help        print this text

On standard input, `restart` replaces the processes; its end stops them.
";

    struct Options {
        bind: String,
        port: u16,
        workers: usize,
        file: Option<String>,
    }

    pub(super) fn main() -> ExitCode {
        let mut options =
            Options { bind: "127.0.0.1".to_owned(), port: 8080, workers: 2, file: None };
        let mut arguments =
            std::env::args_os().skip(1).map(|argument| argument.to_string_lossy().into_owned());
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().unwrap_or_default();
            match argument.as_str() {
                "-h" | "--help" => {
                    print!("{USAGE}");
                    return ExitCode::SUCCESS;
                }
                "-b" | "--bind" => options.bind = value(),
                "-p" | "--port" => match value().parse() {
                    Ok(number) => options.port = number,
                    Err(_) => return misused("expected a port from 0 to 65535 after --port"),
                },
                "-w" | "--workers" => match value().parse() {
                    Ok(number @ 1..=1000) => options.workers = number,
                    _ => return misused("expected a number from 1 to 1000 after --workers"),
                },
                _ if argument.starts_with('-') || options.file.is_some() => {
                    return misused(&format!("unknown argument {argument:?}"));
                }
                _ => options.file = Some(argument),
            }
        }
        match run(&options) {
            Ok(()) => ExitCode::SUCCESS,
            Err(error) => {
                eprintln!("prefork: {error}");
                ExitCode::FAILURE
            }
        }
    }

    fn misused(reason: &str) -> ExitCode {
        eprintln!("prefork: {reason}; try --help");
        ExitCode::from(2)
    }

    fn run(options: &Options) -> Result<()> {
        let prefork = Prefork::new(options.workers).observe(|event| eprintln!("{event}"));
        match prefork.start((options.bind.as_str(), options.port))? {
            Role::Worker(server) => serve(server, options.file.as_deref()),
            Role::Parent(handle) => {
                // The port may be one that was free; whoever started this reads which.
                writeln!(io::stdout(), "http://{}/", handle.addr())?;
                let obeying = handle.clone();
                thread::spawn(move || obey(&obeying));
                handle.wait()
            }
        }
    }

    /// What every worker does.
    fn serve(server: Server, file: Option<&str>) -> Result<()> {
        let text = file.map_or(Ok("hello\n".to_owned()), std::fs::read_to_string)?;
        server.run(move |request: &mut Request| {
            if request.path() == "/slow" {
                thread::sleep(Duration::from_secs(1));
            }
            // What a worker prints comes out of the first process.
            println!("{} {}", process::id(), request.path());
            format!("{}: {text}", process::id())
        })
    }

    /// What the first process does, while the library looks after the workers.
    fn obey(handle: &PreforkHandle) {
        for command in io::stdin().lines() {
            match command.as_deref().map(str::trim) {
                Ok("restart") => match handle.restart() {
                    Ok(()) => eprintln!("restarted"),
                    Err(error) => eprintln!("not restarted, {error}"),
                },
                Ok("") => {}
                Ok(_) => eprintln!("expected the command restart"),
                Err(_) => break,
            }
        }
        let _ = handle.shutdown();
    }
}
