//! Reading jobs out of rows: the names of the columns are the same in every statement that returns jobs.

use crate::clock::from_ms;
use crate::database::Database;
use crate::error::Error;
use crate::job::{Id, Job, JobRecord, Lane, State};
use crate::row::Row;

pub(crate) fn job<D: Database>(row: &Row<D>) -> Result<Job, Error> {
    Ok(Job {
        id: id(row, "id")?,
        lane: Lane::from(row.bytes("lane")?),
        reference: maybe_id(row, "reference")?,
        order_key: row.maybe_text("order_key")?,
        labels: row.maybe_text("labels")?,
        data: row.bytes("data")?,
        generation: row.int("generation")?,
        attempts: count(row.int("attempts")?),
        claim: row.int("claim")?,
        due_at: from_ms(row.int("due_at")?),
        created_at: from_ms(row.int("created_at")?),
    })
}

pub(crate) fn record<D: Database>(row: &Row<D>) -> Result<JobRecord, Error> {
    Ok(JobRecord {
        id: id(row, "id")?,
        queue: row.text("queue")?,
        lane: Lane::from(row.bytes("lane")?),
        reference: maybe_id(row, "reference")?,
        order_key: row.maybe_text("order_key")?,
        labels: row.maybe_text("labels")?,
        data: row.bytes("data")?,
        state: state(row.int("state")?)?,
        generation: row.int("generation")?,
        attempts: count(row.int("attempts")?),
        claim: row.int("claim")?,
        due_at: from_ms(row.int("due_at")?),
        created_at: from_ms(row.int("created_at")?),
        finished_at: row.maybe_int("finished_at")?.map(from_ms),
    })
}

pub(crate) fn id<D: Database>(row: &Row<D>, column: &str) -> Result<Id, Error> {
    to_id(&row.bytes(column)?)
}

/// A number that is never negative and never large.
pub(crate) fn count(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

fn maybe_id<D: Database>(row: &Row<D>, column: &str) -> Result<Option<Id>, Error> {
    row.maybe_bytes(column)?
        .map(|bytes| to_id(&bytes))
        .transpose()
}

fn to_id(bytes: &[u8]) -> Result<Id, Error> {
    let bytes = <[u8; 16]>::try_from(bytes)
        .map_err(|_| unreadable(format!("an id has {} bytes", bytes.len())))?;
    Ok(Id::from_bytes(bytes))
}

fn state(number: i64) -> Result<State, Error> {
    match number {
        0 | 1 => Ok(State::Pending),
        2 => Ok(State::Running),
        3 => Ok(State::Done),
        4 => Ok(State::Failed),
        5 => Ok(State::Cancelled),
        other => Err(unreadable(format!("a job has state {other}"))),
    }
}

fn unreadable(found: String) -> Error {
    Error::Database(sqlx::Error::Decode(found.into()))
}
