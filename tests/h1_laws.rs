//! Laws of HTTP/1.1 on the wire, over heads and bodies that are random, or nearly good.

use nethttp::h1::{
    BodyDecoder, BodyEvent, ClientConnection, ClientEvent, Config, Framing, HeadScanner, Leniency,
    Limits, Parse, ParseError, ResponseEncoder, ServerConnection, ServerEvent, encode_request,
    parse_fields, parse_request, parse_response,
};
use nethttp::header::FieldSpan;
use nethttp::{HeaderMap, Method, StatusCode, Version};
use proptest::prelude::*;

/// Bytes that are often a head, and often nearly one.
fn head_octets(response: bool) -> impl Strategy<Value = Vec<u8>> {
    let starts: &[&str] = if response {
        &[
            "HTTP/1.1 200 OK\r\n",
            "HTTP/1.0 404\r\n",
            "HTTP/1.3 301 \r\n",
            "HTTP/1.1 200 a\x01\n",
            "HTTP/2.0 200\r\n",
        ]
    } else {
        &[
            "GET / HTTP/1.1\r\n",
            "POST /a?b HTTP/1.0\r\n",
            "\r\nM * HTTP/1.9\r\n",
            "GET  /\t HTTP/1.1 \n",
            "PRI * HTTP/2.0\r\n",
        ]
    };
    let line = prop_oneof![
        6 => "[A-Za-z-]{1,20}: ?[ -~]{0,80}\r\n".prop_map(String::into_bytes),
        2 => prop::sample::select(vec![
            "a:\r\n", "a: \t \r\n", "long-name-of-31-octets-and-more: x\r\n", "!#$_: y\r\n", "a:b\n",
            "a: b\r\n c\r\n", "a:\r\n\t\r\n", " lead: x\r\n", "a : b\r\n", "none\r\n", ": x\r\n", "a: \x01\r\n",
            "a: b\rc\r\n", "a: \0\r\n", "@: b\r\n", "\r\r\n", "\n",
        ]).prop_map(|line| line.as_bytes().to_vec()),
        4 => prop::sample::select(vec![
            "Host: a\r\n", "Transfer-Encoding: chunked\r\n", "Content-Length: 5\r\n",
            "Expect: 100-continue\r\n", "Connection: close\r\n", "Connection: keep-alive\r\n",
        ]).prop_map(|line| line.as_bytes().to_vec()),
        1 => prop::collection::vec(any::<u8>(), 0..70),
    ];
    let mutation = prop::option::weighted(0.3, (any::<prop::sample::Index>(), any::<u8>()));
    (
        prop::sample::select(starts.to_vec()),
        prop::collection::vec(line, 0..8),
        prop::sample::select(vec!["\r\n", "\r\nGET /", "", "\n", "\r"]),
        mutation,
    )
        .prop_map(|(start, lines, end, mutation)| {
            let mut head = [start.as_bytes(), &lines.concat(), end.as_bytes()].concat();
            if let Some((index, octet)) = mutation
                && !head.is_empty()
            {
                let at = index.index(head.len());
                head[at] = octet;
            }
            head
        })
}

fn config() -> impl Strategy<Value = Config> {
    let all = Leniency::CLIENT
        .request_spaces(true)
        .ctl_in_value(true)
        .raw_target_bytes(true)
        .skip_invalid_fields(true);
    let skip = Leniency::STRICT.skip_invalid_fields(true);
    let leniency = prop::sample::select(vec![Leniency::STRICT, Leniency::CLIENT, all, skip]);
    let small = Limits::DEFAULT.head(120).fields(3).target(3).empty_lines(1);
    let limits = prop_oneof![4 => Just(Limits::DEFAULT), 1 => Just(small)];
    (leniency, limits)
        .prop_map(|(leniency, limits)| Config::SERVER.leniency(leniency).limits(limits))
}

type Pairs = Vec<(Vec<u8>, Vec<u8>)>;

