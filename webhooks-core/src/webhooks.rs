//! The list of webhooks of an app, on its way to a [`Catalogue`].
//!
//! Everything the binary was linked with, or an explicit list, or both: a webhook that is listed twice in the same
//! way counts once.

use std::collections::HashSet;
use std::ptr;

use crate::catalogue::Catalogue;
use crate::descriptor::Descriptor;
use crate::envelope::Envelope;
use crate::error::BuildError;
use crate::listing::Listing;
use crate::registry;
use crate::security::RequestSecurity;

/// The webhooks of an app.
///
/// # What the linker leaves out
///
/// [`collect`](Self::collect) finds every registered webhook of every crate in the binary. The linker leaves out a crate
/// that no code names: a dependency that is only in `Cargo.toml`, and also the library of a package whose own
/// binary never says its name. Nothing else is ever lost, whatever the optimisation. Name the crate once, as in
/// `use my_events as _;`, and say with [`expect`](Self::expect) which events must be there. Lists need none of this.
///
/// ```standalone_crate
/// use webhooks_core::{Webhooks, whpost};
///
/// /// Sent when the lights go on.
/// #[whpost("lights.on")]
/// async fn lights_on();
///
/// // Everything in the binary:
/// let catalogue = Webhooks::collect()?;
/// assert!(catalogue.get("lights.on").is_some());
///
/// // Or just what is listed:
/// let catalogue = Webhooks::new().with(lights_on).build()?;
/// assert_eq!(catalogue.len(), 1);
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
#[derive(Debug, Default)]
#[must_use = "a list does nothing until it is built"]
pub struct Webhooks {
    listings: Vec<Listing>,
    envelope: Envelope,
    signed: Option<RequestSecurity>,
    expected: Vec<String>,
    collected: bool,
}

impl Webhooks {
    /// An empty list.
    pub fn new() -> Self {
        Self::default()
    }

    /// The catalogue of everything that the binary was linked with: `Webhooks::new().collected().build()`.
    ///
    /// # Errors
    ///
    /// As [`build`](Self::build).
    pub fn collect() -> Result<Catalogue, BuildError> {
        Self::new().collected().build()
    }

    /// Adds everything that the binary was linked with; see [what the linker leaves out](Self#what-the-linker-leaves-out).
    ///
    /// Left out are generic views and what says `register = false`; they can be listed. A webhook that is also listed
    /// by hand, for instance behind a gateway, counts as it is listed there.
    pub fn collected(mut self) -> Self {
        self.collected = true;
        self.listings
            .extend(registry::all().map(Listing::collected));
        self
    }

    /// The envelope of all webhooks for which no gateway says another; [`Envelope::Bare`] by default.
    pub fn envelope(mut self, envelope: Envelope) -> Self {
        self.envelope = envelope;
        self
    }

    /// Says that every request is signed, and how: documents describe the headers and the security scheme. `None`, which
    /// a sender's dialect gives that signs nothing, says that none is.
    pub fn signed(mut self, security: impl Into<Option<RequestSecurity>>) -> Self {
        self.signed = security.into();
        self
    }

    /// Names events that must be in the list, so that one that the linker left out is noticed when the app starts.
    pub fn expect<T: Into<String>>(mut self, events: impl IntoIterator<Item = T>) -> Self {
        self.expected.extend(events.into_iter().map(Into::into));
        self
    }

    /// Checks and sorts the list.
    ///
    /// # Errors
    ///
    /// When two webhooks have the same name and method (both places are named), when a prefix makes a name that is
    /// none, or when an expected event is missing. All problems are reported together.
    pub fn build(self) -> Result<Catalogue, BuildError> {
        let Self {
            listings,
            envelope,
            signed,
            expected,
            collected,
        } = self;
        let by_hand: HashSet<*const Descriptor> = listings
            .iter()
            .filter(|listing| !listing.collected)
            .map(|listing| ptr::from_ref(listing.descriptor))
            .collect();
        let said_last = listings
            .into_iter()
            .filter(|listing| {
                !listing.collected || !by_hand.contains(&ptr::from_ref(listing.descriptor))
            })
            .collect();
        Catalogue::new(said_last, envelope, signed, &expected, collected)
    }

    pub(crate) fn with_descriptor(mut self, descriptor: &'static Descriptor) -> Self {
        self.push(Listing::new(descriptor));
        self
    }

    pub(crate) fn push(&mut self, listing: Listing) {
        self.listings.push(listing);
    }

    /// Takes over another list: its webhooks keep its envelope. Its signature counts if this list has none yet.
    pub(crate) fn append(&mut self, list: Self) {
        self.expected.extend_from_slice(&list.expected);
        self.collected |= list.collected;
        self.signed = self.signed.take().or_else(|| list.signed.clone());
        self.listings.extend(list.into_listings());
    }

    pub(crate) fn into_listings(self) -> Vec<Listing> {
        let mut listings = self.listings;
        if self.envelope != Envelope::default() {
            for listing in &mut listings {
                listing.adjustments.envelope.get_or_insert(self.envelope);
            }
        }
        listings
    }
}
