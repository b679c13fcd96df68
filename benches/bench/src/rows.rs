//! Rows written as fast as each database takes them: many of them in one statement, or by `COPY`.

use std::fmt::Write;

use anyhow::Result;
use sqlx::postgres::PgPoolCopyExt;
use sqlx::{AssertSqlSafe, Pool};
use webhooks_store::{Postgres, Sqlite};

/// What stands in a column.
#[derive(Debug, Clone)]
pub enum Value {
    Null,
    Int(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// Rows of one statement: more of them are hardly faster.
const TOGETHER: usize = 200;

pub(crate) async fn bind(
    pool: &Pool<Sqlite>,
    table: &str,
    columns: &[&str],
    rows: &[Vec<Value>],
) -> Result<()> {
    let mut transaction = pool.begin_with("BEGIN IMMEDIATE").await?;
    for rows in rows.chunks(TOGETHER) {
        let row = format!("({})", vec!["?"; columns.len()].join(", "));
        let text = format!(
            "INSERT INTO {table} ({}) VALUES {}",
            columns.join(", "),
            vec![row; rows.len()].join(", ")
        );
        let mut query = sqlx::query(AssertSqlSafe(text));
        for value in rows.iter().flatten() {
            query = match value {
                Value::Null => query.bind(None::<i64>),
                Value::Int(number) => query.bind(number),
                Value::Text(text) => query.bind(text),
                Value::Bytes(bytes) => query.bind(bytes),
            };
        }
        query.execute(&mut *transaction).await?;
    }
    transaction.commit().await?;
    Ok(())
}

pub(crate) async fn copy(
    pool: &Pool<Postgres>,
    table: &str,
    columns: &[&str],
    rows: &[Vec<Value>],
) -> Result<()> {
    let mut text = String::new();
    for row in rows {
        for (number, value) in row.iter().enumerate() {
            if number > 0 {
                text.push('\t');
            }
            write(&mut text, value);
        }
        text.push('\n');
    }
    let statement = format!("COPY {table} ({}) FROM STDIN", columns.join(", "));
    let mut copy = pool.copy_in_raw(&statement).await?;
    copy.send(text.into_bytes()).await?;
    copy.finish().await?;
    Ok(())
}

/// A value as `COPY` reads it.
fn write(text: &mut String, value: &Value) {
    // Writing to a string cannot fail.
    match value {
        Value::Null => text.push_str("\\N"),
        Value::Int(number) => {
            let _ = write!(text, "{number}");
        }
        Value::Text(value) => text.push_str(
            &value
                .replace('\\', "\\\\")
                .replace('\t', "\\t")
                .replace('\n', "\\n"),
        ),
        Value::Bytes(bytes) => {
            text.push_str("\\\\x");
            for byte in bytes {
                let _ = write!(text, "{byte:02x}");
            }
        }
    }
}
