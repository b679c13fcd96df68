//! PostgreSQL: row locks that others skip, time from the server, wake-ups over `NOTIFY`.

mod dialect;
mod notify;
