//! The command line.

use std::ffi::OsString;
use std::path::PathBuf;

use nethttp::field::auth::DigestAlgorithm;
use nethttp::form::MultipartLimits;

pub(crate) const USAGE: &str = "\
usage: api [OPTION]...

Receives forms, and asks for logins.

  -a, --algorithm NAME      ask for Digest with this hash: md5, sha-256 or sha-512-256 (the first
                            two); once for each, the best one first
  -b, --bind ADDR           the address to listen on (127.0.0.1; 0.0.0.0 is everyone)
  -d, --directory DIR       keep the files that arrive in DIR; without, they are only counted
      --max-file SIZE       take files of up to SIZE (2G)
      --max-parts N         take up to N fields and files in a form (100)
      --max-total SIZE      take forms of up to SIZE (4G)
  -p, --port N              the port to listen on (8080; 0 takes one that is free)
  -u, --user NAME:PASSWORD  let somebody in; once for everyone
  -h, --help                print this text

SIZE is in bytes, or in units of 1024 with K, M or G behind the number.
";

/// How long a text may be: all of them are in memory until the form is answered.
const TEXT: u64 = 64 << 10;

/// What the command line asks for.
pub(crate) struct Options {
    pub(crate) algorithms: Vec<DigestAlgorithm>,
    pub(crate) bind: String,
    pub(crate) port: u16,
    pub(crate) folder: Option<PathBuf>,
    pub(crate) limits: MultipartLimits,
    /// Names and passwords.
    pub(crate) users: Vec<(String, String)>,
}

impl Options {
    /// Reads the arguments; `Ok(None)` is a call for help.
    pub(crate) fn parse(
        mut arguments: impl Iterator<Item = OsString>,
    ) -> Result<Option<Self>, String> {
        let mut options = Self {
            algorithms: Vec::new(),
            bind: "127.0.0.1".to_owned(),
            port: 8080,
            folder: None,
            limits: MultipartLimits::DEFAULT.parts(100).text(TEXT).file(2 << 30).total(4 << 30),
            users: Vec::new(),
        };
        while let Some(argument) = arguments.next() {
            let name = argument.to_string_lossy();
            let mut raw =
                || arguments.next().ok_or_else(|| format!("expected a value after {name}"));
            let mut value = || raw().map(|value| value.to_string_lossy().into_owned());
            match &*name {
                "-h" | "--help" => return Ok(None),
                "-a" | "--algorithm" => {
                    let name = value()?;
                    let algorithm = DigestAlgorithm::parse(name.as_bytes());
                    options.algorithms.push(algorithm.map_err(|error| error.to_string())?);
                }
                "-b" | "--bind" => options.bind = value()?,
                "-d" | "--directory" => options.folder = Some(PathBuf::from(raw()?)),
                "--max-file" => options.limits.file = size(&value()?)?,
                "--max-parts" => options.limits.parts = number(&value()?)?,
                "--max-total" => options.limits.total = size(&value()?)?,
                "-p" | "--port" => options.port = number(&value()?)?,
                "-u" | "--user" => {
                    let value = value()?;
                    let (name, password) = value
                        .split_once(':')
                        .ok_or_else(|| "expected NAME:PASSWORD after --user".to_owned())?;
                    options.users.push((name.to_owned(), password.to_owned()));
                }
                _ => return Err(format!("unknown argument {name:?}")),
            }
        }
        if let Some(folder) = options.folder.as_ref().filter(|folder| !folder.is_dir()) {
            return Err(format!("expected a directory, found {}", folder.display()));
        }
        Ok(Some(options))
    }
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("expected a number in its range, found {text:?}"))
}

fn size(text: &str) -> Result<u64, String> {
    let (digits, shift) = match text.strip_suffix(['K', 'M', 'G']) {
        Some(digits) if text.ends_with('K') => (digits, 10),
        Some(digits) if text.ends_with('M') => (digits, 20),
        Some(digits) => (digits, 30),
        None => (text, 0),
    };
    let size = number::<u64>(digits)?.checked_mul(1 << shift);
    size.ok_or_else(|| format!("expected a size below 16 exabytes, found {text:?}"))
}
