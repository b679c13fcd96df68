//! Secrets that are looked up for each request: by tenant, by a part of the path.
//!
//! The answer does not show which tenants exist. Where there is no secret the request is verified all the same, with a
//! decoy, and then refused like one whose signature is wrong. Nor does the time show it for tenants with at most two
//! secrets; one with more takes longer, in proportion to the size of the body.

use std::future::Future;
use std::hint::black_box;
use std::pin::Pin;
use std::time::SystemTime;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use webhooks_signature::{
    Rejection, Request, Scheme, SchemeVerifier, Secret, SecretError, SetupError, Verified, Verifier,
};

use crate::handler_return::BoxError;
use crate::log_text::{LogText, SENDER};
use crate::log_throttle::LogThrottle;
use crate::public_url::{PublicUrl, verifier};

/// Something of the form of every scheme's secrets, to verify with where a tenant has no secret. What it accepts is refused.
const DECOYS: [&str; 6] = [
    "whsec_ZGVjb3lkZWNveWRlY295ZGVjb3lkZWNveWRlY28=",
    "ZGVjb3lkZWNveWRlY295ZGVjb3lkZWNveWRlY28=",
    "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
    "whpk_11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
    "decoy:decoy",
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEZVMU92Q5zS1rwJURnBYADcAWsfKPNAce5q+PkcD6LwdvEldwODDZHp\
     J/HgeTUNrU4Z8uLkuB2pA4LbGLUnLPzQ==",
];

/// Requests are verified with at least so many keys: those of a tenant, then decoys.
const DECOYED: usize = 2;

/// A function that finds the secrets of a request: an `async fn` whose parameters, at most four, are any of axum's
/// [`FromRequestParts`], and that returns the secrets, none where there is no such tenant: a `Vec<Secret>`, or
/// [`TenantSecrets`] with the name of the tenant.
///
/// For [`NeedsSecret::secrets_by`](crate::NeedsSecret::secrets_by). There is nothing to implement by hand. `M` stands
/// for the parameters and is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot look up secrets for a receiver with the state `{S}`",
    label = "no lookup of secrets",
    note = "a lookup is an `async fn` whose parameters, at most four, implement `FromRequestParts<{S}>`, such as `Path<String>` and `State<Db>`, and that returns `Result<Vec<Secret>, E>` or `Result<TenantSecrets, E>` with an error type `E`"
)]
pub trait SecretLookup<M, S>: Send + Sync + 'static {
    /// Calls the function with what it asks for.
    #[doc(hidden)]
    fn find(&self, parts: &mut Parts, state: &S) -> impl Future<Output = LookupResult> + Send;
}

/// The secrets of a tenant, with a name that keeps its message ids apart from those of other tenants.
///
/// Without a name a label made of the secrets does that. It changes with them, so a message that comes again after its
/// tenant has changed the secret is handled a second time.
///
/// ```
/// use axum::extract::Path;
/// use webhooks_receiver::{Secret, SecretError, TenantSecrets};
///
/// async fn secrets(Path(tenant): Path<String>) -> Result<TenantSecrets, SecretError> {
///     let current = Secret::new("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")?; // from the database
///     Ok(TenantSecrets::new(tenant, [current]))
/// }
/// ```
#[derive(Clone, Debug)]
pub struct TenantSecrets {
    name: Option<String>,
    secrets: Vec<Secret>,
}

impl TenantSecrets {
    /// The secrets of which any may match. The name is what the application calls the tenant, and no other tenant of
    /// the receiver has it.
    pub fn new(name: impl Into<String>, secrets: impl IntoIterator<Item = Secret>) -> Self {
        Self {
            name: Some(name.into()),
            secrets: secrets.into_iter().collect(),
        }
    }
}

/// The secrets of a tenant without a name.
impl From<Vec<Secret>> for TenantSecrets {
    fn from(secrets: Vec<Secret>) -> Self {
        Self {
            name: None,
            secrets,
        }
    }
}

