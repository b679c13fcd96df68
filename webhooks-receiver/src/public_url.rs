//! The public URL for schemes that sign it, and the verifier that knows it.

use std::borrow::Borrow;

use webhooks_signature::{Scheme, SchemeVerifier, Secret, SetupError, TrustedProxies};

/// Where the public URL comes from.
#[derive(Clone, Debug)]
pub(crate) enum PublicUrl {
    Fixed(String),
    Origin(String),
    Behind(TrustedProxies),
}

/// A verifier of this scheme with these secrets.
pub(crate) fn verifier<'s>(
    scheme: &Scheme,
    url: Option<&PublicUrl>,
    secrets: impl IntoIterator<Item = impl Borrow<Secret> + 's>,
) -> Result<SchemeVerifier, SetupError> {
    let verifier = scheme.verifier(secrets)?;
    Ok(match url {
        None => verifier,
        Some(PublicUrl::Fixed(url)) => verifier.public_url(url)?,
        Some(PublicUrl::Origin(origin)) => verifier.public_origin(origin)?,
        Some(PublicUrl::Behind(proxies)) => verifier.behind(proxies.clone()),
    })
}
