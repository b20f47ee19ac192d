//! The command line, read as curl reads it.

use std::ffi::OsString;
use std::fs;
use std::io::{self, Read};
use std::path::PathBuf;
use std::time::Duration;

use nethttp::Method;

use crate::failure::{Failure, Status};
use crate::form::FormField;

pub(crate) const USAGE: &str = "\
usage: fetch [OPTION]... URL

Writes what is at the URL to the standard output.

      --basic           log in with Basic, which -u does unless it is told otherwise
  -d, --data DATA       send DATA with POST; @FILE is what is in a file, @- the standard input;
                        several are joined with &
      --digest          log in with Digest
  -f, --fail            fail on a status of 400 or more
  -F, --form FIELD      send a form with POST: name=text, name=@FILE for a file, or name=<FILE for the
                        text in it; behind it may stand ;type=TYPE and ;filename=NAME
      --form-string FIELD
                        send name=text, whatever the text begins with
  -H, --header LINE     send a field: 'Name: value', or 'Name;' without a value;
                        'Content-Type:' leaves out that field
  -h, --help            print this text
  -I, --head            fetch the head alone
  -i, --include         write the head too
  -L, --location        follow redirects
  -m, --max-time N      give up after so many seconds; 0 is never
      --oauth2-bearer TOKEN
                        log in with a token
  -o, --output FILE     write to a file
      --raw             do not ask for compressed content, nor decode it
  -S, --show-error      say what went wrong in spite of -s
  -s, --silent          do not say what went wrong
  -u, --user NAME:PASSWORD
                        log in; the first host alone is told the password
  -v, --verbose         write the heads of requests and responses to the standard error
  -X, --request METHOD  use this method
";

/// What the command line asks for.
#[derive(Default)]
pub(crate) struct Options {
    pub(crate) url: String,
    pub(crate) bearer: Option<String>,
    pub(crate) data: Option<Vec<u8>>,
    pub(crate) digest: bool,
    pub(crate) fail: bool,
    pub(crate) fields: Vec<OwnField>,
    pub(crate) form: Vec<FormField>,
    pub(crate) head: bool,
    pub(crate) include: bool,
    pub(crate) location: bool,
    pub(crate) max_time: Option<Duration>,
    pub(crate) method: Option<Method>,
    pub(crate) output: Option<PathBuf>,
    pub(crate) raw: bool,
    pub(crate) show_error: bool,
    pub(crate) silent: bool,
    /// A name and a password.
    pub(crate) user: Option<(String, String)>,
    pub(crate) verbose: bool,
}

/// A field given with `-H`; without a value it takes a field of the same name away.
#[derive(Debug)]
pub(crate) struct OwnField {
    pub(crate) name: String,
    pub(crate) value: Option<String>,
}

/// The options by their long names, whether they take a value, and their letters, if they have one.
const NAMES: [(&str, bool, Option<char>); 20] = [
    ("--basic", false, None),
    ("--data", true, Some('d')),
    ("--digest", false, None),
    ("--fail", false, Some('f')),
    ("--form", true, Some('F')),
    ("--form-string", true, None),
    ("--head", false, Some('I')),
    ("--header", true, Some('H')),
    ("--help", false, Some('h')),
    ("--include", false, Some('i')),
    ("--location", false, Some('L')),
    ("--max-time", true, Some('m')),
    ("--oauth2-bearer", true, None),
    ("--output", true, Some('o')),
    ("--raw", false, None),
    ("--request", true, Some('X')),
    ("--show-error", false, Some('S')),
    ("--silent", false, Some('s')),
    ("--user", true, Some('u')),
    ("--verbose", false, Some('v')),
];

fn wrong(text: impl Into<String>) -> Failure {
    Failure::new(Status::Init, format!("{}; try --help", text.into()))
}

impl Options {
    /// Reads the arguments; `Ok(None)` is a call for help.
    pub(crate) fn parse(
        mut arguments: impl Iterator<Item = OsString>,
    ) -> Result<Option<Self>, Failure> {
        let mut options = Self::default();
        let mut urls = Vec::new();
        let mut only_urls = false;
        while let Some(argument) = arguments.next() {
            let text = argument.to_string_lossy().into_owned();
            if text == "--" && !only_urls {
                only_urls = true;
            } else if only_urls || !text.starts_with('-') || text == "-" {
                urls.push(text);
            } else if !options.take(&text, &mut arguments)? {
                return Ok(None);
            }
        }
        let [url] = &urls[..] else {
            return Err(wrong(format!("expected one URL, found {}", urls.len())));
        };
        let bodies = [
            ("-I", options.head),
            ("-d", options.data.is_some()),
            ("-F", !options.form.is_empty()),
        ];
        let mut bodies = bodies.iter().filter(|(_, given)| *given);
        if let (Some((one, _)), Some((other, _))) = (bodies.next(), bodies.next()) {
            return Err(wrong(format!("expected either {one} or {other}, found both")));
        }
        options.url = if url.contains("://") { url.clone() } else { format!("http://{url}") };
        Ok(Some(options))
    }

