//! Accept and its family: what a client wants, and what it gets.

use std::fmt::{Display, Write};

use nethttp::HeaderMap;
use nethttp::field::FieldError;
use nethttp::negotiate::{
    Accept, AcceptCharset, AcceptEncoding, AcceptLanguage, Choice, NotAcceptable,
};
use nethttp::syntax::members;

use crate::Report;
use crate::show::{Refusal, escaped};

/// What a field says, with the types of its ranges out of the way.
struct View<'o> {
    /// Why the value is not as the grammar has it.
    error: Option<FieldError>,
    /// The ranges that a recipient makes of it all the same, with their weights, the most wanted first.
    ranked: Vec<(String, u16)>,
    /// For each offer: how much it is wanted, and the range that says so.
    verdicts: Vec<(u16, Option<String>)>,
    best: Result<Choice<'o>, NotAcceptable>,
    by_client: Result<Choice<'o>, NotAcceptable>,
}

macro_rules! views {
    ($($view:ident: $type:ident, $name:literal;)*) => {$(
        /// Inspects a field of this name.
        pub(crate) fn $view(input: &[u8], offers: Option<&str>) -> Result<Report, String> {
            let mut headers = HeaderMap::new();
            headers.append($name, input).map_err(|error| format!("not a field: {error}"))?;
            let offers = members(offers.unwrap_or_default().as_bytes());
            let offers: Vec<&str> = offers.flat_map(str::from_utf8).collect();
            let field = $type::from_headers(&headers);
            let shown = |range: &dyn Display| escaped(range.to_string().as_bytes());
            let verdict = |offer: &&str| {
                (field.quality(offer), field.deciding(offer).map(|range| shown(&range)))
            };
            let view = View {
                error: $type::parse(input).err(),
                ranked: field.ranked().map(|range| (shown(&range), range.weight())).collect(),
                verdicts: offers.iter().map(verdict).collect(),
                best: field.best(&offers),
                by_client: field.best_in_client_order(&offers),
            };
            Ok(report(&view, &offers))
        }
    )*};
}

views! {
    accept: Accept, "Accept";
    accept_charset: AcceptCharset, "Accept-Charset";
    accept_encoding: AcceptEncoding, "Accept-Encoding";
    accept_language: AcceptLanguage, "Accept-Language";
}

fn report(view: &View<'_>, offers: &[&str]) -> Report {
    let mut text = String::new();
    let _ = writeln!(text, "ranges: {}", view.ranked.len());
    for (range, weight) in &view.ranked {
        let _ = writeln!(text, "  {weight:>4}  {range}");
    }
    if !offers.is_empty() {
        let _ = writeln!(text, "offers: {}", offers.len());
        for (offer, (quality, range)) in offers.iter().zip(&view.verdicts) {
            let offer = escaped(offer.as_bytes());
            let why = match (range, quality) {
                (Some(range), 0) => format!("refused by {range}"),
                (Some(range), _) => format!("wanted by {range}"),
                (None, 0) => "wanted by no range".to_owned(),
                (None, _) => "refused by no range".to_owned(),
            };
            let _ = writeln!(text, "  {quality:>4}  {offer}, {why}");
        }
        describe_choice(view, &mut text);
    }
    let refusal = view.error.map(|error| Refusal {
        text: error.to_string(),
        kind: format!("{:?}", error.kind()),
        at: error.offset(),
        offset: error.offset().to_string(),
        follows: Some("what is malformed was skipped, the rest is read".to_owned()),
    });
    (text, refusal)
}

fn describe_choice(view: &View<'_>, text: &mut String) {
    let chosen = |choice: &Result<Choice<'_>, NotAcceptable>| match choice {
        Ok(choice) => escaped(choice.offer().as_bytes()),
        Err(_) => "nothing: 406 Not Acceptable".to_owned(),
    };
    let (best, by_client) = (chosen(&view.best), chosen(&view.by_client));
    let _ = writeln!(text, "sent: {best}");
    if best != by_client {
        let _ = writeln!(text, "sent in the client's order: {by_client}");
    }
    let vary = view.best.as_ref().map_or_else(NotAcceptable::vary, Choice::vary);
    let _ = writeln!(text, "Vary: {vary}");
}
