//! Plain SHA-256 over a text that contains the secret (HubSpot v1 and v2).

use sha2::{Digest as _, Sha256};
use zeroize::Zeroizing;

use crate::signature_bytes::SignatureBytes;
use crate::template::Base;

pub(crate) struct Digest {
    secret: Zeroizing<Vec<u8>>,
}

impl Digest {
    pub(crate) fn new(secret: Zeroizing<Vec<u8>>) -> Self {
        Self { secret }
    }

    pub(crate) fn sign(&self, base: &Base<'_>) -> SignatureBytes {
        let mut state = Sha256::new();
        base.write(&self.secret, &mut |bytes| state.update(bytes));
        SignatureBytes::new(&state.finalize())
    }
}
