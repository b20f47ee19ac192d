//! Challenges by the letter of [RFC 9110 §11](https://www.rfc-editor.org/rfc/rfc9110#section-11): every rule
//! is a function that returns every way in which it can be read.
//!
//! A byte is asked for only where all in front of it begins some value. So where a value is refused, the
//! last byte that was asked for in vain is the first that could not be accepted. Nothing is decided
//! beforehand, and the input must be small.
//!
//! `tests/auth` compiles this file once more; it names nothing but its parent.

use alloc::vec::Vec;
use core::cell::Cell;

use super::{Challenge, Challenges, FieldErrorKind, HeaderMap};

/// A challenge, and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Model {
    scheme: Vec<u8>,
    token68: Option<Vec<u8>>,
    parameters: Vec<Parameter>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Parameter {
    offset: usize,
    name: Vec<u8>,
    value: Vec<u8>,
}

/// What is wrong, and at which byte.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Wrong {
    Syntax(usize),
    Duplicate(usize),
}

/// What was read, and where that ends.
type Ways<T> = Vec<(T, usize)>;

impl Model {
    /// Returns whether a challenge has this meaning, spelling included.
    fn is(&self, challenge: &Challenge<'_>) -> bool {
        let parameters = challenge.parameters();
        self.scheme == challenge.scheme().as_bytes()
            && self.token68.as_deref() == challenge.token68().map(str::as_bytes)
            && self.parameters.len() == parameters.len()
            && self.parameters.iter().zip(parameters).all(|(model, found)| {
                model.name == found.name().as_bytes() && model.value == found.value()
            })
    }
}

/// The room reads the same challenges in a text as this model, refuses it at the same byte, and keeps the same of
/// it where it stands in a response.
#[track_caller]
pub(super) fn agrees(text: &[u8]) {
    let shown = text.escape_ascii();
    let found = Challenges::parse(text);
    let error = found.as_ref().err().map(|error| (error.kind(), error.offset()));
    let found: Vec<Challenge<'_>> = found.into_iter().flatten().collect();
    assert!(same(&found, error, &list(text)), "{shown}: {found:?}, {error:?}, {:?}", list(text));

    let found = Challenge::parse(text);
    let error = found.as_ref().err().map(|error| (error.kind(), error.offset()));
    let found: Vec<Challenge<'_>> = found.into_iter().collect();
    let expected = alone(text).map(|model| [model].to_vec());
    assert!(same(&found, error, &expected), "{shown} alone: {found:?}, {error:?}, {expected:?}");

    let mut headers = HeaderMap::new();
    if headers.append("WWW-Authenticate", text).is_ok() {
        let found: Vec<Challenge<'_>> = Challenges::from_headers(&headers).into_iter().collect();
        let expected = survivors(text).into_iter().take(Challenges::MAX_CHALLENGES).collect();
        assert!(same(&found, None, &Ok(expected)), "{shown} in a response: {found:?}");
    }
}

