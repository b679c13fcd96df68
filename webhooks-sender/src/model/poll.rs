//! Fetching: what a customer gets who asks for messages instead of being sent them.

use std::time::{Duration, SystemTime};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::json::{self, Bytes, DateTime, body, time};
use super::{AttemptId, MessageId};

/// The target of a subscription that is fetched instead of sent to.
pub(crate) const POLL: &str = "poll";

/// Asks for the messages that wait for a subscription with the target `poll`, and acknowledges those that came before.
///
/// Each answer begins with the oldest message that is not acknowledged, in the order of the subscription: a message comes
/// again and again until it is. So the customer acknowledges what it has handled together with its next question, and keeps
/// nothing but what it is about to handle. Two who ask at the same time get the same messages.
///
/// ```
/// use webhooks_sender::query::Poll;
/// use webhooks_sender::{Error, Sender, SubscriptionRequest};
/// # use webhooks_core::Webhooks;
/// # use webhooks_sender::notices::operational_webhooks;
///
/// # tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap().block_on(async {
/// # let webhooks = Webhooks::new().with(operational_webhooks()).build().unwrap();
/// # let sender = Sender::testing().webhooks(webhooks).start().await?;
/// let account = sender.of("acct_1");
/// let id = account.subscribe(SubscriptionRequest::poll().event("*")).await?.id;
/// account.send_test(&id).await?;
///
/// let first = account.poll(&id, Poll::new()).await?;
/// let receipts = first.messages.iter().map(|message| message.receipt.clone());
/// let next = account.poll(&id, Poll::new().acknowledge(receipts)).await?;
/// assert_eq!((first.messages.len(), next.messages.len()), (1, 0));
/// # Ok::<(), Error>(())
/// # }).unwrap();
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
#[schemars(
    description = "Asks for the messages that wait, and acknowledges those that came before."
)]
#[must_use = "nothing is fetched before it is given to `poll`"]
pub struct Poll {
    /// The most messages: 1 to 100, 10 by default.
    #[schemars(range(min = 1, max = 100))]
    pub(crate) limit: u32,
    /// For how many seconds the answer may wait if no message is there yet: up to 30, by default 0.
    #[serde(with = "json::seconds")]
    #[schemars(with = "u64", range(max = 30))]
    pub(crate) wait: Duration,
    /// The receipts of messages that came before and have been handled: at most 1,000. What was acknowledged already, or is
    /// not known, changes nothing.
    #[schemars(length(max = 1000))]
    pub(crate) acknowledge: Vec<AttemptId>,
    /// Whether each message comes with the headers that a request would have had, signed now.
    pub(crate) signed: bool,
}

impl Default for Poll {
    fn default() -> Self {
        Self {
            limit: 10,
            wait: Duration::ZERO,
            acknowledge: Vec::new(),
            signed: false,
        }
    }
}

impl Poll {
    /// The most messages of an answer.
    pub const MAX_LIMIT: u32 = 100;
    /// The longest that an answer waits for a message.
    pub const MAX_WAIT: Duration = Duration::from_secs(30);
    /// The most receipts of a question.
    pub const MAX_RECEIPTS: usize = 1000;

    /// Asks for ten messages at most, and does not wait.
    pub fn new() -> Self {
        Self::default()
    }

    /// Asks for at most so many messages; [`MAX_LIMIT`](Self::MAX_LIMIT) where more are asked for.
    pub fn limit(mut self, limit: u32) -> Self {
        self.limit = limit.clamp(1, Self::MAX_LIMIT);
        self
    }

    /// Waits for a message if none is there yet; [`MAX_WAIT`](Self::MAX_WAIT) at most.
    #[doc(alias = "long poll")]
    pub fn wait(mut self, at_most: Duration) -> Self {
        self.wait = at_most.min(Self::MAX_WAIT);
        self
    }

    /// Acknowledges messages that came before.
    pub fn acknowledge(mut self, receipts: impl IntoIterator<Item = AttemptId>) -> Self {
        self.acknowledge.extend(receipts);
        self
    }

