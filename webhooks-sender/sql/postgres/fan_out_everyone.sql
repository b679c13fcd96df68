-- A page of all subscriptions with one pattern. By the index patterns_of_everyone, in its order.
SELECT subscription, owner FROM {prefix}patterns WHERE (pattern || '') = $1 AND (subscription || '') > $2
ORDER BY (subscription || '') LIMIT $3
