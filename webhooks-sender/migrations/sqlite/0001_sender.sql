-- Who wants which events. Secrets may be encrypted; settings are JSON.
CREATE TABLE {prefix}subscriptions (
    id BLOB NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    target TEXT NOT NULL,
    settings TEXT NOT NULL,
    secrets BLOB NOT NULL,
    -- The id of the key that sealed them; empty where there was no key.
    sealing_key TEXT NOT NULL,
    state TEXT NOT NULL,
    -- The key in the configuration, for a static subscription.
    static_key TEXT UNIQUE,
    failures INTEGER NOT NULL DEFAULT 0,
    failing_since INTEGER,
    -- How much of the rule of deactivation was warned of, in percent.
    warned INTEGER NOT NULL DEFAULT 0,
    -- When it ends by itself.
    expires INTEGER,
    -- The key under which the application keeps it.
    own_key TEXT,
    -- What made the request for it repeatable.
    request_key TEXT,
    created INTEGER NOT NULL,
    changed INTEGER NOT NULL,
    -- Counts changes, so that workers know when what they keep in memory is old.
    revision INTEGER NOT NULL DEFAULT 1
) STRICT, WITHOUT ROWID;

-- What they hold back, for a health check. Few are paused, and their state changes seldom.
CREATE INDEX {prefix}subscriptions_paused ON {prefix}subscriptions (state, id) WHERE state = 'paused';
-- Pages of one owner's subscriptions, and removal with the owner.
CREATE INDEX {prefix}subscriptions_by_owner ON {prefix}subscriptions (owner, id);
-- Those that are not active: few, and their state changes seldom.
CREATE INDEX {prefix}subscriptions_by_state ON {prefix}subscriptions (state, id) WHERE state <> 'active';
CREATE INDEX {prefix}subscriptions_by_owner_state ON {prefix}subscriptions (owner, state, id) WHERE state <> 'active';

-- What ends next.
CREATE INDEX {prefix}subscriptions_by_expiry ON {prefix}subscriptions (expires) WHERE expires IS NOT NULL AND state <> 'expired';
-- What the application keeps under a key.
CREATE UNIQUE INDEX {prefix}subscriptions_by_own_key ON {prefix}subscriptions (owner, own_key) WHERE own_key IS NOT NULL;
-- Asking for a subscription twice.
CREATE UNIQUE INDEX {prefix}subscriptions_by_request ON {prefix}subscriptions (owner, request_key) WHERE request_key IS NOT NULL;
-- What is sealed with which key: looked at when a sender starts, and when all is sealed anew.
CREATE INDEX {prefix}subscriptions_by_key ON {prefix}subscriptions (sealing_key, id);

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
    labels TEXT,
    -- The message that this one repeats, under an id of its own.
    replay_of BLOB
) STRICT;

-- Pages of one owner's messages, newest first.
CREATE INDEX {prefix}messages_by_owner ON {prefix}messages (owner, id);
-- Sending twice with one key.
CREATE UNIQUE INDEX {prefix}messages_by_key ON {prefix}messages (owner, idempotency_key) WHERE idempotency_key IS NOT NULL;

-- Work over many rows: replays, erasures, exchanging the sealing key. Done page by page; the row is the lease and the
-- progress. An empty owner is the operator.
CREATE TABLE {prefix}bulk_jobs (
    id BLOB NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    kind TEXT NOT NULL,
    subscription BLOB,
    message BLOB,
    -- What was asked for, and how far it has come, as JSON.
    request TEXT NOT NULL,
    progress TEXT NOT NULL,
    dry_run INTEGER NOT NULL,
    state TEXT NOT NULL,
    done INTEGER NOT NULL DEFAULT 0,
    reason TEXT,
    created INTEGER NOT NULL,
    finished INTEGER,
    -- When the next page may be done: later than now while a process has it.
    due INTEGER NOT NULL,
    -- How often a page was begun since the last one that was done.
    starts INTEGER NOT NULL DEFAULT 0,
    -- Counts the writes: a process that was too slow writes nothing.
    version INTEGER NOT NULL DEFAULT 1,
    -- What only one unfinished job may do.
    exclusive TEXT UNIQUE
) STRICT;

-- What is to be done next.
CREATE INDEX {prefix}bulk_jobs_due ON {prefix}bulk_jobs (due) WHERE state = 'running';
-- Pages of one owner's jobs, newest first.
CREATE INDEX {prefix}bulk_jobs_by_owner ON {prefix}bulk_jobs (owner, id);

-- Which job made a delivery again, for each of its generations.
CREATE TABLE {prefix}replayed (
    delivery BLOB NOT NULL,
    generation INTEGER NOT NULL,
    job BLOB NOT NULL,
    PRIMARY KEY (delivery, generation)
) STRICT, WITHOUT ROWID;

-- Who changed what, and when. The id begins with the time. An empty owner: it was done for all.
CREATE TABLE {prefix}audit (
    id BLOB NOT NULL PRIMARY KEY,
    owner TEXT NOT NULL,
    -- Who did it, as the application calls them; NULL for the application itself.
    actor TEXT,
    action TEXT NOT NULL,
    -- The id of what was changed.
    subject TEXT NOT NULL,
    -- What can be shown of it, as JSON: the members that differ.
    before TEXT,
    after TEXT
) STRICT, WITHOUT ROWID;

-- Pages of one owner's trail, newest first.
CREATE INDEX {prefix}audit_by_owner ON {prefix}audit (owner, id);
-- What happened to one thing.
CREATE INDEX {prefix}audit_by_subject ON {prefix}audit (subject, id);

-- What a link gives to those who open it. The key is the hash of its one-time code, and once that was redeemed, the hash of
-- the session's token: neither can be read here.
CREATE TABLE {prefix}grants (
    hash BLOB NOT NULL PRIMARY KEY,
    id BLOB NOT NULL,
    owner TEXT NOT NULL,
    -- What is granted, as the application wrote it.
    content TEXT NOT NULL,
    is_code INTEGER NOT NULL,
    expires INTEGER NOT NULL,
    -- How long a session lasts, in milliseconds.
    lasts INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What is taken back from one owner.
CREATE INDEX {prefix}grants_by_owner ON {prefix}grants (owner);
-- What is over.
CREATE INDEX {prefix}grants_by_end ON {prefix}grants (expires);

-- How far the numbers of a subscription have come, where its deliveries are numbered.
CREATE TABLE {prefix}sequence (
    subscription BLOB NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Which number a delivery has. It keeps it as long as it is kept itself.
CREATE TABLE {prefix}sequence_number (
    delivery BLOB NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- What holds all deliveries back: a row while it does.
CREATE TABLE {prefix}pause (
    name TEXT NOT NULL PRIMARY KEY,
    since INTEGER NOT NULL,
    -- Who did it, as the application calls them; NULL for the application itself.
    actor TEXT
) STRICT, WITHOUT ROWID;
