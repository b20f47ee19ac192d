//! The command line, taken apart as curl does it: letters that stand together, values behind their letter.

use std::collections::VecDeque;
use std::ffi::{OsStr, OsString};

use crate::failure::Failure;
use crate::text::{from_utf8, os_string, text};

/// One thing that the command line says.
#[derive(Debug, PartialEq)]
pub(crate) enum Argument {
    Url(String),
    /// An option that is on, or off with `no-` before its name.
    Switch(&'static str, bool),
    Value(&'static str, OsString),
}

/// Options without a value by their long names, and their letters, if they have one.
const SWITCHES: [(&str, Option<char>); 40] = [
    ("--basic", None),
    ("--buffer", None),
    ("--compressed", None),
    ("--create-dirs", None),
    ("--digest", None),
    ("--disable", Some('q')),
    ("--fail", Some('f')),
    ("--fail-early", None),
    ("--fail-with-body", None),
    ("--get", Some('G')),
    ("--globoff", Some('g')),
    ("--head", Some('I')),
    ("--help", Some('h')),
    ("--http1.0", Some('0')),
    ("--http1.1", None),
    ("--include", Some('i')),
    ("--insecure", Some('k')),
    ("--ipv4", Some('4')),
    ("--ipv6", Some('6')),
    ("--junk-session-cookies", Some('j')),
    ("--keepalive", None),
    ("--location", Some('L')),
    ("--netrc", Some('n')),
    ("--netrc-optional", None),
    ("--no-buffer", Some('N')),
    ("--post301", None),
    ("--post302", None),
    ("--post303", None),
    ("--progress-bar", Some('#')),
    ("--progress-meter", None),
    ("--remote-header-name", Some('J')),
    ("--remote-name", Some('O')),
    ("--remote-time", Some('R')),
    ("--retry-all-errors", None),
    ("--retry-connrefused", None),
    ("--show-error", Some('S')),
    ("--silent", Some('s')),
    ("--tcp-nodelay", None),
    ("--verbose", Some('v')),
    ("--version", Some('V')),
];

/// Options with a value.
const VALUES: [(&str, Option<char>); 41] = [
    ("--connect-timeout", None),
    ("--continue-at", Some('C')),
    ("--cookie", Some('b')),
    ("--cookie-jar", Some('c')),
    ("--data", Some('d')),
    ("--data-ascii", None),
    ("--data-binary", None),
    ("--data-raw", None),
    ("--data-urlencode", None),
    ("--dump-header", Some('D')),
    ("--expect100-timeout", None),
    ("--form", Some('F')),
    ("--form-string", None),
    ("--header", Some('H')),
    ("--interface", None),
    ("--json", None),
    ("--limit-rate", None),
    ("--max-filesize", None),
    ("--max-redirs", None),
    ("--max-time", Some('m')),
    ("--netrc-file", None),
    ("--noproxy", None),
    ("--oauth2-bearer", None),
    ("--output", Some('o')),
    ("--output-dir", None),
    ("--proxy", Some('x')),
    ("--proxy-user", Some('U')),
    ("--range", Some('r')),
    ("--referer", Some('e')),
    ("--request", Some('X')),
    ("--resolve", None),
    ("--retry", None),
    ("--retry-delay", None),
    ("--retry-max-time", None),
    ("--unix-socket", None),
    ("--upload-file", Some('T')),
    ("--url", None),
    ("--url-query", None),
    ("--user", Some('u')),
    ("--user-agent", Some('A')),
    ("--write-out", Some('w')),
];

/// An option by its long name.
enum Known {
    Switch(&'static str),
    Value(&'static str),
}

/// Takes a command line apart.
pub(crate) struct Arguments<I> {
    rest: I,
    /// What stood together in one argument.
    ready: VecDeque<Argument>,
    only_urls: bool,
}

impl<I: Iterator<Item = OsString>> Arguments<I> {
    pub(crate) fn new(arguments: I) -> Self {
        Self { rest: arguments, ready: VecDeque::new(), only_urls: false }
    }

    /// Returns what comes next, if anything does.
    pub(crate) fn take(&mut self) -> Result<Option<Argument>, Failure> {
        loop {
            if let Some(ready) = self.ready.pop_front() {
                return Ok(Some(ready));
            }
            let Some(argument) = self.rest.next() else { return Ok(None) };
            let bytes = argument.as_encoded_bytes();
            match bytes.strip_prefix(b"-") {
                Some(b"-") if !self.only_urls => self.only_urls = true,
                None | Some(b"") => return url(&argument).map(Some),
                _ if self.only_urls => return url(&argument).map(Some),
                Some(letters) => match bytes.strip_prefix(b"--") {
                    Some(name) => return self.long(name).map(Some),
                    None => self.letters(letters)?,
                },
            }
        }
    }

    /// Takes `name`, `no-name`, and `name=value`, which curl does not know.
    fn long(&mut self, option: &[u8]) -> Result<Argument, Failure> {
        let mut parts = option.splitn(2, |byte| *byte == b'=');
        let name = from_utf8("--", parts.next().unwrap_or_default())?;
        let inline = parts.next().map(os_string).transpose()?;
        let option = |name: &str| named(|known, _| known.strip_prefix("--") == Some(name));
        match (option(name), name.strip_prefix("no-").map(option), inline) {
            (Some(Known::Switch(name)), _, None) => Ok(Argument::Switch(name, true)),
            (None, Some(Some(Known::Switch(name))), None) => Ok(Argument::Switch(name, false)),
            (Some(Known::Value(name)), _, Some(value)) => Ok(Argument::Value(name, value)),
            (Some(Known::Value(name)), _, None) => self.value(name, name),
            (Some(_), _, Some(_)) => {
                Err(Failure::usage(format!("expected no value after --{name}")))
            }
            _ => Err(Failure::usage(format!("unknown option --{name}"))),
        }
    }

    /// Takes a cluster of letters, of which the last may have its value behind it.
    fn letters(&mut self, mut letters: &[u8]) -> Result<(), Failure> {
        while let Some((letter, rest)) = letters.split_first() {
            letters = rest;
            let letter = char::from(*letter);
            let argument = match named(|_, known| known == Some(letter)) {
                None => return Err(Failure::usage(format!("unknown option -{letter}"))),
                Some(Known::Switch(name)) => Argument::Switch(name, true),
                Some(Known::Value(name)) => {
                    letters = &[];
                    match rest {
                        [] => self.value(name, &format!("-{letter}"))?,
                        inline => Argument::Value(name, os_string(inline)?),
                    }
                }
            };
            self.ready.push_back(argument);
        }
        Ok(())
    }

    fn value(&mut self, name: &'static str, given: &str) -> Result<Argument, Failure> {
        let missing = || Failure::usage(format!("expected a value after {given}"));
        let value = self.rest.next().ok_or_else(missing)?;
        Ok(Argument::Value(name, value))
    }
}

fn url(argument: &OsStr) -> Result<Argument, Failure> {
    text("the options", argument).map(|text| Argument::Url(text.to_owned()))
}

/// Returns the first option whose long name and letter are those that are meant.
fn named(is_meant: impl Fn(&str, Option<char>) -> bool) -> Option<Known> {
    let find = |options: &[(&'static str, Option<char>)]| {
        options.iter().find(|(name, letter)| is_meant(name, *letter)).map(|(name, _)| *name)
    };
    let switch = find(&SWITCHES).map(Known::Switch);
    switch.or_else(|| find(&VALUES).map(Known::Value))
}
