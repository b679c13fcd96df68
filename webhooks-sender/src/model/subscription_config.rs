//! A subscription as it is in JSON, TOML or YAML. Unknown fields are refused: a misspelt one would change nothing,
//! without a word.

use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::time::SystemTime;

use serde::Deserialize;
use serde::de::value::{MapAccessDeserializer, StrDeserializer};
use serde::de::{DeserializeOwned, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use webhooks_core::Method;
use webhooks_signature::Secret;
use webhooks_store::{from_ms, to_ms};

use super::{Authentication, Settings, Subscription, Verification};
use crate::client::ClientCertificate;

/// The fields, with secrets written as `S`.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, bound(deserialize = "S: DeserializeOwned"))]
pub(crate) struct SubscriptionConfig<S> {
    /// Empty where an API says it itself; refused when it stays so.
    #[serde(default)]
    owner: String,
    target: String,
    events: Vec<String>,
    #[serde(
        default = "Vec::new",
        alias = "secret",
        deserialize_with = "one_or_several"
    )]
    pub(crate) secrets: Vec<S>,
    #[serde(default)]
    dialect: Option<String>,
    #[serde(default, deserialize_with = "pairs")]
    headers: Vec<(String, String)>,
    #[serde(default, deserialize_with = "method")]
    method: Option<String>,
    #[serde(default)]
    rate_limit: Option<u32>,
    #[serde(default)]
    concurrency: Option<u16>,
    #[serde(default)]
    first_in_first_out: bool,
    #[serde(default)]
    stop_when_given_up: bool,
    #[serde(default)]
    sequence_numbers: bool,
    #[serde(default)]
    description: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
    #[serde(default)]
    metadata: serde_json::Value,
    #[serde(default, with = "super::json::maybe_time")]
    expires_at: Option<SystemTime>,
    #[serde(default)]
    verification: Option<Verification>,
    #[serde(default)]
    authentication: Option<Authentication>,
    #[serde(default)]
    client_certificate: Option<ClientCertificate>,
}

/// Without headers and secrets, which are credentials.
impl<S> fmt::Debug for SubscriptionConfig<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            owner,
            events,
            dialect,
            ..
        } = self;
        f.debug_struct("Subscription")
            .field("owner", owner)
            .field("events", events)
            .field("dialect", dialect)
            .finish_non_exhaustive()
    }
}

impl<S> SubscriptionConfig<S> {
    pub(crate) fn into_subscription(self, secrets: Vec<Secret>) -> Subscription {
        let settings = Settings {
            events: self.events,
            dialect: self.dialect,
            headers: self.headers,
            method: self.method,
            rate_limit: self.rate_limit,
            concurrency: self.concurrency,
            first_in_first_out: self.first_in_first_out,
            stop_when_given_up: self.stop_when_given_up,
            sequence_numbers: self.sequence_numbers,
            description: self.description,
            labels: self.labels,
            metadata: self.metadata,
            expires_at: self.expires_at.map(|time| from_ms(to_ms(time))),
            verification: self.verification,
            authentication: self.authentication,
            client_certificate: self.client_certificate,
        };
        Subscription {
            owner: self.owner,
            target: self.target,
            secrets,
            settings,
            revision: None,
            request_key: None,
            own_key: None,
        }
    }
}

impl From<SubscriptionConfig<Secret>> for Subscription {
    fn from(mut written: SubscriptionConfig<Secret>) -> Self {
        let secrets = std::mem::take(&mut written.secrets);
        written.into_subscription(secrets)
    }
}

/// A method by its name, in capital letters as in HTTP.
fn method<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    let Some(name) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    if Method::ALL.iter().any(|method| method.as_str() == name) {
        return Ok(Some(name));
    }
    let known = Method::ALL.map(Method::as_str).join(", ");
    Err(D::Error::custom(format_args!(
        "`{name}` is not an HTTP method; the methods are {known}"
    )))
}

/// One value, or a list of them. Also for the sake of what serde says of a wrong type: it would repeat the secret.
fn one_or_several<'de, S: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<S>, D::Error> {
    struct OneOrSeveral<S>(PhantomData<S>);

    impl<'de, S: DeserializeOwned> Visitor<'de> for OneOrSeveral<S> {
        type Value = Vec<S>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a secret or a list of secrets")
        }

        fn visit_str<E: Error>(self, text: &str) -> Result<Vec<S>, E> {
            Ok(vec![S::deserialize(StrDeserializer::new(text))?])
        }

        fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<Vec<S>, A::Error> {
            Ok(vec![S::deserialize(MapAccessDeserializer::new(map))?])
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<S>, A::Error> {
            let mut secrets = Vec::new();
            while let Some(secret) = list.next_element()? {
                secrets.push(secret);
            }
            Ok(secrets)
        }
    }

    deserializer.deserialize_any(OneOrSeveral(PhantomData))
}

