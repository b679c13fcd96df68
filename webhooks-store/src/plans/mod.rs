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
/// Much lower.
const LOW: [u8; 16] = 101_000_u128.to_be_bytes();
/// A few ids higher.
const HIGH: [u8; 16] = 110_100_u128.to_be_bytes();

/// Every statement with parameters for it, and what its plan must go through.
#[expect(clippy::too_many_lines, reason = "a row a case")]
fn expected() -> Vec<(&'static str, Parameters, &'static [&'static str])> {
    let none = Parameters::new;
    let queue = || none().text("work");
    let key = || queue().bytes(*b"lane 3");
    let lane = || queue().int(3).bytes(*b"lane 3");
    let ids = || none().blobs([ID]);
    let version = || ids().ints([0]).maybe_ints([Some(0)]);
    let restart = || none().maybe_int(None).blobs([ID]);
    let attempt = |before: Parameters| {
        before
            .maybe_ints([Some(1)])
            .maybe_ints([Some(1)])
            .maybe_ints([None])
            .maybe_texts([None::<String>])
    };
    let put_off = version().ints([0]).ints([1]).ints([0]).maybe_ints([None]);
    let attempts = || none().bytes(*b"lane 3").bytes(ID).int(0).int(1).int(10);
    let answers = || none().ints([1]).blobs([ID]).ints([0]).ints([1]).blobs([ID]);
    let new_attempts = || attempt(none().blobs([ID]).ints([0]).ints([1]).blobs([*b"lane 3"]));
    let name = || none().bytes(*b"name");
    vec![
        ("any_job", queue(), &["job_lane"]),
        ("beat", name().int(100).int(15_000), &[WORKER]),
        ("bury", none(), &[]),
        ("bury_locked", none(), &[]),
        ("cancel_jobs", ids(), &[JOB]),
        ("counts", queue().int(1000), &["job_lane", "job_scheduled"]),
        ("delete_finished", ids(), &[HISTORY]),
        ("delete_kept", ids(), &[JOB]),
        (
            "due",
            queue().int(10_000).bytes(ID).int(10),
            &["job_scheduled"],
        ),
        ("end_jobs", version(), &[JOB]),
        ("enqueue", enqueued(), &[]),
        (
            "failed",
            key().int(10_000).bytes(ID).int(10),
            &["history_failed"],
        ),
        ("failures", stretch(none()), &["history_failures"]),
        (
            "failures_of",
            stretch(none().int(1)),
            &["history_failures_of"],
        ),
        ("feed", feed(queue()), &[NEW, "job_scheduled"]),
        ("finished", finished(key()), &["history_lane"]),
        ("free_slots", none().int(10).bytes(*b"name").int(0), &[]),
        ("give_slots", name().int(0).ints([3]), &[SLOT]),
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
        ("jobs_about", jobs_about(), &[JOB, HISTORY]),
        ("jobs_about_each", jobs_about_each(), &[JOB, HISTORY]),
        (
            "join",
            none().int(100).int(15_000).maybe_bytes(None::<Vec<u8>>),
            &[],
        ),
        ("keep_cancelled", ids(), &[JOB]),
        ("keep_ended", attempt(version().ints([3]).ints([1])), &[JOB]),
        ("keep_last_attempts", ids(), &[HISTORY]),
        ("known_jobs", ids(), &[JOB, HISTORY]),
        (
            "lane_attempts",
            attempts(),
            &["attempt_lane", "history_lane", ANSWER],
        ),
        ("lane_of_owner", key().int(1), &["history_lane"]),
        ("leave", name(), &[WORKER]),
        (
            "lock_due",
            queue().int(3).bytes(*b"lane 3").int(10),
            &["job_lane"],
        ),
        ("lock_jobs", ids(), &[JOB]),
        ("lock_worker", name(), &[WORKER]),
        ("look", queue().blobs([ID]), &[JOB]),
        ("mark_jobs", none().int(1).blobs([ID]), &[JOB]),
        ("membership", none(), &[]),
        ("mourn", none().int(0), &[]),
        ("next_due", queue(), &["job_scheduled", "job_held"]),
        ("prune_answers", none().int(20_000).int(10), &[ANSWER]),
        ("prune_attempts", none().bytes(HIGH).int(10), &[ATTEMPT]),
        ("put_off", put_off, &[JOB]),
        ("refill", refill(queue()), &["job_lane"]),
        ("restart_finished", restart(), &[HISTORY]),
        ("restart_pending", restart(), &[JOB]),
        (
            "sweep",
            queue().int(3).bytes(*b"").text(all_slots()).int(10),
            &["job_lane"],
        ),
        ("take_slots", name().ints([3]), &[SLOT, WORKER]),
        ("touch_lane", lane(), &["job_lane"]),
        ("unfinished", lane().int(10), &["job_lane"]),
        (
            "unfinished_about_each",
            about_each(none().int(10).maybe_int(Some(1))),
            &[JOB],
        ),
    ]
}

fn finished(key: Parameters) -> Parameters {
    stretch(key).maybe_int(Some(1))
}

/// The first and the last id, and how many.
fn stretch(before: Parameters) -> Parameters {
    before.bytes(LOW).bytes(ID).int(10)
}

fn jobs_about() -> Parameters {
    let range = Parameters::new().bytes(ID).bytes(ID).bytes(HIGH);
    range.int(10).maybe_int(Some(1))
}

fn jobs_about_each() -> Parameters {
    let most = Parameters::new().int(10).maybe_int(Some(1));
    about_each(most.bytes(ID).bytes(HIGH))
}

fn about_each(most: Parameters) -> Parameters {
    most.blobs([ID]).blobs([ID]).blobs([HIGH])
}

/// The primary keys, under the name that PostgreSQL gives them.
const JOB: &str = "job_pkey";
const HISTORY: &str = "history_pkey";
const ATTEMPT: &str = "attempt_pkey";
const ANSWER: &str = "answer_pkey";
const WORKER: &str = "worker_pkey";
const SLOT: &str = "slot_pkey";
/// What has come since: on SQLite the end of the table itself.
const NEW: &str = "job_new";

/// A mark for each slot.
fn all_slots() -> String {
    "1".repeat(256)
}

fn feed(queue: Parameters) -> Parameters {
    let queue = queue.text("20").text("5,7").maybe_text(Some("900"));
    let behind = queue.text("800").text("3").bytes(ID);
    behind.text(all_slots()).int(10)
}

fn refill(queue: Parameters) -> Parameters {
    queue
        .ints([3])
        .blobs([*b"lane 3"])
        .ints([i64::MIN])
        .blobs([ID])
        .ints([10])
}

fn enqueued() -> Parameters {
    Parameters::new()
        .blobs([ID])
        .texts(["work"])
        .ints([3])
        .blobs([*b"lane 3"])
        .ints([0])
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
    let names = |(name, _): (&'static str, _)| name;
    let mut all: Vec<_> = statements.each().into_iter().map(names).collect();
    // The one that SQLite does not have.
    all.push("lock_jobs");
    all.sort_unstable();
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
        if name == "lock_jobs" {
            continue;
        }
        let parameters = on_sqlite(name, parameters);
        let rows = plan(&store, "EXPLAIN QUERY PLAN", name, many(parameters)).await;
        let lines: Vec<_> = rows
            .iter()
            .map(|row| row.text("detail").expect("the database answers"))
            .collect();
        let plan = lines.join("\n");
        for index in indexes {
            // The primary key of a table without rowid is the table.
            let through = match *index {
                HISTORY | WORKER => "PRIMARY KEY (id",
                JOB => "sqlite_autoindex_webhooks_job_1",
                SLOT | NEW => "INTEGER PRIMARY KEY (rowid",
                ATTEMPT => "PRIMARY KEY (job",
                ANSWER => "PRIMARY KEY (at",
                index => index,
            };
            if !plan.contains(through) {
                wrong.push(format!("{name} should go through {through}:\n{plan}"));
            }
        }
        // As many rows as there are processes, or slots.
        let whole = |line: &String| {
            // What a subquery brought is joined under the name of its table.
            let is_brought = line.contains("LEFT-JOIN");
            let is_table = ["job", "history", "attempt", "answer"].iter().any(|table| {
                let named = line.contains(&format!("SCAN {table}"));
                line.contains(&format!("webhooks_{table}")) || named && !is_brought
            });
            line.starts_with("SCAN") && is_table
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

/// What SQLite's parameters are where they differ from PostgreSQL's.
fn on_sqlite(name: &str, parameters: Parameters) -> Parameters {
    match name {
        "refill" => refill(Parameters::new().text("work").int(10)),
        "jobs_about_each" => about_each(Parameters::new().int(10).maybe_int(Some(1))),
        _ => parameters,
    }
}
