//! Functions as handlers: the payload first, then any of axum's extractors.

use std::future::Future;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::response::IntoResponse;

use crate::handler_return::{Answer, HandlerReturn};
use crate::message::IncomingMessage;
use crate::payload::FromMessage;

/// A function that a receiver with the state `S` can call.
///
/// An `async fn` whose first parameter is the payload ([`FromMessage`]) and whose others, at most eight, are any of
/// axum's [`FromRequestParts`]; or one without parameters. It returns an [`HandlerReturn`]. There is nothing to implement
/// by hand. `M` stands for the parameters and is always inferred.
///
/// ```
/// use axum::extract::State;
/// use webhooks_receiver::{Provider, Receiver};
///
/// #[derive(Clone)]
/// struct Db;
///
/// async fn paid(amount: u64, State(db): State<Db>) -> Result<(), std::io::Error> {
///     Ok(())
/// }
///
/// let receiver: Receiver<Db> = Receiver::new(Provider::STRIPE)
///     .secret("whsec_1")?
///     .on_event("charge.succeeded", paid)
///     .on_event("ping", async || println!("pong"));
/// # Ok::<(), webhooks_receiver::SetupError>(())
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be called by a receiver with the state `{S}`",
    label = "not a handler for this receiver",
    note = "a handler is an `async fn`: its first parameter is the payload or `Received<T>`, at most eight others implement `FromRequestParts<{S}>`, and it returns `()` or `Result<(), E>`"
)]
pub trait Handler<M, S>: Send + Sync + 'static {
    /// Calls the function with what it asks for.
    #[doc(hidden)]
    fn call(
        &self,
        message: &IncomingMessage,
        parts: &mut Parts,
        state: &S,
    ) -> impl Future<Output = Answer> + Send;
}

#[diagnostic::do_not_recommend]
impl<F, Fut, S> Handler<(Fut,), S> for F
where
    F: Fn() -> Fut + Send + Sync + 'static,
    Fut: Future<Output: HandlerReturn> + Send,
    S: Sync,
{
    async fn call(&self, _: &IncomingMessage, _: &mut Parts, _: &S) -> Answer {
        self().await.into_answer()
    }
}

macro_rules! handlers {
    ($($extractor:ident)*) => {
        #[diagnostic::do_not_recommend]
        #[allow(non_snake_case, reason = "a value has the name of its type parameter")]
        impl<F, Fut, S, P, M, $($extractor),*> Handler<(M, P, $($extractor,)* Fut), S> for F
        where
            F: Fn(P, $($extractor),*) -> Fut + Send + Sync + 'static,
            Fut: Future<Output: HandlerReturn> + Send,
            P: FromMessage<M> + Send,
            $($extractor: FromRequestParts<S> + Send,)*
            S: Send + Sync,
        {
            async fn call(&self, message: &IncomingMessage, parts: &mut Parts, state: &S) -> Answer {
                let _ = state;
                let payload = match P::from_message(message, &parts.headers) {
                    Ok(payload) => payload,
                    Err(error) => return Answer::Undecodable(error),
                };
                $(
                    let $extractor = match $extractor::from_request_parts(parts, state).await {
                        Ok(value) => value,
                        Err(rejection) => return Answer::Refused(rejection.into_response()),
                    };
                )*
                self(payload, $($extractor),*).await.into_answer()
            }
        }
    };
}

handlers!();
handlers!(E1);
handlers!(E1 E2);
handlers!(E1 E2 E3);
handlers!(E1 E2 E3 E4);
handlers!(E1 E2 E3 E4 E5);
handlers!(E1 E2 E3 E4 E5 E6);
handlers!(E1 E2 E3 E4 E5 E6 E7);
handlers!(E1 E2 E3 E4 E5 E6 E7 E8);
