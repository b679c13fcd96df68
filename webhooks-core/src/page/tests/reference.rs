//! What a customer who has only the page needs: how to subscribe, what is promised, a signed sample; and a page for each
//! of many webhooks.

use std::time::Duration;

use serde_json::{Map, Value, json};

use super::{Page, Pages, check, page, text_of};
use crate::{DeliveryOrder, DeliveryTerms};

fn signed(name: &str) -> Value {
    let header = |name| json!({"name": name, "in": "header", "required": true, "schema": {"type": "string"}});
    let headers: Vec<Value> = [
        "webhook-id",
        "webhook-timestamp",
        "webhook-signature",
        "webhook-event",
    ]
    .map(header)
    .into();
    let content = json!({"application/json": {"example": {"name": "it's"}}});
    json!({"summary": name, "parameters": headers, "requestBody": {"content": content}})
}

fn document() -> Value {
    let terms = DeliveryTerms::new()
        .timeout(Duration::from_secs(20))
        .retries([5, 300].map(Duration::from_secs))
        .jitter(10)
        .deactivation(20, Duration::from_secs(5 * 86_400))
        .order(DeliveryOrder::None)
        .rotation_grace(Duration::from_secs(86_400))
        .body_limit(1024 * 1024)
        .source_addresses(["203.0.113.7", "<b>"]);
    json!({
        "servers": [{"url": "https://api.acme.test/"}],
        "paths": {"/subscriptions/{id}": {
            "parameters": [{"name": "id", "in": "path", "required": true, "schema": {"type": "string"}}],
            "get": {"summary": "One subscription", "responses": {"200": {"description": "It."}}},
        }, "/subscriptions": {"post": {
            "summary": "Subscribe",
            "security": [{"token": []}],
            "requestBody": {"required": true, "content": {"application/json": {"schema": {
                "properties": {"target": {"type": "string", "format": "uri"}}, "required": ["target"],
            }}}},
            "responses": {"201": {"description": "Made.", "content": {"application/json": {"schema": {
                "properties": {"secret": {"type": "string"}},
            }}}}},
        }}},
        "webhooks": {"payment.created": {"post": signed("Paid")}},
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "x-webhook-delivery": terms,
    })
}

#[test]
fn routes_are_described_as_webhooks_are() {
    let html = page(&document());
    check(&html);
    let text = text_of(&html);
    for expected in [
        "Their addresses begin with https://api.acme.test.",
        "Needs token: In the header authorization, scheme bearer.",
        "target required string (uri)",
        "Fields of the answer, application/json",
        "Path parameters Part of the path",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
}

#[test]
fn the_first_steps_lead_from_the_subscription_to_the_answer() {
    let html = page(&document());
    let steps = &html[html.find("id=\"start\"").expect("the steps")..];
    let steps = &steps[..steps.find("</section>").expect("their end")];
    for address in ["#route-post~20~2fsubscriptions", "#verify", "#delivery"] {
        assert!(
            steps.contains(&format!("href=\"{address}\"")),
            "{address}: {steps}"
        );
    }
}

#[test]
fn the_terms_of_delivery_are_in_words() {
    let text = text_of(&page(&document()));
    for expected in [
        "Your server has 20 seconds for its whole answer.",
        "sent again, 3 times in all, over 5 minutes and 5 seconds. The waits: 5 seconds, 5 minutes. Each can be up to 10 % longer.",
        "switched off after 20 failures in a row over at least 5 days. The status 410 Gone",
        "Messages can arrive in any order.",
        "For 24 hours after a subscription got a new secret",
        "A body has at most 1 MiB.",
        "Requests come from 203.0.113.7, <b>.",
    ] {
        assert!(text.contains(expected), "{expected}: {text}");
    }
    let mut without = document();
    without["x-webhook-delivery"] = json!("nonsense");
    assert!(!page(&without).contains("id=\"delivery\""));
}

#[test]
fn the_sample_is_signed_and_its_id_is_bound_to_the_event() {
    let html = page(&document());
    let text = text_of(&html);
    assert!(text.contains("webhook-event: payment.created"), "{text}");
    assert!(text.contains("msg_2KWPBgLlAfxdpx2AI54pPJ85f4W_20e6506aae8b2de2"));
    // A quote in the body does not end the shell's word.
    assert!(
        text.contains(r#"--data-raw '{"name":"it'\''s"}'"#),
        "{text}"
    );
}

#[test]
fn recipes_are_there_in_eight_languages_and_the_description_of_the_scheme_once() {
    let html = page(&document());
    for language in [
        "Rust", "Node.js", "Python", "Go", "PHP", "Ruby", "Java", "C#",
    ] {
        assert!(html.contains(&format!("<summary>{language}")), "{language}");
    }
    assert_eq!(html.matches("www.standardwebhooks.com").count(), 2);
}

fn many(count: usize) -> Pages {
    let webhooks: Map<String, Value> = (0..count)
        .map(|n| {
            (
                format!("area/{}.event{n}", n % 7),
                json!({"post": signed("S")}),
            )
        })
        .collect();
    Pages::new(json!({"info": {"title": "T"}, "webhooks": webhooks}))
}

#[cfg(feature = "axum")]
#[test]
fn each_of_many_webhooks_has_a_page_and_the_index_lists_them() {
    assert!(!many(100).is_split());
    let pages = many(101);
    assert!(pages.is_split());
    let settings = Page {
        script_url: Some("docs.js".to_owned()),
        ..Page::default()
    };
    let index = pages.index(&settings, "docs/webhooks/");
    check(&index);
    assert_eq!(
        index.matches("href=\"docs/webhooks/area%2F").count(),
        2 * 101
    );
    assert!(index.len() < 101 * 700 + 20_000, "{}", index.len());
    let one = pages
        .webhook("area/3.event3", &settings, "../../docs")
        .expect("a page");
    check(&one);
    assert!(one.contains("<title>area/3.event3 - T</title>"));
    assert!(one.contains("href=\"../../docs#verify\"") && one.contains("href=\"area%2F4.event4\""));
    assert_eq!(pages.webhook("nothing", &settings, "../../docs"), None);
}

#[test]
fn the_answer_that_says_that_all_is_well_stands_first() {
    let mut document = document();
    let statuses = ["default", "409", "401", "x-note", "204", "201"];
    let responses: Map<String, Value> = statuses
        .map(|status| (status.to_owned(), json!({"description": "Text."})))
        .into_iter()
        .collect();
    document["paths"]["/subscriptions"]["post"]["responses"] = Value::Object(responses);
    let html = page(&document);
    check(&html);
    let at = |status: &str| html.find(&format!("<dt><code>{status}</code></dt>"));
    let places = ["201", "204", "401", "409", "default"].map(|status| at(status).expect(status));
    assert!(places.is_sorted(), "{places:?}");
    assert_eq!(at("x-note"), None);
}
