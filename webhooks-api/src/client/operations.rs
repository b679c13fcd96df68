//! What is for those who run the service, and what every caller may see.

use http::StatusCode;
use serde_json::Value;
use webhooks_sender::query::{AuditEntry, QueueStats};

use super::Client;
use super::error::ClientError;
use super::filters::AuditList;
use super::listing::Listing;
use super::transport::Transport;
use crate::routes::queue::Health;
use crate::sources::Sources;

/// # Running the service
impl<T: Transport> Client<T> {
    /// Who changed what, newest first.
    pub fn audit(&self, list: AuditList) -> Listing<AuditEntry, T> {
        self.list(&["audit"], list.into_pairs())
    }

    /// How the queue of deliveries stands: for operators.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn queue(&self) -> Result<QueueStats, ClientError> {
        self.get(&["queue"]).read().await
    }

    /// Whether deliveries are made: for operators. A service that is not well answers all the same, with
    /// [`ok`](Health::ok) false.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn health(&self) -> Result<Health, ClientError> {
        let call = self.get(&["health"]).also(StatusCode::SERVICE_UNAVAILABLE);
        call.read().await
    }
}

/// # What every caller may see
impl<T: Transport> Client<T> {
    /// The addresses from which requests come.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn sources(&self) -> Result<Sources, ClientError> {
        self.get(&["sources"]).read().await
    }

    /// The service's public keys, as a JSON Web Key Set (RFC 7517).
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn public_keys(&self) -> Result<Value, ClientError> {
        self.get(&["keys"]).read().await
    }

    /// The OpenAPI document of the API.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn document(&self) -> Result<Value, ClientError> {
        self.get(&["openapi.json"]).read().await
    }
}
