//! What all parts of one sender share: the store, the catalogue, the dialects, the rules.

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::SystemTime;

use tokio::sync::broadcast;
use webhooks_core::{Catalogue, CatalogueEntry, Descriptor, Identity};
use webhooks_store::{Database, Id, Store};

use crate::chance::Chance;
use crate::client::Transport;
use crate::dialect::Dialect;
use crate::error::Error;
use crate::guard::TargetPolicy;
use crate::schema::PayloadSchemas;
use crate::settings::Rules;
use crate::sql::Statements;
use crate::vault::Vault;

/// Changes that are kept until the worker looks; beyond that it looks at every subscription.
const CHANGES: usize = 1024;

/// Decides whether an owner may see an event.
pub(crate) type Visibility = dyn Fn(&str, &str) -> bool + Send + Sync;

pub(crate) struct Shared<D: Database> {
    pub(crate) store: Store<D>,
    /// Boxed: there are many, and this is moved while a sender starts.
    pub(crate) sql: Box<Statements<D>>,
    pub(crate) catalogue: Catalogue,
    /// Entries by their declaration: a message knows that, and gateways may have given it other names.
    by_declaration: HashMap<Identity, Vec<usize>>,
    pub(crate) schemas: PayloadSchemas,
    pub(crate) dialects: Vec<Arc<Dialect>>,
    pub(crate) policy: TargetPolicy,
    pub(crate) vault: Vault,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) visibility: Option<Box<Visibility>>,
    pub(crate) rules: Rules,
    /// Subscriptions that were changed through this sender.
    pub(crate) changes: broadcast::Sender<Id>,
    shut_down: AtomicBool,
}

/// The parts of a [`Shared`] that a builder gathers.
pub(crate) struct Parts {
    pub(crate) catalogue: Catalogue,
    pub(crate) dialects: Vec<Arc<Dialect>>,
    pub(crate) policy: TargetPolicy,
    pub(crate) vault: Vault,
    pub(crate) chance: Arc<dyn Chance>,
    pub(crate) transport: Arc<dyn Transport>,
    pub(crate) visibility: Option<Box<Visibility>>,
    pub(crate) rules: Rules,
}

impl<D: Database> Shared<D> {
    pub(crate) fn new(store: Store<D>, parts: Parts) -> Self {
        let Parts {
            catalogue,
            dialects,
            policy,
            vault,
            chance,
            transport,
            visibility,
            rules,
        } = parts;
        let mut by_declaration: HashMap<_, Vec<_>> = HashMap::new();
        for (index, entry) in catalogue.iter().enumerate() {
            by_declaration
                .entry(entry.descriptor().identity())
                .or_default()
                .push(index);
        }
        let sql = Box::new(Statements::load(&store));
        Self {
            store,
            sql,
            catalogue,
            by_declaration,
            schemas: PayloadSchemas::default(),
            dialects,
            policy,
            vault,
            chance,
            transport,
            visibility,
            rules,
            changes: broadcast::Sender::new(CHANGES),
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

    /// Whether this owner may see this event.
    pub(crate) fn may_see(&self, owner: &str, event: &str) -> bool {
        self.visibility
            .as_ref()
            .is_none_or(|visible| visible(owner, event))
    }

    /// The workers of this process look again at a subscription that they may have left alone.
    pub(crate) fn changed(&self, subscription: Id) {
        // Without an engine nobody listens.
        let _ = self.changes.send(subscription);
        self.store.wake().now();
    }

    /// From now on no message of the application's is accepted.
    pub(crate) fn shut_down(&self) {
        self.shut_down.store(true, Ordering::Release);
    }

    pub(crate) fn is_shut_down(&self) -> bool {
        self.shut_down.load(Ordering::Acquire)
    }

    /// Until when what is claimed now may be sent, so that a request ends before its lease does.
    pub(crate) fn send_before(&self) -> SystemTime {
        self.now() + self.rules.lease.saturating_sub(self.transport.timeout())
    }

    pub(crate) fn now(&self) -> SystemTime {
        self.store.clock().now()
    }

    pub(crate) fn random(&self) -> Result<[u8; 10], Error> {
        let mut bytes = [0; 10];
        self.chance.fill(&mut bytes)?;
        Ok(bytes)
    }
}

impl<D: Database> fmt::Debug for Shared<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Shared")
            .field("webhooks", &self.catalogue.len())
            .finish_non_exhaustive()
    }
}

/// A key as it comes out of a row.
pub(crate) fn key(bytes: &[u8]) -> Result<Id, Error> {
    let bytes = bytes.try_into().map_err(|_| Error::NotFound)?;
    Ok(Id::from_bytes(bytes))
}
