//! What holds all deliveries back: one row while it does.

use webhooks_store::{Database, Parameters, from_ms, to_ms};

use super::Tx;
use crate::error::Error;
use crate::model::PauseOfAll;

impl<D: Database> Tx<'_, D> {
    /// Since when all deliveries are held back, if they are.
    pub(crate) async fn pause_of_all(&mut self) -> Result<Option<PauseOfAll>, Error> {
        let sql = &self.tables.sql.pause_of_all;
        let row = sql.first(self.connection, Parameters::new()).await?;
        let decode = |row: webhooks_store::Row<D>| {
            Ok(PauseOfAll {
                since: from_ms(row.int("since")?),
                actor: row.maybe_text("actor")?,
            })
        };
        row.map(decode).transpose()
    }

    /// Whether it was not so before.
    pub(crate) async fn insert_pause(&mut self, actor: Option<&str>) -> Result<bool, Error> {
        let parameters = Parameters::new().int(to_ms(self.now())).maybe_text(actor);
        let sql = &self.tables.sql.insert_pause;
        Ok(sql.execute(self.connection, parameters).await? > 0)
    }

    /// Whether it was so before.
    pub(crate) async fn delete_pause(&mut self) -> Result<bool, Error> {
        let sql = &self.tables.sql.delete_pause;
        Ok(sql.execute(self.connection, Parameters::new()).await? > 0)
    }
}
