//! Signing: the same scheme, from the sending side.

use std::borrow::Borrow;
use std::fmt;
use std::time::SystemTime;

use crate::algorithm::Encoding;
use crate::error::{Reason, SecretError, SetupError, SignError};
use crate::few::Few;
use crate::form::{self, Form};
use crate::key::SigningKey;
use crate::request::Headers;
use crate::scheme::Scheme;
use crate::secret::Secret;
use crate::template::{Base, Part, Template};
use crate::timestamp::{Source, Unit};
use crate::url::split_origin;

/// A scheme with its secrets, ready to sign. Made by [`Scheme::signer`].
pub struct Signer {
    scheme: Scheme,
    template: Template,
    keys: Vec<Key>,
}

struct Key {
    key: SigningKey,
    /// Whether it signs under the scheme's alternative.
    is_alternative: bool,
}

/// A request that is about to be sent, borrowed. Which parts are needed depends on the scheme.
#[derive(Clone, Copy)]
#[must_use]
pub struct Outgoing<'a> {
    body: &'a [u8],
    now: SystemTime,
    id: Option<&'a str>,
    method: &'a str,
    url: &'a str,
    headers: Option<&'a dyn Headers>,
}

impl<'a> Outgoing<'a> {
    /// A POST with exactly these bytes, at the time of this attempt. A retry is signed anew, with its own
    /// time.
    pub fn new(body: &'a [u8], now: SystemTime) -> Self {
        Self {
            body,
            now,
            id: None,
            method: "POST",
            url: "",
            headers: None,
        }
    }

    /// The message id, the same over all retries, for schemes that sign one.
    pub fn id(mut self, id: &'a str) -> Self {
        self.id = Some(id);
        self
    }

    /// The method in upper case; `POST` when not given.
    pub fn method(mut self, method: &'a str) -> Self {
        self.method = method;
        self
    }

    /// The absolute target URL, for schemes that sign it.
    pub fn url(mut self, url: &'a str) -> Self {
        self.url = url;
        self
    }

    /// The request's other headers, for schemes that sign some of them (`{h:name}`).
    pub fn headers(mut self, headers: &'a dyn Headers) -> Self {
        self.headers = Some(headers);
        self
    }
}

/// The parts of a message, for other ways of signing.
pub(crate) struct OutgoingParts<'a> {
    pub(crate) body: &'a [u8],
    pub(crate) now: SystemTime,
    pub(crate) method: &'a str,
    pub(crate) url: &'a str,
    pub(crate) headers: Option<&'a dyn Headers>,
}

impl<'a> Outgoing<'a> {
    pub(crate) fn parts(&self) -> OutgoingParts<'a> {
        OutgoingParts {
            body: self.body,
            now: self.now,
            method: self.method,
            url: self.url,
            headers: self.headers,
        }
    }
}

impl Scheme {
    /// A signer with these secrets. With several, a request carries one signature per secret, where the
    /// scheme has room for a list, so that receivers can change over while rotating.
    ///
    /// # Errors
    /// As [`verifier`](Self::verifier); also for a public key, and for more secrets than the scheme has room
    /// for.
    pub fn signer<'s>(
        &self,
        secrets: impl IntoIterator<Item = impl Borrow<Secret> + 's>,
    ) -> Result<Signer, SetupError> {
        Signer::new(self, secrets)
    }
}

