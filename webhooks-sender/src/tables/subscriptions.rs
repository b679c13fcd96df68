//! The subscriptions. Their secrets and headers are in one sealed column.

use std::collections::HashMap;

use webhooks_store::{Database, Id, Parameters, Row, from_ms, to_ms};

use super::{Binding, Ciphertext, SealedFields, StoredSecret, Tx, Vault, id};
use crate::error::Error;
use crate::model::{
    Scope, Settings, StoredSubscription, SubscriptionId, SubscriptionState, Warning,
};

/// A subscription as it is stored, with the sealed column that only the sender itself reads.
#[derive(Debug)]
pub(crate) struct SubscriptionRow {
    pub(crate) subscription: StoredSubscription,
    sealed: Vec<u8>,
}

impl SubscriptionRow {
    /// The secrets, unsealed.
    pub(crate) fn secrets(&self, vault: &Vault) -> Result<Vec<StoredSecret>, Error> {
        Ok(vault
            .unseal(binding(&self.subscription), &self.sealed)?
            .secrets)
    }
}

/// A subscription that is to be stored.
#[derive(Debug)]
pub(crate) struct NewSubscription<'s> {
    pub(crate) id: &'s SubscriptionId,
    pub(crate) owner: &'s str,
    pub(crate) target: &'s str,
    pub(crate) settings: &'s Settings,
    pub(crate) secrets: &'s [StoredSecret],
    pub(crate) state: SubscriptionState,
    /// Its key, when it is a static one.
    pub(crate) static_key: Option<&'s str>,
    /// What makes the request for it repeatable.
    pub(crate) request_key: Option<&'s str>,
    /// The key under which the application keeps it.
    pub(crate) own_key: Option<&'s str>,
}

/// What tells whether a subscription in memory is still true.
#[derive(Debug, Clone, Copy)]
pub(crate) struct RevisionRow {
    pub(crate) subscription: Id,
    pub(crate) revision: i64,
    /// Whether it has failed since its last success.
    pub(crate) fails: bool,
}

