//! How a sender is set up: every setting with its default.

#[cfg(feature = "sqlite")]
mod open;
mod outside;
#[cfg(feature = "postgres")]
mod postgres;
mod secrets;
mod start;
mod verification;

use std::sync::Arc;
use std::time::Duration;

use webhooks_core::Catalogue;
use webhooks_core::openapi::CatalogueSource;
use webhooks_signature::Secret;
use webhooks_store::{Clock, Database, Prefix, Store, StoreOptions};

use crate::breaker::CircuitBreaker;
use crate::client::Transport;
use crate::context::{Tracer, Visibility};
use crate::deactivation::DeactivationRule;
use crate::dialect::Dialect;
use crate::entropy::{Entropy, SystemEntropy};
use crate::guard::TargetPolicy;
use crate::model::{Subscription, Verification};
use crate::retry::RetrySchedule;
use crate::rules::{Retention, Rules};
use crate::sender::Sender;
use crate::subscriptions::StaticSubscriptions;
use crate::tables::{SealingKey, TABLES};
use crate::trace::TraceContext;

/// How a [`Sender`] is set up. Made by [`Sender::new`] and its kind; it does nothing before [`start`](Self::start).
#[must_use = "nothing is sent before `start` is called"]
pub struct SenderBuilder<D: Database> {
    options: StoreOptions<D>,
    catalogue: Option<Catalogue>,
    dialects: Vec<Dialect>,
    policy: TargetPolicy,
    keys: Vec<SealingKey>,
    accepts_plain: bool,
    signing_keys: Vec<Secret>,
    origin: Option<String>,
    verification: Option<Verification>,
    entropy: Arc<dyn Entropy>,
    transport: Option<Arc<dyn Transport>>,
    visibility: Option<Box<Visibility>>,
    tracer: Option<Box<Tracer>>,
    static_ones: Option<Vec<(String, Subscription)>>,
    static_files: Vec<StaticSubscriptions>,
    rules: Rules,
    engine: bool,
    is_outside: bool,
}

impl<D: Database> Sender<D> {
    /// A sender in the application's own database.
    #[expect(
        clippy::new_ret_no_self,
        reason = "the builder's `start` gives the sender, as everywhere in this workspace"
    )]
    pub fn new(pool: sqlx::Pool<D>) -> SenderBuilder<D> {
        SenderBuilder::on(Store::on(pool))
    }
}

impl<D: Database> SenderBuilder<D> {
    pub(crate) fn on(options: StoreOptions<D>) -> Self {
        Self {
            options: options.component(&TABLES),
            catalogue: None,
            dialects: Vec::new(),
            policy: TargetPolicy::default(),
            keys: Vec::new(),
            accepts_plain: false,
            signing_keys: Vec::new(),
            origin: None,
            verification: None,
            entropy: Arc::new(SystemEntropy),
            transport: None,
            visibility: None,
            tracer: None,
            static_ones: None,
            static_files: Vec::new(),
            rules: Rules::default(),
            engine: true,
            is_outside: false,
        }
    }

    /// The webhooks that can be sent. Without it, none can: a process that only delivers needs none.
    ///
    /// A list of webhooks becomes a catalogue when it is built: `.webhooks(Webhooks::new().with(..).build()?)`.
    pub fn webhooks(mut self, catalogue: impl CatalogueSource) -> Self {
        self.catalogue = Some(catalogue.into_catalogue());
        self
    }

