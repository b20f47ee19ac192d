//! `.netrc`: user names and passwords by host, as `ftp` once had them and curl, Git and Python's Requests read
//! them. There is no RFC of it; the manual of GNU inetutils' `ftp` comes closest.
//!
//! Reading is pure ([`Netrc::parse`]); [`Netrc::load`] finds the file. What `ftp` alone needs, accounts and macros,
//! is passed over. Nothing here decides when a password is sent.
//!
//! ```
//! use nethttp::client::Netrc;
//!
//! let netrc = Netrc::parse("machine example.org login ada password sesame\n")?;
//! let login = netrc.find("example.org").ok_or("a login")?;
//! assert_eq!((login.user(), login.password()), ("ada", "sesame"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

use core::fmt;
use std::borrow::Cow;
use std::env;
use std::fs::File;
use std::io::{self, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// How long a file may be, in bytes.
const MAX_LEN: usize = 1 << 20;

/// The entries of a `.netrc` file.
///
/// # The file
///
/// ```text
/// # a comment
/// machine example.org
///   login ada
///   password "open sesame"   # blanks need quotes
/// machine api.example.org login robot password 0a\x
/// default login anonymous password ada@example.org
/// ```
///
/// - Words stand between blanks and ends of lines. A word that begins with `"` ends at the next `"`; in it,
///   `\n`, `\r` and `\t` are what they are in C, and `\` in front of any other character is that character, as in
///   curl. In other words, `"` and `\` are nothing special.
/// - A `#` where a line, `machine`, `login` or another keyword could begin makes the rest of the line a comment; in a
///   user name or a password it is a character. Keywords have no case.
/// - The first entry for a host is the one that counts: [`find`](Self::find). If a keyword comes twice in an entry, it
///   is the last that does. What is not said is empty: a user name without a password has an empty one.
/// - `default` is the entry of every host that has none, wherever it stands; there should be one, at the end. (In
///   curl, entries behind it are never reached.) A host's own entry with neither user name nor password stands for
///   no login, and keeps the default away.
/// - `account` and its word are passed over, and so is `macdef` up to the next empty line.
///
/// # Examples
///
/// ```
/// use nethttp::client::Netrc;
///
/// let netrc = Netrc::parse("machine a.example login ada password x default login guest")?;
/// assert_eq!(netrc.find("A.example").map(|login| login.user()), Some("ada"));
/// assert_eq!(netrc.find("b.example").map(|login| login.user()), Some("guest"));
/// # Ok::<(), nethttp::client::NetrcError>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Netrc {
    entries: Vec<Entry>,
}

#[derive(Clone)]
struct Entry {
    /// None for `default`.
    host: Option<Box<str>>,
    user: Box<str>,
    password: Box<str>,
}

impl Netrc {
    /// Reads the text of a file.
    ///
    /// # Errors
    ///
    /// A word where a keyword should be, a keyword without its word, a quote that is not closed, a word that is not in
    /// UTF-8, and more than 1 MiB. Nothing of the file is in the error.
    ///
    /// ```
    /// use nethttp::client::{Netrc, NetrcErrorKind};
    ///
    /// let error = Netrc::parse("machine example.org\nlogin ada passwd x\n").unwrap_err();
    /// assert_eq!((error.kind(), error.line()), (NetrcErrorKind::Keyword, 2));
    /// assert_eq!(error.to_string(), "expected a keyword of a netrc file in line 2 at byte 10");
    /// ```
    pub fn parse(text: impl AsRef<[u8]>) -> Result<Self, NetrcError> {
        let text = text.as_ref();
        if text.len() > MAX_LEN {
            return Err(NetrcError { kind: NetrcErrorKind::TooLong, line: 1, offset: 0 });
        }
        let mut words = Words { rest: text, line: text, number: 1 };
        let mut entries: Vec<Entry> = Vec::new();
        while let Some((keyword, error)) = words.keyword()? {
            let entry = match keyword {
                Keyword::Machine => {
                    let host = words.value()?;
                    entries.push(Entry::of(Some(host)));
                    continue;
                }
                Keyword::Default => {
                    entries.push(Entry::of(None));
                    continue;
                }
                Keyword::Macro => {
                    words.skip_macro()?;
                    continue;
                }
                Keyword::User | Keyword::Password | Keyword::Account => {
                    entries.last_mut().ok_or(error)?
                }
            };
            let value = words.value()?;
            match keyword {
                Keyword::User => entry.user = value,
                Keyword::Password => entry.password = value,
                _ => {}
            }
        }
        Ok(Self { entries })
    }