/// The start of the fields and the fields of a head that was accepted, with no eye to speed.
fn naive_fields(head: &[u8], has_start_line: bool, leniency: &Leniency) -> Pairs {
    let mut lines: Vec<&[u8]> = head.split_inclusive(|&octet| octet == b'\n').collect();
    if has_start_line {
        while matches!(lines[0], b"\n" | b"\r\n") {
            lines.remove(0);
        }
        lines.remove(0);
    }
    let mut fields: Vec<Vec<u8>> = Vec::new();
    for line in lines {
        match line.first() {
            Some(b'\r' | b'\n') => break,
            Some(b' ' | b'\t') => fields.last_mut().unwrap().extend_from_slice(line),
            _ => fields.push(line.to_vec()),
        }
    }
    fields.iter().filter_map(|line| naive_field(line, leniency)).collect()
}

fn naive_field(line: &[u8], leniency: &Leniency) -> Option<(Vec<u8>, Vec<u8>)> {
    let colon = line.iter().position(|&octet| octet == b':')?;
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    let token = |octet: &u8| octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(octet);
    let control = |octet: &u8| octet.is_ascii_control() && !b"\t\r\n".contains(octet);
    if name.is_empty()
        || !name.iter().all(token)
        || value.iter().any(control) && !leniency.ctl_in_value
    {
        return None;
    }
    let space = |octet: &u8| b" \t\r\n".contains(octet);
    let start = value.iter().position(|octet| !space(octet)).unwrap_or(value.len());
    let end = value.iter().rposition(|octet| !space(octet)).map_or(start, |at| at + 1);
    Some((name.to_vec(), value[start..end].to_vec()))
}

/// What the scanner makes of bytes that come in two pieces.
fn scan(mut scanner: HeadScanner, octets: &[u8], cut: usize) -> Result<Option<usize>, ParseError> {
    match scanner.push(&octets[..cut])? {
        None => scanner.push(octets),
        some => Ok(some),
    }
}

/// What a parser makes of them: the length of the head and its fields.
fn parsed(
    octets: &[u8],
    response: bool,
    config: &Config,
) -> Result<Option<(usize, Pairs)>, ParseError> {
    let mut slots = [FieldSpan::EMPTY; 200];
    let (len, fields) = if response {
        match parse_response(octets, &mut slots, config)? {
            Parse::Complete(head) => (head.len(), head.fields()),
            Parse::Partial => return Ok(None),
        }
    } else {
        match parse_request(octets, &mut slots, config)? {
            Parse::Complete(head) => (head.len(), head.fields()),
            Parse::Partial => return Ok(None),
        }
    };
    let pairs = fields.iter().map(|field| (field.name().to_vec(), field.value().to_vec()));
    Ok(Some((len, pairs.collect())))
}

fn check_head(
    octets: &[u8],
    response: bool,
    config: &Config,
    cut: usize,
) -> Result<(), TestCaseError> {
    let scanner =
        if response { HeadScanner::response(config) } else { HeadScanner::request(config) };
    let scanned = scan(scanner, octets, cut);
    let parsed = parsed(octets, response, config);
    let lens = parsed.as_ref().map(|head| head.as_ref().map(|(len, _)| *len));
    prop_assert_eq!(lens, scanned.as_ref().copied());
    if let Ok(Some((len, fields))) = parsed {
        prop_assert_eq!(fields, naive_fields(&octets[..len], true, &config.leniency));
    }
    Ok(())
}

/// Bytes that are often a chunked body, and often nearly one.
fn chunked_octets() -> impl Strategy<Value = Vec<u8>> {
    let piece = prop::sample::select(vec![
        "5\r\nhello\r\n",
        "1\r\nx\r\n",
        "00a;b=c\r\n0123456789\r\n",
        "2 ; a = \"b\\\"\"\r\n\r\n\r\n",
        "3 \r\nabc\r\n",
        "0\r\n",
        "A: b\r\n",
        "Host: c\r\n",
        "A: d\r\n e\r\n",
        "\r\n",
        "\n",
        "f",
        ";",
        "x",
        "10000000000000000",
    ]);
    (prop::collection::vec(piece, 0..10), prop::collection::vec(any::<u8>(), 0..3))
        .prop_map(|(pieces, rest)| [pieces.concat().as_bytes(), b"0\r\n\r\n", &rest].concat())
}

/// What a decoder makes of a body in pieces: data, trailers, where it ended, or why it did not.
type Decoded = (Vec<u8>, HeaderMap, Result<Option<usize>, ParseError>);

