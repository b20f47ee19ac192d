//! Transports that are not as quick as a socket: nobody waits longer for that, and no other client is kept waiting.

use super::{Client, GET, PATIENCE, Running, millis, statuses};
use nethttp::Request;
use nethttp::server::{Socket, Threads, Timeouts, Transport};
use std::io::{self, Read, Write};
use std::thread;
use std::time::Instant;

fn ok(request: &mut Request) -> nethttp::Result<&'static str> {
    request.body_mut().read_all()?;
    Ok("ok")
}

/// Takes nothing in but whole records, of a size that no test sends, and so reads the socket again and again.
struct Records(Socket, Vec<u8>);

impl Read for Records {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        while self.1.len() < 1 << 20 {
            let mut piece = [0; 1024];
            match self.0.read(&mut piece)? {
                0 => return Ok(0),
                len => self.1.extend_from_slice(&piece[..len]),
            }
        }
        self.1.as_slice().read(buf)
    }
}

impl Write for Records {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Transport for Records {
    fn has_buffered(&self) -> bool {
        false
    }
}

/// Whether a client that sends a byte now and then is cut off before the test's patience is at its end.
fn cuts_off_who_drips(server: &Running) -> bool {
    let mut client = server.connect();
    let began = Instant::now();
    let mut writer = client.0.try_clone().expect("a descriptor");
    let dripping = thread::spawn(move || {
        while writer.write_all(b"x").is_ok() {
            if began.elapsed() > PATIENCE {
                return false;
            }
            thread::sleep(millis(3));
        }
        true
    });
    client.rest();
    dripping.join().expect("no panic")
}

#[test]
fn a_record_that_drips_is_given_up_when_the_head_is_late() {
    let timeouts = Timeouts::DEFAULT.head(millis(300)).drain(millis(100));
    let records = || Running::bind().timeouts(timeouts).transport(|it| Ok(Records(it, Vec::new())));
    assert!(cuts_off_who_drips(&Running::spawn(records(), ok)), "with a thread of its own");
    let few = Threads::DEFAULT.max(2).accepting(1);
    assert!(cuts_off_who_drips(&Running::spawn(records().threads(few), ok)), "with few threads");
}

/// The least that a transport has to say for itself.
struct Plain(Socket);

impl Read for Plain {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        self.0.read(buf)
    }
}

impl Write for Plain {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        self.0.write(buf)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Transport for Plain {}

#[test]
fn idle_connections_that_cannot_be_parked_take_turns() {
    let few = Threads::DEFAULT.max(4).accepting(1);
    let server = Running::spawn(Running::bind().threads(few).transport(|it| Ok(Plain(it))), ok);
    let mut clients: Vec<Client> = (0..20).map(|_| server.connect()).collect();
    for round in 0..3 {
        for client in &mut clients {
            client.send(GET);
        }
        for client in &mut clients {
            assert!(client.response().ends_with("ok"), "round {round}");
        }
        assert_eq!(statuses(&server.exchange(GET)), [200], "round {round}");
    }
    assert_eq!(server.handle().metrics().parked, 0);
    assert!(server.handle().metrics().threads <= 4);
}
