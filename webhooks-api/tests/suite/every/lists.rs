//! Cursors and limits that no list takes.

use axum::http::{Method, StatusCode};
use serde_json::json;

use super::{everything, problem};
use crate::client::Caller;
use crate::operations::rows;
use crate::tenants::filled;

/// Cursors that were made up, of another list, and of another owner: none opens anything, and each says that it is odd or
/// leads to the caller's own things.
#[tokio::test]
async fn a_cursor_that_is_not_of_the_list_is_refused_by_every_list() {
    let (service, _, ids) = everything().await;
    let customer = Caller::owner("acct_a");
    let stranger = Caller::owner("acct_b");
    let document = crate::document::document();
    let mut lists = 0;
    let mut cursors: Vec<(&str, String)> = Vec::new();
    for row in rows() {
        let shown = format!("/webhooks{}", row.path);
        let template = document["paths"]
            .as_object()
            .expect("paths")
            .iter()
            .find(|(path, _)| {
                let (path, shown) = (path.split('/'), shown.split('/'));
                path.clone().count() == shown.clone().count()
                    && path.zip(shown).all(|(one, other)| {
                        one == other || one.starts_with('{') && other.starts_with('{')
                    })
            });
        let parameters = template.map(|(_, item)| &item["get"]["parameters"]);
        let is_list = parameters.is_some_and(|list| list.to_string().contains("\"cursor\""));
        if row.method != Method::GET || !is_list || row.is_operators {
            continue;
        }
        lists += 1;
        let path = filled(row.path, &ids);
        for forged in [
            "s.",
            "x",
            "%00",
            "%27%20OR%201%3D1",
            "💥",
            &"d.".repeat(150),
        ] {
            let forged = forged.replace('💥', "%F0%9F%92%A5");
            let answer = service
                .get(&customer, &format!("{path}?cursor={forged}"))
                .await;
            assert_eq!(
                (answer.status, problem(&answer)),
                (StatusCode::BAD_REQUEST, "invalid-cursor"),
                "{path}: {forged}"
            );
        }
        for limit in ["0", "251", "-1", "1.5", "many", "99999999999999999999"] {
            let answer = service
                .get(&customer, &format!("{path}?limit={limit}"))
                .await;
            assert_eq!(problem(&answer), "invalid-query", "{path}: {limit}");
        }
        let page = service.get(&customer, &format!("{path}?limit=1")).await;
        let next = page.body["next"].as_str();
        cursors.extend(next.map(|next| (row.path, next.to_owned())));
        if let Some(next) = next
            && !row.path.contains('{')
        {
            let theirs = service
                .get(&stranger, &format!("{path}?cursor={next}"))
                .await;
            assert_eq!(
                theirs.body["data"],
                json!([]),
                "{path}: another owner's things"
            );
        }
    }
    assert!(lists >= 10, "{lists}");
    let kind = |cursor: &str| cursor.split('.').next().map(str::to_owned);
    for (list, _) in &cursors {
        let own = cursors
            .iter()
            .find(|(of, _)| of == list)
            .map(|(_, own)| kind(own));
        for (_, other) in cursors.iter().filter(|(_, other)| Some(kind(other)) != own) {
            let path = format!("{}?cursor={other}", filled(list, &ids));
            let answer = service.get(&customer, &path).await;
            assert_eq!(problem(&answer), "invalid-cursor", "{path}");
        }
    }
}
