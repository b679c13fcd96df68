//! What the page shows, read from the document: webhooks by tag, then the app's routes.
//!
//! A webhook's section is under its first tag; further tags list it with a link.

use indexmap::{IndexMap, IndexSet};
use serde_json::{Map, Value};

use super::{resolver::Resolver, schema::text};

const METHODS: [&str; 9] = [
    "post", "put", "patch", "delete", "get", "head", "options", "trace", "query",
];

/// Everything the page has sections for.
pub(super) struct PageIndex<'a> {
    pub(super) webhooks: Vec<Webhook<'a>>,
    pub(super) tags: Vec<Tag<'a>>,
    pub(super) routes: Vec<Route<'a>>,
}

/// One event and its operations.
pub(super) struct Webhook<'a> {
    pub(super) name: &'a str,
    pub(super) operations: Vec<Operation<'a>>,
}

/// One operation, with every method whose operation says the same.
pub(super) struct Operation<'a> {
    pub(super) methods: Vec<&'a str>,
    pub(super) members: &'a Map<String, Value>,
    pub(super) parameters: Vec<&'a Map<String, Value>>,
}

/// A tag that at least one webhook has; `None` gathers those without.
pub(super) struct Tag<'a> {
    pub(super) name: Option<&'a str>,
    pub(super) description: Option<&'a str>,
    /// Places in [`PageIndex::webhooks`] of those whose section is here.
    pub(super) own: Vec<usize>,
    /// Of those whose section is under another tag.
    pub(super) further: Vec<usize>,
}

/// One of the app's own routes: a path with one method.
pub(super) struct Route<'a> {
    pub(super) path: &'a str,
    pub(super) operation: Operation<'a>,
}

impl<'a> PageIndex<'a> {
    pub(super) fn read(resolver: Resolver<'a>) -> Self {
        let items = resolver
            .get("webhooks")
            .and_then(Value::as_object)
            .into_iter()
            .flatten();
        let webhooks: Vec<_> = items
            .map(|(name, item)| Webhook::read(resolver, name, item))
            .collect();
        let tags = tags(resolver, &webhooks);
        Self {
            tags,
            webhooks,
            routes: routes(resolver),
        }
    }
}

impl<'a> Webhook<'a> {
    fn read(resolver: Resolver<'a>, name: &'a str, item: &'a Value) -> Self {
        let mut operations: Vec<Operation<'a>> = Vec::new();
        let item = resolver.object(item);
        for (method, members) in item.into_iter().flat_map(|item| methods(item)) {
            // Of methods without number, as OpenAPI 3.2 allows, only the first ones are compared.
            match operations
                .iter_mut()
                .take(16)
                .find(|known| says_the_same(known.members, members))
            {
                Some(known) => known.methods.push(method),
                None => operations.push(Operation {
                    methods: vec![method],
                    members,
                    parameters: item
                        .map(|item| parameters(resolver, item, members))
                        .unwrap_or_default(),
                }),
            }
        }
        Self { name, operations }
    }

    pub(super) fn is_deprecated(&self) -> bool {
        !self.operations.is_empty() && self.operations.iter().all(Operation::is_deprecated)
    }

    fn tags(&self) -> Vec<&'a str> {
        let tags: IndexSet<&str> = self.operations.iter().flat_map(Operation::tags).collect();
        tags.into_iter().collect()
    }
}

impl<'a> Operation<'a> {
    pub(super) fn text(&self, key: &str) -> Option<&'a str> {
        text(self.members, key)
    }

    pub(super) fn is_deprecated(&self) -> bool {
        self.members.get("deprecated") == Some(&Value::Bool(true))
    }

    /// Whether the request has a header parameter of this name.
    pub(super) fn has_header(&self, name: &str) -> bool {
        self.parameters.iter().any(|parameter| {
            text(parameter, "in") == Some("header")
                && text(parameter, "name").is_some_and(|found| found.eq_ignore_ascii_case(name))
        })
    }

    /// The names of the security schemes that apply.
    pub(super) fn schemes(&self, resolver: Resolver<'a>) -> Vec<&'a str> {
        let security = self
            .members
            .get("security")
            .or_else(|| resolver.get("security"));
        let requirements = security
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_object);
        let names: IndexSet<&str> = requirements
            .flat_map(Map::keys)
            .map(String::as_str)
            .collect();
        names.into_iter().collect()
    }

    /// The names of its tags.
    pub(super) fn tags(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        let listed = self.members.get("tags").and_then(Value::as_array);
        listed.into_iter().flatten().filter_map(Value::as_str)
    }
}

fn methods(item: &Map<String, Value>) -> Vec<(&str, &Map<String, Value>)> {
    let named = METHODS
        .iter()
        .filter_map(|method| Some((*method, item.get(*method)?.as_object()?)));
    let more = item
        .get("additionalOperations")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let more =
        more.filter_map(|(method, operation)| Some((method.as_str(), operation.as_object()?)));
    named.chain(more).collect()
}

