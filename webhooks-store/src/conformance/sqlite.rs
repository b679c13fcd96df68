//! Databases of SQLite for one test.

use sqlx::Sqlite;

use super::fixture::{Fixture, unique};
use crate::sqlite::open;

impl Fixture<Sqlite> {
    /// In memory.
    pub async fn memory() -> Self {
        let pool = open::connect_memory()
            .await
            .expect("a database in memory can be opened");
        Self::new(pool, async {})
    }

    /// In a file among the temporary ones.
    pub async fn file() -> Self {
        let directory = std::env::temp_dir().join(unique("webhooks-store-"));
        std::fs::create_dir(&directory).expect("a temporary directory can be made");
        let pool = open::connect_file(&directory.join("test.db")).await;
        let pool = pool.expect("a file in a new directory can be opened");
        Self::new(pool, async move {
            std::fs::remove_dir_all(&directory).expect("the temporary directory can be removed");
        })
    }
}
