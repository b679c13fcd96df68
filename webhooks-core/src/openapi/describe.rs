//! A webhook becomes the operations of a path item.

use std::borrow::Cow;

use indexmap::IndexMap;
use serde_json::{Map, Value, json};

use super::components::Components;
use super::info::ExternalDocumentation;
use super::members::Members;
use super::object::{
    MediaType, OperationObject, ParameterObject, PathItem, RequestBody, Requirement, ResponseObject,
};
use super::own_name::OwnName;
use super::{docs, operation_id};
use crate::catalogue::CatalogueEntry;
use crate::descriptor::{
    Descriptor, OptionalHeader, Parameter, ParameterLocation, PayloadInfo, Security,
};
use crate::envelope::Envelope;
use crate::method::Method;
use crate::schemas::AddSchema;
use crate::security::RequestSecurity;

/// The tag of webhooks that have none.
pub(crate) const DEFAULT_TAG: &str = "webhooks";

const ANY_RECEIVED: &str = "Any 2xx status says that the event was received.";

const RECEIVED: &str = "Says that the event was received.";

/// Describes a webhook once for each of its methods.
pub(crate) fn webhook(
    entry: &CatalogueEntry,
    signed: Option<&RequestSecurity>,
    components: &mut Components,
) -> Vec<(Method, OperationObject)> {
    let event = entry.name().as_str();
    let descriptor = entry.descriptor();
    let (summary, description) = docs::of_webhook(entry);
    let body = match &descriptor.payload {
        Some(payload) => Some(request_body(entry, payload, components)),
        None if entry.envelope() == Envelope::Standard => empty_envelope(entry, components),
        None => None,
    };
    let operation = OperationObject {
        tags: tags(entry),
        summary,
        description,
        external_docs: external_docs(descriptor),
        operation_id: String::new(),
        parameters: parameters(descriptor, signed, components),
        request_body: body,
        responses: responses(entry, components),
        callbacks: callbacks(descriptor, components),
        deprecated: entry.is_deprecated(),
        security: Some(security(entry, signed)),
        extensions: extensions(entry),
    };
    let id = |method| match descriptor.operation_id {
        Some(id) if descriptor.methods.len() == 1 => id.to_owned(),
        Some(id) => operation_id::of_webhook(id, method),
        None => operation_id::of_webhook(event, method),
    };
    // Most webhooks have one method, and then nothing is copied.
    let copies = std::iter::repeat_n(operation, descriptor.methods.len());
    let operations = descriptor
        .methods
        .iter()
        .zip(copies)
        .map(|(&method, mut operation)| {
            operation.operation_id = id(method);
            operation.request_body = operation
                .request_body
                .take()
                .filter(|_| method.carries_body());
            (method, operation)
        });
    operations.collect()
}

fn tags(entry: &CatalogueEntry) -> Vec<String> {
    if entry.tags().is_empty() {
        vec![DEFAULT_TAG.to_owned()]
    } else {
        entry.tags().to_vec()
    }
}

fn external_docs(descriptor: &Descriptor) -> Option<ExternalDocumentation> {
    let docs = descriptor.external_docs?;
    let link = ExternalDocumentation::new(docs.url);
    Some(
        docs.description
            .map_or(link.clone(), |description| link.description(description)),
    )
}

/// The declared members, and the replacement in a form that a page can link.
fn extensions(entry: &CatalogueEntry) -> Map<String, Value> {
    let replacement = entry
        .replaced_by()
        .map(|event| ("x-replaced-by".to_owned(), json!(event)));
    let declared = entry.descriptor().extensions.iter();
    let extra = entry.descriptor().extra.iter();
    replacement
        .into_iter()
        .chain(extra.map(|member| (member.name.to_owned(), (member.value)())))
        .chain(declared.map(|extension| (extension.name.to_owned(), (extension.value)())))
        .collect()
}

