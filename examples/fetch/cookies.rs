//! The jar of `-b FILE` and `-c FILE`.

use std::fs::{self, OpenOptions};
use std::io::{self, ErrorKind, Read, Write};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use nethttp::CookieJar;
use nethttp::cookie::FileFormat;

use crate::failure::{Failure, Status};
use crate::options::Options;

/// Reads the cookies of all files, if any is named. One that is not there has none, and lines that are wrong are passed over,
/// as curl does it.
pub(crate) fn load(options: &Options) -> Result<Option<Arc<Mutex<CookieJar>>>, Failure> {
    if options.cookie_files.is_empty() && options.cookie_jar.is_none() {
        return Ok(None);
    }
    let mut jar = CookieJar::new();
    for path in &options.cookie_files {
        match add(&mut jar, path) {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                let text = format!("cannot read {}: {error}", path.display());
                return Err(Failure::new(Status::Read, text));
            }
            _ => {}
        }
    }
    if options.junk_session_cookies {
        jar.clear_session();
    }
    Ok(Some(Arc::new(Mutex::new(jar))))
}

fn add(jar: &mut CookieJar, path: &Path) -> io::Result<()> {
    if path == Path::new("-") {
        let mut text = Vec::new();
        io::stdin().read_to_end(&mut text)?;
        jar.read_lenient(&text, SystemTime::now());
        return Ok(());
    }
    jar.load_lenient(path, SystemTime::now()).map(drop)
}

/// Writes the cookies where `-c` says, those of this session too.
pub(crate) fn save(options: &Options, jar: Option<&Mutex<CookieJar>>) -> Result<(), Failure> {
    let (Some(path), Some(jar)) = (&options.cookie_jar, jar) else { return Ok(()) };
    let jar = jar.lock().unwrap_or_else(PoisonError::into_inner);
    let now = SystemTime::now();
    let text = || jar.encode(FileFormat::Netscape, now);
    // A file is replaced by one that is whole; a device or a pipe is there to be written to.
    let is_special = fs::metadata(path).is_ok_and(|there| !there.is_file() && !there.is_dir());
    let saved = match path == Path::new("-") {
        true => io::stdout().lock().write_all(&text()),
        false if is_special => {
            let opened = OpenOptions::new().write(true).open(path);
            opened.and_then(|mut file| file.write_all(&text()))
        }
        false => jar.save(path, FileFormat::Netscape, now),
    };
    saved.map_err(|error| {
        Failure::new(Status::Write, format!("cannot write {}: {error}", path.display()))
    })
}
