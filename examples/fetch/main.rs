//! Fetches a URL, with curl's option letters and exit statuses.
//!
//! ```text
//! cargo run --example fetch -- -i http://127.0.0.1:8080/
//! ```
//!
//! Unlike curl it asks for compressed content, and decodes it, unless `--raw` is given or Accept-Encoding
//! is set with `-H`. There is no progress meter, and no TLS. With `--digest` the request that the server
//! answers with its question is not shown, nor the question.

mod failure;
mod form;
mod options;
mod output;
mod redirect;

use std::io::Read;
use std::process::ExitCode;

use nethttp::client::Timeouts;
use nethttp::{Client, Response, StatusCode, Uri};

use crate::failure::{Failure, Status};
use crate::options::{Options, USAGE};
use crate::output::{Output, print_head};
use crate::redirect::{Hop, USER_AGENT, malformed, resolve};

/// As many redirects as curl follows.
const MOST_REDIRECTS: usize = 50;

fn main() -> ExitCode {
    let options = match Options::parse(std::env::args_os().skip(1)) {
        Ok(Some(options)) => options,
        Ok(None) => {
            print!("{USAGE}");
            return ExitCode::SUCCESS;
        }
        Err(failure) => return failure.tell(true),
    };
    match fetch(&options) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => failure.tell(!options.silent || options.show_error),
    }
}

fn fetch(options: &Options) -> Result<(), Failure> {
    let client = Client::builder()
        .user_agent(USER_AGENT)
        .decode(!options.raw)
        .timeouts(Timeouts::DEFAULT.total(options.max_time))
        .build()
        .map_err(|error| Failure::of_exchange(&error))?;
    let mut output = Output::new(options.output.clone());
    let (first, _) = Uri::fix_up(&options.url)
        .map_err(|error| Failure::new(Status::UrlMalformat, format!("{}: {error}", options.url)))?;
    let mut hop = Hop::first(options, first);
    for _ in 0..=MOST_REDIRECTS {
        let mut response = send(&client, &hop, options)?;
        if options.fail && response.status().as_u16() >= 400 {
            let status = response.status();
            return Err(Failure::new(Status::Returned, format!("the server answers {status}")));
        }
        if options.include || options.head {
            output.write(&head(&response))?;
        }
        let location = response.header("Location").filter(|_| options.location);
        match location.filter(|_| redirects(response.status())) {
            Some(location) => {
                let next = resolve(&hop.url, location)?;
                hop = hop.next(response.status(), next);
            }
            None if options.head => return output.finish(),
            None => {
                copy(&mut response, &mut output)?;
                return output.finish();
            }
        }
    }
    Err(Failure::new(
        Status::TooManyRedirects,
        format!("expected at most {MOST_REDIRECTS} redirects, found more"),
    ))
}

/// The redirects of [RFC 9110 §15.4](https://www.rfc-editor.org/rfc/rfc9110#section-15.4).
fn redirects(status: StatusCode) -> bool {
    matches!(status.as_u16(), 300..=303 | 307 | 308)
}

fn send(client: &Client, hop: &Hop, options: &Options) -> Result<Response, Failure> {
    if hop.url.scheme() != "http" {
        let text = format!("expected the scheme http, found {}", hop.url.scheme());
        return Err(Failure::new(Status::UnsupportedProtocol, text));
    }
    let content = hop.content()?;
    let headers = hop.headers(content.as_ref())?;
    if options.verbose {
        let line = format!("{} {} HTTP/1.1", hop.method, hop.url.origin_form());
        print_head(
            '>',
            line.as_bytes(),
            &hop.complete(&headers, content.as_ref()).map_err(malformed)?,
        );
    }
    let mut request = client.request(hop.method, hop.url.as_str());
    for (name, value) in &headers {
        request = request.header(name, value);
    }
    if let Some((name, password)) = hop.digest() {
        request = request.digest_auth(name, password);
    }
    if let Some(content) = content {
        request = request.body(content.body);
    }
    let response = request.send().map_err(|error| Failure::of_exchange(&error))?;
    if options.verbose {
        print_head('<', &status_line(&response), response.headers());
    }
    Ok(response)
}

fn status_line(response: &Response) -> Vec<u8> {
    let mut line = format!("{} {}", response.version(), response.status().as_u16()).into_bytes();
    if let Some(reason) = response.reason().filter(|reason| !reason.is_empty()) {
        line.push(b' ');
        line.extend_from_slice(reason);
    }
    line
}

/// Returns the head of a response as it came, but for line folds.
fn head(response: &Response) -> Vec<u8> {
    let mut head = status_line(response);
    head.extend_from_slice(b"\r\n");
    for (name, value) in response.headers() {
        for part in [name.as_bytes(), b": ", value, b"\r\n"] {
            head.extend_from_slice(part);
        }
    }
    head.extend_from_slice(b"\r\n");
    head
}

/// Copies the body piece by piece, so that what comes slowly is seen as it comes.
fn copy(response: &mut Response, output: &mut Output) -> Result<(), Failure> {
    let mut buf = vec![0; 64 << 10];
    loop {
        let len = response
            .body_mut()
            .read(&mut buf)
            .map_err(|error| Failure::of_body(&nethttp::Error::from(error)))?;
        if len == 0 {
            return Ok(());
        }
        output.write(&buf[..len])?;
    }
}
