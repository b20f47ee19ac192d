//! URIs beside fluent-uri, iri-string, http and url, as a table in Markdown.
//!
//! ```sh
//! cargo run --release --manifest-path benches/peers/Cargo.toml --bin uris
//! ```
//!
//! measures for the record, `-- --quick` for a first look. All libraries of a row take turns in the
//! same run. A ratio is the time of a peer divided by ours: above 1 this crate is faster. A dash stands
//! where a peer does not have the operation or refuses the text.

use std::hint::black_box;

use nethttp_peers::measure::{self, Plan, Subject, geometric_mean, interleaved};
use nethttp_peers::uris::inputs::{self, Input};
use nethttp_peers::uris::ours;
use nethttp_peers::uris::theirs::{fluent, hyperium, iri, whatwg};

/// What references are resolved against.
const BASE: &str = "http://www.example.com/articles/2024/05/latest/index.html?id=1";

/// nethttp, fluent-uri, iri-string, http, url.
type Columns<'a> = [Option<Subject<'a>>; 5];

/// An operation: its name, its inputs, and who does it.
type Operation = (&'static str, fn() -> Vec<Input>, for<'a> fn(&'a Input) -> Columns<'a>);

const OPERATIONS: &[Operation] = &[
    ("parse, borrowed", inputs::uris, parse),
    ("parse, owned", inputs::uris, parse_owned),
    ("parse a reference, borrowed", inputs::references, parse_reference),
    ("parse a reference, owned", inputs::references, parse_reference_owned),
    ("read all components", inputs::uris, components),
    ("resolve", inputs::references, resolve),
    ("parse and normalise", inputs::to_normalize, normalize),
    ("read the pairs of a query", inputs::queries, pairs),
    ("check a target", inputs::targets, target_check),
    ("parse a target, owned", inputs::targets, target_parse),
    ("parse a target into place", inputs::targets, target_assign),
];

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let plan = if quick { Plan::QUICK } else { Plan::FULL };
    println!("URIs: ns for one text, median of {} interleaved rounds.\n", plan.rounds);
    println!(
        "| operation | text | bytes | nethttp | fluent-uri | iri-string | http | url | fluent-uri/ours | best peer/ours |"
    );
    println!("|---|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    let mut ratios = Vec::new();
    for &(operation, inputs, columns) in OPERATIONS {
        for input in inputs() {
            let times = measure(plan, &input, columns(&input));
            ratios.extend(print(operation, &input, times));
        }
    }
    let against_fluent: Vec<f64> = ratios.iter().filter_map(|&(fluent, _)| fluent).collect();
    let against_best: Vec<f64> = ratios.iter().map(|&(_, best)| best).collect();
    println!(
        "\nGeometric means: fluent-uri/ours **{:.2}** over {} rows, best peer/ours **{:.2}** over {}.",
        geometric_mean(&against_fluent),
        against_fluent.len(),
        geometric_mean(&against_best),
        against_best.len()
    );
}

/// Returns the nanoseconds that each library takes for one text.
fn measure(plan: Plan, input: &Input, columns: Columns<'_>) -> [Option<f64>; 5] {
    let present = columns.each_ref().map(Option::is_some);
    let mut subjects: Vec<Subject<'_>> = columns.into_iter().flatten().collect();
    let mut times = interleaved(plan, &mut subjects).into_iter();
    let texts = f64::from(u32::try_from(input.texts.len()).expect("a few hundred texts"));
    present.map(|present| if present { times.next().map(|time| time / texts) } else { None })
}

/// Prints a row and returns its ratios: against fluent-uri, and against the fastest peer.
fn print(operation: &str, input: &Input, times: [Option<f64>; 5]) -> Option<(Option<f64>, f64)> {
    let [ours, peers @ ..] = times;
    let ratio = |peer: f64| ours.map(|ours| peer / ours);
    let fluent = peers[0].and_then(ratio);
    let best = peers.into_iter().flatten().min_by(f64::total_cmp).and_then(ratio);
    let show = |number: Option<f64>, digits: usize| {
        number.map_or_else(|| "-".to_owned(), |number| format!("{number:.digits$}"))
    };
    let times = times.map(|time| show(time, 1)).join(" | ");
    let (name, bytes) = (input.name, input.mean_len());
    println!(
        "| {operation} | {name} | {bytes} | {times} | {} | {} |",
        show(fluent, 2),
        show(best, 2)
    );
    best.map(|best| (fluent, best))
}

/// Does the work for every item; what the work returns is dropped within the measurement.
fn each<'a, I: 'a, T>(items: Vec<I>, work: impl FnMut(&I) -> T + 'a) -> Option<Subject<'a>> {
    Some(measure::each(items, work))
}

/// What a library returns, as it returns it: a conversion would be measured along with the work.
trait Outcome {
    type Value;

    fn accepted(self) -> Option<Self::Value>;
}

impl<T> Outcome for Option<T> {
    type Value = T;

    fn accepted(self) -> Option<T> {
        self
    }
}

impl<T, E> Outcome for Result<T, E> {
    type Value = T;

    fn accepted(self) -> Option<T> {
        self.ok()
    }
}

/// Parses every text of the input, where the library accepts all of them.
fn parses<'a, T: Outcome>(
    input: &'a Input,
    mut parse: impl FnMut(&'a str) -> T + 'a,
) -> Option<Subject<'a>> {
    let texts: Vec<&str> = input.texts.iter().map(String::as_str).collect();
    if !texts.iter().all(|text| parse(text).accepted().is_some()) {
        return None;
    }
    each(texts, move |text| parse(text))
}

/// Returns what the texts of the input are to a library, or `None` where it refuses one.
fn prepared<'a, T: Outcome>(
    input: &'a Input,
    parse: impl Fn(&'a str) -> T,
) -> Option<Vec<T::Value>> {
    input.texts.iter().map(|text| parse(text).accepted()).collect()
}

fn parse(input: &Input) -> Columns<'_> {
    [
        parses(input, ours::parse),
        parses(input, fluent::parse),
        parses(input, iri::parse),
        None,
        None,
    ]
}

