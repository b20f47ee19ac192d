//! Long bodies, read in large pieces: straight to where they belong.

use std::io::{self, IoSliceMut, Read, Write};
use std::iter::Cycle;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::vec::IntoIter;

use nethttp::Client;
use nethttp::client::{Dial, Stream, Target};
use proptest::collection::vec;
use proptest::prelude::*;

use crate::server::{Server, direct, forgetful};

/// A response in chunks of these sizes, again and again. Those whose size ends with 001 have an extension.
fn chunked(content: &[u8], sizes: impl IntoIterator<Item = usize, IntoIter: Clone>) -> Vec<u8> {
    let mut reply = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n".to_vec();
    let (mut rest, mut sizes) = (content, sizes.into_iter().cycle());
    while !rest.is_empty() {
        let (chunk, behind) = rest.split_at(sizes.next().unwrap().min(rest.len()));
        let extension = if chunk.len() > 1 && chunk.len() % 1000 == 1 {
            format!(";a={}", "b".repeat(70))
        } else {
            String::new()
        };
        reply.extend_from_slice(format!("{:x}{extension}\r\n", chunk.len()).as_bytes());
        reply.extend_from_slice(chunk);
        reply.extend_from_slice(b"\r\n");
        rest = behind;
    }
    reply.extend_from_slice(b"0\r\n\r\n");
    reply
}

/// A stream that comes in pieces of these sizes, again and again.
struct Pieces {
    bytes: Vec<u8>,
    at: usize,
    sizes: Cycle<IntoIter<usize>>,
    /// Whether anything was written after everything was read.
    is_used_again: Arc<AtomicBool>,
}

impl Pieces {
    fn new(bytes: &[u8], sizes: Vec<usize>, is_used_again: &Arc<AtomicBool>) -> Self {
        let is_used_again = Arc::clone(is_used_again);
        Self { bytes: bytes.to_vec(), at: 0, sizes: sizes.into_iter().cycle(), is_used_again }
    }
}

impl Read for Pieces {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.read_vectored(&mut [IoSliceMut::new(buf)])
    }

    fn read_vectored(&mut self, slices: &mut [IoSliceMut<'_>]) -> io::Result<usize> {
        let piece = self.sizes.next().unwrap();
        let rest = &self.bytes[self.at..];
        let len = (&rest[..piece.min(rest.len())]).read_vectored(slices)?;
        self.at += len;
        Ok(len)
    }
}

