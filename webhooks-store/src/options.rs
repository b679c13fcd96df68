//! How a store is opened: which database, which prefix, whose tables, and who may change them.

use std::future::Future;
use std::pin::Pin;

use sqlx::Pool;

use crate::clock::Clock;
use crate::database::{Carrier, Database};
use crate::error::Error;
use crate::migration::{self, Component};
use crate::own_connection::OwnConnections;
use crate::prefix::Prefix;
use crate::store::Store;
use crate::wake::Wake;

/// Made by [`Store::on`], [`Store::file`](Store::file) and [`Store::memory`](Store::memory).
///
/// ```
/// use webhooks_store::{Prefix, Store};
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let store = Store::memory().prefix(Prefix::new("hooks_")?).open().await?;
/// assert_eq!(store.prefix().as_str(), "hooks_");
/// # Ok::<(), webhooks_store::Error>(())
/// # }).unwrap();
/// ```
#[must_use = "nothing is opened before `open` is called"]
pub struct StoreOptions<D: Database> {
    source: Source<D>,
    prefix: Prefix,
    clock: Clock,
    components: Vec<&'static Component>,
    migrate: bool,
    is_read_only: bool,
    has_named_statements: bool,
    carrier: Carrier<D>,
}

type Opening<D> = Pin<Box<dyn Future<Output = Result<Pool<D>, Error>> + Send>>;

enum Source<D: Database> {
    Pool(Pool<D>),
    /// A database of the store's own, connected to when the store is opened.
    Own(Opening<D>),
}

impl<D: Database> Store<D> {
    /// In the application's own database: a `SqlitePool` or a `PgPool`.
    ///
    /// To a SQLite file the store opens two connections of its own in addition to the pool, one on which it writes and one for
    /// checkpoints; the pool's own settings hold for them too, its `after_connect` does not. To PostgreSQL it opens up to five,
    /// as its work needs them, and one on which it listens; `after_connect` holds for the five.
    ///
    /// Leave the pool a few connections beyond what the application keeps busy; a store holds one only for the
    /// length of a short transaction. Let each connection keep a few hundred prepared statements
    /// (`statement_cache_capacity`); sqlx's default of 100 is less than the application and a store use together.
    pub fn on(pool: Pool<D>) -> StoreOptions<D> {
        StoreOptions::on(pool)
    }

    /// Another store on the same tables, as another process would open it.
    #[cfg(feature = "conformance")]
    pub(crate) fn options(&self) -> StoreOptions<D> {
        let options = StoreOptions::on(self.pool().clone())
            .prefix(self.prefix().clone())
            .clock(self.clock().clone());
        if self.has_named_statements() {
            options
        } else {
            options.pooled()
        }
    }
}

impl<D: Database> StoreOptions<D> {
    fn on(pool: Pool<D>) -> Self {
        StoreOptions::from_source(Source::Pool(pool))
    }

    pub(crate) fn own(opening: Opening<D>) -> Self {
        StoreOptions::from_source(Source::Own(opening))
    }

    fn from_source(source: Source<D>) -> Self {
        let (prefix, clock) = (Prefix::default(), Clock::system());
        StoreOptions {
            source,
            prefix,
            clock,
            components: Vec::new(),
            migrate: true,
            is_read_only: false,
            has_named_statements: true,
            carrier: Carrier::Pool,
        }
    }

    /// What the tables' names begin with. Default: `webhooks_`.
    pub fn prefix(mut self, prefix: Prefix) -> Self {
        self.prefix = prefix;
        self
    }

    /// The time. Default: [`Clock::system`].
    pub fn clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Further tables, kept at their newest version like the store's own.
    pub fn component(mut self, component: &'static Component) -> Self {
        self.components.push(component);
        self
    }

    /// Leaves the tables alone and fails when they are not of the version needed: for a database user that may not
    /// change them. Default: they are brought up to date. [`Component::sql`] gives what to apply by hand.
    pub fn without_migrating(mut self) -> Self {
        self.migrate = false;
        self
    }

