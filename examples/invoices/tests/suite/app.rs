//! The application's tests: its own pool, its own transactions, no network, on both databases.

use std::time::Duration;

use crate::fixture::{Fixture, HOOK};
use axum::http::StatusCode;
use invoices::accounts::OPERATOR;
use invoices::events::{Invoice, Status};
use invoices::webhooks::documentation;
use serde_json::json;
use webhooks_sender::SubscriptionRequest;
use webhooks_sender::testing::TestAnswer;

each_database! {
    async fn each_change_of_an_invoice_is_reported_in_its_turn(fixture) {
        fixture.subscribe("acct_1", HOOK, "invoice.*").await;
        let first = fixture.create("acct_1", 1200).await;
        let second = fixture.create("acct_1", 3400).await;
        for (number, action) in [(first.id, "pay"), (second.id, "void")] {
            let path = format!("/invoices/{number}/{action}");
            assert_eq!(fixture.post("acct_1", &path, json!(null)).await.0, StatusCode::OK);
        }
        fixture.sender.deliver().await.expect("delivered");

        let told: Vec<(String, i64, Status)> = fixture.sender.requests().iter().map(|request| {
            let invoice: Invoice = request.data();
            (request.event().expect("an event").to_owned(), invoice.id, invoice.status)
        }).collect();
        let expected = [
            ("invoice.created", first.id, Status::Open),
            ("invoice.created", second.id, Status::Open),
            ("invoice.paid", first.id, Status::Paid),
            ("invoice.voided", second.id, Status::Void),
        ];
        assert_eq!(told, expected.map(|(event, id, status)| (event.to_owned(), id, status)));
    }
}

each_database! {
    async fn what_is_refused_is_reported_to_no_one(fixture) {
        fixture.subscribe("acct_1", HOOK, "invoice.*").await;
        let invoice = fixture.create("acct_1", 1200).await;
        let path = format!("/invoices/{}/pay", invoice.id);
        assert_eq!(fixture.post("acct_1", &path, json!(null)).await.0, StatusCode::OK);
        assert_eq!(fixture.post("acct_1", &path, json!(null)).await.0, StatusCode::CONFLICT, "it has been paid");
        let nothing = json!({ "customer": "Ada", "amount": 0, "currency": "EUR" });
        assert_eq!(fixture.post("acct_1", "/invoices", nothing).await.0, StatusCode::UNPROCESSABLE_ENTITY);
        fixture.sender.deliver().await.expect("delivered");
        fixture.sender.assert_sent("invoice.paid", HOOK, 1);
        fixture.sender.assert_sent("invoice.created", HOOK, 1);
    }
}

each_database! {
    async fn an_account_sees_neither_invoices_nor_webhooks_of_another(fixture) {
        let id = fixture.subscribe("acct_1", HOOK, "invoice.*").await;
        let invoice = fixture.create("acct_1", 1200).await;
        let path = format!("/invoices/{}/pay", invoice.id);
        assert_eq!(fixture.post("acct_2", &path, json!(null)).await.0, StatusCode::CONFLICT);
        assert_eq!(fixture.get("acct_2", "/invoices").await.1, json!([]));
        let subscription = format!("/webhooks/subscriptions/{id}");
        assert_eq!(fixture.get("acct_2", &subscription).await.0, StatusCode::NOT_FOUND);
        assert_eq!(fixture.get("acct_1", &subscription).await.0, StatusCode::OK);
        assert_eq!(fixture.get(OPERATOR, &subscription).await.0, StatusCode::OK, "operators see all");
        assert_eq!(fixture.get("stranger", &subscription).await.0, StatusCode::UNAUTHORIZED);
    }
}

each_database! {
    async fn customers_subscribe_and_look_at_their_deliveries_by_themselves(fixture) {
        let wanted = json!({ "target": HOOK, "events": ["invoice.paid"] });
        let (status, made) = fixture.post("acct_1", "/webhooks/subscriptions", wanted).await;
        assert_eq!(status, StatusCode::CREATED, "{made}");
        let typo = json!({ "target": HOOK, "events": ["invoice.piad"] });
        let (status, refused) = fixture.post("acct_1", "/webhooks/subscriptions", typo).await;
        assert!(status.is_client_error() && refused.to_string().contains("invoice.paid"), "{refused}");

        let invoice = fixture.create("acct_1", 1200).await;
        fixture.post("acct_1", &format!("/invoices/{}/pay", invoice.id), json!(null)).await;
        fixture.sender.answer(TestAnswer::status(503));
        fixture.sender.pass(Duration::from_secs(10)).await.expect("time passes");
        let (_, deliveries) = fixture.get("acct_1", "/webhooks/deliveries").await;
        let delivery = &deliveries["data"][0];
        assert_eq!((&delivery["event"], &delivery["attempts"]), (&json!("invoice.paid"), &json!(2)), "{deliveries}");
    }
}

each_database! {
    async fn the_operator_hears_of_a_customer_who_is_gone_and_customers_do_not(fixture) {
        fixture.subscribe("acct_1", HOOK, "*").await;
        let request = SubscriptionRequest::new("https://ops.invoices.test/hook").event("webhooks.subscription.*");
        fixture.sender.of(OPERATOR).subscribe(request).await.expect("a subscription");
        fixture.create("acct_1", 1200).await;
        fixture.sender.answer(TestAnswer::status(410));
        fixture.sender.deliver().await.expect("delivered");
        fixture.sender.assert_sent("webhooks.subscription.deactivated", "https://ops.invoices.test/hook", 1);
        fixture.sender.assert_sent("webhooks.subscription.deactivated", HOOK, 0);
        let document = documentation(fixture.sender.delivery_terms()).expect("a document");
        let webhooks = document.to_value()["webhooks"].clone();
        let names: Vec<_> = webhooks.as_object().expect("webhooks").keys().cloned().collect();
        assert_eq!(names, ["invoice.created", "invoice.paid", "invoice.voided", "webhooks.test"]);
    }
}

each_database! {
    async fn what_a_request_sends_continues_its_trace(fixture) {
        fixture.subscribe("acct_1", HOOK, "*").await;
        let trace = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        let body = json!({ "customer": "Ada", "amount": 5, "currency": "EUR" });
        let request = Fixture::<Database>::request("acct_1", "POST", "/invoices", &body);
        let (mut parts, body) = request.into_parts();
        parts.headers.insert("traceparent", trace.parse().expect("a value"));
        assert_eq!(fixture.call(axum::http::Request::from_parts(parts, body)).await.0, StatusCode::CREATED);
        fixture.sender.deliver().await.expect("delivered");
        let sent = fixture.sender.requests()[0].header("traceparent").expect("a trace").to_owned();
        assert_eq!((&sent[..36], sent == trace), (&trace[..36], false), "the same trace, another span");
    }
}
