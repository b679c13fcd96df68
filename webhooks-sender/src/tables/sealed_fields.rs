//! What of a subscription is secret, and how it is written before it is sealed.

use serde::{Deserialize, Serialize};
use webhooks_signature::Secret;

use crate::client::{ClientCertificate, whole_certificate};
use crate::model::{Authentication, Settings, whole_authentication};

/// A secret with the time until which it is used together with newer ones.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct StoredSecret {
    pub(crate) secret: Secret,
    pub(crate) until_ms: Option<i64>,
}

/// What of a subscription is secret.
#[derive(Debug, Clone, PartialEq, Default)]
pub(crate) struct SealedFields {
    pub(crate) secrets: Vec<StoredSecret>,
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) authentication: Option<Authentication>,
    pub(crate) client_certificate: Option<ClientCertificate>,
}

impl SealedFields {
    pub(crate) fn of(secrets: &[StoredSecret], settings: &Settings) -> Self {
        Self {
            secrets: secrets.to_vec(),
            headers: settings.headers.clone(),
            authentication: settings.authentication.clone(),
            client_certificate: settings.client_certificate.clone(),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct SerializedFields<'s> {
    secrets: Vec<SerializedSecret<'s>>,
    #[serde(default, skip_serializing_if = "<[_]>::is_empty")]
    headers: std::borrow::Cow<'s, [(String, String)]>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "whole_authentication"
    )]
    authentication: Option<Authentication>,
    #[serde(
        default,
        skip_serializing_if = "Option::is_none",
        serialize_with = "whole_certificate"
    )]
    client_certificate: Option<ClientCertificate>,
}

#[derive(Serialize, Deserialize)]
struct SerializedSecret<'s> {
    #[serde(rename = "s")]
    secret: std::borrow::Cow<'s, str>,
    #[serde(rename = "u", default, skip_serializing_if = "Option::is_none")]
    until_ms: Option<i64>,
}

impl SealedFields {
    /// As it is written before it is sealed.
    pub(super) fn written(&self) -> Vec<u8> {
        let secrets = self.secrets.iter().map(|secrets| SerializedSecret {
            secret: secrets.secret.expose().into(),
            until_ms: secrets.until_ms,
        });
        let written = SerializedFields {
            secrets: secrets.collect(),
            headers: self.headers.as_slice().into(),
            authentication: self.authentication.clone(),
            client_certificate: self.client_certificate.clone(),
        };
        serde_json::to_vec(&written).expect("texts and numbers are always JSON")
    }

    pub(super) fn read(text: &[u8]) -> Option<Self> {
        let written: SerializedFields<'_> = serde_json::from_slice(text).ok()?;
        let secrets = written.secrets.into_iter().map(|one| {
            Some(StoredSecret {
                secret: Secret::new(one.secret).ok()?,
                until_ms: one.until_ms,
            })
        });
        Some(Self {
            secrets: secrets.collect::<Option<_>>()?,
            headers: written.headers.into_owned(),
            authentication: written.authentication,
            client_certificate: written.client_certificate,
        })
    }
}
