//! How the lanes of a process are worked on, by the sender's rules.

use std::time::Duration;

use webhooks_store::lanes::{LaneSettings, Ownership, Places, Polling};

use crate::rules::Rules;

/// Of all requests under way, one owner may have half, and the last eighth is for subscriptions that have none: so that
/// those whose targets are slow never hold up all others.
const OWNERS_PART: u32 = 2;
const RESERVE_PART: u32 = 8;
/// Deliveries of one subscription in hand.
const WIDEST: u32 = 1024;
/// Rows that a statement reads.
const PAGE: u32 = 256;
/// The pause after something came, which doubles while nothing does.
const SHORTEST_POLL: Duration = Duration::from_millis(50);
/// A look costs nearly the same for one delivery as for many: under load, the next one waits so long.
const BETWEEN_LOOKS: Duration = Duration::from_millis(5);
/// A process believes in its lease for an eighth less than the others do, and renews it three times, or more often: with a
/// beat it also learns which other processes there are.
const MARGIN_PART: u32 = 8;
const BEATS: u32 = 3;
const BEAT: Duration = Duration::from_secs(5);

/// For the running engine.
pub(super) fn of(rules: &Rules) -> LaneSettings {
    LaneSettings {
        ownership: shared(rules.lease),
        polling: Polling {
            shortest: SHORTEST_POLL.min(rules.poll),
            longest: rules.poll,
            between: BETWEEN_LOOKS,
        },
        places: Places {
            all: rules.in_flight,
            per_owner: (rules.in_flight / OWNERS_PART).max(1),
            reserve: rules.in_flight / RESERVE_PART,
        },
        widest: WIDEST,
        in_hand: rules.in_flight as usize,
        unrecorded: rules.in_flight as usize,
        page: PAGE,
    }
}

/// Slots that are shared out among processes: also where there is one on a SQLite file, because another may come. Its beats are
/// one small write every few seconds, and what a dead one leaves there is not waited for.
pub(in crate::engine) fn shared(lease: Duration) -> Ownership {
    Ownership::Shared {
        ttl: lease,
        margin: lease / MARGIN_PART,
        beat: (lease / BEATS).min(BEAT),
    }
}
