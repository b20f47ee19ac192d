//! What the four fields have in common: weighted ranges, kept in place, and the choice between offers.

use core::cmp::Reverse;
use core::fmt;

use super::{Choice, MAX_RANGES, NotAcceptable};
use crate::field::{FieldError, FieldErrorKind};
use crate::syntax::{Cursor, SyntaxErrorKind, parse_weight};

/// The weight of a range that has none, in thousandths.
pub(super) const FULL: u16 = 1000;

/// A range and its weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    /// The range as it stands in the field, with parameters and with the weight if that is among them.
    pub(super) text: &'a str,
    /// Where the slash of a media range stands.
    pub(super) slash: u32,
    /// Where the range ends and its parameters begin.
    pub(super) end: u32,
    /// In thousandths.
    pub(super) weight: u16,
}

impl<'a> Entry<'a> {
    const EMPTY: Self = Self { text: "", slash: 0, end: 0, weight: 0 };

    /// Returns the range without its parameters.
    #[inline]
    pub(super) fn range(&self) -> &'a str {
        self.text.get(..index(self.end)).unwrap_or_default()
    }
}

/// Widens an offset into a field.
#[inline]
pub(super) fn index(offset: u32) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

/// How a field is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reading {
    /// As the grammar has it.
    Strict,
    /// As a recipient that wants to make something of it.
    Lenient,
}

/// Up to [`MAX_RANGES`] ranges in the order of the field, without a heap.
#[derive(Clone, Copy)]
pub(super) struct Entries<'a> {
    entries: [Entry<'a>; MAX_RANGES],
    len: usize,
}

/// Reads a range at which the cursor stands, without its weight.
pub(super) type ReadRange = for<'a> fn(&mut Cursor<'a>, Reading) -> Result<Entry<'a>, FieldError>;

impl Default for Entries<'_> {
    fn default() -> Self {
        Self::EMPTY
    }
}

impl<'a> Entries<'a> {
    pub(super) const EMPTY: Self = Self { entries: [Entry::EMPTY; MAX_RANGES], len: 0 };

    /// Reads a field's value, to the first error.
    pub(super) fn parse(value: &'a [u8], read: ReadRange) -> Result<Self, FieldError> {
        let mut entries = Self::EMPTY;
        let mut cursor = Cursor::new(value);
        while cursor.next_member() {
            let start = cursor.offset();
            let entry = read(&mut cursor, Reading::Strict)?;
            cursor.end_member()?;
            entries.push(entry).map_err(|kind| FieldError::new(kind, start))?;
        }
        Ok(entries)
    }

    /// Reads the lines of a field. What cannot be read is skipped, member by member, and what comes after
    /// the last that there is room for is not read at all.
    pub(super) fn of_lines(lines: impl Iterator<Item = &'a [u8]>, read: ReadRange) -> Self {
        let mut entries = Self::EMPTY;
        for line in lines {
            let mut cursor = Cursor::new(line);
            while entries.len < MAX_RANGES && cursor.next_member() {
                let start = cursor;
                match read(&mut cursor, Reading::Lenient) {
                    Ok(entry) if cursor.end_member().is_ok() => {
                        let _ = entries.push(entry);
                    }
                    _ => {
                        cursor = start;
                        cursor.skip_member();
                    }
                }
            }
        }
        entries
    }

    /// Appends a range of which the text is given.
    pub(super) fn with(
        mut self,
        text: &'a str,
        weight: u16,
        read: ReadRange,
    ) -> Result<Self, FieldError> {
        let mut cursor = Cursor::new(text.as_bytes());
        let mut entry = read(&mut cursor, Reading::Strict)?;
        if !cursor.rest().is_empty() {
            return Err(FieldError::new(FieldErrorKind::End, cursor.offset()));
        }
        if weight > FULL {
            let kind = FieldErrorKind::Syntax(SyntaxErrorKind::Weight);
            return Err(FieldError::new(kind, text.len()));
        }
        entry.weight = weight;
        self.push(entry).map_err(|kind| FieldError::new(kind, 0))?;
        Ok(self)
    }

