//! What takes the place of an algorithm whose feature is off: its schemes load, its keys are refused.
//!
//! The types have no value, so that the rest of the crate needs no `cfg`.

#[cfg(not(feature = "ed25519"))]
use super::effort::Effort;
use super::form::KeyForm;
use crate::error::SecretError;
use crate::few::Few;
use crate::secret::Secret;
use crate::signature_bytes::SignatureBytes;
use crate::template::Base;

macro_rules! unsupported {
    ($algorithm:ident, $feature:literal, $sign_text:ident, { $($more:tt)* } $(, $effort:ident)?) => {
        #[cfg(not(feature = $feature))]
        pub(super) mod $algorithm {
            use super::{Base, Few, KeyForm, Secret, SecretError, SignatureBytes};

            const MISSING: SecretError = SecretError::FeatureMissing { feature: $feature };

            pub(crate) enum Public {}

            impl Public {
                pub(crate) fn new(_: &KeyForm, _: &Secret) -> Result<Self, SecretError> {
                    Err(MISSING)
                }

                pub(crate) fn accepts(
                    &self,
                    _: &Base<'_>,
                    _: &Few<SignatureBytes>,
                    $(_: &mut super::$effort,)?
                ) -> bool {
                    match *self {}
                }

                $($more)*
            }

            pub(crate) enum Private {}

            impl Private {
                pub(crate) fn $sign_text(&self, _: &[u8]) -> Vec<u8> {
                    match *self {}
                }
            }

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

unsupported!(ecdsa, "ecdsa", sign_fixed, {
    pub(crate) fn coordinates(&self) -> ([u8; 32], [u8; 32]) {
        match *self {}
    }

    pub(crate) fn accepts_fixed(&self, _: &[u8], _: &[u8]) -> bool {
        match *self {}
    }
});
unsupported!(
    ed25519,
    "ed25519",
    sign_text,
    {
        pub(crate) fn bytes(&self) -> &[u8; 32] {
            match *self {}
        }

        pub(crate) fn accepts_text(&self, _: &[u8], _: &[u8]) -> bool {
            match *self {}
        }
    },
    Effort
);