fn decode<'a>(
    framing: Framing,
    config: &Config,
    pieces: impl IntoIterator<Item = &'a [u8]>,
) -> Decoded {
    let mut decoder = BodyDecoder::new(framing, config);
    let (mut data, mut taken) = (Vec::new(), 0);
    for piece in pieces {
        let mut rest = piece;
        loop {
            let (used, event) = match decoder.decode(rest) {
                Ok(decoded) => decoded,
                Err(error) => return (data, HeaderMap::new(), Err(error)),
            };
            (taken, rest) = (taken + used, &rest[used..]);
            match event {
                BodyEvent::Data(some) => data.extend_from_slice(some),
                BodyEvent::NeedMore => break,
                BodyEvent::End => return (data, decoder.trailers().clone(), Ok(Some(taken))),
            }
        }
    }
    (data, HeaderMap::new(), Ok(None))
}

/// Cuts bytes at random points.
fn pieces<'a>(octets: &'a [u8], cuts: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut points: Vec<usize> = cuts.iter().map(|cut| cut.index(octets.len() + 1)).collect();
    points.extend([0, octets.len()]);
    points.sort_unstable();
    points.windows(2).map(|pair| &octets[pair[0]..pair[1]]).collect()
}

fn cuts() -> impl Strategy<Value = Vec<prop::sample::Index>> {
    prop::collection::vec(any::<prop::sample::Index>(), 0..12)
}

/// Good fields: names that are tokens, values without space around them.
fn fields() -> impl Strategy<Value = Vec<(String, Vec<u8>)>> {
    let octet = prop_oneof![8 => 0x21..=0x7eu8, 1 => 0x80..=0xffu8, 2 => prop::sample::select(vec![b' ', b'\t'])];
    let value = prop::collection::vec(octet, 0..80).prop_map(|value| value.trim_ascii().to_vec());
    prop::collection::vec(("[!#$%&'*+.^_`|~0-9A-Za-z-]{1,40}", value), 0..20).prop_map(
        |mut fields| {
            let framing = ["content-length", "transfer-encoding", "connection", "upgrade"];
            fields.retain(|(name, _)| !framing.contains(&name.to_ascii_lowercase().as_str()));
            fields
        },
    )
}

fn map(fields: &[(String, Vec<u8>)]) -> HeaderMap {
    let mut headers = HeaderMap::new();
    fields.iter().for_each(|(name, value)| headers.append(name, value.as_slice()).unwrap());
    headers
}

fn bytes(fields: &[(String, Vec<u8>)]) -> Pairs {
    fields.iter().map(|(name, value)| (name.clone().into_bytes(), value.clone())).collect()
}

/// All that a server hears when every request is answered; data is joined.
fn served(pieces: &[&[u8]]) -> Vec<String> {
    let mut server = ServerConnection::new(&Config::SERVER);
    let (mut heard, mut data, mut buffer) = (Vec::new(), Vec::new(), Vec::new());
    let mut pieces = pieces.iter();
    loop {
        let (used, event) = match server.receive(&buffer) {
            Ok(received) => received,
            Err(error) => {
                heard.push(format!("{} {error}", data.escape_ascii()));
                return heard;
            }
        };
        match event {
            ServerEvent::Data(some) => data.extend_from_slice(some),
            ServerEvent::Request(head) => heard.push(format!("{head:?}")),
            ServerEvent::NeedMore => match pieces.next() {
                Some(piece) => buffer.extend_from_slice(piece),
                None => {
                    heard.push(format!("{} {:?}", data.escape_ascii(), server.end_of_input()));
                    return heard;
                }
            },
            _ => {
                heard.push(std::mem::take(&mut data).escape_ascii().to_string());
                let (none, out) = (HeaderMap::new(), &mut Vec::new());
                let status = StatusCode::BAD_REQUEST;
                server.send_response(status, None, &none, Some(0), None, out).unwrap();
                server.finish(&none, out).unwrap();
                if !matches!(server.next(), nethttp::h1::ServerNext::Request) {
                    return heard;
                }
            }
        }
        buffer.drain(..used);
    }
}

