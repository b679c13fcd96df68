//! Group commit: what many callers write at the same time becomes one commit.
//!
//! A durable commit costs a flush of the disk, however much it holds. While one batch is being committed the next one
//! gathers, so that under load the batches grow by themselves and no caller waits for a timer.

use std::future::{Future, poll_fn};
use std::marker::PhantomData;
use std::mem;
use std::panic::{self, AssertUnwindSafe};
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use tokio::sync::{mpsc, oneshot, watch};

use crate::database::Database;
use crate::error::Error;
use crate::store::Store;

/// Something that is written: usually an enum of all that a program writes.
///
/// ```
/// use webhooks_store::{Database, Error, NewJob, Store, Write, Writer};
///
/// struct Enqueue(NewJob);
///
/// impl<D: Database> Write<D> for Enqueue {
///     type Answer = ();
///
///     async fn write(
///         store: &Store<D>,
///         connection: &mut D::Connection,
///         batch: &[Self],
///     ) -> Result<Vec<()>, Error> {
///         let jobs = batch.iter().map(|Enqueue(job)| job.clone()).collect();
///         store.enqueue_in(connection, jobs).await?;
///         Ok(vec![(); batch.len()])
///     }
/// }
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let store = Store::memory().open().await?;
/// let writer = Writer::start(&store);
/// let job = NewJob::new("delivery", webhooks_store::Id::from_bytes([1; 16]), "sub_1");
/// writer.write(Enqueue(job)).await?;                       // durable from here on
/// writer.close().await;
/// # Ok::<(), Error>(())
/// # }).unwrap();
/// ```
pub trait Write<D: Database>: Sized + Send + Sync + 'static {
    /// What the caller gets when its write is durable.
    type Answer: Send + 'static;

    /// How many bytes it takes to the database, about. A batch is closed when its writes weigh more than 4 MiB together,
    /// so that large writes are not bound, and refused, together. Default: 0.
    fn size(&self) -> usize {
        0
    }

    /// Writes a batch inside a transaction that is committed afterwards; one answer for each, in the same order.
    ///
    /// When the batch fails for what is in it (a conflict, a value that the database cannot take, a write that
    /// [refuses](Error::Refused) itself, or a panic) it is rolled back and written again in halves, so that only the write to blame
    /// fails: writing must have no effect outside the transaction.
    fn write(
        store: &Store<D>,
        connection: &mut D::Connection,
        batch: &[Self],
    ) -> impl Future<Output = Result<Vec<Self::Answer>, Error>> + Send;
}

/// Commits what many callers write, together. Clones share it; when the last is dropped, what was accepted is still
/// written.
#[derive(Debug)]
pub struct Writer<D: Database, W: Write<D>> {
    entries: mpsc::Sender<Entry<W, W::Answer>>,
    /// Ends when the task has written all it accepted.
    running: watch::Receiver<()>,
    database: PhantomData<fn() -> D>,
}

#[derive(Debug)]
enum Entry<W, A> {
    Write(W, oneshot::Sender<Result<A, Error>>),
    Close,
}

impl<D: Database, W: Write<D>> Writer<D, W> {
    /// Batches of up to 256; up to 1,024 writes wait, further callers wait to get in.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn start(store: &Store<D>) -> Self {
        Self::start_with(store, 256, 1024)
    }

    /// With at most `batch` writes in a commit and at most `waiting` that wait for one; both at least 1.
    ///
    /// # Panics
    ///
    /// Outside of a tokio runtime.
    pub fn start_with(store: &Store<D>, batch: usize, waiting: usize) -> Self {
        let (entries, inbox) = mpsc::channel(waiting.max(1));
        let (alive, running) = watch::channel(());
        tokio::spawn(run(store.clone(), inbox, batch.max(1), alive));
        Self {
            entries,
            running,
            database: PhantomData,
        }
    }

    /// Returns when the write is durable.
    ///
    /// When the future is dropped after the write was accepted, it is written nevertheless.
    ///
    /// # Errors
    ///
    /// What [`Write::write`] or the commit failed with; [`Error::Closed`] after [`close`](Writer::close).
    pub async fn write(&self, write: W) -> Result<W::Answer, Error> {
        let (answer, answered) = oneshot::channel();
        self.entries
            .send(Entry::Write(write, answer))
            .await
            .map_err(|_| Error::Closed)?;
        answered.await.map_err(|_| Error::Closed)?
    }

    /// Lets nothing more in and returns when all that was accepted has been written.
    pub async fn close(&self) {
        // When it fails, it was closed before.
        let _ = self.entries.send(Entry::Close).await;
        let mut running = self.running.clone();
        while running.changed().await.is_ok() {}
    }
}

