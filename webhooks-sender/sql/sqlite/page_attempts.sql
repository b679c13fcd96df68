-- What one subscription saw, newest first, behind a cursor; attempts of one moment are ordered by their key. By the index
-- attempts_by_subscription.
SELECT a.delivery, a.claim, a.message, a.subscription, a.number, a.at, a.duration_ms, a.status, a.error, a.response FROM {prefix}attempts AS a
WHERE a.subscription = ?1 AND a.at <= ?2 AND (a.at < ?2 OR (a.delivery, a.claim) < (?3, ?4))
  AND (?6 IS NULL
    OR EXISTS (SELECT 1 FROM {prefix}subscriptions AS s WHERE s.id = ?1 AND s.owner = ?6))
ORDER BY a.at DESC, a.delivery DESC, a.claim DESC LIMIT ?5
