//! The attempts, as the store keeps them: the last one of a delivery that has ended in its row of the history, earlier ones
//! and what came back apart. Each page is read without what it may not show, and completed.

use std::collections::HashMap;
use std::time::Duration;

use webhooks_store::{Database, Id, JobRecord, Parameters, Row, from_ms, to_ms};

use super::{Tx, id};
use crate::error::Error;
use crate::model::{
    Attempt, AttemptCursor, AttemptId, DeliveryId, LastAttempt, Scope, SubscriptionId,
};

impl<D: Database> Tx<'_, D> {
    /// The attempts of a delivery, first to last.
    pub(crate) async fn attempts_of(
        &mut self,
        scope: Scope<'_>,
        delivery: &DeliveryId,
    ) -> Result<Vec<Attempt>, Error> {
        let parameters = Parameters::new()
            .bytes(*delivery.key().as_bytes())
            .maybe_text(scope.owner());
        let sql = &self.tables.sql.attempts_of;
        let rows = sql.fetch(self.connection, parameters).await?;
        let mut attempts: Vec<Attempt> = rows.iter().map(decode).collect::<Result<_, _>>()?;
        self.add_answers(&mut attempts).await?;
        self.add_replays(&mut attempts).await?;
        Ok(attempts)
    }

    /// The attempts at these deliveries, which a caller has found to be its own, by delivery: last to first, without what
    /// came back and without the jobs that had them made.
    pub(crate) async fn attempts_at(
        &mut self,
        jobs: &[JobRecord],
    ) -> Result<HashMap<Id, Vec<Attempt>>, Error> {
        let ids: Vec<Id> = jobs.iter().map(|job| job.id).collect();
        let sql = &self.tables.sql.earlier_attempts;
        let rows = sql.fetch(self.connection, among::<D>(&ids)).await?;
        let mut attempts: HashMap<Id, Vec<Attempt>> = HashMap::new();
        for row in &rows {
            let attempt = decode(row)?;
            attempts
                .entry(attempt.delivery.key())
                .or_default()
                .push(attempt);
        }
        for job in jobs {
            let own = attempts.entry(job.id).or_default();
            // One that was made again since the job was read has it among the others.
            let last = last_of(job)?.filter(|last| !own.contains(last));
            own.extend(last);
        }
        for own in attempts.values_mut() {
            own.sort_unstable_by_key(|one| std::cmp::Reverse((one.generation, one.number)));
        }
        Ok(attempts)
    }

    /// The last attempt of each of these deliveries.
    pub(crate) async fn last_attempts(
        &mut self,
        deliveries: impl IntoIterator<Item = Id>,
    ) -> Result<HashMap<Id, LastAttempt>, Error> {
        let ids: Vec<Id> = deliveries.into_iter().collect();
        let sql = &self.tables.sql.last_attempts;
        let rows = sql.fetch(self.connection, among::<D>(&ids)).await?;
        rows.iter()
            .map(|row| Ok((id(&row.bytes("delivery")?)?, last_attempt(row)?)))
            .collect()
    }

    /// A page of what a subscription saw, which a caller has found to be its own. The newest message first.
    pub(crate) async fn page_attempts(
        &mut self,
        subscription: &SubscriptionId,
        before: Option<&AttemptCursor>,
        (limit, with_answers): (u32, bool),
    ) -> Result<Vec<Attempt>, Error> {
        let delivery = before.map(|cursor| cursor.delivery.key());
        let mut attempts = Vec::new();
        // The delivery of the cursor may have more of them.
        for stretch in self.tables.store.stretches(delivery.map(behind)) {
            let room = i64::from(limit) - i64::try_from(attempts.len()).unwrap_or(i64::MAX);
            if room <= 0 {
                break;
            }
            let (first, last) = stretch.into_inner();
            let cursor = before.filter(|_| Some(last) == delivery);
            let (generation, number) = cursor.map_or((i64::MAX, i64::MAX), |cursor| {
                (cursor.generation, cursor.number.into())
            });
            let mut parameters = Parameters::new()
                .bytes(*subscription.key().as_bytes())
                .bytes(*last.as_bytes())
                .int(generation)
                .int(number)
                .int(room);
            if D::PARTITIONED {
                parameters = parameters.bytes(*first.as_bytes()).bytes(*last.as_bytes());
            }
            let sql = &self.tables.sql.page_attempts;
            let rows = sql.fetch(self.connection, parameters).await?;
            for row in &rows {
                attempts.push(decode(row)?);
            }
        }
        if with_answers {
            self.add_answers(&mut attempts).await?;
        }
        self.add_replays(&mut attempts).await?;
        Ok(attempts)
    }

    /// Adds what came back for each, where it is kept.
    async fn add_answers(&mut self, attempts: &mut [Attempt]) -> Result<(), Error> {
        let times = || attempts.iter().map(|one| to_ms(one.at));
        let mut parameters = Parameters::new();
        if D::PARTITIONED {
            parameters = parameters.maybe_int(times().min()).maybe_int(times().max());
        }
        let parameters = parameters
            .ints(times())
            .blobs(attempts.iter().map(|one| *one.delivery.key().as_bytes()))
            .ints(attempts.iter().map(|one| one.generation))
            .ints(attempts.iter().map(|one| one.number.into()));
        let sql = &self.tables.sql.answers_of;
        let rows = sql.fetch(self.connection, parameters).await?;
        let mut answers = HashMap::new();
        for row in &rows {
            let key = (
                id(&row.bytes("delivery")?)?,
                row.int("generation")?,
                row.int("number")?,
            );
            answers.insert(key, row.bytes("body")?);
        }
        for one in attempts {
            let key = (one.delivery.key(), one.generation, one.number.into());
            one.response = answers.remove(&key);
        }
        Ok(())
    }

    /// Adds the job that had each made, where one had.
    pub(crate) async fn add_replays(&mut self, attempts: &mut [Attempt]) -> Result<(), Error> {
        let mut ids: Vec<Id> = attempts.iter().map(|one| one.delivery.key()).collect();
        ids.sort_unstable();
        ids.dedup();
        let replays = self.replays_of(ids).await?;
        if replays.is_empty() {
            return Ok(());
        }
        for one in attempts {
            let made = replays.get(&(one.delivery.key(), one.generation));
            one.job = made.cloned();
        }
        Ok(())
    }
}

