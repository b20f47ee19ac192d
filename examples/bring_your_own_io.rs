//! A server on nothing but [`ServerConnection`] and a stream of bytes.
//!
//! The connection reads, writes and waits for nothing: it is given bytes and says what they mean. So it
//! runs wherever bytes can be moved, in an event loop, on a serial line or in a test; the loop is yours.
//! Here it is the plainest one that is right, over anything that is [`Read`] and [`Write`]. What is
//! missing against [`nethttp::Server`] is time: nobody is ever hung up on for being slow.
//!
//! ```text
//! cargo run --example bring_your_own_io
//! curl -d 'hello' http://127.0.0.1:8080/
//! ```

use std::error::Error;
use std::io::{self, Read, Write};
use std::net::{Shutdown, TcpListener};

use nethttp::h1::{Config, Limits, ServerConnection, ServerEvent, ServerNext};
use nethttp::{HeaderMap, StatusCode};

/// How much of a request's body is kept; what comes beyond it is counted and dropped.
const KEPT: usize = 1 << 20;

/// Answers requests from a stream until one side wants to close.
///
/// # Errors
///
/// The stream fails, or the client breaks the protocol; the client has been told then.
fn serve(mut stream: impl Read + Write) -> Result<(), Box<dyn Error>> {
    let mut connection = ServerConnection::new(&Config::SERVER);
    // Bytes from the wire. A head is taken only when it is whole, so there has to be room for one.
    let mut buf = vec![0; Limits::DEFAULT.head + (16 << 10)];
    let (mut start, mut end) = (0, 0);
    let mut body = Vec::new();
    let mut too_long = false;
    loop {
        // 1. Ask what the bytes mean. The events borrow from the buffer: nothing is copied.
        let (used, event) = match connection.receive(&buf[start..end]) {
            Ok(received) => received,
            Err(error) => {
                // 2. What is malformed is answered with the status that the error names, and that
                //    is the end: nothing behind it can be trusted.
                if !connection.has_responded() {
                    let text = error.to_string();
                    respond(&mut connection, error.status(), text.as_bytes(), &mut stream)?;
                }
                return Err(error.into());
            }
        };
        start += used;
        match event {
            ServerEvent::Request(head) => {
                eprintln!("{} {}", head.method(), head.target().escape_ascii());
                body.clear();
                too_long = false;
            }
            ServerEvent::Data(data) => {
                too_long |= body.len() + data.len() > KEPT;
                if !too_long {
                    body.extend_from_slice(data);
                }
            }
            // 3. The request is complete. Answer it, and see what comes then.
            ServerEvent::End => {
                let (status, content) = match too_long {
                    true => (StatusCode::PAYLOAD_TOO_LARGE, &b"too long"[..]),
                    false => (StatusCode::OK, &body[..]),
                };
                respond(&mut connection, status, content, &mut stream)?;
                if connection.next() != ServerNext::Request {
                    return Ok(());
                }
            }
            // 4. There is nothing to be made of these bytes yet: get more.
            ServerEvent::NeedMore => {
                if connection.expects_continue() {
                    // The client will not send the body before it is told to.
                    let mut out = Vec::new();
                    connection.send_interim(StatusCode::CONTINUE, &HeaderMap::new(), &mut out)?;
                    stream.write_all(&out)?;
                }
                buf.copy_within(start..end, 0);
                (start, end) = (0, end - start);
                match stream.read(&mut buf[end..]) {
                    // The end of the stream is fine between requests and an error within one.
                    Ok(0) => return Ok(connection.end_of_input().map(|_| ())?),
                    Ok(len) => end += len,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) => return Err(error.into()),
                }
            }
            // The loop answers each request as soon as it is complete, so it never has to wait; and it
            // knows no other protocol to switch to.
            _ => return Ok(()),
        }
    }
}

/// Sends a response. The connection writes the fields that frame it, and refuses what cannot be sent.
fn respond(
    connection: &mut ServerConnection,
    status: StatusCode,
    content: &[u8],
    stream: &mut impl Write,
) -> Result<(), Box<dyn Error>> {
    let mut headers = HeaderMap::new();
    headers.append("Content-Type", "text/plain; charset=utf-8")?;
    let len = u64::try_from(content.len())?;
    let mut out = Vec::new();
    connection.send_response(status, None, &headers, Some(len), None, &mut out)?;
    connection.send_data(content, &mut out)?;
    connection.finish(&HeaderMap::new(), &mut out)?;
    Ok(stream.write_all(&out)?)
}

fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::args().nth(1).map_or(Ok(8080), |port| port.parse::<u16>())?;
    let listener = TcpListener::bind(("127.0.0.1", port))?;
    println!("http://{}/", listener.local_addr()?);
    // One connection at a time, since nothing here is about threads.
    for stream in listener.incoming() {
        let stream = stream?;
        if let Err(error) = serve(&stream) {
            eprintln!("{error}");
        }
        // A client that is still sending has to be able to read the answer: half-close, and drain a
        // little before the stream is dropped.
        if stream.shutdown(Shutdown::Write).is_ok() {
            let _ = stream.set_read_timeout(Some(std::time::Duration::from_secs(1)));
            let _ = io::copy(&mut Read::take(&stream, 1 << 20), &mut io::sink());
        }
    }
    Ok(())
}
