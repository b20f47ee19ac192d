//! gzip, zlib and deflate beside the libraries that others use, as tables in Markdown.
//!
//! ```sh
//! cargo run --release --manifest-path benches/peers/Cargo.toml --bin codings
//! ```
//!
//! measures for the record, `-- --quick` for a first look; names of tables behind it (`inflate`, `gunzip`,
//! `deflate`, `checksums`) choose some. All of a row take turns in the same run. MB are 10^6 bytes of
//! decoded data; a ratio is our rate divided by the peer's: above 1 this crate is faster.

use std::hint::black_box;
use std::io::Read;

use nethttp::coding::{Format, adler32, crc32};
use nethttp_peers::codings::corpora::{self, Corpus};
use nethttp_peers::codings::libraries::{
    FLATE2, LIBDEFLATE, Library, MINIZ_OXIDE, NETHTTP, ZLIB, ZLIB_RS,
};
use nethttp_peers::codings::theirs::checksums;
use nethttp_peers::codings::{ours, theirs};
use nethttp_peers::measure::{Plan, Subject, each, geometric_mean, interleaved, lowest, subject};

/// Those that know raw deflate, the one that ratios are of in second place.
static RAW: [Library; 5] = [NETHTTP, MINIZ_OXIDE, ZLIB_RS, ZLIB, LIBDEFLATE];
/// Those that know gzip, the one that ratios are of in second place.
static GZIP: [Library; 5] = [NETHTTP, FLATE2, ZLIB_RS, ZLIB, LIBDEFLATE];
const LEVELS: [u8; 3] = [1, 6, 9];

/// Inputs of one kind, each taken in turn.
struct Input {
    name: String,
    items: Vec<Vec<u8>>,
}

impl Input {
    fn len(&self) -> usize {
        self.items.iter().map(Vec::len).sum()
    }
}

fn main() {
    let mut tables: Vec<String> = std::env::args().skip(1).collect();
    let quick = tables.iter().position(|argument| argument == "--quick");
    let plan = if quick.map(|at| tables.remove(at)).is_some() { Plan::QUICK } else { Plan::FULL };
    let wanted = |table: &str| tables.is_empty() || tables.iter().any(|name| name == table);
    println!("Content codings: MB/s, median of {} interleaved rounds.\n", plan.rounds);
    let corpora = corpora::all();
    println!("| input | bytes | made of |\n|---|--:|---|");
    for Corpus { name, data, origin } in &corpora {
        println!("| {name} | {} | {origin} |", data.len());
    }
    let small = small_inputs(&corpora);
    let large = corpora.map(|corpus| Input { name: corpus.name.into(), items: vec![corpus.data] });
    if wanted("inflate") {
        inflate(plan, &large);
    }
    if wanted("gunzip") {
        gunzip(plan, &large);
        gunzip_small(plan, &small);
    }
    if wanted("deflate") {
        // What takes a tenth of a second need not be done a hundred times.
        deflate(Plan { rounds: (plan.rounds / 10).max(5), ..plan }, "Deflate, raw", &large);
        deflate(plan, "Deflate, raw, small", &small);
    }
    if wanted("checksums") {
        checksums(plan, &large[0].items[0]);
    }
}

/// Answers of an API and pages: several of each, so that no library learns one by heart.
fn small_inputs(corpora: &[Corpus]) -> Vec<Input> {
    let json = |name: &str, len, count| Input {
        name: name.into(),
        items: (0..count).map(|seed| corpora::json(seed, len)).collect(),
    };
    let pages = corpora[2].data.chunks_exact(50_000).step_by(4).map(<[u8]>::to_vec).collect();
    vec![
        json("JSON, 1 KB", 1000, 64),
        json("JSON, 10 KB", 10_000, 32),
        Input { name: "html, 50 KB".into(), items: pages },
    ]
}