impl<D: Database, W: Write<D>> Clone for Writer<D, W> {
    fn clone(&self) -> Self {
        Self {
            entries: self.entries.clone(),
            running: self.running.clone(),
            database: PhantomData,
        }
    }
}

/// Beyond this a batch is committed, however few writes it has: one bind of a gigabyte is refused by PostgreSQL, and with
/// it the small writes of others.
const MAX_BATCH_BYTES: usize = 4 << 20;

async fn run<D: Database, W: Write<D>>(
    store: Store<D>,
    mut inbox: mpsc::Receiver<Entry<W, W::Answer>>,
    batch: usize,
    alive: watch::Sender<()>,
) {
    let mut entries = Vec::with_capacity(batch);
    while inbox.recv_many(&mut entries, batch).await > 0 {
        gather(&mut inbox, &mut entries, batch).await;
        let (mut writes, mut answers, mut bytes) = (
            Vec::with_capacity(entries.len()),
            Vec::with_capacity(entries.len()),
            0,
        );
        for entry in entries.drain(..) {
            match entry {
                Entry::Write(write, answer) => {
                    bytes += write.size();
                    writes.push(write);
                    answers.push(answer);
                    if bytes > MAX_BATCH_BYTES {
                        write_all(&store, &writes, mem::take(&mut answers)).await;
                        writes.clear();
                        bytes = 0;
                    }
                }
                // What waits already is still received, then nothing.
                Entry::Close => inbox.close(),
            }
        }
        write_all(&store, &writes, answers).await;
    }
    drop(alive);
}

/// Lets callers in that are about to write: callers that the last commit has woken are not here yet when the first of
/// them is. No timer is involved.
async fn gather<T>(inbox: &mut mpsc::Receiver<T>, entries: &mut Vec<T>, batch: usize) {
    loop {
        tokio::task::yield_now().await;
        let before = entries.len();
        while entries.len() < batch
            && let Ok(entry) = inbox.try_recv()
        {
            entries.push(entry);
        }
        if entries.len() == before || entries.len() == batch {
            return;
        }
    }
}

/// Writes a batch, and again in halves for as long as something in it keeps the whole from being written.
async fn write_all<D: Database, W: Write<D>>(
    store: &Store<D>,
    writes: &[W],
    answers: Vec<oneshot::Sender<Result<W::Answer, Error>>>,
) {
    let mut waiting = vec![(writes, answers)];
    while let Some((writes, mut answers)) = waiting.pop() {
        if writes.is_empty() {
            continue;
        }
        match commit(store, writes).await {
            Ok(given) => answer_each(answers, given.into_iter().map(Ok)),
            Err(error) if error.is_of_one() && writes.len() > 1 => {
                let (first, second) = writes.split_at(writes.len() / 2);
                let second_answers = answers.split_off(first.len());
                // The first half comes first again.
                waiting.push((second, second_answers));
                waiting.push((first, answers));
            }
            Err(error) if writes.len() == 1 => {
                let mut error = Some(error);
                answer_each(answers, std::iter::from_fn(|| error.take().map(Err)));
            }
            Err(error) => {
                let error = Arc::new(error);
                answer_each(
                    answers,
                    std::iter::repeat_with(|| Err(Error::Shared(Arc::clone(&error)))),
                );
            }
        }
    }
}

/// Commits a batch; a panic in [`Write::write`] is the batch's error, not the end of the writer.
async fn commit<D: Database, W: Write<D>>(
    store: &Store<D>,
    writes: &[W],
) -> Result<Vec<W::Answer>, Error> {
    let mut committed = pin!(transact(store, writes));
    // A future that has panicked is not polled again, so nothing of it that is half changed is ever seen.
    let caught = |cx: &mut Context<'_>| {
        panic::catch_unwind(AssertUnwindSafe(|| committed.as_mut().poll(cx)))
            .unwrap_or_else(|_| Poll::Ready(Err(Error::Panic)))
    };
    poll_fn(caught).await
}

async fn transact<D: Database, W: Write<D>>(
    store: &Store<D>,
    writes: &[W],
) -> Result<Vec<W::Answer>, Error> {
    let mut transaction = store.begin_durable().await?;
    match W::write(store, &mut transaction, writes).await {
        Ok(answers) => {
            transaction.commit().await?;
            Ok(answers)
        }
        Err(error) => {
            // If that fails too, the connection is closed before anything else is done on it.
            let _ = transaction.rollback().await;
            Err(error)
        }
    }
}

fn answer_each<A>(
    answers: Vec<oneshot::Sender<Result<A, Error>>>,
    given: impl Iterator<Item = Result<A, Error>>,
) {
    for (answer, given) in answers.into_iter().zip(given) {
        // It fails when the caller's future was dropped.
        let _ = answer.send(given);
    }
}
