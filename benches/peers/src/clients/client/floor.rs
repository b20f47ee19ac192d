//! The floor: writes a request that is there, and reads until as many bytes have come as the answer is known to have.
//! It looks at none of them: that a head or a chunk begins where it should is known as well. No client should be
//! like it, and none can take less in safe Rust on a blocking socket.

use std::error::Error;
use std::io::{self, IoSliceMut, Read, Write};
use std::net::{SocketAddr, TcpStream};

use super::{Asked, Get, READ, Sink};
use crate::clients::answers::{Answer, Target};

pub(super) fn open(asked: &Asked) -> Result<Get<'_>, Box<dyn Error>> {
    open_with(asked, receive)
}

/// The floor of who hands out content in one piece, without the framing of chunks: it knows where that is, and has it read
/// elsewhere.
pub(super) fn open_joined(asked: &Asked) -> Result<Get<'_>, Box<dyn Error>> {
    open_with(asked, receive_joined)
}

type Receive = fn(&mut TcpStream, &mut [u8], &Answer, Sink<'_>) -> io::Result<()>;

fn open_with(asked: &Asked, receive: Receive) -> Result<Get<'_>, Box<dyn Error>> {
    let path = asked.url.rsplit('/').next().unwrap_or_default();
    let (request, closes) = (request(path, asked.addr), path == Target::Close.name());
    let (mut kept, mut buf) = (None, vec![0; READ]);
    Ok(Box::new(move |sink| {
        let mut stream = match kept.take() {
            Some(stream) => stream,
            None => TcpStream::connect(asked.addr)?,
        };
        stream.write_all(&request)?;
        receive(&mut stream, &mut buf, &asked.answer, sink)?;
        kept = Some(stream).filter(|_| !closes);
        Ok(200)
    }))
}

fn request(path: &str, host: SocketAddr) -> Vec<u8> {
    format!("GET /{path} HTTP/1.1\r\nHost: {host}\r\nUser-Agent: floor/1.0\r\nAccept: */*\r\n\r\n")
        .into()
}

fn receive(
    stream: &mut TcpStream,
    buf: &mut [u8],
    answer: &Answer,
    sink: Sink<'_>,
) -> io::Result<()> {
    let (len, mut at) = (answer.len_on_wire(), 0);
    while at < len {
        match stream.read(buf)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            read => {
                own(answer, at, &buf[..read], sink);
                at += read as u64;
            }
        }
    }
    Ok(())
}

fn receive_joined(
    stream: &mut TcpStream,
    buf: &mut [u8],
    answer: &Answer,
    sink: Sink<'_>,
) -> io::Result<()> {
    let (len, head) = (answer.len_on_wire(), answer.head.len() as u64);
    let mut at = stream.read(buf)? as u64;
    own(answer, 0, &buf[..usize::try_from(at).expect("a part of the buffer")], sink);
    let mut framing = vec![0; answer.piece.len() - answer.own.len()];
    while at < len {
        let (left, due) = ahead(answer, at - head);
        let (before, behind) = buf.split_at_mut(left.min(READ));
        let slices = [before, &mut framing[..due], behind];
        let read = stream.read_vectored(&mut slices.map(IoSliceMut::new))?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let content = read - read.saturating_sub(left).min(due);
        if content > 0 {
            sink(&buf[..content]);
        }
        at += read as u64;
    }
    Ok(())
}

/// Returns how much of the body's own is next at this place behind the head, and how much framing is behind that.
fn ahead(answer: &Answer, at: u64) -> (usize, usize) {
    let (own, piece) = (&answer.own, answer.piece.len());
    let place = usize::try_from(at % piece as u64).expect("within the piece");
    let left = own.end.saturating_sub(place.max(own.start));
    let due = if place < own.start { own.start - place } else { piece + own.start - place - left };
    if place < own.start { (0, due) } else { (left, due) }
}

/// Finds the body's own bytes in what stands at this place of the answer.
fn own(answer: &Answer, at: u64, bytes: &[u8], sink: Sink<'_>) {
    let within = |len: u64| usize::try_from(len).unwrap_or(usize::MAX).min(bytes.len());
    let (head, piece) = (answer.head.len() as u64, answer.piece.len() as u64);
    let mut rest = &bytes[within(head.saturating_sub(at))..];
    let mut at = at.max(head) - head;
    while !rest.is_empty() && at < piece * answer.count {
        let place = usize::try_from(at % piece).expect("within the piece");
        let (there, after) = rest.split_at(rest.len().min(answer.piece.len() - place));
        let start = answer.own.start.saturating_sub(place).min(there.len());
        let end = answer.own.end.saturating_sub(place).min(there.len());
        if start < end {
            sink(&there[start..end]);
        }
        at += there.len() as u64;
        rest = after;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_ahead_is_content_and_then_framing() {
        let answer = Answer::of(Target::Chunked);
        // A line of 7 bytes, 64 KiB, and CR LF.
        for (at, expected) in [
            (0, (0, 7)),
            (6, (0, 1)),
            (7, (65_536, 9)),
            (65_542, (1, 9)),
            (65_543, (0, 9)),
            (65_544, (0, 8)),
            (65_545, (0, 7)),
        ] {
            assert_eq!(ahead(&answer, at), expected, "{at}");
        }
    }

    #[test]
    fn the_bodys_own_bytes_are_found_wherever_the_answer_is_cut() {
        let mut answer = Answer::of(Target::Chunked);
        answer.count = 3;
        let pieces = answer.piece.repeat(3);
        let wire = [&answer.head[..], &pieces, answer.end].concat();
        let expected = answer.piece[answer.own.clone()].repeat(3);
        for len in [1, 7, 1000, 65_536, 65_545, wire.len()] {
            let (mut got, mut at) = (Vec::new(), 0);
            for bytes in wire.chunks(len) {
                own(&answer, at, bytes, &mut |piece| got.extend_from_slice(piece));
                at += bytes.len() as u64;
            }
            assert!(got == expected, "in pieces of {len}");
        }
    }
}
