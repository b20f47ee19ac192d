//! A download from the first request to the file: the loop around [`judge`].

use std::io::{ErrorKind as IoErrorKind, Read};
use std::path::PathBuf;
use std::time::{Duration, Instant, SystemTime};

use super::name::of_stranger;
use super::plan::{Answer, Validator, Verdict, judge};
use super::progress::{Meter, Progress};
use super::store::{Destination, Order, Store, Way};
use super::{Download, Downloaded};
use crate::client::cancel::CancelToken;
use crate::client::request::RequestBuilder;
use crate::client::retry::{Moment, Outcome, Retry, Tried, retry_decision};
use crate::client::timeouts::Deadline;
use crate::error::{Error, ErrorKind};
use crate::header::{self, HeaderMap};
use crate::message::{Body, Response, file_name_in};
use crate::method::Method;
use crate::random::random_bits;
use crate::status::StatusCode;
use crate::uri::Uri;

/// How a file is called that nobody has a name for.
const NAMELESS: &str = "download";

/// A download under way.
pub(super) struct Run<'d, 'a> {
    download: &'d mut Download<'a>,
    url: Uri,
    store: Store,
    meter: Meter,
    start: Instant,
    /// When all requests together must be over.
    deadline: Deadline,
    cancel: Option<CancelToken>,
    /// What the caller has set for requests, for all of them together.
    retry: Retry,
    /// How much was there when it began, as far as that is used.
    resumed_from: u64,
}

impl<'d, 'a> Run<'d, 'a> {
    pub(super) fn begin(download: &'d mut Download<'a>) -> Result<Self, Error> {
        let start = Instant::now();
        let request = download.set_up(download.client.get(&download.url));
        let url = request.shared.config.resolve(&download.url)?;
        let url = url.without_userinfo().without_fragment();
        let destination = match (&download.path, &download.folder) {
            (Some(path), _) => Destination::File(path.clone()),
            (None, folder) => {
                let name = file_name_in(&url).unwrap_or_else(|| NAMELESS.to_owned());
                Destination::Folder(folder.clone(), of_stranger(name))
            }
        };
        let overwrite = download.overwrite.unwrap_or(download.path.is_some());
        let hashes = download.sha256.is_some();
        let order =
            Order { destination, way: download.way, overwrite, url: url.to_string(), hashes };
        let store = Store::open(order)?;
        let deadline = Deadline::start(request.options.timeouts, start);
        let cancel = request.options.cancel.clone();
        // Also the default, which repeats nothing, knows how long to wait and after which statuses.
        let retry = request.options.retry.clone().times(download.attempts.saturating_sub(1));
        let resumed_from = store.held.len;
        let meter = Meter::new();
        Ok(Self { download, url, store, meter, start, deadline, cancel, retry, resumed_from })
    }

    /// Sends requests until the file is complete.
    pub(super) fn finish(mut self) -> Result<Downloaded, Error> {
        let (mut failures, mut most) = (0, self.store.held.len);
        let response = loop {
            match self.round() {
                Ok(Some(response)) => break response,
                Ok(None) => {}
                Err(error) => {
                    if self.store.held.len > most {
                        (failures, most) = (0, self.store.held.len);
                    }
                    let Some(wait) = self.wait_before_retry(failures, &error) else {
                        return Err(self.named(error));
                    };
                    drop(error);
                    CancelToken::sleep(self.cancel.as_ref(), wait);
                    failures += 1;
                }
            }
        };
        self.check_digest()?;
        self.tell();
        let Self { store, resumed_from, .. } = self;
        let len = store.held.len;
        let path: PathBuf = store.finish()?;
        Ok(Downloaded { path, len, resumed_from, response })
    }

    /// Sends one request and takes what comes; `None` is to ask once more.
    fn round(&mut self) -> Result<Option<Response>, Error> {
        let asks_for_rest = self.store.held.asks_for_rest();
        let mut response = self.request(asks_for_rest)?.send()?;
        let (status, len) = (response.status(), response.body().len());
        let answer = Answer { status, headers: response.headers(), len };
        let validator = Validator::of(response.headers());
        let may_start_over = self.store.held.may_start_over();
        match judge(asks_for_rest.then_some(&self.store.held), &answer) {
            Verdict::Whole { complete_len } => {
                if !may_start_over {
                    let text = "expected a server that can continue a file";
                    return Err(protocol(text));
                }
                self.check_limit(complete_len.unwrap_or(0))?;
                let name = response.safe_file_name().unwrap_or_else(|| NAMELESS.to_owned());
                self.store.begin(&of_stranger(name), complete_len, validator)?;
                self.resumed_from = 0;
                self.meter.begin(0, complete_len, self.start.elapsed());
                self.copy(response.body_mut(), complete_len)?;
            }
            Verdict::Part { end, complete_len } => {
                self.check_limit(complete_len.unwrap_or(end))?;
                self.store.go_on(complete_len, validator)?;
                self.meter.begin(self.resumed_from, complete_len, self.start.elapsed());
                self.meter.go_on(self.store.held.len, complete_len, self.start.elapsed());
                self.copy(response.body_mut(), Some(end))?;
                if complete_len != Some(end) {
                    return Ok(None);
                }
            }
            Verdict::Complete => {
                let len = self.store.held.len;
                self.check_limit(len)?;
                self.meter.begin(self.resumed_from.min(len), Some(len), self.start.elapsed());
                self.meter.go_on(len, Some(len), self.start.elapsed());
            }
            Verdict::Misfit(_) if may_start_over => {
                self.store.forget()?;
                return Ok(None);
            }
            Verdict::Misfit(text) => return Err(protocol(text)),
            Verdict::Unasked => return Err(protocol("expected all of a file, found a part")),
            Verdict::Refused => {
                let text = format!("expected the content of a file, found {status}");
                let error = Error::new(ErrorKind::Status(status)).with_text(text);
                return Err(error.with_received(response));
            }
        }
        Ok(Some(response))
    }

