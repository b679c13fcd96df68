//! The partitions of the history: one for each day, made two days ahead and dropped whole when the day is old.
//!
//! Plain statements of the program, because an extension is not to be had everywhere. Each waits a tenth of a second for
//! its lock and is given up until the next time otherwise: a transaction that stays open for an hour holds up the making
//! of a partition, and the partition nothing. What no partition was made for in time lies in the default one.

use sqlx::{AssertSqlSafe, PgConnection, PgPool, Row};

use crate::error::Error;
use crate::prefix::Prefix;
use crate::prune::DAY_MS;

/// A partitioned table: its name behind the prefix, and how its key writes the beginning of a day.
const TABLES: [(&str, KeyAt); 3] = [("history", id_of), ("attempt", id_of), ("answer", time_of)];
type KeyAt = fn(i64) -> String;
const AHEAD: i64 = 2;
/// Days without a running program that are made good. What was made on an earlier one lies in the default partition.
const MISSED: i64 = 30;

/// The days for which a partition is missing: from behind the newest one, or from today, to the day after tomorrow. The
/// catalogue answers, through its own indexes.
const MISSING: &str = "
    WITH newest AS (
        SELECT max(to_date(right(child.relname, 8), 'YYYYMMDD') - date '1970-01-01')::bigint AS day
        FROM pg_inherits AS i JOIN pg_class AS child ON child.oid = i.inhrelid
        WHERE i.inhparent = to_regclass($1) AND child.relname ~ '_[0-9]{8}$'
    )
    SELECT missing.day, to_char(date '1970-01-01' + missing.day::int, 'YYYYMMDD') AS name
    FROM newest,
         generate_series(greatest(least(newest.day + 1, $2::bigint), $2::bigint - $4::bigint), $2::bigint + $3::bigint)
             AS missing (day)
    WHERE missing.day > coalesce(newest.day, $2::bigint - 1)
    ORDER BY missing.day";

/// The partitions of days before this one.
const OLD: &str = "
    SELECT quote_ident(n.nspname) AS schema, child.relname::text AS name
    FROM pg_inherits AS i
    JOIN pg_class AS child ON child.oid = i.inhrelid JOIN pg_namespace AS n ON n.oid = child.relnamespace
    WHERE i.inhparent = to_regclass($1) AND child.relname ~ '_[0-9]{8}$'
      AND to_date(right(child.relname, 8), 'YYYYMMDD') - date '1970-01-01' < $2
    ORDER BY child.relname";

/// Makes the partitions that are missing.
pub(super) async fn create(pool: &PgPool, prefix: &Prefix, now_ms: i64) -> Result<(), Error> {
    let today = now_ms.div_euclid(DAY_MS);
    for (table, key) in TABLES {
        let parent = format!("{prefix}{table}");
        // In a transaction, as everything with parameters: a pooler keeps only that on one connection.
        let mut transaction = pool.begin().await?;
        let rows = sqlx::query(MISSING)
            .persistent(false)
            .bind(&parent)
            .bind(today)
            .bind(AHEAD)
            .bind(MISSED)
            .fetch_all(&mut *transaction)
            .await?;
        transaction.rollback().await?;
        for row in rows {
            let name: String = row.try_get("name")?;
            let day: i64 = row.try_get("day")?;
            let (from, to) = (key(day * DAY_MS), key((day + 1) * DAY_MS));
            // Made apart and attached, the parent is locked against other such statements only. The default partition
            // is looked through meanwhile; it is nearly empty.
            let text = format!(
                "CREATE TABLE {parent}_{name} (LIKE {parent} INCLUDING ALL);
                 ALTER TABLE {parent} ATTACH PARTITION {parent}_{name} FOR VALUES FROM ({from}) TO ({to})"
            );
            // In their order: a day that is left behind a later one would not count as missing any more.
            if change(pool, &parent, text).await? == Change::Later {
                break;
            }
        }
    }
    Ok(())
}

/// Drops the partitions of a table whose day is before this time. Whether none is left.
pub(super) async fn drop_old(
    pool: &PgPool,
    prefix: &Prefix,
    table: &str,
    before_ms: i64,
) -> Result<bool, Error> {
    let parent = format!("{prefix}{table}");
    let mut transaction = pool.begin().await?;
    let rows = sqlx::query(OLD)
        .persistent(false)
        .bind(&parent)
        .bind(before_ms.div_euclid(DAY_MS))
        .fetch_all(&mut *transaction)
        .await?;
    transaction.rollback().await?;
    let mut all = true;
    for row in rows {
        let (schema, name): (String, String) = (row.try_get("schema")?, row.try_get("name")?);
        let dropped = change(pool, &parent, format!("DROP TABLE {schema}.\"{name}\"")).await?;
        all &= dropped == Change::Made;
    }
    Ok(all)
}

/// What became of a change.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Change {
    Made,
    /// A lock is held, or another program is at it: it is made by a later round.
    Later,
    /// The server would refuse it again.
    Refusal,
}

/// Runs statements that lock a table, in a short transaction. Not being able to is not an error.
async fn change(pool: &PgPool, parent: &str, text: String) -> Result<Change, Error> {
    let mut transaction = pool
        .begin_with("BEGIN; SET LOCAL lock_timeout = '100ms'")
        .await?;
    let done = alone(&mut transaction, parent, text).await;
    match done {
        Ok(true) => {
            transaction.commit().await?;
            Ok(Change::Made)
        }
        Ok(false) => Ok(Change::Later),
        Err(error) if refused(&error) => {
            tracing::debug!(%error, table = parent, "a partition is left for later");
            let is_locked = code(&error).as_deref() == Some("55P03");
            Ok(if is_locked {
                Change::Later
            } else {
                Change::Refusal
            })
        }
        Err(error) => Err(error.into()),
    }
}

/// One program at a time; another one that does it now does it for all.
async fn alone(
    connection: &mut PgConnection,
    parent: &str,
    text: String,
) -> Result<bool, sqlx::Error> {
    let lock = "SELECT pg_try_advisory_xact_lock(
                    hashtextextended($1 || ' partitions', 0)) AS locked";
    // Without a name: behind a pooler, another client's statement may have it.
    let row = sqlx::query(lock)
        .persistent(false)
        .bind(parent)
        .fetch_one(&mut *connection)
        .await?;
    if !row.try_get::<bool, _>("locked")? {
        return Ok(false);
    }
    sqlx::raw_sql(AssertSqlSafe(text))
        .execute(connection)
        .await?;
    Ok(true)
}

/// Whether the server would not do it now, or not for this user: a lock is held (55P03), the default partition holds
/// rows of that day (23514), another program was first (42P07, 42P01), the user may not (42501), the server is a copy
/// (25006).
fn refused(error: &sqlx::Error) -> bool {
    code(error).is_some_and(|code| {
        ["55P03", "23514", "42P07", "42P01", "42501", "25006"].contains(&code.as_str())
    })
}

fn code(error: &sqlx::Error) -> Option<String> {
    let code = error.as_database_error()?.code()?;
    Some(code.into_owned())
}

/// The first six bytes of an id: a shorter value sorts before all that it begins.
fn id_of(ms: i64) -> String {
    format!("'\\x{ms:012x}'")
}

fn time_of(ms: i64) -> String {
    ms.to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_with_the_lowest_id_of_its_first_millisecond() {
        use crate::clock::from_ms;
        use crate::job::Id;

        let day = 20_833 * DAY_MS;
        let id = Id::at(from_ms(day), [0; 10]).to_string();
        assert_eq!(id_of(day), format!("'\\x{}'", &id[..12]));
        assert_eq!(time_of(day), "1799971200000");
    }
}
