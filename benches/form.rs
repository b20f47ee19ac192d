//! Forms without peers: `cargo bench --bench form`.
//!
//! Every large file has two rows beside ours: copying its bytes, below which no reader that hands them on
//! goes, and looking for the delimiter at every byte with `windows`. For the comparison with other parsers
//! see `benches/peers/`.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use nethttp::field::Boundary;
use nethttp::form::{MultipartEvent, MultipartLimits, MultipartParser};
use nethttp::uri::{FormLimits, Pairs};

#[allow(
    dead_code,
    unreachable_pub,
    reason = "the comparison with peers shares this file and needs more of it"
)]
mod forms;
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the comparisons with peers share this file and need more of it"
)]
mod random;

const LIMITS: MultipartLimits = MultipartLimits::DEFAULT.total(u64::MAX).file(u64::MAX);

fn bytes(len: usize) -> Throughput {
    Throughput::Bytes(u64::try_from(len).expect("a length"))
}

/// Reads a form that comes in pieces; returns how many bytes are content.
fn parse(boundary: &Boundary, body: &[u8]) -> usize {
    let mut parser = MultipartParser::new(boundary, LIMITS);
    let mut content = 0;
    for mut rest in body.chunks(forms::PIECE) {
        loop {
            let (used, event) = parser.receive(rest).expect("a form");
            rest = &rest[used..];
            match event {
                MultipartEvent::NeedMore => break,
                MultipartEvent::Part(head) => {
                    black_box(head.name());
                }
                MultipartEvent::Data(data) => content += black_box(data).len(),
                _ => {}
            }
        }
    }
    parser.finish().expect("a whole form");
    content
}

/// Copies what comes into the same place again and again.
fn copy(body: &[u8], to: &mut [u8]) {
    for piece in body.chunks(forms::PIECE) {
        to[..piece.len()].copy_from_slice(black_box(piece));
        black_box(&to);
    }
}

/// Looks for the delimiter at every byte.
fn windows(body: &[u8], delimiter: &[u8]) -> Option<usize> {
    body.windows(delimiter.len()).position(|window| window == delimiter)
}

/// One file of 64 MiB.
fn large(criterion: &mut Criterion) {
    let boundary = Boundary::parse(forms::BOUNDARY.as_bytes()).expect("a boundary");
    let delimiter = format!("\r\n--{boundary}");
    let mut buffer = vec![0; forms::PIECE];
    let mut group = criterion.benchmark_group("large file");
    group.sample_size(10);
    for name in forms::FILES {
        let body = forms::file(&forms::content(name));
        group.throughput(bytes(body.len()));
        group.bench_function(BenchmarkId::new("parser", name), |bencher| {
            bencher.iter(|| assert_eq!(parse(&boundary, black_box(&body)), forms::LARGE));
        });
        group.bench_function(BenchmarkId::new("copy", name), |bencher| {
            bencher.iter(|| copy(black_box(&body), &mut buffer));
        });
        group.bench_function(BenchmarkId::new("windows", name), |bencher| {
            bencher.iter(|| windows(black_box(&body), delimiter.as_bytes()).expect("the end"));
        });
    }
    group.finish();
}

/// A hundred small fields, both ways.
fn small(criterion: &mut Criterion) {
    let boundary = Boundary::parse(forms::BOUNDARY.as_bytes()).expect("a boundary");
    let mut group = criterion.benchmark_group("100 fields");
    let body = forms::fields(100);
    group.throughput(bytes(body.len()));
    group.bench_function("multipart", |bencher| {
        bencher.iter(|| parse(&boundary, black_box(&body)));
    });
    let text = forms::urlencoded(100);
    group.throughput(bytes(text.len()));
    group.bench_function("urlencoded", |bencher| {
        bencher.iter(|| {
            let pairs = Pairs::parse(black_box(text.as_bytes()), &FormLimits::DEFAULT);
            pairs.expect("a form").iter().for_each(|pair| drop(black_box(pair)));
        });
    });
    group.finish();
}

criterion_group!(benches, large, small);
criterion_main!(benches);
