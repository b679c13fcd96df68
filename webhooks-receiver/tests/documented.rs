//! Bodies and headers as providers show them in their documentation, through the public constants. Most pages show no
//! signature that is right, so these are made here, with the provider's scheme; OpenAI's is its own.

#![allow(missing_docs, reason = "a test has no readers but its own")]
#![allow(clippy::unwrap_used, reason = "a test fails where it stands")]

mod support;

use std::sync::{Arc, Mutex};
use std::time::{Duration, UNIX_EPOCH};

use axum::body::Body;
use axum::http::Request;
use serde_json::Value;
use support::providers::{ED25519_PRIVATE, ED25519_PUBLIC};
use support::{SECRET, WHSEC, app, send};
use webhooks_receiver::testing::SignedRequest;
use webhooks_receiver::{Provider, Received, Receiver, Scheme, Secret};

/// A documented request, and what must be read from it.
struct Documented {
    provider: Provider,
    scheme: Scheme,
    /// That of the receiver, and the one to sign with.
    secrets: (String, String),
    headers: &'static [(&'static str, &'static str)],
    body: &'static str,
    /// Event and id of each message.
    messages: &'static [(&'static str, &'static str)],
    /// A pointer into the first payload, and the text there.
    found: (&'static str, &'static str),
}

fn shared(secret: &str) -> (String, String) {
    (secret.to_owned(), secret.to_owned())
}

/// A public key in base64 without a prefix, as Telnyx shows it, and the private key.
fn base64_key() -> (String, String) {
    let private = Secret::ed25519_from_seed(&[7; 32]);
    let public = private.public_key().unwrap();
    let public = public.expose().trim_start_matches("whpk_").to_owned();
    (public, private.expose().to_owned())
}

