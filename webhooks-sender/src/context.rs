//! What the parts of one sender share, in three small contexts: what a send needs, what makes requests of
//! subscriptions, what an attempt needs.

use std::collections::HashMap;
use std::fmt;
use std::panic::{self, AssertUnwindSafe};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use http::HeaderValue;
use tokio::sync::broadcast;
use webhooks_core::{Catalogue, CatalogueEntry, Descriptor, Identity};
use webhooks_store::{Database, Id, WorkerName, to_ms};

use crate::change_log::ChangeLog;
use crate::client::Transport;
use crate::dialect::{Dialect, Recipient, SigningKeys};
use crate::duties::Duties;
use crate::entropy::Entropy;
use crate::error::Error;
use crate::failure_windows::FailureWindows;
use crate::guard::TargetPolicy;
use crate::model::{IdSequence, MessageId, Settings, Subscription, Verification};
use crate::recent_messages::RecentMessages;
use crate::rules::Rules;
use crate::schema::PayloadSchemas;
use crate::tables::{StoredSecret, Tables};
use crate::trace::TraceContext;
use crate::under_way::UnderWay;

/// Changes that are kept until the engine looks; when there are more, it looks at every subscription.
const CHANGES: usize = 1024;

/// Looks of the lookout for one of another engine, which is a net for when that one does not get to it.
const LOOKS_OF_THE_LOOKOUT: u32 = 10;

/// Decides whether an owner may see an event.
pub(crate) type Visibility = dyn Fn(&str, &str) -> bool + Send + Sync;

/// Says in which trace the application is at this moment.
pub(crate) type Tracer = dyn Fn() -> Option<TraceContext> + Send + Sync;

/// One sender.
pub(crate) struct Context<D: Database> {
    pub(crate) tables: Tables<D>,
    pub(crate) publishing: Publishing,
    pub(crate) recipients: Recipients,
    pub(crate) delivering: Delivering,
    /// The static subscriptions that it was started with, if it was.
    pub(crate) configured: Option<Vec<(String, Subscription)>>,
}

/// What it takes to accept a message.
pub(crate) struct Publishing {
    pub(crate) catalogue: Catalogue,
    /// Entries by their declaration: a message knows that, and gateways may have given it other names.
    by_declaration: HashMap<Identity, Vec<usize>>,
    pub(crate) schemas: PayloadSchemas,
    visibility: Option<Box<Visibility>>,
    /// The trace that the application's own tracer says.
    tracer: Option<Box<Tracer>>,
    pub(crate) entropy: Arc<dyn Entropy>,
    ids: IdSequence,
    /// What was accepted a moment ago.
    pub(crate) recent_messages: RecentMessages,
    /// The largest body, in bytes.
    pub(crate) body_limit: usize,
    /// The most subscriptions for which a send makes the deliveries itself.
    pub(crate) fan_out_inline: u32,
    /// The owner who receives operational events.
    pub(crate) operator: Option<String>,
    shut_down: AtomicBool,
}

/// What it takes to make requests of a subscription.
pub(crate) struct Recipients {
    /// Never empty; the first one is the default.
    pub(crate) dialects: Vec<Arc<Dialect>>,
    pub(crate) policy: TargetPolicy,
    /// The most subscriptions that a customer can make.
    pub(crate) subscriptions_per_owner: u32,
    /// The sender's own key pairs.
    pub(crate) signing_keys: SigningKeys,
    /// Who the sender is, for targets that are asked whether they want its messages.
    pub(crate) origin: Option<HeaderValue>,
    /// What targets of accounts must prove where their requests do not say.
    pub(crate) verification: Option<Verification>,
}

/// What it takes to make an attempt.
pub(crate) struct Delivering {
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) rules: Rules,
    /// What this process's engine has under way.
    pub(crate) under_way: UnderWay,
    /// The failure windows that a success ends.
    pub(crate) failure_windows: FailureWindows,
    /// The name under which the last pass by hand had the lanes.
    pub(crate) last_pass: Mutex<Option<WorkerName>>,
    /// The name under which this process's engine has lanes.
    engine: Mutex<Option<WorkerName>>,
    /// Whether this process's engine looks for what comes without a wake-up, on behalf of all.
    is_lookout: AtomicBool,
    /// What was changed through this process.
    pub(crate) change_log: ChangeLog,
    /// What becomes of the engine's duties.
    pub(crate) duties: Duties,
    /// Whether all deliveries are held back, as it was read last.
    is_paused: AtomicBool,
    /// Held while that is read and set.
    pub(crate) pause_turn: tokio::sync::Mutex<()>,
    changes: broadcast::Sender<Change>,
}