    /// Reads the file that the variable `NETRC` of the environment names, or `.netrc` in the user's home directory;
    /// on Windows `_netrc`, if that is there. A home without the file, or no home, is a file without entries.
    ///
    /// Who may read the file is not looked at: it is the user's to see that nobody else does (`chmod 600 ~/.netrc`).
    ///
    /// # Errors
    ///
    /// - [`ErrorKind::NotFound`] if there is no file where `NETRC` says;
    /// - [`ErrorKind::InvalidData`] if it cannot be understood: the source is the [`NetrcError`];
    /// - [`ErrorKind::FileTooLarge`] behind 1 MiB;
    /// - any other that reading has.
    ///
    /// ```no_run
    /// use nethttp::client::Netrc;
    ///
    /// let mut request = nethttp::get("http://example.org/private");
    /// if let Some(login) = Netrc::load()?.find("example.org") {
    ///     request = request.basic_auth(login.user(), login.password());
    /// }
    /// # Ok::<(), std::io::Error>(())
    /// ```
    pub fn load() -> io::Result<Self> {
        if let Some(path) = env::var_os("NETRC").filter(|path| !path.is_empty()) {
            return Self::load_from(PathBuf::from(path));
        }
        let names: &[&str] = if cfg!(windows) { &["_netrc", ".netrc"] } else { &[".netrc"] };
        let home = env::home_dir().filter(|home| !home.as_os_str().is_empty());
        for path in home.iter().flat_map(|home| names.iter().map(|name| home.join(name))) {
            match Self::load_from(path) {
                Err(error) if error.kind() == ErrorKind::NotFound => {}
                outcome => return outcome,
            }
        }
        Ok(Self::default())
    }

    /// Reads a file.
    ///
    /// # Errors
    ///
    /// Those of [`load`](Self::load). The text of one that reading has names the file.
    ///
    /// ```
    /// use std::io::ErrorKind;
    ///
    /// let error = nethttp::client::Netrc::load_from("there is no such file").unwrap_err();
    /// assert_eq!(error.kind(), ErrorKind::NotFound);
    /// assert!(error.to_string().starts_with("there is no such file: "));
    /// ```
    pub fn load_from(path: impl AsRef<Path>) -> io::Result<Self> {
        let path = path.as_ref();
        let mut text = Vec::new();
        let enough = u64::try_from(MAX_LEN).unwrap_or(u64::MAX).saturating_add(1);
        File::open(path).and_then(|file| file.take(enough).read_to_end(&mut text)).map_err(
            |error| io::Error::new(error.kind(), format!("{}: {error}", path.display())),
        )?;
        Self::parse(&text).map_err(|error| {
            let kind = match error.kind() {
                NetrcErrorKind::TooLong => ErrorKind::FileTooLarge,
                _ => ErrorKind::InvalidData,
            };
            io::Error::new(kind, error)
        })
    }

