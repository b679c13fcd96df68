//! What can be in a list: functions, methods, views and descriptors; gateways and lists say so themselves.

use std::any::TypeId;

use crate::descriptor::Descriptor;
use crate::listing::Listing;
use crate::message::Message;
use crate::registry;
use crate::webhook::{Constructor, View, Webhook};
use crate::webhooks::Webhooks;

/// Something that can be listed with [`Webhooks::with`].
///
/// `M` only tells the kinds apart, so that one method takes them all; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a webhook, a view or a gateway",
    label = "cannot be listed",
    note = "a webhook is a function or method with `#[whpost(\"..\")]` or its relatives",
    note = "a view is a type with an impl block under `#[whview]`",
    note = "lists, `WebhookGateway`s and `&'static Descriptor`s can be listed as well"
)]
pub trait IntoWebhooks<M> {
    /// The list with what this stands for. It is passed by value, so that a build of what lists a function, of which
    /// there are many, needs no code to drop it.
    #[doc(hidden)]
    fn added_to(self, list: Webhooks) -> Webhooks;
}

impl Webhooks {
    /// Adds a declared function or method, a view, a [`WebhookGateway`](crate::WebhookGateway), another list, or a
    /// [`Descriptor`](crate::Descriptor) in a `static`.
    pub fn with<M>(self, webhooks: impl IntoWebhooks<M>) -> Self {
        webhooks.added_to(self)
    }

    /// Adds a view of which there is no value, such as a generic one: `.view::<Refunds<Usd>>()`.
    pub fn view<V: View>(mut self) -> Self {
        add_view::<V>(&mut self);
        self
    }
}

/// Marks functions and methods, by arguments and webhook.
#[doc(hidden)]
#[derive(Debug)]
pub enum ByFunction {}

/// Marks views.
#[doc(hidden)]
#[derive(Debug)]
pub enum ByView {}

/// Marks single things: gateways, lists, descriptors.
#[doc(hidden)]
#[derive(Debug)]
pub enum ByValue {}

macro_rules! functions {
    ($(($($argument:ident),*))*) => {
        $(
            #[diagnostic::do_not_recommend]
            impl<F, W, $($argument),*> IntoWebhooks<(ByFunction, W, $($argument),*)> for F
            where
                F: Fn($($argument),*) -> Message<W>,
                W: Webhook,
            {
                // One function less in a debug build for each webhook that is listed.
                #[inline(always)]
                fn added_to(self, list: Webhooks) -> Webhooks {
                    list.with_descriptor(W::DESCRIPTOR)
                }
            }

            #[diagnostic::do_not_recommend]
            impl<F, W, $($argument),*> Constructor<(W, $($argument),*)> for F
            where
                F: Fn($($argument),*) -> Message<W>,
                W: Webhook,
            {
                type Webhook = W;
            }
        )*
    };
}

// Eight parameters are the most that a webhook may have; a method's `&self` makes nine.
functions! {
    () (A) (A, B) (A, B, C) (A, B, C, D) (A, B, C, D, E) (A, B, C, D, E, G) (A, B, C, D, E, G, H)
    (A, B, C, D, E, G, H, I) (A, B, C, D, E, G, H, I, J)
}

#[diagnostic::do_not_recommend]
impl<V: View> IntoWebhooks<ByView> for V {
    fn added_to(self, mut list: Webhooks) -> Webhooks {
        add_view::<V>(&mut list);
        list
    }
}

impl IntoWebhooks<ByValue> for &'static Descriptor {
    fn added_to(self, list: Webhooks) -> Webhooks {
        list.with_descriptor(self)
    }
}

impl IntoWebhooks<ByValue> for Webhooks {
    fn added_to(self, mut list: Webhooks) -> Webhooks {
        list.append(self);
        list
    }
}

/// Adds the webhooks of a view's blocks.
fn add_view<V: View>(list: &mut Webhooks) {
    for descriptor in V::DESCRIPTORS
        .iter()
        .copied()
        .chain(registry::more_of(TypeId::of::<V>()))
    {
        list.push(Listing::new(descriptor));
    }
}
