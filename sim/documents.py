"""YAML and CSV as users write them: read strictly, with the place of every value for the error messages.

YAML by the rules of version 1.2: only true and false are booleans, `no`, `010` and `12:30` stay text, `1e3` is a number.
Doubled keys, merge keys, more than 100 anchors and more than 10 MB are errors.
"""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import yaml
from pydantic import ValidationError, ValidationInfo

from sim.errors import EnvironmentMistake, InputError, Mistake, mistake_in

MAX_BYTES = 10_000_000
MAX_ANCHORS = 100
MAX_VALUES = 500_000  # with anchors followed; a scenario of 20,000 lines has a fifth of it
TEXT_TAG = "tag:yaml.org,2002:str"
KeyPath = tuple[str | int, ...]


class Place(NamedTuple):
    """Line and column of a value, from 1."""

    line: int
    column: int


ON_COMMAND_LINE = Place(0, 0)  # where a value stands that --set gave


class Document(NamedTuple):
    """What a YAML file says and where: `places` has the place of every key path."""

    name: str
    text: str
    value: Any
    places: dict[KeyPath, Place]

    def where(self, path: KeyPath) -> str:
        """FILE:LINE:COLUMN of a path, or of its nearest ancestor; --set where the command line gave the value."""
        while path and path not in self.places:
            path = path[:-1]
        place = self.places.get(path)
        if place == ON_COMMAND_LINE:
            return "--set"
        return f"{self.name}:{place.line}:{place.column}" if place else self.name


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """libyaml's parser with the scalar rules of YAML 1.2's core schema, without octal and hexadecimal."""

    yaml_implicit_resolvers: dict[str, list[tuple[str, re.Pattern[str]]]] = {}


