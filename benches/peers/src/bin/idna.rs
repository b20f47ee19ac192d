//! Host names beside the `idna` crate, which has the tables of UTS 46 and is what `url` asks.
//!
//! `cargo run --release --bin idna` ends with status 1 where a name that we encode is refused there, or
//! encoded otherwise. Names that only we refuse are counted: that is the price of having no tables.
//!
//! - Every character of Unicode, alone and between others.
//! - Every pair of characters that we know, in both orders. Ideographs and Hangul syllables are too many:
//!   of their pairs, samples within each block, and all of them with `-- --full`.
//! - Every three characters of the scripts with marks.
//! - Random labels and domains of mixed scripts, with digits, hyphens, hostile characters and `xn--`.

use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use idna::uts46::{AsciiDenyList, DnsLength, Hyphens, Uts46};
use nethttp::uri::{domain_to_ascii, domain_to_unicode};

/// How many random domains there are.
const RANDOM: u64 = 12_000_000;
const PEER: Uts46 = Uts46::new();
/// Disagreements are shown up to this number, and all counted.
const SHOWN: u64 = 20;

fn main() -> ExitCode {
    let is_full = std::env::args().any(|argument| argument == "--full");
    let count = Count::default();
    let known = known();
    println!("{} characters are known.", known.len());

    single_characters(&count);
    count.report("single characters");
    refused_by_block();

    let (many, few): (Vec<char>, Vec<char>) = known.iter().partition(|char| is_one_of_many(**char));
    pairs(&few, &count);
    count.report("pairs");
    for (first, last) in [('가', '힣'), ('㐀', '鿿'), ('\u{20000}', '\u{2ffff}')] {
        let chars: Vec<char> =
            many.iter().copied().filter(|char| (first..=last).contains(char)).collect();
        let every = if is_full { 1 } else { chars.len() / 300 };
        chains(&chars, every, &count);
        count.report(&format!("labels with pairs of {first}, one of {every}"));
    }
    triples(&few, &count);
    count.report("threes with marks");
    random(&few, &many, &count);
    count.report("random domains");

    match count.wrong.load(Ordering::Relaxed) {
        0 => ExitCode::SUCCESS,
        wrong => {
            println!("{wrong} disagreements");
            ExitCode::FAILURE
        }
    }
}

/// What came out so far.
#[derive(Default)]
struct Count {
    same: AtomicU64,
    both_refuse: AtomicU64,
    only_ours_refuses: AtomicU64,
    /// ASCII that we leave as it is, and the peer refuses.
    not_judged: AtomicU64,
    wrong: AtomicU64,
}

impl Count {
    /// Prints what came out since the last report.
    fn report(&self, of: &str) {
        let take = |count: &AtomicU64| count.swap(0, Ordering::Relaxed);
        println!(
            "{of}: {} the same, {} refused by both, {} only by us, {} ASCII not judged by us",
            take(&self.same),
            take(&self.both_refuse),
            take(&self.only_ours_refuses),
            take(&self.not_judged),
        );
    }

    fn compare(&self, domain: &str) {
        let counter = match verdict(domain) {
            Ok(Verdict::Same) => &self.same,
            Ok(Verdict::BothRefuse) => &self.both_refuse,
            Ok(Verdict::OnlyOursRefuses) => &self.only_ours_refuses,
            Ok(Verdict::NotJudged) => &self.not_judged,
            Err(what) => {
                if self.wrong.load(Ordering::Relaxed) < SHOWN {
                    println!("{domain:?} ({}): {what}", domain.escape_unicode());
                }
                &self.wrong
            }
        };
        counter.fetch_add(1, Ordering::Relaxed);
    }
}

enum Verdict {
    Same,
    BothRefuse,
    OnlyOursRefuses,
    NotJudged,
}

