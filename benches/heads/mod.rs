//! The heads that parsers are measured on: nine as they are, and three mixes of generated ones.
//!
//! A benchmark that parses the same head again and again measures the branch predictor's memory. The
//! mixes hold 4,096 different heads each, from a fixed seed, so that every run has the same ones.

/// How many heads a mix has.
pub const MIX_LEN: usize = 4096;

const SEED: u64 = 0x6e65_7468_7474_7031;

const API: &[u8] = include_bytes!("api.http");
const BROWSER_NEW: &[u8] = include_bytes!("browser_new.http");
const BROWSER_OLD: &[u8] = include_bytes!("browser_old.http");
const COOKIE_7K: &[u8] = include_bytes!("cookie_7k.http");
const HOSTILE_SHORT: &[u8] = include_bytes!("hostile_short.http");
const HOSTILE_TABS: &[u8] = include_bytes!("hostile_tabs.http");
const MINIMAL: &[u8] = include_bytes!("minimal.http");
const RESPONSE_LARGE: &[u8] = include_bytes!("response_large.http");
const RESPONSE_SMALL: &[u8] = include_bytes!("response_small.http");

/// Fields whose values frame the message or name its host: their values are never varied.
const FIXED: [&str; 4] = ["Host", "Connection", "Content-Length", "Transfer-Encoding"];

/// One row of a benchmark: heads that are parsed one after the other.
#[derive(Clone, Debug)]
pub struct Input {
    /// The name in the table.
    pub name: &'static str,
    /// Whether these are response heads.
    pub is_response: bool,
    /// Whether the row counts for the geometric mean.
    pub in_mean: bool,
    /// The heads.
    pub heads: Vec<Vec<u8>>,
}

impl Input {
    /// Returns the mean length of a head in bytes.
    pub fn mean_len(&self) -> usize {
        self.heads.iter().map(Vec::len).sum::<usize>() / self.heads.len()
    }
}

/// Returns all rows in the order of the table.
pub fn inputs() -> Vec<Input> {
    let row = |name, is_response, in_mean, heads| Input { name, is_response, in_mean, heads };
    let one = |head: &[u8]| vec![head.to_vec()];
    vec![
        row("api", false, true, one(API)),
        row("browser_old", false, true, one(BROWSER_OLD)),
        row("browser_new", false, true, one(BROWSER_NEW)),
        row("response_small", true, true, one(RESPONSE_SMALL)),
        row("response_large", true, true, one(RESPONSE_LARGE)),
        row("mix_request", false, true, mix_request()),
        row("mix_api", false, true, mix_api()),
        row("mix_response", true, true, mix_response()),
        row("minimal", false, false, one(MINIMAL)),
        row("cookie_7k", false, false, one(COOKIE_7K)),
        row("hostile_tabs", false, false, one(HOSTILE_TABS)),
        row("hostile_short", false, false, one(HOSTILE_SHORT)),
    ]
}

/// Requests of browsers and programs, with 3 to 14 fields.
fn mix_request() -> Vec<Vec<u8>> {
    let sources = [BROWSER_OLD, BROWSER_NEW, API];
    let pool: Vec<Field> = sources.into_iter().flat_map(fields).collect();
    requests(&pool, &["GET", "GET", "GET", "HEAD"], 3..=14, SEED)
}

/// Requests of programs, with 3 to 7 short fields.
fn mix_api() -> Vec<Vec<u8>> {
    let pool: Vec<Field> = fields(API)
        .into_iter()
        .chain(fields(MINIMAL))
        .chain([("Connection", "close"), ("Idempotency-Key", "8f14e45fceea")])
        .collect();
    requests(&pool, &["GET", "POST", "PUT", "DELETE"], 3..=7, SEED + 1)
}

