//! The fields of `-H`.

use crate::data::read;
use crate::failure::Failure;
use crate::text::{from_utf8, os_string};

/// A field given with `-H`; without a value it takes a field of the same name away.
#[derive(Debug)]
pub(crate) struct OwnField {
    pub(crate) name: String,
    pub(crate) value: Option<Vec<u8>>,
}

/// Reads a field line, or those of a file behind `@`.
pub(crate) fn own_fields(line: &[u8]) -> Result<Vec<OwnField>, Failure> {
    let Some(name) = line.strip_prefix(b"@") else { return Ok(vec![OwnField::parse(line)?]) };
    let content = read(&os_string(name)?)?;
    let lines = content.split(|byte| *byte == b'\n').map(<[u8]>::trim_ascii_end);
    let lines = lines.filter(|line| !line.is_empty());
    lines.map(OwnField::parse).collect()
}

impl OwnField {
    /// Reads `Name: value`, `Name;` for an empty value, or `Name:` to leave a field out.
    fn parse(line: &[u8]) -> Result<Self, Failure> {
        let field = |name: &[u8], value: Option<&[u8]>| {
            let name = from_utf8("-H", name)?.to_owned();
            Ok(Self { name, value: value.map(<[u8]>::to_vec) })
        };
        let mut parts = line.splitn(2, |byte| *byte == b':');
        let name = parts.next().unwrap_or_default();
        match (parts.next().map(<[u8]>::trim_ascii), line.strip_suffix(b";")) {
            (Some(value), _) if is_other_coding(name, value) => {
                let text = "expected chunked after Transfer-Encoding, found another coding";
                Err(Failure::usage(text))
            }
            (Some(value), _) if !value.is_empty() => field(name, Some(value)),
            // Nobody would know what to do with a request without it.
            (Some(_), _) if is_indispensable(name) => {
                let text = format!("expected a value after {}", name.escape_ascii());
                Err(Failure::usage(text))
            }
            (Some(_), _) => field(name, None),
            (None, Some(name)) => field(name, Some(b"")),
            (None, None) => {
                let found = line.escape_ascii();
                let text = format!("expected 'Name: value' after -H, found '{found}'");
                Err(Failure::usage(text))
            }
        }
    }
}

/// Returns whether a field says that content is sent in a way that nothing here sends it in.
fn is_other_coding(name: &[u8], value: &[u8]) -> bool {
    let is_coding = name.eq_ignore_ascii_case(b"Transfer-Encoding") && !value.is_empty();
    is_coding && !value.eq_ignore_ascii_case(b"chunked")
}

fn is_indispensable(name: &[u8]) -> bool {
    ["Host", "Content-Length", "Transfer-Encoding"]
        .iter()
        .any(|it| it.as_bytes().eq_ignore_ascii_case(name))
}