/// The result of a lookup.
#[doc(hidden)]
#[derive(Debug)]
pub enum LookupResult {
    /// These, and none where there is no such tenant.
    Secrets(TenantSecrets),
    /// It cannot be known.
    Failed(BoxError),
    /// An extractor refused the request: the path, say, cannot be that of a tenant.
    Refused(StatusCode),
}

macro_rules! lookups {
    ($($extractor:ident)*) => {
        #[diagnostic::do_not_recommend]
        #[allow(non_snake_case, reason = "a value has the name of its type parameter")]
        impl<F, Fut, R, E, S, $($extractor),*> SecretLookup<(R, E, $($extractor,)* Fut), S> for F
        where
            F: Fn($($extractor),*) -> Fut + Send + Sync + 'static,
            Fut: Future<Output = Result<R, E>> + Send,
            R: Into<TenantSecrets>,
            E: Into<BoxError>,
            $($extractor: FromRequestParts<S> + Send,)*
            S: Send + Sync,
        {
            async fn find(&self, parts: &mut Parts, state: &S) -> LookupResult {
                let _ = (&parts, state);
                $(
                    let $extractor = match $extractor::from_request_parts(parts, state).await {
                        Ok(value) => value,
                        Err(rejection) => return LookupResult::Refused(rejection.into_response().status()),
                    };
                )*
                match self($($extractor),*).await {
                    Ok(secrets) => LookupResult::Secrets(secrets.into()),
                    Err(error) => LookupResult::Failed(error.into()),
                }
            }
        }
    };
}

lookups!();
lookups!(E1);
lookups!(E1 E2);
lookups!(E1 E2 E3);
lookups!(E1 E2 E3 E4);

/// A lookup with all that makes verifiers of what it finds.
pub(crate) struct Lookup<S> {
    find: Box<dyn DynLookup<S>>,
    scheme: Scheme,
    decoy: Secret,
    /// The decoy for the scheme's alternative algorithm, where it has one.
    alternative_decoy: Option<Secret>,
    pub(crate) url: Option<PublicUrl>,
}

/// The keys of one request.
pub(crate) struct Keys {
    verifier: SchemeVerifier,
    pub(crate) secrets: Vec<Secret>,
    /// What the application calls the tenant.
    pub(crate) tenant: Option<String>,
}

/// Why there are no keys.
#[derive(Debug)]
pub(crate) enum LookupError {
    Failed(BoxError),
    Extractor(StatusCode),
}

impl<S: Send + Sync + 'static> Lookup<S> {
    pub(crate) fn new<M: 'static>(
        scheme: Scheme,
        lookup: impl SecretLookup<M, S>,
    ) -> Result<Self, SetupError> {
        let decoy = decoy(&scheme)?;
        Ok(Self {
            find: Box::new(LookupObject {
                lookup,
                parameters: std::marker::PhantomData,
            }),
            alternative_decoy: alternative_decoy(&scheme),
            scheme,
            decoy,
            url: None,
        })
    }

    pub(crate) async fn keys(
        &self,
        receiver: &str,
        parts: &mut Parts,
        state: &S,
        log: &LogThrottle,
    ) -> Result<Keys, LookupError> {
        let unusable = |error: &dyn std::fmt::Display| {
            // Rate-limited, because any client can make us look a tenant up.
            if let Some(left_out) = log.observe("unusable secret", SystemTime::now()) {
                let error = LogText(error, SENDER);
                tracing::error!(
                    receiver,
                    left_out,
                    "a secret that was looked up cannot be used: {error}"
                );
            }
        };
        let none = || TenantSecrets::from(Vec::new());
        let found = match self.find.find(parts, state).await {
            LookupResult::Secrets(found) => found,
            // What is stored is not a secret: from outside the same as none.
            LookupResult::Failed(error) if error.is::<SecretError>() => {
                unusable(&error);
                none()
            }
            LookupResult::Failed(error) => return Err(LookupError::Failed(error)),
            LookupResult::Refused(status) if status.is_server_error() => {
                return Err(LookupError::Extractor(status));
            }
            LookupResult::Refused(_) => none(),
        };
        let (secrets, all) = self.usable(found.secrets, unusable);
        let verifier = verifier(&self.scheme, self.url.as_ref(), &all)
            .map_err(|error| LookupError::Failed(error.into()))?;
        Ok(Keys {
            verifier,
            secrets,
            tenant: found.name,
        })
    }

    /// The secrets that the scheme can use, and with them the decoys. One that it cannot use is left out, so that an
    /// old malformed one does not switch a tenant off that has a good one.
    fn usable(
        &self,
        secrets: Vec<Secret>,
        unusable: impl Fn(&dyn std::fmt::Display),
    ) -> (Vec<Secret>, Vec<Secret>) {
        let secrets: Vec<_> = secrets
            .into_iter()
            .filter(|secret| match self.scheme.verifier([secret]) {
                Ok(_) => true,
                Err(error) => {
                    unusable(&error);
                    false
                }
            })
            .collect();
        // With the decoy next to a single one, a tenant that is changing its secret takes no longer than the others.
        let padding = std::iter::repeat_n(&self.decoy, DECOYED.saturating_sub(secrets.len()));
        let all = secrets
            .iter()
            .chain(padding)
            .chain(&self.alternative_decoy)
            .cloned()
            .collect();
        (secrets, all)
    }
}

