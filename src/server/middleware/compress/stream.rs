//! Bodies that compress themselves while they are sent.

use std::io::{self, Read, Write};
use std::sync::PoisonError;

use super::decide::Plan;
use crate::coding::{Encoder, Encoding, Format, Level};
use crate::header::HeaderMap;
use crate::message::{Body, BodyWriter, Content};

/// What is read of a body at a time.
const PIECE: usize = 64 << 10;
/// What is collected of a body that is at hand before it is sent.
const ENOUGH: usize = 32 << 10;

/// Returns a body that yields, or writes, the encoding of another.
pub(super) fn encoded(body: Body, plan: &Plan, level: Level) -> Body {
    let tally = Tally { left: plan.len };
    let format = plan.format;
    match body.into_content() {
        Content::Writer(write) => {
            let write = write.into_inner().unwrap_or_else(PoisonError::into_inner);
            Body::writer(move |out| {
                let mut out = EncodingWriter { inner: Encoding::new(out, format, level), tally };
                write(&mut out)?;
                out.finish()
            })
        }
        content => {
            let can_wait = !matches!(content, Content::Reader(..));
            let source = Body::new(content);
            Body::reader(EncodingReader::new(source, can_wait, format, level, tally), None)
        }
    }
}

/// Holds a body to the length that was announced for it. Of the compressed content nobody knows the length, so
/// the framing cannot.
#[derive(Debug)]
struct Tally {
    left: Option<u64>,
}

impl Tally {
    fn take(&mut self, len: usize) -> io::Result<()> {
        if let Some(left) = &mut self.left {
            let rest = u64::try_from(len).ok().and_then(|len| left.checked_sub(len));
            *left = rest.ok_or_else(|| mismatch("more"))?;
        }
        Ok(())
    }

    fn end(&self) -> io::Result<()> {
        match self.left {
            Some(1..) => Err(mismatch("less")),
            _ => Ok(()),
        }
    }
}

fn mismatch(found: &str) -> io::Error {
    let text = format!("expected as much content as was announced, found {found}");
    io::Error::new(io::ErrorKind::InvalidData, text)
}

/// Yields the encoding of what a body yields.
struct EncodingReader {
    source: Body,
    /// Whether the source yields all that it has without a wait, so that nothing is late that is held back.
    can_wait: bool,
    /// None once the stream has ended.
    encoder: Option<Encoder>,
    tally: Tally,
    input: Vec<u8>,
    /// What was encoded, of which `taken` bytes have been read.
    out: Vec<u8>,
    taken: usize,
}

impl EncodingReader {
    fn new(source: Body, can_wait: bool, format: Format, level: Level, tally: Tally) -> Self {
        let encoder = Some(Encoder::new(format, level));
        let len = tally.left.and_then(|left| usize::try_from(left).ok());
        let input = vec![0; len.unwrap_or(PIECE).clamp(1, PIECE)];
        Self { source, can_wait, encoder, tally, input, out: Vec::new(), taken: 0 }
    }

    /// Reads a piece and encodes it. An error leaves the stream without an end.
    fn advance(&mut self) -> io::Result<()> {
        let len = self.source.read(&mut self.input)?;
        self.tally.take(len)?;
        if len == 0 {
            self.tally.end()?;
            if let Some(encoder) = self.encoder.take() {
                encoder.finish(&mut self.out);
            }
        } else if let Some(encoder) = &mut self.encoder {
            encoder.encode(self.input.get(..len).unwrap_or_default(), &mut self.out);
            // Nothing more may come for a while, unless all there is has come.
            if !self.can_wait && self.tally.left != Some(0) {
                encoder.flush(&mut self.out);
            }
        }
        Ok(())
    }
}

impl Read for EncodingReader {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if self.taken == self.out.len() {
            self.out.clear();
            self.taken = 0;
            let enough = if self.can_wait { ENOUGH } else { 1 };
            while self.out.len() < enough && self.encoder.is_some() {
                self.advance()?;
            }
        }
        let len = self.out.get(self.taken..).unwrap_or_default().read(buf)?;
        self.taken += len;
        Ok(len)
    }
}

