//! The text of a cookie, from its parts.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use super::{Flags, SameSite, SetCookie};
use crate::cookie::segments::Span;
use crate::field::HttpDate;
use crate::syntax::Digits;

/// What a cookie is made of. That it is read back the same is up to who fills it in.
#[derive(Default)]
pub(super) struct Parts<'p> {
    pub(super) name: &'p [u8],
    pub(super) value: &'p [u8],
    /// Without the one dot in front that user agents take away.
    pub(super) domain: Option<&'p [u8]>,
    pub(super) path: Option<&'p [u8]>,
    pub(super) expires: Option<HttpDate>,
    pub(super) max_age: Option<i64>,
    pub(super) same_site: Option<SameSite>,
    pub(super) flags: Flags,
    /// Other attributes; one without a value is a flag.
    pub(super) others: &'p [(Vec<u8>, Vec<u8>)],
}

impl Parts<'_> {
    /// ```abnf
    /// set-cookie-string = cookie-pair *( ";" SP cookie-av )                 ; RFC 6265 §4.1.1
    /// cookie-pair       = cookie-name "=" cookie-value
    /// cookie-av         = expires-av / max-age-av / domain-av / path-av / secure-av / httponly-av /
    ///                     extension-av
    /// samesite-av       = "SameSite=" ( "Strict" / "Lax" / "None" )         ; 6265bis §4.1.1
    /// ```
    pub(super) fn write(&self) -> SetCookie<'static> {
        let lens = [Some(self.name), Some(self.value), self.domain, self.path];
        let len: usize = lens.into_iter().flatten().map(<[u8]>::len).sum();
        let mut text = Text(Vec::with_capacity(len + LEN_OF_THE_REST));
        let name = text.add("", self.name);
        let value = text.add("=", self.value);
        let domain = self.domain.map(|domain| {
            // Of what a parser has read, the dot that it took away may have kept these from it.
            let needs_dot = matches!(domain, [b'.' | b' ' | b'\t', ..]);
            text.add(if needs_dot { "; Domain=." } else { "; Domain=" }, domain)
        });
        let path = self.path.map(|path| text.add("; Path=", path));
        if let Some(date) = self.expires {
            text.add("; Expires=", &date.encode());
        }
        if let Some(seconds) = self.max_age {
            // What removes a cookie is zero here, never less.
            text.add("; Max-Age=", Digits::decimal(seconds.unsigned_abs()).as_bytes());
        }
        let flags = self.flags;
        text.add(if flags.is_secure { "; Secure" } else { "" }, b"");
        text.add(if flags.is_http_only { "; HttpOnly" } else { "" }, b"");
        if let Some(same_site) = self.same_site {
            text.add("; SameSite=", same_site.as_str().as_bytes());
        }
        text.add(if flags.is_partitioned { "; Partitioned" } else { "" }, b"");
        for (name, value) in self.others {
            text.add("; ", name);
            text.add(if value.is_empty() { "" } else { "=" }, value);
        }
        SetCookie {
            text: Cow::Owned(text.0),
            name,
            value,
            domain,
            path,
            expires: self.expires,
            max_age: self.max_age,
            same_site: self.same_site,
            flags,
        }
    }
}

/// Enough for the names of what most cookies have, and for a date.
const LEN_OF_THE_REST: usize = 96;

struct Text(Vec<u8>);

impl Text {
    /// Appends a piece and what introduces it, and returns where the piece is.
    fn add(&mut self, introduction: &str, piece: &[u8]) -> Span {
        self.0.extend_from_slice(introduction.as_bytes());
        let start = self.0.len();
        self.0.extend_from_slice(piece);
        Span::new(start, self.0.len())
    }
}
