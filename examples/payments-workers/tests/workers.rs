//! What the program's first lines say, done with the real program: subscribe, receive, work, pay.

use std::collections::HashSet;
use std::net::TcpListener;
use std::process::Command;

use webhooks_tests::database::{Kind, Place};
use webhooks_tests::process::Process;

fn program(place: &Place, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_payments-workers"));
    command.env("DATABASE_URL", &place.address).args(arguments);
    command
}

#[tokio::test]
#[ignore = "needs PostgreSQL: cargo xtask test"]
async fn payments_reach_the_receiver_through_whichever_worker() {
    let place = sqlx::Postgres::place().await;
    // Free a moment ago: the secret is there before the receiver is.
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port");
    let port = listener
        .local_addr()
        .expect("an address")
        .port()
        .to_string();
    drop(listener);

    let target = format!("http://127.0.0.1:{port}/hooks");
    let mut subscribing = Process::start(&mut program(&place, &["subscribe", &target]));
    subscribing.line_with("wants payment.*");
    let secret = subscribing.line_with("its secret, shown only now: ");
    let secret = secret.rsplit(' ').next().expect("a secret");
    assert!(subscribing.wait().success());

    let mut receiver = Process::start(program(&place, &["receive", &port]).env("SECRET", secret));
    receiver.line_with("receiving at http://127.0.0.1:");
    let mut workers = [(); 2].map(|()| Process::start(&mut program(&place, &["work"])));
    for worker in &mut workers {
        worker.line_with("delivers until it receives a signal");
    }
    let mut paid = HashSet::new();
    for amount in ["10", "20", "30"] {
        let mut paying = Process::start(&mut program(&place, &["pay", amount]));
        let line = paying.line_with(&format!("paid {amount}: "));
        paid.insert(line.split(' ').nth(2).expect("an id").to_owned());
        assert!(paying.wait().success());
    }
    let arrived = [(); 3].map(|()| receiver.line_with("verified: payment.created of "));
    let ids: HashSet<String> = arrived
        .iter()
        .map(|line| line.split(' ').next().expect("an id").to_owned())
        .collect();
    assert_eq!(ids, paid);
    assert!(
        arrived.iter().all(|line| line.contains(" from worker-")),
        "{arrived:?}"
    );
    for process in workers.iter_mut().chain([&mut receiver]) {
        assert!(process.terminate().success(), "it ends well");
    }
}

#[test]
fn whoever_says_nothing_is_told_what_to_say() {
    let output = Command::new(env!("CARGO_BIN_EXE_payments-workers"))
        .output()
        .expect("it starts");
    assert!(!output.status.success());
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.contains("say `subscribe URL`"), "{said}");
}