/// Each with its page above it.
#[expect(clippy::too_many_lines, reason = "a row a case")]
fn documented() -> Vec<(&'static str, Documented)> {
    vec![
        // https://developers.facebook.com/docs/whatsapp/cloud-api/webhooks/components
        (
            "whatsapp",
            Documented {
                provider: Provider::META,
                scheme: Scheme::META,
                secrets: shared(SECRET),
                headers: &[],
                body: r#"{"object":"whatsapp_business_account","entry":[{"id":"102290129340398","changes":[{"value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550783881","phone_number_id":"106540352242922"},"contacts":[{"profile":{"name":"Sheena Nelson"},"wa_id":"16505551234"}],"messages":[{"from":"16505551234","id":"wamid.HBgLMTY1MDM4Nzk0MzkVAgASGBQzQTRBNjU5OUFFRTAzODEwMTQ0RgA=","timestamp":"1749416383","type":"text","text":{"body":"Does it come in another color?"}}]},"field":"messages"}]}]}"#,
                messages: &[("messages", "")],
                found: ("/messages/0/text/body", "Does it come in another color?"),
            },
        ),
        // https://developers.line.biz/en/reference/messaging-api/#request-body
        (
            "line",
            Documented {
                provider: Provider::LINE,
                scheme: Scheme::LINE,
                secrets: shared("8f742231b10e8888abcd99yyyzzz85a5"),
                headers: &[],
                body: r#"{"destination":"xxxxxxxxxx","events":[{"type":"message","message":{"type":"text","id":"14353798921116","text":"Hello, world"},"timestamp":1625665242211,"source":{"type":"user","userId":"U80696558e1aa831..."},"replyToken":"757913772c4646b784d4b7ce46d12671","mode":"active","webhookEventId":"01FZ74A0TDDPYRVKNK77XKC3ZR","deliveryContext":{"isRedelivery":false}},{"type":"follow","timestamp":1625665242214,"source":{"type":"user","userId":"Ufc729a925b3abef..."},"replyToken":"bb173f4d9cf64aed9d408ab4e36339ad","mode":"active","webhookEventId":"01FZ74ASS536FW97EX38NKCZQK","deliveryContext":{"isRedelivery":false}}]}"#,
                messages: &[("message", ""), ("follow", "")],
                found: ("/message/text", "Hello, world"),
            },
        ),
        // https://developers.telnyx.com/api-reference/callbacks/inbound-message
        (
            "telnyx",
            Documented {
                provider: Provider::TELNYX,
                scheme: Scheme::TELNYX,
                secrets: base64_key(),
                headers: &[],
                body: r#"{"data":{"record_type":"event","id":"bf6307bd-884d-4c1f-b6ea-c62b8c495d3c","event_type":"message.received","occurred_at":"2019-01-23T18:10:02.574Z","payload":{"record_type":"message","direction":"inbound","id":"7ee4241c-f127-47e5-9c34-3aac291f8058","type":"SMS","text":"Hello, World!"}}}"#,
                messages: &[("message.received", "bf6307bd-884d-4c1f-b6ea-c62b8c495d3c")],
                found: ("/text", "Hello, World!"),
            },
        ),
        // https://docs.discord.com/developers/events/webhook-events
        (
            "discord",
            Documented {
                provider: Provider::DISCORD_EVENTS,
                scheme: Scheme::DISCORD,
                secrets: (ED25519_PUBLIC.to_owned(), ED25519_PRIVATE.to_owned()),
                headers: &[],
                body: r#"{"version":1,"application_id":"1234560123453231555","type":1,"event":{"type":"APPLICATION_AUTHORIZED","timestamp":"2024-10-18T14:42:53.064834","data":{"integration_type":1,"scopes":["applications.commands"],"user":{"id":"1234560123453231555","username":"a_user"}}}}"#,
                messages: &[("APPLICATION_AUTHORIZED", "")],
                found: ("/user/username", "a_user"),
            },
        ),
        // `deliver` in https://github.com/woocommerce/woocommerce/blob/trunk/plugins/woocommerce/includes/class-wc-webhook.php
        (
            "woocommerce",
            Documented {
                provider: Provider::WOOCOMMERCE,
                scheme: Scheme::WOOCOMMERCE,
                secrets: shared(SECRET),
                headers: &[
                    ("x-wc-webhook-source", "https://shop.example/"),
                    ("x-wc-webhook-topic", "order.updated"),
                    ("x-wc-webhook-resource", "order"),
                    ("x-wc-webhook-event", "updated"),
                    ("x-wc-webhook-id", "17"),
                    (
                        "x-wc-webhook-delivery-id",
                        "5d1e9c3d0c1d4e4c8f4b3a1b6d2f7e90",
                    ),
                ],
                body: r#"{"id":727,"parent_id":0,"number":"727","order_key":"wc_order_58d2d042d1d","status":"processing","currency":"USD","total":"29.35"}"#,
                messages: &[("order.updated", "5d1e9c3d0c1d4e4c8f4b3a1b6d2f7e90")],
                found: ("/status", "processing"),
            },
        ),
        // https://vercel.com/docs/webhooks/webhooks-api
        (
            "vercel",
            Documented {
                provider: Provider::VERCEL,
                scheme: Scheme::VERCEL,
                secrets: shared(SECRET),
                headers: &[("user-agent", "Vercel Webhooks")],
                body: r#"{"type":"deployment.created","id":"uev_Q5bJuWhdxXT2OLoSHCsnTJgb","createdAt":1724957425216,"region":"sfo1","payload":{"team":{"id":"team_1"},"user":{"id":"user_1"},"deployment":{"id":"dpl_1","meta":{},"url":"my-app-1.vercel.app","name":"my-app"},"target":"production","project":{"id":"prj_1"},"plan":"pro"}}"#,
                messages: &[("deployment.created", "uev_Q5bJuWhdxXT2OLoSHCsnTJgb")],
                found: ("/deployment/name", "my-app"),
            },
        ),
        // https://hookdeck.com/docs/authentication#hookdeck-webhook-signature-verification; the body is that of the source.
        (
            "hookdeck",
            Documented {
                provider: Provider::new("hookdeck", Scheme::HOOKDECK),
                scheme: Scheme::HOOKDECK,
                secrets: shared(SECRET),
                headers: &[
                    ("idempotency-key", "evt_test_123"),
                    ("x-hookdeck-eventid", "evt_test_123"),
                    ("x-hookdeck-attempt-count", "1"),
                    ("x-hookdeck-source-name", "test-source"),
                    ("x-hookdeck-verified", "true"),
                ],
                body: r#"{"type":"customer.created","data":{"object":{"id":"cus_1"}}}"#,
                messages: &[("customer.created", "")],
                found: ("/data/object/id", "cus_1"),
            },
        ),
        // https://shopify.dev/docs/apps/build/webhooks#headers
        (
            "shopify",
            Documented {
                provider: Provider::SHOPIFY,
                scheme: Scheme::SHOPIFY,
                secrets: shared("hush"),
                headers: &[
                    ("x-shopify-topic", "orders/create"),
                    ("x-shopify-shop-domain", "a-shop.myshopify.com"),
                    ("x-shopify-api-version", "2024-10"),
                    (
                        "x-shopify-webhook-id",
                        "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043",
                    ),
                    ("x-shopify-event-id", "98880550-7158-44d4-b7cd-2c97c8a091b5"),
                    ("x-shopify-triggered-at", "2023-03-29T18:00:27.877041743Z"),
                ],
                body: r#"{"id":820982911946154508,"admin_graphql_api_id":"gid:\/\/shopify\/Order\/820982911946154508","currency":"USD","test":true}"#,
                messages: &[("orders/create", "b54557e4-bdd9-4b37-8a5f-bf7d70bcd043")],
                found: (
                    "/admin_graphql_api_id",
                    "gid://shopify/Order/820982911946154508",
                ),
            },
        ),
        // https://docs.gitlab.com/user/project/integrations/webhook_events/#push-events
        (
            "gitlab",
            Documented {
                provider: Provider::GITLAB_SIGNED,
                scheme: Scheme::GITLAB_SIGNED,
                secrets: shared(WHSEC),
                headers: &[
                    ("x-gitlab-event", "Push Hook"),
                    ("x-gitlab-instance", "https://gitlab.com"),
                    (
                        "x-gitlab-webhook-uuid",
                        "13792a34-cac6-4fda-95a8-c58e00a3954e",
                    ),
                ],
                body: r#"{"object_kind":"push","event_name":"push","before":"95790bf891e76fee5e1747ab589903a6a1f80f22","after":"da1560886d4f094c3e6c9ef40349f7d38b5d27d7","ref":"refs/heads/master","user_name":"John Smith","project_id":15}"#,
                messages: &[("Push Hook", "msg_test")],
                found: ("/ref", "refs/heads/master"),
            },
        ),
        // https://developers.hubspot.com/docs/api-reference/webhooks-webhooks-v3/guide, which has both names for the event.
        (
            "hubspot",
            Documented {
                provider: Provider::HUBSPOT,
                scheme: Scheme::HUBSPOT_V3,
                secrets: shared("yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy"),
                headers: &[],
                body: r#"[{"objectId":1246965,"propertyName":"lifecyclestage","propertyValue":"subscriber","changeSource":"ACADEMY","eventId":3816279340,"subscriptionId":25,"portalId":33,"appId":1160452,"occurredAt":1462216307945,"eventType":"contact.propertyChange","attemptNumber":0},{"objectId":1246978,"changeSource":"IMPORT","eventId":3816279480,"subscriptionId":22,"portalId":33,"appId":1160452,"occurredAt":1462216307945,"subscriptionType":"contact.creation","attemptNumber":0}]"#,
                messages: &[("contact.propertyChange", ""), ("contact.creation", "")],
                found: ("/propertyValue", "subscriber"),
            },
        ),
        // https://clerk.com/docs/guides/development/webhooks/overview, sent through Svix.
        (
            "clerk",
            Documented {
                provider: Provider::SVIX,
                scheme: Scheme::SVIX,
                secrets: shared(WHSEC),
                headers: &[],
                body: r#"{"data":{"birthday":"","created_at":1654012591514,"email_addresses":[{"email_address":"example@example.org","id":"idn_29w83yL7CwVlJXylYLxcslromF1","linked_to":[],"object":"email_address"}],"first_name":"Example","id":"user_29w83sxmDNGwOuEthce5gg56FcC","object":"user"},"instance_id":"ins_123","object":"event","timestamp":1654012591835,"type":"user.created"}"#,
                messages: &[("user.created", "msg_test")],
                found: ("/id", "user_29w83sxmDNGwOuEthce5gg56FcC"),
            },
        ),
    ]
}

