-- What one subscription saw, newest first. By the index attempts_by_subscription.
SELECT a.delivery, a.claim, a.message, a.subscription, a.number, a.at, a.duration_ms, a.status, a.error, a.response FROM {prefix}attempts AS a WHERE a.subscription = ?1 AND a.at < ?2 ORDER BY a.at DESC LIMIT ?3
