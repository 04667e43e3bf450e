"""The tables of theory/README.md are what the modules say of themselves."""

import re
from pathlib import Path

import theory.papers

README = Path(theory.__file__).parent / "README.md"


def test_paper_table_is_current() -> None:
    between = re.search(r"<!-- papers:begin -->\n(.*)\n<!-- papers:end -->", README.read_text(), re.S)
    assert between, "the markers are gone"
    assert between[1] == theory.papers.table(), "paste the output of theory.papers.table()"


def test_every_module_is_listed() -> None:
    folder = README.parent
    names = {path.stem for path in folder.glob("*.py") if not path.stem.startswith("_")} - {"errors"}
    names |= {path.parent.name for path in folder.glob("*/__init__.py")}
    listed = set(re.findall(r"`(\w+)`", re.search(r"## Modules\n(.*?)## ", README.read_text(), re.S)[1]))  # type: ignore[index]
    assert names <= listed, names - listed