fn same(
    found: &[Challenge<'_>],
    error: Option<(FieldErrorKind, usize)>,
    expected: &Result<Vec<Model>, Wrong>,
) -> bool {
    match (error, expected) {
        (None, Ok(expected)) => {
            found.len() == expected.len() && expected.iter().zip(found).all(|(m, it)| m.is(it))
        }
        // The model has no limits.
        (Some((FieldErrorKind::TooManyMembers(_), _)), _) => true,
        (Some((FieldErrorKind::DuplicateParameter, offset)), Err(wrong)) => {
            *wrong == Wrong::Duplicate(offset)
        }
        (Some((_, offset)), Err(wrong)) => *wrong == Wrong::Syntax(offset),
        _ => false,
    }
}

/// `#challenge`, with whitespace around.
fn list(text: &[u8]) -> Result<Vec<Model>, Wrong> {
    read(text, |input| {
        let starts = input.ows(0);
        let lists = starts.into_iter().flat_map(|at| input.list(at, Input::challenge));
        unique(lists.flat_map(|(list, at)| with(&list, input.ows(at))))
    })
}

/// `challenge`, with whitespace behind it.
fn alone(text: &[u8]) -> Result<Model, Wrong> {
    let found = read(text, |input| {
        let ways = input.challenge(0).into_iter();
        ways.flat_map(|(found, at)| with(&[found].to_vec(), input.ows(at))).collect()
    });
    found.and_then(|found| found.into_iter().next().ok_or(Wrong::Syntax(0)))
}

/// What is left of a line in which something is malformed: the members are put together to challenges by how
/// they begin, and each of these is read alone.
fn survivors(line: &[u8]) -> Vec<Model> {
    let mut groups: Vec<(usize, usize)> = Vec::new();
    for (start, end) in members(line) {
        let member = line.get(start..end).unwrap_or_default();
        let group = groups.last_mut().filter(|(first, last)| {
            let before = line.get(*first..*last).unwrap_or_default();
            // A scheme that is followed by nothing or a token68 takes no parameters.
            !is_challenge(member) && !is_closed(before)
        });
        match group {
            Some((_, last)) => *last = end,
            None => groups.push((start, end)),
        }
    }
    let groups = groups.into_iter().filter_map(|(start, end)| line.get(start..end));
    groups.filter_map(|group| alone(group).ok()).collect()
}

/// Whether no parameter can follow.
fn is_closed(group: &[u8]) -> bool {
    let with_one = [group, b", a=b"].concat();
    alone(group).is_ok() && matches!(alone(&with_one), Err(Wrong::Syntax(_)))
}

/// Whether a member has a token in front and no `=` behind that.
fn is_challenge(member: &[u8]) -> bool {
    let name = member.iter().take_while(|octet| is_tchar(**octet)).count();
    let behind = member.iter().skip(name).find(|octet| !is_ows(**octet));
    name > 0 && behind != Some(&b'=')
}

/// Where the members of a list lie, without whitespace in front of them; empty ones are left out.
fn members(line: &[u8]) -> Vec<(usize, usize)> {
    let (mut found, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    let octets = line.iter().copied().chain([b',']).enumerate();
    for (at, octet) in octets {
        let is_end = at == line.len() || octet == b',' && !quoted;
        if is_end {
            let blank = line.iter().take(at).skip(start).take_while(|it| is_ows(**it)).count();
            if start + blank < at {
                found.push((start + blank, at));
            }
            start = at + 1;
        } else if escaped {
            escaped = false;
        } else if octet == b'"' {
            quoted = !quoted;
        } else {
            escaped = quoted && octet == b'\\';
        }
    }
    found
}

/// The one meaning of a whole text, or the first byte with which it has none.
fn read(text: &[u8], rule: impl Fn(&Input<'_>) -> Ways<Vec<Model>>) -> Result<Vec<Model>, Wrong> {
    let input = Input { text, furthest: Cell::new(0), duplicate: Cell::new(None) };
    let mut meanings: Vec<Vec<Model>> = Vec::new();
    for (found, at) in rule(&input) {
        if at == text.len() {
            meanings.push(found);
        } else {
            input.refuse(at);
        }
    }
    meanings.dedup();
    assert!(meanings.len() < 2, "{} has two meanings", text.escape_ascii());
    match input.duplicate.get() {
        Some(offset) => Err(Wrong::Duplicate(offset)),
        None => meanings.into_iter().next().ok_or(Wrong::Syntax(input.furthest.get())),
    }
}

/// The same value with each of these ends.
fn with<T: Clone>(value: &T, ends: Vec<usize>) -> Ways<T> {
    ends.into_iter().map(|end| (value.clone(), end)).collect()
}

struct Input<'a> {
    text: &'a [u8],
    furthest: Cell<usize>,
    /// The first name that stands somewhere a second time.
    duplicate: Cell<Option<usize>>,
}

impl Input<'_> {
    /// Something else was due here.
    fn refuse(&self, at: usize) {
        self.furthest.set(self.furthest.get().max(at));
    }

    fn octet(&self, at: usize, is: impl Fn(u8) -> bool) -> Option<u8> {
        let found = self.text.get(at).copied().filter(|&octet| is(octet));
        if found.is_none() {
            self.refuse(at);
        }
        found
    }

    /// Where repetitions of a byte can end: behind every one of them.
    fn many(&self, at: usize, least: usize, is: impl Fn(u8) -> bool) -> Vec<usize> {
        let most = (at..).take_while(|&at| self.octet(at, &is).is_some()).count();
        (least..=most).map(|count| at + count).collect()
    }

    fn ows(&self, at: usize) -> Vec<usize> {
        self.many(at, 0, is_ows)
    }

    fn slice(&self, start: usize, end: usize) -> Vec<u8> {
        self.text.get(start..end).unwrap_or_default().to_vec()
    }

    /// `token = 1*tchar`
    fn token(&self, at: usize) -> Ways<Vec<u8>> {
        let ends = self.many(at, 1, is_tchar).into_iter();
        ends.map(|end| (self.slice(at, end), end)).collect()
    }

    /// `token68 = 1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`
    fn token68(&self, at: usize) -> Ways<Vec<u8>> {
        let is = |octet: u8| octet.is_ascii_alphanumeric() || b"-._~+/".contains(&octet);
        let ends = self.many(at, 1, is).into_iter();
        let ends = ends.flat_map(|end| self.many(end, 0, |octet| octet == b'='));
        ends.map(|end| (self.slice(at, end), end)).collect()
    }

    /// `quoted-string = DQUOTE *( qdtext / quoted-pair ) DQUOTE`, and what it means.
    fn quoted_string(&self, mut at: usize) -> Option<(Vec<u8>, usize)> {
        self.octet(at, |octet| octet == b'"')?;
        let mut text = Vec::new();
        loop {
            at += 1;
            let is_escaped = self.text.get(at) == Some(&b'\\');
            at += usize::from(is_escaped);
            let is_text = |octet: u8| octet == b'\t' || octet >= b' ' && octet != 0x7f;
            match self.octet(at, is_text)? {
                b'"' if !is_escaped => return Some((text, at + 1)),
                octet => text.push(octet),
            }
        }
    }

    /// `auth-param = token BWS "=" BWS ( token / quoted-string )`
    fn parameter(&self, offset: usize) -> Ways<Parameter> {
        let mut ways = Vec::new();
        for (name, end) in self.token(offset) {
            let equals = self.ows(end).into_iter();
            let equals = equals.filter(|&at| self.octet(at, |octet| octet == b'=').is_some());
            for at in equals.flat_map(|at| self.ows(at + 1)) {
                for (value, end) in self.token(at).into_iter().chain(self.quoted_string(at)) {
                    ways.push((Parameter { offset, name: name.clone(), value }, end));
                }
            }
        }
        ways
    }

    /// `challenge = auth-scheme [ 1*SP ( token68 / #auth-param ) ]`
    fn challenge(&self, at: usize) -> Ways<Model> {
        let mut ways = Vec::new();
        for (scheme, end) in self.token(at) {
            let none = Model { scheme, token68: None, parameters: Vec::new() };
            ways.push((none.clone(), end));
            for at in self.many(end, 1, |octet| octet == b' ') {
                ways.extend(
                    self.token68(at)
                        .into_iter()
                        .map(|(text, end)| (Model { token68: Some(text), ..none.clone() }, end)),
                );
                for (parameters, end) in self.list(at, Self::parameter) {
                    self.look_for_duplicates(&parameters);
                    ways.push((Model { parameters, ..none.clone() }, end));
                }
            }
        }
        unique(ways)
    }

    /// `#element = [ element ] *( OWS "," OWS [ element ] )`, as a recipient reads it.
    fn list<T: Clone + PartialEq>(
        &self,
        at: usize,
        element: impl Fn(&Self, usize) -> Ways<T>,
    ) -> Ways<Vec<T>> {
        let with_one = |list: &Vec<T>, at: usize| -> Ways<Vec<T>> {
            let one = element(self, at).into_iter();
            let longer = one.map(|(one, end)| ([&list[..], &[one]].concat(), end));
            longer.chain([(list.clone(), at)]).collect()
        };
        let mut all = unique(with_one(&Vec::new(), at));
        let mut done = 0;
        while let Some((list, end)) = all.get(done).cloned() {
            done += 1;
            let commas = self.ows(end).into_iter();
            let commas = commas.filter(|&at| self.octet(at, |octet| octet == b',').is_some());
            for way in commas.flat_map(|at| self.ows(at + 1)).flat_map(|at| with_one(&list, at)) {
                if !all.contains(&way) {
                    all.push(way);
                }
            }
        }
        all
    }

    fn look_for_duplicates(&self, parameters: &[Parameter]) {
        let mut all = parameters.iter().enumerate();
        let found = all.find(|(index, it)| {
            let mut before = parameters.iter().take(*index);
            before.any(|other| other.name.eq_ignore_ascii_case(&it.name))
        });
        let offsets = self.duplicate.get().into_iter().chain(found.map(|(_, it)| it.offset));
        self.duplicate.set(offsets.min());
    }
}

fn unique<T: PartialEq>(ways: impl IntoIterator<Item = T>) -> Vec<T> {
    let mut found = Vec::new();
    for way in ways {
        if !found.contains(&way) {
            found.push(way);
        }
    }
    found
}

fn is_ows(octet: u8) -> bool {
    octet == b' ' || octet == b'\t'
}

fn is_tchar(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&octet)
}