    fn push(&mut self, entry: Entry<'a>) -> Result<(), FieldErrorKind> {
        let full = FieldErrorKind::TooManyMembers(MAX_RANGES);
        *self.entries.get_mut(self.len).ok_or(full)? = entry;
        self.len += 1;
        Ok(())
    }

    /// Returns the ranges in the order of the field.
    #[inline]
    pub(super) fn as_slice(&self) -> &[Entry<'a>] {
        self.entries.get(..self.len).unwrap_or_default()
    }

    /// Returns the ranges, the most wanted first; of those wanted as much, the narrowest.
    pub(super) fn ranked(
        mut self,
        specificity: impl Fn(&Entry<'a>) -> u32,
    ) -> impl Iterator<Item = Entry<'a>> {
        let mut order: [usize; MAX_RANGES] = core::array::from_fn(|index| index);
        let entries = &self.entries;
        if let Some(order) = order.get_mut(..self.len) {
            order.sort_unstable_by_key(|&index| {
                let rank = entries.get(index).map(|it| (it.weight, specificity(it)));
                (Reverse(rank), index)
            });
        }
        self.entries = order.map(|index| self.entries.get(index).copied().unwrap_or(Entry::EMPTY));
        self.entries.into_iter().take(self.len)
    }
}

/// Reads the parameters behind a range: its weight, and where `others` are allowed, whether there are any.
pub(super) fn read_parameters(
    cursor: &mut Cursor<'_>,
    reading: Reading,
    others: bool,
) -> Result<(u16, bool), FieldError> {
    // Most members end here, or with the one weight of one decimal.
    match cursor.rest() {
        [] | [b',', ..] => return Ok((FULL, false)),
        [b';', b'q', b'=', b'0', b'.', digit @ b'0'..=b'9']
        | [b';', b'q', b'=', b'0', b'.', digit @ b'0'..=b'9', b',', ..] => {
            *cursor = cursor.skipped(6);
            return Ok((u16::from(digit - b'0') * 100, false));
        }
        _ => {}
    }
    let (mut weight, mut has_others) = (None, false);
    loop {
        let before = *cursor;
        // Semicolons with nothing behind them belong to the parameters of a media range, not to a weight.
        if reading == Reading::Strict && !others {
            let mut next = before;
            next.skip_ows();
            if next.eat(b';') {
                next.skip_ows();
                next.token()?;
            }
        }
        let Some(parameter) = cursor.parameter()? else {
            return Ok((weight.unwrap_or(FULL), has_others));
        };
        if parameter.is_named("q") && weight.is_none() {
            let value = parameter.value();
            // A weight is no quoted string by the grammar, and nobody takes it for another one.
            let read = match reading {
                Reading::Strict if parameter.is_quoted() => Err(0),
                _ => read_weight(&value, reading),
            };
            weight = Some(read.map_err(|wrong| {
                let start = cursor.offset() - parameter.value_len();
                FieldError::new(FieldErrorKind::Syntax(SyntaxErrorKind::Weight), start + wrong)
            })?);
        } else if others {
            has_others |= !parameter.is_named("q");
        } else {
            return Err(before.error(SyntaxErrorKind::ExpectedComma).into());
        }
    }
}

/// Reads a weight; an error is the offset of the first byte that does not fit. Leniently, `.5` is a half
/// and decimals behind the third do not count.
fn read_weight(text: &[u8], reading: Reading) -> Result<u16, usize> {
    match (parse_weight(text), reading, text) {
        (Ok(weight), ..) => Ok(weight),
        (Err(_), Reading::Lenient, [whole @ b'0'..=b'1', b'.', decimals @ ..]) => {
            read_decimals(*whole, decimals).ok_or(0)
        }
        (Err(_), Reading::Lenient, [b'.', decimals @ ..]) => read_decimals(b'0', decimals).ok_or(0),
        (Err(error), ..) => Err(error.offset()),
    }
}