    /// Adds a dialect. The first one is that of subscriptions which name none. Without any there are Standard Webhooks
    /// and the signed REST Hooks one; one that signs nothing must be named.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialects.push(dialect);
        self
    }

    /// Which targets are accepted; see [`TargetPolicy`]. It also counts for the transport, unless that is
    /// [given](Self::transport). To try it on one machine, take [`TargetPolicy::development`].
    #[doc(alias = "ssrf")]
    #[doc(alias = "allowlist")]
    pub fn targets(mut self, policy: TargetPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Decides whether an owner may see an event; without it, every owner sees what is sent to it.
    ///
    /// It is given owner and event when a message is sent to an owner, and again before each attempt, also of a
    /// broadcast: a right that has been withdrawn counts immediately. A worker process needs the same rule. It is asked about
    /// the [operational webhooks](crate::notices::operational_webhooks) and `webhooks.test` too.
    ///
    /// ```
    /// use webhooks_sender::Sender;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let rule = |owner: &str, event: &str| !event.starts_with("internal.") || owner == "acct_internal";
    /// let sender = Sender::testing().set(|builder| builder.visible(rule)).start().await?;
    /// # let _ = sender;
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    #[doc(alias = "permission")]
    #[doc(alias = "authorize")]
    pub fn visible(mut self, rule: impl Fn(&str, &str) -> bool + Send + Sync + 'static) -> Self {
        self.visibility = Some(Box::new(rule));
        self
    }

    /// Asks the application's tracer for the trace that a message is sent in. It is called at each send, by the task that
    /// sends. Where it knows none, and without it, the trace is that of the request: see [`trace`](crate::trace).
    ///
    /// With OpenTelemetry and the crate `tracing-opentelemetry`:
    ///
    /// ```text
    /// let current = || {
    ///     let context = tracing::Span::current().context(); // `OpenTelemetrySpanExt`
    ///     let span = context.span().span_context().clone(); // `TraceContextExt`
    ///     TraceContext::from_ids(span.trace_id().to_bytes(), span.span_id().to_bytes(), span.trace_flags().to_u8())
    /// };
    /// let sender = Sender::new(pool).trace_context(current).start().await?;
    /// ```
    #[doc(alias = "opentelemetry")]
    #[doc(alias = "traceparent")]
    pub fn trace_context(
        mut self,
        current: impl Fn() -> Option<TraceContext> + Send + Sync + 'static,
    ) -> Self {
        self.tracer = Some(Box::new(current));
        self
    }

    /// A static subscription under a key of its own. At each start they are compared with those of the last one:
    ///
    /// - new ones are added;
    /// - changed ones are changed under their old id, and switched on if failures had switched them off;
    /// - missing ones are switched off with their history kept, and switched on again when they come back.
    ///
    /// It needs a secret, unless its dialect signs nothing: one that the sender makes could be shown to no one. Several
    /// processes may start concurrently; of two with different configurations, the later start counts. A process that says
    /// nothing about static subscriptions leaves them as they are.
    ///
    /// ```
    /// use webhooks_sender::{Secret, Sender, Subscription};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("not empty");
    /// let crm = Subscription::new("acct_1", "https://crm.example.com/hook").event("*").secret(secret);
    /// let sender = Sender::testing().set(|builder| builder.subscription("crm", crm)).start().await?;
    /// let stored = sender.operator().subscriptions(None, 10).await?.items;
    /// assert_eq!(stored[0].key.as_deref(), Some("crm"));
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn subscription(mut self, key: impl Into<String>, subscription: Subscription) -> Self {
        self.static_ones
            .get_or_insert_default()
            .push((key.into(), subscription));
        self
    }

    /// The static subscriptions of a configuration file, in addition to those of [`subscription`](Self::subscription). Secrets
    /// that are kept in the environment or in files are read when the sender starts.
    pub fn static_subscriptions(mut self, subscriptions: StaticSubscriptions) -> Self {
        self.static_ones.get_or_insert_default();
        self.static_files.push(subscriptions);
        self
    }

    /// Declares that there are no static subscriptions: those of an earlier start are switched off.
    pub fn without_static_subscriptions(mut self) -> Self {
        self.static_ones = Some(Vec::new());
        self.static_files.clear();
        self
    }

    /// When failed deliveries are tried again; by default ten times over about three days, as Standard Webhooks
    /// recommends.
    #[doc(alias = "backoff")]
    #[doc(alias = "retry policy")]
    pub fn retries(mut self, schedule: RetrySchedule) -> Self {
        self.rules.retries = schedule;
        self
    }

    /// When a subscription that only fails is switched off; by default after 20 failures in a row over at least 5 days.
    pub fn deactivation(mut self, rule: DeactivationRule) -> Self {
        self.rules.deactivation = rule;
        self
    }

    /// When a subscription that fails again and again is left alone for a while; by default from 10 failures in a row, for
    /// 10 seconds to 5 minutes.
    #[doc(alias = "breaker")]
    pub fn circuit_breaker(mut self, rule: CircuitBreaker) -> Self {
        self.rules.breaker = rule;
        self
    }

    /// How long things are kept; by default 30 days, the bodies of answers 7.
    pub fn retention(mut self, retention: Retention) -> Self {
        self.rules.retention = retention;
        self
    }

    /// The maximum number of concurrent requests to one subscription (default 32). A subscription can override it.
    #[doc(alias = "parallel")]
    pub fn concurrency(mut self, requests: u16) -> Self {
        self.rules.concurrency = requests;
        self
    }

    /// How long the others wait before they take over the deliveries of a process that has died; 12 seconds by default, 1
    /// second at least. A process that lives renews its lease three times in this time. One that was stopped for longer
    /// gives up the requests that it has under way, and they are made again. On a SQLite file on which no other process works,
    /// nothing is waited for: a lock next to the file tells.
    pub fn lease(mut self, lease: Duration) -> Self {
        self.rules.lease = lease;
        self
    }

    /// The largest body, in bytes; 1 MiB by default. Standard Webhooks recommends less than 20 kB.
    pub fn body_limit(mut self, bytes: usize) -> Self {
        self.rules.body_limit = bytes;
        self
    }

    /// The most subscriptions for which a send makes the deliveries itself, in its own transaction; 32 by default.
    /// For more, the engine makes them.
    pub fn fan_out_inline(mut self, subscriptions: u32) -> Self {
        self.rules.fan_out_inline = subscriptions;
        self
    }

    /// The most subscriptions that an owner can have for its [account](crate::Account) to make another one; 100 by default.
    /// What the [operator](crate::Operator) makes is not limited.
    #[doc(alias = "quota")]
    pub fn subscriptions_per_owner(mut self, subscriptions: u32) -> Self {
        self.rules.subscriptions_per_owner = subscriptions;
        self
    }

    /// Sets an operator account: its subscriptions receive events about the sender itself (subscription created, changed,
    /// ...; delivery failing, exhausted, recovered). The catalogue must list the
    /// [operational webhooks](crate::notices::operational_webhooks).
    ///
    /// Choose a name that no customer can have: who has it reads what happens to all others. No other owner can subscribe to
    /// these events, and `webhooks-api` refuses a customer of this name.
    #[doc(alias = "operations")]
    #[doc(alias = "alert")]
    pub fn operational_events_to(mut self, owner: impl Into<String>) -> Self {
        self.rules.operator = Some(owner.into());
        self
    }

    /// How long a shutdown waits for requests that are under way; 25 seconds by default.
    #[doc(alias = "graceful")]
    #[doc(alias = "shutdown")]
    pub fn drain(mut self, drain: Duration) -> Self {
        self.rules.drain = drain;
        self
    }

    /// Sends in another way than with an [`HttpClient`](crate::transport::HttpClient) of the default settings: a time-out of 20
    /// seconds, HTTP/2 where offered. A client of other settings is given the same [`TargetPolicy`] as
    /// [`targets`](Self::targets).
    ///
    /// ```
    /// use std::time::Duration;
    /// use webhooks_sender::Sender;
    /// use webhooks_sender::target::TargetPolicy;
    /// use webhooks_sender::transport::HttpClient;
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let folder = tempfile::tempdir().unwrap();
    /// # let path = folder.path().join("w.db");
    /// let policy = TargetPolicy::default().ports([443..=443]);
    /// let client = HttpClient::builder(policy.clone()).timeout(Duration::from_secs(10)).build().expect("no roots given");
    /// let sender = Sender::open(path).targets(policy).transport(client).start().await?;
    /// # sender.shut_down().await;
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    #[doc(alias = "proxy")]
    #[doc(alias = "http client")]
    #[doc(alias = "timeout")]
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Accepts messages, and leaves delivering them to other processes.
    #[doc(alias = "worker")]
    pub fn without_engine(mut self) -> Self {
        self.engine = false;
        self
    }

    /// What the tables' names begin with; `webhooks_` by default.
    #[doc(alias = "table prefix")]
    pub fn prefix(mut self, prefix: Prefix) -> Self {
        self.options = self.options.prefix(prefix);
        self
    }

    /// Leaves the tables alone, for a database user that may not change them; see [`tables_sql`](crate::database::tables_sql).
    pub fn without_migrating(mut self) -> Self {
        self.options = self.options.without_migrating();
        self
    }

    /// The clock; the machine's by default, kept from going backwards. On PostgreSQL the database's own clock decides
    /// what is due.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.options = self.options.clock(clock);
        self
    }

    /// The source of random bytes for ids, secrets and jitter; the operating system by default.
    pub fn entropy(mut self, entropy: impl Entropy) -> Self {
        self.entropy = Arc::new(entropy);
        self
    }
}
