//! Every case is in the list from which the tests are made.

const LIST: &str = include_str!("mod.rs");

const CASES: [&str; 14] = [
    include_str!("attempt.rs"),
    include_str!("control.rs"),
    include_str!("enqueue.rs"),
    include_str!("feed.rs"),
    include_str!("hand_over.rs"),
    include_str!("history.rs"),
    include_str!("inspect.rs"),
    include_str!("lock.rs"),
    include_str!("membership.rs"),
    include_str!("migrate.rs"),
    include_str!("outcome.rs"),
    include_str!("prune.rs"),
    include_str!("read.rs"),
    include_str!("write.rs"),
];

#[test]
fn no_case_is_left_out() {
    let found: Vec<_> = CASES
        .iter()
        .flat_map(|text| text.split("pub async fn ").skip(1))
        .collect();
    assert!(
        found.len() > 50,
        "there are more cases than {}",
        found.len()
    );
    for case in found {
        let name = case.split('<').next().expect("a split has a first part");
        assert!(
            LIST.contains(&format!(" {name},\n")),
            "{name} is not in the list"
        );
    }
}
