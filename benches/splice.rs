//! Files out of a server, without peers: `cargo bench --bench splice`.
//!
//! The same bytes go out as a file, which the server knows how to send, and as a reader, of which it knows
//! nothing. The client reads them and throws them away.

use std::fs::File;
use std::hint::black_box;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::time::Duration;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use nethttp::{Body, Request, Response, Server, StatusCode};

const SIZES: [u64; 3] = [100 << 10, 1 << 20, 64 << 20];

fn path() -> PathBuf {
    std::env::temp_dir().join(format!("nethttp-bench-{}", std::process::id()))
}

fn answer(request: &mut Request) -> Result<Response, nethttp::Error> {
    let file = File::open(path())?;
    let (way, len) = request.path().trim_start_matches('/').split_once('/').unwrap_or_default();
    let len = len.parse().unwrap_or(0);
    let body = match way {
        "file" => Body::file(file, 0..len),
        _ => Body::reader(file.take(len), Some(len)),
    };
    Ok(Response::new(StatusCode::OK).with_body(body))
}

/// Asks for a path, and reads as many bytes of body as there are.
fn fetch(stream: &mut TcpStream, path: &str, len: u64, scratch: &mut [u8]) {
    let request = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
    stream.write_all(request.as_bytes()).expect("the server reads");
    let (mut got, mut head) = (0, None);
    while head.is_none() {
        got += stream.read(&mut scratch[got..]).expect("a head");
        head = scratch[..got].windows(4).position(|end| end == b"\r\n\r\n");
    }
    let early = (got - head.map_or(0, |at| at + 4)) as u64;
    let mut body = stream.take(len - early);
    while black_box(body.read(scratch).expect("a body")) > 0 {}
}

fn files(c: &mut Criterion) {
    std::fs::write(path(), vec![b'a'; 64 << 20]).expect("a file");
    let server = Server::bind("127.0.0.1:0").expect("a port").spawn(answer).expect("a thread");
    let mut stream = TcpStream::connect(server.addr()).expect("a connection");
    let mut scratch = vec![0; 256 << 10];
    let mut group = c.benchmark_group("splice");
    for len in SIZES {
        group.throughput(Throughput::Bytes(len));
        for way in ["file", "reader"] {
            let path = format!("/{way}/{len}");
            group.bench_with_input(BenchmarkId::new(way, len), &path, |b, path| {
                b.iter(|| fetch(&mut stream, path, len, &mut scratch));
            });
        }
    }
    group.finish();
    drop(stream);
    server.shutdown(Duration::from_secs(1));
    let _ = std::fs::remove_file(path());
}

criterion_group!(benches, files);
criterion_main!(benches);
