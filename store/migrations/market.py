"""Places, people, listings, orders, and the conversation."""

from sqlite_utils import Database

from store import limits
from store.data_files import data_rows


def places(db: Database) -> None:
    """The 10 regencies, 117 districts and 1,166 villages of the province."""
    for statement in (
        "CREATE TABLE regencies (code TEXT PRIMARY KEY, name TEXT NOT NULL) STRICT",
        """CREATE TABLE districts (
            code TEXT PRIMARY KEY,
            regency_code TEXT NOT NULL REFERENCES regencies (code),
            name TEXT NOT NULL
        ) STRICT""",
        """CREATE TABLE villages (
            code TEXT PRIMARY KEY,
            district_code TEXT NOT NULL REFERENCES districts (code),
            name TEXT NOT NULL
        ) STRICT""",
    ):
        db.execute(statement)
    for table in ("regencies", "districts", "villages"):
        rows = (
            {name: text for name, text in row.items() if name != "province_code"}
            for row in data_rows(f"ntb_{table}.csv")
        )
        db.table(table).insert_all(rows)


def market(db: Database) -> None:
    """People, listings, orders, and what happened to them."""
    for statement in (
        "CREATE TABLE counters (name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT",
        """CREATE TABLE phones (
            msisdn TEXT PRIMARY KEY CHECK (length(msisdn) BETWEEN 9 AND 16),
            lang TEXT NOT NULL,
            stopped_at TEXT
        ) STRICT""",
        f"""CREATE TABLE people (
            id INTEGER PRIMARY KEY,
            msisdn TEXT NOT NULL UNIQUE CHECK (length(msisdn) BETWEEN 9 AND 16),
            name TEXT NOT NULL CHECK (length(name) BETWEEN 2 AND {limits.NAME}),
            village_code TEXT NOT NULL REFERENCES villages (code),
            consented_at TEXT NOT NULL,
            vouched_by INTEGER REFERENCES people (id),
            demo INTEGER NOT NULL DEFAULT 0 CHECK (demo IN (0, 1))
        ) STRICT""",
        f"""CREATE TABLE listings (
            id INTEGER PRIMARY KEY,
            number TEXT NOT NULL UNIQUE CHECK (length(number) <= {limits.NUMBER}),
            seller_id INTEGER NOT NULL REFERENCES people (id),
            category TEXT NOT NULL,
            title TEXT NOT NULL CHECK (length(title) BETWEEN 2 AND {limits.TITLE}),
            unit TEXT NOT NULL CHECK (length(unit) BETWEEN 1 AND {limits.UNIT}),
            price INTEGER NOT NULL CHECK (price BETWEEN 1 AND {limits.RUPIAH}),
            stock INTEGER NOT NULL CHECK (stock >= 0),
            reserved INTEGER NOT NULL DEFAULT 0 CHECK (reserved >= 0),
            sold INTEGER NOT NULL DEFAULT 0 CHECK (sold >= 0),
            listed_at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX listings_seller ON listings (seller_id)",
        "CREATE INDEX listings_category ON listings (category, id)",
        f"""CREATE TABLE orders (
            id INTEGER PRIMARY KEY,
            number TEXT NOT NULL UNIQUE CHECK (length(number) <= {limits.NUMBER}),
            listing_id INTEGER NOT NULL REFERENCES listings (id),
            buyer_id INTEGER NOT NULL REFERENCES people (id),
            seller_id INTEGER NOT NULL REFERENCES people (id),
            title TEXT NOT NULL,
            unit TEXT NOT NULL,
            quantity INTEGER NOT NULL CHECK (quantity BETWEEN 1 AND {limits.QUANTITY}),
            price INTEGER NOT NULL,
            total INTEGER NOT NULL CHECK (total = price * quantity AND total <= {limits.RUPIAH}),
            state TEXT NOT NULL,
            placed_at TEXT NOT NULL,
            answer_by TEXT NOT NULL,
            promised_by TEXT,
            code_nonce TEXT,
            code_tries INTEGER NOT NULL DEFAULT 0
                CHECK (code_tries BETWEEN 0 AND {limits.CODE_TRIES}),
            changed_at TEXT NOT NULL,
            CHECK (buyer_id <> seller_id)
        ) STRICT""",
        "CREATE INDEX orders_buyer ON orders (buyer_id, id)",
        "CREATE INDEX orders_seller ON orders (seller_id, id)",
        "CREATE INDEX orders_waiting ON orders (seller_id, id) WHERE state = 'waiting'",
        """CREATE TABLE events (
            id TEXT PRIMARY KEY,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            details TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX events_subject ON events (subject, id)",
    ):
        db.execute(statement)
    # Only a new title goes into the search index again, not every change of the stock.
    for statement in (
        """CREATE VIRTUAL TABLE listings_fts USING fts5 (
            title, content = listings, content_rowid = id,
            tokenize = 'unicode61 remove_diacritics 2'
        )""",
        """CREATE TRIGGER listings_fts_new AFTER INSERT ON listings BEGIN
            INSERT INTO listings_fts (rowid, title) VALUES (new.id, new.title);
        END""",
        """CREATE TRIGGER listings_fts_gone AFTER DELETE ON listings BEGIN
            INSERT INTO listings_fts (listings_fts, rowid, title)
            VALUES ('delete', old.id, old.title);
        END""",
        """CREATE TRIGGER listings_fts_retitled AFTER UPDATE OF title ON listings BEGIN
            INSERT INTO listings_fts (listings_fts, rowid, title)
            VALUES ('delete', old.id, old.title);
            INSERT INTO listings_fts (rowid, title) VALUES (new.id, new.title);
        END""",
    ):
        db.execute(statement)


def messages(db: Database) -> None:
    """The conversation: sessions, what waits for an answer, messages in and out, timers."""
    for statement in (
        """CREATE TABLE sessions (
            provider TEXT NOT NULL,
            session_id TEXT NOT NULL,
            msisdn TEXT NOT NULL,
            length INTEGER NOT NULL,
            mark TEXT NOT NULL,
            version INTEGER NOT NULL,
            frames TEXT NOT NULL,
            seen_at TEXT NOT NULL,
            ended INTEGER NOT NULL CHECK (ended IN (0, 1)),
            PRIMARY KEY (provider, session_id)
        ) STRICT""",
        "CREATE INDEX sessions_seen ON sessions (seen_at)",
        """CREATE TABLE hops (
            provider TEXT NOT NULL,
            session_id TEXT NOT NULL,
            mark TEXT NOT NULL,
            reply TEXT NOT NULL,
            PRIMARY KEY (provider, session_id, mark),
            FOREIGN KEY (provider, session_id) REFERENCES sessions (provider, session_id)
                ON DELETE CASCADE
        ) STRICT, WITHOUT ROWID""",
        """CREATE TABLE questions (
            msisdn TEXT NOT NULL,
            kind TEXT NOT NULL,
            details TEXT NOT NULL,
            asked_at TEXT NOT NULL,
            expires_at TEXT NOT NULL,
            PRIMARY KEY (msisdn, kind)
        ) STRICT""",
        """CREATE TABLE inbox (
            id TEXT PRIMARY KEY,
            provider TEXT NOT NULL,
            kind TEXT NOT NULL,
            external_id TEXT NOT NULL,
            msisdn TEXT NOT NULL,
            text TEXT NOT NULL,
            received_at TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('new', 'answered', 'failed')),
            attempts INTEGER NOT NULL DEFAULT 0,
            next_at TEXT NOT NULL,
            UNIQUE (provider, kind, external_id)
        ) STRICT""",
        "CREATE INDEX inbox_new ON inbox (id) WHERE state = 'new'",
        """CREATE TABLE outbox (
            id TEXT PRIMARY KEY,
            msisdn TEXT NOT NULL,
            text TEXT NOT NULL,
            notice TEXT NOT NULL,
            priority INTEGER NOT NULL,
            resend INTEGER NOT NULL CHECK (resend IN (0, 1)),
            segments INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN
                ('queued', 'sending', 'accepted', 'unknown', 'failed', 'delivered', 'undelivered')),
            attempt INTEGER NOT NULL DEFAULT 0,
            created_at TEXT NOT NULL,
            next_at TEXT NOT NULL,
            provider TEXT,
            external_id TEXT,
            cost TEXT,
            reason TEXT
        ) STRICT""",
        "CREATE INDEX outbox_due ON outbox (state, next_at)",
        "CREATE INDEX outbox_turn ON outbox (state, priority, id)",
        "CREATE INDEX outbox_phone ON outbox (msisdn, id)",
        "CREATE INDEX outbox_open ON outbox (msisdn, id) WHERE state IN ('queued', 'sending')",
        """CREATE TABLE attempts (
            message_id TEXT NOT NULL REFERENCES outbox (id),
            attempt INTEGER NOT NULL,
            provider TEXT NOT NULL,
            started_at TEXT NOT NULL,
            outcome TEXT,
            external_id TEXT,
            reason TEXT,
            PRIMARY KEY (message_id, attempt)
        ) STRICT""",
        "CREATE INDEX attempts_external ON attempts (provider, external_id)",
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
        "CREATE INDEX reports_unmatched ON reports (msisdn) WHERE message_id IS NULL",
        """CREATE TABLE spending (
            day TEXT PRIMARY KEY,
            segments INTEGER NOT NULL
        ) STRICT""",
        "CREATE TABLE heartbeats (name TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT",
        """CREATE TABLE timers (
            kind TEXT NOT NULL,
            subject TEXT NOT NULL,
            due_at TEXT NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0,
            PRIMARY KEY (kind, subject)
        ) STRICT""",
        "CREATE INDEX timers_due ON timers (due_at)",
    ):
        db.execute(statement)
