//! One call of a client, from the request to the response that the caller gets: redirects, cookies, logins and
//! retries, each decided elsewhere.

use std::io::Read;
use std::mem;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use super::auth::Dialogue;
use super::cancel::CancelToken;
use super::config::Shared;
use super::cookies;
use super::decode::Decoding;
use super::exchange::Leg;
use super::failure::Failure;
use super::layer::Next;
use super::options::Options;
use super::origin::{Origin, request_for};
use super::redirect::{self, Answer, Content, Follow, Sent, Trail, is_downgrade, next_redirect};
use super::retry::{Moment, Outcome, Tried, retry_decision};
use super::route::Route;
use super::timeouts::Deadline;
use crate::cookie::Context;
use crate::error::{Error, ErrorKind};
use crate::field::auth::Basic;
use crate::header::{self, HeaderMap, HeaderValue};
use crate::message::{Body, PreviousResponse, Response, Spare};
use crate::method::Method;
use crate::random::random_bits;
use crate::uri::Uri;

/// How much of a response that nobody will see is read for the sake of its connection, and how long that may take.
const DRAIN: usize = 64 << 10;
const DRAIN_TIME: Duration = Duration::from_millis(500);

/// What is accepted of a server that chooses.
const ANYTHING: HeaderValue = HeaderValue::from_static("*/*");

/// A request as the caller has put it together: without the fields that the client adds.
#[derive(Debug)]
pub(super) struct Outset {
    pub(super) method: Method,
    pub(super) url: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Body,
    /// The body could be read only once, and has been.
    pub(super) is_spent: bool,
}

impl Outset {
    /// Says who sends the request, unless it says so already.
    pub(super) fn authorize(&mut self, login: Option<Basic>) -> Result<(), Error> {
        if let Some(login) = login
            && !self.headers.contains_key(header::AUTHORIZATION)
        {
            self.headers.append(header::AUTHORIZATION, login.encode())?;
        }
        Ok(())
    }
}

/// One call of a client.
pub(super) struct Session {
    pub(super) call: Arc<Call>,
    pub(super) options: Arc<Options>,
    /// What to answer if the server asks who this is.
    login: Option<Box<Mutex<Dialogue>>>,
    start: Instant,
    /// The responses that were given up for another one.
    history: Vec<PreviousResponse>,
    /// A redirect has led from https to http: nothing that is looked up is said any more.
    is_downgraded: bool,
}

/// What the body of a response needs of the call, whose end it outlives.
pub(super) struct Call {
    pub(super) shared: Arc<Shared>,
    pub(super) deadline: Deadline,
    /// The body of the response that is at hand will not be seen.
    pub(super) drains: AtomicBool,
}

impl Session {
    pub(super) fn new(shared: Arc<Shared>, options: Arc<Options>) -> Self {
        let start = Instant::now();
        let deadline = Deadline::start(options.timeouts, start);
        let call = Arc::new(Call { shared, deadline, drains: AtomicBool::new(false) });
        let login = options.login.clone().map(Dialogue::new);
        let login = login.map(|dialogue| Box::new(Mutex::new(dialogue)));
        Self { call, options, login, start, history: Vec::new(), is_downgraded: false }
    }

    /// Makes the response that the caller gets.
    pub(super) fn run(mut self, mut outset: Outset) -> Result<Response, Error> {
        let outcome = self.journey(&mut outset);
        let finished = outcome.and_then(|response| self.finish(response, &outset));
        finished.map_err(|error| error.with_url_if_none(&outset.url))
    }

    /// Follows redirects to their end.
    fn journey(&mut self, outset: &mut Outset) -> Result<Response, Error> {
        let mut trail = Trail::default();
        loop {
            let mut response = self.exchange(outset)?;
            match self.next(&mut trail, outset, &response)? {
                redirect::Next::Return => {
                    response.received_from(&outset.url).history = mem::take(&mut self.history);
                    return Ok(response);
                }
                redirect::Next::Follow(follow) => {
                    self.give_up(response, outset);
                    self.follow(follow, outset);
                }
            }
        }
    }

