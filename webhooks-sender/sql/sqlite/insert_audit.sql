-- One change. By primary key.
INSERT INTO {prefix}audit (id, owner, actor, action, subject, before, after) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
