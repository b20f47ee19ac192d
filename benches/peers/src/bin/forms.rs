//! Forms beside multer, multiparty and form_urlencoded, as tables in Markdown.
//!
//! ```sh
//! cargo run --release --manifest-path benches/peers/Cargo.toml --bin forms
//! ```
//!
//! measures for the record, `-- --quick` for a first look. All of a row take turns in the same run. A
//! ratio is the time of the peer divided by ours: above 1 this crate is faster.

use std::hint::black_box;

use bytes::Bytes;
use nethttp_peers::forms::inputs::{self, FILES, LARGE};
use nethttp_peers::forms::{ours, theirs};
use nethttp_peers::measure::{Plan, geometric_mean, interleaved, lowest, subject};

fn main() {
    let quick = std::env::args().any(|argument| argument == "--quick");
    let (large, plan) = match quick {
        true => (Plan { rounds: 5, ..Plan::QUICK }, Plan::QUICK),
        false => (Plan { rounds: 21, ..Plan::FULL }, Plan::FULL),
    };
    println!("Forms: median of {} or {} interleaved rounds.", large.rounds, plan.rounds);
    println!(
        "\n| One file of 64 MiB | GB/s nethttp | GB/s multer | ratio | GB/s multiparty | ratio |"
    );
    println!("|---|--:|--:|--:|--:|--:|");
    let [mut multer, mut multiparty] = [const { Vec::new() }; 2];
    for name in FILES {
        let form = Bytes::from(inputs::file(&inputs::content(name)));
        let read = |len| assert_eq!(len, LARGE);
        let times = interleaved(
            large,
            &mut [
                subject(|| read(ours::multipart(black_box(&form)))),
                subject(|| read(theirs::multer(black_box(&form)))),
                subject(|| read(theirs::multiparty(black_box(&form)))),
            ],
        );
        let speed = |time| f64::from(u32::try_from(form.len()).expect("64 MiB")) / time;
        let ratios = [times[1] / times[0], times[2] / times[0]];
        println!(
            "| {name} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
            speed(times[0]),
            speed(times[1]),
            ratios[0],
            speed(times[2]),
            ratios[1]
        );
        multer.push(ratios[0]);
        multiparty.push(ratios[1]);
    }
    for (peer, ratios) in [("multer", &multer), ("multiparty", &multiparty)] {
        let (mean, lowest) = (geometric_mean(ratios), lowest(ratios));
        println!("\nGeometric mean beside {peer}: **{mean:.2}**, lowest {lowest:.2}");
    }
    small(plan);
}

/// A hundred small fields, both ways.
fn small(plan: Plan) {
    let (form, text) = (Bytes::from(inputs::fields(100)), inputs::urlencoded(100));
    println!("\n| 100 small fields | peer | µs nethttp | µs peer | ratio |");
    println!("|---|---|--:|--:|--:|");
    let content = |len: usize| assert!(black_box(len) > 0);
    let all = |len| assert_eq!(len, 100);
    let row = |operation, peer, ours: f64, theirs: f64| {
        let (ours, theirs) = (ours / 1e3, theirs / 1e3);
        println!("| {operation} | {peer} | {ours:.1} | {theirs:.1} | {:.2} |", theirs / ours);
    };
    let times = interleaved(
        plan,
        &mut [
            subject(|| content(ours::multipart(black_box(&form)))),
            subject(|| content(theirs::multer(black_box(&form)))),
            subject(|| content(theirs::multiparty(black_box(&form)))),
            subject(|| all(ours::urlencoded(black_box(text.as_bytes())))),
            subject(|| all(theirs::urlencoded(black_box(text.as_bytes())))),
        ],
    );
    row("multipart", "multer", times[0], times[1]);
    row("multipart", "multiparty", times[0], times[2]);
    row("urlencoded", "form_urlencoded", times[3], times[4]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_read_the_same() {
        let form = Bytes::from(inputs::fields(100));
        let content = inputs::pairs(100).iter().map(|(_, value)| value.len()).sum::<usize>();
        assert_eq!(ours::multipart(&form), content);
        assert_eq!(theirs::multer(&form), content);
        assert_eq!(theirs::multiparty(&form), content);
    }
}
