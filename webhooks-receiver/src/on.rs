//! What `#[on]` makes of a function: one that can still be called, and knows its events.

use std::any::type_name;
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::extract::FromRequestParts;
use axum::http::HeaderMap;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use pin_project_lite::pin_project;

use crate::handler::Handler;
use crate::handler_return::Answer;
use crate::message::IncomingMessage;
use crate::payload::DecodeError;
use crate::routes::Routes;

pin_project! {
    /// What a function under `#[on]` returns: its future, which carries the names of its events as a type.
    ///
    /// Awaiting it runs the function and gives what the function returns, so that a unit test calls it as it was
    /// written.
    #[must_use = "futures do nothing unless they are awaited"]
    pub struct On<N, Fut> {
        #[pin]
        future: Fut,
        names: PhantomData<fn() -> N>,
    }
}

impl<N, Fut> On<N, Fut> {
    #[doc(hidden)]
    pub fn new(future: Fut) -> Self {
        Self {
            future,
            names: PhantomData,
        }
    }
}

impl<N, Fut: Future> Future for On<N, Fut> {
    type Output = Fut::Output;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Fut::Output> {
        self.project().future.poll(context)
    }
}

impl<N, Fut> std::fmt::Debug for On<N, Fut> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("On").finish_non_exhaustive()
    }
}

/// The events of an attributed function. For generated code.
#[doc(hidden)]
pub trait Named: 'static {
    /// Names and patterns.
    const EVENTS: &'static [&'static str];
}

/// Reads the payload of an attributed function. For generated code.
///
/// The attribute implements it for the one type that the function takes. So a type that is not a payload is an error there, and
/// not a second one where the function is put into a receiver.
#[doc(hidden)]
pub trait ReadsPayload<P> {
    /// Reads it.
    const READ: Read<P>;
}

/// A function that reads a payload.
#[doc(hidden)]
pub type Read<P> = fn(&IncomingMessage, &HeaderMap) -> Result<P, DecodeError>;

/// Turns what an attributed function returns into an answer. For generated code; as [`ReadsPayload`].
#[doc(hidden)]
pub trait GivesAnswer<O> {
    /// Turns it.
    const ANSWER: fn(O) -> Answer;
}

/// What is known of a function with a mistake in its signature: enough for there to be no second error. For generated code.
#[doc(hidden)]
#[derive(Debug)]
pub enum Mistaken {}

impl Named for Mistaken {
    const EVENTS: &'static [&'static str] = &[];
}

impl<P> ReadsPayload<P> for Mistaken {
    const READ: Read<P> = |_, _| unreachable!("the function did not compile");
}

impl<O> GivesAnswer<O> for Mistaken {
    const ANSWER: fn(O) -> Answer = |_| unreachable!("the function did not compile");
}

/// A function or an impl block under `#[on]`: something that knows its events.
///
/// `A` stands for the parameters of a function, and for nothing else of a block; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not know its event",
    label = "no event",
    note = "write `#[on(\"payment.created\")]` above the function or `#[on]` above the impl block, or name the event here: `.on_event(\"payment.created\", handler)`"
)]
pub trait Attributed<A> {
    /// The events of a function; a block has those of its methods.
    #[doc(hidden)]
    const EVENTS: &'static [&'static str];
    /// How it is put into a receiver. Asked for by way of this trait, so that something without the attribute is one error.
    #[doc(hidden)]
    type Kind;
}

/// An impl block. For generated code.
#[doc(hidden)]
#[derive(Debug)]
pub enum Block {}

/// A function. For generated code.
#[doc(hidden)]
#[derive(Debug)]
pub enum Function {}

/// Puts a function or an impl block into a receiver with the state `S`. For generated code; see
/// [`Handler`](crate::Handler).
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "this handler cannot be called by a receiver with the state `{S}`",
    label = "not a handler for this receiver",
    note = "parameters behind the payload implement `FromRequestParts<{S}>`: a `State<T>` needs `T: FromRef<{S}>`"
)]
pub trait Registers<H, A, S> {
    /// Puts the handlers into `routes`.
    fn register(handler: H, routes: &mut Routes<S>);
}

