//! Streams go wrong where they were told to.

use crate::support::fault::{Fault, Faulty, Script};
use std::io::{self, ErrorKind, Read, Write};

const TEXT: &[u8] = b"HTTP/1.1 204 No Content\r\n\r\n";

#[track_caller]
fn read_with(fault: Fault, at: usize) -> (Vec<u8>, io::Result<usize>) {
    let mut stream = Faulty::reading(TEXT, at, fault);
    let mut found = Vec::new();
    let outcome = stream.read_to_end(&mut found);
    assert_eq!(stream.passed(), (found.len(), 0));
    (found, outcome)
}

#[test]
fn fails_behind_every_byte_read() {
    for at in 0..=TEXT.len() {
        let (found, outcome) = read_with(Fault::Fail(ErrorKind::ConnectionReset), at);
        assert_eq!(found, TEXT[..at]);
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::ConnectionReset);
    }
}

#[test]
fn stalls_and_ends_behind_every_byte_read() {
    for at in 0..=TEXT.len() {
        let (found, outcome) = read_with(Fault::Stall, at);
        assert_eq!(found, TEXT[..at]);
        assert_eq!(outcome.unwrap_err().kind(), ErrorKind::WouldBlock);
        let (found, outcome) = read_with(Fault::End, at);
        assert_eq!(found, TEXT[..at]);
        assert_eq!(outcome.unwrap(), at);
    }
}

#[test]
fn an_interruption_passes() {
    let (found, outcome) = read_with(Fault::FailOnce(ErrorKind::Interrupted), 3);
    assert_eq!(found, TEXT);
    assert_eq!(outcome.unwrap(), TEXT.len());
}

#[test]
fn writes_go_wrong_behind_every_byte() {
    for at in 0..TEXT.len() {
        let peer = Script::new();
        let mut stream = Faulty::writing(peer.clone(), at, Fault::Fail(ErrorKind::BrokenPipe));
        let error = stream.write_all(TEXT).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::BrokenPipe);
        assert_eq!(peer.written(), TEXT[..at]);
        let mut stream = Faulty::writing(Script::new(), at, Fault::End);
        let error = stream.write_all(TEXT).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::WriteZero);
    }
}

#[test]
fn the_other_direction_is_left_alone() {
    let peer = Script::new().give(b"hello");
    let mut stream = Faulty::writing(peer, 0, Fault::Stall);
    let mut found = String::new();
    stream.read_to_string(&mut found).unwrap();
    assert_eq!(found, "hello");
}

#[test]
fn a_script_gives_piece_by_piece_and_keeps_what_is_written() {
    let mut peer = Script::new().give(b"abc").give(b"d").fail(ErrorKind::TimedOut);
    let mut buf = [0; 2];
    let mut next = || peer.read(&mut buf).map(|count| buf[..count].to_vec());
    assert_eq!(next().unwrap(), b"ab");
    assert_eq!(next().unwrap(), b"c");
    assert_eq!(next().unwrap(), b"d");
    assert_eq!(next().unwrap_err().kind(), ErrorKind::TimedOut);
    assert_eq!(next().unwrap(), b"");
    assert!(peer.is_done());
    peer.write_all(b"one").unwrap();
    peer.clone().write_all(b" two").unwrap();
    assert_eq!(peer.written(), b"one two");
}
