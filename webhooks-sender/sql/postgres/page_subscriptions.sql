-- A page of all, of at most $2. By primary key.
-- Those whose settings name an event ($3, as it stands in JSON) or a pattern, those with a text ($4, in lower case; of what has
-- other letters than ASCII's this is not asked here), and in any case the last one, so that the next ones are found behind it.
WITH looked AS MATERIALIZED (
    SELECT s.id, s.owner, s.target, s.settings, s.secrets, s.state, s.static_key, s.own_key, s.failures, s.failing_since, s.created, s.changed, s.revision, s.warned
    FROM {prefix}subscriptions AS s WHERE s.id > $1 ORDER BY s.id LIMIT $2
)
SELECT looked.*, (SELECT count(*) FROM looked) AS looked_at
FROM looked
WHERE ($3::text IS NULL OR strpos(looked.settings, $3::text) > 0 OR strpos(looked.settings, '*') > 0)
  AND ($4::text IS NULL
       OR strpos(lower((looked.target || ' ' || looked.settings || ' ' || coalesce(looked.static_key, '') || ' '
                        || coalesce(looked.own_key, '')) COLLATE "C"), $4::text) > 0
       OR octet_length(looked.target || looked.settings || coalesce(looked.static_key, '') || coalesce(looked.own_key, ''))
          <> length(looked.target || looked.settings || coalesce(looked.static_key, '') || coalesce(looked.own_key, '')))
   OR looked.id = (SELECT id FROM looked ORDER BY id DESC LIMIT 1)
