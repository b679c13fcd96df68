//! The document with what the rules ask of it: its webhooks, and their parts one after the other.

use serde_json::Value;

use crate::catalogue::{Body, Catalogue, Parameter, Response};
use crate::document::Document;
use crate::pointer::Pointer;
use crate::reference::{Part, References};
use crate::walk;

/// A document under examination.
pub(super) struct Subject<'a> {
    pub(super) document: &'a Document,
    pub(super) references: References<'a>,
    pub(super) catalogue: Catalogue<'a>,
}

impl<'a> Subject<'a> {
    pub(super) fn of(document: &'a Document) -> Self {
        let references = References::new(document.root());
        Self {
            document,
            references,
            catalogue: Catalogue::of(document),
        }
    }

    /// The headers, query parameters and cookies of all operations.
    pub(super) fn parameters(&self) -> impl Iterator<Item = &Parameter<'a>> {
        let operations = self.catalogue.operations.iter();
        operations.flat_map(|operation| &operation.parameters)
    }

    /// The payloads of all operations.
    pub(super) fn bodies(&self) -> impl Iterator<Item = &Body<'a>> {
        let operations = self.catalogue.operations.iter();
        operations.filter_map(|operation| operation.body.as_ref())
    }

    /// The schemas of all payloads.
    pub(super) fn payload_schemas(&self) -> impl Iterator<Item = &Part<'a>> {
        let contents = self.bodies().flat_map(|body| &body.content);
        contents.filter_map(|content| content.schema.as_ref())
    }

    /// The responses of all operations.
    pub(super) fn responses(&self) -> impl Iterator<Item = &Response<'a>> {
        let operations = self.catalogue.operations.iter();
        operations.flat_map(|operation| &operation.responses)
    }

    /// The schemas of all responses.
    pub(super) fn response_schemas(&self) -> impl Iterator<Item = &Part<'a>> {
        let contents = self.responses().flat_map(|response| &response.content);
        contents.filter_map(|content| content.schema.as_ref())
    }

    /// The members of `components/schemas` with their names.
    pub(super) fn component_schemas(&self) -> impl Iterator<Item = (&'a str, Part<'a>)> {
        let components = self.document.root().get("components");
        let place = Pointer::root().child("components").child("schemas");
        let schemas = components
            .and_then(|components| components.get("schemas"))
            .map(|schemas| Part::new(place, schemas));
        schemas.into_iter().flat_map(|schemas| {
            let members: Vec<_> = schemas.members().collect();
            members
        })
    }

    /// Calls `visit` for each schema of the document, with its place.
    pub(super) fn schemas(&self, visit: &mut dyn FnMut(&Pointer, &'a Value)) {
        walk::objects(self.document.root(), &mut |place, value| {
            if is_schema(place) {
                visit(place, value);
            }
        });
    }
}

/// Whether a schema is at a place: below `schema` or `schemas`. A security scheme or a parameter, which may have a
/// `type` too, is not.
fn is_schema(place: &Pointer) -> bool {
    place.as_str().contains("/schema/")
        || place.as_str().ends_with("/schema")
        || place.as_str().starts_with("/components/schemas/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn schemas_are_known_by_their_place() {
        assert!(is_schema(&Pointer::from_text(
            "/components/schemas/A/properties/b"
        )));
        assert!(is_schema(&Pointer::from_text(
            "/webhooks/a/post/parameters/0/schema"
        )));
        assert!(!is_schema(&Pointer::from_text(
            "/components/securitySchemes/key"
        )));
    }
}
