//! The plans of PostgreSQL, made while the tables are empty and while they are full.

use sqlx::AssertSqlSafe;

use super::{ANSWER, ATTEMPT, HISTORY, expected};
use crate::conformance::Fixture;
use crate::parameters::{Column, Parameters, SqlValue};
use crate::store::Store;

/// A plan that PostgreSQL made for a prepared statement while all tables were empty is kept by the connection.
#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn postgres_goes_through_the_indexes_with_plans_made_for_empty_tables() {
    let fixture = Fixture::postgres().await;
    let store = Store::on(fixture.pool().clone())
        .open()
        .await
        .expect("the database answers");
    run(
        &mut fixture.pool().acquire().await.expect("a connection"),
        "VACUUM (ANALYZE)",
    )
    .await;
    // In the store's own transaction, as everything of it runs.
    let mut transaction = store.begin().await.expect("the database answers");
    run(
        &mut transaction,
        "SET LOCAL plan_cache_mode = force_generic_plan",
    )
    .await;
    let mut wrong = Vec::new();
    let statements = postgres_statements(&store);
    for (name, text, values, _) in &statements {
        let prepare = format!("PREPARE \"{name}\" AS {text}");
        run(&mut transaction, &prepare).await;
        explain_prepared(&mut transaction, name, values).await;
    }
    fill(&store).await;
    for (name, _, values, indexes) in &statements {
        let plan = explain_prepared(&mut transaction, name, values).await;
        wrong.extend(complaint(name, &plan, indexes));
    }
    run(&mut transaction, "DEALLOCATE ALL").await;
    drop(transaction);
    drop(store);
    fixture.remove().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn postgres_goes_through_the_indexes() {
    let fixture = Fixture::postgres().await;
    let store = Store::on(fixture.pool().clone())
        .open()
        .await
        .expect("the database answers");
    fill(&store).await;
    let tables = "ANALYZE webhooks_job, webhooks_history, webhooks_attempt, webhooks_answer";
    let mut wrong = Vec::new();
    for mode in ["force_custom_plan", "force_generic_plan"] {
        let mut transaction = store.begin().await.expect("the database answers");
        run(&mut transaction, tables).await;
        run(
            &mut transaction,
            &format!("SET LOCAL plan_cache_mode = {mode}"),
        )
        .await;
        for (name, text, values, indexes) in postgres_statements(&store) {
            run(&mut transaction, &format!("PREPARE \"{name}\" AS {text}")).await;
            let plan = explain_prepared(&mut transaction, name, &values).await;
            wrong.extend(complaint(name, &plan, indexes));
        }
        run(&mut transaction, "DEALLOCATE ALL").await;
    }
    drop(store);
    fixture.remove().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// Between which ids a question lies is known when the statement begins.
#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn postgres_opens_no_partition_of_another_day() {
    let fixture = Fixture::postgres().await;
    let store = Store::on(fixture.pool().clone())
        .open()
        .await
        .expect("the database answers");
    fill(&store).await;
    let mut transaction = store.begin().await.expect("the database answers");
    run(
        &mut transaction,
        "SET LOCAL plan_cache_mode = force_generic_plan",
    )
    .await;
    let mut wrong = Vec::new();
    let lists = ["failures", "failures_of", "finished", "jobs_about_each"];
    for (name, text, values, _) in postgres_statements(&store) {
        if lists.contains(&name) {
            run(&mut transaction, &format!("PREPARE \"{name}\" AS {text}")).await;
            let plan = explain_prepared(&mut transaction, name, &values).await;
            // The rows are in the default one; those of today and the next days are there, too.
            if !plan.contains("Subplans Removed: 3") || plan.contains("webhooks_history_2") {
                wrong.push(format!("{name} opens other days:\n{plan}"));
            }
        }
    }
    drop(transaction);
    drop(store);
    fixture.remove().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// What is wrong with a plan.
fn complaint(name: &str, plan: &str, indexes: &[&str]) -> Option<String> {
    for index in indexes {
        // Where the table is partitioned the server names the indexes of its parts.
        let names: &[String] = &match *index {
            "history_lane" => part_indexes("history", "lane_expr_idx"),
            "history_failed" => part_indexes("history", "lane_finished_at_id_idx"),
            "attempt_lane" => part_indexes("attempt", "lane_expr_generation_number_idx"),
            "history_failures" => part_indexes("history", "expr_idx"),
            "history_failures_of" => part_indexes("history", "owner_expr_idx"),
            HISTORY => part_indexes("history", "pkey"),
            ATTEMPT => part_indexes("attempt", "pkey"),
            ANSWER => part_indexes("answer", "pkey"),
            index => vec![format!("webhooks_{index} "), format!("webhooks_{index}\n")],
        };
        if !names.iter().any(|name| plan.contains(name.as_str())) {
            return Some(format!("{name} should go through {index}:\n{plan}"));
        }
    }
    // There are 256 slots, and as many rows of workers as processes.
    let is_large =
        |line: &str| !line.contains("webhooks_slot") && !line.contains("webhooks_worker");
    let mut lines = plan.lines().peekable();
    while let Some(line) = lines.next() {
        // A scan of an index without a condition is one of the whole table too.
        let is_bounded = lines.peek().is_some_and(|next| next.contains("Index Cond"));
        let is_whole =
            line.contains("Seq Scan on") || line.contains(" using webhooks_") && !is_bounded;
        if is_whole && is_large(line) {
            return Some(format!("{name} reads a whole table:\n{plan}"));
        }
    }
    None
}

fn part_indexes(table: &str, index: &str) -> Vec<String> {
    vec![format!("webhooks_{table}_default_{index}")]
}

/// Name, text, values and indexes of each statement of PostgreSQL's.
fn postgres_statements(
    store: &Store<sqlx::Postgres>,
) -> Vec<(&'static str, String, String, &'static [&'static str])> {
    let expected = expected();
    let each = store.statements().each().into_iter().map(|(name, sql)| {
        let (_, parameters, indexes) = expected
            .iter()
            .find(|(planned, ..)| *planned == name)
            .expect("every statement has a plan");
        let parameters = on_postgres(name, parameters.clone());
        let parameters = sql.complete(parameters).expect("columns of one length");
        (name, sql.text().to_owned(), literals(&parameters), *indexes)
    });
    each.collect()
}

/// Parameters as they stand in `EXECUTE`.
fn literals(parameters: &Parameters) -> String {
    let bytes = |bytes: &Vec<u8>| {
        let digits: Vec<_> = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        format!("'\\x{}'", digits.concat())
    };
    let or_null = |value: Option<String>| value.unwrap_or_else(|| "NULL".to_owned());
    let value = |value: &SqlValue| {
        or_null(match value {
            SqlValue::Int(value) => value.map(|value| value.to_string()),
            SqlValue::Text(value) => value.as_ref().map(|value| format!("'{value}'")),
            SqlValue::Bytes(value) => value.as_ref().map(bytes),
        })
    };
    let column = |column: &Column| {
        let cells: Vec<_> = match column {
            Column::Int(cells) => cells
                .iter()
                .map(|cell| value(&SqlValue::Int(*cell)))
                .collect(),
            Column::Text(cells) => cells
                .iter()
                .map(|cell| value(&SqlValue::Text(cell.clone())))
                .collect(),
            Column::Bytes(cells) => cells
                .iter()
                .map(|cell| value(&SqlValue::Bytes(cell.clone())))
                .collect(),
        };
        let kind = match column {
            Column::Int(_) => "bigint",
            Column::Text(_) => "text",
            Column::Bytes(_) => "bytea",
        };
        format!("ARRAY[{}]::{kind}[]", cells.join(", "))
    };
    let values = parameters.values.iter().map(value);
    let columns = parameters.columns.iter().map(column);
    let all: Vec<String> = values.chain(columns).collect();
    if all.is_empty() {
        String::new()
    } else {
        format!("({})", all.join(", "))
    }
}

async fn run(connection: &mut sqlx::PgConnection, sql: &str) {
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned()))
        .execute(connection)
        .await
        .unwrap_or_else(|error| panic!("{error}: {sql}"));
}

