-- One process at a time compares the static subscriptions with the configuration; held until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.{prefix}static_subscriptions', 0))
