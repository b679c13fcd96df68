//! Every statement with values for it, and the indexes through which it must go.

/// An id in the middle of all.
const ID: &str = "int8send(10000) || int8send(0)";
/// The same, as a list of one.
const IDS: &str = "ARRAY[int8send(10000) || int8send(0)]";

/// Every statement with values for it, and the indexes through which it must go.
#[expect(clippy::too_many_lines, reason = "a row a case")]
pub(super) fn expected() -> Vec<(&'static str, String, &'static [&'static str])> {
    let event = "ARRAY['*', 'event.7', 'event.*']";
    let at_id = || ID.to_owned();
    let subscription = format!("{ID}, 'https://example.com/', '{{}}', '', '', 'active', 1, NULL");
    vec![
        (
            "advance_job",
            format!("0, {ID}, 1, '', 1, 'running', NULL, 0"),
            &["bulk_jobs_pkey"],
        ),
        ("advance_sequences", format!("{IDS}, ARRAY[1]"), &[]),
        (
            "answers_of",
            format!("1, 20000, ARRAY[10000], {IDS}, ARRAY[0], ARRAY[1]"),
            &["answer_default_pkey"],
        ),
        (
            "attempts_of",
            format!("{ID}, 'owner 7'"),
            &["attempt_default_pkey", "history_default_pkey"],
        ),
        (
            "backlog",
            format!("0, 7::smallint, {ID}, 100, 'delivery'"),
            &["job_lane"],
        ),
        ("cancel_job", format!("0, {ID}, 'owner 7'"), &[]),
        (
            "copy_messages",
            format!("'owner 7', 1, {IDS}, {IDS}"),
            &["messages_pkey"],
        ),
        (
            "count_attempts",
            format!("int8send(1) || int8send(0), {ID}, 100, NULL, NULL"),
            &["history_default_pkey", "attempt_default_pkey"],
        ),
        (
            "count_deliveries",
            format!("int8send(1) || int8send(0), {ID}, 100, NULL"),
            &["history_default_pkey"],
        ),
        (
            "count_ended",
            format!("{ID}, int8send(1) || int8send(0), {ID}, 100"),
            &["history_default_lane_expr_idx"],
        ),
        (
            "count_messages",
            format!("int8send(1) || int8send(0), {ID}, 100"),
            &["messages_pkey"],
        ),
        (
            "count_messages_of",
            format!("int8send(1) || int8send(0), {ID}, 100, 'owner 7'"),
            &["messages_by_owner"],
        ),
        (
            "count_subscriptions",
            "'owner 7', 100".to_owned(),
            &["subscriptions_by_owner"],
        ),
        ("delete_patterns", at_id(), &["patterns_by_subscription"]),
        ("delete_pause", String::new(), &[]),
        ("delete_sequence", at_id(), &["sequence_pkey"]),
        ("delete_subscription", at_id(), &["subscriptions_pkey"]),
        (
            "earlier_attempts",
            format!("{ID}, {ID}, {IDS}"),
            &["attempt_default_pkey"],
        ),
        (
            "ended_deliveries",
            format!("{ID}, '', {ID}, 100"),
            &["history_default_lane_expr_idx"],
        ),
        ("ended_states", IDS.to_owned(), &["history_default_pkey"]),
        (
            "erase_answers",
            IDS.to_owned(),
            &[
                "attempt_default_pkey",
                "history_default_pkey",
                "answer_default_pkey",
            ],
        ),
        ("erase_messages", IDS.to_owned(), &["messages_pkey"]),
        (
            "exclusive_job",
            "'x'".to_owned(),
            &["bulk_jobs_exclusive_key"],
        ),
        (
            "expired_subscriptions",
            "7, 50".to_owned(),
            &["subscriptions_by_expiry"],
        ),
        (
            "fan_out_everyone",
            "'event.7', '', 500".to_owned(),
            &["patterns_of_everyone"],
        ),
        (
            "fan_out_owner",
            "'owner 7', 'event.7', '', 500".to_owned(),
            &["patterns_pkey"],
        ),
        ("finished_of", IDS.to_owned(), &["history_default_pkey"]),
        ("grant_of", format!("0, {ID}"), &["grants_pkey"]),
        (
            "health",
            "0, 'delivery', 1000".to_owned(),
            &[
                "job_held",
                "job_lane",
                "job_scheduled",
                "subscriptions_paused",
                "subscriptions_pkey",
            ],
        ),
        (
            "insert_audit",
            format!("{ID}, 'owner 7', 'a', 'subscription.changed', 'subject 7', '{{}}', '{{}}'"),
            &[],
        ),
        (
            "insert_grant",
            format!("0, {ID}, {ID}, 'owner 7', '', 1, 1"),
            &[],
        ),
        (
            "insert_job",
            format!("0, {ID}, '', 'reseal', NULL, NULL, '', 0, NULL"),
            &[],
        ),
        ("insert_messages", message(), &[]),
        (
            "insert_patterns",
            format!("ARRAY['a'], ARRAY['*'], {IDS}"),
            &[],
        ),
        ("insert_pause", "1, 'a'".to_owned(), &[]),
        (
            "insert_sequence_numbers",
            "ARRAY[int8send(7) || int8send(7)], ARRAY[1]".to_owned(),
            &[],
        ),
        (
            "insert_subscription",
            format!("{ID}, 'a', 'https://a/', '{{}}', '', '', 'active', NULL, 1, NULL, NULL, NULL"),
            &[],
        ),
        ("job_of", format!("{ID}, 'owner 7'"), &[]),
        (
            "last_attempts",
            format!("{ID}, {ID}, {IDS}"),
            &["attempt_default_pkey", "history_default_pkey"],
        ),
        ("lock_keys", "ARRAY[1]".to_owned(), &[]),
        ("lock_owner", "'owner 7'".to_owned(), &[]),
        ("lock_static_subscriptions", String::new(), &[]),
        // By primary key, or of an owner by subscriptions_by_owner, which ends in the id.
        ("lock_subscription", format!("{ID}, 'owner 7'"), &[]),
        ("mark_replayed", format!("{ID}, {IDS}"), &["job_pkey"]),
        (
            "match_everyone",
            format!("33, {event}"),
            &["patterns_of_everyone"],
        ),
        (
            "match_owner",
            format!("'owner 7', 33, {event}"),
            &["patterns_pkey"],
        ),
        (
            "message_by_key",
            "'owner 7', 'key 10007'".to_owned(),
            &["messages_by_key"],
        ),
        (
            "message_summaries",
            format!("'owner 7', {IDS}"),
            &["messages_pkey"],
        ),
        (
            "messages_between",
            format!("'owner 7', '', {ID}, {ID}, 50"),
            &["messages_by_owner"],
        ),
        (
            "messages_by_id",
            format!("'owner 7', 1, {IDS}"),
            &["messages_pkey"],
        ),
        (
            "messages_within",
            format!("1000, {IDS}"),
            &["messages_pkey"],
        ),
        ("next_job", "0, 0".to_owned(), &["bulk_jobs_due"]),
        (
            "page_attempts",
            format!("{ID}, {ID}, 0, 1, 50, int8send(1), {ID}"),
            &[
                "attempt_default_lane_expr_generation_number_idx",
                "history_default_lane_expr_idx",
            ],
        ),
        ("page_audit", format!("{ID}, 50"), &["audit_pkey"]),
        (
            "page_audit_about",
            format!("'subject 7', {ID}, 50, 'owner 7'"),
            &["audit_by_subject"],
        ),
        (
            "page_audit_of",
            format!("'owner 7', {ID}, 50"),
            &["audit_by_owner"],
        ),
        (
            "page_inactive",
            format!("'failing', {ID}, 50"),
            &["subscriptions_by_state"],
        ),
        (
            "page_inactive_of",
            format!("'owner 7', 'failing', {ID}, 50"),
            &["subscriptions_by_owner_state"],
        ),
        ("page_jobs", format!("{ID}, 50"), &["bulk_jobs_pkey"]),
        (
            "page_jobs_of",
            format!("'owner 7', {ID}, 50"),
            &["bulk_jobs_by_owner"],
        ),
        (
            "page_owners",
            "'', 20, 1000".to_owned(),
            &["subscriptions_by_owner"],
        ),
        (
            "page_subscriptions",
            format!("{ID}, 50, NULL, NULL"),
            &["subscriptions_pkey"],
        ),
        (
            "page_subscriptions_of",
            format!("'owner 7', {ID}, 50, NULL, 'shop'"),
            &["subscriptions_by_owner"],
        ),
        ("pause_of_all", String::new(), &[]),
        ("pick_job", "0, 1000, 0".to_owned(), &["bulk_jobs_due"]),
        ("prune_audit", format!("{ID}, 500"), &["audit_pkey"]),
        ("prune_grants", "0, 100".to_owned(), &["grants_by_end"]),
        ("prune_jobs", format!("{ID}, 50"), &["bulk_jobs_pkey"]),
        (
            "prune_messages",
            format!("{IDS}, {IDS}, {IDS}"),
            &["messages_pkey", "job_pkey", "history_default_pkey"],
        ),
        (
            "prune_payloads",
            format!("{IDS}, {IDS}, {IDS}"),
            &["messages_pkey", "job_pkey"],
        ),
        (
            "prune_replayed",
            format!("{IDS}, {IDS}"),
            &["replayed_pkey", "history_default_pkey", "job_pkey"],
        ),
        (
            "prune_sequence_numbers",
            format!("{IDS}, {IDS}"),
            &["sequence_number_pkey", "history_default_pkey", "job_pkey"],
        ),
        (
            "reached_delivery",
            format!("{ID}, 'owner 7'"),
            &["job_pkey", "history_default_pkey"],
        ),
        (
            "record_failures",
            format!("{IDS}, ARRAY[1], ARRAY[1]"),
            &["subscriptions_pkey"],
        ),
        ("record_successes", IDS.to_owned(), &["subscriptions_pkey"]),
        (
            "redeem_grant",
            format!("0, {ID}, int8send(-1)"),
            &["grants_pkey"],
        ),
        ("replays_of", IDS.to_owned(), &["replayed_pkey"]),
        (
            "reseal",
            format!("{ID}, '', 'k', ''"),
            &["subscriptions_pkey"],
        ),
        ("revisions", IDS.to_owned(), &["subscriptions_pkey"]),
        (
            "revoke_grants",
            format!("'owner 7', {ID}"),
            &["grants_by_owner"],
        ),
        (
            "scan_messages",
            format!("{ID}, 50, NULL, NULL"),
            &["messages_pkey"],
        ),
        (
            "scan_messages_of",
            format!("'owner 7', {ID}, 50, 'event.7', NULL"),
            &["messages_by_owner"],
        ),
        (
            "scan_messages_to",
            format!("'owner 7', {ID}, 50, 'event.7', NULL"),
            &["messages_by_owner"],
        ),
        (
            "scan_messages_up",
            format!("'owner 7', {ID}, 50"),
            &["messages_by_owner"],
        ),
        (
            "sealed_with",
            format!("'k7', {ID}, 50"),
            &["subscriptions_by_key"],
        ),
        ("sendable_messages", format!("1, {IDS}"), &["messages_pkey"]),
        (
            "sequence_numbers",
            IDS.to_owned(),
            &["sequence_number_pkey"],
        ),
        (
            "set_state",
            format!("{ID}, 'paused', 1, NULL"),
            &["subscriptions_pkey"],
        ),
        ("set_warned", format!("{ID}, 50"), &["subscriptions_pkey"]),
        (
            "static_subscriptions",
            String::new(),
            &["subscriptions_static_key_key"],
        ),
        (
            "subscription_by_own_key",
            "'owner 7', 'own 7'".to_owned(),
            &["subscriptions_by_own_key"],
        ),
        (
            "subscription_by_request",
            "'owner 7', 'key 7'".to_owned(),
            &["subscriptions_by_request"],
        ),
        // By primary key, or of an owner by subscriptions_by_owner, which ends in the id.
        ("subscription_of", format!("{ID}, 'owner 7'"), &[]),
        (
            "subscription_summaries",
            IDS.to_owned(),
            &["subscriptions_pkey"],
        ),
        (
            "subscriptions_by_id",
            IDS.to_owned(),
            &["subscriptions_pkey"],
        ),
        ("try_lock_keys", "ARRAY[1]".to_owned(), &[]),
        ("update_subscription", subscription, &["subscriptions_pkey"]),
        ("used_keys", "100".to_owned(), &["subscriptions_by_key"]),
        (
            "waiting_of_owner",
            "'owner 7', 7::smallint, 1000".to_owned(),
            &["subscriptions_by_owner", "job_lane"],
        ),
        (
            "window_messages",
            format!("'', {ID}, 500"),
            &["messages_pkey"],
        ),
    ]
}

fn message() -> String {
    format!(
        "{IDS}, ARRAY['e'], ARRAY['o'], ARRAY[1], ARRAY['w'], {IDS}, ARRAY[1], ARRAY[1], ARRAY['k'], ARRAY['l']"
    )
}
