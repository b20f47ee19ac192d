//! What the command line asks for, in the words of curl.

use std::ffi::{OsStr, OsString};
use std::net::IpAddr;
use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;

use nethttp::Method;

use crate::arguments::{Argument, Arguments};
use crate::data::{Data, DataKind, read};
use crate::failure::{Failure, Status};
use crate::fields::{OwnField, own_fields};
use crate::form::FormField;
use crate::text::{from_utf8, os_string, text};

/// What the command line asks for besides to fetch something.
pub(crate) enum Command {
    Fetch(Box<Options>),
    Help,
    Version,
}

/// What the command line asks for.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) urls: Vec<String>,
    /// Where the content of each URL goes: that of the first one to the first.
    pub(crate) destinations: Vec<Destination>,
    pub(crate) output_dir: Option<PathBuf>,
    pub(crate) create_dirs: bool,
    pub(crate) remote_header_name: bool,
    pub(crate) resume: Option<Resume>,
    /// Files are as old as what they were made from.
    pub(crate) remote_time: bool,
    pub(crate) include: bool,
    pub(crate) dump_header: Option<PathBuf>,
    pub(crate) write_out: Option<String>,
    pub(crate) fail: bool,
    pub(crate) fail_with_body: bool,
    pub(crate) fail_early: bool,
    pub(crate) silent: bool,
    pub(crate) show_error: bool,
    pub(crate) verbose: bool,
    pub(crate) no_progress_meter: bool,

    pub(crate) method: Option<Method>,
    pub(crate) head: bool,
    pub(crate) get: bool,
    pub(crate) data: Data,
    pub(crate) form: Vec<FormField>,
    /// What goes to each URL: the first one to the first; those behind the last are asked alone.
    pub(crate) uploads: Vec<Option<PathBuf>>,
    pub(crate) url_query: Data,
    pub(crate) fields: Vec<OwnField>,
    pub(crate) user_agent: Option<String>,
    pub(crate) referer: Option<String>,
    /// Each redirect says where it comes from.
    pub(crate) auto_referer: bool,
    pub(crate) range: Option<String>,
    pub(crate) compressed: bool,
    pub(crate) http10: bool,

    pub(crate) location: bool,
    pub(crate) max_redirs: Option<i64>,
    /// The statuses of redirects after which POST stays POST.
    pub(crate) post_stays: Vec<u16>,

    pub(crate) user: Option<Login>,
    pub(crate) digest: bool,
    pub(crate) bearer: Option<String>,
    pub(crate) netrc: bool,
    pub(crate) netrc_file: Option<PathBuf>,
    /// Cookies as they are sent.
    pub(crate) cookies: Vec<String>,
    pub(crate) cookie_files: Vec<PathBuf>,
    pub(crate) cookie_jar: Option<PathBuf>,
    pub(crate) junk_session_cookies: bool,

    pub(crate) proxy: Option<String>,
    pub(crate) proxy_user: Option<Login>,
    pub(crate) noproxy: Option<String>,
    pub(crate) resolve: Vec<Fixed>,
    /// Which addresses of a host are connected to.
    pub(crate) family: Option<Family>,
    pub(crate) interface: Option<IpAddr>,
    pub(crate) unix_socket: Option<PathBuf>,
    pub(crate) max_time: Option<Duration>,
    pub(crate) connect_timeout: Option<Duration>,
    pub(crate) expect_timeout: Option<Duration>,
    pub(crate) retry: u32,
    pub(crate) retry_delay: Option<Duration>,
    pub(crate) retry_max_time: Option<Duration>,
    pub(crate) retry_all_errors: bool,
    pub(crate) retry_connrefused: bool,
    /// Bytes per second.
    pub(crate) limit_rate: Option<u64>,
    pub(crate) max_filesize: Option<u64>,
    pub(crate) insecure: bool,
}

/// A name and a password, of whatever bytes.
pub(crate) type Login = (Vec<u8>, Vec<u8>);

/// Where content goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Destination {
    Stdout,
    File(PathBuf),
    /// A file with the name that it has there.
    RemoteName,
}

/// Where a download goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Resume {
    /// Behind what is in the file.
    Behind,
    At(u64),
}

/// A family of addresses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    V4,
    V6,
}

