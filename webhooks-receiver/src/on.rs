//! What `#[on]` makes of a function: one that still can be called, and knows its events.

use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::handler::Handler;
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

/// The events of an attributed function, and how reports call it. For generated code.
#[doc(hidden)]
pub trait Named: 'static {
    /// Names and patterns.
    const EVENTS: &'static [&'static str];
}

/// A function or an impl block under `#[on]`: something that knows its events.
///
/// `A` only tells functions and blocks apart; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not know its event",
    label = "no event",
    note = "write `#[on(\"payment.created\")]` above the function or `#[on]` above the impl block, or name the event here: `.on_event(\"payment.created\", handler)`"
)]
pub trait Attributed<A> {
    /// The events of a function; a block has those of its methods.
    #[doc(hidden)]
    const EVENTS: &'static [&'static str];
}

/// An impl block. For generated code.
#[doc(hidden)]
#[derive(Debug)]
pub enum Block {}

/// What can be put into a receiver with the state `S`. For generated code; see [`Handler`](crate::Handler).
#[doc(hidden)]
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be called by a receiver with the state `{S}`",
    label = "not a handler for this receiver",
    note = "parameters behind the payload implement `FromRequestParts<{S}>`: a `State<T>` needs `T: FromRef<{S}>`"
)]
pub trait Registers<M, S> {
    /// Puts the handlers into `routes`.
    fn register(self, routes: &mut Routes<S>);
}

/// A function. For generated code.
#[doc(hidden)]
#[derive(Debug)]
pub struct Function<M, A>(PhantomData<fn() -> (M, A)>);

#[diagnostic::do_not_recommend]
impl<F, M: 'static, A, S: 'static> Registers<Function<M, A>, S> for F
where
    F: Handler<M, S> + Attributed<A>,
{
    fn register(self, routes: &mut Routes<S>) {
        routes.add(<F as Attributed<A>>::EVENTS, self);
    }
}

macro_rules! attributed {
    ($($argument:ident)*) => {
        #[diagnostic::do_not_recommend]
        impl<F, N: Named, Fut, $($argument),*> Attributed<(On<N, Fut>, $($argument),*)> for F
        where
            F: Fn($($argument),*) -> On<N, Fut>,
        {
            const EVENTS: &'static [&'static str] = N::EVENTS;
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
