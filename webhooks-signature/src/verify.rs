//! Verification: one interpreter for every scheme.
//!
//! Presence, parsing, signature, then time, so that a stale rejection means that the signature was right.
//! Every secret is tried with every signature.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::time::SystemTime;

use crate::error::{Reason, Rejection, SecretError, SetupError, UrlError};
use crate::field::{first_of, single};
use crate::form;
use crate::key::VerifyingKey;
use crate::request::Request;
use crate::scheme::Scheme;
use crate::secret::Secret;
use crate::template::{Base, Part, Template};
use crate::timestamp::{self, Source};
use crate::url::{TrustedProxies, UrlSource};
use crate::verifier::{Verified, Verifier};

/// A scheme with its secrets, ready to verify. Made by [`Scheme::verifier`].
///
/// Keys and template are parsed once; a verification allocates a few dozen bytes and builds no copy of the
/// body (Ed25519 excepted, which reads its message twice).
pub struct SchemeVerifier {
    scheme: Scheme,
    template: Template,
    keys: Vec<VerifyingKey>,
    url: UrlSource,
}

impl SchemeVerifier {
    pub(crate) fn new<'s>(
        scheme: &Scheme,
        secrets: impl IntoIterator<Item = impl Borrow<Secret> + 's>,
    ) -> Result<Self, SetupError> {
        let template = scheme.template()?;
        let key =
            |secret: &Secret| VerifyingKey::new(scheme.algorithm(), scheme.key_form(), secret);
        let keys = secrets
            .into_iter()
            .enumerate()
            .map(|(index, secret)| {
                key(secret.borrow()).map_err(|error| SetupError::Secret { index, error })
            })
            .collect::<Result<Vec<_>, _>>()?;
        if keys.is_empty() {
            return Err(SetupError::Secret {
                index: 0,
                error: SecretError::NoSecret,
            });
        }
        Ok(Self {
            scheme: scheme.clone(),
            template,
            keys,
            url: UrlSource::default(),
        })
    }

    /// For schemes that sign the URL: the one registered with the provider, exactly. The request's own URL is
    /// not looked at.
    ///
    /// # Errors
    /// [`UrlError::NotAbsolute`] for anything but an absolute `http` or `https` URL.
    pub fn public_url(mut self, url: &str) -> Result<Self, UrlError> {
        self.url = UrlSource::fixed(url)?;
        Ok(self)
    }

    /// For schemes that sign the URL, when the query differs from request to request: scheme, host and port
    /// of the public URL; path and query are taken from the request.
    ///
    /// # Errors
    /// [`UrlError`] for anything but an `http` or `https` origin.
    pub fn public_origin(mut self, origin: &str) -> Result<Self, UrlError> {
        self.url = UrlSource::origin(origin)?;
        Ok(self)
    }

    /// For schemes that sign the URL: believes `X-Forwarded-Proto` and `X-Forwarded-Host` of requests that
    /// come directly from one of these proxies ([`Request::peer`]). The last element counts, which is what
    /// that proxy wrote itself.
    pub fn behind(mut self, proxies: TrustedProxies) -> Self {
        self.url = UrlSource::Forwarded(proxies);
        self
    }

    /// The scheme.
    pub fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    fn check(&self, request: &Request<'_>, now: SystemTime) -> Result<Verified, Reason> {
        let field = self.scheme.signature_field();
        let values = field.read(request.headers())?;
        self.check_required(request)?;
        let stamp = self.timestamp(request, &values)?;
        let id = self.id(request)?;
        let headers = self.signed_headers(request)?;
        let url = self.url(request)?;
        let form = self.form(request, &url)?;
        let candidates = field.candidates(&values, self.scheme.algorithm())?;
        let matching = |url: &str| {
            let base = Base {
                template: &self.template,
                body: request.body(),
                timestamp: stamp.as_ref().map_or(&[], |stamp| stamp.text.as_ref()),
                id: id.unwrap_or_default().as_bytes(),
                url,
                method: request.method_text(),
                form: &form,
                headers: &headers,
            };
            self.keys
                .iter()
                .position(|key| key.accepts(&base, &candidates))
        };
        let others = || self.scheme.url().others(&url);
        let secret = matching(&url).or_else(|| others().iter().find_map(|url| matching(url)));
        let secret = secret.ok_or(Reason::Mismatch)?;
        let mut verified = Verified::new().with_secret(secret);
        if let (Some(clock), Some(stamp)) = (self.scheme.timestamp_rule(), &stamp) {
            clock.check(stamp.millis, now)?;
            if let Some(time) = timestamp::time(stamp.millis) {
                verified = verified.with_timestamp(time);
            }
        }
        Ok(match id {
            Some(id) => verified.with_id(id),
            None => verified,
        })
    }

    /// Everything of [`check`](Self::check) that does not need the body.
    fn check_headers(&self, request: &Request<'_>, now: SystemTime) -> Result<(), Reason> {
        let field = self.scheme.signature_field();
        let values = field.read(request.headers())?;
        self.check_required(request)?;
        self.id(request)?;
        self.signed_headers(request)?;
        field.candidates(&values, self.scheme.algorithm())?;
        match self.scheme.timestamp_rule() {
            Some(clock) if !matches!(clock.source, Source::Json(_)) => self
                .timestamp(request, &values)?
                .map_or(Ok(()), |stamp| clock.check(stamp.millis, now))
                .map_err(unverified),
            _ => Ok(()),
        }
    }

    fn check_required(&self, request: &Request<'_>) -> Result<(), Reason> {
        for (name, expected) in self.scheme.required_headers() {
            match single(request.headers(), name)? {
                Some(value) if value == expected.as_bytes() => {}
                Some(_) => {
                    return Err(Reason::UnexpectedHeader {
                        header: name.to_owned(),
                    });
                }
                None => {
                    return Err(Reason::MissingHeader {
                        header: name.to_owned(),
                    });
                }
            }
        }
        Ok(())
    }

    fn timestamp<'r>(
        &self,
        request: &Request<'r>,
        values: &[&'r [u8]],
    ) -> Result<Option<Stamp<'r>>, Reason> {
        let Some(clock) = self.scheme.timestamp_rule() else {
            return Ok(None);
        };
        let text = match &clock.source {
            Source::Header(names) => first_of(request.headers(), names)?.map(Cow::Borrowed),
            Source::Field(name) => self
                .scheme
                .signature_field()
                .scalar(values, name)?
                .map(Cow::Borrowed),
            Source::Json(pointer) => timestamp::find_digits(request.body(), pointer)?
                .map(|digits| Cow::Owned(digits.into_bytes())),
        };
        let text = text.ok_or(Reason::MissingTimestamp)?;
        let millis = clock.unit.parse(&text)?;
        Ok(Some(Stamp { text, millis }))
    }

    fn id<'r>(&self, request: &Request<'r>) -> Result<Option<&'r str>, Reason> {
        let Some(names) = self.scheme.id_headers_raw() else {
            return Ok(None);
        };
        let missing = || Reason::MissingHeader {
            header: names.first().to_owned(),
        };
        let id = first_of(request.headers(), names)?.ok_or_else(missing)?;
        std::str::from_utf8(id)
            .map(Some)
            .map_err(|_| Reason::MalformedId)
    }

    fn signed_headers<'r>(&self, request: &Request<'r>) -> Result<Vec<&'r [u8]>, Reason> {
        let value = |name: &str| {
            single(request.headers(), name)?.ok_or_else(|| Reason::MissingHeader {
                header: name.to_owned(),
            })
        };
        self.template.headers().map(value).collect()
    }

    fn url<'r>(&'r self, request: &Request<'r>) -> Result<Cow<'r, str>, Reason> {
        if self.template.contains(&Part::Url) {
            self.url.url(request)
        } else {
            Ok(Cow::Borrowed(""))
        }
    }

    fn form(&self, request: &Request<'_>, url: &str) -> Result<Vec<u8>, Reason> {
        if !self.template.contains(&Part::Form) {
            return Ok(Vec::new());
        }
        form::signed(request.body(), url, self.scheme.hash_parameter()).ok_or(Reason::BodyHash)
    }
}

/// A timestamp of a request: as it came and is signed, and its meaning.
struct Stamp<'r> {
    text: Cow<'r, [u8]>,
    millis: i64,
}

impl Verifier for SchemeVerifier {
    fn verify(&self, request: &Request<'_>, now: SystemTime) -> Result<Verified, Rejection> {
        self.check(request, now).map_err(Rejection::new)
    }

    fn precheck(&self, request: &Request<'_>, now: SystemTime) -> Result<(), Rejection> {
        self.check_headers(request, now).map_err(Rejection::new)
    }
}

/// A stale rejection means that the signature was right, and here it was not looked at.
fn unverified(reason: Reason) -> Reason {
    match reason {
        Reason::TooOld { .. } | Reason::TooNew { .. } => {
            Reason::Other(format!("{reason}; it was not looked at further").into())
        }
        other => other,
    }
}

impl fmt::Debug for SchemeVerifier {
    /// Without the keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchemeVerifier")
            .field("scheme", &self.scheme)
            .field("secrets", &self.keys.len())
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
