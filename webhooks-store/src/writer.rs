//! Group commit: what many callers write at the same time becomes one commit.
//!
//! A durable commit costs a flush of the disk, however much it holds. While one batch is being committed the next one
//! gathers, so that under load the batches grow by themselves and nobody waits for a timer.

use std::future::Future;
use std::marker::PhantomData;

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

    /// Writes a batch inside a transaction that is committed afterwards; one answer for each, in the same order.
    ///
    /// When the batch fails with a [conflict](Error::is_conflict) it is rolled back and written again in halves, so
    /// that only the write to blame fails: writing must have no effect outside the transaction.
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
    marker: PhantomData<fn() -> (D, W)>,
}

impl<D: Database, W: Write<D>> Writer<D, W> {
    /// Batches of up to 256; up to 1,024 writes wait, further callers wait to get in.
    ///
    /// Must be called within a tokio runtime.
    pub fn start(store: &Store<D>) -> Self {
        Writer::start_with(store, 256, 1024)
    }

    /// With at most `batch` writes in a commit and at most `waiting` that wait for one.
    pub fn start_with(store: &Store<D>, batch: usize, waiting: usize) -> Self {
        let _ = (store, batch, waiting);
        todo!()
    }

    /// Returns when the write is durable.
    ///
    /// When the future is dropped after the write was accepted, it is written nevertheless.
    ///
    /// # Errors
    ///
    /// What [`Write::write`] or the commit failed with; [`Error::Closed`] after [`close`](Writer::close).
    pub async fn write(&self, write: W) -> Result<W::Answer, Error> {
        let _ = write;
        todo!()
    }

    /// Lets nothing more in and returns when all that was accepted has been written.
    pub async fn close(&self) {
        todo!()
    }
}

impl<D: Database, W: Write<D>> Clone for Writer<D, W> {
    fn clone(&self) -> Self {
        todo!()
    }
}