/// All that a client hears behind one request; data is joined.
fn heard(pieces: &[&[u8]]) -> Vec<String> {
    let mut client = ClientConnection::new(&Config::CLIENT);
    let (mut heard, mut data, mut buffer) = (Vec::new(), Vec::new(), Vec::new());
    let host = map(&[("Host".to_owned(), b"a".to_vec())]);
    client.send_request(Method::GET, b"/", &host, Some(0), &mut Vec::new()).unwrap();
    client.finish(&HeaderMap::new(), &mut Vec::new()).unwrap();
    let mut pieces = pieces.iter();
    loop {
        let (used, event) = match client.receive(&buffer) {
            Ok(received) => received,
            Err(error) => {
                heard.push(format!("{} {error}", data.escape_ascii()));
                return heard;
            }
        };
        match event {
            ClientEvent::Data(some) => data.extend_from_slice(some),
            ClientEvent::NeedMore => match pieces.next() {
                Some(piece) => buffer.extend_from_slice(piece),
                None => {
                    heard.push(format!("{} {:?}", data.escape_ascii(), client.end_of_input()));
                    return heard;
                }
            },
            ClientEvent::End => {
                heard.push(std::mem::take(&mut data).escape_ascii().to_string());
                return heard;
            }
            event => heard.push(format!("{event:?}")),
        }
        buffer.drain(..used);
    }
}

