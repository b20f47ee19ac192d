//! What other programs compress, we read; what we compress, they read.

use std::path::Path;

use super::Format;
use super::checks::{decode, difference};
use super::kit::Chance;
use crate::program::run;
use crate::scratch::Scratch;
use crate::support::peers;

const STREAMS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/coding/streams.py");

/// A record of `streams.py`.
struct Record<'a> {
    label: &'a str,
    format: Format,
    content: &'a [u8],
    stream: &'a [u8],
}

fn records(mut octets: &[u8]) -> Vec<Record<'_>> {
    fn take<'a>(octets: &mut &'a [u8], len: usize) -> &'a [u8] {
        let (taken, rest) = octets.split_at(len);
        *octets = rest;
        taken
    }
    fn field<'a>(octets: &mut &'a [u8]) -> &'a [u8] {
        let len = u32::from_be_bytes(take(octets, 4).try_into().unwrap());
        take(octets, len as usize)
    }
    let mut records = Vec::new();
    while !octets.is_empty() {
        let len = usize::from(take(&mut octets, 1)[0]);
        let label = std::str::from_utf8(take(&mut octets, len)).unwrap();
        let format =
            [Format::Raw, Format::Zlib, Format::Gzip][usize::from(take(&mut octets, 1)[0])];
        let (content, stream) = (field(&mut octets), field(&mut octets));
        records.push(Record { label, format, content, stream });
    }
    records
}

#[test]
fn reads_what_zlib_writes() {
    let Some(python) = peers::find("python3") else { return };
    let outcome = run(&python, [STREAMS, "write"], b"");
    assert_eq!((outcome.status, outcome.err().as_str()), (Some(0), ""));
    let records = records(&outcome.stdout);
    assert!(records.len() > 700);
    for (index, record) in records.iter().enumerate() {
        let Record { label, format, content, stream } = record;
        let size = [stream.len(), 1, 7, 1000][index % 4];
        is_read(label, *format, stream, content, size);
        if *format != Format::Gzip {
            is_read(label, Format::Deflate, stream, content, stream.len());
        }
    }
}

#[track_caller]
fn is_read(label: &str, format: Format, stream: &[u8], content: &[u8], size: usize) {
    let found = decode(format, &stream.chunks(size.max(1)).collect::<Vec<_>>());
    let expected = (content.to_vec(), Ok(()));
    assert!(found == expected, "{label} as {format:?}: {}", difference(&found, &expected));
}

/// Something to compress that is neither easy nor hard.
fn content() -> Vec<u8> {
    let mut chance = Chance::new(21);
    let words: Vec<Vec<u8>> = (0..400)
        .map(|_| (0..1 + chance.below(8)).map(|_| b'a' + chance.below(26) as u8).collect())
        .collect();
    let text = (0..6000).flat_map(|_| words[chance.below(400)].clone()).collect::<Vec<u8>>();
    let noise = chance.octets(3000);
    [&text[..], &noise, &[0; 3000], &text[..9000]].concat()
}

/// Runs a compressor, asserts that it is read, and returns what it wrote.
#[track_caller]
fn is_read_from(program: &Path, arguments: &[&str], format: Format, content: &[u8]) -> Vec<u8> {
    let outcome = run(program, arguments, content);
    assert_eq!((outcome.status, outcome.err().as_str()), (Some(0), ""), "{arguments:?}");
    is_read(&format!("{arguments:?}"), format, &outcome.stdout, content, outcome.stdout.len());
    outcome.stdout
}

const LEVELS: [&str; 9] = ["-1", "-2", "-3", "-4", "-5", "-6", "-7", "-8", "-9"];

#[test]
fn reads_what_gzip_writes() {
    let Some(gzip) = peers::find("gzip") else { return };
    let content = content();
    let members = LEVELS.map(|level| is_read_from(&gzip, &[level], Format::Gzip, &content));
    // As `cat` would join them.
    is_read("all levels", Format::Gzip, &members.concat(), &content.repeat(9), 1000);
    is_read_from(&gzip, &["-c"], Format::Gzip, b"");
    // With the name of the file and its time.
    let scratch = Scratch::new();
    let file = scratch.write("a name.txt", &content);
    let stream = is_read_from(&gzip, &["-N", "-c", file.to_str().unwrap()], Format::Gzip, &content);
    assert!(stream[3] == 8 && stream[10..].starts_with(b"a name.txt\0"));
}

#[test]
fn reads_what_pigz_writes() {
    let Some(pigz) = peers::find("pigz") else { return };
    let content = content();
    for level in LEVELS {
        is_read_from(&pigz, &[level], Format::Gzip, &content);
    }
    // Zlib; blocks that know nothing of each other; a comment.
    is_read_from(&pigz, &["-z"], Format::Zlib, &content);
    is_read_from(&pigz, &["-i", "-b", "128", "-p", "2"], Format::Gzip, &content.repeat(4));
    is_read_from(&pigz, &["-p", "2", "-b", "128"], Format::Gzip, &content.repeat(4));
    let stream = is_read_from(&pigz, &["-C", "what it is"], Format::Gzip, &content);
    assert!(stream[3] == 16 && stream[10..].starts_with(b"what it is\0"));
}

#[test]
fn reads_what_zopfli_writes() {
    let Some(zopfli) = peers::find("zopfli") else { return };
    let (scratch, content) = (Scratch::new(), content());
    let file = scratch.write("content", &content[..20_000]);
    let file = file.to_str().unwrap();
    for (option, format) in
        [("--gzip", Format::Gzip), ("--zlib", Format::Zlib), ("--deflate", Format::Raw)]
    {
        is_read_from(&zopfli, &[option, "--i3", "-c", file], format, &content[..20_000]);
    }
}
