//! Makes texts that are URI references, nearly are, or are not at all.
//!
//! Every production of [RFC 3986 Appendix A](https://www.rfc-editor.org/rfc/rfc3986#appendix-A) has a
//! function here that mostly writes what the production allows; then bytes are edited at random.

use crate::random::Random;

/// The bytes that edits write: every delimiter, what makes escapes, digits and addresses, and bytes
/// that no URI may hold.
const NASTY: &[u8] =
    b":/?#[]@!$&'()*+,;=%0aAfFgGvV1259.-_~\\ \"<>^`{|}::////..%%25[]@\x00\x09\x0a\x0d\x1f\x7f\xc3\xa9\x80\xff";

/// Bytes that texts of nothing but noise are made of: few, so that all their sequences come.
const NOISE: &[u8] = b"a1:/?#[]@%2e..//";

const SCHEMES: &[&str] =
    &["http", "https", "HTTP", "ftp", "file", "urn", "mailto", "foo", "a", "x-y+z.0", "coap+ws"];

const SEGMENTS: &[&str] = &[
    "",
    "",
    ".",
    ".",
    "..",
    "..",
    "..",
    "...",
    ".a",
    "a.",
    "..a",
    "a",
    "b",
    "c",
    "d;p=1",
    "%7Efoo",
    "c:d",
    "@",
    "%2e",
    "%2E",
    "%2e%2E",
    ".%2e",
    "%2e.",
    "%2E%2E",
    "%2e%2e%2e",
    "%2f..",
    "%e4",
    "a%2Fb",
    "!$&'()*+,;=",
    "~",
    "-",
    "_",
    "%41",
    "index.html",
    "1:2",
];

const HEX: &[u8] = b"0123456789abcdefABCDEF";
const UNRESERVED: &[u8] = b"abcxyzABCXYZ0189-._~";
const SUB_DELIMS: &[u8] = b"!$&'()*+,;=";

/// A stream of texts that its seed decides.
#[derive(Clone, Debug)]
pub struct Generator {
    random: Random,
}

impl Generator {
    /// Returns the stream of a seed.
    pub const fn new(seed: u64) -> Self {
        Self { random: Random::new(seed) }
    }

    /// Writes the next text into `out`, in the place of what is there.
    pub fn reference(&mut self, out: &mut Vec<u8>) {
        out.clear();
        if self.random.chance(5) {
            for _ in 0..self.random.below(16) {
                out.push(self.random.pick(NOISE));
            }
            return;
        }
        if self.random.chance(50) {
            self.scheme(out);
        }
        self.after_scheme(out);
        if self.random.chance(20) {
            out.push(b'#');
            self.characters(b":@/?", out);
        }
        if self.random.chance(50) {
            for _ in 0..=self.random.below(3) {
                self.edit(out);
            }
        }
    }

    /// Writes a URI without a fragment that nothing was edited in, a base to resolve against.
    pub fn base(&mut self, out: &mut Vec<u8>) {
        out.clear();
        self.scheme(out);
        self.after_scheme(out);
    }

    /// Writes an authority, or what nearly is one.
    pub fn host(&mut self, out: &mut Vec<u8>) {
        out.clear();
        self.authority(out);
        if self.random.chance(30) {
            self.edit(out);
        }
    }

    /// Returns a number below `end`, for choices that belong to the input.
    pub fn below(&mut self, end: usize) -> usize {
        self.random.below(end)
    }

    fn after_scheme(&mut self, out: &mut Vec<u8>) {
        if self.random.chance(55) {
            out.extend(b"//");
            self.authority(out);
            if self.random.chance(80) {
                out.push(b'/');
                self.path(out);
            }
        } else {
            if self.random.chance(40) {
                out.push(b'/');
            }
            self.path(out);
        }
        if self.random.chance(25) {
            out.push(b'?');
            self.characters(b":@/?", out);
        }
    }

    fn scheme(&mut self, out: &mut Vec<u8>) {
        if self.random.chance(90) {
            out.extend(self.random.pick(SCHEMES).as_bytes());
        } else {
            for _ in 0..self.random.below(6) {
                out.push(self.random.pick(b"abzAZ019+-."));
            }
        }
        out.push(b':');
    }

    fn authority(&mut self, out: &mut Vec<u8>) {
        if self.random.chance(20) {
            self.characters(b":", out);
            out.push(b'@');
        }
        match self.random.below(10) {
            0..=3 => self.characters(b"", out),
            4 => out.extend(self.random.pick(&["example.com", "EXAMPLE.com", "a", ""]).as_bytes()),
            5 => self.ipv4(out),
            6..=8 => {
                out.push(b'[');
                self.ipv6(out);
                if self.random.chance(15) {
                    out.extend(self.random.pick(&["%25", "%25", "%25", "%", "%2"]).as_bytes());
                    self.characters(b"", out);
                }
                out.push(b']');
            }
            _ => {
                out.push(b'[');
                self.ipv_future(out);
                out.push(b']');
            }
        }
        if self.random.chance(25) {
            out.push(b':');
            let ports = ["", "0", "80", "443", "0080", "8080", "65535", "65536", "99999999999"];
            out.extend(self.random.pick(&ports).as_bytes());
        }
    }

