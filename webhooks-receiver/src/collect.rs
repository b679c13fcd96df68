//! Handlers that the linker collects: by the key of a receiver and the type of its state.

use std::any::{Any, TypeId, type_name};

use crate::on::{Attributed, Registers};
use crate::routes::Routes;

/// A handler that waits to be collected. For generated code.
#[doc(hidden)]
#[derive(Debug)]
pub struct CollectedHandler {
    receiver: &'static str,
    state: fn() -> TypeId,
    state_name: fn() -> &'static str,
    register: fn(&mut dyn Any),
}

inventory::collect!(CollectedHandler);

impl CollectedHandler {
    /// A handler of the receivers that collect by this key and have the state `S`.
    pub const fn new<S: 'static>(receiver: &'static str, register: fn(&mut dyn Any)) -> Self {
        Self {
            receiver,
            state: TypeId::of::<S>,
            state_name: type_name::<S>,
            register,
        }
    }
}

/// Puts a handler into routes whose state is known at run time only. For generated code.
#[doc(hidden)]
pub fn collect<S: 'static, A, H>(routes: &mut dyn Any, handler: H)
where
    H: Attributed<A>,
    H::Kind: Registers<H, A, S>,
{
    if let Some(routes) = routes.downcast_mut::<Routes<S>>() {
        H::Kind::register(handler, routes);
    }
}

/// Puts every handler of this key and state into `routes`. The order of the linker means nothing, so theirs is that of
/// their names; the error says what there is instead.
pub(crate) fn all<S: 'static>(receiver: &str, routes: &mut Routes<S>) -> Result<(), String> {
    let of_key = || inventory::iter::<CollectedHandler>().filter(|one| one.receiver == receiver);
    let mut found = Routes::<S>::default();
    for one in of_key().filter(|one| (one.state)() == TypeId::of::<S>()) {
        (one.register)(&mut found);
    }
    if found.is_empty() {
        return Err(nothing(
            receiver,
            type_name::<S>(),
            of_key().map(|one| (one.state_name)()).collect(),
        ));
    }
    routes.append_sorted(found);
    Ok(())
}

fn nothing(receiver: &str, state: &str, mut others: Vec<&str>) -> String {
    if others.is_empty() {
        let mut keys: Vec<_> = inventory::iter::<CollectedHandler>()
            .map(|one| format!("`{}`", one.receiver))
            .collect();
        keys.sort();
        keys.dedup();
        let keys = if keys.is_empty() {
            "none".to_owned()
        } else {
            keys.join(", ")
        };
        return format!(
            "no handler says `receiver = \"{receiver}\"`; the keys that were linked are: {keys}. A crate that no code \
             names is not linked"
        );
    }
    others.sort_unstable();
    others.dedup();
    format!(
        "handlers with `receiver = \"{receiver}\"` have another state than `{state}`: `{}`; say which with `state = ..`",
        others.join("`, `")
    )
}
