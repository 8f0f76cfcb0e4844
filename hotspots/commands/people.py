"""The command that says who may see what, and whether the list of people can be used."""

import typer

from hotspots.action.people import FILE, read_people
from hotspots.commands.options import Data
from hotspots.settings import data_folder
from hotspots.views import role_words


def roles(data: Data = None) -> None:
    """Print who may see what, and check the list of who has which role."""
    for role, row in role_words.table().iterrows():
        typer.echo(
            f"{role}: pages {row['Pages']}; reports {row['Reports']}; "
            f"plans {row['Plans']}; may {row['May']}."
        )
    people = read_people(data or data_folder())
    if people is None:
        typer.echo(f"There is no {FILE}: without a way to sign in, this machine is the analyst.")
        return
    for name, (role, agency) in {**people.people, **people.groups}.items():
        typer.echo(f"{name}\t{role}\t{agency}".rstrip())
