"""Registries: the entries of one kind by name, one file each, here or in any installed package.

An entry is a value with a ``name``. Every module of a registry's folder holds one, or a tuple of them, under the name
that the registry asks for, so that a new one is one new file. Another package adds entries without a change here: by an
entry point (Python packaging guide, "Entry points") in the group of the registry, which names such a value.
"""

from __future__ import annotations

import importlib
import pkgutil
import warnings
from collections.abc import Callable, Iterator, MutableMapping
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint


class Named(Protocol):
    """What a registry holds."""

    @property
    def name(self) -> str:
        """Under which it is asked for."""
        ...


Entry = TypeVar("Entry", bound=Named)


class Registry(MutableMapping[str, Entry], Generic[Entry]):
    """Entries of one kind by name, read at the first use: those of a package's modules, then those of other packages.

    group: of the entry points, such as ``gp_fft.transforms``.
    package: whose modules each hold ``attribute``, an entry or a tuple of entries.
    kind: of which type every entry is.
    check: raises an exception with one sentence for an entry that does not hold together; asked of every entry that
        comes from outside, as a test asks it of those that ship.
    order: sorts the entries that ship; else they stand in the order of their files.
    """

    def __init__(
        self,
        group: str,
        package: str,
        attribute: str,
        kind: type[Entry],
        check: Callable[[Entry], object] = lambda _: None,
        order: Callable[[Entry], Any] | None = None,
    ) -> None:
        self.group = group
        self._package, self._attribute, self._kind = package, attribute, kind
        self._check, self._order = check, order
        self._held: dict[str, Entry] | None = None

    def add(self, entry: Entry) -> Entry:
        """Check ``entry``, hold it under its name for this process, and return it.

        Raises ValueError for a name that is taken and TypeError for a value of another kind.
        """
        if not isinstance(entry, self._kind):
            raise TypeError(f"the group {self.group} holds {self._kind.__name__}s, not a {type(entry).__name__}")
        if entry.name in self._entries:
            raise ValueError(f"the name {entry.name!r} is taken in the group {self.group}")
        self._check(entry)
        self._entries[entry.name] = entry
        return entry

    def forget(self) -> None:
        """Read all entries anew at the next use; those that were added are gone."""
        self._held = None

    def __getitem__(self, name: str) -> Entry:
        return self._entries[name]

    def __setitem__(self, name: str, entry: Entry) -> None:
        if name != entry.name:
            raise ValueError(f"{entry.name!r} cannot be held under the name {name!r}")
        self.add(entry)

    def __delitem__(self, name: str) -> None:
        del self._entries[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._entries)

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def _entries(self) -> dict[str, Entry]:
        if self._held is None:
            from importlib.metadata import entry_points  # which takes longer to load than all else here

            shipped = [entry for name in self._modules() for entry in self._of_module(name)]
            if self._order is not None:
                shipped.sort(key=self._order)
            self._held = {entry.name: entry for entry in shipped}
            for point in entry_points(group=self.group):
                self._join(point)
        return self._held

    def _modules(self) -> list[str]:
        path = importlib.import_module(self._package).__path__
        return sorted(f"{self._package}.{module.name}" for module in pkgutil.iter_modules(path))

    def _of_module(self, name: str) -> list[Entry]:
        held = getattr(importlib.import_module(name), self._attribute, None)
        entries = held if isinstance(held, tuple) else (held,)
        fitting = [entry for entry in entries if isinstance(entry, self._kind)]
        if not fitting or len(fitting) < len(entries):
            raise TypeError(f"{name} must define {self._attribute}, one {self._kind.__name__} or a tuple of them")
        return fitting

    def _join(self, point: EntryPoint) -> None:
        """Hold what another package offers; what cannot be used is said in one sentence and left out."""
        try:
            offered = point.load()
            for entry in offered if isinstance(offered, tuple) else (offered,):
                self.add(entry)
        except Exception as error:  # of code that is not ours
            package = point.dist.name if point.dist else "a package"
            warnings.warn(f"{package} offers {point.value} as {point.name!r}, which is left out: {error}", stacklevel=2)
