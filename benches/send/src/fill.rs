//! Filling a database by SQL: what would take the sender minutes.

use anyhow::Result;
use sqlx::Pool;
use webhooks_store::Slot;

use crate::home::Home;
use crate::subject::{EVENT, OWNER};

/// So many messages, each waiting for every subscription there is. Ids sort by time, as the sender's do.
pub(crate) async fn pending<H: Home>(
    home: &H,
    pool: &Pool<H::Database>,
    messages: usize,
) -> Result<()> {
    let (series, message, delivery) = (home.series(messages), home.key("01"), home.key_of_two());
    let (body, nothing) = (home.bytes(1024), home.bytes(0));
    let slot = Slot::of(OWNER.as_bytes()).0;
    let script = format!(
        "INSERT INTO webhooks_messages (id, event, owner, bare, body, created)
         SELECT {message}, '{EVENT}', '{OWNER}', 1, {body}, 0 FROM {series} AS series;
         INSERT INTO webhooks_job (id, queue, slot, lane, reference, due_at, created_at, data)
         SELECT {delivery}, 'delivery', {slot}, id, {message}, 0, 0, {nothing}
         FROM {series} AS series
         CROSS JOIN (SELECT id, row_number() OVER (ORDER BY id) AS s FROM webhooks_subscriptions) AS numbered
         ORDER BY n, s;"
    );
    home.script(pool, script).await
}

/// So many subscriptions to a pattern, each of an owner of its own: `acct_1`, `acct_2`, ...
pub(crate) async fn subscriptions<H: Home>(
    home: &H,
    pool: &Pool<H::Database>,
    count: usize,
    pattern: &str,
) -> Result<()> {
    let (series, subscription, nothing) = (home.series(count), home.key("02"), home.bytes(0));
    let script = format!(
        "INSERT INTO webhooks_subscriptions (id, owner, target, settings, secrets, state, created, changed)
         SELECT {subscription}, 'acct_' || n, 'http://127.0.0.1:9/', '{{}}', {nothing}, 'active', 0, 0
         FROM {series} AS series;
         INSERT INTO webhooks_patterns (owner, pattern, subscription)
         SELECT 'acct_' || n, '{pattern}', {subscription} FROM {series} AS series;"
    );
    home.script(pool, script).await
}

/// When the first delivery of the history was made, in milliseconds, and how far the next one is behind it: a day for a
/// million of them.
const BEGIN_MS: i64 = 1_767_225_600_000;
const STEP_MS: i64 = 86;

/// A time of that day, so many hours behind its beginning.
pub(crate) fn time(hours: usize) -> String {
    format!("2026-01-01T{hours:02}:00:00Z")
}

/// Deliveries that have ended, in turn of the owners `acct_0`, `acct_1`, ...: each of them has one subscription, and one
/// delivery waits for it. Of a hundred two failed, with 503 and without an answer, and one was cancelled.
pub(crate) async fn history<H: Home>(
    home: &H,
    pool: &Pool<H::Database>,
    deliveries: usize,
    owners: usize,
) -> Result<()> {
    let (body, nothing) = (home.bytes(200), home.bytes(0));
    let at = format!("{BEGIN_MS} + n * {STEP_MS}");
    let (series, id) = (home.series(deliveries), home.id_at(&at, "n"));
    // A delivery's id begins like that of its message.
    let lanes = "(SELECT j.lane, j.owner, j.slot, m.owner AS name, row_number() OVER (ORDER BY j.id) - 1 AS s
          FROM webhooks_job AS j JOIN webhooks_messages AS m ON m.id = j.reference) AS lanes";
    let script = format!(
        "CREATE TABLE lanes AS SELECT * FROM {lanes};
         CREATE UNIQUE INDEX lanes_s ON lanes (s);
         INSERT INTO webhooks_history (id, queue, slot, lane, owner, state, generation, attempts, due_at, created_at,
                                       finished_at, reference, data, tried_at, duration_ms, status, error)
         SELECT {id}, 'delivery', lanes.slot, lanes.lane, lanes.owner,
                CASE WHEN n / {owners} % 100 < 2 THEN 4 WHEN n / {owners} % 100 = 2 THEN 5 ELSE 3 END,
                0, 1, {at}, {at}, {at} + 30, {id}, {nothing}, {at} + 10, 20,
                CASE n / {owners} % 100 WHEN 0 THEN 503 WHEN 1 THEN NULL ELSE 200 END,
                CASE n / {owners} % 100 WHEN 1 THEN 'timeout' END
         FROM {series} AS series JOIN lanes ON lanes.s = n % {owners};
         INSERT INTO webhooks_messages (id, event, owner, bare, body, created)
         SELECT {id}, CASE n / {owners} % 4 WHEN 0 THEN '{EVENT}' ELSE 'payment.' || (n / {owners} % 4) END, lanes.name, 0,
                {body}, {at}
         FROM {series} AS series JOIN lanes ON lanes.s = n % {owners};"
    );
    home.script(pool, script).await
}
