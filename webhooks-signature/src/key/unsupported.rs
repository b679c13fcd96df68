//! What takes the place of an algorithm whose feature is off: its schemes load, its keys are refused.
//!
//! The types have no value, so that the rest of the crate needs no `cfg`.

use super::form::KeyForm;
use crate::error::SecretError;
use crate::secret::Secret;
use crate::signature_bytes::SignatureBytes;
use crate::template::Base;

macro_rules! unsupported {
    ($algorithm:ident, $feature:literal) => {
        #[cfg(not(feature = $feature))]
        pub(super) mod $algorithm {
            use super::{Base, KeyForm, Secret, SecretError, SignatureBytes};

            const MISSING: SecretError = SecretError::FeatureMissing { feature: $feature };

            pub(crate) enum Public {}

            impl Public {
                pub(crate) fn new(_: &KeyForm, _: &Secret) -> Result<Self, SecretError> {
                    Err(MISSING)
                }

                pub(crate) fn accepts(&self, _: &Base<'_>, _: &[SignatureBytes]) -> bool {
                    match *self {}
                }
            }

            pub(crate) enum Private {}

            impl Private {
                pub(crate) fn new(_: &KeyForm, _: &Secret) -> Result<Self, SecretError> {
                    Err(MISSING)
                }

                pub(crate) fn sign(&self, _: &Base<'_>) -> Vec<u8> {
                    match *self {}
                }
            }
        }
    };
}

unsupported!(ecdsa, "ecdsa");
unsupported!(ed25519, "ed25519");
