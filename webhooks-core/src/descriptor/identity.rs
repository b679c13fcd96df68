//! What tells declarations apart, whatever gateways call them.
//!
//! A declared function's descriptor is a `static` and has an address of its own. Those of a generic view are constants,
//! which the compiler may put anywhere and more than once: they are distinguished by place and type.

use std::any::TypeId;
use std::ptr;

use super::{Descriptor, SourceLocation};

/// Tells one declaration from all others: the key under which a sender finds what the [catalogue](crate::Catalogue)
/// says of a message's [descriptor](crate::Message::descriptor). It means nothing outside of the process.
///
/// ```
/// use webhooks_core::{WebhookGateway, Webhooks, whpost};
///
/// /// Sent when the lights go on.
/// #[whpost("lights.on", register = false)]
/// async fn lights_on();
///
/// let catalogue = Webhooks::new().with(WebhookGateway::new(lights_on).prefix("house")).build()?;
/// let entry = catalogue.get("house.lights.on").expect("it was just listed");
/// assert_eq!(entry.descriptor().identity(), lights_on().descriptor().identity());
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Identity(IdentityKey);

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum IdentityKey {
    Address(usize),
    View(SourceLocation, TypeId),
}

impl Descriptor {
    /// Which declaration this is.
    pub fn identity(&'static self) -> Identity {
        Identity(match self.view {
            Some(view) => IdentityKey::View(self.source_location, view()),
            None => IdentityKey::Address(ptr::from_ref(self).addr()),
        })
    }
}