    /// Returns the login for a host: that of its first entry, or that of `default` if it has none.
    ///
    /// The host is a name or an address without a port; brackets around it are left out. Case does not count, and
    /// names below a host are other hosts.
    ///
    /// ```
    /// use nethttp::client::Netrc;
    ///
    /// let netrc = Netrc::parse("machine example.org login ada machine example.org login bob")?;
    /// assert_eq!(netrc.find("example.org").map(|login| login.user()), Some("ada"));
    /// assert!(netrc.find("www.example.org").is_none());
    /// # Ok::<(), nethttp::client::NetrcError>(())
    /// ```
    #[must_use]
    pub fn find(&self, host: impl AsRef<str>) -> Option<NetrcLogin<'_>> {
        let entry = self.named(host.as_ref()).next().or_else(|| self.default_entries().next())?;
        entry.login()
    }

    /// Returns the login for a host and a user name that is known already: that of the host's first entry which has the
    /// name, or no name; of `default`'s if the host has no entry.
    ///
    /// ```
    /// use nethttp::client::Netrc;
    ///
    /// let netrc = Netrc::parse("machine a login ada password x machine a login bob password y")?;
    /// assert_eq!(netrc.find_user("a", "bob").map(|login| login.password()), Some("y"));
    /// assert!(netrc.find_user("a", "eve").is_none());
    /// # Ok::<(), nethttp::client::NetrcError>(())
    /// ```
    #[must_use]
    pub fn find_user<'a>(&'a self, host: impl AsRef<str>, user: &'a str) -> Option<NetrcLogin<'a>> {
        let host = host.as_ref();
        let is_users = |entry: &&Entry| entry.user.is_empty() || *entry.user == *user;
        let entry = match self.named(host).next() {
            Some(_) => self.named(host).find(is_users),
            None => self.default_entries().find(is_users),
        }?;
        entry.login().map(|login| NetrcLogin { user, ..login })
    }

    fn named(&self, host: &str) -> impl Iterator<Item = &Entry> {
        let host = without_brackets(host);
        self.entries.iter().filter(move |entry| {
            let name = entry.host.as_deref();
            name.is_some_and(|name| without_brackets(name).eq_ignore_ascii_case(host))
        })
    }

    fn default_entries(&self) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(|entry| entry.host.is_none())
    }
}

fn without_brackets(host: &str) -> &str {
    host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host)
}

impl Entry {
    fn of(host: Option<Box<str>>) -> Self {
        Self { host, user: Box::default(), password: Box::default() }
    }

    fn login(&self) -> Option<NetrcLogin<'_>> {
        let says_nothing = self.user.is_empty() && self.password.is_empty();
        (!says_nothing).then_some(NetrcLogin { user: &self.user, password: &self.password })
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (host, user) = (&self.host, &self.user);
        f.debug_struct("Entry").field("host", host).field("user", user).finish_non_exhaustive()
    }
}

/// A user name and a password that a [`Netrc`] has for a host.
///
/// `Debug` shows the user name.
///
/// # Examples
///
/// ```
/// use nethttp::client::Netrc;
///
/// let netrc = Netrc::parse("machine a login ada password sesame")?;
/// let shown = format!("{:?}", netrc.find("a"));
/// assert!(shown.contains("ada") && !shown.contains("sesame"));
/// # Ok::<(), nethttp::client::NetrcError>(())
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct NetrcLogin<'a> {
    user: &'a str,
    password: &'a str,
}

impl<'a> NetrcLogin<'a> {
    /// Returns the user name.
    ///
    /// ```
    /// let netrc = nethttp::client::Netrc::parse("machine a password token")?;
    /// assert_eq!(netrc.find("a").map(|login| login.user()), Some(""));
    /// # Ok::<(), nethttp::client::NetrcError>(())
    /// ```
    #[must_use]
    pub const fn user(&self) -> &'a str {
        self.user
    }

    /// Returns the password.
    ///
    /// ```
    /// let netrc = nethttp::client::Netrc::parse(r#"machine a login ada password "two words""#)?;
    /// assert_eq!(netrc.find("a").map(|login| login.password()), Some("two words"));
    /// # Ok::<(), nethttp::client::NetrcError>(())
    /// ```
    #[must_use]
    pub const fn password(&self) -> &'a str {
        self.password
    }
}

impl fmt::Debug for NetrcLogin<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NetrcLogin").field("user", &self.user).finish_non_exhaustive()
    }
}

#[derive(Clone, Copy)]
enum Keyword {
    Machine,
    Default,
    User,
    Password,
    Account,
    Macro,
}

impl Keyword {
    const ALL: [(&str, Self); 6] = [
        ("machine", Self::Machine),
        ("default", Self::Default),
        ("login", Self::User),
        ("password", Self::Password),
        ("account", Self::Account),
        ("macdef", Self::Macro),
    ];
}

/// The words of a file, and where they stand.
///
/// ```abnf
/// netrc  = *( entry / macro )                             ; no RFC has it
/// entry  = ( "machine" word / "default" ) *( ( "login" / "password" / "account" ) word )
/// macro  = "macdef" word end *( 1*CHAR end ) end
/// word   = 1*plain / DQUOTE *( quoted / "\" CHAR ) DQUOTE  ; between blanks and ends of lines
/// ```
struct Words<'a> {
    rest: &'a [u8],
    /// From the start of the line that `rest` is in.
    line: &'a [u8],
    number: u32,
}

