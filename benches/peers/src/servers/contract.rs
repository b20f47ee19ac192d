//! What every server answers.
//!
//! | target | answer |
//! |---|---|
//! | `/` | [`HELLO`] |
//! | `/pieces` | the texts of [`PIECES`] in chunks, each sent by itself where the server can |
//! | `/stream` | [`STREAM`] bytes in chunks, of unknown length as far as the server knows |
//! | `/upload` | the number of bytes of the request's body, in decimal digits |
//! | `/static/NAME` | the file of that name, see [`FILES`] |
//! | anything else | 404 |

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

use crate::random::Random;

/// The smallest body.
pub const HELLO: &str = "Hello, World!";
/// What comes in pieces.
pub const PIECES: [&str; 3] = ["the first\n", "the second\n", "the third\n"];
/// The bytes of one piece of a stream.
pub const PIECE: usize = 64 << 10;
/// The bytes of a stream, and of an upload.
pub const STREAM: u64 = 100 << 20;
/// What a stream is made of.
pub static FILLING: [u8; PIECE] = [b'x'; PIECE];
/// The files, by their length.
pub const FILES: [(&str, usize); 3] = [("1k", 1 << 10), ("64k", 64 << 10), ("10m", 10 << 20)];

/// What a target stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route<'a> {
    Hello,
    Pieces,
    Stream,
    Upload,
    File(&'a str),
    Unknown,
}

impl<'a> Route<'a> {
    /// Finds the route of a path.
    #[must_use]
    pub fn of(path: &'a str) -> Self {
        match path {
            "/" => Self::Hello,
            "/pieces" => Self::Pieces,
            "/stream" => Self::Stream,
            "/upload" => Self::Upload,
            _ => path.strip_prefix("/static/").map_or(Self::Unknown, Self::File),
        }
    }
}

/// Opens a file and looks how long it is.
///
/// # Errors
///
/// There is no such file.
pub fn open(root: &Path, name: &str) -> io::Result<(File, u64)> {
    let file = File::open(root.join("static").join(name))?;
    let len = file.metadata()?.len();
    Ok((file, len))
}

/// Returns the bytes of a file.
#[must_use]
pub fn content(len: usize) -> Vec<u8> {
    let mut random = Random::new(1);
    let mut bytes = Vec::with_capacity(len + 8);
    while bytes.len() < len {
        bytes.extend_from_slice(&random.bits().to_le_bytes());
    }
    bytes.truncate(len);
    bytes
}

/// Writes the files into a folder.
///
/// # Errors
///
/// What the system says.
pub fn write_files(root: &Path) -> io::Result<()> {
    let folder = root.join("static");
    fs::create_dir(&folder)?;
    FILES.iter().try_for_each(|(name, len)| fs::write(folder.join(name), content(*len)))
}

/// Reads what [`PIECES`] has, one text at a time.
#[must_use]
pub fn pieces() -> impl Read + Send + 'static {
    let [first, second, third] = PIECES.map(str::as_bytes);
    first.chain(second).chain(third)
}

/// Reads a stream.
#[must_use]
pub fn stream() -> impl Read + Send + 'static {
    io::repeat(b'x').take(STREAM)
}

/// Reads a body to its end and returns its length.
///
/// # Errors
///
/// What the reader says.
pub fn count(mut body: impl Read) -> io::Result<u64> {
    let mut buf = vec![0; PIECE];
    let mut len = 0;
    loop {
        match body.read(&mut buf)? {
            0 => return Ok(len),
            read => len += read as u64,
        }
    }
}
