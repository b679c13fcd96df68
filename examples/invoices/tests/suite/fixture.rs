//! The application on an empty database, with the sender's testing kit, asked through its router.

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use invoices::accounts::Tokens;
use invoices::database::Tables;
use invoices::events::Invoice;
use invoices::webhooks::{catalogue, configured};
use invoices::{App, routes};
use serde_json::{Value, json};
use tower::ServiceExt;
use webhooks_sender::subscription::SealingKey;
use webhooks_sender::target::TargetPolicy;
use webhooks_sender::testing::TestSender;
use webhooks_sender::{Sender, SubscriptionRequest};
use webhooks_tests::database::{Kind, Place};

pub(crate) const HOOK: &str = "https://customer.invoices.test/hook";

/// One test for each database: PostgreSQL is there under `cargo xtask test`.
macro_rules! each_database {
    (async fn $name:ident($fixture:ident) $body:block) => {
        mod $name {
            use super::*;

            mod sqlite {
                use super::*;
                type Database = sqlx::Sqlite;

                #[tokio::test]
                async fn holds() {
                    let $fixture = Fixture::<Database>::new().await;
                    $body
                }
            }

            mod postgres {
                use super::*;
                type Database = sqlx::Postgres;

                #[tokio::test]
                #[ignore = "needs PostgreSQL: cargo xtask test"]
                async fn holds() {
                    let $fixture = Fixture::<Database>::new().await;
                    $body
                }
            }
        }
    };
}

pub(crate) struct Fixture<D: Tables> {
    pub(crate) sender: TestSender<D>,
    router: Router,
    /// The database goes with it.
    _place: Place,
}

impl<D: Kind + Tables> Fixture<D> {
    pub(crate) async fn new() -> Self {
        let place = D::place().await;
        let pool = <D as Kind>::open(&place.address).await.expect("a pool");
        D::create(&pool).await.expect("the application's tables");
        let key = SealingKey::new("test", [7; 32]);
        let sender = configured(
            Sender::new(pool.clone()),
            catalogue().expect("no clash"),
            TargetPolicy::default(),
            [key],
        );
        let sender = sender.testing().start().await.expect("a sender");
        let app = App {
            pool,
            sender: sender.sender(),
            tokens: Tokens::read("acct_1=token-acct_1,acct_2=token-acct_2,operator=token-operator"),
        };
        Self {
            sender,
            router: routes::router(app),
            _place: place,
        }
    }

    /// Subscribes an account; returns the subscription's id.
    pub(crate) async fn subscribe(&self, account: &str, target: &str, events: &str) -> String {
        let request = SubscriptionRequest::new(target).event(events);
        let made = self.sender.of(account).subscribe(request).await;
        made.expect("a subscription").id.to_string()
    }

    pub(crate) async fn create(&self, account: &str, amount: i64) -> Invoice {
        let body = json!({ "customer": "Ada", "amount": amount, "currency": "EUR" });
        let (status, invoice) = self.post(account, "/invoices", body).await;
        assert_eq!(status, StatusCode::CREATED, "{invoice}");
        serde_json::from_value(invoice).expect("an invoice")
    }

    pub(crate) async fn get(&self, account: &str, path: &str) -> (StatusCode, Value) {
        self.call(Self::request(account, "GET", path, &Value::Null))
            .await
    }

    pub(crate) async fn post(&self, account: &str, path: &str, body: Value) -> (StatusCode, Value) {
        self.call(Self::request(account, "POST", path, &body)).await
    }

    pub(crate) fn request(account: &str, method: &str, path: &str, body: &Value) -> Request<Body> {
        let request = Request::builder().method(method).uri(path);
        let request = request
            .header("authorization", format!("Bearer token-{account}"))
            .header("content-type", "application/json");
        let body = if body.is_null() {
            Body::empty()
        } else {
            Body::from(body.to_string())
        };
        request.body(body).expect("a request")
    }

    pub(crate) async fn call(&self, request: Request<Body>) -> (StatusCode, Value) {
        let response = self
            .router
            .clone()
            .oneshot(request)
            .await
            .expect("infallible");
        let status = response.status();
        let bytes = to_bytes(response.into_body(), 1 << 20)
            .await
            .expect("a body");
        (
            status,
            serde_json::from_slice(&bytes).unwrap_or(Value::Null),
        )
    }
}
