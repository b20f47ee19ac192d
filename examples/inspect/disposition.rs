//! Content-Disposition: what a field says, what a recipient makes of it, and what the file is saved as.

use std::fmt::Write;

use nethttp::HeaderMap;
use nethttp::field::{ContentDisposition, ExtValue};
use nethttp::header;

use crate::Report;
use crate::show::{Refusal, escaped};

/// Inspects a Content-Disposition field.
pub(crate) fn disposition(input: &[u8], argument: Option<&str>) -> Result<Report, String> {
    if let Some(argument) = argument {
        return Err(format!("unexpected argument {argument:?}"));
    }
    let mut headers = HeaderMap::new();
    headers
        .append(header::CONTENT_DISPOSITION, input)
        .map_err(|error| format!("not a field: {error}"))?;
    let found = ContentDisposition::from_headers(&headers)
        .map_err(|error| format!("not one field: {error}"))?;
    let text = found.as_ref().map_or_else(|| "ignored: it says nothing\n".to_owned(), describe);
    let refusal = ContentDisposition::parse(input).err().map(|error| Refusal {
        text: error.to_string(),
        kind: format!("{:?}", error.kind()),
        at: error.offset(),
        offset: error.offset().to_string(),
        follows: Some("this is what a recipient makes of it all the same".to_owned()),
    });
    Ok((text, refusal))
}

fn describe(disposition: &ContentDisposition<'_>) -> String {
    let meaning = if disposition.is_inline() { "is shown" } else { "is saved" };
    let mut text = format!("type: {}, the content {meaning}\n", disposition.type_());
    for (name, value) in disposition.parameters() {
        let _ = writeln!(text, "  {name} = {}", shown(&value));
        let extended = name.ends_with('*').then(|| ExtValue::parse(value.as_bytes()));
        if let Some(Ok(extended)) = extended {
            let language = extended.language().map_or("", |tag| tag.as_str());
            let language = if language.is_empty() { "no language" } else { language };
            let _ = writeln!(text, "    in {language}: {}", shown(extended.text()));
        }
    }
    let or_none = |name: Option<&str>| name.map_or("none".to_owned(), shown);
    let _ = writeln!(text, "file name: {}", or_none(disposition.file_name().as_deref()));
    let _ = writeln!(text, "saved as: {}", or_none(disposition.safe_file_name().as_deref()));
    text
}

fn shown(text: &str) -> String {
    format!("\"{}\"", escaped(text.as_bytes()))
}
