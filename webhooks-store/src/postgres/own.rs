//! Connections of the store's own to PostgreSQL: what its transactions on the application's connections set each time, these
//! have been given once, so that a read is one request.

use sqlx::PgPool;
use sqlx::Row;

use crate::error::Error;

/// The settings, as they are given to a connection of the store's own and to a transaction on another.
macro_rules! settings {
    ($($name:literal: $value:literal,)+) => {
        const SETTINGS: &[(&str, &str)] = &[
            $(($name, $value),)+
            ("default_transaction_isolation", "read committed"),
        ];

        /// Begins a transaction of the store's on a connection of the application's. The settings end with the transaction,
        /// so that they pass a pooler, and are sent with its beginning, so that they cost no round trip.
        pub(super) const BEGIN: &str = concat!(
            "BEGIN ISOLATION LEVEL READ COMMITTED; SELECT 1",
            $(", set_config('", $name, "', '", $value, "', true)",)+
        );

        /// The same for one that only reads.
        pub(super) const BEGIN_READING: &str = concat!(
            "BEGIN ISOLATION LEVEL READ COMMITTED READ ONLY; SELECT 1",
            $(", set_config('", $name, "', '", $value, "', true)",)+
        );
    };
}

// What the planner may not do. All statements of the store are made for an index, but a plan is kept for as long as its
// connection lives, and one that was made while a table was empty would read that table whole for ever after. And many
// rows are changed in the order of their ids, as an index has them and a bitmap does not: two transactions that change the
// same rows then wait for each other in one direction only. What is ruled out and used all the same, because there is no
// other way, looks so expensive that the server would compile the statement first, for 0.1 s: that is ruled out too.
// Statements in the application's transactions do without.
//
// A plan is kept: there is one way through the indexes, but for arrays of one element the server would look for it each time
// anew, which takes longer than the statement.
//
// The level is the one for which the statements are written: under a stricter default of the database or the role, two of
// them that meet would fail each other (SQLSTATE 40001).
settings! {
    "enable_seqscan": "off",
    "enable_hashjoin": "off",
    "enable_mergejoin": "off",
    "enable_bitmapscan": "off",
    "jit": "off",
    "plan_cache_mode": "force_generic_plan",
}

/// For the tasks that work concurrently: the group commit, the recording of outcomes, the fan-out, and two reads.
const MOST: usize = 5;
/// All statements of the store and of what is built on it.
const STATEMENTS: usize = 400;

/// None where the server does not take the settings with the connection: a pooler refuses or forgets them.
pub(super) async fn connect(pool: &PgPool) -> Option<(PgPool, usize)> {
    let options = (*pool.connect_options()).clone();
    let options = options.options(SETTINGS.iter().copied());
    let source = pool.options().clone();
    let source = source
        .min_connections(0)
        .max_connections(u32::try_from(MOST).unwrap_or(u32::MAX))
        .test_before_acquire(false)
        .connect_lazy_with(options.statement_cache_capacity(STATEMENTS));
    match has_settings(&source).await {
        Ok(true) => Some((source, MOST)),
        Ok(false) => None,
        Err(error) => {
            tracing::debug!(%error, "no connections of the store's own; the pool's serve");
            None
        }
    }
}

async fn has_settings(source: &PgPool) -> Result<bool, Error> {
    let mut connection = source.acquire().await?;
    for &(name, value) in SETTINGS {
        let text = format!("SELECT current_setting('{name}')");
        let row = sqlx::raw_sql(sqlx::AssertSqlSafe(text))
            .fetch_one(&mut *connection)
            .await?;
        let found: String = row.try_get(0)?;
        if found != value {
            return Ok(false);
        }
    }
    Ok(true)
}
