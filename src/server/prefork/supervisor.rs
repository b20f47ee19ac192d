//! Who looks after the workers.
//!
//! One thread, to which everything is told. After whatever it is told, and after a while in any case, it
//! does what is to be done by now: it waits for those who have ended, starts who is due, goes on with a
//! restart, and kills who is late.

use std::collections::VecDeque;
use std::process::ExitStatus;
use std::sync::mpsc::{Receiver, Sender};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use super::worker::{Launcher, Worker};
use super::{MARGIN, Observer, WorkerEvent, failure};
use crate::error::{Error, Result};

/// A worker that has lived as long as this did not end because it could not begin.
const STABLE: Duration = Duration::from_secs(10);
/// The longest pause before a worker is replaced.
const LONGEST_PAUSE: Duration = Duration::from_secs(10);
/// What a new worker has, in a restart, until it serves.
const STARTING: Duration = Duration::from_secs(60);
/// When nobody can connect any more, after all were told to end: later than they look up from `accept`, for
/// which a listener that fails would not be the end, but an error.
const REFUSING: Duration = Duration::from_millis(500);
/// How long is waited for what ended workers have printed.
const LAST_WORDS: Duration = Duration::from_secs(1);

/// What the supervisor is told.
pub(super) enum Event {
    /// The worker of this number serves.
    Ready(u64),
    /// A worker has probably ended.
    Ended,
    /// The workers are to be replaced.
    Restart(Sender<Result<()>>),
    /// All workers are to end.
    Stop,
}

/// A place for a worker.
struct Place {
    worker: Option<Worker>,
    /// Workers that have ended early, one after the other.
    failures: u32,
    /// When the next one is started.
    due: Instant,
}

/// A worker that was told to end, and when it is killed.
struct Leaving {
    worker: Worker,
    late: Option<Instant>,
}

/// A restart that has begun.
struct Restart {
    /// The place whose worker is to be replaced.
    place: usize,
    new: Option<Worker>,
    done: Sender<Result<()>>,
}

pub(super) struct Supervisor {
    launcher: Launcher,
    events: Receiver<Event>,
    observer: Observer,
    grace: Duration,
    places: Vec<Place>,
    leaving: Vec<Leaving>,
    restart: Option<Restart>,
    /// Who has asked for another restart meanwhile.
    restarts: VecDeque<Sender<Result<()>>>,
    /// A worker has served, so it can be done.
    is_proven: bool,
    is_stopping: bool,
    /// When the listener is shut down.
    refuse: Option<Instant>,
    failure: Option<Error>,
    killed: usize,
    outputs: Vec<JoinHandle<()>>,
}

/// How long is waited before the next worker is started, after some that have ended early.
fn pause(failures: u32) -> Duration {
    match failures.checked_sub(1) {
        None => Duration::ZERO,
        Some(doublings) => {
            let factor = 2_u32.saturating_pow(doublings);
            Duration::from_millis(100).saturating_mul(factor).min(LONGEST_PAUSE)
        }
    }
}

impl Supervisor {
    /// Starts the first workers. Those that cannot be started are tried again, but not the very first.
    pub(super) fn start(
        launcher: Launcher,
        workers: usize,
        grace: Duration,
        events: Receiver<Event>,
        observer: Observer,
    ) -> Result<Self> {
        let now = Instant::now();
        let place = || Place { worker: None, failures: 0, due: now };
        let mut supervisor = Self {
            launcher,
            events,
            observer,
            grace,
            places: (0..workers).map(|_| place()).collect(),
            leaving: Vec::new(),
            restart: None,
            restarts: VecDeque::new(),
            is_proven: false,
            is_stopping: false,
            refuse: None,
            failure: None,
            killed: 0,
            outputs: Vec::new(),
        };
        let (worker, output) = supervisor.launcher.start()?;
        let worker = supervisor.welcome(worker, output);
        if let Some(first) = supervisor.places.first_mut() {
            first.worker = Some(worker);
        }
        Ok(supervisor)
    }

