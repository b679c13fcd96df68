-- By primary key.
DELETE FROM {prefix}subscriptions WHERE id = ?1
