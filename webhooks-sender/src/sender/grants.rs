//! Grants: one-time codes for links, and the sessions that they open.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_URL_SAFE_NO_PAD as BASE64;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use webhooks_store::Database;

use super::{Account, Sender};
use crate::context::Context;
use crate::error::Error;
use crate::model::{AuditAction, Grant, GrantCode, GrantId, Owner};
use crate::tables::NewGrant;

/// Old grants that are deleted when one is made.
const PRUNED: u32 = 100;
/// What the trail calls all grants of an account.
const ALL: &str = "all";

/// # Grants
///
/// A portal is opened by a link with a one-time code. The code is exchanged for a session, which lasts for a while and can
/// be taken back. Codes and sessions are stored as hashes.
impl<D: Database> Account<D> {
    /// Makes a one-time code that can be redeemed within a time, for a session that lasts for another. What is granted is
    /// a text of the caller's: it is stored and given back, and the audit trail shows it, so it holds no secret.
    ///
    /// # Errors
    ///
    /// When the database fails, or there is no randomness.
    ///
    /// ```
    /// use std::time::Duration;
    /// use webhooks_sender::{Error, Sender};
    ///
    /// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
    /// # let sender = Sender::testing().start().await?;
    /// let (minutes, hours) = (Duration::from_secs(600), Duration::from_secs(3600));
    /// let link = sender.of("acct_1").grant("view", minutes, hours).await?;
    ///
    /// let session = sender.redeem(&link.code).await?.expect("the code is new");
    /// assert_eq!(sender.redeem(&link.code).await?, None);                    // once
    ///
    /// let grant = sender.granted(&session).await?.expect("the session is new");
    /// assert_eq!((grant.owner.as_str(), grant.content.as_str()), ("acct_1", "view"));
    /// # Ok::<(), Error>(())
    /// # }).unwrap();
    /// ```
    #[doc(alias = "magic link")]
    pub async fn grant(
        &self,
        content: &str,
        redeem_within: Duration,
        lasts: Duration,
    ) -> Result<GrantCode, Error> {
        if !Owner::is_valid(self.owner()) {
            return Err(Error::Owner);
        }
        let own = self.context();
        let code = secret(own)?;
        let id = GrantId::new(own.now(), own.publishing.random()?);
        let new = NewGrant {
            hash: hash(&code),
            id: &id,
            owner: self.owner(),
            content,
            redeem_within,
            lasts,
        };
        let mut transaction = own.tables.begin().await?;
        let mut tx = own.tables.on(&mut transaction);
        tx.prune_grants(PRUNED).await?;
        tx.insert_grant(&new).await?;
        let mut entry = self
            .reach()
            .entry(new.owner, AuditAction::GrantCreated, &id)?;
        entry.after = Some(json!({ "content": shown(content) }));
        tx.insert_audit(&entry).await?;
        transaction.commit().await?;
        Ok(GrantCode { id, code })
    }

    /// Takes one grant back: its code opens nothing, and its session ends. Whether there was one.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn revoke_grant(&self, id: &GrantId) -> Result<bool, Error> {
        Ok(self.revoke(Some(id)).await? > 0)
    }

    /// Takes all grants of the account back, and returns how many there were.
    ///
    /// # Errors
    ///
    /// When the database fails.
    #[doc(alias = "log out")]
    pub async fn revoke_grants(&self) -> Result<u64, Error> {
        self.revoke(None).await
    }

    async fn revoke(&self, id: Option<&GrantId>) -> Result<u64, Error> {
        let tables = &self.context().tables;
        let mut transaction = tables.begin().await?;
        let mut tx = tables.on(&mut transaction);
        let revoked = tx.revoke_grants(self.owner(), id).await?;
        if revoked > 0 {
            let subject = id.map_or(ALL, GrantId::as_str);
            let reach = self.reach();
            let mut entry = reach.entry(self.owner(), AuditAction::GrantRevoked, &subject)?;
            entry.before = Some(json!({ "grants": revoked }));
            tx.insert_audit(&entry).await?;
        }
        transaction.commit().await?;
        Ok(revoked)
    }
}

/// # Sessions
impl<D: Database> Sender<D> {
    /// Exchanges the one-time code of a [grant](Account::grant) for the token of a session; nothing when it is unknown, was
    /// redeemed, has expired or was taken back. The token is a secret.
    ///
    /// # Errors
    ///
    /// When the database fails, or there is no randomness.
    pub async fn redeem(&self, code: &str) -> Result<Option<String>, Error> {
        let token = secret(&self.context)?;
        let tables = &self.context.tables;
        let mut transaction = tables.begin().await?;
        let mut tx = tables.on(&mut transaction);
        let redeemed = tx.redeem_grant(hash(code), hash(&token)).await?;
        transaction.commit().await?;
        Ok(redeemed.map(|_| token))
    }

    /// What the session of this token was granted; nothing when it is unknown, is over or was taken back.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn granted(&self, token: &str) -> Result<Option<Grant>, Error> {
        let found = self.grant_of(token).await?;
        Ok(found.and_then(|(grant, is_code)| (!is_code).then_some(grant)))
    }

    /// What a one-time code would give; it is not redeemed. Nothing when [`redeem`](Self::redeem) would give nothing.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn offered(&self, code: &str) -> Result<Option<Grant>, Error> {
        let found = self.grant_of(code).await?;
        Ok(found.and_then(|(grant, is_code)| is_code.then_some(grant)))
    }

    async fn grant_of(&self, secret: &str) -> Result<Option<(Grant, bool)>, Error> {
        let mut connection = self.context.tables.connection().await?;
        let mut tx = self.context.tables.on(&mut connection);
        tx.grant_of(hash(secret)).await
    }
}

/// What is granted, as the trail shows it: as JSON, where it is.
fn shown(content: &str) -> Value {
    serde_json::from_str(content).unwrap_or_else(|_| content.into())
}

fn secret<D: Database>(context: &Context<D>) -> Result<String, Error> {
    Ok(BASE64.encode(context.publishing.random::<32>()?))
}

fn hash(secret: &str) -> [u8; 32] {
    Sha256::digest(secret).into()
}