    /// Names the URL in an error, unless it is a file's.
    fn named(&self, error: Error) -> Error {
        match error.kind() {
            ErrorKind::Output => error,
            _ => error.with_url_if_none(&self.url),
        }
    }

    /// Makes a request, of what is not there yet if the rest is asked for.
    fn request(&self, asks_for_rest: bool) -> Result<RequestBuilder, Error> {
        let mut request = self.download.set_up(self.download.client.get(&self.download.url));
        let fields = [header::RANGE, header::IF_RANGE];
        if let Some(field) = fields.iter().find(|field| request.headers.contains_key(field)) {
            let text = format!("expected no {field} in the request of a download");
            return Err(Error::new(ErrorKind::Encode).with_text(text));
        }
        if !request.headers.contains_key(header::ACCEPT_ENCODING) {
            request = request.header(header::ACCEPT_ENCODING, "identity");
        }
        let held = &self.store.held;
        if asks_for_rest {
            request = request.header(header::RANGE, format!("bytes={}-", held.len));
            if let Some(validator) = &held.validator {
                request = request.header(header::IF_RANGE, validator.as_str());
            }
        }
        let options = request.options_mut();
        options.decode = false;
        // What a status means is decided here.
        options.error_for_status = false;
        options.timeouts.total = self.deadline.left(Instant::now());
        Ok(request)
    }

    /// Writes a body behind what is there, up to an end that it must reach.
    fn copy(&mut self, body: &mut Body, end: Option<u64>) -> Result<(), Error> {
        let mut piece = vec![0; 64 << 10];
        loop {
            let len = match body.read(&mut piece) {
                Ok(0) => break,
                Ok(len) => len,
                Err(error) if error.kind() == IoErrorKind::Interrupted => continue,
                Err(error) => return Err(error.into()),
            };
            let len_then = self.store.held.len.saturating_add(u64::try_from(len).unwrap_or(0));
            self.check_limit(len_then)?;
            if end.is_some_and(|end| len_then > end) {
                return Err(protocol("expected no more of a file than was announced"));
            }
            self.store.write(piece.get(..len).unwrap_or_default())?;
            if self.meter.receive(len_then, self.start.elapsed()) {
                self.tell();
            }
            if self.cancel.as_ref().is_some_and(CancelToken::is_cancelled) {
                return Err(Error::new(ErrorKind::Cancelled));
            }
        }
        match end {
            Some(end) if self.store.held.len < end => {
                // To ask again is all that there is to do, as it is where a connection is lost.
                let text = "expected as much of a file as was announced";
                Err(Error::new(ErrorKind::Truncated).with_text(text))
            }
            _ => Ok(()),
        }
    }

    fn tell(&mut self) {
        let progress: Progress = self.meter.progress(self.start.elapsed());
        if let Some(tell) = &mut self.download.progress {
            tell(&progress);
        }
    }

    fn check_limit(&self, len: u64) -> Result<(), Error> {
        match self.download.limit {
            Some(limit) if len > limit => {
                let text = format!("expected a file of at most {limit} bytes");
                let status = StatusCode::INTERNAL_SERVER_ERROR;
                Err(Error::new(ErrorKind::BodyTooLarge).with_text(text).with_status(status))
            }
            _ => Ok(()),
        }
    }

    fn check_digest(&mut self) -> Result<(), Error> {
        let (Some(expected), Some(found)) = (self.download.sha256.clone(), self.store.digest()?)
        else {
            return Ok(());
        };
        if expected == found {
            return Ok(());
        }
        if self.download.way != Way::InPlace {
            self.store.forget()?;
        }
        let text = format!("expected a file whose SHA-256 is {expected}, found {found}");
        Err(Error::new(ErrorKind::Integrity).with_text(text).with_url(&self.url))
    }

    fn wait_before_retry(&self, failures: u32, error: &Error) -> Option<Duration> {
        let outcome = match error.response() {
            Some(it) => Outcome::Answered { status: it.status(), headers: it.headers() },
            None => Outcome::Failed(error.kind()),
        };
        let headers = &HeaderMap::new();
        let tried = Tried { method: Method::GET, headers, replayable: true, retries: failures };
        let moment = Moment {
            now: SystemTime::now().into(),
            left: self.deadline.left(Instant::now()),
            elapsed: self.start.elapsed(),
            random: u32::try_from(random_bits() >> 96).unwrap_or_default(),
        };
        retry_decision(&self.retry, &tried, &outcome, &moment)
    }
}

fn protocol(text: &str) -> Error {
    Error::new(ErrorKind::Protocol).with_text(text)
}
