//! The owner who receives operational events: it reads what happens to all others, so no customer is taken for it.

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Request, StatusCode};
use serde_json::json;
use tower::ServiceExt as _;
use webhooks_api::{Ability, Access, Api};

use crate::client::{Caller, Service};
use crate::operations::rows;
use crate::tenants::{filled, filled_body, ids};

async fn service() -> Service {
    Service::with(|sender| sender.operational_events_to("operator")).await
}

#[tokio::test]
async fn a_customer_who_has_the_name_of_the_operational_owner_is_refused_everywhere() {
    let service = service().await;
    let ids = ids(&service, "acct_a").await;
    let namesake = Caller::owner("operator").with(&Ability::ALL);
    for row in rows() {
        let (path, body) = (filled(row.path, &ids), filled_body(row.body.as_ref(), &ids));
        let refused = service.call(&namesake, row.method, &path, body).await;
        assert_eq!(
            (refused.status, refused.problem()),
            (StatusCode::FORBIDDEN, "forbidden"),
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_customer_subscribes_to_no_operational_event_and_an_operator_does() {
    let service = service().await;
    let wanted = |event: &str| json!({ "target": "https://example.com/hook", "events": [event] });
    let customer = Caller::owner("acct_1");
    for event in ["webhooks.delivery.exhausted", "webhooks.subscription.*"] {
        let refused = service
            .post(&customer, "/subscriptions", wanted(event))
            .await;
        assert_eq!(refused.problem(), "invalid-subscription", "{event}");
        let path = "/subscriptions?owner=operator";
        let made = service.post(&Caller::operator(), path, wanted(event)).await;
        assert_eq!(made.status, StatusCode::CREATED, "{event}: {made:?}");
    }
    // What a wide pattern lets through is not theirs either: this one is about the customer's own subscription.
    let id = service.subscribe(&customer).await;
    let messages = service.get(&customer, "/messages").await;
    assert_eq!(messages.body["data"], json!([]), "about {id}");
    let operator = Caller::operator();
    let messages = service.get(&operator, "/messages?owner=operator").await;
    assert_eq!(
        messages.body["data"][0]["event"],
        "webhooks.subscription.created"
    );
}

#[tokio::test]
async fn an_application_can_say_that_a_caller_is_the_operational_owner() {
    async fn access(headers: HeaderMap) -> Result<Access, StatusCode> {
        let access = Access::owner("operator").allow(Ability::CUSTOMER);
        Ok(if headers.contains_key("x-monitoring") {
            access.with_operational_events()
        } else {
            access
        })
    }
    let service = service().await;
    let app: Router = Api::new(&service.sender, access).at("/webhooks");
    let status = async |name: &str| {
        let request = Request::get("/webhooks/messages").header(name, "1");
        let request = request.body(Body::empty()).expect("a request");
        app.clone()
            .oneshot(request)
            .await
            .expect("an answer")
            .status()
    };
    assert_eq!(status("x-other").await, StatusCode::FORBIDDEN);
    assert_eq!(status("x-monitoring").await, StatusCode::OK);
}
