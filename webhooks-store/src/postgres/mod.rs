//! PostgreSQL: row locks that others skip, time from the server, wake-ups over `NOTIFY`, a history in partitions.

mod dialect;
mod notify;
mod own;
mod partition;
