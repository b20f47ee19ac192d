//! The files of a jar.
//!
//! | | what it holds | who reads it |
//! |---|---|---|
//! | [`FileFormat::Netscape`] | name, value, domain, path, `Secure`, `HttpOnly`, expiry | curl, wget, Python, exports of browsers |
//! | [`FileFormat::Native`] | everything | this crate |
//!
//! ```
//! # #[cfg(feature = "std")] {
//! use nethttp::cookie::{CookieJar, FileFormat};
//! use std::time::SystemTime;
//!
//! let path = std::env::temp_dir().join(format!("nethttp-{}.txt", std::process::id()));
//! let mut jar = CookieJar::new();
//! jar.save(&path, FileFormat::Netscape, SystemTime::now())?;
//! jar.load(&path, SystemTime::now())?;
//! # std::fs::remove_file(&path)?;
//! # }
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! No RFC describes cookie files.

mod error;
mod line;
mod native;
mod netscape;
#[cfg(feature = "std")]
mod save;

use alloc::vec::Vec;

use self::line::{Entry, Lines, Rules};
use super::{Cookie, CookieJar};
use crate::field::HttpDate;

pub use error::{CookieFileError, CookieFileErrorKind};

/// The bytes that a line of a cookie file may have, without its end.
pub const MAX_LINE_LEN: usize = 64 << 10;

/// The bytes of a cookie file that [`CookieJar::load`] reads; a longer one is an error.
#[cfg(feature = "std")]
pub const MAX_FILE_LEN: usize = 64 << 20;

/// The errors that a [`CookieFileReport`] keeps; of later ones it knows the number.
pub const MAX_FILE_ERRORS: usize = 100;

/// What some editors put in front of UTF-8; it is passed over.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// A jar that is read is put in order at the latest after so many cookies, or after as many as it may
/// hold, so that it does not grow with the file.
const MIN_BATCH: usize = 1024;

/// How the cookies of a jar stand in a file.
///
/// Both formats keep the cookies of a session, as curl does; whoever begins a new one calls
/// [`CookieJar::clear_session`]. Other formats are not read: that of `LWP`, and the databases of browsers,
/// whose values are encrypted.
///
/// # Examples
///
/// ```
/// use nethttp::cookie::{CookieJar, FileFormat};
/// use nethttp::field::HttpDate;
///
/// let text = CookieJar::new().encode(FileFormat::Netscape, HttpDate::from_unix(0));
/// assert_eq!(text, b"# Netscape HTTP Cookie File\n");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum FileFormat {
    /// The `cookies.txt` that curl, wget, Python and exports of browsers share: a cookie a line, in seven
    /// fields separated by HTAB. No RFC describes it.
    ///
    /// It knows nothing of `SameSite`, of `Partitioned`, nor of when a cookie was set and used: what is
    /// read from it counts as set now. A cookie with HTAB in its name, value or path cannot be written,
    /// and is left out.
    ///
    /// Programs differ in what they make of some lines:
    ///
    /// - A cookie without a name has an empty sixth field. Python takes it as it is; curl skips the empty
    ///   field, and has a cookie with that name and an empty value.
    /// - A session cookie expires at 0. Python takes that for 1970 and reads such a cookie only with
    ///   `ignore_expires=True`.
    /// - Python reads no file with bytes that are not UTF-8, where that is what files are in.
    Netscape,
    /// The format of this crate, which holds all that a jar does: a line is a cookie as a `Set-Cookie`
    /// field has it, with absolute dates and `HostOnly`, `Created` and `Accessed` besides.
    ///
    /// Other programs see a comment and lines that are not theirs.
    Native,
}

impl FileFormat {
    /// Returns the format of a text, by its first line. What does not say that it is native is Netscape,
    /// whose first line is often missing.
    ///
    /// ```
    /// use nethttp::cookie::FileFormat;
    ///
    /// assert_eq!(FileFormat::detect(b"# nethttp cookies, version 1\n"), FileFormat::Native);
    /// assert_eq!(FileFormat::detect(b"# HTTP Cookie File\n"), FileFormat::Netscape);
    /// ```
    #[must_use]
    pub fn detect(text: &[u8]) -> Self {
        if text.starts_with(native::MAGIC) { Self::Native } else { Self::Netscape }
    }

