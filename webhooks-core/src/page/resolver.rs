//! Following `$ref` inside one document. References to other files are never loaded.

use std::borrow::Cow;
use std::hash::{Hash, Hasher};
use std::ptr;

use serde_json::{Map, Value};

/// A `$ref` that points at a `$ref` is followed this far; beyond, it is a cycle.
const HOPS: usize = 16;

/// A type with a name: what a `$ref` leads to.
///
/// Two references are the same type if they lead to the same place, however they are spelled: `%4C1` is `L1`.
#[derive(Clone, Copy, Debug)]
pub(super) struct TypeRef<'a> {
    pub(super) reference: &'a str,
    pub(super) schema: &'a Value,
}

impl TypeRef<'_> {
    /// The identity of the type within its document.
    pub(super) fn address(self) -> usize {
        ptr::from_ref(self.schema).addr()
    }

    /// Its name for people.
    pub(super) fn name(self) -> String {
        name(self.reference)
    }
}

impl PartialEq for TypeRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        ptr::eq(self.schema, other.schema)
    }
}

impl Eq for TypeRef<'_> {}

impl Hash for TypeRef<'_> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.address().hash(state);
    }
}

/// An OpenAPI document, as far as references need it.
#[derive(Clone, Copy)]
pub(super) struct Resolver<'a> {
    root: &'a Value,
}

impl<'a> Resolver<'a> {
    pub(super) fn new(root: &'a Value) -> Self {
        Self { root }
    }

    /// A member of the root object.
    pub(super) fn get(self, key: &str) -> Option<&'a Value> {
        self.root.get(key)
    }

    /// The type that a local reference leads to.
    pub(super) fn type_ref(self, reference: &'a str) -> Option<TypeRef<'a>> {
        let schema = self.target(reference)?;
        Some(TypeRef { reference, schema })
    }

    /// What a local reference points at.
    pub(super) fn target(self, reference: &str) -> Option<&'a Value> {
        self.root
            .pointer(&percent_decoded(reference.strip_prefix('#')?))
    }

    /// The object behind a parameter, response, example or path item that may be a reference.
    pub(super) fn object(self, value: &'a Value) -> Option<&'a Map<String, Value>> {
        let mut object = value.as_object()?;
        for _ in 0..HOPS {
            let Some(reference) = object.get("$ref").and_then(Value::as_str) else {
                return Some(object);
            };
            object = self.target(reference)?.as_object()?;
        }
        None
    }
}

/// A name for people: the last part of a reference.
pub(super) fn name(reference: &str) -> String {
    let last = reference.rsplit('/').next().unwrap_or(reference);
    percent_decoded(last).replace("~1", "/").replace("~0", "~")
}

/// A reference is part of a URI, therefore `%7B` stands for `{`.
fn percent_decoded(text: &str) -> Cow<'_, str> {
    if !text.contains('%') {
        return text.into();
    }
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let digits = tail
            .get(..2)
            .filter(|_| first == b'%')
            .and_then(|digits| str::from_utf8(digits).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(byte.unwrap_or(first));
        rest = if byte.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&decoded).into_owned().into()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Resolver, name};

    #[test]
    fn references_are_decoded() {
        let root = json!({"components": {"schemas": {"a/b {c}": true}}});
        let resolver = Resolver::new(&root);
        assert_eq!(
            resolver.target("#/components/schemas/a~1b%20%7Bc%7D"),
            Some(&json!(true))
        );
        assert_eq!(name("#/components/schemas/a~1b%20%7Bc%7D"), "a/b {c}");
        assert_eq!(resolver.target("other.json#/a"), None);
        assert_eq!(resolver.target("#/%zz%"), None);
    }

    #[test]
    fn a_cycle_of_references_ends() {
        let root = json!({"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}, "c": {"$ref": "#/nowhere"}});
        let resolver = Resolver::new(&root);
        assert!(resolver.object(&root["a"]).is_none());
        assert!(resolver.object(&root["c"]).is_none());
    }
}