_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)$")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|(0|[1-9][0-9]*)(\.[0-9]*)?)([eE][-+]?[0-9]+)?$")
_Loader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile(r"(true|True|TRUE|false|False|FALSE)$"), list("tTfF"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:int", _INTEGER, list("-+0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:float", _FLOAT, list("-+.0123456789"))
_Loader.add_implicit_resolver("tag:yaml.org,2002:null", re.compile(r"(~|null|Null|NULL|)$"), ["~", "n", "N", ""])


def read_text(path: Path) -> str:
    """The text of a UTF-8 file; every way in which it cannot be read is an InputError."""
    try:
        if path.stat().st_size > MAX_BYTES:
            raise mistake_in(str(path), "the file is too large", f"{path.stat().st_size} bytes", f"at most {MAX_BYTES}")
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise mistake_in(
            str(path), f"not UTF-8 text: byte {error.start} is {error.object[error.start]:#04x}", wanted="UTF-8"
        ) from None
    except OSError as error:
        raise mistake_in(str(path), f"cannot be read: {(error.strerror or str(error)).lower()}") from None


def read_yaml(path: Path) -> Document:
    """Read a YAML file; mistakes of form are raised all at once."""
    text = read_text(path)
    return parse_yaml(text, str(path))


def parse_yaml(text: str, name: str) -> Document:
    """Parse YAML text with the place of every value."""
    if text.count("&") > MAX_ANCHORS and len(re.findall(r"(?:^|[\s:\-\[,])&\w", text)) > MAX_ANCHORS:
        raise mistake_in(name, "too many anchors", wanted=f"at most {MAX_ANCHORS}")
    loader = _Loader(text)
    try:
        node = loader.get_single_node()
        reader = _Reader(name, loader)
        value = reader.build(node, ()) if node is not None else None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        at = f"{name}:{mark.line + 1}:{mark.column + 1}" if mark else name
        raise mistake_in(at, f"not YAML: {error.problem or error.context}") from None
    except RecursionError:
        raise mistake_in(name, "not YAML: nested too deeply, or in itself") from None
    except (yaml.YAMLError, ValueError) as error:
        raise mistake_in(name, f"not YAML: {str(error).splitlines()[0]}") from None
    finally:
        loader.dispose()
    if reader.mistakes:
        raise InputError(*reader.mistakes)
    return Document(name, text, value, reader.places)


class _Reader:
    """Turns YAML nodes into values, keeping places and collecting mistakes."""

    def __init__(self, name: str, loader: Any) -> None:
        self.name, self.loader = name, loader
        self.places: dict[KeyPath, Place] = {}
        self.mistakes: list[Mistake] = []

    def build(self, node: yaml.Node, path: KeyPath) -> Any:
        """The value of a node; its place is noted under `path`."""
        self.places[path] = Place(node.start_mark.line + 1, node.start_mark.column + 1)
        if len(self.places) > MAX_VALUES:
            raise mistake_in(self.name, "too many values, with anchors followed", wanted=f"at most {MAX_VALUES}")
        if isinstance(node, yaml.MappingNode):
            return self.mapping(node, path)
        if isinstance(node, yaml.SequenceNode):
            return [self.build(child, (*path, i)) for i, child in enumerate(node.value)]
        return node.value if node.tag == TEXT_TAG else self.loader.construct_object(node)

    def mapping(self, node: yaml.MappingNode, path: KeyPath) -> dict[str, Any]:
        """A mapping with text keys, each once."""
        result: dict[str, Any] = {}
        for key_node, child in node.value:
            key = str(key_node.value)
            if not isinstance(key_node, yaml.ScalarNode) or key == "<<":
                self.complain(key_node, (*path, key), "merge keys and compound keys are not taken")
            elif key in result:
                self.complain(key_node, (*path, key), f"the key stands twice, first on line {self.places[(*path, key)].line}")
            else:
                result[key] = self.build(child, (*path, key))
        return result

    def complain(self, node: yaml.Node, path: KeyPath, what: str) -> None:
        """Note a mistake at a key."""
        at = f"{self.name}:{node.start_mark.line + 1}:{node.start_mark.column + 1}"
        self.mistakes.append(Mistake(at, ".".join(map(str, path)), what))


def replaced(value: Any, path: Sequence[str], new: Any) -> Any:
    """`value` with `new` at a path of keys. An item of a list is named by its number from 0, its `name` or its `kind`, which must
    be its alone. ValueError says where the path ends."""
    if not path:
        return new
    key, rest = path[0], path[1:]
    if isinstance(value, dict):
        return {**value, key: replaced(value.get(key, {}), rest, new)}
    if not isinstance(value, list):
        raise ValueError(f"keys where {key} is looked for (there is {value!r})")
    at = item_of(value, key)
    return [*value[:at], replaced(value[at], rest, new), *value[at + 1 :]]


def numbered(value: Any, path: Sequence[str]) -> KeyPath:
    """The path with items of lists by their number, as places and mistakes have it."""
    found: list[str | int] = []
    for key in path:
        if isinstance(value, list):
            number = item_of(value, key)
            value = value[number]
            found.append(number)
        else:
            value = value.get(key, {}) if isinstance(value, dict) else {}
            found.append(key)
    return tuple(found)


def item_of(items: list[Any], key: str) -> int:
    """The number of the item that a key names; ValueError where none or several are."""
    if key.isdecimal() and int(key) < len(items):
        return int(key)
    found = [at for at, item in enumerate(items) if isinstance(item, dict) and key in (item.get("name"), item.get("kind"))]
    if len(found) != 1:
        raise ValueError(f"a number below {len(items)}, or the name or kind of one item (got {key!r}, which {len(found)} have)")
    return found[0]


class FileError(ValueError):
    """Mistakes found in a file that a document names; pydantic carries it to `mistakes_of`."""

    def __init__(self, mistakes: list[Mistake]) -> None:
        self.mistakes = mistakes
        super().__init__("; ".join(map(str, mistakes)))


def mistakes_of(error: ValidationError, document: Document) -> Iterator[Mistake]:
    """pydantic's errors as mistakes with their places."""
    for entry in error.errors():
        path = tuple(entry["loc"])
        cause = entry.get("ctx", {}).get("error")
        dotted = ".".join(map(str, path))
        if isinstance(cause, FileError):
            yield from cause.mistakes
        elif isinstance(cause, ValueError):
            yield Mistake(document.where(path), dotted, "is not right", wanted=str(cause))
        elif entry["type"] == "missing":
            yield Mistake(document.where(path), dotted, "is missing")
        elif entry["type"] == "extra_forbidden":
            yield Mistake(document.where(path), dotted, "is not a known key", wanted="a key that `python -m sim schema` lists")
        else:
            yield Mistake(document.where(path), dotted, "is not right", entry["input"], lower_first(entry["msg"]))


def lower_first(message: str) -> str:
    """pydantic's sentence as the end of ours: `Input should be a valid integer` -> `a valid integer`; no names of classes."""
    message = message.removeprefix("Input should be ")
    message = re.sub(r"a valid dictionary or instance of \w+$", "keys and values beneath it", message)
    return message[:1].lower() + message[1:]


def file_beneath(value: Any, info: ValidationInfo) -> Path:
    """A file named in a document: relative to its folder and, unless allowed, beneath it. ValueError if not there."""
    context = info.context or {}
    folder = Path(context.get("folder", "."))
    if not isinstance(value, str) or not value:
        raise ValueError(f"the name of a file, relative to {folder} (got {value!r})")
    path = (folder / value).resolve()
    if not context.get("allow_outside") and not path.is_relative_to(folder.resolve()):
        raise ValueError(f"a file beneath {folder}, or the option --allow-outside (got {value!r})")
    if not path.is_file():
        raise ValueError(f"a file that is there (got {value!r}, looked for {path})")
    return path


def read_csv(path: Path, wanted: tuple[str, ...]) -> list[dict[str, str]]:
    """Rows of a CSV (UTF-8 with or without BOM, else GB18030), each with its `line`; FileError if a wanted column is missing."""
    data = path.read_bytes()
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = data.decode(encoding)
            break
        except UnicodeDecodeError:
            continue
    else:
        raise FileError([Mistake(str(path), "", "is neither UTF-8 nor GB18030 text")])
    reader = csv.DictReader(io.StringIO(text))
    missing = [name for name in wanted if name not in (reader.fieldnames or ())]
    if missing:
        raise FileError([Mistake(f"{path}:1", "", f"lacks the columns {', '.join(missing)}", reader.fieldnames)])
    return [{**row, "line": str(reader.line_num)} for row in reader]


def make_folder(path: Path) -> None:
    """Create a result folder that must be new or empty; EnvironmentMistake says why it cannot be."""
    try:
        path.mkdir(parents=True, exist_ok=True)
        if any(path.iterdir()):
            raise EnvironmentMistake(f"--out: {path} is not empty; results are never overwritten")
        probe = path / ".probe"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        raise EnvironmentMistake(f"--out: {path} cannot be written: {(error.strerror or str(error)).lower()}") from None
