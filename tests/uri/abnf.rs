//! The grammar of RFC 3986 as the RFC prints it, and a naive reader of it: the oracle.
//!
//! [`APPENDIX_A`] is [RFC 3986 Appendix A](https://www.rfc-editor.org/rfc/rfc3986#appendix-A) to the
//! letter. It is read as ABNF ([RFC 5234](https://www.rfc-editor.org/rfc/rfc5234)) when the tests
//! run, and a text is held against it by following every way at once: a rule takes the set of the
//! positions where it may start to the set of those where it may end. Nothing is greedy, nothing is
//! decided early, and nothing is shared with the crate.

use std::collections::BTreeMap;

/// RFC 3986 Appendix A.
const APPENDIX_A: &str = r##"
   URI           = scheme ":" hier-part [ "?" query ] [ "#" fragment ]

   hier-part     = "//" authority path-abempty
                 / path-absolute
                 / path-rootless
                 / path-empty

   URI-reference = URI / relative-ref

   absolute-URI  = scheme ":" hier-part [ "?" query ]

   relative-ref  = relative-part [ "?" query ] [ "#" fragment ]

   relative-part = "//" authority path-abempty
                 / path-absolute
                 / path-noscheme
                 / path-empty

   scheme        = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )

   authority     = [ userinfo "@" ] host [ ":" port ]
   userinfo      = *( unreserved / pct-encoded / sub-delims / ":" )
   host          = IP-literal / IPv4address / reg-name
   port          = *DIGIT

   IP-literal    = "[" ( IPv6address / IPvFuture  ) "]"

   IPvFuture     = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )

   IPv6address   =                            6( h16 ":" ) ls32
                 /                       "::" 5( h16 ":" ) ls32
                 / [               h16 ] "::" 4( h16 ":" ) ls32
                 / [ *1( h16 ":" ) h16 ] "::" 3( h16 ":" ) ls32
                 / [ *2( h16 ":" ) h16 ] "::" 2( h16 ":" ) ls32
                 / [ *3( h16 ":" ) h16 ] "::"    h16 ":"   ls32
                 / [ *4( h16 ":" ) h16 ] "::"              ls32
                 / [ *5( h16 ":" ) h16 ] "::"              h16
                 / [ *6( h16 ":" ) h16 ] "::"

   h16           = 1*4HEXDIG
   ls32          = ( h16 ":" h16 ) / IPv4address
   IPv4address   = dec-octet "." dec-octet "." dec-octet "." dec-octet

   dec-octet     = DIGIT                 ; 0-9
                 / %x31-39 DIGIT         ; 10-99
                 / "1" 2DIGIT            ; 100-199
                 / "2" %x30-34 DIGIT     ; 200-249
                 / "25" %x30-35          ; 250-255

   reg-name      = *( unreserved / pct-encoded / sub-delims )

   path          = path-abempty    ; begins with "/" or is empty
                 / path-absolute   ; begins with "/" but not "//"
                 / path-noscheme   ; begins with a non-colon segment
                 / path-rootless   ; begins with a segment
                 / path-empty      ; zero characters

   path-abempty  = *( "/" segment )
   path-absolute = "/" [ segment-nz *( "/" segment ) ]
   path-noscheme = segment-nz-nc *( "/" segment )
   path-rootless = segment-nz *( "/" segment )
   path-empty    = 0<pchar>

   segment       = *pchar
   segment-nz    = 1*pchar
   segment-nz-nc = 1*( unreserved / pct-encoded / sub-delims / "@" )
                 ; non-zero-length segment without any colon ":"

   pchar         = unreserved / pct-encoded / sub-delims / ":" / "@"

   query         = *( pchar / "/" / "?" )

   fragment      = *( pchar / "/" / "?" )

   pct-encoded   = "%" HEXDIG HEXDIG

   unreserved    = ALPHA / DIGIT / "-" / "." / "_" / "~"
   reserved      = gen-delims / sub-delims
   gen-delims    = ":" / "/" / "?" / "#" / "[" / "]" / "@"
   sub-delims    = "!" / "$" / "&" / "'" / "(" / ")"
                 / "*" / "+" / "," / ";" / "="
