//! What is taken as a secret.

use webhooks_signature::{Secret, SecretError};

/// A text that is taken as a secret, or a [`Secret`] that was made before.
pub trait IntoSecret {
    /// The secret.
    ///
    /// # Errors
    ///
    /// When it is empty.
    fn into_secret(self) -> Result<Secret, SecretError>;
}

impl IntoSecret for &str {
    fn into_secret(self) -> Result<Secret, SecretError> {
        Secret::new(self)
    }
}

impl IntoSecret for String {
    fn into_secret(self) -> Result<Secret, SecretError> {
        Secret::new(self)
    }
}

impl IntoSecret for Secret {
    fn into_secret(self) -> Result<Secret, SecretError> {
        Ok(self)
    }
}
