//! Where the collected types are declared, and what that says of their names.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};

use super::component_names::UnnamedSchema;
use super::schema_id;
use crate::schemas::Schemas;
use crate::warning::Warning;

/// What is known of the collected types.
pub(super) struct TypeIds {
    /// Where each is declared, by its key; empty where no two could have one name.
    ids: BTreeMap<String, String>,
    /// The keys that the generator has numbered, where it does not tell which type is which.
    unknown: Vec<String>,
    /// Whether each type is called by its key, because no other could have that name.
    are_sure: bool,
}

impl TypeIds {
    /// The ids are asked for only where a name is not sure: where schemars has numbered, where one type could be called
    /// as another would be after a clash, and where something else has the name. `own_names` are those that schemas
    /// without a type would have.
    pub(super) fn of<'o>(
        schemas: &Schemas,
        texts: &[(String, String)],
        mut own_names: impl Iterator<Item = &'o String>,
        taken: &Map<String, Value>,
    ) -> Self {
        let keys: HashSet<&str> = texts.iter().map(|(key, _)| key.as_str()).collect();
        let is_long = |name: &str| name.contains("Of") || name.contains('_');
        let is_unsure =
            |key: &str| is_long(key) || taken.contains_key(key) || schema_id::allowed(key) != key;
        let has_own_name = |own: &String| is_long(own) || keys.contains(own.as_str());
        let is_needed = keys.iter().any(|key| is_unsure(key)) || own_names.any(has_own_name);
        let mut numbered = keys.iter().filter(|key| is_numbered(key, &keys));
        // Asking the generator is slow, so types that are not a part of others are asked first.
        if !is_needed
            && numbered
                .clone()
                .all(|key| is_own_name(key, schemas.id_of_numbered(key)))
        {
            return Self::sure();
        }
        let ids = schemas.ids();
        let told = |key: &str| {
            ids.as_ref()
                .and_then(|ids| ids.get(key))
                .map(String::as_str)
        };
        if !is_needed && numbered.all(|key| is_own_name(key, told(key))) {
            return Self::sure();
        }
        Self::new(ids, &keys)
    }

    fn sure() -> Self {
        Self {
            ids: BTreeMap::new(),
            unknown: Vec::new(),
            are_sure: true,
        }
    }

    /// Whether each type is called by its key, because no other could have that name.
    pub(super) fn are_sure(&self) -> bool {
        self.are_sure
    }

    fn new(ids: Option<BTreeMap<String, String>>, keys: &HashSet<&str>) -> Self {
        let mut unknown = Vec::new();
        if ids.is_none() {
            let numbered = keys.iter().filter(|key| is_numbered(key, keys));
            unknown.extend(numbered.map(|key| (*key).to_owned()));
            unknown.sort_unstable();
        }
        Self {
            ids: ids.unwrap_or_default(),
            unknown,
            are_sure: false,
        }
    }

    pub(super) fn unnamed(&self, texts: &[(String, String)]) -> Vec<UnnamedSchema> {
        let unnamed = texts.iter().map(|(key, _)| UnnamedSchema {
            candidates: match self.ids.get(key) {
                Some(id) => schema_id::candidates(schema_id::base(key, id), id),
                None => vec![schema_id::allowed(key)],
            },
            key: key.clone(),
        });
        unnamed.collect()
    }

    /// A warning for each name that several types would have, and one for those that have numbers.
    pub(super) fn warnings(&self, names: &BTreeMap<&str, &str>) -> Vec<Warning> {
        let mut shared: BTreeMap<&str, Vec<(&str, &str)>> = BTreeMap::new();
        for (key, id) in &self.ids {
            let base = schema_id::base(key, id);
            if let Some(name) = names.get(key.as_str()).filter(|name| **name != base) {
                shared.entry(base).or_default().push((id, name));
            }
        }
        let mut warnings: Vec<_> = shared
            .into_iter()
            .map(|(base, types)| shared_name(base, types))
            .collect();
        if !self.unknown.is_empty() {
            let names = self.unknown.clone();
            warnings.push(Warning::SchemaNamesNumbered { names });
        }
        warnings
    }
}

/// Whether the generator may have numbered it: a type has the name before the digits. A name that ends in digits itself may
/// have been numbered too.
fn is_numbered(key: &str, keys: &HashSet<&str>) -> bool {
    let stem = key.trim_end_matches(|c: char| c.is_ascii_digit());
    stem.len() < key.len() && (stem.len()..key.len()).any(|end| keys.contains(&key[..end]))
}

/// Whether the name is that of the type: `Data1` and `Data12` look as if schemars had numbered them, and are called so by
/// those who wrote them.
fn is_own_name(key: &str, id: Option<&str>) -> bool {
    id.is_some_and(|id| schema_id::base(key, id) == key)
}

/// `types` are ids with the names that they have instead.
fn shared_name(base: &str, mut types: Vec<(&str, &str)>) -> Warning {
    types.sort_unstable();
    let attribute = types
        .first()
        .map(|(id, name)| schema_id::rename_attribute(name, base, id));
    Warning::SchemaNameShared {
        name: base.to_owned(),
        types: types.iter().map(|(id, _)| (*id).to_owned()).collect(),
        names: types.iter().map(|(_, name)| (*name).to_owned()).collect(),
        attribute: attribute.unwrap_or_default(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_the_generator_has_numbered_are_warned_of_where_it_does_not_tell_the_types() {
        let keys = HashSet::from(["Status", "Status2", "Sha256", "Order"]);
        let names = BTreeMap::new();
        let told = TypeIds::new(Some(BTreeMap::new()), &keys);
        assert_eq!(told.warnings(&names), []);
        let warnings = TypeIds::new(None, &keys).warnings(&names);
        let numbered = vec!["Status2".to_owned()];
        assert_eq!(warnings, [Warning::SchemaNamesNumbered { names: numbered }]);
        let text = warnings[0].to_string();
        assert!(
            text.contains("`Status2`") && text.contains("#[schemars(rename"),
            "{text}"
        );
    }
}
