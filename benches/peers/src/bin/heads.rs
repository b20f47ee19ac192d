//! Head parsing beside httparse, as a table in Markdown.
//!
//! `cargo run --release --bin heads` measures for the record, `-- --quick` for a first look. A ratio is
//! the time of httparse's faster interface divided by ours: above 1 this crate is faster.

use std::hint::black_box;

use nethttp_peers::heads::{Input, inputs};
use nethttp_peers::measure::{Plan, Subject, geometric_mean, interleaved, subject};
use nethttp_peers::{SLOTS, ours, theirs};

fn main() {
    let plan = if std::env::args().any(|argument| argument == "--quick") {
        Plan::QUICK
    } else {
        Plan::FULL
    };
    let inputs = inputs();
    compare(plan, &inputs);
    println!();
    arrival(plan, &inputs);
}

/// Whole heads.
fn compare(plan: Plan, inputs: &[Input]) {
    println!("Head parsing, {SLOTS} slots, median of {} interleaved rounds.\n", plan.rounds);
    println!("| input | bytes | ns nethttp | ns httparse, slots | ns httparse, uninit | ratio |");
    println!("|---|--:|--:|--:|--:|--:|");
    let mut in_mean = Vec::new();
    for input in inputs {
        let heads = f64::from(u32::try_from(input.heads.len()).expect("a few thousand heads"));
        let times = interleaved(plan, &mut subjects(input));
        let [ours, slots, uninit] = [0, 1, 2].map(|subject| times[subject] / heads);
        let ratio = slots.min(uninit) / ours;
        let (name, bytes) = (input.name, input.mean_len());
        println!("| {name} | {bytes} | {ours:.1} | {slots:.1} | {uninit:.1} | {ratio:.2} |");
        if input.in_mean {
            in_mean.push(ratio);
        }
    }
    let mean = geometric_mean(&in_mean);
    println!("\nGeometric mean of the first {}: **{mean:.2}**", in_mean.len());
}

fn subjects(input: &Input) -> [Subject<'_>; 3] {
    let mut slots = ours::slots();
    if input.is_response {
        [
            each(input, move |head| ours::response(head, black_box(&mut slots)).is_some()),
            each(input, |head| theirs::response(head).is_some()),
            each(input, |head| theirs::response_uninit(head).is_some()),
        ]
    } else {
        [
            each(input, move |head| ours::request(head, black_box(&mut slots)).is_some()),
            each(input, |head| theirs::request(head).is_some()),
            each(input, |head| theirs::request_uninit(head).is_some()),
        ]
    }
}

fn each<'a>(input: &'a Input, mut parse: impl FnMut(&[u8]) -> bool + 'a) -> Subject<'a> {
    subject(move || {
        for head in &input.heads {
            assert!(black_box(parse(black_box(head))), "{} is partial", input.name);
        }
    })
}

/// Heads that arrive in pieces: the total work, and how many times the work for one piece it is.
fn arrival(plan: Plan, inputs: &[Input]) {
    println!("A head that arrives in pieces: total ns, and times the work for one piece.\n");
    println!("| input | bytes | pieces of | ns nethttp | times | ns httparse | times |");
    println!("|---|--:|--:|--:|--:|--:|--:|");
    for name in ["browser_old", "browser_new", "cookie_7k", "hostile_tabs"] {
        let input = inputs.iter().find(|input| input.name == name);
        let head = &input.expect("an input of that name").heads[0];
        let mut one_piece = None;
        for piece in [head.len(), 64, 1] {
            let mut slots = ours::slots();
            let mut subjects = [
                subject(move || {
                    let (head, slots) = (black_box(head), black_box(&mut slots));
                    assert!(ours::request_in_pieces(head, piece, slots));
                }),
                subject(move || assert!(reparse(black_box(head), piece))),
            ];
            let times = interleaved(plan, &mut subjects);
            let (ours, theirs) = (times[0], times[1]);
            let (ours_once, theirs_once) = *one_piece.get_or_insert((ours, theirs));
            println!(
                "| {name} | {} | {piece} | {ours:.0} | {:.1} | {theirs:.0} | {:.1} |",
                head.len(),
                ours / ours_once,
                theirs / theirs_once
            );
        }
    }
}

/// What a user of a parser without memory does: parse again whenever something has arrived.
fn reparse(head: &[u8], piece: usize) -> bool {
    let mut received = 0;
    while received < head.len() {
        received = (received + piece).min(head.len());
        if black_box(theirs::request_uninit(&head[..received])).is_some() {
            return true;
        }
    }
    false
}
