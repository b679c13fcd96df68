//! The properties of a type in the order of its declaration, where another derive has sorted them.
//!
//! utoipa writes properties in alphabetical order unless its feature `preserve_order` is on. A type that both derives
//! describe stays as the merged document has it; the order in which its author wrote the fields is known from ours.

use serde_json::{Map, Value};

/// Puts the properties of `theirs`, and of the objects inside of it, in the order of `ours`, where they are sorted.
pub(super) fn restore(theirs: &mut Value, ours: &Value) {
    let (Value::Object(theirs), Value::Object(ours)) = (theirs, ours) else {
        return;
    };
    if let (Some(Value::Object(properties)), Some(Value::Object(declared))) =
        (theirs.get_mut("properties"), ours.get("properties"))
    {
        for (name, property) in properties.iter_mut() {
            if let Some(declared) = declared.get(name) {
                restore(property, declared);
            }
        }
        if properties.keys().is_sorted() {
            reorder(properties, declared);
        }
    }
}

fn reorder(properties: &mut Map<String, Value>, declared: &Map<String, Value>) {
    let mut rest = std::mem::take(properties);
    for name in declared.keys() {
        if let Some((name, property)) = rest.remove_entry(name) {
            properties.insert(name, property);
        }
    }
    // Others are not expected in two descriptions of one type; they keep their order behind.
    properties.extend(rest);
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn names(schema: &Value) -> Vec<&str> {
        let properties = schema["properties"].as_object().expect("an object");
        properties.keys().map(String::as_str).collect()
    }

    #[test]
    fn sorted_properties_get_the_order_of_the_declaration() {
        let mut theirs = json!({"properties": {
            "amount": {}, "customer": {"properties": {"a": {}, "b": {}, "c": {}}}, "id": {},
        }});
        let ours = json!({"properties": {
            "id": {}, "customer": {"properties": {"c": {}, "a": {}, "b": {}}}, "amount": {},
        }});
        restore(&mut theirs, &ours);
        assert_eq!(names(&theirs), ["id", "customer", "amount"]);
        assert_eq!(names(&theirs["properties"]["customer"]), ["c", "a", "b"]);
    }

    #[test]
    fn an_order_that_is_not_alphabetical_stays() {
        let mut theirs = json!({"properties": {"b": {}, "a": {}, "c": {}}});
        restore(
            &mut theirs,
            &json!({"properties": {"c": {}, "b": {}, "a": {}}}),
        );
        assert_eq!(names(&theirs), ["b", "a", "c"]);
    }
}
