-- Moves sequences on, never back, and locks them in one order until the transaction ends. By primary key.
INSERT INTO {prefix}sequence AS s (subscription, last)
SELECT given.subscription, given.last FROM unnest($1::bytea[], $2::bigint[]) AS given (subscription, last)
ORDER BY given.subscription
ON CONFLICT (subscription) DO UPDATE SET last = GREATEST(s.last, excluded.last)
RETURNING subscription, last
