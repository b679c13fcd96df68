//! `webhooks dashboard`, a real process over the database of an application that encrypts its secrets: it shows what
//! is there, and is in nobody's way.

use std::fs::{self, File};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use sqlx::{Postgres, Sqlite};
use webhooks_tests::database::Kind;
use webhooks_tests::process::Process;

use crate::browser::{Browser, Page};
use crate::program::{program, run};
use crate::shop::{Shop, Working, fill};

/// A dashboard that runs.
struct Dashboard {
    process: Process,
    browser: Browser,
    /// The path with the code.
    entrance: String,
}

impl Dashboard {
    fn start(database: &str, arguments: &[&str]) -> Self {
        let mut command = dashboard(database);
        let mut process = Process::start(command.args(arguments).stderr(Stdio::inherit()));
        let url = process.line_with("/enter/");
        let (_, rest) = url.split_once("://").expect("a URL");
        let (address, path) = rest.split_once('/').expect("a path");
        Self {
            process,
            browser: Browser::new(address),
            entrance: format!("/{path}"),
        }
    }

    /// Presses the button of the entrance.
    fn enter(&mut self) -> Page {
        let asked = self.browser.get(&self.entrance);
        let code = asked.after("name=\"code\" value=\"").to_owned();
        self.browser.post("/enter", &format!("code={code}"))
    }

    fn opened(database: &str, arguments: &[&str]) -> Self {
        let mut opened = Self::start(database, arguments);
        assert_eq!(opened.enter().status, 303);
        opened
    }

    /// A page that is there.
    fn page(&mut self, path: &str) -> String {
        let page = self.browser.get(path);
        assert_eq!(page.status, 200, "{path}: {}", page.text);
        // Places where a long name may be broken.
        page.text.replace("<wbr>", "")
    }

    fn stop(mut self) {
        assert!(self.process.terminate().success(), "it ends well");
    }
}

fn dashboard(database: &str) -> Command {
    let mut command = program(&["dashboard", "--database", database]);
    command.env_remove("DATABASE_URL").env("USER", "ada");
    command
}

/// Every page that reads, with a text that it must show.
fn pages(shop: &Shop) -> Vec<(String, String)> {
    let good = "good.example.com".to_owned();
    vec![
        ("/overview".to_owned(), "bad.example.com".to_owned()),
        ("/subscriptions".to_owned(), good.clone()),
        (format!("/subscriptions/{}", shop.good), good.clone()),
        (format!("/subscriptions/{}", shop.bad), "500".to_owned()),
        ("/deliveries".to_owned(), "payment.created".to_owned()),
        ("/deliveries?state=failed".to_owned(), shop.failed.clone()),
        (format!("/deliveries/{}", shop.delivered), good),
        (format!("/deliveries/{}", shop.failed), "500".to_owned()),
        ("/activity".to_owned(), "acct_1".to_owned()),
        ("/events".to_owned(), "does not know its events".to_owned()),
    ]
}

fn look_at_every_page(dashboard: &mut Dashboard, shop: &Shop) {
    for (path, text) in pages(shop) {
        let page = dashboard.page(&path);
        assert!(page.contains(&text), "{path} shows no {text}: {page}");
        assert!(!page.contains("whsec_"), "{path} shows a secret");
        assert!(
            !page.contains("method=\"post\""),
            "{path} has a form that changes something"
        );
    }
}

