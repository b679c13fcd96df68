-- The same of one owner. By the index audit_by_owner.
SELECT a.id, a.owner, a.actor, a.action, a.subject, a.before, a.after FROM {prefix}audit AS a
WHERE a.owner = ?1 AND a.id < ?2 ORDER BY a.id DESC LIMIT ?3
