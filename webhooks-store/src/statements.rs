//! The store's own statements, loaded once for each store.

use crate::clock::Clock;
use crate::database::Database;
use crate::prefix::Prefix;
use crate::statement::{Sql, Statement};

macro_rules! statements {
    ($($name:ident,)*) => {
        /// All of them, by the name of their file.
        #[derive(Debug)]
        pub(crate) struct Statements<D> {
            $(pub(crate) $name: Sql<D>,)*
        }

        impl<D: Database> Statements<D> {
            pub(crate) fn load(prefix: &Prefix, clock: &Clock) -> Self {
                Statements {
                    $($name: Sql::new(
                        &Statement::new(
                            include_str!(concat!("sqlite/sql/", stringify!($name), ".sql")),
                            include_str!(concat!("postgres/sql/", stringify!($name), ".sql")),
                        ),
                        prefix,
                        clock,
                    ),)*
                }
            }
        }
    };
}

statements! {
    enqueue,
}
