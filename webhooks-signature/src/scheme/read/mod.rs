//! Reading a scheme from its serialised form.
//!
//! Written by hand, because an error must name the field that is wrong: derived code names a field that is missing or
//! unknown, but not one whose value has the wrong type.

mod field;
mod tagged;

use std::marker::PhantomData;
use std::time::Duration;

use serde::de::{Deserialize, Deserializer, Error, MapAccess};

use self::field::{Fields, FromFields, Nullable, OneOf, Slot};
use self::tagged::{QueryParameter, TaggedArray};
use super::{Alternative, RequiredHeaders, Scheme};
use crate::algorithm::{Algorithm, Encoding};
use crate::field::{Label, SignatureField};
use crate::key::KeyForm;
use crate::text::{Names, Text};
use crate::timestamp::{Source, Timestamp, Unit};
use crate::url::UrlForm;

impl<'de> Deserialize<'de> for Scheme {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let scheme = deserializer.deserialize_map(Fields::<Self>::default())?;
        scheme.check().map_err(D::Error::custom)?;
        Ok(scheme)
    }
}

fn unknown<E: Error>(field: &str, known: &str) -> E {
    E::custom(format_args!(
        "`{field}`: there is no such field; there are {known}"
    ))
}

impl FromFields for Scheme {
    fn read<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let (mut alg, mut key, mut sig) = (Slot::new("alg"), Slot::new("key"), Slot::new("sig"));
        let mut alternative = Slot::new("alternative");
        let (mut base, mut ts, mut id) = (Slot::new("base"), Slot::new("ts"), Slot::new("id"));
        let (mut url, mut hash, mut require) = (
            Slot::new("url"),
            Slot::new("body_hash"),
            Slot::new("require"),
        );
        while let Some(field) = map.next_key::<String>()? {
            match field.as_str() {
                "alg" => alg.fill(&mut map, OneOf(&Algorithm::ALL))?,
                "key" => key.fill(&mut map, TaggedArray::<KeyForm>::default())?,
                "sig" => sig.fill(&mut map, Fields::<SignatureField>::default())?,
                "alternative" => {
                    alternative.fill(&mut map, Nullable(Fields::<Alternative>::default()))?;
                }
                "base" => base.fill(&mut map, PhantomData::<String>)?,
                "ts" => ts.fill(&mut map, Nullable(Fields::<Timestamp>::default()))?,
                "id" => id.fill(&mut map, PhantomData::<Option<Vec<String>>>)?,
                "url" => url.fill(&mut map, Nullable(OneOf(&UrlForm::ALL)))?,
                "body_hash" => {
                    hash.fill(&mut map, Nullable(TaggedArray::<QueryParameter>::default()))?;
                }
                "require" => require.fill(&mut map, Fields::<RequiredHeaders>::default())?,
                other => {
                    return Err(unknown(
                        other,
                        "alg, key, sig, alternative, base, ts, id, url, body_hash and require",
                    ));
                }
            }
        }
        Ok(Self {
            algorithm: alg.required()?,
            key: key.required()?,
            signature: sig.required()?,
            alternative: alternative.value.flatten(),
            base: Text::Owned(base.required()?),
            timestamp: ts.value.flatten(),
            id: id.value.flatten().map(Names::Owned),
            url: url.value.flatten().unwrap_or_default(),
            body_hash: hash
                .value
                .flatten()
                .map(|QueryParameter(name)| Text::Owned(name)),
            required: require.value.unwrap_or(RequiredHeaders::Static(&[])),
        })
    }
}

impl FromFields for SignatureField {
    fn read<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let (mut headers, mut each) = (Slot::new("sig.headers"), Slot::new("sig.each"));
        let (mut split, mut label, mut enc) = (
            Slot::new("sig.split"),
            Slot::new("sig.label"),
            Slot::new("sig.enc"),
        );
        while let Some(field) = map.next_key::<String>()? {
            match field.as_str() {
                "headers" => headers.fill(&mut map, PhantomData::<Vec<String>>)?,
                "each" => each.fill(&mut map, PhantomData::<bool>)?,
                "split" => split.fill(&mut map, PhantomData::<Option<char>>)?,
                "label" => label.fill(&mut map, Nullable(TaggedArray::<Label>::default()))?,
                "enc" => enc.fill(&mut map, OneOf(&Encoding::ALL))?,
                other => {
                    return Err(unknown(
                        &format!("sig.{other}"),
                        "headers, each, split, label and enc",
                    ));
                }
            }
        }
        Ok(Self {
            headers: Names::Owned(headers.required()?),
            each: each.value.unwrap_or_default(),
            split: split.value.flatten(),
            label: label.value.flatten().unwrap_or(Label::BARE),
            encoding: enc.required()?,
        })
    }
}

impl FromFields for Alternative {
    fn read<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let (mut alg, mut key) = (Slot::new("alternative.alg"), Slot::new("alternative.key"));
        let (mut label, mut enc) = (Slot::new("alternative.label"), Slot::new("alternative.enc"));
        while let Some(field) = map.next_key::<String>()? {
            match field.as_str() {
                "alg" => alg.fill(&mut map, OneOf(&Algorithm::ALL))?,
                "key" => key.fill(&mut map, TaggedArray::<KeyForm>::default())?,
                "label" => label.fill(&mut map, TaggedArray::<Label>::default())?,
                "enc" => enc.fill(&mut map, OneOf(&Encoding::ALL))?,
                other => {
                    return Err(unknown(
                        &format!("alternative.{other}"),
                        "alg, key, label and enc",
                    ));
                }
            }
        }
        Ok(Self {
            algorithm: alg.required()?,
            key: key.required()?,
            label: label.required()?,
            encoding: enc.required()?,
        })
    }
}

impl FromFields for Timestamp {
    fn read<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let (mut src, mut unit) = (Slot::new("ts.src"), Slot::new("ts.unit"));
        let (mut past, mut future) = (Slot::new("ts.past"), Slot::new("ts.future"));
        while let Some(field) = map.next_key::<String>()? {
            match field.as_str() {
                "src" => src.fill(&mut map, TaggedArray::<Source>::default())?,
                "unit" => unit.fill(&mut map, OneOf(&Unit::ALL))?,
                "past" => past.fill(&mut map, PhantomData::<Option<u64>>)?,
                "future" => future.fill(&mut map, PhantomData::<Option<u64>>)?,
                other => {
                    return Err(unknown(
                        &format!("ts.{other}"),
                        "src, unit, past and future",
                    ));
                }
            }
        }
        Ok(Self {
            source: src.required()?,
            unit: unit.required()?,
            past: past.value.flatten().map(Duration::from_secs),
            future: future.value.flatten().map(Duration::from_secs),
        })
    }
}

impl FromFields for RequiredHeaders {
    fn read<'de, A: MapAccess<'de>>(mut map: A) -> Result<Self, A::Error> {
        let mut pairs = Vec::new();
        while let Some(name) = map.next_key::<String>()? {
            if pairs.iter().any(|(known, _)| *known == name) {
                return Err(A::Error::custom(format_args!(
                    "`require`: `{name}` is given twice"
                )));
            }
            let value = map
                .next_value::<String>()
                .map_err(|error| A::Error::custom(format_args!("`require`: `{name}`: {error}")))?;
            pairs.push((name, value));
        }
        Ok(Self::Owned(pairs))
    }
}
