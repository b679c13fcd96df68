//! A name server of the tests' own, on loopback, and the resolver that asks it: as much of RFC 1035 as that takes.
//!
//! What a name resolves to can change from one question to the next, which is the point.

use std::collections::HashMap;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};

use tokio::net::UdpSocket;
use webhooks_sender::target::{Resolve, ResolveFuture};

const A: u16 = 1;
const AAAA: u16 = 28;
const HEADER: usize = 12;

/// A name server, and the resolver that asks it. Clones are the same.
#[derive(Clone)]
pub(crate) struct Dns {
    server: SocketAddr,
    zone: Arc<Mutex<HashMap<String, Name>>>,
}

/// What a name resolves to: the first answer to the first question, and so on; the last one from then on.
#[derive(Default)]
struct Name {
    answers: Vec<Vec<IpAddr>>,
    asked: usize,
}

impl Dns {
    /// Serves until the test ends.
    pub(crate) async fn start() -> Self {
        let socket = UdpSocket::bind(("127.0.0.1", 0)).await.expect("a port");
        let dns = Self {
            server: socket.local_addr().expect("an address"),
            zone: Arc::default(),
        };
        tokio::spawn(dns.clone().serve(socket));
        dns
    }

    /// Lets a name resolve to these addresses, answer by answer.
    pub(crate) fn set(&self, name: &str, answers: &[&[&str]]) {
        let parsed = |address: &&str| address.parse().expect("an address");
        let answers = answers
            .iter()
            .map(|answer| answer.iter().map(parsed).collect())
            .collect();
        self.zone
            .lock()
            .expect("not poisoned")
            .insert(name.to_owned(), Name { answers, asked: 0 });
    }

    /// How often a name was asked for.
    pub(crate) fn asked(&self, name: &str) -> usize {
        self.zone
            .lock()
            .expect("not poisoned")
            .get(name)
            .map_or(0, |name| name.asked)
    }

    async fn serve(self, socket: UdpSocket) {
        let mut query = [0; 512];
        while let Ok((length, asker)) = socket.recv_from(&mut query).await {
            let _ = socket
                .send_to(&self.response(&query[..length]), asker)
                .await;
        }
    }

    /// The addresses are asked for by kind, IPv4 first: that is when a new answer begins.
    fn response(&self, query: &[u8]) -> Vec<u8> {
        let (name, kind) = question(query);
        let mut zone = self.zone.lock().expect("not poisoned");
        let found = zone.get_mut(&name).and_then(|name| {
            name.asked += usize::from(kind == A);
            name.answers
                .get(name.asked.clamp(1, name.answers.len()) - 1)
        });
        let records = found
            .into_iter()
            .flatten()
            .filter_map(|address| match address {
                IpAddr::V4(address) if kind == A => Some(address.octets().to_vec()),
                IpAddr::V6(address) if kind == AAAA => Some(address.octets().to_vec()),
                _ => None,
            });
        let records: Vec<Vec<u8>> = records.collect();
        let count = u8::try_from(records.len()).expect("few addresses");
        // Id and question are the query's; a response, authoritative, with so many answers.
        let mut response = [
            &query[..2],
            &[0x84, 0, 0, 1, 0, count, 0, 0, 0, 0],
            &query[HEADER..],
        ]
        .concat();
        for data in records {
            // The question's name, kind, class IN, no time to live.
            response.extend([
                0xc0,
                12,
                0,
                u8::try_from(kind).expect("a small number"),
                0,
                1,
                0,
                0,
                0,
                0,
                0,
            ]);
            response.push(u8::try_from(data.len()).expect("4 or 16"));
            response.extend(data);
        }
        response
    }

    async fn lookup(&self, name: &str, kind: u16) -> io::Result<Vec<IpAddr>> {
        let socket = UdpSocket::bind(("127.0.0.1", 0)).await?;
        socket.connect(self.server).await?;
        let mut query = vec![0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0];
        for label in name.trim_end_matches('.').split('.') {
            query.push(u8::try_from(label.len()).map_err(io::Error::other)?);
            query.extend(label.bytes());
        }
        query.push(0);
        query.extend([kind.to_be_bytes(), [0, 1]].concat());
        socket.send(&query).await?;
        let mut response = [0; 4096];
        let length = socket.recv(&mut response).await?;
        let mut rest = &response[query.len()..length];
        let mut addresses = Vec::new();
        while let Some((record, behind)) = rest.split_at_checked(HEADER) {
            let (data, behind) = behind.split_at(record[HEADER - 1].into());
            addresses.push(match data.try_into() {
                Ok(octets) => IpAddr::V4(Ipv4Addr::from_octets(octets)),
                Err(_) => IpAddr::V6(Ipv6Addr::from_octets(
                    data.try_into().map_err(io::Error::other)?,
                )),
            });
            rest = behind;
        }
        Ok(addresses)
    }
}

impl Resolve for Dns {
    fn resolve<'a>(&'a self, host: &'a str) -> ResolveFuture<'a> {
        Box::pin(async move {
            let mut addresses = self.lookup(host, A).await?;
            addresses.extend(self.lookup(host, AAAA).await?);
            Ok(addresses)
        })
    }
}

/// Name and kind of a query's only question.
fn question(query: &[u8]) -> (String, u16) {
    let (mut labels, mut rest) = (Vec::new(), &query[HEADER..]);
    while let Some((&length, behind)) = rest.split_first() {
        let (label, behind) = behind.split_at(length.into());
        rest = behind;
        if length == 0 {
            break;
        }
        labels.push(String::from_utf8_lossy(label).into_owned());
    }
    (labels.join("."), u16::from_be_bytes([rest[0], rest[1]]))
}
