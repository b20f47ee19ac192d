//! This crate's half: one function for each operation of the table.

use std::hint::black_box;

use nethttp::field::Boundary;
use nethttp::form::{MultipartEvent, MultipartLimits, MultipartParser};
use nethttp::uri::{FormLimits, Pairs};

use super::inputs::{BOUNDARY, PIECE};

const LIMITS: MultipartLimits = MultipartLimits::DEFAULT.total(u64::MAX).file(u64::MAX);

/// Reads a form in pieces: names and contents go nowhere. Returns how many bytes are content.
pub fn multipart(form: &[u8]) -> usize {
    let boundary = Boundary::parse(BOUNDARY.as_bytes()).expect("a boundary");
    let mut parser = MultipartParser::new(&boundary, LIMITS);
    let mut content = 0;
    for mut rest in form.chunks(PIECE) {
        loop {
            let (used, event) = parser.receive(rest).expect("a form");
            rest = &rest[used..];
            match event {
                MultipartEvent::NeedMore => break,
                MultipartEvent::Part(head) => {
                    black_box((head.name(), head.file_name()));
                }
                MultipartEvent::Data(data) => content += black_box(data).len(),
                _ => {}
            }
        }
    }
    parser.finish().expect("a whole form");
    content
}

/// Reads all pairs. Returns how many there are.
pub fn urlencoded(form: &[u8]) -> usize {
    let pairs = Pairs::parse(form, &FormLimits::DEFAULT).expect("a form");
    pairs.iter().map(black_box).count()
}
