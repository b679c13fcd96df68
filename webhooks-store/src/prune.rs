//! Forgetting finished jobs after a while, a few at a time, so that nobody waits for it.

use std::time::Duration;

use crate::clock::duration_ms;
use crate::database::Database;
use crate::error::Error;
use crate::job::Id;
use crate::parameters::Parameters;
use crate::record::id;
use crate::store::Store;

impl<D: Database> Store<D> {
    /// Deletes up to `limit` jobs of a queue that finished longer ago than `age`, the oldest first, and returns their
    /// ids, so that what belongs to them can follow. Fewer than `limit`: none is left for now.
    ///
    /// # Errors
    ///
    /// As the database says.
    pub async fn prune_in(
        &self,
        connection: &mut D::Connection,
        queue: &str,
        age: Duration,
        limit: u32,
    ) -> Result<Vec<Id>, Error> {
        let parameters = Parameters::new()
            .text(queue)
            .int(duration_ms(age))
            .int(i64::from(limit));
        let rows = self
            .statements()
            .prune
            .fetch(connection, parameters)
            .await?;
        rows.iter().map(|row| id(row, 0)).collect()
    }
}
