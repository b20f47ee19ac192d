//! Requests and responses.

use std::fmt::Write;

use nethttp::h1::{
    BodyDecoder, BodyEvent, Config, Fields, Framing, HeadScanner, MessageFraming, Parse,
    ParseError, ParseErrorKind, check_request, parse_request, parse_response, response_framing,
};
use nethttp::header::FieldSpan;
use nethttp::uri::{RequestTarget, TargetForm};
use nethttp::{HeaderMap, Method};

use crate::Report;
use crate::show::{Refusal, escaped};

/// Which part of a message an error counts its offset from.
#[derive(Clone, Copy)]
enum Part {
    Head,
    Body { start: usize },
}

fn refusal(error: &ParseError, part: Part, by_server: bool) -> Refusal {
    let offset = usize::try_from(error.offset()).unwrap_or(usize::MAX);
    let status = error.status();
    let reason = status.canonical_reason().unwrap_or_default();
    Refusal {
        text: error.to_string(),
        kind: format!("{:?}", error.kind()),
        at: match part {
            Part::Head => offset,
            Part::Body { start } => start.saturating_add(offset),
        },
        offset: match part {
            Part::Head => offset.to_string(),
            Part::Body { .. } => format!("{offset}, counted from the start of the body"),
        },
        follows: by_server.then(|| format!("status: {} {reason}", status.as_u16())),
    }
}

/// A head that does not end is not an error for the parser, which waits for more; here no more comes.
fn truncated(input: &[u8], by_server: bool) -> Refusal {
    Refusal {
        text: "expected more of the head, found the end of the input".to_owned(),
        kind: format!("{:?}", ParseErrorKind::Truncated),
        at: input.len(),
        offset: input.len().to_string(),
        follows: by_server.then(|| "status: 400 Bad Request".to_owned()),
    }
}

/// Inspects a request with the strictness of a server.
pub(crate) fn request(input: &[u8]) -> Report {
    let mut text = String::new();
    let outcome = inspect_request(input, &mut text);
    (text, outcome.err())
}

fn inspect_request(input: &[u8], text: &mut String) -> Result<(), Refusal> {
    let config = Config::SERVER;
    let mut slots = vec![FieldSpan::EMPTY; config.limits.fields];
    let head = match parse_request(input, &mut slots, &config) {
        Ok(Parse::Complete(head)) => head,
        Ok(Parse::Partial) => return Err(truncated(input, true)),
        Err(error) => return Err(refusal(&error, Part::Head, true)),
    };
    let _ = writeln!(text, "method: {}", head.method());
    let _ = writeln!(text, "target: {}", escaped(head.target()));
    if let Ok(target) = RequestTarget::parse(head.method(), head.target()) {
        describe_target(&target, text);
    }
    let _ = writeln!(text, "version: {}", head.version());
    describe_fields(&head.fields(), text);
    let checked = match check_request(&head, &config) {
        Ok(checked) => checked,
        Err(error) => return Err(refusal(&error, Part::Head, true)),
    };
    describe_framing(&checked.framing(), text);
    let _ = writeln!(text, "expects 100-continue: {}", yes(checked.expects_continue()));
    inspect_body(input, head.len(), checked.framing().framing(), &config, text)
        .map_err(|error| refusal(&error, Part::Body { start: head.len() }, true))
}

fn describe_target(target: &RequestTarget, text: &mut String) {
    let form = match target.form() {
        TargetForm::Origin => "origin",
        TargetForm::Absolute => "absolute",
        TargetForm::Authority => "authority",
        TargetForm::Asterisk => "asterisk",
        _ => "another",
    };
    let _ = writeln!(text, "form: {form}");
    if let Some(authority) = target.authority() {
        let _ = writeln!(text, "authority: {}", authority.as_str());
    }
    let _ = writeln!(text, "path: {}", target.path());
    if let Some(query) = target.query() {
        let _ = writeln!(text, "query: {query}");
    }
}

/// Inspects a response with the tolerance of a client.
pub(crate) fn response(input: &[u8], method: Method) -> Report {
    let mut text = String::new();
    let outcome = inspect_response(input, method, &mut text);
    (text, outcome.err())
}

