//! Verification: one interpreter for every scheme.
//!
//! Presence, parsing, signature, then time, so that a stale rejection means that the signature was right.
//! Every secret is tried with every signature.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::time::SystemTime;

use crate::error::{Reason, Rejection, SecretError, SetupError, UrlError, VerifyResult};
use crate::few::Few;
use crate::field_names::FieldNames;
use crate::form::{self, Form};
use crate::key::{Effort, VerifyingKey};
use crate::request::Request;
use crate::request_fields::{Field, RequestFields};
use crate::scheme::Scheme;
use crate::secret::Secret;
use crate::signature_bytes::SignatureBytes;
use crate::template::{Base, Part, Template};
use crate::timestamp::{self, Source};
use crate::url::{TrustedProxies, UrlSource};
use crate::verifier::{Verified, Verifier};

/// The longest body for which other spellings of the URL are tried: each of them costs a pass over the body, for a caller
/// who is not known yet. The providers that sign the URL send far shorter ones.
const VARIANTS_UP_TO: usize = 256 << 10;

/// A scheme with its secrets, ready to verify. Made by [`Scheme::verifier`].
///
/// Keys and template are parsed once. A verification makes no copy of the body, and allocates nothing but the message
/// id, where the scheme signs one; forms, URLs, times in the body, and several signatures or signed headers excepted.
pub struct SchemeVerifier {
    scheme: Scheme,
    template: Template,
    keys: Vec<Key>,
    /// Those of the scheme's alternative.
    alternative_keys: Vec<Key>,
    names: FieldNames,
    url: UrlSource,
}

struct Key {
    /// Which of the secrets it is.
    index: usize,
    key: VerifyingKey,
}

impl Scheme {
    /// A verifier with these secrets, of which any may match: list the new one before the old one while
    /// rotating.
    ///
    /// # Errors
    /// When the scheme cannot work, when there is no secret, and when one does not have the scheme's form.
    ///
    /// ```
    /// use webhooks_signature::{Scheme, Secret};
    ///
    /// let verifier = Scheme::STRIPE.verifier([Secret::new("whsec_new")?, Secret::new("whsec_old")?])?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verifier<'s>(
        &self,
        secrets: impl IntoIterator<Item = impl Borrow<Secret> + 's>,
    ) -> Result<SchemeVerifier, SetupError> {
        SchemeVerifier::new(self, secrets)
    }
}

