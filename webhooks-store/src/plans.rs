//! How the databases go about each statement: through the index its comment names, whatever the table holds.
//!
//! SQLite plans without looking at the data. PostgreSQL looks, so its tables are filled first; and what it has prepared it
//! may plan once for all values, so that plan is looked at too.

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

use crate::conformance::Fixture;
use crate::database::Database;
use crate::parameters::{Column, Parameters, Row};
use crate::store::Store;

/// An id in the middle of all.
const ID: [u8; 16] = 110_000_u128.to_be_bytes();

/// Every statement with parameters for it, and what its plan must go through.
fn expected() -> Vec<(&'static str, Parameters, &'static [&'static str])> {
    let queue = || Parameters::new().text("work");
    let lane = || queue().bytes(*b"lane 3");
    let lease = || Parameters::new().blobs([ID]).ints([1]);
    let restart = || {
        Parameters::new()
            .int(0)
            .maybe_int(None)
            .maybe_int(None)
            .blobs([ID])
    };
    vec![
        (
            "claim",
            queue().int(1000).int(2).blobs([*b"lane 3"]).ints([2]),
            &["job_ready", JOB],
        ),
        (
            "counts",
            queue().int(1000),
            &["job_ready", "job_scheduled", "job_running"],
        ),
        ("delete_cancelled", Parameters::new().blobs([ID]), &[JOB]),
        ("delete_ended", lease(), &[JOB]),
        (
            "delete_finished",
            Parameters::new().blobs([ID]),
            &[FINISHED],
        ),
        ("delete_kept", Parameters::new().blobs([ID]), &[JOB]),
        ("enqueue", enqueued(), &[]),
        (
            "extend",
            Parameters::new().int(1000).blobs([ID]).ints([1]),
            &[JOB],
        ),
        (
            "failed",
            lane().int(10_000).bytes(ID).int(10),
            &["finished_job_failed"],
        ),
        ("finished", lane().bytes(ID).int(10), &["finished_job_lane"]),
        ("job", Parameters::new().bytes(ID), &[JOB, FINISHED]),
        (
            "jobs_about",
            Parameters::new().bytes(ID).bytes(ID).int(10),
            &["job_reference", "finished_job_reference"],
        ),
        ("keep_cancelled", Parameters::new().blobs([ID]), &[JOB]),
        ("keep_ended", lease().ints([3]).ints([1]), &[JOB]),
        (
            "lane_jobs",
            lane().int(10),
            &["job_scheduled_lane", "job_ready", "job_running"],
        ),
        (
            "lanes",
            queue().bytes(*b"").int(256).int(10),
            &["job_ready", "job_running"],
        ),
        ("make_ready", queue().int(1000), &["job_scheduled", JOB]),
        ("next_due", queue(), &["job_scheduled"]),
        (
            "prune",
            queue().int(1000).int(10),
            &["finished_job_age", FINISHED],
        ),
        (
            "put_back",
            lease().ints([1]).ints([0]).maybe_ints([None]),
            &[JOB],
        ),
        ("rescue", queue().int(1000).int(10), &["job_running", JOB]),
        ("restart_finished", restart(), &[FINISHED]),
        ("restart_pending", restart(), &[JOB]),
        ("unfinished_ready", lane().int(10), &["job_ready"]),
        ("unfinished_running", lane().int(10), &["job_running"]),
        (
            "unfinished_scheduled",
            lane().int(10),
            &["job_scheduled_lane"],
        ),
    ]
}

/// The primary keys, under the name that PostgreSQL gives them.
const JOB: &str = "job_pkey";
const FINISHED: &str = "finished_job_pkey";

fn enqueued() -> Parameters {
    Parameters::new()
        .blobs([ID])
        .texts(["work"])
        .blobs([*b"lane 3"])
        .maybe_blobs([None::<Vec<u8>>])
        .maybe_texts([None::<String>])
        .maybe_texts([None::<String>])
        .blobs([ID])
        .ints([0])
        .maybe_ints([None])
}

/// As many rows as a list has at most: with one row SQLite always begins with the list, with many it would rather read
/// a table whole.
fn many(mut parameters: Parameters) -> Parameters {
    for column in &mut parameters.columns {
        match column {
            Column::Int(cells) => cells.resize(200, cells[0]),
            Column::Text(cells) => cells.resize(200, cells[0].clone()),
            Column::Bytes(cells) => cells.resize(200, cells[0].clone()),
        }
    }
    parameters
}

/// The lines of a statement's plan.
async fn plan<D: Database>(
    store: &Store<D>,
    explain: &str,
    name: &str,
    parameters: Parameters,
) -> Vec<Row<D>> {
    let statements = store.statements().each();
    let (_, sql) = statements
        .iter()
        .find(|(each, _)| *each == name)
        .expect("there is such a statement");
    let (text, arguments) = D::bind(sql, sql.complete(parameters).expect("the database answers"))
        .expect("a statement has its parameters")
        .remove(0);
    let text: SqlStr = AssertSqlSafe(format!("{explain} {}", text.as_str())).into_sql_str();
    let mut connection = store.connection().await.expect("the database answers");
    let rows = D::fetch(&mut connection, text, arguments, true)
        .await
        .expect("the database answers");
    rows.into_iter().map(Row).collect()
}

#[test]
fn every_statement_has_a_plan() {
    let prefix = crate::prefix::Prefix::default();
    let clock = crate::clock::Clock::system();
    let statements = crate::statements::Statements::<sqlx::Sqlite>::load(|statement| {
        crate::statement::Sql::new(statement, &prefix, &clock)
    });
    let all: Vec<_> = statements
        .each()
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    let planned: Vec<_> = expected().into_iter().map(|(name, ..)| name).collect();
    assert_eq!(planned, all);
}

#[tokio::test]
async fn sqlite_goes_through_the_indexes() {
    let fixture = Fixture::memory().await;
    let store = Store::on(fixture.pool().clone())
        .open()
        .await
        .expect("the database answers");
    let mut wrong = Vec::new();
    for (name, parameters, indexes) in expected() {
        let rows = plan(&store, "EXPLAIN QUERY PLAN", name, many(parameters)).await;
        let lines: Vec<_> = rows
            .iter()
            .map(|row| row.text_at(3).expect("the database answers"))
            .collect();
        let plan = lines.join("\n");
        for index in indexes {
            // The primary key of a table without rowid is the table.
            let through = if index.ends_with("_pkey") {
                "PRIMARY KEY (id=?"
            } else {
                *index
            };
            if !plan.contains(through) {
                wrong.push(format!("{name} should go through {through}:\n{plan}"));
            }
        }
        // A rescue reads all that runs.
        let whole =
            |line: &String| line.starts_with("SCAN") && line.contains("job") && name != "rescue";
        if lines.iter().any(whole) || plan.contains("TEMP B-TREE FOR ORDER BY") {
            wrong.push(format!("{name} reads a whole table, or sorts:\n{plan}"));
        }
    }
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
    let mut wrong = Vec::new();
    for (name, parameters, indexes) in expected() {
        let rows = plan(&store, "EXPLAIN (COSTS OFF)", name, parameters).await;
        let for_these = rows
            .iter()
            .map(|row| row.text_at(0).expect("the database answers"))
            .collect();
        for (plan, for_all) in [(for_these, false), (plan_for_all(&store, name).await, true)] {
            let plan = plan.join("\n");
            for index in indexes {
                // A page for people: for all values the planner may as well walk down the primary key.
                let index = if for_all && name == "finished" && plan.contains(FINISHED) {
                    &FINISHED
                } else {
                    index
                };
                let through = [
                    format!("using webhooks_{index} "),
                    format!("Bitmap Index Scan on webhooks_{index}"),
                ];
                if !through.iter().any(|way| plan.contains(way)) {
                    wrong.push(format!("{name} should go through {index}:\n{plan}"));
                }
            }
            if plan.contains("Seq Scan on") {
                wrong.push(format!("{name} reads a whole table:\n{plan}"));
            }
        }
    }
    drop(store);
    fixture.remove().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// The lines of the plan that PostgreSQL makes of a prepared statement for all values.
async fn plan_for_all(store: &Store<sqlx::Postgres>, name: &str) -> Vec<String> {
    let statements = store.statements().each();
    let (_, sql) = statements
        .iter()
        .find(|(each, _)| *each == name)
        .expect("there is such a statement");
    let text = sql.text();
    let values = (1..)
        .take_while(|number| text.contains(&format!("${number}")))
        .map(|_| "NULL");
    let values = values.collect::<Vec<_>>().join(", ");
    let mut connection = store.connection().await.expect("the database answers");
    let prepare = format!("SET plan_cache_mode = force_generic_plan; PREPARE planned AS {text}");
    sqlx::raw_sql(AssertSqlSafe(prepare))
        .execute(&mut *connection)
        .await
        .expect("it is prepared");
    let explain = format!("EXPLAIN (COSTS OFF) EXECUTE planned ({values})");
    let lines: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(explain))
        .persistent(false)
        .fetch_all(&mut *connection)
        .await
        .expect("the database answers");
    let forget = "DEALLOCATE planned; RESET plan_cache_mode";
    sqlx::raw_sql(forget)
        .execute(&mut *connection)
        .await
        .expect("it is forgotten");
    lines.into_iter().map(|(line,)| line).collect()
}

/// Twenty lanes: 20,000 ready, 5,000 scheduled, 200 running. 20,000 finished in 500 lanes: with few of them the primary
/// key is as good a way to the newest of one.
async fn fill(store: &Store<sqlx::Postgres>) {
    let insert = "
        INSERT INTO webhooks_job (id, queue, lane, state, due_at, reference, created_at, lease_until, data)
        SELECT decode(lpad(to_hex(n + 95000), 32, '0'), 'hex'), 'work', convert_to('lane ' || n % 20, 'UTF8'),
               CASE WHEN n <= 20000 THEN 1 WHEN n <= 25000 THEN 0 ELSE 2 END, n, decode(md5(n::text), 'hex'), n,
               CASE WHEN n > 25000 THEN n END, ''
        FROM generate_series(1, 25200) AS n;
        INSERT INTO webhooks_finished_job (id, queue, lane, state, due_at, claim, attempts, reference, created_at,
                                           finished_at, data)
        SELECT decode(lpad(to_hex(n + 100000), 32, '0'), 'hex'), 'work', convert_to('lane ' || n % 500, 'UTF8'),
               CASE WHEN n % 10 = 0 THEN 4 ELSE 3 END, n, 1, 1, decode(md5(n::text), 'hex'), n, n, ''
        FROM generate_series(1, 20000) AS n;
        ANALYZE webhooks_job;
        ANALYZE webhooks_finished_job;";
    sqlx::raw_sql(insert)
        .execute(store.pool())
        .await
        .expect("the database answers");
}
