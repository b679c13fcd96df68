-- Locks jobs in the order of their ids, which every program that changes several jobs keeps to: found by primary key.
SELECT id FROM {prefix}job WHERE id = ANY ($1::bytea[]) ORDER BY id FOR UPDATE;
