-- By the index patterns_by_subscription.
DELETE FROM {prefix}patterns WHERE ('' || subscription) = $1
