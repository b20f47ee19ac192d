//! The vectors are read as bytes.

use crate::support::vectors::h1_requests;
use std::collections::BTreeSet;

#[test]
fn every_row_is_read_and_has_its_own_name() {
    let rows = h1_requests();
    assert_eq!(rows.len(), 246);
    let names: BTreeSet<&str> = rows.iter().map(|row| row.id.as_str()).collect();
    assert_eq!(names.len(), rows.len());
    let known = "ok partial 400-in-body 400 413 414 417 431 501 505";
    for row in &rows {
        assert!(known.split(' ').any(|k| k == row.expect), "{row:?}");
    }
}

#[test]
fn parts_are_bytes_and_are_repeated() {
    let rows = h1_requests();
    let row = |id: &str| rows.iter().find(|row| row.id == id).unwrap();
    let octet = row("method.obs");
    assert!(octet.input.starts_with(b"G\xc9T "));
    let repeated = row("line.leading_100crlf");
    assert_eq!(repeated.input[..200], *b"\r\n".repeat(100));
    assert!(repeated.rfc_may && repeated.expect == "400");
}
