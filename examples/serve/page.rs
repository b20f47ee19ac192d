//! Pages: what all of them look like.

use nethttp::message::IntoResponse;
use nethttp::{Response, StatusCode};

const STYLE: &str = include_str!("page.css");

/// No page needs anything but its own style: nothing that a file's name smuggles in can load or run.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
    base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// Returns a response with a page. The title is text, the body is HTML.
pub(crate) fn page(status: StatusCode, title: &str, body: &str) -> Response {
    let title = escaped(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <link rel=\"icon\" href=\"data:,\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    );
    let mut response = (status, html).into_response();
    for (name, value) in [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", POLICY),
        ("Referrer-Policy", "same-origin"),
        ("Cache-Control", "no-cache"),
    ] {
        let set = response.headers_mut().insert(name, value);
        debug_assert!(set.is_ok(), "a literal field is well-formed");
    }
    response
}

/// Returns the page of an error.
pub(crate) fn error(status: StatusCode) -> Response {
    let reason = status.canonical_reason().unwrap_or("Error");
    let words = match status {
        StatusCode::NOT_FOUND => "There is nothing here by that name.",
        StatusCode::FORBIDDEN => "This is there, but may not be read.",
        StatusCode::BAD_REQUEST => "This is not an address of anything.",
        StatusCode::PRECONDITION_FAILED => "What is here is not what the request was meant for.",
        StatusCode::RANGE_NOT_SATISFIABLE => "This does not have the part that was asked for.",
        StatusCode::METHOD_NOT_ALLOWED => "What is here can be looked at, and nothing else.",
        _ => "The server could not read what was asked for.",
    };
    let code = status.as_u16();
    let body = format!(
        "<main class=\"error\">\n<p class=\"code\">{code}</p>\n<h1>{reason}</h1>\n<p>{words}</p>\n\
         <p><a href=\"/\">Back to the start</a></p>\n</main>\n"
    );
    let mut response = page(status, &format!("{code} {reason}"), &body);
    if status == StatusCode::METHOD_NOT_ALLOWED {
        let set = response.headers_mut().insert("Allow", "GET, HEAD");
        debug_assert!(set.is_ok(), "a literal field is well-formed");
    }
    response
}

/// Returns text as HTML shows it, in an element or a quoted attribute.
pub(crate) fn escaped(text: &str) -> String {
    let mut html = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => html.push_str("&amp;"),
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '"' => html.push_str("&quot;"),
            '\'' => html.push_str("&#39;"),
            _ => html.push(char),
        }
    }
    html
}
