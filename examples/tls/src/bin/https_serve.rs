//! Serves a directory over HTTPS, or a greeting.
//!
//! ```text
//! cargo run --bin https_serve -- --cert chain.pem --key key.pem --port 8443 .
//! curl --cacert ca.pem https://localhost:8443/
//! ```
//!
//! The files are public to whoever can connect, which is this machine alone.

use std::env::Args;
use std::error::Error;
use std::process::ExitCode;

use nethttp::server::{FileServer, Handler};
use nethttp::{Request, Server};
use nethttp_tls::Acceptor;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

const USAGE: &str = "\
usage: https_serve --cert FILE --key FILE [--port N] [DIRECTORY]

Serves the directory, or `hello` without one, on 127.0.0.1.

      --cert FILE   the server's certificate in PEM, and behind it those that lead to a root
      --key FILE    the key of the server's certificate in PEM
      --port N      the port to listen on (8443; 0 takes one that is free)
";

struct Options {
    cert: String,
    key: String,
    port: u16,
    directory: Option<String>,
}

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == "--help") {
        print!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let mut arguments = std::env::args();
    arguments.next();
    let Some(options) = parse(arguments) else {
        eprint!("{USAGE}");
        return ExitCode::from(2);
    };
    match serve(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("https_serve: {error}");
            ExitCode::FAILURE
        }
    }
}

fn parse(mut arguments: Args) -> Option<Options> {
    let (mut cert, mut key, mut port, mut directory) = (None, None, 8443, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--cert" => cert = Some(arguments.next()?),
            "--key" => key = Some(arguments.next()?),
            "--port" => port = arguments.next()?.parse().ok()?,
            option if option.starts_with('-') => return None,
            _ if directory.is_some() => return None,
            _ => directory = Some(argument),
        }
    }
    Some(Options { cert: cert?, key: key?, port, directory })
}

fn serve(options: &Options) -> Result<(), Box<dyn Error>> {
    let chain = CertificateDer::pem_file_iter(&options.cert)?.collect::<Result<_, _>>()?;
    let acceptor = Acceptor::new(chain, PrivateKeyDer::from_pem_file(&options.key)?)?;
    let handler: Box<dyn Handler> = match &options.directory {
        Some(directory) => Box::new(FileServer::open(directory)?),
        None => Box::new(|_: &mut Request| "hello\n"),
    };
    let server = Server::bind(("127.0.0.1", options.port))?;
    println!("serving on https://{}/", server.local_addr()?);
    server.transport(move |socket| acceptor.accept(socket)).run(handler)?;
    Ok(())
}
