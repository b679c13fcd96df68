//! The webhooks of a document as a list of operations, every `$ref` on the way followed.
//!
//! Parts that cannot be understood are left out and remembered as problems: `lint` reports all of them, the other
//! commands stop at the first.

mod operation;

use serde_json::Value;

pub(crate) use self::operation::{Body, Content, Header, Operation, Parameter, Response};
use crate::document::{Document, DocumentError, kind};
use crate::pointer::Pointer;
use crate::reference::{Part, References};

/// The methods of a Path Item Object in the order in which OpenAPI lists them; `query` since 3.2.
pub(crate) const METHODS: [&str; 9] = [
    "get", "put", "post", "delete", "options", "head", "patch", "trace", "query",
];

/// One event with its path item.
#[derive(Debug)]
pub(crate) struct Event<'a> {
    pub(crate) name: &'a str,
    /// What is written under `webhooks`, perhaps a `$ref`.
    pub(crate) written: Part<'a>,
    /// Where that leads.
    pub(crate) item: Part<'a>,
}

/// The webhooks of a document.
#[derive(Debug)]
pub(crate) struct Catalogue<'a> {
    pub(crate) events: Vec<Event<'a>>,
    /// One for each method of each event, in the order of the document.
    pub(crate) operations: Vec<Operation<'a>>,
    pub(crate) problems: Vec<DocumentError>,
}

impl<'a> Catalogue<'a> {
    /// Reads what can be read.
    pub(crate) fn of(document: &'a Document) -> Self {
        let mut catalogue = Self {
            events: Vec::new(),
            operations: Vec::new(),
            problems: root(document.root()),
        };
        let references = References::new(document.root());
        let key = document.webhooks_key();
        let Some(webhooks) = document.root().get(key) else {
            return catalogue;
        };
        for (name, written) in Part::new(Pointer::root().child(key), webhooks).members() {
            if name.starts_with("x-") && key == "webhooks" && !written.value.is_object() {
                continue;
            }
            match references.object(written.clone()) {
                Ok(item) => {
                    catalogue.add_operations(references, name, &item);
                    catalogue.events.push(Event {
                        name,
                        written,
                        item,
                    });
                }
                Err(problem) => catalogue.problems.push(problem),
            }
        }
        catalogue
    }

    /// Reads all of it.
    ///
    /// # Errors
    ///
    /// For the first part that cannot be understood.
    pub(crate) fn whole(document: &'a Document) -> Result<Self, DocumentError> {
        let catalogue = Self::of(document);
        match catalogue.problems.first() {
            Some(problem) => Err(problem.clone()),
            None => Ok(catalogue),
        }
    }

    fn add_operations(&mut self, references: References<'a>, event: &'a str, item: &Part<'a>) {
        let fixed = METHODS
            .iter()
            .filter_map(|&method| item.child(method).map(|part| (method, part)));
        let further = item.child("additionalOperations");
        let further = further.iter().flat_map(Part::members).collect::<Vec<_>>();
        for (method, part) in fixed.chain(further) {
            match Operation::read(references, event, method, item, part, &mut self.problems) {
                Ok(operation) => self.operations.push(operation),
                Err(problem) => self.problems.push(problem),
            }
        }
    }
}