/// Where an event's name leads, which the dashboard cannot know to be one.
fn search(dashboard: &mut Dashboard) {
    for (text, to) in [
        ("payment.created", "event=payment.created"),
        ("acct_1", "owner=acct_1"),
    ] {
        let found = dashboard.browser.get(&format!("/find?q={text}"));
        assert!(found.header("location").contains(to), "{text}: {found:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_page_opens_and_nothing_is_written_on_sqlite() {
    let place = Sqlite::place().await;
    let shop = fill::<Sqlite>(&place.address).await;
    // The last connection of the application removes it, and that is when the file is what it is.
    let log = format!("{}-wal", place.address);
    let began = Instant::now();
    while fs::exists(&log).expect("a folder") {
        assert!(
            began.elapsed() < Duration::from_mins(1),
            "the application is still there"
        );
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let before = fs::read(&place.address).expect("the file");
    let mut dashboard = Dashboard::opened(&place.address, &[]);
    look_at_every_page(&mut dashboard, &shop);
    search(&mut dashboard);
    dashboard.stop();
    assert!(
        fs::read(&place.address).expect("the file") == before,
        "the file has changed"
    );
    assert!(
        fs::metadata(&log).is_ok_and(|log| log.len() == 0),
        "something was written into the log"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_application_goes_on_next_to_it_on_sqlite() {
    next_to_it::<Sqlite>(&[]).await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn the_application_goes_on_next_to_it_on_postgres() {
    next_to_it::<Postgres>(&["--behind-pooler"]).await;
    next_to_it::<Postgres>(&[]).await;
}

async fn next_to_it<K: Kind>(arguments: &[&str]) {
    let place = K::place().await;
    let shop = fill::<K>(&place.address).await;
    let mut dashboard = Dashboard::opened(&place.address, arguments);
    let working = Working::<K>::start(&place.address).await;
    let message = working.send().await;
    look_at_every_page(&mut dashboard, &shop);
    let page = dashboard.page("/deliveries?owner=acct_2");
    assert!(page.contains("</svg>Delivered<"), "{message}: {page}");
    dashboard.stop();
    working.send().await;
    working.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_starts_next_to_it_knows_that_it_is_alone() {
    let place = Sqlite::place().await;
    fill::<Sqlite>(&place.address).await;
    let working = Working::<Sqlite>::start(&place.address).await;
    working.send().await;
    working.stop().await;
    for arguments in [&[][..], &["--write"]] {
        let mut dashboard = Dashboard::opened(&place.address, arguments);
        dashboard.page("/overview");
        let lock =
            File::open(format!("{}-webhooks_workers", place.address)).expect("the lock of workers");
        lock.try_lock().expect("the dashboard does not hold it");
        dashboard.stop();
    }
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn every_page_opens_and_nothing_is_written_on_postgres() {
    let place = Postgres::place().await;
    let shop = fill::<Postgres>(&place.address).await;
    let pool = Postgres::open(&place.address).await.expect("a pool");
    let before = written(&pool).await;
    assert!(
        before > 0,
        "the statistics tell of what the application wrote"
    );
    let mut dashboard = Dashboard::opened(&place.address, &[]);
    look_at_every_page(&mut dashboard, &shop);
    search(&mut dashboard);
    dashboard.stop();
    assert_eq!(written(&pool).await, before);
}

/// How many rows were ever written in the schema. A process reports its own when it ends.
async fn written(pool: &sqlx::PgPool) -> i64 {
    let mut connection = pool.acquire().await.expect("a connection");
    let own = "SELECT count(*) FROM pg_stat_activity WHERE application_name = 'webhooks dashboard'";
    let rows = "SELECT coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0)::bigint FROM pg_stat_all_tables \
                WHERE schemaname = current_schema()";
    let (mut last, mut same) = (-1, 0);
    // What the application wrote is reported within a second or two.
    while same < 5 {
        let open = Postgres::number(&mut connection, own)
            .await
            .expect("a number");
        let number = Postgres::number(&mut connection, rows)
            .await
            .expect("a number");
        same = if number == last && open == 0 {
            same + 1
        } else {
            0
        };
        last = number;
        tokio::time::sleep(Duration::from_millis(400)).await;
    }
    last
}

#[tokio::test(flavor = "multi_thread")]
async fn only_who_has_the_code_gets_in_once_and_only_under_its_own_name() {
    let place = Sqlite::place().await;
    fill::<Sqlite>(&place.address).await;
    let mut dashboard = Dashboard::start(&place.address, &[]);
    let mut other = dashboard.browser.clone();
    for path in ["/", "/overview", "/deliveries/dlv_x", "/no/such/page"] {
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

    // Looking exchanges nothing, whoever looks.
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

#[tokio::test(flavor = "multi_thread")]
async fn changes_are_refused_unless_they_were_allowed() {
    let place = Sqlite::place().await;
    let shop = fill::<Sqlite>(&place.address).await;
    let mut reading = Dashboard::opened(&place.address, &[]);
    let mut writing = Dashboard::opened(&place.address, &["--write"]);

    // A form of the one that may, sent to the one that may not: the same visitor and the same browser.
    let subscription = format!("/subscriptions/{}", shop.good);
    let form = writing.browser.get(&subscription);
    let token = format!("token={}", form.after("name=\"token\" value=\""));
    reading
        .browser
        .cookies
        .extend(writing.browser.cookies.clone());
    let pause = format!("{subscription}/pause");
    let refused = reading.browser.post(&pause, &token);
    assert_eq!(refused.status, 403, "{}", refused.text);
    assert!(
        refused.text.contains("ability"),
        "it is the ability, not the form: {}",
        refused.text
    );
    assert!(!reading.page(&subscription).contains("</svg>Paused<"));

    let done = writing.browser.post(&pause, &token);
    assert_eq!(done.status, 303, "{}", done.text);
    assert!(reading.page(&subscription).contains("</svg>Paused<"));
    assert!(
        reading
            .page("/activity")
            .contains("ada (webhooks dashboard)")
    );
    let retry = format!("/deliveries/{}/retry", shop.failed);
    assert_eq!(writing.browser.post(&retry, &token).status, 303);

    // What takes the application's keys cannot be done without them, and never leaves a secret unencrypted.
    let wanted = format!("{token}&owner=acct_1&target=https%3A%2F%2Fnew.example.com%2F&which=all");
    let refused = writing.browser.post("/subscriptions/new", &wanted);
    assert_eq!(refused.status, 422, "{}", refused.text);
    assert!(
        refused.text.contains("a key of the application"),
        "{}",
        refused.text
    );
    for dashboard in [reading, writing] {
        dashboard.stop();
    }
    let working = Working::<Sqlite>::start(&place.address).await;
    working.stop().await;
}

#[test]
fn what_cannot_be_shown_is_said_and_makes_no_file() {
    let folder = std::env::temp_dir().join(format!("webhooks-dashboard-{}", std::process::id()));
    fs::create_dir(&folder).expect("a folder");
    let at = |name: &str| folder.join(name).to_str().expect("UTF-8").to_owned();
    fs::write(
        at("notes.txt"),
        "these are notes, and not pages of a database",
    )
    .expect("a file");
    fs::write(at("empty.db"), "").expect("a file");
    let names = || {
        let mut names: Vec<_> = fs::read_dir(&folder)
            .expect("a folder")
            .flatten()
            .map(|one| one.file_name())
            .collect();
        names.sort();
        names
    };
    let before = names();
    for (arguments, part) in [
        (vec![at("missing.db")], "there is no such file"),
        (
            vec![folder.to_str().expect("UTF-8").to_owned()],
            "is not a file",
        ),
        (
            vec![at("notes.txt")],
            "cannot be read as a database of SQLite",
        ),
        (
            vec![at("empty.db")],
            "has no tables of a webhooks sender that begin with `webhooks_`",
        ),
        (
            vec![
                at("empty.db"),
                "--table-prefix".to_owned(),
                "x y".to_owned(),
            ],
            "cannot be a table prefix",
        ),
        (
            vec![at("empty.db"), "--schema".to_owned(), "hooks".to_owned()],
            "SQLite has no schemas",
        ),
        (
            vec![
                at("empty.db"),
                "--listen".to_owned(),
                "0.0.0.0:0".to_owned(),
            ],
            "can be reached from elsewhere",
        ),
        (
            vec!["mysql://root:hunter2@db/shop".to_owned()],
            "`mysql` is no database of ours",
        ),
        (
            vec!["postgres://ops:hunter2@127.0.0.1:1/shop".to_owned()],
            "cannot be reached",
        ),
    ] {
        let mut all = vec!["dashboard", "--database"];
        all.extend(arguments.iter().map(String::as_str));
        let answer = run(&all);
        assert_eq!(answer.code, Some(2), "{arguments:?}: {}", answer.output);
        assert!(
            answer.error.contains(part),
            "{arguments:?}: {}",
            answer.error
        );
        assert!(!answer.error.contains("hunter2"), "{}", answer.error);
    }
    assert_eq!(names(), before, "a file was made");
    let mut command = program(&["dashboard"]);
    let asked = crate::program::finish(command.env_remove("DATABASE_URL"), &[]);
    assert!(asked.error.contains("which database?"), "{}", asked.error);
    fs::remove_dir_all(&folder).expect("removed");
}
