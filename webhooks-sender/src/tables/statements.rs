//! The sender's own tables and statements, in addition to those of the store. One statement per file and database.

use webhooks_store::{Component, Database, Migration, Prefix, Sql, Statement, Store};

/// The sender's tables.
pub(crate) static TABLES: Component = Component {
    name: "sender",
    migrations: &[Migration {
        name: "subscriptions, messages",
        script: Statement::new(
            include_str!("../../migrations/sqlite/0001_sender.sql"),
            include_str!("../../migrations/postgres/0001_sender.sql"),
        ),
        readable_by: 1,
    }],
};

/// All tables as SQL text, for a database that programs may not change: to be applied by hand, before the sender is
/// started with [`without_migrating`](crate::SenderBuilder::without_migrating).
///
/// ```
/// use webhooks_sender::Sqlite;
/// use webhooks_sender::database::{Prefix, tables_sql};
///
/// assert!(tables_sql::<Sqlite>(&Prefix::default()).contains("CREATE TABLE webhooks_subscriptions"));
/// ```
pub fn tables_sql<D: Database>(prefix: &Prefix) -> String {
    Component::sql::<D>(&[&TABLES], prefix)
}

macro_rules! statements {
    ($($name:ident,)*) => {
        /// Every statement, loaded once.
        #[derive(Debug)]
        pub(crate) struct Statements<D: Database> {
            $(pub(crate) $name: Sql<D>,)*
        }

        /// The name of each, in the order of [`Statements::each`].
        #[cfg(test)]
        pub(crate) const NAMES: &[&str] = &[$(stringify!($name)),*];

        impl<D: Database> Statements<D> {
            pub(crate) fn load(store: &Store<D>) -> Self {
                Self {
                    $($name: store.load(&Statement::new(
                        include_str!(concat!("../../sql/sqlite/", stringify!($name), ".sql")),
                        include_str!(concat!("../../sql/postgres/", stringify!($name), ".sql")),
                    )),)*
                }
            }

            /// Each, for tests that hold for all of them.
            #[cfg(test)]
            pub(crate) fn each(&self) -> Vec<&Sql<D>> {
                vec![$(&self.$name),*]
            }
        }
    };
}

statements! {
    advance_job,
    advance_sequences,
    answers_of,
    attempts_of,
    backlog,
    cancel_job,
    copy_messages,
    count_attempts,
    count_deliveries,
    count_ended,
    count_messages,
    count_messages_of,
    count_subscriptions,
    delete_patterns,
    delete_pause,
    delete_sequence,
    delete_subscription,
    earlier_attempts,
    ended_deliveries,
    ended_states,
    erase_answers,
    erase_messages,
    exclusive_job,
    expired_subscriptions,
    fan_out_everyone,
    fan_out_owner,
    finished_of,
    grant_of,
    health,
    insert_audit,
    insert_grant,
    insert_job,
    insert_messages,
    insert_patterns,
    insert_pause,
    insert_sequence_numbers,
    insert_subscription,
    job_of,
    last_attempts,
    lock_keys,
    lock_owner,
    lock_static_subscriptions,
    lock_subscription,
    mark_replayed,
    match_everyone,
    match_owner,
    message_by_key,
    message_summaries,
    messages_between,
    messages_by_id,
    messages_within,
    next_job,
    page_attempts,
    page_audit,
    page_audit_about,
    page_audit_of,
    page_inactive,
    page_inactive_of,
    page_jobs,
    page_jobs_of,
    page_owners,
    page_subscriptions,
    page_subscriptions_of,
    pause_of_all,
    pick_job,
    prune_audit,
    prune_grants,
    prune_jobs,
    prune_messages,
    prune_payloads,
    prune_replayed,
    prune_sequence_numbers,
    reached_delivery,
    record_failures,
    record_successes,
    redeem_grant,
    replays_of,
    reseal,
    revisions,
    revoke_grants,
    scan_messages,
    scan_messages_of,
    scan_messages_to,
    scan_messages_up,
    sealed_with,
    sendable_messages,
    sequence_numbers,
    set_state,
    set_warned,
    static_subscriptions,
    subscription_by_own_key,
    subscription_by_request,
    subscription_of,
    subscription_summaries,
    subscriptions_by_id,
    try_lock_keys,
    update_subscription,
    used_keys,
    waiting_of_owner,
    window_messages,
}

#[cfg(all(test, feature = "sqlite"))]
mod tests {
    use sqlx::Row as _;
    use webhooks_store::Sqlite;

    use super::*;

    /// Statements that only insert, or that take locks which SQLite does not have.
    const WITHOUT_A_PLAN: &[&str] = &[
        "advance_sequences",
        "insert_audit",
        "insert_grant",
        "insert_job",
        "insert_messages",
        "insert_patterns",
        "insert_sequence_numbers",
        "insert_subscription",
        "lock_keys",
        "lock_owner",
        "lock_static_subscriptions",
        "try_lock_keys",
    ];

    /// The text with a long list of rows of NULLs: the plan does not depend on values, but with one row SQLite always
    /// begins with the list, and with many it would rather read a table whole.
    fn explainable(text: &str) -> String {
        let columns = text
            .split_once("given(")
            .and_then(|(_, rest)| rest.split_once(')'));
        let width = columns.map_or(0, |(columns, _)| columns.split(',').count());
        let row = format!("({})", vec!["NULL"; width].join(", "));
        format!(
            "EXPLAIN QUERY PLAN {}",
            text.replace("{rows}", &vec![row; 256].join(", "))
        )
    }

    #[tokio::test]
    async fn no_statement_reads_a_whole_table() {
        let store = Store::memory()
            .component(&TABLES)
            .open()
            .await
            .expect("a store");
        let sql = Statements::<Sqlite>::load(&store);
        let mut connection = store.connection().await.expect("a connection");
        for (name, statement) in NAMES.iter().zip(sql.each()) {
            if WITHOUT_A_PLAN.contains(name) {
                continue;
            }
            let text = explainable(statement.text());
            let plan = sqlx::query(sqlx::AssertSqlSafe(text))
                .fetch_all(&mut *connection)
                .await
                .expect("a plan");
            for line in plan.iter().map(|row| row.get::<String, _>("detail")) {
                let table = line
                    .strip_prefix("SCAN ")
                    .and_then(|rest| rest.split(' ').next());
                let is_list = line.ends_with("CONSTANT ROW") || line.ends_with("CONSTANT ROWS");
                let scans = !is_list
                    && table.is_some_and(|table| {
                        // What such a part is made of has lines of its own.
                        let is_part = table.starts_with("(subquery");
                        let parts = [
                            "given", "visit", "lanes", "sizes", "earlier", "last", "a", "counted",
                            "tried", "head", "keyed", "whole", "looked",
                        ];
                        !is_part && !parts.contains(&table)
                    });
                // A page of two tables is merged by sorting their heads, which are no longer than the page; a batch of
                // messages is added up in the order of their ids.
                let text = statement.text();
                let may_sort = text.contains("AS earlier") || text.contains("OVER (ORDER BY");
                let sorts = line.contains("TEMP B-TREE") && !may_sort;
                assert!(!scans && !sorts, "{line}\n{}", statement.text());
            }
        }
    }
}
