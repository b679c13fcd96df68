//! Claiming: due jobs are leased in batches, in turn over the lanes that have any.
//!
//! The index of waiting jobs begins with the lane, so a claim jumps from lane to lane, asks for each how many may be
//! taken, and never reads the jobs of a lane it leaves alone. Where it stopped, the next claim goes on.

use std::time::{Duration, SystemTime};

use crate::clock::{duration_ms, from_ms};
use crate::database::Database;
use crate::error::Error;
use crate::job::{Id, Job, Lane};
use crate::parameters::{Parameters, Row};
use crate::store::Store;

/// Takes jobs of one queue. Each worker process has one and keeps it, because it remembers whose turn is next.
///
/// A claim costs the same with a million waiting jobs as with a hundred: it reads the jobs it takes and one index
/// entry for each lane it passes.
#[derive(Debug)]
pub struct Claimer<D: Database> {
    store: Store<D>,
    queue: &'static str,
    lease: Duration,
    per_lane: u32,
    /// The lowest lane that is looked at next.
    turn: Vec<u8>,
}

/// What a claim brought.
#[derive(Debug)]
#[non_exhaustive]
pub struct Claimed {
    /// The jobs, lane by lane, the oldest due first. Yours until the lease has run out.
    pub jobs: Vec<Job>,
    /// Whether more could have been had: claim again at once. Otherwise wait for a wake-up, for
    /// [`Store::next_due`], or until something settles that held back its lane.
    pub more: bool,
    /// Until when the jobs are leased, by the database's clock. Nothing when there are none.
    pub lease_until: Option<SystemTime>,
}

impl<D: Database> Claimer<D> {
    /// For one queue; leases of 60 seconds, at most 256 running jobs in a lane.
    pub fn new(store: &Store<D>, queue: &'static str) -> Self {
        Claimer {
            store: store.clone(),
            queue,
            lease: Duration::from_secs(60),
            per_lane: 256,
            turn: Vec::new(),
        }
    }

    /// How long a worker has before its jobs are taken back. It must be longer than the work takes, the wait in the
    /// worker's own queue included; long work [extends](Store::extend) it.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// How many jobs of a lane may run at once, over all workers. Two workers that claim in the same instant may both
    /// count before the other has committed, so that for a moment there may be more.
    pub fn per_lane(mut self, per_lane: u32) -> Self {
        self.per_lane = per_lane;
        self
    }

    /// Leases up to `limit` jobs.
    ///
    /// # Errors
    ///
    /// As the database says; a connection lost in the middle may leave jobs leased to nobody until the lease runs out.
    pub async fn claim(&mut self, limit: u32) -> Result<Claimed, Error> {
        self.claim_where(limit, |_, _| u32::MAX).await
    }

    /// Leases up to `limit` jobs, of each lane at most as many as `allow` says when it is given the lane and how many
    /// of its jobs are running (counted up to `per_lane`, which holds in any case). Zero leaves the lane alone.
    ///
    /// # Errors
    ///
    /// As [`claim`](Claimer::claim).
    pub async fn claim_where(
        &mut self,
        limit: u32,
        allow: impl FnMut(&Lane, u32) -> u32 + Send,
    ) -> Result<Claimed, Error> {
        let _ = (limit, allow, self.lease, self.per_lane, &self.turn, self.queue, &self.store);
        todo!()
    }
}
