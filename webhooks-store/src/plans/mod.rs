//! How the databases go about each statement: through the index its comment names, whatever the table holds.
//!
//! SQLite plans without looking at the data. PostgreSQL looks, and keeps the plan of a prepared statement. So its plans are
//! looked at three times: made for the values and for all values while the tables are full, and made for all values while
//! they were empty and used when they are full.

#[cfg(feature = "postgres")]
mod postgres;

use sqlx::{AssertSqlSafe, SqlSafeStr, SqlStr};

use crate::conformance::Fixture;
use crate::database::Database;
use crate::parameters::{Column, Parameters};
use crate::row::Row;
use crate::store::Store;

/// An id in the middle of all.
const ID: [u8; 16] = 110_000_u128.to_be_bytes();
/// A few ids higher.
const HIGH: [u8; 16] = 110_100_u128.to_be_bytes();

/// Every statement with parameters for it, and what its plan must go through.
fn expected() -> Vec<(&'static str, Parameters, &'static [&'static str])> {
    let none = Parameters::new;
    let queue = || none().text("work");
    let lane = || queue().bytes(*b"lane 3");
    let lease = || none().blobs([ID]).ints([1]);
    let ids = || none().blobs([ID]);
    let restart = || none().int(0).maybe_int(None).maybe_int(None).blobs([ID]);
    let attempt = |before: Parameters| {
        before
            .maybe_ints([Some(1)])
            .maybe_ints([Some(1)])
            .maybe_ints([None])
            .maybe_texts([None::<String>])
    };
    let claim = || queue().int(1000).int(2).blobs([*b"lane 3"]).ints([2]);
    let attempts = || none().bytes(*b"lane 3").bytes(ID).int(0).int(1).int(10);
    let answers = || none().ints([1]).blobs([ID]).ints([0]).ints([1]).blobs([ID]);
    let new_attempts = || attempt(none().blobs([ID]).ints([0]).ints([1]).blobs([*b"lane 3"]));
    vec![
        ("cancel_jobs", ids(), &[JOB]),
        ("claim", claim(), &["job_ready", JOB]),
        (
            "counts",
            queue().int(1000),
            &["job_ready", "job_scheduled", "job_running"],
        ),
        ("delete_finished", ids(), &[HISTORY]),
        ("delete_kept", ids(), &[JOB]),
        ("end_jobs", lease(), &[JOB]),
        ("enqueue", enqueued(), &[]),
        ("extend", none().int(1000).blobs([ID]).ints([1]), &[JOB]),
        (
            "failed",
            lane().int(10_000).bytes(ID).int(10),
            &["history_failed"],
        ),
        ("finished", lane().bytes(ID).int(10), &["history_lane"]),
        (
            "history_window",
            none().bytes(*b"").bytes(ID).int(1000).int(10),
            &[HISTORY],
        ),
        ("insert_answers", answers(), &[]),
        ("insert_attempts", new_attempts(), &[]),
        ("job", none().bytes(ID), &[JOB, HISTORY]),
        (
            "job_attempts",
            none().bytes(ID),
            &[ATTEMPT, HISTORY, ANSWER],
        ),
        (
            "jobs_about",
            none().bytes(ID).bytes(ID).bytes(HIGH).int(10),
            &[JOB, HISTORY],
        ),
        ("keep_cancelled", ids(), &[JOB]),
        ("keep_ended", attempt(lease().ints([3]).ints([1])), &[JOB]),
        ("keep_last_attempts", ids(), &[HISTORY]),
        ("known_jobs", ids(), &[JOB, HISTORY]),
        (
            "lane_attempts",
            attempts(),
            &["attempt_lane", "history_lane", ANSWER],
        ),
        (
            "lane_jobs",
            lane().int(10),
            &["job_scheduled_lane", "job_ready", "job_running"],
        ),
        ("lanes", queue().bytes(*b"").int(256), &["job_ready"]),
        ("make_ready", queue().int(1000), &["job_scheduled", JOB]),
        ("next_due", queue(), &["job_scheduled"]),
        ("prune_answers", none().int(20_000).int(10), &[ANSWER]),
        ("prune_attempts", none().bytes(HIGH).int(10), &[ATTEMPT]),
        (
            "put_back",
            lease().ints([1]).ints([0]).maybe_ints([None]),
            &[JOB],
        ),
        ("rescue", queue().int(1000).int(10), &["job_running", JOB]),
        ("restart_finished", restart(), &[HISTORY]),
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
const HISTORY: &str = "history_pkey";
const ATTEMPT: &str = "attempt_pkey";
const ANSWER: &str = "answer_pkey";

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
    let (text, arguments) = sql
        .bind(parameters)
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
        crate::sql::Sql::new(statement, &prefix, &clock)
    });
    // Those of SQLite are all there are.
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
            .map(|row| row.text("detail").expect("the database answers"))
            .collect();
        let plan = lines.join("\n");
        for index in indexes {
            // The primary key of a table without rowid is the table.
            let through = match *index {
                JOB | HISTORY => "PRIMARY KEY (id",
                ATTEMPT => "PRIMARY KEY (job",
                ANSWER => "PRIMARY KEY (at",
                index => index,
            };
            if !plan.contains(through) {
                wrong.push(format!("{name} should go through {through}:\n{plan}"));
            }
        }
        // A rescue reads all that runs.
        let whole = |line: &String| {
            let is_table = ["job", "history", "attempt", "answer"].iter().any(|table| {
                line.contains(&format!("webhooks_{table}"))
                    || line.contains(&format!("SCAN {table}"))
            });
            line.starts_with("SCAN") && is_table && name != "rescue"
        };
        // Two lists of a few rows are merged by sorting them.
        let sorts = plan.contains("TEMP B-TREE FOR ORDER BY") && name != "lane_attempts";
        if lines.iter().any(whole) || sorts {
            wrong.push(format!("{name} reads a whole table, or sorts:\n{plan}"));
        }
    }
    fixture.remove().await;
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
