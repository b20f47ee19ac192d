//! Servers that make it hard.

use std::io::Write;
use std::thread;
use std::time::Duration;

use nethttp::Client;

use crate::server::{PATIENCE, Server, ok};

#[test]
fn a_redirect_whose_framing_drips_costs_its_connection_and_no_time() {
    const HEAD: &str = "HTTP/1.1 302 Found\r\nLocation: /b\r\nTransfer-Encoding: chunked\r\n\r\n";
    for framing in ["5;", "0\r\nX: "] {
        let server = Server::start(move |peer| {
            let request = peer.request().unwrap();
            if request.starts_with(b"GET /b ") {
                return peer.send(&ok("done"));
            }
            peer.send(HEAD.as_bytes());
            peer.send(framing.as_bytes());
            // No byte of it is content, and none is late.
            while peer.stream.write_all(b"x").is_ok() {
                thread::sleep(Duration::from_millis(20));
            }
        });
        let response = Client::new().get(server.url("/a")).timeout(PATIENCE).send().unwrap();
        assert_eq!(response.text().unwrap(), "done");
    }
}
