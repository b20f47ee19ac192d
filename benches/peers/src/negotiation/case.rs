//! A field that is well-formed and the offers that it chooses from, and where they come from.

use crate::random::Random;

/// Which field it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// Accept.
    Type,
    /// Accept-Encoding.
    Coding,
    /// Accept-Language.
    Language,
}

/// How the value of a parameter is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Spelling {
    /// As it is.
    Token,
    /// In quotes.
    Quoted,
    /// In quotes, and its first byte with a backslash.
    Escaped,
}

/// A parameter of a media type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// The name; no two of a list are the same.
    pub name: &'static str,
    /// The value, without quotes.
    pub value: String,
    /// How it is written.
    pub spelling: Spelling,
}

/// A member of a field, or an offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The range without parameters.
    pub range: String,
    /// The parameters without the weight.
    pub parameters: Vec<Parameter>,
    /// The weight and its name, `q=0.5`.
    pub weight: Option<String>,
    /// How many parameters stand before the weight.
    pub weight_at: usize,
    /// The semicolon before the weight and every parameter.
    pub semicolon: &'static str,
    /// The comma behind.
    pub comma: &'static str,
}

/// A field and offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Case {
    /// Which field.
    pub field: Field,
    /// There is no such field, which is not the same as one that is empty.
    pub is_absent: bool,
    /// The members of the field, none of which is empty.
    pub members: Vec<Member>,
    /// The offers, without weights.
    pub offers: Vec<Member>,
}

const TYPES: &[&str] = &["text/html", "text/plain", "Text/HTML", "image/png", "a/b"];
const TYPE_RANGES: &[&str] = &["text/*", "image/*", "TEXT/*", "a/*", "*/*"];
const CODINGS: &[&str] = &[
    "gzip",
    "br",
    "zstd",
    "GZIP",
    "x-gzip",
    "X-GZip",
    "compress",
    "x-compress",
    "x-br",
    "identity",
    "Identity",
];
const LANGUAGES: &[&str] = &[
    "en",
    "EN",
    "en-US",
    "en-gb",
    "en-GB-oed",
    "fr",
    "fr-CA",
    "de",
    "zh",
    "zh-Hant",
    "zh-Hant-TW",
    "x-a",
    "en-x-a",
    "x",
    "en-x",
];
const NAMES: &[&str] = &["level", "Level", "charset", "Charset", "v"];
const VALUES: &[&str] = &["1", "2", "b", "B", "utf-8", "UTF-8", "*", "", "b c", "b,c", "b;c"];
const WEIGHTS: &[&str] = &[
    "0", "1", "0.5", "0.50", "0.8", "0.", "1.", "1.0", "1.000", "0.000", "0.25", "0.125", "0.001",
    "0.999",
];

impl Case {
    /// Makes up a case.
    pub fn random(random: &mut Random) -> Self {
        let field = random.pick(&[Field::Type, Field::Coding, Field::Language]);
        let is_absent = random.chance(2);
        let count = if is_absent || random.chance(2) { 0 } else { 1 + random.below(8) };
        let offers: Vec<Member> = (0..1 + random.below(5)).map(|_| offer(field, random)).collect();
        let members = (0..count).map(|_| member(field, &offers, random)).collect();
        Self { field, is_absent, members, offers }
    }

    /// Writes the value of the field.
    pub fn value(&self) -> String {
        let value: String =
            self.members.iter().map(|member| member.text() + member.comma).collect();
        value.trim_end().to_owned()
    }

    /// Writes the offers.
    pub fn offered(&self) -> Vec<String> {
        self.offers.iter().map(Member::text).collect()
    }
}

fn member(field: Field, offers: &[Member], random: &mut Random) -> Member {
    let mut member = offer(field, random);
    match field {
        Field::Type if random.chance(25) => {
            // What is offered, with other spellings.
            member = offers[random.below(offers.len())].clone();
            for parameter in &mut member.parameters {
                if random.chance(20) {
                    parameter.value = parameter.value.to_ascii_uppercase();
                }
                *parameter = spelled(parameter.name, &parameter.value, random);
            }
        }
        Field::Type if random.chance(40) => member.range = random.pick(TYPE_RANGES).to_owned(),
        Field::Coding | Field::Language if random.chance(15) => member.range = "*".to_owned(),
        _ => {}
    }
    member.weight = random.chance(60).then(|| {
        let name = if random.chance(5) { "Q=" } else { "q=" };
        name.to_owned() + random.pick(WEIGHTS)
    });
    let count = member.parameters.len();
    member.weight_at = if random.chance(10) { random.below(count + 1) } else { count };
    member.comma = random.pick(&[",", ", ", "\t,", ",,", ", , "]);
    member
}

fn offer(field: Field, random: &mut Random) -> Member {
    let (ranges, can_have_parameters) = match field {
        Field::Type => (TYPES, true),
        Field::Coding => (CODINGS, false),
        Field::Language => (LANGUAGES, false),
    };
    let mut parameters = Vec::new();
    while can_have_parameters && random.chance(25) {
        let name = random.pick(NAMES);
        let is_same = |other: &Parameter| other.name.eq_ignore_ascii_case(name);
        if !parameters.iter().any(is_same) {
            parameters.push(spelled(name, random.pick(VALUES), random));
        }
    }
    Member {
        range: random.pick(ranges).to_owned(),
        parameters,
        weight: None,
        weight_at: 0,
        semicolon: random.pick(&[";", ";", "; ", " ;", "\t; "]),
        comma: "",
    }
}

fn spelled(name: &'static str, value: &str, random: &mut Random) -> Parameter {
    let can_be_token = !value.is_empty() && !value.contains([' ', ',', ';']);
    let spelling = match random.below(10) {
        0 if !value.is_empty() => Spelling::Escaped,
        3.. if can_be_token => Spelling::Token,
        _ => Spelling::Quoted,
    };
    Parameter { name, value: value.to_owned(), spelling }
}

impl Member {
    /// Writes the member.
    pub fn text(&self) -> String {
        let mut parts: Vec<String> = self.parameters.iter().map(Parameter::text).collect();
        if let Some(weight) = &self.weight {
            parts.insert(self.weight_at.min(parts.len()), weight.clone());
        }
        parts.into_iter().fold(self.range.clone(), |text, part| text + self.semicolon + &part)
    }
}

impl Parameter {
    fn text(&self) -> String {
        let Self { name, value, spelling } = self;
        match spelling {
            Spelling::Token => format!("{name}={value}"),
            Spelling::Quoted => format!("{name}=\"{value}\""),
            Spelling::Escaped => format!("{name}=\"\\{value}\""),
        }
    }
}
