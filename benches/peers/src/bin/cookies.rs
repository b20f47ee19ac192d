//! The fields of cookies beside cookie and a jar beside cookie_store, as tables in Markdown.
//!
//! ```sh
//! cargo run --release --manifest-path benches/peers/Cargo.toml --bin cookies
//! ```
//!
//! measures for the record, `-- --quick` for a first look. Both of a row take turns in the same run. A
//! ratio is the time of the peer divided by ours: above 1 this crate is faster.

use std::hint::black_box;
use std::time::SystemTime;

use cookie_store::CookieStore;
use nethttp::cookie::{Context, CookieJar};
use nethttp_peers::cookies::inputs::{self, Site};
use nethttp_peers::cookies::{ours, theirs};
use nethttp_peers::measure::{Plan, Subject, each, geometric_mean, interleaved, lowest, subject};

/// nethttp and the peer.
struct Row<'a> {
    operation: &'static str,
    input: String,
    /// How many items a subject works on in one go.
    items: usize,
    subjects: [Subject<'a>; 2],
}

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let plan = if quick { Plan::QUICK } else { Plan::FULL };
    println!("Cookies: ns for one item, median of {} interleaved rounds.", plan.rounds);
    table(plan, "Set-Cookie", "cookie", set_cookie_rows());
    table(plan, "Writing", "cookie", writing_rows());
    table(plan, "Cookie", "cookie", pair_rows());
    for hosts in [200, 100_000] {
        let sites = inputs::sites(hosts);
        let title = format!("A jar of {hosts} hosts");
        table(plan, &title, "cookie_store", retrieval_rows(&sites));
    }
    let sites = inputs::sites(308);
    table(plan, "Storing", "cookie_store", storing_rows(&sites));
}

fn table(plan: Plan, title: &str, peer: &str, rows: Vec<Row<'_>>) {
    println!("\n| {title} | input | ns nethttp | ns {peer} | ratio |");
    println!("|---|---|--:|--:|--:|");
    let mut ratios = Vec::new();
    for Row { operation, input, items, mut subjects } in rows {
        let items = f64::from(u32::try_from(items).expect("a few thousand items"));
        let times = interleaved(plan, &mut subjects);
        let (ours, theirs) = (times[0] / items, times[1] / items);
        let ratio = theirs / ours;
        println!("| {operation} | {input} | {ours:.1} | {theirs:.1} | {ratio:.2} |");
        ratios.push(ratio);
    }
    println!("\nGeometric mean: **{:.2}**, lowest {:.2}", geometric_mean(&ratios), lowest(&ratios));
}