/// The declared alternatives, each together with a signature. Where a webhook may lack the signature, each alternative
/// is there without it as well.
///
/// Without either the list is empty: the security that a document asks for its routes says nothing about webhooks.
fn security(entry: &CatalogueEntry, signed: Option<&RequestSecurity>) -> Vec<Requirement> {
    let declared: Vec<Requirement> = match entry.security() {
        Some(alternatives) if !alternatives.is_empty() => {
            alternatives.iter().map(requirement).collect()
        }
        _ => vec![Requirement::new()],
    };
    let with_signature = signed.into_iter().flat_map(|signed| {
        declared.iter().cloned().map(|mut requirement| {
            requirement.insert(signed.scheme.clone(), Vec::new());
            requirement
        })
    });
    let is_always_signed = signed
        .is_some_and(|signed| optional(entry.descriptor(), &signed.signature_header).is_none());
    let mut all: Vec<Requirement> = with_signature.collect();
    if !is_always_signed {
        let is_said = signed.is_some() || declared != [Requirement::new()];
        all.extend(declared.into_iter().filter(|_| is_said));
    }
    all
}

/// What a webhook says of a header that its requests may lack.
fn optional<'a>(descriptor: &'a Descriptor, name: &str) -> Option<&'a OptionalHeader> {
    let mut headers = descriptor.optional_headers.iter();
    headers.find(|header| header.name.eq_ignore_ascii_case(name))
}

/// The callbacks by name and expression, in the order in which they were declared.
fn callbacks(
    descriptor: &Descriptor,
    components: &mut Components,
) -> IndexMap<String, IndexMap<String, PathItem>> {
    let mut callbacks: IndexMap<String, IndexMap<String, PathItem>> = IndexMap::new();
    for callback in descriptor.callbacks {
        let (method, operation) = (callback.operation)().describe(callback.name, components);
        let item = callbacks.entry(callback.name.to_owned()).or_default();
        item.entry(callback.expression.to_owned())
            .or_default()
            .insert(method, operation);
    }
    callbacks
}

/// A single scheme with its scopes.
pub(crate) fn requirement(security: &Security) -> Requirement {
    let scopes = security
        .scopes
        .iter()
        .map(|&scope| scope.to_owned())
        .collect();
    IndexMap::from([(security.scheme.to_owned(), scopes)])
}

/// The signature's headers, then the declared parameters.
fn parameters(
    descriptor: &Descriptor,
    signed: Option<&RequestSecurity>,
    components: &mut Components,
) -> Vec<ParameterObject> {
    let declared = |name: &str| {
        let mut parameters = descriptor.parameters.iter();
        parameters.any(|one| {
            one.location == ParameterLocation::Header && one.name.eq_ignore_ascii_case(name)
        })
    };
    let headers = signed
        .map(|signed| signed.headers.as_slice())
        .unwrap_or_default();
    let of_signature = headers
        .iter()
        .filter(|header| !declared(&header.name))
        .map(|header| {
            let optional = optional(descriptor, &header.name);
            let parameter = sender_header(
                &header.name,
                optional.map_or(header.description.as_str(), |header| header.description),
            );
            ParameterObject {
                required: optional.is_none(),
                example: header.example.clone().map(Value::String),
                ..parameter
            }
        });
    let mut parameters: Vec<_> = of_signature.collect();
    let is_of_signature = |name: &str| {
        let mut headers = headers.iter();
        headers.any(|header| header.name.eq_ignore_ascii_case(name))
    };
    let others = descriptor.optional_headers.iter();
    parameters.extend(
        others
            .filter(|header| !is_of_signature(header.name) && !declared(header.name))
            .map(|header| sender_header(header.name, header.description)),
    );
    parameters.extend(
        descriptor
            .parameters
            .iter()
            .map(|one| parameter(one, components)),
    );
    parameters
}

/// A header that the sender writes; it may be absent.
fn sender_header(name: &str, description: &str) -> ParameterObject {
    ParameterObject {
        name: name.to_owned(),
        location: ParameterLocation::Header.key(),
        description: description.to_owned(),
        required: false,
        schema: json!({ "type": "string" }),
        example: None,
    }
}

/// A declared parameter.
pub(crate) fn parameter(parameter: &Parameter, components: &mut Components) -> ParameterObject {
    let (location, name) = (parameter.location, parameter.name);
    let description = match parameter.description.trim() {
        "" if location == ParameterLocation::Query => format!("The query parameter `{name}`."),
        "" => format!("The {} `{name}`.", location.key()),
        description => description.to_owned(),
    };
    ParameterObject {
        name: name.to_owned(),
        location: location.key(),
        description,
        required: parameter.required,
        schema: components.add(parameter.schema),
        example: parameter.example.map(|value| value()),
    }
}

