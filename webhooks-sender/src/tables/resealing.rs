//! With which keys secrets are sealed, and sealing them anew.

use webhooks_store::{Database, Id, Parameters};

use super::sealing::{Binding, Ciphertext};
use super::{Tx, id};
use crate::error::{Error, SealError};
use crate::model::SubscriptionId;

/// A key with which secrets are sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct UsedKey {
    /// Its id; empty where the secrets are not sealed.
    pub(crate) id: String,
    /// How many subscriptions have theirs sealed with it, up to a limit.
    pub(crate) subscriptions: i64,
}

/// Sealed secrets with what they are bound to.
struct SealedRow {
    id: SubscriptionId,
    owner: String,
    target: String,
    sealed: Vec<u8>,
}

impl SealedRow {
    fn binding(&self) -> Binding<'_> {
        Binding {
            id: &self.id,
            owner: &self.owner,
            target: &self.target,
        }
    }
}

/// What one page of sealing anew has come to.
#[derive(Debug, Default)]
pub(crate) struct ResealPage {
    pub(crate) resealed: usize,
    /// How many could not be opened.
    pub(crate) refused: usize,
    /// The last one that was looked at; missing when there were fewer than asked for.
    pub(crate) last: Option<Id>,
}

/// The most subscriptions of a key that are counted.
const MOST: i64 = 10_000;
/// How many are tried before a key is called wrong: a single row may have been damaged.
const SAMPLES: u32 = 3;

impl<D: Database> Tx<'_, D> {
    /// The keys with which secrets are sealed, in the order of their ids.
    pub(crate) async fn used_keys(&mut self) -> Result<Vec<UsedKey>, Error> {
        let sql = &self.tables.sql.used_keys;
        let parameters = Parameters::new().int(MOST);
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter()
            .map(|row| {
                Ok(UsedKey {
                    id: row.text("key")?,
                    subscriptions: row.int("subscriptions")?,
                })
            })
            .collect()
    }

    /// Whether what is sealed with a key cannot be opened: because it was not given, is another one, or there should be one.
    pub(crate) async fn key_problem(&mut self, key: &UsedKey) -> Result<Option<SealError>, Error> {
        let vault = &self.tables.vault;
        if !vault.has(&key.id) {
            return Ok(Some(if key.id.is_empty() {
                SealError::Plain
            } else {
                SealError::MissingKey(key.id.clone())
            }));
        }
        let rows = self.sealed_with(&key.id, None, SAMPLES).await?;
        let mut problem = None;
        for row in &rows {
            match vault.unseal(row.binding(), &row.sealed) {
                Ok(_) => return Ok(None),
                Err(error) => problem = Some(error),
            }
        }
        Ok(problem)
    }

    /// Seals a page of what is sealed with one key anew, with the newest key.
    pub(crate) async fn reseal_page(
        &mut self,
        key: &str,
        after: Option<Id>,
        limit: u32,
    ) -> Result<ResealPage, Error> {
        let rows = self.sealed_with(key, after, limit).await?;
        let mut page = ResealPage::default();
        for row in &rows {
            match self.reseal(row).await {
                Ok(true) => page.resealed += 1,
                // It was changed meanwhile, and sealed with the newest key then.
                Ok(false) => {}
                Err(Error::Sealed(error)) => {
                    let subscription = row.id.as_str();
                    tracing::error!(subscription, %error, "secrets could not be sealed anew");
                    page.refused += 1;
                }
                Err(error) => return Err(error),
            }
        }
        let last = rows.last().filter(|_| rows.len() == limit as usize);
        page.last = last.map(|row| row.id.key());
        Ok(page)
    }

    async fn reseal(&mut self, row: &SealedRow) -> Result<bool, Error> {
        let vault = &self.tables.vault;
        let fields = vault.unseal(row.binding(), &row.sealed)?;
        let Ciphertext { bytes, key } = vault.seal(row.binding(), &fields)?;
        let parameters = Parameters::new()
            .bytes(*row.id.key().as_bytes())
            .bytes(bytes)
            .text(key)
            .bytes(row.sealed.as_slice());
        let sql = &self.tables.sql.reseal;
        Ok(sql.execute(self.connection, parameters).await? > 0)
    }

    async fn sealed_with(
        &mut self,
        key: &str,
        after: Option<Id>,
        limit: u32,
    ) -> Result<Vec<SealedRow>, Error> {
        let after = after.map_or_else(Vec::new, |id| id.as_bytes().to_vec());
        let parameters = Parameters::new().text(key).bytes(after).int(limit.into());
        let sql = &self.tables.sql.sealed_with;
        let rows = sql.fetch(self.connection, parameters).await?;
        rows.iter()
            .map(|row| {
                Ok(SealedRow {
                    id: SubscriptionId::from_key(id(&row.bytes("id")?)?),
                    owner: row.text("owner")?,
                    target: row.text("target")?,
                    sealed: row.bytes("secrets")?,
                })
            })
            .collect()
    }
}
