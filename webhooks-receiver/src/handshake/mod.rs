//! What providers send to see whether a URL is really a receiver of theirs.
//!
//! Some of it comes without a signature, before a secret exists, and is answered before anything is verified; none of
//! that reaches a handler. The rest is signed like any message and is answered after.

mod cloud_events;
mod discord;
mod meta;
mod microsoft_graph;
mod query;
mod rest_hooks;
mod slack;
mod zoom;

use std::future::Future;
use std::sync::Arc;

use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use webhooks_signature::{Secret, SecretError};

pub(crate) use rest_hooks::Confirm;

/// A handshake that a receiver takes part in.
///
/// The [`Provider`](crate::Provider) constants bring the ones that need nothing more; the others are added with
/// [`Receiver::handshake`](crate::Receiver::handshake).
///
/// ```
/// use webhooks_receiver::{Handshake, Provider, Receiver};
///
/// let whatsapp: Receiver = Receiver::new(Provider::META)
///     .secret("the app secret")?
///     .handshake(Handshake::meta("the verify token from the dashboard")?);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug)]
pub struct Handshake(Kind);

#[derive(Clone, Debug)]
enum Kind {
    Plain(Plain),
    Meta(Secret),
    CloudEvents(cloud_events::AllowedOrigins),
    RestHooks(Confirm),
}

/// The handshakes that need nothing to be said.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Plain {
    MicrosoftGraph,
    Slack,
    Zoom,
    DiscordInteractions,
    DiscordEvents,
    Head,
}

impl Handshake {
    /// Meta (WhatsApp, Messenger, Instagram): GET with `hub.mode=subscribe` and this token in `hub.verify_token`;
    /// `hub.challenge` is the answer, 403 when the token is another one.
    ///
    /// Source: <https://developers.facebook.com/docs/graph-api/webhooks/getting-started#verification-requests>.
    ///
    /// # Errors
    ///
    /// When the token is empty.
    pub fn meta(verify_token: impl Into<String>) -> Result<Self, SecretError> {
        Secret::new(verify_token).map(|token| Self(Kind::Meta(token)))
    }

    /// Microsoft Graph: POST with `?validationToken=`; the token is the answer.
    ///
    /// Source: <https://learn.microsoft.com/en-us/graph/change-notifications-delivery-webhooks#notificationurl-validation>.
    pub fn microsoft_graph() -> Self {
        Plain::MicrosoftGraph.into()
    }

    /// Slack: a signed `url_verification` with a challenge, and `ssl_check` without a signature.
    ///
    /// Source: <https://docs.slack.dev/reference/events/url_verification>.
    pub fn slack() -> Self {
        Plain::Slack.into()
    }

    /// Zoom: a signed `endpoint.url_validation`, answered with the HMAC of its token under the secret that matched.
    /// Zoom repeats it every 72 hours.
    ///
    /// Source: <https://developers.zoom.us/docs/api/webhooks/#validate-your-webhook-endpoint>.
    pub fn zoom() -> Self {
        Plain::Zoom.into()
    }

    /// Discord's interactions: a signed `PING` of type 1, answered with `{"type":1}`.
    ///
    /// Source: <https://discord.com/developers/docs/interactions/overview#setting-up-an-endpoint>.
    pub fn discord_interactions() -> Self {
        Plain::DiscordInteractions.into()
    }

    /// Discord's webhook events: a signed `PING` of type 0, answered with 204.
    ///
    /// Source: <https://discord.com/developers/docs/events/webhook-events#acknowledging-ping-requests>.
    pub fn discord_events() -> Self {
        Plain::DiscordEvents.into()
    }

    /// HEAD without a signature, answered with 200: Mandrill looks whether the URL exists before it shows the key.
    ///
    /// Source: <https://mailchimp.com/developer/transactional/guides/track-respond-activity-webhooks/>.
    pub fn head() -> Self {
        Plain::Head.into()
    }

    /// CloudEvents: OPTIONS with `WebHook-Request-Origin`, answered with `WebHook-Allowed-Origin` where the origin is
    /// exactly one of these, and with 403 otherwise.
    ///
    /// Source: <https://github.com/cloudevents/spec/blob/main/cloudevents/http-webhook.md#4-abuse-protection>.
    ///
    /// ```
    /// use webhooks_receiver::Handshake;
    ///
    /// let handshake = Handshake::cloud_events(["eventemitter.example.com"]).requests_per_minute(120);
    /// ```
    pub fn cloud_events<O: Into<String>>(origins: impl IntoIterator<Item = O>) -> Self {
        Self(Kind::CloudEvents(cloud_events::AllowedOrigins::new(
            origins.into_iter().map(Into::into).collect(),
        )))
    }