impl Write for Pieces {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.is_used_again.fetch_or(self.at == self.bytes.len(), Ordering::Relaxed);
        Ok(buf.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    /// Chunks are read to where they belong, wherever the stream is cut and whatever size comes next; what comes behind the end
    /// is never part of the body, and an error is none of its end.
    #[test]
    fn chunks_of_any_size_in_pieces_of_any_size_are_the_same_content(
        chunks in vec(prop_oneof![1..40_usize, 1000..70_000_usize, Just(5001)], 1..6),
        pieces in vec(prop_oneof![1..30_usize, 1000..70_000_usize], 1..6),
        buf in prop_oneof![Just(16_384_usize), Just(65_536), 16_384..100_000_usize],
        len in 1..200_000_usize,
        cut in any::<prop::sample::Index>(),
        is_cut in any::<bool>(),
        behind in 0..30_usize,
    ) {
        let content: Vec<u8> = (0..len).map(|n| ((n * 31) >> 5) as u8).collect();
        let mut reply = chunked(&content, chunks);
        let head = reply.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
        if is_cut {
            reply.truncate(head + cut.index(reply.len() - head));
        } else {
            reply.extend(std::iter::repeat_n(b'x', behind));
        }
        let is_used_again = Arc::default();
        let client = client_of(reply, pieces, &is_used_again);
        let (read, end) = read(&client, buf);
        let end = end.map_err(|error| error.kind());
        prop_assert!(content.starts_with(&read));
        prop_assert_eq!(end, if is_cut { Err(io::ErrorKind::UnexpectedEof) } else { Ok(()) });
        prop_assert!(is_cut || read.len() == content.len());
        // What has not come yet is not known to be too much: it is none of the next response.
        let _ = client.get("http://a.example/").send();
        prop_assert_eq!(is_used_again.load(Ordering::Relaxed), !is_cut && behind == 0);
    }

    /// A byte that is wrong is the same error, at the same place and behind the same data, whether framing is read elsewhere or
    /// stands among the data.
    #[test]
    fn a_wrong_byte_is_the_same_error_with_a_buffer_of_any_size(
        chunks in vec(prop_oneof![1..40_usize, 1000..70_000_usize, Just(65_536), Just(5001)], 1..4),
        pieces in vec(prop_oneof![1..30_usize, 1000..70_000_usize], 1..4),
        buf in 16_384..100_000_usize,
        len in 20_000..200_000_usize,
        nth in any::<prop::sample::Index>(),
        wrong in prop_oneof![prop::sample::select(&b"\r\n;0f "[..]), any::<u8>()],
    ) {
        let content = vec![b'.'; len];
        let mut reply = chunked(&content, chunks);
        let framing: Vec<usize> = (0..reply.len()).filter(|&at| reply[at] != b'.').collect();
        let head = reply.windows(4).position(|window| window == b"\r\n\r\n").unwrap() + 4;
        let framing = &framing[framing.partition_point(|at| *at < head)..];
        reply[framing[nth.index(framing.len())]] = wrong;
        let outcome = |buf| {
            let client = client_of(reply.clone(), pieces.clone(), &Arc::default());
            let (read, end) = read(&client, buf);
            (read, end.map_err(|error| error.to_string()))
        };
        prop_assert_eq!(outcome(buf), outcome(1000));
    }
}

/// A client all of whose connections have this reply in pieces of these sizes.
fn client_of(reply: Vec<u8>, pieces: Vec<usize>, is_used_again: &Arc<AtomicBool>) -> Client {
    let told = Arc::clone(is_used_again);
    let stream = move |_: &Target<'_>, _: Dial<'_>| {
        Ok(Stream::new(Pieces::new(&reply, pieces.clone(), &told)))
    };
    direct().connector(stream).build().unwrap()
}

/// Reads a body with a buffer of this size; returns how it ends, too.
fn read(client: &Client, buf: usize) -> (Vec<u8>, io::Result<()>) {
    let mut response = client.get("http://a.example/").send().unwrap();
    let (mut read, mut buf) = (Vec::new(), vec![0; buf]);
    loop {
        match response.body_mut().read(&mut buf) {
            Ok(0) => return (read, Ok(())),
            Ok(len) => read.extend_from_slice(&buf[..len]),
            Err(error) => return (read, Err(error)),
        }
    }
}

#[test]
fn all_that_comes_before_an_error_is_read() {
    let content = [7; 50_000];
    let reply = chunked(&content, [50_000]);
    let broken = [&reply[..reply.len() - 7], b"??", b"0\r\n\r\n"].concat();
    for len in [16 << 10, 20_000, 64 << 10] {
        let server = Server::closing(&broken);
        let mut response = forgetful().get(server.url("/")).send().unwrap();
        let (mut read, mut buf) = (0, vec![0; len]);
        let error = loop {
            match response.body_mut().read(&mut buf) {
                Ok(0) => panic!("expected an error, found the end"),
                Ok(len) => read += len,
                Err(error) => break error,
            }
        };
        assert_eq!((read, error.kind()), (content.len(), io::ErrorKind::InvalidData));
    }
}

#[test]
fn long_bodies_are_the_same_in_every_framing_and_with_every_size_of_reads() {
    let content: Vec<u8> =
        (0..700_001_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 24) as u8).collect();
    let mut replies = vec![
        [
            format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n", content.len()).as_bytes(),
            &content,
        ]
        .concat(),
        [&b"HTTP/1.1 200 OK\r\n\r\n"[..], &content].concat(),
    ];
    for size in [1 << 10, 16 << 10, 65_536, 100_003, 1 << 20] {
        replies.push(chunked(&content, [size]));
    }
    // Lines that are shorter, longer and as long as the one before, some of them beyond any size.
    replies.push(chunked(&content, [70_000, 100, 5_000, 5_001, 1, 9, 40_000, 3, 17, 300_000]));
    for reply in replies {
        let (server, client) = (Server::closing(&reply), forgetful());
        for size in [977, 16 << 10, 64 << 10, 1 << 20] {
            let mut response = client.get(server.url("/")).send().unwrap();
            let (mut read, mut buf) = (Vec::new(), vec![0; size]);
            loop {
                match response.body_mut().read(&mut buf).unwrap() {
                    0 => break,
                    len => read.extend_from_slice(&buf[..len]),
                }
            }
            assert!(read == content, "{size} {}", reply[..60].escape_ascii());
            assert_eq!(response.body_mut().read(&mut buf).unwrap(), 0);
        }
    }
}
