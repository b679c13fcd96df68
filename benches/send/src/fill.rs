//! Filling a database by SQL: what would take the sender minutes.

use anyhow::Result;
use bench::home::Home;
use sqlx::Pool;
use webhooks_store::Slot;

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
        "INSERT INTO webhooks_subscriptions (id, owner, target, settings, secrets, sealing_key, state, created, changed)
         SELECT {subscription}, 'acct_' || n, 'http://127.0.0.1:9/', '{{}}', {nothing}, '', 'active', 0, 0
         FROM {series} AS series;
         INSERT INTO webhooks_patterns (owner, pattern, subscription)
         SELECT 'acct_' || n, '{pattern}', {subscription} FROM {series} AS series;"
    );
    home.script(pool, script).await
}
