//! The URL that a sender signed: the public one, which a server behind a proxy does not see.
//!
//! A configured URL is the safe answer. Forwarded headers are the other one, and count only when the
//! connection comes from a network that was named; anyone else could write them.

mod proxies;
mod variants;

pub use proxies::TrustedProxies;
pub use variants::UrlForm;
pub(crate) use variants::query_value;

use std::borrow::Cow;

use crate::error::{Reason, UrlError, VerifyResult};
use crate::request::{FieldName, Request};
use crate::request_fields::RequestFields;

/// Where the signed URL comes from.
#[derive(Clone, Debug, Default)]
pub(crate) enum UrlSource {
    /// The request's own URL; with only a path, `http` and its `Host` header.
    #[default]
    Request,
    /// Exactly this text, whatever the request says.
    Fixed(String),
    /// This scheme, host, port and prefix before the request's path and query.
    Origin(String),
    /// What trusted proxies say about scheme and host.
    Forwarded(TrustedProxies),
}

impl UrlSource {
    pub(crate) fn fixed(url: &str) -> Result<Self, UrlError> {
        split_origin(url)
            .map(|_| Self::Fixed(url.to_owned()))
            .ok_or(UrlError::NotAbsolute)
    }

    /// An origin, and the prefix of the path that a proxy removes.
    pub(crate) fn origin(url: &str) -> Result<Self, UrlError> {
        let (_, rest) = split_origin(url).ok_or(UrlError::NotAbsolute)?;
        if rest.contains(['?', '#']) {
            return Err(UrlError::NotAnOrigin);
        }
        Ok(Self::Origin(url.trim_end_matches('/').to_owned()))
    }

    /// The public URL of a request.
    pub(crate) fn url<'r>(&'r self, request: &Request<'r>) -> VerifyResult<Cow<'r, str>> {
        let own = request.url_text();
        let path = split_origin(own).map_or(own, |(_, path)| path);
        match self {
            Self::Fixed(url) => Ok(Cow::Borrowed(url)),
            Self::Origin(origin) if path.starts_with('/') => {
                Ok(Cow::Owned(format!("{origin}{path}")))
            }
            Self::Forwarded(proxies) if proxies.trust(request.peer_address()) => {
                forwarded(request, own, path)
            }
            Self::Request | Self::Forwarded(_) if is_absolute(own) => Ok(Cow::Borrowed(own)),
            Self::Request | Self::Forwarded(_) => with_origin("http", host(request, "host")?, path),
            Self::Origin(_) => Err(Box::new(Reason::UnknownUrl)),
        }
    }
}

/// What a trusted proxy says, falling back to the request where it says nothing.
fn forwarded<'r>(request: &Request<'r>, own: &str, path: &str) -> VerifyResult<Cow<'r, str>> {
    let scheme = match last(request, "x-forwarded-proto")? {
        Some("https") => "https",
        Some("http") => "http",
        Some(_) => return Err(Box::new(Reason::UnknownUrl)),
        None if own.starts_with("https:") => "https",
        None => "http",
    };
    let host = match last(request, "x-forwarded-host")? {
        Some(host) => Some(host),
        None => host(request, "host")?,
    };
    let own_host = split_origin(own)
        .and_then(|(origin, _)| origin.split_once("://"))
        .map(|(_, host)| host);
    // Not a standard, but what Traefik and others write where they remove a prefix from the path.
    let prefix = last(request, "x-forwarded-prefix")?.map(|prefix| prefix.trim_end_matches('/'));
    match prefix {
        None | Some("") => with_origin(scheme, host.or(own_host), path),
        Some(prefix) if prefix.starts_with('/') && !prefix.contains(['?', '#']) => {
            with_origin(scheme, host.or(own_host), &format!("{prefix}{path}"))
        }
        Some(_) => Err(Box::new(Reason::UnknownUrl)),
    }
}

fn with_origin<'r>(scheme: &str, host: Option<&str>, path: &str) -> VerifyResult<Cow<'r, str>> {
    match host {
        Some(host) if path.starts_with('/') && is_host(host) => {
            Ok(Cow::Owned(format!("{scheme}://{host}{path}")))
        }
        _ => Err(Box::new(Reason::UnknownUrl)),
    }
}

fn host<'r>(request: &Request<'r>, name: &str) -> VerifyResult<Option<&'r str>> {
    let names = [FieldName::new(name)];
    let mut found = RequestFields::new(names.len());
    found.look_up(request.headers(), &names);
    let value = found.fields()[0].single(&names[0])?;
    value
        .map(|value| std::str::from_utf8(value).map_err(|_| Box::new(Reason::UnknownUrl)))
        .transpose()
}

/// The last element of a comma-separated header: what the proxy we are connected to added itself. Elements
/// before it come from further away and may be anyone's.
fn last<'r>(request: &Request<'r>, name: &str) -> VerifyResult<Option<&'r str>> {
    Ok(host(request, name)?.map(|list| list.rsplit(',').next().unwrap_or(list).trim()))
}

fn is_host(text: &str) -> bool {
    !text.is_empty()
        && !text.contains(['/', '?', '#', '@', '\\'])
        && text.bytes().all(|byte| byte.is_ascii_graphic())
}

fn is_absolute(url: &str) -> bool {
    split_origin(url).is_some()
}

/// Splits `https://user@host:port` from path, query and fragment.
pub(crate) fn split_origin(url: &str) -> Option<(&str, &str)> {
    let scheme = ["https://", "http://"].into_iter().find(|scheme| {
        url.get(..scheme.len())
            .is_some_and(|start| start.eq_ignore_ascii_case(scheme))
    })?;
    let end = url[scheme.len()..]
        .find(['/', '?', '#'])
        .map_or(url.len(), |at| scheme.len() + at);
    (end > scheme.len()).then(|| url.split_at(end))
}