/// Something that was changed through this sender.
#[derive(Clone, Debug)]
pub(crate) enum Change {
    Subscription(Id),
    Deliveries(Arc<[Id]>),
}

impl Publishing {
    pub(crate) fn new(
        catalogue: Catalogue,
        (visibility, tracer): (Option<Box<Visibility>>, Option<Box<Tracer>>),
        entropy: Arc<dyn Entropy>,
        rules: &Rules,
    ) -> Self {
        let mut by_declaration: HashMap<_, Vec<_>> = HashMap::new();
        for (index, entry) in catalogue.iter().enumerate() {
            by_declaration
                .entry(entry.descriptor().identity())
                .or_default()
                .push(index);
        }
        Self {
            catalogue,
            by_declaration,
            schemas: PayloadSchemas::default(),
            visibility,
            tracer,
            entropy,
            ids: IdSequence::default(),
            recent_messages: RecentMessages::default(),
            body_limit: rules.body_limit,
            fan_out_inline: rules.fan_out_inline,
            operator: rules.operator.clone(),
            shut_down: AtomicBool::new(false),
        }
    }

    /// The catalogue's entry of a declaration: its only one, or the one of this name.
    pub(crate) fn entry(
        &self,
        descriptor: &'static Descriptor,
        event: Option<&str>,
    ) -> Result<&CatalogueEntry, Error> {
        let indexes = self
            .by_declaration
            .get(&descriptor.identity())
            .map_or(&[][..], Vec::as_slice);
        let entries = || {
            indexes
                .iter()
                .filter_map(|&index| self.catalogue.iter().nth(index))
        };
        let name = event.unwrap_or(descriptor.name());
        let other = || match self.catalogue.get(name) {
            Some(_) => Error::OtherDeclaration(name.to_owned()),
            None => Error::UnknownEvent(name.to_owned()),
        };
        match (event, indexes) {
            (None, [_, _, ..]) => Err(Error::Ambiguous {
                event: name.to_owned(),
                names: entries().map(|entry| entry.name().to_string()).collect(),
            }),
            (None, _) => entries().next().ok_or_else(other),
            (Some(event), _) => entries()
                .find(|entry| entry.name().as_str() == event)
                .ok_or_else(other),
        }
    }

    /// Whether this owner, or everyone, may see this event.
    ///
    /// The rule is the application's code. It is asked before anything is written, and a panic in it is the error of the
    /// one message that it was asked for.
    pub(crate) fn may_see(&self, owner: Option<&str>, event: &str) -> Result<bool, Error> {
        let (Some(owner), Some(visible)) = (owner, &self.visibility) else {
            return Ok(true);
        };
        panic::catch_unwind(AssertUnwindSafe(|| visible(owner, event)))
            .map_err(|_| Error::VisibilityPanic)
    }

    pub(crate) fn random<const LEN: usize>(&self) -> Result<[u8; LEN], Error> {
        let mut bytes = [0; LEN];
        self.entropy.fill(&mut bytes)?;
        Ok(bytes)
    }

    /// The trace in which something is sent now: that of the application's tracer, or of the request that it answers.
    pub(crate) fn trace(&self) -> Option<TraceContext> {
        let tracer = self.tracer.as_ref();
        tracer
            .and_then(|tracer| tracer())
            .or_else(TraceContext::current)
    }

    /// The id of a message that is made now.
    pub(crate) fn next_id(&self, now: SystemTime) -> Result<MessageId, Error> {
        Ok(self.ids.next(now, self.random()?))
    }

    /// From now on no message of the application is accepted.
    pub(crate) fn shut_down(&self) {
        self.shut_down.store(true, Ordering::Release);
    }

    pub(crate) fn is_shut_down(&self) -> bool {
        self.shut_down.load(Ordering::Acquire)
    }
}

impl Recipients {
    /// The dialect of this name, or the first one.
    pub(crate) fn dialect(&self, name: Option<&str>) -> Result<&Arc<Dialect>, Error> {
        let Some(name) = name else {
            return Ok(&self.dialects[0]);
        };
        let known = self.dialects.iter().find(|dialect| dialect.name() == name);
        known.ok_or_else(|| {
            let names: Vec<_> = self
                .dialects
                .iter()
                .map(|dialect| format!("`{}`", dialect.name()))
                .collect();
            Error::Subscription(format!(
                "there is no dialect `{name}`; the sender has {}",
                names.join(", ")
            ))
        })
    }

