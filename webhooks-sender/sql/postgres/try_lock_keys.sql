-- Those of these advisory locks that no other transaction holds; no table is read.
SELECT given.hash FROM unnest($1::bigint[]) AS given (hash) WHERE pg_try_advisory_xact_lock(given.hash)
