//! The suite on PostgreSQL.

use webhooks_store::conformance::Fixture;

webhooks_store::conformance_tests!(
    #[ignore = "needs PostgreSQL: cargo xtask test"]
    conformance,
    Fixture::postgres()
);
