//! An empty database for one test, and its removal.

use std::fmt::Debug;
use std::future::Future;
use std::hash::{BuildHasher, RandomState};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use sqlx::Pool;

use crate::clock::Clock;
use crate::database::Database;
use crate::error::Error;
use crate::prefix::Prefix;
use crate::store::Store;

type Removal = Pin<Box<dyn Future<Output = ()> + Send>>;

/// An empty database with a clock that stands still. Tests of what is built on a store use it too.
pub struct Fixture<D: Database> {
    pool: Pool<D>,
    clock: Clock,
    prefix: Prefix,
    is_pooled: bool,
    removal: Removal,
}

impl<D: Database> Fixture<D> {
    pub(super) fn new(pool: Pool<D>, removal: impl Future<Output = ()> + Send + 'static) -> Self {
        // 15 January 2027, 08:00 UTC
        let clock = Clock::fixed_at(Duration::from_hours(500_000));
        Self {
            pool,
            clock,
            prefix: Prefix::default(),
            is_pooled: false,
            removal: Box::pin(removal),
        }
    }

    /// Behind a connection pooler, which gives no test a `search_path` of its own.
    #[cfg(feature = "postgres")]
    pub(super) fn pooled(mut self, prefix: Prefix) -> Self {
        (self.prefix, self.is_pooled) = (prefix, true);
        self
    }

    /// The empty database.
    pub fn pool(&self) -> &Pool<D> {
        &self.pool
    }

    /// The clock to open stores with.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// Opens a store, runs the case on it and removes the database, whatever became of the case.
    pub async fn run<F, E>(self, case: impl FnOnce(Store<D>) -> F)
    where
        F: Future<Output = Result<(), E>> + Send + 'static,
        E: Debug + Send + 'static,
    {
        let options = Store::on(self.pool.clone())
            .prefix(self.prefix.clone())
            .clock(self.clock.clone());
        let options = if self.is_pooled {
            options.pooled()
        } else {
            options
        };
        let store = options.open().await;
        let store = store.expect("an empty database can be opened");
        let result = tokio::spawn(case(store)).await;
        self.remove().await;
        match result {
            Ok(result) => result.expect("the case ends without an error"),
            Err(panicked) => std::panic::resume_unwind(panicked.into_panic()),
        }
    }

    /// Closes the pool and removes the database.
    pub async fn remove(self) {
        self.pool.close().await;
        self.removal.await;
    }
}

/// Runs SQL made by a test.
pub(super) async fn execute<D: Database>(pool: &Pool<D>, text: String) -> Result<(), Error> {
    D::script(&mut *pool.acquire().await?, text).await?;
    Ok(())
}

/// A name that no other test has, in this process or another.
pub(super) fn unique(prefix: &str) -> String {
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    format!(
        "{prefix}{:x}_{number}",
        RandomState::new().hash_one(std::process::id())
    )
}

/// Another prefix, in the same schema.
pub(super) fn sibling<D: Database>(store: &Store<D>, prefix: &str) -> Result<Prefix, Error> {
    let prefix = Prefix::new(prefix)?;
    match store.prefix().schema() {
        Some(schema) => prefix.in_schema(&schema),
        None => Ok(prefix),
    }
}
