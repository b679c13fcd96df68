//! Links: how a customer without an account in the application comes into the portal, from an e-mail or into a frame.

use std::fmt;
use std::time::Duration;

use http::StatusCode;
use webhooks_api::{Ability, Access, PortalGrant};
use webhooks_sender::database::Database;
use webhooks_sender::grant::GrantId;
use webhooks_sender::{Account, Error, Sender};

/// Makes links into a portal that is [opened by them](crate::Portal::open_by_links), and takes them back.
///
/// A link holds a one-time code. Opening it shows a button, and the button exchanges the code for a session: programs that
/// only look at links, as mail scanners do, redeem nothing. Codes and sessions are stored as hashes.
///
/// ```
/// use webhooks_api::Ability;
/// use webhooks_portal::Links;
/// use webhooks_sender::{Error, Sender};
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # let sender = Sender::testing().start().await?;
/// let links = Links::new(&sender).by("anna");
/// let link = links.to("acct_1").allow([Ability::View, Ability::Replay]).create().await?;
/// assert!(link.url("https://acme.test/portal").starts_with("https://acme.test/portal/open/"));
///
/// links.revoke("acct_1").await?;           // all links and sessions of the account
/// # Ok::<(), Error>(())
/// # }).unwrap();
/// ```
pub struct Links<D: Database> {
    sender: Sender<D>,
    actor: Option<String>,
}

impl<D: Database> Links<D> {
    /// Links to the portal of this sender.
    pub fn new(sender: &Sender<D>) -> Self {
        Self {
            sender: sender.clone(),
            actor: None,
        }
    }

    /// Says for the audit trail who makes links and takes them back from now on.
    pub fn by(mut self, actor: impl fmt::Display) -> Self {
        self.actor = Some(actor.to_string());
        self
    }

    /// A link to the portal of one owner; it allows nothing until [`allow`](LinkRequest::allow) says what.
    pub fn to(&self, owner: impl fmt::Display) -> LinkRequest<D> {
        LinkRequest {
            account: self.account(owner),
            content: PortalGrant::default(),
            redeem_within: PortalGrant::REDEEM_WITHIN,
            lasts: PortalGrant::LASTS,
        }
    }

    /// Takes all links and sessions of an owner back, and returns how many there were.
    ///
    /// # Errors
    ///
    /// When the database fails.
    #[doc(alias = "log out")]
    pub async fn revoke(&self, owner: impl fmt::Display) -> Result<u64, Error> {
        self.account(owner).revoke_grants().await
    }

    /// Takes one link and its session back. Whether there was one.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn revoke_one(&self, owner: impl fmt::Display, id: &GrantId) -> Result<bool, Error> {
        self.account(owner).revoke_grant(id).await
    }

    fn account(&self, owner: impl fmt::Display) -> Account<D> {
        let account = self.sender.of(owner);
        match &self.actor {
            Some(actor) => account.by(actor),
            None => account,
        }
    }
}

impl<D: Database> Clone for Links<D> {
    fn clone(&self) -> Self {
        Self {
            sender: self.sender.clone(),
            actor: self.actor.clone(),
        }
    }
}

impl<D: Database> fmt::Debug for Links<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Links").finish_non_exhaustive()
    }
}

/// A link before it is made.
#[must_use = "it opens nothing until it is created"]
pub struct LinkRequest<D: Database> {
    account: Account<D>,
    content: PortalGrant,
    redeem_within: Duration,
    lasts: Duration,
}

impl<D: Database> LinkRequest<D> {
    /// Allows these abilities as well. [`Ability::Send`] is for no customer and is left out.
    pub fn allow(mut self, abilities: impl IntoIterator<Item = Ability>) -> Self {
        let names = abilities
            .into_iter()
            .map(|ability| ability.as_str().to_owned());
        self.content.abilities.extend(names);
        self
    }

    /// Says for the audit trail who it is that opens the link.
    pub fn actor(mut self, actor: impl fmt::Display) -> Self {
        self.content.actor = Some(actor.to_string());
        self
    }

    /// Lets this site show the session's pages in a frame: an origin, such as `https://app.acme.test`.
    #[doc(alias = "iframe")]
    pub fn embed_in(mut self, origin: impl Into<String>) -> Self {
        self.content.frame_ancestors.push(origin.into());
        self
    }

    /// How long the link can be redeemed; 15 minutes by default.
    pub fn redeem_within(mut self, time: Duration) -> Self {
        self.redeem_within = time;
        self
    }

    /// How long the session lasts; 8 hours by default.
    pub fn lasts(mut self, time: Duration) -> Self {
        self.lasts = time;
        self
    }

    /// Makes the link.
    ///
    /// # Errors
    ///
    /// When the owner cannot be one, the database fails, or there is no randomness.
    pub async fn create(mut self) -> Result<Link, Error> {
        self.content
            .frame_ancestors
            .retain(|origin| is_origin(origin));
        self.content.lasts = self.lasts.as_secs();
        let content = self.content.to_json();
        let (within, lasts) = (self.redeem_within, self.lasts);
        let made = self.account.grant(&content, within, lasts).await?;
        Ok(Link {
            id: made.id,
            code: made.code,
        })
    }
}

impl<D: Database> fmt::Debug for LinkRequest<D> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LinkRequest")
            .field("owner", &self.account.owner())
            .field("content", &self.content)
            .finish_non_exhaustive()
    }
}

/// A link into a portal. `Debug` leaves its code out.
pub struct Link {
    id: GrantId,
    code: String,
}

impl Link {
    /// The id of the link and of the session that it opens, to [take it back](Links::revoke_one) by.
    pub fn id(&self) -> &GrantId {
        &self.id
    }

    /// The whole URL, for a portal that browsers find at this one.
    pub fn url(&self, portal: &str) -> String {
        PortalGrant::url(portal, &self.code)
    }
}

impl fmt::Debug for Link {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Link")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

/// Says who asks in a portal that is opened by links alone: there is no other way in.
///
/// ```
/// use axum::Router;
/// use webhooks_portal::{Portal, links_only};
/// use webhooks_sender::{Sender, Sqlite};
///
/// fn app(sender: &Sender<Sqlite>) -> Router {
///     Router::new().merge(Portal::new(sender, links_only).open_by_links().at("/portal"))
/// }
/// ```
///
/// # Errors
///
/// Always: who has no session is asked to open a link.
pub async fn links_only() -> Result<Access, StatusCode> {
    Err(StatusCode::UNAUTHORIZED)
}

/// Whether a text is an origin that can stand in a policy: a scheme, a host, a port.
pub(crate) fn is_origin(text: &str) -> bool {
    let host = text.split_once("://").map(|(_, host)| host);
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || ".-:[]".contains(letter);
    host.is_some_and(|host| !host.is_empty() && host.chars().all(is_plain))
        && (text.starts_with("https://") || text.starts_with("http://"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_origin_comes_into_the_policy() {
        for good in [
            "https://app.acme.test",
            "http://localhost:3000",
            "https://[::1]:8",
        ] {
            assert!(is_origin(good), "{good}");
        }
        for bad in [
            "",
            "*",
            "https:",
            "https://",
            "app.acme.test",
            "https://a.test/x",
            "https://a; script-src *",
            "data://a",
            "https://*",
        ] {
            assert!(!is_origin(bad), "{bad}");
        }
    }
}
