//! Links into a portal for customers without a login, made for a program that is not in this process.

use std::fmt;
use std::time::Duration;

use axum::response::Response;
use http::StatusCode;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use webhooks_core::openapi::Operation;
use webhooks_sender::database::Database;
use webhooks_sender::grant::GrantId;

use crate::access::Ability;
use crate::describe::with_body_problems;
use crate::portal_grant::PortalGrant;
use crate::problem::{Kind, Problem};
use crate::request::{Call, NoQuery, answer, json};

/// The longest time in which a link can be redeemed, in seconds.
const MAX_REDEEM_WITHIN: u32 = 7 * 24 * 3600;
/// The longest time that a session lasts, in seconds.
const MAX_LASTS: u32 = 30 * 24 * 3600;

/// A link that is asked for.
///
/// ```
/// use std::time::Duration;
/// use webhooks_api::Ability;
/// use webhooks_api::answer::PortalLinkRequest;
///
/// let request = PortalLinkRequest::new([Ability::View]).actor("user 17").lasts(Duration::from_secs(600));
/// let written = serde_json::json!({ "abilities": ["view"], "actor": "user 17", "lasts_seconds": 600 });
/// assert_eq!(serde_json::to_value(&request)?, written);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(description = "A link that is asked for.")]
#[serde(deny_unknown_fields)]
#[must_use = "no link is made before it is sent"]
pub struct PortalLinkRequest {
    /// What the session may do: abilities of a customer that the caller has as well.
    #[schemars(length(min = 1, max = 7))]
    abilities: Vec<Ability>,
    /// Who opens the link, for the audit trail.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1, max = 256))]
    actor: Option<String>,
    /// For how many seconds the link can be redeemed, once; 15 minutes by default, a week at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = MAX_REDEEM_WITHIN))]
    redeem_within_seconds: Option<u32>,
    /// For how many seconds the session lasts; 8 hours by default, 30 days at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(range(min = 1, max = MAX_LASTS))]
    lasts_seconds: Option<u32>,
}

impl PortalLinkRequest {
    /// A link whose session may do this.
    pub fn new(abilities: impl IntoIterator<Item = Ability>) -> Self {
        Self {
            abilities: abilities.into_iter().collect(),
            actor: None,
            redeem_within_seconds: None,
            lasts_seconds: None,
        }
    }

    /// Says for the audit trail who it is that opens the link.
    pub fn actor(mut self, actor: impl fmt::Display) -> Self {
        self.actor = Some(actor.to_string());
        self
    }

    /// How long the link can be redeemed, in whole seconds.
    pub fn redeem_within(mut self, time: Duration) -> Self {
        self.redeem_within_seconds = Some(seconds(time));
        self
    }

    /// How long the session lasts, in whole seconds.
    pub fn lasts(mut self, time: Duration) -> Self {
        self.lasts_seconds = Some(seconds(time));
        self
    }

    /// Refuses what no session gets, and more than the caller has.
    fn check<D: Database>(&self, call: &Call<D>) -> Result<(), Problem> {
        let refused = |pointer: &str, detail: String| {
            let problem = Problem::new(Kind::InvalidBody, "there is no such link");
            Err(problem.part(pointer.to_owned(), detail))
        };
        if self.abilities.is_empty() {
            return refused("/abilities", "say at least one, such as `view`".to_owned());
        }
        if self.abilities.contains(&Ability::Send) {
            return refused("/abilities", "`send` is for no customer".to_owned());
        }
        if let Some(missing) = self.abilities.iter().find(|one| !call.access.allows(**one)) {
            let detail = format!("the caller has not the ability `{missing}`, and cannot give it");
            return Err(Problem::new(Kind::Forbidden, detail));
        }
        let times = [
            (
                "/redeem_within_seconds",
                self.redeem_within_seconds,
                MAX_REDEEM_WITHIN,
            ),
            ("/lasts_seconds", self.lasts_seconds, MAX_LASTS),
        ];
        for (pointer, seconds, most) in times {
            if let Some(seconds) = seconds.filter(|seconds| !(1..=most).contains(seconds)) {
                return refused(pointer, format!("{seconds} is not from 1 to {most}"));
            }
        }
        Ok(())
    }
}

fn seconds(time: Duration) -> u32 {
    u32::try_from(time.as_secs()).unwrap_or(u32::MAX)
}

/// A link that was made. `Debug` leaves its code and its URL out.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[schemars(description = "A link that was made.")]
#[non_exhaustive]
pub struct PortalLink {
    /// Its id.
    pub id: GrantId,
    /// The one-time code. It is shown only now.
    pub code: String,
    /// The whole URL, which holds the code; `null` where the service does not say where its portal is. A portal has the code
    /// behind `/open/`.
    pub url: Option<String>,
}

impl fmt::Debug for PortalLink {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PortalLink")
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

pub(crate) fn describe_create(operation: Operation) -> Operation {
    with_body_problems(operation)
        .summary("Make a link into the portal")
        .description(
            "For a customer without a login: the link is opened once, for a session as the owner, which ends by itself. Code \
             and session are stored as hashes.",
        )
        .tag("operations")
        .body::<PortalLinkRequest>()
        .response::<PortalLink>(201, "The link was made.")
}

pub(crate) async fn create<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let request: PortalLinkRequest = call.json()?;
    let reach = call.reach();
    let account = reach.account()?;
    request.check(&call)?;
    let time = |seconds: u32| Duration::from_secs(seconds.into());
    let lasts = request.lasts_seconds.map_or(PortalGrant::LASTS, time);
    let within = request.redeem_within_seconds;
    let within = within.map_or(PortalGrant::REDEEM_WITHIN, time);
    let content = PortalGrant {
        abilities: request.abilities.iter().map(ToString::to_string).collect(),
        actor: request.actor,
        frame_ancestors: Vec::new(),
        lasts: lasts.as_secs(),
    };
    let made = account.grant(&content.to_json(), within, lasts).await?;
    let portal = call.portal.as_deref();
    let link = PortalLink {
        id: made.id,
        url: portal.map(|portal| PortalGrant::url(portal, &made.code)),
        code: made.code,
    };
    Ok(answer(StatusCode::CREATED, &link))
}

/// What was taken back.
#[derive(Serialize, Deserialize, JsonSchema)]
pub(crate) struct LinksRevoked {
    /// How many links and sessions there were.
    pub(crate) revoked: u64,
}

pub(crate) fn describe_revoke(operation: Operation) -> Operation {
    operation
        .summary("Take an owner's links back")
        .description("Their codes open nothing any more, and the sessions that they opened end.")
        .tag("operations")
        .response::<LinksRevoked>(200, "They are taken back.")
}

pub(crate) async fn revoke<D: Database>(call: Call<D>) -> Result<Response, Problem> {
    call.query::<NoQuery>()?;
    let revoked = call.reach().account()?.revoke_grants().await?;
    Ok(json(&LinksRevoked { revoked }))
}
