//! A server of several processes, which share a port and are replaced while they serve.
//!
//! ```text
//! echo 'Good morning' > greeting.txt
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
        let arguments = std::env::args_os().skip(1).map(|it| it.to_string_lossy().into_owned());
        let done = match Options::parse(arguments) {
            Ok(None) => {
                print!("{USAGE}");
                return ExitCode::SUCCESS;
            }
            Ok(Some(options)) => run(&options).map_err(|error| (1, error.to_string())),
            Err(reason) => Err((2, format!("{reason}; try --help"))),
        };
        match done {
            Ok(()) => ExitCode::SUCCESS,
            Err((status, reason)) => {
                eprintln!("prefork: {reason}");
                ExitCode::from(status)
            }
        }
    }

    impl Options {
        /// Reads the arguments; `None` asks for help.
        fn parse(
            mut arguments: impl Iterator<Item = String>,
        ) -> std::result::Result<Option<Self>, String> {
            let bind = "127.0.0.1".to_owned();
            let mut options = Self { bind, port: 8080, workers: 2, file: None };
            while let Some(argument) = arguments.next() {
                let missing = || format!("expected a value after {argument}");
                let mut value = || arguments.next().ok_or_else(missing);
                match argument.as_str() {
                    "-h" | "--help" => return Ok(None),
                    "-b" | "--bind" => options.bind = value()?,
                    "-p" | "--port" => {
                        let port = value()?.parse();
                        options.port =
                            port.map_err(|_| "expected a port from 0 to 65535 after --port")?;
                    }
                    "-w" | "--workers" => {
                        let workers = value()?.parse().ok().filter(|it| (1..=1000).contains(it));
                        options.workers =
                            workers.ok_or("expected a number from 1 to 1000 after --workers")?;
                    }
                    _ if argument.starts_with('-') || options.file.is_some() => {
                        return Err(format!("unknown argument {argument:?}"));
                    }
                    _ => options.file = Some(argument),
                }
            }
            Ok(Some(options))
        }
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
            // What a worker prints comes out of the first process.
            println!("{} {}", process::id(), request.path());
            if request.path() == "/slow" {
                thread::sleep(Duration::from_secs(1));
            }
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