fn parse_owned(input: &Input) -> Columns<'_> {
    [
        parses(input, ours::parse_owned),
        parses(input, fluent::parse_owned),
        parses(input, iri::parse_owned),
        parses(input, hyperium::parse_owned),
        parses(input, whatwg::parse_owned),
    ]
}

fn parse_reference(input: &Input) -> Columns<'_> {
    [
        parses(input, ours::parse_reference),
        parses(input, fluent::parse_reference),
        parses(input, iri::parse_reference),
        None,
        None,
    ]
}

fn parse_reference_owned(input: &Input) -> Columns<'_> {
    [
        parses(input, ours::parse_reference_owned),
        parses(input, fluent::parse_reference_owned),
        parses(input, iri::parse_reference_owned),
        None,
        None,
    ]
}

fn components(input: &Input) -> Columns<'_> {
    [
        prepared(input, ours::parse_owned).and_then(|uris| {
            each(uris, |uri| {
                black_box(ours::components(uri));
            })
        }),
        prepared(input, fluent::parse_owned).and_then(|uris| {
            each(uris, |uri| {
                black_box(fluent::components(uri));
            })
        }),
        prepared(input, iri::parse_owned).and_then(|uris| {
            each(uris, |uri| {
                black_box(iri::components(uri));
            })
        }),
        None,
        None,
    ]
}

fn resolve(input: &Input) -> Columns<'_> {
    let ours = ours::parse(BASE).expect("a URI");
    let fluent = fluent::parse(BASE).expect("a URI");
    let iri = iri::parse_base(BASE).expect("a URI");
    let url = whatwg::parse_owned(BASE).expect("a URI");
    [
        prepared(input, ours::parse_reference)
            .and_then(|items| each(items, move |item| ours::resolve(ours, *item))),
        prepared(input, fluent::parse_reference)
            .and_then(|items| each(items, move |item| fluent::resolve(&fluent, item))),
        prepared(input, iri::parse_reference)
            .and_then(|items| each(items, move |item| iri::resolve(iri, item))),
        None,
        parses(input, move |text| whatwg::join(&url, text)),
    ]
}

fn normalize(input: &Input) -> Columns<'_> {
    [
        parses(input, ours::normalize),
        parses(input, fluent::normalize),
        parses(input, iri::normalize),
        None,
        parses(input, whatwg::parse_owned),
    ]
}

fn pairs(input: &Input) -> Columns<'_> {
    [parses(input, ours::pairs), None, None, None, parses(input, whatwg::pairs)]
}

fn target_check(input: &Input) -> Columns<'_> {
    [
        parses(input, ours::target_check),
        parses(input, fluent::parse_reference),
        parses(input, iri::parse_reference),
        None,
        None,
    ]
}

fn target_parse(input: &Input) -> Columns<'_> {
    [
        parses(input, ours::target_parse),
        parses(input, |text| fluent::target(text.as_bytes())),
        parses(input, |text| iri::target(text.as_bytes())),
        parses(input, |text| hyperium::target(text.as_bytes())),
        None,
    ]
}

fn target_assign(input: &Input) -> Columns<'_> {
    let mut target = ours::target_parse("/").expect("a target");
    [
        parses(input, move |text| ours::target_assign(&mut target, text)),
        parses(input, |text| fluent::target(text.as_bytes())),
        parses(input, |text| iri::target(text.as_bytes())),
        parses(input, |text| hyperium::target(text.as_bytes())),
        None,
    ]
}