/// As [`Registers`] for an impl block, which is a method of the block's own type: what is written in the block may name it
/// as `Self`. For generated code.
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be called by a receiver with the state `{S}`",
    label = "not a handler for this receiver",
    note = "parameters behind the payload implement `FromRequestParts<{S}>`: a `State<T>` needs `T: FromRef<{S}>`"
)]
pub trait RegistersBlock<S> {
    /// Puts the handlers into `routes`.
    fn register(self, routes: &mut Routes<S>);
}

#[diagnostic::do_not_recommend]
impl<H: RegistersBlock<S>, S> Registers<H, Block, S> for Block {
    fn register(handler: H, routes: &mut Routes<S>) {
        handler.register(routes);
    }
}

/// A function under `#[on]` as a handler: its own [`Named`] reads the payload.
struct AttributedFunction<F>(F);

/// Tells the parameters of attributed functions from those of others.
struct ParametersOf<A>(PhantomData<fn() -> A>);

macro_rules! attributed {
    ($($payload:ident $($extractor:ident)*)?) => {
        #[diagnostic::do_not_recommend]
        impl<F, N: Named, Fut, $($payload, $($extractor),*)?> Attributed<(On<N, Fut>, $($payload, $($extractor),*)?)> for F
        where
            F: Fn($($payload, $($extractor),*)?) -> On<N, Fut>,
        {
            const EVENTS: &'static [&'static str] = N::EVENTS;
            type Kind = Function;
        }

        #[diagnostic::do_not_recommend]
        impl<F, N, Fut, $($payload, $($extractor,)*)? S> Registers<F, (On<N, Fut>, $($payload, $($extractor),*)?), S> for Function
        where
            F: Fn($($payload, $($extractor),*)?) -> On<N, Fut> + Send + Sync + 'static,
            N: Named + GivesAnswer<Fut::Output> $(+ ReadsPayload<$payload>)?,
            Fut: Future + Send + 'static,
            $($payload: Send + 'static, $($extractor: FromRequestParts<S> + Send + 'static,)*)?
            S: Send + Sync + 'static,
        {
            fn register(handler: F, routes: &mut Routes<S>) {
                routes.add_named(N::EVENTS, type_name::<F>(), AttributedFunction(handler));
            }
        }

        #[allow(non_snake_case, reason = "a value has the name of its type parameter")]
        impl<F, N, Fut, $($payload, $($extractor,)*)? S> Handler<ParametersOf<(On<N, Fut>, $($payload, $($extractor),*)?)>, S>
            for AttributedFunction<F>
        where
            F: Fn($($payload, $($extractor),*)?) -> On<N, Fut> + Send + Sync + 'static,
            N: Named + GivesAnswer<Fut::Output> $(+ ReadsPayload<$payload>)?,
            Fut: Future + Send,
            $($payload: Send, $($extractor: FromRequestParts<S> + Send,)*)?
            S: Send + Sync,
        {
            async fn call(&self, message: &IncomingMessage, parts: &mut Parts, state: &S) -> Answer {
                let _ = (message, &parts, state);
                $(
                    let $payload = match N::READ(message, &parts.headers) {
                        Ok(payload) => payload,
                        Err(error) => return Answer::Undecodable(error),
                    };
                    $(
                        let $extractor = match $extractor::from_request_parts(parts, state).await {
                            Ok(value) => value,
                            Err(rejection) => return Answer::Refused(rejection.into_response()),
                        };
                    )*
                )?
                N::ANSWER((self.0)($($payload, $($extractor),*)?).await)
            }
        }
    };
}

attributed!();
attributed!(P);
attributed!(P E1);
attributed!(P E1 E2);
attributed!(P E1 E2 E3);
attributed!(P E1 E2 E3 E4);
attributed!(P E1 E2 E3 E4 E5);
attributed!(P E1 E2 E3 E4 E5 E6);
attributed!(P E1 E2 E3 E4 E5 E6 E7);
attributed!(P E1 E2 E3 E4 E5 E6 E7 E8);
