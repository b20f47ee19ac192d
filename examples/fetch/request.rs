//! From the options to a request.

use std::io;
use std::path::Path;
use std::sync::Arc;

use nethttp::client::{Netrc, RequestBuilder};
use nethttp::syntax::Class;
use nethttp::uri::{PctStr, encode};
use nethttp::{Body, Client, Method, Uri, Version};

use crate::failure::{Failure, Status};
use crate::form::form;
use crate::journal::Journal;
use crate::options::Options;
use crate::text::from_utf8;

/// A body that is longer is sent when the server has said that it wants it.
const ASKS_FIRST: u64 = 1 << 20;

/// Returns the URL that a text on the command line means, with what the options add to it.
pub(crate) fn url(options: &Options, index: usize, text: &str) -> Result<Uri, Failure> {
    // It is not repeated: it may have a password in it.
    let malformed = |error: nethttp::uri::UriError| {
        Failure::new(Status::UrlMalformat, format!("the URL is malformed: {error}"))
    };
    let (mut url, _) = Uri::fix_up(whole(options, text)).map_err(malformed)?;
    if url.scheme() != "http" {
        let text = format!("expected the scheme http, found {}", url.scheme());
        return Err(Failure::new(Status::UnsupportedProtocol, text));
    }
    if let Some(path) = options.upload(index).filter(|path| !is_stdin(path))
        && matches!(url.path().rsplit_once('/'), None | Some((_, "")))
        && let Some(name) = path.file_name()
    {
        let name = encode(name.as_encoded_bytes(), Class::PCHAR).to_string();
        let start = if url.path().is_empty() { "/" } else { url.path() };
        url = url.with_path(format!("{start}{name}")).map_err(malformed)?;
    }
    Ok(url)
}

/// Adds a scheme where there is none, and what `-G` and `--url-query` say.
fn whole(options: &Options, text: &str) -> String {
    let before = text.split_once("://").map(|(before, _)| before);
    let has_scheme = before.is_some_and(|before| !before.contains(['/', '?', '#']));
    let scheme = if has_scheme { "" } else { "http://" };
    let (text, fragment) = match text.find('#') {
        Some(at) => text.split_at(at),
        None => (text, ""),
    };
    let mut whole = format!("{scheme}{text}");
    for more in [options.data.bytes().filter(|_| options.get), options.url_query.bytes()] {
        let Some(more) = more else { continue };
        whole.push(if whole.contains('?') { '&' } else { '?' });
        for chunk in more.utf8_chunks() {
            whole += &chunk.valid().replace('#', "%23");
            // A URL is text.
            whole.extend(chunk.invalid().iter().map(|byte| format!("%{byte:02X}")));
        }
    }
    whole + fragment
}

pub(crate) fn is_stdin(path: &Path) -> bool {
    path == Path::new("-") || path == Path::new(".")
}

/// Returns the request for a URL, without what a download that goes on adds to it.
pub(crate) fn request(
    client: &Client,
    options: &Options,
    index: usize,
    url: &Uri,
    journal: &Arc<Journal>,
) -> Result<RequestBuilder, Failure> {
    let method = options.method.unwrap_or(match options {
        Options { head: true, .. } => Method::HEAD,
        _ if options.upload(index).is_some() => Method::PUT,
        _ if options.has_data() => Method::POST,
        _ => Method::GET,
    });
    let shown = Arc::clone(journal);
    let request = logged_in(|url| client.request(method, url), options, url)?;
    let version = if options.http10 { Version::HTTP_10 } else { Version::HTTP_11 };
    let request = with_fields(request, options)
        .version(version)
        .on_interim(move |interim| shown.responded(interim));
    with_content(request, options, index)
}

fn has_own(options: &Options, name: &str) -> bool {
    options.fields.iter().any(|it| it.value.is_some() && it.name.eq_ignore_ascii_case(name))
}

/// Returns the fields that requests go without: those of `-H Name:` that have a value nowhere else, and that of `-A ''`.
fn left_out(options: &Options) -> impl Iterator<Item = &str> {
    let named = options.fields.iter().filter(|it| it.value.is_none()).map(|it| it.name.as_str());
    let agent = Some("User-Agent").filter(|_| options.user_agent.as_deref() == Some(""));
    named.chain(agent).filter(|name| !has_own(options, name))
}

