-- A page of one owner's messages, newest first. By the index messages_by_owner.
SELECT m.id, m.event, m.owner, m.bare, m.wire, m.body, m.created, m.expires, m.labels FROM {prefix}messages AS m WHERE m.owner = ?1 AND m.id < ?2 ORDER BY m.id DESC LIMIT ?3
