//! Databases of PostgreSQL for one test.

use sqlx::Postgres;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};

use super::fixture::{Fixture, execute, unique};
use crate::prefix::Prefix;

impl Fixture<Postgres> {
    /// In a schema of its own, through the PgBouncer in transaction mode that `WEBHOOKS_PGBOUNCER_URL` names.
    pub async fn pgbouncer() -> Self {
        let schema = unique("webhooks_test_");
        let prefix = Prefix::default()
            .in_schema(&schema)
            .expect("a schema's name");
        let pool = PgPoolOptions::new()
            .max_connections(10)
            .connect_with(named("WEBHOOKS_PGBOUNCER_URL"))
            .await
            .expect("PgBouncer can be reached");
        let admin = pool.clone();
        let removal = async move {
            let pool = PgPoolOptions::new().connect_lazy_with((*admin.connect_options()).clone());
            execute(&pool, format!("DROP SCHEMA IF EXISTS {schema} CASCADE"))
                .await
                .expect("the schema can be dropped");
            pool.close().await;
        };
        Fixture::new(pool, removal).pooled(prefix)
    }

    /// In a schema of its own, in the database that `WEBHOOKS_POSTGRES_URL` names.
    pub async fn postgres() -> Self {
        let options = named("WEBHOOKS_POSTGRES_URL");
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
        Self::new(pool, async move {
            execute(&admin, format!("DROP SCHEMA {schema} CASCADE"))
                .await
                .expect("the schema can be dropped");
            admin.close().await;
        })
    }
}

/// The database that an environment variable names.
fn named(variable: &str) -> PgConnectOptions {
    let url = std::env::var(variable)
        .unwrap_or_else(|_| panic!("{variable} names the database; `cargo xtask test` sets it"));
    url.parse()
        .unwrap_or_else(|_| panic!("{variable} is the URL of a database"))
}
