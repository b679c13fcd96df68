//! Encrypted targets: whose certificates are believed, and HTTP/2 where it is offered.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::{Request, Response, Version};
use http_body_util::Full;
use hyper::body::{Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair, date_time_ymd};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use webhooks_sender::target::{Resolve, ResolveFuture, TargetPolicy};
use webhooks_sender::transport::{HttpClient, TransportError};

use crate::raw::{post, serve};

pub(crate) const HOST: &str = "hooks.example.com";

/// A certificate authority that only a test believes.
pub(crate) struct Authority(CertifiedIssuer<'static, KeyPair>);

impl Authority {
    pub(crate) fn new() -> Self {
        let mut params = CertificateParams::new([]).expect("no names");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let key = KeyPair::generate().expect("a key");
        Self(CertifiedIssuer::self_signed(params, key).expect("an authority"))
    }

    /// A certificate for these names and this key.
    pub(crate) fn sign(&self, leaf: &CertificateParams, key: &KeyPair) -> rcgen::Certificate {
        leaf.signed_by(key, &self.0).expect("a certificate")
    }

    pub(crate) fn root(&self) -> Vec<u8> {
        self.0.der().to_vec()
    }

    /// Certifies a host, with what else is to be said in the certificate.
    pub(crate) fn server(
        &self,
        host: &str,
        protocols: &[&str],
        params: impl FnOnce(&mut CertificateParams),
    ) -> ServerConfig {
        let mut leaf = CertificateParams::new([host.to_owned()]).expect("a name");
        params(&mut leaf);
        let key = KeyPair::generate().expect("a key");
        let certificate = leaf.signed_by(&key, &self.0).expect("a certificate");
        config(vec![certificate.der().clone()], &key, protocols)
    }
}

fn config(chain: Vec<CertificateDer<'static>>, key: &KeyPair, protocols: &[&str]) -> ServerConfig {
    let provider = Arc::new(default_provider());
    let key = PrivateKeyDer::try_from(key.serialize_der()).expect("a key");
    let config =
        ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
    let config = config
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(chain, key);
    let mut config = config.expect("the key is the certificate's");
    config.alpn_protocols = protocols
        .iter()
        .map(|protocol| protocol.as_bytes().to_vec())
        .collect();
    config
}

/// Serves with the protocol that was agreed on, and answers with its name; counts connections.
pub(crate) async fn secure(config: ServerConfig) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a port");
    let address = listener.local_addr().expect("an address");
    let (acceptor, connections) = (
        TlsAcceptor::from(Arc::new(config)),
        Arc::new(AtomicUsize::new(0)),
    );
    let count = Arc::clone(&connections);
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (acceptor, count) = (acceptor.clone(), Arc::clone(&count));
            tokio::spawn(async move {
                let Ok(stream) = acceptor.accept(stream).await else {
                    return;
                };
                count.fetch_add(1, Ordering::SeqCst);
                let is_two = stream.get_ref().1.alpn_protocol() == Some(b"h2");
                let (io, service) = (TokioIo::new(stream), service_fn(version));
                if is_two {
                    let serving = hyper::server::conn::http2::Builder::new(TokioExecutor::new());
                    let _ = serving.serve_connection(io, service).await;
                } else {
                    let _ = hyper::server::conn::http1::Builder::new()
                        .serve_connection(io, service)
                        .await;
                }
            });
        }
    });
    (address, connections)
}

async fn version(
    request: Request<Incoming>,
) -> Result<Response<Full<Bytes>>, std::convert::Infallible> {
    let version = if request.version() == Version::HTTP_2 {
        "2"
    } else {
        "1.1"
    };
    Ok(Response::new(Full::from(version)))
}

/// Every name is this machine.
pub(crate) struct Here;

impl Resolve for Here {
    fn resolve<'a>(&'a self, _: &'a str) -> ResolveFuture<'a> {
        Box::pin(async { Ok(vec![[127, 0, 0, 1].into()]) })
    }
}

pub(crate) fn client(root: Option<Vec<u8>>) -> HttpClient {
    let policy = TargetPolicy::default().allow_net("127.0.0.0/8".parse().expect("a net"));
    let client = HttpClient::builder(policy)
        .resolver(Here)
        .timeout(Duration::from_secs(10));
    let client = root.into_iter().fold(
        client,
        webhooks_sender::transport::HttpClientBuilder::root_certificate,
    );
    client.build().expect("a client")
}

/// What a client that believes this authority gets from a server with this configuration.
async fn ask(
    root: Option<Vec<u8>>,
    config: ServerConfig,
    host: &str,
) -> Result<Bytes, TransportError> {
    let (address, _) = secure(config).await;
    let answer = post(
        &client(root),
        &format!("https://{host}:{}/hook", address.port()),
    )
    .await;
    answer.map(|answer| answer.body)
}

