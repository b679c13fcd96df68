//! Writing only what JSON has: numbers that are not finite are an error, with the place of the first.
//!
//! serde_json writes NaN and the infinities as `null`, and serde_html_form as words, where the schema of the type says
//! `number`: a body that does not fit its own document. A value is therefore written through a serializer that hands
//! everything on and refuses these. It does not judge anything else.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::ser::{
    Error as _, Serialize, SerializeMap, SerializeSeq, SerializeStruct, SerializeStructVariant,
    SerializeTuple, SerializeTupleStruct, SerializeTupleVariant, Serializer,
};

/// Writes a value with `write`; the error names the place of a number that is not finite.
pub(crate) fn write<T, O, E>(
    value: &T,
    write: impl FnOnce(Finite<'_, T>) -> Result<O, E>,
) -> Result<O, String>
where
    T: Serialize + ?Sized,
    E: fmt::Display,
{
    let trace = Trace::default();
    let finite = Finite {
        value,
        trace: &trace,
    };
    write(finite).map_err(|error| match trace.found.get() {
        Some(number) => format!("`{}` is {number}, which JSON does not have", trace.path()),
        None => error.to_string(),
    })
}

/// Where a number that is not finite was met. Nothing is recorded while all is well.
#[derive(Debug, Default)]
struct Trace {
    found: Cell<Option<f64>>,
    /// The way to it, the innermost part first.
    way: RefCell<Vec<String>>,
}

impl Trace {
    fn check<E: serde::ser::Error>(&self, number: f64) -> Result<(), E> {
        if number.is_finite() {
            return Ok(());
        }
        self.found.set(Some(number));
        Err(E::custom("not a finite number"))
    }

    /// Adds the part of the way at which an error passes by.
    fn passing<O, E>(&self, result: Result<O, E>, part: impl FnOnce() -> String) -> Result<O, E> {
        if result.is_err() && self.found.get().is_some() {
            self.way.borrow_mut().push(part());
        }
        result
    }

    fn path(&self) -> String {
        let mut path = String::new();
        for part in self.way.borrow().iter().rev() {
            if !path.is_empty() && !part.starts_with('[') {
                path.push('.');
            }
            path.push_str(part);
        }
        if path.is_empty() {
            path.push_str("the value");
        }
        path
    }
}

/// A value that is written through [`Through`].
pub(crate) struct Finite<'a, T: ?Sized> {
    value: &'a T,
    trace: &'a Trace,
}

impl<T: Serialize + ?Sized> Serialize for Finite<'_, T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.value.serialize(Through {
            inner: serializer,
            trace: self.trace,
        })
    }
}

/// A serializer that hands everything on, but numbers that are not finite.
struct Through<'a, S> {
    inner: S,
    trace: &'a Trace,
}

/// What is written part by part; `index` counts the parts that have no name.
struct Parts<'a, S> {
    inner: S,
    trace: &'a Trace,
    index: usize,
}

impl<'a, S> Through<'a, S> {
    fn parts<P, E>(self, begin: impl FnOnce(S) -> Result<P, E>) -> Result<Parts<'a, P>, E> {
        Ok(Parts {
            inner: begin(self.inner)?,
            trace: self.trace,
            index: 0,
        })
    }
}

impl<'a, S> Parts<'a, S> {
    fn finite<'v, T: ?Sized>(&self, value: &'v T) -> Finite<'v, T>
    where
        'a: 'v,
    {
        Finite {
            value,
            trace: self.trace,
        }
    }

    fn next_index(&mut self) -> usize {
        self.index += 1;
        self.index - 1
    }
}

macro_rules! handed_on {
    ($($method:ident($ty:ty);)*) => {
        $(
            fn $method(self, value: $ty) -> Result<S::Ok, S::Error> {
                self.inner.$method(value)
            }
        )*
    };
}

impl<'a, S: Serializer> Serializer for Through<'a, S> {
    type Ok = S::Ok;
    type Error = S::Error;
    type SerializeSeq = Parts<'a, S::SerializeSeq>;
    type SerializeTuple = Parts<'a, S::SerializeTuple>;
    type SerializeTupleStruct = Parts<'a, S::SerializeTupleStruct>;
    type SerializeTupleVariant = Parts<'a, S::SerializeTupleVariant>;
    type SerializeMap = Parts<'a, S::SerializeMap>;
    type SerializeStruct = Parts<'a, S::SerializeStruct>;
    type SerializeStructVariant = Parts<'a, S::SerializeStructVariant>;

