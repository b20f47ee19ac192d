//! Serves a directory over HTTP, as `python3 -m http.server` does.
//!
//! ```text
//! cargo run --release --example serve -- --port 8000 .
//! curl http://127.0.0.1:8000/Cargo.toml
//! ```
//!
//! With `--upload`, files are taken, too: `curl -T photo.jpg http://127.0.0.1:8000/`.
//!
//! The files are public to whoever can connect; without `--bind` that is this machine alone. What is done with a
//! request is up to the crate: this program reads options and puts together what they ask for.

mod options;
mod page;

use std::error::Error;
use std::io::{self, Write};
use std::net::{SocketAddr, UdpSocket};
use std::process::ExitCode;

use nethttp::field::CacheControl;
use nethttp::message::IntoResponse;
use nethttp::server::{
    AccessLog, Compression, Cors, ErrorPages, FileServer, Guard, Handler, Middleware, Uploads,
    Users,
};
use nethttp::{HeaderMap, MediaType, Request, Response, Router, Server};

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
    announce(options, local);
    server.run(app.wrap(log)).map_err(|error| failed(error.to_string()))
}

/// Puts together what the options ask for. What is put around last sees a request first, and a response last.
fn app(options: &Options) -> Result<Box<dyn Handler>, Box<dyn Error>> {
    let prefix = &*options.path_prefix;
    let mut app: Box<dyn Handler> = match prefix {
        "" => Box::new(files(options)?),
        _ => Box::new(Router::builder().mount(prefix, files(options)?).build()?),
    };
    if !options.users.is_empty() {
        let guard = Guard::basic("serve", options.users.iter().cloned().collect::<Users>())?;
        app = match options.public {
            true => Box::new(app.wrap(OnlyChanges(guard))),
            false => Box::new(app.wrap(guard)),
        };
    }
    let start = format!("{prefix}/");
    let pages =
        ErrorPages::new().render(move |request, status| page::error(request, status, &start));
    let cors = match &options.cors[..] {
        [] => None,
        origins if origins.iter().any(|origin| origin == "*") => Some(Cors::any()),
        origins => Some(Cors::origins(origins.iter().map(String::as_str))?),
    };
    // Whoever reads a file here may read all of it: its compressed length gives away nothing.
    let compression = (!options.no_compression).then_some(Compression::DEFAULT);
    let fields = Fields(options.headers.clone());
    Ok(Box::new(app.wrap(tell_why).wrap(pages).wrap(cors).wrap(fields).wrap(compression)))
}

/// Says why something has gone wrong inside, of which the client is told nothing.
fn tell_why(request: &mut Request, next: &dyn Handler) -> Response {
    let response = next.handle(request);
    if let Some(cause) = response.cause().filter(|_| response.status().is_server_error()) {
        eprintln!("serve: {} {}: {cause}", request.method(), request.target());
    }
    response
}

/// Puts together what serves the files.
fn files(options: &Options) -> Result<FileServer, Box<dyn Error>> {
    let default = ["index.html".to_owned()];
    let index = if options.index.is_empty() { &default } else { &options.index[..] };
    let mut files = FileServer::open(&options.directory)?
        .index(index)
        .listing(!options.no_listing)
        .hidden(options.hidden)
        .links(options.symlinks)
        .precompressed(!options.no_compression)
        .languages(options.languages()?);
    for extension in SOURCES {
        files = files.media_type(extension, MediaType::TEXT_PLAIN_UTF_8);
    }
    if let Some(age) = options.cache {
        files = files.cache("*", &CacheControl::new().with_max_age(age));
    }
    if let Some(name) = index.first().filter(|_| options.spa) {
        // A path is decoded.
        files = files.fallback(&format!("/{}", name.replace('%', "%25")))?;
    }
    if options.upload {
        let Options { overwrite, delete, max_upload, .. } = *options;
        let uploads = Uploads::DEFAULT.overwrite(overwrite).delete(delete);
        files = files.uploads(uploads.bytes(max_upload.unwrap_or(uploads.bytes)));
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

/// Puts fields into every response, in place of those of the same names.
struct Fields(HeaderMap);

impl Middleware for Fields {
    fn handle(&self, request: &mut Request, next: &dyn Handler) -> Response {
        let mut response = next.handle(request);
        let headers = response.headers_mut();
        headers.retain(|name, _| !self.0.contains_key(name));
        match headers.append_all(&self.0) {
            Ok(()) => response,
            // There are more than fit into a response.
            Err(error) => error.into_response(),
        }
    }
}

/// Prints the one line that a person clicks and a script waits for. Nobody has to be reading.
fn announce(options: &Options, local: SocketAddr) {
    let (directory, address) = (options.directory.display(), reachable(local));
    let mut out = io::stdout().lock();
    let _ = writeln!(out, "Serving {directory} on http://{address}{}/", options.path_prefix);
    let _ = out.flush();
}

/// Returns an address that others can use, where the server listens on all that this machine has.
fn reachable(mut local: SocketAddr) -> SocketAddr {
    if local.ip().is_unspecified() {
        // Nothing is sent: the system only says which address it would send from.
        let elsewhere = if local.is_ipv4() { "192.0.2.1:9" } else { "[2001:db8::1]:9" };
        let socket = UdpSocket::bind((local.ip(), 0));
        let sender = socket.and_then(|it| it.connect(elsewhere).and_then(|()| it.local_addr()));
        if let Ok(sender) = sender {
            local.set_ip(sender.ip());
        }
    }
    local
}
