//! What other programs compress, we read; what we compress, they read.

use std::path::Path;

use nethttp::coding::{Encoder, Level, encode};

use super::Format;
use super::checks::{decode, difference};
use super::kit::Chance;
use crate::support::peers;
use crate::support::program::run;
use crate::support::scratch::Scratch;

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

/// Encodes in pieces of some size, with a flush behind some of them.
fn in_pieces(format: Format, level: Level, content: &[u8], size: usize) -> Vec<u8> {
    let (mut encoder, mut out) = (Encoder::new(format, level), Vec::new());
    for (index, piece) in content.chunks(size).enumerate() {
        encoder.encode(piece, &mut out);
        if index % 3 == 0 {
            encoder.flush(&mut out);
        }
    }
    encoder.finish(&mut out);
    out
}

fn levels() -> impl Iterator<Item = Level> {
    (0..=9).map(|level| Level::new(level).unwrap())
}

#[test]
fn writes_what_zlib_reads() {
    let Some(python) = peers::find("python3") else { return };
    let content = content();
    let (all, noise) = (&content[..], &Chance::new(22).octets(5000)[..]);
    let (mut records, mut count) = (Vec::new(), 0);
    for content in [all, noise, &all[..700], &[0; 70_000], &all[..1], b""] {
        for (number, format) in (0..).zip([Format::Raw, Format::Zlib, Format::Gzip]) {
            for level in levels() {
                for stream in
                    [encode(format, content, level), in_pieces(format, level, content, 999)]
                {
                    let label = format!("{} bytes as {format:?}, {level:?}", content.len());
                    records.push(u8::try_from(label.len()).unwrap());
                    records.extend_from_slice(label.as_bytes());
                    records.push(number);
                    for octets in [content, &stream] {
                        records.extend_from_slice(&(octets.len() as u32).to_be_bytes());
                        records.extend_from_slice(octets);
                    }
                    count += 1;
                }
            }
        }
    }
    let outcome = run(&python, [STREAMS, "read"], &records);
    assert_eq!((outcome.out().trim(), outcome.err().as_str()), (&*count.to_string(), ""));
}

/// What several members of ours, and theirs, are one behind the other.
#[test]
fn writes_what_gzip_and_pigz_read() {
    let content = content();
    for program in ["gzip", "pigz"] {
        let Some(program) = peers::find(program) else { continue };
        let members: Vec<Vec<u8>> = levels()
            .map(|level| encode(Format::Gzip, &content, level))
            .chain([in_pieces(Format::Gzip, Level::DEFAULT, &content, 5000)])
            .collect();
        let outcome = run(&program, ["-dc"], &members.concat());
        assert_eq!((outcome.status, outcome.err().as_str()), (Some(0), ""));
        assert!(outcome.stdout == content.repeat(members.len()));
    }
}