    /// What requests are made with: the target, the headers, the signers of the secrets that are valid now.
    pub(crate) fn recipient(
        &self,
        target: &str,
        settings: &Settings,
        secrets: &[StoredSecret],
        now: SystemTime,
    ) -> Result<Recipient, Error> {
        let dialect = self.dialect(settings.dialect.as_deref())?;
        let mut secrets: Vec<_> = secrets
            .iter()
            .filter(|one| one.until_ms.is_none_or(|until| until > to_ms(now)))
            .map(|one| one.secret.clone())
            .collect();
        if dialect.signs_with_key_pairs() {
            secrets.extend_from_slice(self.signing_keys.private());
        }
        let method = settings.method.clone();
        let recipient = Recipient::new(
            dialect,
            &self.policy,
            target,
            &settings.headers,
            method,
            &secrets,
        )?;
        let certificate = settings.client_certificate.as_ref();
        let recipient =
            recipient.authenticated(&self.policy, settings.authentication.as_ref(), certificate)?;
        let key_ids = self.signing_keys.key_ids();
        Ok(match key_ids.filter(|_| dialect.signs_with_key_pairs()) {
            Some(ids) => recipient.with_key_ids(ids),
            None => recipient,
        })
    }
}

impl Delivering {
    pub(crate) fn new(transport: Arc<dyn Transport>, rules: Rules) -> Self {
        Self {
            transport,
            rules,
            under_way: UnderWay::default(),
            failure_windows: FailureWindows::default(),
            last_pass: Mutex::default(),
            engine: Mutex::default(),
            is_lookout: AtomicBool::new(false),
            change_log: ChangeLog::default(),
            duties: Duties::default(),
            is_paused: AtomicBool::new(false),
            pause_turn: tokio::sync::Mutex::default(),
            changes: broadcast::Sender::new(CHANGES),
        }
    }

    /// The engine has this name among the processes now, or none.
    pub(crate) fn name_engine(&self, name: Option<WorkerName>) {
        *self.engine.lock().unwrap_or_else(PoisonError::into_inner) = name;
    }

    /// Whether this process's engine has this name.
    pub(crate) fn is_engine(&self, name: &WorkerName) -> bool {
        let engine = self.engine.lock().unwrap_or_else(PoisonError::into_inner);
        engine.as_ref() == Some(name)
    }

    /// All deliveries are held back, or not any longer. What it was before.
    pub(crate) fn set_paused(&self, is_paused: bool) -> bool {
        self.is_paused.swap(is_paused, Ordering::AcqRel)
    }

    /// Whether all deliveries are held back.
    pub(crate) fn is_paused(&self) -> bool {
        self.is_paused.load(Ordering::Acquire)
    }

    /// Of all engines, the one that owns the first slot looks for fan-outs and jobs that came without a wake-up.
    pub(crate) fn set_lookout(&self, is_lookout: bool) {
        self.is_lookout.store(is_lookout, Ordering::Release);
    }

    /// The longest that a duty waits which any engine can do: the lookout looks every so often, others rarely.
    pub(crate) fn longest_wait(&self, every: Duration) -> Duration {
        if self.is_lookout.load(Ordering::Acquire) {
            every
        } else {
            every.saturating_mul(LOOKS_OF_THE_LOOKOUT)
        }
    }

    /// What is changed from now on.
    pub(crate) fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }
}

impl<D: Database> Context<D> {
    /// The engine of this process looks again at a subscription that it may have left alone.
    pub(crate) fn changed(&self, subscription: Id) {
        self.delivering.change_log.enter(subscription);
        self.tell(Change::Subscription(subscription));
    }

    /// The engine of this process looks again at deliveries that it may have in hand.
    pub(crate) fn changed_deliveries(&self, ids: &[Id]) {
        self.tell(Change::Deliveries(ids.into()));
    }

    fn tell(&self, change: Change) {
        // Without an engine, no receiver exists.
        let _ = self.delivering.changes.send(change);
        self.tables.store.wake().all();
    }

    /// The time by the sender's clock.
    pub(crate) fn now(&self) -> SystemTime {
        self.tables.now()
    }
}

impl<D: Database> fmt::Debug for Context<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("webhooks", &self.publishing.catalogue.len())
            .finish_non_exhaustive()
    }
}
