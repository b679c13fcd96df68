//! A certificate with which the sender proves to a target who it is.

use std::fmt;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::CertifiedKey;
use schemars::JsonSchema;
use serde::ser::SerializeMap as _;
use serde::{Deserialize, Serializer};

/// A certificate with its private key, both in PEM, for a target that asks its clients for one (mutual TLS).
///
/// It is stored with the secrets, sealed when the sender has a [key](crate::SenderBuilder::seal_with), and never shown
/// again. Each certificate has connections of its own.
#[derive(Clone, PartialEq, Eq, Hash, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(
    description = "A certificate with its private key, both in PEM, for a target that asks its clients for one."
)]
pub struct ClientCertificate {
    /// The certificate, followed by those that lead to the authority that the target trusts.
    pub(crate) certificate: String,
    /// Its private key.
    pub(crate) key: String,
}

impl ClientCertificate {
    /// From the texts of two PEM files: the certificate with those that lead to its authority, and its private key.
    pub fn pem(certificate: impl Into<String>, key: impl Into<String>) -> Self {
        Self {
            certificate: certificate.into(),
            key: key.into(),
        }
    }

    /// What cannot work, as text for a person.
    pub(crate) fn problem(&self) -> Option<&'static str> {
        self.certified_key().err()
    }

    pub(super) fn certified_key(&self) -> Result<Arc<CertifiedKey>, &'static str> {
        let certificates = CertificateDer::pem_slice_iter(self.certificate.as_bytes())
            .collect::<Result<Vec<_>, _>>()
            .ok()
            .filter(|certificates| !certificates.is_empty());
        let certificates =
            certificates.ok_or("its client certificate is not a certificate in PEM")?;
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes())
            .map_err(|_| "the key of its client certificate is not a private key in PEM")?;
        let provider = rustls::crypto::ring::default_provider();
        CertifiedKey::from_der(certificates, key, &provider)
            .map(Arc::new)
            .map_err(|_| "the key of its client certificate is not that of the certificate")
    }

    /// Everything, to be sealed.
    pub(crate) fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        map.serialize_entry("certificate", &self.certificate)?;
        map.serialize_entry("key", &self.key)?;
        map.end()
    }
}

/// Everything of one that is there.
#[expect(clippy::ref_option, reason = "serde passes fields by reference")]
pub(crate) fn whole_certificate<S: Serializer>(
    value: &Option<ClientCertificate>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    match value {
        Some(value) => value.serialize(serializer),
        None => serializer.serialize_none(),
    }
}

impl fmt::Debug for ClientCertificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ClientCertificate").finish_non_exhaustive()
    }
}
