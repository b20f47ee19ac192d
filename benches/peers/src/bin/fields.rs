//! Dates beside httpdate, maps of fields beside http and negotiation beside negotiator, as tables in
//! Markdown.
//!
//! ```sh
//! cargo run --release --manifest-path benches/peers/Cargo.toml --bin fields
//! ```
//!
//! measures for the record, `-- --quick` for a first look. All of a row take turns in the same run. A
//! ratio is the time of the peer divided by ours: above 1 this crate is faster. The floor is what the
//! row would take if the work itself took nothing.

use std::hint::black_box;
use std::time::SystemTime;

use nethttp::field::{DateCache, HttpDate};
use nethttp::h1::{Config, Parse, parse_request};
use nethttp::header::HeaderMap;
use nethttp_peers::fields::theirs::{choices, dates, maps};
use nethttp_peers::fields::{inputs, ours};
use nethttp_peers::measure::{Plan, Subject, each, geometric_mean, interleaved, lowest, subject};

/// nethttp, the peer and, where there is one, the floor.
struct Row<'a> {
    operation: &'static str,
    input: &'static str,
    /// How many items a subject works on in one go.
    items: usize,
    subjects: Vec<Subject<'a>>,
}

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let plan = if quick { Plan::QUICK } else { Plan::FULL };
    println!("Fields: ns for one item, median of {} interleaved rounds.", plan.rounds);
    table(plan, "Dates", "httpdate", date_rows());
    table(plan, "A map of 12 fields", "http", build_rows());
    lookups(plan);
    table(plan, "Negotiation", "negotiator", negotiation_rows());
}

fn table(plan: Plan, title: &str, peer: &str, rows: Vec<Row<'_>>) {
    println!("\n| {title} | input | ns nethttp | ns {peer} | ns floor | ratio |");
    println!("|---|---|--:|--:|--:|--:|");
    let mut ratios = Vec::new();
    for Row { operation, input, items, mut subjects } in rows {
        let items = f64::from(u32::try_from(items).expect("a few thousand items"));
        let times: Vec<f64> =
            interleaved(plan, &mut subjects).into_iter().map(|time| time / items).collect();
        let (ours, theirs) = (times[0], times[1]);
        let floor = times.get(2).map_or_else(|| "-".to_owned(), |floor| format!("{floor:.2}"));
        let ratio = theirs / ours;
        println!("| {operation} | {input} | {ours:.2} | {theirs:.2} | {floor} | {ratio:.2} |");
        ratios.push(ratio);
    }
    println!("\nGeometric mean: **{:.2}**, lowest {:.2}", geometric_mean(&ratios), lowest(&ratios));
}

fn date_rows<'a>() -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    for (input, seconds) in [("one", inputs::one_date()), ("mix", inputs::dates())] {
        let ours_in: Vec<_> = seconds.iter().map(|&second| ours::date(second)).collect();
        let theirs_in: Vec<_> = seconds.iter().map(|&second| dates::time(second)).collect();
        let items = seconds.len();
        let subjects = vec![
            each(ours_in.clone(), |&date| ours::encode(date)),
            each(theirs_in.clone(), |&time| dates::encode(time)),
        ];
        rows.push(Row { operation: "write into bytes", input, items, subjects });
        let (mut text, mut other) = (String::new(), String::new());
        let subjects = vec![
            each(ours_in, move |&date| ours::display(date, black_box(&mut text))),
            each(theirs_in, move |&time| dates::display(time, black_box(&mut other))),
        ];
        rows.push(Row { operation: "`Display` into a `String`", input, items, subjects });
        for (operation, texts) in [
            ("parse IMF-fixdate", inputs::imf_fixdates as fn(&[u64]) -> Vec<String>),
            ("parse rfc850-date", inputs::rfc850_dates),
            ("parse asctime-date", inputs::asctime_dates),
        ] {
            let texts = texts(&seconds);
            let subjects = vec![
                each(texts.clone(), |text| ours::parse(text)),
                each(texts, |text| dates::parse(text)),
            ];
            rows.push(Row { operation, input, items, subjects });
        }
    }
    rows.extend(cache_rows());
    rows
}

