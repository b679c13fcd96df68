//! Sits on the lock of which an SQLite database has one, until it is killed.

use sqlx::Sqlite;
use webhooks_tests::database::Kind;

use crate::Result;

pub(crate) async fn lock(address: &str) -> Result<()> {
    let pool = Sqlite::open(address).await?;
    let _transaction = Sqlite::begin_to_write(&pool).await?;
    println!("locked");
    std::future::pending().await
}