impl<'a> Words<'a> {
    /// Returns the next keyword, and the error that it stands at the wrong place; none at the end.
    fn keyword(&mut self) -> Result<Option<(Keyword, NetrcError)>, NetrcError> {
        loop {
            self.skip_blanks();
            match self.rest.first() {
                Some(b'#') => self.skip_line(),
                Some(_) => break,
                None => return Ok(None),
            }
        }
        let error = self.error(NetrcErrorKind::Keyword);
        let word = self.word()?;
        let found = Keyword::ALL
            .iter()
            .find(|(name, _)| name.as_bytes().eq_ignore_ascii_case(&word))
            .ok_or(error)?;
        Ok(Some((found.1, error)))
    }

    /// Returns the word that belongs to a keyword. On a line of its own, it may have comments in front.
    fn value(&mut self) -> Result<Box<str>, NetrcError> {
        let number = self.number;
        self.skip_blanks();
        while self.number > number && self.at_line_start() && self.rest.starts_with(b"#") {
            self.skip_line();
            self.skip_blanks();
        }
        if self.rest.is_empty() {
            return Err(self.error(NetrcErrorKind::Value));
        }
        let error = self.error(NetrcErrorKind::Utf8);
        let word = String::from_utf8(self.word()?.into_owned());
        Ok(word.map_err(|_| error)?.into_boxed_str())
    }

    /// Whether nothing but blanks stands in front of the rest in its line.
    fn at_line_start(&self) -> bool {
        let front = self.line.get(..self.offset()).unwrap_or_default();
        front.iter().all(u8::is_ascii_whitespace)
    }

    fn skip_blanks(&mut self) {
        while let Some((octet, rest)) = self.rest.split_first()
            && octet.is_ascii_whitespace()
        {
            self.rest = rest;
            if *octet == b'\n' {
                (self.line, self.number) = (rest, self.number.saturating_add(1));
            }
        }
    }

    /// Skips the rest of the line, the end of it not included.
    fn skip_line(&mut self) {
        let end = self.rest.iter().position(|&octet| octet == b'\n').unwrap_or(self.rest.len());
        self.rest = self.rest.get(end..).unwrap_or_default();
    }

    /// Skips the name of a macro and the lines behind it, up to one with nothing but blanks.
    fn skip_macro(&mut self) -> Result<(), NetrcError> {
        self.value()?;
        self.skip_line();
        while let Some(rest) = self.rest.strip_prefix(b"\n") {
            (self.rest, self.line, self.number) = (rest, rest, self.number.saturating_add(1));
            self.skip_line();
            if self.at_line_start() {
                break;
            }
        }
        Ok(())
    }

    /// Returns the word that begins here.
    fn word(&mut self) -> Result<Cow<'a, [u8]>, NetrcError> {
        if let Some(quoted) = self.rest.strip_prefix(b"\"") {
            return self.quoted(quoted).map(Cow::Owned);
        }
        let end = self.rest.iter().position(u8::is_ascii_whitespace).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at_checked(end).unwrap_or_default();
        self.rest = rest;
        Ok(Cow::Borrowed(word))
    }

    /// A quote is closed in its line, with nothing but a blank behind it.
    fn quoted(&mut self, mut rest: &'a [u8]) -> Result<Vec<u8>, NetrcError> {
        let error = self.error(NetrcErrorKind::Quote);
        let mut word = Vec::new();
        loop {
            let (octet, after) = match rest {
                [] | [b'\n', ..] | [b'\\'] | [b'\\', b'\n', ..] => return Err(error),
                [b'"', after @ ..] => {
                    let closed = after.first().is_none_or(u8::is_ascii_whitespace);
                    self.rest = after;
                    return if closed { Ok(word) } else { Err(error) };
                }
                [b'\\', b'n', after @ ..] => (b'\n', after),
                [b'\\', b'r', after @ ..] => (b'\r', after),
                [b'\\', b't', after @ ..] => (b'\t', after),
                [b'\\', octet, after @ ..] | [octet, after @ ..] => (*octet, after),
            };
            word.push(octet);
            rest = after;
        }
    }

    fn offset(&self) -> usize {
        self.line.len() - self.rest.len()
    }

    fn error(&self, kind: NetrcErrorKind) -> NetrcError {
        let offset = u32::try_from(self.offset()).unwrap_or(u32::MAX);
        NetrcError { kind, line: self.number, offset }
    }
}

