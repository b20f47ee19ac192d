//! What both libraries make of a case, and whether that is the same.

use std::cmp::Reverse;

use negotiator::{preferred_encodings, preferred_languages, preferred_media_types};
use nethttp::HeaderMap;
use nethttp::negotiate::{Accept, AcceptEncoding, AcceptLanguage};

use super::case::{Case, Field, Member};
use super::exceptions::{CLIENT_ORDER, EXCEPTIONS, FIRST_OF_EQUALS, SERVER_ORDER};

/// What this crate makes of a case.
#[derive(Debug, PartialEq, Eq)]
struct Ours {
    /// How much each offer is wanted.
    qualities: Vec<u16>,
    /// Which member decides about each offer.
    places: Vec<Option<usize>>,
    /// The choice in the server's order.
    best: Option<usize>,
    /// The choice in the client's order.
    best_in_client_order: Option<usize>,
}

fn ours(case: &Case) -> Ours {
    let (value, offers) = (case.value(), case.offered());
    let offers: Vec<&str> = offers.iter().map(String::as_str).collect();
    let mut headers = HeaderMap::new();
    macro_rules! ours {
        ($type:ident, $name:literal) => {{
            if !case.is_absent {
                headers.append($name, &value).expect("a value");
            }
            let accept = $type::from_headers(&headers);
            assert_eq!($type::parse(value.as_bytes()), Ok(accept), "{value}");
            let deciding = |offer: &&str| {
                let deciding = accept.deciding(offer)?;
                accept.ranges().position(|range| range == deciding)
            };
            Ours {
                qualities: offers.iter().map(|offer| accept.quality(offer)).collect(),
                places: offers.iter().map(deciding).collect(),
                best: accept.best(&offers).ok().map(|choice| choice.index()),
                best_in_client_order: {
                    accept.best_in_client_order(&offers).ok().map(|choice| choice.index())
                },
            }
        }};
    }
    match case.field {
        Field::Type => ours!(Accept, "Accept"),
        Field::Coding => ours!(AcceptEncoding, "Accept-Encoding"),
        Field::Language => ours!(AcceptLanguage, "Accept-Language"),
    }
}

/// Returns the offers that negotiator finds acceptable, the most wanted first.
fn theirs(field: Field, value: Option<&str>, offers: &[String]) -> Vec<String> {
    let offers: Vec<&str> = offers.iter().map(String::as_str).collect();
    match field {
        Field::Type => preferred_media_types(value, Some(&offers)),
        Field::Coding => preferred_encodings(value, Some(&offers), None),
        Field::Language => preferred_languages(value, Some(&offers)),
    }
}

/// How closely a range that matches fits an offer: first as negotiator has it, then as this crate has it.
fn closeness(field: Field, range: &Member, offer: &Member) -> (u8, (usize, usize)) {
    let is_same = |range: &str, offer: &str| range.eq_ignore_ascii_case(offer);
    let count = range.parameters.len();
    match field {
        Field::Type if range.range == "*/*" => (u8::from(count > 0), (0, count)),
        Field::Type if range.range.ends_with("/*") => (4 + u8::from(count > 0), (1, count)),
        Field::Type => (6 + u8::from(count > 0), (2, count)),
        _ if range.range == "*" => (0, (1, 0)),
        Field::Coding => (1, (2, 0)),
        Field::Language if is_same(&range.range, &offer.range) => (4, (4, 0)),
        Field::Language if range.range.len() > offer.range.len() => (2, (2, 0)),
        Field::Language => (1, (3, 0)),
    }
}

/// Returns the known differences in a case, as few as explain everything.
///
/// # Errors
///
/// There is a difference that is not known; the text describes it.
pub fn examine(case: &Case) -> Result<Vec<usize>, String> {
    if let Ok(met) = agree(case) {
        return Ok(met);
    }
    let mut needed: Vec<usize> = (0..EXCEPTIONS.len()).collect();
    let mut met = rewritten(case, &needed)
        .and_then(|rewritten| agree(&rewritten))
        .map_err(|difference| format!("{}\nwithout what is known: {difference}", text(case)))?;
    needed.retain(|&exception| {
        let mut changed = case.clone();
        (EXCEPTIONS[exception].rewrite)(&mut changed);
        changed != *case
    });
    // Those at the end take offers away, and stay only where nothing else explains a difference.
    for exception in needed.clone().into_iter().rev() {
        let fewer: Vec<usize> = needed.iter().copied().filter(|&it| it != exception).collect();
        if let Ok(enough) = rewritten(case, &fewer).and_then(|case| agree(&case)) {
            (needed, met) = (fewer, enough);
        }
    }
    met.extend(needed);
    Ok(met)
}