impl<S> Lookup<S> {
    /// Without a tenant: to look at what does not depend on the key.
    pub(crate) fn decoy_verifier(&self) -> Result<SchemeVerifier, SetupError> {
        let decoys = [&self.decoy; DECOYED].into_iter();
        verifier(
            &self.scheme,
            self.url.as_ref(),
            decoys.chain(&self.alternative_decoy),
        )
    }
}

impl Verifier for Keys {
    fn verify(&self, request: &Request<'_>, now: SystemTime) -> Result<Verified, Rejection> {
        // The decoy is verified too, so that it takes as long.
        let verified = black_box(self.verifier.verify(request, now))?;
        if verified.secret() < self.secrets.len() {
            Ok(verified)
        } else {
            Err(Rejection::because("there is no secret for this request"))
        }
    }
}

/// The first that the scheme takes; if it takes none, it cannot work.
fn decoy(scheme: &Scheme) -> Result<Secret, SetupError> {
    let mut first = None;
    for text in DECOYS {
        let usable = Secret::new(text)
            .map_err(|error| SetupError::Secret { index: 0, error })
            .and_then(|secret| scheme.verifier([&secret]).map(|_| secret));
        match usable {
            Ok(secret) => return Ok(secret),
            Err(error) => first = first.or(Some(error)),
        }
    }
    Err(first.expect("there are decoys, so one of them was refused first"))
}

/// Without it, a request that is signed with the alternative would be refused by its head.
fn alternative_decoy(scheme: &Scheme) -> Option<Secret> {
    scheme.alternative_algorithm()?;
    DECOYS
        .iter()
        .filter(|text| text.starts_with("whpk_"))
        .find_map(|text| {
            let secret = Secret::new(*text).ok()?;
            scheme.verifier([&secret]).ok().map(|_| secret)
        })
}

type LookupFuture<'a> = Pin<Box<dyn Future<Output = LookupResult> + Send + 'a>>;

/// A lookup whose parameters are forgotten.
trait DynLookup<S>: Send + Sync {
    fn find<'a>(&'a self, parts: &'a mut Parts, state: &'a S) -> LookupFuture<'a>;
}

struct LookupObject<M, L> {
    lookup: L,
    parameters: std::marker::PhantomData<fn() -> M>,
}

impl<M, S, L: SecretLookup<M, S>> DynLookup<S> for LookupObject<M, L> {
    fn find<'a>(&'a self, parts: &'a mut Parts, state: &'a S) -> LookupFuture<'a> {
        Box::pin(self.lookup.find(parts, state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_of_secrets_has_a_decoy() {
        let schemes = [
            Scheme::GITHUB,
            Scheme::STANDARD_WEBHOOKS,
            Scheme::STANDARD_WEBHOOKS_ED25519,
            Scheme::DISCORD,
            Scheme::SENDGRID,
            Scheme::BOX,
            Scheme::basic(),
        ];
        for scheme in schemes {
            assert!(decoy(&scheme).is_ok(), "{scheme:?}");
        }
    }
}
