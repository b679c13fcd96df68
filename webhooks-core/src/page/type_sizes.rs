//! Measures the named types of a document: how many rows each has, the smaller ones before those that contain them.
//!
//! The order makes it linear: when a type is measured, everything in it has been. A type that
//! contains itself has no such order. It is not measured, and counts as too long.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;

use super::{
    resolver::{Resolver, TypeRef},
    rows::Walk,
    type_uses::{REPEATED_ROWS, TypeSizes, TypeUses},
};

/// The sizes of all types that something refers to.
pub(crate) fn measure(root: &Value) -> Arc<TypeSizes> {
    let mut uses = TypeUses::unmeasured(root);
    for named in Graph::of(root).inner_first() {
        if uses.is_exhausted() {
            break;
        }
        let rows = Walk::bounded(&mut uses, REPEATED_ROWS)
            .type_rows(named)
            .len();
        uses.set_rows(named, rows);
    }
    uses.into_sizes()
}

/// The types of a document, and which of them contain which.
#[derive(Default)]
struct Graph<'a> {
    types: Vec<TypeRef<'a>>,
    numbers: HashMap<usize, usize>,
    /// For each type the types that it contains.
    contains: Vec<Vec<usize>>,
}

impl<'a> Graph<'a> {
    fn of(root: &'a Value) -> Self {
        let resolver = Resolver::new(root);
        let mut graph = Self::default();
        for named in references(resolver, root) {
            graph.number(named);
        }
        // A type inside of another type is looked through twice. Documents without end in that respect are cut, and what
        // is left out of the graph counts as too long.
        let mut effort = 0;
        let most = 4 * graph.types.len() + 1_000_000;
        for number in 0..graph.types.len() {
            let inner = references_counted(resolver, graph.types[number].schema, &mut effort);
            if effort > most {
                break;
            }
            graph.contains[number] = inner
                .iter()
                .map(|named| graph.numbers[&named.address()])
                .collect();
        }
        if effort > most {
            Self::default()
        } else {
            graph
        }
    }

    fn number(&mut self, named: TypeRef<'a>) {
        if let std::collections::hash_map::Entry::Vacant(entry) =
            self.numbers.entry(named.address())
        {
            entry.insert(self.types.len());
            self.types.push(named);
            self.contains.push(Vec::new());
        }
    }

    /// The types, each after all that it contains; first those in no circle, then those that contain a circle.
    fn inner_first(&self) -> Vec<TypeRef<'a>> {
        let mut containers = vec![Vec::new(); self.types.len()];
        let mut open: Vec<usize> = self.contains.iter().map(Vec::len).collect();
        for (number, inner) in self.contains.iter().enumerate() {
            for one in inner {
                containers[*one].push(number);
            }
        }
        let mut order = self.peel(&mut open, &containers);
        // What is left is in a circle, or contains one. The former have a way to themselves: taking away those that nothing
        // left contains leaves them.
        let in_order: Vec<bool> = open.iter().map(|open| *open == 0).collect();
        let mut outer: Vec<usize> = containers
            .iter()
            .map(|found| found.iter().filter(|one| !in_order[**one]).count())
            .collect();
        for (number, done) in in_order.iter().enumerate() {
            if *done {
                outer[number] = usize::MAX;
            }
        }
        let mut outside = self.peel(&mut outer, &self.contains);
        outside.reverse();
        order.extend(outside);
        order.into_iter().map(|number| self.types[number]).collect()
    }

    /// Takes away, again and again, what nothing holds any more: `held` counts what holds each, `holds` names what each
    /// holds.
    fn peel(&self, held: &mut [usize], holds: &[Vec<usize>]) -> Vec<usize> {
        let mut free: Vec<usize> = (0..self.types.len())
            .filter(|number| held[*number] == 0)
            .collect();
        let mut next = 0;
        while let Some(number) = free.get(next).copied() {
            next += 1;
            for one in &holds[number] {
                if held[*one] != usize::MAX && held[*one] > 0 {
                    held[*one] -= 1;
                    if held[*one] == 0 {
                        free.push(*one);
                    }
                }
            }
        }
        free
    }
}

fn references<'a>(resolver: Resolver<'a>, value: &'a Value) -> Vec<TypeRef<'a>> {
    references_counted(resolver, value, &mut 0)
}

/// Every reference inside of a value, with the values looked at added to `effort`.
fn references_counted<'a>(
    resolver: Resolver<'a>,
    value: &'a Value,
    effort: &mut usize,
) -> Vec<TypeRef<'a>> {
    let mut found = Vec::new();
    let mut pending = vec![value];
    while let Some(value) = pending.pop() {
        *effort += 1;
        match value {
            Value::Array(items) => pending.extend(items),
            Value::Object(members) => {
                let reference = members.get("$ref").and_then(Value::as_str);
                found.extend(reference.and_then(|text| resolver.type_ref(text)));
                pending.extend(members.values());
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn order(schemas: &Value) -> Vec<String> {
        let names: Vec<String> = schemas
            .as_object()
            .expect("an object")
            .keys()
            .cloned()
            .collect();
        let uses: Vec<_> = names
            .iter()
            .map(|name| json!({"$ref": format!("#/components/schemas/{name}")}))
            .collect();
        let root = json!({"components": {"schemas": schemas}, "uses": uses});
        let order = Graph::of(&root).inner_first();
        order.into_iter().map(TypeRef::name).collect()
    }

    fn containing(names: &[&str]) -> Value {
        names
            .iter()
            .map(|name| json!({"$ref": format!("#/components/schemas/{name}")}))
            .collect()
    }

    #[test]
    fn a_type_comes_after_those_it_contains() {
        let found = order(&json!({"A": containing(&["B", "C"]), "B": containing(&["C"]), "C": {}}));
        assert_eq!(found, ["C", "B", "A"]);
    }

    #[test]
    fn what_contains_itself_is_left_out_and_what_contains_that_is_not() {
        let found = order(&json!({
            "Outer": containing(&["Middle"]),
            "Middle": containing(&["Node", "Leaf"]),
            "Node": containing(&["Node", "Pair"]),
            "Pair": containing(&["Node"]),
            "Leaf": {},
        }));
        assert_eq!(found, ["Leaf", "Middle", "Outer"]);
    }
}
