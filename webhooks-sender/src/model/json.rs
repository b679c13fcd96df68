//! How times, durations and bytes are written in JSON: RFC 3339, milliseconds, and text where the bytes are text.

use std::time::{Duration, SystemTime};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use schemars::JsonSchema;
use serde::ser::Error as _;
use serde::{Serialize, Serializer};

/// The schema of a time.
#[derive(JsonSchema)]
#[schemars(inline, extend("format" = "date-time"))]
#[expect(dead_code, reason = "it is a schema, never a value")]
pub(crate) struct DateTime(String);

/// Bytes in JSON: `{"text": ".."}` where they are UTF-8, `{"base64": ".."}` otherwise.
#[derive(Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Body")]
pub(crate) enum Bytes {
    Text(String),
    Base64(String),
}

fn timestamp(time: SystemTime) -> Option<String> {
    let time = Timestamp::try_from(time).ok()?;
    Some(format!("{time:.3}"))
}

pub(crate) fn time<S: Serializer>(time: &SystemTime, serializer: S) -> Result<S::Ok, S::Error> {
    let text = timestamp(*time)
        .ok_or_else(|| S::Error::custom("the time is beyond what RFC 3339 can say"))?;
    text.serialize(serializer)
}

#[expect(clippy::ref_option, reason = "serde passes fields by reference")]
pub(crate) fn maybe_time<S: Serializer>(
    time: &Option<SystemTime>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    time.and_then(timestamp).serialize(serializer)
}

pub(crate) fn millis<S: Serializer>(duration: &Duration, serializer: S) -> Result<S::Ok, S::Error> {
    u64::try_from(duration.as_millis())
        .unwrap_or(u64::MAX)
        .serialize(serializer)
}

#[expect(clippy::ref_option, reason = "serde passes fields by reference")]
pub(crate) fn maybe_millis<S: Serializer>(
    duration: &Option<Duration>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let millis = duration.map(|duration| u64::try_from(duration.as_millis()).unwrap_or(u64::MAX));
    millis.serialize(serializer)
}

#[expect(clippy::ref_option, reason = "serde passes fields by reference")]
pub(crate) fn maybe_bytes<S: Serializer>(
    bytes: &Option<Vec<u8>>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let bytes = bytes
        .as_ref()
        .map(|bytes| match std::str::from_utf8(bytes) {
            Ok(text) => Bytes::Text(text.to_owned()),
            Err(_) => Bytes::Base64(BASE64_STANDARD.encode(bytes)),
        });
    bytes.serialize(serializer)
}

/// A time that is read as well as written: RFC 3339, with any offset.
pub(crate) mod rfc_3339 {
    use std::time::SystemTime;

    use jiff::Timestamp;
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer};

    pub(crate) use super::maybe_time as serialize;

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<SystemTime>, D::Error> {
        let Some(text) = Option::<String>::deserialize(deserializer)? else {
            return Ok(None);
        };
        let time: Timestamp = text.parse().map_err(|_| {
            D::Error::custom("it is not a time; write it as in `2026-11-28T12:00:00Z`")
        })?;
        Ok(Some(time.into()))
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use super::*;

    #[derive(Serialize)]
    struct Case {
        #[serde(serialize_with = "time")]
        at: SystemTime,
        #[serde(serialize_with = "maybe_bytes")]
        body: Option<Vec<u8>>,
        #[serde(serialize_with = "millis")]
        took: Duration,
    }

    #[test]
    fn times_are_rfc_3339_and_bytes_say_what_they_are() {
        let case = |body: &[u8]| {
            let case = Case {
                at: UNIX_EPOCH + Duration::from_millis(1_667_507_170_344),
                body: Some(body.to_vec()),
                took: Duration::from_micros(1_500),
            };
            serde_json::to_value(case).expect("JSON")
        };
        let text = case("é".as_bytes());
        assert_eq!(text["at"], "2022-11-03T20:26:10.344Z");
        assert_eq!(text["body"]["text"], "é");
        assert_eq!(text["took"], 1);
        assert_eq!(case(&[0xff, 0])["body"]["base64"], "/wA=");
    }
}
