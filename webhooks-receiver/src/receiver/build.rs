//! Building a receiver: the provider, its secrets, the handlers.

use std::marker::PhantomData;
use std::sync::OnceLock;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use tokio::sync::Semaphore;
use webhooks_signature::{Algorithm, AnyOf, Scheme, SchemeVerifier, Secret, Verifier};

use crate::collect;
use crate::endpoint::{Endpoint, Limits, Logs};
use crate::error::SetupError;
use crate::handler::Handler;
use crate::handshake::Handshakes;
use crate::late_handlers::LateHandlers;
use crate::layout::Layout;
#[cfg(doc)]
use crate::lookup::TenantSecrets;
use crate::lookup::{Lookup, SecretLookup};
use crate::on::{Attributed, Registers};
use crate::provider::Provider;
use crate::public_url::{PublicUrl, verifier};
use crate::routes::Routes;
use crate::source::MessageShape;
use crate::testing::TestReceiver;

use super::secret::IntoSecret;

/// How long a body may take when nothing else is said.
const BODY_TIMEOUT: Duration = Duration::from_secs(10);
/// How long a lookup, a claim or a confirmation may take.
const STORAGE_TIMEOUT: Duration = Duration::from_secs(5);
/// How long handlers may take, and so how long a claim is held.
const HANDLER_TIMEOUT: Duration = Duration::from_secs(5 * 60);
/// How many bytes of bodies that are not verified a receiver holds.
const UNVERIFIED: usize = 64 << 20;

/// Receives the webhooks of one provider: verifies, and calls the functions for the event.
///
/// `S` is the application's state, inferred from where the receiver is put.
#[must_use = "a receiver receives once it is a route: `.route(\"/hooks\", receiver.into())`"]
pub struct Receiver<S = ()> {
    pub(crate) scheme: Option<Scheme>,
    pub(super) url: Option<PublicUrl>,
    /// Events that the provider documents, one a line.
    pub(super) known_events: &'static str,
    pub(super) is_strict: bool,
    pub(crate) endpoint: Endpoint<S>,
}

/// A receiver that lacks its secret; [`secret`](Self::secret) completes it, and only then it takes handlers.
#[must_use = "a receiver needs a secret: `.secret(..)?`"]
pub struct NeedsSecret<S = ()> {
    provider: Provider,
    state: PhantomData<fn() -> S>,
}

impl<S> NeedsSecret<S> {
    /// The secret as the provider shows it, or a [`Secret`].
    ///
    /// # Errors
    ///
    /// When the secret is empty or does not have the form that the scheme's secrets have, and when the scheme itself
    /// cannot work.
    pub fn secret(self, secret: impl IntoSecret) -> Result<Receiver<S>, SetupError> {
        self.secrets([secret])
    }

    /// Several secrets, of which any may match: the new one first, then the old ones.
    ///
    /// # Errors
    ///
    /// As [`secret`](Self::secret), and when the list is empty.
    pub fn secrets(
        self,
        secrets: impl IntoIterator<Item = impl IntoSecret>,
    ) -> Result<Receiver<S>, SetupError> {
        let scheme = self.provider.scheme.clone();
        // Replaced below; until then it refuses everything.
        let mut receiver = Receiver::with_verifier(self.provider, AnyOf::<SchemeVerifier>::new([]));
        for (index, secret) in secrets.into_iter().enumerate() {
            receiver.endpoint.secrets.push(secret_at(index, secret)?);
        }
        receiver.scheme = Some(scheme);
        receiver.renew_verifier()
    }

