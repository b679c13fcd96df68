//! Building a receiver.

use std::marker::PhantomData;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use webhooks_signature::{Algorithm, Scheme, Secret, SecretError, SetupError, TrustedProxies, Verifier};

use crate::endpoint::Endpoint;
use crate::event_name::{EventName, MessageId};
use crate::handler::Handler;
use crate::layout::Layout;
use crate::on::{Attributed, Registers};
use crate::provider::Provider;
use crate::routes::Routes;

/// How long a body may take when nothing else is said.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);

/// Receives the webhooks of one provider: verifies, and calls the functions for the event.
///
/// `S` is the application's state, inferred from where the receiver is put.
#[must_use = "a receiver receives once it is a route: `.route(\"/hooks\", receiver.into())`"]
pub struct Receiver<S = ()> {
    name: &'static str,
    scheme: Scheme,
    secrets: Vec<Secret>,
    url: Option<PublicUrl>,
    verifier: Box<dyn Verifier>,
    layout: Layout,
    routes: Routes<S>,
    methods: Vec<Method>,
    body_limit: usize,
    body_timeout: Duration,
    unknown: StatusCode,
}

/// A receiver that lacks its secret; [`secret`](Self::secret) completes it.
#[must_use = "a receiver needs a secret: `.secret(..)?`"]
pub struct NeedsSecret<S = ()> {
    provider: Provider,
    state: PhantomData<fn() -> S>,
}

/// Where the public URL comes from, for schemes that sign it.
enum PublicUrl {
    Fixed(String),
    Origin(String),
    Behind(TrustedProxies),
}

impl<S> NeedsSecret<S> {
    /// The secret as the provider shows it, or a [`Secret`].
    ///
    /// # Errors
    ///
    /// When the secret is empty or does not have the form that the scheme's secrets have, and when the scheme itself
    /// cannot work.
    pub fn secret(self, secret: impl IntoSecret) -> Result<Receiver<S>, SetupError> {
        let first = secret.into_secret().map_err(|error| SetupError::Secret { index: 0, error })?;
        let secrets = vec![first];
        let verifier = self.provider.scheme.verifier(&secrets)?;
        Ok(Receiver { secrets, ..Receiver::with_verifier(self.provider, verifier) })
    }
}

/// # Beginning
impl<S> Receiver<S> {
    /// A receiver for this provider, or for a [`Scheme`].
    #[expect(clippy::new_ret_no_self, reason = "without a secret it could only accept or refuse everything")]
    pub fn new(provider: impl Into<Provider>) -> NeedsSecret<S> {
        NeedsSecret { provider: provider.into(), state: PhantomData }
    }

    /// A receiver that authenticates in another way than by the provider's scheme.
    ///
    /// ```
    /// use webhooks_receiver::{AnyOf, Provider, Receiver, Scheme, Secret};
    ///
    /// // GitLab while a project moves from its token to signatures.
    /// let either = AnyOf::new([
    ///     Scheme::GITLAB_TOKEN.verifier([Secret::new("token")?])?,
    ///     Scheme::GITLAB_SIGNED.verifier([Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?])?,
    /// ]);
    /// let receiver: Receiver = Receiver::with_verifier(Provider::GITLAB, either);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn with_verifier(provider: impl Into<Provider>, verifier: impl Verifier + 'static) -> Self {
        let provider = provider.into();
        let mut layout = Layout::new(provider.event_name, provider.form_field);
        layout.set_payload(provider.payload);
        if let Some(batch) = provider.batch {
            layout.set_batch(batch);
        }
        if let Some(id) = provider.message_id {
            layout.set_id(id);
        }
        Self {
            name: provider.name,
            scheme: provider.scheme,
            secrets: Vec::new(),
            url: None,
            verifier: Box::new(verifier),
            layout,
            routes: Routes::default(),
            methods: vec![Method::POST],
            body_limit: provider.body_limit,
            body_timeout: BODY_TIMEOUT,
            unknown: StatusCode::NO_CONTENT,
        }
    }

    /// A further secret, of which any may match: the old one while rotating.
    ///
    /// # Errors
    ///
    /// As [`NeedsSecret::secret`].
    pub fn secret(mut self, secret: impl IntoSecret) -> Result<Self, SetupError> {
        let index = self.secrets.len();
        self.secrets.push(secret.into_secret().map_err(|error| SetupError::Secret { index, error })?);
        self.renew_verifier()
    }

    fn renew_verifier(mut self) -> Result<Self, SetupError> {
        let verifier = self.scheme.verifier(&self.secrets)?;
        self.verifier = Box::new(match &self.url {
            None => verifier,
            Some(PublicUrl::Fixed(url)) => verifier.public_url(url)?,
            Some(PublicUrl::Origin(origin)) => verifier.public_origin(origin)?,
            Some(PublicUrl::Behind(proxies)) => verifier.behind(proxies.clone()),
        });
        Ok(self)
    }
}

/// # Handlers
impl<S: 'static> Receiver<S> {
    /// Adds a function or an impl block under [`#[on]`](crate::on): it knows its events.
    pub fn on<M, A, H>(mut self, handler: H) -> Self
    where
        H: Attributed<A> + Registers<M, S>,
    {
        handler.register(&mut self.routes);
        self
    }

    /// Adds a function for this event: a name as the provider writes it, matched exactly, `*` for all events, or a
    /// final `.*` for all below a name.
    pub fn on_event<M: 'static>(self, event: &str, handler: impl Handler<M, S>) -> Self {
        self.on_events([event], handler)
    }

    /// Adds a function for several events.
    pub fn on_events<'e, M: 'static>(
        mut self,
        events: impl IntoIterator<Item = &'e str>,
        handler: impl Handler<M, S>,
    ) -> Self {
        let events: Vec<&str> = events.into_iter().collect();
        self.routes.add(&events, handler);
        self
    }

    /// Sets the function for events that no other one takes. Without it they are answered with
    /// [`unknown_status`](Self::unknown_status).
    pub fn fallback<M: 'static>(mut self, handler: impl Handler<M, S>) -> Self {
        self.routes.set_fallback(handler);
        self
    }
}

impl<S> Receiver<S> {
    pub(crate) fn into_endpoint(self) -> Endpoint<S> {
        let is_basic = self.scheme.algorithm() == Algorithm::Basic;
        Endpoint {
            name: self.name,
            methods: self.methods,
            verifier: self.verifier,
            // Some senders hold their credentials back until they are asked for them.
            challenge: is_basic.then_some("Basic realm=\"webhooks\", charset=\"UTF-8\""),
            layout: self.layout,
            routes: self.routes,
            body_limit: self.body_limit,
            body_timeout: self.body_timeout,
            unknown: self.unknown,
        }
    }
}

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