"##;

/// [RFC 6874 §2](https://www.rfc-editor.org/rfc/rfc6874#section-2), whose `IP-literal` replaces the
/// one of RFC 3986.
const ZONES: &str = r#"
   IP-literal = "[" ( IPv6address / IPv6addrz / IPvFuture  ) "]"

   ZoneID = 1*( unreserved / pct-encoded )

   IPv6addrz = IPv6address "%25" ZoneID
"#;

/// [RFC 5234 §B.1](https://www.rfc-editor.org/rfc/rfc5234#appendix-B.1), what RFC 3986 uses of it.
const CORE: &str = r#"
   ALPHA  =  %x41-5A / %x61-7A   ; A-Z / a-z
   DIGIT  =  %x30-39             ; 0-9
   HEXDIG =  DIGIT / "A" / "B" / "C" / "D" / "E" / "F"
"#;

/// A set of rules.
pub(crate) struct Grammar(BTreeMap<&'static str, Element>);

impl Grammar {
    /// The grammar of RFC 3986 and RFC 6874, in which the definitions of `changes` replace those of
    /// the RFCs.
    pub(crate) fn with(changes: &'static str) -> Self {
        let mut definitions = BTreeMap::new();
        for abnf in [CORE, APPENDIX_A, ZONES, changes] {
            definitions.extend(Reader { tokens: tokens(abnf), position: 0 }.definitions());
        }
        let names = definitions.keys().copied();
        Self(names.map(|name| (name, expand(&Written::Name(name), &definitions))).collect())
    }

    #[track_caller]
    pub(crate) fn rule(&self, name: &str) -> &Element {
        self.0.get(name).expect("the name of a rule")
    }

    pub(crate) fn names(&self) -> impl Iterator<Item = &'static str> {
        self.0.keys().copied()
    }
}

/// What a rule stands for, the rules it names written out. The grammar has no recursion.
#[derive(Clone)]
pub(crate) enum Element {
    /// One byte of a set of ASCII bytes, one bit each.
    Byte(u128),
    /// One element after the other.
    Sequence(Vec<Element>),
    /// One element of several.
    Choice(Vec<Element>),
    /// At least and at most so many of an element.
    Repeat(usize, usize, Box<Element>),
}

impl Element {
    /// Holds a whole text of less than 128 bytes against the rule.
    ///
    /// The error is the index of the first byte that no member of the rule has in this place, behind
    /// the bytes before it; the length of the text where only something at its end is missing.
    pub(crate) fn read(&self, text: &[u8]) -> Result<(), usize> {
        assert!(text.len() < 128);
        let mut tried = 0;
        let ends = self.ends(text, 1, &mut tried);
        if ends & 1 << text.len() != 0 {
            return Ok(());
        }
        // Wherever a byte was looked for, the bytes before it are the start of some member: every
        // rule has a member with which to go on.
        Err((tried | ends).ilog2() as usize)
    }

    pub(crate) fn matches(&self, text: &[u8]) -> bool {
        self.read(text).is_ok()
    }

    /// Where a match may end that starts at one of the positions `starts`, one bit each. `tried`
    /// gathers the positions where a byte was looked for.
    fn ends(&self, text: &[u8], starts: u128, tried: &mut u128) -> u128 {
        if starts == 0 {
            return 0;
        }
        match self {
            Self::Byte(set) => {
                *tried |= starts;
                let (mut starts, mut ends) = (starts, 0);
                while starts != 0 {
                    let index = starts.trailing_zeros();
                    starts &= starts - 1;
                    if let Some(octet @ ..0x80) = text.get(index as usize)
                        && set & 1 << octet != 0
                    {
                        ends |= 2 << index;
                    }
                }
                ends
            }
            Self::Sequence(elements) => {
                elements.iter().fold(starts, |starts, element| element.ends(text, starts, tried))
            }
            Self::Choice(elements) => {
                elements.iter().fold(0, |ends, element| ends | element.ends(text, starts, tried))
            }
            Self::Repeat(least, most, element) => {
                let mut all_ends = if *least == 0 { starts } else { 0 };
                let mut ends = starts;
                // It ends, as no rule repeats what may be empty.
                for count in 1..=*most {
                    ends = element.ends(text, ends, tried);
                    if ends == 0 {
                        break;
                    }
                    if count >= *least {
                        all_ends |= ends;
                    }
                }
                all_ends
            }
        }
    }

