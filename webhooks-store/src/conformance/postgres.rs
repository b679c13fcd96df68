//! Databases of PostgreSQL for one test.

use sqlx::Postgres;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::fixture::{Fixture, execute, unique};

impl Fixture<Postgres> {
    /// In a schema of its own, in the database that `WEBHOOKS_POSTGRES_URL` names.
    pub async fn postgres() -> Self {
        let url = std::env::var("WEBHOOKS_POSTGRES_URL")
            .expect("WEBHOOKS_POSTGRES_URL names the database; `cargo xtask test` sets it");
        let options: PgConnectOptions = url
            .parse()
            .expect("WEBHOOKS_POSTGRES_URL is the URL of a database");
        let schema = unique("webhooks_test_");
        let admin = PgPoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await;
        let admin = admin.expect("the database can be reached");
        execute(&admin, format!("CREATE SCHEMA {schema}"))
            .await
            .expect("a schema can be made");
        let pool = PgPoolOptions::new()
            .max_connections(10)
            .connect_with(options.options([("search_path", &schema)]))
            .await
            .expect("the database can be reached");
        Fixture::new(pool, async move {
            execute(&admin, format!("DROP SCHEMA {schema} CASCADE"))
                .await
                .expect("the schema can be dropped");
            admin.close().await;
        })
    }
}
