"""
Edits one plan from many threads, in a process of its own: FOLDER URL NAME THREADS EACH.

Each editor adds its token to what is asked of whom, and a comment, as the page does: it
reads, then writes what it read with its token, and begins again when it is told that
somebody else was first. Says each token on the standard output once it is saved.
"""

import os
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from hotspots.action import plans
from hotspots.action.plan_tables import Plan
from hotspots.action.records import open_records
from hotspots.errors import ChangedMeanwhileError

# Editors that read the same version save one at a time; this is many times what they need.
_TRIES = 2_000


def add(records, number, token):
    """One editor's token saved; how often it was told that somebody else was first."""
    for told in range(_TRIES):
        with records.reading() as session:
            seen = session.get(Plan, number)
        try:
            with records.session() as session:
                plans.write(
                    session,
                    number,
                    seen.version,
                    who=token,
                    asked_of=f"{seen.asked_of} {token}".strip(),
                )
                plans.say(session, number, who=token, text=token)
        except ChangedMeanwhileError:
            continue
        return told
    raise RuntimeError(f"{token} never had its turn.")


def main(folder, url, name, threads, each):
    records = open_records(Path(folder), url or None)

    def one(thread):
        for number in range(int(each)):
            token = f"{name}{thread}.{number}"
            told = add(records, 1, token)
            os.write(1, f"{token} {told}\n".encode())

    with ThreadPoolExecutor(int(threads)) as pool:
        list(pool.map(one, range(int(threads))))


if __name__ == "__main__":
    main(*sys.argv[1:])