fn inspect_response(input: &[u8], method: Method, text: &mut String) -> Result<(), Refusal> {
    let config = Config::CLIENT;
    let mut slots = vec![FieldSpan::EMPTY; config.limits.fields];
    let head = match parse_response(input, &mut slots, &config) {
        Ok(Parse::Complete(head)) => head,
        Ok(Parse::Partial) => return Err(truncated(input, false)),
        Err(error) => return Err(refusal(&error, Part::Head, false)),
    };
    let _ = writeln!(text, "version: {}", head.version());
    let _ = writeln!(text, "status: {}", head.status().as_u16());
    let _ = writeln!(text, "reason: {}", escaped(head.reason()));
    describe_fields(&head.fields(), text);
    let framing = match response_framing(method, &head, &config) {
        Ok(framing) => framing,
        Err(error) => return Err(refusal(&error, Part::Head, false)),
    };
    describe_framing(&framing, text);
    inspect_body(input, head.len(), framing.framing(), &config, text)
        .map_err(|error| refusal(&error, Part::Body { start: head.len() }, false))
}

fn describe_fields(fields: &Fields<'_, '_>, text: &mut String) {
    let _ = writeln!(text, "fields: {}", fields.len());
    for field in fields.iter() {
        let _ = writeln!(text, "  {}: {}", escaped(field.name()), escaped(field.value()));
    }
}

fn describe_framing(framing: &MessageFraming, text: &mut String) {
    let kind = match framing.framing() {
        Framing::None => "no body".to_owned(),
        Framing::Length(1) => "1 byte".to_owned(),
        Framing::Length(length) => format!("{length} bytes"),
        Framing::Chunked => "chunked".to_owned(),
        Framing::UntilClose => "until the connection closes".to_owned(),
        Framing::Tunnel => "another protocol follows".to_owned(),
        other => format!("{other:?}"),
    };
    let _ = writeln!(text, "framing: {kind}");
    let _ = writeln!(text, "keep-alive: {}", yes(framing.keep_alive()));
    if framing.has_upgrade() {
        let _ = writeln!(text, "upgrade: yes");
    }
}

/// Takes the body off the input, and says what lies behind it.
fn inspect_body(
    input: &[u8],
    start: usize,
    framing: Framing,
    config: &Config,
    text: &mut String,
) -> Result<(), ParseError> {
    let mut decoder = BodyDecoder::new(framing, config);
    let mut rest = input.get(start..).unwrap_or_default();
    let mut pieces = Vec::new();
    let outcome = loop {
        match decoder.decode(rest) {
            Ok((used, event)) => {
                rest = rest.get(used..).unwrap_or_default();
                match event {
                    BodyEvent::Data(data) => pieces.push(data),
                    BodyEvent::End => break Ok(()),
                    // The input is the whole connection: its end is the end of the stream.
                    BodyEvent::NeedMore => break decoder.end_of_input(),
                }
            }
            Err(error) => break Err(error),
        }
    };
    let len: usize = pieces.iter().map(|piece| piece.len()).sum();
    if framing != Framing::None && framing != Framing::Tunnel {
        let _ = writeln!(text, "body: {len} {}", if len == 1 { "byte" } else { "bytes" });
    }
    for piece in pieces {
        // One line for each line of the body, so that a page can be read.
        for line in piece.split_inclusive(|&byte| byte == b'\n') {
            let _ = writeln!(text, "  {}", escaped(line));
        }
    }
    outcome?;
    describe_trailers(decoder.trailers(), text);
    if !rest.is_empty() {
        let next = HeadScanner::request(config).push(rest);
        let what = if matches!(next, Ok(Some(_))) { ", which begin like a request" } else { "" };
        let _ = writeln!(text, "behind it: {} bytes{what}", rest.len());
    }
    Ok(())
}

fn describe_trailers(trailers: &HeaderMap, text: &mut String) {
    if trailers.is_empty() {
        return;
    }
    let _ = writeln!(text, "trailers: {}", trailers.len());
    for (name, value) in trailers {
        let _ = writeln!(text, "  {name}: {}", escaped(value));
    }
}

const fn yes(is_so: bool) -> &'static str {
    if is_so { "yes" } else { "no" }
}
