//! How a sender is set up. Whatever cannot work is refused here, before anything is sent.

use std::sync::Arc;
use std::time::Duration;

use webhooks_core::{Catalogue, Webhooks};
use webhooks_store::{Clock, Database, Prefix, Store, StoreOptions};

use crate::chance::{Chance, SystemChance};
use crate::client::{HttpClient, Transport};
use crate::dialect::Dialect;
use crate::document::untruth;
use crate::error::Error;
use crate::guard::TargetPolicy;
use crate::health::{CircuitBreaker, DeactivationRule};
use crate::model::Subscription;
use crate::operations;
use crate::retry::RetrySchedule;
use crate::sender::Sender;
use crate::settings::{Retention, Rules};
use crate::shared::{Parts, Shared, Visibility};
use crate::sql::TABLES;
use crate::subscriptions::{StaticSubscriptions, keep_fixed};
use crate::vault::{SealingKey, Vault};

/// How a [`Sender`] is set up. Made by [`Sender::new`] and its kind; it does nothing before [`start`](Self::start).
#[must_use = "nothing is sent before `start` is called"]
pub struct SenderBuilder<D: Database> {
    options: StoreOptions<D>,
    catalogue: Option<Catalogue>,
    dialects: Vec<Dialect>,
    policy: TargetPolicy,
    keys: Vec<SealingKey>,
    chance: Arc<dyn Chance>,
    transport: Option<Arc<dyn Transport>>,
    visibility: Option<Box<Visibility>>,
    fixed: Option<Vec<(String, Subscription)>>,
    configured: Vec<StaticSubscriptions>,
    rules: Rules,
    engine: bool,
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
            chance: Arc::new(SystemChance),
            transport: None,
            visibility: None,
            fixed: None,
            configured: Vec::new(),
            rules: Rules::default(),
            engine: true,
        }
    }

    /// The webhooks that can be sent. Without it, none can: a process that only delivers needs none.
    pub fn webhooks(mut self, catalogue: Catalogue) -> Self {
        self.catalogue = Some(catalogue);
        self
    }

    /// Adds a dialect. The first one is that of subscriptions which name none. Without any there are Standard Webhooks
    /// and the two REST Hooks ones.
    pub fn dialect(mut self, dialect: Dialect) -> Self {
        self.dialects.push(dialect);
        self
    }

    /// Which targets are accepted; see [`TargetPolicy`]. It also counts for the transport, unless that is
    /// [given](Self::transport).
    pub fn targets(mut self, policy: TargetPolicy) -> Self {
        self.policy = policy;
        self
    }

    /// Encrypts the secrets of subscriptions with this key. Further keys only decrypt what was encrypted with them.
    pub fn seal_with(mut self, key: SealingKey) -> Self {
        self.keys.push(key);
        self
    }

    /// Decides whether an owner may see an event: given both, it says whether a send reaches the owner's subscriptions.
    pub fn visible(mut self, rule: impl Fn(&str, &str) -> bool + Send + Sync + 'static) -> Self {
        self.visibility = Some(Box::new(rule));
        self
    }

    /// A static subscription under a key of its own. At each start they are compared with those of the last one:
    ///
    /// - new ones are added;
    /// - changed ones are changed under their old id, and switched on if failures had switched them off;
    /// - missing ones are switched off with their history kept, and switched on again when they come back.
    ///
    /// It needs a secret, unless its dialect signs nothing: nobody would ever be shown one that the sender makes. Several
    /// processes may start at once; of two with different configurations, the later start counts. A process that says
    /// nothing about static subscriptions leaves them as they are.
    ///
    /// ```
    /// use webhooks_sender::{Secret, Sender, Subscription};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("not empty");
    /// let crm = Subscription::new("acct_1", "https://crm.example.com/hook").event("*").secret(secret);
    /// let sender = Sender::testing().set(|builder| builder.subscription("crm", crm)).start().await?;
    /// let stored = sender.subscriptions(None, None, 10).await?.items;
    /// assert_eq!(stored[0].key.as_deref(), Some("crm"));
    /// # Ok::<(), webhooks_sender::Error>(())
    /// # }).unwrap();
    /// ```
    pub fn subscription(mut self, key: impl Into<String>, subscription: Subscription) -> Self {
        self.fixed.get_or_insert_default().push((key.into(), subscription));
        self
    }

    /// The static subscriptions of a configuration file, beside those of [`subscription`](Self::subscription). Secrets
    /// that are kept in the environment or in files are read when the sender starts.
    pub fn static_subscriptions(mut self, configured: StaticSubscriptions) -> Self {
        self.fixed.get_or_insert_default();
        self.configured.push(configured);
        self
    }

    /// Says that there are no static subscriptions: those of an earlier start are switched off.
    pub fn without_static_subscriptions(mut self) -> Self {
        self.fixed = Some(Vec::new());
        self.configured.clear();
        self
    }

    /// When failed deliveries are tried again.
    pub fn retries(mut self, schedule: RetrySchedule) -> Self {
        self.rules.retries = schedule;
        self
    }

    /// When a subscription that only fails is switched off.
    pub fn deactivation(mut self, rule: DeactivationRule) -> Self {
        self.rules.deactivation = rule;
        self
    }

    /// When a subscription that fails again and again is left alone for a while.
    pub fn circuit_breaker(mut self, rule: CircuitBreaker) -> Self {
        self.rules.breaker = rule;
        self
    }

    /// How long things are kept.
    pub fn retention(mut self, retention: Retention) -> Self {
        self.rules.retention = retention;
        self
    }

    /// Requests at once to one subscription, where it says no other number; 32 by default.
    pub fn concurrency(mut self, requests: u16) -> Self {
        self.rules.concurrency = requests;
        self
    }

    /// How long a process has for what it claimed before another one takes it; 90 seconds by default.
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

    /// Tells the subscriptions of this owner what happens to subscriptions and deliveries; the catalogue must list the
    /// [operational webhooks](crate::operational_webhooks).
    pub fn operations(mut self, owner: impl Into<String>) -> Self {
        self.rules.operations = Some(owner.into());
        self
    }

    /// How long a shutdown waits for requests that are under way; 25 seconds by default.
    pub fn drain(mut self, drain: Duration) -> Self {
        self.rules.drain = drain;
        self
    }

    /// Sends in another way than with an [`HttpClient`] of the default settings.
    pub fn transport(mut self, transport: impl Transport) -> Self {
        self.transport = Some(Arc::new(transport));
        self
    }

    /// Accepts messages, and leaves delivering them to other processes.
    pub fn without_engine(mut self) -> Self {
        self.engine = false;
        self
    }

    /// What the tables' names begin with; `webhooks_` by default.
    pub fn prefix(mut self, prefix: Prefix) -> Self {
        self.options = self.options.prefix(prefix);
        self
    }

    /// Leaves the tables alone, for a database user that may not change them; see [`tables`](crate::tables).
    pub fn without_migrating(mut self) -> Self {
        self.options = self.options.without_migrating();
        self
    }

    /// The clock.
    pub fn clock(mut self, clock: Clock) -> Self {
        self.options = self.options.clock(clock);
        self
    }

    /// Where random bytes come from.
    pub fn chance(mut self, chance: impl Chance) -> Self {
        self.chance = Arc::new(chance);
        self
    }

    /// Brings the tables up to date, compares the static subscriptions, and begins to deliver.
    ///
    /// # Errors
    ///
    /// When the database cannot be used, or the settings cannot work.
    pub async fn start(self) -> Result<Sender<D>, Error> {
        let Self {
            options,
            catalogue,
            dialects,
            policy,
            keys,
            chance,
            transport,
            visibility,
            fixed,
            configured,
            rules,
            engine,
        } = self;
        let transport = match transport {
            Some(transport) => transport,
            None => Arc::new(client(policy.clone())?),
        };
        let closed =
            policy.is_closed().then(|| "no port is accepted: give `TargetPolicy::ports` one".to_owned());
        let problem = rules.problem(transport.timeout()).or(closed).or_else(|| Vault::problem(&keys));
        if let Some(problem) = problem {
            return Err(Error::Settings(problem));
        }
        let parts = Parts {
            catalogue: match catalogue {
                Some(catalogue) => catalogue,
                None => Webhooks::new().build().map_err(|error| Error::Settings(error.to_string()))?,
            },
            dialects: checked(dialects)?,
            policy,
            vault: Vault::new(keys, Arc::clone(&chance)),
            chance,
            transport,
            visibility,
            rules,
        };
        let shared = Shared::new(options.open().await?, parts);
        if shared.rules.operations.is_some() && !operations::are_listed(&shared) {
            let problem =
                "the catalogue lists no operational webhooks; add `.with(operational_webhooks())` to it";
            return Err(Error::Settings(problem.to_owned()));
        }
        if let Some(untruth) = shared.dialects.first().and_then(|dialect| untruth(&shared.catalogue, dialect))
        {
            tracing::warn!("{untruth}");
        }
        if let Some(mut fixed) = fixed {
            for configured in configured {
                let read =
                    configured.resolve(|name| std::env::var(name), |path| std::fs::read_to_string(path));
                fixed.extend(read.map_err(Error::Settings)?);
            }
            keep_fixed(&shared, fixed).await?;
        }
        Ok(Sender::start(shared, engine))
    }
}

fn client(policy: TargetPolicy) -> Result<HttpClient, Error> {
    HttpClient::builder(policy).build().map_err(|error| Error::Settings(error.to_string()))
}

fn checked(mut dialects: Vec<Dialect>) -> Result<Vec<Arc<Dialect>>, Error> {
    if dialects.is_empty() {
        dialects = vec![Dialect::standard_webhooks(), Dialect::rest_hooks(), Dialect::rest_hooks_signed()];
    }
    for (index, dialect) in dialects.iter().enumerate() {
        if dialects[..index].iter().any(|other| other.name() == dialect.name()) {
            let problem =
                format!("two dialects are called `{}`; give each a name of its own", dialect.name());
            return Err(Error::Settings(problem));
        }
        dialect
            .check()
            .map_err(|problem| Error::Settings(format!("the dialect `{}`: {problem}", dialect.name())))?;
    }
    Ok(dialects.into_iter().map(Arc::new).collect())
}