impl Signer {
    fn new<'s>(
        scheme: &Scheme,
        secrets: impl IntoIterator<Item = impl Borrow<Secret> + 's>,
    ) -> Result<Self, SetupError> {
        let template = scheme.template()?;
        let at = |index| move |error| SetupError::Secret { index, error };
        let mut keys: Vec<Key> = Vec::new();
        for (index, secret) in secrets.into_iter().enumerate() {
            let (key, is_alternative) = scheme
                .make_key(secret.borrow(), SigningKey::new)
                .map_err(at(index))?;
            let same = keys
                .iter()
                .filter(|key| key.is_alternative == is_alternative);
            let allowed = room(scheme, is_alternative);
            if same.count() == allowed {
                return Err(at(index)(SecretError::TooMany { allowed }));
            }
            keys.push(Key {
                key,
                is_alternative,
            });
        }
        if keys.is_empty() {
            return Err(at(0)(SecretError::NoSecret));
        }
        Ok(Self {
            scheme: scheme.clone(),
            template,
            keys,
        })
    }

    /// The headers to add to the request, as names and values: the signature, and whatever else the scheme
    /// wants (id, timestamp, version). A timestamp inside the body is not written; the body must hold it.
    ///
    /// # Errors
    /// When something is missing that the scheme signs, or the id could be read in two ways.
    ///
    /// ```
    /// use std::time::{Duration, UNIX_EPOCH};
    /// use webhooks_signature::{Outgoing, Scheme, Secret};
    ///
    /// let secret = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?;
    /// let signer = Scheme::STANDARD_WEBHOOKS.signer([secret])?;
    /// let now = UNIX_EPOCH + Duration::from_secs(1_614_265_330);
    /// let message = Outgoing::new(br#"{"test": 2432232314}"#, now).id("msg_p5jXN8AQM9LWM0D4loKWxJek");
    /// let headers = signer.sign(&message)?;
    /// assert_eq!(headers, [
    ///     ("webhook-id", "msg_p5jXN8AQM9LWM0D4loKWxJek".to_owned()),
    ///     ("webhook-timestamp", "1614265330".to_owned()),
    ///     ("webhook-signature", "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=".to_owned()),
    /// ]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn sign(&self, message: &Outgoing<'_>) -> Result<Vec<(&str, String)>, SignError> {
        let id = self.id(message)?;
        let timestamp = self.timestamp(message)?;
        let url = self.url(message)?;
        let form = self.form(message)?;
        let signed_headers = self.signed_headers(message, timestamp.as_deref())?;
        let mut headers = Few::new();
        for value in &signed_headers {
            headers.push(value.as_slice());
        }
        let base = Base {
            template: &self.template,
            body: message.body,
            timestamp: timestamp.as_deref().unwrap_or_default().as_bytes(),
            id: id.unwrap_or_default().as_bytes(),
            url,
            method: message.method,
            form: &form,
            headers: &headers,
        };
        let mut signatures = Vec::with_capacity(self.keys.len());
        for Key {
            key,
            is_alternative,
        } in &self.keys
        {
            let signature = key.sign(&base);
            if !self.fits_in_a_header(&signature) {
                return Err(SignError::NotAHeaderValue);
            }
            let variant = match self.scheme.alternative_variant() {
                Some(variant) if *is_alternative => variant,
                _ => self.scheme.variant(),
            };
            signatures.push(variant.write(&signature));
        }
        Ok(self.headers(id, timestamp.as_deref(), signatures))
    }

    /// The scheme.
    pub fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    fn headers(
        &self,
        id: Option<&str>,
        timestamp: Option<&str>,
        signatures: Vec<String>,
    ) -> Vec<(&str, String)> {
        let field = self.scheme.signature_field();
        let mut headers: Vec<(&str, String)> = self
            .scheme
            .required_headers()
            .map(|(name, value)| (name, value.to_owned()))
            .collect();
        if let (Some(names), Some(id)) = (self.scheme.id_headers_raw(), id) {
            headers.push((names.first(), id.to_owned()));
        }
        let mut scalar = None;
        if let (Some(rule), Some(timestamp)) = (self.scheme.timestamp_rule(), timestamp) {
            match &rule.source {
                Source::Header(names) => headers.push((names.first(), timestamp.to_owned())),
                Source::Field(name) => scalar = Some((name.as_ref(), timestamp)),
                Source::Json(_) => {}
            }
        }
        if field.each {
            let named = field.headers.iter().zip(signatures);
            headers.extend(
                named.map(|(name, signature)| (name, field.write(scalar, vec![signature]))),
            );
        } else {
            headers.push((field.headers.first(), field.write(scalar, signatures)));
        }
        headers
    }

    fn id<'m>(&self, message: &Outgoing<'m>) -> Result<Option<&'m str>, SignError> {
        if !self.template.contains(&Part::Id) {
            return Ok(None);
        }
        let id = message.id.ok_or(SignError::MissingId)?;
        let ends = self.template.after_id;
        let clear = !id.is_empty()
            && id
                .chars()
                .all(|char| char.is_ascii_graphic() && Some(char) != ends);
        if clear {
            Ok(Some(id))
        } else {
            Err(SignError::AmbiguousId)
        }
    }

    fn timestamp(&self, message: &Outgoing<'_>) -> Result<Option<String>, SignError> {
        let write = |unit: Unit| unit.write(message.now).ok_or(SignError::TimeOutOfRange);
        self.scheme
            .timestamp_rule()
            .map(|rule| write(rule.unit))
            .transpose()
    }

    fn url<'m>(&self, message: &Outgoing<'m>) -> Result<&'m str, SignError> {
        let known = !self.template.contains(&Part::Url) || split_origin(message.url).is_some();
        if known {
            Ok(message.url)
        } else {
            Err(SignError::MissingUrl)
        }
    }

    fn form<'m>(&self, message: &Outgoing<'m>) -> Result<Form<'m>, SignError> {
        if !self.template.signs_form {
            return Ok(Form::Absent);
        }
        form::signed(message.body, message.url, self.scheme.hash_parameter()).map_err(|reason| {
            match *reason {
                Reason::BodyHash => SignError::BodyHash,
                _ => SignError::FormTooLarge,
            }
        })
    }

    /// Values of the headers in the template. The timestamp's own header is written by us.
    fn signed_headers(
        &self,
        message: &Outgoing<'_>,
        timestamp: Option<&str>,
    ) -> Result<Vec<Vec<u8>>, SignError> {
        let ours = |name: &str| {
            self.scheme
                .timestamp_headers()
                .any(|one| one.eq_ignore_ascii_case(name))
        };
        let value = |name: &str| match timestamp {
            Some(timestamp) if ours(name) => Ok(timestamp.as_bytes().to_vec()),
            _ => {
                let given = message.headers.and_then(|headers| headers.value(name, 0));
                let value = given.filter(|value| !value.is_empty()).map(<[u8]>::to_vec);
                value.ok_or_else(|| SignError::MissingHeader {
                    header: name.to_owned(),
                })
            }
        };
        self.template.headers().map(value).collect()
    }

    /// A token travels as it is; everything else is encoded.
    fn fits_in_a_header(&self, signature: &[u8]) -> bool {
        self.scheme.variant().encoding != Encoding::Raw
            || signature
                .iter()
                .all(|byte| byte.is_ascii_graphic() || *byte == b' ')
    }
}

/// How many signatures of one algorithm a request of this scheme can carry.
fn room(scheme: &Scheme, is_alternative: bool) -> usize {
    let field = scheme.signature_field();
    let variant = match scheme.alternative_variant() {
        Some(variant) if is_alternative => variant,
        _ => scheme.variant(),
    };
    match (field.split, field.each) {
        (Some(_), _) => variant.algorithm.max_signatures(),
        (None, true) => field.headers.iter().count(),
        (None, false) => 1,
    }
}

impl fmt::Debug for Signer {
    /// Without the keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Signer")
            .field("scheme", &self.scheme)
            .field("secrets", &self.keys.len())
            .finish_non_exhaustive()
    }
}
