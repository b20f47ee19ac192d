//! A form with files, taken piece by piece.

use std::borrow::Cow;
use std::io::BufRead;
use std::path::Path;

use nethttp::coding::Crc32;
use nethttp::form::MultipartLimits;
use nethttp::{Request, Result};

use crate::store::Draft;

/// The name of a file that has none that can be used.
const NAMELESS: &str = "upload";

/// What a form held.
#[derive(Debug, Default)]
pub(crate) struct Received {
    pub(crate) files: Vec<Saved>,
    /// Names and values, in their order.
    pub(crate) texts: Vec<(String, String)>,
}

/// A file that has arrived.
#[derive(Debug)]
pub(crate) struct Saved {
    /// The name of the field that it was in.
    pub(crate) field: String,
    /// The name that it has here, or the one that it came with if it was not kept.
    pub(crate) name: String,
    pub(crate) len: u64,
    pub(crate) crc: u32,
    pub(crate) is_kept: bool,
}

/// Reads a form to its end, and then gives its files their names. If anything is wrong with the form, none of
/// them stays.
pub(crate) fn receive(
    request: &mut Request,
    limits: MultipartLimits,
    folder: Option<&Path>,
) -> Result<Received> {
    let mut received = Received::default();
    let mut drafts = Vec::new();
    let mut form = request.multipart(limits)?;
    while let Some(mut part) = form.next_part()? {
        let head = part.head();
        let field = head.name().to_owned();
        if !head.is_file() {
            received.texts.push((field, part.text()?));
            continue;
        }
        let mut draft = folder.map(Draft::create).transpose()?;
        let (mut len, mut crc) = (0, Crc32::new());
        loop {
            let data = part.fill_buf()?;
            if data.is_empty() {
                break;
            }
            if let Some(draft) = &mut draft {
                draft.write(data)?;
            }
            crc.update(data);
            let used = data.len();
            len += used as u64;
            part.consume(used);
        }
        // A field for a file that nobody has chosen.
        if head.file_name() == Some("") && len == 0 {
            continue;
        }
        let name = head.safe_file_name().unwrap_or(Cow::Borrowed(NAMELESS)).into_owned();
        let is_kept = draft.is_some();
        received.files.push(Saved { field, name, len, crc: crc.value(), is_kept });
        drafts.push(draft.map(Draft::close));
    }
    for (file, written) in received.files.iter_mut().zip(drafts) {
        if let Some(written) = written {
            file.name = written.publish(&file.name)?;
        }
    }
    Ok(received)
}
