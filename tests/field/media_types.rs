//! Laws of media types: what is written is read back, and a transcript of the standard agrees.

use nethttp::field::MediaType;
use nethttp::header::{self, HeaderMap};
use proptest::prelude::*;

/// Bytes that often are a media type, or nearly one.
fn nearly() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop_oneof![
        8 => prop::sample::select(vec![
            "text", "html", "/", ";", "=", "\"", "\\", " ", "\t", "charset", "Charset", "utf-8", "+xml",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        4 => prop::sample::select(vec![
            "; charset=utf-8", ";a=b", " ;; A=\"b c\"", "; d=\"\\\"\\e\"", ";f = g", ";h=i j", ";k=\"l\"m",
            "; n=\"o", ";p=", ";q=\u{e9}", ";r=\"\u{e9}\"",
        ]).prop_map(|text| text.as_bytes().to_vec()),
        1 => any::<u8>().prop_map(|octet| vec![octet]),
    ];
    let start = prop::sample::select(vec!["", "a/b", "text/html", "Image/SVG+xml", " x/y"]);
    (start, prop::collection::vec(piece, 0..8))
        .prop_map(|(start, pieces)| [start.as_bytes(), &pieces.concat()].concat())
}

/// A name, and a text that can be its value.
fn parameter() -> impl Strategy<Value = (String, String)> {
    ("[a-z]{1,2}|charset", "[a-zA-Z]{0,3}|[ -~\t\u{80}-\u{ff}]{0,5}")
}

fn is_token(text: &str) -> bool {
    let other = |c| matches!(c, '!' | '#'..='\'' | '*' | '+' | '-' | '.' | '^'..='`' | '|' | '~');
    !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || other(c))
}

fn is_text(text: &str) -> bool {
    !text.chars().any(|c| (c < ' ' && c != '\t') || c == '\x7f')
}

/// "Parse a MIME type", line by line as the MIME Sniffing standard has it, over texts.
fn standard(input: &str) -> Option<(String, Vec<(String, String)>)> {
    let whitespace = ['\n', '\r', '\t', ' '];
    let input: Vec<char> = input.trim_matches(whitespace).chars().collect();
    let mut position = 0;
    let collect = |position: &mut usize, stop: &[char]| {
        let start = *position;
        while input.get(*position).is_some_and(|c| !stop.contains(c)) {
            *position += 1;
        }
        input[start..*position].iter().collect::<String>()
    };
    let kind = collect(&mut position, &['/']);
    if !is_token(&kind) || position >= input.len() {
        return None;
    }
    position += 1;
    let subtype = collect(&mut position, &[';']);
    let subtype = subtype.trim_end_matches(whitespace);
    if !is_token(subtype) {
        return None;
    }
    let mut parameters: Vec<(String, String)> = Vec::new();
    while position < input.len() {
        position += 1;
        while input.get(position).is_some_and(|c| whitespace.contains(c)) {
            position += 1;
        }
        let name = collect(&mut position, &[';', '=']).to_ascii_lowercase();
        match input.get(position) {
            None => break,
            Some(';') => continue,
            Some(_) => position += 1,
        }
        let mut value = String::new();
        if input.get(position) == Some(&'"') {
            position += 1;
            loop {
                value += &collect(&mut position, &['"', '\\']);
                let Some(stop) = input.get(position) else { break };
                position += 1;
                if *stop == '"' {
                    break;
                }
                value.push(input.get(position).copied().unwrap_or('\\'));
                position = input.len().min(position + 1);
            }
            collect(&mut position, &[';']);
        } else {
            value = collect(&mut position, &[';']).trim_end_matches(whitespace).to_owned();
            if value.is_empty() {
                continue;
            }
        }
        if is_token(&name) && is_text(&value) && !parameters.iter().any(|known| known.0 == name) {
            parameters.push((name, value));
        }
    }
    Some((format!("{kind}/{subtype}").to_ascii_lowercase(), parameters))
}