proptest! {
    #[test]
    fn fast_exact_and_naive_agree_on_requests(
        octets in head_octets(false), config in config(), cut in any::<prop::sample::Index>()
    ) {
        check_head(&octets, false, &config, cut.index(octets.len() + 1))?;
    }

    #[test]
    fn fast_exact_and_naive_agree_on_responses(
        octets in head_octets(true), config in config(), cut in any::<prop::sample::Index>()
    ) {
        check_head(&octets, true, &config, cut.index(octets.len() + 1))?;
    }

    #[test]
    fn exact_and_naive_agree_on_fields(octets in head_octets(true), config in config()) {
        let octets = &octets[octets.iter().position(|&octet| octet == b'\n').map_or(0, |at| at + 1)..];
        let mut slots = [FieldSpan::EMPTY; 200];
        let scanned = HeadScanner::fields(&config).push(octets);
        match parse_fields(octets, &mut slots, &config) {
            Ok(Parse::Complete(fields)) => {
                let len = scanned.unwrap().unwrap();
                let pairs = fields.iter().map(|f| (f.name().to_vec(), f.value().to_vec()));
                let naive = naive_fields(&octets[..len], false, &config.leniency);
                prop_assert_eq!(pairs.collect::<Pairs>(), naive);
            }
            Ok(Parse::Partial) => prop_assert_eq!(scanned, Ok(None)),
            Err(error) => prop_assert_eq!(scanned, Err(error)),
        }
    }

    #[test]
    fn arbitrary_octets_are_judged_alike(
        octets in prop::collection::vec(any::<u8>(), 0..200), response in any::<bool>(),
        config in config(), cut in any::<prop::sample::Index>()
    ) {
        check_head(&octets, response, &config, cut.index(octets.len() + 1))?;
        for framing in [Framing::Chunked, Framing::Length(9), Framing::UntilClose] {
            let _ = decode(framing, &config, [octets.as_slice()]);
        }
    }

    #[test]
    fn no_cut_changes_a_chunked_body(octets in chunked_octets(), config in config(), cuts in cuts()) {
        let whole = decode(Framing::Chunked, &config, [octets.as_slice()]);
        prop_assert_eq!(&decode(Framing::Chunked, &config, octets.chunks(1)), &whole);
        prop_assert_eq!(&decode(Framing::Chunked, &config, pieces(&octets, &cuts)), &whole);
        prop_assert!(whole.0.len() <= octets.len());
    }

    #[test]
    fn encoded_bodies_decode_to_themselves(
        data in prop::collection::vec(prop::collection::vec(any::<u8>(), 0..60), 0..8),
        known in any::<bool>(), trailers in fields(), cuts in cuts()
    ) {
        let length = known.then(|| u64::try_from(data.concat().len()).unwrap());
        let host = map(&[("Host".to_owned(), b"a".to_vec())]);
        let mut body = encode_request(Method::POST, b"/", &host, length, &mut Vec::new()).unwrap();
        let mut wire = Vec::new();
        data.iter().for_each(|piece| body.data(piece, &mut wire).unwrap());
        // Random names may be such as trailers must not have.
        let sent = if body.finish(&map(&trailers), &mut wire).is_ok() { map(&trailers) } else {
            body.finish(&HeaderMap::new(), &mut wire).unwrap();
            HeaderMap::new()
        };
        let framing = length.map_or(Framing::Chunked, Framing::Length);
        let config = Config::SERVER.limits(Limits::DEFAULT.chunk_overhead(0));
        let (found, trailers, end) = decode(framing, &config, pieces(&wire, &cuts).into_iter().chain([&b""[..]]));
        prop_assert_eq!(found, data.concat());
        prop_assert_eq!(end, Ok(Some(wire.len())));
        prop_assert_eq!(trailers, if known { HeaderMap::new() } else { sent });
    }

    #[test]
    fn encoded_requests_parse_back(
        method in "[!#$%&'*+.^_`|~0-9A-Za-z-]{1,32}", target in "/[!\"$&-~]{0,80}",
        mut list in fields(), cut in any::<prop::sample::Index>()
    ) {
        list.push(("Host".to_owned(), b"a".to_vec()));
        let (method, mut out) = (Method::parse(method.as_bytes()).unwrap(), Vec::new());
        encode_request(method, target.as_bytes(), &map(&list), Some(7), &mut out).unwrap();
        let mut slots = [FieldSpan::EMPTY; 40];
        let parsed = parse_request(&out, &mut slots, &Config::SERVER);
        let Ok(Parse::Complete(head)) = parsed else {
            return Err(TestCaseError::fail(format!("{parsed:?}")));
        };
        prop_assert_eq!((head.len(), head.method(), head.version()), (out.len(), method, Version::HTTP_11));
        prop_assert_eq!(head.target(), target.as_bytes());
        list.push(("Content-Length".to_owned(), b"7".to_vec()));
        let found: Pairs = head.fields().iter().map(|f| (f.name().to_vec(), f.value().to_vec())).collect();
        prop_assert_eq!(found, bytes(&list));
        let cut = cut.index(out.len() + 1);
        prop_assert_eq!(scan(HeadScanner::request(&Config::SERVER), &out, cut), Ok(Some(out.len())));
    }

    #[test]
    fn encoded_responses_parse_back(
        status in 200..=999u16, reason in "[\t -~]{0,40}", mut list in fields()
    ) {
        prop_assume!(![204, 205, 304].contains(&status));
        let (status, mut out) = (StatusCode::from_u16(status).unwrap(), Vec::new());
        let encoder = ResponseEncoder::new(Method::GET, Version::HTTP_11);
        encoder.encode(status, Some(reason.as_bytes()), &map(&list), Some(7), &mut out).unwrap();
        let mut slots = [FieldSpan::EMPTY; 40];
        let parsed = parse_response(&out, &mut slots, &Config::CLIENT);
        let Ok(Parse::Complete(head)) = parsed else {
            return Err(TestCaseError::fail(format!("{parsed:?}")));
        };
        prop_assert_eq!((head.len(), head.status(), head.reason()), (out.len(), status, reason.as_bytes()));
        list.push(("Content-Length".to_owned(), b"7".to_vec()));
        let found: Pairs = head.fields().iter().map(|f| (f.name().to_vec(), f.value().to_vec())).collect();
        prop_assert_eq!(found, bytes(&list));
    }

}

proptest! {
    // A case is a whole dialogue, five times.
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_cut_changes_what_a_connection_hears(
        heads in prop::collection::vec((head_octets(false), chunked_octets()), 1..4), cuts in cuts()
    ) {
        // Every other request has the Host that it needs.
        let mut octets = Vec::new();
        for (index, (mut head, body)) in heads.into_iter().enumerate() {
            if let (Some(at), 0) = (head.windows(2).position(|end| end == b"\r\n"), index % 2) {
                head.splice(at..at, *b"\r\nHost: a");
            }
            octets.extend([head, body].concat());
        }
        let chunks: Vec<&[u8]> = octets.chunks(1).collect();
        prop_assert_eq!(served(&chunks), served(&[&octets]));
        prop_assert_eq!(served(&pieces(&octets, &cuts)), served(&[&octets]));
        let response = [b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n", octets.as_slice()].concat();
        prop_assert_eq!(heard(&pieces(&response, &cuts)), heard(&[&response]));
    }
}
