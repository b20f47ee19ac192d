//! Pairs as JSON text, [RFC 8259](https://www.rfc-editor.org/rfc/rfc8259).

use std::fmt::Write;

use nethttp::form::Form;
use nethttp::header::HeaderError;
use nethttp::{Response, StatusCode};

/// Returns a form as an array of pairs: an object would lose their order, and names that come twice.
pub(crate) fn response(form: &Form) -> Result<Response, HeaderError> {
    let mut text = String::from("[");
    for (at, (name, value)) in form.iter().enumerate() {
        text.push_str(if at == 0 { "\n  [" } else { ",\n  [" });
        string(name, &mut text);
        text.push_str(", ");
        string(value, &mut text);
        text.push(']');
    }
    text.push_str("\n]\n");
    Response::new(StatusCode::OK)
        .with_body(text)
        .with_header("Content-Type", "application/json")?
        .with_header("X-Content-Type-Options", "nosniff")
}

/// ```abnf
/// string = quotation-mark *char quotation-mark
/// ```
fn string(text: &str, json: &mut String) {
    json.push('"');
    for char in text.chars() {
        match char {
            '"' | '\\' => json.extend(['\\', char]),
            '\n' => json.push_str("\\n"),
            '\r' => json.push_str("\\r"),
            '\t' => json.push_str("\\t"),
            '\0'..='\x1f' => {
                // A `String` takes everything.
                let _ = write!(json, "\\u{:04x}", u32::from(char));
            }
            _ => json.push(char),
        }
    }
    json.push('"');
}