/// The text of the current second, of which httpdate has no cache.
fn cache_rows<'a>() -> [Row<'a>; 2] {
    let seconds = inputs::running_dates();
    let items = seconds.len();
    let ours_in: Vec<HttpDate> = seconds.iter().map(|&second| ours::date(second)).collect();
    let (mut cache, mut clocked) = (DateCache::new(), DateCache::new());
    let text = *b"Sun, 06 Nov 1994 08:49:37 GMT";
    let passed_in = vec![
        each(ours_in, move |&date| {
            black_box(cache.at(date));
        }),
        each(seconds.clone(), |&second| dates::encode(dates::time(second))),
        each(seconds, move |_| {
            black_box(&text);
        }),
    ];
    let read = vec![
        subject(move || {
            black_box(clocked.now());
        }),
        subject(|| {
            black_box(dates::encode(SystemTime::now()));
        }),
        subject(|| {
            black_box(SystemTime::now());
        }),
    ];
    [
        Row { operation: "cached, time passed in", input: "running", items, subjects: passed_in },
        Row { operation: "cached, time read", input: "now", items: 1, subjects: read },
    ]
}

fn build_rows<'a>() -> Vec<Row<'a>> {
    let fields = inputs::fields();
    let ours_in = ours::prepared(&fields);
    let theirs_in = maps::prepared(&fields);
    let ours_map = ours::append_all(&ours_in);
    let theirs_map = maps::append_all(&theirs_in);
    let (mut slots, mut kept_slots) = (nethttp_peers::ours::slots(), nethttp_peers::ours::slots());
    let (mut ours_kept, mut theirs_kept) = (ours_map.clone(), theirs_map.clone());
    let row = |operation, input, ours, theirs| Row {
        operation,
        input,
        items: 1,
        subjects: vec![ours, theirs],
    };
    let parsed_slots = Box::leak(Box::new(nethttp_peers::ours::slots()));
    let Ok(Parse::Complete(parsed)) = parse_request(inputs::HEAD, parsed_slots, &Config::SERVER)
    else {
        panic!("a valid head");
    };
    let parsed = parsed.fields();
    let mut theirs_slots = [httparse::EMPTY_HEADER; nethttp_peers::SLOTS];
    let mut theirs_parsed = httparse::Request::new(&mut theirs_slots);
    let _ = theirs_parsed.parse(inputs::HEAD).expect("a valid head");
    let theirs_parsed = theirs_parsed.headers.to_vec();
    vec![
        row(
            "build from a parsed head",
            "fields",
            each(vec![parsed], |fields| ours::map_of(fields)),
            each(vec![theirs_parsed], |fields| maps::map_of(fields)),
        ),
        row(
            "build by `insert`",
            "checked",
            each(vec![ours_in.clone()], |fields| ours::insert_all(fields)),
            each(vec![theirs_in.clone()], |fields| maps::insert_all(fields)),
        ),
        row(
            "build by `append`",
            "checked",
            each(vec![ours_in], |fields| ours::append_all(fields)),
            each(vec![theirs_in], |fields| maps::append_all(fields)),
        ),
        row(
            "build by `append`",
            "texts",
            each(vec![fields.clone()], |fields| ours::append_texts(fields)),
            each(vec![fields], |fields| maps::append_texts(fields)),
        ),
        row(
            "parse a head and build",
            "bytes",
            each(vec![inputs::HEAD], move |head| ours::parse_head(head, black_box(&mut slots))),
            each(vec![inputs::HEAD], |head| maps::parse_head(head)),
        ),
        row(
            "parse a head and rebuild",
            "bytes",
            each(vec![inputs::HEAD], move |head| {
                ours::reparse_head(head, black_box(&mut kept_slots), black_box(&mut ours_kept));
            }),
            each(vec![inputs::HEAD], move |head| {
                maps::reparse_head(head, black_box(&mut theirs_kept));
            }),
        ),
        row(
            "iterate",
            "map",
            each(vec![ours_map.clone()], |map| {
                map.iter().for_each(|field| {
                    black_box(field);
                });
            }),
            each(vec![theirs_map.clone()], |map| {
                map.iter().for_each(|field| {
                    black_box(field);
                });
            }),
        ),
        row(
            "clone and drop",
            "map",
            each(vec![ours_map], |map| map.clone()),
            each(vec![theirs_map], |map| map.clone()),
        ),
    ]
}

