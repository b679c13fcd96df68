//! The rows that the tables hold while plans are looked at.

use sqlx::{AssertSqlSafe, PgConnection};
use webhooks_store::{Postgres, Store};

pub(super) async fn run(
    connection: &mut PgConnection,
    sql: String,
) -> Result<(), webhooks_store::Error> {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await?;
    Ok(())
}

/// 20,000 subscriptions of 200 owners with two patterns each out of 400, 20,000 messages with a finished delivery each,
/// 2,000 waiting ones.
pub(super) async fn fill(store: &Store<Postgres>) -> Result<(), webhooks_store::Error> {
    let insert = "
        INSERT INTO webhooks_subscriptions (id, owner, target, settings, secrets, sealing_key, state, static_key, created,
                                            changed, expires, request_key)
        SELECT int8send(n) || int8send(0), 'owner ' || n % 200, 'https://example.com/hook', '{}', '', 'k' || n % 50, 'active',
               CASE WHEN n % 1000 = 0 THEN 'key ' || n END, n, n, CASE WHEN n % 10 = 0 THEN n END,
               CASE WHEN n % 3 = 0 THEN 'key ' || n END
        FROM generate_series(1, 20000) AS n;
        INSERT INTO webhooks_patterns (owner, pattern, subscription)
        SELECT 'owner ' || n % 200, pattern, int8send(n) || int8send(0)
        FROM generate_series(1, 20000) AS n,
             LATERAL (VALUES ('event.' || n % 397), ('group' || n % 3 || '.*')) AS given (pattern);
        INSERT INTO webhooks_messages (id, event, owner, bare, body, created, idempotency_key)
        SELECT int8send(n) || int8send(0), 'event.' || n % 397, 'owner ' || n % 200, 1, repeat('x', 200)::bytea, n,
               CASE WHEN n % 2 = 1 THEN 'key ' || n END
        FROM generate_series(1, 20000) AS n;
        INSERT INTO webhooks_audit (id, owner, actor, action, subject)
        SELECT int8send(n) || int8send(0), 'owner ' || n % 200, 'user', 'subscription.changed', 'subject ' || n % 5000
        FROM generate_series(1, 20000) AS n;
        INSERT INTO webhooks_grants (hash, id, owner, content, is_code, expires, lasts)
        SELECT int8send(n) || int8send(0), int8send(n) || int8send(0), 'owner ' || n % 200, '{}', n % 2, n, 1
        FROM generate_series(1, 20000) AS n;
        INSERT INTO webhooks_history (id, queue, slot, lane, owner, state, generation, attempts, due_at, created_at,
                                      finished_at, reference, data)
        SELECT int8send(n) || int8send(1), 'delivery', n % 256, int8send(n) || int8send(0), n % 200, 3, 0, 1, n, n, n,
               int8send(n) || int8send(0), ''
        FROM generate_series(1, 20000) AS n;
        INSERT INTO webhooks_job (id, queue, slot, lane, owner, due_at, reference, created_at, data)
        SELECT int8send(n) || int8send(2), 'delivery', n % 256, int8send(n) || int8send(0), n % 200, n,
               int8send(n) || int8send(0), n, ''
        FROM generate_series(1, 20000, 10) AS n;
        INSERT INTO webhooks_bulk_jobs (id, owner, kind, request, progress, dry_run, state, created, due, exclusive)
        SELECT int8send(n) || int8send(0), 'owner ' || n % 200, 'reseal', '', '', 0,
               CASE WHEN n % 100 = 0 THEN 'running' ELSE 'finished' END, n, n, 'do ' || n
        FROM generate_series(1, 20000) AS n;
        INSERT INTO webhooks_replayed (delivery, generation, job)
        SELECT int8send(n) || int8send(1), 1, int8send(n) || int8send(0) FROM generate_series(1, 20000) AS n;
        INSERT INTO webhooks_sequence (subscription, last)
        SELECT int8send(n) || int8send(0), n FROM generate_series(1, 20000) AS n;
        INSERT INTO webhooks_sequence_number (delivery, number)
        SELECT int8send(n) || int8send(1), n FROM generate_series(1, 20000) AS n;
        INSERT INTO webhooks_answer (at, job, generation, number, body)
        SELECT n, int8send(n) || int8send(1), 0, 1, '' FROM generate_series(1, 20000) AS n;";
    run(&mut *store.pool().acquire().await?, insert.to_owned()).await
}

pub(super) async fn analyze(store: &Store<Postgres>) -> Result<(), webhooks_store::Error> {
    let tables = "ANALYZE webhooks_subscriptions, webhooks_patterns, webhooks_messages, webhooks_history, webhooks_job, \
                  webhooks_bulk_jobs, webhooks_replayed, webhooks_answer, webhooks_audit, \
                  webhooks_grants, webhooks_sequence, webhooks_sequence_number";
    run(&mut *store.pool().acquire().await?, tables.to_owned()).await
}
