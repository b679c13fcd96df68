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
pub(crate) mod portal_links;
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
use crate::operation::Audience::{Customers, Operators, Service};
use crate::operation::{Operation, Run};

/// What the operations do with the database of a sender.
pub(crate) struct Table<D>(PhantomData<D>);

/// A row: method, path, ability, for whom it is, and the two functions behind it.
macro_rules! table {
    ($($method:ident $path:literal $ability:ident $audience:ident $file:ident :: $name:ident $describe:ident;)*) => {
        /// Every operation, in the order of the document.
        pub(crate) const OPERATIONS: &[Operation] = &[$(
            Operation {
                method: $method,
                path: $path,
                ability: $ability,
                audience: $audience,
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
    Get "/events" View Customers events::list describe_list;
    Get "/events/{name}" View Customers events::one describe_one;
    Get "/events/{name}/samples" Payload Customers samples::of_event describe_of_event;
    Get "/subscriptions" View Customers subscriptions::list describe_list;
    Post "/subscriptions" Change Customers subscriptions::create describe_create;
    Options "/subscriptions" View Customers features::show describe_show;
    Put "/subscriptions-by-key/{key}" Change Operators keeping::keep describe_keep;
    Get "/subscriptions/{id}" View Customers subscriptions::one describe_one;
    Patch "/subscriptions/{id}" Change Customers subscriptions::change describe_change;
    Delete "/subscriptions/{id}" Change Customers subscriptions::remove describe_remove;
    Post "/subscriptions/{id}/pause" Change Customers switching::pause describe_pause;
    Post "/subscriptions/{id}/activate" Change Customers switching::activate describe_activate;
    Post "/subscriptions/{id}/rotate-secret" Secret Customers switching::rotate describe_rotate;
    Post "/subscriptions/{id}/end-grace" Secret Customers switching::end_grace describe_end_grace;
    Post "/subscriptions/{id}/test" Test Customers switching::test describe_test;
    Post "/subscriptions/{id}/poll" Payload Customers polling::poll describe_poll;
    Post "/subscriptions/{id}/replays" Replay Customers jobs::replay describe_replay;
    Get "/subscriptions/{id}/attempts" View Customers attempts::of_subscription describe_of_subscription;
    Get "/subscriptions/{id}/samples" Payload Customers samples::of_subscription describe_of_subscription;
    Get "/subscriptions/{id}/stats" View Customers statistics::show describe_show;
    Get "/subscriptions/{id}/missed" View Customers statistics::missed describe_missed;
    Get "/messages" View Customers messages::list describe_list;
    Post "/messages" Send Operators messages::send describe_send;
    Get "/messages/{id}" View Customers messages::one describe_one;
    Get "/messages/{id}/deliveries" View Customers messages::deliveries describe_deliveries;
    Post "/messages/{id}/replay" Replay Customers jobs::replay_message describe_replay_message;
    Delete "/messages/{id}/payload" Change Operators jobs::erase describe_erase;
    Get "/deliveries" View Customers deliveries::list describe_list;
    Post "/deliveries/retry" Replay Customers jobs::retry_all describe_retry_all;
    Get "/deliveries/{id}" View Customers deliveries::one describe_one;
    Get "/deliveries/{id}/attempts" View Customers attempts::of_delivery describe_of_delivery;
    Post "/deliveries/{id}/retry" Replay Customers redelivery::retry describe_retry;
    Post "/deliveries/{id}/cancel" Replay Customers redelivery::cancel describe_cancel;
    Get "/attempts" View Customers attempts::list describe_list;
    Get "/attempts/{id}" View Customers attempts::one describe_one;
    Get "/attempts/{id}/request" Payload Customers attempts::request describe_request;
    Get "/live" View Customers live::stream describe_stream;
    Get "/audit" View Customers audit::list describe_list;
    Get "/jobs" View Customers jobs::list describe_list;
    Get "/jobs/{id}" View Customers jobs::one describe_one;
    Delete "/jobs/{id}" Replay Customers jobs::cancel describe_cancel;
    Get "/hooks" View Customers hooks::list describe_list;
    Post "/hooks" Change Customers hooks::subscribe describe_subscribe;
    Get "/hooks/{id}" View Customers hooks::one describe_one;
    Delete "/hooks/{id}" Change Customers hooks::unsubscribe describe_unsubscribe;
    Post "/targets/check" Change Customers targets::check describe_check;
    Get "/queue" View Service queue::show describe_show;
    Get "/health" View Service queue::health describe_health;
    Get "/metrics/messages" View Operators metrics::messages describe_messages;
    Get "/metrics/deliveries" View Operators metrics::deliveries describe_deliveries;
    Get "/metrics/attempts" View Operators metrics::attempts describe_attempts;
    Get "/owners" View Service running::owners describe_owners;
    Get "/processes" View Service running::processes describe_processes;
    Get "/sealing-keys" View Service running::sealing_keys describe_sealing_keys;
    Get "/static-subscriptions" View Service running::static_subscriptions describe_static;
    Get "/retention" View Service running::retention describe_retention;
    Get "/pause" View Service pause::show describe_show;
    Post "/pause" Change Service pause::pause describe_pause;
    Delete "/pause" Change Service pause::resume describe_resume;
    Post "/portal-links" Change Operators portal_links::create describe_create;
    Delete "/portal-links" Change Operators portal_links::revoke describe_revoke;
}