impl SchemeVerifier {
    fn new<'s>(
        scheme: &Scheme,
        secrets: impl IntoIterator<Item = impl Borrow<Secret> + 's>,
    ) -> Result<Self, SetupError> {
        let template = scheme.template()?;
        let mut verifier = Self {
            names: FieldNames::new(scheme, &template),
            template,
            scheme: scheme.clone(),
            keys: Vec::new(),
            alternative_keys: Vec::new(),
            url: UrlSource::default(),
        };
        for (index, secret) in secrets.into_iter().enumerate() {
            let (key, is_alternative) = scheme
                .make_key(secret.borrow(), VerifyingKey::new)
                .map_err(|error| SetupError::Secret { index, error })?;
            let keys = if is_alternative {
                &mut verifier.alternative_keys
            } else {
                &mut verifier.keys
            };
            keys.push(Key { index, key });
        }
        if verifier.secrets() == 0 {
            return Err(SetupError::Secret {
                index: 0,
                error: SecretError::NoSecret,
            });
        }
        Ok(verifier)
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
    /// Where a proxy removes a prefix from the path, give it too: with `https://example.com/api/v1` a request for `/hook`
    /// is verified as `https://example.com/api/v1/hook`.
    ///
    /// # Errors
    /// [`UrlError`] for anything but an absolute `http` or `https` URL without query and fragment.
    pub fn public_origin(mut self, origin: &str) -> Result<Self, UrlError> {
        self.url = UrlSource::origin(origin)?;
        Ok(self)
    }

    /// For schemes that sign the URL: believes `X-Forwarded-Proto`, `X-Forwarded-Host` and `X-Forwarded-Prefix` of
    /// requests that come directly from one of these proxies ([`Request::peer`]). The last element counts, which is what
    /// that proxy wrote itself.
    pub fn behind(mut self, proxies: TrustedProxies) -> Self {
        self.url = UrlSource::Forwarded(proxies);
        self
    }

    /// The scheme.
    pub fn scheme(&self) -> &Scheme {
        &self.scheme
    }

    fn secrets(&self) -> usize {
        self.keys.len() + self.alternative_keys.len()
    }

    fn check(&self, request: &Request<'_>, now: SystemTime) -> Result<Verified, Rejection> {
        let mut found = self.names.none();
        self.names.look_up(request.headers(), &mut found);
        let fields = self.signature_fields(&found)?;
        self.names.check_required(&found)?;
        let in_body = self.has_time_in_body_only();
        let mut stamp = if in_body {
            None
        } else {
            self.timestamp(request, &found, fields)?
        };
        let id = self.id(&found)?;
        let mut headers = Few::new();
        self.names.add_signed(&found, &mut headers)?;
        let mut signatures = Signatures::default();
        self.read_signatures(fields, &mut signatures)?;
        let url = self.url(request)?;
        let form = self.form(request, &url)?;
        let mut effort = Effort::of(request.body());
        let mut matching = |url: &str| {
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
            let mut first = |keys: &[Key], signatures: &Few<SignatureBytes>| {
                let is_it = |key: &&Key| {
                    !signatures.is_empty() && key.key.accepts(&base, signatures, &mut effort)
                };
                keys.iter().find(is_it).map(|key| key.index)
            };
            first(&self.keys, &signatures.own)
                .or_else(|| first(&self.alternative_keys, &signatures.alternative))
        };
        let mut secret = matching(&url);
        if secret.is_none() && request.body().len() <= VARIANTS_UP_TO {
            let others = self.scheme.url().others(&url);
            secret = others.iter().find_map(|url| matching(url));
        }
        let Some(secret) = secret else {
            return Err(refusal(&effort).into());
        };
        if in_body {
            stamp = self.timestamp(request, &found, fields)?;
        }
        Ok(Verified {
            id: id.map(str::to_owned),
            timestamp: self.time(stamp.as_ref(), now)?,
            secret,
            verifier: 0,
        })
    }

    /// A time in the body that the signed text does not hold is read after the signature is verified: a client without the
    /// secret must not have a body parsed.
    fn has_time_in_body_only(&self) -> bool {
        let rule = self.scheme.timestamp_rule();
        rule.is_some_and(|rule| matches!(rule.source, Source::Json(_)))
            && !self.template.contains(&Part::Timestamp)
    }

    /// The time, if it is within the tolerance.
    fn time(&self, stamp: Option<&Stamp<'_>>, now: SystemTime) -> VerifyResult<Option<SystemTime>> {
        match (self.scheme.timestamp_rule(), stamp) {
            (Some(rule), Some(stamp)) => {
                rule.check(stamp.millis, now)?;
                Ok(timestamp::time(stamp.millis))
            }
            _ => Ok(None),
        }
    }

    /// Everything of [`check`](Self::check) that does not need the body.
    fn check_headers(&self, request: &Request<'_>, now: SystemTime) -> VerifyResult<()> {
        let mut found = self.names.none();
        self.names.look_up(request.headers(), &mut found);
        let fields = self.signature_fields(&found)?;
        self.names.check_required(&found)?;
        self.id(&found)?;
        self.names.add_signed(&found, &mut Few::new())?;
        self.read_signatures(fields, &mut Signatures::default())?;
        match self.scheme.timestamp_rule() {
            Some(rule) if !matches!(rule.source, Source::Json(_)) => self
                .timestamp(request, &found, fields)?
                .map_or(Ok(()), |stamp| rule.check(stamp.millis, now))
                .map_err(unchecked),
            _ => Ok(()),
        }
    }

    /// The fields that count as the signature's.
    fn signature_fields<'f, 'r>(
        &self,
        found: &'f RequestFields<'r>,
    ) -> VerifyResult<&'f [Field<'r>]> {
        let each = self.scheme.signature_field().each;
        self.names.signature(found, each)
    }

    /// Adds the signatures for which there are keys.
    fn read_signatures(&self, fields: &[Field<'_>], found: &mut Signatures) -> VerifyResult<()> {
        let field = self.scheme.signature_field();
        if !self.keys.is_empty() {
            field.add_signatures(&mut found.own, fields, self.scheme.variant())?;
        }
        if let (Some(variant), false) = (
            self.scheme.alternative_variant(),
            self.alternative_keys.is_empty(),
        ) {
            field.add_signatures(&mut found.alternative, fields, variant)?;
        }
        if found.own.is_empty() && found.alternative.is_empty() {
            return Err(Box::new(Reason::NoUsableSignature {
                header: field.headers.first().to_owned(),
            }));
        }
        Ok(())
    }

    fn timestamp<'r>(
        &self,
        request: &Request<'r>,
        found: &RequestFields<'r>,
        fields: &[Field<'r>],
    ) -> VerifyResult<Option<Stamp<'r>>> {
        let Some(rule) = self.scheme.timestamp_rule() else {
            return Ok(None);
        };
        let text = match &rule.source {
            Source::Header(_) => self.names.timestamp(found)?.map(Cow::Borrowed),
            Source::Field(name) => self
                .scheme
                .signature_field()
                .scalar(fields, name)?
                .map(Cow::Borrowed),
            Source::Json(pointer) => timestamp::find_digits(request.body(), pointer)?
                .map(|digits| Cow::Owned(digits.into_bytes())),
        };
        let text = text.ok_or(Reason::MissingTimestamp)?;
        let millis = rule.unit.parse(&text)?;
        Ok(Some(Stamp { text, millis }))
    }

    fn id<'r>(&self, found: &RequestFields<'r>) -> VerifyResult<Option<&'r str>> {
        let Some(id) = self.names.id(found)? else {
            return Ok(None);
        };
        let id = std::str::from_utf8(id).map_err(|_| Reason::MalformedId)?;
        if self.hides_a_timestamp(id) {
            return Err(Box::new(Reason::MalformedId));
        }
        Ok(Some(id))
    }

    /// Whether the id ends early when the signed text is read in another way.
    ///
    /// `{id}.{ts}.{body}` with the id `m`, the time 1700000000 and the body `1800000000.25` is also the text of the id
    /// `m.1700000000`, the time 1800000000 and the body `25`: a signature could be used again under another id and time.
    /// The reference libraries take ids with dots, so only those are refused that hold a time of this century.
    fn hides_a_timestamp(&self, id: &str) -> bool {
        const THIS_CENTURY: i64 = 1_000_000_000_000;
        let (Some(end), Some(rule)) = (self.template.after_id, self.scheme.timestamp_rule()) else {
            return false;
        };
        let is_time = |part: &str| {
            let time = rule.unit.parse(part.as_bytes());
            time.is_ok_and(|millis| millis >= THIS_CENTURY)
        };
        id.split(end).skip(1).any(is_time)
    }

    fn url<'r>(&'r self, request: &Request<'r>) -> VerifyResult<Cow<'r, str>> {
        if self.template.signs_url {
            self.url.url(request)
        } else {
            Ok(Cow::Borrowed(""))
        }
    }

    fn form<'r>(&self, request: &Request<'r>, url: &str) -> VerifyResult<Form<'r>> {
        if self.template.signs_form {
            form::signed(request.body(), url, self.scheme.hash_parameter())
        } else {
            Ok(Form::Absent)
        }
    }
}