proptest! {
    #[test]
    fn what_is_written_is_read_back(value in nearly()) {
        if let Ok(media_type) = MediaType::parse(&value) {
            let text = media_type.to_string();
            prop_assert!(value.starts_with(text.as_bytes()), "it stays as it was written");
            let again: MediaType = text.parse()?;
            prop_assert_eq!(again.as_str(), media_type.as_str());
            prop_assert_eq!(again, media_type);
        }
    }

    #[test]
    fn browsers_agree_where_the_grammar_allows(value in nearly()) {
        let lenient = MediaType::parse_lenient(&value);
        if let Ok(strict) = MediaType::parse(&value) {
            prop_assert_eq!(lenient.as_ref().map(MediaType::as_str), Ok(strict.as_str()));
        }
        if let Ok(lenient) = lenient {
            let strict = MediaType::parse(lenient.as_str().as_bytes())?;
            prop_assert_eq!(&strict, &lenient, "what is made of it is well-formed");
        }
    }

    #[test]
    fn the_standard_agrees(value in nearly()) {
        let Ok(text) = str::from_utf8(&value) else { return Ok(()) };
        let found = MediaType::parse_lenient(&value).ok().map(|media_type| {
            let mut parameters: Vec<(String, String)> = Vec::new();
            for (name, value) in media_type.parameters() {
                let name = name.to_ascii_lowercase();
                if !parameters.iter().any(|known| known.0 == name) {
                    parameters.push((name, value.into_owned()));
                }
            }
            (media_type.essence().to_ascii_lowercase(), parameters)
        });
        prop_assert_eq!(found, standard(text), "{:?}", text);
    }

    #[test]
    fn no_bytes_make_it_panic(value in prop_oneof![
        nearly(),
        prop::collection::vec(any::<u8>(), 0..40),
    ]) {
        for result in [MediaType::parse(&value), MediaType::parse_lenient(&value)] {
            match result {
                Err(error) => prop_assert!(error.offset() <= value.len()),
                Ok(media_type) => {
                    prop_assert!(!media_type.type_().is_empty() && !media_type.subtype().is_empty());
                    let mut headers = HeaderMap::new();
                    headers.append(header::CONTENT_TYPE, &media_type)?;
                    // A comma in a token would make two values of it.
                    prop_assert_eq!(MediaType::from_headers(&headers), Ok(Some(media_type)));
                }
            }
        }
    }

    #[test]
    fn a_parameter_that_is_put_in_is_there(
        value in nearly(),
        (name, text) in parameter(),
        (other, more) in parameter(),
    ) {
        let Ok(start) = MediaType::parse_lenient(&value) else { return Ok(()) };
        let media_type = start.with_parameter(&name, &text)?.with_parameter(&other, &more)?;
        let expected = if name == other { &more } else { &text };
        let [first, second] = [&name, &other].map(|name| media_type.parameter(name));
        prop_assert_eq!(first.as_deref(), Some(&**expected));
        prop_assert_eq!(second.as_deref(), Some(&*more));
        drop((first, second));
        for (kept, value) in start.parameters().filter(|known| !known.0.eq_ignore_ascii_case(&name)) {
            if !kept.eq_ignore_ascii_case(&other) {
                prop_assert!(media_type.parameters().any(|known| known == (kept, value.clone())));
            }
        }
        prop_assert_eq!(media_type.to_string().parse(), Ok(media_type));
    }

    #[test]
    fn order_and_quotes_mean_nothing(
        parameters in prop::collection::btree_map("[a-z]{1,2}", "[a-z]{1,3}", 1..5),
        upper in any::<bool>(),
    ) {
        let mut forwards = "a/b".to_owned();
        let mut backwards = if upper { "A/B" } else { "a/B" }.to_owned();
        for (name, value) in &parameters {
            forwards += &format!(";{name}={value}");
        }
        for (name, value) in parameters.iter().rev() {
            backwards += &format!(" ; {}=\"\\{value}\"", name.to_uppercase());
        }
        let [forwards, backwards]: [MediaType; 2] = [forwards.parse()?, backwards.parse()?];
        prop_assert_eq!(&forwards, &backwards);
        for (name, value) in &parameters {
            let changed = backwards.with_parameter(name, &format!("{value}.")).unwrap();
            prop_assert_ne!(&forwards, &changed);
        }
        prop_assert_ne!(&forwards, &forwards.clone().without_parameters());
    }
}
