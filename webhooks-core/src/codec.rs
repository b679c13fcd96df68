//! A type of a declaration, with all that generated code needs of it: how it is described and how it is written.
//!
//! Descriptor and constructor both name a type through the same function, with the same span. The compiler reports
//! equal errors once, so that a missing derive is one error, at the type.

use crate::descriptor::{
    Parameter, ParameterLocation, ParameterValue, Payload, PayloadInfo, RawPayload,
};
use crate::message::Draft;

/// A payload type under a content type. For generated code.
#[derive(Debug)]
pub struct PayloadCodec<T: ?Sized> {
    info: PayloadInfo,
    write: fn(Draft, &T) -> Draft,
}

impl<T: ?Sized> PayloadCodec<T> {
    pub(crate) const fn new(info: PayloadInfo, write: fn(Draft, &T) -> Draft) -> Self {
        Self { info, write }
    }

    /// What the document says of it.
    pub const fn info(&self) -> PayloadInfo {
        self.info
    }
}

/// `T` as JSON.
pub const fn json<T: Payload + ?Sized>() -> PayloadCodec<T> {
    PayloadCodec::new(PayloadInfo::json::<T>(), Draft::json::<T>)
}

/// `T` as it is.
pub const fn bytes<T: RawPayload + ?Sized>(content_type: &'static str) -> PayloadCodec<T> {
    PayloadCodec::new(PayloadInfo::bytes(content_type), Draft::bytes::<T>)
}

/// A parameter's type and name. For generated code.
#[derive(Debug)]
pub struct ParameterCodec<T: ?Sized> {
    parameter: Parameter,
    write: fn(Draft, ParameterLocation, &'static str, &T) -> Draft,
}

impl<T: ParameterValue + ?Sized> ParameterCodec<T> {
    const fn new(parameter: Parameter) -> Self {
        Self {
            parameter,
            write: Draft::parameter::<T>,
        }
    }
}

impl<T: ?Sized> ParameterCodec<T> {
    /// What the document says of it.
    pub const fn parameter(&self) -> Parameter {
        self.parameter
    }
}

/// A header of this name.
pub const fn header<T: ParameterValue + ?Sized>(name: &'static str) -> ParameterCodec<T> {
    ParameterCodec::new(Parameter::header::<T>(name))
}

/// A query parameter of this name.
pub const fn query<T: ParameterValue + ?Sized>(name: &'static str) -> ParameterCodec<T> {
    ParameterCodec::new(Parameter::query::<T>(name))
}

/// A cookie of this name.
pub const fn cookie<T: ParameterValue + ?Sized>(name: &'static str) -> ParameterCodec<T> {
    ParameterCodec::new(Parameter::cookie::<T>(name))
}

impl Draft {
    /// Sets the payload.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "generated code is shorter for it"
    )]
    pub fn payload<T: ?Sized>(self, codec: PayloadCodec<T>, data: &T) -> Self {
        (codec.write)(self, data)
    }

    /// Sets the payload, if there is one.
    pub fn optional_payload<T: ?Sized>(self, codec: PayloadCodec<T>, data: Option<&T>) -> Self {
        match data {
            Some(data) => self.payload(codec, data),
            None => self,
        }
    }

    /// Adds a header, query parameter or cookie.
    #[allow(
        clippy::needless_pass_by_value,
        reason = "generated code is shorter for it"
    )]
    pub fn with<T: ?Sized>(self, codec: ParameterCodec<T>, value: &T) -> Self {
        (codec.write)(self, codec.parameter.location, codec.parameter.name, value)
    }

    /// Adds a header, query parameter or cookie, if there is a value.
    pub fn with_optional<T: ?Sized>(self, codec: ParameterCodec<T>, value: Option<&T>) -> Self {
        match value {
            Some(value) => self.with(codec, value),
            None => self,
        }
    }
}

/// Keeps the length of a name in a constant; see [`join`].
#[derive(Debug)]
pub struct JoinedName<const N: usize>([u8; N]);

/// A view's prefix, a dot and a name that is a constant.
///
/// # Panics
///
/// When `N` is not the length of the three together; generated code computes it.
pub const fn join<const N: usize>(prefix: &str, name: &str) -> JoinedName<N> {
    let (prefix, name) = (prefix.as_bytes(), name.as_bytes());
    let mut bytes = [b'.'; N];
    let mut i = 0;
    while i < prefix.len() {
        bytes[i] = prefix[i];
        i += 1;
    }
    let mut j = 0;
    while j < name.len() {
        bytes[i + 1 + j] = name[j];
        j += 1;
    }
    JoinedName(bytes)
}

impl<const N: usize> JoinedName<N> {
    /// The joined name.
    ///
    /// # Panics
    ///
    /// Never: two strings joined by a dot are one.
    pub const fn as_str(&self) -> &str {
        match std::str::from_utf8(&self.0) {
            Ok(name) => name,
            Err(_) => panic!("two strings joined by a dot are a string"),
        }
    }
}
