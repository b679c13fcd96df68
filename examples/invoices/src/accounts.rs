//! Who asks: one extractor, for the application's own routes and for the webhooks' API.
//!
//! Here an account has one token, from the environment. An application with users looks a session up instead; what matters is
//! that owners of subscriptions are the accounts which its own routes know.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::http::StatusCode;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use sha2::{Digest, Sha256};
use webhooks_api::{Ability, Access};

use crate::App;
use crate::database::Tables;

/// The account of the people who run the application.
pub const OPERATOR: &str = "operator";

/// The accounts by the SHA-256 of their tokens: how long a lookup takes says nothing about a token.
#[derive(Debug, Clone, Default)]
pub struct Tokens(Arc<HashMap<[u8; 32], String>>);

impl Tokens {
    /// From `account=token,account=token`.
    pub fn read(text: &str) -> Self {
        let pairs = text.split(',').filter_map(|entry| entry.split_once('='));
        let hashed = pairs.map(|(account, token)| (hash(token.trim()), account.trim().to_owned()));
        Self(Arc::new(hashed.collect()))
    }

    fn account(&self, token: &str) -> Option<Account> {
        self.0.get(&hash(token)).cloned().map(Account)
    }
}

fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

/// The account that asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account(pub String);

impl<D: Tables> FromRequestParts<App<D>> for Account {
    type Rejection = StatusCode;

    async fn from_request_parts(parts: &mut Parts, app: &App<D>) -> Result<Self, StatusCode> {
        let header = parts.headers.get(AUTHORIZATION);
        let token = header
            .and_then(|value| value.to_str().ok())
            .and_then(|value| value.strip_prefix("Bearer "));
        token
            .and_then(|token| app.tokens.account(token))
            .ok_or(StatusCode::UNAUTHORIZED)
    }
}

/// What the account may do with webhooks: customers with their own, operators with all.
///
/// # Errors
///
/// Never; an unknown token is refused by [`Account`].
pub async fn access(account: Account) -> Result<Access, StatusCode> {
    Ok(if account.0 == OPERATOR {
        Access::operator().allow(Ability::ALL)
    } else {
        Access::owner(account.0).allow(Ability::CUSTOMER)
    })
}
