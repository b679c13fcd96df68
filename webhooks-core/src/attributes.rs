//! The attributes that declare webhooks.

pub use webhooks_macros::{
    whdelete, whead, whget, whhead, whoptions, whpatch, whpost, whput, whroute, whtrace, whview,
};