fn read_decimals(whole: u8, decimals: &[u8]) -> Option<u16> {
    let mut text = [whole, b'.', b'0', b'0', b'0'];
    for (slot, digit) in text.iter_mut().skip(2).zip(decimals) {
        *slot = *digit;
    }
    let is_number = !decimals.is_empty() && decimals.iter().all(u8::is_ascii_digit);
    is_number.then(|| parse_weight(&text).ok()).flatten()
}

/// How well a range fits an offer; no two kinds of fit are equal, and a larger one is narrower.
pub(super) type Fit = u32;

/// What a field says of one offer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Verdict {
    /// The weight of the range that applies, in thousandths.
    pub(super) quality: u16,
    /// How well that range fits.
    pub(super) fit: Fit,
    /// Which range it is, by its place in the field.
    pub(super) place: Option<usize>,
}

impl Verdict {
    /// What is said where there is no field.
    pub(super) const ANYTHING: Self = Self { quality: FULL, fit: 0, place: None };

    /// Finds the range that applies: the one that fits best, and of those the heaviest, and of those the
    /// first.
    #[inline]
    pub(super) fn of<'a>(
        entries: &[Entry<'a>],
        fit: impl Fn(&Entry<'a>) -> Option<Fit>,
    ) -> Option<Self> {
        let mut found: Option<Self> = None;
        for (place, entry) in entries.iter().enumerate() {
            let Some(fit) = fit(entry) else {
                continue;
            };
            let quality = entry.weight;
            if found.is_none_or(|best| (fit, quality) > (best.fit, best.quality)) {
                found = Some(Self { quality, fit, place: Some(place) });
            }
        }
        found
    }
}

/// Who decides between offers that are wanted as much, and that their ranges fit as closely: who names
/// something says more than who names everything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Order {
    /// The server, by the order of its offers.
    Server,
    /// The client, by the order of its ranges.
    Client,
}

/// Chooses the offer that is wanted most, and never one that is not wanted at all.
#[inline]
pub(super) fn choose<'o>(
    field: &'static str,
    offers: &[&'o str],
    order: Order,
    judge: impl Fn(&str) -> Verdict,
) -> Result<Choice<'o>, NotAcceptable> {
    let mut best: Option<(usize, &'o str, Verdict)> = None;
    for (index, offer) in offers.iter().enumerate() {
        let verdict = judge(offer);
        if verdict.quality > 0 && best.is_none_or(|(.., best)| is_better(verdict, best, order)) {
            best = Some((index, offer, verdict));
        }
    }
    match best {
        Some((index, offer, verdict)) => Ok(Choice::new(field, index, offer, verdict.quality)),
        None => Err(NotAcceptable::new(field, offers)),
    }
}

fn is_better(verdict: Verdict, best: Verdict, order: Order) -> bool {
    // A range comes before none.
    let place = |verdict: Verdict| Reverse(verdict.place.unwrap_or(usize::MAX));
    match order {
        Order::Server => (verdict.quality, verdict.fit) > (best.quality, best.fit),
        Order::Client => {
            (verdict.quality, verdict.fit, place(verdict)) > (best.quality, best.fit, place(best))
        }
    }
}

/// Writes a weight behind its range, if it has to be written.
pub(super) fn write_weight(f: &mut fmt::Formatter<'_>, weight: u16) -> fmt::Result {
    if weight >= FULL {
        return Ok(());
    }
    let (mut decimals, mut digits) = (weight, 3);
    while digits > 1 && decimals % 10 == 0 {
        decimals /= 10;
        digits -= 1;
    }
    match weight {
        0 => f.write_str(";q=0"),
        _ => write!(f, ";q=0.{decimals:0digits$}"),
    }
}
