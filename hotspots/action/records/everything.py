"""Every table of the records, whichever module declares it."""

import pkgutil
from importlib import import_module

from sqlalchemy import MetaData

import hotspots.action
from hotspots.action.records.tables import Base

_PACKAGE = hotspots.action.__name__


def tables() -> MetaData:
    """Every table, once each module that may declare one is loaded."""
    for module in pkgutil.walk_packages(hotspots.action.__path__, f"{_PACKAGE}."):
        if not module.name.startswith(f"{_PACKAGE}.migrations"):
            import_module(module.name)
    return Base.metadata
