//! Public keys as JSON Web Keys (RFC 7517), to publish them and to read what others publish.
//!
//! Only public keys: a private member is dropped when a key is read, and nothing here writes one. A private key in this
//! form is a [`Secret`] whose text is the JWK.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error as _};
use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};

use crate::algorithm::Algorithm;
use crate::error::SecretError;
use crate::key::jwk::{JwkKey, encode};
use crate::key::{KeyForm, PublicKey};
use crate::secret::{PRIVATE, PUBLIC, SHARED, Secret, without_version};

/// Members that hold secrets: of all key types of RFC 7518 and RFC 8037.
const PRIVATE_MEMBERS: [&str; 8] = ["d", "k", "p", "q", "dp", "dq", "qi", "oth"];
/// Members of which the key itself consists.
const KEY_MEMBERS: [&str; 4] = ["kty", "crv", "x", "y"];

/// A public key as a JSON Web Key: Ed25519 (RFC 8037) or P-256 (RFC 7518).
///
/// Other members (`kid`, `use`, `key_ops`, `alg` and those of a profile) are kept as they are, private ones excepted.
///
/// ```
/// use webhooks_signature::{Jwk, JwkSet, Secret};
///
/// let private = Secret::generate_ed25519()?;
/// let jwk = Jwk::public_half_of(&private)?;
/// // The key id is the thumbprint (RFC 7638) until another one is set.
/// assert_eq!(jwk.kid(), Some(jwk.thumbprint().as_str()));
///
/// // What a sender serves at its `jwks_uri`.
/// let document = serde_json::to_string(&JwkSet::new([jwk]))?;
/// // What a receiver reads there.
/// let set: JwkSet = serde_json::from_str(&document)?;
/// assert_eq!(set.keys().len(), 1);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Jwk {
    key: Point,
    members: Map<String, Value>,
}

#[derive(Clone, PartialEq, Eq)]
enum Point {
    Ed25519([u8; 32]),
    P256 { x: [u8; 32], y: [u8; 32] },
}

impl Jwk {
    /// The public key of a key pair: of a private key (`whsk_`, PKCS#8, a JWK), or the public key itself in another form
    /// (`whpk_`, SPKI, a JWK).
    ///
    /// # Errors
    /// For a shared secret, which has no public half, and for a text that is not a key.
    pub fn public_half_of(secret: &Secret) -> Result<Self, SecretError> {
        let text = without_version(secret.expose());
        if text.starts_with(SHARED) {
            return Err(SecretError::WrongKind {
                expected: "a key pair (`whsk_`, `whpk_`)",
                found: SHARED,
            });
        }
        let ed25519 = || {
            PublicKey::new(Algorithm::Ed25519, &KeyForm::WHPK, secret).map(|key| match key {
                PublicKey::Ed25519(bytes) => Point::Ed25519(bytes),
                PublicKey::P256(x, y) => Point::P256 { x, y },
            })
        };
        let key = if [PRIVATE, PUBLIC]
            .iter()
            .any(|prefix| text.starts_with(prefix))
        {
            ed25519()?
        } else {
            match PublicKey::new(Algorithm::EcdsaP256Sha256, &KeyForm::SpkiBase64, secret) {
                Ok(PublicKey::P256(x, y)) => Point::P256 { x, y },
                Ok(PublicKey::Ed25519(bytes)) => Point::Ed25519(bytes),
                Err(_) => ed25519()?,
            }
        };
        let mut jwk = Self {
            key,
            members: Map::new(),
        };
        let kid = jwk.thumbprint();
        jwk.members.insert("kid".to_owned(), kid.into());
        jwk.members.insert("use".to_owned(), "sig".into());
        jwk.members.insert("alg".to_owned(), jwk.alg().into());
        Ok(jwk)
    }

    /// Sets the key id.
    pub fn with_kid(mut self, kid: impl Into<String>) -> Self {
        self.members
            .insert("kid".to_owned(), Value::String(kid.into()));
        self
    }

    /// The key id, if it has one.
    pub fn kid(&self) -> Option<&str> {
        self.member("kid")
    }

    /// A member that is a text and not part of the key itself, such as `use` or one of a profile.
    pub fn member(&self, name: &str) -> Option<&str> {
        self.members.get(name).and_then(Value::as_str)
    }