type Seen = Arc<Mutex<Vec<(String, String, Value)>>>;

/// A receiver that notes event, id and payload of each message.
fn noting(provider: Provider, secret: &str, now: u64) -> (axum::Router, Seen) {
    let seen = Seen::default();
    let notes = Arc::clone(&seen);
    let note = move |message: Received<Value>| {
        let id = message.id().unwrap_or_default().to_owned();
        let event = message.event().to_owned();
        notes.lock().unwrap().push((event, id, message.data));
        std::future::ready(())
    };
    let receiver: Receiver = Receiver::new(provider).secret(secret).unwrap();
    let receiver = receiver
        .public_url("https://example.com/hook")
        .unwrap()
        .clock(move || UNIX_EPOCH + Duration::from_secs(now))
        .on_event("*", note);
    (app(receiver), seen)
}

#[track_caller]
fn assert_seen(page: &str, seen: &Seen, messages: &[(&str, &str)], (pointer, text): (&str, &str)) {
    let seen = seen.lock().unwrap();
    let found: Vec<_> = seen
        .iter()
        .map(|(event, id, _)| (&**event, &**id))
        .collect();
    assert_eq!(found, messages, "{page}");
    let value = seen[0].2.pointer(pointer).and_then(Value::as_str);
    assert_eq!(value, Some(text), "{page} {}", seen[0].2);
}