    /// Looks after the workers until all have ended, and returns how many were killed.
    pub(super) fn run(mut self) -> Result<usize> {
        while !(self.is_stopping && self.leaving.is_empty()) {
            self.start_due();
            if let Ok(event) = self.events.recv_timeout(self.patience()) {
                self.heed(event);
            }
            self.wait_for_ended();
            self.go_on_with_restart();
            self.part();
        }
        self.launcher.refuse();
        let deadline = Instant::now() + LAST_WORDS;
        while self.outputs.iter().any(|output| !output.is_finished()) && Instant::now() < deadline {
            thread::sleep(Duration::from_millis(5));
        }
        self.failure.map_or(Ok(self.killed), Err)
    }

    /// How long it may take until something is to be done that nobody tells.
    fn patience(&self) -> Duration {
        let waits = self.leaving.is_empty()
            && self.restart.is_none()
            && self.places.iter().all(|place| place.worker.is_some());
        if waits { Duration::from_secs(1) } else { Duration::from_millis(20) }
    }

    fn heed(&mut self, event: Event) {
        match event {
            Event::Ready(id) => {
                let new = self.restart.iter_mut().filter_map(|restart| restart.new.as_mut());
                let mut all = self.places.iter_mut().filter_map(|place| place.worker.as_mut());
                if let Some(worker) = all.by_ref().chain(new).find(|worker| worker.id == id) {
                    worker.is_ready = true;
                    self.is_proven = true;
                    (self.observer)(&WorkerEvent::Ready(worker.pid()));
                }
            }
            // It is looked for after every event.
            Event::Ended => {}
            Event::Restart(done) => self.restarts.push_back(done),
            Event::Stop => self.stop(),
        }
    }

    fn welcome(&mut self, worker: Worker, output: JoinHandle<()>) -> Worker {
        self.outputs.retain(|output| !output.is_finished());
        self.outputs.push(output);
        (self.observer)(&WorkerEvent::Started(worker.pid()));
        worker
    }

    /// Starts a worker for every empty place whose time has come.
    fn start_due(&mut self) {
        let now = Instant::now();
        for index in 0..self.places.len() {
            let Some(place) = self.places.get_mut(index) else { continue };
            if self.is_stopping || place.worker.is_some() || place.due > now {
                continue;
            }
            match self.launcher.start() {
                Ok((worker, output)) => {
                    let worker = self.welcome(worker, output);
                    if let Some(place) = self.places.get_mut(index) {
                        place.worker = Some(worker);
                    }
                }
                Err(error) => {
                    place.failures = place.failures.saturating_add(1);
                    place.due = now + pause(place.failures);
                    (self.observer)(&WorkerEvent::Failed(error));
                }
            }
        }
    }

    /// Waits for workers that have ended, wanted or not.
    fn wait_for_ended(&mut self) {
        let mut is_hopeless = None;
        for place in &mut self.places {
            let Some(worker) = &mut place.worker else { continue };
            let Some(status) = worker.ended() else { continue };
            (self.observer)(&WorkerEvent::Ended(worker.pid(), status));
            if !self.is_proven {
                is_hopeless = Some(status);
            }
            if worker.since.elapsed() >= STABLE {
                place.failures = 0;
            }
            place.due = Instant::now() + pause(place.failures);
            place.failures = place.failures.saturating_add(1);
            place.worker = None;
        }
        self.leaving.retain_mut(|leaving| {
            let ended = leaving.worker.ended();
            if let Some(status) = ended {
                (self.observer)(&WorkerEvent::Ended(leaving.worker.pid(), status));
            }
            ended.is_none()
        });
        if let Some(status) = is_hopeless {
            self.failure = self.failure.take().or_else(|| Some(ended_early(status)));
            self.stop();
        }
    }

