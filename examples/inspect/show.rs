//! How bytes and refusals are shown.

use std::fmt::Write;

/// Returns bytes as text that a terminal shows as it stands: what is not visible ASCII is escaped.
pub(crate) fn escaped(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'\r' => text.push_str("\\r"),
            b'\n' => text.push_str("\\n"),
            b'\t' => text.push_str("\\t"),
            b'\\' => text.push_str("\\\\"),
            b' '..=b'~' => text.push(char::from(byte)),
            _ => text.push_str(&format!("\\x{byte:02x}")),
        }
    }
    text
}

/// Why an input was refused, and where.
#[derive(Debug)]
pub(crate) struct Refusal {
    /// What was expected.
    pub(crate) text: String,
    /// The kind of error.
    pub(crate) kind: String,
    /// The offset in the input.
    pub(crate) at: usize,
    /// The offset as the error gives it, in words.
    pub(crate) offset: String,
    /// What follows from it, as a line: the status that a server answers with, or what the input was
    /// perhaps meant to be.
    pub(crate) follows: Option<String>,
}

/// How much of a long line is shown on either side of the byte that was refused.
const CONTEXT: usize = 48;

impl Refusal {
    /// Returns the error, the line of the input that it stands in with a caret under the byte, and
    /// what a program would want to know about it.
    pub(crate) fn describe(&self, input: &[u8]) -> String {
        let (before, after) = input.split_at_checked(self.at).unwrap_or((input, b""));
        let number = before.iter().filter(|&&byte| byte == b'\n').count() + 1;
        let start = before.iter().rposition(|&byte| byte == b'\n').map_or(0, |at| at + 1);
        let end = after.iter().position(|&byte| byte == b'\n').map_or(after.len(), |at| at + 1);
        let (left, right) = (&before[start..], &after[..end]);

        let mut line = String::new();
        if left.len() > CONTEXT {
            line.push_str("...");
        }
        line += &escaped(&left[left.len().saturating_sub(CONTEXT)..]);
        let column = line.len();
        line += &escaped(&right[..right.len().min(CONTEXT)]);
        if right.len() > CONTEXT {
            line.push_str("...");
        }

        let margin = number.to_string().len();
        let mut text = format!("error: {}\n", self.text);
        let _ = writeln!(text, "{:margin$} |", "");
        let _ = writeln!(text, "{number} | {line}");
        let _ = writeln!(text, "{:margin$} | {:column$}^", "", "");
        let _ = writeln!(text, "kind: {}", self.kind);
        let _ = writeln!(text, "offset: {}", self.offset);
        if let Some(follows) = &self.follows {
            let _ = writeln!(text, "{follows}");
        }
        text
    }
}
