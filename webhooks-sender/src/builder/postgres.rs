//! What only PostgreSQL has: poolers, and where wake-ups are listened for.

use sqlx::postgres::PgConnectOptions;
use webhooks_store::Postgres;

use super::SenderBuilder;

impl SenderBuilder<Postgres> {
    /// For a pool whose connections go through PgBouncer, or another pooler, in transaction mode: no statement is prepared
    /// under a name, and processes find one another's work by polling, once a second, unless
    /// [`listen_on`](Self::listen_on) names an address that goes around the pooler.
    ///
    /// The application's own statements on that pool need the same care: `.persistent(false)`, or PgBouncer 1.21 and later
    /// with `max_prepared_statements`. Put the tables into a schema by name ([`Prefix::in_schema`]), because poolers refuse a
    /// `search_path` as a parameter of the connection.
    ///
    /// [`Prefix::in_schema`]: crate::database::Prefix::in_schema
    ///
    /// ```no_run
    /// # async fn start(pool: sqlx::PgPool) -> Result<(), Box<dyn std::error::Error>> {
    /// use webhooks_sender::Sender;
    /// use webhooks_sender::database::Prefix;
    ///
    /// let sender = Sender::new(pool)
    ///     .prefix(Prefix::default().in_schema("hooks")?)
    ///     .behind_pooler()
    ///     .listen_on("postgres://app@database.internal/app".parse()?)
    ///     .start()
    ///     .await?;
    /// # Ok(())
    /// # }
    /// ```
    #[doc(alias = "pgbouncer")]
    #[doc(alias = "prepared statements")]
    pub fn behind_pooler(mut self) -> Self {
        self.options = self.options.behind_pooler();
        self
    }

    /// Listens for the wake-ups of other processes on one connection of its own, at this address; by default with the pool's
    /// options.
    #[doc(alias = "notify")]
    pub fn listen_on(mut self, options: PgConnectOptions) -> Self {
        self.options = self.options.listen_on(options);
        self
    }

    /// Finds the work of other processes by polling only, once a second.
    pub fn without_listening(mut self) -> Self {
        self.options = self.options.without_listening();
        self
    }
}