    /// Replaces the next worker, if the new one serves and the last old one is gone.
    fn go_on_with_restart(&mut self) {
        if self.restart.is_none() && !self.is_stopping {
            let next = self.restarts.pop_front();
            self.restart = next.map(|done| Restart { place: 0, new: None, done });
        }
        let Some(mut restart) = self.restart.take() else { return };
        let result = match restart.new.take() {
            Some(new) => self.try_new(&mut restart, new),
            None if !self.leaving.is_empty() => Ok(false),
            None if restart.place == self.places.len() => Ok(true),
            None => self.launcher.start().map_err(Error::from).map(|(worker, output)| {
                restart.new = Some(self.welcome(worker, output));
                false
            }),
        };
        match result {
            Ok(false) => self.restart = Some(restart),
            Ok(true) => drop(restart.done.send(Ok(()))),
            Err(error) => drop(restart.done.send(Err(error))),
        }
    }

    /// Puts a new worker in its place if it serves by now.
    fn try_new(&mut self, restart: &mut Restart, mut new: Worker) -> Result<bool> {
        if let Some(status) = new.ended() {
            (self.observer)(&WorkerEvent::Ended(new.pid(), status));
            return Err(ended_early(status));
        }
        if new.is_ready {
            if let Some(place) = self.places.get_mut(restart.place) {
                place.failures = 0;
                let old = place.worker.replace(new);
                self.leaving.extend(old.map(|old| dismiss(old, self.grace)));
            }
            restart.place += 1;
        } else if new.since.elapsed() > STARTING {
            new.kill();
            self.leaving.push(Leaving { worker: new, late: None });
            return Err(failure("expected the new worker to serve in time"));
        } else {
            restart.new = Some(new);
        }
        Ok(false)
    }

    /// Tells all workers to end.
    fn stop(&mut self) {
        if self.is_stopping {
            return;
        }
        self.is_stopping = true;
        self.refuse = Some(Instant::now() + REFUSING);
        let placed = self.places.iter_mut().filter_map(|place| place.worker.take());
        // Who waits for a restart learns that there is none by the end of the channel.
        let new = self.restart.take().and_then(|restart| restart.new);
        self.leaving.extend(placed.chain(new).map(|worker| dismiss(worker, self.grace)));
        self.restarts.clear();
    }

    /// Kills who is late, and lets nobody connect any more if it is time for that.
    fn part(&mut self) {
        let now = Instant::now();
        for leaving in &mut self.leaving {
            if leaving.late.is_some_and(|late| late <= now) {
                leaving.late = None;
                leaving.worker.kill();
                self.killed += 1;
            }
        }
        if self.refuse.is_some_and(|refuse| refuse <= now) {
            self.refuse = None;
            self.launcher.refuse();
        }
    }
}

/// Tells a worker to end.
fn dismiss(worker: Worker, grace: Duration) -> Leaving {
    worker.drain();
    Leaving { worker, late: Instant::now().checked_add(grace.saturating_add(MARGIN)) }
}

fn ended_early(status: Option<ExitStatus>) -> Error {
    let status = status.map(|status| format!(", {status}")).unwrap_or_default();
    failure(format!("expected a worker that serves, found one that ended{status}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::process::ExitStatusExt;

    #[test]
    fn pauses_grow_up_to_a_limit() {
        let millis = [0, 100, 200, 400, 800, 1600, 3200, 6400, 10_000, 10_000];
        for (failures, millis) in (0..).zip(millis) {
            assert_eq!(pause(failures), Duration::from_millis(millis), "{failures}");
        }
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
    }

    #[test]
    fn says_how_a_worker_ended() {
        let expected = "expected a worker that serves, found one that ended";
        assert_eq!(ended_early(None).to_string(), expected);
        let status = Some(ExitStatus::from_raw(2 << 8));
        assert_eq!(ended_early(status).to_string(), format!("{expected}, exit status: 2"));
    }
}
