//! Reading jobs out of rows: the names of the columns are the same in every statement that returns jobs.

use std::sync::Arc;
use std::time::Duration;

use crate::clock::from_ms;
use crate::database::Database;
use crate::error::Error;
use crate::job::{Hold, Id, JobRecord, LastAttempt, State};
use crate::lane::{Lane, LaneName, Slot, fnv};
use crate::lanes::{Content, Entry, Place, Version};
use crate::parameters::Parameters;
use crate::row::Row;
use crate::sql::Sql;

/// A waiting job, of a row that may have been joined to nothing. `last` is the lane of the one before: rows of one lane come
/// together, and share its name.
pub(crate) fn entry<D: Database>(
    row: &Row<D>,
    last: &mut Option<LaneName>,
) -> Result<Option<Entry>, Error> {
    let Some(id) = maybe_id(row, "id")? else {
        return Ok(None);
    };
    let order_key = row.maybe_text("order_key")?;
    let (slot, key) = (slot(row.int("slot")?)?, row.slice("lane")?);
    let known = last.take();
    let known = known.filter(|lane| lane.slot == slot && *lane.key == *key);
    let lane = known.unwrap_or_else(|| LaneName::new(slot, key));
    *last = Some(lane.clone());
    Ok(Some(Entry {
        lane,
        owner: row.int("owner")?,
        place: Place {
            due_ms: row.int("due_at")?,
            id,
        },
        version: Version {
            generation: row.int("generation")?,
            change: row.int("version")?,
        },
        order_key: order_key.as_deref().map(|key| fnv(key.as_bytes())),
        held_ms: row.maybe_int("held_until")?,
        attempts: count(row.int("attempts")?),
        starts: count(row.int("starts")?),
        content: Arc::new(Content {
            reference: maybe_id(row, "reference")?,
            order_key,
            labels: row.maybe_text("labels")?,
            data: row.bytes("data")?,
            created_at: from_ms(row.int("created_at")?),
        }),
    }))
}

/// The jobs that a statement returns.
pub(crate) async fn records<D: Database>(
    sql: &Sql<D>,
    connection: &mut D::Connection,
    parameters: Parameters,
) -> Result<Vec<JobRecord>, Error> {
    let rows = sql.fetch(connection, parameters).await?;
    rows.iter().map(record).collect()
}

fn record<D: Database>(row: &Row<D>) -> Result<JobRecord, Error> {
    Ok(JobRecord {
        id: id(row, "id")?,
        queue: row.text("queue")?,
        slot: slot(row.int("slot")?)?,
        lane: Lane::from(row.bytes("lane")?),
        owner: row.int("owner")?,
        reference: maybe_id(row, "reference")?,
        order_key: row.maybe_text("order_key")?,
        labels: row.maybe_text("labels")?,
        data: row.bytes("data")?,
        state: state(row.int("state")?)?,
        generation: row.int("generation")?,
        attempts: count(row.int("attempts")?),
        held_until: row.maybe_int("held_until")?.map(hold),
        due_at: from_ms(row.int("due_at")?),
        created_at: from_ms(row.int("created_at")?),
        finished_at: row.maybe_int("finished_at")?.map(from_ms),
        last_attempt: last_attempt(row)?,
    })
}

/// What the row of one that has ended says of its last attempt.
fn last_attempt<D: Database>(row: &Row<D>) -> Result<Option<LastAttempt>, Error> {
    let Some(at) = row.maybe_int("tried_at")? else {
        return Ok(None);
    };
    let status = row.maybe_int("status")?;
    let duration_ms = row.maybe_int("duration_ms")?.unwrap_or_default();
    Ok(Some(LastAttempt {
        at: from_ms(at),
        duration: Duration::from_millis(duration_ms.unsigned_abs()),
        status: status.and_then(|status| u16::try_from(status).ok()),
        error: row.maybe_text("error")?,
    }))
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

pub(crate) fn id<D: Database>(row: &Row<D>, column: &str) -> Result<Id, Error> {
    to_id(row.slice(column)?)
}

/// A number that is never negative and never large.
pub(crate) fn count(number: i64) -> u32 {
    u32::try_from(number.max(0)).unwrap_or(u32::MAX)
}

fn maybe_id<D: Database>(row: &Row<D>, column: &str) -> Result<Option<Id>, Error> {
    row.maybe_slice(column)?.map(to_id).transpose()
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
