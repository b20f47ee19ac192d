//! The floor: writes a request that is there, and reads until as many bytes have come as the answer is known to have.
//! It looks at none of them: that a head or a chunk begins where it should is known as well. No client should be
//! like it, and none can take less in safe Rust on a blocking socket.

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpStream};

use super::{Asked, Get, READ, Sink};
use crate::clients::answers::{Answer, Target};

pub(super) fn open(asked: &Asked) -> Result<Get<'_>, Box<dyn Error>> {
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
