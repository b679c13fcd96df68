-- The attempts of one delivery, first to last. Of an owner, only those of its own messages or
-- subscriptions. By primary key.
SELECT a.delivery, a.claim, a.message, a.subscription, a.number, a.at, a.duration_ms, a.status, a.error, a.response FROM {prefix}attempts AS a WHERE a.delivery = ?1
  AND (?2 IS NULL
    OR EXISTS (SELECT 1 FROM {prefix}subscriptions AS s WHERE s.id = a.subscription AND s.owner = ?2)
    OR EXISTS (SELECT 1 FROM {prefix}messages AS m WHERE m.id = a.message AND m.owner = ?2))
ORDER BY a.claim
