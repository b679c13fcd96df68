-- One transaction at a time adds to what an owner has, so that a limit holds; held until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended(current_schema() || '.{prefix}owner.' || $1, 0))