    fn begin(self, out: &mut Vec<u8>) {
        match self {
            Self::Netscape => netscape::begin(out),
            Self::Native => native::begin(out),
        }
    }

    fn can_hold(self, cookie: &Cookie) -> bool {
        match self {
            Self::Netscape => netscape::can_hold(cookie),
            Self::Native => true,
        }
    }

    fn write(self, cookie: &Cookie, out: &mut Vec<u8>) {
        match self {
            Self::Netscape => netscape::write(cookie, out),
            Self::Native => native::write(cookie, out),
        }
    }
}

/// What became of a file with lines that are wrong.
///
/// # Examples
///
/// ```
/// use nethttp::cookie::CookieJar;
/// use nethttp::field::HttpDate;
///
/// let text = b"example.org\tTRUE\t/\tTRUE\t0\tsid\t31d4\nexample.org\tTRUE\n";
/// let mut jar = CookieJar::new();
/// let report = jar.read_lenient(text, HttpDate::from_unix(0));
/// assert_eq!((report.cookies(), report.error_count(), jar.len()), (1, 1, 1));
/// assert_eq!(report.errors()[0].to_string(), "expected seven fields separated by HTAB in line 2 at byte 16");
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CookieFileReport {
    cookies: usize,
    errors: Vec<CookieFileError>,
    error_count: usize,
}

impl CookieFileReport {
    /// Returns the number of cookies that were read.
    ///
    /// ```
    /// use nethttp::cookie::CookieFileReport;
    ///
    /// assert_eq!(CookieFileReport::default().cookies(), 0);
    /// ```
    #[must_use]
    pub const fn cookies(&self) -> usize {
        self.cookies
    }

    /// Returns what was wrong, at most the first [`MAX_FILE_ERRORS`].
    ///
    /// ```
    /// use nethttp::cookie::CookieFileReport;
    ///
    /// assert!(CookieFileReport::default().errors().is_empty());
    /// ```
    #[must_use]
    pub fn errors(&self) -> &[CookieFileError] {
        &self.errors
    }

    /// Returns how many lines were wrong.
    ///
    /// ```
    /// use nethttp::cookie::{CookieJar, MAX_FILE_ERRORS};
    /// use nethttp::field::HttpDate;
    ///
    /// let report = CookieJar::new().read_lenient(&b"?\n".repeat(1000), HttpDate::from_unix(0));
    /// assert_eq!((report.error_count(), report.errors().len()), (1000, MAX_FILE_ERRORS));
    /// ```
    #[must_use]
    pub const fn error_count(&self) -> usize {
        self.error_count
    }

    fn push(&mut self, error: CookieFileError) {
        self.error_count += 1;
        if self.errors.len() < MAX_FILE_ERRORS {
            self.errors.push(error);
        }
    }
}

