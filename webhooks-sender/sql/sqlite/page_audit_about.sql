-- The same of one thing; of an owner, only where it is the owner's. By the index audit_by_subject.
SELECT a.id, a.owner, a.actor, a.action, a.subject, a.before, a.after FROM {prefix}audit AS a
WHERE a.subject = ?1 AND a.id < ?2 AND (?4 IS NULL OR a.owner = ?4) ORDER BY a.id DESC LIMIT ?3
