-- The same secrets under another key, unless they were changed meanwhile. By primary key. The revision stays: nothing that
-- a worker keeps in memory has become old.
UPDATE {prefix}subscriptions SET secrets = $2, sealing_key = $3 WHERE id = $1 AND secrets = $4
