//! A webhook as it is in a list: its descriptor and what gateways say around it.

use crate::descriptor::{Descriptor, Response, Security};
use crate::envelope::Envelope;

/// One webhook of a list.
#[derive(Debug, Clone)]
pub(crate) struct Listing {
    pub(crate) descriptor: &'static Descriptor,
    pub(crate) adjustments: Adjustments,
    /// Found in the binary, not listed by hand.
    pub(crate) collected: bool,
}

impl Listing {
    pub(crate) fn new(descriptor: &'static Descriptor) -> Self {
        Self {
            descriptor,
            adjustments: Adjustments::default(),
            collected: false,
        }
    }

    pub(crate) fn collected(descriptor: &'static Descriptor) -> Self {
        Self {
            collected: true,
            ..Self::new(descriptor)
        }
    }
}

/// What gateways add. Lists are ordered from the outermost gateway to the innermost.
#[derive(Debug, Clone, Default)]
pub(crate) struct Adjustments {
    pub(crate) prefixes: Vec<String>,
    pub(crate) tags: Vec<String>,
    pub(crate) summary: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) responses: Vec<Response>,
    pub(crate) security: Option<Vec<Security>>,
    pub(crate) deprecated: bool,
    pub(crate) hidden: bool,
    pub(crate) envelope: Option<Envelope>,
}

impl Adjustments {
    /// These adjustments inside of `outer`: lists are joined, and of two single values the inner one counts.
    pub(crate) fn inside(self, outer: &Self) -> Self {
        let join =
            |outer: &[String], inner: Vec<String>| outer.iter().cloned().chain(inner).collect();
        let mut responses = self.responses;
        for response in &outer.responses {
            if responses
                .iter()
                .all(|inner| inner.status != response.status)
            {
                responses.push(*response);
            }
        }
        Self {
            prefixes: join(&outer.prefixes, self.prefixes),
            tags: join(&outer.tags, self.tags),
            summary: self.summary.or_else(|| outer.summary.clone()),
            description: self.description.or_else(|| outer.description.clone()),
            responses,
            security: self.security.or_else(|| outer.security.clone()),
            deprecated: self.deprecated || outer.deprecated,
            hidden: self.hidden || outer.hidden,
            envelope: self.envelope.or(outer.envelope),
        }
    }
}