/// A host and the addresses that it has here: `--resolve`.
#[derive(Debug)]
pub(crate) struct Fixed {
    pub(crate) host: String,
    pub(crate) port: u16,
    pub(crate) addresses: Vec<IpAddr>,
}

impl Options {
    /// Reads the arguments.
    pub(crate) fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Command, Failure> {
        let mut options = Self::default();
        let mut arguments = Arguments::new(arguments);
        while let Some(argument) = arguments.take()? {
            match argument {
                Argument::Switch("--help", _) => return Ok(Command::Help),
                Argument::Switch("--version", _) => return Ok(Command::Version),
                Argument::Url(url) => options.urls.push(url),
                Argument::Switch(name, on) => options.switch(name, on),
                Argument::Value(name, value) => options.set(name, value)?,
            }
        }
        options.check()?;
        Ok(Command::Fetch(Box::new(options)))
    }

    /// Returns whether the request has content.
    pub(crate) fn has_data(&self) -> bool {
        (self.data.is_some() && !self.get) || !self.form.is_empty()
    }

    /// Returns where the content of a URL goes.
    pub(crate) fn destination(&self, index: usize) -> &Destination {
        self.destinations.get(index).unwrap_or(&Destination::Stdout)
    }

    /// Returns what goes to a URL.
    pub(crate) fn upload(&self, index: usize) -> Option<&Path> {
        self.uploads.get(index)?.as_deref()
    }

    fn check(&self) -> Result<(), Failure> {
        if self.urls.is_empty() {
            return Err(Failure::usage("expected a URL"));
        }
        let contents = [
            ("-I", self.head),
            ("-d", self.data.is_some() && !self.get),
            ("-F", !self.form.is_empty()),
            ("-T", self.uploads.iter().any(Option::is_some)),
        ];
        let mut contents = contents.iter().filter(|(_, given)| *given);
        if let (Some((one, _)), Some((other, _))) = (contents.next(), contents.next()) {
            return Err(Failure::usage(format!("expected either {one} or {other}, found both")));
        }
        if self.resume.is_some()
            && (self.range.is_some() || self.uploads.iter().any(Option::is_some))
        {
            return Err(Failure::usage("expected neither -r nor -T with -C"));
        }
        if self.remote_header_name && (self.resume.is_some() || self.include || self.head) {
            let text = "expected neither -C, -i nor -I with -J: the name comes with the content";
            return Err(Failure::usage(text));
        }
        if self.resume == Some(Resume::Behind) && self.include {
            return Err(Failure::usage(
                "expected -C - without -i: heads are no part of the content",
            ));
        }
        Ok(())
    }

    fn switch(&mut self, name: &str, on: bool) {
        let switch = match name {
            "--compressed" => &mut self.compressed,
            "--create-dirs" => &mut self.create_dirs,
            "--digest" => &mut self.digest,
            "--fail" => &mut self.fail,
            "--fail-early" => &mut self.fail_early,
            "--fail-with-body" => &mut self.fail_with_body,
            "--get" => &mut self.get,
            "--head" => &mut self.head,
            "--http1.0" => &mut self.http10,
            "--include" => &mut self.include,
            "--insecure" => &mut self.insecure,
            "--junk-session-cookies" => &mut self.junk_session_cookies,
            "--location" => &mut self.location,
            "--netrc" | "--netrc-optional" => &mut self.netrc,
            "--remote-header-name" => &mut self.remote_header_name,
            "--remote-time" => &mut self.remote_time,
            "--retry-all-errors" => &mut self.retry_all_errors,
            "--retry-connrefused" => &mut self.retry_connrefused,
            "--show-error" => &mut self.show_error,
            "--silent" => &mut self.silent,
            "--verbose" => &mut self.verbose,
            "--ipv4" => return self.family = on.then_some(Family::V4),
            "--ipv6" => return self.family = on.then_some(Family::V6),
            "--basic" => return self.digest &= !on,
            "--http1.1" => return self.http10 &= !on,
            "--post301" | "--post302" | "--post303" => {
                let Ok(status) = name.trim_start_matches("--post").parse::<u16>() else { return };
                self.post_stays.retain(|stays| *stays != status);
                return self.post_stays.extend(Some(status).filter(|_| on));
            }
            "--progress-meter" => return self.no_progress_meter = !on,
            "--remote-name" => return self.destinations.push(Destination::RemoteName),
            // Content is written as it comes, and the rest is what is done anyway.
            _ => return,
        };
        *switch = on;
    }