impl CookieJar {
    /// Returns the text of a file with the cookies that have not expired, in the order in which they were
    /// set.
    ///
    /// What [`FileFormat::Native`] gives, [`read`](Self::read) gives back: every property of every cookie,
    /// and which goes first.
    ///
    /// ```
    /// use nethttp::Uri;
    /// use nethttp::cookie::{Context, CookieJar, FileFormat, SetCookie};
    /// use nethttp::field::HttpDate;
    ///
    /// let now = HttpDate::from_unix(1_780_000_000);
    /// let mut jar = CookieJar::new();
    /// let cookie = SetCookie::parse(b"sid=31d4; Secure; HttpOnly; Max-Age=3600")?;
    /// jar.store(&Uri::parse("https://example.org/")?, &cookie, &Context::at(now))?;
    ///
    /// let text = jar.encode(FileFormat::Netscape, now);
    /// assert!(text.ends_with(b"\n#HttpOnly_example.org\tFALSE\t/\tTRUE\t1780003600\tsid\t31d4\n"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn encode(&self, format: FileFormat, now: impl Into<HttpDate>) -> Vec<u8> {
        let now = now.into();
        let is_written = |cookie: &&Cookie| !cookie.is_expired(now) && format.can_hold(cookie);
        let mut cookies: Vec<&Cookie> = self.iter().filter(is_written).collect();
        cookies.sort_unstable_by_key(|cookie| cookie.order());
        let mut out = Vec::new();
        format.begin(&mut out);
        for cookie in cookies {
            format.write(cookie, &mut out);
        }
        out
    }

    /// Adds the cookies of a file's text, whose format is [detected](FileFormat::detect), and returns how
    /// many were read; those that have expired do not count.
    ///
    /// A cookie with the name, domain and path of one that is there takes its place, and keeps the earlier
    /// of their two creation times. The jar's limits hold: a cookie expires at the latest when one would
    /// that is set now, and a jar that is then too full lets go of those that were not used for longest. A
    /// cookie for a public suffix or an address is for that host alone, as it is when a response sets it.
    ///
    /// # Errors
    ///
    /// Returns what is wrong with the first line that is wrong; nothing is added then.
    /// [`read_lenient`](Self::read_lenient) takes the others.
    ///
    /// # Examples
    ///
    /// ```
    /// use nethttp::cookie::CookieJar;
    /// use nethttp::field::HttpDate;
    ///
    /// let text = b"# Netscape HTTP Cookie File\n.example.org\tTRUE\t/docs\tFALSE\t0\tlang\ten\n";
    /// let mut jar = CookieJar::new();
    /// assert_eq!(jar.read(text, HttpDate::from_unix(1_780_000_000)), Ok(1));
    /// assert_eq!(jar.iter().next().unwrap().domain(), "example.org");
    /// ```
    pub fn read(
        &mut self,
        text: &[u8],
        now: impl Into<HttpDate>,
    ) -> Result<usize, CookieFileError> {
        let reader = Reader::new(text, Rules::new(self, now.into()));
        // Twice over the text costs no memory.
        reader.entries().try_for_each(|entry| entry.map(drop))?;
        Ok(self.add(&reader, |_| {}))
    }

    /// Adds the cookies of a file's text as [`read`](Self::read) does, but for the lines that are wrong,
    /// and returns what was wrong with them.
    ///
    /// A native file of another version is an error as a whole.
    ///
    /// ```
    /// use nethttp::cookie::CookieJar;
    /// use nethttp::field::HttpDate;
    ///
    /// let text = b"example.org\tTRUE\t/\tFALSE\t0\t__Host-sid\t1\nexample.org\tTRUE\t/\tFALSE\t0\tlang\ten\n";
    /// let mut jar = CookieJar::new();
    /// for error in jar.read_lenient(text, HttpDate::from_unix(0)).errors() {
    ///     eprintln!("cookies.txt: {error}");
    /// }
    /// assert_eq!(jar.len(), 1);
    /// ```
    pub fn read_lenient(&mut self, text: &[u8], now: impl Into<HttpDate>) -> CookieFileReport {
        let reader = Reader::new(text, Rules::new(self, now.into()));
        let mut report = CookieFileReport::default();
        report.cookies = self.add(&reader, |error| report.push(error));
        report
    }

    fn add(&mut self, reader: &Reader<'_>, mut refuse: impl FnMut(CookieFileError)) -> usize {
        let batch = self.config().max_cookies.max(MIN_BATCH);
        let mut count = 0_usize;
        for entry in reader.entries() {
            match entry {
                Ok(entry) => {
                    self.restore(&entry.parts());
                    count += 1;
                    if count.is_multiple_of(batch) {
                        self.settle(reader.rules.now());
                    }
                }
                Err(error) => refuse(error),
            }
        }
        self.settle(reader.rules.now());
        count
    }
}

/// A text, and who reads it.
struct Reader<'a> {
    text: &'a [u8],
    format: FileFormat,
    rules: Rules,
}

impl<'a> Reader<'a> {
    fn new(text: &'a [u8], rules: Rules) -> Self {
        let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
        Self { text, format: FileFormat::detect(text), rules }
    }

