//! Sessions that a link has opened: what the grant behind one says, and the sender as the place where grants are.

use std::pin::Pin;

use webhooks_api::{Ability, Access, PortalGrant};
use webhooks_sender::database::Database;
use webhooks_sender::grant::{Grant, GrantId};
use webhooks_sender::{Error, Sender};

/// A grant that was read.
#[derive(Debug, Clone)]
pub(crate) struct Session {
    pub(crate) id: GrantId,
    pub(crate) owner: String,
    pub(crate) content: PortalGrant,
}

impl Session {
    /// A grant whose content is not ours gives nothing.
    fn of(grant: Grant) -> Option<Self> {
        Some(Self {
            content: serde_json::from_str(&grant.content).ok()?,
            id: grant.id,
            owner: grant.owner,
        })
    }

    pub(crate) fn access(&self) -> Access {
        let names = &self.content.abilities;
        let is_named = |ability: &Ability| names.iter().any(|name| name == ability.as_str());
        // Whatever is stored: a link is for a customer.
        let abilities = Ability::CUSTOMER.into_iter().filter(is_named);
        let access = Access::owner(&self.owner).allow(abilities);
        match &self.content.actor {
            Some(actor) => access.actor(actor),
            None => access,
        }
    }
}

type Later<'l, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + Send + 'l>>;

/// Where sessions are, without the type of the database.
pub(crate) trait Sessions: Send + Sync {
    /// What a code would open.
    fn offered<'l>(&'l self, code: &'l str) -> Later<'l, Option<Session>>;
    /// Exchanges a code for the token of a session.
    fn redeem<'l>(&'l self, code: &'l str) -> Later<'l, Option<String>>;
    /// The session of a token.
    fn session<'l>(&'l self, token: &'l str) -> Later<'l, Option<Session>>;
    fn end<'l>(&'l self, session: &'l Session) -> Later<'l, ()>;
}

impl<D: Database> Sessions for Sender<D> {
    fn offered<'l>(&'l self, code: &'l str) -> Later<'l, Option<Session>> {
        Box::pin(async move { Ok(Self::offered(self, code).await?.and_then(Session::of)) })
    }

    fn redeem<'l>(&'l self, code: &'l str) -> Later<'l, Option<String>> {
        Box::pin(Self::redeem(self, code))
    }

    fn session<'l>(&'l self, token: &'l str) -> Later<'l, Option<Session>> {
        Box::pin(async move { Ok(self.granted(token).await?.and_then(Session::of)) })
    }

    fn end<'l>(&'l self, session: &'l Session) -> Later<'l, ()> {
        Box::pin(async move {
            let account = Self::of(self, &session.owner);
            let account = match &session.content.actor {
                Some(actor) => account.by(actor),
                None => account,
            };
            account.revoke_grant(&session.id).await.map(|_| ())
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_has_the_abilities_of_a_customer_that_are_named_and_no_other() {
        let mut content = PortalGrant::default();
        content.abilities = ["view", "replay", "send", "odd"]
            .map(str::to_owned)
            .to_vec();
        let session = Session {
            id: GrantId::new(std::time::UNIX_EPOCH, [0; 10]),
            owner: "acct_1".to_owned(),
            content,
        };
        let access = session.access();
        let allowed = Ability::ALL
            .into_iter()
            .filter(|ability| access.allows(*ability));
        assert_eq!(
            allowed.collect::<Vec<_>>(),
            [Ability::View, Ability::Replay]
        );
        assert_eq!(access.owner_name(), Some("acct_1"));
    }
}
