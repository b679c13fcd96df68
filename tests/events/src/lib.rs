//! Webhooks that other crates list or collect, as a domain crate has them: it only declares.
//!
//! Expansions must not cause a single warning, in public items either.

#![deny(
    warnings,
    missing_docs,
    clippy::pedantic,
    unreachable_pub,
    missing_debug_implementations
)]
#![deny(
    unnameable_types,
    unused_qualifications,
    unused_extern_crates,
    rust_2018_idioms
)]
#![deny(
    clippy::nursery,
    clippy::exhaustive_enums,
    clippy::items_after_statements
)]

use schemars::JsonSchema;
use serde::Serialize;
use webhooks_core::{whpost, whview};

/// What an application sees that knows only this crate.
pub use webhooks_core as hooks;

/// An order.
#[derive(Debug, Serialize, JsonSchema)]
pub struct Order {
    /// The number on the paper.
    pub number: u32,
}

/// Sent when an order has come in; see [`order_placed`] and [`order_placed()`].
#[whpost("events.order.placed")]
pub async fn order_placed(
    data: Order,
    /// Whose order it is, as in [`order_placed`].
    #[header]
    x_tenant: Option<String>,
);

pub mod nested {
    //! A module inside.

    /// Sent from a module inside.
    #[webhooks_core::whpost("events.nested")]
    pub async fn order_placed(data: super::Order);
}

/// The orders of a shop.
#[derive(Debug)]
pub struct Orders;

#[whview(prefix = "events")]
impl Orders {
    /// Sent when an order has left the house.
    #[whpost("order.shipped")]
    pub async fn shipped(&self, data: Order);
}

/// Not collected; a program that wants it lists it.
#[whpost("events.unregistered", register = false)]
pub async fn unregistered(data: Order);

/// Declares a webhook in another crate, without that crate knowing of `webhooks-core`.
#[macro_export]
macro_rules! declare {
    ($(#[$attribute:meta])* $visibility:vis $name:ident, $event:literal, $payload:ty) => {
        $(#[$attribute])*
        #[$crate::hooks::whpost($event, crate = $crate::hooks)]
        $visibility async fn $name(data: $payload);
    };
}
