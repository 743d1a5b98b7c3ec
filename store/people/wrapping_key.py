"""A new data key for a store on a server: what the old one wraps is wrapped anew, in one transaction (domain.md §13).

Nothing else is encrypted with it there: the free texts lie under the residents' own keys, which stay.
"""

from store.foundation.access import OPERATOR, Fixed
from store.foundation.connection import Connection
from store.foundation.errors import KeyMissing, KeyWrong
from store.foundation.keys import StoreKeys
from store.foundation.postgres_engine import PostgresEngine
from store.foundation.seals import Seals
from store.foundation.store import Store
from store.people.accounts import reseal_accounts
from store.people.key_change import note_data_key, refuse_others
from store.people.resident_keys import rewrap_keys


def change_wrapping_key(store: Store, new: StoreKeys, *, actor: Fixed = OPERATOR) -> None:
    """Give an open store on a server another data key; it is to be opened anew after that.

    Raises:
        Refused: somebody else has it open; nothing is done.
        KeyWrong: it has another key by now.
        StoreUnreachable: the database is gone. Whether the change was made shows when it is opened next.
    """
    old, engine = store.keys, store.engine
    if old is None:
        raise KeyMissing
    if not isinstance(engine, PostgresEngine):
        raise TypeError("a file is encrypted anew by store.people.key_change")
    engine.dispose()  # connections of one's own would be others'
    with store.work(actor, is_long=True) as work:
        if not engine.be_alone(work.db):
            refuse_others()
        if work.db.value("SELECT data_key_id FROM store_info") != old.data_id:
            raise KeyWrong
        rewrap_keys(work.db, old, new)
        reseal_accounts(work.db, old, new)
        _reseal_staged(work.db, new)
        work.db.run("UPDATE store_info SET data_key_id = :id", id=new.data_id)
        note_data_key(work, old.data_id, new.data_id)


def _reseal_staged(db: Connection, new: StoreKeys) -> None:
    """Seal anew what an import that was cut off has left: it lies under no resident's key."""
    if (old := db.seals) is None:
        return
    seals = Seals(new, lambda: old.tables)
    for key, place in db.pairs("SELECT import_key, place FROM stagedrows"):
        row = {"import_key": key, "place": place}
        content = db.value("SELECT content FROM stagedrows WHERE import_key = :import_key AND place = :place", **row)
        (sealed,) = seals.sealed(db.driver, "stagedrows", [{**row, "content": content}])
        db.run("UPDATE stagedrows SET content = :content WHERE import_key = :import_key AND place = :place", **sealed)
