//! Serves a directory over HTTP, as `python3 -m http.server` does.
//!
//! ```text
//! cargo run --example serve -- --port 8000 target/doc
//! ```
//!
//! The files are public to whoever can connect; without `--bind` that is this machine alone. What is done with a
//! request is up to the crate: this program reads options and puts together what they ask for.

mod options;
mod page;

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use nethttp::field::CacheControl;
use nethttp::server::{
    AccessLog, Compression, Cors, ErrorPages, FileServer, Guard, Handler, Links, Middleware,
    Uploads, Users,
};
use nethttp::{MediaType, Request, Response, Server};

use crate::options::{Log, Options, USAGE};

/// Extensions of texts that are to be read, not run, whatever type they have besides.
const SOURCES: [&str; 33] = [
    "bash", "c", "cc", "cfg", "conf", "cpp", "diff", "go", "h", "hpp", "ini", "java", "jsx", "kt",
    "lock", "log", "lua", "nix", "patch", "pl", "py", "rb", "rs", "sh", "sql", "swift", "toml",
    "ts", "tsx", "yaml", "yml", "zig", "zsh",
];

/// Why the server did not start, or stopped.
struct Failure {
    text: String,
    status: u8,
}

fn main() -> ExitCode {
    let failure = match Options::parse(std::env::args_os().skip(1)) {
        Ok(None) => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Ok(Some(options)) => match run(&options) {
            Ok(()) => return ExitCode::SUCCESS,
            Err(failure) => failure,
        },
        Err(reason) => Failure { text: format!("{reason}; try --help"), status: 2 },
    };
    eprintln!("serve: {}", failure.text);
    ExitCode::from(failure.status)
}

fn run(options: &Options) -> Result<(), Failure> {
    let failed = |text| Failure { text, status: 1 };
    let app = app(options).map_err(|error| Failure { text: error.to_string(), status: 2 })?;
    let address = (options.bind.as_str(), options.port);
    let mut server = Server::bind(address).map_err(|error| {
        failed(format!("cannot listen on {} port {}: {error}", options.bind, options.port))
    })?;
    let local = server.local_addr().map_err(|error| failed(error.to_string()))?;
    let log = match options.log {
        Log::None => None,
        Log::Common => Some(AccessLog::common(io::stderr())),
        Log::Combined => Some(AccessLog::combined(io::stderr())),
    };
    if let Some(log) = &log {
        // What is no request at all is not seen by the app, but has its line too.
        server = server.on_refused(log.refusals());
    }
    announce(&options.folder, &format!("http://{local}/"));
    server.run(app.wrap(log)).map_err(|error| failed(error.to_string()))
}

/// Puts together what the options ask for. What is put around last sees a request first, and a response last.
fn app(options: &Options) -> Result<Box<dyn Handler>, Box<dyn Error>> {
    let mut app: Box<dyn Handler> = Box::new(files(options)?);
    if let Some((name, password)) = &options.user {
        let guard = Guard::basic("serve", Users::new().add(name, password))?;
        app = match options.public {
            true => Box::new(app.wrap(OnlyChanges(guard))),
            false => Box::new(app.wrap(guard)),
        };
    }
    app = Box::new(app.wrap(ErrorPages::new().render(page::error)));
    if let Some(origin) = &options.cors {
        let cors = if origin == "*" { Cors::any() } else { Cors::origins([&**origin])? };
        app = Box::new(app.wrap(cors));
    }
    // Whoever reads a file here may read all of it: its compressed length gives away nothing.
    Ok(Box::new(app.wrap(Compression::DEFAULT)))
}

/// Puts together what serves the files.
fn files(options: &Options) -> Result<FileServer, Box<dyn Error>> {
    let mut files = FileServer::open(&options.folder)?
        .listing(options.listing)
        .hidden(options.hidden)
        .links(if options.follow { Links::Follow } else { Links::Inside })
        .precompressed(true)
        .languages(options.languages()?);
    for extension in SOURCES {
        files = files.media_type(extension, MediaType::TEXT_PLAIN_UTF_8);
    }
    if let Some(age) = options.cache {
        files = files.cache("*", &CacheControl::new().with_max_age(age));
    }
    if options.single_page {
        files = files.fallback("/index.html");
    }
    if options.upload {
        files = files.uploads(Uploads::DEFAULT.overwrite(options.overwrite).delete(options.delete));
    }
    Ok(files)
}

/// Asks for a password only where something is to be changed.
struct OnlyChanges(Guard);

impl Middleware for OnlyChanges {
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        if request.method().is_safe() {
            return next.handle(request);
        }
        self.0.handle(request, next)
    }
}

/// Prints the one line that a person clicks and a script waits for. Nobody has to be reading.
fn announce(folder: &Path, url: &str) {
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "Serving {} on {url}", folder.display());
    let _ = out.flush();
}
