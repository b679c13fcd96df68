-- A page of one owner, of at most ?3. By the index subscriptions_by_owner.
-- Those whose settings name an event (?4, as it stands in JSON) or a pattern, those with a text (?5, in lower case; of what has
-- other letters than ASCII's this is not asked here), and in any case the last one, so that the next ones are found behind it.
WITH looked AS MATERIALIZED (
    SELECT s.id, s.owner, s.target, s.settings, s.secrets, s.state, s.static_key, s.own_key, s.failures, s.failing_since, s.created, s.changed, s.revision, s.warned
    FROM {prefix}subscriptions AS s
    WHERE s.owner = ?1 AND s.id > ?2 ORDER BY s.id LIMIT ?3
)
SELECT looked.*, (SELECT count(*) FROM looked) AS looked_at
FROM looked
WHERE (?4 IS NULL OR instr(looked.settings, ?4) > 0 OR instr(looked.settings, '*') > 0)
  AND (?5 IS NULL
       OR instr(lower(looked.target || ' ' || looked.settings || ' ' || coalesce(looked.static_key, '') || ' '
                      || coalesce(looked.own_key, '')), ?5) > 0
       OR length(CAST(looked.target || looked.settings || coalesce(looked.static_key, '') || coalesce(looked.own_key, '') AS BLOB))
          <> length(looked.target || looked.settings || coalesce(looked.static_key, '') || coalesce(looked.own_key, '')))
   OR looked.id = (SELECT max(id) FROM looked)
