//! Opening what may have become something else since it was looked at.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;

/// Opens for reading without waiting for anybody.
///
/// A FIFO is opened when somebody writes to it, which may be never, and with it the thread would be gone. That
/// the path was looked at before does not help: whoever may write into the directory can exchange one for the
/// other in between. For a file it makes no difference.
pub(super) fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(&mut options, NONBLOCK);
    options.open(path)
}

/// `O_NONBLOCK`, which the standard library does not name.
#[cfg(unix)]
const NONBLOCK: i32 = if cfg!(any(target_os = "linux", target_os = "android")) {
    if cfg!(any(
        target_arch = "mips",
        target_arch = "mips32r6",
        target_arch = "mips64",
        target_arch = "mips64r6"
    )) {
        0x80
    } else if cfg!(any(target_arch = "sparc", target_arch = "sparc64")) {
        0x4000
    } else {
        0x800
    }
} else if cfg!(any(
    target_vendor = "apple",
    target_os = "freebsd",
    target_os = "netbsd",
    target_os = "openbsd",
    target_os = "dragonfly"
)) {
    0x4
} else if cfg!(any(target_os = "solaris", target_os = "illumos")) {
    0x80
} else {
    0
};

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;
    use std::process::Command;
    use std::sync::mpsc;
    use std::time::Duration;
    use std::{env, fs, process, thread};

    #[test]
    fn a_fifo_without_a_writer_is_not_waited_for() {
        let path = env::temp_dir().join(format!("nethttp-fifo-{}", process::id()));
        let _ = fs::remove_file(&path);
        assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
        let (send, opened) = mpsc::channel();
        let fifo = path.clone();
        thread::spawn(move || send.send(open(&fifo).is_ok()));
        let opened = opened.recv_timeout(Duration::from_secs(20));
        fs::remove_file(&path).unwrap();
        assert_eq!(opened, Ok(true));
    }
}
