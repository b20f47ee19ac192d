//! How content goes out: at a pace, in chunks, and counted.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Instant;

use nethttp::{Body, Request};

use crate::pace::Pace;

/// Has the content of a request go no faster than so many bytes a second, and in chunks if the user asks for that with a
/// field. What goes out is counted.
pub(crate) fn shape(request: &mut Request, rate: Option<u64>, sent: &Arc<AtomicU64>) {
    // Whoever sends the request adds the field that fits.
    let is_chunked = request.headers_mut().remove("Transfer-Encoding") > 0;
    let len = request.body().len().filter(|_| !is_chunked);
    sent.store(0, Ordering::Relaxed);
    if request.body().is_empty() {
        return;
    }
    if let (Some(len), None) = (len, rate) {
        sent.store(len, Ordering::Relaxed);
        return;
    }
    let pace = rate.map(|rate| Pace::new(rate, Instant::now()));
    let source = request.body_mut().take();
    *request.body_mut() = Body::reader(Shaped { source, pace, sent: Arc::clone(sent) }, len);
}

/// A source that gives no more than is asked for in a time.
struct Shaped {
    source: Body,
    pace: Option<Pace>,
    sent: Arc<AtomicU64>,
}

impl Read for Shaped {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        let most = self.pace.as_ref().map_or(buf.len(), |pace| pace.step().min(buf.len()));
        let len = self.source.read(&mut buf[..most])?;
        self.sent.fetch_add(len as u64, Ordering::Relaxed);
        if let Some(pace) = &mut self.pace {
            thread::sleep(pace.spend(len, Instant::now()));
        }
        Ok(len)
    }
}