/// Takes known differences out of a case.
fn rewritten(case: &Case, exceptions: &[usize]) -> Result<Case, String> {
    let mut case = case.clone();
    for exception in exceptions.iter().map(|&index| &EXCEPTIONS[index]) {
        let before = case.clone();
        (exception.rewrite)(&mut case);
        if exception.keeps_meaning && case != before && ours(&case) != ours(&before) {
            return Err(format!("{}: not the same to nethttp\n{}", exception.name, text(&before)));
        }
    }
    Ok(case)
}

/// Compares everything. What differs in which of equals is taken comes back, anything else is an error.
fn agree(case: &Case) -> Result<Vec<usize>, String> {
    let ours = ours(case);
    let (value, offers) = (case.value(), case.offered());
    let value = (!case.is_absent).then_some(&*value);
    let theirs = theirs(case.field, value, &offers);
    let error = |what: &str| format!("{what}\n{}\n{ours:?}\nnegotiator {theirs:?}", text(case));
    let mut met = Vec::new();
    let listed = |last| preferred(case, &ours, last).map(|index| offers[index].clone());
    if !listed(false).eq(theirs.iter().cloned()) {
        if !listed(true).eq(theirs.iter().cloned()) {
            return Err(error("not the same list"));
        }
        met.push(FIRST_OF_EQUALS);
    }
    for (offer, (&quality, place)) in offers.iter().zip(ours.qualities.iter().zip(&ours.places)) {
        if place.is_some() && !weighs(case, offer, quality) {
            return Err(error("not the same weight"));
        }
    }
    let of = |rank: &dyn Fn(usize) -> ((usize, usize), usize)| {
        let wanted = (0..offers.len()).filter(|&index| ours.qualities[index] > 0);
        wanted.min_by_key(|&index| (Reverse((ours.qualities[index], rank(index))), index))
    };
    let fit = |index: usize| {
        let fit = |place| closeness(case.field, &case.members[place], &case.offers[index]).1;
        ours.places[index].map_or((0, 0), fit)
    };
    let client = of(&|index| (fit(index), usize::MAX - ours.places[index].unwrap_or(usize::MAX)));
    let server = of(&|index| (fit(index), 0));
    for (chosen, expected, exception) in
        [(ours.best_in_client_order, client, CLIENT_ORDER), (ours.best, server, SERVER_ORDER)]
    {
        if chosen != expected {
            return Err(error("not the choice of its own rule"));
        }
        if chosen.map(|index| &offers[index]) != theirs.first() {
            met.push(exception);
        }
    }
    Ok(met)
}

/// Lists the acceptable offers by this crate's weights and by negotiator's rules for equal ones. `last`
/// takes the last of the ranges that decide, not the first.
fn preferred(case: &Case, ours: &Ours, last: bool) -> impl Iterator<Item = usize> {
    let rank = |index: usize| {
        let quality = ours.qualities[index];
        let Some(place) = ours.places[index] else {
            return (Reverse((quality, 1)), case.members.len(), index);
        };
        let offer = &case.offers[index];
        let fit = |place: usize| closeness(case.field, &case.members[place], offer).0;
        let is_equal = |&other: &usize| {
            let alone = |place: usize| {
                let members = vec![case.members[place].clone()];
                let alone = Case { members, offers: vec![offer.clone()], ..case.clone() };
                let alone = self::ours(&alone);
                (alone.places[0].is_some(), alone.qualities[0])
            };
            fit(other) == fit(place) && alone(other) == alone(place)
        };
        let place = match last {
            true => (place..case.members.len()).rev().find(is_equal).unwrap_or(place),
            false => place,
        };
        (Reverse((quality, fit(place))), place, index)
    };
    let mut wanted: Vec<usize> =
        (0..case.offers.len()).filter(|&index| ours.qualities[index] > 0).collect();
    wanted.sort_by_cached_key(|&index| rank(index));
    wanted.into_iter()
}