#[tokio::test]
async fn documented_requests_of_eleven_further_providers_are_verified_and_read() {
    const NOW: u64 = 1_750_000_000;
    for (page, case) in documented() {
        let (app, seen) = noting(case.provider, &case.secrets.0, NOW);
        let mut request = SignedRequest::new(case.body).url("https://example.com/hook");
        for (name, value) in case.headers {
            request = request.header(name, value);
        }
        let signer = case
            .scheme
            .signer([Secret::new(case.secrets.1).unwrap()])
            .unwrap();
        let request = request.sign(&signer, UNIX_EPOCH + Duration::from_secs(NOW));
        let answer = send(&app, request).await;
        assert_eq!(answer.status, 200, "{page}: {}", answer.body);
        assert_seen(page, &seen, case.messages, case.found);
    }
}

/// A real event: tests/api-resources/webhooks.test.ts of <https://github.com/openai/openai-node>.
#[tokio::test]
async fn a_published_event_of_openai_is_verified_and_read() {
    let secret = "whsec_RdvaYFYUXuIFuEbvZHwMfYFhUf7aMYjYcmM24+Aj40c=";
    let (app, seen) = noting(Provider::OPENAI, secret, 1_750_861_210);
    let request = Request::post("/hook")
        .header("webhook-id", "wh_685c059ae39c8190af8c71ed1022a24d")
        .header("webhook-timestamp", "1750861210")
        .header(
            "webhook-signature",
            "v1,gUAg4R2hWouRZqRQG4uJypNS8YK885G838+EHb4nKBY=",
        )
        .body(Body::from(
            r#"{"id": "evt_685c059ae3a481909bdc86819b066fb6", "object": "event", "created_at": 1750861210, "type": "response.completed", "data": {"id": "resp_123"}}"#,
        ))
        .unwrap();
    assert_eq!(send(&app, request).await.status, 200);
    let message = [("response.completed", "wh_685c059ae39c8190af8c71ed1022a24d")];
    assert_seen("openai", &seen, &message, ("/id", "resp_123"));
}

/// Hookdeck signs with both secrets while one of them is being replaced.
#[tokio::test]
async fn hookdecks_second_signature_is_accepted_during_a_rotation() {
    let body = r#"{"type":"a"}"#;
    let signer = Scheme::HOOKDECK
        .signer([SECRET, "another"].map(|secret| Secret::new(secret).unwrap()))
        .unwrap();
    for secret in [SECRET, "another"] {
        let provider = Provider::new("hookdeck", Scheme::HOOKDECK);
        let (app, _) = noting(provider, secret, 0);
        let request = SignedRequest::new(body).url("https://example.com/hook");
        let request = request.sign(&signer, UNIX_EPOCH);
        assert!(request.headers().contains_key("x-hookdeck-signature-2"));
        assert_eq!(send(&app, request).await.status, 200, "{secret}");
    }
}
