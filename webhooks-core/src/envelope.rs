//! What is around a payload on the wire: nothing, or the envelope of Standard Webhooks.

/// How a payload becomes the body of a request. Document and wire always agree on it.
///
/// ```
/// use webhooks_core::{Envelope, Webhooks, whpost};
///
/// /// Sent when a thing has a new name.
/// #[whpost("thing.renamed")]
/// async fn thing_renamed(name: String);
///
/// let catalogue = Webhooks::new().with(thing_renamed).envelope(Envelope::Standard).build()?;
/// assert_eq!(catalogue.get("thing.renamed").unwrap().envelope(), Envelope::Standard);
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub enum Envelope {
    /// The payload is the body. The default, and what other frameworks' declarations mean.
    #[default]
    Bare,
    /// `{"type": "payment.created", "timestamp": "2026-11-22T10:00:00Z", "data": payload}`, as the
    /// [Standard Webhooks](https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md)
    /// specification recommends. The event's name is then inside of what a signature covers, so new APIs should take it.
    ///
    /// Only JSON goes into it. Without a payload `data` is null; methods that carry no body have no envelope.
    Standard,
}
