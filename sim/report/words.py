"""The words of page and figures in one language: every sentence a reader sees stands in text_<lang>.yaml."""

import re
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from sim.errors import mistake_in

LANGUAGES = ("zh", "en")
# what a file says in both languages: 中文 / English, 中文。English., School 学校 1
SLASH = re.compile(r"(?P<zh>.*[\u4e00-\u9fff].*?) / (?P<en>[^\u4e00-\u9fff]+)", re.DOTALL)
STOP = re.compile(r"(?P<zh>.*[\u4e00-\u9fff].*。)\s*(?P<en>[A-Z][^\u4e00-\u9fff]*)", re.DOTALL)
NUMBERED = re.compile(r"(?P<en>[A-Z][A-Za-z ]*) (?P<zh>[\u4e00-\u9fff]+)(?P<tail> \d+)?")


@cache
def texts(lang: str) -> dict[str, Any]:
    """The file of a language; InputError for one that there is none of."""
    if lang not in LANGUAGES:
        raise mistake_in("--lang", "is no language of the page", lang, "zh or en")
    return yaml.safe_load(files("sim.report").joinpath(f"text_{lang}.yaml").read_text(encoding="utf-8"))


class Words:
    """Words by dotted key: `words("indices.interval", lo="61", hi="64")`."""

    def __init__(self, lang: str) -> None:
        """Take the language `zh` or `en`."""
        self.lang = lang
        self._texts = texts(lang)

    def __call__(self, key: str, **values: Any) -> Any:
        """The words of a key with its places filled; KeyError where the file has no such key."""
        found: Any = self._texts
        for part in key.split("."):
            if part not in found:
                raise KeyError(f"text_{self.lang}.yaml has no {key!r}")
            found = found[part]
        return found.format(**values) if values else found

    def name(self, section: str, key: str) -> str:
        """The words of a key that data brought; the key itself where the file does not know it."""
        found: Any = self._texts
        for part in section.split("."):
            found = found[part]
        return str(found.get(key, key))

    def knows(self, section: str, key: str) -> bool:
        """Whether the file has words for a key that data brought."""
        return key in self._texts.get(section, {})

    def own(self, text: str) -> str:
        """This language's half of a text that its author wrote in both; any other text as it is."""
        for form in (SLASH, STOP, NUMBERED):
            if found := form.fullmatch(text):
                halves = found.groupdict("")
                return halves[self.lang].strip() + halves.get("tail", "")
        return text