    /// The cookies that have not expired, and the lines that are wrong.
    fn entries(&self) -> impl Iterator<Item = Result<Entry<'a>, CookieFileError>> {
        let mut lines = Lines::new(self.text);
        let mut first = None;
        if self.format == FileFormat::Native
            && let Some(line) = lines.next()
            && let Err(error) = native::parse_first(&line)
        {
            first = Some(Err(error));
            lines = Lines::new(&[]);
        }
        let entries = lines.filter_map(|line| {
            let draft = match self.format {
                FileFormat::Netscape => netscape::parse(&line),
                FileFormat::Native => native::parse(&line),
            };
            draft
                .and_then(|draft| draft.map_or(Ok(None), |draft| self.rules.admit(draft, &line)))
                .transpose()
        });
        first.into_iter().chain(entries)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::{Config, Context, Profile, SetCookie};
    use crate::uri::Uri;
    use alloc::format;
    use alloc::string::String;

    const NOW: HttpDate = HttpDate::from_unix(1_780_000_000);

    fn jar_with(fields: &[(&str, &str)], now: HttpDate) -> CookieJar {
        let mut jar = CookieJar::new();
        for (uri, field) in fields {
            let cookie = SetCookie::parse(field.as_bytes()).unwrap();
            jar.store(&Uri::parse(uri).unwrap(), &cookie, &Context::at(now)).unwrap();
        }
        jar
    }

    fn later(seconds: i64) -> HttpDate {
        HttpDate::from_unix(NOW.unix() + seconds)
    }

    #[test]
    fn a_reading_with_an_error_adds_nothing() {
        for text in [
            "a.example\tTRUE\t/\tFALSE\t0\ta\tb\nx\n",
            "# nethttp cookies, version 1\na=b; Domain=a.example; Path=/\nx\n",
        ] {
            let mut jar = jar_with(&[("http://a.example/", "a=1; Domain=a.example")], NOW);
            let error = jar.read(text.as_bytes(), NOW).unwrap_err();
            assert_eq!(usize::try_from(error.line()), Ok(text.lines().count()));
            assert_eq!(jar.len(), 1);
            assert_eq!(jar.iter().next().unwrap().value(), b"1");

            let report = jar.read_lenient(text.as_bytes(), NOW);
            assert_eq!((report.cookies(), report.errors()), (1, &[error][..]));
            assert_eq!(jar.iter().next().unwrap().value(), b"b");
        }
    }

    #[test]
    fn a_cookie_of_a_file_takes_the_place_of_one_that_is_there() {
        let fields = [("http://a.example/", "a=1"), ("http://a.example/", "b=1")];
        let mut jar = jar_with(&fields, NOW);
        let text = b"a.example\tFALSE\t/\tFALSE\t0\tb\t2\na.example\tFALSE\t/\tTRUE\t0\ta\t2\n\
            a.example\tFALSE\t/\tTRUE\t0\ta\t3\n";
        assert_eq!(jar.read(text, later(60)), Ok(3));
        let cookies: Vec<_> = jar.iter().map(|it| (it.name(), it.value(), it.created())).collect();
        // As old as before, and in the order of before.
        assert_eq!(cookies, [(&b"a"[..], &b"3"[..], NOW), (b"b", b"2", NOW)]);
        assert_eq!(jar.len(), 2);
        assert!(jar.iter().all(|cookie| cookie.last_access() == later(60)));
    }

    #[test]
    fn the_earlier_creation_counts() {
        let old = jar_with(&[("http://a.example/", "a=old")], NOW).encode(FileFormat::Native, NOW);
        let mut jar = jar_with(&[("http://a.example/", "a=new")], later(60));
        assert_eq!(jar.read(&old, later(60)), Ok(1));
        let cookie = jar.iter().next().unwrap();
        assert_eq!((cookie.value(), cookie.created()), (&b"old"[..], NOW));
    }

