//! Everything that differs between two installations, from the environment. What is wrong is said in one text.

use std::fmt;
use std::net::SocketAddr;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use webhooks_sender::subscription::SealingKey;
use webhooks_sender::target::TargetPolicy;

use crate::accounts::Tokens;

/// The variables that the program reads; a test compares the files of `deploy/` with them.
pub const VARIABLES: [&str; 7] = [
    "API_TOKENS",
    "DATABASE_URL",
    "LISTEN",
    "METRICS_LISTEN",
    "RUST_LOG",
    "SEALING_KEYS",
    "TARGETS",
];

/// The settings of a process.
#[derive(Debug, Clone)]
pub struct Config {
    /// `postgres://..` or `sqlite://..`.
    pub database_url: String,
    /// The first one encrypts, all decrypt.
    pub sealing_keys: Vec<SealingKey>,
    /// Who may ask.
    pub tokens: Tokens,
    /// Where the API listens.
    pub listen: SocketAddr,
    /// Where Prometheus asks: reachable for it, and not from outside.
    pub metrics_listen: SocketAddr,
    /// Which targets customers can name.
    pub targets: TargetPolicy,
}

/// What is wrong with the environment, a line for each variable. It holds no value of a secret.
#[derive(Debug, PartialEq, Eq)]
pub struct ConfigError(pub Vec<String>);

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the environment is not complete:\n  {}",
            self.0.join("\n  ")
        )
    }
}

impl std::error::Error for ConfigError {}

impl Config {
    /// Reads the settings from `variable`.
    ///
    /// # Errors
    ///
    /// When something is missing or cannot be read.
    pub fn read(variable: impl Fn(&str) -> Option<String>) -> Result<Self, ConfigError> {
        let mut problems = Vec::new();
        let mut required = |name: &str, what: &str| {
            let value = variable(name).filter(|value| !value.is_empty());
            value.unwrap_or_else(|| {
                problems.push(format!("{name} is missing: {what}"));
                String::new()
            })
        };
        let database_url = required(
            "DATABASE_URL",
            "postgres://user@host/database or sqlite://file.db",
        );
        let keys = required(
            "SEALING_KEYS",
            "2026-11=BASE64 of 32 random bytes; older keys behind a comma",
        );
        let tokens = required("API_TOKENS", "acct_1=TOKEN,acct_2=TOKEN,operator=TOKEN");
        let sealing_keys = sealing_keys(&keys).unwrap_or_else(|problem| {
            problems.push(format!("SEALING_KEYS: {problem}"));
            Vec::new()
        });
        let mut address = |name: &str, usual: &str| {
            let text = variable(name).unwrap_or_else(|| usual.to_owned());
            text.parse().unwrap_or_else(|_| {
                problems.push(format!(
                    "{name} is `{text}`, which is not an address such as {usual}"
                ));
                SocketAddr::from(([127, 0, 0, 1], 0))
            })
        };
        let (listen, metrics_listen) = (
            address("LISTEN", "127.0.0.1:8000"),
            address("METRICS_LISTEN", "127.0.0.1:9464"),
        );
        let targets = match variable("TARGETS").as_deref() {
            None | Some("public") => TargetPolicy::default(),
            Some("development") => TargetPolicy::development(),
            Some(other) => {
                problems.push(format!(
                    "TARGETS is `{other}`; write `public` or `development`"
                ));
                TargetPolicy::default()
            }
        };
        if !problems.is_empty() {
            return Err(ConfigError(problems));
        }
        Ok(Self {
            database_url,
            sealing_keys,
            tokens: Tokens::read(&tokens),
            listen,
            metrics_listen,
            targets,
        })
    }
}

/// `id=base64,id=base64`: a new key is put first, and the old one stays until everything has been sealed anew.
fn sealing_keys(text: &str) -> Result<Vec<SealingKey>, String> {
    let entries = text.split(',').filter(|entry| !entry.is_empty());
    let keys = entries.map(|entry| {
        let (id, key) = entry.split_once('=').ok_or("write `id=base64`")?;
        let bytes = BASE64_STANDARD.decode(key.trim());
        let bytes = bytes.map_err(|_| format!("the key `{id}` is not base64"))?;
        let bytes: [u8; 32] = bytes.try_into().map_err(|_| {
            format!("the key `{id}` has not 32 bytes; make one with `openssl rand -base64 32`")
        })?;
        Ok(SealingKey::new(id.trim(), bytes))
    });
    keys.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(pairs: &[(&str, &str)]) -> Result<Config, ConfigError> {
        Config::read(|name| {
            let found = pairs.iter().find(|(other, _)| *other == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    const KEY: &str = "2026-11=AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

    #[test]
    fn everything_that_is_missing_is_said_in_one_text() {
        let error = read(&[("LISTEN", "here"), ("TARGETS", "all")]).expect_err("nothing is given");
        let text = error.to_string();
        for name in [
            "DATABASE_URL",
            "SEALING_KEYS",
            "API_TOKENS",
            "LISTEN",
            "TARGETS",
        ] {
            assert!(text.contains(name), "{text}");
        }
    }

    #[test]
    fn a_key_that_is_too_short_is_refused_without_showing_it() {
        let given = [
            ("DATABASE_URL", "sqlite://a.db"),
            ("API_TOKENS", "a=b"),
            ("SEALING_KEYS", "k=c2VjcmV0"),
        ];
        let text = read(&given).expect_err("six bytes").to_string();
        assert!(
            text.contains("32 bytes") && !text.contains("c2VjcmV0"),
            "{text}"
        );
    }

    #[test]
    fn the_first_of_several_keys_encrypts() {
        let older = format!("{KEY},{}", KEY.replace("2026-11", "2025-06"));
        let given = [
            ("DATABASE_URL", "sqlite://a.db"),
            ("API_TOKENS", "a=b"),
            ("SEALING_KEYS", older.as_str()),
        ];
        let keys = read(&given).expect("complete").sealing_keys;
        assert!(format!("{:?}", keys[0]).contains("2026-11"), "{keys:?}");
        assert_eq!(keys.len(), 2);
    }
}
