//! A value from any format, with two things that `serde_json::Value` forgets: which members an object had twice, and where
//! reading stopped.

use std::cell::RefCell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use crate::pointer::Pointer;

/// The place that is being read, and the members that were met twice so far.
#[derive(Default)]
pub(super) struct Reading {
    place: RefCell<Pointer>,
    duplicates: RefCell<Vec<Pointer>>,
}

impl Reading {
    /// Reads one value.
    pub(super) fn value<'de, D: Deserializer<'de>>(
        &self,
        deserializer: D,
    ) -> Result<Value, D::Error> {
        Node(self).deserialize(deserializer)
    }

    /// Where reading stopped, after an error.
    pub(super) fn place(&self) -> Pointer {
        self.place.borrow().clone()
    }

    pub(super) fn into_duplicates(self) -> Vec<Pointer> {
        self.duplicates.into_inner()
    }

    /// Reads below a member or item. After an error the place stays where it is.
    fn below<T, E>(&self, name: &str, read: impl FnOnce() -> Result<T, E>) -> Result<T, E> {
        let length = self.place.borrow().as_str().len();
        self.place.borrow_mut().push(name);
        let value = read()?;
        self.place.borrow_mut().pop_to(length);
        Ok(value)
    }
}

struct Node<'r>(&'r Reading);

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value that JSON has")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        Number::from_f64(value)
            .map(Value::Number)
            .ok_or_else(|| E::custom("JSON has no infinite numbers"))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_none<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_some<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        self.deserialize(deserializer)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        let mut array = Vec::new();
        while let Some(item) = self.0.below(&array.len().to_string(), || {
            items.next_element_seed(Node(self.0))
        })? {
            array.push(item);
        }
        Ok(array.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Value, A::Error> {
        let mut object = Map::new();
        while let Some(name) = members.next_key_seed(Name)? {
            let value = self
                .0
                .below(&name, || members.next_value_seed(Node(self.0)))?;
            if object.contains_key(&name) {
                let duplicate = self.0.place.borrow().child(&name);
                self.0.duplicates.borrow_mut().push(duplicate);
            }
            object.insert(name, value);
        }
        Ok(object.into())
    }
}

/// The name of a member. YAML writes `200:` and `true:` without quotes; JSON knows only texts.
struct Name;

impl<'de> DeserializeSeed<'de> for Name {
    type Value = String;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<String, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl Visitor<'_> for Name {
    type Value = String;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a name")
    }

    fn visit_str<E>(self, name: &str) -> Result<String, E> {
        Ok(name.to_owned())
    }

    fn visit_string<E>(self, name: String) -> Result<String, E> {
        Ok(name)
    }

    fn visit_bool<E>(self, name: bool) -> Result<String, E> {
        Ok(name.to_string())
    }

    fn visit_i64<E>(self, name: i64) -> Result<String, E> {
        Ok(name.to_string())
    }

    fn visit_u64<E>(self, name: u64) -> Result<String, E> {
        Ok(name.to_string())
    }

    fn visit_f64<E>(self, name: f64) -> Result<String, E> {
        Ok(name.to_string())
    }

    fn visit_unit<E>(self) -> Result<String, E> {
        Ok("null".to_owned())
    }
}
