//! The fields of `-H`.

use crate::data::read;
use crate::failure::Failure;

/// A field given with `-H`; without a value it takes a field of the same name away.
#[derive(Debug)]
pub(crate) struct OwnField {
    pub(crate) name: String,
    pub(crate) value: Option<String>,
}

/// Reads a field line, or those of a file behind `@`.
pub(crate) fn own_fields(text: &str) -> Result<Vec<OwnField>, Failure> {
    let Some(name) = text.strip_prefix('@') else { return Ok(vec![OwnField::parse(text)?]) };
    let content = read(name)?;
    let content = String::from_utf8_lossy(&content);
    let lines = content.lines().map(str::trim_end).filter(|line| !line.is_empty());
    lines.map(OwnField::parse).collect()
}

impl OwnField {
    /// Reads `Name: value`, `Name;` for an empty value, or `Name:` to leave a field out.
    fn parse(text: &str) -> Result<Self, Failure> {
        let field = |name: &str, value: Option<&str>| {
            let value = value.map(|value| value.trim_matches([' ', '\t']).to_owned());
            Self { name: name.to_owned(), value }
        };
        match (text.split_once(':'), text.strip_suffix(';')) {
            (Some((name, value)), _) if !value.trim().is_empty() => Ok(field(name, Some(value))),
            // Nobody would know what to do with a request without it.
            (Some((name, _)), _) if is_indispensable(name) => {
                Err(Failure::usage(format!("expected a value after {name}")))
            }
            (Some((name, _)), _) => Ok(field(name, None)),
            (None, Some(name)) => Ok(field(name, Some(""))),
            (None, None) => {
                Err(Failure::usage(format!("expected 'Name: value' after -H, found {text:?}")))
            }
        }
    }
}

fn is_indispensable(name: &str) -> bool {
    ["Host", "Content-Length", "Transfer-Encoding"].iter().any(|it| it.eq_ignore_ascii_case(name))
}
