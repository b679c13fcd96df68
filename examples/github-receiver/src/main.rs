//! Receives a repository's webhooks: `GITHUB_SECRET=s3cret cargo run -p github-receiver`, then tell GitHub the URL.

use std::env;
use std::error::Error;
use std::time::Duration;

use axum::Router;
use serde::Deserialize;
use webhooks_receiver::{Provider, Received, Receiver, RecentMessages, SetupError, on};

#[derive(Deserialize)]
struct Issues {
    issue: Issue,
    sender: User,
}

#[derive(Deserialize)]
struct Issue {
    number: u64,
    title: String,
}

#[derive(Deserialize)]
struct User {
    login: String,
}

#[derive(Deserialize)]
struct Push {
    #[serde(rename = "ref")]
    reference: String,
    commits: Vec<Commit>,
}

#[derive(Deserialize)]
struct Commit {
    id: String,
}

/// The event and its action are one name.
#[on("issues.opened", "issues.reopened")]
async fn opened(Issues { issue, sender }: Issues) {
    println!("{} opened #{}: {}", sender.login, issue.number, issue.title);
}

/// An error is answered 500, and GitHub shows the delivery as failed.
#[on("push")]
async fn pushed(push: Push) -> Result<(), String> {
    let last = push.commits.last().ok_or("a push without commits")?;
    println!("{} is at {}", push.reference, last.id);
    Ok(())
}

/// Called for everything, after the functions of the event itself.
#[on("*")]
async fn log(message: Received) {
    println!(
        "{} {}",
        message.event(),
        message.id().unwrap_or("without an id")
    );
}

/// GitHub waits 10 seconds. A handler that needs longer is answered for, and runs on.
const ANSWER_WITHIN: Duration = Duration::from_secs(8);

fn github(secret: String) -> Result<Receiver, SetupError> {
    let receiver = Receiver::new(Provider::GITHUB).secret(secret)?;
    Ok(receiver
        .answer_within(ANSWER_WITHIN)
        .deduplicate(RecentMessages::new(10_000))
        .on(opened)
        .on(pushed)
        .on(log))
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let secret = env::var("GITHUB_SECRET")
        .map_err(|_| "GITHUB_SECRET is not set; GitHub shows it in the webhook")?;
    let receiver = github(secret)?;
    let late = receiver.late_handlers();
    let app = Router::new().route("/hooks/github", receiver.into());
    let listener = example_server::listen().await?;
    println!("listening on http://{}", listener.local_addr()?);
    axum::serve(listener, app)
        .with_graceful_shutdown(example_server::told_to_stop())
        .await?;
    late.finished().await;
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[tokio::test]
    async fn an_opened_issue_is_noticed_once() -> Result<(), SetupError> {
        let mut test = github("s3cret".to_owned())?.testing(());
        let issue =
            json!({ "issue": { "number": 7, "title": "It broke" }, "sender": { "login": "ann" } });
        test.send("issues.opened", issue)
            .await
            .assert_status(200)
            .assert_handled_by("opened")
            .assert_handled_by("log");
        test.replay().await.assert_repeat();
        Ok(())
    }

    #[tokio::test]
    async fn a_push_needs_commits() -> Result<(), SetupError> {
        let mut test = github("s3cret".to_owned())?.testing(());
        test.send("push", json!({ "ref": "refs/heads/main", "commits": [] }))
            .await
            .assert_status(500);
        test.send("push", json!({ "ref": "refs/heads/main" }))
            .await
            .assert_status(422);
        // A function can also be called as what it is.
        assert!(
            pushed(Push {
                reference: "main".to_owned(),
                commits: Vec::new()
            })
            .await
            .is_err()
        );
        Ok(())
    }
}
