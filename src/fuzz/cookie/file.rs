//! Cookie files, of both formats.

use alloc::vec::Vec;

use crate::cookie::{Config, CookieFileError, CookieJar, FileFormat, MAX_FILE_ERRORS, Profile};
use crate::field::HttpDate;

/// What is read can be written and read again, as it was; reading leniently is reading the lines that are
/// right, and a file without an error is read the same either way.
///
/// An even first byte is RFC 6265, an odd one its successor; it is part of the file all the same.
pub fn cookie_file(data: &[u8]) {
    let now = HttpDate::from_unix(1_780_000_000);
    let is_old = data.first().is_some_and(|octet| octet % 2 == 0);
    let profile = if is_old { Profile::Rfc6265 } else { Profile::Rfc6265bis };
    let empty = CookieJar::with_config(Config::DEFAULT.profile(profile).max_cookies(50));

    let (mut strict, mut lenient) = (empty.clone(), empty.clone());
    let count = strict.read(data, now);
    let report = lenient.read_lenient(data, now);
    assert_eq!(report.errors().len(), report.error_count().min(MAX_FILE_ERRORS));
    match count {
        Ok(count) => {
            assert_eq!((report.cookies(), report.error_count()), (count, 0));
            assert_eq!(native(&strict), native(&lenient));
        }
        Err(error) => {
            assert!(strict.is_empty());
            assert_eq!(report.errors().first(), Some(&error));
        }
    }
    assert!(lenient.len() <= report.cookies().min(50));
    assert!(report.errors().is_sorted_by_key(CookieFileError::line));

    let mut again = empty.clone();
    assert_eq!(again.read(&native(&lenient), now), Ok(lenient.len()));
    assert_eq!(native(&again), native(&lenient));

    // The other format knows less, and some cookies it cannot hold.
    let netscape = lenient.encode(FileFormat::Netscape, now);
    let mut shared = empty;
    let count = shared.read(&netscape, now);
    assert!(count.is_ok_and(|count| count == shared.len() && count <= lenient.len()));
    assert_eq!(shared.encode(FileFormat::Netscape, now), netscape);
}

fn native(jar: &CookieJar) -> Vec<u8> {
    jar.encode(FileFormat::Native, HttpDate::from_unix(1_780_000_000))
}