    /// Looks the secrets up for each request: one route, and each tenant with a secret of its own.
    ///
    /// The lookup is an `async fn` with any of axum's extractors as its parameters ([`SecretLookup`]). It returns the
    /// secrets of which any may match, and none where there is no such tenant, which from outside looks like a wrong
    /// signature; so does a request that one of the extractors refuses. An error is answered 503.
    ///
    /// It is called for every request that could be authentic by its headers and whose body is within the limit, and
    /// may take as long as [`storage_timeout`](Receiver::storage_timeout) says. A secret that the scheme cannot use is
    /// left out and logged.
    ///
    /// Ids are [recognised](Receiver::deduplicate) for each tenant on its own, by the name in [`TenantSecrets`]. Without
    /// a name, it is a label made of the secrets: a tenant that changes its secrets is then a new one, and tenants with
    /// the same secrets count as one. All of them share the capacity of what recognises repeats.
    ///
    /// ```
    /// use axum::Router;
    /// use axum::extract::{Path, State};
    /// use webhooks_receiver::{Provider, Receiver, Secret, SecretError};
    ///
    /// #[derive(Clone)]
    /// struct Db;
    ///
    /// impl Db {
    ///     async fn webhook_secret(&self, tenant: &str) -> Option<String> {
    ///         (tenant == "acme").then(|| "whsec_1".to_owned())
    ///     }
    /// }
    ///
    /// async fn secrets(Path(tenant): Path<String>, State(db): State<Db>) -> Result<Vec<Secret>, SecretError> {
    ///     db.webhook_secret(&tenant).await.map(Secret::new).into_iter().collect()
    /// }
    ///
    /// # fn main() -> Result<(), webhooks_receiver::SetupError> {
    /// let stripe = Receiver::new(Provider::STRIPE).secrets_by(secrets)?.on_event("charge.succeeded", async || ());
    /// let app: Router = Router::new().route("/hooks/{tenant}/stripe", stripe.into()).with_state(Db);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// When the scheme itself cannot work.
    pub fn secrets_by<M: 'static>(
        self,
        lookup: impl SecretLookup<M, S>,
    ) -> Result<Receiver<S>, SetupError>
    where
        S: Send + Sync + 'static,
    {
        let scheme = self.provider.scheme.clone();
        // Replaced below; until then it refuses everything.
        let mut receiver = Receiver::with_verifier(self.provider, AnyOf::<SchemeVerifier>::new([]));
        receiver.endpoint.lookup = Some(Lookup::new(scheme.clone(), lookup)?);
        receiver.scheme = Some(scheme);
        receiver.renew_verifier()
    }
}

/// # Beginning
impl<S> Receiver<S> {
    /// A receiver for this provider, or for a [`Scheme`].
    #[expect(
        clippy::new_ret_no_self,
        reason = "without a secret it could only accept or refuse everything"
    )]
    pub fn new(provider: impl Into<Provider>) -> NeedsSecret<S> {
        NeedsSecret {
            provider: provider.into(),
            state: PhantomData,
        }
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
        let mut handshakes = Handshakes::default();
        if let Some(own) = provider.handshake {
            handshakes.add(own.into());
        }
        let endpoint = Endpoint {
            name: provider.name.to_owned(),
            methods: vec![Method::POST],
            handshakes,
            secret_exchange: None,
            is_named: false,
            verifier: Box::new(verifier),
            secrets: Vec::new(),
            lookup: None,
            challenge: challenge(&provider.scheme),
            layout: layout(&provider),
            routes: Routes::default(),
            store: None,
            refuses_other_body: false,
            limits: Limits {
                body: provider.body_limit,
                body_timeout: BODY_TIMEOUT,
                storage_timeout: STORAGE_TIMEOUT,
                handler_timeout: HANDLER_TIMEOUT,
            },
            unverified: Semaphore::new(UNVERIFIED.max(provider.body_limit)),
            answer_within: None,
            late: LateHandlers::default(),
            unknown: StatusCode::NO_CONTENT,
            clock: None,
            label: OnceLock::new(),
            log: Logs::default(),
        };
        Self {
            scheme: None,
            url: None,
            known_events: provider.known_events,
            is_strict: false,
            endpoint,
        }
    }

    /// A further secret, of which any may match: the old one while rotating.
    ///
    /// # Errors
    ///
    /// As [`NeedsSecret::secret`].
    pub fn secret(mut self, secret: impl IntoSecret) -> Result<Self, SetupError> {
        if self.endpoint.lookup.is_some() {
            return Err(SetupError::LookedUp);
        }
        let secret = secret_at(self.endpoint.secrets.len(), secret)?;
        self.endpoint.secrets.push(secret);
        self.renew_verifier()
    }

    pub(super) fn renew_verifier(mut self) -> Result<Self, SetupError> {
        let scheme = self.scheme.as_ref().ok_or(SetupError::OwnVerifier)?;
        self.endpoint.verifier = match &mut self.endpoint.lookup {
            None => Box::new(verifier(scheme, self.url.as_ref(), &self.endpoint.secrets)?),
            Some(lookup) => {
                lookup.url.clone_from(&self.url);
                Box::new(lookup.decoy_verifier()?)
            }
        };
        Ok(self)
    }
}

