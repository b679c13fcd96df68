//! The store's own statements, loaded once for each store.

use crate::database::Database;
use crate::statement::{Sql, Statement};

macro_rules! statements {
    ($($name:ident,)*) => {
        /// All of them, by the name of their file.
        #[derive(Debug)]
        pub(crate) struct Statements<D> {
            $(pub(crate) $name: Sql<D>,)*
        }

        impl<D: Database> Statements<D> {
            pub(crate) fn load(prepare: impl Fn(&Statement) -> Sql<D>) -> Self {
                Statements {
                    $($name: prepare(&Statement::new(
                        include_str!(concat!("sqlite/sql/", stringify!($name), ".sql")),
                        include_str!(concat!("postgres/sql/", stringify!($name), ".sql")),
                    )),)*
                }
            }

            /// Each with its name, for tests that hold for all of them.
            #[cfg(test)]
            pub(crate) fn each(&self) -> Vec<(&'static str, &Sql<D>)> {
                vec![$((stringify!($name), &self.$name),)*]
            }
        }
    };
}

statements! {
    claim,
    counts,
    delete_cancelled,
    delete_ended,
    delete_finished,
    delete_kept,
    enqueue,
    extend,
    failed,
    finished,
    job,
    jobs_about,
    keep_cancelled,
    keep_ended,
    lane_jobs,
    lanes,
    make_ready,
    next_due,
    prune,
    put_back,
    rescue,
    restart_finished,
    restart_pending,
    unfinished_ready,
    unfinished_running,
    unfinished_scheduled,
}
