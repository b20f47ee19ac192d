//! One URL, from its request to the last byte of its content.

use std::error::Error as _;
use std::io::{self, Read};
use std::mem;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::thread;
use std::time::{Duration, Instant};

use nethttp::error::ErrorKind;
use nethttp::message::Body;
use nethttp::{Client, Response, Uri};

use crate::attempts::Attempts;
use crate::dump::Dump;
use crate::failure::{Failure, Status};
use crate::journal::Journal;
use crate::meter::Meter;
use crate::options::{Options, Resume};
use crate::output::{self, Mode, Output};
use crate::pace::Pace;
use crate::request::{is_stdin, request, url, without_left_out};
use crate::resume::{Part, Placement};
use crate::write_out::Report;

/// What all transfers have in common.
pub(crate) struct Session<'a> {
    pub(crate) options: &'a Options,
    pub(crate) client: &'a Client,
    pub(crate) journal: &'a Arc<Journal>,
    pub(crate) dump: Option<&'a Dump>,
}

/// How far a transfer has come.
struct Course {
    /// What there is of the content.
    part: Option<Part>,
    output: Output,
    attempts: Attempts,
}

/// Content on its way.
struct Flow<'a> {
    options: &'a Options,
    output: &'a mut Output,
    meter: Meter,
    report: &'a mut Report,
}

impl Session<'_> {
    /// Fetches one URL, and tells how that went.
    pub(crate) fn transfer(&self, index: usize, text: &str) -> Report {
        let (start, mut report) = (Instant::now(), Report::default());
        (report.url, report.index) = (text.to_owned(), index);
        report.failure = self.fetch(index, text, &mut report).err();
        report.uploaded = self.journal.uploaded.load(Ordering::Relaxed);
        report.total = start.elapsed();
        report
    }

    fn fetch(&self, index: usize, text: &str, report: &mut Report) -> Result<(), Failure> {
        let Self { options, .. } = self;
        let url = url(options, index, text)?;
        let path = output::path(options, index, &url)?;
        let part = Part::there(options.resume, path.as_deref());
        let mode = if part.is_some() { Mode::Append } else { Mode::Replace };
        let output = Output::new(path, mode, options);
        let mut course = Course { part, output, attempts: Attempts::begin(options) };
        while let Some(wait) = self.attempt(&url, report, &mut course)? {
            thread::sleep(wait);
        }
        Ok(())
    }

    /// Returns how long to wait before another attempt, if this one was not the last.
    fn attempt(
        &self,
        url: &Uri,
        report: &mut Report,
        course: &mut Course,
    ) -> Result<Option<Duration>, Failure> {
        let Self { options, .. } = self;
        let Course { part, output, attempts } = course;
        let answered = self.ask(url, part.as_ref(), report, output);
        let wait = match &answered {
            _ if self.has_read_stdin(report.index) => None,
            Ok(response) => attempts.after_response(response),
            Err(failure) => attempts.after_failure(failure),
        };
        if wait.is_some() {
            return anew(wait, report, output);
        }
        let mut response = answered?;
        if let Some(path) = output::proposed(options, report.index, &response)
            && !output.has_begun()
        {
            *output = Output::new(Some(path), Mode::Keep, options);
        }
        report.file_name = output.path().map(PathBuf::from);
        let Err(failure) = self.receive(&mut response, part.as_ref(), report, output) else {
            return Ok(None);
        };
        if is_continued(options, &failure)
            && let Some(path) = output.path()
            && attempts.goes_on()
        {
            // What has come need not come again.
            *part = Part::received(path, &response);
            output.reopen(if part.is_some() { Mode::Append } else { Mode::Replace });
            return Ok(Some(Duration::ZERO));
        }
        // What was put behind something else cannot be taken back.
        let is_clean = matches!(failure.status(), Status::Returned | Status::Range);
        let wait = match part.is_some() && !is_clean || self.has_read_stdin(report.index) {
            true => None,
            false => attempts.after_failure(&failure),
        };
        if wait.is_none() { Err(failure) } else { anew(wait, report, output) }
    }

    /// Returns whether what was sent was read from where it does not come again.
    fn has_read_stdin(&self, index: usize) -> bool {
        let Self { options, journal, .. } = self;
        options.upload(index).is_some_and(is_stdin) && journal.uploaded.load(Ordering::Relaxed) > 0
    }

    /// Sends the request, and writes the heads of what came, whether or not there is an answer.
    fn ask(
        &self,
        url: &Uri,
        part: Option<&Part>,
        report: &mut Report,
        output: &mut Output,
    ) -> Result<Response, Failure> {
        let Self { options, client, journal, dump } = self;
        journal.turn();
        let mut request = request(client, options, report.index, url, journal)?;
        for (name, value) in part.map(Part::fields).unwrap_or_default() {
            request = request.header(name, value);
        }
        let answered = without_left_out(request, options).send();
        let entries = journal.entries().clone();
        report.redirects = entries.redirects;
        report.connects += entries.connects;
        report.header_len = entries.heads.len();
        report.method = entries.method;
        if let Some(dump) = dump {
            dump.write(&entries.heads)?;
        }
        if (options.include || options.head) && !refuses(options, answered.as_ref().ok()) {
            output.write(&entries.heads)?;
        }
        let response = answered.map_err(|error| self.failure(&error))?;
        report.status = response.status().as_u16();
        report.effective = response.url().cloned();
        report.redirect = response.status().is_redirection().then(|| location(&response)).flatten();
        report.version = Some(response.version());
        report.headers = response.headers().clone();
        (report.peer, report.timings) = (response.peer(), response.timings());
        Ok(response)
    }

    fn failure(&self, error: &nethttp::Error) -> Failure {
        let cause = error.source().and_then(|source| source.downcast_ref::<io::Error>());
        let has_no_address = cause.is_some_and(|it| it.kind() == io::ErrorKind::AddrNotAvailable);
        match error.kind() {
            ErrorKind::Connect if self.options.interface.is_some() && has_no_address => {
                Failure::new(Status::Interface, error.to_string())
            }
            ErrorKind::Resolve if error.url().is_some_and(|url| self.journal.is_proxied(url)) => {
                Failure::new(Status::ResolveProxy, error.to_string())
            }
            _ => Failure::of_exchange(error),
        }
    }

    /// Takes the content of a response, or says why not.
    fn receive(
        &self,
        response: &mut Response,
        part: Option<&Part>,
        report: &mut Report,
        output: &mut Output,
    ) -> Result<(), Failure> {
        let Self { options, journal, .. } = self;
        let status = response.status();
        let failed = || Failure::new(Status::Returned, format!("the server answers {status}"));
        if refuses(options, Some(response)) {
            return Err(failed());
        }
        let mut from = 0;
        if let Some(part) = part {
            match part.place(response)? {
                Placement::Behind => from = part.from(),
                Placement::Anew => output.reopen(Mode::Replace),
                Placement::Complete => return Ok(()),
            }
        }
        if !options.head {
            let len = response.body().len();
            let to_file = output.path().is_some();
            let meter = Meter::new(options, to_file, from, len.map(|len| from.saturating_add(len)));
            let mut flow = Flow { options, output: &mut *output, meter, report };
            flow.copy(response.body_mut())?;
        }
        if let Some(trailers) = response.trailers() {
            journal.trailers(trailers);
        }
        output.finish()?;
        if options.remote_time {
            output.date(response);
        }
        if options.fail_with_body && status.as_u16() >= 400 { Err(failed()) } else { Ok(()) }
    }
}

