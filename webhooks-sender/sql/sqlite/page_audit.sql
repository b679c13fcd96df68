-- A page of the whole trail below an id, newest first. By primary key.
SELECT a.id, a.owner, a.actor, a.action, a.subject, a.before, a.after FROM {prefix}audit AS a
WHERE a.id < ?1 ORDER BY a.id DESC LIMIT ?2
