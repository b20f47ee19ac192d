//! Receives forms, stores files, and has two pages that ask for a login.
//!
//! ```text
//! cargo run --release --example api -- --directory uploads --user ada:secret
//! curl -F title=Holidays -F photo=@beach.jpg http://127.0.0.1:8080/upload
//! curl --digest -u ada:secret http://127.0.0.1:8080/private
//! ```
//!
//! | path | method | answer |
//! |---|---|---|
//! | `/` | GET, HEAD | a page with both forms |
//! | `/upload` | POST | a page that says what arrived; files go to the directory, if there is one |
//! | `/form` | POST | the pairs of the form as JSON, in their order |
//! | `/basic` | GET, HEAD | a page for those who log in with Basic |
//! | `/private` | GET, HEAD | a page for those who log in with Digest |
//!
//! An upload of any size takes the same little memory. A file is under its name when the whole form has
//! arrived, and not before; one that is there already stays, and the new one gets a number.

mod json;
mod options;
mod page;
mod store;
mod upload;
mod views;

use std::io::{self, Write};
use std::process::ExitCode;

use nethttp::field::FieldError;
use nethttp::server::{Guard, Handler, User, Users};
use nethttp::{Method, Request, Response, Result, Server, StatusCode};

use crate::options::{Options, USAGE};

/// The name under which people are asked for their password.
const REALM: &str = "api example";

/// The pages, and what they need.
struct Site {
    options: Options,
    basic: Box<dyn Handler>,
    private: Box<dyn Handler>,
}

impl Site {
    fn new(options: Options) -> Result<Self, FieldError> {
        let users: Users = options.users.iter().cloned().collect();
        let mut digest = Guard::digest_server(REALM)?;
        if !options.algorithms.is_empty() {
            digest = digest.algorithms(options.algorithms.iter().copied());
        }
        let basic = Guard::basic(REALM, users.clone())?.protect(welcome);
        let private = Guard::digest_with(digest, move |user| users.secret(user)).protect(welcome);
        Ok(Self { options, basic: Box::new(basic), private: Box::new(private) })
    }

    fn answer(&self, request: &mut Request) -> Result<Response> {
        let is_read = matches!(request.method(), Method::GET | Method::HEAD);
        let is_post = request.method() == Method::POST;
        Ok(match request.path() {
            "/" if is_read => views::home(&self.options),
            "/basic" if is_read => self.basic.handle(request),
            "/private" if is_read => self.private.handle(request),
            "/upload" | "/form" if is_post && is_from_elsewhere(request) => {
                page::error(StatusCode::FORBIDDEN, "The form is on a page of another site.")
            }
            "/upload" if is_post => {
                let folder = self.options.folder.as_deref();
                views::received(&upload::receive(request, self.options.limits, folder)?)
            }
            "/form" if is_post => json::response(&request.form()?)?,
            "/" | "/basic" | "/private" => not_allowed("GET, HEAD")?,
            "/upload" | "/form" => not_allowed("POST")?,
            _ => page::error(StatusCode::NOT_FOUND, "There is nothing here by that name."),
        })
    }
}

impl Handler for Site {
    fn handle(&self, request: &mut Request) -> Response {
        self.answer(request).unwrap_or_else(|error| match error.status() {
            // What goes wrong inside is nobody's business but this side's.
            status if status.is_server_error() => {
                eprintln!("api: {} {}: {error}", request.method(), request.path());
                page::error(status, "The server could not do its part.")
            }
            status => page::error(status, &format!("The server says: {error}.")),
        })
    }
}

fn welcome(user: &User, _: &mut Request) -> Response {
    views::welcome(user.name())
}

fn not_allowed(allow: &str) -> Result<Response> {
    let words = "What is here is used in another way.";
    Ok(page::error(StatusCode::METHOD_NOT_ALLOWED, words).with_header("Allow", allow)?)
}

/// Returns whether a browser says that a page of somebody else has sent this: whoever runs this on their
/// own machine has not asked every page that they look at to put files there. Over plain HTTP, browsers leave
/// out Sec-Fetch-Site except to their own machine; Origin they always send.
fn is_from_elsewhere(request: &Request) -> bool {
    let is_other = |origin: &str| {
        let host = origin.split_once("://").map(|(_, host)| host);
        host.is_none() || host != request.host()
    };
    match request.header("Sec-Fetch-Site") {
        Some(site) => !matches!(site, "same-origin" | "none"),
        None => request.header("Origin").is_some_and(is_other),
    }
}

fn main() -> ExitCode {
    match Options::parse(std::env::args_os().skip(1)) {
        Ok(None) => {
            print!("{USAGE}");
            ExitCode::SUCCESS
        }
        Err(reason) => {
            eprintln!("api: {reason}; try --help");
            ExitCode::from(2)
        }
        Ok(Some(options)) => {
            let address = format!("{} port {}", options.bind, options.port);
            run(options).map_or_else(
                |error| {
                    eprintln!("api: {address}: {error}");
                    ExitCode::FAILURE
                },
                |()| ExitCode::SUCCESS,
            )
        }
    }
}

fn run(options: Options) -> Result<()> {
    let server = Server::bind((options.bind.as_str(), options.port))?;
    // The port may be one that was free; whoever started this reads which.
    writeln!(io::stdout(), "http://{}/", server.local_addr()?)?;
    server.run(Site::new(options)?)
}
