//! The sender's own tables and statements, beside those of the store. One statement per file and database.

use webhooks_store::{Component, Database, Migration, Prefix, Sql, Statement, Store};

/// The sender's tables.
pub(crate) static TABLES: Component = Component {
    name: "sender",
    migrations: &[Migration {
        name: "subscriptions, messages, attempts",
        script: Statement::new(
            include_str!("../migrations/sqlite/0001_sender.sql"),
            include_str!("../migrations/postgres/0001_sender.sql"),
        ),
    }],
};

/// All tables as SQL text, for a database that programs may not change: to be applied by hand, before the sender is
/// started with [`without_migrating`](crate::SenderBuilder::without_migrating).
///
/// ```
/// use webhooks_sender::{Prefix, Sqlite, tables};
///
/// assert!(tables::<Sqlite>(&Prefix::default()).contains("CREATE TABLE webhooks_subscriptions"));
/// ```
pub fn tables<D: Database>(prefix: &Prefix) -> String {
    Component::sql::<D>(&[&TABLES], prefix)
}

macro_rules! statements {
    ($($name:ident,)*) => {
        /// Every statement, loaded once.
        #[derive(Debug)]
        pub(crate) struct Statements<D: Database> {
            $(pub(crate) $name: Sql<D>,)*
        }

        impl<D: Database> Statements<D> {
            pub(crate) fn load(store: &Store<D>) -> Self {
                Self {
                    $($name: store.load(&Statement::new(
                        include_str!(concat!("../sql/sqlite/", stringify!($name), ".sql")),
                        include_str!(concat!("../sql/postgres/", stringify!($name), ".sql")),
                    )),)*
                }
            }
        }
    };
}

statements! {
    attempts_of,
    delete_patterns,
    delete_subscription,
    fan_out_everyone,
    fan_out_owner,
    insert_attempts,
    insert_messages,
    insert_patterns,
    insert_subscription,
    match_everyone,
    match_owner,
    message_by_key,
    messages_by_id,
    page_attempts,
    page_messages,
    page_messages_of,
    page_subscriptions,
    page_subscriptions_of,
    prune_attempts,
    prune_messages,
    prune_responses,
    record_failures,
    record_successes,
    revisions,
    set_state,
    static_subscriptions,
    subscriptions_by_id,
    update_subscription,
}
