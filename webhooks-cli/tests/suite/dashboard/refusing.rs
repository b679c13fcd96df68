//! What is refused: changes that were not allowed, and what has no tables of ours.

use std::fs;

use sqlx::Sqlite;
use webhooks_tests::database::Kind;

use super::Dashboard;
use crate::program::{finish, program, run};
use crate::shop::{Working, fill};

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
            "listens on 127.0.0.1",
        ),
        (
            vec!["mysql://root:hunter2@db/shop".to_owned()],
            "`mysql` is not known",
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
    let asked = finish(command.env_remove("DATABASE_URL"), &[]);
    assert!(asked.error.contains("which database?"), "{}", asked.error);
    fs::remove_dir_all(&folder).expect("removed");
}
