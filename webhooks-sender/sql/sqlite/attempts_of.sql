-- The attempts of one delivery, first to last. By primary key.
SELECT a.delivery, a.claim, a.message, a.subscription, a.number, a.at, a.duration_ms, a.status, a.error, a.response FROM {prefix}attempts AS a WHERE a.delivery = ?1 ORDER BY a.claim
