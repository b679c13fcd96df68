-- Who wants which events. Secrets may be encrypted; settings are JSON.
CREATE TABLE {prefix}subscriptions (
    id BLOB NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    target TEXT NOT NULL,
    settings TEXT NOT NULL,
    secrets BLOB NOT NULL,
    state TEXT NOT NULL,
    -- The key in the configuration, for a static subscription.
    static_key TEXT UNIQUE,
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since INTEGER,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    -- Counts changes, so that workers know when what they keep in memory is old.
    revision INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

-- What they hold back, for a health check. Few are paused, and their state changes seldom.
CREATE INDEX {prefix}subscriptions_paused ON {prefix}subscriptions (state, id) WHERE state = 'paused';
-- Pages of one owner's subscriptions, and removal with the owner.
CREATE INDEX {prefix}subscriptions_by_owner ON {prefix}subscriptions (owner, id);

-- One row per pattern of a subscription that gets messages; none of a subscription's patterns includes another, so
-- that an event meets each subscription once. The primary key is the lookup of every send.
CREATE TABLE {prefix}patterns (
    owner TEXT NOT NULL,
    pattern TEXT NOT NULL,
    subscription BLOB NOT NULL,
    PRIMARY KEY (owner, pattern, subscription)
) STRICT, WITHOUT ROWID;

-- Broadcasts, page by page.
CREATE INDEX {prefix}patterns_of_everyone ON {prefix}patterns (pattern, subscription);
-- Changing or removing a subscription.
CREATE INDEX {prefix}patterns_by_subscription ON {prefix}patterns (subscription);

-- One row per message, however many subscriptions get it. An empty owner is everyone.
CREATE TABLE {prefix}messages (
    id BLOB NOT NULL PRIMARY KEY,
    event TEXT NOT NULL,
    owner TEXT NOT NULL,
    -- 1: the body is the bare payload, the id is bound to the event, and the event may be told in a header.
    bare INTEGER NOT NULL,
    -- Method, parameters, content type as JSON; NULL for a POST of JSON without parameters.
    wire TEXT,
    -- NULL: the retention has removed it.
    body BLOB,
    created INTEGER NOT NULL,
    expires INTEGER,
    idempotency_key TEXT,
    labels TEXT
) STRICT;

-- Pages of one owner's messages, newest first.
CREATE INDEX {prefix}messages_by_owner ON {prefix}messages (owner, id);
-- Sending twice with one key.
CREATE UNIQUE INDEX {prefix}messages_by_key ON {prefix}messages (owner, idempotency_key) WHERE idempotency_key IS NOT NULL;
