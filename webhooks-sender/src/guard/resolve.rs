//! Resolving a name and vetting every address of the answer.

use std::future::Future;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::pin::Pin;

use super::TargetPolicy;

/// The addresses of a name, some time later.
pub type ResolveFuture<'a> = Pin<Box<dyn Future<Output = io::Result<Vec<IpAddr>>> + Send + 'a>>;

/// Resolves names. What it answers is vetted by the [`TargetPolicy`]; it need not filter.
pub trait Resolve: Send + Sync + 'static {
    /// The addresses of `host`, in the order in which they are to be tried. An error of the kind
    /// [`NetworkDown`](io::ErrorKind::NetworkDown) says that the name server could not be asked, which is not the fault of the
    /// host's owner.
    fn resolve<'a>(&'a self, host: &'a str) -> ResolveFuture<'a>;
}

/// The socket addresses of a host, every one of them vetted.
pub(crate) async fn vetted(
    host: &str,
    port: u16,
    policy: &TargetPolicy,
    resolver: &dyn Resolve,
) -> Result<Vec<SocketAddr>, VetError> {
    let literal = host
        .trim_start_matches('[')
        .trim_end_matches(']')
        .parse::<IpAddr>();
    let addresses = match literal {
        Ok(address) => vec![address],
        Err(_) if policy.allows_host(host) => {
            let answer = resolver.resolve(host).await.map_err(VetError::of)?;
            if answer.iter().any(|&address| policy.denies(address)) {
                return Err(VetError::Refused);
            }
            return non_empty(answer, port);
        }
        // The final dot keeps the resolver from trying the name below the machine's own search domains.
        Err(_) => {
            let host = host.trim_end_matches('.');
            let absolute = resolver.resolve(&format!("{host}.")).await;
            match absolute {
                Ok(addresses) if !addresses.is_empty() => addresses,
                // glibc does not find a name with a final dot in /etc/hosts, where Docker and Kubernetes put theirs. A
                // policy for the public internet needs none of them.
                _ if policy.allows_nets() => resolver.resolve(host).await.map_err(VetError::of)?,
                Ok(_) => return Err(VetError::NotResolved),
                Err(error) => return Err(VetError::of(error)),
            }
        }
    };
    // One refused address refuses the name: a mixed answer is an attempt to get past the guard, or a mistake.
    if addresses.iter().any(|&address| !policy.allows(address)) {
        return Err(VetError::Refused);
    }
    non_empty(addresses, port)
}

fn non_empty(addresses: Vec<IpAddr>, port: u16) -> Result<Vec<SocketAddr>, VetError> {
    if addresses.is_empty() {
        return Err(VetError::NotResolved);
    }
    Ok(addresses
        .into_iter()
        .map(|address| SocketAddr::new(address, port))
        .collect())
}

/// Why a host has no address to dial.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum VetError {
    /// There is no such name, or no answer.
    NotResolved,
    /// The name server could not be asked: that is not the fault of the name.
    Unasked,
    /// An address of the answer may not be dialled.
    Refused,
}

impl VetError {
    #[expect(clippy::needless_pass_by_value, reason = "it is passed to `map_err`")]
    fn of(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NetworkDown => Self::Unasked,
            _ => Self::NotResolved,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Answers(Vec<&'static str>);

    impl Resolve for Answers {
        fn resolve<'a>(&'a self, host: &'a str) -> ResolveFuture<'a> {
            assert!(
                host.ends_with('.') || !host.contains('.'),
                "{host} is fully qualified"
            );
            let answers = self
                .0
                .iter()
                .map(|answer| answer.parse().expect("an address"))
                .collect();
            Box::pin(async move { Ok(answers) })
        }
    }

    async fn ask(
        host: &str,
        answers: &[&'static str],
        policy: &TargetPolicy,
    ) -> Result<usize, VetError> {
        let answers = Answers(answers.to_vec());
        vetted(host, 443, policy, &answers)
            .await
            .map(|addresses| addresses.len())
    }

    #[tokio::test]
    async fn one_refused_address_refuses_the_name() {
        let policy = TargetPolicy::default();
        assert_eq!(
            ask("example.com", &["93.184.216.34", "1.1.1.1"], &policy).await,
            Ok(2)
        );
        for mixed in [
            ["93.184.216.34", "127.0.0.1"],
            ["10.0.0.1", "93.184.216.34"],
            ["1.1.1.1", "::1"],
        ] {
            assert_eq!(
                ask("example.com", &mixed, &policy).await,
                Err(VetError::Refused)
            );
        }
        assert_eq!(
            ask("example.com", &[], &policy).await,
            Err(VetError::NotResolved)
        );
    }

    #[tokio::test]
    async fn a_literal_is_vetted_without_the_resolver() {
        let policy = TargetPolicy::default();
        for literal in ["127.0.0.1", "[::1]", "169.254.169.254", "[64:ff9b::7f00:1]"] {
            assert_eq!(
                ask(literal, &["1.1.1.1"], &policy).await,
                Err(VetError::Refused),
                "{literal}"
            );
        }
        assert_eq!(ask("[2606:4700:4700::1111]", &[], &policy).await, Ok(1));
    }

    /// What glibc does: a name of `/etc/hosts` has no final dot.
    struct Hosts;

    impl Resolve for Hosts {
        fn resolve<'a>(&'a self, host: &'a str) -> ResolveFuture<'a> {
            let is_there = host == "receiver.internal";
            Box::pin(async move {
                let answer = || vec![IpAddr::from([10, 0, 0, 7])];
                is_there
                    .then(answer)
                    .ok_or_else(|| io::ErrorKind::NotFound.into())
            })
        }
    }

    #[tokio::test]
    async fn a_name_that_only_the_hosts_file_has_is_found_where_nets_are_allowed() {
        let nets = TargetPolicy::default().allow_net("10.0.0.0/24".parse().expect("a net"));
        let found = vetted("receiver.internal", 443, &nets, &Hosts).await;
        assert_eq!(found.map(|addresses| addresses.len()), Ok(1));
        let public = vetted("receiver.internal", 443, &TargetPolicy::default(), &Hosts).await;
        assert_eq!(public.map(|_| ()), Err(VetError::NotResolved));
    }

    #[tokio::test]
    async fn an_allowed_host_may_resolve_to_anything_and_an_allowed_net_only_to_itself() {
        let by_name = TargetPolicy::default().allow_host("backend");
        assert_eq!(ask("backend", &["10.0.0.7"], &by_name).await, Ok(1));
        assert_eq!(
            ask("backend.example.com", &["10.0.0.7"], &by_name).await,
            Err(VetError::Refused)
        );
        let by_net = TargetPolicy::default().allow_net("10.0.0.0/24".parse().expect("a net"));
        assert_eq!(ask("a.example.com", &["10.0.0.7"], &by_net).await, Ok(1));
        assert_eq!(
            ask("a.example.com", &["10.0.1.7"], &by_net).await,
            Err(VetError::Refused)
        );
    }

    #[tokio::test]
    async fn a_denied_address_refuses_an_allowed_host_too() {
        let policy = TargetPolicy::default()
            .allow_host("backend")
            .deny_net("10.0.0.0/24".parse().expect("a net"));
        assert_eq!(ask("backend", &["10.0.1.7"], &policy).await, Ok(1));
        for denied in [
            &["10.0.0.7"][..],
            &["10.0.1.7", "10.0.0.7"],
            &["::ffff:10.0.0.7"],
            &["64:ff9b::a00:7"],
        ] {
            assert_eq!(
                ask("backend", denied, &policy).await,
                Err(VetError::Refused),
                "{denied:?}"
            );
        }
    }
}
