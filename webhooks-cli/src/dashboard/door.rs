//! Who is let in: the browser that exchanges the code that was printed at the terminal, once. Both the code and the session that it
//! opens are in this process alone, and end with it.

use std::sync::{Mutex, PoisonError};

use http::{HeaderMap, HeaderValue, header};

use super::hosts::is_loopback;

/// The code and the session.
pub(super) struct Door {
    /// Missing once it was exchanged.
    code: Mutex<Option<String>>,
    session: String,
    /// Two dashboards on one machine share the cookies of its names, which know no port.
    cookie: String,
}

impl Door {
    /// With a new code, and the port that tells this dashboard from others on the machine.
    pub(super) fn new(port: u16) -> Result<Self, getrandom::Error> {
        Ok(Self {
            code: Mutex::new(Some(random()?)),
            session: random()?,
            cookie: format!("webhooks-dashboard-{port}"),
        })
    }

    /// The code, as long as it was not exchanged.
    pub(super) fn code(&self) -> Option<String> {
        let code = self.code.lock().unwrap_or_else(PoisonError::into_inner);
        code.clone()
    }

    /// Whether this code can still be exchanged. Asking exchanges nothing.
    pub(super) fn would_open(&self, code: &str) -> bool {
        self.code().is_some_and(|own| is_same(&own, code))
    }

    /// Exchanges the code for the session, once: returns the cookie that holds it.
    pub(super) fn open(&self, code: &str, headers: &HeaderMap) -> Option<HeaderValue> {
        let mut own = self.code.lock().unwrap_or_else(PoisonError::into_inner);
        if !own.as_ref().is_some_and(|own| is_same(own, code)) {
            return None;
        }
        *own = None;
        let (name, session) = (self.name(headers), &self.session);
        let secure = if name.starts_with("__Host-") {
            "; Secure"
        } else {
            ""
        };
        let cookie = format!("{name}={session}; Path=/; HttpOnly; SameSite=Strict{secure}");
        HeaderValue::from_str(&cookie).ok()
    }

    /// Whether a request is of the session.
    pub(super) fn is_open_to(&self, headers: &HeaderMap) -> bool {
        let name = self.name(headers);
        let lines = headers.get_all(header::COOKIE).iter();
        let lines = lines.filter_map(|line| line.to_str().ok());
        lines
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .any(|(own, value)| own == name && is_same(value, &self.session))
    }

    /// Beyond this machine there is TLS, and then a name that no other host and no plain connection can set.
    fn name(&self, headers: &HeaderMap) -> String {
        if is_loopback(headers) {
            self.cookie.clone()
        } else {
            format!("__Host-{}", self.cookie)
        }
    }
}

fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes)?;
    Ok(format!("{:032x}", u128::from_be_bytes(bytes)))
}

/// Compares without telling by its time where two texts differ.
fn is_same(one: &str, other: &str) -> bool {
    let differing = one.bytes().zip(other.bytes());
    one.len() == other.len() && differing.fold(0, |all, (one, other)| all | (one ^ other)) == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &'static str, cookie: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(header::HOST, HeaderValue::from_static(host));
        headers.insert(header::COOKIE, cookie.parse().expect("a header"));
        headers
    }

    #[test]
    fn a_code_is_exchanged_once_and_asking_exchanges_nothing() {
        let door = Door::new(80).expect("random bytes");
        let code = door.code().expect("a code");
        let local = headers("127.0.0.1:80", "a=b");
        assert!(door.would_open(&code) && door.would_open(&code));
        assert!(!door.would_open("") && !door.would_open(&code[1..]));
        assert!(door.open("x", &local).is_none());
        let cookie = door.open(&code, &local).expect("it opens");
        assert!(door.open(&code, &local).is_none() && !door.would_open(&code));
        let pair = cookie
            .to_str()
            .expect("ASCII")
            .split(';')
            .next()
            .expect("a pair");
        assert!(door.is_open_to(&headers("127.0.0.1:80", &format!("a=b; {pair}"))));
        assert!(!door.is_open_to(&local));
        assert!(
            !Door::new(81)
                .expect("random bytes")
                .is_open_to(&headers("127.0.0.1", pair))
        );
    }

    #[test]
    fn beyond_this_machine_the_cookie_is_for_tls() {
        let door = Door::new(80).expect("random bytes");
        let code = door.code().expect("a code");
        let cookie = door
            .open(&code, &headers("ops.test", ""))
            .expect("it opens");
        let cookie = cookie.to_str().expect("ASCII");
        assert!(
            cookie.starts_with("__Host-") && cookie.ends_with("; Secure"),
            "{cookie}"
        );
    }
}
