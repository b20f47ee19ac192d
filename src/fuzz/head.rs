//! Heads.

use alloc::vec::Vec;

use super::{CONFIGS, piece_sizes};
use crate::h1::{
    Config, Fields, HeadScanner, Parse, ParseError, RequestHead, ResponseHead, parse_request,
    parse_response,
};
use crate::header::FieldSpan;

/// The parser and the scanner agree on a request head however it is cut, and an accepted one that is
/// written again with its folds undone is parsed as the same.
pub fn head_request(data: &[u8]) {
    for config in &CONFIGS {
        let mut slots = [FieldSpan::EMPTY; 100];
        let parsed = parse_request(data, &mut slots, config);
        agree(parsed.map(|head| len(head, RequestHead::len)), data, config, HeadScanner::request);
        let Ok(Parse::Complete(head)) = parsed else {
            continue;
        };
        let mut text = Vec::from(head.method().as_str().as_bytes());
        for part in [b" ", head.target(), b" ", &head.version().encode(), b"\r\n"] {
            text.extend_from_slice(part);
        }
        write_fields(&head.fields(), &mut text);
        let mut slots = [FieldSpan::EMPTY; 100];
        match parse_request(&text, &mut slots, config) {
            Ok(Parse::Complete(again)) => {
                assert_eq!((again.method(), again.target()), (head.method(), head.target()));
                assert_eq!((again.version(), again.len()), (head.version(), text.len()));
                same(&again.fields(), &head.fields());
            }
            // The space behind each colon can take a head beyond the limit.
            outcome => assert!(text.len() > config.limits.head, "{outcome:?}"),
        }
    }
}

/// The parser and the scanner agree on a response head however it is cut, and an accepted one that is
/// written again with its folds undone is parsed as the same.
pub fn head_response(data: &[u8]) {
    for config in &CONFIGS {
        let mut slots = [FieldSpan::EMPTY; 100];
        let parsed = parse_response(data, &mut slots, config);
        agree(parsed.map(|head| len(head, ResponseHead::len)), data, config, HeadScanner::response);
        let Ok(Parse::Complete(head)) = parsed else {
            continue;
        };
        let mut text = Vec::from(head.version().encode());
        for part in [b" ", &head.status().as_digits()[..], b" ", head.reason(), b"\r\n"] {
            text.extend_from_slice(part);
        }
        write_fields(&head.fields(), &mut text);
        let mut slots = [FieldSpan::EMPTY; 100];
        match parse_response(&text, &mut slots, config) {
            Ok(Parse::Complete(again)) => {
                assert_eq!((again.status(), again.reason()), (head.status(), head.reason()));
                assert_eq!((again.version(), again.len()), (head.version(), text.len()));
                same(&again.fields(), &head.fields());
            }
            outcome => assert!(text.len() > config.limits.head, "{outcome:?}"),
        }
    }
}

fn len<T>(parsed: Parse<T>, len: impl Fn(&T) -> usize) -> Option<usize> {
    match parsed {
        Parse::Complete(head) => Some(len(&head)),
        Parse::Partial => None,
    }
}

/// The scanner finds what the parser has found, in pieces of every size.
fn agree(
    parsed: Result<Option<usize>, ParseError>,
    data: &[u8],
    config: &Config,
    scanner: fn(&Config) -> HeadScanner,
) {
    for size in piece_sizes(data.len()) {
        let mut scanner = scanner(config);
        let mut found = scanner.push(b"");
        for end in (size..data.len()).step_by(size).chain([data.len()]) {
            if found != Ok(None) {
                break;
            }
            found = scanner.push(data.get(..end).unwrap_or_default());
        }
        assert_eq!(found, parsed, "in pieces of {size}");
        assert!(scanner.offset() <= data.len());
    }
}

fn write_fields(fields: &Fields<'_, '_>, text: &mut Vec<u8>) {
    for field in fields.iter() {
        for part in [field.name(), b": ", &field.unfolded(), b"\r\n"] {
            text.extend_from_slice(part);
        }
    }
    text.extend_from_slice(b"\r\n");
}

fn same(again: &Fields<'_, '_>, before: &Fields<'_, '_>) {
    assert_eq!(again.len(), before.len());
    for (again, before) in again.iter().zip(before.iter()) {
        assert_eq!(again.name(), before.name());
        assert_eq!(again.value(), before.unfolded().as_ref());
    }
}
