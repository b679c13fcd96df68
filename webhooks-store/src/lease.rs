//! Leases: made longer while the work goes on, taken back when they have run out.

use std::collections::HashSet;
use std::time::Duration;

use crate::clock::duration_ms;
use crate::database::Database;
use crate::error::Error;
use crate::job::Lease;
use crate::parameters::Parameters;
use crate::settle::{self, Settled};
use crate::store::Store;

/// A claim that is committed while a rescue is on its way ends later than `longest` from the rescue's own time: by as
/// long as either of them waited for the database. No store waits that long.
const ON_THE_WAY: Duration = Duration::from_mins(1);

impl<D: Database> Store<D> {
    /// Lets leases run `lease` from now on; one answer for each, in the same order.
    ///
    /// # Errors
    ///
    /// When the database fails. A lost lease is not an error.
    pub async fn extend(&self, leases: &[Lease], lease: Duration) -> Result<Vec<Settled>, Error> {
        let mut seen = HashSet::with_capacity(leases.len());
        let fresh: Vec<_> = leases.iter().filter(|lease| seen.insert(**lease)).collect();
        let parameters = Parameters::new()
            .int(duration_ms(lease))
            .blobs(fresh.iter().map(|lease| *lease.id.as_bytes()))
            .ints(fresh.iter().map(|lease| lease.claim));
        let mut transaction = self.begin_bookkeeping().await?;
        let rows = self
            .statements()
            .extend
            .fetch(&mut transaction, parameters)
            .await?;
        transaction.commit().await?;
        let extended: HashSet<Lease> = rows.iter().map(settle::lease).collect::<Result<_, _>>()?;
        Ok(leases
            .iter()
            .map(|lease| Settled::from_found(extended.contains(lease)))
            .collect())
    }

    /// Makes up to `limit` running jobs whose lease has run out claimable again, and returns their former leases.
    /// Call it every few seconds; several processes may.
    ///
    /// `longest` is the longest lease any worker takes: a lease that ends more than a minute later than that from now
    /// was given before the machine's clock was set back, and has run out too. The minute is for leases that are taken
    /// in the same instant.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn rescue(
        &self,
        queue: &str,
        longest: Duration,
        limit: u32,
    ) -> Result<Vec<Lease>, Error> {
        let parameters = Parameters::new()
            .text(queue)
            .int(duration_ms(longest.saturating_add(ON_THE_WAY)))
            .int(i64::from(limit));
        let mut transaction = self.begin_bookkeeping().await?;
        let rows = self
            .statements()
            .rescue
            .fetch(&mut transaction, parameters)
            .await?;
        transaction.commit().await?;
        rows.iter().map(settle::lease).collect()
    }
}
