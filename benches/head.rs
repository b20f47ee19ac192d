//! Head parsing without peers: `cargo bench --bench head`.
//!
//! For the comparison with other parsers see `benches/peers/`.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use nethttp::h1::{Config, HeadScanner, Parse, parse_request, parse_response};
use nethttp::header::FieldSpan;

use heads::{Input, inputs};

#[allow(
    dead_code,
    unreachable_pub,
    reason = "the comparison with peers shares this file and needs more of it"
)]
mod heads;

const SLOTS: usize = 64;

fn parse(input: &Input, head: &[u8], slots: &mut [FieldSpan]) -> bool {
    if input.is_response {
        let parsed = parse_response(head, slots, &Config::CLIENT).expect("a valid head");
        matches!(parsed, Parse::Complete(_))
    } else {
        let parsed = parse_request(head, slots, &Config::SERVER).expect("a valid head");
        matches!(parsed, Parse::Complete(_))
    }
}

/// Heads that are there as a whole.
fn whole(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("head");
    for input in inputs() {
        let bytes = input.heads.iter().map(Vec::len).sum::<usize>();
        group.throughput(Throughput::Bytes(u64::try_from(bytes).expect("a length")));
        let mut slots = [FieldSpan::EMPTY; SLOTS];
        group.bench_function(input.name, |bencher| {
            bencher.iter(|| {
                for head in &input.heads {
                    assert!(parse(&input, black_box(head), black_box(&mut slots)));
                }
            });
        });
    }
    group.finish();
}

/// Heads that arrive byte by byte: the scanner's work for all pieces together.
fn byte_by_byte(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("scan byte by byte");
    for input in inputs() {
        let [head] = input.heads.as_slice() else {
            continue;
        };
        if input.is_response {
            continue;
        }
        group.throughput(Throughput::Bytes(u64::try_from(head.len()).expect("a length")));
        group.bench_function(input.name, |bencher| {
            bencher.iter(|| {
                let mut scanner = HeadScanner::request(&Config::SERVER);
                let whole = (1..=head.len()).find_map(|received| {
                    let pushed = scanner.push(black_box(&head[..received]));
                    pushed.expect("a valid head")
                });
                assert_eq!(whole, Some(head.len()));
            });
        });
    }
    group.finish();
}

criterion_group!(benches, whole, byte_by_byte);
criterion_main!(benches);