/// Both sides look the same name up, by a constant or by a text that the compiler does not know.
fn lookups(plan: Plan) {
    let fields = inputs::fields();
    let ours = &ours::append_all(&ours::prepared(&fields));
    let theirs = &maps::append_all(&maps::prepared(&fields));
    let text = |operation, name: &'static str| Row {
        operation,
        input: name,
        items: 1,
        subjects: vec![
            each(vec![ours], move |map| map.get(black_box(name)).map(<[u8]>::len)),
            each(vec![theirs], move |map| map.get(black_box(name)).map(|value| value.len())),
        ],
    };
    macro_rules! constant {
        ($operation:literal, $name:ident, $text:literal) => {
            Row {
                operation: $operation,
                input: $text,
                items: 1,
                subjects: vec![
                    each(vec![ours], |map| map.get(nethttp::header::$name).map(<[u8]>::len)),
                    each(vec![theirs], |map| map.get(http::header::$name).map(|value| value.len())),
                ],
            }
        };
    }
    let rows = vec![
        constant!("look a constant up, first", HOST, "Host"),
        constant!("look a constant up, 5th", ACCEPT_ENCODING, "Accept-Encoding"),
        constant!("look a constant up, 10th", IF_NONE_MATCH, "If-None-Match"),
        constant!("look a constant up, miss", CONTENT_LENGTH, "Content-Length"),
        constant!("look a constant up, miss", RANGE, "Range"),
        text("look a text up, standard, 5th", "accept-encoding"),
        text("look a text up, standard, miss", "content-length"),
        text("look a text up, custom, 11th", "x-request-id"),
        text("look a text up, custom, last", "x-forwarded-for"),
        text("look a text up, custom, miss", "x-real-ip"),
    ];
    table(plan, "Lookups among 12 fields", "http", rows);
}

/// Both sides read the field and choose, from its value and from a map of twelve fields.
fn negotiation_rows<'a>() -> Vec<Row<'a>> {
    let mut rows = Vec::new();
    let one = |value: &str| vec![value.to_owned()];
    macro_rules! field {
        ($field:literal, $input:literal, $values:expr, $offers:expr, $value:ident, $map:ident) => {
            let (values, offers) = ($values, $offers);
            let items = values.len();
            let subjects = vec![
                each(values.clone(), move |value| {
                    black_box(ours::$value(value.as_bytes(), black_box(&offers)));
                }),
                each(values.clone(), move |value| {
                    choices::$value(value.as_bytes(), black_box(&offers))
                }),
            ];
            rows.push(Row { operation: $field, input: $input, items, subjects });
            let (ours_in, theirs_in) = maps_with($field, &values);
            let subjects = vec![
                each(ours_in, move |map| {
                    black_box(ours::$map(map, black_box(&offers)));
                }),
                each(theirs_in, move |map| choices::$map(map, black_box(&offers))),
            ];
            let input = concat!($input, ", in a map");
            rows.push(Row { operation: $field, input, items, subjects });
        };
    }
    let [image, page, api] = [inputs::ACCEPT_IMAGE, inputs::ACCEPT_PAGE, inputs::ACCEPT_API];
    let (images, types, data) = (inputs::IMAGES, inputs::TYPES, inputs::DATA);
    let (languages, tags) = (inputs::LANGUAGES, inputs::TAGS);
    let (codings, coded) = (inputs::CODINGS, inputs::CODED);
    field!("Accept", "image, 6 × 4", one(image), images, accept, accept_of);
    field!("Accept", "page, 8 × 4", one(page), types, accept, accept_of);
    field!("Accept", "API, 2 × 2", one(api), data, accept, accept_of);
    field!("Accept", "mix, 5 × 4", inputs::accepts(), types, accept, accept_of);
    field!("Accept-Language", "6 × 4", one(languages), tags, accept_language, accept_language_of);
    field!("Accept-Encoding", "4 × 3", one(codings), coded, accept_encoding, accept_encoding_of);
    rows
}

/// Maps of the twelve fields, of which one has these values in turn.
fn maps_with(name: &'static str, values: &[String]) -> (Vec<HeaderMap>, Vec<http::HeaderMap>) {
    let fields = inputs::fields();
    let ours = ours::append_all(&ours::prepared(&fields));
    let theirs = maps::append_all(&maps::prepared(&fields));
    let with = |value: &String| {
        let (mut ours, mut theirs) = (ours.clone(), theirs.clone());
        ours.insert(name, value).expect("a dozen fields");
        theirs.insert(name, value.parse().expect("a value"));
        (ours, theirs)
    };
    values.iter().map(with).unzip()
}
