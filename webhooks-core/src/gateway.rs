//! Puts webhooks into an app with more tags, security, a name prefix or deprecation: Esmerald's `WebhookGateway`.
//!
//! What a gateway says is kept with each webhook and resolved when a catalogue is built; nothing of it is lost for
//! views, lists or gateways inside gateways.

use crate::descriptor::{Response, Security};
use crate::envelope::Envelope;
use crate::into_webhooks::{ByValue, IntoWebhooks};
use crate::listing::{Adjustments, Listing};
use crate::webhook::View;
use crate::webhooks::Webhooks;

/// Webhooks with something more said about all of them.
///
/// ```
/// use webhooks_core::{WebhookGateway, Webhooks, whpost};
///
/// /// Sent when money went back.
/// #[whpost("refunded", tags = ["refunds"])]
/// async fn refunded(amount: f64);
///
/// let gateway = WebhookGateway::new(refunded).prefix("billing").tag("money").deprecated();
/// let catalogue = Webhooks::new().with(gateway).build()?;
///
/// let entry = catalogue.get("billing.refunded").unwrap();
/// assert_eq!(entry.tags(), ["money", "refunds"]);
/// assert!(entry.is_deprecated());
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
#[derive(Debug)]
#[must_use = "list it with `Webhooks::with`"]
pub struct WebhookGateway {
    webhooks: Webhooks,
    adjustments: Adjustments,
}

impl WebhookGateway {
    /// A gateway around a webhook, a view, another gateway or a whole list.
    pub fn new<M>(webhooks: impl IntoWebhooks<M>) -> Self {
        Self {
            webhooks: Webhooks::new().with(webhooks),
            adjustments: Adjustments::default(),
        }
    }

    /// A gateway around a view of which there is no value, such as a generic one: `WebhookGateway::view::<Refunds<Usd>>()`.
    pub fn view<V: View>() -> Self {
        Self {
            webhooks: Webhooks::new().view::<V>(),
            adjustments: Adjustments::default(),
        }
    }

    /// Adds a tag, before the tags that the webhooks have.
    pub fn tag(mut self, tag: impl Into<String>) -> Self {
        self.adjustments.tags.push(tag.into());
        self
    }

    /// Adds tags, before the tags that the webhooks have.
    pub fn tags<T: Into<String>>(mut self, tags: impl IntoIterator<Item = T>) -> Self {
        self.adjustments
            .tags
            .extend(tags.into_iter().map(Into::into));
        self
    }

    /// Says which security schemes protect the requests, as alternatives, for all webhooks that do not say it themselves.
    pub fn security(mut self, alternatives: impl IntoIterator<Item = Security>) -> Self {
        self.adjustments
            .security
            .get_or_insert_default()
            .extend(alternatives);
        self
    }

    /// A summary for all webhooks that have none of their own: no `summary`, no doc comment of several paragraphs, and
    /// none from a view or a gateway inside of this one.
    pub fn summary(mut self, summary: impl Into<String>) -> Self {
        self.adjustments.summary = Some(summary.into());
        self
    }

    /// A description in Markdown for all webhooks that have none of their own: no `description`, no doc comment, and none
    /// from a view or a gateway inside of this one.
    pub fn description(mut self, description: impl Into<String>) -> Self {
        self.adjustments.description = Some(description.into());
        self
    }

    /// Adds responses that all the webhooks have in common. One for a status that a webhook describes itself is left out
    /// there.
    ///
    /// ```
    /// use webhooks_core::{Descriptor, Response, WebhookGateway, Webhooks};
    ///
    /// static PING: Descriptor = Descriptor::post("ping");
    ///
    /// let gateway = WebhookGateway::new(&PING).responses([Response::new("410", "Ends the subscription.")]);
    /// let catalogue = Webhooks::new().with(gateway).build()?;
    /// # Ok::<(), webhooks_core::BuildError>(())
    /// ```
    pub fn responses(mut self, responses: impl IntoIterator<Item = Response>) -> Self {
        self.adjustments.responses.extend(responses);
        self
    }

    /// Marks all the webhooks as deprecated.
    pub fn deprecated(mut self) -> Self {
        self.adjustments.deprecated = true;
        self
    }

    /// Whether the webhooks appear in the document; a webhook that is left out by any gateway stays out.
    pub fn include_in_schema(mut self, include: bool) -> Self {
        self.adjustments.hidden = !include;
        self
    }

    /// Puts a name before the names of the webhooks: with `billing`, `refunded` becomes `billing.refunded`.
    pub fn prefix(mut self, prefix: impl Into<String>) -> Self {
        self.adjustments.prefixes.push(prefix.into());
        self
    }

    /// The envelope of these webhooks, instead of that of the whole set.
    pub fn envelope(mut self, envelope: Envelope) -> Self {
        self.adjustments.envelope = Some(envelope);
        self
    }

    /// The webhooks, each with what this gateway says about it.
    fn into_listings(self) -> impl Iterator<Item = Listing> {
        let Self {
            webhooks,
            adjustments,
        } = self;
        webhooks
            .into_listings()
            .into_iter()
            .map(move |listing| Listing {
                adjustments: listing.adjustments.inside(&adjustments),
                ..listing
            })
    }
}

impl IntoWebhooks<ByValue> for WebhookGateway {
    fn added_to(self, mut list: Webhooks) -> Webhooks {
        for listing in self.into_listings() {
            list.push(listing);
        }
        list
    }
}
