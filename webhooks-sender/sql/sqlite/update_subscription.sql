-- Everything that can change. A fresh failure window, because what was changed may have been the cause.
UPDATE {prefix}subscriptions
SET target = ?2, settings = ?3, secrets = ?4, sealing_key = ?5, state = ?6, changed = ?7, expires = ?8,
    revision = revision + 1, failures = 0, failing_since = NULL, warned = 0
WHERE id = ?1