    /// Appends the member that `choices` lead to; where they have run out, the first and shortest.
    pub(crate) fn member(&self, choices: &mut impl Iterator<Item = u8>, text: &mut Vec<u8>) {
        match self {
            Self::Byte(set) => {
                let octets: Vec<u8> = (0..128).filter(|octet| set & 1 << octet != 0).collect();
                text.push(octets[choose(choices, octets.len())]);
            }
            Self::Sequence(elements) => {
                for element in elements {
                    element.member(choices, text);
                }
            }
            Self::Choice(elements) => {
                elements[choose(choices, elements.len())].member(choices, text);
            }
            Self::Repeat(least, most, element) => {
                let spread = (most - least).min(7);
                for _ in 0..least + choose(choices, spread + 1) {
                    element.member(choices, text);
                }
            }
        }
    }
}

/// Returns a number below `count`.
fn choose(choices: &mut impl Iterator<Item = u8>, count: usize) -> usize {
    if count == 1 { 0 } else { choices.next().map_or(0, usize::from) % count }
}

/// The right side of a rule as it is written.
enum Written {
    Name(&'static str),
    Byte(u128),
    Sequence(Vec<Written>),
    Choice(Vec<Written>),
    Repeat(usize, usize, Box<Written>),
}

/// Puts what names stand for in their place. Bytes to choose from become one set.
fn expand(written: &Written, definitions: &BTreeMap<&'static str, Written>) -> Element {
    let all = |elements: &[Written]| -> Vec<Element> {
        elements.iter().map(|element| expand(element, definitions)).collect()
    };
    match written {
        Written::Name(name) => {
            let definition = definitions.get(name);
            expand(definition.unwrap_or_else(|| panic!("no rule {name}")), definitions)
        }
        Written::Byte(set) => Element::Byte(*set),
        Written::Sequence(elements) => Element::Sequence(all(elements)),
        Written::Choice(elements) => {
            let mut set = 0;
            let mut others = Vec::new();
            for element in all(elements) {
                match element {
                    Element::Byte(more) => set |= more,
                    other => others.push(other),
                }
            }
            match (set, others.is_empty()) {
                (0, _) => Element::Choice(others),
                (set, true) => Element::Byte(set),
                (set, false) => {
                    others.insert(0, Element::Byte(set));
                    Element::Choice(others)
                }
            }
        }
        Written::Repeat(least, most, element) => {
            Element::Repeat(*least, *most, Box::new(expand(element, definitions)))
        }
    }
}

#[derive(Clone, Copy, PartialEq)]
enum Token {
    Name(&'static str),
    /// `"text"`, in either case.
    Text(&'static str),
    /// `%x41-5A`
    Range(u8, u8),
    /// `*`, `1*`, `*5`, `1*4` or `6`
    Repeat(usize, usize),
    /// One of `=/()[]`.
    Mark(char),
}

fn tokens(abnf: &'static str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = abnf.trim_start();
    while let Some(first) = rest.chars().next() {
        let len = |is_part: fn(char) -> bool| {
            rest.find(|character| !is_part(character)).unwrap_or(rest.len())
        };
        let (token, len) = match first {
            ';' => {
                rest = rest.split_once('\n').map_or("", |(_, next)| next).trim_start();
                continue;
            }
            '"' => {
                let (text, _) = rest[1..].split_once('"').expect("a closing quote");
                (Token::Text(text), text.len() + 2)
            }
            // Words in place of a rule; the RFC has only `<pchar>`.
            '<' => {
                let (name, _) = rest[1..].split_once('>').expect("a closing bracket");
                (Token::Name(name), name.len() + 2)
            }
            '%' => {
                let len =
                    len(|character| character.is_ascii_alphanumeric() || "%-".contains(character));
                let (first, last) = rest[2..len].split_once('-').expect("a range");
                let number = |digits| u8::from_str_radix(digits, 16).expect("a number");
                (Token::Range(number(first), number(last)), len)
            }
            '*' | '0'..='9' => {
                let len = len(|character| character.is_ascii_digit() || character == '*');
                let (least, most) =
                    rest[..len].split_once('*').unwrap_or((&rest[..len], &rest[..len]));
                (Token::Repeat(least.parse().unwrap_or(0), most.parse().unwrap_or(usize::MAX)), len)
            }
            'A'..='Z' | 'a'..='z' => {
                let len = len(|character| character.is_ascii_alphanumeric() || character == '-');
                (Token::Name(&rest[..len]), len)
            }
            _ => (Token::Mark(first), 1),
        };
        tokens.push(token);
        rest = rest[len..].trim_start();
    }
    tokens
}

/// Reads the ABNF of RFC 5234 §4, as far as RFC 3986 uses it.
struct Reader {
    tokens: Vec<Token>,
    position: usize,
}

impl Reader {
    /// `rule = rulename "=" elements`
    fn definitions(mut self) -> Vec<(&'static str, Written)> {
        let mut definitions = Vec::new();
        while let Some(&Token::Name(name)) = self.tokens.get(self.position) {
            self.position += 1;
            assert!(self.take(Token::Mark('=')), "{name} is not defined");
            definitions.push((name, self.alternation()));
        }
        assert_eq!(self.position, self.tokens.len(), "not ABNF");
        definitions
    }

    fn take(&mut self, token: Token) -> bool {
        let found = self.tokens.get(self.position) == Some(&token);
        self.position += usize::from(found);
        found
    }

    /// `alternation = concatenation *( "/" concatenation )`
    fn alternation(&mut self) -> Written {
        let mut elements = vec![self.concatenation()];
        while self.take(Token::Mark('/')) {
            elements.push(self.concatenation());
        }
        Written::Choice(elements)
    }

    /// `concatenation = 1*( [ repeat ] element )`
    fn concatenation(&mut self) -> Written {
        let mut elements = Vec::new();
        while let Some(element) = self.element() {
            elements.push(element);
        }
        assert!(!elements.is_empty(), "not ABNF");
        if elements.len() == 1 { elements.remove(0) } else { Written::Sequence(elements) }
    }

    /// `element = rulename / "(" alternation ")" / "[" alternation "]" / char-val / num-val`
    fn element(&mut self) -> Option<Written> {
        let token = *self.tokens.get(self.position)?;
        let defines = self.tokens.get(self.position + 1) == Some(&Token::Mark('='));
        if matches!(token, Token::Name(_) if defines)
            || matches!(token, Token::Mark('/' | ')' | ']'))
        {
            return None;
        }
        self.position += 1;
        Some(match token {
            Token::Name(name) => Written::Name(name),
            Token::Text(text) => {
                let cases =
                    |octet: u8| 1 << octet.to_ascii_lowercase() | 1 << octet.to_ascii_uppercase();
                Written::Sequence(text.bytes().map(|octet| Written::Byte(cases(octet))).collect())
            }
            Token::Range(first, last) => {
                Written::Byte((first..=last).fold(0, |set, octet| set | 1 << octet))
            }
            Token::Repeat(least, most) => {
                let element = self.element().expect("something to repeat");
                Written::Repeat(least, most, Box::new(element))
            }
            Token::Mark('(') => {
                let group = self.alternation();
                assert!(self.take(Token::Mark(')')), "an open group");
                group
            }
            Token::Mark('[') => {
                let group = self.alternation();
                assert!(self.take(Token::Mark(']')), "an open option");
                Written::Repeat(0, 1, Box::new(group))
            }
            Token::Mark(mark) => panic!("not ABNF: {mark}"),
        })
    }
}