/// What `url` does, and the lengths of the DNS.
fn peer(domain: &str) -> Option<String> {
    let (deny, length) = (AsciiDenyList::URL, DnsLength::VerifyAllowRootDot);
    let ascii = PEER.to_ascii(domain.as_bytes(), deny, Hyphens::Allow, length).ok()?;
    Some(ascii.into_owned())
}

fn verdict(domain: &str) -> Result<Verdict, String> {
    let theirs = peer(domain);
    let Ok(ours) = domain_to_ascii(domain) else {
        return Ok(if theirs.is_some() { Verdict::OnlyOursRefuses } else { Verdict::BothRefuse });
    };
    if ours.bytes().any(|octet| !octet.is_ascii() || octet.is_ascii_uppercase()) {
        return Err(format!("ours is {ours:?}"));
    }
    let unicode = domain_to_unicode(&ours);
    let is_prefixed = |label: &str| label.starts_with("xn--");
    if domain.is_ascii() && (unicode.split('.').any(is_prefixed) || unicode == ours) {
        return match theirs {
            None => Ok(Verdict::NotJudged),
            Some(theirs) if theirs == ours => Ok(Verdict::Same),
            Some(theirs) => Err(format!("ours is {ours:?}, theirs {theirs:?}")),
        };
    }
    if theirs.as_deref() != Some(&*ours) {
        return Err(format!("ours is {ours:?}, theirs {theirs:?}"));
    }
    // Every label beyond ASCII keeps to the strictest rules.
    for label in unicode.split('.').filter(|label| !label.is_ascii()) {
        let (deny, length) = (AsciiDenyList::STD3, DnsLength::Verify);
        if PEER.to_ascii(label.as_bytes(), deny, Hyphens::Check, length).is_err() {
            return Err(format!("{label:?} breaks a strict rule"));
        }
    }
    let (back, result) = PEER.to_unicode(ours.as_bytes(), AsciiDenyList::URL, Hyphens::Allow);
    if result.is_err() || back != unicode {
        return Err(format!("{ours:?} is {unicode:?}, theirs {back:?}"));
    }
    if domain_to_ascii(&unicode).ok().as_ref() != Some(&ours)
        || domain_to_ascii(&ours).ok().as_ref() != Some(&ours)
    {
        return Err(format!("{ours:?} and {unicode:?} do not stand for each other"));
    }
    Ok(Verdict::Same)
}

/// Returns the characters that may stand in a label, a mark behind a letter.
fn known() -> Vec<char> {
    beyond_ascii()
        .filter(|char| {
            ["", "ก"].iter().any(|before| domain_to_ascii(&format!("{before}{char}")).is_ok())
        })
        .collect()
}

fn beyond_ascii() -> impl Iterator<Item = char> {
    '\u{80}'..=char::MAX
}

/// Syllables and ideographs.
fn is_one_of_many(char: char) -> bool {
    matches!(char, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '가'..='힣' | '\u{20000}'..)
}

/// Shares work among the processors.
fn each<T: Copy + Send + Sync>(items: &[T], work: impl Fn(T) + Sync) {
    let threads = thread::available_parallelism().map_or(1, |threads| threads.get());
    thread::scope(|scope| {
        for thread in 0..threads {
            let work = &work;
            scope.spawn(move || items.iter().skip(thread).step_by(threads).copied().for_each(work));
        }
    });
}

fn single_characters(count: &Count) {
    let chars: Vec<char> = beyond_ascii().collect();
    each(&chars, |char| {
        for (before, after) in [
            ("", ""),
            ("a", ""),
            ("", "a"),
            ("a", "a"),
            ("A", ".b"),
            ("1", ""),
            ("", "-1"),
            ("a-", ""),
            ("क", ""),
            ("कि", "त"),
            ("ก่", ""),
            ("", "ก"),
            ("א", ""),
            ("", "א"),
            ("ب", "ب"),
            ("日", "本"),
            ("각", ""),
            ("ü.", ""),
            ("א.", ""),
        ] {
            count.compare(&format!("{before}{char}{after}"));
        }
    });
}

