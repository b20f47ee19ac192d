//! Cookies without peers: `cargo bench --bench cookie`.
//!
//! For the comparison with other libraries see `benches/peers/`.

use std::hint::black_box;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use nethttp::Uri;
use nethttp::cookie::{Config, Context, CookieJar, CookiePairs, SetCookie};
use nethttp::field::HttpDate;

use cookies::Site;

#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the comparison with peers shares this file and needs more of it"
)]
mod cookies;
#[allow(
    dead_code,
    unreachable_pub,
    unused_imports,
    reason = "the comparisons with peers share this file and need more of it"
)]
mod random;

fn bytes(fields: &[String]) -> Throughput {
    let bytes = fields.iter().map(String::len).sum::<usize>();
    Throughput::Bytes(u64::try_from(bytes).expect("a length"))
}

fn set_cookie(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("Set-Cookie");
    for (name, fields) in [
        ("session", vec![cookies::SESSION.to_owned()]),
        ("IMF-fixdate", vec![cookies::IMF.to_owned()]),
        ("Netscape", vec![cookies::NETSCAPE.to_owned()]),
        ("bare", vec![cookies::BARE.to_owned()]),
        ("long", vec![cookies::long()]),
        ("mix", cookies::set_cookies()),
    ] {
        group.throughput(bytes(&fields));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for field in &fields {
                    let cookie = SetCookie::parse(black_box(field.as_bytes()));
                    drop(black_box(cookie.expect("a cookie")));
                }
            });
        });
    }
    group.finish();
}

fn pairs(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("Cookie");
    for (name, fields) in [
        ("1 pair", vec![cookies::cookie(1)]),
        ("8 pairs", vec![cookies::cookie(8)]),
        ("40 pairs", vec![cookies::cookie(40)]),
        ("mix", cookies::cookies()),
    ] {
        group.throughput(bytes(&fields));
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                for field in &fields {
                    for pair in CookiePairs::new(black_box(field.as_bytes())) {
                        black_box((pair.name(), pair.value()));
                    }
                }
            });
        });
    }
    group.finish();
}

fn context() -> Context {
    Context::at(HttpDate::from_unix(cookies::NOW))
}

fn uri(address: &str) -> Uri {
    Uri::parse(address).expect("an address")
}

fn jar_of<'s>(sites: impl Iterator<Item = (&'s Uri, &'s Site)>, context: &Context) -> CookieJar {
    let mut jar = CookieJar::with_config(Config::DEFAULT.max_cookies(usize::MAX));
    for (uri, site) in sites {
        for field in &site.fields {
            let cookie = SetCookie::parse(field.as_bytes()).expect("a cookie");
            jar.store(uri, &cookie, context).expect("a cookie for the host");
        }
    }
    jar
}

fn jar(criterion: &mut Criterion) {
    let context = context();
    let mut group = criterion.benchmark_group("jar");
    for (name, hosts) in [("200 hosts", 200), ("100000 hosts", 100_000)] {
        let sites = cookies::sites(hosts);
        let uris: Vec<Uri> = sites.iter().map(|site| uri(&site.page)).collect();
        let mut jar = jar_of(uris.iter().zip(&sites), &context);
        let requests: Vec<Uri> = cookies::requests(&sites).into_iter().map(uri).collect();
        let mut requests = requests.iter().cycle();
        group.bench_function(name, |bencher| {
            bencher.iter(|| {
                let request = requests.next().expect("they go on forever");
                jar.cookie_header(black_box(request), black_box(&context))
            });
        });
    }
    let sites = cookies::sites(308);
    let uris: Vec<Uri> = sites.iter().map(|site| uri(&site.page)).collect();
    group.bench_function("store 1000 cookies", |bencher| {
        bencher.iter(|| jar_of(black_box(&uris).iter().zip(&sites), black_box(&context)));
    });
    group.finish();
}

criterion_group!(benches, set_cookie, pairs, jar);
criterion_main!(benches);
