//! The checked set of an app's webhooks: sorted, without contradictions, every gateway resolved.
//!
//! Sorted by name, method and place, because neither the linker's order nor that of a list may change a document.

use std::collections::HashSet;

use crate::descriptor::{Descriptor, Response, Security, SourceLocation, is_json};
use crate::envelope::Envelope;
use crate::error::BuildError;
use crate::event::EventName;
use crate::listing::Listing;
use crate::method::Method;
use crate::security::RequestSecurity;
use crate::warning::Warning;

/// The webhooks of an app, ready to be documented and sent.
///
/// Built by [`Webhooks::collect`](crate::Webhooks::collect) or [`Webhooks::build`](crate::Webhooks::build).
///
/// ```
/// use webhooks_core::{Webhooks, whpost};
///
/// /// Sent when the lights go on.
/// #[whpost("lights.on", tags = ["house"], register = false)]
/// async fn lights_on();
///
/// let catalogue = Webhooks::new().with(lights_on).build()?;
/// let entry = catalogue.get("lights.on").expect("it was just listed");
/// assert_eq!(entry.tags(), ["house"]);
/// assert_eq!(catalogue.iter().map(|entry| entry.name().as_str()).collect::<Vec<_>>(), ["lights.on"]);
/// # Ok::<(), webhooks_core::BuildError>(())
/// ```
#[derive(Debug, Clone)]
pub struct Catalogue {
    entries: Vec<CatalogueEntry>,
    signed: Option<RequestSecurity>,
    warnings: Vec<Warning>,
}

/// A webhook of a [`Catalogue`], with what gateways said about it.
#[derive(Debug, Clone)]
pub struct CatalogueEntry {
    name: EventName,
    descriptor: &'static Descriptor,
    tags: Vec<String>,
    /// What gateways say where neither the webhook nor its view does.
    summary: Option<String>,
    description: Option<String>,
    /// Those of gateways, which count for other statuses than the webhook's own.
    responses: Vec<Response>,
    security: Option<Vec<Security>>,
    deprecated: bool,
    replaced_by: Option<String>,
    in_document: bool,
    envelope: Envelope,
}

impl Catalogue {
    pub(crate) fn new(
        listings: Vec<Listing>,
        envelope: Envelope,
        signed: Option<RequestSecurity>,
        expected: &[String],
        collected: bool,
    ) -> Result<Self, BuildError> {
        let mut problems = Vec::new();
        let mut entries: Vec<CatalogueEntry> = Vec::with_capacity(listings.len());
        for listing in listings {
            match CatalogueEntry::new(listing, envelope) {
                Ok(entry) => entries.push(entry),
                Err(problem) => problems.push(problem),
            }
        }
        entries.sort_by(|a, b| a.sort_key().cmp(&b.sort_key()));
        entries.dedup_by(|later, first| later.is_listed_again(first));
        problems.extend(duplicates(&entries));
        problems.extend(missing(&entries, expected));
        BuildError::check(problems)?;
        let mut warnings = resolve_replacements(&mut entries);
        if entries.is_empty() && collected {
            warnings.push(Warning::NothingCollected);
        }
        Ok(Self {
            entries,
            signed,
            warnings,
        })
    }

    /// The webhooks, sorted by name.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &CatalogueEntry> {
        self.entries.iter()
    }

    /// The webhook of this event; the first where several functions declare different methods of one event.
    pub fn get(&self, event: &str) -> Option<&CatalogueEntry> {
        let first = self
            .entries
            .partition_point(|entry| entry.name.as_str() < event);
        self.entries
            .get(first)
            .filter(|entry| entry.name.as_str() == event)
    }

    /// How many webhooks there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// How requests are signed, if that was said.
    pub fn signed(&self) -> Option<&RequestSecurity> {
        self.signed.as_ref()
    }

    /// What looks wrong but is not an error.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

