//! Forms as they come: what the benchmarks of forms share.

use crate::random::Random;

/// The boundary of every form, as browsers make them.
pub const BOUNDARY: &str = "----WebKitFormBoundary6Uj3T02p6JBfLOOn";

/// How much comes in one go: what a server reads from a connection.
pub const PIECE: usize = 64 << 10;

/// The length of a large file.
pub const LARGE: usize = 64 << 20;

/// What a large file is full of: bytes, lines, empty lines, and, on purpose, the delimiter without its last
/// byte, or as many beginnings of one, with the last byte where it would be, as there can be.
pub const FILES: [&str; 5] = ["random", "text", "CRLF", "near", "dense"];

/// Returns the content of a large file.
pub fn content(of: &str) -> Vec<u8> {
    let mut random = Random::new(7);
    let mut content = Vec::with_capacity(LARGE + 128);
    while content.len() < LARGE {
        match of {
            "random" => content.extend_from_slice(&random.bits().to_le_bytes()),
            // Lines of 1 to 120 characters.
            "text" => {
                let len = 1 + random.below(120);
                content.extend((0..len).map(|_| random.pick(b"etaoin shrdlu,.-")));
                content.extend_from_slice(b"\r\n");
            }
            "CRLF" => content.extend_from_slice(b"\r\n"),
            "near" => {
                content.extend_from_slice(b"\r\n--");
                content.extend_from_slice(&BOUNDARY.as_bytes()[..BOUNDARY.len() - 1]);
            }
            "dense" => content.extend_from_slice(b"\r\n--nn"),
            other => panic!("no content is named {other}"),
        }
    }
    content.truncate(LARGE);
    content
}

/// Returns a form with one file.
pub fn file(content: &[u8]) -> Vec<u8> {
    let head = "Content-Disposition: form-data; name=\"file\"; filename=\"film.bin\"\r\n\
        Content-Type: application/octet-stream";
    let before = format!("--{BOUNDARY}\r\n{head}\r\n\r\n");
    [before.as_bytes(), content, format!("\r\n--{BOUNDARY}--\r\n").as_bytes()].concat()
}

/// Returns the names and the values of small fields.
pub fn pairs(count: usize) -> Vec<(String, String)> {
    let mut random = Random::new(8);
    let pair = |index| {
        let len = random.below(40);
        let value = (0..len).map(|_| random.pick(&['a', 'e', 'o', 'n', ' ', '&', 'ü', '%']));
        (format!("field-{index}"), value.collect())
    };
    (0..count).map(pair).collect()
}

/// Returns a form with small fields.
pub fn fields(count: usize) -> Vec<u8> {
    let mut form = String::new();
    for (name, value) in pairs(count) {
        let head = format!("Content-Disposition: form-data; name=\"{name}\"");
        form += &format!("--{BOUNDARY}\r\n{head}\r\n\r\n{value}\r\n");
    }
    form += &format!("--{BOUNDARY}--\r\n");
    form.into_bytes()
}

/// Returns the same form as text of a query.
pub fn urlencoded(count: usize) -> String {
    let mut form = String::new();
    for (name, value) in pairs(count) {
        let separator = if form.is_empty() { "" } else { "&" };
        form += &format!("{separator}{name}=");
        for octet in value.bytes() {
            match octet {
                b' ' => form.push('+'),
                b'a'..=b'z' => form.push(char::from(octet)),
                other => form += &format!("%{other:02X}"),
            }
        }
    }
    form
}
