//! Static subscriptions of a configuration file: keyed, with secrets that may be kept elsewhere.
//!
//! Environment and files are read when the sender starts, not when the configuration is: a [`Subscription`] itself
//! takes secrets by value only, so that one which a customer has written cannot name a file of the server.

use std::env::VarError;
use std::io;
use std::path::{Path, PathBuf};

use serde::Deserialize;
use webhooks_signature::Secret;

use crate::model::{Subscription, SubscriptionConfig, pairs};

/// The static subscriptions of a configuration file, each under a key of its own. The format is whatever serde reads:
/// TOML, JSON, YAML.
///
/// | field | |
/// |---|---|
/// | `owner`, `target`, `events` | as in [`Subscription`]; the only ones that must be there |
/// | `secrets` (or `secret`) | one or several: its text, `{ env = "NAME" }` for an environment variable, `{ file = "/run/secrets/crm" }` for a file whose text it is, without the line break at its end |
/// | `headers`, `labels` | maps from names to texts |
/// | `dialect`, `method`, `rate_limit`, `concurrency`, `first_in_first_out`, `stop_when_given_up`, `sequence_numbers`, `description`, `metadata` | as in [`Subscription`] |
///
/// Unknown fields are refused. What happens with them at each start is said at
/// [`SenderBuilder::subscription`](crate::SenderBuilder::subscription).
///
/// ```
/// use webhooks_core::{Descriptor, Message, Webhooks};
/// use webhooks_sender::Sender;
/// use webhooks_sender::subscription::StaticSubscriptions;
///
/// #[derive(serde::Deserialize)]
/// struct Config { webhooks: StaticSubscriptions }
///
/// static PING: Descriptor = Descriptor::post("ping");
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// let config: Config = toml::from_str(r#"
///     [webhooks.crm]
///     owner = "acct_1"
///     target = "https://crm.example.com/hook"
///     events = ["ping"]
///     secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"   # or { env = "CRM_SECRET" }, { file = "/run/secrets/crm" }
///     headers = { x-tenant = "eu" }
/// "#).unwrap();
///
/// let webhooks = Webhooks::new().with(&PING).build().unwrap();
/// let builder = Sender::testing().webhooks(webhooks);
/// let sender = builder.set(|builder| builder.static_subscriptions(config.webhooks)).start().await?;
///
/// sender.send("acct_1", Message::untyped(&PING, &())).await?;
/// sender.deliver().await?;
/// sender.assert_sent("ping", "https://crm.example.com/hook", 1);
/// # Ok::<(), webhooks_sender::Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(transparent)]
pub struct StaticSubscriptions {
    #[serde(deserialize_with = "pairs")]
    entries: Vec<(String, SubscriptionConfig<SecretSource>)>,
}

/// Where a secret is kept.
#[derive(Debug, Clone, Deserialize)]
#[serde(
    untagged,
    expecting = "a secret is its text, `{ env = \"NAME\" }` or `{ file = \"path\" }`"
)]
enum SecretSource {
    Here(Secret),
    Elsewhere(Place),
}

#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Place {
    Env(String),
    File(PathBuf),
}

impl StaticSubscriptions {
    /// The subscriptions with the secrets in them; the error says which of them cannot be had.
    pub(crate) fn resolve(
        self,
        variable: impl Fn(&str) -> Result<String, VarError>,
        file: impl Fn(&Path) -> io::Result<String>,
    ) -> Result<Vec<(String, Subscription)>, String> {
        let secret = |source| match source {
            SecretSource::Here(secret) => Ok(secret),
            SecretSource::Elsewhere(Place::Env(name)) => match variable(&name) {
                Ok(text) => {
                    Secret::new(text).map_err(|error| format!("the variable `{name}`: {error}"))
                }
                Err(VarError::NotPresent) => {
                    Err(format!("the environment has no variable `{name}`"))
                }
                // The error itself would show the value.
                Err(VarError::NotUnicode(_)) => Err(format!("the variable `{name}` is not UTF-8")),
            },
            SecretSource::Elsewhere(Place::File(path)) => {
                let problem = |error: &dyn std::fmt::Display| {
                    format!("the file `{}`: {error}", path.display())
                };
                let text = file(&path).map_err(|error| problem(&error))?;
                Secret::new(text.trim_end_matches(['\r', '\n'])).map_err(|error| problem(&error))
            }
        };
        let entries = self.entries.into_iter().map(|(key, mut written)| {
            let secrets = std::mem::take(&mut written.secrets)
                .into_iter()
                .map(&secret);
            match secrets.collect() {
                Ok(secrets) => Ok((key, written.into_subscription(secrets))),
                Err(problem) => Err(format!(
                    "the secret of the static subscription `{key}`: {problem}"
                )),
            }
        });
        entries.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(secret: &str) -> Result<StaticSubscriptions, String> {
        let text = format!(
            r#"{{"crm": {{"owner": "a", "target": "https://example.com", "events": ["*"], "secret": {secret}}}}}"#
        );
        serde_json::from_str(&text).map_err(|error| error.to_string())
    }

    fn resolved(secret: &str) -> Result<Vec<String>, String> {
        let variable = |name: &str| match name {
            "CRM" => Ok("from the environment".to_owned()),
            "EMPTY" => Ok(String::new()),
            _ => Err(VarError::NotPresent),
        };
        let file = |path: &Path| match path.to_str() {
            Some("/run/crm") => Ok("from a file\r\n".to_owned()),
            _ => Err(io::Error::from(io::ErrorKind::NotFound)),
        };
        let (key, subscription) = read(secret)?.resolve(variable, file)?.remove(0);
        assert_eq!(key, "crm");
        Ok(subscription
            .secrets
            .iter()
            .map(|secret| secret.expose().to_owned())
            .collect())
    }

    #[test]
    fn secrets_come_from_where_they_are_kept() {
        let all = r#"["here", {"env": "CRM"}, {"file": "/run/crm"}]"#;
        assert_eq!(
            resolved(all).expect("three secrets"),
            ["here", "from the environment", "from a file"]
        );
        assert_eq!(
            resolved(r#"{"env": "CRM"}"#).expect("one secret"),
            ["from the environment"]
        );
        assert_eq!(resolved(r#""here""#).expect("one secret"), ["here"]);
    }

    #[test]
    fn a_secret_that_cannot_be_had_is_named_by_its_subscription_and_place() {
        for (secret, text) in [
            (
                r#"{"env": "ABSENT"}"#,
                "`crm`: the environment has no variable `ABSENT`",
            ),
            (r#"{"env": "EMPTY"}"#, "`EMPTY`"),
            (r#"{"file": "/nowhere"}"#, "the file `/nowhere`"),
            (r#"{"vault": "crm"}"#, "a secret is its text"),
            (
                r#"{"env": "CRM", "file": "/run/crm"}"#,
                "a secret is its text",
            ),
            ("17", ""),
        ] {
            let error = resolved(secret).expect_err(secret);
            assert!(error.contains(text), "{error}");
        }
    }

    #[test]
    fn one_key_stands_for_one_subscription() {
        let one = r#"{"owner": "a", "target": "https://example.com", "events": ["*"]}"#;
        let twice = format!(r#"{{"crm": {one}, "crm": {one}}}"#);
        let error = serde_json::from_str::<StaticSubscriptions>(&twice)
            .expect_err("twice")
            .to_string();
        assert!(error.contains("`crm` is there twice"), "{error}");
    }
}
