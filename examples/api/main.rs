//! Receives forms, stores files, and has two pages that ask for a login. What answers for which path is in [`site`].
//!
//! ```text
//! mkdir uploads
//! cargo run --release --example api -- --directory uploads --user ada:secret
//! curl -F title=Manifest -F file=@Cargo.toml http://127.0.0.1:8080/upload
//! curl --digest -u ada:secret http://127.0.0.1:8080/private
//! ```
//!
//! | path | method | answer |
//! |---|---|---|
//! | `/` | GET, HEAD | a page with both forms |
//! | `/hello/{name}` | GET, HEAD | a page for somebody |
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
use std::sync::Arc;

use nethttp::server::{CrossOriginProtection, ErrorPages, Guard, Handler, User, Users};
use nethttp::{Request, Response, Result, Router, Server, StatusCode};

use crate::options::{Options, USAGE};

/// The name under which people are asked for their password.
const REALM: &str = "api example";

/// Returns what answers for which path.
fn site(options: Options) -> Result<Router> {
    let users: Users = options.users.iter().cloned().collect();
    let mut digest = Guard::digest_server(REALM)?;
    if !options.algorithms.is_empty() {
        digest = digest.algorithms(options.algorithms.iter().copied());
    }
    let basic = Guard::basic(REALM, users.clone())?.protect(welcome);
    let private = Guard::digest_with(digest, move |user| users.secret(user)).protect(welcome);
    let options = Arc::new(options);
    let home = Arc::clone(&options);
    let receive = move |request: &mut Request| {
        let folder = options.folder.as_deref();
        Ok(views::received(&upload::receive(request, options.limits, folder)?))
    };
    let greet = |request: &mut Request| Ok(views::greeting(&request.param_str("name")?));
    Ok(Router::builder()
        .get("/{$}", move |_: &mut Request| views::home(&home))
        .get("/hello/{name}", or_page(greet))
        .post("/upload", or_page(receive))
        .post("/form", or_page(|request| Ok(json::response(&request.form()?)?)))
        .get("/basic", basic)
        .get("/private", private)
        // Whoever runs this on their own machine has not asked every page that they look at to put files there.
        .wrap(CrossOriginProtection::new())
        .wrap(ErrorPages::new().render(|_, status| Some(page::error(status, words(status)))))
        .build()?)
}

/// Has a page for what goes wrong in a handler.
fn or_page(handle: impl Fn(&mut Request) -> Result<Response> + Send + Sync) -> impl Handler {
    move |request: &mut Request| {
        handle(request).unwrap_or_else(|error| match error.status() {
            // What goes wrong inside is nobody's business but this side's.
            status if status.is_server_error() => {
                eprintln!("api: {} {}: {error}", request.method(), request.path());
                page::error(status, words(status))
            }
            status => page::error(status, &format!("The server says: {error}.")),
        })
    }
}

/// Says what a status means here.
fn words(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED => "This page is for those who log in.",
        StatusCode::FORBIDDEN => "The form is on a page of another site.",
        StatusCode::NOT_FOUND => "There is nothing here by that name.",
        StatusCode::METHOD_NOT_ALLOWED => "What is here is used in another way.",
        status if status.is_server_error() => "The server could not do its part.",
        _ => "That did not work.",
    }
}

fn welcome(user: &User, _: &mut Request) -> Response {
    views::welcome(user.name())
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
    server.run(site(options)?)
}
