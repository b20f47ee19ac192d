//! The page that says what is wrong.

use nethttp::field::MediaType;
use nethttp::message::IntoResponse;
use nethttp::negotiate::Accept;
use nethttp::{Request, Response, StatusCode};

const STYLE: &str = include_str!("page.css");

/// Returns the page of an error for who reads HTML, with a link to the path where all begins. For all others there
/// is a line of text.
pub(crate) fn error(request: &Request, status: StatusCode, start: &str) -> Option<Response> {
    let accept = Accept::from_headers(request.headers());
    if accept.best(&["text/plain", "text/html"]).ok()?.offer() != "text/html" {
        return None;
    }
    let reason = status.canonical_reason().unwrap_or("Error");
    let words = match status {
        StatusCode::NOT_FOUND => "There is nothing here by that name.",
        StatusCode::UNAUTHORIZED => "This is for those who know the password.",
        StatusCode::FORBIDDEN => "This is not permitted.",
        StatusCode::BAD_REQUEST => "This is not an address of anything.",
        StatusCode::PRECONDITION_FAILED => "What is here is not what the request was meant for.",
        StatusCode::RANGE_NOT_SATISFIABLE => "This does not have the part that was asked for.",
        StatusCode::METHOD_NOT_ALLOWED => "This cannot be done with what is here.",
        StatusCode::SERVICE_UNAVAILABLE => "Many ask for the same just now. Try again in a moment.",
        StatusCode::INSUFFICIENT_STORAGE => "There is no more room for what was sent.",
        _ => "The server could not do what was asked for.",
    };
    let code = status.as_u16();
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n<link rel=\"icon\" href=\"data:,\">\n\
         <title>{code} {reason}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n<main>\n\
         <p class=\"code\">{code}</p>\n<h1>{reason}</h1>\n<p>{words}</p>\n\
         <p><a href=\"{start}\">Back to the start</a></p>\n</main>\n</body>\n</html>\n"
    );
    let mut page = html.into_response();
    let headers = page.headers_mut();
    headers.insert("Content-Type", MediaType::TEXT_HTML_UTF_8).ok()?;
    headers.insert("Vary", "Accept").ok()?;
    Some(page)
}
