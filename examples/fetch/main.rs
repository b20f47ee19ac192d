//! Fetches URLs, with curl's options and exit statuses.
//!
//! ```text
//! cargo run --example fetch -- -i http://127.0.0.1:8080/
//! cargo run --example fetch -- -C - --retry 5 -O http://127.0.0.1:8080/large.iso
//! ```
//!
//! There is no TLS: plug one in with `ClientBuilder::tls`. What is done with a URL is up to the crate: this program reads
//! options, puts together the client and the requests that they ask for, and moves content to where it goes.

mod arguments;
mod attempts;
mod cookies;
mod data;
mod dump;
mod failure;
mod fields;
mod form;
mod help;
mod human;
mod journal;
mod meter;
mod options;
mod output;
mod pace;
mod request;
mod resume;
mod setup;
mod shape;
mod text;
mod transfer;
mod write_out;

use std::env;
use std::io::{self, Write};
use std::process::ExitCode;
use std::sync::Arc;

use crate::dump::Dump;
use crate::failure::Failure;
use crate::help::{USAGE, VERSION};
use crate::journal::{Journal, show};
use crate::options::{Command, Options};
use crate::transfer::Session;
use crate::write_out::write_out;

fn main() -> ExitCode {
    let outcome = match Options::parse(env::args_os().skip(1)) {
        Ok(Command::Help) => return print(USAGE),
        Ok(Command::Version) => return print(VERSION),
        Ok(Command::Fetch(options)) => fetch(&options),
        Err(failure) => Err(failure),
    };
    outcome.unwrap_or_else(|failure| {
        failure.tell(true);
        failure.status().code()
    })
}

fn print(text: &str) -> ExitCode {
    // Nobody has to be reading.
    let _ = io::stdout().lock().write_all(text.as_bytes());
    ExitCode::SUCCESS
}

/// Fetches one URL after the other; how the last one went is how it all went, as curl has it.
fn fetch(options: &Options) -> Result<ExitCode, Failure> {
    let is_loud = !options.silent || options.show_error;
    if options.insecure && !options.silent {
        show("fetch: -k does nothing: there is no TLS here\n");
    }
    let proxies = setup::proxies(options)?;
    let journal = Arc::new(Journal::new(options, proxies.clone()));
    let jar = cookies::load(options)?;
    let client = setup::client(options, proxies, &journal, jar.clone())?;
    let dump = Dump::open(options)?;
    let session = Session { options, client: &client, journal: &journal, dump: dump.as_ref() };
    let mut outcome = ExitCode::SUCCESS;
    for (index, url) in options.urls.iter().enumerate() {
        let report = session.transfer(index, url);
        if let Some(format) = &options.write_out {
            write_out(format, &report);
        }
        let failure = report.failure.as_ref();
        outcome = failure.map_or(ExitCode::SUCCESS, |failure| failure.status().code());
        if let Some(failure) = failure {
            failure.tell(is_loud);
            if options.fail_early {
                break;
            }
        }
    }
    // curl, too, takes it for no failure.
    if let Err(failure) = cookies::save(options, jar.as_deref()) {
        failure.tell(is_loud);
    }
    Ok(outcome)
}