    /// For [`cloud_events`](Self::cloud_events): the most requests in a minute. Without it the sender may send as
    /// fast as it asked for. The receiver tells the sender, it does not count.
    pub fn requests_per_minute(mut self, rate: u32) -> Self {
        if let Kind::CloudEvents(allowed) = &mut self.0 {
            allowed.set_rate(rate);
        }
        self
    }

    /// REST Hooks: POST with `X-Hook-Secret`, echoed when `confirm` says that this subscription was asked for, 403
    /// otherwise. Anybody can send such a request, so `confirm` must know what it waits for; it is also where the
    /// secret is stored.
    ///
    /// Source: <https://resthooks.org/docs/security/>, and Asana's webhooks.
    ///
    /// ```
    /// use webhooks_receiver::{Handshake, Secret};
    ///
    /// let handshake = Handshake::rest_hooks(async |secret: Secret| {
    ///     // Look up the subscription that was just made, and keep the secret with it.
    ///     secret.expose().len() >= 16
    /// });
    /// ```
    pub fn rest_hooks<F, Fut>(confirm: F) -> Self
    where
        F: Fn(Secret) -> Fut + Send + Sync + 'static,
        Fut: Future<Output = bool> + Send + 'static,
    {
        Self(Kind::RestHooks(Confirm::new(Arc::new(move |secret| {
            Box::pin(confirm(secret))
        }))))
    }

    /// The methods that it takes beside those of the messages.
    pub(crate) fn method(&self) -> Option<Method> {
        match self.0 {
            Kind::Meta(_) => Some(Method::GET),
            Kind::CloudEvents(_) => Some(Method::OPTIONS),
            Kind::Plain(Plain::Head) => Some(Method::HEAD),
            Kind::RestHooks(_) | Kind::Plain(_) => None,
        }
    }

    /// The answer to what is recognised without the body. Nothing was verified.
    pub(crate) async fn before_body(&self, parts: &Parts) -> Option<Response> {
        match &self.0 {
            Kind::Meta(token) => meta::answer(parts, token),
            Kind::CloudEvents(allowed) => cloud_events::answer(parts, allowed),
            Kind::RestHooks(confirm) => rest_hooks::answer(parts, confirm).await,
            Kind::Plain(Plain::MicrosoftGraph) => microsoft_graph::answer(parts),
            Kind::Plain(Plain::Head) if parts.method == Method::HEAD => {
                Some(crate::rejection::text(StatusCode::OK, ""))
            }
            Kind::Plain(_) => None,
        }
    }

    /// Whether there may be something to recognise in this request's body, though nobody signed it.
    pub(crate) fn reads_unsigned_bodies(&self, parts: &Parts) -> bool {
        matches!(self.0, Kind::Plain(Plain::Slack)) && slack::reads_unsigned(parts)
    }

    /// The answer to what is recognised by its body. Nothing was verified.
    pub(crate) fn before_verification(&self, parts: &Parts, body: &[u8]) -> Option<Response> {
        match self.0 {
            Kind::Plain(Plain::Slack) => slack::answer_unsigned(parts, body),
            _ => None,
        }
    }

    /// The answer to what was verified, with this secret if it was one of the receiver's.
    pub(crate) fn after_verification(
        &self,
        body: &[u8],
        secret: Option<&Secret>,
    ) -> Option<Response> {
        match self.0 {
            Kind::Plain(Plain::Slack) => slack::answer_signed(body),
            Kind::Plain(Plain::Zoom) => zoom::answer(body, secret?),
            Kind::Plain(Plain::DiscordInteractions) => discord::answer_interaction(body),
            Kind::Plain(Plain::DiscordEvents) => discord::answer_event(body),
            _ => None,
        }
    }
}

impl From<Plain> for Handshake {
    fn from(plain: Plain) -> Self {
        Self(Kind::Plain(plain))
    }
}

/// The text or number that stands at a pointer of a JSON body.
fn member(body: &[u8], pointer: &str) -> Option<String> {
    let [found] = crate::scan::find(body, [&crate::pointer::Pointer::parse(pointer)]).ok()?;
    crate::scan::scalar(found?)
}
