//! Prints what an `https` URL leads to.
//!
//! ```text
//! cargo run --bin https_get -- https://www.rust-lang.org/
//! cargo run --bin https_get -- --cacert ca.pem https://127.0.0.1:8443/
//! ```

use std::env::Args;
use std::error::Error;
use std::io;
use std::process::ExitCode;

use nethttp::Client;
use nethttp_tls::Connector;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

const USAGE: &str = "\
usage: https_get [--cacert FILE] URL

Writes the body of the response to standard output, whatever its status is.

      --cacert FILE   trust the certificates in this PEM file, and no others
                      (without: the roots that Mozilla trusts)
";

fn main() -> ExitCode {
    if std::env::args().any(|argument| argument == "--help") {
        print!("{USAGE}");
        return ExitCode::SUCCESS;
    }
    let mut arguments = std::env::args();
    arguments.next();
    let Some((url, cacert)) = parse(arguments) else {
        eprint!("{USAGE}");
        return ExitCode::from(2);
    };
    match get(&url, cacert.as_deref()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("https_get: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Returns the URL, and the file with roots.
fn parse(mut arguments: Args) -> Option<(String, Option<String>)> {
    let (mut url, mut cacert) = (None, None);
    while let Some(argument) = arguments.next() {
        match argument.as_str() {
            "--cacert" => cacert = Some(arguments.next()?),
            option if option.starts_with('-') => return None,
            _ if url.is_some() => return None,
            _ => url = Some(argument),
        }
    }
    Some((url?, cacert))
}

fn get(url: &str, cacert: Option<&str>) -> Result<(), Box<dyn Error>> {
    let client = Client::builder().tls(Connector::new(roots(cacert)?)).build()?;
    let mut response = client.get(url).send()?;
    io::copy(response.body_mut(), &mut io::stdout())?;
    Ok(())
}

fn roots(cacert: Option<&str>) -> Result<RootCertStore, Box<dyn Error>> {
    let Some(path) = cacert else {
        return Ok(RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.into() });
    };
    let mut roots = RootCertStore::empty();
    for certificate in CertificateDer::pem_file_iter(path)? {
        roots.add(certificate?)?;
    }
    Ok(roots)
}