impl CatalogueEntry {
    fn new(listing: Listing, envelope: Envelope) -> Result<Self, String> {
        let Listing {
            descriptor,
            adjustments,
            ..
        } = listing;
        let mut name = EventName::declared(descriptor.name);
        for prefix in adjustments.prefixes.iter().rev() {
            name = name.below(prefix).map_err(|error| {
                format!(
                    "the prefix `{prefix}` does not fit `{name}` ({}): {error}",
                    descriptor.source_location
                )
            })?;
        }
        let behind_the_same = |name: &str| {
            let prefixes = adjustments.prefixes.iter().map(String::as_str);
            prefixes.chain([name]).collect::<Vec<_>>().join(".")
        };
        let envelope = adjustments.envelope.unwrap_or(envelope);
        fits(descriptor, &name, envelope)?;
        callbacks_differ(descriptor, &name)?;
        let replaced_by = descriptor.replaced_by.map(behind_the_same);
        let own_tags = descriptor.tags.iter().map(|&tag| tag.to_owned());
        Ok(Self {
            name,
            descriptor,
            tags: unique(adjustments.tags.into_iter().chain(own_tags)),
            summary: adjustments.summary,
            description: adjustments.description,
            responses: adjustments.responses,
            security: descriptor
                .security
                .map(<[_]>::to_vec)
                .or(adjustments.security),
            deprecated: adjustments.deprecated
                || descriptor.deprecated.is_some()
                || descriptor.replaced_by.is_some(),
            replaced_by,
            in_document: descriptor.in_document && !adjustments.hidden,
            envelope,
        })
    }

    /// The event's name, with the prefixes of gateways.
    pub fn name(&self) -> &EventName {
        &self.name
    }

    /// What was declared.
    pub fn descriptor(&self) -> &'static Descriptor {
        self.descriptor
    }

    /// The methods as declared; the first is the default.
    pub fn methods(&self) -> &'static [Method] {
        self.descriptor.methods
    }

    /// The tags of gateways, of the view and of the webhook itself, in this order.
    pub fn tags(&self) -> &[String] {
        &self.tags
    }

    /// The summary for where the webhook has none of its own: that of the view, or of the innermost gateway.
    pub(crate) fn default_summary(&self) -> Option<&str> {
        self.descriptor.default_summary.or(self.summary.as_deref())
    }

    /// The description for where the webhook has none of its own: that of the view, or of the innermost gateway.
    pub(crate) fn default_description(&self) -> Option<&str> {
        let of_gateway = self.description.as_deref();
        self.descriptor.default_description.or(of_gateway)
    }

    /// The responses in addition to that of success: the webhook's own, then those of gateways for other statuses.
    pub(crate) fn responses(&self) -> impl Iterator<Item = &Response> {
        let own = self.descriptor.responses;
        let is_free = |status: &str| {
            status != self.descriptor.status && own.iter().all(|response| response.status != status)
        };
        let of_gateways = self.responses.iter();
        own.iter()
            .chain(of_gateways.filter(move |response| is_free(response.status)))
    }

    /// The security alternatives that were said, if any.
    pub fn security(&self) -> Option<&[Security]> {
        self.security.as_deref()
    }

    /// Whether the webhook is deprecated, by itself, by a replacement, or by a gateway.
    pub fn is_deprecated(&self) -> bool {
        self.deprecated
    }

    /// The name of the event that takes this one's place.
    pub fn replaced_by(&self) -> Option<&str> {
        self.replaced_by.as_deref()
    }

    /// Whether the webhook appears in documents.
    pub fn is_documented(&self) -> bool {
        self.in_document
    }

    /// What is around the payload on the wire.
    pub fn envelope(&self) -> Envelope {
        self.envelope
    }

    fn sort_key(&self) -> (&EventName, &[Method], SourceLocation) {
        (
            &self.name,
            self.descriptor.methods,
            self.descriptor.source_location,
        )
    }

    /// Whether this is the same webhook, said in the same way.
    fn is_listed_again(&self, other: &Self) -> bool {
        self.descriptor.identity() == other.descriptor.identity()
            && self.name == other.name
            && self.tags == other.tags
            && self.summary == other.summary
            && self.description == other.description
            && statuses(&self.responses) == statuses(&other.responses)
            && self.deprecated == other.deprecated
            && self.in_document == other.in_document
            && self.envelope == other.envelope
            && self.security.as_deref().map(schemes) == other.security.as_deref().map(schemes)
    }
}

