//! The store's own statements, loaded once for each store.

use crate::database::Database;
use crate::sql::Sql;
use crate::statement::Statement;

/// The two texts of a statement. PostgreSQL moves rows from table to table in one statement where SQLite needs two or
/// three; those that only one of them has are marked so.
macro_rules! source {
    (both $name:ident) => {
        Statement::new(
            include_str!(concat!("sqlite/sql/", stringify!($name), ".sql")),
            include_str!(concat!("postgres/sql/", stringify!($name), ".sql")),
        )
    };
    (postgres $name:ident) => {
        Statement::new(
            "",
            include_str!(concat!("postgres/sql/", stringify!($name), ".sql")),
        )
    };
    (sqlite $name:ident) => {
        Statement::new(
            include_str!(concat!("sqlite/sql/", stringify!($name), ".sql")),
            "",
        )
    };
}

macro_rules! statements {
    ($($databases:ident $name:ident,)*) => {
        /// All of them, by the name of their file.
        #[derive(Debug)]
        pub(crate) struct Statements<D> {
            $(pub(crate) $name: Sql<D>,)*
        }

        impl<D: Database> Statements<D> {
            pub(crate) fn load(prepare: impl Fn(&Statement) -> Sql<D>) -> Self {
                Self {
                    $($name: prepare(&source!($databases $name)),)*
                }
            }

            /// Each that this database has, with its name, for tests that hold for all of them.
            #[cfg(test)]
            pub(crate) fn each(&self) -> Vec<(&'static str, &Sql<D>)> {
                let mut all = vec![$((stringify!($name), &self.$name),)*];
                all.retain(|(_, sql)| !sql.text().is_empty());
                all
            }
        }
    };
}

statements! {
    both any_job,
    both beat,
    both bury,
    sqlite bury_locked,
    both cancel_jobs,
    both counts,
    both delete_finished,
    sqlite delete_kept,
    both due,
    both end_jobs,
    both enqueue,
    both failed,
    both failures,
    both failures_of,
    both feed,
    both finished,
    both free_slots,
    both give_slots,
    both history_window,
    both insert_answers,
    both insert_attempts,
    both job,
    both job_attempts,
    both jobs_about,
    both jobs_about_each,
    both join,
    sqlite keep_cancelled,
    sqlite keep_ended,
    sqlite keep_last_attempts,
    both known_jobs,
    both lane_attempts,
    both lane_of_owner,
    both leave,
    both lock_due,
    postgres lock_jobs,
    sqlite lock_worker,
    both look,
    both mark_jobs,
    both membership,
    sqlite mourn,
    both next_due,
    both prune_answers,
    both prune_attempts,
    both put_off,
    both refill,
    both restart_finished,
    both restart_pending,
    both sweep,
    both take_slots,
    both touch_lane,
    both unfinished,
    both unfinished_about_each,
}
