//! Fetches a document from a running app: one GET request, bounded in time and size.

use std::time::Duration;

use ureq::Agent;
use ureq::http::{StatusCode, Uri};

use super::header::Header;
use super::limit::read_to_limit;

/// Where `webhooks-core` and most frameworks serve the document.
const USUAL_PATH: &str = "/openapi.json";

/// The bytes under an address; under the usual path, if it names only a host.
pub(super) fn get(
    address: &str,
    patience: Duration,
    headers: &[Header],
) -> Result<Vec<u8>, String> {
    let address = complete(address)?;
    // A redirect may lead to another host, which must not be sent a header that holds a secret.
    let redirects = if headers.is_empty() { 5 } else { 0 };
    let agent: Agent = Agent::config_builder()
        .timeout_global(Some(patience))
        .max_redirects(redirects)
        .max_redirects_will_error(redirects > 0)
        .http_status_as_error(false)
        .user_agent(concat!("webhooks/", env!("CARGO_PKG_VERSION")))
        .accept("application/json, application/yaml;q=0.9, */*;q=0.5")
        .build()
        .into();
    let mut request = agent.get(address.as_str());
    for header in headers {
        request = request.header(&header.name, &header.value);
    }
    let response = request.call().map_err(|error| explain(&error, patience))?;
    if response.status() != StatusCode::OK {
        let path = address
            .parse::<Uri>()
            .map(|uri| uri.path().to_owned())
            .unwrap_or_default();
        let status = response.status();
        return Err(format!(
            "GET {path} was answered {status}; {}",
            advice(status, !headers.is_empty())
        ));
    }
    read_to_limit(response.into_body().into_reader()).map_err(|error| error.to_string())
}

/// What to do about a status that is not 200.
fn advice(status: StatusCode, has_headers: bool) -> &'static str {
    match (status.as_u16(), has_headers) {
        (401 | 403, false) => {
            "it asks who you are: give a header, `--header 'authorization: Bearer TOKEN'`, or `http://USER:PASSWORD@HOST`"
        }
        (401 | 403, true) => "the app does not accept the header given with --header",
        (300..=399, _) => {
            "it redirects, and headers of --header are sent to the named address only; give the final address"
        }
        (500..=599, _) => "the app failed; its log says why",
        _ => "give the address of the document",
    }
}

fn complete(address: &str) -> Result<String, String> {
    let uri: Uri = address
        .parse()
        .map_err(|_| "this is not an address".to_owned())?;
    let is_bare = uri.path_and_query().is_none_or(|path| path.as_str() == "/");
    let end = address.trim_end_matches('/');
    Ok(if is_bare {
        format!("{end}{USUAL_PATH}")
    } else {
        address.to_owned()
    })
}

/// The error without the address, which may hold secrets and is named by the caller.
fn explain(error: &ureq::Error, patience: Duration) -> String {
    match error {
        ureq::Error::Timeout(_) => {
            format!(
                "no answer within {} s; give it longer with --timeout",
                patience.as_secs()
            )
        }
        ureq::Error::HostNotFound => "the host is not known".to_owned(),
        ureq::Error::ConnectionFailed => "no connection; is the app running?".to_owned(),
        ureq::Error::Io(error) => format!("no connection; is the app running? ({})", error.kind()),
        ureq::Error::TooManyRedirects => "it redirects more than five times".to_owned(),
        ureq::Error::BadUri(_) => "this is not an address".to_owned(),
        ureq::Error::Tls(reason) => format!("no secure connection: {reason}"),
        _ => "the answer is not HTTP that can be understood".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bare_host_stands_for_the_usual_path() {
        for bare in ["http://localhost:8000", "http://localhost:8000/"] {
            assert_eq!(
                complete(bare).expect("an address"),
                "http://localhost:8000/openapi.json"
            );
        }
        for whole in ["http://a.test/spec.yaml", "http://a.test/?format=json"] {
            assert_eq!(complete(whole).expect("an address"), whole);
        }
        assert!(complete("http://").is_err());
    }
}