    /// Keeps what is told of a response that the caller gets another one for.
    fn give_up(&mut self, mut response: Response, outset: &Outset) {
        let headers = mem::take(response.headers_mut());
        let (method, url) = (outset.method, outset.url.clone());
        self.history.push(PreviousResponse::new(method, url, response.status(), headers));
        self.drain(response);
    }

    fn next(
        &self,
        trail: &mut Trail,
        outset: &Outset,
        response: &Response,
    ) -> Result<redirect::Next, Error> {
        let content = match &outset.body {
            _ if outset.is_spent => Content::Spent,
            body if body.is_empty() => Content::None,
            _ => Content::Replayable,
        };
        let Outset { method, url, headers, .. } = outset;
        let sent = Sent { method: *method, url, headers, content };
        let answer = Answer { status: response.status(), headers: response.headers() };
        next_redirect(&self.options.redirects, trail, &sent, &answer)
    }

    fn follow(&mut self, follow: Follow, outset: &mut Outset) {
        let Follow { method, url, headers, content, same_server } = follow;
        if !same_server {
            self.login = None;
        }
        self.is_downgraded |= is_downgrade(&outset.url, &url);
        (outset.method, outset.url, outset.headers) = (method, url, headers);
        if !content {
            (outset.body, outset.is_spent) = (Body::empty(), false);
            Arc::make_mut(&mut self.options).trailers = None;
        }
    }

    /// Sends the request, and again with the answer to what the server asks, as often as that makes sense
    /// and the body is there to be sent.
    fn exchange(&mut self, outset: &mut Outset) -> Result<Response, Error> {
        let Some(mut login) = self.login() else {
            return self.exchange_patiently(outset);
        };
        let target = outset.url.origin_form().into_owned();
        login.begin(Origin::of(&outset.url)?, outset.method, target, outset.body.as_bytes());
        drop(login);
        loop {
            self.ask_first(outset)?;
            let response = self.exchange_patiently(outset)?;
            if !self.answer(outset, &response) {
                return Ok(response);
            }
            self.give_up(response, outset);
        }
    }

