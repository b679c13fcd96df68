//! Messages: found, sent, sent again, and their payloads removed.

use std::collections::BTreeMap;

use http::Method;
use serde::Serialize;
use webhooks_sender::Sent;
use webhooks_sender::id::{MessageId, SubscriptionId};
use webhooks_sender::job::{Job, ReplayId};
use webhooks_sender::query::{StoredDelivery, StoredMessage};

use super::Client;
use super::error::ClientError;
use super::filters::MessageList;
use super::listing::Listing;
use super::transport::Transport;
use crate::routes::jobs::{MessageReplay, MessageReplayed};
use crate::routes::messages::MessageRequest;

/// # Messages
impl<T: Transport> Client<T> {
    /// The messages, newest first.
    pub fn messages(&self, list: MessageList) -> Listing<StoredMessage, T> {
        self.list(&["messages"], list.into_pairs())
    }

    /// Sends a message to the subscriptions of one owner: for operators, with [`of`](Client::of).
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn send(
        &self,
        event: &str,
        payload: &(impl Serialize + Sync),
        labels: &[(&str, &str)],
    ) -> Result<Sent, ClientError> {
        let payload = serde_json::to_value(payload);
        let request = MessageRequest {
            event: event.to_owned(),
            payload: payload.map_err(|error| ClientError::Request(error.to_string()))?,
            labels: labels
                .iter()
                .map(|&(name, value)| (name.to_owned(), value.to_owned()))
                .collect::<BTreeMap<_, _>>(),
        };
        self.post(&["messages"]).json(&request)?.read().await
    }

    /// A message without its body.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn message(&self, id: &MessageId) -> Result<StoredMessage, ClientError> {
        self.get(&["messages", id.as_str()]).read().await
    }

    /// A message with its body, byte for byte, which takes the ability `payload`.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn message_with_payload(&self, id: &MessageId) -> Result<StoredMessage, ClientError> {
        let include = [("include", "payload".to_owned())];
        let call = self.get(&["messages", id.as_str()]);
        call.query(&include).read().await
    }

    /// The deliveries of a message: one for each subscription that wanted it.
    pub fn deliveries_of_message(&self, id: &MessageId) -> Listing<StoredDelivery, T> {
        self.list(&["messages", id.as_str(), "deliveries"], Vec::new())
    }

    /// Sends a message again to these subscriptions, under its old id, also where no delivery of it was ever made.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn replay_message_to(
        &self,
        id: &MessageId,
        subscriptions: &[SubscriptionId],
    ) -> Result<MessageReplayed, ClientError> {
        let replay = MessageReplay {
            subscriptions: Some(subscriptions.to_vec()),
            ids: None,
        };
        self.replayed(id, &replay).await
    }

    /// Sends a message again to all that want it, as a job.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn replay_message(
        &self,
        id: &MessageId,
        ids: ReplayId,
    ) -> Result<MessageReplayed, ClientError> {
        let replay = MessageReplay {
            subscriptions: None,
            ids: Some(ids),
        };
        self.replayed(id, &replay).await
    }

    async fn replayed(
        &self,
        id: &MessageId,
        replay: &MessageReplay,
    ) -> Result<MessageReplayed, ClientError> {
        let call = self.post(&["messages", id.as_str(), "replay"]);
        call.json(replay)?.read().await
    }

    /// Removes the payload of a message for good, as a job: for operators.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn erase_payload(&self, id: &MessageId) -> Result<Job, ClientError> {
        let call = self.call(Method::DELETE, &["messages", id.as_str(), "payload"]);
        call.read().await
    }
}
