-- Remembers a warning; nothing happens when it was given already. By primary key.
UPDATE {prefix}subscriptions SET warned = ?2 WHERE id = ?1 AND warned < ?2