/// The pairs of a map, in their order.
pub(crate) fn pairs<'de, T: DeserializeOwned, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<(String, T)>, D::Error> {
    struct Pairs<T>(PhantomData<T>);

    impl<'de, T: DeserializeOwned> Visitor<'de> for Pairs<T> {
        type Value = Vec<(String, T)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a map from names to values")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut pairs: Self::Value = Vec::new();
            while let Some((name, value)) = map.next_entry::<String, T>()? {
                if pairs.iter().any(|(other, _)| *other == name) {
                    return Err(A::Error::custom(format_args!("`{name}` is there twice")));
                }
                pairs.push((name, value));
            }
            Ok(pairs)
        }
    }

    deserializer.deserialize_map(Pairs(PhantomData))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Subscription, String> {
        serde_json::from_str(text).map_err(|error| error.to_string())
    }

    #[test]
    fn what_is_written_is_what_the_builder_says() {
        let written = read(
            r#"{"owner": "acct_1", "target": "https://example.com/hook", "events": ["payment.*", "ping"],
                "secrets": ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"], "dialect": "acme",
                "headers": {"x-b": "1", "x-a": "2"}, "method": "PUT", "rate_limit": 10, "concurrency": 4,
                "first_in_first_out": true, "stop_when_given_up": true, "sequence_numbers": true,
                "description": "the CRM", "labels": {"plan": "pro"}, "metadata": {"id": 7}}"#,
        );
        let built = Subscription::new("acct_1", "https://example.com/hook")
            .event("payment.*")
            .event("ping")
            .secret(Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a secret"))
            .dialect("acme")
            .header("x-b", "1")
            .header("x-a", "2")
            .method(Method::Put)
            .rate_limit(10)
            .concurrency(4)
            .first_in_first_out()
            .stop_when_given_up()
            .sequence_numbers()
            .description("the CRM")
            .label("plan", "pro")
            .metadata(serde_json::json!({ "id": 7 }));
        assert_eq!(written, Ok(built));
        let least = read(r#"{"owner": "a", "target": "https://example.com", "events": ["*"]}"#);
        assert_eq!(
            least,
            Ok(Subscription::new("a", "https://example.com").event("*"))
        );
    }

    #[test]
    fn what_is_missing_misspelt_or_of_a_wrong_type_is_refused() {
        let with = |field: &str| {
            read(&format!(
                r#"{{"owner": "a", "target": "https://b.example", "events": ["*"], {field}}}"#
            ))
        };
        for (field, text) in [
            (r#""event": "a""#, "unknown field `event`"),
            (r#""state": "active""#, "unknown field `state`"),
            (r#""events": ["a"]"#, "duplicate field"),
            (r#""headers": ["x-a"]"#, "a map"),
            (
                r#""headers": {"x-a": "1", "x-a": "2"}"#,
                "`x-a` is there twice",
            ),
            (
                r#""method": "put""#,
                "`put` is not an HTTP method; the methods are",
            ),
            (r#""rate_limit": -1"#, "-1"),
            (r#""concurrency": 70000"#, "70000"),
            (r#""secrets": [""]"#, "empty"),
            (r#""labels": {"a": 1}"#, "a string"),
        ] {
            let error = with(field).expect_err(field);
            assert!(error.contains(text), "{field}: {error}");
        }
        assert!(
            read(r#"{"owner": "a"}"#)
                .expect_err("no target")
                .contains("target")
        );
    }

    #[test]
    fn an_error_does_not_repeat_a_secret() {
        for secrets in [
            r#"["hunter2", 17, "hunter3"]"#,
            r#"[["hunter2"]]"#,
            r#"{"hunter2": 1}"#,
            r#"[{"a": "hunter2"}]"#,
        ] {
            let written = format!(
                r#"{{"owner": "a", "target": "https://b.example", "events": ["*"], "secrets": {secrets}}}"#
            );
            let error = read(&written).expect_err(secrets);
            assert!(!error.contains("hunter"), "{error}");
        }
    }
}