pub(crate) fn leaves_out(options: &Options, name: &str) -> bool {
    left_out(options).any(|it| it.eq_ignore_ascii_case(name))
}

/// Takes away what the user does not want to be sent, whoever has added it.
pub(crate) fn without_left_out(request: RequestBuilder, options: &Options) -> RequestBuilder {
    left_out(options).fold(request, RequestBuilder::without_header)
}

/// Begins a request that says who sends it, unless the user has a field for that.
fn logged_in(
    begin: impl Fn(&Uri) -> RequestBuilder,
    options: &Options,
    url: &Uri,
) -> Result<RequestBuilder, Failure> {
    let host = url.authority().map_or("", |authority| authority.host_str());
    let decoded = |text: &str| PctStr::new(text).decode_bytes().into_owned();
    let in_url = url.authority().and_then(|authority| {
        let password = authority.password().unwrap_or_default();
        Some((decoded(authority.username()?), decoded(password)))
    });
    let in_netrc = || {
        let netrc = netrc(options)?;
        let login = netrc.find(host);
        Ok::<_, Failure>(login.map(|it| (it.user().into(), it.password().into())))
    };
    let login = match options.user.clone().or(in_url) {
        // Without Digest the client looks it up, with each redirect anew.
        None if options.netrc && options.digest => in_netrc()?,
        login => login,
    };
    let (request, name) = (begin(&url.without_userinfo()), "Authorization");
    Ok(match (login, &options.bearer) {
        _ if has_own(options, name) || leaves_out(options, name) => request,
        (_, Some(token)) => request.bearer_auth(token),
        (Some((user, password)), _) if options.digest => {
            let (user, password) = (from_utf8("-u", &user)?, from_utf8("-u", &password)?);
            request.digest_auth(user, password)
        }
        (Some((user, password)), _) => request.basic_auth(user, password),
        (None, None) => request,
    })
}

/// Reads the file of `-n` or `--netrc-file`.
pub(crate) fn netrc(options: &Options) -> Result<Netrc, Failure> {
    let read = match &options.netrc_file {
        Some(path) => Netrc::load_from(path),
        None => Netrc::load(),
    };
    let failed = |error| Failure::new(Status::Read, format!("cannot read .netrc: {error}"));
    match read {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Netrc::default()),
        read => read.map_err(failed),
    }
}

fn with_fields(mut request: RequestBuilder, options: &Options) -> RequestBuilder {
    let is_form = options.data.is_some() && !options.get;
    let (content_type, accept) = match options.data.is_json() {
        true => ("application/json", Some("application/json")),
        false => ("application/x-www-form-urlencoded", None),
    };
    let cookies = Some(options.cookies.join("; ")).filter(|cookies| !cookies.is_empty());
    let range = options.range.as_ref().map(|range| format!("bytes={range}"));
    let fields = [
        ("Range", range.as_deref()),
        ("Referer", options.referer.as_deref()),
        ("Cookie", cookies.as_deref()),
        ("Accept", accept.filter(|_| is_form)),
        ("Content-Type", Some(content_type).filter(|_| is_form)),
    ];
    for (name, value) in fields {
        if let Some(value) = value.filter(|_| !has_own(options, name)) {
            request = request.header(name, value);
        }
    }
    for field in &options.fields {
        if let Some(value) = &field.value {
            request = request.header(&field.name, value);
        }
    }
    request
}

fn with_content(
    request: RequestBuilder,
    options: &Options,
    index: usize,
) -> Result<RequestBuilder, Failure> {
    let body = match options.upload(index) {
        Some(path) => upload(path)?,
        None if !options.form.is_empty() => return Ok(request.multipart(form(&options.form)?)),
        None => match options.data.bytes().filter(|_| !options.get) {
            Some(data) => Body::from(data.to_vec()),
            None => return Ok(request),
        },
    };
    let asks = body.len().is_none_or(|len| len > ASKS_FIRST) && !has_own(options, "Expect");
    let request = if asks { request.header("Expect", "100-continue") } else { request };
    Ok(request.body(body))
}

/// Opens what `-T` sends.
fn upload(path: &Path) -> Result<Body, Failure> {
    let cannot_read = |error| Failure::new(Status::Read, format!("cannot read {error}"));
    match is_stdin(path) {
        true => Ok(Body::reader(io::stdin(), None)),
        false => Body::open(path).map_err(cannot_read),
    }
}