/// Whether an offer weighs as much to negotiator, to the thousandth: it comes before what weighs half a
/// thousandth less and behind what weighs half a thousandth more, to which negotiator has no objection.
fn weighs(case: &Case, offer: &str, quality: u16) -> bool {
    let probe = match case.field {
        Field::Type => "probe/probe",
        Field::Coding | Field::Language => "probe",
    };
    let offers = [offer.to_owned(), probe.to_owned()];
    let first = |thousandths: u16| {
        let value = format!("{}, {probe};q=0.{thousandths:03}5", case.value());
        theirs(case.field, Some(&value), &offers).into_iter().next()
    };
    let is_heavy = quality == 0 || first(quality - 1).is_some_and(|first| first == offer);
    is_heavy && (quality == 1000 || first(quality).is_some_and(|first| first == probe))
}

fn text(case: &Case) -> String {
    let value = if case.is_absent { "none".to_owned() } else { format!("{:?}", case.value()) };
    format!("{:?} {value}, offers {:?}", case.field, case.offered())
}

/// Takes members, parameters and offers away as long as the difference stays.
pub fn shrunk(mut case: Case) -> Case {
    loop {
        let smaller = |case: &Case| {
            let members = (0..case.members.len()).map(|index| {
                let mut smaller = case.clone();
                smaller.members.remove(index);
                smaller
            });
            let offers = (0..case.offers.len()).map(|index| {
                let mut smaller = case.clone();
                smaller.offers.remove(index);
                smaller
            });
            members.chain(offers).find(|smaller| examine(smaller).is_err())
        };
        match smaller(&case) {
            Some(smaller) => case = smaller,
            None => return case,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::random::Random;

    fn plain(range: &str, weight: Option<&str>) -> Member {
        Member {
            range: range.to_owned(),
            parameters: Vec::new(),
            weight: weight.map(|weight| format!("q={weight}")),
            weight_at: 0,
            semicolon: ";",
            comma: ",",
        }
    }

    fn languages(members: Vec<Member>, offers: &[&str]) -> Case {
        let offers = offers.iter().map(|offer| plain(offer, None)).collect();
        Case { field: Field::Language, is_absent: false, members, offers }
    }

    #[test]
    fn generated_cases_differ_in_known_ways_only() {
        let mut random = Random::new(1);
        for _ in 0..1000 {
            let case = Case::random(&mut random);
            examine(&case).expect("a known difference");
        }
    }

    #[test]
    fn a_weight_is_compared_to_the_thousandth() {
        for (text, quality) in [("0.001", 1), ("0.5", 500), ("0.999", 999), ("1", 1000)] {
            let case = languages(vec![plain("en", Some(text)), plain("*", Some("0.3"))], &["en"]);
            for claimed in quality - 1..=(quality + 1).min(1000) {
                assert_eq!(weighs(&case, "en", claimed), claimed == quality, "{text} {claimed}");
            }
        }
    }

    #[test]
    fn a_case_without_peculiarity_has_no_difference() {
        let case = languages(vec![plain("fr", Some("0.5")), plain("en", None)], &["fr", "en-GB"]);
        assert_eq!(examine(&case), Ok(Vec::new()));
    }

    #[test]
    fn the_order_among_equals_is_a_known_difference() {
        let case = languages(vec![plain("fr-CA", None), plain("en", None)], &["fr", "en-GB"]);
        assert_eq!(examine(&case), Ok(vec![CLIENT_ORDER, SERVER_ORDER]));
        let case = languages(vec![plain("fr", None), plain("en", None)], &["en", "fr"]);
        assert_eq!(examine(&case), Ok(vec![SERVER_ORDER]));
        let members = ["en", "fr", "en"].map(|range| plain(range, None)).to_vec();
        let met = examine(&languages(members, &["en", "fr"]));
        assert_eq!(met, Ok(vec![FIRST_OF_EQUALS, CLIENT_ORDER, SERVER_ORDER]));
    }
}
