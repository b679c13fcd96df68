//! Tokens and Basic credentials, compared as SHA-256 digests.
//!
//! Digests have one length, so that the comparison tells nothing about the secret's length, and the verifier
//! holds no credential that could leak.

use crate::few::Few;
use crate::signature_bytes::SignatureBytes;

pub(crate) struct ExpectedToken {
    digest: SignatureBytes,
}

impl ExpectedToken {
    pub(crate) fn new(secret: &[u8]) -> Self {
        Self {
            digest: SignatureBytes::digest_of(secret),
        }
    }

    pub(crate) fn equals_any(&self, candidates: &Few<SignatureBytes>) -> bool {
        self.digest.equals_any(candidates.iter())
    }
}
