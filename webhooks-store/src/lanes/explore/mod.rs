//! Every order of events, within bounds, over the very code of [`Lanes`](super::Lanes): two processes, a database, rows
//! that commit late, answers that are older than what was settled meanwhile, leases that end.

mod bounds;
mod database;
mod search;
mod world;

use bounds::{Bounds, Switched};
use search::{Found, explore};

use super::switch::Switches;

/// States that are looked at in one exploration, unless `cargo xtask test --long` raises the limit.
const STATES: usize = 10_000;

fn run(bounds: Bounds) -> Found {
    let most = if std::env::var_os("WEBHOOKS_LONG").is_some() {
        // A few minutes for the largest case, which has no end within any bound.
        400_000
    } else {
        STATES
    };
    explore(bounds, most, None)
}

fn holds(bounds: Bounds) {
    let found = run(bounds);
    assert!(found.violations.is_empty(), "{found}");
}

fn breaks(invariant: &'static str, bounds: Bounds) {
    let found = explore(bounds, 30 * STATES, Some(invariant));
    let broken: Vec<_> = found
        .violations
        .iter()
        .map(|violation| violation.invariant)
        .collect();
    assert!(
        broken.contains(&invariant),
        "{invariant} should break: {found}"
    );
}

const ONE: Bounds = Bounds {
    rows: 1,
    takes: 2,
    seconds: true,
    fails: 1,
    replays: 1,
    retries: 0,
    cancels: 0,
    is_ordered: false,
    commits_late: true,
    stalls: false,
    widest: 2,
    is_doubtful: false,
    without: Switched::NOTHING,
};

fn without(switches: Switches, bounds: Bounds) -> Bounds {
    Bounds {
        without: Switched {
            machine: switches,
            ..Switched::NOTHING
        },
        ..bounds
    }
}

#[test]
fn one_row_is_sent_recorded_tried_again_and_replayed() {
    holds(ONE);
}

#[test]
fn one_row_is_cancelled_and_retried_by_others() {
    holds(Bounds {
        replays: 0,
        cancels: 1,
        retries: 1,
        ..ONE
    });
}

#[test]
fn two_rows_of_which_one_commits_late() {
    holds(Bounds {
        rows: 2,
        takes: 1,
        seconds: false,
        replays: 0,
        ..ONE
    });
}

#[test]
fn two_rows_change_hands() {
    holds(Bounds {
        rows: 2,
        replays: 0,
        fails: 0,
        ..ONE
    });
}

#[test]
fn a_window_of_one_row_is_refilled() {
    holds(Bounds {
        rows: 3,
        takes: 1,
        seconds: false,
        replays: 0,
        fails: 0,
        widest: 1,
        ..ONE
    });
}

#[test]
fn rows_with_one_order_key_never_overtake() {
    holds(Bounds {
        rows: 2,
        takes: 2,
        replays: 0,
        is_ordered: true,
        commits_late: false,
        ..ONE
    });
}

const DOUBTFUL: Bounds = Bounds {
    replays: 0,
    commits_late: false,
    is_doubtful: true,
    ..ONE
};

#[test]
fn in_a_doubtful_slot_a_request_begins_when_that_is_written_down() {
    holds(DOUBTFUL);
    holds(Bounds {
        rows: 2,
        fails: 0,
        ..DOUBTFUL
    });
}

#[test]
fn without_marks_a_request_begins_in_a_doubtful_slot_that_nobody_would_know_of() {
    let switches = Switches {
        no_marks: true,
        ..Switches::default()
    };
    breaks("I10", without(switches, DOUBTFUL));
}

#[test]
fn a_process_that_stalls_before_a_request_breaks_exclusivity_and_nothing_else() {
    let bounds = Bounds {
        stalls: true,
        fails: 0,
        replays: 0,
        ..ONE
    };
    let found = explore(bounds, 3 * STATES, None);
    let broken: Vec<_> = found
        .violations
        .iter()
        .map(|violation| violation.invariant)
        .collect();
    assert_eq!(broken, ["I4"], "{found}");
}

#[test]
fn without_the_guard_a_process_sends_what_it_has_ended() {
    let switches = Switches {
        no_guard: true,
        ..Switches::default()
    };
    breaks(
        "I6",
        without(
            switches,
            Bounds {
                takes: 1,
                seconds: false,
                replays: 0,
                rows: 2,
                ..ONE
            },
        ),
    );
}

#[test]
fn without_looking_again_a_changed_row_is_never_found() {
    let switches = Switches {
        no_look: true,
        ..Switches::default()
    };
    breaks(
        "I7",
        without(
            switches,
            Bounds {
                takes: 1,
                seconds: false,
                replays: 0,
                retries: 1,
                ..ONE
            },
        ),
    );
}

#[test]
fn without_the_deadline_two_processes_send() {
    let switches = Switches {
        no_deadline: true,
        ..Switches::default()
    };
    breaks(
        "I4",
        without(
            switches,
            Bounds {
                replays: 0,
                fails: 0,
                ..ONE
            },
        ),
    );
}

#[test]
fn without_going_back_in_the_schedule_a_retry_is_never_found() {
    let switches = Switches {
        no_schedule: true,
        ..Switches::default()
    };
    breaks(
        "I7",
        without(
            switches,
            Bounds {
                takes: 1,
                seconds: false,
                replays: 0,
                ..ONE
            },
        ),
    );
}

#[test]
fn with_a_feed_that_is_opened_late_a_row_is_never_found() {
    let switches = Switches {
        late_feed: true,
        ..Switches::default()
    };
    breaks(
        "I7",
        without(
            switches,
            Bounds {
                takes: 1,
                seconds: false,
                replays: 0,
                fails: 0,
                ..ONE
            },
        ),
    );
}

#[test]
fn with_a_feed_that_forgets_open_transactions_a_row_is_never_found() {
    let switched = Switched {
        open_forgotten: true,
        ..Switched::NOTHING
    };
    breaks(
        "I7",
        Bounds {
            takes: 1,
            seconds: false,
            replays: 0,
            fails: 0,
            rows: 2,
            without: switched,
            ..ONE
        },
    );
}

#[test]
fn with_reads_that_overlap_a_row_is_sent_again() {
    let switched = Switched {
        stale_reads: true,
        ..Switched::NOTHING
    };
    breaks(
        "I6",
        Bounds {
            takes: 1,
            seconds: false,
            replays: 0,
            fails: 0,
            rows: 3,
            widest: 1,
            without: switched,
            ..ONE
        },
    );
}

#[test]
fn without_the_generation_an_old_answer_ends_a_replay() {
    let switched = Switched {
        no_generation: true,
        ..Switched::NOTHING
    };
    breaks(
        "I5",
        Bounds {
            takes: 1,
            seconds: false,
            fails: 0,
            cancels: 1,
            commits_late: false,
            without: switched,
            ..ONE
        },
    );
}

#[test]
fn without_the_version_a_failure_counts_for_another_attempt() {
    let switched = Switched {
        no_version: true,
        ..Switched::NOTHING
    };
    breaks(
        "I3",
        Bounds {
            takes: 1,
            seconds: false,
            retries: 1,
            replays: 0,
            commits_late: false,
            without: switched,
            ..ONE
        },
    );
}

#[test]
fn without_order_a_later_row_overtakes() {
    let switched = Switched {
        no_order: true,
        ..Switched::NOTHING
    };
    let bounds = Bounds {
        rows: 2,
        takes: 1,
        seconds: false,
        replays: 0,
        is_ordered: true,
        commits_late: false,
        ..ONE
    };
    breaks(
        "I8",
        Bounds {
            without: switched,
            ..bounds
        },
    );
}
