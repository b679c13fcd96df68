//! Who gets in, and under which name and path.

use sqlx::Sqlite;
use webhooks_tests::database::Kind;
use webhooks_tests::process::Process;

use super::{Dashboard, dashboard};
use crate::shop::fill;

#[tokio::test(flavor = "multi_thread")]
async fn only_who_has_the_code_gets_in_once_and_only_under_its_own_name() {
    let place = Sqlite::place().await;
    fill::<Sqlite>(&place.address).await;
    let mut dashboard = Dashboard::start(&place.address, &[]);
    let mut other = dashboard.browser.clone();
    for path in [
        "/",
        "/overview",
        "/deliveries/dlv_x",
        "/no/such/page",
        "/assets/nothing",
    ] {
        let page = other.get(path);
        assert_eq!(page.status, 401, "{path}");
        assert!(
            page.text.contains("printed at the terminal"),
            "{}",
            page.text
        );
    }
    assert_eq!(other.get("/assets/portal.css").status, 200);
    assert_eq!(other.get("/enter/0123").status, 410);
    assert_eq!(other.post("/enter", "code=0123").status, 410);

    // Looking exchanges nothing.
    assert_eq!(other.get(&dashboard.entrance).status, 200);
    let entered = dashboard.enter();
    assert_eq!(
        (entered.status, entered.header("location")),
        (303, "overview")
    );
    assert!(
        entered
            .header("set-cookie")
            .contains("HttpOnly; SameSite=Strict")
    );
    let code = dashboard
        .entrance
        .rsplit('/')
        .next()
        .expect("a code")
        .to_owned();
    assert_eq!(other.post("/enter", &format!("code={code}")).status, 410);
    assert_eq!(other.get(&dashboard.entrance).status, 410);
    assert_eq!(other.get("/overview").status, 401);

    dashboard.page("/overview");
    assert_eq!(dashboard.browser.get("/").header("location"), "./overview");
    dashboard.browser.host = "evil.test".to_owned();
    for path in [
        "/overview",
        "/assets/portal.css",
        &dashboard.entrance.clone(),
    ] {
        assert_eq!(dashboard.browser.get(path).status, 421, "{path}");
    }
    dashboard.stop();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_proxy_may_cut_its_prefix_off_or_leave_it() {
    let place = Sqlite::place().await;
    fill::<Sqlite>(&place.address).await;
    let arguments = ["--prefix", "/ops/webhooks/", "--host", "ops.example.com"];
    let mut command = dashboard(&place.address);
    let mut process = Process::start(command.args(["--listen", "127.0.0.1:0"]).args(arguments));
    let url = process.line_with("/enter/");
    let start = "https://ops.example.com/ops/webhooks/enter/";
    let code = url.strip_prefix(start).unwrap_or_else(|| panic!("{url}"));
    assert!(process.terminate().success());

    // Where it listens is known only without a proxy's name.
    let mut dashboard = Dashboard::start(&place.address, &arguments[..2]);
    assert_ne!(code, dashboard.entrance);
    let left = dashboard.entrance.clone();
    let cut = left.strip_prefix("/ops/webhooks").expect("the prefix");
    for path in [left.as_str(), cut] {
        assert_eq!(dashboard.browser.get(path).status, 200, "{path}");
    }
    assert_eq!(dashboard.enter().status, 303);
    for root in ["/", "/ops/webhooks", "/ops/webhooks/"] {
        let page = dashboard.browser.get(root);
        assert_eq!(page.header("location"), "/ops/webhooks/overview", "{root}");
    }
    for path in [
        "/ops/webhooks/overview",
        "/overview",
        "/ops/webhooks/assets/portal.css",
    ] {
        dashboard.page(path);
    }
    assert_eq!(dashboard.browser.get("/ops/webhooks2/overview").status, 404);
    dashboard.stop();
}
