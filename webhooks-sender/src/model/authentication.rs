//! How the sender authenticates itself to a target, besides signing: stored with the secrets, never shown.

use std::fmt;

use schemars::JsonSchema;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serialize, Serializer};

/// How the sender authenticates itself to a target, besides signing.
///
/// It is stored with the secrets, sealed when the sender has a [key](crate::SenderBuilder::seal_with), and never shown
/// again: JSON and logs hold its kind alone.
///
/// ```
/// use webhooks_sender::subscription::Authentication;
///
/// let authentication = Authentication::basic("webhooks", "hunter2");
/// assert_eq!(format!("{authentication:?}"), "Authentication(basic)");
/// ```
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(tag = "type", rename_all = "snake_case")]
#[schemars(
    description = "How the sender authenticates itself to the target, besides signing. It is never shown again."
)]
#[non_exhaustive]
pub enum Authentication {
    /// In no further way: a change with it removes what there was.
    None,
    /// HTTP Basic (RFC 7617).
    Basic {
        /// The name, without a colon.
        username: String,
        /// The password.
        password: String,
    },
    /// A token that does not change, as `Authorization: Bearer ..` (RFC 6750).
    Bearer {
        /// The token.
        token: String,
    },
    /// OAuth 2.0 client credentials (RFC 6749 section 4.4).
    #[serde(rename = "oauth2")]
    OAuth2(ClientCredentials),
}

/// OAuth 2.0 client credentials: a token is asked for at the authorization server, kept until it expires, and asked for anew
/// once when the target answers 401.
#[derive(Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ClientCredentials {
    /// The token endpoint: a URL to which the same rules apply as to targets.
    pub(crate) token_url: String,
    /// The client.
    pub(crate) client_id: String,
    /// Its secret.
    pub(crate) client_secret: String,
    /// The scopes, separated by spaces.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) scope: Option<String>,
    /// For whom the token is to be, as some servers ask.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) audience: Option<String>,
    /// Whether client and secret stand in the body of the request, for servers that do not know HTTP Basic.
    #[serde(default)]
    pub(crate) in_body: bool,
}

impl ClientCredentials {
    /// A client, its secret, and where it gets tokens.
    pub fn new(
        token_url: impl Into<String>,
        client_id: impl Into<String>,
        client_secret: impl Into<String>,
    ) -> Self {
        Self {
            token_url: token_url.into(),
            client_id: client_id.into(),
            client_secret: client_secret.into(),
            scope: None,
            audience: None,
            in_body: false,
        }
    }

    /// Asks for these scopes, separated by spaces.
    pub fn scope(mut self, scope: impl Into<String>) -> Self {
        self.scope = Some(scope.into());
        self
    }

    /// Asks for a token for this audience.
    pub fn audience(mut self, audience: impl Into<String>) -> Self {
        self.audience = Some(audience.into());
        self
    }

    /// Sends client and secret in the body of the request, for servers that do not know HTTP Basic.
    pub fn in_body(mut self) -> Self {
        self.in_body = true;
        self
    }
}

impl Authentication {
    /// HTTP Basic.
    pub fn basic(username: impl Into<String>, password: impl Into<String>) -> Self {
        Self::Basic {
            username: username.into(),
            password: password.into(),
        }
    }

    /// A token that does not change.
    pub fn bearer(token: impl Into<String>) -> Self {
        Self::Bearer {
            token: token.into(),
        }
    }

    /// Its kind: all that is ever shown of it.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Basic { .. } => "basic",
            Self::Bearer { .. } => "bearer",
            Self::OAuth2(_) => "oauth2",
        }
    }

    /// Everything, to be sealed.
    pub(crate) fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("type", self.kind())?;
        match self {
            Self::None => {}
            Self::Basic { username, password } => {
                map.serialize_entry("username", username)?;
                map.serialize_entry("password", password)?;
            }
            Self::Bearer { token } => map.serialize_entry("token", token)?,
            Self::OAuth2(credentials) => {
                map.serialize_entry("token_url", &credentials.token_url)?;
                map.serialize_entry("client_id", &credentials.client_id)?;
                map.serialize_entry("client_secret", &credentials.client_secret)?;
                map.serialize_entry("scope", &credentials.scope)?;
                map.serialize_entry("audience", &credentials.audience)?;
                map.serialize_entry("in_body", &credentials.in_body)?;
            }
        }
        map.end()
    }
}

/// Everything of one that is there.
#[expect(clippy::ref_option, reason = "serde passes fields by reference")]
pub(crate) fn whole_authentication<S: Serializer>(
    value: &Option<Authentication>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => value.serialize(serializer),
        None => serializer.serialize_none(),
    }
}

/// What is shown of it.
#[expect(clippy::ref_option, reason = "serde passes fields by reference")]
pub(super) fn kind_alone<S: Serializer>(
    authentication: &Option<Authentication>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let kind = authentication.as_ref().map(Authentication::kind);
    kind.serialize(serializer)
}

/// What is shown of a value that is there.
#[expect(clippy::ref_option, reason = "serde passes fields by reference")]
pub(super) fn presence_alone<T, S: Serializer>(
    value: &Option<T>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    value.is_some().serialize(serializer)
}

impl fmt::Debug for Authentication {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Authentication({})", self.kind())
    }
}

impl fmt::Debug for ClientCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCredentials").finish_non_exhaustive()
    }
}
