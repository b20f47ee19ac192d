//! The known differences between nethttp and negotiator, each with the text that decides who is right.
//!
//! Most differences are undone by rewriting the case: without the peculiarity both must agree.

use super::case::{Case, Field, Member, Parameter, Spelling};

/// A known difference.
#[derive(Clone, Copy, Debug)]
pub struct Exception {
    /// What it is called in the summary.
    pub name: &'static str,
    /// What decides.
    pub decided_by: &'static str,
    /// What the libraries do.
    pub what: &'static str,
    /// Takes the peculiarity out of a case.
    pub rewrite: fn(&mut Case),
    /// Whether the case means the same afterwards, so that this crate must not change its mind.
    pub keeps_meaning: bool,
}

/// Of ranges that fit as well and weigh as much, this crate takes the first, negotiator the last.
pub const FIRST_OF_EQUALS: usize = 0;
/// The choice in the client's order, among languages.
pub const CLIENT_ORDER: usize = 1;
/// The choice in the server's order.
pub const SERVER_ORDER: usize = 2;

/// All known differences; those that take offers away are the last.
pub const EXCEPTIONS: [Exception; 15] = [
    Exception {
        name: "first of equal ranges",
        decided_by: "-",
        what: "`gzip, br, gzip` names `gzip` before `br`: of ranges that fit as well and weigh as much \
               the first counts; negotiator takes the last",
        rewrite: |_| {},
        keeps_meaning: true,
    },
    Exception {
        name: "client's order",
        decided_by: "-",
        what: "a language that begins with a range fits more closely than one that a range begins with; \
               to negotiator it is the other way round",
        rewrite: |_| {},
        keeps_meaning: true,
    },
    Exception {
        name: "server's order",
        decided_by: "-",
        what: "`best` decides between equal weights by how closely the ranges fit, then by the order of \
               the offers; negotiator by the order of the ranges",
        rewrite: |_| {},
        keeps_meaning: true,
    },
    Exception {
        name: "empty field",
        decided_by: "RFC 9110 §12.5.1, §12.5.4",
        what: "an empty Accept or Accept-Language wants everything, as if it were not there; to \
               negotiator it refuses everything",
        rewrite: |case| case.is_absent |= case.members.is_empty() && case.field != Field::Coding,
        keeps_meaning: true,
    },
    Exception {
        name: "parameters behind the weight",
        decided_by: "RFC 9110 §12.5.1",
        what: "`a/b;q=0.5;v=1` wants `a/b;v=1`: there are no extensions any more; negotiator does not \
               read what comes after a weight",
        rewrite: |case| each_member(case, |member| member.weight_at = member.parameters.len()),
        keeps_meaning: true,
    },
    Exception {
        name: "`Q` for `q`",
        decided_by: "RFC 5234 §2.3",
        what: "`gzip;Q=0.5` weighs a half; negotiator does not see it in codings and languages",
        rewrite: |case| {
            each_member(case, |member| {
                member.weight = member.weight.take().map(|weight| weight.to_ascii_lowercase());
            });
        },
        keeps_meaning: true,
    },
    Exception {
        name: "space before a weight",
        decided_by: "RFC 9110 §12.4.2",
        what: "`en; q=0.5` weighs a half; negotiator does not see it in languages",
        rewrite: |case| each_member(case, |member| member.semicolon = ";"),
        keeps_meaning: true,
    },
    Exception {
        name: "escapes in quotes",
        decided_by: "RFC 9110 §5.6.4",
        what: "`\"\\b\"` is `b`; negotiator keeps the backslash",
        rewrite: |case| {
            each_parameter(case, |parameter| {
                if parameter.spelling == Spelling::Escaped {
                    parameter.spelling = Spelling::Quoted;
                }
            });
        },
        keeps_meaning: true,
    },
    Exception {
        name: "`*` or nothing as a value",
        decided_by: "RFC 9110 §12.5.1",
        what: "`v=*` and `v=\"\"` are values like others; to negotiator `*` is any value, and an empty one \
               is as good as none",
        rewrite: |case| {
            each_parameter(case, |parameter| match &*parameter.value {
                "*" => parameter.value = "star".to_owned(),
                "" => parameter.value = "nothing".to_owned(),
                _ => {}
            });
        },
        keeps_meaning: true,
    },
    Exception {
        name: "case of a value",
        decided_by: "RFC 9110 §8.3.1",
        what: "whether `B` is `b` is up to the parameter, and only `charset` is known; to negotiator all \
               are the same",
        rewrite: |case| {
            each_parameter(case, |parameter| {
                let is_upper = parameter.value.contains(|it: char| it.is_ascii_uppercase());
                if is_upper && !parameter.name.eq_ignore_ascii_case("charset") {
                    parameter.value = parameter.value.to_ascii_lowercase() + "-upper";
                }
            });
        },
        keeps_meaning: true,
    },
    Exception {
        name: "`x-gzip`",
        decided_by: "RFC 9110 §8.4.1",
        what: "`x-gzip` is `gzip` and `x-compress` is `compress`; negotiator does not know them",
        rewrite: |case| {
            for member in case.members.iter_mut().chain(&mut case.offers) {
                let range = member.range.to_ascii_lowercase();
                if let "x-gzip" | "x-compress" = &*range {
                    member.range = range[2..].to_owned();
                }
            }
        },
        keeps_meaning: true,
    },
    Exception {
        name: "more parameters",
        decided_by: "RFC 9110 §12.5.1",
        what: "a range with two parameters is narrower than one with one; negotiator counts none or some",
        rewrite: |case| case.offers.retain(|offer| offer.parameters.len() < 2),
        keeps_meaning: false,
    },
    Exception {
        name: "several subtags",
        decided_by: "RFC 4647 §3.3.1, §3.4",
        what: "`zh-Hant` wants `zh-Hant-TW`, and `zh-Hant-TW` falls back to `zh-Hant`; negotiator knows \
               the first subtag and the whole",
        rewrite: |case| without_tags(case, |shorter| shorter.contains('-')),
        keeps_meaning: false,
    },
    Exception {
        name: "singleton",
        decided_by: "RFC 4647 §3.4",
        what: "`x-a` does not fall back to `x`, which means nothing; to negotiator it does",
        rewrite: |case| without_tags(case, |shorter| shorter.len() == 1),
        keeps_meaning: false,
    },
    Exception {
        name: "refused dialect",
        decided_by: "RFC 4647 §3.3.1",
        what: "`en-GB;q=0, *` wants `en`, which is not British English; to negotiator it is refused",
        rewrite: without_languages_of_refused,
        keeps_meaning: false,
    },
];

