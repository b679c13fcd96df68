-- Adds to the failure windows of a batch and returns them, for the rule of deactivation. By primary key. A window that
-- began in the future, by a clock that was wrong, begins anew.
-- The ids are said twice: for a long list SQLite would rather read the table whole and look each row up in the list.
WITH given(id, failures, at) AS (VALUES {rows})
UPDATE {prefix}subscriptions AS s
SET failures = s.failures + given.failures,
    failing_since = MIN(COALESCE(s.failing_since, given.at), given.at)
FROM given WHERE s.id IN (SELECT id FROM given) AND s.id = given.id
RETURNING id, failures, failing_since, state, warned
