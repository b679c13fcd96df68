-- Everything that can change. A fresh failure window, because what was changed may have been the cause.
UPDATE {prefix}subscriptions
SET target = ?2, settings = ?3, secrets = ?4, sealing_key = ?5, state = ?6, changed = ?7, revision = revision + 1,
    failures = 0, failing_since = NULL
WHERE id = ?1
