"""The post: messages that come and go, the links that carry them, and what they cost."""

from sqlite_utils import Database

OUTBOX_STATES = (
    "'queued', 'sending', 'accepted', 'unknown', 'failed', 'delivered', 'undelivered',"
    " 'expired', 'blocked', 'merged', 'withdrawn'"
)


def post(db: Database) -> None:
    """What a message is about, when nobody wants it any more, which link is its next; the links.

    The three tables of messages that go out are made anew, for the states that came to be; what
    refers to them follows.
    """
    for statement in (
        "ALTER TABLE reports RENAME TO reports_before",
        "ALTER TABLE attempts RENAME TO attempts_before",
        "ALTER TABLE outbox RENAME TO outbox_before",
        *(
            f"DROP INDEX {name}"
            for name in (
                "outbox_due",
                "outbox_turn",
                "outbox_phone",
                "outbox_open",
                "attempts_external",
                "reports_unmatched",
                "inbox_new",
            )
        ),
        f"""CREATE TABLE outbox (
            id TEXT PRIMARY KEY,
            msisdn TEXT NOT NULL,
            text TEXT NOT NULL,
            notice TEXT NOT NULL,
            about TEXT NOT NULL DEFAULT '',
            priority INTEGER NOT NULL,
            resend INTEGER NOT NULL CHECK (resend IN (0, 1)),
            segments INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ({OUTBOX_STATES})),
            attempt INTEGER NOT NULL DEFAULT 0,
            route TEXT NOT NULL,
            created_at TEXT NOT NULL,
            next_at TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            provider TEXT,
            worker TEXT NOT NULL DEFAULT '',
            external_id TEXT,
            cost TEXT,
            reason TEXT,
            merged_into TEXT REFERENCES outbox (id)
        ) STRICT""",
        """INSERT INTO outbox (id, msisdn, text, notice, priority, resend, segments, state, attempt,
                               route, created_at, next_at, expires_at, provider, external_id, cost,
                               reason)
           SELECT id, msisdn, text, notice, priority, resend, segments, state, attempt,
                  COALESCE(provider, ''), created_at, next_at,
                  strftime('%Y-%m-%dT%H:%M:%S', substr(created_at, 1, 19), '+1 day') || '.000000Z',
                  provider, external_id, cost, reason
           FROM outbox_before""",
        "CREATE INDEX outbox_due ON outbox (state, next_at)",
        "CREATE INDEX outbox_turn ON outbox (state, priority, id)",
        "CREATE INDEX outbox_expiry ON outbox (state, expires_at)",
        "CREATE INDEX outbox_phone ON outbox (msisdn, id)",
        "CREATE INDEX outbox_open ON outbox (msisdn, id)"
        " WHERE state IN ('queued', 'sending', 'unknown')",
        "CREATE INDEX outbox_about ON outbox (about) WHERE state = 'queued' AND about <> ''",
        "CREATE INDEX outbox_merged ON outbox (merged_into, id) WHERE merged_into IS NOT NULL",
        "CREATE INDEX outbox_sending ON outbox (provider) WHERE state = 'sending'",
        """CREATE TABLE attempts (
            message_id TEXT NOT NULL REFERENCES outbox (id),
            attempt INTEGER NOT NULL,
            provider TEXT NOT NULL,
            started_at TEXT NOT NULL,
            outcome TEXT,
            external_id TEXT,
            reason TEXT,
            segments INTEGER NOT NULL DEFAULT 0,
            currency TEXT,
            amount INTEGER,
            PRIMARY KEY (message_id, attempt)
        ) STRICT""",
        """INSERT INTO attempts (message_id, attempt, provider, started_at, outcome, external_id,
                                 reason)
           SELECT message_id, attempt, provider, started_at, outcome, external_id, reason
           FROM attempts_before""",
        "CREATE INDEX attempts_external ON attempts (provider, external_id)",
        "CREATE INDEX attempts_started ON attempts (started_at)",
        """CREATE TABLE reports (
            provider TEXT NOT NULL,
            external_id TEXT NOT NULL,
            status TEXT NOT NULL,
            outcome TEXT NOT NULL,
            msisdn TEXT,
            reason TEXT,
            received_at TEXT NOT NULL,
            message_id TEXT REFERENCES outbox (id),
            PRIMARY KEY (provider, external_id, status)
        ) STRICT""",
        "INSERT INTO reports SELECT * FROM reports_before",
        "CREATE INDEX reports_unmatched ON reports (msisdn) WHERE message_id IS NULL",
        "DROP TABLE reports_before",
        "DROP TABLE attempts_before",
        "DROP TABLE outbox_before",
        """CREATE TABLE links (
            provider TEXT PRIMARY KEY,
            paid_until TEXT NOT NULL DEFAULT '',
            away_until TEXT NOT NULL DEFAULT '',
            why TEXT NOT NULL DEFAULT '',
            failures INTEGER NOT NULL DEFAULT 0,
            failed_with TEXT NOT NULL DEFAULT '',
            fetched TEXT NOT NULL DEFAULT ''
        ) STRICT""",
        "ALTER TABLE inbox RENAME TO inbox_before",
        """CREATE TABLE inbox (
            id TEXT PRIMARY KEY,
            provider TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('sms', 'hop')),
            external_id TEXT NOT NULL,
            twin TEXT,
            fetched INTEGER NOT NULL DEFAULT 0 CHECK (fetched IN (0, 1)),
            msisdn TEXT NOT NULL,
            text TEXT NOT NULL,
            mark TEXT NOT NULL DEFAULT '',
            sent_at TEXT,
            received_at TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('new', 'answered', 'failed', 'cut', 'old')),
            attempts INTEGER NOT NULL DEFAULT 0,
            next_at TEXT NOT NULL,
            UNIQUE (provider, kind, external_id),
            UNIQUE (provider, kind, twin)
        ) STRICT""",
        """INSERT INTO inbox (id, provider, kind, external_id, msisdn, text, received_at, state,
                              attempts, next_at)
           SELECT id, provider, kind, external_id, msisdn, text, received_at, state, attempts,
                  next_at
           FROM inbox_before""",
        "DROP TABLE inbox_before",
        "CREATE INDEX inbox_new ON inbox (id) WHERE state = 'new'",
        "CREATE INDEX inbox_phone ON inbox (msisdn, received_at)",
        """CREATE TABLE parts (
            provider TEXT NOT NULL,
            msisdn TEXT NOT NULL,
            reference TEXT NOT NULL,
            total INTEGER NOT NULL,
            number INTEGER NOT NULL,
            external_id TEXT NOT NULL,
            text TEXT NOT NULL,
            received_at TEXT NOT NULL,
            PRIMARY KEY (provider, msisdn, reference, total, number)
        ) STRICT""",
        """CREATE TABLE consents (
            msisdn TEXT NOT NULL,
            purpose TEXT NOT NULL,
            given INTEGER NOT NULL CHECK (given IN (0, 1)),
            at TEXT NOT NULL,
            PRIMARY KEY (msisdn, purpose)
        ) STRICT""",
        """INSERT INTO consents (msisdn, purpose, given, at)
           SELECT msisdn, 'news', 0, stopped_at FROM phones WHERE stopped_at IS NOT NULL""",
        "ALTER TABLE phones DROP COLUMN stopped_at",
    ):
        db.execute(statement)
