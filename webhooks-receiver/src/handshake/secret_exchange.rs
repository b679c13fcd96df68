//! REST Hooks: the provider sends the secret of a new subscription, and gets it back as a confirmation.
//!
//! Nothing signs the first such request, and the client chooses the secret. So the application decides by the route:
//! whether a subscription with this unguessable path was asked for, and has no secret yet. Once there is a secret, the
//! receiver takes a new one only in a request that is signed under the old one.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, StatusCode};
use axum::response::{IntoResponse as _, Response};
use webhooks_signature::Secret;

use crate::handler_return::BoxError;
use crate::rejection::text;

const HEADER: &str = "x-hook-secret";

/// A function that decides about a secret that a provider sends: an `async fn` whose first parameter is the
/// [`Secret`] and whose others, at most four, are any of axum's [`FromRequestParts`]. It returns whether the secret was
/// expected, and is where the secret is stored.
///
/// For [`Receiver::rest_hooks`](crate::Receiver::rest_hooks). There is nothing to implement by hand. `M` stands for the
/// parameters and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot confirm secrets for a receiver with the state `{S}`",
    label = "no confirmation of secrets",
    note = "it is an `async fn` whose first parameter is a `Secret`, whose others, at most four, implement `FromRequestParts<{S}>`, such as `Path<String>` and `State<Db>`, and that returns `Result<bool, E>` with an error type `E`"
)]
pub trait ConfirmSecret<M, S>: Send + Sync + 'static {
    /// Calls the function with what it asks for.
    #[doc(hidden)]
    fn confirm(
        &self,
        secret: Secret,
        parts: &mut Parts,
        state: &S,
    ) -> impl Future<Output = Decision> + Send;
}

/// What the application says to a secret.
#[doc(hidden)]
#[derive(Debug)]
pub enum Decision {
    /// Whether it was expected.
    Expected(bool),
    /// It cannot be known.
    Failed(BoxError),
    /// An extractor refused the request.
    Refused(StatusCode),
}

macro_rules! confirmations {
    ($($extractor:ident)*) => {
        #[diagnostic::do_not_recommend]
        #[allow(non_snake_case, reason = "a value has the name of its type parameter")]
        impl<F, Fut, E, S, $($extractor),*> ConfirmSecret<(E, $($extractor,)* Fut), S> for F
        where
            F: Fn(Secret, $($extractor),*) -> Fut + Send + Sync + 'static,
            Fut: Future<Output = Result<bool, E>> + Send,
            E: Into<BoxError>,
            $($extractor: FromRequestParts<S> + Send,)*
            S: Send + Sync,
        {
            async fn confirm(&self, secret: Secret, parts: &mut Parts, state: &S) -> Decision {
                let _ = (&parts, state);
                $(
                    let $extractor = match $extractor::from_request_parts(parts, state).await {
                        Ok(value) => value,
                        Err(rejection) => return Decision::Refused(rejection.into_response().status()),
                    };
                )*
                let expected = self(secret, $($extractor),*).await;
                expected.map_or_else(|error| Decision::Failed(error.into()), Decision::Expected)
            }
        }
    };
}

confirmations!();
confirmations!(E1);
confirmations!(E1 E2);
confirmations!(E1 E2 E3);
confirmations!(E1 E2 E3 E4);

/// The exchange, with the application's function in it.
pub(crate) struct SecretExchange<S>(Box<dyn DynConfirm<S>>);

/// The end of an exchange.
#[derive(Debug)]
pub(crate) enum Confirmation {
    Answered(Response),
    Failed(BoxError),
}

impl<S: Send + Sync + 'static> SecretExchange<S> {
    pub(crate) fn new<M: 'static>(confirm: impl ConfirmSecret<M, S>) -> Self {
        Self(Box::new(ConfirmObject {
            confirm,
            parameters: PhantomData,
        }))
    }

    /// The answer: the secret itself if it was expected, and 403 otherwise, whatever the reason.
    pub(crate) async fn confirm(&self, parts: &mut Parts, state: &S) -> Confirmation {
        let mut values = parts.headers.get_all(HEADER).iter();
        let value = values.next().cloned();
        let is_single = values.next().is_none();
        let secret = value
            .as_ref()
            .filter(|_| is_single)
            .and_then(|value| Secret::new(value.to_str().ok()?).ok());
        let decision = match secret {
            Some(secret) => self.0.confirm(secret, parts, state).await,
            None => Decision::Expected(false),
        };
        match (decision, value) {
            (Decision::Expected(true), Some(value)) => {
                Confirmation::Answered((StatusCode::OK, [(HEADER, value)]).into_response())
            }
            (Decision::Refused(status), _) if status.is_server_error() => {
                Confirmation::Failed(format!("an extractor answered {}", status.as_u16()).into())
            }
            (Decision::Expected(_) | Decision::Refused(_), _) => Confirmation::Answered(text(
                StatusCode::FORBIDDEN,
                "this subscription was not asked for",
            )),
            (Decision::Failed(error), _) => Confirmation::Failed(error),
        }
    }
}

/// Whether a request brings a secret.
pub(crate) fn brings_secret(parts: &Parts) -> bool {
    parts.method == Method::POST && parts.headers.contains_key(HEADER)
}

type DecisionFuture<'a> = Pin<Box<dyn Future<Output = Decision> + Send + 'a>>;

/// A confirmation whose parameters are forgotten.
trait DynConfirm<S>: Send + Sync {
    fn confirm<'a>(
        &'a self,
        secret: Secret,
        parts: &'a mut Parts,
        state: &'a S,
    ) -> DecisionFuture<'a>;
}

struct ConfirmObject<M, C> {
    confirm: C,
    parameters: PhantomData<fn() -> M>,
}

impl<M, S, C: ConfirmSecret<M, S>> DynConfirm<S> for ConfirmObject<M, C> {
    fn confirm<'a>(
        &'a self,
        secret: Secret,
        parts: &'a mut Parts,
        state: &'a S,
    ) -> DecisionFuture<'a> {
        Box::pin(self.confirm.confirm(secret, parts, state))
    }
}
