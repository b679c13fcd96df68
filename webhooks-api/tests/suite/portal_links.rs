//! Links into a portal, made over HTTP: what they give, to whom, and for how long.

use axum::http::{Method, StatusCode};
use serde_json::json;
use webhooks_api::{Ability, PortalGrant};

use crate::client::{Caller, Service};

const PATH: &str = "/portal-links?owner=acct_1";

#[tokio::test]
async fn a_link_gives_a_session_of_the_owner_once_until_it_is_taken_back() {
    let service = Service::start().await;
    let operator = Caller::operator();
    let wanted =
        json!({ "abilities": ["view", "replay"], "actor": "user 17", "lasts_seconds": 600 });
    let made = service.post(&operator, PATH, wanted).await;
    assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    assert_eq!(made.header("cache-control"), "no-store");
    let code = made.body["code"].as_str().expect("a code");
    let token = service.sender.redeem(code).await.expect("an answer");
    let token = token.expect("a session");
    assert_eq!(service.sender.redeem(code).await.expect("an answer"), None);
    let grant = service.sender.granted(&token).await.expect("an answer");
    let grant = grant.expect("a session");
    let given: PortalGrant = serde_json::from_str(&grant.content).expect("its content");
    assert_eq!(
        (grant.owner.as_str(), given.actor.as_deref(), given.lasts),
        ("acct_1", Some("user 17"), 600)
    );
    assert_eq!(given.abilities, ["view", "replay"]);

    let foreign = PATH.replace("acct_1", "acct_2");
    let nothing = service
        .call(&operator, Method::DELETE, &foreign, None)
        .await;
    assert_eq!(nothing.body, json!({ "revoked": 0 }));
    let revoked = service.call(&operator, Method::DELETE, PATH, None).await;
    assert_eq!(revoked.body, json!({ "revoked": 1 }));
    let over = service.sender.granted(&token).await.expect("an answer");
    assert_eq!(over, None);
}

#[tokio::test]
async fn nobody_gives_an_ability_that_they_have_not_and_nobody_gives_that_of_sending() {
    let service = Service::start().await;
    let support = Caller::operator().with(&[Ability::Change, Ability::View]);
    let wanted = |abilities: &[&str]| json!({ "abilities": abilities });
    let refused = service
        .post(&support, PATH, wanted(&["view", "payload"]))
        .await;
    assert_eq!(refused.problem(), "forbidden", "{refused:?}");
    let given = service.post(&support, PATH, wanted(&["view"])).await;
    assert_eq!(given.status, StatusCode::CREATED);
    for abilities in [&["send"][..], &[], &["everything"]] {
        let refused = service
            .post(&Caller::operator(), PATH, wanted(abilities))
            .await;
        assert_eq!(refused.problem(), "invalid-body", "{abilities:?}");
    }
    for (member, seconds) in [
        ("lasts_seconds", 0),
        ("lasts_seconds", 2_592_001),
        ("redeem_within_seconds", 604_801),
    ] {
        let body = json!({ "abilities": ["view"], member: seconds });
        let refused = service.post(&Caller::operator(), PATH, body).await;
        let error = &refused.body["errors"][0]["pointer"];
        assert_eq!(error, &json!(format!("/{member}")), "{refused:?}");
    }
}
