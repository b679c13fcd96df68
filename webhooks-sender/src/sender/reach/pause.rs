//! All deliveries held back, and let go on: by the operator, and written down.

use webhooks_store::{Database, SlotSet};

use super::Reach;
use crate::engine::look_at_pause;
use crate::error::Error;
use crate::model::{AuditAction, PauseOfAll};
use crate::tables::PAUSE;

/// What the trail calls it.
const ALL: &str = "all";

impl<D: Database> Reach<'_, D> {
    pub(crate) async fn pause_of_all(&self) -> Result<Option<PauseOfAll>, Error> {
        let tables = &self.context.tables;
        let mut connection = tables.connection().await?;
        tables.on(&mut connection).pause_of_all().await
    }

    pub(crate) async fn pause_all(&self) -> Result<(), Error> {
        let tables = &self.context.tables;
        let mut transaction = tables.begin().await?;
        let mut tx = tables.on(&mut transaction);
        if tx.insert_pause(self.actor).await? {
            let entry = self.entry("", AuditAction::DeliveriesPaused, &ALL)?;
            tx.insert_audit(&entry).await?;
        }
        transaction.commit().await?;
        tables.store.wake().now(PAUSE, &SlotSet::all());
        look_at_pause(self.context).await?;
        Ok(())
    }

    pub(crate) async fn resume_all(&self) -> Result<(), Error> {
        let tables = &self.context.tables;
        let mut transaction = tables.begin().await?;
        let mut tx = tables.on(&mut transaction);
        if tx.delete_pause().await? {
            let entry = self.entry("", AuditAction::DeliveriesResumed, &ALL)?;
            tx.insert_audit(&entry).await?;
        }
        transaction.commit().await?;
        tables.store.wake().now(PAUSE, &SlotSet::all());
        look_at_pause(self.context).await?;
        tables.wake_deliveries();
        Ok(())
    }
}
