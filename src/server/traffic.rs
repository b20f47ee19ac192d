//! Whether anything has reached this machine at all.
//!
//! To ask ten thousand connections what has come takes some milliseconds. Linux counts the segments of TCP that come in, for all
//! connections together, and says so in a file: as long as that number stays the same, nobody has to be asked. The count is
//! that of this process's network; a listener that was inherited may belong to another one.

use std::fs::File;
use std::mem;

/// The count of incoming segments, as it was when it was last looked at.
#[derive(Debug)]
pub(super) struct Traffic {
    counts: Option<File>,
    seen: Option<u64>,
    was_new: bool,
}

impl Traffic {
    /// Where the count does not speak of all connections, something may always have come.
    pub(super) fn new(is_telling: bool) -> Self {
        let can_tell = is_telling && cfg!(target_os = "linux");
        let counts = if can_tell { File::open("/proc/net/snmp").ok() } else { None };
        Self { counts, seen: None, was_new: false }
    }

    /// Returns whether something may have come since this was last asked. Where the system does not say, something may
    /// have.
    pub(super) fn has_come(&mut self) -> bool {
        self.note(self.counts.as_ref().and_then(read))
    }

    /// A segment is counted a moment before its connection has it, so whoever asked in between has to ask again.
    fn note(&mut self, now: Option<u64>) -> bool {
        let is_new = now.is_none() || now != self.seen;
        self.seen = now;
        mem::replace(&mut self.was_new, is_new) || is_new
    }
}

#[cfg(unix)]
fn read(counts: &File) -> Option<u64> {
    use std::os::unix::fs::FileExt;
    // All of it has about 1,500 bytes, of which these are among the first 1,000.
    let mut buf = [0; 4 << 10];
    let len = counts.read_at(&mut buf, 0).ok()?;
    in_segments(std::str::from_utf8(buf.get(..len)?).ok()?)
}

#[cfg(not(unix))]
fn read(_: &File) -> Option<u64> {
    None
}

/// Finds the count in the two lines on TCP: one of names, and one of numbers.
fn in_segments(counts: &str) -> Option<u64> {
    let mut lines = counts.lines().filter_map(|line| line.strip_prefix("Tcp: "));
    let (names, numbers) = (lines.next()?, lines.next()?);
    let at = names.split(' ').position(|name| name == "InSegs")?;
    numbers.split(' ').nth(at)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_count_and_nothing_in_other_texts() {
        let counts =
            "Ip: A B\nIp: 1 2\nTcp: RtoMin InSegs OutSegs\nTcp: 200 77 -1\nUdp: InSegs\nUdp: 5\n";
        assert_eq!(in_segments(counts), Some(77));
        for other in
            ["", "Tcp: InSegs", "Tcp: InSegs\nTcp: x", "Tcp: A\nTcp: 1", "Tcp: A InSegs\nTcp: 1"]
        {
            assert_eq!(in_segments(other), None, "{other:?}");
        }
    }

    #[test]
    fn looks_once_more_after_something_has_come() {
        let mut traffic = Traffic { counts: None, seen: None, was_new: false };
        let mut seen = |counts: &[u64]| -> Vec<bool> {
            counts.iter().map(|&count| traffic.note(Some(count))).collect()
        };
        assert_eq!(seen(&[1, 1, 1, 1]), [true, true, false, false]);
        assert_eq!(seen(&[2, 3, 3, 3]), [true, true, true, false]);
        assert!(traffic.note(None) && traffic.note(None));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn sees_what_comes() {
        use std::io::Write;
        use std::net::{TcpListener, TcpStream};

        let mut traffic = Traffic::new(true);
        assert!(traffic.has_come());
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let addr = listener.local_addr().expect("an address");
        let mut near = TcpStream::connect(addr).expect("a connection");
        assert!(traffic.has_come());
        near.write_all(b"x").expect("it is open");
        assert!(traffic.has_come());
    }
}
