"""The ledger, PINs, and the money that agents hold."""

from collections.abc import Iterable, Iterator

from sqlite_utils import Database

from store import chain, limits


def ledger(db: Database) -> None:
    """Postings and balances; events and postings as chains that are only added to."""
    for statement in (
        "ALTER TABLE events RENAME TO events_before",
        "DROP INDEX events_subject",
        """CREATE TABLE events (
            seq INTEGER PRIMARY KEY CHECK (seq > 0),
            id TEXT NOT NULL UNIQUE,
            at TEXT NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            details TEXT NOT NULL,
            hash TEXT NOT NULL
        ) STRICT""",
        f"""CREATE TABLE postings (
            seq INTEGER PRIMARY KEY CHECK (seq > 0),
            at TEXT NOT NULL,
            key TEXT NOT NULL UNIQUE,
            debit TEXT NOT NULL,
            credit TEXT NOT NULL,
            amount INTEGER NOT NULL CHECK (amount BETWEEN 1 AND {limits.RUPIAH}),
            order_id INTEGER REFERENCES orders (id),
            reason TEXT NOT NULL DEFAULT '',
            undoes TEXT UNIQUE REFERENCES postings (key),
            hash TEXT NOT NULL,
            CHECK (debit <> credit),
            CHECK (undoes IS NULL OR reason <> '')
        ) STRICT""",
        "CREATE INDEX postings_order ON postings (order_id, seq)",
        """CREATE TABLE balances (
            account TEXT PRIMARY KEY,
            balance INTEGER NOT NULL CHECK (balance >= 0)
        ) STRICT""",
    ):
        db.execute(statement)
    old = "SELECT id, at, actor, action, subject, details FROM events_before ORDER BY id"
    db.conn.executemany(
        "INSERT INTO events (seq, id, at, actor, action, subject, details, hash)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        _chained(db.execute(old)),
    )
    db.execute("DROP TABLE events_before")
    db.execute("CREATE INDEX events_subject ON events (subject, seq)")
    for table, known in (("events", "id"), ("postings", "key")):
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} are only added to'); END"
        # INSERT OR REPLACE takes a row away without calling the trigger on DELETE.
        there = f"EXISTS (SELECT 1 FROM {table} WHERE seq = new.seq OR {known} = new.{known})"
        for name, when in (
            ("change", f"UPDATE ON {table}"),
            ("removal", f"DELETE ON {table}"),
            ("replacement", f"INSERT ON {table} WHEN {there}"),
        ):
            db.execute(f"CREATE TRIGGER {table}_no_{name} BEFORE {when} {refuse}")


def _chained(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[int | str, ...]]:
    """Rows of events with the `seq` and `hash` that they get."""
    before = chain.NOTHING.hash
    for seq, row in enumerate(rows, 1):
        before = chain.link(before, dict(zip(chain.CHAINS["events"], (seq, *row), strict=True)))
        yield (seq, *row, before)


def pins(db: Database) -> None:
    """PINs and their wrong tries, and several commands that wait for one phone."""
    for statement in (
        """CREATE TABLE pins (
            person_id INTEGER PRIMARY KEY REFERENCES people (id),
            hash TEXT NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,
            locked_until TEXT,
            set_at TEXT NOT NULL
        ) STRICT""",
        "CREATE TABLE wrong_pins (id TEXT PRIMARY KEY, at TEXT NOT NULL) STRICT",
        "CREATE INDEX wrong_pins_at ON wrong_pins (at)",
        # What waits lives ten minutes, so nothing is lost that could not be asked again.
        "DROP TABLE confirmations",
        """CREATE TABLE confirmations (
            msisdn TEXT NOT NULL,
            topic TEXT NOT NULL,
            number INTEGER NOT NULL,
            keyword TEXT NOT NULL,
            args TEXT NOT NULL,
            nonce TEXT NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,
            expires_at TEXT NOT NULL,
            PRIMARY KEY (msisdn, topic)
        ) STRICT""",
        # Whose messages are whose, for somebody who asks that they be erased.
        "CREATE INDEX inbox_phone ON inbox (msisdn)",
    ):
        db.execute(statement)