/// What is wrong with a `.netrc` file, and where.
///
/// Nothing of the file is part of it, so that it can go to a log.
///
/// # Examples
///
/// ```
/// let error = nethttp::client::Netrc::parse("machine a login").unwrap_err();
/// assert_eq!(error.to_string(), "expected a word behind the keyword in line 1 at byte 15");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetrcError {
    kind: NetrcErrorKind,
    line: u32,
    offset: u32,
}

/// The kinds of [`NetrcError`]. No RFC has the format.
///
/// ```
/// use nethttp::client::{Netrc, NetrcErrorKind};
///
/// let error = Netrc::parse("machine a login \"ada").unwrap_err();
/// assert_eq!(error.kind(), NetrcErrorKind::Quote);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum NetrcErrorKind {
    /// A word that is no keyword where one should be, as behind a password with blanks and without quotes; or a
    /// keyword of an entry in front of the first.
    Keyword,
    /// A keyword without its word.
    Value,
    /// A word that begins with a quote and is not closed by one in its line, or has something behind it.
    Quote,
    /// A host, a user name or a password that is not in UTF-8.
    Utf8,
    /// More than 1 MiB.
    TooLong,
}

impl NetrcError {
    /// Returns what is wrong.
    ///
    /// ```
    /// use nethttp::client::{Netrc, NetrcErrorKind};
    ///
    /// assert_eq!(Netrc::parse("machine").unwrap_err().kind(), NetrcErrorKind::Value);
    /// ```
    #[must_use]
    pub const fn kind(&self) -> NetrcErrorKind {
        self.kind
    }

    /// Returns the line, counted from 1.
    ///
    /// ```
    /// assert_eq!(nethttp::client::Netrc::parse("# a\n\nhost").unwrap_err().line(), 3);
    /// ```
    #[must_use]
    pub const fn line(&self) -> u32 {
        self.line
    }

    /// Returns the position of what is wrong in its line, in bytes from 0.
    ///
    /// ```
    /// assert_eq!(nethttp::client::Netrc::parse("\n  host").unwrap_err().offset(), 2);
    /// ```
    #[must_use]
    pub fn offset(&self) -> usize {
        usize::try_from(self.offset).unwrap_or(usize::MAX)
    }
}

impl fmt::Display for NetrcError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let expected = match self.kind {
            NetrcErrorKind::Keyword => "expected a keyword of a netrc file",
            NetrcErrorKind::Value => "expected a word behind the keyword",
            NetrcErrorKind::Quote => "expected a closing quote and a blank behind it",
            NetrcErrorKind::Utf8 => "expected a word in UTF-8",
            NetrcErrorKind::TooLong => "expected a netrc file of at most 1048576 bytes",
        };
        write!(f, "{expected} in line {} at byte {}", self.line, self.offset)
    }
}

