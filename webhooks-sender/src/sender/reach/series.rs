//! What happened, step by step of a period.

use webhooks_store::Database;

use super::Reach;
use crate::error::Error;
use crate::model::{AttemptsIn, DeliveriesIn, MessagesIn, Owner, Period, Series};

impl<D: Database> Reach<'_, D> {
    pub(crate) async fn messages_sent(
        &self,
        period: Period,
        owner: Option<&str>,
    ) -> Result<Series<MessagesIn>, Error> {
        check(owner)?;
        let tables = &self.context.tables;
        let mut connection = tables.connection().await?;
        let (mut tx, mut steps) = (tables.on(&mut connection), Vec::new());
        for step in period.steps() {
            steps.push(tx.count_messages(step, owner).await?);
        }
        Ok(Series { steps })
    }

    pub(crate) async fn deliveries_ended(
        &self,
        period: Period,
        owner: Option<&str>,
    ) -> Result<Series<DeliveriesIn>, Error> {
        check(owner)?;
        let tables = &self.context.tables;
        let mut connection = tables.connection().await?;
        let (mut tx, mut steps) = (tables.on(&mut connection), Vec::new());
        for step in period.steps() {
            steps.push(tx.count_deliveries(step, owner).await?);
        }
        Ok(Series { steps })
    }

    pub(crate) async fn attempts_made(
        &self,
        period: Period,
        owner: Option<&str>,
    ) -> Result<Series<AttemptsIn>, Error> {
        check(owner)?;
        let tables = &self.context.tables;
        let mut connection = tables.connection().await?;
        let (mut tx, mut steps) = (tables.on(&mut connection), Vec::new());
        for step in period.steps() {
            steps.push(tx.count_attempts(step, owner).await?);
        }
        Ok(Series { steps })
    }
}

fn check(owner: Option<&str>) -> Result<(), Error> {
    if owner.is_none_or(Owner::is_valid) {
        return Ok(());
    }
    Err(Error::Owner)
}
