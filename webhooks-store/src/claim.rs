//! Claiming: due jobs are leased in batches, in turn over the lanes that have any.
//!
//! The index of waiting jobs begins with the lane, so a claim jumps from lane to lane, asks for each how many may be
//! taken, and never reads the jobs of a lane it leaves alone. Where it stopped, the next claim goes on.

use std::collections::HashMap;
use std::time::{Duration, SystemTime};

use crate::clock::{duration_ms, from_ms};
use crate::database::Database;
use crate::error::Error;
use crate::job::{Job, Lane};
use crate::parameters::Parameters;
use crate::record::job;
use crate::store::Store;

/// Takes jobs of one queue. Each worker process has one and keeps it, because it remembers which lane is next.
///
/// A claim costs the same with a million waiting jobs as with a hundred: it reads the jobs it takes and one index
/// entry for each lane it passes.
#[derive(Debug)]
pub struct Claimer<D: Database> {
    store: Store<D>,
    queue: &'static str,
    lease: Duration,
    /// The lowest lane that is looked at next.
    next_lane: Vec<u8>,
}

/// What a claim brought.
#[derive(Debug)]
#[non_exhaustive]
pub struct ClaimedJobs {
    /// The jobs, the longest due first. Yours until the lease has run out.
    pub jobs: Vec<Job>,
    /// Whether more could have been had: claim again immediately. Otherwise wait for a wake-up, for
    /// [`Store::next_due`], or until something settles that held back its lane.
    pub more: bool,
    /// Until when the jobs are leased, by the database's clock. Nothing when there are none.
    pub lease_until: Option<SystemTime>,
    /// What [`Store::next_due`] said when the claim was made.
    pub next_due: Option<Duration>,
}

impl<D: Database> Claimer<D> {
    /// For one queue; leases of 60 seconds.
    pub fn new(store: &Store<D>, queue: &'static str) -> Self {
        Self {
            store: store.clone(),
            queue,
            lease: Duration::from_mins(1),
            next_lane: Vec::new(),
        }
    }

    /// How long a worker has before its jobs are taken back. It must be longer than the work takes, the wait in the
    /// worker's own queue included; long work [extends](Store::extend) it.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.lease = lease;
        self
    }

    /// Leases up to `limit` jobs.
    ///
    /// # Errors
    ///
    /// When the database fails; a connection lost in the middle may leave jobs leased without a worker until the lease runs out.
    pub async fn claim(&mut self, limit: u32) -> Result<ClaimedJobs, Error> {
        self.claim_where(limit, |_| u32::MAX).await
    }

    /// Leases up to `limit` jobs, of each lane at most as many as `allow` says. Zero leaves the lane alone.
    ///
    /// # Errors
    ///
    /// As [`claim`](Claimer::claim).
    pub async fn claim_where(
        &mut self,
        limit: u32,
        allow: impl FnMut(&Lane) -> u32 + Send,
    ) -> Result<ClaimedJobs, Error> {
        let mut connection = self.store.begin_bookkeeping().await?;
        let next_due = self.make_ready(&mut connection).await?;
        let (plan, complete) = self.plan(&mut connection, limit, allow).await?;
        let takes = allot(&plan, limit);
        let mut claimed = ClaimedJobs {
            jobs: Vec::new(),
            more: false,
            lease_until: None,
            next_due,
        };
        for group in alike(&takes) {
            self.take(&mut connection, group, &mut claimed).await?;
        }
        connection.commit().await?;
        claimed.jobs.sort_by_key(|job| (job.due_at, job.id));
        claimed.more =
            !claimed.jobs.is_empty() && (!complete || left_over(&plan, &takes, &claimed.jobs));
        Ok(claimed)
    }

    /// Lets scheduled jobs whose time has come get in line; asks first, because asking locks nothing. How long until
    /// the next one is due.
    async fn make_ready(&self, connection: &mut D::Connection) -> Result<Option<Duration>, Error> {
        let next_due = self.store.next_due_on(connection, self.queue).await?;
        if next_due.is_none_or(|due| !due.is_zero()) {
            return Ok(next_due);
        }
        let parameters = Parameters::new().text(self.queue).int(READY_AT_ONCE);
        self.store
            .statements()
            .make_ready
            .execute(connection, parameters)
            .await?;
        self.store.next_due_on(connection, self.queue).await
    }

    /// Goes round the lanes from where the last claim stopped, until enough of them may be taken from or all have
    /// been seen; the latter is the second part of the answer.
    async fn plan(
        &mut self,
        connection: &mut D::Connection,
        limit: u32,
        mut allow: impl FnMut(&Lane) -> u32 + Send,
    ) -> Result<(Vec<Room>, bool), Error> {
        let start = self.next_lane.clone();
        let mut wrapped = start.is_empty();
        let mut plan = Vec::new();
        for _ in 0..VISITS {
            let lanes = self.visit(connection).await?;
            let last = lanes.len() < LANES_PER_VISIT as usize;
            for lane in lanes {
                if wrapped && !start.is_empty() && lane.as_bytes() >= start.as_slice() {
                    return Ok((plan, true));
                }
                if plan.len() >= limit as usize {
                    return Ok((plan, false));
                }
                self.next_lane = next_higher(&lane);
                let room = allow(&lane);
                if room > 0 {
                    plan.push(Room { lane, room });
                }
            }
            if last {
                self.next_lane.clear();
                if wrapped {
                    return Ok((plan, true));
                }
                wrapped = true;
            }
        }
        Ok((plan, false))
    }

    /// The next lanes with ready jobs.
    async fn visit(&self, connection: &mut D::Connection) -> Result<Vec<Lane>, Error> {
        let parameters = Parameters::new()
            .text(self.queue)
            .bytes(self.next_lane.clone())
            .int(LANES_PER_VISIT.into());
        let rows = self
            .store
            .statements()
            .lanes
            .fetch(connection, parameters)
            .await?;
        rows.iter()
            .map(|row| Ok(Lane::from(row.bytes("lane")?)))
            .collect()
    }

    async fn take(
        &self,
        connection: &mut D::Connection,
        takes: &[(&Lane, u32)],
        claimed: &mut ClaimedJobs,
    ) -> Result<(), Error> {
        let most = takes.iter().map(|(_, take)| *take).max().unwrap_or(0);
        let parameters = Parameters::new()
            .text(self.queue)
            .int(duration_ms(self.lease))
            .int(i64::from(most))
            .blobs(takes.iter().map(|(lane, _)| lane.as_bytes()))
            .ints(takes.iter().map(|(_, take)| i64::from(*take)));
        for row in self
            .store
            .statements()
            .claim
            .fetch(connection, parameters)
            .await?
        {
            claimed.jobs.push(job(&row)?);
            claimed.lease_until = Some(from_ms(row.int("lease_until")?));
        }
        Ok(())
    }
}

