//! The parts of a document that are said once, from the types of `openapiv3` into ours. Nothing of them is lost.
//!
//! ```
//! use webhooks_core::openapi::{Info, Server};
//! use webhooks_core::OpenApi;
//!
//! # fn mine() -> ::openapiv3::OpenAPI { Default::default() }
//! let mine: ::openapiv3::OpenAPI = mine();
//! let mut openapi = OpenApi::with_info(Info::from(mine.info));
//! for server in mine.servers {
//!     openapi = openapi.server(Server::from(server));
//! }
//! ```

use ::openapiv3 as v3;
use indexmap::IndexMap;
use serde_json::{Map, Value};

use super::value;
use crate::openapi::{Contact, ExternalDocumentation, Info, License, SecurityScheme, Server, Tag};

impl From<v3::Info> for Info {
    fn from(info: v3::Info) -> Self {
        let mut ours = Self::new(info.title, info.version);
        ours.description = info.description;
        ours.terms_of_service = info.terms_of_service;
        ours.contact = info.contact.map(Contact::from);
        ours.license = info.license.map(License::from);
        ours.extra = members(info.extensions);
        ours
    }
}

impl From<v3::Contact> for Contact {
    fn from(contact: v3::Contact) -> Self {
        Self {
            name: contact.name,
            url: contact.url,
            email: contact.email,
            extra: members(contact.extensions),
        }
    }
}

impl From<v3::License> for License {
    fn from(license: v3::License) -> Self {
        let mut ours = Self::at(license.name, String::new());
        ours.url = license.url;
        ours.extra = members(license.extensions);
        ours
    }
}

impl From<v3::Server> for Server {
    fn from(server: v3::Server) -> Self {
        let mut ours = Self::new(server.url);
        ours.description = server.description;
        ours.extra = members(server.extensions);
        if let Some(variables) = server.variables {
            ours.extra
                .insert("variables".to_owned(), without_null(value(&variables)));
        }
        ours
    }
}

impl From<v3::Tag> for Tag {
    fn from(tag: v3::Tag) -> Self {
        let mut ours = Self::new(tag.name);
        ours.description = tag.description;
        ours.external_docs = tag.external_docs.map(ExternalDocumentation::from);
        ours.extra = members(tag.extensions);
        ours
    }
}

impl From<v3::ExternalDocumentation> for ExternalDocumentation {
    fn from(docs: v3::ExternalDocumentation) -> Self {
        let mut ours = Self::new(docs.url);
        ours.description = docs.description;
        ours.extra = members(docs.extensions);
        ours
    }
}

impl From<v3::SecurityScheme> for SecurityScheme {
    fn from(scheme: v3::SecurityScheme) -> Self {
        match value(&scheme) {
            Value::Object(members) => Self::from_members(members),
            _ => Self::from_members(Map::new()),
        }
    }
}

fn members(extensions: IndexMap<String, Value>) -> Map<String, Value> {
    extensions.into_iter().collect()
}

/// The crate writes a server variable without a description as `"description": null`, which OpenAPI does not allow.
fn without_null(mut variables: Value) -> Value {
    for variable in variables
        .as_object_mut()
        .into_iter()
        .flatten()
        .filter_map(|(_, one)| one.as_object_mut())
    {
        variable.retain(|_, member| !member.is_null());
    }
    variables
}