/// # Handlers
impl<S: 'static> Receiver<S> {
    /// Adds a function or an impl block under [`#[on]`](crate::on): it knows its events.
    pub fn on<A, H>(mut self, handler: H) -> Self
    where
        H: Attributed<A>,
        H::Kind: Registers<H, A, S>,
    {
        H::Kind::register(handler, &mut self.endpoint.routes);
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
        self.endpoint.routes.add(&events, handler);
        self
    }

    /// Adds all functions that say `receiver = key` in their [`#[on]`](crate::on) and have this state.
    ///
    /// Functions of a crate that no code names are not linked into the program, and so not collected.
    ///
    /// # Errors
    ///
    /// When no such function was linked: a slip in the key, or another state.
    pub fn collect(mut self, key: &str) -> Result<Self, SetupError> {
        collect::all(key, &mut self.endpoint.routes).map_err(SetupError::NothingCollected)?;
        Ok(self)
    }

    /// Sets the function for events that no other one takes. Without it they are answered with
    /// [`unknown_status`](Self::unknown_status).
    pub fn fallback<M: 'static>(mut self, handler: impl Handler<M, S>) -> Self {
        self.endpoint.routes.set_fallback(handler);
        self
    }
}

/// # Testing
impl<S: Clone + Send + Sync + 'static> Receiver<S> {
    /// The receiver with this state, a clock that stands still, and its first secret to sign with; see
    /// [`testing`](crate::testing).
    pub fn testing(self, state: S) -> TestReceiver<S> {
        let url = match self.url {
            Some(PublicUrl::Fixed(url)) => Some(url),
            Some(PublicUrl::Origin(origin)) => {
                Some(format!("{}/hook", origin.trim_end_matches('/')))
            }
            Some(PublicUrl::Behind(_)) | None => None,
        };
        TestReceiver::new(self.endpoint, self.scheme, url, state)
    }
}

impl<S> Receiver<S> {
    pub(crate) fn into_endpoint(self) -> Endpoint<S> {
        if self.is_strict {
            super::strict::warn_of_slips(&self.endpoint, self.known_events);
        }
        self.endpoint
    }
}

/// Some senders hold their credentials back until they are asked for them (RFC 9110 section 11.6.1).
fn challenge(scheme: &Scheme) -> Option<&'static str> {
    (scheme.algorithm() == Algorithm::Basic)
        .then_some("Basic realm=\"webhooks\", charset=\"UTF-8\"")
}

fn layout(provider: &Provider) -> Layout {
    let shape = MessageShape {
        event: provider.event_name,
        payload: provider.payload,
    };
    let mut layout = Layout::new(shape, provider.forms, provider.scheme.signs_body());
    layout.set_other_shapes(provider.other_shapes);
    if let Some(batch) = provider.batch {
        layout.set_batch(batch);
    }
    if let Some(id) = provider.message_id {
        layout.set_id(id);
    }
    layout
}

fn secret_at(index: usize, secret: impl IntoSecret) -> Result<Secret, SetupError> {
    secret
        .into_secret()
        .map_err(|error| signature(webhooks_signature::SetupError::Secret { index, error }))
}

fn signature(error: impl Into<webhooks_signature::SetupError>) -> SetupError {
    SetupError::Signature(error.into())
}
