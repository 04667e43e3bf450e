"""What a module shows: the names that it defines, without those that it imports."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def own_names(namespace: dict[str, Any], *also: str) -> Callable[[], list[str]]:
    """The `__dir__` of a module; call it below the imports with the module's globals().

    Names that are bound later are the module's own, unless they begin with an underscore. `also` names
    imports that belong to the module all the same.

    >>> namespace = {"np": 0}
    >>> show = own_names(namespace)
    >>> namespace.update(ridge=1, _curve=2)
    >>> show()
    ['ridge']
    """
    imported = set(namespace) - set(also)
    return lambda: sorted(name for name in namespace if name not in imported and not name.startswith("_"))
