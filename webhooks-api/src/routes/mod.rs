//! The operations, a file for each kind of thing.

pub(crate) mod attempts;
pub(crate) mod audit;
pub(crate) mod deliveries;
pub(crate) mod errors;
pub(crate) mod events;
pub(crate) mod features;
pub(crate) mod hooks;
pub(crate) mod jobs;
pub(crate) mod keeping;
pub(crate) mod live;
pub(crate) mod messages;
pub(crate) mod metrics;
pub(crate) mod open;
pub(crate) mod pause;
mod period;
pub(crate) mod polling;
pub(crate) mod queue;
pub(crate) mod redelivery;
pub(crate) mod running;
pub(crate) mod samples;
pub(crate) mod statistics;
pub(crate) mod subscription_patch;
pub(crate) mod subscriptions;
pub(crate) mod switching;
pub(crate) mod targets;

use std::marker::PhantomData;

use webhooks_core::Method::{Delete, Get, Options, Patch, Post, Put};
use webhooks_sender::database::Database;

use crate::access::Ability::{Change, Payload, Replay, Secret, Send, Test, View};
use crate::operation::{Operation, Run};

/// What the operations do with the database of a sender.
pub(crate) struct Table<D>(PhantomData<D>);

/// A row: method, path, ability, for operators alone, and the two functions behind it.
macro_rules! table {
    ($($method:ident $path:literal $ability:ident $operators:literal $file:ident :: $name:ident $describe:ident;)*) => {
        /// Every operation, in the order of the document.
        pub(crate) const OPERATIONS: &[Operation] = &[$(
            Operation {
                method: $method,
                path: $path,
                ability: $ability,
                is_operators: $operators,
                describe: $file::$describe,
            },
        )*];

        impl<D: Database> Table<D> {
            /// What each of them does, in the same order.
            pub(crate) const RUN: &'static [Run<D>] = &[$(|call| Box::pin($file::$name(call)),)*];
        }
    };
}

table! {
    Get "/events" View false events::list describe_list;
    Get "/events/{name}" View false events::one describe_one;
    Get "/events/{name}/samples" Payload false samples::of_event describe_of_event;
    Get "/subscriptions" View false subscriptions::list describe_list;
    Post "/subscriptions" Change false subscriptions::create describe_create;
    Options "/subscriptions" View false features::show describe_show;
    Put "/subscriptions/by-key/{key}" Change true keeping::keep describe_keep;
    Get "/subscriptions/{id}" View false subscriptions::one describe_one;
    Patch "/subscriptions/{id}" Change false subscriptions::change describe_change;
    Delete "/subscriptions/{id}" Change false subscriptions::remove describe_remove;
    Post "/subscriptions/{id}/pause" Change false switching::pause describe_pause;
    Post "/subscriptions/{id}/activate" Change false switching::activate describe_activate;
    Post "/subscriptions/{id}/rotate-secret" Secret false switching::rotate describe_rotate;
    Post "/subscriptions/{id}/end-grace" Secret false switching::end_grace describe_end_grace;
    Post "/subscriptions/{id}/test" Test false switching::test describe_test;
    Post "/subscriptions/{id}/poll" Payload false polling::poll describe_poll;
    Post "/subscriptions/{id}/replays" Replay false jobs::replay describe_replay;
    Get "/subscriptions/{id}/attempts" View false attempts::of_subscription describe_of_subscription;
    Get "/subscriptions/{id}/samples" Payload false samples::of_subscription describe_of_subscription;
    Get "/subscriptions/{id}/stats" View false statistics::show describe_show;
    Get "/subscriptions/{id}/missed" View false statistics::missed describe_missed;
    Get "/messages" View false messages::list describe_list;
    Post "/messages" Send true messages::send describe_send;
    Get "/messages/{id}" View false messages::one describe_one;
    Get "/messages/{id}/deliveries" View false messages::deliveries describe_deliveries;
    Post "/messages/{id}/replay" Replay false jobs::replay_message describe_replay_message;
    Delete "/messages/{id}/payload" Change true jobs::erase describe_erase;
    Get "/deliveries" View false deliveries::list describe_list;
    Post "/deliveries/retry" Replay false jobs::retry_all describe_retry_all;
    Get "/deliveries/{id}" View false deliveries::one describe_one;
    Get "/deliveries/{id}/attempts" View false attempts::of_delivery describe_of_delivery;
    Post "/deliveries/{id}/retry" Replay false redelivery::retry describe_retry;
    Post "/deliveries/{id}/cancel" Replay false redelivery::cancel describe_cancel;
    Get "/attempts" View false attempts::list describe_list;
    Get "/attempts/{id}" View false attempts::one describe_one;
    Get "/attempts/{id}/request" Payload false attempts::request describe_request;
    Get "/live" View false live::stream describe_stream;
    Get "/audit" View false audit::list describe_list;
    Get "/jobs" View false jobs::list describe_list;
    Get "/jobs/{id}" View false jobs::one describe_one;
    Delete "/jobs/{id}" Replay false jobs::cancel describe_cancel;
    Get "/hooks" View false hooks::list describe_list;
    Post "/hooks" Change false hooks::subscribe describe_subscribe;
    Get "/hooks/{id}" View false hooks::one describe_one;
    Delete "/hooks/{id}" Change false hooks::unsubscribe describe_unsubscribe;
    Post "/targets/check" Change false targets::check describe_check;
    Get "/queue" View true queue::show describe_show;
    Get "/health" View true queue::health describe_health;
    Get "/metrics/messages" View true metrics::messages describe_messages;
    Get "/metrics/deliveries" View true metrics::deliveries describe_deliveries;
    Get "/metrics/attempts" View true metrics::attempts describe_attempts;
    Get "/owners" View true running::owners describe_owners;
    Get "/processes" View true running::processes describe_processes;
    Get "/sealing-keys" View true running::sealing_keys describe_sealing_keys;
    Get "/static-subscriptions" View true running::static_subscriptions describe_static;
    Get "/retention" View true running::retention describe_retention;
    Get "/pause" View true pause::show describe_show;
    Post "/pause" Change true pause::pause describe_pause;
    Delete "/pause" Change true pause::resume describe_resume;
}