impl core::error::Error for NetrcError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn has(text: &str, host: &str, expected: Option<(&str, &str)>) {
        // Ends of lines and blanks do not matter, but where there are quotes, comments or macros.
        let netrc = Netrc::parse(text).unwrap();
        let found = netrc.find(host).map(|login| (login.user(), login.password()));
        assert_eq!(found, expected, "{text:?}");
        let windows = Netrc::parse(text.replace('\n', "\r\n")).unwrap();
        let found = windows.find(host).map(|login| (login.user(), login.password()));
        assert_eq!(found, expected, "{text:?} with CRLF");
    }

    #[test]
    fn words_stand_between_blanks() {
        let ada = Some(("ada", "pw"));
        has("machine a login ada password pw", "a", ada);
        has("machine a\n\tlogin ada\n\tpassword pw\n", "a", ada);
        has("  machine\na\n\nlogin\n  ada password\tpw ", "a", ada);
        has("machine a password pw login ada", "a", ada);
        has("MACHINE a Login ada PASSWORD pw", "a", ada);
        has("machine a login ada account x password pw", "a", ada);
        has(
            "machine login login password password machine",
            "login",
            Some(("password", "machine")),
        );
        has("", "a", None);
        has("\n\n", "a", None);
    }

    #[test]
    fn the_first_entry_of_a_host_counts() {
        let text = "machine a login ada password 1\nmachine b login bob password 2\n\
                    machine a login eve password 3\n";
        has(text, "a", Some(("ada", "1")));
        has(text, "b", Some(("bob", "2")));
        has(text, "A", Some(("ada", "1")));
        has(text, "c", None);
        has(text, "x.a", None);
        has("machine a login ada login bob password 1 password 2", "a", Some(("bob", "2")));
        has("machine ::1 login ada", "[::1]", Some(("ada", "")));
        has("machine [::1] login ada", "::1", Some(("ada", "")));
    }

    #[test]
    fn the_default_is_for_hosts_without_an_entry() {
        let text = "machine a login ada password 1\ndefault login any password 2\n";
        has(text, "a", Some(("ada", "1")));
        has(text, "b", Some(("any", "2")));
        let reversed = "default login any password 2 machine a login ada password 1";
        has(reversed, "a", Some(("ada", "1")));
        has(reversed, "b", Some(("any", "2")));
        has("machine a\ndefault login any", "a", None);
        has("default", "a", None);
        has("default login 1 default login 2", "a", Some(("1", "")));
    }

    #[test]
    fn what_is_not_said_is_empty() {
        has("machine a login ada", "a", Some(("ada", "")));
        has("machine a password pw", "a", Some(("", "pw")));
        has("machine a login \"\" password \"\"", "a", None);
        has("machine a", "a", None);
        has("machine a account x", "a", None);
    }

    #[test]
    fn quotes_hold_blanks_and_escapes() {
        for (word, meaning) in [
            (r#""two words""#, "two words"),
            (r#""""#, ""),
            (r##""#1""##, "#1"),
            (r#""a\"b""#, "a\"b"),
            (r#""a\\b""#, "a\\b"),
            (r#""\n\r\t""#, "\n\r\t"),
            (r#""\x\#\ ""#, "x# "),
            (r#""naïve""#, "naïve"),
            (r#"a"b"#, "a\"b"),
            (r"a\nb", r"a\nb"),
            (r#"a"b"c"#, "a\"b\"c"),
            (r"\", r"\"),
            ("'a'", "'a'"),
        ] {
            has(&format!("machine a password {word} login u"), "a", Some(("u", meaning)));
            has(&format!("machine a login u password {word}"), "a", Some(("u", meaning)));
        }
        has("\"machine\" \"a\" \"login\" \"ada\"", "a", Some(("ada", "")));
    }

    #[test]
    fn comments_begin_where_a_keyword_or_a_line_could() {
        let ada = Some(("ada", "#pw#"));
        has("# x\nmachine a login ada password #pw#", "a", ada);
        has("#machine a login eve\nmachine a # login eve\nlogin ada password #pw# # x", "a", ada);
        has("machine a\n  # login eve\n  login ada\n  password #pw#\n#", "a", ada);
        has("machine a login\n# x\n  # y\n ada password #pw#", "a", ada);
        has("machine # login ada password #pw#", "#", ada);
        has("# \"\n#login\nmachine a login ada password #pw#", "a", ada);
    }

    #[test]
    fn macros_end_at_an_empty_line() {
        let ada = Some(("ada", "pw"));
        let macdef = "macdef init\nmachine a login eve\n# \"\n\n";
        has(&format!("{macdef}machine a login ada password pw"), "a", ada);
        has(&format!("machine a login ada password pw\n{macdef}"), "a", ada);
        has(&format!("machine a login ada {macdef}password pw"), "a", ada);
        has("machine a login ada password pw macdef x\nlogin eve", "a", ada);
        has("macdef x\n \t\nmachine a login ada password pw", "a", ada);
        has("macdef x login eve\n\nmachine a login ada password pw", "a", ada);
        has("machine a login ada password pw macdef x", "a", ada);
    }

    #[test]
    fn a_known_user_has_an_entry_or_none() {
        let text = "machine a login ada password 1 machine a login bob password 2 \
                    machine b password 3 default login ada password 4";
        let netrc = Netrc::parse(text).unwrap();
        for (host, user, expected) in [
            ("a", "ada", Some("1")),
            ("a", "bob", Some("2")),
            ("a", "Ada", None),
            ("b", "eve", Some("3")),
            ("c", "ada", Some("4")),
            ("c", "bob", None),
        ] {
            let found = netrc.find_user(host, user);
            assert_eq!(found.map(|login| login.password()), expected, "{host} {user}");
            assert!(found.is_none_or(|login| login.user() == user));
        }
    }

    #[track_caller]
    fn refuses(text: impl AsRef<[u8]>, kind: NetrcErrorKind, expected: &str) {
        let error = Netrc::parse(text).unwrap_err();
        assert_eq!((error.kind(), error.to_string().as_str()), (kind, expected));
    }

    #[test]
    fn says_what_is_wrong_and_where() {
        use NetrcErrorKind::{Keyword, Quote, TooLong, Utf8, Value};
        let keyword = "expected a keyword of a netrc file in line";
        refuses("host", Keyword, &format!("{keyword} 1 at byte 0"));
        refuses("\n\n login ada", Keyword, &format!("{keyword} 3 at byte 1"));
        refuses(
            "machine a login ada password open sesame",
            Keyword,
            &format!("{keyword} 1 at byte 34"),
        );
        refuses("machine a port 80", Keyword, &format!("{keyword} 1 at byte 10"));
        refuses("macdef x\na\n\nb", Keyword, &format!("{keyword} 4 at byte 0"));
        let value = "expected a word behind the keyword in line";
        refuses("machine", Value, &format!("{value} 1 at byte 7"));
        refuses("machine a\nlogin ada\npassword \n # x", Value, &format!("{value} 4 at byte 4"));
        refuses("macdef", Value, &format!("{value} 1 at byte 6"));
        let quote = "expected a closing quote and a blank behind it in line";
        for word in ["\"", "\"ada", "\"ada\\", "\"ada\\\"", "\"a\nb\"", "\"a\\\nb\"", "\"a\"b"] {
            refuses(format!("\nmachine a login {word}"), Quote, &format!("{quote} 2 at byte 16"));
        }
        refuses(b"machine a login \xff", Utf8, "expected a word in UTF-8 in line 1 at byte 16");
        refuses(b"machine \"\xff\"", Utf8, "expected a word in UTF-8 in line 1 at byte 8");
        assert!(Netrc::parse(b"# \xff\nmacdef x\n\xff\n").is_ok());
        let text = "expected a netrc file of at most 1048576 bytes in line 1 at byte 0";
        refuses(vec![b' '; MAX_LEN + 1], TooLong, text);
        assert!(Netrc::parse(vec![b' '; MAX_LEN]).is_ok());
    }

    #[test]
    fn every_prefix_is_read_or_refused() {
        let text = b"# c\nmachine \"a\\n\" login x # \"\nmacdef y\nz\n\npassword \"\\\"\" default login \"q\"";
        for len in 0..=text.len() {
            let _ = Netrc::parse(&text[..len]);
        }
    }

    #[test]
    fn debug_hides_passwords() {
        let netrc = Netrc::parse("machine a login ada password sesame").unwrap();
        let shown = format!("{netrc:?} {:?}", netrc.find("a"));
        assert!(shown.contains("ada") && !shown.contains("sesame"), "{shown}");
    }

    #[test]
    fn a_file_has_errors_of_its_own() {
        let error = Netrc::load_from(env::temp_dir().join("nethttp-no-such-netrc")).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::NotFound);
        let path = env::temp_dir().join(format!("nethttp-netrc-{}", std::process::id()));
        std::fs::write(&path, "machine a login ada").unwrap();
        let found = Netrc::load_from(&path).map(|netrc| netrc.find("a").is_some());
        std::fs::write(&path, "host").unwrap();
        let invalid = Netrc::load_from(&path).map(|_| ()).map_err(|error| error.kind());
        std::fs::write(&path, vec![b' '; MAX_LEN + 2]).unwrap();
        let long = Netrc::load_from(&path).map(|_| ()).map_err(|error| error.kind());
        std::fs::remove_file(&path).unwrap();
        assert!(found.unwrap());
        assert_eq!(invalid, Err(ErrorKind::InvalidData));
        assert_eq!(long, Err(ErrorKind::FileTooLarge));
    }
}
