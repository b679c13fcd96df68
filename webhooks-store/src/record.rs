//! Reading jobs out of rows: the order of the columns is the same in every statement that returns jobs.

use std::sync::Arc;

use crate::clock::from_ms;
use crate::database::Database;
use crate::error::Error;
use crate::job::{Hold, Id, JobRecord, State};
use crate::lane::{Lane, LaneName, Slot, fnv};
use crate::lanes::{Content, Entry, Place, Version};
use crate::parameters::Row;

/// `id, slot, lane, owner, due_at, generation, version, attempts, held_until, reference, order_key, labels, data,
/// created_at`, of a row that may have been joined to nothing.
pub(crate) fn entry<D: Database>(row: &Row<D>) -> Result<Option<Entry>, Error> {
    let Some(id) = maybe_id(row, 0)? else {
        return Ok(None);
    };
    let order_key = row.maybe_text_at(10)?;
    Ok(Some(Entry {
        lane: LaneName::new(slot(row.int_at(1)?)?, row.bytes_at(2)?),
        owner: row.int_at(3)?,
        place: Place {
            due_ms: row.int_at(4)?,
            id,
        },
        version: Version {
            generation: row.int_at(5)?,
            change: row.int_at(6)?,
        },
        order_key: order_key.as_deref().map(|key| fnv(key.as_bytes())),
        held_ms: row.maybe_int_at(8)?,
        attempts: count(row.int_at(7)?),
        content: Arc::new(Content {
            reference: maybe_id(row, 9)?,
            order_key,
            labels: row.maybe_text_at(11)?,
            data: row.bytes_at(12)?,
            created_at: from_ms(row.int_at(13)?),
        }),
    }))
}

/// `id, queue, slot, lane, owner, reference, order_key, labels, data, state, generation, attempts, held_until, due_at,
/// created_at, finished_at`
pub(crate) fn record<D: Database>(row: &Row<D>) -> Result<JobRecord, Error> {
    Ok(JobRecord {
        id: id(row, 0)?,
        queue: row.text_at(1)?,
        slot: slot(row.int_at(2)?)?,
        lane: Lane::from(row.bytes_at(3)?),
        owner: row.int_at(4)?,
        reference: maybe_id(row, 5)?,
        order_key: row.maybe_text_at(6)?,
        labels: row.maybe_text_at(7)?,
        data: row.bytes_at(8)?,
        state: state(row.int_at(9)?)?,
        generation: row.int_at(10)?,
        attempts: count(row.int_at(11)?),
        held_until: row.maybe_int_at(12)?.map(hold),
        due_at: from_ms(row.int_at(13)?),
        created_at: from_ms(row.int_at(14)?),
        finished_at: row.maybe_int_at(15)?.map(from_ms),
    })
}

pub(crate) fn slot(number: i64) -> Result<Slot, Error> {
    let number = u8::try_from(number).map_err(|_| unreadable(format!("a slot is {number}")))?;
    Ok(Slot(number))
}

fn hold(until_ms: i64) -> Hold {
    match until_ms {
        i64::MAX => Hold::Stopped,
        until_ms => Hold::Until(from_ms(until_ms)),
    }
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
        0 => Ok(State::Pending),
        3 => Ok(State::Done),
        4 => Ok(State::Failed),
        5 => Ok(State::Cancelled),
        other => Err(unreadable(format!("a job has state {other}"))),
    }
}

pub(crate) fn unreadable(found: String) -> Error {
    Error::Database(sqlx::Error::Decode(found.into()))
}