fn request_body(
    entry: &CatalogueEntry,
    payload: &PayloadInfo,
    components: &mut Components,
) -> RequestBody {
    let enveloped = entry.envelope() == Envelope::Standard;
    let schema = match payload.schema {
        Some(add) => {
            let data = components.add_named(add, own_name(entry, "Payload"));
            match (enveloped, payload.optional) {
                (true, true) => {
                    let data = json!({ "anyOf": [data, { "type": "null" }] });
                    envelope_schema(entry, &data, components)
                }
                (true, false) => envelope_schema(entry, &data, components),
                (false, _) => data,
            }
        }
        // OpenAPI 3.1, section 4.8.14.2: raw bytes have a content type and no schema of their own.
        None => json!({ "contentMediaType": payload.content_type }),
    };
    let examples = examples(entry, enveloped);
    let media = MediaType { schema, examples };
    RequestBody {
        description: payload.description.trim(),
        content: Members::one(payload.content_type, media),
        required: enveloped || !payload.optional,
    }
}

/// Without a payload the envelope is sent all the same, with nothing in it: it names the event.
fn empty_envelope(entry: &CatalogueEntry, components: &mut Components) -> Option<RequestBody> {
    if !entry.methods().iter().any(|method| method.carries_body()) {
        return None;
    }
    let schema = envelope_schema(entry, &json!({ "type": "null" }), components);
    let media = MediaType {
        schema,
        examples: Map::new(),
    };
    let content = Members::one("application/json", media);
    Some(RequestBody {
        description: "",
        content,
        required: true,
    })
}

/// `{type, timestamp, data}` with the event's name as the only `type`.
fn envelope_schema(entry: &CatalogueEntry, payload: &Value, components: &mut Components) -> Value {
    let event = entry.name().as_str();
    let schema = json!({
        "type": "object",
        "description": format!("The envelope of the event `{event}`."),
        "properties": {
            "type": { "type": "string", "const": event, "description": "The name of the event." },
            "timestamp": { "type": "string", "format": "date-time", "description": "When the event happened." },
            "data": payload,
        },
        "required": ["type", "timestamp", "data"],
    });
    components.insert(own_name(entry, "Envelope"), &schema)
}

fn own_name<'a>(entry: &'a CatalogueEntry, word: &'static str) -> OwnName<'a> {
    OwnName {
        event: entry.name().as_str(),
        methods: entry.methods(),
        word,
    }
}

/// The timestamp of examples in an envelope: fixed, because a document is the same bytes every time.
const EXAMPLE_TIMESTAMP: &str = "2026-01-31T12:00:00Z";

fn examples(entry: &CatalogueEntry, enveloped: bool) -> Map<String, Value> {
    let examples = entry.descriptor().examples.iter();
    examples
        .map(|example| {
            let mut value = (example.value)();
            if enveloped {
                value =
                    json!({ "type": entry.name().as_str(), "timestamp": EXAMPLE_TIMESTAMP, "data": value });
            }
            let object = match example.summary {
                Some(summary) => json!({ "summary": summary, "value": value }),
                None => json!({ "value": value }),
            };
            (example.name.to_owned(), object)
        })
        .collect()
}

fn responses(entry: &CatalogueEntry, components: &mut Components) -> Members<ResponseObject> {
    let mut response = |description: &'static str, add: Option<AddSchema>| ResponseObject {
        description: Cow::Borrowed(description),
        content: add.map_or_else(Members::default, |add| {
            MediaType::content("application/json", components.add(add))
        }),
    };
    let descriptor = entry.descriptor();
    let received = if descriptor.status == "2XX" {
        ANY_RECEIVED
    } else {
        RECEIVED
    };
    let description = descriptor.response_description.unwrap_or(received);
    let success = response(description, descriptor.response);
    let mut responses = Members::one(descriptor.status, success);
    // A further response for the same status has the last word on it.
    for further in entry.responses() {
        let object = response(further.description, further.body);
        responses.set(further.status, object);
    }
    responses
}
