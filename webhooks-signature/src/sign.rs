//! Signing: the same scheme, from the sending side.

use std::borrow::Borrow;
use std::fmt;
use std::time::SystemTime;

use crate::error::{SecretError, SetupError, SignError};
use crate::form;
use crate::key::SigningKey;
use crate::request::Headers;
use crate::scheme::Scheme;
use crate::secret::Secret;
use crate::template::{Base, Part, Template};
use crate::timestamp::Source;
use crate::url::split_origin;

/// A scheme with its secrets, ready to sign. Made by [`Scheme::signer`].
pub struct Signer {
    scheme: Scheme,
    template: Template,
    keys: Vec<SigningKey>,
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

impl Signer {
    pub(crate) fn new<'s>(
        scheme: &Scheme,
        secrets: impl IntoIterator<Item = impl Borrow<Secret> + 's>,
    ) -> Result<Self, SetupError> {
        let template = scheme.template()?;
        let at = |index| move |error| SetupError::Secret { index, error };
        let mut keys = Vec::new();
        for (index, secret) in secrets.into_iter().enumerate() {
            let key = SigningKey::new(scheme.algorithm(), scheme.key_form(), secret.borrow())
                .map_err(at(index))?;
            keys.push(key);
        }
        let allowed = room(scheme);
        match keys.len() {
            0 => Err(at(0)(SecretError::NoSecret)),
            count if count > allowed => Err(at(allowed)(SecretError::TooMany { allowed })),
            _ => Ok(Self {
                scheme: scheme.clone(),
                template,
                keys,
            }),
        }
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
        let headers = self.signed_headers(message, timestamp.as_deref())?;
        let base = Base {
            template: &self.template,
            body: message.body,
            timestamp: timestamp.as_deref().unwrap_or_default().as_bytes(),
            id: id.unwrap_or_default().as_bytes(),
            url,
            method: message.method,
            form: &form,
            headers: &headers.iter().map(Vec::as_slice).collect::<Vec<_>>(),
        };
        let signatures: Vec<_> = self.keys.iter().map(|key| key.sign(&base)).collect();
        if self.scheme.algorithm().is_bearer()
            && !signatures
                .iter()
                .all(|secret| self.fits_in_a_header(secret))
        {
            return Err(SignError::NotAHeaderValue);
        }
        let signatures: Vec<&[u8]> = signatures
            .iter()
            .map(|signature| signature.as_slice())
            .collect();
        Ok(self.headers(id, timestamp.as_deref(), &signatures))
    }

    /// The scheme.
    pub fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    fn headers(
        &self,
        id: Option<&str>,
        timestamp: Option<&str>,
        signatures: &[&[u8]],
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
        if let (Some(clock), Some(timestamp)) = (self.scheme.timestamp_rule(), timestamp) {
            match &clock.source {
                Source::Header(names) => headers.push((names.first(), timestamp.to_owned())),
                Source::Field(name) => scalar = Some((name.as_ref(), timestamp)),
                Source::Json(_) => {}
            }
        }
        if field.each {
            let named = field.headers.iter().zip(signatures);
            headers
                .extend(named.map(|(name, signature)| (name, field.write(scalar, &[signature]))));
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
        let ends = self.template.after_id();
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
        let write =
            |unit: crate::timestamp::Unit| unit.write(message.now).ok_or(SignError::TimeOutOfRange);
        self.scheme
            .timestamp_rule()
            .map(|clock| write(clock.unit))
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

    fn form(&self, message: &Outgoing<'_>) -> Result<Vec<u8>, SignError> {
        if !self.template.contains(&Part::Form) {
            return Ok(Vec::new());
        }
        form::signed(message.body, message.url, self.scheme.hash_parameter())
            .ok_or(SignError::BodyHash)
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

    fn fits_in_a_header(&self, secret: &[u8]) -> bool {
        self.scheme.signature_field().encoding != crate::algorithm::Encoding::Raw
            || secret
                .iter()
                .all(|byte| byte.is_ascii_graphic() || *byte == b' ')
    }
}

/// How many signatures a request of this scheme can carry.
fn room(scheme: &Scheme) -> usize {
    let field = scheme.signature_field();
    match (field.split, field.each) {
        (Some(_), _) => crate::field::MAX_SIGNATURES,
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
