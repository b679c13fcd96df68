//! The suite that every database passes, and the databases to run it on.
//!
//! ```ignore
//! webhooks_store::conformance_tests!(memory, webhooks_store::conformance::Fixture::memory());
//! ```
#![expect(missing_docs, reason = "a case is named after its rule")]
#![expect(
    clippy::missing_errors_doc,
    clippy::missing_panics_doc,
    reason = "to fail is what cases are for"
)]

mod attempt;
mod claim;
mod control;
mod enqueue;
mod fixture;
mod history;
mod inspect;
mod lease;
mod migrate;
#[cfg(feature = "postgres")]
mod postgres;
mod prune;
mod settle;
#[cfg(feature = "sqlite")]
mod sqlite;
mod write;

pub use self::attempt::*;
pub use self::claim::*;
pub use self::control::*;
pub use self::enqueue::*;
pub use self::fixture::Fixture;
pub use self::history::*;
pub use self::inspect::*;
pub use self::lease::*;
pub use self::migrate::*;
pub use self::prune::*;
pub use self::settle::*;
pub use self::write::*;

#[cfg(test)]
mod list;

use std::time::Duration;

use crate::claim::Claimer;
use crate::database::Database;
use crate::error::Error;
use crate::job::{Id, Job, NewJob};
use crate::settle::{Outcome, Verdict};
use crate::store::Store;

const QUEUE: &str = "work";
const LEASE: Duration = Duration::from_mins(1);
const MINUTE: Duration = Duration::from_mins(1);

fn id(number: u64) -> Id {
    Id::from_bytes(u128::from(number).to_be_bytes())
}

fn number(id: Id) -> u64 {
    u64::try_from(u128::from_be_bytes(*id.as_bytes())).expect("made from a u64")
}

fn job(number: u64, lane: &str) -> NewJob {
    NewJob::new(QUEUE, id(number), lane)
}

fn jobs(numbers: std::ops::Range<u64>, lane: &str) -> Vec<NewJob> {
    numbers.map(|number| job(number, lane)).collect()
}

fn claimer<D: Database>(store: &Store<D>) -> Claimer<D> {
    Claimer::new(store, QUEUE).lease(LEASE)
}

/// Claims once, as a worker that has just come.
async fn claim<D: Database>(store: &Store<D>, limit: u32) -> Result<Vec<Job>, Error> {
    Ok(claimer(store).claim(limit).await?.jobs)
}

fn numbers(jobs: &[Job]) -> Vec<u64> {
    let mut numbers: Vec<_> = jobs.iter().map(|job| number(job.id)).collect();
    numbers.sort_unstable();
    numbers
}

fn outcomes(jobs: &[Job], verdict: Verdict) -> Vec<Outcome> {
    jobs.iter().map(|job| job.outcome(verdict)).collect()
}

/// A test for each case. The first argument names the module, the second makes a [`Fixture`]; attributes before
/// them stand on every test.
///
/// ```ignore
/// webhooks_store::conformance_tests!(#[ignore = "needs PostgreSQL"] postgres, Fixture::postgres());
/// ```
#[macro_export]
macro_rules! conformance_tests {
    ($(#[$attribute:meta])* $module:ident, $fixture:expr) => {
        $crate::conformance_tests! {
            @each [$(#[$attribute])*] $module, $fixture,
            a_committed_job_is_claimed,
            a_rolled_back_job_never_was,
            a_job_comes_back_as_it_was_inserted,
            a_job_waits_until_it_is_due,
            an_id_in_use_is_a_conflict,
            any_number_of_jobs_goes_into_one_call,
            a_claimed_job_is_not_claimed_again,
            the_longest_due_job_of_a_lane_comes_first,
            a_long_lane_does_not_delay_the_others,
            the_turn_goes_on_where_the_last_claim_stopped,
            a_lane_that_may_not_be_taken_from_is_left_alone,
            queues_never_meet,
            a_lane_is_any_bytes,
            a_claim_says_whether_more_could_be_had,
            nothing_is_claimed_twice_by_many_at_once,
            a_finished_job_is_kept_as_it_ended,
            a_forgotten_job_leaves_nothing,
            a_retry_counts_and_a_release_does_not,
            a_late_outcome_changes_nothing,
            of_two_outcomes_the_first_counts,
            outcomes_are_answered_in_their_order,
            a_rolled_back_outcome_never_was,
            a_lease_that_ran_out_is_rescued,
            a_lease_that_counts_is_left_alone,
            a_lease_taken_in_the_same_instant_is_left_alone,
            an_extended_lease_runs_longer,
            a_lease_from_before_the_clock_was_set_back_is_rescued,
            a_rescue_is_bounded,
            a_cancelled_job_is_never_claimed,
            a_running_job_that_is_cancelled_loses_its_lease,
            a_lane_is_cancelled_piece_by_piece,
            a_finished_job_is_done_again,
            a_pending_job_is_hastened,
            a_running_job_is_not_restarted,
            counts_follow_the_jobs,
            the_next_due_time_is_known,
            jobs_about_a_thing_are_found_wherever_they_are,
            a_lane_shows_its_past_and_its_future,
            a_job_is_found_by_what_it_is_about_and_nothing_else_is,
            known_jobs_are_told_from_others,
            a_finished_job_holds_its_last_attempt,
            earlier_attempts_are_listed_before_the_last,
            an_attempt_under_a_lost_lease_is_recorded,
            a_job_done_again_keeps_its_attempts,
            a_lane_lists_its_attempts_page_by_page,
            an_answer_is_forgotten_before_its_attempt,
            old_finished_jobs_are_pruned_and_no_others,
            what_ended_late_is_kept_as_long,
            what_waits_is_never_pruned,
            every_write_is_answered_and_durable,
            a_conflict_fails_only_the_write_to_blame,
            a_value_that_the_database_refuses_fails_only_its_own_write,
            a_dropped_caller_is_written_nevertheless,
            a_closed_writer_has_written_everything,
            tables_are_made_once,
            two_programs_that_migrate_at_once_both_start,
            a_newer_schema_is_refused,
            a_newer_schema_that_says_it_is_compatible_is_worked_on,
            an_older_schema_is_refused_by_who_may_not_migrate,
            a_failed_migration_leaves_everything_as_it_was,
            exported_sql_makes_the_same_tables,
            stores_with_other_prefixes_never_meet,
            a_random_history_is_what_the_model_says,
        }
    };
    (@each $attributes:tt $module:ident, $fixture:expr, $($case:ident,)*) => {
        mod $module {
            use super::*;

            $($crate::conformance_tests! { @one $attributes $case, $fixture })*
        }
    };
    (@one [$(#[$attribute:meta])*] $case:ident, $fixture:expr) => {
        #[tokio::test]
        $(#[$attribute])*
        async fn $case() {
            let fixture = $fixture.await;
            fixture.run($crate::conformance::$case).await;
        }
    };
}
