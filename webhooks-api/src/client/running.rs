//! For those who run the sender: owners, processes, keys, and what holds all deliveries back.

use http::Method;
use serde_json::Value;
use webhooks_sender::query::{OwnerTotals, PauseOfAll, Processes, SealingKeyUse};

use super::Client;
use super::error::ClientError;
use super::listing::Listing;
use super::transport::Transport;
use crate::routes::pause::Pause;
use crate::routes::running::SealingKeys;

/// # Running the sender
impl<T: Transport> Client<T> {
    /// Who has subscriptions, by name.
    pub fn owners(&self) -> Listing<OwnerTotals, T> {
        self.list(&["owners"], Vec::new())
    }

    /// Which processes make deliveries.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn processes(&self) -> Result<Processes, ClientError> {
        self.get(&["processes"]).read().await
    }

    /// The ids of the keys that seal secrets, and how much each has sealed.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn sealing_keys(&self) -> Result<Vec<SealingKeyUse>, ClientError> {
        let keys: SealingKeys = self.get(&["sealing-keys"]).read().await?;
        Ok(keys.data)
    }

    /// The subscriptions of the configuration, and how what is stored differs from it.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn static_subscriptions(&self) -> Result<Value, ClientError> {
        self.get(&["static-subscriptions"]).read().await
    }

    /// How long things are kept, in seconds.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn retention(&self) -> Result<Value, ClientError> {
        self.get(&["retention"]).read().await
    }

    /// Whether all deliveries are held back; none where they are not.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn pause_of_all(&self) -> Result<Option<PauseOfAll>, ClientError> {
        let pause: Pause = self.get(&["pause"]).read().await?;
        Ok(pause.pause)
    }

    /// Holds all deliveries back, those of every owner. Refused where the client acts for [one](Client::of).
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn pause_all(&self) -> Result<(), ClientError> {
        self.post(&["pause"]).done().await
    }

    /// Lets deliveries go on.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn resume_all(&self) -> Result<(), ClientError> {
        self.call(Method::DELETE, &["pause"]).done().await
    }
}