#[tokio::test]
async fn http_2_is_spoken_where_it_is_offered_and_1_1_where_it_is_not() {
    let authority = Authority::new();
    let protocols: [(&[&str], &str); 4] = [
        (&["h2", "http/1.1"], "2"),
        (&["h2"], "2"),
        (&["http/1.1"], "1.1"),
        (&[], "1.1"),
    ];
    for (offered, spoken) in protocols {
        let config = authority.server(HOST, offered, |_| {});
        let answer = ask(Some(authority.root()), config, HOST)
            .await
            .expect("an answer");
        assert_eq!(answer, spoken, "{offered:?}");
    }
}

#[tokio::test]
async fn many_requests_share_one_http_2_connection() {
    let authority = Authority::new();
    let (address, connections) = secure(authority.server(HOST, &["h2"], |_| {})).await;
    let (client, url) = (
        client(Some(authority.root())),
        format!("https://{HOST}:{}/", address.port()),
    );
    post(&client, &url).await.expect("an answer");
    let (first, second, third) = tokio::join!(
        post(&client, &url),
        post(&client, &url),
        post(&client, &url)
    );
    assert!([first, second, third].iter().all(Result::is_ok));
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn certificates_that_prove_nothing_are_refused() {
    let (authority, stranger) = (Authority::new(), Authority::new());
    let own = KeyPair::generate().expect("a key");
    let lonely = CertificateParams::new([HOST.to_owned()])
        .expect("a name")
        .self_signed(&own);
    let lonely = config(
        vec![lonely.expect("a certificate").der().clone()],
        &own,
        &[],
    );
    let expired = |params: &mut CertificateParams| params.not_after = date_time_ymd(2020, 1, 1);
    let premature = |params: &mut CertificateParams| params.not_before = date_time_ymd(2999, 1, 1);
    for (what, believed, config, host) in [
        (
            "an authority that was not named",
            false,
            authority.server(HOST, &[], |_| {}),
            HOST,
        ),
        (
            "another authority",
            true,
            stranger.server(HOST, &[], |_| {}),
            HOST,
        ),
        ("itself alone", true, lonely, HOST),
        (
            "another host",
            true,
            authority.server("other.example.com", &[], |_| {}),
            HOST,
        ),
        (
            "a host above",
            true,
            authority.server("example.com", &[], |_| {}),
            HOST,
        ),
        (
            "an address",
            true,
            authority.server(HOST, &[], |_| {}),
            "127.0.0.1",
        ),
        (
            "a time that is over",
            true,
            authority.server(HOST, &[], expired),
            HOST,
        ),
        (
            "a time to come",
            true,
            authority.server(HOST, &[], premature),
            HOST,
        ),
    ] {
        let result = ask(believed.then(|| authority.root()), config, host).await;
        assert_eq!(result.err(), Some(TransportError::Tls), "{what}");
    }
}

#[tokio::test]
async fn an_address_is_believed_when_its_certificate_says_so() {
    let authority = Authority::new();
    let config = authority.server("127.0.0.1", &[], |_| {});
    assert_eq!(
        ask(Some(authority.root()), config, "127.0.0.1")
            .await
            .expect("an answer"),
        "1.1"
    );
}

#[tokio::test]
async fn authorities_can_be_given_as_they_stand_in_a_file() {
    let (one, other) = (Authority::new(), Authority::new());
    let pem = |authority: &Authority| {
        let base64 = STANDARD.encode(authority.root());
        format!("# a note\n-----BEGIN CERTIFICATE-----\n{base64}\n-----END CERTIFICATE-----\n")
    };
    let policy = TargetPolicy::default().allow_net("127.0.0.0/8".parse().expect("a net"));
    let client = HttpClient::builder(policy)
        .resolver(Here)
        .root_certificates(pem(&one) + &pem(&other));
    let client = client.build().expect("a client");
    for authority in [one, other] {
        let (address, _) = secure(authority.server(HOST, &[], |_| {})).await;
        let answer = post(&client, &format!("https://{HOST}:{}/", address.port())).await;
        assert_eq!(answer.expect("an answer").status, 200);
    }
}

#[test]
fn a_root_certificate_that_is_none_is_refused_when_the_client_is_built() {
    let builder = || HttpClient::builder(TargetPolicy::default());
    for (built, text) in [
        (
            builder()
                .root_certificate(*b"-----BEGIN CERTIFICATE-----")
                .build(),
            "cannot be used",
        ),
        (
            builder().root_certificates("no certificate").build(),
            "there is no certificate",
        ),
        (
            builder().root_certificates("").build(),
            "there is no certificate",
        ),
        (
            builder()
                .root_certificates("-----BEGIN CERTIFICATE-----\n%%%\n-----END CERTIFICATE-----")
                .build(),
            "cannot",
        ),
    ] {
        let error = built.expect_err(text).to_string();
        assert!(error.contains(text), "{error}");
    }
}

#[tokio::test]
async fn a_handshake_that_never_ends_is_given_up() {
    let address = serve(|stream, _| crate::raw::closed(stream)).await;
    let policy = TargetPolicy::default().allow_net("127.0.0.0/8".parse().expect("a net"));
    let client = HttpClient::builder(policy)
        .timeout(Duration::from_millis(100))
        .build()
        .expect("a client");
    let result = post(&client, &format!("https://{address}/")).await;
    assert_eq!(result.err(), Some(TransportError::Timeout));
}
