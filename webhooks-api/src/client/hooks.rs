//! Subscriptions in the words of REST Hooks.

use std::time::SystemTime;

use http::Method;
use webhooks_sender::id::SubscriptionId;

use super::Client;
use super::error::ClientError;
use super::filters::time;
use super::listing::Listing;
use super::transport::Transport;
use crate::routes::hooks::{Hook, HookMade, HookRequest};

/// # Hooks
impl<T: Transport> Client<T> {
    /// The hooks, in the order in which they were made.
    pub fn hooks(&self) -> Listing<Hook, T> {
        self.list(&["hooks"], Vec::new()).bare()
    }

    /// Makes a hook for one event, until it is removed or a time has come. Its secret is shown only now.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn create_hook(
        &self,
        target: &str,
        event: &str,
        until: Option<SystemTime>,
    ) -> Result<HookMade, ClientError> {
        let request = HookRequest {
            target_url: target.to_owned(),
            event: event.to_owned(),
            expiration_date: until.map(time),
            subscription_url: None,
        };
        self.post(&["hooks"]).json(&request)?.read().await
    }

    /// A hook.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn hook(&self, id: &SubscriptionId) -> Result<Hook, ClientError> {
        self.get(&["hooks", id.as_str()]).read().await
    }

    /// Removes a hook.
    ///
    /// # Errors
    ///
    /// See [`ClientError`].
    pub async fn remove_hook(&self, id: &SubscriptionId) -> Result<(), ClientError> {
        self.call(Method::DELETE, &["hooks", id.as_str()])
            .done()
            .await
    }
}
