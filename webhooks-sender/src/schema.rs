//! Whether an untyped payload fits its webhook: checked against the JSON Schema that the app's document shows.
//!
//! A declared function needs no check, because the compiler has made it. A schema is compiled when it is first needed
//! and kept, so that an untyped send costs one pass over its payload.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use jsonschema::Validator;
use serde_json::Value;
use webhooks_core::{CatalogueEntry, Descriptor, Identity, PayloadInfo};

use crate::error::Error;

/// The schemas that were needed so far, by declaration; none where it has no schema.
#[derive(Default)]
pub(crate) struct PayloadSchemas {
    compiled: RwLock<HashMap<Identity, Option<Arc<Validator>>>>,
}

impl PayloadSchemas {
    /// Checks a payload as it will be sent.
    pub(crate) fn check(&self, entry: &CatalogueEntry, payload: &[u8]) -> Result<(), Error> {
        let refused = |problem: String| Error::Schema {
            event: entry.name().to_string(),
            problem,
        };
        let Some(validator) = self.validator(entry.descriptor()).map_err(refused)? else {
            return Ok(());
        };
        let payload: Value =
            serde_json::from_slice(payload).map_err(|error| refused(error.to_string()))?;
        validator.validate(&payload).map_err(|error| {
            // The value itself is the customers' data and is left out.
            let (path, masked) = (error.instance_path().to_string(), error.masked());
            // Of the payload as a whole the path is empty.
            refused(if path.is_empty() {
                masked.to_string()
            } else {
                format!("at `{path}`: {masked}")
            })
        })
    }

    fn validator(&self, descriptor: &'static Descriptor) -> Result<Option<Arc<Validator>>, String> {
        let identity = descriptor.identity();
        let known = self
            .compiled
            .read()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&identity)
            .cloned();
        if let Some(known) = known {
            return Ok(known);
        }
        let schema = descriptor.payload_info().and_then(PayloadInfo::json_schema);
        let validator = schema.map(|schema| {
            jsonschema::validator_for(&schema)
                .map_err(|error| format!("its own schema cannot be used: {}", error.masked()))
        });
        let validator = validator.transpose()?.map(Arc::new);
        let mut compiled = self
            .compiled
            .write()
            .unwrap_or_else(PoisonError::into_inner);
        Ok(compiled.entry(identity).or_insert(validator).clone())
    }
}

impl fmt::Debug for PayloadSchemas {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayloadSchemas").finish_non_exhaustive()
    }
}
