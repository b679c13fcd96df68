//! Handlers of declared webhooks: the name comes from the declaration, and the payload must be its own.

use std::marker::PhantomData;

use webhooks_core::{Carries, Constructor, Webhook};

use crate::received::{Received, Unread};
use crate::via::{ViaOption, ViaOwned, ViaPayload, ViaReceived, ViaUnread};

/// A function or method that declares a webhook. For generated code.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not declare a webhook",
    label = "no declared webhook",
    note = "a path in `#[on(..)]` is a function or method under `#[whpost(\"..\")]` or a relative; write the name of another event as text, as in `#[on(\"payment.created\")]`"
)]
pub trait Declares<A> {
    /// The webhook.
    type Webhook: Webhook;
}

#[diagnostic::do_not_recommend]
impl<A, F: Constructor<A>> Declares<A> for F {
    type Webhook = F::Webhook;
}

/// The webhook that a function declares. For generated code.
pub const fn declared<A, F: Declares<A>>(_: &F) -> PhantomData<fn() -> F::Webhook> {
    PhantomData
}

/// The event of a declared webhook. For generated code.
pub const fn event_of<W: Webhook>(_: PhantomData<fn() -> W>) -> &'static str {
    W::DESCRIPTOR.name()
}

/// Says at its place that a payload is not that of the webhook. For generated code.
pub const fn payload_of<P: PayloadOf<W, M>, W, M>(_: PhantomData<fn() -> W>) {}

/// A first parameter of a handler that takes what the webhook `W` carries. For generated code.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not the payload of the webhook `{W}`",
    label = "another payload was declared",
    note = "take the type that the declaration carries, alone or as `Received<T>`; `Received` leaves it unread"
)]
pub trait PayloadOf<W, M> {}

#[diagnostic::do_not_recommend]
impl<T, W: Carries<T>> PayloadOf<W, ViaPayload> for T {}

#[diagnostic::do_not_recommend]
impl<T, W: Carries<T>> PayloadOf<W, ViaReceived> for Received<T> {}

#[diagnostic::do_not_recommend]
impl<W: Webhook> PayloadOf<W, ViaUnread> for Received<Unread> {}

#[diagnostic::do_not_recommend]
impl<T, W: Carries<T>> PayloadOf<W, ViaOption> for Option<T> {}

#[diagnostic::do_not_recommend]
impl<W: Carries<str>> PayloadOf<W, ViaOwned> for String {}

#[diagnostic::do_not_recommend]
impl<T, W: Carries<[T]>> PayloadOf<W, ViaOwned> for Vec<T> {}