/// An envelope is JSON around JSON: a form or bytes would break it.
fn fits(descriptor: &Descriptor, name: &EventName, envelope: Envelope) -> Result<(), String> {
    if envelope == Envelope::Standard && !name.is_portable() {
        return Err(format!(
            "`{name}` ({}) is not an event type of Standard Webhooks, which has only letters, digits, `.`, `-` and `_`: \
             say `.envelope(Envelope::Bare)` on a `WebhookGateway` around it",
            descriptor.source_location
        ));
    }
    let content_type = descriptor
        .payload
        .map_or("application/json", |payload| payload.content_type);
    if envelope == Envelope::Bare || is_json(content_type) {
        return Ok(());
    }
    Err(format!(
        "`{}` ({}) is sent as {content_type}, which does not fit into the envelope of Standard Webhooks: send it as \
         JSON, or say `.envelope(Envelope::Bare)` on a `WebhookGateway` around it",
        descriptor.name, descriptor.source_location
    ))
}

/// A callback has one operation for a place and a method.
fn callbacks_differ(descriptor: &Descriptor, name: &EventName) -> Result<(), String> {
    let keys = descriptor.callbacks.iter().map(|callback| {
        let method = (callback.operation)().method;
        (callback.name, callback.expression, method)
    });
    let mut seen = HashSet::new();
    for (callback, expression, method) in keys {
        if !seen.insert((callback, expression, method)) {
            return Err(format!(
                "`{name}` ({}) has the callback `{callback}` to `{expression}` twice with {method}: leave one of them out",
                descriptor.source_location
            ));
        }
    }
    Ok(())
}

fn statuses(responses: &[Response]) -> Vec<(&str, &str)> {
    responses
        .iter()
        .map(|one| (one.status, one.description))
        .collect()
}

fn schemes(security: &[Security]) -> Vec<(&str, &[&str])> {
    security
        .iter()
        .map(|one| (one.scheme, one.scopes))
        .collect()
}

fn unique(tags: impl Iterator<Item = String>) -> Vec<String> {
    let mut unique = Vec::new();
    for tag in tags {
        if !unique.contains(&tag) {
            unique.push(tag);
        }
    }
    unique
}

/// Two webhooks of one name and method; neighbours, because the entries are sorted by name.
fn duplicates(entries: &[CatalogueEntry]) -> Vec<String> {
    let mut problems = Vec::new();
    for (i, entry) in entries.iter().enumerate() {
        for other in entries[i + 1..]
            .iter()
            .take_while(|other| other.name == entry.name)
        {
            let Some(method) = entry
                .methods()
                .iter()
                .find(|method| other.methods().contains(method))
            else {
                continue;
            };
            let (first, second) = (
                entry.descriptor.source_location,
                other.descriptor.source_location,
            );
            problems.push(if first == second {
                format!(
                    "`{}` is listed twice with {method} (declared at {first}), with different gateways around it: \
                     list it once, or give one of the gateways a prefix",
                    entry.name
                )
            } else {
                format!(
                    "`{}` is declared twice with {method}: at {first} and at {second}; rename one of them, \
                     or put one behind a gateway with a prefix",
                    entry.name
                )
            });
        }
    }
    problems
}

fn missing(entries: &[CatalogueEntry], expected: &[String]) -> Vec<String> {
    let has = |event: &str| entries.iter().any(|entry| entry.name.as_str() == event);
    let missing = expected.iter().filter(|event| !has(event));
    missing
        .map(|event| {
            format!(
                "`{event}` is expected but not there; when it is declared in another crate, the linker left that crate \
                 out because no code names it: write `use that_crate as _;`"
            )
        })
        .collect()
}

/// A replacement is named as it was declared: behind the same gateways if it is there, else anywhere.
fn resolve_replacements(entries: &mut [CatalogueEntry]) -> Vec<Warning> {
    let names: HashSet<String> = entries.iter().map(|entry| entry.name.to_string()).collect();
    let mut warnings = Vec::new();
    for entry in entries {
        let Some(declared) = entry.descriptor.replaced_by else {
            continue;
        };
        if entry
            .replaced_by
            .as_ref()
            .is_some_and(|name| names.contains(name))
        {
            continue;
        }
        entry.replaced_by = Some(declared.to_owned());
        if !names.contains(declared) {
            let (event, replacement) = (entry.name.to_string(), declared.to_owned());
            warnings.push(Warning::UnknownReplacement { event, replacement });
        }
    }
    warnings
}
