//! What waits, read in the caller's transaction: for work that is not done by a worker but asked for from outside.

use crate::database::Database;
use crate::error::Error;
use crate::job::Id;
use crate::lane::LaneName;
use crate::lanes::{Entry, Rows};
use crate::parameters::Parameters;
use crate::store::Store;

impl<D: Database> Store<D> {
    /// Up to `limit` due jobs of a lane, in its order. A queue that is read in this way must have no
    /// [worker](crate::worker::Worker), or each job would be worked on twice.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn due_in(
        &self,
        connection: &mut D::Connection,
        queue: &str,
        lane: &LaneName,
        limit: u32,
    ) -> Result<Rows, Error> {
        let mut parameters = Parameters::new().text(queue);
        if D::ONE_WRITER {
            parameters = parameters.int(limit.into());
        }
        let parameters = parameters
            .ints([i64::from(lane.slot.0)])
            .blobs([&*lane.key])
            .ints([i64::MIN])
            .blobs([[0; 16]])
            .ints([i64::from(limit)]);
        let refill = &self.statements().refill;
        self.rows(&refill.fetch(connection, parameters).await?)
    }

    /// Those of these jobs that wait, the caller's until its transaction ends: what it [records](Store::record_in) of them
    /// counts.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn hold_in(
        &self,
        connection: &mut D::Connection,
        queue: &str,
        ids: &[Id],
    ) -> Result<Vec<Entry>, Error> {
        let ids = Parameters::new().blobs(ids.iter().map(|id| *id.as_bytes()));
        if D::MOVES_ROWS {
            let lock = &self.statements().lock_jobs;
            lock.execute(connection, ids.clone()).await?;
        }
        let mut parameters = Parameters::new().text(queue);
        parameters.columns.clone_from(&ids.columns);
        let rows = self.statements().look.fetch(connection, parameters).await?;
        Ok(self.rows(&rows)?.entries)
    }
}
