//! The traits behind a declaration: what a function or a type with webhooks is to the compiler.
//!
//! The attributes implement them. A payload is a trait *parameter* ([`Carries`]) because an associated type would make
//! a private payload of a `pub` webhook an error.

use std::marker::PhantomData;

use crate::descriptor::Descriptor;

/// A declared webhook, as a type. Each function with `#[whpost]` or a relative has one of the function's name.
///
/// ```
/// use webhooks_core::{Webhook, whpost};
///
/// /// Sent when the lights go on.
/// #[whpost("lights.on")]
/// async fn lights_on();
///
/// assert_eq!(<lights_on as Webhook>::DESCRIPTOR.name(), "lights.on");
/// ```
pub trait Webhook: 'static {
    /// What was declared.
    const DESCRIPTOR: &'static Descriptor;
}

/// A webhook whose payload is `T`.
pub trait Carries<T: ?Sized>: Webhook {}

/// A type whose impl block declares webhooks: a class-based view.
///
/// `#[whview]` implements it. The value itself is not needed; it only names the type where webhooks are listed.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a view",
    label = "not a view",
    note = "a view is a type with an impl block under `#[whview]`, in which methods are declared with `#[whpost(\"..\")]` or its relatives"
)]
pub trait View: 'static {
    /// The webhooks of the main block, in the order of the methods.
    const DESCRIPTORS: &'static [&'static Descriptor];
}

/// A method of a view that declares a webhook; `N` is made from the method's name. For generated code.
///
/// Methods cannot have a type of their own name, because impl blocks hold no types.
#[doc(hidden)]
pub trait Method<const N: u64>: 'static {
    /// What was declared.
    const DESCRIPTOR: &'static Descriptor;
}

/// The [`Webhook`] of a view's method. For generated code.
#[doc(hidden)]
#[derive(Debug)]
pub struct MethodOf<V: ?Sized, const N: u64>(PhantomData<fn() -> V>);

impl<V: Method<N>, const N: u64> Webhook for MethodOf<V, N> {
    const DESCRIPTOR: &'static Descriptor = V::DESCRIPTOR;
}

// The constructor's opaque type says which payload it is; nothing else can name this one.
impl<V: Method<N>, T: ?Sized, const N: u64> Carries<T> for MethodOf<V, N> {}

/// What a declaration with a mistake in it returns, so that the mistake is the only error. For generated code.
#[doc(hidden)]
#[derive(Debug)]
pub enum Invalid {}

impl Webhook for Invalid {
    const DESCRIPTOR: &'static Descriptor = &Descriptor::post("invalid").include_in_schema(false);
}

/// The descriptor behind a declared function or method, as a constant: for attributes that take a webhook by path.
#[doc(hidden)]
pub trait Constructor<A> {
    /// The webhook whose message the function builds.
    type Webhook: Webhook;
}
