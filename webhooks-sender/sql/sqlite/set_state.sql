-- Switches a subscription on or off, with a fresh failure window. By primary key. With a revision, only what
-- has not been changed since.
UPDATE {prefix}subscriptions
SET state = ?2, changed = ?3, revision = revision + 1, failures = 0, failing_since = NULL, warned = 0
WHERE id = ?1 AND state <> ?2 AND (?4 IS NULL OR revision = ?4)
