//! What providers send to see whether a URL is really a receiver of theirs.
//!
//! Some of it comes without a signature, before a secret exists, and is answered before anything is verified; none of
//! that reaches a handler. The rest is signed like any message and is answered after.

mod cloud_events;
mod secret_exchange;
mod signed;
mod unsigned;

use axum::http::Method;
use axum::http::request::Parts;
use axum::response::Response;
use webhooks_signature::{Secret, SecretError};

pub use secret_exchange::ConfirmSecret;
pub(crate) use secret_exchange::{Confirmation, SecretExchange, brings_secret};

/// A handshake that a receiver takes part in.
///
/// That of REST Hooks is set with [`Receiver::rest_hooks`](crate::Receiver::rest_hooks), because the application decides
/// there.
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
    Bitbucket,
    Dropbox,
    WooCommerce,
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
    /// let handshake = Handshake::cloud_events(["eventemitter.example.com"], 120);
    /// let as_fast_as_asked = Handshake::cloud_events(["eventemitter.example.com"], None);
    /// ```
    ///
    /// `requests_per_minute` is the most that the sender may send. With `None` it may send as fast as it asked for. The
    /// receiver only tells the sender; it does not count.
    pub fn cloud_events<O: Into<String>>(
        origins: impl IntoIterator<Item = O>,
        requests_per_minute: impl Into<Option<u32>>,
    ) -> Self {
        Self(Kind::CloudEvents(cloud_events::AllowedOrigins::new(
            origins.into_iter().map(Into::into).collect(),
            requests_per_minute.into(),
        )))
    }

    /// Bitbucket Server's connection test, `diagnostics:ping`, which is not signed: answered with 200.
    ///
    /// Source: <https://confluence.atlassian.com/bitbucketserver/manage-webhooks-938025878.html>.
    pub fn bitbucket() -> Self {
        Plain::Bitbucket.into()
    }

    /// Dropbox: GET with `?challenge=`; the challenge is the answer.
    ///
    /// Source: <https://www.dropbox.com/developers/reference/webhooks#documentation>.
    pub fn dropbox() -> Self {
        Plain::Dropbox.into()
    }

    /// WooCommerce's ping when a webhook is saved: a form with nothing but `webhook_id`, which is not signed. Anything but
    /// 200 keeps the webhook from becoming active.
    ///
    /// Source: `deliver_ping` in <https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/class-wc-webhook.php>.
    pub fn woocommerce() -> Self {
        Plain::WooCommerce.into()
    }
}

/// The handshakes of a receiver, each asked in turn.
#[derive(Clone, Debug, Default)]
pub(crate) struct Handshakes(Vec<Handshake>);

impl Handshakes {
    pub(crate) fn add(&mut self, handshake: Handshake) {
        self.0.push(handshake);
    }

    /// The methods that they take in addition to those of the messages.
    pub(crate) fn methods(&self) -> impl Iterator<Item = Method> {
        self.0.iter().filter_map(|one| match one.0 {
            Kind::Meta(_) | Kind::Plain(Plain::Dropbox) => Some(Method::GET),
            Kind::CloudEvents(_) => Some(Method::OPTIONS),
            Kind::Plain(Plain::Head) => Some(Method::HEAD),
            Kind::Plain(_) => None,
        })
    }

    /// The answer to what is recognised without the body. Nothing was verified.
    pub(crate) fn answer_head(&self, parts: &Parts) -> Option<Response> {
        self.0.iter().find_map(|one| match &one.0 {
            Kind::Meta(token) => unsigned::meta(parts, token),
            Kind::CloudEvents(allowed) => cloud_events::answer(parts, allowed),
            Kind::Plain(Plain::MicrosoftGraph) => unsigned::microsoft_graph(parts),
            Kind::Plain(Plain::Head) => unsigned::head(parts),
            Kind::Plain(Plain::Bitbucket) => unsigned::bitbucket(parts),
            Kind::Plain(Plain::Dropbox) => unsigned::dropbox(parts),
            Kind::Plain(_) => None,
        })
    }

    /// Whether an unsigned request may still be a handshake in its body, if that is small.
    pub(crate) fn read_unsigned(&self, parts: &Parts) -> bool {
        let is_in_body =
            |one: &Handshake| matches!(one.0, Kind::Plain(Plain::Slack | Plain::WooCommerce));
        self.0.iter().any(is_in_body) && unsigned::is_form(parts)
    }

    /// The answer to what is recognised by a small body of a request that is not signed.
    pub(crate) fn answer_unsigned(&self, body: &[u8]) -> Option<Response> {
        self.0.iter().find_map(|one| match one.0 {
            Kind::Plain(Plain::Slack) => unsigned::slacks_check(body),
            Kind::Plain(Plain::WooCommerce) => unsigned::woocommerces_ping(body),
            _ => None,
        })
    }

    /// The answer to what was verified, with this secret if it was one of the receiver's.
    pub(crate) fn answer_signed(&self, body: &[u8], secret: Option<&Secret>) -> Option<Response> {
        self.0.iter().find_map(|one| match one.0 {
            Kind::Plain(Plain::Slack) => signed::slack(body),
            Kind::Plain(Plain::Zoom) => signed::zoom(body, secret?),
            Kind::Plain(Plain::DiscordInteractions) => signed::discord_interaction(body),
            Kind::Plain(Plain::DiscordEvents) => signed::discord_event(body),
            _ => None,
        })
    }
}

impl From<Plain> for Handshake {
    fn from(plain: Plain) -> Self {
        Self(Kind::Plain(plain))
    }
}