    handed_on! {
        serialize_bool(bool);
        serialize_i8(i8);
        serialize_i16(i16);
        serialize_i32(i32);
        serialize_i64(i64);
        serialize_i128(i128);
        serialize_u8(u8);
        serialize_u16(u16);
        serialize_u32(u32);
        serialize_u64(u64);
        serialize_u128(u128);
        serialize_char(char);
        serialize_str(&str);
        serialize_bytes(&[u8]);
    }

    fn serialize_f32(self, value: f32) -> Result<S::Ok, S::Error> {
        self.trace.check(f64::from(value))?;
        self.inner.serialize_f32(value)
    }

    fn serialize_f64(self, value: f64) -> Result<S::Ok, S::Error> {
        self.trace.check(value)?;
        self.inner.serialize_f64(value)
    }

    fn serialize_none(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_none()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        let trace = self.trace;
        self.inner.serialize_some(&Finite { value, trace })
    }

    fn serialize_unit(self) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit()
    }

    fn serialize_unit_struct(self, name: &'static str) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit_struct(name)
    }

    fn serialize_unit_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
    ) -> Result<S::Ok, S::Error> {
        self.inner.serialize_unit_variant(name, index, variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let trace = self.trace;
        self.inner
            .serialize_newtype_struct(name, &Finite { value, trace })
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result<S::Ok, S::Error> {
        let trace = self.trace;
        let finite = Finite { value, trace };
        let result = self
            .inner
            .serialize_newtype_variant(name, index, variant, &finite);
        trace.passing(result, || variant.to_owned())
    }

    fn serialize_seq(self, len: Option<usize>) -> Result<Self::SerializeSeq, S::Error> {
        self.parts(|inner| inner.serialize_seq(len))
    }

    fn serialize_tuple(self, len: usize) -> Result<Self::SerializeTuple, S::Error> {
        self.parts(|inner| inner.serialize_tuple(len))
    }

    fn serialize_tuple_struct(
        self,
        name: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleStruct, S::Error> {
        self.parts(|inner| inner.serialize_tuple_struct(name, len))
    }

    fn serialize_tuple_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeTupleVariant, S::Error> {
        self.parts(|inner| inner.serialize_tuple_variant(name, index, variant, len))
    }

    fn serialize_map(self, len: Option<usize>) -> Result<Self::SerializeMap, S::Error> {
        self.parts(|inner| inner.serialize_map(len))
    }

    fn serialize_struct(
        self,
        name: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStruct, S::Error> {
        self.parts(|inner| inner.serialize_struct(name, len))
    }

    fn serialize_struct_variant(
        self,
        name: &'static str,
        index: u32,
        variant: &'static str,
        len: usize,
    ) -> Result<Self::SerializeStructVariant, S::Error> {
        self.parts(|inner| inner.serialize_struct_variant(name, index, variant, len))
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, value: &T) -> Result<S::Ok, S::Error> {
        self.inner.collect_str(value)
    }

    fn is_human_readable(&self) -> bool {
        self.inner.is_human_readable()
    }
}

macro_rules! unnamed_parts {
    ($($of:ident $method:ident;)*) => {
        $(
            impl<S: $of> $of for Parts<'_, S> {
                type Ok = S::Ok;
                type Error = S::Error;

                fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
                    let (index, finite) = (self.next_index(), self.finite(value));
                    let result = self.inner.$method(&finite);
                    self.trace.passing(result, || format!("[{index}]"))
                }

                fn end(self) -> Result<S::Ok, S::Error> {
                    self.inner.end()
                }
            }
        )*
    };
}

unnamed_parts! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

macro_rules! named_parts {
    ($($of:ident;)*) => {
        $(
            impl<S: $of> $of for Parts<'_, S> {
                type Ok = S::Ok;
                type Error = S::Error;

                fn serialize_field<T: Serialize + ?Sized>(
                    &mut self,
                    key: &'static str,
                    value: &T,
                ) -> Result<(), S::Error> {
                    let finite = self.finite(value);
                    let result = self.inner.serialize_field(key, &finite);
                    self.trace.passing(result, || key.to_owned())
                }

                fn skip_field(&mut self, key: &'static str) -> Result<(), S::Error> {
                    self.inner.skip_field(key)
                }

                fn end(self) -> Result<S::Ok, S::Error> {
                    self.inner.end()
                }
            }
        )*
    };
}