async fn explain_prepared(connection: &mut sqlx::PgConnection, name: &str, values: &str) -> String {
    let explain = format!("EXPLAIN (COSTS OFF) EXECUTE \"{name}\"{values}");
    let lines: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(explain))
        .persistent(false)
        .fetch_all(connection)
        .await
        .unwrap_or_else(|error| panic!("{error}: {name}"));
    let lines: Vec<_> = lines.into_iter().map(|(line,)| line).collect();
    lines.join("\n")
}

/// Twenty lanes in as many slots: 20,000 due, 5,000 scheduled. 20,000 finished in 500 lanes: with few of them the primary
/// key is as good a way to the newest of one. An earlier attempt and an answer of each.
async fn fill(store: &Store<sqlx::Postgres>) {
    let insert = "
        INSERT INTO webhooks_job (id, queue, slot, lane, due_at, scheduled, xid, reference, created_at, data)
        SELECT decode(lpad(to_hex(n + 95000), 32, '0'), 'hex'), 'work', n % 20, convert_to('lane ' || n % 20, 'UTF8'),
               n, CASE WHEN n <= 20000 THEN 0 ELSE 1 END, (n / 10)::text::xid8, decode(md5(n::text), 'hex'), n, ''
        FROM generate_series(1, 25000) AS n;
        INSERT INTO webhooks_history (id, queue, slot, lane, owner, state, generation, attempts, due_at, created_at,
                                      finished_at, reference, data, tried_at, duration_ms, status)
        SELECT decode(lpad(to_hex(n + 100000), 32, '0'), 'hex'), 'work', 0, convert_to('lane ' || n % 500, 'UTF8'), 0,
               CASE WHEN n % 10 = 0 THEN 4 ELSE 3 END, 0, 2, n, n, n, decode(md5(n::text), 'hex'), '', n, 1, 204
        FROM generate_series(1, 20000) AS n;
        INSERT INTO webhooks_attempt (job, generation, number, lane, at, duration_ms, status)
        SELECT decode(lpad(to_hex(n + 100000), 32, '0'), 'hex'), 0, 1, convert_to('lane ' || n % 500, 'UTF8'), n, 1, 500
        FROM generate_series(1, 20000) AS n;
        INSERT INTO webhooks_answer (at, job, generation, number, body)
        SELECT n, decode(lpad(to_hex(n + 100000), 32, '0'), 'hex'), 0, 1, 'no'
        FROM generate_series(1, 20000) AS n;";
    run(
        &mut store.pool().acquire().await.expect("a connection"),
        insert,
    )
    .await;
}

/// What PostgreSQL's parameters are where they differ from SQLite's.
fn on_postgres(name: &str, parameters: Parameters) -> Parameters {
    if name != "end_jobs" {
        return parameters;
    }
    parameters
        .ints([3])
        .ints([1])
        .maybe_ints([Some(1)])
        .maybe_ints([Some(1)])
        .maybe_ints([None])
        .maybe_texts([None::<String>])
}