impl Flow<'_> {
    /// Copies content piece by piece, so that what comes slowly is seen as it comes.
    fn copy(&mut self, body: &mut Body) -> Result<(), Failure> {
        self.check(body.len().unwrap_or(0))?;
        let mut pace = self.options.limit_rate.map(|rate| Pace::new(rate, Instant::now()));
        let mut buf = vec![0; pace.as_ref().map_or(64 << 10, Pace::step)];
        loop {
            let read = body.read(&mut buf);
            let len = read.map_err(|error| Failure::of_body(&nethttp::Error::from(error)))?;
            if len == 0 {
                self.meter.finish();
                return Ok(());
            }
            self.report.downloaded += len as u64;
            self.check(self.report.downloaded)?;
            self.output.write(&buf[..len])?;
            self.meter.advance(len);
            if let Some(pace) = &mut pace {
                thread::sleep(pace.spend(len, Instant::now()));
            }
        }
    }

    fn check(&self, len: u64) -> Result<(), Failure> {
        match self.options.max_filesize {
            Some(most) if len > most => {
                let text = format!("expected at most {most} bytes, found more");
                Err(Failure::new(Status::TooLarge, text))
            }
            _ => Ok(()),
        }
    }
}

/// Begins again, as if nothing had been.
fn anew(
    wait: Option<Duration>,
    report: &mut Report,
    output: &mut Output,
) -> Result<Option<Duration>, Failure> {
    let Report { url, index, .. } = mem::take(report);
    *report = Report { url, index, ..Report::default() };
    output.take_back()?;
    Ok(wait)
}

/// Returns whether a response is a failure of which nothing is shown.
fn refuses(options: &Options, response: Option<&Response>) -> bool {
    let is_error = response.is_some_and(|response| response.status().as_u16() >= 400);
    // Going on with a file leaves no place for a page about an error.
    let shows = options.fail_with_body && options.resume.is_none();
    is_error && options.fail && !shows
}

/// Returns whether a download that broke off is to go on.
fn is_continued(options: &Options, failure: &Failure) -> bool {
    let breaks = [Status::PartialFile, Status::Receive, Status::Timeout];
    options.resume == Some(Resume::Behind) && breaks.contains(&failure.status())
}

fn location(response: &Response) -> Option<Uri> {
    let (url, _) = response.url()?.fix_up_ref(response.header("Location")?).ok()?;
    Some(url)
}
