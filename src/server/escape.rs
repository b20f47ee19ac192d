//! Text of others in a page of ours.

use std::fmt::{self, Write};

/// Text as HTML shows it, in an element or a quoted attribute.
pub(super) struct HtmlText<'a>(pub(super) &'a str);

impl fmt::Display for HtmlText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for c in self.0.chars() {
            match c {
                '&' => f.write_str("&amp;")?,
                '<' => f.write_str("&lt;")?,
                '>' => f.write_str("&gt;")?,
                '"' => f.write_str("&quot;")?,
                '\'' => f.write_str("&#39;")?,
                _ => f.write_char(c)?,
            }
        }
        Ok(())
    }
}

/// A string of JSON with its quotes, [RFC 8259 §7](https://www.rfc-editor.org/rfc/rfc8259#section-7).
pub(super) struct JsonText<'a>(pub(super) &'a str);

impl fmt::Display for JsonText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_char('"')?;
        for c in self.0.chars() {
            match c {
                '"' | '\\' => write!(f, "\\{c}")?,
                _ if c.is_control() => write!(f, "\\u{:04x}", u32::from(c))?,
                _ => f.write_char(c)?,
            }
        }
        f.write_char('"')
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_ends_what_it_stands_in() {
        let text = "a<b>&\"c'\\\n\u{7f}é";
        assert_eq!(HtmlText(text).to_string(), "a&lt;b&gt;&amp;&quot;c&#39;\\\n\u{7f}é");
        assert_eq!(JsonText(text).to_string(), r#""a<b>&\"c'\\\u000a\u007fé""#);
    }
}
