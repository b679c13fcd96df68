//! What a link into a portal gives: the content of a grant of the sender's.

use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What the session of a link into a portal may do. It is stored as JSON with a
/// [grant](webhooks_sender::Account::grant): written by `POST /portal-links` and by the links of `webhooks-portal`, which
/// reads it.
///
/// ```
/// use webhooks_api::PortalGrant;
///
/// let mut grant = PortalGrant::default();
/// grant.abilities.push("view".to_owned());
/// let read: PortalGrant = serde_json::from_str(&grant.to_json())?;
/// assert_eq!(read, grant);
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PortalGrant {
    /// The names of the abilities.
    pub abilities: Vec<String>,
    /// Who it is that opens the link, for the audit trail.
    pub actor: Option<String>,
    /// The sites that may show the pages in a frame.
    pub frame_ancestors: Vec<String>,
    /// How long the session lasts, in seconds.
    pub lasts: u64,
}

impl PortalGrant {
    /// How long a link can be redeemed, unless another time is set: 15 minutes.
    pub const REDEEM_WITHIN: Duration = Duration::from_mins(15);
    /// How long a session lasts, unless another time is set: 8 hours.
    pub const LASTS: Duration = Duration::from_hours(8);

    /// The whole URL of a link with this code, for a portal that browsers find at `portal`.
    pub fn url(portal: &str, code: &str) -> String {
        format!("{}/open/{code}", portal.trim_end_matches('/'))
    }

    /// As it is stored.
    #[expect(
        clippy::missing_panics_doc,
        reason = "names and numbers are always JSON"
    )]
    pub fn to_json(&self) -> String {
        serde_json::to_string(self).expect("names and numbers are always JSON")
    }
}
