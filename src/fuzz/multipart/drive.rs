//! A parser at work: what it makes of a form in pieces, held to what is true of every form.
//!
//! `tests/form` compiles this file once more; it names nothing but its parent.

use alloc::borrow::ToOwned;
use alloc::vec::Vec;

use super::model::{Form, Part};
use super::{FormError, MultipartEvent, MultipartParser, PartHead};

/// Parses a form that comes in pieces and then ends.
pub(super) fn drive<'a>(
    parser: &mut MultipartParser,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Form {
    let form = Form { parts: Vec::new(), end: Ok(()) };
    let mut driver = Driver { form, is_in_part: false, has_ended: false };
    for piece in pieces {
        if let Err(error) = driver.receive(parser, piece) {
            assert_eq!(parser.receive(piece).err(), Some(error), "an error stays");
            assert_eq!(parser.finish(), Err(error), "an error stays to the end");
            driver.form.end = Err((error.kind(), error.offset()));
            return driver.form;
        }
    }
    driver.form.end = parser.finish().map_err(|error| (error.kind(), error.offset()));
    assert_eq!(driver.form.end.is_ok(), driver.has_ended);
    driver.form
}

struct Driver {
    form: Form,
    is_in_part: bool,
    has_ended: bool,
}

impl Driver {
    fn receive(&mut self, parser: &mut MultipartParser, mut rest: &[u8]) -> Result<(), FormError> {
        loop {
            let (used, event) = parser.receive(rest)?;
            rest = rest.get(used..).unwrap_or_else(|| unreachable!("more was used than given"));
            let is_more = matches!(event, MultipartEvent::NeedMore);
            assert!(is_more || !self.has_ended, "something comes behind the end");
            match event {
                MultipartEvent::NeedMore => {
                    assert!(rest.is_empty(), "more is needed, and there is more");
                    return Ok(());
                }
                MultipartEvent::Part(head) => {
                    assert!(!self.is_in_part);
                    self.is_in_part = true;
                    self.form.parts.push(part(head));
                }
                MultipartEvent::Data(data) => {
                    assert!(self.is_in_part && !data.is_empty());
                    if let Some(part) = self.form.parts.last_mut() {
                        part.content.extend_from_slice(data);
                    }
                }
                MultipartEvent::PartEnd => {
                    assert!(self.is_in_part);
                    self.is_in_part = false;
                    if let Some(part) = self.form.parts.last_mut() {
                        part.is_complete = true;
                    }
                }
                event => {
                    assert!(matches!(event, MultipartEvent::End) && !self.is_in_part);
                    self.has_ended = true;
                }
            }
        }
    }
}

fn part(head: &PartHead) -> Part {
    let fields = head.headers().iter();
    Part {
        name: head.name().to_owned(),
        file_name: head.raw_file_name().map(ToOwned::to_owned),
        media_type: head.media_type().map(|media_type| media_type.as_str().to_owned()),
        fields: fields.map(|(name, value)| (name.as_bytes().to_vec(), value.to_vec())).collect(),
        content: Vec::new(),
        is_complete: false,
    }
}
