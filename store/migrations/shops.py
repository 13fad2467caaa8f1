"""Agents and freezing, and what a shop can be besides one seller's goods."""

from sqlite_utils import Database

from store import limits


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