fn each_member(case: &mut Case, change: impl FnMut(&mut Member)) {
    case.members.iter_mut().for_each(change);
}

fn each_parameter(case: &mut Case, change: impl FnMut(&mut Parameter)) {
    let members = case.members.iter_mut().chain(&mut case.offers);
    members.flat_map(|member| &mut member.parameters).for_each(change);
}

/// Takes away the offers of which a range is the beginning, or which are the beginning of a range, where
/// the shorter of the two is peculiar.
fn without_tags(case: &mut Case, is_peculiar: fn(&str) -> bool) {
    let begins = |tag: &str, start: &str| {
        let (tag, start) = (tag.to_ascii_lowercase(), start.to_ascii_lowercase());
        tag.strip_prefix(&*start).is_some_and(|rest| rest.starts_with('-'))
    };
    let Case { field: Field::Language, members, offers, .. } = case else {
        return;
    };
    offers.retain(|offer| {
        !members.iter().any(|member| {
            let (range, tag) = (&*member.range, &*offer.range);
            begins(tag, range) && is_peculiar(range) || begins(range, tag) && is_peculiar(tag)
        })
    });
}

/// Takes away the offers that are the beginning of a range of the weight 0.
fn without_languages_of_refused(case: &mut Case) {
    let Case { field: Field::Language, members, offers, .. } = case else {
        return;
    };
    let is_refused = |member: &&Member| {
        let weight = member.weight.as_deref();
        weight.is_some_and(|weight| !weight.contains(|char| matches!(char, '1'..='9')))
    };
    let refused: Vec<String> =
        members.iter().filter(is_refused).map(|member| member.range.to_ascii_lowercase()).collect();
    offers.retain(|offer| {
        let start = offer.range.to_ascii_lowercase() + "-";
        !refused.iter().any(|range| range.starts_with(&start))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_named_exceptions_stand_where_they_are_looked_for() {
        assert_eq!(EXCEPTIONS[FIRST_OF_EQUALS].name, "first of equal ranges");
        assert_eq!(EXCEPTIONS[CLIENT_ORDER].name, "client's order");
        assert_eq!(EXCEPTIONS[SERVER_ORDER].name, "server's order");
    }
}