/// Returns what each subject does in a second, in MB, when it works on so many bytes in one go.
fn rates(plan: Plan, bytes: usize, subjects: &mut [Subject<'_>]) -> Vec<f64> {
    let bytes = f64::from(u32::try_from(bytes).expect("a few MB"));
    interleaved(plan, subjects).into_iter().map(|time| bytes / time * 1e3).collect()
}

fn heading(title: &str, columns: &str, libraries: &[&str], after: &str) {
    println!("\n| {title} | {columns} | {} | {after} |", libraries.join(" | "));
    let count = |text: &str| text.split('|').count();
    let numbers = "--:|".repeat(libraries.len() + count(after));
    println!("|---|{}{numbers}", "---|".repeat(count(columns)));
}

fn names(libraries: &[Library]) -> Vec<&'static str> {
    libraries.iter().map(|library| library.name).collect()
}

fn cells(rates: &[f64]) -> String {
    let cells: Vec<String> = rates.iter().map(|rate| format!("{rate:.0}")).collect();
    cells.join(" | ")
}

fn summary(ratios: &[f64]) {
    println!("\nGeometric mean: **{:.2}**, lowest {:.2}", geometric_mean(ratios), lowest(ratios));
}

/// What zlib makes of the input, with the lengths that come out again.
fn encoded(format: Format, input: &Input, level: u8) -> Vec<(Vec<u8>, usize)> {
    let encode = |item: &Vec<u8>| ((ZLIB.encode)(format, item, level), item.len());
    input.items.iter().map(encode).collect()
}

fn decoders<'a>(
    libraries: &'a [Library],
    format: Format,
    encoded: &[(Vec<u8>, usize)],
) -> Vec<Subject<'a>> {
    let decoder = |library: &'a Library| {
        each(encoded.to_vec(), move |(data, len)| (library.decode)(format, data, *len))
    };
    libraries.iter().map(decoder).collect()
}

fn inflate(plan: Plan, inputs: &[Input]) {
    heading("Inflate, raw", "level", &names(&RAW), "ratio to miniz_oxide");
    let mut ratios = Vec::new();
    for input in inputs {
        for level in LEVELS {
            let encoded = encoded(Format::Raw, input, level);
            let rates = rates(plan, input.len(), &mut decoders(&RAW, Format::Raw, &encoded));
            let ratio = rates[0] / rates[1];
            println!("| {} | {level} | {} | {ratio:.2} |", input.name, cells(&rates));
            ratios.push(ratio);
        }
    }
    summary(&ratios);
}

/// Reads all there is through a buffer of the given size.
fn drain(mut stream: impl Read, buffer: &mut [u8]) {
    while stream.read(black_box(buffer)).expect("valid data") > 0 {}
}

fn gunzip(plan: Plan, inputs: &[Input]) {
    heading("Gunzip, level 6", "way", &names(&GZIP), "ratio to flate2 | of our one-shot");
    let mut ratios = Vec::new();
    for input in inputs {
        let encoded = &encoded(Format::Gzip, input, 6);
        let mut subjects = decoders(&GZIP, Format::Gzip, encoded);
        let data = &encoded[0].0;
        for size in [32 << 10, 64 << 10] {
            let (mut buffer, mut other) = (vec![0; size], vec![0; size]);
            subjects.push(subject(move || drain(ours::gunzip(data), &mut buffer)));
            subjects.push(subject(move || drain(theirs::flate2::gunzip(data), &mut other)));
        }
        let rates = rates(plan, input.len(), &mut subjects);
        let ratio = rates[0] / rates[1];
        println!("| {} | one-shot | {} | {ratio:.2} | |", input.name, cells(&rates[..5]));
        ratios.push(ratio);
        for (size, pair) in ["32 KB", "64 KB"].iter().zip(rates[5..].chunks(2)) {
            let (ratio, part) = (pair[0] / pair[1], pair[0] / rates[0] * 100.0);
            let cells = cells(pair);
            println!(
                "| {} | `Read`, {size} | {cells} | - | - | - | {ratio:.2} | {part:.0} % |",
                input.name
            );
            ratios.push(ratio);
        }
    }
    summary(&ratios);
}