named_parts! {
    SerializeStruct;
    SerializeStructVariant;
}

impl<S: SerializeMap> SerializeMap for Parts<'_, S> {
    type Ok = S::Ok;
    type Error = S::Error;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result<(), S::Error> {
        self.inner.serialize_key(key)
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), S::Error> {
        let finite = self.finite(value);
        self.inner.serialize_value(&finite)
    }

    fn serialize_entry<K: Serialize + ?Sized, V: Serialize + ?Sized>(
        &mut self,
        key: &K,
        value: &V,
    ) -> Result<(), S::Error> {
        let finite = self.finite(value);
        let result = self.inner.serialize_entry(key, &finite);
        self.trace.passing(result, || {
            let key = serde_json::to_value(key).unwrap_or_default();
            key.as_str().map_or_else(|| key.to_string(), str::to_owned)
        })
    }

    fn end(self) -> Result<S::Ok, S::Error> {
        self.inner.end()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[derive(serde::Serialize)]
    struct Order {
        lines: Vec<Line>,
        #[serde(flatten)]
        rest: BTreeMap<&'static str, f64>,
    }

    #[derive(serde::Serialize)]
    struct Line {
        price: Option<f64>,
        size: (f32, f32),
        kind: Kind,
    }

    #[derive(serde::Serialize)]
    enum Kind {
        Plain,
        Weighed(f64),
        Boxed { depth: f64 },
    }

    fn order(price: f64, width: f32, kind: Kind, rest: f64) -> Order {
        let line = Line {
            price: Some(price),
            size: (1.0, width),
            kind,
        };
        let rest = BTreeMap::from([("rest", rest)]);
        Order {
            lines: vec![line],
            rest,
        }
    }

    fn written(value: &impl Serialize) -> Result<String, String> {
        write(value, |value| serde_json::to_string(&value))
    }

    #[test]
    fn a_number_that_is_not_finite_is_named_with_its_place() {
        for (order, problem) in [
            (
                order(f64::NAN, 1.0, Kind::Plain, 0.0),
                "`lines[0].price` is NaN, which JSON does not have",
            ),
            (
                order(0.0, f32::INFINITY, Kind::Plain, 0.0),
                "`lines[0].size[1]` is inf, which JSON does not have",
            ),
            (
                order(0.0, 1.0, Kind::Weighed(f64::NEG_INFINITY), 0.0),
                "`lines[0].kind.Weighed` is -inf, which JSON does not have",
            ),
            (
                order(0.0, 1.0, Kind::Boxed { depth: f64::NAN }, 0.0),
                "`lines[0].kind.depth` is NaN, which JSON does not have",
            ),
            (
                order(0.0, 1.0, Kind::Plain, f64::NAN),
                "`rest` is NaN, which JSON does not have",
            ),
        ] {
            assert_eq!(written(&order), Err(problem.to_owned()));
        }
        assert_eq!(
            written(&f64::NAN),
            Err("`the value` is NaN, which JSON does not have".to_owned())
        );
    }

    #[test]
    fn everything_else_is_written_as_without_it() {
        let order = order(0.5, 2.0, Kind::Boxed { depth: -1e300 }, 1.0);
        let plain = serde_json::to_string(&order).expect("it can be written");
        assert_eq!(written(&order), Ok(plain));
        let value =
            serde_json::json!({ "a": [null, 1, u64::MAX, -1, 1.5, "\u{e9}", {}], "b": true });
        assert_eq!(written(&value), Ok(value.to_string()));
        assert_eq!(written(&i128::MIN), Ok(i128::MIN.to_string()));
        assert_eq!(written(&'x'), Ok("\"x\"".to_owned()));
    }
}
