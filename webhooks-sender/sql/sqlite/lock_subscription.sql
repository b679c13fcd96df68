-- The transaction has the whole database to itself already (`BEGIN IMMEDIATE`). By primary key.
SELECT id FROM {prefix}subscriptions WHERE id = ?1 AND (?2 IS NULL OR owner = ?2)