fn gunzip_small(plan: Plan, inputs: &[Input]) {
    heading("Gunzip, level 6, small", "inputs", &names(&GZIP), "ratio to flate2");
    let mut ratios = Vec::new();
    for input in inputs {
        let encoded = encoded(Format::Gzip, input, 6);
        let rates = rates(plan, input.len(), &mut decoders(&GZIP, Format::Gzip, &encoded));
        let ratio = rates[0] / rates[1];
        println!("| {} | {} | {} | {ratio:.2} |", input.name, input.items.len(), cells(&rates));
        ratios.push(ratio);
    }
    summary(&ratios);
}

fn deflate(plan: Plan, title: &str, inputs: &[Input]) {
    let after = "ratio to miniz_oxide | size to miniz_oxide";
    heading(title, "level", &names(&RAW), after);
    let (mut ratios, mut size_ratios) = (Vec::new(), Vec::new());
    for input in inputs {
        let len = input.len();
        for level in LEVELS {
            let encoder = |library: &'static Library| {
                each(input.items.clone(), move |item| (library.encode)(Format::Raw, item, level))
            };
            let mut subjects: Vec<Subject<'_>> = RAW.iter().map(encoder).collect();
            let rates = rates(plan, len, &mut subjects);
            let sizes: Vec<f64> = RAW.iter().map(|library| size(library, input, level)).collect();
            let both: Vec<String> = rates
                .iter()
                .zip(&sizes)
                .map(|(rate, size)| format!("{rate:.0} ({:.2} %)", size * 100.0))
                .collect();
            let (ratio, size) = (rates[0] / rates[1], sizes[0] / sizes[1]);
            let both = both.join(" | ");
            println!("| {} | {level} | {both} | {ratio:.2} | {size:.3} |", input.name);
            ratios.push(ratio);
            size_ratios.push(size);
        }
    }
    summary(&ratios);
    let largest = size_ratios.iter().copied().fold(0.0, f64::max);
    println!("Sizes: **{:.3}**, largest {largest:.3}", geometric_mean(&size_ratios));
}

/// Returns how long the encoded data is, as a part of the data.
fn size(library: &Library, input: &Input, level: u8) -> f64 {
    let encode = |item: &Vec<u8>| (library.encode)(Format::Raw, item, level).len();
    let len = |len: usize| f64::from(u32::try_from(len).expect("a few MB"));
    len(input.items.iter().map(encode).sum()) / len(input.len())
}

type Checksum = fn(&[u8]) -> u32;

fn checksums(plan: Plan, data: &[u8]) {
    let crcs: [(&str, Checksum); 3] = [
        ("nethttp", crc32),
        ("crc32fast", checksums::crc32fast),
        ("libdeflate", checksums::libdeflate_crc32),
    ];
    let adlers: [(&str, Checksum); 4] = [
        ("nethttp", adler32),
        ("adler2", checksums::adler2),
        ("simd-adler32", checksums::simd_adler32),
        ("libdeflate", checksums::libdeflate_adler32),
    ];
    checksum(plan, "CRC-32", &crcs, data);
    checksum(plan, "Adler-32", &adlers, data);
}

fn checksum(plan: Plan, title: &str, peers: &[(&str, Checksum)], data: &[u8]) {
    let names: Vec<&str> = peers.iter().map(|(name, _)| *name).collect();
    heading(title, "bytes", &names, &format!("ratio to {}", names[1]));
    let mut ratios = Vec::new();
    for len in [10, 100, 1 << 10, 64 << 10, 1 << 20] {
        let data = &data[..len];
        let subject = |&(_, sum): &(&str, Checksum)| each(vec![data], move |data| sum(data));
        let mut subjects: Vec<Subject<'_>> = peers.iter().map(subject).collect();
        let rates = rates(plan, len, &mut subjects);
        let ratio = rates[0] / rates[1];
        println!("| {title} | {len} | {} | {ratio:.2} |", cells(&rates));
        ratios.push(ratio);
    }
    summary(&ratios);
}
