//! What stands in for ECDSA when the feature `ecdsa` is off: schemes load, keys are refused.

use super::form::KeyForm;
use crate::{candidate::Candidate, error::SecretError, secret::Secret, template::Base};

const MISSING: SecretError = SecretError::FeatureMissing { feature: "ecdsa" };

/// Never made.
pub(crate) enum Public {}

impl Public {
    pub(crate) fn new(_: &KeyForm, _: &Secret) -> Result<Self, SecretError> {
        Err(MISSING)
    }

    pub(crate) fn accepts(&self, _: &Base<'_>, _: &[Candidate]) -> bool {
        match *self {}
    }
}

/// Never made.
pub(crate) enum Private {}

impl Private {
    pub(crate) fn new(_: &KeyForm, _: &Secret) -> Result<Self, SecretError> {
        Err(MISSING)
    }

    pub(crate) fn sign(&self, _: &Base<'_>) -> Vec<u8> {
        match *self {}
    }
}