/// The decoded signatures of a request, by the algorithm that their label names.
#[derive(Default)]
struct Signatures {
    own: Few<SignatureBytes>,
    alternative: Few<SignatureBytes>,
}

/// A timestamp of a request: as it came and is signed, and its meaning.
struct Stamp<'r> {
    text: Cow<'r, [u8]>,
    millis: i64,
}

impl Verifier for SchemeVerifier {
    fn verify(&self, request: &Request<'_>, now: SystemTime) -> Result<Verified, Rejection> {
        self.check(request, now)
    }

    fn precheck(&self, request: &Request<'_>, now: SystemTime) -> Result<(), Rejection> {
        self.check_headers(request, now).map_err(Rejection::from)
    }
}

fn refusal(effort: &Effort) -> Reason {
    if effort.has_refused() {
        Reason::TooManySignatures
    } else {
        Reason::Mismatch
    }
}

/// A stale rejection means that the signature was right, and here it was not looked at.
#[allow(
    clippy::unnecessary_box_returns,
    reason = "steps of a verification have boxed errors"
)]
fn unchecked(reason: Box<Reason>) -> Box<Reason> {
    match *reason {
        Reason::TooOld { .. } | Reason::TooNew { .. } => Box::new(Reason::Unchecked(reason)),
        _ => reason,
    }
}

impl fmt::Debug for SchemeVerifier {
    /// Without the keys.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SchemeVerifier")
            .field("scheme", &self.scheme)
            .field("secrets", &self.secrets())
            .field("url", &self.url)
            .finish_non_exhaustive()
    }
}