/// Prints where the characters are that only we refuse.
fn refused_by_block() {
    let mut refused: BTreeMap<&str, u32> = BTreeMap::new();
    for char in beyond_ascii() {
        let label = char.to_string();
        if domain_to_ascii(&label).is_err() && peer(&label).is_some() {
            *refused.entry(block(char)).or_default() += 1;
        }
    }
    for (block, count) in refused {
        println!("  refused only by us, alone: {count} of {block}");
    }
}

fn block(char: char) -> &'static str {
    match u32::from(char) {
        0x80..0x250 | 0x1e00..0x1f00 => "Latin",
        0x250..0x370 | 0x1d00..0x1e00 => "IPA, modifiers, marks",
        0x370..0x400 | 0x1f00..0x2000 => "Greek and Coptic",
        0x400..0x530 => "Cyrillic",
        0x530..0x590 => "Armenian",
        0x590..0x600 => "Hebrew",
        0x600..0x780 | 0x860..0x900 => "Arabic and Syriac",
        0x900..0x980 => "Devanagari",
        0x980..0xe00 => "other scripts of India",
        0xe00..0xe80 => "Thai",
        0xe80..0x10a0 => "Lao, Tibetan, Myanmar",
        0x10a0..0x1100 => "Georgian",
        0x1200..0x1400 => "Ethiopic, Cherokee",
        0x1400..0x1700 => "Canadian syllabics, Ogham, Runic",
        0x1700..0x1d00 => "South-East Asia, Mongolian",
        0x2000..0x2e80 => "punctuation, symbols, Glagolitic and others",
        0x1100..0x1200 | 0x2e80..0x3400 | 0xa000..0xac00 | 0xd7a4..0xf900 => "East Asia and others",
        0x3400..0xa000 | 0x20000..0x40000 => "ideographs",
        0xac00..0xd7a4 => "Hangul",
        0xf900..0x10000 => "compatibility",
        _ => "beyond the first plane",
    }
}

/// Every pair of `chars`, in both orders and in both cases of ASCII around it.
fn pairs(chars: &[char], count: &Count) {
    each(chars, |first| {
        for second in chars {
            count.compare(&format!("{first}{second}"));
            count.compare(&format!("{first}.{second}"));
        }
        for char in ('a'..='z').chain('A'..='Z').chain('0'..='9').chain(['-', '_']) {
            count.compare(&format!("{first}{char}"));
            count.compare(&format!("{char}{first}"));
            count.compare(&format!("{char}.{first}"));
            count.compare(&format!("{first}{char}{first}"));
        }
    });
}

/// Pairs of `chars` in both orders, several in a label; of the first characters one of `every`.
fn chains(chars: &[char], every: usize, count: &Count) {
    let starts: Vec<usize> = (0..chars.len()).step_by(every).collect();
    each(&starts, |start| {
        let first = chars[start];
        for seconds in chars[start..].chunks(6) {
            let mut label = String::from(first);
            for second in seconds {
                label.extend([*second, first]);
            }
            count.compare(&label);
        }
    });
}

/// Every three characters of the scripts with marks, behind a letter of either.
fn triples(chars: &[char], count: &Count) {
    for (first, last, letter) in [('\u{900}', '\u{97f}', 'क'), ('\u{e00}', '\u{e7f}', 'ก')] {
        let chars: Vec<char> =
            chars.iter().copied().filter(|char| (first..=last).contains(char)).collect();
        each(&chars, |first| {
            for second in &chars {
                for third in &chars {
                    count.compare(&format!("{letter}{first}{second}{third}"));
                }
            }
        });
    }
}