impl<D: Database> Tx<'_, D> {
    /// Subscriptions by their ids; those that no longer exist are left out. Each row is decoded by itself: one that cannot
    /// be read does not take the others with it.
    pub(crate) async fn subscriptions_by_id(
        &mut self,
        ids: &[Id],
    ) -> Result<Vec<(Id, Result<SubscriptionRow, Error>)>, Error> {
        let parameters = Parameters::new().blobs(ids.iter().map(|id| *id.as_bytes()));
        let sql = &self.tables.sql.subscriptions_by_id;
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter()
            .map(|row| Ok((id(&row.bytes("id")?)?, self.decode(row))))
            .collect()
    }

    /// One subscription.
    pub(crate) async fn subscription(
        &mut self,
        scope: Scope<'_>,
        id: &SubscriptionId,
    ) -> Result<SubscriptionRow, Error> {
        let parameters = one(scope, id);
        let sql = &self.tables.sql.subscription_of;
        let row = sql.first(self.connection, parameters).await?;
        self.decode(&row.ok_or(Error::NotFound)?)
    }

    /// Locks a subscription until the transaction ends, also one that cannot be read.
    pub(crate) async fn lock_subscription(
        &mut self,
        scope: Scope<'_>,
        id: &SubscriptionId,
    ) -> Result<(), Error> {
        let sql = &self.tables.sql.lock_subscription;
        let row = sql.first(self.connection, one(scope, id)).await?;
        row.map(drop).ok_or(Error::NotFound)
    }

    /// Whose a subscription is, also of one that cannot be read; none where it is not reached.
    pub(crate) async fn owner_of(
        &mut self,
        scope: Scope<'_>,
        id: &SubscriptionId,
    ) -> Result<Option<String>, Error> {
        let sql = &self.tables.sql.subscription_of;
        let row = sql.first(self.connection, one(scope, id)).await?;
        row.map(|row| Ok(row.text("owner")?)).transpose()
    }

    /// One subscription that is about to be changed: locked until the transaction ends.
    pub(crate) async fn subscription_to_change(
        &mut self,
        scope: Scope<'_>,
        id: &SubscriptionId,
    ) -> Result<SubscriptionRow, Error> {
        self.lock_subscription(scope, id).await?;
        self.subscription(scope, id).await
    }

    /// What a list of deliveries shows of these subscriptions: owner and target.
    pub(crate) async fn subscription_summaries(
        &mut self,
        ids: impl IntoIterator<Item = Id>,
    ) -> Result<HashMap<Id, (String, String)>, Error> {
        let parameters = Parameters::new().blobs(ids.into_iter().map(|id| *id.as_bytes()));
        let sql = &self.tables.sql.subscription_summaries;
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter()
            .map(|row| {
                let summary = (row.text("owner")?, row.text("target")?);
                Ok((id(&row.bytes("id")?)?, summary))
            })
            .collect()
    }

    /// How many subscriptions an owner has, up to `limit`. No other transaction adds one before this one ends.
    pub(crate) async fn count_subscriptions(
        &mut self,
        owner: &str,
        limit: u32,
    ) -> Result<u32, Error> {
        let sql = &self.tables.sql;
        let lock = Parameters::new().text(owner);
        sql.lock_owner.fetch(self.connection, lock).await?;
        let parameters = Parameters::new().text(owner).int(limit.into());
        let row = sql.count_subscriptions.first(self.connection, parameters);
        let row = row
            .await?
            .ok_or_else(|| Error::Corrupt("no count".to_owned()))?;
        Ok(u32::try_from(row.int("subscriptions")?).unwrap_or(limit))
    }

    /// What an owner asked for with this key.
    pub(crate) async fn subscription_by_request(
        &mut self,
        owner: &str,
        key: &str,
    ) -> Result<Option<SubscriptionRow>, Error> {
        let parameters = Parameters::new().text(owner).text(key);
        let sql = &self.tables.sql.subscription_by_request;
        let row = sql.first(self.connection, parameters).await?;
        row.as_ref().map(|row| self.decode(row)).transpose()
    }

    /// What the application keeps for an owner under this key.
    pub(crate) async fn subscription_by_own_key(
        &mut self,
        owner: &str,
        key: &str,
    ) -> Result<Option<SubscriptionRow>, Error> {
        let parameters = Parameters::new().text(owner).text(key);
        let sql = &self.tables.sql.subscription_by_own_key;
        let row = sql.first(self.connection, parameters).await?;
        row.as_ref().map(|row| self.decode(row)).transpose()
    }

    /// Subscriptions whose time is over, with their owners.
    pub(crate) async fn expired_subscriptions(
        &mut self,
        limit: u32,
    ) -> Result<Vec<(SubscriptionId, String)>, Error> {
        let now = to_ms(self.now());
        let parameters = Parameters::new().int(now).int(limit.into());
        let sql = &self.tables.sql.expired_subscriptions;
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter()
            .map(|row| {
                let id = SubscriptionId::from_key(id(&row.bytes("id")?)?);
                Ok((id, row.text("owner")?))
            })
            .collect()
    }

    /// Locks the static ones against other processes that start now.
    pub(crate) async fn lock_static_subscriptions(&mut self) -> Result<(), Error> {
        let sql = &self.tables.sql.lock_static_subscriptions;
        sql.fetch(self.connection, Parameters::new()).await?;
        Ok(())
    }

    /// The static ones with their keys. Each row is decoded by itself.
    pub(crate) async fn static_subscriptions(
        &mut self,
    ) -> Result<Vec<(String, Id, Result<SubscriptionRow, Error>)>, Error> {
        let sql = &self.tables.sql.static_subscriptions;
        let rows = sql.fetch(self.connection, Parameters::new()).await?;
        rows.iter()
            .map(|row| {
                let key = row.text("static_key")?;
                Ok((key, id(&row.bytes("id")?)?, self.decode(row)))
            })
            .collect()
    }

    pub(crate) async fn insert_subscription(
        &mut self,
        new: &NewSubscription<'_>,
    ) -> Result<(), Error> {
        let Ciphertext { bytes, key } = self.seal(new)?;
        let parameters = Parameters::new()
            .bytes(*new.id.key().as_bytes())
            .text(new.owner)
            .text(new.target)
            .text(settings_column(new.settings))
            .bytes(bytes)
            .text(key)
            .text(new.state.as_str())
            .maybe_text(new.static_key)
            .int(to_ms(self.now()))
            .maybe_int(new.settings.expires_at.map(to_ms))
            .maybe_text(new.request_key)
            .maybe_text(new.own_key);
        let sql = &self.tables.sql.insert_subscription;
        sql.execute(self.connection, parameters).await?;
        Ok(())
    }

    /// Replaces target, settings, secrets and state, with a fresh failure window. Owner and key stay.
    pub(crate) async fn update_subscription(
        &mut self,
        new: &NewSubscription<'_>,
    ) -> Result<(), Error> {
        let Ciphertext { bytes, key } = self.seal(new)?;
        let parameters = Parameters::new()
            .bytes(*new.id.key().as_bytes())
            .text(new.target)
            .text(settings_column(new.settings))
            .bytes(bytes)
            .text(key)
            .text(new.state.as_str())
            .int(to_ms(self.now()))
            .maybe_int(new.settings.expires_at.map(to_ms));
        let sql = &self.tables.sql.update_subscription;
        sql.execute(self.connection, parameters).await?;
        Ok(())
    }

    /// Writes the state, if the subscription still has the revision `only`, and removes its patterns where it receives
    /// no messages any more. Whether anything changed.
    pub(crate) async fn set_state(
        &mut self,
        id: &SubscriptionId,
        state: SubscriptionState,
        only: Option<i64>,
    ) -> Result<bool, Error> {
        let parameters = Parameters::new()
            .bytes(*id.key().as_bytes())
            .text(state.as_str())
            .int(to_ms(self.now()))
            .maybe_int(only);
        let sql = &self.tables.sql.set_state;
        let changed = sql.execute(self.connection, parameters).await? > 0;
        if changed && !state.gets_messages() {
            self.delete_patterns(id).await?;
        }
        Ok(changed)
    }

    pub(crate) async fn delete_subscription(&mut self, id: &SubscriptionId) -> Result<(), Error> {
        self.delete_patterns(id).await?;
        let parameters = || Parameters::new().bytes(*id.key().as_bytes());
        let sql = &self.tables.sql.delete_sequence;
        sql.execute(self.connection, parameters()).await?;
        let sql = &self.tables.sql.delete_subscription;
        sql.execute(self.connection, parameters()).await?;
        Ok(())
    }

    /// The revisions of subscriptions, which tell whether what is in memory is still true.
    pub(crate) async fn revisions(&mut self, ids: &[Id]) -> Result<Vec<RevisionRow>, Error> {
        let parameters = Parameters::new().blobs(ids.iter().map(|id| *id.as_bytes()));
        let sql = &self.tables.sql.revisions;
        let rows = sql.fetch(self.connection, parameters).await?;
        let revision = |row: &Row<D>| {
            Ok(RevisionRow {
                subscription: id(&row.bytes("id")?)?,
                revision: row.int("revision")?,
                fails: row.int("fails")? == 1,
            })
        };
        rows.iter().map(revision).collect()
    }

    fn seal(&self, new: &NewSubscription<'_>) -> Result<Ciphertext, Error> {
        let binding = Binding {
            id: new.id,
            owner: new.owner,
            target: new.target,
        };
        let vault = &self.tables.vault;
        vault.seal(binding, &SealedFields::of(new.secrets, new.settings))
    }

    /// The headers are missing where the key that sealed them is: the rest can still be looked at.
    pub(super) fn decode(&self, row: &Row<D>) -> Result<SubscriptionRow, Error> {
        let (id, sealed) = (id(&row.bytes("id")?)?, row.bytes("secrets")?);
        let subscription_id = SubscriptionId::from_key(id);
        let mut settings: Settings =
            serde_json::from_str(&row.text("settings")?).map_err(|_| {
                Error::Corrupt(format!(
                    "the settings of the subscription {subscription_id}"
                ))
            })?;
        let (owner, target) = (row.text("owner")?, row.text("target")?);
        let binding = Binding {
            id: &subscription_id,
            owner: &owner,
            target: &target,
        };
        let fields = self.tables.vault.unseal(binding, &sealed);
        let SealedFields {
            secrets,
            headers,
            authentication,
            client_certificate,
        } = fields.unwrap_or_default();
        settings.headers = headers;
        settings.authentication = authentication;
        settings.client_certificate = client_certificate;
        let now_ms = to_ms(self.now());
        let older = secrets.iter().filter_map(|secret| secret.until_ms);
        let subscription = StoredSubscription {
            id: subscription_id,
            owner,
            target,
            settings,
            older_secrets_until: older.filter(|until| *until > now_ms).max().map(from_ms),
            state: read_state(row)?,
            key: row.maybe_text("static_key")?,
            own_key: row.maybe_text("own_key")?,
            failures: u32::try_from(row.int("failures")?).unwrap_or(u32::MAX),
            failing_since: row.maybe_int("failing_since")?.map(from_ms),
            warning: Warning::at(row.int("warned")?),
            created: from_ms(row.int("created")?),
            changed: from_ms(row.int("changed")?),
            revision: row.int("revision")?,
        };
        Ok(SubscriptionRow {
            subscription,
            sealed,
        })
    }
}

fn binding(subscription: &StoredSubscription) -> Binding<'_> {
    Binding {
        id: &subscription.id,
        owner: &subscription.owner,
        target: &subscription.target,
    }
}

fn one(scope: Scope<'_>, id: &SubscriptionId) -> Parameters {
    Parameters::new()
        .bytes(*id.key().as_bytes())
        .maybe_text(scope.owner())
}

pub(super) fn read_state<D: Database>(row: &Row<D>) -> Result<SubscriptionState, Error> {
    let name = row.text("state")?;
    SubscriptionState::from_name(&name)
        .ok_or_else(|| Error::Corrupt(format!("a subscription has the state `{name}`")))
}

/// The settings as they are stored: without what is sealed with the secrets.
fn settings_column(settings: &Settings) -> String {
    let settings = Settings {
        headers: Vec::new(),
        authentication: None,
        client_certificate: None,
        ..settings.clone()
    };
    serde_json::to_string(&settings).expect("texts, numbers and JSON values are always JSON")
}
