//! The names of component schemas: each as short as it can be, and none that another edit of the catalogue gives to
//! another type.
//!
//! **The rule.** Every schema has a list of names that it could have. It takes the first that is in the list of no other
//! schema.
//!
//! **Why it is stable.** Say that a name means the type *T*. Then it is in no other list. When a webhook brings a
//! further type with that name in its list, neither of the two can take it: the name is gone, and nothing that was
//! generated for it is fed with something else. When a webhook goes, and its types with it, the name is still in no
//! list but that of *T*. So what is added or removed can make a name vanish, and never change what it means. Which
//! types were visited first plays no part.

use std::collections::{BTreeMap, HashMap};

/// A schema that needs a name.
#[derive(Debug, Clone)]
pub(super) struct UnnamedSchema {
    /// The name by which references call it until it has its own.
    pub(super) key: String,
    /// The names that it could have, the shortest first.
    pub(super) candidates: Vec<String>,
}

/// The name of each schema, by its key. `is_taken` says of a name and a key that something else has that name.
pub(super) fn choose<'a>(
    schemas: &'a [UnnamedSchema],
    is_taken: impl Fn(&str, &str) -> bool,
) -> BTreeMap<&'a str, &'a str> {
    let mut wanted: HashMap<&str, usize> = HashMap::with_capacity(schemas.len() * 4);
    for schema in schemas {
        for (index, name) in schema.candidates.iter().enumerate() {
            // One that a list has twice is wanted by one schema only.
            if !schema.candidates[..index].contains(name) {
                *wanted.entry(name).or_default() += 1;
            }
        }
    }
    let free = |schema: &'a UnnamedSchema| {
        let mut candidates = schema.candidates.iter().map(String::as_str);
        let last = schema
            .candidates
            .last()
            .map_or(schema.key.as_str(), String::as_str);
        candidates
            .find(|name| wanted.get(name) == Some(&1) && !is_taken(name, &schema.key))
            .unwrap_or(last)
    };
    schemas
        .iter()
        .map(|schema| (schema.key.as_str(), free(schema)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::schema_id::candidates;
    use super::*;

    fn unnamed(id: &str) -> UnnamedSchema {
        let path = id.split('<').next().unwrap_or(id);
        let base = path.rsplit("::").next().unwrap_or(path);
        UnnamedSchema {
            key: id.to_owned(),
            candidates: candidates(base, id),
        }
    }

    fn names(ids: &[&str]) -> Vec<String> {
        let schemas: Vec<_> = ids.iter().map(|id| unnamed(id)).collect();
        let names = choose(&schemas, |_, _| false);
        ids.iter().map(|id| names[*id].to_owned()).collect()
    }

    #[test]
    fn a_name_that_one_type_has_stays_as_it_is() {
        assert_eq!(names(&["a::Order", "b::Status"]), ["Order", "Status"]);
    }

    #[test]
    fn all_parties_of_a_clash_are_named_alike() {
        assert_eq!(
            names(&["a::x::Status", "a::y::Status", "a::Order"]),
            ["x_Status", "y_Status", "Order"]
        );
        assert_eq!(
            names(&["a::Changed<a::Order>", "a::Changed<a::User>"]),
            ["ChangedOfOrder", "ChangedOfUser"]
        );
        assert_eq!(
            names(&["a::x::Status", "b::x::Status", "b::y::Status"]),
            ["a_x_Status", "b_x_Status", "y_Status"]
        );
        assert_eq!(
            names(&["a::Changed<a::x::S>", "a::Changed<a::y::S>"]).len(),
            2,
            "parameters that have one name are distinguished in the end"
        );
    }

    #[test]
    fn a_type_that_is_called_as_another_would_be_takes_the_name_from_it() {
        let found = names(&["a::x::Status", "a::y::Status", "a::z::x_Status"]);
        assert_eq!(found, ["a_x_Status", "y_Status", "z_x_Status"]);
    }

    #[test]
    fn a_name_that_something_else_has_is_passed_over() {
        let schemas = [unnamed("a::x::Status")];
        let names = choose(&schemas, |name, _| name == "Status");
        assert_eq!(names["a::x::Status"], "x_Status");
    }

    /// Types of few names in few modules, so that they clash in every way, under a seed that a failure prints.
    #[test]
    fn no_edit_gives_the_name_of_one_type_to_another() {
        let mut universe = Vec::new();
        for module in ["a", "b", "a::b", "b::a", "a::a", "a_b"] {
            for name in [
                "S",
                "T",
                "a_S",
                "SOfT",
                "b_a_S",
                "S<a::T>",
                "S<b::T>",
                "T<S<a::T>>",
            ] {
                universe.push(format!("{module}::{name}"));
            }
        }
        for seed in 1_u64..=200 {
            let mut state = seed;
            let mut random = |below: usize| {
                state = state
                    .wrapping_mul(6_364_136_223_846_793_005)
                    .wrapping_add(1);
                usize::try_from(state >> 33).unwrap_or(0) % below
            };
            let mut present: Vec<&str> = Vec::new();
            let mut before: BTreeMap<String, String> = BTreeMap::new();
            for _ in 0..200 {
                match random(3) {
                    0 if !present.is_empty() => {
                        present.remove(random(present.len()));
                    }
                    1 if present.len() > 1 => {
                        let (one, other) = (random(present.len()), random(present.len()));
                        present.swap(one, other);
                    }
                    _ => {
                        let new = universe[random(universe.len())].as_str();
                        if !present.contains(&new) {
                            present.push(new);
                        }
                    }
                }
                let named = names(&present);
                let after: BTreeMap<String, String> = named
                    .into_iter()
                    .zip(present.iter().map(|id| (*id).to_owned()))
                    .collect();
                assert_eq!(
                    after.len(),
                    present.len(),
                    "seed {seed}: two types of one name"
                );
                for (name, id) in &after {
                    let meant = before.get(name).unwrap_or(id);
                    assert_eq!(meant, id, "seed {seed}: `{name}` has changed its meaning");
                }
                before = after;
            }
        }
    }
}
