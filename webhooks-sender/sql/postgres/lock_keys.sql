-- Waits for these advisory locks, one after the other in the order given; no table is read.
SELECT given.hash, pg_advisory_xact_lock(given.hash) FROM unnest($1::bigint[]) AS given (hash)
