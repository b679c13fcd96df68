//! Writing a scheme in the form that [`read`](super::read) reads.

use serde::ser::{Serialize, SerializeMap, SerializeSeq, Serializer};

use super::{Alternative, RequiredHeaders, Scheme};
use crate::algorithm::{Algorithm, Encoding};
use crate::field::{Kind, Label, SignatureField};
use crate::key::KeyForm;
use crate::text::Names;
use crate::timestamp::{Source, Timestamp, Unit};
use crate::url::UrlForm;

impl Serialize for Scheme {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("alg", word(&Algorithm::ALL, self.algorithm))?;
        map.serialize_entry("key", &self.key)?;
        map.serialize_entry("sig", &self.signature)?;
        if let Some(alternative) = &self.alternative {
            map.serialize_entry("alternative", alternative)?;
        }
        map.serialize_entry("base", &self.base)?;
        if let Some(timestamp) = &self.timestamp {
            map.serialize_entry("ts", timestamp)?;
        }
        if let Some(id) = &self.id {
            map.serialize_entry("id", id)?;
        }
        if self.url != UrlForm::Exact {
            map.serialize_entry("url", word(&UrlForm::ALL, self.url))?;
        }
        if let Some(parameter) = &self.body_hash {
            map.serialize_entry("body_hash", &["query", parameter])?;
        }
        if self.required.iter().next().is_some() {
            map.serialize_entry("require", &self.required)?;
        }
        map.end()
    }
}

impl Serialize for Alternative {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        map.serialize_entry("alg", word(&Algorithm::ALL, self.algorithm))?;
        map.serialize_entry("key", &self.key)?;
        map.serialize_entry("label", &self.label)?;
        map.serialize_entry("enc", word(&Encoding::ALL, self.encoding))?;
        map.end()
    }
}

impl Serialize for KeyForm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Utf8 => ["utf8"].serialize(serializer),
            Self::Base64 { prefix } => ("base64", prefix).serialize(serializer),
            Self::Hex => ["hex"].serialize(serializer),
            Self::Ed25519 { prefix } => ("ed25519", prefix).serialize(serializer),
            Self::Ed25519Hex => ["ed25519hex"].serialize(serializer),
            Self::SpkiBase64 => ["spki-b64"].serialize(serializer),
        }
    }
}

impl Serialize for SignatureField {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("headers", &self.headers)?;
        if self.each {
            map.serialize_entry("each", &true)?;
        }
        map.serialize_entry("split", &self.split)?;
        map.serialize_entry("label", &self.label)?;
        map.serialize_entry("enc", word(&Encoding::ALL, self.encoding))?;
        map.end()
    }
}

impl Serialize for Label {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0 {
            Kind::Bare => serializer.serialize_none(),
            Kind::Prefix(prefix) => ["prefix", prefix].serialize(serializer),
            Kind::OptionalPrefix(prefix) => ["optprefix", prefix].serialize(serializer),
            Kind::AnyCasePrefix(prefix) => ["iprefix", prefix].serialize(serializer),
            Kind::Versioned { separator, accept } => {
                ("kv", separator, accept).serialize(serializer)
            }
        }
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(4))?;
        match &self.source {
            Source::Header(names) => map.serialize_entry("src", &("header", names))?,
            Source::Field(name) => map.serialize_entry("src", &["field", name])?,
            Source::Json(pointer) => map.serialize_entry("src", &["json", &pointer.text])?,
        }
        map.serialize_entry("unit", word(&Unit::ALL, self.unit))?;
        map.serialize_entry("past", &self.past.map(|past| past.as_secs()))?;
        map.serialize_entry("future", &self.future.map(|future| future.as_secs()))?;
        map.end()
    }
}

impl Serialize for Names {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut names = serializer.serialize_seq(None)?;
        for name in self.iter() {
            names.serialize_element(name)?;
        }
        names.end()
    }
}

impl Serialize for RequiredHeaders {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, value) in self.iter() {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// The word for a value. Each table lists every value of its type.
fn word<T: PartialEq + Copy>(words: &[(&'static str, T)], value: T) -> &'static str {
    words
        .iter()
        .find(|(_, known)| *known == value)
        .map_or("", |(word, _)| *word)
}
