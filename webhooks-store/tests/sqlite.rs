//! The suite on SQLite, in memory and in a file.

use webhooks_store::conformance::Fixture;

webhooks_store::conformance_tests!(memory, Fixture::memory());
webhooks_store::conformance_tests!(file, Fixture::file());