    #[test]
    fn what_has_expired_is_neither_written_nor_read_nor_removes_anything() {
        let fields = [("http://a.example/", "a=1; Max-Age=60"), ("http://a.example/", "b=2")];
        let jar = jar_with(&fields, NOW);
        for format in [FileFormat::Netscape, FileFormat::Native] {
            let text = jar.encode(format, later(59));
            let mut other = jar.clone();
            assert_eq!(other.read(&text, later(59)), Ok(2));
            assert_eq!(other.read(&text, later(60)), Ok(1));
            assert_eq!(other.len(), 2);
            let mut other = CookieJar::new();
            assert_eq!(other.read(&jar.encode(format, later(60)), later(59)), Ok(1));
        }
    }

    #[test]
    fn the_limits_of_the_jar_hold() {
        let text = (0..5000).fold(String::new(), |text, number| {
            text + &format!("a{}.example\tTRUE\t/\tFALSE\t0\t{number}\tb\n", number % 10)
        });
        let config = Config::DEFAULT.max_cookies(40).max_cookies_per_domain(7);
        let mut jar = CookieJar::with_config(config);
        assert_eq!(jar.read(text.as_bytes(), NOW), Ok(5000));
        // The last ones, which were used last.
        let mut names: Vec<_> = jar.iter().map(Cookie::name).collect();
        names.sort_unstable();
        let expected: Vec<_> =
            (4960..5000).map(|number| format!("{number}").into_bytes()).collect();
        assert_eq!(names, expected);
        assert_eq!(jar.len(), 40);
    }

    #[test]
    fn the_profile_of_the_jar_holds() {
        let config = Config::DEFAULT.profile(Profile::Rfc6265);
        let nameless = b"a.example\tTRUE\t/\tFALSE\t0\t\tb\n";
        let error = CookieJar::with_config(config).read(nameless, NOW).unwrap_err();
        assert_eq!((error.kind(), error.offset()), (CookieFileErrorKind::Name, 25));
        let prefix = b"a.example\tTRUE\t/\tFALSE\t0\t__Host-a\tb\n";
        assert_eq!(CookieJar::with_config(config).read(prefix, NOW), Ok(1));
    }

    #[test]
    fn the_longest_cookie_that_a_jar_takes_can_be_read() {
        let path = ";".repeat(4095);
        let mut jar = CookieJar::with_config(Config::DEFAULT.profile(Profile::Rfc6265));
        let cookie = format!("a={}", "b".repeat(4095));
        let uri = Uri::parse(format!("http://a.example/{path}/")).unwrap();
        let cookie = SetCookie::parse(cookie.as_bytes()).unwrap();
        jar.store(&uri, &cookie, &Context::at(NOW)).unwrap();
        for format in [FileFormat::Netscape, FileFormat::Native] {
            assert_eq!(jar.clone().read(&jar.encode(format, NOW), NOW), Ok(1));
        }
    }

    #[test]
    fn a_byte_order_mark_is_passed_over() {
        let jar = jar_with(&[("http://a.example/", "a=b")], NOW);
        for format in [FileFormat::Netscape, FileFormat::Native] {
            let text = [BYTE_ORDER_MARK, &jar.encode(format, NOW)].concat();
            assert_eq!(CookieJar::new().read(&text, NOW), Ok(1));
        }
        let text = [BYTE_ORDER_MARK, b"a.example\tTRUE\t/\tFALSE\t0\ta\tb"].concat();
        assert_eq!(CookieJar::new().read(&text, NOW), Ok(1));
    }

    #[test]
    fn cookies_are_written_in_the_order_in_which_they_were_set() {
        let fields = [
            ("http://www.example.org/", "a=1; Domain=example.org"),
            ("http://www.example.org/", "b=2"),
            ("http://www.example.org/", "c=3; Domain=example.org"),
        ];
        let jar = jar_with(&fields, NOW);
        let mut other = CookieJar::new();
        other.read(&jar.encode(FileFormat::Native, NOW), NOW).unwrap();
        let uri = Uri::parse("http://www.example.org/").unwrap();
        assert_eq!(other.peek_header(&uri, &Context::at(NOW)).unwrap(), "a=1; b=2; c=3");
    }
}
