//! Reading jobs out of rows: the order of the columns is the same in every statement that returns jobs.

use crate::clock::from_ms;
use crate::database::Database;
use crate::error::Error;
use crate::job::{Id, Job, JobRecord, Lane, State};
use crate::row::Row;

/// `id, lane, reference, order_key, labels, data, generation, attempts, claim, due_at, created_at`
pub(crate) fn job<D: Database>(row: &Row<D>) -> Result<Job, Error> {
    Ok(Job {
        id: id(row, 0)?,
        lane: Lane::from(row.bytes_at(1)?),
        reference: maybe_id(row, 2)?,
        order_key: row.maybe_text_at(3)?,
        labels: row.maybe_text_at(4)?,
        data: row.bytes_at(5)?,
        generation: row.int_at(6)?,
        attempts: count(row.int_at(7)?),
        claim: row.int_at(8)?,
        due_at: from_ms(row.int_at(9)?),
        created_at: from_ms(row.int_at(10)?),
    })
}

/// `id, queue, lane, reference, order_key, labels, data, state, generation, attempts, claim, due_at, created_at,
/// finished_at`
pub(crate) fn record<D: Database>(row: &Row<D>) -> Result<JobRecord, Error> {
    Ok(JobRecord {
        id: id(row, 0)?,
        queue: row.text_at(1)?,
        lane: Lane::from(row.bytes_at(2)?),
        reference: maybe_id(row, 3)?,
        order_key: row.maybe_text_at(4)?,
        labels: row.maybe_text_at(5)?,
        data: row.bytes_at(6)?,
        state: state(row.int_at(7)?)?,
        generation: row.int_at(8)?,
        attempts: count(row.int_at(9)?),
        claim: row.int_at(10)?,
        due_at: from_ms(row.int_at(11)?),
        created_at: from_ms(row.int_at(12)?),
        finished_at: row.maybe_int_at(13)?.map(from_ms),
    })
}

pub(crate) fn id<D: Database>(row: &Row<D>, column: usize) -> Result<Id, Error> {
    to_id(&row.bytes_at(column)?)
}

/// A number that is never negative and never large.
pub(crate) fn count(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

fn maybe_id<D: Database>(row: &Row<D>, column: usize) -> Result<Option<Id>, Error> {
    row.maybe_bytes_at(column)?
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
