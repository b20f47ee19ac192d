//! Two connections that talk to each other through two byte buffers.
//!
//! A test lets each side speak through the connection itself, and asks what the other side then hears:
//! a list of events as texts. The bytes arrive in pieces of a given size; pieces of data that follow
//! each other are joined, so that the size must make no difference.

use nethttp::h1::{ClientConnection, ClientEvent, Config, ServerConnection, ServerEvent};
use nethttp::{HeaderMap, Method, StatusCode};

/// The sizes of pieces in which every dialogue is held.
pub(crate) const STEPS: [usize; 4] = [1, 2, 7, usize::MAX];

/// A client, a server, and what is under way between them.
#[derive(Debug)]
pub(crate) struct Pair {
    pub(crate) client: ClientConnection,
    pub(crate) server: ServerConnection,
    pub(crate) to_server: Vec<u8>,
    pub(crate) to_client: Vec<u8>,
    step: usize,
}

impl Pair {
    pub(crate) fn new(step: usize) -> Self {
        Self {
            client: ClientConnection::new(&Config::CLIENT),
            server: ServerConnection::new(&Config::SERVER),
            to_server: Vec::new(),
            to_client: Vec::new(),
            step,
        }
    }

    /// Holds a dialogue with pieces of every size.
    pub(crate) fn each(dialogue: impl Fn(&mut Self)) {
        STEPS.into_iter().for_each(|step| dialogue(&mut Self::new(step)));
    }

    /// Sends a whole request with a body of known length.
    #[track_caller]
    pub(crate) fn ask(&mut self, method: Method, target: &str, fields: &str, body: &[u8]) {
        self.ask_head(method, target, fields, Some(body.len()));
        self.client.send_data(body, &mut self.to_server).unwrap();
        self.client.finish(&HeaderMap::new(), &mut self.to_server).unwrap();
    }

    /// Sends the head of a request, whose body is chunked unless its length is known.
    #[track_caller]
    pub(crate) fn ask_head(
        &mut self,
        method: Method,
        target: &str,
        fields: &str,
        len: Option<usize>,
    ) {
        let headers = headers(&format!("Host: a\r\n{fields}"));
        let length = len.map(|len| u64::try_from(len).unwrap());
        let out = &mut self.to_server;
        self.client.send_request(method, target.as_bytes(), &headers, length, out).unwrap();
    }

    /// Sends a whole response with a body of known length.
    #[track_caller]
    pub(crate) fn answer(&mut self, status: u16, fields: &str, body: &[u8]) {
        self.answer_head(status, fields, Some(body.len()));
        self.server.send_data(body, &mut self.to_client).unwrap();
        self.server.finish(&HeaderMap::new(), &mut self.to_client).unwrap();
    }

    /// Sends the head of a response, whose body has no known length unless one is given.
    #[track_caller]
    pub(crate) fn answer_head(&mut self, status: u16, fields: &str, len: Option<usize>) {
        let status = StatusCode::from_u16(status).unwrap();
        let length = len.map(|len| u64::try_from(len).unwrap());
        let (headers, out) = (headers(fields), &mut self.to_client);
        self.server.send_response(status, None, &headers, length, None, out).unwrap();
    }

    /// What the server makes of all that is under way to it.
    pub(crate) fn server_hears(&mut self) -> Vec<String> {
        let (server, step) = (&mut self.server, self.step);
        hear(&mut self.to_server, step, |input| {
            server.receive(input).map(|(used, event)| match event {
                ServerEvent::Request(head) => {
                    let target = head.target().escape_ascii();
                    (used, Heard::Event(format!("{} {target}", head.method())))
                }
                ServerEvent::Data(data) => (used, Heard::Data(data.to_vec())),
                ServerEvent::NeedMore => (used, Heard::NeedMore),
                ServerEvent::Paused => (used, Heard::Last("Paused".to_owned())),
                event => (used, Heard::Event(format!("{event:?}"))),
            })
        })
    }

    /// What the client makes of all that is under way to it.
    pub(crate) fn client_hears(&mut self) -> Vec<String> {
        let (client, step) = (&mut self.client, self.step);
        hear(&mut self.to_client, step, |input| {
            client.receive(input).map(|(used, event)| match event {
                ClientEvent::Interim(head) | ClientEvent::Response(head) => {
                    (used, Heard::Event(head.status().as_u16().to_string()))
                }
                ClientEvent::Data(data) => (used, Heard::Data(data.to_vec())),
                ClientEvent::NeedMore => (used, Heard::NeedMore),
                ClientEvent::Switched => (used, Heard::Last("Switched".to_owned())),
                event => (used, Heard::Event(format!("{event:?}"))),
            })
        })
    }

    /// Tells the server that the client has closed its side.
    pub(crate) fn server_hears_the_end(&mut self) -> String {
        match self.server.end_of_input() {
            Ok(event) => format!("{event:?}"),
            Err(error) => error.to_string(),
        }
    }

    /// Tells the client that the server has closed its side.
    pub(crate) fn client_hears_the_end(&mut self) -> String {
        match self.client.end_of_input() {
            Ok(event) => format!("{event:?}"),
            Err(error) => error.to_string(),
        }
    }
}

/// Makes fields of lines.
#[track_caller]
pub(crate) fn headers(lines: &str) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for line in lines.split_terminator("\r\n") {
        let (name, value) = line.split_once(": ").expect("name: value");
        headers.append(name, value).unwrap();
    }
    headers
}

enum Heard {
    Event(String),
    Data(Vec<u8>),
    NeedMore,
    /// Nothing comes behind it until the listener does something.
    Last(String),
}

fn hear<E: ToString>(
    buffer: &mut Vec<u8>,
    step: usize,
    mut receive: impl FnMut(&[u8]) -> Result<(usize, Heard), E>,
) -> Vec<String> {
    let (mut texts, mut data, mut arrived) = (Vec::new(), Vec::new(), step.min(buffer.len()));
    loop {
        let (used, heard) = match receive(&buffer[..arrived]) {
            Ok(received) => received,
            Err(error) => {
                flush(&mut data, &mut texts);
                texts.push(format!("error: {}", error.to_string()));
                return texts;
            }
        };
        buffer.drain(..used);
        arrived -= used;
        match heard {
            Heard::Data(more) => data.extend_from_slice(&more),
            Heard::Event(text) => {
                flush(&mut data, &mut texts);
                texts.push(text);
            }
            Heard::NeedMore if arrived < buffer.len() => {
                arrived = arrived.saturating_add(step).min(buffer.len());
            }
            Heard::NeedMore => {
                flush(&mut data, &mut texts);
                return texts;
            }
            Heard::Last(text) => {
                flush(&mut data, &mut texts);
                texts.push(text);
                return texts;
            }
        }
    }
}

fn flush(data: &mut Vec<u8>, texts: &mut Vec<String>) {
    if !data.is_empty() {
        texts.push(format!("\"{}\"", std::mem::take(data).escape_ascii()));
    }
}
