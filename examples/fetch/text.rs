//! Arguments are bytes. Some are sent as they are; others have to be text, and none is altered in silence.

use std::ffi::{OsStr, OsString};

use crate::failure::Failure;

/// Returns an argument that has to be text.
pub(crate) fn text<'a>(name: &str, value: &'a OsStr) -> Result<&'a str, Failure> {
    from_utf8(name, value.as_encoded_bytes())
}

pub(crate) fn from_utf8<'a>(name: &str, bytes: &'a [u8]) -> Result<&'a str, Failure> {
    // They may be secret.
    let wrong = |_| Failure::usage(format!("expected UTF-8 after {name}, found other bytes"));
    std::str::from_utf8(bytes).map_err(wrong)
}

/// Returns a part of an argument as an argument of its own, such as the name of a file.
#[cfg(unix)]
pub(crate) fn os_string(bytes: &[u8]) -> Result<OsString, Failure> {
    use std::os::unix::ffi::OsStrExt;
    Ok(OsStr::from_bytes(bytes).to_owned())
}

/// Returns a part of an argument as an argument of its own, which has to be text where names are.
#[cfg(not(unix))]
pub(crate) fn os_string(bytes: &[u8]) -> Result<OsString, Failure> {
    from_utf8("an option", bytes).map(OsString::from)
}
