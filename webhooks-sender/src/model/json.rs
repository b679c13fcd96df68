//! How times, durations and bytes are written in JSON and read from it: RFC 3339, milliseconds, and text where the bytes
//! are text. Each module is for `#[serde(with = "..")]`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The schema of a time.
#[derive(JsonSchema)]
#[schemars(inline, extend("format" = "date-time"))]
#[expect(dead_code, reason = "it is a schema, never a value")]
pub(crate) struct DateTime(String);

/// Bytes in JSON: `{"text": ".."}` where they are UTF-8, `{"base64": ".."}` otherwise.
#[derive(Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
#[schemars(rename = "Body")]
pub(crate) enum Bytes {
    Text(String),
    Base64(String),
}

/// RFC 3339, read with any offset.
pub(crate) mod time {
    use std::time::SystemTime;

    use jiff::Timestamp;
    use serde::de::Error as _;
    use serde::ser::Error as _;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        time: &SystemTime,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        let text = written(*time)
            .ok_or_else(|| S::Error::custom("the time is beyond what RFC 3339 can say"))?;
        text.serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<SystemTime, D::Error> {
        let text = String::deserialize(deserializer)?;
        let time: Timestamp = text.parse().map_err(|_| {
            D::Error::custom("it is not a time; write it as in `2026-11-28T12:00:00Z`")
        })?;
        Ok(time.into())
    }

    pub(super) fn written(time: SystemTime) -> Option<String> {
        let time = Timestamp::try_from(time).ok()?;
        Some(format!("{time:.3}"))
    }
}

/// A time, or null.
pub(crate) mod maybe_time {
    use std::time::SystemTime;

    use serde::{Deserialize, Deserializer, Serialize as _, Serializer};

    #[expect(clippy::ref_option, reason = "serde passes fields by reference")]
    pub(crate) fn serialize<S: Serializer>(
        time: &Option<SystemTime>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        time.and_then(super::time::written).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<SystemTime>, D::Error> {
        #[derive(Deserialize)]
        struct Time(#[serde(with = "super::time")] SystemTime);

        let time = Option::<Time>::deserialize(deserializer)?;
        Ok(time.map(|Time(time)| time))
    }
}

/// Milliseconds.
pub(crate) mod millis {
    use std::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        duration: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        written(*duration).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_millis)
    }

    pub(super) fn written(duration: Duration) -> u64 {
        u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)
    }
}

/// Milliseconds, or null.
pub(crate) mod maybe_millis {
    use std::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    #[expect(clippy::ref_option, reason = "serde passes fields by reference")]
    pub(crate) fn serialize<S: Serializer>(
        duration: &Option<Duration>,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        duration.map(super::millis::written).serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Duration>, D::Error> {
        let millis = Option::<u64>::deserialize(deserializer)?;
        Ok(millis.map(Duration::from_millis))
    }
}

/// [`Bytes`], or null.
pub(crate) mod maybe_bytes {
    use base64::Engine as _;
    use base64::prelude::BASE64_STANDARD;
    use serde::de::Error as _;
    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    use super::Bytes;

    #[expect(clippy::ref_option, reason = "serde passes fields by reference")]
    pub(crate) fn serialize<S: Serializer>(
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

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Option<Vec<u8>>, D::Error> {
        match Option::<Bytes>::deserialize(deserializer)? {
            None => Ok(None),
            Some(Bytes::Text(text)) => Ok(Some(text.into_bytes())),
            Some(Bytes::Base64(text)) => {
                let decoded = BASE64_STANDARD.decode(text);
                decoded.map(Some).map_err(D::Error::custom)
            }
        }
    }
}

/// [`Bytes`].
pub(crate) mod body {
    use serde::de::Error as _;
    use serde::{Deserialize, Deserializer, Serializer};

    pub(crate) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        super::maybe_bytes::serialize(&Some(bytes.to_vec()), serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Vec<u8>, D::Error> {
        #[derive(Deserialize)]
        struct Body(#[serde(with = "super::maybe_bytes")] Option<Vec<u8>>);

        let Body(bytes) = Body::deserialize(deserializer)?;
        bytes.ok_or_else(|| D::Error::custom("there is no body"))
    }
}

/// Whole seconds.
pub(crate) mod seconds {
    use std::time::Duration;

    use serde::{Deserialize as _, Deserializer, Serialize as _, Serializer};

    pub(crate) fn serialize<S: Serializer>(
        duration: &Duration,
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        duration.as_secs().serialize(serializer)
    }

    pub(crate) fn deserialize<'de, D: Deserializer<'de>>(
        deserializer: D,
    ) -> Result<Duration, D::Error> {
        u64::deserialize(deserializer).map(Duration::from_secs)
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime, UNIX_EPOCH};

    use super::*;

    #[derive(Debug, PartialEq, Serialize, Deserialize)]
    struct Case {
        #[serde(with = "time")]
        at: SystemTime,
        #[serde(with = "maybe_time")]
        until: Option<SystemTime>,
        #[serde(with = "maybe_bytes")]
        body: Option<Vec<u8>>,
        #[serde(with = "millis")]
        took: Duration,
        #[serde(with = "maybe_millis")]
        waited: Option<Duration>,
    }

    fn case(body: &[u8]) -> Case {
        Case {
            at: UNIX_EPOCH + Duration::from_millis(1_667_507_170_344),
            until: None,
            body: Some(body.to_vec()),
            took: Duration::from_micros(1_500),
            waited: Some(Duration::from_millis(7)),
        }
    }

    #[test]
    fn times_are_rfc_3339_and_bytes_say_what_they_are() {
        let written = |body: &[u8]| serde_json::to_value(case(body)).expect("JSON");
        let text = written("é".as_bytes());
        assert_eq!(text["at"], "2022-11-03T20:26:10.344Z");
        assert_eq!(text["body"]["text"], "é");
        assert_eq!(text["took"], 1);
        assert_eq!(written(&[0xff, 0])["body"]["base64"], "/wA=");
    }

    #[test]
    fn what_was_written_is_read_again_and_nothing_else_is() {
        for body in ["é".as_bytes(), &[0xff, 0], b""] {
            let before = Case {
                took: Duration::from_millis(1),
                until: Some(UNIX_EPOCH),
                ..case(body)
            };
            let text = serde_json::to_string(&before).expect("JSON");
            assert_eq!(
                serde_json::from_str::<Case>(&text).expect("read"),
                before,
                "{text}"
            );
        }
        let good = serde_json::to_value(case(b"")).expect("JSON");
        for (member, odd) in [
            ("at", "yesterday".into()),
            ("at", serde_json::Value::Null),
            ("until", 1.into()),
            ("body", serde_json::json!({ "base64": "?" })),
            ("body", "text".into()),
            ("took", (-1).into()),
            ("waited", "7".into()),
        ] {
            let mut bad = good.clone();
            bad[member] = odd;
            assert!(
                serde_json::from_value::<Case>(bad.clone()).is_err(),
                "{bad}"
            );
        }
    }
}
