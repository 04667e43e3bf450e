"""An executed lecture as PDF: Pandoc reads its Markdown, Typst sets it, as a text or as slides.

The slides show what stands on the board: headings, formulas, lists, boxes, pictures and what the cells print,
and of a paragraph its sentences in bold. The rest is what the lecturer says.
"""

import base64
import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal, NamedTuple

from figures.lectures import notebook
from sims.messages import one_line

Layout = Literal["lecture", "slides"]
STYLE = Path("paper", "lectures", "lecture.typ")
"""The layout of both, beside the lectures."""
WHOLE = ("Exercise", "Further reading")
"""Sections whose paragraphs a slide shows whole begin with one of these."""
READER = "markdown-smart"
"""Pandoc's Markdown without curly quotes: dollars are formulas, tables have pipes."""


class Source(NamedTuple):
    """A lecture for Pandoc."""

    text: str
    """Its Markdown: code, and what the code prints, as blocks."""
    pictures: dict[str, bytes]
    """The pictures that it shows, by name."""


def source(lecture: Any) -> Source:
    """The Markdown of a lecture with its outputs."""
    parts: list[str] = []
    pictures: dict[str, bytes] = {}
    for cell in lecture.cells:
        if cell.cell_type == "markdown":
            parts.append(cell.source)
            continue
        if "remove-input" not in cell.metadata.get("tags", []):
            parts.append(_block("python", cell.source))
        for output in cell.outputs:
            data = output.get("data", {})
            if "image/png" in data:
                name = f"picture{len(pictures)}.png"
                pictures[name] = base64.b64decode(data["image/png"])
                parts.append(f"![]({name})")
            elif "text/plain" in data:
                parts.append(_block("output", data["text/plain"]))
            elif output.get("name") == "stdout":
                parts.append(_block("output", output["text"].rstrip()))
    return Source("\n\n".join(parts), pictures)


def _block(language: str, text: str) -> str:
    return f"~~~~{language}\n{text}\n~~~~"


def on_board(document: dict[str, Any]) -> dict[str, Any]:
    """What a slide shows of a document of Pandoc."""
    kept: list[Any] = []
    whole = False
    for block in document["blocks"]:
        if block["t"] == "Header":
            whole = _words(block["c"][2]).startswith(WHOLE)
        if block["t"] == "Para" and not whole:
            kept += [{"t": "Para", "c": [inline]} for inline in block["c"] if _stands_out(inline)]
        elif block["t"] != "CodeBlock" or "output" in block["c"][0][1]:
            kept.append(block)
    return {**document, "blocks": kept}


def _stands_out(inline: dict[str, Any]) -> bool:
    """A picture, a displayed formula, or a sentence in bold; a bold word without an end is a term."""
    kind, inside = inline["t"], inline.get("c", [])
    if kind == "Math":
        return bool(inside[0]["t"] == "DisplayMath")
    return kind == "Image" or (kind == "Strong" and _words(inside).endswith((".", "?", "!", ":")))


def _words(inlines: list[Any]) -> str:
    return "".join(inline.get("c", " ") if inline["t"] in ("Str", "Space") else "*" for inline in inlines)


def typst_source(text: str, layout: Layout) -> str:
    """Markdown in the language of Typst."""
    import pypandoc

    document = json.loads(pypandoc.convert_text(text, "json", format=READER))
    shown = on_board(document) if layout == "slides" else document
    return str(pypandoc.convert_text(json.dumps(shown), "typst", format="json", extra_args=["--wrap=none"]))


def pdf(lecture: Any, home: Path, layout: Layout) -> bytes:
    """The lecture as PDF; ValueError if Typst cannot set it."""
    import typst

    heading = notebook.title(lecture)
    text, pictures = source(lecture)
    body = typst_source(text.replace(f"# {heading}\n", "", 1), layout)
    head = (
        f'#import "lecture.typ": *\n#show: {layout}.with(title: {json.dumps(heading, ensure_ascii=False)})\n'
    )
    files = {
        "main.typ": (head + body).encode(),
        "lecture.typ": (home / STYLE).read_bytes(),
        **pictures,
    }
    with TemporaryDirectory() as folder:
        for name, data in files.items():
            Path(folder, name).write_bytes(data)
        try:
            return bytes(typst.compile(Path(folder, "main.typ"), format="pdf", ignore_system_fonts=True))
        except typst.TypstError as error:
            raise ValueError(one_line(f"{heading}: {error.diagnostic}")) from None