    /// Only reads: what begins a transaction or prunes fails with [`Error::ReadOnly`], and neither a connection to write on nor
    /// checkpoints are opened. For a program that looks at the tables of others; give it a pool whose connections
    /// cannot write either. Settings that only matter to who writes are not looked at.
    ///
    /// ```
    /// use webhooks_store::Store;
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let store = Store::memory().open().await?;
    /// let looking = Store::on(store.pool().clone()).read_only().open().await?;
    /// assert!(looking.begin().await.is_err_and(|error| error.is_read_only()));
    /// # Ok::<(), webhooks_store::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn read_only(mut self) -> Self {
        self.is_read_only = true;
        self.without_migrating()
    }

    pub(crate) fn pooled(mut self) -> Self {
        self.has_named_statements = false;
        if matches!(self.carrier, Carrier::Pool) {
            self.carrier = Carrier::Absent;
        }
        self
    }

    /// Connects, checks the settings, brings the tables up to date. Several processes may do so concurrently.
    ///
    /// # Errors
    ///
    /// [`Error::Setting`] for a SQLite pool under whose settings work could be lost, [`Error::NewerSchema`],
    /// [`Error::OlderSchema`], [`Error::Migration`], and whatever keeps the database from being reached.
    pub async fn open(self) -> Result<Store<D>, Error> {
        let pool = match self.source {
            Source::Pool(pool) => pool,
            Source::Own(opening) => opening.await?,
        };
        if !self.is_read_only {
            D::check(&mut *pool.acquire().await?).await?;
        }
        let (prefix, _) = D::locate(&mut *pool.acquire().await?, &self.prefix).await?;
        let mut components = vec![&migration::STORE];
        components.extend(self.components);
        if self.migrate {
            migration::run(&pool, &prefix, &components).await?;
            // Before anything ends: what lies in the default partition keeps that day's from being made.
            D::create_partitions(&pool, &prefix, self.clock.now_ms()).await?;
        } else {
            migration::verify(&pool, &prefix, &components).await?;
        }
        let wake = Wake::new();
        let mut own = None;
        if !self.is_read_only {
            // A connection's options are large, and this future is part of many others.
            let opened = D::own_connections(&pool, &prefix, self.has_named_statements);
            let opened = Box::pin(opened).await;
            own = opened.map(|(source, most)| OwnConnections::new(source, most));
            D::connect_wake(&pool, &prefix, &wake, self.carrier);
        }
        Ok(Store::new(
            (pool, own),
            prefix,
            self.clock,
            wake,
            self.has_named_statements,
            self.is_read_only,
        ))
    }
}

#[cfg(feature = "postgres")]
impl StoreOptions<sqlx::Postgres> {
    /// For a pool whose connections go through PgBouncer, or another pooler, in transaction mode.
    ///
    /// Such a pooler runs each transaction on whichever connection is free. So no statement is prepared under a name, and
    /// there is no LISTEN: other processes find out at their next poll, unless [`listen_on`](Self::listen_on) names an
    /// address that goes around the pooler. Costs a round trip or two more for each statement outside of a transaction.
    ///
    /// The application's own statements on that pool need the same care: `.persistent(false)` in a transaction, or a
    /// pooler that knows prepared statements (PgBouncer 1.21 and later, `max_prepared_statements`).
    pub fn behind_pooler(self) -> Self {
        self.pooled()
    }

    /// Listens for wake-ups of other processes on one connection at this address. Default: with the pool's own options.
    pub fn listen_on(mut self, options: sqlx::postgres::PgConnectOptions) -> Self {
        self.carrier = Carrier::Address(options);
        self
    }

    /// Hears of other processes' work by polling only.
    pub fn without_listening(mut self) -> Self {
        self.carrier = Carrier::Absent;
        self
    }
}
