//! What all pages have in common.

use nethttp::message::IntoResponse;
use nethttp::{Response, StatusCode};

const STYLE: &str = include_str!("page.css");

/// No page needs anything but its own style, and sends forms to nobody else: nothing that is smuggled in
/// with the name of a file can load or run.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; \
    base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// Returns a response with a page. The title is text, the content is HTML.
pub(crate) fn page(status: StatusCode, title: &str, content: &str) -> Response {
    let title = escaped(title);
    let html = format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n\
         <meta name=\"color-scheme\" content=\"light dark\">\n\
         <link rel=\"icon\" href=\"data:,\">\n\
         <title>{title}</title>\n<style>\n{STYLE}</style>\n</head>\n<body>\n{content}</body>\n</html>\n"
    );
    let mut response = (status, html).into_response();
    for (name, value) in [
        ("Content-Type", "text/html; charset=utf-8"),
        ("Content-Security-Policy", POLICY),
        ("Referrer-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
    ] {
        let set = response.headers_mut().insert(name, value);
        debug_assert!(set.is_ok(), "a literal field is well-formed");
    }
    response
}

/// Returns the page of an error; the words are text.
pub(crate) fn error(status: StatusCode, words: &str) -> Response {
    let (code, reason) = (status.as_u16(), status.canonical_reason().unwrap_or("Error"));
    let content = format!(
        "<main class=\"error\">\n<p class=\"code\">{code}</p>\n<h1>{reason}</h1>\n<p>{}</p>\n\
         <p><a href=\"/\">Back to the forms</a></p>\n</main>\n",
        escaped(words)
    );
    page(status, &format!("{code} {reason}"), &content)
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
