"""
What changed, as a message: plain text, and the same as HTML that needs nothing from outside.

For the morning's e-mail: whoever reads it sees what the When page says, and the link.
"""

import html
from dataclasses import dataclass

from hotspots.publish.formats import Stamp
from hotspots.study.changes import News
from hotspots.study.early_warning import Warned
from hotspots.views import warning_words, wording
from hotspots.views import when_words as words

_MOST = 8
_STYLE = (
    "body{font:16px/1.5 sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#1d1d1b}"
    "h1{font-size:1.4rem}h2{font-size:1.1rem}footer{color:#555;font-size:.85rem}"
)


@dataclass(frozen=True)
class Message:
    """
    A message in parts, none of them marked up.

    Attributes
    ----------
    title
        What changed, in one sentence.
    parts
        Headings with their sentences.
    foot
        What it was made from.
    """

    title: str
    parts: tuple[tuple[str, tuple[str, ...]], ...]
    foot: str

    def as_text(self) -> str:
        """Plain text, for the body of an e-mail."""
        lines = [self.title, "=" * len(self.title), ""]
        for heading, sentences in self.parts:
            lines += [heading, *(f"- {sentence}" for sentence in sentences), ""]
        return "\n".join([*lines, self.foot, ""])

    def as_html(self) -> str:
        """One page without scripts, pictures or addresses outside it; names are text."""
        body = [f"<h1>{html.escape(self.title)}</h1>"]
        for heading, sentences in self.parts:
            items = "".join(f"<li>{html.escape(sentence)}</li>" for sentence in sentences)
            body.append(f"<h2>{html.escape(heading)}</h2><ul>{items}</ul>")
        return (
            '<!doctype html><html lang="en-GB"><head><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f"<title>{html.escape(self.title)}</title><style>{_STYLE}</style></head><body>"
            f"<main>{''.join(body)}</main><footer>{html.escape(self.foot)}</footer></body></html>\n"
        )


def message(news: News, found: Warned, stamp: Stamp) -> Message:
    """
    What changed and what gathers now, or that nothing does.

    Parameters
    ----------
    news, found
        Of one study area.
    stamp
        What they were made from.
    """
    names, changes = words.names(news), news.changes
    listed = [
        words.change(names[str(code)], row, changes)
        for code, row in changes.table.head(_MOST).iterrows()
    ]
    more = len(changes.table) - len(listed)
    if more > 0:
        listed.append(f"{more:,} more are on the When page.")
    new = [words.new_hotspot(row, news) for _, row in news.new.head(_MOST).iterrows()]
    gathering = [
        warning_words.warned(found),
        *(warning_words.warning(row) for _, row in found.places.iterrows()),
    ]
    notes = [words.stepped(news.breaks), *changes.notes, words.NEW, wording.RECORDS_NOT_HARM]
    parts = (
        ("What changed", listed or ["Nothing to report."]),
        (words.new_title(news), new or ["Nothing to report."]),
        ("Early warning", gathering),
        ("What to bear in mind", [note for note in notes if note]),
    )
    foot = f"{stamp.caption}. The same view: /when{stamp.link}"
    return Message(
        title=words.changed(news),
        parts=tuple((heading, tuple(map(_bare, said))) for heading, said in parts),
        foot=foot,
    )


def _bare(sentence: str) -> str:
    """Sentence without the marks that a page would read as emphasis or as escapes."""
    return wording.bare(sentence)
