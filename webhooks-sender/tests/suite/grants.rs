//! One-time codes, and the sessions that they open.

use std::time::Duration;

use webhooks_sender::Sender;

const MINUTE: Duration = Duration::from_mins(1);
const HOUR: Duration = Duration::from_hours(1);

#[tokio::test]
async fn a_code_opens_one_session_and_is_no_session_itself() {
    let sender = Sender::testing().start().await.expect("a sender");
    let account = sender.of("acct_1");
    let link = account.grant("{}", MINUTE, HOUR).await.expect("a code");
    assert_eq!(sender.granted(&link.code).await.expect("read"), None);
    let offered = sender.offered(&link.code).await.expect("read");
    assert_eq!(offered.map(|grant| grant.owner).as_deref(), Some("acct_1"));
    let both = tokio::join!(sender.redeem(&link.code), sender.redeem(&link.code));
    let sessions: Vec<_> = [both.0, both.1]
        .into_iter()
        .filter_map(|session| session.expect("redeemed"))
        .collect();
    assert_eq!(sessions.len(), 1, "two callers, one session");
    let grant = sender.granted(&sessions[0]).await.expect("read");
    let grant = grant.expect("a session");
    assert_eq!(sender.offered(&link.code).await.expect("read"), None);
    assert_eq!((grant.id, grant.owner.as_str()), (link.id, "acct_1"));
    for odd in ["", "x", &sessions[0][1..]] {
        assert_eq!(sender.redeem(odd).await.expect("asked"), None);
        assert_eq!(sender.granted(odd).await.expect("asked"), None);
    }
}

#[tokio::test]
async fn a_code_and_a_session_end_with_their_time() {
    let sender = Sender::testing().start().await.expect("a sender");
    let account = sender.of("acct_1");
    let late = account.grant("", MINUTE, HOUR).await.expect("a code");
    sender.pass(MINUTE).await.expect("a minute");
    assert_eq!(sender.redeem(&late.code).await.expect("asked"), None);

    let link = account.grant("", MINUTE, HOUR).await.expect("a code");
    let session = sender.redeem(&link.code).await.expect("redeemed");
    let session = session.expect("a session");
    sender.pass(59 * MINUTE).await.expect("most of it");
    assert!(sender.granted(&session).await.expect("read").is_some());
    sender.pass(MINUTE).await.expect("the rest");
    assert_eq!(sender.granted(&session).await.expect("read"), None);
}

#[tokio::test]
async fn what_is_taken_back_opens_nothing_and_others_are_left_alone() {
    let sender = Sender::testing().start().await.expect("a sender");
    let (own, other) = (sender.of("acct_1"), sender.of("acct_2"));
    let opened = async |account: &webhooks_sender::Account<_>| {
        let link = account.grant("", MINUTE, HOUR).await.expect("a code");
        let session = sender.redeem(&link.code).await.expect("redeemed");
        (link.id, session.expect("a session"))
    };
    let ((first, one), (_, two)) = (opened(&own).await, opened(&own).await);
    let (theirs, three) = opened(&other).await;
    let code = own.grant("", MINUTE, HOUR).await.expect("a code");

    assert!(
        !own.revoke_grant(&theirs).await.expect("asked"),
        "a foreign id"
    );
    assert!(own.revoke_grant(&first).await.expect("revoked"));
    assert_eq!(sender.granted(&one).await.expect("read"), None);
    assert!(sender.granted(&two).await.expect("read").is_some());

    assert_eq!(own.revoke_grants().await.expect("revoked"), 2);
    assert_eq!(sender.granted(&two).await.expect("read"), None);
    assert_eq!(sender.redeem(&code.code).await.expect("asked"), None);
    assert!(sender.granted(&three).await.expect("read").is_some());
}

#[tokio::test]
async fn a_grant_is_json_and_its_code_is_in_the_answer_that_makes_it_alone() {
    let sender = Sender::testing().start().await.expect("a sender");
    let account = sender.of("acct_1");
    let link = account.grant("{}", MINUTE, HOUR).await.expect("a code");
    let shown = serde_json::to_value(&link).expect("JSON");
    assert_eq!(
        shown,
        serde_json::json!({ "id": link.id.as_str(), "code": link.code })
    );
    assert!(!format!("{link:?}").contains(&link.code));
    let session = sender.redeem(&link.code).await.expect("redeemed");
    let session = session.expect("a session");
    let grant = sender.granted(&session).await.expect("read");
    let grant = serde_json::to_value(grant.expect("a session")).expect("JSON");
    assert_eq!(
        grant,
        serde_json::json!({ "id": link.id.as_str(), "owner": "acct_1", "content": "{}" })
    );
    let schemas = [
        schemars::schema_for!(webhooks_sender::grant::Grant),
        schemars::schema_for!(webhooks_sender::grant::GrantCode),
    ];
    for (schema, field) in schemas.iter().zip(["content", "code"]) {
        let properties = schema.get("properties").expect("an object");
        assert!(properties.get(field).is_some(), "{schema:?}");
    }
}
