//! Subscriptions: made, read, changed, switched, tested and removed.

use std::time::{Duration, SystemTime};

use http::{HeaderValue, Method, header};
use serde::de::DeserializeOwned;
use serde_json::Value;
use webhooks_sender::id::{MessageId, SubscriptionId};
use webhooks_sender::query::{Attempt, MissedMessage, Poll, PollAnswer};
use webhooks_sender::subscription::{StoredSubscription, Subscribed};
use webhooks_sender::{Secret, SubscriptionRequest};

use super::Client;
use super::call::{Call, read};
use super::error::ClientError;
use super::filters::{SubscriptionList, time};
use super::listing::Listing;
use super::tagged::WithTag;
use super::transport::Transport;
use crate::routes::subscription_patch::SubscriptionPatch;
use crate::routes::switching::{NewSecret, Rotation, TestRequest, TestSent};
use crate::routes::targets::Target;

/// # Subscriptions
impl<T: Transport> Client<T> {
    /// The subscriptions, in the order in which they were made.
    pub fn subscriptions(&self, list: SubscriptionList) -> Listing<StoredSubscription, T> {
        self.list(&["subscriptions"], list.into_pairs())
    }

    /// Makes a subscription. Its secret is shown only now.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn create_subscription(
        &self,
        wanted: &SubscriptionRequest,
    ) -> Result<Subscribed, ClientError> {
        self.post(&["subscriptions"]).json(wanted)?.read().await
    }

    /// A subscription, with the tag for a change. Values of headers are empty: they are never shown.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn subscription(
        &self,
        id: &SubscriptionId,
    ) -> Result<WithTag<StoredSubscription>, ClientError> {
        tagged(self.get(&["subscriptions", id.as_str()])).await
    }

    /// Changes a subscription. With the [tag](WithTag::tag) of what was read, a change that another one has overtaken is
    /// refused; without one it is applied to what is there then.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn change_subscription(
        &self,
        id: &SubscriptionId,
        patch: &SubscriptionPatch,
        tag: Option<&HeaderValue>,
    ) -> Result<WithTag<StoredSubscription>, ClientError> {
        let call = self.call(Method::PATCH, &["subscriptions", id.as_str()]);
        tagged(if_match(call, tag).json(patch)?).await
    }

    /// Acknowledges what came before, and fetches the messages that wait for a subscription with the target `poll`.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn poll(&self, id: &SubscriptionId, poll: &Poll) -> Result<PollAnswer, ClientError> {
        let call = self.post(&["subscriptions", id.as_str(), "poll"]);
        call.json(poll)?.read().await
    }

    /// Removes a subscription; what waits for it is cancelled. The tag counts as in a change.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn remove_subscription(
        &self,
        id: &SubscriptionId,
        tag: Option<&HeaderValue>,
    ) -> Result<(), ClientError> {
        let call = self.call(Method::DELETE, &["subscriptions", id.as_str()]);
        if_match(call, tag).done().await
    }

    /// Keeps a subscription under a key of the application's own: makes it the first time, and later changes what
    /// differs. Sent again it changes nothing. For operators, with [`of`](Client::of). The tag counts as in a change.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn keep_subscription(
        &self,
        key: &str,
        wanted: &SubscriptionRequest,
        tag: Option<&HeaderValue>,
    ) -> Result<WithTag<Subscribed>, ClientError> {
        let call = self.call(Method::PUT, &["subscriptions-by-key", key]);
        tagged(if_match(call, tag).json(wanted)?).await
    }

    /// Whether a subscription could have this target, and as what it would be stored. Nothing is requested.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn check_target(&self, target: &str) -> Result<String, ClientError> {
        let asked = Target {
            target: target.to_owned(),
        };
        let call = self.post(&["targets", "check"]).json(&asked)?;
        let Target { target } = call.read().await?;
        Ok(target)
    }

    /// What a subscription can be: protocols, patterns, proofs of a target, limits.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn subscription_features(&self) -> Result<Value, ClientError> {
        self.call(Method::OPTIONS, &["subscriptions"]).read().await
    }

    /// Pauses a subscription: messages are kept for it.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn pause(&self, id: &SubscriptionId) -> Result<(), ClientError> {
        self.post(&["subscriptions", id.as_str(), "pause"])
            .done()
            .await
    }

    /// Activates a subscription.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn activate(&self, id: &SubscriptionId) -> Result<(), ClientError> {
        self.post(&["subscriptions", id.as_str(), "activate"])
            .done()
            .await
    }

    /// Makes a new secret, shown only now. For the grace, in whole seconds, the old ones sign as well; a day where none is named.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn rotate_secret(
        &self,
        id: &SubscriptionId,
        grace: Option<Duration>,
    ) -> Result<Secret, ClientError> {
        let rotation = Rotation {
            grace_seconds: grace.map(|grace| grace.as_secs()),
        };
        let call = self.post(&["subscriptions", id.as_str(), "rotate-secret"]);
        let made: NewSecret = call.json(&rotation)?.read().await?;
        Secret::new(made.secret).map_err(|error| ClientError::Unreadable(error.to_string()))
    }

    /// Ends the grace of older secrets: only the newest one signs from now on.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn end_grace(&self, id: &SubscriptionId) -> Result<(), ClientError> {
        self.post(&["subscriptions", id.as_str(), "end-grace"])
            .done()
            .await
    }

    /// Sends `webhooks.test` to a subscription, or the example of an event. The answer is the id of the message.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn test_subscription(
        &self,
        id: &SubscriptionId,
        event: Option<&str>,
    ) -> Result<MessageId, ClientError> {
        let request = TestRequest {
            event: event.map(str::to_owned),
            payload: None,
        };
        let call = self.post(&["subscriptions", id.as_str(), "test"]);
        let sent: TestSent = call.json(&request)?.read().await?;
        let id = sent.message.parse();
        id.map_err(|_| {
            ClientError::Unreadable("the id of the test is not one of a message".to_owned())
        })
    }

    /// The attempts of a subscription, newest message first, without the bodies of answers.
    pub fn attempts_of_subscription(&self, id: &SubscriptionId) -> Listing<Attempt, T> {
        self.list(&["subscriptions", id.as_str(), "attempts"], Vec::new())
    }

    /// The newest bodies that the subscription wants, or the examples of its events; of one event where it is named.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn samples_of_subscription(
        &self,
        id: &SubscriptionId,
        event: Option<&str>,
    ) -> Result<Vec<Value>, ClientError> {
        let query = event.map(|event| ("event", event.to_owned()));
        let call = self.get(&["subscriptions", id.as_str(), "samples"]);
        call.query(query.as_slice()).read().await
    }

    /// What the subscription wants and what was never confirmed, oldest first. Nothing is sent.
    pub fn missed(
        &self,
        id: &SubscriptionId,
        since: Option<SystemTime>,
    ) -> Listing<MissedMessage, T> {
        let query = since.map(|since| ("since", time(since)));
        self.list(
            &["subscriptions", id.as_str(), "missed"],
            query.into_iter().collect(),
        )
    }
}

fn if_match<'c, T: Transport>(call: Call<'c, T>, tag: Option<&HeaderValue>) -> Call<'c, T> {
    match tag {
        Some(tag) => call.header(header::IF_MATCH, tag.clone()),
        None => call,
    }
}

async fn tagged<T: Transport, V: DeserializeOwned>(
    call: Call<'_, T>,
) -> Result<WithTag<V>, ClientError> {
    let (head, body) = call.answered().await?;
    let tag = head.headers.get(header::ETAG).cloned();
    let tag = tag.ok_or_else(|| ClientError::Unreadable("it has no `ETag`".to_owned()))?;
    Ok(WithTag::new(read(&body)?, tag))
}
