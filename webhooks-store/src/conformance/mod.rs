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
mod control;
mod doubt;
mod enqueue;
mod feed;
mod fixture;
mod hand_over;
mod history;
mod inspect;
mod lock;
mod membership;
mod migrate;
mod outcome;
#[cfg(feature = "postgres")]
mod postgres;
mod prune;
mod read;
mod refusal;
#[cfg(feature = "sqlite")]
mod sqlite;
mod write;

pub use self::attempt::*;
pub use self::control::*;
pub use self::doubt::*;
pub use self::enqueue::*;
pub use self::feed::*;
pub use self::fixture::Fixture;
pub use self::hand_over::*;
pub use self::history::*;
pub use self::inspect::*;
pub use self::lock::*;
pub use self::membership::*;
pub use self::migrate::*;
pub use self::outcome::*;
pub use self::prune::*;
pub use self::read::*;
pub use self::refusal::*;
pub use self::write::*;

#[cfg(test)]
mod list;

use std::time::Duration;

use crate::database::Database;
use crate::error::Error;
use crate::job::{Id, NewJob};
use crate::lane::{LaneName, Slot};
use crate::lanes::{
    Answer, Entry, LaneSettings, Ownership, Place, Places, Polling, Recorded, Refill,
};
use crate::outcome::{Outcome, Verdict};
use crate::store::Store;
use crate::worker::Worker;

const QUEUE: &str = "work";
const MINUTE: Duration = Duration::from_mins(1);
/// How long the lease of a process lasts.
const TTL: Duration = Duration::from_secs(15);
/// So much earlier a process stops to believe in it.
const MARGIN: Duration = Duration::from_secs(2);

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

/// The lane that a job is put into without saying more.
fn lane(key: &str) -> LaneName {
    LaneName::new(Slot::of(key.as_bytes()), key.as_bytes())
}

/// A process that shares the slots with others.
fn worker<D: Database>(store: &Store<D>) -> Worker<D> {
    worker_with(store, 1000)
}

/// The same, with pages of so many rows.
fn worker_with<D: Database>(store: &Store<D>, page: u32) -> Worker<D> {
    Worker::new(store, QUEUE, &settings(page))
}

/// How the lanes of a process are worked on: looked at without a pause.
fn settings(page: u32) -> LaneSettings {
    LaneSettings {
        ownership: Ownership::Shared {
            ttl: TTL,
            margin: MARGIN,
            beat: Duration::from_secs(5),
        },
        polling: Polling {
            shortest: Duration::ZERO,
            longest: Duration::ZERO,
            between: Duration::ZERO,
        },
        places: Places {
            all: 1000,
            per_owner: 1000,
            reserve: 0,
        },
        widest: 1000,
        in_hand: 1000,
        unrecorded: 1000,
        page,
    }
}

/// What is due in a lane, up to so many.
async fn due<D: Database>(store: &Store<D>, key: &str, room: u32) -> Result<Vec<Entry>, Error> {
    let (lane, from) = (lane(key), Place::FIRST);
    let refill = Refill { lane, from, room };
    match worker(store).refill(&[refill]).await? {
        Answer::Rows(mut rows) => {
            rows.entries.sort_unstable_by_key(|entry| entry.place);
            Ok(rows.entries)
        }
        other => panic!("{other:?}"),
    }
}

fn numbers(entries: &[Entry]) -> Vec<u64> {
    let mut numbers: Vec<_> = entries.iter().map(|entry| number(entry.id())).collect();
    numbers.sort_unstable();
    numbers
}

fn outcomes(entries: &[Entry], verdict: Verdict) -> Vec<Outcome> {
    let outcomes = entries.iter().map(|entry| entry.outcome(verdict));
    outcomes.collect()
}

fn is_again(recorded: Recorded) -> bool {
    matches!(recorded, Recorded::Again { .. })
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
            a_committed_job_is_found,
            a_rolled_back_job_never_was,
            a_job_waits_until_it_is_due,
            an_id_in_use_is_a_conflict,
            any_number_of_jobs_goes_into_one_call,
            a_lane_is_read_in_order_from_a_place_on,
            each_lane_gives_what_it_has_room_for,
            a_job_comes_back_as_it_was_inserted,
            a_sweep_finds_each_lane_that_has_any_row,
            what_is_scheduled_is_read_when_its_time_comes,
            what_comes_is_fed_once,
            a_feed_is_read_page_by_page,
            what_became_due_while_the_feed_was_on_its_way_is_due,
            a_feed_is_that_of_the_slots_that_are_asked,
            what_is_changed_by_others_is_fed_again,
            a_process_alone_takes_all_slots_and_gives_them_back,
            shares_are_by_capacity,
            the_slots_of_a_dead_process_are_taken_over_when_its_lease_ends,
            a_lease_that_ran_out_is_not_renewed_although_no_one_looked,
            a_lease_from_before_the_clock_was_set_back_has_run_out,
            many_that_take_slots_share_none,
            a_process_that_comes_again_has_what_no_other_took,
            the_first_due_job_of_each_lane_is_locked,
            no_job_is_locked_twice,
            a_finished_job_is_kept_as_it_ended,
            a_forgotten_job_leaves_nothing,
            a_retry_counts_and_moves_and_a_postponement_only_moves,
            a_job_that_is_held_keeps_its_place,
            only_a_success_counts_for_a_row_that_was_changed,
            an_answer_ends_no_later_generation,
            of_two_outcomes_the_first_counts,
            outcomes_are_answered_in_their_order,
            a_rolled_back_outcome_never_was,
            a_cancelled_job_is_never_found,
            what_is_said_of_a_cancelled_job_changes_nothing,
            a_lane_is_cancelled_piece_by_piece,
            a_finished_job_is_done_again,
            a_waiting_job_is_hastened,
            a_held_job_is_freed_by_hand,
            of_a_job_that_is_restarted_in_hand_a_success_counts_and_a_failure_does_not,
            counts_follow_the_jobs,
            the_next_due_time_is_known,
            jobs_about_a_thing_are_found_wherever_they_are,
            a_lane_shows_its_past_and_its_future,
            the_past_is_listed_newest_first_however_old_it_is,
            a_job_is_found_by_what_it_is_about_and_nothing_else_is,
            known_jobs_are_told_from_others,
            a_finished_job_holds_its_last_attempt,
            earlier_attempts_are_listed_before_the_last,
            an_attempt_whose_outcome_misses_is_recorded,
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
            two_processes_do_everything_once,
            what_a_dead_process_had_in_hand_is_done_by_another,
            the_slots_of_a_dead_process_are_taken_as_soon_as_its_lease_ends,
            a_slot_that_one_process_refuses_is_another_s_within_a_beat,
            a_slot_that_all_refuse_comes_back_and_is_not_refused_again_soon,
            a_process_alone_refuses_nothing,
            what_a_process_alone_would_refuse_goes_to_the_next_that_joins,
            a_slot_is_doubtful_when_two_owners_in_a_row_have_died,
            a_job_that_ends_its_process_is_found_and_no_other_is,
            a_request_that_was_not_made_does_not_count_as_begun,
            a_lane_that_is_paused_is_found_again_when_it_is_touched,
            a_row_that_is_held_keeps_its_followers_back,
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