    /// The thumbprint (RFC 7638): SHA-256 of the required members, in base64url.
    pub fn thumbprint(&self) -> String {
        // Required members in the order of their names, without white space; nothing in them needs an escape.
        let text = match &self.key {
            Point::Ed25519(x) => format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, encode(x)),
            Point::P256 { x, y } => format!(
                r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#,
                encode(x),
                encode(y)
            ),
        };
        encode(&Sha256::digest(text))
    }

    /// The algorithm of signatures under this key.
    pub fn algorithm(&self) -> Algorithm {
        match self.key {
            Point::Ed25519(_) => Algorithm::Ed25519,
            Point::P256 { .. } => Algorithm::EcdsaP256Sha256,
        }
    }

    /// Whether the key is meant for verifying signatures: `use` is `sig` or absent, `key_ops` holds `verify` or is absent
    /// (RFC 7517 sections 4.2 and 4.3).
    pub fn verifies(&self) -> bool {
        let is_for_signatures = self.members.get("use").is_none_or(|value| value == "sig");
        let operations = self.members.get("key_ops");
        is_for_signatures
            && operations.is_none_or(|value| {
                let list = value.as_array();
                list.is_some_and(|list| list.iter().any(|one| one == "verify"))
            })
    }

    fn alg(&self) -> &'static str {
        match self.key {
            Point::Ed25519(_) => "EdDSA",
            Point::P256 { .. } => "ES256",
        }
    }
}

impl From<&Jwk> for Secret {
    /// The key to verify with, under any scheme of its [algorithm](Jwk::algorithm).
    fn from(jwk: &Jwk) -> Self {
        let members = match &jwk.key {
            Point::Ed25519(x) => format!(r#""kty":"OKP","crv":"Ed25519","x":"{}""#, encode(x)),
            Point::P256 { x, y } => format!(
                r#""kty":"EC","crv":"P-256","x":"{}","y":"{}""#,
                encode(x),
                encode(y)
            ),
        };
        Self::written(format!("{{{members}}}"))
    }
}

impl fmt::Debug for Jwk {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Jwk")
            .field("algorithm", &self.algorithm())
            .field("kid", &self.kid())
            .finish_non_exhaustive()
    }
}

impl Point {
    fn write<M: SerializeMap>(&self, map: &mut M) -> Result<(), M::Error> {
        match self {
            Self::Ed25519(x) => {
                map.serialize_entry("kty", "OKP")?;
                map.serialize_entry("crv", "Ed25519")?;
                map.serialize_entry("x", &encode(x))
            }
            Self::P256 { x, y } => {
                map.serialize_entry("kty", "EC")?;
                map.serialize_entry("crv", "P-256")?;
                map.serialize_entry("x", &encode(x))?;
                map.serialize_entry("y", &encode(y))
            }
        }
    }
}

impl Serialize for Jwk {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        self.key.write(&mut map)?;
        for (name, value) in &self.members {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl<'de> Deserialize<'de> for Jwk {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let mut members = Map::deserialize(deserializer)
            .map_err(|_| D::Error::custom("a JSON Web Key must be an object"))?;
        for name in PRIVATE_MEMBERS {
            members.remove(name);
        }
        let key = match JwkKey::from_json(&Value::Object(members.clone()).to_string()) {
            Ok(JwkKey::Ed25519 { public, .. }) => Point::Ed25519(public),
            Ok(JwkKey::P256 { x, y, .. }) => Point::P256 { x, y },
            Ok(JwkKey::Shared(_)) | Err(_) => {
                return Err(D::Error::custom(
                    "the JSON Web Key is not a public key of Ed25519 or P-256",
                ));
            }
        };
        members.retain(|name, _| !KEY_MEMBERS.contains(&name.as_str()));
        Ok(Self { key, members })
    }
}

/// A set of public keys (RFC 7517 section 5): `{"keys": [..]}`, as it is served at a `jwks_uri`.
///
/// Keys of other types are left out when a set is read, as section 5 recommends.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JwkSet {
    keys: Vec<Jwk>,
}

impl JwkSet {
    /// A set of these keys.
    pub fn new(keys: impl IntoIterator<Item = Jwk>) -> Self {
        Self {
            keys: keys.into_iter().collect(),
        }
    }

    /// The keys.
    pub fn keys(&self) -> &[Jwk] {
        &self.keys
    }

    /// The key with this id.
    pub fn find(&self, kid: &str) -> Option<&Jwk> {
        self.keys.iter().find(|jwk| jwk.kid() == Some(kid))
    }

    /// The keys of one algorithm that are meant for verifying, as a scheme takes them:
    /// `Scheme::STANDARD_WEBHOOKS_ED25519.verifier(set.secrets(Algorithm::Ed25519))`.
    pub fn secrets(&self, algorithm: Algorithm) -> Vec<Secret> {
        let keys = self.keys.iter();
        keys.filter(|jwk| jwk.algorithm() == algorithm && jwk.verifies())
            .map(Secret::from)
            .collect()
    }
}

impl Serialize for JwkSet {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(1))?;
        map.serialize_entry("keys", &self.keys)?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for JwkSet {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(serde::Deserialize)]
        struct Members {
            keys: Vec<Value>,
        }
        let Members { keys } = Members::deserialize(deserializer)
            .map_err(|_| D::Error::custom("a set of keys is an object with the list `keys`"))?;
        let keys = keys.into_iter();
        Ok(Self {
            keys: keys.filter_map(|key| Jwk::deserialize(key).ok()).collect(),
        })
    }
}
