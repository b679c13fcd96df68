//! The events that can be subscribed to.

use serde_json::Value;

use super::Client;
use super::error::ClientError;
use super::transport::Transport;
use crate::routes::events::{Event, Events};

/// # Events
impl<T: Transport> Client<T> {
    /// The events that a subscription can name, without their schemas.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn events(&self) -> Result<Vec<Event>, ClientError> {
        let events: Events = self.get(&["events"]).read().await?;
        Ok(events.data)
    }

    /// An event with the JSON Schema of its payload, and an example.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn event(&self, name: &str) -> Result<Event, ClientError> {
        self.get(&["events", name]).read().await
    }

    /// The newest bodies of an event, or its example.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn event_samples(&self, name: &str) -> Result<Vec<Value>, ClientError> {
        self.get(&["events", name, "samples"]).read().await
    }
}