/// Equal up to the operation id, which is unique by definition.
fn says_the_same(one: &Map<String, Value>, other: &Map<String, Value>) -> bool {
    let relevant = |members: &'_ Map<String, Value>| {
        members.keys().filter(|key| *key != "operationId").count()
    };
    relevant(one) == relevant(other)
        && one
            .iter()
            .all(|(key, value)| key == "operationId" || other.get(key) == Some(value))
}

/// The operation's parameters, and those of the path item that it does not override.
fn parameters<'a>(
    resolver: Resolver<'a>,
    item: &'a Map<String, Value>,
    operation: &'a Map<String, Value>,
) -> Vec<&'a Map<String, Value>> {
    let mut parameters = IndexMap::new();
    for source in [operation, item] {
        let listed = source
            .get("parameters")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        for parameter in listed.filter_map(|parameter| resolver.object(parameter)) {
            let identity = (text(parameter, "in"), text(parameter, "name"));
            parameters.entry(identity).or_insert(parameter);
        }
    }
    parameters.into_values().collect()
}

/// Declared tags in the order of the resolver, then undeclared ones, then the webhooks without a tag.
fn tags<'a>(resolver: Resolver<'a>, webhooks: &[Webhook<'a>]) -> Vec<Tag<'a>> {
    let tag = |name, description| Tag {
        name,
        description,
        own: Vec::new(),
        further: Vec::new(),
    };
    let declared = resolver
        .get("tags")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(Value::as_object);
    let mut tags = IndexMap::new();
    for declared in declared {
        let name = text(declared, "name");
        tags.entry(name)
            .or_insert_with(|| tag(name, text(declared, "description")));
    }
    let mut untagged = tag(None, None);
    for (place, webhook) in webhooks.iter().enumerate() {
        let names = webhook.tags();
        if names.is_empty() {
            untagged.own.push(place);
        }
        for (order, name) in names.into_iter().enumerate() {
            let tag = tags
                .entry(Some(name))
                .or_insert_with(|| tag(Some(name), None));
            if order == 0 {
                tag.own.push(place);
            } else {
                tag.further.push(place);
            }
        }
    }
    let tags = tags.into_values().chain([untagged]);
    tags.filter(|tag| !tag.own.is_empty() || !tag.further.is_empty())
        .collect()
}

fn routes(resolver: Resolver<'_>) -> Vec<Route<'_>> {
    let paths = resolver
        .get("paths")
        .and_then(Value::as_object)
        .into_iter()
        .flatten();
    let items = paths.filter_map(|(path, item)| Some((path.as_str(), resolver.object(item)?)));
    let routes = items.flat_map(|(path, item)| {
        methods(item)
            .into_iter()
            .map(move |(method, members)| Route {
                path,
                operation: Operation {
                    methods: vec![method],
                    members,
                    parameters: parameters(resolver, item, members),
                },
            })
    });
    routes.collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{PageIndex, Resolver};

    #[test]
    fn webhooks_stand_under_their_first_tag_in_declared_order() {
        let root = json!({
            "tags": [{"name": "b", "description": "B."}, {"name": "unused"}],
            "webhooks": {
                "one": {"post": {"tags": ["a", "b"]}},
                "two": {"post": {"tags": ["b"]}},
                "three": {"post": {}},
            },
        });
        let index = PageIndex::read(Resolver::new(&root));
        let seen: Vec<_> = index
            .tags
            .iter()
            .map(|tag| {
                let names = |places: &[usize]| {
                    places
                        .iter()
                        .map(|at| index.webhooks[*at].name)
                        .collect::<Vec<_>>()
                };
                (tag.name, names(&tag.own), names(&tag.further))
            })
            .collect();
        let expected = [
            (Some("b"), vec!["two"], vec!["one"]),
            (Some("a"), vec!["one"], vec![]),
            (None, vec!["three"], vec![]),
        ];
        assert_eq!(seen, expected);
    }

    #[test]
    fn methods_that_say_the_same_share_one_operation() {
        let root = json!({"webhooks": {"e": {
            "put": {"operationId": "e_put", "summary": "E"},
            "post": {"operationId": "e_post", "summary": "E"},
            "get": {"summary": "Probe"},
        }}});
        let index = PageIndex::read(Resolver::new(&root));
        let methods: Vec<_> = index.webhooks[0]
            .operations
            .iter()
            .map(|one| one.methods.clone())
            .collect();
        assert_eq!(methods, [vec!["post", "put"], vec!["get"]]);
    }

    #[test]
    fn an_operation_overrides_the_parameters_of_its_path_item() {
        let root = json!({
            "components": {"parameters": {"Tenant": {"name": "x-tenant", "in": "header"}}},
            "webhooks": {"e": {
                "parameters": [
                    {"$ref": "#/components/parameters/Tenant"},
                    {"name": "a", "in": "query", "description": "item"},
                ],
                "post": {"parameters": [{"name": "a", "in": "query", "description": "operation"}]},
            }},
        });
        let index = PageIndex::read(Resolver::new(&root));
        let operation = &index.webhooks[0].operations[0];
        assert!(operation.has_header("X-Tenant"));
        assert_eq!(operation.parameters.len(), 2);
        assert_eq!(operation.parameters[0]["description"], "operation");
    }
}
