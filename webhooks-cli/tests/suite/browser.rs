//! A browser without a screen, over a socket of its own: it keeps cookies, and says who it asks for.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

/// A page as it came.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) status: u16,
    headers: Vec<(String, String)>,
    pub(crate) text: String,
}

impl Page {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(own, _)| own == name);
        found.map_or("", |(_, value)| value)
    }

    /// What stands between quotes after this text.
    pub(crate) fn after(&self, text: &str) -> &str {
        let rest = self.text.split_once(text);
        let (_, rest) = rest.unwrap_or_else(|| panic!("no {text}: {}", self.text));
        rest.split('"').next().expect("a quote")
    }
}

/// One browser at one address.
#[derive(Clone)]
pub(crate) struct Browser {
    address: String,
    pub(crate) host: String,
    pub(crate) cookies: BTreeMap<String, String>,
}

impl Browser {
    /// At an address such as `127.0.0.1:8000`.
    pub(crate) fn new(address: &str) -> Self {
        Self {
            address: address.to_owned(),
            host: address.to_owned(),
            cookies: BTreeMap::new(),
        }
    }

    pub(crate) fn get(&mut self, path: &str) -> Page {
        self.call(&format!("GET {path}"), "")
    }

    pub(crate) fn post(&mut self, path: &str, form: &str) -> Page {
        self.call(&format!("POST {path}"), form)
    }

    fn call(&mut self, line: &str, form: &str) -> Page {
        let cookies = self
            .cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"));
        let cookies = cookies.collect::<Vec<_>>().join("; ");
        let (host, length) = (&self.host, form.len());
        let request = format!(
            "{line} HTTP/1.1\r\nhost: {host}\r\ncookie: {cookies}\r\nconnection: close\r\ncontent-length: {length}\r\n\
             content-type: application/x-www-form-urlencoded\r\n\r\n{form}"
        );
        let mut stream = TcpStream::connect(&self.address).expect("the dashboard listens");
        let patience = Some(Duration::from_mins(1));
        stream.set_read_timeout(patience).expect("a time-out");
        stream.write_all(request.as_bytes()).expect("sent");
        let mut answer = String::new();
        stream
            .read_to_string(&mut answer)
            .expect("an answer, in UTF-8");
        let page = read(&answer);
        for (name, value) in &page.headers {
            if name == "set-cookie"
                && let Some((name, value)) = value
                    .split(';')
                    .next()
                    .and_then(|pair| pair.split_once('='))
            {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        page
    }
}

fn read(answer: &str) -> Page {
    let (head, text) = answer.split_once("\r\n\r\n").expect("a head");
    let mut lines = head.lines();
    let status = lines.next().and_then(|line| line.split(' ').nth(1));
    let headers = lines.filter_map(|line| line.split_once(": "));
    Page {
        status: status
            .and_then(|status| status.parse().ok())
            .expect("a status"),
        headers: headers
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect(),
        text: text.to_owned(),
    }
}