/// Does the work for one item after the other, one in a call.
fn in_turn<'a, I: 'a, T>(items: Vec<I>, mut work: impl FnMut(&I) -> T + 'a) -> Subject<'a> {
    let mut next = 0;
    subject(move || {
        let item = &items[next];
        next = if next + 1 == items.len() { 0 } else { next + 1 };
        black_box(work(black_box(item)));
    })
}

fn set_cookie_rows<'a>() -> Vec<Row<'a>> {
    let one = |field: &str| vec![field.to_owned()];
    let row = |input: &str, fields: Vec<String>| Row {
        operation: "parse",
        input: input.to_owned(),
        items: fields.len(),
        subjects: [
            each(fields.clone(), |field| drop(black_box(ours::set_cookie(field)))),
            each(fields, |field| drop(black_box(theirs::set_cookie(field)))),
        ],
    };
    vec![
        row("session, 79 B", one(inputs::SESSION)),
        row("Expires, IMF-fixdate", one(inputs::IMF)),
        row("Expires, Netscape", one(inputs::NETSCAPE)),
        row("`a=b`", one(inputs::BARE)),
        row("token of 1.5 KB", vec![inputs::long()]),
        row("mix", inputs::set_cookies()),
    ]
}

fn writing_rows<'a>() -> Vec<Row<'a>> {
    let pair = vec![("sid", "31d4d96e407aad42")];
    vec![Row {
        operation: "build",
        input: "session, 79 B".to_owned(),
        items: 1,
        subjects: [
            each(pair.clone(), |(name, value)| ours::build(name, value)),
            each(pair, |(name, value)| theirs::build(name, value)),
        ],
    }]
}

fn pair_rows<'a>() -> Vec<Row<'a>> {
    let touch = |name: &[u8], value: &[u8]| {
        black_box((name, value));
    };
    let row = |input: &str, fields: Vec<String>| Row {
        operation: "read all pairs",
        input: input.to_owned(),
        items: fields.len(),
        subjects: [
            each(fields.clone(), move |field| ours::pairs(field, touch)),
            each(fields, move |field| theirs::pairs(field, touch)),
        ],
    };
    vec![
        row("1 pair", vec![inputs::cookie(1)]),
        row("8 pairs", vec![inputs::cookie(8)]),
        row("40 pairs", vec![inputs::cookie(40)]),
        row("mix of 1 to 16", inputs::cookies()),
    ]
}

/// Both sides have the address parsed, and make the text of the field.
fn retrieval_rows(sites: &[Site]) -> Vec<Row<'_>> {
    let requests = inputs::requests(sites);
    let uris: Vec<_> = requests.iter().map(|request| ours::uri(request)).collect();
    let urls: Vec<_> = requests.iter().map(|request| theirs::url(request)).collect();
    let jar: &CookieJar = Box::leak(Box::new(ours::jar_of(sites)));
    let store: &CookieStore = Box::leak(Box::new(theirs::jar_of(sites)));
    let (mut passed, mut read) = (jar.clone(), jar.clone());
    let theirs = || in_turn(urls.clone(), |url| theirs::header(store, url));
    let row = |operation, ours| Row {
        operation,
        input: format!("{} cookies", jar.len()),
        items: 1,
        subjects: [ours, theirs()],
    };
    let context = ours::context();
    vec![
        row(
            "`peek_header`",
            in_turn(uris.clone(), move |uri| ours::peek(jar, uri, black_box(&context))),
        ),
        row(
            "`cookie_header`",
            in_turn(uris.clone(), move |uri| ours::header(&mut passed, uri, black_box(&context))),
        ),
        row(
            "`cookie_header`, clock read",
            in_turn(uris, move |uri| ours::header(&mut read, uri, &Context::at(SystemTime::now()))),
        ),
    ]
}

/// Both sides have the address parsed, and read the field.
fn storing_rows(sites: &[Site]) -> Vec<Row<'_>> {
    let all = || sites.iter().flat_map(|site| site.fields.iter().map(move |field| (site, field)));
    let ours_in: Vec<_> = all().map(|(site, field)| (ours::uri(&site.page), field)).collect();
    let theirs_in: Vec<_> = all().map(|(site, field)| (theirs::url(&site.page), field)).collect();
    let items = ours_in.len();
    let context = ours::context();
    let (mut jar, mut store) = (ours::jar_of(sites), theirs::jar_of(sites));
    let row =
        |operation, subjects| Row { operation, input: format!("{items} cookies"), items, subjects };
    vec![
        row(
            "into an empty jar",
            [
                each(vec![ours_in.clone()], move |cookies| {
                    let mut jar = ours::jar();
                    for (uri, field) in cookies {
                        ours::store(&mut jar, uri, field, &context);
                    }
                    jar
                }),
                each(vec![theirs_in.clone()], |cookies| {
                    let mut store = CookieStore::default();
                    for (url, field) in cookies {
                        theirs::store(&mut store, url, field);
                    }
                    store
                }),
            ],
        ),
        row(
            "over those that are there",
            [
                each(ours_in, move |(uri, field)| ours::store(&mut jar, uri, field, &context)),
                each(theirs_in, move |(url, field)| theirs::store(&mut store, url, field)),
            ],
        ),
    ]
}
