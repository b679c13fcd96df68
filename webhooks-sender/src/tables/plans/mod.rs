//! How PostgreSQL goes about each statement: through the index that its comment names, whatever the tables hold.
//!
//! It looks at the data before it plans, and keeps the plan of a prepared statement. So three plans are looked at: made for
//! the values and for all values while the tables are full, and made while they were empty and used when they are full. SQLite's are in `statements`.

mod cases;
mod rows;

use sqlx::{AssertSqlSafe, PgConnection};
use webhooks_store::conformance::Fixture;
use webhooks_store::{Postgres, Store};

use cases::expected;
use rows::{analyze, fill, run};

use super::statements::{NAMES, Statements, TABLES};

#[test]
fn every_statement_has_a_plan() {
    let planned: Vec<_> = expected().into_iter().map(|(name, ..)| name).collect();
    assert_eq!(planned, NAMES);
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn postgres_goes_through_the_indexes() {
    let fixture = Fixture::postgres().await;
    fixture.run(plans).await;
}

async fn plans(store: Store<Postgres>) -> Result<(), webhooks_store::Error> {
    let store = Store::on(store.pool().clone())
        .component(&TABLES)
        .open()
        .await?;
    run(
        &mut *store.pool().acquire().await?,
        "VACUUM (ANALYZE)".to_owned(),
    )
    .await?;
    let statements = Statements::<Postgres>::load(&store);
    let mut wrong = Vec::new();
    // Made while the tables are empty, and kept by the connection.
    let mut early = store.begin().await?;
    set_mode(&mut early, "force_generic_plan").await?;
    for ((name, values, _), sql) in expected().into_iter().zip(statements.each()) {
        run(&mut early, format!("PREPARE {name} AS {}", sql.text())).await?;
        explain(&mut early, name, &values).await?;
    }
    fill(&store).await?;
    for (name, values, indexes) in expected() {
        let plan = explain(&mut early, name, &values).await?;
        wrong.extend(complaint((name, "made for empty tables"), &plan, indexes));
    }
    run(&mut early, "DEALLOCATE ALL".to_owned()).await?;
    early.commit().await?;
    analyze(&store).await?;
    for mode in ["force_custom_plan", "force_generic_plan"] {
        let mut late = store.begin().await?;
        set_mode(&mut late, mode).await?;
        for ((name, values, indexes), sql) in expected().into_iter().zip(statements.each()) {
            run(&mut late, format!("PREPARE {name} AS {}", sql.text())).await?;
            let plan = explain(&mut late, name, &values).await?;
            wrong.extend(complaint((name, mode), &plan, indexes));
        }
        run(&mut late, "DEALLOCATE ALL".to_owned()).await?;
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    Ok(())
}

/// Between which ids a question lies is known when the statement begins.
#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn postgres_opens_no_partition_of_another_day() {
    let fixture = Fixture::postgres().await;
    fixture.run(partitions).await;
}

async fn partitions(store: Store<Postgres>) -> Result<(), webhooks_store::Error> {
    let store = Store::on(store.pool().clone())
        .component(&TABLES)
        .open()
        .await?;
    fill(&store).await?;
    let statements = Statements::<Postgres>::load(&store);
    let mut transaction = store.begin().await?;
    set_mode(&mut transaction, "force_generic_plan").await?;
    let mut wrong = Vec::new();
    for ((name, values, _), sql) in expected().into_iter().zip(statements.each()) {
        // How many lists of partitions it goes through.
        let lists = match name {
            "answers_of" | "count_ended" | "earlier_attempts" => 1,
            "last_attempts" | "page_attempts" => 2,
            _ => continue,
        };
        run(
            &mut transaction,
            format!("PREPARE {name} AS {}", sql.text()),
        )
        .await?;
        let plan = explain(&mut transaction, name, &values).await?;
        // The rows are in the default one; those of today and the next days are there, too.
        if plan.matches("Subplans Removed: 3").count() != lists {
            wrong.push(format!("{name} opens other days:\n{plan}"));
        }
    }
    drop(transaction);
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    Ok(())
}

async fn set_mode(connection: &mut PgConnection, mode: &str) -> Result<(), webhooks_store::Error> {
    run(connection, format!("SET LOCAL plan_cache_mode = {mode}")).await
}

fn complaint((name, mode): (&str, &str), plan: &str, indexes: &[&str]) -> Option<String> {
    if let Some(index) = indexes.iter().find(|index| !goes_through(plan, index)) {
        return Some(format!(
            "{name} ({mode}) should go through {index}:\n{plan}"
        ));
    }
    plan.contains("Seq Scan on")
        .then(|| format!("{name} ({mode}) reads a whole table:\n{plan}"))
}

fn goes_through(plan: &str, index: &str) -> bool {
    let ways = [
        format!("using webhooks_{index} "),
        format!("Bitmap Index Scan on webhooks_{index}"),
    ];
    // The planner's name for a whole line may end with the index.
    ways.iter().any(|way| plan.contains(way))
        || plan.lines().any(|line| line.ends_with(ways[0].trim_end()))
}

/// The lines of the plan of a prepared statement.
async fn explain(
    connection: &mut PgConnection,
    name: &str,
    values: &str,
) -> Result<String, webhooks_store::Error> {
    let values = if values.is_empty() {
        String::new()
    } else {
        format!("({values})")
    };
    let explain = format!("EXPLAIN (COSTS OFF) EXECUTE {name} {values}");
    let lines: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(explain))
        .persistent(false)
        .fetch_all(&mut *connection)
        .await?;
    let lines: Vec<_> = lines.into_iter().map(|(line,)| line).collect();
    Ok(lines.join("\n"))
}