def money(db: Database) -> None:
    """What agents hold for orders, who gets it, complaints, and cash that agents hand on."""
    rupiah = f"INTEGER NOT NULL CHECK ({{}} BETWEEN 1 AND {limits.RUPIAH})"
    for statement in (
        "ALTER TABLE orders ADD COLUMN kiosk_id INTEGER REFERENCES people (id)",
        "ALTER TABLE orders ADD COLUMN courier_id INTEGER REFERENCES people (id)",
        "ALTER TABLE orders ADD COLUMN handed_at TEXT",
        "ALTER TABLE orders ADD COLUMN courier_fee INTEGER NOT NULL DEFAULT 0",
        f"""CREATE TABLE escrows (
            id INTEGER PRIMARY KEY,
            order_id INTEGER NOT NULL REFERENCES orders (id),
            agent_id INTEGER NOT NULL REFERENCES people (id),
            amount {rupiah.format("amount")},
            state TEXT NOT NULL,
            held_at TEXT NOT NULL,
            changed_at TEXT NOT NULL
        ) STRICT""",
        "CREATE UNIQUE INDEX escrows_order ON escrows (order_id) WHERE state <> 'void'",
        "CREATE INDEX escrows_agent ON escrows (agent_id) WHERE state IN ('held', 'frozen')",
        f"""CREATE TABLE payouts (
            id INTEGER PRIMARY KEY,
            order_id INTEGER NOT NULL REFERENCES orders (id),
            role TEXT NOT NULL CHECK (role IN ('seller', 'buyer', 'courier')),
            person_id INTEGER NOT NULL REFERENCES people (id),
            agent_id INTEGER NOT NULL REFERENCES people (id),
            amount {rupiah.format("amount")},
            state TEXT NOT NULL,
            code_nonce TEXT NOT NULL,
            code_tries INTEGER NOT NULL DEFAULT 0
                CHECK (code_tries BETWEEN 0 AND {limits.CODE_TRIES}),
            owed_at TEXT NOT NULL,
            changed_at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX payouts_order ON payouts (order_id)",
        "CREATE INDEX payouts_person ON payouts (person_id) WHERE state = 'due'",
        "CREATE INDEX payouts_agent ON payouts (agent_id) WHERE state = 'due'",
        f"""CREATE TABLE disputes (
            id INTEGER PRIMARY KEY,
            order_id INTEGER NOT NULL UNIQUE REFERENCES orders (id),
            side TEXT NOT NULL CHECK (side IN ('buyer', 'seller', 'agent')),
            complaint TEXT NOT NULL,
            told TEXT NOT NULL CHECK (length(told) <= {limits.REASON}),
            reply TEXT NOT NULL DEFAULT '' CHECK (length(reply) <= {limits.REASON}),
            paid INTEGER NOT NULL CHECK (paid BETWEEN 0 AND {limits.RUPIAH}),
            state TEXT NOT NULL,
            agent_id INTEGER REFERENCES people (id),
            first_id INTEGER REFERENCES people (id),
            percent INTEGER CHECK (percent BETWEEN 0 AND 100),
            owed INTEGER NOT NULL DEFAULT 0 CHECK (owed BETWEEN 0 AND {limits.RUPIAH}),
            opened_at TEXT NOT NULL,
            changed_at TEXT NOT NULL
        ) STRICT""",
        "CREATE INDEX disputes_agent ON disputes (agent_id, state)",
        f"""CREATE TABLE remittances (
            id INTEGER PRIMARY KEY,
            giver_id INTEGER NOT NULL REFERENCES people (id),
            taker_id INTEGER NOT NULL REFERENCES people (id),
            amount {rupiah.format("amount")},
            state TEXT NOT NULL,
            offered_at TEXT NOT NULL,
            changed_at TEXT NOT NULL,
            CHECK (giver_id <> taker_id)
        ) STRICT""",
        "CREATE INDEX remittances_taker ON remittances (taker_id) WHERE state = 'offered'",
        """CREATE TABLE remitted (
            remittance_id INTEGER NOT NULL REFERENCES remittances (id),
            order_id INTEGER NOT NULL REFERENCES orders (id),
            amount INTEGER NOT NULL,
            PRIMARY KEY (remittance_id, order_id)
        ) STRICT""",
        # what orders of before lack: when they were handed over, and that somebody asks
        """UPDATE orders SET handed_at = (
            SELECT MIN(at) FROM events WHERE subject = 'order:' || orders.id
            AND action IN ('order.hand_over', 'order.receive')
        )""",
        """INSERT INTO timers (kind, subject, due_at)
            SELECT 'order.overdue', id, strftime('%Y-%m-%dT%H:%M:%f000Z', changed_at, '+7 days')
            FROM orders WHERE state = 'sent'""",
        # those of before are not sealed; whoever is in one dials again
        "DELETE FROM sessions",
    ):
        db.execute(statement)
