-- Moves sequences on, never back. By primary key.
WITH given(subscription, last) AS (VALUES {rows})
INSERT INTO {prefix}sequence (subscription, last)
SELECT given.subscription, given.last FROM given WHERE given.subscription IS NOT NULL
ON CONFLICT (subscription) DO UPDATE SET last = max(last, excluded.last)
RETURNING subscription, last