    fn set(&mut self, name: &'static str, value: OsString) -> Result<(), Failure> {
        let is_set = self.set_output(name, &value)? || self.set_connection(name, &value)?;
        if !is_set {
            self.set_request(name, value)?;
        }
        Ok(())
    }

    fn set_output(&mut self, name: &str, value: &OsStr) -> Result<bool, Failure> {
        match name {
            "--continue-at" if value == "-" => self.resume = Some(Resume::Behind),
            "--continue-at" => self.resume = Some(Resume::At(number(name, value)?)),
            "--cookie-jar" => self.cookie_jar = Some(value.into()),
            "--dump-header" => self.dump_header = Some(value.into()),
            "--limit-rate" => {
                self.limit_rate = Some(size(name, value)?).filter(|limit| *limit > 0);
            }
            "--max-filesize" => {
                self.max_filesize = Some(size(name, value)?).filter(|most| *most > 0);
            }
            "--output" if value == "-" => self.destinations.push(Destination::Stdout),
            "--output" => self.destinations.push(Destination::File(value.into())),
            "--output-dir" => self.output_dir = Some(value.into()),
            "--url" => self.urls.push(text(name, value)?.to_owned()),
            "--write-out" => {
                self.write_out = Some(match value.as_encoded_bytes().strip_prefix(b"@") {
                    Some(path) => from_utf8(name, &read(&os_string(path)?)?)?.to_owned(),
                    None => text(name, value)?.to_owned(),
                });
            }
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn set_connection(&mut self, name: &str, value: &OsStr) -> Result<bool, Failure> {
        match name {
            "--connect-timeout" => self.connect_timeout = limit(name, value)?,
            "--expect100-timeout" => {
                self.expect_timeout = Some(limit(name, value)?.unwrap_or_default());
            }
            "--interface" => {
                let text = text(name, value)?;
                let wrong = |_| {
                    let text = format!("expected an address after --interface, found {text:?}");
                    Failure::new(Status::Interface, text)
                };
                self.interface = Some(text.parse().map_err(wrong)?);
            }
            "--max-redirs" => self.max_redirs = Some(number(name, value)?),
            "--max-time" => self.max_time = limit(name, value)?,
            "--netrc-file" => (self.netrc, self.netrc_file) = (true, Some(value.into())),
            "--noproxy" => self.noproxy = Some(text(name, value)?.to_owned()),
            "--proxy" => self.proxy = Some(text(name, value)?.to_owned()),
            "--proxy-user" => self.proxy_user = Some(login(name, value)?),
            "--resolve" => self.resolve.extend(Fixed::parse(text(name, value)?)?),
            "--retry" => self.retry = number(name, value)?,
            "--retry-delay" => self.retry_delay = limit(name, value)?,
            "--retry-max-time" => self.retry_max_time = limit(name, value)?,
            "--unix-socket" => self.unix_socket = Some(value.into()),
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn set_request(&mut self, name: &'static str, value: OsString) -> Result<(), Failure> {
        let bytes = value.as_encoded_bytes();
        let text = || text(name, &value);
        match name {
            "--cookie" if bytes.contains(&b'=') => self.cookies.push(text()?.to_owned()),
            "--cookie" => self.cookie_files.push(value.into()),
            "--data" | "--data-ascii" => self.data.add(DataKind::Text, bytes)?,
            "--data-binary" => self.data.add(DataKind::Binary, bytes)?,
            "--data-raw" => self.data.add(DataKind::Raw, bytes)?,
            "--data-urlencode" => self.data.add(DataKind::Encoded, bytes)?,
            "--json" => self.data.add(DataKind::Json, bytes)?,
            "--url-query" => match bytes.strip_prefix(b"+") {
                Some(encoded) => self.url_query.add(DataKind::Raw, encoded)?,
                None => self.url_query.add(DataKind::Encoded, bytes)?,
            },
            "--form" => self.form.push(FormField::parse(text()?)?),
            "--form-string" => self.form.push(FormField::literal(text()?)?),
            "--header" => self.fields.extend(own_fields(bytes)?),
            "--oauth2-bearer" => self.bearer = Some(text()?.to_owned()),
            "--range" => {
                let is_open = !bytes.is_empty() && bytes.iter().all(u8::is_ascii_digit);
                self.range = Some(format!("{}{}", text()?, if is_open { "-" } else { "" }));
            }
            "--referer" => {
                let text = text()?;
                let referer = text.strip_suffix(";auto");
                self.auto_referer = referer.is_some();
                let referer = referer.unwrap_or(text);
                self.referer = Some(referer.to_owned()).filter(|it| !it.is_empty());
            }
            "--request" => {
                let method = Method::parse(bytes);
                self.method = Some(method.map_err(|error| Failure::usage(error.to_string()))?);
            }
            // Without a name it stands for a URL that nothing goes to.
            "--upload-file" => {
                self.uploads
                    .push(Some(value.into()).filter(|path: &PathBuf| path != Path::new("")));
            }
            "--user" => self.user = Some(login(name, &value)?),
            "--user-agent" => self.user_agent = Some(text()?.to_owned()),
            _ => return Err(Failure::usage(format!("unknown option {name}"))),
        }
        Ok(())
    }
}

impl Fixed {
    /// Reads `host:port:address[,address]...`; one that begins with `-` says nothing.
    fn parse(text: &str) -> Result<Option<Self>, Failure> {
        if text.starts_with('-') {
            return Ok(None);
        }
        let parse = || {
            let (host, rest) = text.trim_start_matches('+').split_once(':')?;
            let (port, addresses) = rest.split_once(':')?;
            let addresses = addresses.split(',').map(|it| it.trim_matches(['[', ']']).parse().ok());
            let addresses = addresses.collect::<Option<_>>()?;
            Some(Self { host: host.to_owned(), port: port.parse().ok()?, addresses })
        };
        let wrong = || format!("expected HOST:PORT:ADDRESS after --resolve, found {text:?}");
        parse().map(Some).ok_or_else(|| Failure::usage(wrong()))
    }
}

fn number<T: FromStr>(name: &str, value: &OsStr) -> Result<T, Failure> {
    let text = text(name, value)?;
    let wrong = |_| Failure::usage(format!("expected a number after {name}, found {text:?}"));
    text.parse().map_err(wrong)
}

/// Reads a number of bytes: `200`, `200k`, `1.5M`, `1g`.
fn size(name: &str, value: &OsStr) -> Result<u64, Failure> {
    let text = text(name, value)?;
    let parse = || {
        let (digits, unit) = match text.char_indices().next_back()? {
            (at, 'k' | 'K') => (&text[..at], 10),
            (at, 'm' | 'M') => (&text[..at], 20),
            (at, 'g' | 'G') => (&text[..at], 30),
            (at, 'b' | 'B') => (&text[..at], 0),
            _ => (text, 0),
        };
        let size = digits.parse::<f64>().ok()? * f64::from(1_u32 << unit);
        (0.0..1e18).contains(&size).then_some(size as u64)
    };
    let wrong = || format!("expected a number of bytes after {name}, found {text:?}");
    parse().ok_or_else(|| Failure::usage(wrong()))
}

/// Reads seconds; 0 is no limit.
fn limit(name: &str, value: &OsStr) -> Result<Option<Duration>, Failure> {
    let text = text(name, value)?;
    let limit = text.parse().ok().and_then(|seconds| Duration::try_from_secs_f64(seconds).ok());
    let wrong = || format!("expected seconds after {name}, found {text:?}");
    let limit = limit.ok_or_else(|| Failure::usage(wrong()))?;
    Ok(Some(limit).filter(|limit| !limit.is_zero()))
}

/// Reads a name and a password. curl asks for one that is missing; here it could not be typed unseen.
fn login(name: &str, value: &OsStr) -> Result<Login, Failure> {
    let wrong = || {
        let text = format!("expected NAME:PASSWORD after {name}, as no password is asked for");
        Failure::usage(text)
    };
    let mut parts = value.as_encoded_bytes().splitn(2, |byte| *byte == b':').map(<[u8]>::to_vec);
    parts.next().zip(parts.next()).ok_or_else(wrong)
}
