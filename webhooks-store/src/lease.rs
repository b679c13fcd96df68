//! Leases: made longer while the work goes on, taken back when they have run out.

use std::time::Duration;

use crate::database::Database;
use crate::error::Error;
use crate::job::Lease;
use crate::settle::Settled;
use crate::store::Store;

impl<D: Database> Store<D> {
    /// Lets leases run `lease` from now on; one answer for each, in the same order.
    ///
    /// # Errors
    ///
    /// As the database says. A lost lease is no error.
    pub async fn extend(&self, leases: &[Lease], lease: Duration) -> Result<Vec<Settled>, Error> {
        let _ = (leases, lease);
        todo!()
    }

    /// Makes up to `limit` running jobs whose lease has run out claimable again, and returns their former leases.
    /// Call it every few seconds; several processes may.
    ///
    /// `longest` is the longest lease any worker takes: a lease that ends later than that from now was given before
    /// the machine's clock was set back, and has run out too.
    ///
    /// # Errors
    ///
    /// As the database says.
    pub async fn rescue(&self, queue: &str, longest: Duration, limit: u32) -> Result<Vec<Lease>, Error> {
        let _ = (queue, longest, limit);
        todo!()
    }
}
