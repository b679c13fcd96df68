//! Questions for the past: what ended in a lane, and what failed, the newest first.
//!
//! Ids begin with their time, and on PostgreSQL each day has its partition. So a list of the newest goes through stretches of
//! ids until its page is full, and the partitions of older days are not opened for it.

use std::ops::RangeInclusive;
use std::time::SystemTime;

use crate::clock::to_ms;
use crate::database::Database;
use crate::error::Error;
use crate::job::{Id, JobRecord};
use crate::lane::Lane;
use crate::parameters::Parameters;
use crate::prune::DAY_MS;
use crate::record::records;
use crate::sql::Sql;
use crate::store::Store;

/// The days of the second stretch.
const SECOND_DAYS: i64 = 8;

impl<D: Database> Store<D> {
    /// The ids below `before` in stretches, the newest first: where the past lies in partitions, those of a day or two, of
    /// the eight days before, and all others; else one of all. A statement over one of them opens no other partition.
    pub fn stretches(&self, before: Option<Id>) -> Vec<RangeInclusive<Id>> {
        stretches(D::PARTITIONED, before, self.clock().now_ms())
    }

    /// Up to `limit` finished jobs of a lane with ids below `before`, the newest first. Of one
    /// [owner](crate::NewJob::owner), if one is named.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn finished(
        &self,
        queue: &str,
        lane: &Lane,
        owner: Option<i64>,
        before: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let mut connection = self.connection().await?;
        self.finished_in(&mut connection, (queue, lane), owner, before, limit)
            .await
    }

    /// The same, on the caller's connection.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn finished_in(
        &self,
        connection: &mut D::Connection,
        (queue, lane): (&str, &Lane),
        owner: Option<i64>,
        before: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let of_lane = Parameters::new().text(queue).bytes(lane.as_bytes());
        let finished = &self.statements().finished;
        let within = |stretch: &_, room| between(&of_lane, stretch, room).maybe_int(owner);
        self.newest(connection, finished, (before, limit), within)
            .await
    }

    /// Whether the finished jobs of a lane are an [owner](crate::NewJob::owner)'s: all of them are, or not one. False where there
    /// are none.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn is_of_owner_in(
        &self,
        connection: &mut D::Connection,
        (queue, lane): (&str, &Lane),
        owner: i64,
    ) -> Result<bool, Error> {
        let of_lane = Parameters::new().text(queue).bytes(lane.as_bytes());
        let lane_of_owner = &self.statements().lane_of_owner;
        let found = lane_of_owner.first(connection, of_lane.int(owner)).await?;
        Ok(found.is_some())
    }

    /// Up to `limit` failed jobs of a lane that ended at `since` or later, in the order in which they ended: what a
    /// replay goes through. For the next page, `since` is when the last one ended and `after` is its id.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn failed(
        &self,
        queue: &str,
        lane: &Lane,
        since: SystemTime,
        after: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let mut connection = self.connection().await?;
        self.failed_in(&mut connection, queue, lane, (since, after), limit)
            .await
    }

    /// The same, on the caller's connection.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn failed_in(
        &self,
        connection: &mut D::Connection,
        queue: &str,
        lane: &Lane,
        (since, after): (SystemTime, Option<Id>),
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let after = after.unwrap_or(LOWEST);
        let parameters = Parameters::new()
            .text(queue)
            .bytes(lane.as_bytes())
            .int(to_ms(since))
            .bytes(*after.as_bytes())
            .int(i64::from(limit));
        records(&self.statements().failed, connection, parameters).await
    }

    /// Up to `limit` failed jobs with ids below `before`, the newest first, however much succeeded. Of one
    /// [owner](crate::NewJob::owner), if one is named.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn failures(
        &self,
        owner: Option<i64>,
        before: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let mut connection = self.connection().await?;
        self.failures_in(&mut connection, owner, before, limit)
            .await
    }

    /// The same, on the caller's connection.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn failures_in(
        &self,
        connection: &mut D::Connection,
        owner: Option<i64>,
        before: Option<Id>,
        limit: u32,
    ) -> Result<Vec<JobRecord>, Error> {
        let statements = self.statements();
        let (failures, of_owner) = match owner {
            Some(owner) => (&statements.failures_of, Parameters::new().int(owner)),
            None => (&statements.failures, Parameters::new()),
        };
        let within = |stretch: &_, room| between(&of_owner, stretch, room);
        self.newest(connection, failures, (before, limit), within)
            .await
    }

    /// Goes through the stretches until there are as many as may be. The statement's parameters are for a stretch, and for how
    /// many there is room.
    async fn newest(
        &self,
        connection: &mut D::Connection,
        sql: &Sql<D>,
        (before, limit): (Option<Id>, u32),
        parameters: impl Fn(&RangeInclusive<Id>, i64) -> Parameters,
    ) -> Result<Vec<JobRecord>, Error> {
        let mut found = Vec::new();
        for stretch in self.stretches(before) {
            let room = i64::from(limit) - i64::try_from(found.len()).unwrap_or(i64::MAX);
            if room <= 0 {
                break;
            }
            found.extend(records(sql, connection, parameters(&stretch, room)).await?);
        }
        Ok(found)
    }
}

