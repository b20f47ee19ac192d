//! The content of `-d` and its kin, and what is read for it.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Read};

use nethttp::syntax::Class;
use nethttp::uri::encode;

use crate::failure::{Failure, Status};
use crate::text::os_string;

/// How data are meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum DataKind {
    /// Text, or a file behind `@` without its line ends and NULs, as a form has none.
    Text,
    /// Text, or a file behind `@` as it is.
    Binary,
    /// Text, whatever it begins with.
    Raw,
    /// `text`, `=text`, `name=text`, `@file` or `name@file`: what is not the name is escaped.
    Encoded,
    /// As binary data, but nothing stands between two.
    Json,
}

/// Data that were given piece by piece.
#[derive(Debug, Default)]
pub(crate) struct Data {
    bytes: Option<Vec<u8>>,
    is_json: bool,
}

impl Data {
    pub(crate) const fn is_some(&self) -> bool {
        self.bytes.is_some()
    }

    pub(crate) fn bytes(&self) -> Option<&[u8]> {
        self.bytes.as_deref()
    }

    pub(crate) const fn is_json(&self) -> bool {
        self.is_json
    }

    /// Adds a piece, behind `&` if it is not the first.
    pub(crate) fn add(&mut self, kind: DataKind, text: &[u8]) -> Result<(), Failure> {
        let file = text.strip_prefix(b"@").filter(|_| kind != DataKind::Raw);
        let more = match (kind, file) {
            (DataKind::Encoded, _) => encoded(text)?,
            (DataKind::Text, Some(name)) => {
                let mut bytes = read(&os_string(name)?)?;
                bytes.retain(|byte| !matches!(byte, b'\r' | b'\n' | 0));
                bytes
            }
            (_, Some(name)) => read(&os_string(name)?)?,
            (_, None) => text.to_vec(),
        };
        self.is_json |= kind == DataKind::Json;
        match &mut self.bytes {
            None => self.bytes = Some(more),
            Some(bytes) => {
                if kind != DataKind::Json {
                    bytes.push(b'&');
                }
                bytes.extend_from_slice(&more);
            }
        }
        Ok(())
    }
}

fn encoded(text: &[u8]) -> Result<Vec<u8>, Failure> {
    let (name, content) = match text.iter().position(|byte| matches!(byte, b'=' | b'@')) {
        None => (&[][..], text.to_vec()),
        Some(at) if text[at] == b'=' => (&text[..at], text[at + 1..].into()),
        Some(at) => (&text[..at], read(&os_string(&text[at + 1..])?)?),
    };
    // A form has its spaces as plus signs.
    let content = encode(&content, Class::UNRESERVED).to_string().replace("%20", "+");
    let equals = if name.is_empty() { "" } else { "=" };
    Ok([name, equals.as_bytes(), content.as_bytes()].concat())
}

/// Reads a file, or the standard input for `-`.
pub(crate) fn read(name: &OsStr) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let outcome = match name == "-" {
        true => io::stdin().read_to_end(&mut bytes).map(|_| bytes),
        false => fs::read(name),
    };
    outcome.map_err(|error| cannot_read(name, &error))
}

pub(crate) fn cannot_read(name: &OsStr, error: &io::Error) -> Failure {
    Failure::new(Status::Read, format!("cannot read {}: {error}", name.display()))
}
