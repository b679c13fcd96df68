//! Replaces `schema` when the feature `validation` is off: untyped payloads are sent without a check.

use webhooks_core::CatalogueEntry;

use crate::error::Error;

/// No schemas.
#[derive(Debug, Default)]
pub(crate) struct PayloadSchemas {}

impl PayloadSchemas {
    /// Accepts everything.
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "it stands in for the one that checks"
    )]
    pub(crate) fn check(&self, _: &CatalogueEntry, _: &[u8]) -> Result<(), Error> {
        Ok(())
    }
}