    /// Asks for the headers that a request would have had, signed now.
    pub fn signed(mut self) -> Self {
        self.signed = true;
        self
    }

    /// Whether it acknowledges anything.
    pub fn acknowledges(&self) -> bool {
        !self.acknowledge.is_empty()
    }

    /// What is beyond the limits: the member, and a text for a person.
    pub fn problem(&self) -> Option<(&'static str, String)> {
        let (limit, wait, receipts) = (self.limit, self.wait.as_secs(), self.acknowledge.len());
        if !(1..=Self::MAX_LIMIT).contains(&limit) {
            let text = format!("it is {limit}; it must be from 1 to {}", Self::MAX_LIMIT);
            return Some(("limit", text));
        }
        if self.wait > Self::MAX_WAIT {
            let longest = Self::MAX_WAIT.as_secs();
            return Some((
                "wait",
                format!("it is {wait}; it must be at most {longest}"),
            ));
        }
        if receipts > Self::MAX_RECEIPTS {
            let most = Self::MAX_RECEIPTS;
            let text = format!("there are {receipts}; send at most {most} with one question");
            return Some(("acknowledge", text));
        }
        None
    }
}

/// What was fetched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct PollAnswer {
    /// The messages, the oldest one first; none where none waits.
    pub messages: Vec<PolledMessage>,
}

/// A message that was fetched.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct PolledMessage {
    /// What acknowledges it. It is the id of the attempt that is recorded then.
    pub receipt: AttemptId,
    /// The id of the message: the same however often it comes.
    pub id: MessageId,
    /// Its event.
    pub event: String,
    /// When it was sent.
    #[serde(with = "time")]
    #[schemars(with = "DateTime")]
    pub created: SystemTime,
    /// The body, byte for byte.
    #[serde(with = "body")]
    #[schemars(with = "Bytes")]
    pub body: Vec<u8>,
    /// What a request would have had besides; none unless it is asked for.
    pub request: Option<PolledRequest>,
}

/// What a request would have had besides its body.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct PolledRequest {
    /// The method.
    pub method: String,
    /// The parameters that the webhook has in its query, encoded.
    pub query: Option<String>,
    /// The headers, with the signature of now.
    pub headers: Vec<PolledHeader>,
}

/// A header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct PolledHeader {
    /// Its name, in lower case.
    pub name: String,
    /// Its value.
    pub value: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_beyond_the_limits_is_named() {
        let read = |text: &str| serde_json::from_str::<Poll>(text).expect("it is read");
        assert_eq!(read("{}"), Poll::new());
        assert_eq!(read(r#"{"limit": 100, "wait": 30}"#).problem(), None);
        for (text, member) in [
            (r#"{"limit": 0}"#, "limit"),
            (r#"{"limit": 101}"#, "limit"),
            (r#"{"wait": 31}"#, "wait"),
            (r#"{"wait": 18446744073709551615}"#, "wait"),
        ] {
            assert_eq!(read(text).problem().map(|(member, _)| member), Some(member));
        }
        let receipt: AttemptId = "dlv_0000000001zzzzzzzzzzzzzzzz.0.1".parse().expect("one");
        let many = Poll::new().acknowledge(std::iter::repeat_n(receipt, 1001));
        assert_eq!(
            many.problem().map(|(member, _)| member),
            Some("acknowledge")
        );
        assert_eq!(Poll::new().limit(0).limit, 1);
        assert_eq!(Poll::new().wait(Duration::MAX).problem(), None);
        for bad in [
            r#"{"wait": -1}"#,
            r#"{"wait": 0.5}"#,
            r#"{"acknowledge": ["msg_1"]}"#,
            r#"{"acknowledge": "dlv_0000000001zzzzzzzzzzzzzzzz.0.1"}"#,
            r#"{"ack": []}"#,
        ] {
            assert!(serde_json::from_str::<Poll>(bad).is_err(), "{bad}");
        }
    }
}