    /// Returns the login, if the request has one.
    pub(super) fn login(&self) -> Option<MutexGuard<'_, Dialogue>> {
        let login = self.login.as_ref()?;
        Some(login.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Answers what the response asks, if that makes sense; returns whether it does.
    fn answer(&self, outset: &mut Outset, response: &Response) -> bool {
        self.login().is_some_and(|mut login| {
            if outset.is_spent || !login.understands(response) {
                login.conclude(response);
                return false;
            }
            // The answer may be about it. If it cannot be made, that is told when it is sent.
            let _ = outset.body.make();
            login.answer(outset.body.as_bytes())
        })
    }

    /// Has the server asked for leave before content is sent that can be read only once, since it may ask who sends it.
    fn ask_first(&self, outset: &mut Outset) -> Result<(), Error> {
        let is_said = outset.headers.contains_key(header::EXPECT)
            || self.options.omits(header::EXPECT.as_str());
        if !outset.body.is_replayable() && !is_said {
            outset.headers.append(header::EXPECT, "100-continue")?;
        }
        Ok(())
    }

    /// Sends the request, and again while the server is in trouble and the caller has patience.
    fn exchange_patiently(&self, outset: &mut Outset) -> Result<Response, Error> {
        let mut retries = 0;
        loop {
            let outcome = self.exchange_once(outset);
            let Some(wait) = self.wait_before_retry(outset, retries, &outcome) else {
                return outcome;
            };
            if let Ok(response) = outcome {
                self.drain(response);
            }
            CancelToken::sleep(self.options.cancel.as_ref(), wait);
            retries += 1;
        }
    }

    fn wait_before_retry(
        &self,
        outset: &Outset,
        retries: u32,
        outcome: &Result<Response, Error>,
    ) -> Option<Duration> {
        if self.options.retry.is_none() {
            return None;
        }
        let outcome = match outcome {
            Ok(response) => {
                Outcome::Answered { status: response.status(), headers: response.headers() }
            }
            Err(error) => Outcome::Failed(error.kind()),
        };
        let Outset { method, headers, is_spent, .. } = outset;
        let tried = Tried { method: *method, headers, replayable: !is_spent, retries };
        let now = Instant::now();
        let moment = Moment {
            now: SystemTime::now().into(),
            left: self.call.deadline.left(now),
            elapsed: self.elapsed(now),
            random: u32::try_from(random_bits() >> 96).unwrap_or_default(),
        };
        retry_decision(&self.options.retry, &tried, &outcome, &moment)
    }

    fn exchange_once(&self, outset: &mut Outset) -> Result<Response, Error> {
        if outset.method == Method::CONNECT {
            let text = "expected a method that needs no tunnel, found CONNECT";
            return Err(Error::new(ErrorKind::Encode).with_text(text));
        }
        let layers = &self.call.shared.config.layers;
        let was_empty = outset.body.is_empty();
        // What layers make of the content, they make of what the caller has given, each time.
        let original = (!layers.is_empty()).then(|| outset.body.original());
        let mut request = request_for(outset.method, &outset.url)?;
        request.set_version(self.options.version);
        *request.headers_mut() = self.complete(outset)?;
        *request.body_mut() = mem::take(&mut outset.body);
        if let Some(mut login) = self.login()
            && let Some(value) = login.give(request.body().as_bytes())
        {
            request.headers_mut().insert(header::AUTHORIZATION, value)?;
        }
        let leg = Leg { session: self, url: &outset.url };
        let outcome = Next::new(layers, &leg).exchange(&mut request);
        let original = original.and_then(Spare::into_body);
        outset.body = original.unwrap_or_else(|| mem::take(request.body_mut()));
        outset.is_spent |= outset.body.is_empty() && !was_empty;
        if let Ok(response) = &outcome {
            // The next attempt has them too.
            self.keep_cookies(response, outset);
        }
        outcome
    }

    /// The fields as they go out: `Host` first.
    pub(super) fn complete(&self, outset: &Outset) -> Result<HeaderMap, Error> {
        let own = &outset.headers;
        let mut headers = HeaderMap::new();
        if !own.contains_key(header::HOST) {
            headers.append(header::HOST, &*outset.url.host_header())?;
        }
        let defaults = [
            (header::USER_AGENT, Some(&self.call.shared.config.user_agent)),
            (header::ACCEPT, Some(&ANYTHING)),
            (header::ACCEPT_ENCODING, self.asks(outset)),
        ];
        for (name, value) in defaults {
            if let Some(value) = value
                && !own.contains_key(&name)
                && !self.options.omits(name.as_str())
            {
                headers.append_valid(&name, value)?;
            }
        }
        headers.append_all(own)?;
        if !headers.contains_key(header::AUTHORIZATION)
            && let Some(login) = self.netrc_login(&outset.url)?
        {
            headers.append(header::AUTHORIZATION, login.encode())?;
        }
        if let Some(cookies) = self.cookies(&outset.url) {
            let all = own.get_all(header::COOKIE).chain([cookies.as_bytes()]);
            let all: Vec<&[u8]> = all.filter(|value| !value.is_empty()).collect();
            headers.insert(header::COOKIE, all.join(&b"; "[..]))?;
        }
        Ok(headers)
    }

    /// Returns the codings that a request asks for, if it does.
    fn asks(&self, outset: &Outset) -> Option<&HeaderValue> {
        let options = &self.options;
        let silent = !options.decode || options.omits(header::ACCEPT_ENCODING.as_str());
        let codings = Some(&self.call.shared.config.codings).filter(|_| !silent);
        codings.and_then(|codings| codings.ask(outset.method, &outset.headers))
    }

    /// Returns what the client knows of the user at a host, unless the request logs in by itself.
    fn netrc_login(&self, url: &Uri) -> Result<Option<Basic>, Error> {
        let silent = self.login.is_some()
            || self.options.omits(header::AUTHORIZATION.as_str())
            || self.is_downgraded;
        let netrc = self.call.shared.config.netrc.as_ref().filter(|_| !silent);
        let host = url.authority().map(|authority| authority.host_str());
        let login = netrc.zip(host).and_then(|(netrc, host)| netrc.find(host));
        let Some(login) = login else { return Ok(None) };
        let basic = Basic::new(login.user(), login.password());
        basic.map(Some).map_err(|error| Error::new(ErrorKind::Encode).with_source(error))
    }

    fn cookies(&self, url: &Uri) -> Option<HeaderValue> {
        let sends = self.options.cookies && !self.options.omits(header::COOKIE.as_str());
        let jar = self.call.shared.config.jar.as_ref().filter(|_| sends)?;
        let context = Context::at(SystemTime::now());
        jar.lock().unwrap_or_else(PoisonError::into_inner).cookie_header(url, &context)
    }

    fn keep_cookies(&self, response: &Response, outset: &mut Outset) {
        let jar = self.call.shared.config.jar.as_ref().filter(|_| self.options.cookies);
        if let Some(jar) = jar
            && response.headers().contains_key(header::SET_COOKIE)
        {
            let mut jar = jar.lock().unwrap_or_else(PoisonError::into_inner);
            let context = Context::at(SystemTime::now());
            jar.store_all(&outset.url, response.headers(), &context);
            cookies::give_way(&mut outset.headers, response.headers());
        }
    }

    /// Reads a response that nobody will see to its end, so that its connection can be used again. One that is long
    /// or slow costs the connection: another one is there sooner.
    fn drain(&self, response: Response) {
        let mut body = response.into_body();
        self.call.drains.store(true, Ordering::Relaxed);
        let (start, mut piece, mut len) = (Instant::now(), [0; 4 << 10], 0);
        while len <= DRAIN && start.elapsed() < DRAIN_TIME {
            match body.read(&mut piece) {
                Ok(0) | Err(_) => break,
                Ok(more) => len += more,
            }
        }
        // What is dropped here does not look at this any more.
        self.call.drains.store(false, Ordering::Relaxed);
    }

    /// Makes what the caller sees: decoded content. What describes codings that are undone, or the length of coded
    /// content, describes nothing that the caller will see, and goes.
    fn finish(&self, mut response: Response, outset: &Outset) -> Result<Response, Error> {
        let codings = &self.call.shared.config.codings;
        let undone = self.asks(outset).filter(|_| !response.body().is_empty());
        if let Some(encoding) = undone.and_then(|_| codings.of(&response)) {
            let origin = Origin::of(&outset.url)?;
            let body = mem::take(response.body_mut());
            let trailers = body.trailers_to_come();
            let decoding: Decoding = codings
                .undo(body, encoding, origin, outset.url.clone())
                .map_err(|error| Error::new(ErrorKind::Coding).with_source(error))?;
            response.headers_mut().remove(header::CONTENT_ENCODING);
            response.headers_mut().remove(header::CONTENT_LENGTH);
            response.received_from(&outset.url).is_decoded = true;
            *response.body_mut() =
                Body::reader(decoding, None).of_response().with_trailers(trailers);
        }
        if let Some(limit) = self.options.body_limit {
            response.body_mut().set_limit(Some(limit));
        }
        let timings = &mut response.received_from(&outset.url).timings;
        timings.total.get_or_insert_with(|| self.elapsed(Instant::now()));
        if self.options.error_for_status { response.error_for_status() } else { Ok(response) }
    }

    /// Returns how long the call had taken until then.
    pub(super) fn elapsed(&self, then: Instant) -> Duration {
        then.saturating_duration_since(self.start)
    }

    /// Returns the way to a server.
    pub(super) fn route(&self, url: &Uri) -> Result<Route, Error> {
        let dialer = &self.call.shared.config.dialer;
        if dialer.unix.is_some() {
            return Ok(Route { origin: Origin::of(url)?, proxy: None });
        }
        let proxy = self.options.proxies.choose(url)?.cloned().map(Box::new);
        let origin = Origin::of(url)?;
        if proxy.is_some() {
            let permitted = dialer.permit_beyond_proxy(origin.host());
            permitted
                .map_err(|failure| failure.into_error(&origin, self.call.deadline.timeouts()))?;
        }
        Ok(Route { origin, proxy })
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.options.cancel.as_ref().is_some_and(CancelToken::is_cancelled)
    }

    pub(super) fn check_cancelled(&self, origin: &Origin) -> Result<(), Error> {
        if !self.is_cancelled() {
            return Ok(());
        }
        Err(Failure::Cancelled.into_error(origin, self.call.deadline.timeouts()))
    }
}