/// Deliveries, on PostgreSQL behind the ids between which they lie.
fn among<D: Database>(ids: &[Id]) -> Parameters {
    let bytes = |id: &Id| *id.as_bytes();
    let mut parameters = Parameters::new();
    if D::PARTITIONED {
        parameters = parameters
            .maybe_bytes(ids.iter().min().map(bytes))
            .maybe_bytes(ids.iter().max().map(bytes));
    }
    parameters.blobs(ids.iter().map(bytes))
}

/// The id behind this one.
fn behind(id: Id) -> Id {
    let next = u128::from_be_bytes(*id.as_bytes()).saturating_add(1);
    Id::from_bytes(next.to_be_bytes())
}

/// The last attempt of a delivery that has ended with one.
fn last_of(job: &JobRecord) -> Result<Option<Attempt>, Error> {
    let Some(last) = last_of_ended(job) else {
        return Ok(None);
    };
    let subscription = SubscriptionId::from_key(id(job.lane.as_bytes())?);
    Ok(Some(attempt(
        DeliveryId::from_key(job.id),
        subscription,
        job.generation,
        last,
    )))
}

/// The same, as a list of deliveries shows it.
pub(crate) fn last_of_ended(job: &JobRecord) -> Option<LastAttempt> {
    job.last_attempt.as_ref().map(|last| LastAttempt {
        number: job.attempts,
        at: last.at,
        duration: last.duration,
        status: last.status,
        error: last.error.clone(),
    })
}

fn last_attempt<D: Database>(row: &Row<D>) -> Result<LastAttempt, Error> {
    Ok(LastAttempt {
        number: u32::try_from(row.int("number")?).unwrap_or(u32::MAX),
        at: from_ms(row.int("at")?),
        duration: Duration::from_millis(row.int("duration_ms")?.unsigned_abs()),
        status: row
            .maybe_int("status")?
            .and_then(|status| u16::try_from(status).ok()),
        error: row.maybe_text("error")?,
    })
}

fn decode<D: Database>(row: &Row<D>) -> Result<Attempt, Error> {
    Ok(attempt(
        DeliveryId::from_key(id(&row.bytes("delivery")?)?),
        SubscriptionId::from_key(id(&row.bytes("subscription")?)?),
        row.int("generation")?,
        last_attempt(row)?,
    ))
}

fn attempt(
    delivery: DeliveryId,
    subscription: SubscriptionId,
    generation: i64,
    last: LastAttempt,
) -> Attempt {
    Attempt {
        id: AttemptId::new(delivery.clone(), generation, last.number),
        delivery,
        subscription,
        number: last.number,
        at: last.at,
        duration: last.duration,
        status: last.status,
        error: last.error,
        response: None,
        job: None,
        generation,
    }
}