/// Responses with 4 to 11 fields.
fn mix_response() -> Vec<Vec<u8>> {
    let pool: Vec<Field> = [RESPONSE_LARGE, RESPONSE_SMALL].into_iter().flat_map(fields).collect();
    let lines = ["200 OK", "200 OK", "304 Not Modified", "404 Not Found"];
    let mut random = Random(SEED + 2);
    let head = |_| {
        let line = format!("HTTP/1.1 {}", random.pick(&lines));
        let count = random.between(4, 11);
        let drawn = random.draw(&pool, count, &[]);
        encode(&line, &drawn, &mut random)
    };
    (0..MIX_LEN).map(head).collect()
}

fn requests(
    pool: &[Field],
    methods: &[&str],
    counts: std::ops::RangeInclusive<usize>,
    seed: u64,
) -> Vec<Vec<u8>> {
    let targets = [API, BROWSER_NEW, BROWSER_OLD, MINIMAL].map(target);
    let hosts = [API, BROWSER_NEW, BROWSER_OLD].map(|head| fields(head)[0]);
    let mut random = Random(seed);
    let head = |_| {
        let method = random.pick(methods);
        let target = random.pick(&targets);
        let target = random.vary(target).replace(' ', "");
        let line = format!("{method} /{target} HTTP/1.1");
        let host = random.pick(&hosts);
        let count = random.between(*counts.start(), *counts.end());
        let drawn = random.draw(pool, count, &[host]);
        encode(&line, &drawn, &mut random)
    };
    (0..MIX_LEN).map(head).collect()
}

type Field = (&'static str, &'static str);

fn lines(head: &'static [u8]) -> impl Iterator<Item = &'static str> {
    let text = std::str::from_utf8(head).expect("heads are ASCII");
    text.split_terminator("\r\n").filter(|line| !line.is_empty())
}

fn target(head: &'static [u8]) -> &'static str {
    let line = lines(head).next().unwrap_or_default();
    let target = line.split(' ').nth(1).unwrap_or_default();
    target.trim_start_matches('/')
}

fn fields(head: &'static [u8]) -> Vec<Field> {
    let pairs = lines(head).skip(1).map(|line| line.split_once(": "));
    pairs.map(|pair| pair.expect("a field line")).collect()
}

fn encode(line: &str, fields: &[Field], random: &mut Random) -> Vec<u8> {
    let mut head = format!("{line}\r\n");
    for (name, value) in fields {
        head.push_str(name);
        head.push_str(": ");
        if FIXED.contains(name) {
            head.push_str(value);
        } else {
            head.push_str(random.vary(value).trim());
        }
        head.push_str("\r\n");
    }
    head.push_str("\r\n");
    head.into_bytes()
}

/// SplitMix64: the same numbers on every machine.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn between(&mut self, least: usize, most: usize) -> usize {
        let span = u64::try_from(most - least + 1).expect("usize fits u64");
        least + usize::try_from(self.next() % span).expect("less than span")
    }

    fn pick<T: Copy>(&mut self, items: &[T]) -> T {
        items[self.between(0, items.len() - 1)]
    }

    /// Draws fields with different names behind those that are given, `count` in all. A head has a
    /// length or a transfer coding, not both.
    fn draw(&mut self, pool: &[Field], count: usize, given: &[Field]) -> Vec<Field> {
        let mut drawn = given.to_vec();
        let mut rest = pool.to_vec();
        while drawn.len() < count && !rest.is_empty() {
            let field = rest.swap_remove(self.between(0, rest.len() - 1));
            let clashes = |name: &str| {
                let framing = |name| matches!(name, "Content-Length" | "Transfer-Encoding");
                name.eq_ignore_ascii_case(field.0) || (framing(name) && framing(field.0))
            };
            if !drawn.iter().any(|(name, _)| clashes(name)) {
                drawn.push(field);
            }
        }
        drawn
    }

    /// Returns the value at half to one and a half times its length.
    fn vary(&mut self, value: &str) -> String {
        let len = value.len() * self.between(50, 150) / 100;
        value.chars().cycle().take(len.max(1)).collect()
    }
}
