//! Reading subscriptions: rows become values; secrets stay behind.

use webhooks_store::{Database, Id, Parameters, from_ms};

use crate::error::Error;
use crate::model::{Settings, StoredSubscription, SubscriptionId, SubscriptionState};
use crate::shared::{Shared, key};
use crate::vault::Held;

/// A subscription as it is stored, with what only the sender itself reads.
pub(crate) struct Row {
    pub(crate) subscription: StoredSubscription,
    pub(crate) secrets: Vec<u8>,
}

impl Row {
    pub(crate) fn id(&self) -> Id {
        self.subscription.id.key()
    }

    /// The secrets, opened.
    pub(crate) fn held<D: Database>(&self, shared: &Shared<D>) -> Result<Vec<Held>, Error> {
        Ok(shared.vault.open(self.id().as_bytes(), &self.secrets)?.held)
    }
}

/// Subscriptions by their ids; those that are gone are left out.
pub(crate) async fn by_id<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    ids: &[Id],
) -> Result<Vec<Row>, Error> {
    let parameters = Parameters::new().blobs(ids.iter().map(|id| *id.as_bytes()));
    let rows = shared
        .sql
        .subscriptions_by_id
        .fetch(connection, parameters)
        .await?;
    rows.iter().map(|row| self::row(shared, row)).collect()
}

/// A page of all subscriptions, or of one owner's, in the order in which they were made.
pub(crate) async fn page<D: Database>(
    shared: &Shared<D>,
    connection: &mut D::Connection,
    owner: Option<&str>,
    after: Option<&SubscriptionId>,
    limit: u32,
) -> Result<Vec<Row>, Error> {
    let after = after.map_or_else(Vec::new, |id| id.key().as_bytes().to_vec());
    let rows = if let Some(owner) = owner {
        let parameters = Parameters::new().text(owner).bytes(after).int(limit.into());
        shared
            .sql
            .page_subscriptions_of
            .fetch(connection, parameters)
            .await?
    } else {
        let parameters = Parameters::new().bytes(after).int(limit.into());
        shared
            .sql
            .page_subscriptions
            .fetch(connection, parameters)
            .await?
    };
    rows.iter().map(|row| self::row(shared, row)).collect()
}

/// A subscription out of its row. Its headers are missing where the key that sealed them is: it can still be looked at.
pub(crate) fn row<D: Database>(
    shared: &Shared<D>,
    row: &webhooks_store::Row<D>,
) -> Result<Row, Error> {
    let unreadable = || Error::Subscription("what is stored of it cannot be read".to_owned());
    let (id, secrets) = (key(&row.bytes(0)?)?, row.bytes(4)?);
    let mut settings: Settings = serde_json::from_str(&row.text(3)?).map_err(|_| unreadable())?;
    settings.headers = shared
        .vault
        .open(id.as_bytes(), &secrets)
        .map_or_else(|_| Vec::new(), |kept| kept.headers);
    let subscription = StoredSubscription {
        id: SubscriptionId::from_key(id),
        owner: row.text(1)?,
        target: row.text(2)?,
        settings,
        state: SubscriptionState::from_name(&row.text(5)?).ok_or_else(unreadable)?,
        key: row.maybe_text(6)?,
        failures: u32::try_from(row.int(7)?).unwrap_or(u32::MAX),
        failing_since: row.maybe_int(8)?.map(from_ms),
        created: from_ms(row.int(9)?),
        changed: from_ms(row.int(10)?),
        revision: row.int(11)?,
    };
    Ok(Row {
        subscription,
        secrets,
    })
}
