//! Readers: threads with their own connections, each read in a transaction that sees one state.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use tokio::sync::oneshot;

use super::{Fault, Opener, Session};
use crate::keys::KeyView;

/// What a read works with.
pub(crate) struct ReadWork<'a> {
    pub(crate) session: &'a mut dyn Session,
    pub(crate) keys: &'a KeyView,
}

type Job = Box<dyn FnMut(&mut ReadWork<'_>) -> Result<(), Fault> + Send>;
type Queued = (Job, Box<dyn FnOnce(Result<(), Fault>) + Send>);

/// The way to the readers' threads.
pub(crate) struct Readers {
    jobs: Option<Sender<Queued>>,
    threads: Vec<JoinHandle<()>>,
}

impl Readers {
    pub(crate) fn start(opener: &Arc<dyn Opener>, views: Vec<KeyView>) -> Result<Self, Fault> {
        let (jobs, queue) = channel();
        let queue = Arc::new(Mutex::new(queue));
        let mut threads = Vec::new();
        for keys in views {
            let (opener, queue) = (Arc::clone(opener), Arc::clone(&queue));
            let session = opener.reader()?;
            let thread = std::thread::Builder::new()
                .name("store-reader".to_owned())
                .spawn(move || serve(&*opener, session, &keys, &queue))?;
            threads.push(thread);
        }
        Ok(Self {
            jobs: Some(jobs),
            threads,
        })
    }

    /// Runs a read.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        mut job: impl FnMut(&mut ReadWork<'_>) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let (answer, answered) = oneshot::channel();
        let made = Arc::new(Mutex::new(None));
        let slot = Arc::clone(&made);
        let run: Job = Box::new(move |work| {
            let value = job(work)?;
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
            Ok(())
        });
        let reply = Box::new(move |result: Result<(), Fault>| {
            let value = made.lock().unwrap_or_else(PoisonError::into_inner).take();
            let _ = answer.send(result.and_then(|()| value.ok_or(Fault::Broken)));
        });
        let jobs = self.jobs.as_ref().ok_or(Fault::Closed)?;
        jobs.send((run, reply)).map_err(|_| Fault::Closed)?;
        answered.await.map_err(|_| Fault::Closed)?
    }
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.jobs = None;
        for thread in self.threads.drain(..) {
            let _ = thread.join();
        }
    }
}

fn serve(
    opener: &dyn Opener,
    mut session: Box<dyn Session>,
    keys: &KeyView,
    queue: &Mutex<Receiver<Queued>>,
) {
    loop {
        let next = queue.lock().unwrap_or_else(PoisonError::into_inner).recv();
        let Ok((mut job, reply)) = next else { return };

        let mut result = read(&mut *session, keys, &mut job);
        if matches!(result, Err(Fault::Sqlite(_) | Fault::Postgres(_))) {
            // The connection may have gone; once more with a new one.
            if let Ok(fresh) = opener.reader() {
                session = fresh;
                result = read(&mut *session, keys, &mut job);
            }
        }
        reply(result);
    }
}

fn read(session: &mut dyn Session, keys: &KeyView, job: &mut Job) -> Result<(), Fault> {
    session.begin_reading()?;
    let mut work = ReadWork { session, keys };
    let result = catch_unwind(AssertUnwindSafe(|| job(&mut work))).unwrap_or(Err(Fault::Broken));
    session.rollback();
    result
}
