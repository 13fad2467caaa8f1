"""The schema, as ordered migrations. A migration that has been released is never changed."""

import csv
from collections.abc import Iterable, Iterator
from pathlib import Path

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from store import chain, limits

DATA = Path(__file__).parent / "data"

migrations = Migrations("pasar")


def data_rows(name: str) -> Iterator[dict[str, str]]:
    """The rows of a data file of this folder; lines that begin with `#` are notices."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(line for line in file if not line.startswith("#"))


@migrations()
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


@migrations()
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


@migrations()
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


@migrations()
def trust(db: Database) -> None:
    """Agents, fraud reports, frozen people, and commands that wait to be confirmed."""
    for statement in (
        "ALTER TABLE people ADD COLUMN frozen_at TEXT",
        "CREATE INDEX people_vouched ON people (vouched_by)",
        f"""CREATE TABLE agents (
            person_id INTEGER PRIMARY KEY REFERENCES people (id),
            role TEXT NOT NULL CHECK (role IN ('agent', 'coordinator')),
            cap INTEGER NOT NULL CHECK (cap BETWEEN 0 AND {limits.RUPIAH}),
            appointed_at TEXT NOT NULL,
            dismissed_at TEXT
        ) STRICT""",
        f"""CREATE TABLE reports_of_fraud (
            id TEXT PRIMARY KEY,
            at TEXT NOT NULL,
            msisdn TEXT NOT NULL,
            person_id INTEGER NOT NULL REFERENCES people (id),
            why TEXT NOT NULL CHECK (length(why) <= {limits.REASON})
        ) STRICT""",
        "CREATE INDEX reports_of_fraud_phone ON reports_of_fraud (msisdn, at)",
        "CREATE INDEX reports_of_fraud_person ON reports_of_fraud (person_id, at)",
        """CREATE TABLE confirmations (
            msisdn TEXT PRIMARY KEY,
            number INTEGER NOT NULL,
            keyword TEXT NOT NULL,
            args TEXT NOT NULL,
            nonce TEXT NOT NULL,
            tries INTEGER NOT NULL DEFAULT 0,
            expires_at TEXT NOT NULL
        ) STRICT""",
    ):
        db.execute(statement)


@migrations()
def shopkeeping(db: Database) -> None:
    """Shops that are closed for some days, and the stars that buyers give."""
    for statement in (
        "ALTER TABLE people ADD COLUMN closed_until TEXT",
        # What a search leaves out is looked up here: the few shops that are closed or frozen.
        "CREATE INDEX people_closed ON people (closed_until) WHERE closed_until IS NOT NULL",
        "CREATE INDEX people_frozen ON people (frozen_at) WHERE frozen_at IS NOT NULL",
        """CREATE TABLE ratings (
            order_id INTEGER PRIMARY KEY REFERENCES orders (id),
            stars INTEGER NOT NULL CHECK (stars BETWEEN 1 AND 5),
            rated_at TEXT NOT NULL
        ) STRICT""",
    ):
        db.execute(statement)


@migrations()
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


@migrations()
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


@migrations()
def services(db: Database) -> None:
    """Services, which have slots a week instead of stock, and what their buyers want done."""
    for statement in (
        "ALTER TABLE listings ADD COLUMN kind TEXT NOT NULL DEFAULT 'goods'"
        " CHECK (kind IN ('goods', 'service'))",
        "ALTER TABLE listings ADD COLUMN lead_days INTEGER NOT NULL DEFAULT 0"
        f" CHECK (lead_days BETWEEN 0 AND {limits.LEAD_DAYS})",
        "ALTER TABLE listings ADD COLUMN deposit INTEGER NOT NULL DEFAULT 0"
        " CHECK (deposit BETWEEN 0 AND 100)",
        "ALTER TABLE orders ADD COLUMN spec TEXT NOT NULL DEFAULT ''"
        f" CHECK (length(spec) <= {limits.SPEC})",
        "ALTER TABLE orders ADD COLUMN slot TEXT",
        "ALTER TABLE orders ADD COLUMN deposit INTEGER NOT NULL DEFAULT 0"
        " CHECK (deposit BETWEEN 0 AND total)",
        """CREATE TABLE slots (
            listing_id INTEGER NOT NULL REFERENCES listings (id),
            week TEXT NOT NULL,
            taken INTEGER NOT NULL CHECK (taken >= 0),
            PRIMARY KEY (listing_id, week)
        ) STRICT""",
    ):
        db.execute(statement)


@migrations()
def groups(db: Database) -> None:
    """Who may answer for what somebody else sells."""
    for statement in (
        """CREATE TABLE members (
            owner_id INTEGER NOT NULL REFERENCES people (id),
            person_id INTEGER NOT NULL REFERENCES people (id),
            joined_at TEXT NOT NULL,
            PRIMARY KEY (owner_id, person_id),
            CHECK (owner_id <> person_id)
        ) STRICT""",
        "CREATE INDEX members_person ON members (person_id)",
    ):
        db.execute(statement)


@migrations()
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
