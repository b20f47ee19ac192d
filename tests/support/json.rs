//! A reader for JSON ([RFC 8259](https://www.rfc-editor.org/rfc/rfc8259)), as much of it as test data
//! needs: numbers are integers, and a malformed text is a panic that says where.

use std::iter::Peekable;
use std::str::CharIndices;

/// A JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Int(i64),
    String(String),
    Array(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads one value that fills the text.
    #[track_caller]
    pub(crate) fn parse(text: &str) -> Self {
        let mut reader = Reader { text, chars: text.char_indices().peekable() };
        let value = reader.value();
        reader.skip_space();
        assert!(reader.chars.peek().is_none(), "more behind value: {text}");
        value
    }

    /// Reads one value a line; empty lines are skipped.
    pub(crate) fn lines(text: &str) -> impl Iterator<Item = Self> {
        text.lines().filter(|line| !line.trim().is_empty()).map(Self::parse)
    }

    /// Returns the member of that name.
    #[track_caller]
    pub(crate) fn member(&self, name: &str) -> &Self {
        let Self::Object(members) = self else {
            panic!("expected an object, found {self:?}");
        };
        let found = members.iter().find(|(key, _)| key == name);
        found.map_or_else(|| panic!("no member {name:?} in {self:?}"), |(_, v)| v)
    }

    #[track_caller]
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::String(text) => text,
            other => panic!("expected a string, found {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn as_int(&self) -> i64 {
        match self {
            Self::Int(number) => *number,
            other => panic!("expected an integer, found {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn as_bool(&self) -> bool {
        match self {
            Self::Bool(value) => *value,
            other => panic!("expected a boolean, found {other:?}"),
        }
    }

    #[track_caller]
    pub(crate) fn as_array(&self) -> &[Self] {
        match self {
            Self::Array(items) => items,
            other => panic!("expected an array, found {other:?}"),
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    chars: Peekable<CharIndices<'a>>,
}

impl Reader<'_> {
    fn value(&mut self) -> Json {
        self.skip_space();
        match self.chars.peek().map(|&(_, c)| c) {
            Some('{') => Json::Object(self.sequence('{', '}', Self::pair)),
            Some('[') => Json::Array(self.sequence('[', ']', Self::value)),
            Some('"') => Json::String(self.string()),
            Some('-' | '0'..='9') => self.int(),
            Some('t') => self.word("true", Json::Bool(true)),
            Some('f') => self.word("false", Json::Bool(false)),
            Some('n') => self.word("null", Json::Null),
            _ => self.refuse("a value"),
        }
    }

    fn sequence<T>(&mut self, open: char, close: char, item: fn(&mut Self) -> T) -> Vec<T> {
        self.expect(open);
        self.skip_space();
        let mut items = Vec::new();
        if self.chars.next_if(|&(_, c)| c == close).is_some() {
            return items;
        }
        loop {
            items.push(item(self));
            self.skip_space();
            match self.chars.next_if(|&(_, c)| c == ',' || c == close) {
                Some((_, ',')) => {}
                Some(_) => return items,
                None => self.refuse("',' or the end of the sequence"),
            }
        }
    }

    fn pair(&mut self) -> (String, Json) {
        self.skip_space();
        let name = self.string();
        self.skip_space();
        self.expect(':');
        (name, self.value())
    }

    fn string(&mut self) -> String {
        self.expect('"');
        let mut text = String::new();
        loop {
            match self.chars.next().map(|(_, c)| c) {
                Some('"') => return text,
                Some('\\') => text.push(self.escape()),
                Some(c) if c >= ' ' => text.push(c),
                _ => self.refuse("a character of a string"),
            }
        }
    }

    fn escape(&mut self) -> char {
        match self.chars.next().map(|(_, c)| c) {
            Some(c @ ('"' | '\\' | '/')) => c,
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('u') => self.code_point(),
            _ => self.refuse("an escape"),
        }
    }

    fn code_point(&mut self) -> char {
        let mut units = vec![self.hex4()];
        if matches!(units[0], 0xd800..=0xdbff) {
            self.expect('\\');
            self.expect('u');
            units.push(self.hex4());
        }
        let mut decoded = char::decode_utf16(units);
        match (decoded.next(), decoded.next()) {
            (Some(Ok(c)), None) => c,
            _ => self.refuse("a pair of surrogates"),
        }
    }

    fn hex4(&mut self) -> u16 {
        (0..4).fold(0, |unit, _| {
            let digit = self.chars.next().and_then(|(_, c)| c.to_digit(16));
            match digit.and_then(|digit| u16::try_from(digit).ok()) {
                Some(digit) => unit << 4 | digit,
                None => self.refuse("a hexadecimal digit"),
            }
        })
    }

    fn int(&mut self) -> Json {
        let mut digits = String::new();
        while let Some((_, c)) =
            self.chars.next_if(|&(_, c)| matches!(c, '-' | '+' | '.' | 'e' | 'E' | '0'..='9'))
        {
            digits.push(c);
        }
        match digits.parse() {
            Ok(number) => Json::Int(number),
            Err(_) => self.refuse("an integer"),
        }
    }

    fn word(&mut self, word: &str, value: Json) -> Json {
        word.chars().for_each(|c| self.expect(c));
        value
    }

    fn expect(&mut self, expected: char) {
        if self.chars.next_if(|&(_, c)| c == expected).is_none() {
            self.refuse(&format!("{expected:?}"));
        }
    }

    fn skip_space(&mut self) {
        let space = |&(_, c): &(usize, char)| matches!(c, ' ' | '\t' | '\n' | '\r');
        while self.chars.next_if(space).is_some() {}
    }

    fn refuse(&mut self, expected: &str) -> ! {
        let at = self.chars.peek().map_or(self.text.len(), |&(at, _)| at);
        panic!("expected {expected} at byte {at} of {}", self.text);
    }
}
