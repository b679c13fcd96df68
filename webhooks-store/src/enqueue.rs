//! Inserting jobs, in a transaction of the caller's or in one of its own.

use std::collections::BTreeMap;

use crate::clock::{duration_ms, to_ms};
use crate::database::Database;
use crate::error::Error;
use crate::job::{Due, NewJob};
use crate::parameters::{Parameters, SqlStatement, SqlValue};
use crate::slot_set::SlotSet;
use crate::store::Store;

impl<D: Database> Store<D> {
    /// Inserts jobs; they exist when the caller's transaction is committed, and never when it is rolled back.
    ///
    /// It touches no row that another transaction could be waiting for. Afterwards tell the workers:
    /// [`Wake::now`](crate::Wake::now) when the commit is done, or [`Wake::soon`](crate::Wake::soon) when it is
    /// the application's to do.
    ///
    /// # Errors
    ///
    /// [`Error::Conflict`] when an unfinished job has the id already; on PostgreSQL that spoils the transaction.
    pub async fn enqueue_in(
        &self,
        connection: &mut D::Connection,
        jobs: Vec<NewJob>,
    ) -> Result<(), Error> {
        self.statements()
            .enqueue
            .execute(connection, columns(jobs))
            .await?;
        Ok(())
    }

    /// Inserts jobs in a transaction of its own and wakes the workers. All of them or none.
    ///
    /// # Errors
    ///
    /// As [`enqueue_in`](Store::enqueue_in); nothing is inserted then.
    pub async fn enqueue(&self, jobs: Vec<NewJob>) -> Result<(), Error> {
        let mut news = BTreeMap::<_, SlotSet>::new();
        for job in &jobs {
            news.entry(job.queue).or_default().insert(job.slot);
        }
        let mut transaction = self.begin().await?;
        self.enqueue_in(&mut transaction, jobs).await?;
        transaction.commit().await?;
        for (queue, slots) in news {
            self.wake().now(queue, &slots);
        }
        Ok(())
    }

    /// The statement that inserts a job, for a program whose driver is not sqlx. Times are those of this store's clock.
    ///
    /// Nothing is woken by it: workers find the job at their next poll.
    ///
    /// ```
    /// use webhooks_store::{Id, NewJob, Store};
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let store = Store::memory().open().await?;
    /// let statement = store.enqueue_statement(&NewJob::new("delivery", Id::from_bytes([7; 16]), "sub_1"));
    /// assert!(statement.text.starts_with("INSERT INTO webhooks_job (id, "));
    /// # Ok::<(), webhooks_store::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn enqueue_statement(&self, job: &NewJob) -> SqlStatement {
        let now = to_ms(self.clock().now());
        let (delay, moment) = delay_or_moment(job.due);
        let due = now.saturating_add(delay).max(moment.unwrap_or(0));
        let bytes = |bytes: &[u8]| SqlValue::Bytes(Some(bytes.to_vec()));
        self.insert_statement(
            "job",
            vec![
                ("id", bytes(job.id.as_bytes())),
                ("queue", SqlValue::Text(Some(job.queue.to_owned()))),
                ("slot", SqlValue::Int(Some(job.slot.0.into()))),
                ("lane", bytes(job.lane.as_bytes())),
                ("owner", SqlValue::Int(Some(job.owner))),
                (
                    "reference",
                    SqlValue::Bytes(job.reference.map(|id| id.as_bytes().to_vec())),
                ),
                ("order_key", SqlValue::Text(job.order_key.clone())),
                ("labels", SqlValue::Text(job.labels.clone())),
                ("data", bytes(&job.data)),
                ("scheduled", SqlValue::Int(Some(i64::from(due > now)))),
                ("due_at", SqlValue::Int(Some(due))),
                ("created_at", SqlValue::Int(Some(now))),
            ],
        )
    }

    /// The statement that inserts one row into a table with this store's prefix: columns with their values.
    pub fn insert_statement(
        &self,
        table: &str,
        row: Vec<(&'static str, SqlValue)>,
    ) -> SqlStatement {
        let (columns, values): (Vec<_>, Vec<_>) = row.into_iter().unzip();
        let sign = D::PLACEHOLDER;
        let places: Vec<_> = (1..=values.len())
            .map(|number| format!("{sign}{number}"))
            .collect();
        let prefix = self.prefix();
        let text = format!(
            "INSERT INTO {prefix}{table} ({}) VALUES ({})",
            columns.join(", "),
            places.join(", ")
        );
        SqlStatement { text, values }
    }
}

/// One column per field. A due time is a delay or a moment; the statement turns both into a moment.
fn columns(jobs: Vec<NewJob>) -> Parameters {
    let rows = jobs.len();
    let mut ids = Vec::with_capacity(rows);
    let mut queues = Vec::with_capacity(rows);
    let mut slots = Vec::with_capacity(rows);
    let mut lanes = Vec::with_capacity(rows);
    let mut owners = Vec::with_capacity(rows);
    let mut references = Vec::with_capacity(rows);
    let mut order_keys = Vec::with_capacity(rows);
    let mut labels = Vec::with_capacity(rows);
    let mut data = Vec::with_capacity(rows);
    let mut delays = Vec::with_capacity(rows);
    let mut moments = Vec::with_capacity(rows);
    for job in jobs {
        ids.push(*job.id.as_bytes());
        queues.push(job.queue);
        slots.push(job.slot.0.into());
        lanes.push(job.lane.into_bytes());
        owners.push(job.owner);
        references.push(job.reference.map(|id| *id.as_bytes()));
        order_keys.push(job.order_key);
        labels.push(job.labels);
        data.push(job.data);
        let (delay, moment) = delay_or_moment(job.due);
        delays.push(delay);
        moments.push(moment);
    }
    Parameters::new()
        .blobs(ids)
        .texts(queues)
        .ints(slots)
        .blobs(lanes)
        .ints(owners)
        .maybe_blobs(references)
        .maybe_texts(order_keys)
        .maybe_texts(labels)
        .blobs(data)
        .ints(delays)
        .maybe_ints(moments)
}

/// A delay in milliseconds, and the moment that takes its place if there is one.
pub(crate) fn delay_or_moment(due: Due) -> (i64, Option<i64>) {
    match due {
        Due::Now => (0, None),
        Due::After(delay) => (duration_ms(delay), None),
        Due::At(moment) => (0, Some(to_ms(moment))),
    }
}
