//! The one writer: takes jobs, runs each in its own savepoint, commits them together, and only then answers.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

use super::{Ballast, Fault, Opener, Session};
use crate::keys::{KeyFault, KeyStore};
use crate::trail::{self, Anchor, Journal, Log, Taken};
use waarborg_domain::entry::Entry;

/// Jobs in one commit at most.
const BATCH: usize = 512;
/// How long a hasty entry may wait for the disk.
const HASTE: Duration = Duration::from_millis(25);
/// How long nothing must happen before the writer looks after its reserve and its side files.
const IDLE: Duration = Duration::from_secs(1);

/// How a job is treated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Urgency {
    /// Refused while the disk is full.
    Ordinary,
    /// An erasure or an audit entry: for these the reserve is released.
    Essential,
    /// An audit entry that is answered when it is written, and on the disk a moment later.
    Hasty,
}

/// What a job works with, inside its savepoint.
pub(crate) struct Work<'a> {
    pub(crate) session: &'a mut dyn Session,
    pub(crate) keys: &'a mut KeyStore,
    pub(crate) log: &'a mut Log,
}

/// What a writer is made of.
pub(crate) struct WriterParts {
    pub(crate) opener: Arc<dyn Opener>,
    pub(crate) session: Box<dyn Session>,
    pub(crate) keys: KeyStore,
    pub(crate) log: Log,
    pub(crate) ballast: Ballast,
    pub(crate) anchor: Anchor,
    pub(crate) journal: Option<Arc<Journal>>,
}