/// The first and the last id of a stretch, and how many, behind other parameters.
fn between(others: &Parameters, stretch: &RangeInclusive<Id>, room: i64) -> Parameters {
    let others = others.clone();
    others
        .bytes(*stretch.start().as_bytes())
        .bytes(*stretch.end().as_bytes())
        .int(room)
}

/// Below every id but itself, which is never made.
const LOWEST: Id = Id::from_bytes([0; 16]);
const HIGHEST: Id = Id::from_bytes([0xff; 16]);

/// Each begins with a day, as a partition does.
fn stretches(is_partitioned: bool, before: Option<Id>, now_ms: i64) -> Vec<RangeInclusive<Id>> {
    let Some(mut last) = before.map_or(Some(HIGHEST), Id::previous) else {
        return Vec::new();
    };
    let mut stretches = Vec::new();
    if is_partitioned {
        let newest_ms = before.map_or(now_ms, |_| last.ms());
        let first_day = newest_ms.div_euclid(DAY_MS) - 1;
        for day in [first_day, first_day - SECOND_DAYS] {
            let first = Id::of_ms(day.saturating_mul(DAY_MS));
            let Some(rest) = first.previous().filter(|rest| *rest < last) else {
                break;
            };
            stretches.push(first..=last);
            last = rest;
        }
    }
    stretches.push(LOWEST..=last);
    stretches
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW_MS: i64 = 20_833 * DAY_MS + 7;

    fn days(stretches: &[RangeInclusive<Id>]) -> Vec<(i64, i64)> {
        let day = |id: &Id| id.ms() / DAY_MS;
        let both = stretches
            .iter()
            .map(|stretch| (day(stretch.start()), day(stretch.end())));
        both.collect()
    }

    #[test]
    fn stretches_lie_side_by_side_and_have_every_id_below() {
        for before in [
            None,
            Some(HIGHEST),
            Some(Id::of_ms(NOW_MS)),
            Some(Id::of_ms(5 * DAY_MS)),
            Some(Id::of_ms(DAY_MS / 2)),
            LOWEST.next().into(),
        ] {
            let all = stretches(true, before, NOW_MS);
            assert_eq!(
                all[0].end(),
                &before.map_or(HIGHEST, |before| before.previous().expect("one below"))
            );
            assert_eq!(all.last().map(|last| *last.start()), Some(LOWEST));
            for pair in all.windows(2) {
                assert_eq!(pair[0].start().previous(), Some(*pair[1].end()));
            }
            assert_eq!(stretches(false, before, NOW_MS), [LOWEST..=*all[0].end()]);
        }
        assert!(stretches(true, Some(LOWEST), NOW_MS).is_empty());
    }

    #[test]
    fn a_stretch_begins_where_a_partition_does() {
        let far = HIGHEST.ms() / DAY_MS;
        let all = stretches(true, None, NOW_MS);
        assert_eq!(days(&all), [(20_832, far), (20_824, 20_831), (0, 20_823)]);
        let all = stretches(true, Some(Id::of_ms(20_800 * DAY_MS)), NOW_MS);
        assert_eq!(
            days(&all),
            [(20_798, 20_799), (20_790, 20_797), (0, 20_789)]
        );
    }
}