/// Writes the encoding of what is written to it.
struct EncodingWriter<'a> {
    inner: Encoding<&'a mut dyn BodyWriter>,
    tally: Tally,
}

impl EncodingWriter<'_> {
    fn finish(mut self) -> io::Result<()> {
        self.tally.end()?;
        self.inner.finish()?;
        super::drop_outdated(self.trailers());
        Ok(())
    }
}

impl Write for EncodingWriter<'_> {
    fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
        let len = self.inner.write(buf)?;
        self.tally.take(len)?;
        Ok(len)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl BodyWriter for EncodingWriter<'_> {
    fn trailers(&mut self) -> &mut HeaderMap {
        self.inner.get_mut().trailers()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::coding::{Limits, decode};

    const PLAN: Plan = Plan { format: Format::Gzip, must_encode: false, len: None };

    /// Yields one piece a call, fails where it is told to, and ends.
    struct Script(Vec<io::Result<&'static [u8]>>);

    impl Read for Script {
        fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Ok(0);
            }
            self.0.remove(0)?.read(buf)
        }
    }

    fn reading(script: Vec<io::Result<&'static [u8]>>, len: Option<u64>) -> Body {
        encoded(Body::reader(Script(script), len), &Plan { len, ..PLAN }, Level::FAST)
    }

    fn decoded(bytes: &[u8]) -> Vec<u8> {
        decode(Format::Gzip, bytes, &Limits::DEFAULT).unwrap()
    }

    /// Decodes what ends with a flush, which leaves whole bytes without an end.
    fn decoded_so_far(bytes: &[u8]) -> Vec<u8> {
        let ended = [&bytes[10..], &[1, 0, 0, 0xff, 0xff]].concat();
        decode(Format::Raw, &ended, &Limits::DEFAULT).unwrap()
    }

    #[test]
    fn each_piece_of_a_reader_can_be_decoded_when_it_comes() {
        let interrupted = || io::Error::from(io::ErrorKind::Interrupted);
        let script = vec![Ok(&b"first, "[..]), Err(interrupted()), Ok(b"second"), Ok(b", third")];
        let mut body = reading(script, None);
        let (mut bytes, mut buf) = (Vec::new(), [0; 256]);
        let mut seen = Vec::new();
        loop {
            match body.read(&mut buf) {
                Ok(0) => break,
                Ok(len) => {
                    bytes.extend_from_slice(&buf[..len]);
                    seen.push(bytes.clone());
                }
                Err(error) => assert_eq!(error.kind(), io::ErrorKind::Interrupted),
            }
        }
        assert_eq!(decoded_so_far(&seen[0]), b"first, ");
        assert_eq!(decoded_so_far(&seen[1]), b"first, second");
        assert_eq!(decoded(&bytes), b"first, second, third");
    }

    #[track_caller]
    fn flushes(body: Body, len: Option<u64>, expected: usize) {
        let mut bytes = Vec::new();
        let mut body = encoded(body, &Plan { len, ..PLAN }, Level::FAST);
        body.read_to_end(&mut bytes).unwrap();
        let found = bytes.windows(4).filter(|four| *four == [0, 0, 0xff, 0xff]).count();
        assert_eq!(found, expected);
    }

    #[test]
    fn what_comes_at_once_is_not_flushed() {
        let script = || Body::reader(Script(vec![Ok(b"first, "), Ok(b"second")]), None);
        flushes(script(), None, 2);
        // Behind the last piece comes the end.
        flushes(script(), Some(13), 1);
        flushes(vec![b'x'; 3 * PIECE].into(), None, 0);
    }

    #[test]
    fn a_small_buffer_loses_nothing() {
        let mut body = reading(vec![Ok(&[b'x'; 500]), Ok(b"yz")], Some(502));
        let mut bytes = Vec::new();
        let mut byte = [0];
        while body.read(&mut byte).unwrap() == 1 {
            bytes.push(byte[0]);
        }
        assert_eq!(decoded(&bytes), [&[b'x'; 500][..], b"yz"].concat());
    }

    #[track_caller]
    fn breaks_off(mut body: Body, text: &str) {
        let mut bytes = Vec::new();
        let error = body.read_to_end(&mut bytes).unwrap_err();
        assert_eq!(error.to_string(), text);
        assert!(decode(Format::Gzip, &bytes, &Limits::DEFAULT).is_err());
    }

    #[test]
    fn a_reader_that_fails_or_does_not_keep_its_word_has_no_end() {
        let less = "expected as much content as was announced, found less";
        let more = "expected as much content as was announced, found more";
        breaks_off(reading(vec![Ok(b"abc")], Some(4)), less);
        breaks_off(reading(vec![Ok(b"abc"), Ok(b"d")], Some(3)), more);
        breaks_off(reading(vec![Ok(b"abc"), Err(io::Error::other("gone"))], None), "gone");
        breaks_off(reading(vec![Err(io::Error::other("gone"))], Some(4)), "gone");
    }

    /// What a body that writes itself is given by a server, and how often it was flushed.
    #[derive(Default)]
    struct Sink(Vec<u8>, usize, HeaderMap);

    impl Write for Sink {
        fn write(&mut self, buf: &[u8]) -> io::Result<usize> {
            self.0.write(buf)
        }

        fn flush(&mut self) -> io::Result<()> {
            self.1 += 1;
            Ok(())
        }
    }

    impl BodyWriter for Sink {
        fn trailers(&mut self) -> &mut HeaderMap {
            &mut self.2
        }
    }

    fn written(body: Body, len: Option<u64>) -> (io::Result<()>, Sink) {
        let body = encoded(body, &Plan { len, ..PLAN }, Level::FAST);
        let Content::Writer(write) = body.into_content() else { panic!("not a writer") };
        let mut sink = Sink::default();
        let result = write.into_inner().unwrap()(&mut sink);
        (result, sink)
    }

    #[test]
    fn what_is_written_can_be_decoded_after_a_flush_and_has_its_trailers() {
        let (result, sink) = written(
            Body::writer(|out| {
                out.write_all(b"first, ")?;
                out.flush()?;
                out.write_all(b"second")?;
                // Of the content as it is here.
                let _ = out.trailers().append("Content-Digest", "md5=:AA==:");
                out.trailers().append("Sum", "1").map_err(io::Error::other)
            }),
            None,
        );
        result.unwrap();
        assert_eq!((decoded(&sink.0), sink.1), (b"first, second".to_vec(), 1));
        assert_eq!((sink.2.text("Sum"), sink.2.len()), (Some("1"), 1));
        let sync = sink.0.windows(4).position(|four| four == [0, 0, 0xff, 0xff]).unwrap();
        assert_eq!(decoded_so_far(&sink.0[..sync + 4]), b"first, ");
    }

    #[test]
    fn a_writer_that_fails_or_does_not_keep_its_word_has_no_end() {
        let three = || Body::writer(|out| out.write_all(b"abc"));
        assert!(written(three(), Some(3)).0.is_ok());
        for len in [2, 4] {
            let (result, sink) = written(three(), Some(len));
            assert_eq!(result.unwrap_err().kind(), io::ErrorKind::InvalidData);
            assert!(decode(Format::Gzip, &sink.0, &Limits::DEFAULT).is_err());
        }
        let fails = Body::writer(|out| {
            out.write_all(b"abc")?;
            Err(io::Error::other("gone"))
        });
        let (result, sink) = written(fails, None);
        assert_eq!(result.unwrap_err().to_string(), "gone");
        assert!(decode(Format::Gzip, &sink.0, &Limits::DEFAULT).is_err());
    }
}