/// What of the document itself is not of its form.
fn root(root: &Value) -> Vec<DocumentError> {
    let is_wrong = |(name, is_list): &(&str, bool)| {
        root.get(name).is_some_and(|value| {
            if *is_list {
                !value.is_array()
            } else {
                !value.is_object()
            }
        })
    };
    let objects = ["components", "info", "paths"].map(|name| (name, false));
    let lists = ["security", "servers", "tags"].map(|name| (name, true));
    let wrong = objects
        .into_iter()
        .chain(lists)
        .filter(is_wrong)
        .map(|(name, is_list)| {
            let expected = if is_list { "an array" } else { "an object" };
            let message = format!("expected {expected}, found {}", kind(&root[name]));
            DocumentError::new(Pointer::root().child(name), message)
        });
    wrong.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn document(webhooks: &Value) -> Document {
        let value = json!({
            "openapi": "3.1.0",
            "webhooks": webhooks,
            "components": {
                "pathItems": { "P": { "post": { "operationId": "p" } } },
                "parameters": { "H": { "name": "X-Item", "in": "header", "required": true } },
                "requestBodies": { "B": { "content": { "application/json": { "schema": {} } } } },
            },
        });
        Document::from_value(value).expect("a document")
    }

    #[test]
    fn methods_come_in_the_order_of_openapi() {
        let document =
            document(&json!({ "a": { "trace": {}, "post": {}, "summary": "A", "get": {} } }));
        let catalogue = Catalogue::whole(&document).expect("a catalogue");
        let methods: Vec<_> = catalogue
            .operations
            .iter()
            .map(|operation| operation.method.as_str())
            .collect();
        assert_eq!(methods, ["GET", "POST", "TRACE"]);
    }

    #[test]
    fn methods_of_their_own_are_read_in_3_2() {
        let document =
            document(&json!({ "a": { "query": {}, "additionalOperations": { "NOTIFY": {} } } }));
        let catalogue = Catalogue::whole(&document).expect("a catalogue");
        let methods: Vec<_> = catalogue
            .operations
            .iter()
            .map(|operation| operation.method.as_str())
            .collect();
        assert_eq!(methods, ["QUERY", "NOTIFY"]);
    }

    #[test]
    fn a_path_item_elsewhere_is_followed_and_its_operations_stand_there() {
        let document = document(&json!({ "a": { "$ref": "#/components/pathItems/P" } }));
        let catalogue = Catalogue::whole(&document).expect("a catalogue");
        assert_eq!(
            catalogue.operations[0].part.pointer.to_string(),
            "#/components/pathItems/P/post"
        );
        assert_eq!(catalogue.operations[0].event, "a");
    }

    #[test]
    fn an_operations_parameter_replaces_that_of_its_path_item() {
        let document = document(&json!({ "a": {
            "parameters": [{ "$ref": "#/components/parameters/H" }, { "name": "q", "in": "query" }],
            "post": { "parameters": [{ "name": "x-item", "in": "header" }] },
        } }));
        let catalogue = Catalogue::whole(&document).expect("a catalogue");
        let parameters = &catalogue.operations[0].parameters;
        let shown: Vec<_> = parameters
            .iter()
            .map(|one| (one.name, one.required))
            .collect();
        assert_eq!(shown, [("q", false), ("x-item", false)]);
    }

    #[test]
    fn bodies_elsewhere_are_followed() {
        let document = document(
            &json!({ "a": { "post": { "requestBody": { "$ref": "#/components/requestBodies/B" } } } }),
        );
        let catalogue = Catalogue::whole(&document).expect("a catalogue");
        let body = catalogue.operations[0].body.as_ref().expect("a body");
        assert_eq!(body.content[0].media_type, "application/json");
    }

    #[test]
    fn members_of_the_document_have_their_forms() {
        let value = json!({ "openapi": "3.1.0", "info": "A", "paths": [], "components": 1, "tags": {}, "security": [] });
        let document = Document::from_value(value).expect("a document");
        let problems: Vec<_> = Catalogue::of(&document)
            .problems
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            problems,
            [
                "#/components: expected an object, found a number",
                "#/info: expected an object, found a text",
                "#/paths: expected an object, found an array",
                "#/tags: expected an array, found an object",
            ]
        );
    }

    #[test]
    fn what_is_no_object_is_a_problem_at_its_place() {
        let document = document(&json!({
            "a": [],
            "b": { "post": 1 },
            "c": { "$ref": "#/nowhere" },
            "d": { "post": { "parameters": [7], "requestBody": "x", "responses": { "200": null } } },
        }));
        let catalogue = Catalogue::of(&document);
        let places: Vec<_> = catalogue
            .problems
            .iter()
            .map(|problem| problem.pointer().to_string())
            .collect();
        assert_eq!(
            places,
            [
                "#/webhooks/a",
                "#/webhooks/b/post",
                "#/webhooks/c/$ref",
                "#/webhooks/d/post/parameters/0",
                "#/webhooks/d/post/requestBody",
                "#/webhooks/d/post/responses/200",
            ]
        );
        assert!(Catalogue::whole(&document).is_err());
    }
}