type Run = Box<dyn FnMut(&mut Work<'_>) -> Result<(), Fault> + Send>;
type Reply = Box<dyn FnOnce(Result<(), Fault>) + Send>;

struct Job {
    urgency: Urgency,
    run: Run,
    reply: Reply,
}

enum Message {
    Do(Job),
    /// An entry counts that the log must hold soon.
    Noted,
}

/// The way to the writer's thread. Dropping it ends the thread after the jobs that were given.
pub(crate) struct Writer {
    jobs: Option<Sender<Message>>,
    journal: Option<Arc<Journal>>,
    thread: Option<JoinHandle<()>>,
}

impl Writer {
    pub(crate) fn start(parts: WriterParts) -> Result<Self, Fault> {
        let (jobs, queue) = channel();
        let journal = parts.journal.clone();
        let is_left = journal.as_ref().is_some_and(|left| left.n_waiting() > 0);
        let state = State {
            parts,
            broken: false,
            full: false,
            sync_at: is_left.then(now),
            untidy: true,
            looked_at: None,
            mirror_tried: None,
        };
        let thread = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn(move || state.serve(&queue))?;
        Ok(Self {
            jobs: Some(jobs),
            journal,
            thread: Some(thread),
        })
    }

    /// Notes an entry that names nobody, without waiting for the log. If it does not count, the log must take it.
    pub(crate) fn note(&self, entry: &Entry) -> bool {
        let (Some(journal), Some(jobs)) = (&self.journal, &self.jobs) else {
            return false;
        };
        match journal.note(entry) {
            Taken::Not => false,
            Taken::More => true,
            // Without a writer it waits for the next start.
            Taken::First => jobs.send(Message::Noted).is_ok(),
        }
    }

    /// Brings what was noted into the log, as far as that is possible now.
    pub(crate) async fn bring_in_noted(&self) {
        if self
            .journal
            .as_ref()
            .is_some_and(|journal| journal.n_waiting() > 0)
        {
            // Whoever reads sees what is there; a writer in trouble says so itself.
            let _ = self.run(Urgency::Essential, |_| Ok(())).await;
        }
    }

    /// Runs a job and answers when it is durable. A job may run twice; only its last run counts.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        urgency: Urgency,
        mut job: impl FnMut(&mut Work<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (answer, answered) = oneshot::channel();
        let made = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&made);
        let run: Run = Box::new(move |work| {
            let value = job(work)?;
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
            Ok(())
        });
        let reply: Reply = Box::new(move |result| {
            let value = made.lock().unwrap_or_else(PoisonError::into_inner).take();
            // Whoever asked may have gone; the work is done all the same.
            let _ = answer.send(result.and_then(|()| value.ok_or(Fault::Broken)));
        });
        let jobs = self.jobs.as_ref().ok_or(Fault::Closed)?;
        jobs.send(Message::Do(Job {
            urgency,
            run,
            reply,
        }))
        .map_err(|_| Fault::Closed)?;
        answered.await.map_err(|_| Fault::Closed)?
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.jobs = None;
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

struct State {
    parts: WriterParts,
    // A commit failed; nothing is taken until everything was opened again and checked.
    broken: bool,
    // The disk had no room; only essential jobs are taken.
    full: bool,
    // When entries must be on the disk that count and were not synced yet.
    sync_at: Option<Instant>,
    // Deleted content may still be in side files, or the reserve may be missing.
    untidy: bool,
    // When it was last seen whether the disk has room again.
    looked_at: Option<Instant>,
    // When the mirror of the keys was last tried.
    mirror_tried: Option<Instant>,
}

impl State {
    fn serve(mut self, queue: &Receiver<Message>) {
        loop {
            let wait = match self.sync_at {
                Some(at) => Some(at.saturating_duration_since(now())),
                None => self.untidy.then_some(IDLE),
            };
            let first = match wait {
                Some(wait) => queue.recv_timeout(wait),
                None => queue.recv().map_err(|_| RecvTimeoutError::Disconnected),
            };
            match first {
                Ok(first) => {
                    let batch: Vec<Job> = std::iter::once(first)
                        .chain(queue.try_iter().take(BATCH - 1))
                        .filter_map(|message| self.job(message))
                        .collect();
                    if batch.is_empty() {
                        self.sync_if_due();
                    } else {
                        self.take(batch);
                    }
                }
                Err(RecvTimeoutError::Timeout) if self.sync_at.is_some() => self.sync_hasty(),
                Err(RecvTimeoutError::Timeout) => self.tidy_up(),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        if self.sync_at.is_some() {
            self.sync_hasty();
        }
        self.drop_anchor();
        if !self.broken && !self.full {
            // Readers that only read cannot do it after us. What fails now is done after the next start.
            let _ = self.parts.session.tidy_up();
        }
    }

    fn job(&mut self, message: Message) -> Option<Job> {
        match message {
            Message::Do(job) => Some(job),
            Message::Noted => {
                self.sync_soon();
                None
            }
        }
    }

    fn sync_soon(&mut self) {
        self.sync_at.get_or_insert_with(|| now() + HASTE);
    }

    fn sync_if_due(&mut self) {
        if self.sync_at.is_some_and(|at| at <= now()) {
            self.sync_hasty();
        }
    }

    fn take(&mut self, mut batch: Vec<Job>) {
        if self.broken && !self.recover() {
            return refuse(batch, || Fault::Broken);
        }
        if self.full && !self.has_room_again() {
            batch = refuse_ordinary(batch);
        }
        if batch.is_empty() {
            return;
        }

        self.look_after_the_mirror();
        let mut attempted = self.attempt(&mut batch);
        if matches!(attempted, Err(Fault::Keys(KeyFault::MirrorBroke))) {
            // Once more without it: what needs a new key is refused, and the rest is pending there.
            attempted = self.attempt(&mut batch);
        }
        match attempted {
            Ok(results) => answer(batch, results),
            Err(fault) if fault.is_full() => self.take_on_a_full_disk(batch),
            Err(fault) => {
                tracing::error!(fault = %chain(&fault), "a commit failed; the store is checked before it goes on");
                self.broke();
                refuse(batch, || Fault::Broken);
            }
        }
    }

    /// Looks whether the reserve fits again, once a second at most: looking writes all of it.
    fn has_room_again(&mut self) -> bool {
        if self
            .looked_at
            .is_some_and(|looked_at| looked_at.elapsed() < IDLE)
        {
            return false;
        }
        self.looked_at = Some(now());
        if self.parts.ballast.restore().is_err() {
            return false;
        }
        tracing::info!("the disk has room again; new work is taken");
        self.full = false;
        true
    }

    fn take_on_a_full_disk(&mut self, batch: Vec<Job>) {
        if !self.full {
            tracing::error!(
                "the disk is full: only erasures and audit entries are taken, out of the reserve"
            );
        }
        self.full = true;
        self.untidy = true;
        let released = self.parts.ballast.release();
        let mut essential = refuse_ordinary(batch);
        if essential.is_empty() {
            return;
        }
        if !released && !self.recover() {
            return refuse(essential, || Fault::Full);
        }
        match self.attempt(&mut essential) {
            Ok(results) => answer(essential, results),
            Err(fault) => {
                tracing::error!(fault = %chain(&fault), "not even an erasure or an audit entry can be written");
                self.broke();
                refuse(essential, || Fault::Full);
            }
        }
    }

    /// Runs the jobs and commits. An error means that nothing of it is kept, or that nobody knows.
    fn attempt(&mut self, batch: &mut [Job]) -> Result<Vec<Result<(), Fault>>, Fault> {
        let n_noted = self.n_noted();
        let lasting = n_noted > 0 || batch.iter().any(|job| job.urgency != Urgency::Hasty);
        let done = self.transact(lasting, |state| {
            state.bring_in_noted()?;
            let mut results = Vec::with_capacity(batch.len());
            for job in batch {
                results.push(state.run(job)?);
            }
            Ok(results)
        });
        if done.is_ok() {
            if lasting {
                self.settled();
            } else {
                self.sync_soon();
            }
            self.untidy = true;
            if self.parts.log.filled_a_tile() {
                self.drop_anchor();
            }
        }
        done
    }

    fn transact<T>(
        &mut self,
        lasting: bool,
        work: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let done = self.try_transact(lasting, work);
        if done.is_err() {
            self.parts.session.rollback();
            self.parts.keys.rollback();
            self.parts.log.rollback();
        }
        done
    }

    fn try_transact<T>(
        &mut self,
        lasting: bool,
        work: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        self.parts.session.begin(lasting)?;
        self.parts.keys.begin()?;
        self.parts.log.begin(&mut *self.parts.session)?;
        let done = work(self)?;

        let WriterParts {
            session, keys, log, ..
        } = &mut self.parts;
        log.finish(&mut **session)?;
        if let Some(known) = crate::ledger::note_how_far(&mut **session, keys)? {
            log.leave_unsaid(keys, known)?;
        }
        // Keys first: a record whose key is lost would be lost, a key without a record is only a key.
        keys.commit()?;
        session.commit()?;
        Ok(done)
    }

    /// Runs one job in its savepoint. An outer error is about the whole batch, an inner one about the job.
    fn run(&mut self, job: &mut Job) -> Result<Result<(), Fault>, Fault> {
        let WriterParts {
            session, keys, log, ..
        } = &mut self.parts;
        session.mark()?;
        keys.mark()?;
        log.mark();

        let mut work = Work {
            session: &mut **session,
            keys,
            log,
        };
        let result =
            catch_unwind(AssertUnwindSafe(|| (job.run)(&mut work))).unwrap_or(Err(Fault::Broken));
        match result {
            Ok(()) if needs_the_mirror(job, keys) => {
                session.undo()?;
                keys.undo()?;
                log.undo();
                Ok(Err(Fault::MirrorAway))
            }
            Ok(()) => {
                if !keys.wrote_ledger_since_mark() {
                    log.is_of_the_data_alone();
                }
                session.keep()?;
                keys.keep()?;
                Ok(Ok(()))
            }
            Err(fault) if fault.is_full() => Err(fault),
            Err(fault) => {
                session.undo()?;
                keys.undo()?;
                log.undo();
                Ok(Err(fault))
            }
        }
    }

    fn sync_hasty(&mut self) {
        if self.broken && !self.recover() {
            self.sync_at = Some(now() + IDLE);
            return;
        }
        let synced = self.transact(true, |state| {
            state.bring_in_noted()?;
            state.parts.log.touch(&mut *state.parts.session)
        });
        match synced {
            Ok(()) => {
                self.settled();
                self.untidy = true;
                if self.parts.log.filled_a_tile() {
                    self.drop_anchor();
                }
            }
            Err(fault) if fault.is_full() => {
                self.full = true;
                self.untidy = true;
                let released = self.parts.ballast.release();
                self.sync_at = Some(now() + if released { HASTE } else { IDLE });
            }
            Err(fault) => {
                tracing::error!(fault = %chain(&fault), "entries of the last moment may not survive a power cut");
                self.broke();
            }
        }
    }

    /// How many entries count that the log does not hold.
    fn n_noted(&self) -> usize {
        self.parts
            .journal
            .as_ref()
            .map_or(0, |journal| journal.n_waiting())
    }

    /// Brings the entries that count already into the log, before anything that came later.
    fn bring_in_noted(&mut self) -> Result<(), Fault> {
        let WriterParts {
            session,
            keys,
            log,
            journal,
            ..
        } = &mut self.parts;
        let Some(journal) = journal else {
            return Ok(());
        };
        let taken = journal.take();
        for noted in &taken {
            log.append_noted(&mut **session, keys, noted)?;
        }
        trail::note_known(&mut **session, &taken)
    }

    /// All that counted when the commit began is on the disk.
    fn settled(&mut self) {
        self.sync_at = None;
        if let Some(journal) = &self.parts.journal {
            journal.settle();
        }
    }

    /// Until the store was opened again nothing new counts; what counts in the journal comes into the log then.
    fn broke(&mut self) {
        self.broken = true;
        if let Some(journal) = &self.parts.journal {
            journal.close();
        }
        self.sync_at = (self.n_noted() > 0).then(|| now() + IDLE);
    }

    /// Keeps the newest checkpoint beside the keys. All of the log up to there is on the disk already.
    fn drop_anchor(&mut self) {
        if self.sync_at.is_some() || self.broken {
            return;
        }
        let kept = self
            .parts
            .log
            .note()
            .map_or(Ok(()), |note| self.parts.anchor.keep(note));
        if let Err(fault) = kept {
            tracing::warn!(%fault, "the newest checkpoint could not be kept beside the keys");
        }
    }

    fn tidy_up(&mut self) {
        if self.broken {
            self.untidy = !self.recover();
            return;
        }
        // Failing here loses nothing: it is tried again after the next erasure or the next second.
        let tidy = self.parts.session.tidy_up();
        let reserved = if self.full {
            self.has_room_again()
        } else {
            self.parts.ballast.restore().is_ok()
        };
        self.drop_anchor();
        self.look_after_the_mirror();
        self.untidy = tidy.is_err() || !reserved || self.parts.keys.is_alone();
    }

    /// Brings a mirror that could not be reached up to date, once a second at most.
    fn look_after_the_mirror(&mut self) {
        let is_early = self
            .mirror_tried
            .is_some_and(|tried| tried.elapsed() < IDLE);
        if !self.parts.keys.is_alone() || is_early {
            return;
        }
        self.mirror_tried = Some(now());
        if let Err(fault) = self.parts.keys.catch_up() {
            tracing::warn!(%fault, "the mirror of the keys is still out of reach");
        }
    }

    /// Opens everything again and checks it. Only then may anything be acknowledged.
    fn recover(&mut self) -> bool {
        let recovered = self.try_recover();
        match &recovered {
            Ok(()) => tracing::info!("the store was opened again and is whole"),
            Err(fault) => {
                tracing::error!(fault = %chain(fault), "the store cannot be opened again yet");
            }
        }
        self.broken = recovered.is_err();
        recovered.is_ok()
    }

    fn try_recover(&mut self) -> Result<(), Fault> {
        self.parts.session.rollback();
        self.parts.keys.recover()?;
        self.parts.session = self.parts.opener.writer()?;
        self.parts.session.check()?;
        self.parts.session.begin(true)?;
        let known = self.parts.log.size();
        let read = self.parts.log.read(&mut *self.parts.session);
        self.parts.session.rollback();
        read?;
        if self.parts.log.size() < known {
            return Err(Fault::Damaged(
                "entries that were acknowledged are gone".to_owned(),
            ));
        }
        self.transact(true, |state| {
            let WriterParts {
                session, keys, log, ..
            } = &mut state.parts;
            crate::ledger::replay(&mut Work {
                session: &mut **session,
                keys,
                log,
            })
        })?;
        Ok(())
    }
}

/// How long ago something was, not what time it is.
#[expect(
    clippy::disallowed_methods,
    reason = "how long ago, not what time it is"
)]
fn now() -> Instant {
    Instant::now()
}

/// New work that made keys, while those reach one disk only. Erasures and what the law asks go on.
fn needs_the_mirror(job: &Job, keys: &KeyStore) -> bool {
    job.urgency == Urgency::Ordinary && keys.is_alone() && keys.changed_since_mark()
}

/// Refuses new work on a full disk; gives back what is essential.
fn refuse_ordinary(batch: Vec<Job>) -> Vec<Job> {
    let (ordinary, essential) = batch
        .into_iter()
        .partition(|job| job.urgency == Urgency::Ordinary);
    refuse(ordinary, || Fault::Full);
    essential
}

fn answer(batch: Vec<Job>, results: Vec<Result<(), Fault>>) {
    for (job, result) in batch.into_iter().zip(results) {
        (job.reply)(result);
    }
}

fn refuse(batch: Vec<Job>, fault: impl Fn() -> Fault) {
    for job in batch {
        (job.reply)(Err(fault()));
    }
}

/// A fault with its causes, for our own log. No cause holds a driver's own words; see [`super::Refusal`].
pub(crate) fn chain(fault: &Fault) -> String {
    let mut text = fault.to_string();
    let mut source = std::error::Error::source(fault);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}
