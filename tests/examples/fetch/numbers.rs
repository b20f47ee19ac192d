//! The arithmetic of `fetch`: what people read of a transfer, and how fast one may go.

use std::time::{Duration, Instant};

#[path = "../../../examples/fetch/human.rs"]
mod human;
#[path = "../../../examples/fetch/pace.rs"]
mod pace;

use human::{State, bytes, line, rate, time};
use pace::Pace;

#[test]
fn sizes_have_digits_that_say_something() {
    for (count, expected) in [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1.0 KiB"),
        (1024, "1.0 KiB"),
        (1_258_291, "1.2 MiB"),
        (10_188, "9.9 KiB"),
        (10_189, "10 KiB"),
        (1_023_487, "999 KiB"),
        (1_023_488, "1.0 MiB"),
        (125_829_120, "120 MiB"),
        (5 << 40, "5.0 TiB"),
        (u64::MAX, "16384 PiB"),
    ] {
        assert_eq!(bytes(count), expected, "{count}");
    }
    assert_eq!(rate(2048.7), "2.0 KiB/s");
    assert_eq!((rate(-1.0).as_str(), rate(f64::NAN).as_str()), ("0 B/s", "0 B/s"));
}

#[test]
fn times_have_their_two_largest_units() {
    for (seconds, expected) in [
        (0, "0s"),
        (59, "59s"),
        (185, "3m 05s"),
        (3599, "59m 59s"),
        (7_620, "2h 07m"),
        (86_399, "23h 59m"),
        (97_200, "1d 03h"),
    ] {
        assert_eq!(time(Duration::from_secs(seconds)), expected);
    }
}

#[track_caller]
fn is_told(done: u64, total: Option<u64>, rate: f64, width: usize, expected: &str) {
    let state = State { done, total, rate, elapsed: Duration::from_secs(65) };
    let line = line(&state, width);
    assert_eq!(line, expected);
    assert!(line.len() <= width);
}

#[test]
fn a_line_is_as_long_as_there_is_room() {
    let mebibyte = 1 << 20;
    let rate = 1_048_576.0;
    let text = " 25%  2.0 MiB of 8.0 MiB  1.0 MiB/s  6s left";
    is_told(2 * mebibyte, Some(8 * mebibyte), rate, 56, &format!("[##      ]  {text}"));
    is_told(2 * mebibyte, Some(8 * mebibyte), rate, 55, text);
    is_told(2 * mebibyte, Some(8 * mebibyte), rate, 10, &text[..10]);
    is_told(2 * mebibyte, Some(8 * mebibyte), rate, 0, "");
    let bar = format!("[{}{}]  {text}", "#".repeat(10), " ".repeat(30));
    is_told(2 * mebibyte, Some(8 * mebibyte), rate, 200, &bar);
    is_told(2 * mebibyte, None, rate, 80, "2.0 MiB  1.0 MiB/s  1m 05s");
    is_told(0, Some(9), 0.0, 40, "  0%  0 B of 9 B  0 B/s  stalled");
    is_told(0, Some(0), 0.0, 80, "0 B of 0 B  0 B/s  in 1m 05s");
    is_told(9, Some(3), 1.0, 30, "100%  9 B of 3 B  1 B/s  in 1m");
}

#[test]
fn a_pace_is_kept() {
    let start = Instant::now();
    let mut pace = Pace::new(1000, start);
    assert_eq!(pace.step(), 100);
    // What goes is waited for, and what was slept is not waited for again.
    let mut now = start;
    for _ in 0..50 {
        let wait = pace.spend(100, now);
        assert_eq!(wait.as_millis(), 100);
        now += wait;
    }
    assert_eq!((now - start).as_millis(), 5000);
    // Whoever is late may hurry a little, but not make up for hours.
    let later = now + Duration::from_secs(3600);
    assert_eq!(pace.spend(100, later), Duration::ZERO);
    assert_eq!(pace.spend(100, later).as_millis(), 100);
}

#[test]
fn a_pace_is_never_nothing() {
    let now = Instant::now();
    assert_eq!(Pace::new(0, now).step(), 1);
    assert_eq!(Pace::new(0, now).spend(3, now).as_secs(), 3);
    assert_eq!(Pace::new(u64::MAX, now).step(), 64 << 10);
}
