"""The schema, as ordered migrations. A migration that has been released is never changed."""

from sqlite_utils.migrations import Migrations

from store.migrations import market, money, post, shops

migrations = Migrations("pasar")

for step in (
    market.places,
    market.market,
    market.messages,
    shops.trust,
    shops.shopkeeping,
    money.ledger,
    money.pins,
    shops.services,
    shops.groups,
    money.money,
    post.post,
):
    migrations()(step)
