//! Routes without peers: `cargo bench --bench router`.
//!
//! Each row looks up as many paths as there are routes, one for each route; the time is that of all of them,
//! and the throughput says how many lookups there are in a second. A scan of all patterns is beside it.

use std::hint::black_box;

use criterion::{BenchmarkId, Criterion, Throughput, criterion_group, criterion_main};
use nethttp::server::{Handler, Pattern};
use nethttp::{Method, Request, Router, StatusCode};

/// Patterns as an API has them, and a path for each.
fn routes(count: usize) -> Vec<(String, String)> {
    let shapes = ["", "/{id}", "/{id}/items", "/{id}/items/{item}", "/{id}/files/{path...}"];
    let paths = [
        "",
        "/31415926",
        "/31415926/items",
        "/31415926/items/a%20b",
        "/31415926/files/css/main.css",
    ];
    let resource = |index: usize| format!("/v1/resource{:04}", index / shapes.len());
    (0..count)
        .map(|index| {
            let (resource, shape) = (resource(index), index % shapes.len());
            (format!("{resource}{}", shapes[shape]), format!("{resource}{}", paths[shape]))
        })
        .collect()
}

fn router(routes: &[(String, String)]) -> Router {
    let builder = routes.iter().fold(Router::builder(), |builder, (pattern, _)| {
        builder.get(pattern, |_: &mut Request| StatusCode::NO_CONTENT)
    });
    builder.build().expect("routes that go together")
}

fn lookup(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("lookup");
    for count in [10, 100, 1000] {
        let routes = routes(count);
        let router = router(&routes);
        group.throughput(Throughput::Elements(u64::try_from(count).expect("a count")));
        group.bench_function(BenchmarkId::new("router", count), |bencher| {
            bencher.iter(|| {
                for (_, path) in &routes {
                    black_box(router.find(Method::GET, black_box(path)));
                }
            });
        });
        if count <= 100 {
            let patterns: Vec<Pattern> =
                routes.iter().map(|(pattern, _)| pattern.parse().expect("a pattern")).collect();
            group.bench_function(BenchmarkId::new("scan", count), |bencher| {
                bencher.iter(|| {
                    for (_, path) in &routes {
                        let matches = |pattern: &&Pattern| pattern.matches(black_box(path));
                        black_box(patterns.iter().find(matches));
                    }
                });
            });
        }
    }
    group.finish();
}

/// The whole way: lookup, parameters, a handler that does nothing.
fn answer(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("answer");
    for count in [10, 1000] {
        let routes = routes(count);
        let router = router(&routes);
        let mut requests: Vec<Request> = routes
            .iter()
            .map(|(_, path)| Request::new(Method::GET, path).expect("a target"))
            .collect();
        group.throughput(Throughput::Elements(u64::try_from(count).expect("a count")));
        group.bench_function(BenchmarkId::new("router", count), |bencher| {
            bencher.iter(|| {
                for request in &mut requests {
                    drop(black_box(router.handle(request)));
                }
            });
        });
    }
    group.finish();
}

fn build(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("build");
    for count in [10, 100, 1000, 10_000] {
        let routes = routes(count);
        group.bench_function(BenchmarkId::new("router", count), |bencher| {
            bencher.iter(|| drop(black_box(router(black_box(&routes)))));
        });
    }
    group.finish();
}

criterion_group!(benches, lookup, answer, build);
criterion_main!(benches);