/// How many jobs may be taken from a lane.
#[derive(Debug)]
struct Room {
    lane: Lane,
    room: u32,
}

/// So many scheduled jobs get in line in one claim.
const READY_AT_ONCE: i64 = 1000;
/// So many lanes are looked at by one statement, and so many such statements are made in one claim at most: a claim
/// ends even if tens of thousands of lanes may not be taken from. The next one goes on behind them.
const LANES_PER_VISIT: u32 = 256;
const VISITS: usize = 64;

/// Shares `limit` out so that the smallest share is as large as can be; in the order of the shares.
fn allot(plan: &[Room], limit: u32) -> Vec<(&Lane, u32)> {
    let mut rooms: Vec<_> = plan.iter().map(|room| (&room.lane, room.room)).collect();
    rooms.sort_by_key(|(_, room)| *room);
    let mut left = limit;
    let mut lanes_left = u32::try_from(rooms.len()).unwrap_or(u32::MAX);
    for (_, room) in &mut rooms {
        let share = left.div_ceil(lanes_left);
        *room = share.min(*room);
        left -= *room;
        lanes_left -= 1;
    }
    rooms.retain(|(_, take)| *take > 0);
    rooms.sort_by_key(|(_, take)| *take);
    rooms
}

/// Groups of similar shares: a statement reads for each of its lanes as many entries as the largest share.
fn alike<'a, 'b>(takes: &'a [(&'b Lane, u32)]) -> impl Iterator<Item = &'a [(&'b Lane, u32)]> {
    takes.chunk_by(|(_, one), (_, other)| one.ilog2() / 2 == other.ilog2() / 2)
}

/// Whether a lane gave all that was asked, and might have been asked for more.
fn left_over(plan: &[Room], takes: &[(&Lane, u32)], jobs: &[Job]) -> bool {
    let mut got: HashMap<&Lane, u32> = HashMap::new();
    for job in jobs {
        *got.entry(&job.lane).or_default() += 1;
    }
    let room: HashMap<&Lane, u32> = plan.iter().map(|room| (&room.lane, room.room)).collect();
    let full =
        |lane: &&Lane, take: u32| got.get(*lane) == Some(&take) && room.get(*lane) > Some(&take);
    takes.iter().any(|(lane, take)| full(lane, *take)) || takes.len() < plan.len()
}

/// The lowest lane above this one.
fn next_higher(lane: &Lane) -> Vec<u8> {
    let mut bytes = lane.as_bytes().to_vec();
    bytes.push(0);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plan(rooms: &[u32]) -> Vec<Room> {
        let room = |(number, room): (usize, &u32)| Room {
            lane: Lane::from(vec![u8::try_from(number).unwrap()]),
            room: *room,
        };
        rooms.iter().enumerate().map(room).collect()
    }

    fn shares(rooms: &[u32], limit: u32) -> Vec<u32> {
        allot(&plan(rooms), limit)
            .iter()
            .map(|(_, take)| *take)
            .collect()
    }

    #[test]
    fn lanes_share_equally() {
        assert_eq!(shares(&[100, 100], 10), [5, 5]);
        assert_eq!(shares(&[100, 100, 100], 10), [3, 3, 4]);
    }

    #[test]
    fn what_a_lane_cannot_use_goes_to_the_others() {
        assert_eq!(shares(&[1, 100, 2], 33), [1, 2, 30]);
    }

    #[test]
    fn the_limit_is_never_exceeded_and_used_up_when_there_is_room() {
        for limit in 0..40 {
            for rooms in [
                &[1, 2, 3, 4][..],
                &[50],
                &[],
                &[7, 7, 7, 7, 7],
                &[u32::MAX, u32::MAX],
            ] {
                let total: u32 = shares(rooms, limit).iter().sum();
                let room = rooms
                    .iter()
                    .fold(0_u32, |sum, room| sum.saturating_add(*room));
                assert_eq!(total, limit.min(room), "{limit} from {rooms:?}");
            }
        }
    }

    #[test]
    fn similar_shares_are_taken_together() {
        let plan = plan(&[1, 1, 3, 200, 250]);
        let takes = allot(&plan, 1000);
        let groups: Vec<_> = alike(&takes).map(<[_]>::len).collect();
        assert_eq!(groups, [3, 2]);
    }

    #[test]
    fn no_lane_lies_between_a_lane_and_the_next_higher() {
        let lane = Lane::from("a");
        let next = next_higher(&lane);
        assert!(lane.as_bytes() < next.as_slice() && next.as_slice() <= b"a\0".as_slice());
        assert!(next.as_slice() < b"aa".as_slice() && next.as_slice() < b"b".as_slice());
    }
}