/// Marks, ligatures, full-width and mathematical letters, joiners, dots, digits of other scripts,
/// letters whose case is special, unpaired jamo, and what is not a character.
const HOSTILE: &str = "\u{300}\u{301}\u{308}\u{327}\u{345}\u{5b4}\u{64b}\u{93c}\u{9be}\u{9d7}ﬁﬀａＡ１．\
    。｡𝐚𝔞ℌ①²ªº\u{200c}\u{200d}\u{ad}\u{feff}\u{2060}\u{fe0f}İẞſK\u{212b}\u{2126}ǅĳŀŉӀ٠۰०๐·・׳͵ำ\
    \u{1100}\u{1161}\u{11a8}\u{3099}\u{f900}\u{2f00}ﷺᏣꭰᾳά\u{e0001}\u{fffd}\u{ffff}%_ /:@";

/// A generator of numbers (xorshift64*).
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let high = self.0.wrapping_mul(0x2545_f491_4f6c_dd1d) >> 32;
        usize::try_from(high).expect("32 bits") % end
    }

    fn of<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.below(items.len())]
    }
}

fn random(few: &[char], many: &[char], count: &Count) {
    let hostile: Vec<char> = HOSTILE.chars().collect();
    let ascii: Vec<char> = ('a'..='z').chain('A'..='Z').collect();
    let ldh: Vec<char> = "0123456789-----".chars().collect();
    let script = |from: char, to: char| {
        let chars = few.iter().chain(many).copied();
        chars.filter(|char| (from..=to).contains(char)).collect::<Vec<char>>()
    };
    let scripts: Vec<Vec<char>> = [
        ('\u{80}', '\u{24f}'),
        ('\u{80}', '\u{2af}'),
        ('\u{1e00}', '\u{1eff}'),
        ('\u{370}', '\u{3ff}'),
        ('\u{400}', '\u{52f}'),
        ('\u{530}', '\u{58f}'),
        ('\u{590}', '\u{5ff}'),
        ('\u{590}', '\u{77f}'),
        ('\u{600}', '\u{77f}'),
        ('\u{900}', '\u{97f}'),
        ('\u{e00}', '\u{e7f}'),
        ('\u{10a0}', '\u{10ff}'),
        ('\u{3000}', '\u{33ff}'),
        ('\u{3400}', '\u{9fff}'),
        ('\u{20000}', '\u{2ffff}'),
        ('가', '힣'),
        ('\u{80}', char::MAX),
        ('\u{80}', '\u{fff}'),
    ]
    .into_iter()
    .map(|(from, to)| script(from, to))
    .chain([ascii.clone()])
    .collect();

    let label = |random: &mut Random| {
        let script = &scripts[random.below(scripts.len())];
        let len = if random.below(20) == 0 { random.below(70) } else { 1 + random.below(9) };
        let hostility = random.below(3) == 0;
        let mut label: String = (0..len)
            .map(|_| match random.below(24) {
                0..=1 => random.of(&ldh),
                2..=3 => random.of(&ascii),
                4 if hostility => random.of(&hostile),
                5 if hostility => random.of(few),
                _ => random.of(script),
            })
            .collect();
        if random.below(8) == 0 {
            label = match idna::punycode::encode_str(&label) {
                Some(encoded) => format!("xn--{encoded}"),
                None => format!("xn--{label}"),
            };
        }
        match random.below(40) {
            0 => label.push('_'),
            1 => label = label.to_uppercase(),
            2 if label.is_ascii() && !label.is_empty() => {
                let at = random.below(label.len());
                label.remove(at);
            }
            3 if label.is_ascii() => label.insert(random.below(label.len() + 1), 'q'),
            _ => {}
        }
        label
    };
    let seeds: Vec<u64> = (1..=64).collect();
    each(&seeds, |seed| {
        let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        for _ in 0..RANDOM / 64 {
            let labels = [1, 1, 1, 2, 2, 3, 4, 10][random.below(8)];
            let labels: Vec<String> = (0..labels).map(|_| label(&mut random)).collect();
            let dot = if random.below(16) == 0 { "." } else { "" };
            count.compare(&format!("{}{dot}", labels.join(".")));
        }
    });
}
