//! What the attributes register at link time.
//!
//! `inventory` is asked in one place only, and its order, which changes from build to build, never leaves this crate:
//! a catalogue is sorted.

use std::any::TypeId;

use crate::descriptor::Descriptor;

/// What one attribute registers. For generated code.
#[doc(hidden)]
#[derive(Debug)]
pub enum Registration {
    /// A function.
    Webhook(&'static Descriptor),
    /// The main block of a view.
    View(&'static [&'static Descriptor]),
    /// A further block of a view, found again by the view's type.
    More {
        /// The type, which cannot be a constant.
        view: fn() -> TypeId,
        /// The webhooks of the block.
        descriptors: &'static [&'static Descriptor],
        /// Whether they are found without the view being listed.
        collected: bool,
    },
}

inventory::collect!(Registration);

/// All descriptors that the linker put into this binary, in no particular order.
pub(crate) fn all() -> impl Iterator<Item = &'static Descriptor> {
    inventory::iter::<Registration>()
        .flat_map(|registered| match registered {
            Registration::Webhook(descriptor) => std::slice::from_ref(descriptor),
            Registration::View(descriptors)
            | Registration::More {
                descriptors,
                collected: true,
                ..
            } => descriptors,
            Registration::More {
                collected: false, ..
            } => &[],
        })
        .copied()
}

/// The webhooks that further blocks add to a view.
pub(crate) fn more_of(view: TypeId) -> impl Iterator<Item = &'static Descriptor> {
    inventory::iter::<Registration>()
        .filter_map(move |registered| match registered {
            Registration::More {
                view: of,
                descriptors,
                ..
            } if of() == view => Some(*descriptors),
            _ => None,
        })
        .flatten()
        .copied()
}
