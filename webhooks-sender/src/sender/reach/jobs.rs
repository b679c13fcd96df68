//! Asking for jobs, looking at them, cancelling them.

use webhooks_store::{Database, SlotSet};

use super::{BATCH_SIZE, MAX_EXAMINED, Reach};
use crate::error::{Error, StateError};
use crate::jobs;
use crate::model::{
    AuditAction, BulkRetry, Cursor, Job, JobFilter, JobId, MessageId, Page, PageRequest, Replay,
    ReplayId, SubscriptionId,
};
use crate::tables::{BULK_JOBS, BulkJobRow, Tx};

/// The letter of its cursors.
const LIST: char = 'j';

impl<D: Database> Reach<'_, D> {
    pub(crate) async fn replay(&self, id: &SubscriptionId, replay: &Replay) -> Result<Job, Error> {
        let scope = self.scope()?;
        let publishing = &self.context.publishing;
        self.start(async |tx| jobs::start_replay(tx, publishing, scope, (id, replay)).await)
            .await
    }

    pub(crate) async fn replay_message(&self, id: &MessageId, ids: ReplayId) -> Result<Job, Error> {
        let scope = self.scope()?;
        let publishing = &self.context.publishing;
        self.start(async |tx| jobs::start_message_replay(tx, publishing, scope, (id, ids)).await)
            .await
    }

    pub(crate) async fn retry_all(&self, retry: &BulkRetry) -> Result<Job, Error> {
        let scope = self.scope()?;
        let publishing = &self.context.publishing;
        self.start(async |tx| jobs::start_retry(tx, publishing, scope, retry).await)
            .await
    }

    pub(crate) async fn erase_message(&self, id: &MessageId) -> Result<Job, Error> {
        let scope = self.scope()?;
        let publishing = &self.context.publishing;
        self.start(async |tx| jobs::start_message_erasure(tx, publishing, scope, id).await)
            .await
    }

    pub(crate) async fn erase_owner(&self, owner: &str) -> Result<Job, Error> {
        let publishing = &self.context.publishing;
        self.start(async |tx| jobs::start_owner_erasure(tx, publishing, owner).await)
            .await
    }

    pub(crate) async fn reseal(&self) -> Result<Job, Error> {
        let publishing = &self.context.publishing;
        self.start(async |tx| jobs::start_reseal(tx, publishing).await)
            .await
    }

    /// Writes a job in a transaction of its own, and wakes the engine.
    async fn start(
        &self,
        start: impl AsyncFnOnce(&mut Tx<'_, D>) -> Result<BulkJobRow, Error>,
    ) -> Result<Job, Error> {
        let tables = &self.context.tables;
        let mut transaction = tables.begin().await?;
        let mut tx = tables.on(&mut transaction);
        let job = start(&mut tx).await?.job;
        // Counting changes nothing.
        if !job.dry_run {
            let owner = job.owner.as_deref().unwrap_or_default();
            let mut entry = self.entry(owner, AuditAction::JobStarted, &job.id)?;
            entry.after = Some(serde_json::json!({
                "kind": job.kind, "subscription": job.subscription, "message": job.message,
            }));
            tx.insert_audit(&entry).await?;
        }
        transaction.commit().await?;
        tables.store.wake().now(BULK_JOBS, &SlotSet::all());
        Ok(job)
    }

    pub(crate) async fn job(&self, id: &JobId) -> Result<Job, Error> {
        let tables = &self.context.tables;
        let mut connection = tables.connection().await?;
        let mut tx = tables.on(&mut connection);
        Ok(tx.job(self.scope()?, id).await?.job)
    }

    pub(crate) async fn jobs(
        &self,
        filter: &JobFilter,
        page: &PageRequest,
    ) -> Result<Page<Job>, Error> {
        let (scope, limit) = (self.scope()?, page.limit());
        let batch_size = if filter.looks_inside() {
            limit.max(BATCH_SIZE)
        } else {
            limit
        };
        let mut before = page.position::<JobId>(LIST)?;
        let (mut items, mut examined) = (Vec::new(), 0);
        let mut connection = self.context.tables.connection().await?;
        let mut tx = self.context.tables.on(&mut connection);
        while examined < MAX_EXAMINED {
            let rows = tx.page_jobs(scope, before.as_ref(), batch_size).await?;
            let is_last = rows.len() < batch_size as usize;
            examined += rows.len();
            for row in rows {
                before = Some(row.job.id.clone());
                if filter.matches(&row.job) {
                    items.push(row.job);
                }
                if items.len() == limit as usize {
                    let next = before.map(|before| Cursor::new(LIST, before));
                    return Ok(Page { items, next });
                }
            }
            if is_last {
                return Ok(Page { items, next: None });
            }
        }
        let next = before.map(|before| Cursor::new(LIST, before));
        Ok(Page { items, next })
    }

    pub(crate) async fn cancel_job(&self, id: &JobId) -> Result<Job, Error> {
        let scope = self.scope()?;
        let tables = &self.context.tables;
        let mut transaction = tables.begin().await?;
        let mut tx = tables.on(&mut transaction);
        let is_cancelled = tx.cancel_job(scope, id).await?;
        let job = tx.job(scope, id).await?.job;
        if !is_cancelled {
            return Err(StateError::JobEnded.into());
        }
        let owner = job.owner.as_deref().unwrap_or_default();
        let entry = self.entry(owner, AuditAction::JobCancelled, id)?;
        tx.insert_audit(&entry).await?;
        transaction.commit().await?;
        Ok(job)
    }
}