    /// Takes a long option, or a cluster of letters of which the last may have its value behind it;
    /// returns false for help.
    fn take(
        &mut self,
        text: &str,
        rest: &mut impl Iterator<Item = OsString>,
    ) -> Result<bool, Failure> {
        let unknown = |name: &str| wrong(format!("unknown option {name}"));
        let mut next =
            |name: &str| rest.next().ok_or_else(|| wrong(format!("expected a value after {name}")));
        if text.starts_with("--") {
            let known = NAMES.iter().find(|(name, ..)| *name == text);
            let &(name, has_value, _) = known.ok_or_else(|| unknown(text))?;
            let value = if has_value { next(text)? } else { OsString::new() };
            return self.set(name, value);
        }
        let mut letters = text.trim_start_matches('-').chars();
        while let Some(letter) = letters.next() {
            let short = format!("-{letter}");
            let known = NAMES.iter().find(|(.., known)| *known == Some(letter));
            let &(name, has_value, _) = known.ok_or_else(|| unknown(&short))?;
            if has_value {
                let inline = letters.as_str();
                let value = if inline.is_empty() { next(&short)? } else { inline.into() };
                return self.set(name, value);
            }
            if !self.set(name, OsString::new())? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn set(&mut self, name: &str, value: OsString) -> Result<bool, Failure> {
        let text = || value.to_string_lossy();
        match name {
            "--basic" => self.digest = false,
            "--data" => self.add_data(&text())?,
            "--digest" => self.digest = true,
            "--fail" => self.fail = true,
            "--form" => self.form.push(FormField::parse(&text()).map_err(wrong)?),
            "--form-string" => self.form.push(FormField::literal(&text()).map_err(wrong)?),
            "--header" => self.fields.push(OwnField::parse(&text())?),
            "--help" => return Ok(false),
            "--head" => self.head = true,
            "--include" => self.include = true,
            "--location" => self.location = true,
            "--max-time" => {
                let limit = text().parse().ok().and_then(|it| Duration::try_from_secs_f64(it).ok());
                let limit = limit.ok_or_else(|| wrong("expected seconds after -m"))?;
                self.max_time = Some(limit).filter(|limit| !limit.is_zero());
            }
            "--oauth2-bearer" => self.bearer = Some(text().into_owned()),
            "--output" => {
                self.output = Some(value).filter(|path| path != "-").map(PathBuf::from);
            }
            "--raw" => self.raw = true,
            "--show-error" => self.show_error = true,
            "--silent" => self.silent = true,
            "--user" => {
                let text = text();
                let user =
                    text.split_once(':').ok_or_else(|| wrong("expected NAME:PASSWORD after -u"))?;
                self.user = Some((user.0.to_owned(), user.1.to_owned()));
            }
            "--verbose" => self.verbose = true,
            _ => {
                let method = Method::parse(text().as_bytes());
                self.method = Some(method.map_err(|error| wrong(error.to_string()))?);
            }
        }
        Ok(true)
    }

    /// Data of a file go without their line ends and NULs, as a form has none.
    fn add_data(&mut self, text: &str) -> Result<(), Failure> {
        let more = match text.strip_prefix('@') {
            None => text.as_bytes().to_vec(),
            Some(name) => {
                let mut bytes = read(name)?;
                bytes.retain(|byte| !matches!(byte, b'\r' | b'\n' | 0));
                bytes
            }
        };
        match &mut self.data {
            None => self.data = Some(more),
            Some(data) => {
                data.push(b'&');
                data.extend_from_slice(&more);
            }
        }
        Ok(())
    }
}

/// Reads a file, or the standard input for `-`.
pub(crate) fn read(name: &str) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let outcome = match name {
        "-" => io::stdin().read_to_end(&mut bytes).map(|_| bytes),
        name => fs::read(name),
    };
    outcome.map_err(|error| cannot_read(name, &error))
}

pub(crate) fn cannot_read(name: &str, error: &io::Error) -> Failure {
    Failure::new(Status::Read, format!("cannot read {name}: {error}"))
}

impl OwnField {
    fn parse(text: &str) -> Result<Self, Failure> {
        let field = |name: &str, value: Option<&str>| {
            let value = value.map(|value| value.trim_matches([' ', '\t']).to_owned());
            Self { name: name.to_owned(), value }
        };
        match (text.split_once(':'), text.strip_suffix(';')) {
            (Some((name, value)), _) if !value.trim().is_empty() => Ok(field(name, Some(value))),
            (Some((name, _)), _) if name.eq_ignore_ascii_case("Content-Type") => {
                Ok(field(name, None))
            }
            // The client sees to it that these are always there.
            (Some((name, _)), _) => Err(wrong(format!("cannot leave out {name}"))),
            (None, Some(name)) => Ok(field(name, Some(""))),
            (None, None) => Err(wrong(format!("expected 'Name: value' after -H, found {text:?}"))),
        }
    }
}