    /// Four numbers, or nearly: some with leading zeros, some too large.
    fn ipv4(&mut self, out: &mut Vec<u8>) {
        let count = if self.random.chance(85) { 4 } else { self.random.below(6) };
        for index in 0..count {
            if index > 0 {
                out.push(b'.');
            }
            let numbers = ["0", "1", "9", "10", "99", "100", "127", "199", "249", "255"];
            let wrong = ["256", "260", "300", "00", "01", "1000", "", "%31"];
            let numbers: &[&str] = if self.random.chance(95) { &numbers } else { &wrong };
            out.extend(self.random.pick(numbers).as_bytes());
        }
    }

    /// Groups of hexadecimal digits with an ellipsis somewhere: the right number of groups more often
    /// than not, and all wrong ones around it.
    fn ipv6(&mut self, out: &mut Vec<u8>) {
        let ellipsis = self.random.chance(70);
        let tail = self.random.chance(20);
        let groups = match (ellipsis, self.random.chance(70)) {
            (true, true) => self.random.below(8 - if tail { 2 } else { 0 }),
            (false, true) => 8 - if tail { 2 } else { 0 },
            _ => self.random.below(10),
        };
        let gap = if ellipsis { self.random.below(groups + 1) } else { usize::MAX };
        for index in 0..groups {
            if index == gap {
                out.extend(b"::");
            } else if index > 0 {
                out.push(b':');
            }
            let digits = if self.random.chance(98) { 1 + self.random.below(4) } else { 5 };
            let zero = self.random.chance(25);
            for _ in 0..digits {
                out.push(if zero { b'0' } else { self.random.pick(HEX) });
            }
        }
        if gap == groups {
            out.extend(b"::");
        } else if tail && groups > 0 {
            out.push(b':');
        }
        if tail {
            self.ipv4(out);
        }
    }

    fn ipv_future(&mut self, out: &mut Vec<u8>) {
        out.push(self.random.pick(b"vvvV"));
        for _ in 0..self.random.below(4) {
            out.push(self.random.pick(HEX));
        }
        out.push(b'.');
        for _ in 0..self.random.below(5) {
            let class = self.random.pick(&[UNRESERVED, SUB_DELIMS, b":"]);
            out.push(self.random.pick(class));
        }
    }

    /// Segments with slashes between them; now and then dots enough to leave every base.
    fn path(&mut self, out: &mut Vec<u8>) {
        let deep = self.random.chance(5);
        let count = self.random.below(if deep { 24 } else { 7 });
        for index in 0..count {
            if index > 0 {
                out.push(b'/');
            }
            if deep && self.random.chance(60) {
                out.extend(b"..");
            } else if self.random.chance(85) {
                out.extend(self.random.pick(SEGMENTS).as_bytes());
            } else {
                self.characters(b":@", out);
            }
        }
    }

    /// Characters of a component: the unreserved ones, sub-delims, escapes, and `more`.
    fn characters(&mut self, more: &[u8], out: &mut Vec<u8>) {
        for _ in 0..self.random.below(8) {
            match self.random.below(10) {
                0..=5 => out.push(self.random.pick(UNRESERVED)),
                6 => out.push(self.random.pick(SUB_DELIMS)),
                7 if !more.is_empty() => out.push(self.random.pick(more)),
                _ => {
                    out.push(b'%');
                    out.push(self.random.pick(HEX));
                    out.push(self.random.pick(HEX));
                }
            }
        }
    }

    /// Writes, puts in, takes out or repeats at random.
    fn edit(&mut self, out: &mut Vec<u8>) {
        let at = self.random.below(out.len() + 1);
        let octet = self.random.pick(NASTY);
        match (self.random.below(4), at < out.len()) {
            (0, true) => out[at] = octet,
            (1, true) => {
                out.remove(at);
            }
            (2, true) => {
                let end = (at + 1 + self.random.below(4)).min(out.len());
                let piece = out[at..end].to_vec();
                let to = self.random.below(out.len() + 1);
                out.splice(to..to, piece);
            }
            _ => out.insert(at, octet),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_the_texts() {
        let texts = |seed| {
            let mut generator = Generator::new(seed);
            let mut text = Vec::new();
            let mut next = || {
                generator.reference(&mut text);
                text.clone()
            };
            (0..100).map(|_| next()).collect::<Vec<_>>()
        };
        assert_eq!(texts(1), texts(1));
        assert_ne!(texts(1), texts(2));
    }

    #[test]
    fn a_good_part_of_the_texts_is_valid_and_a_good_part_is_not() {
        let mut generator = Generator::new(1);
        let mut text = Vec::new();
        let valid = (0..10_000)
            .filter(|_| {
                generator.reference(&mut text);
                nethttp::uri::UriRef::parse_bytes(&text).is_ok()
            })
            .count();
        assert!((3_000..8_000).contains(&valid), "{valid}");
    }
}
