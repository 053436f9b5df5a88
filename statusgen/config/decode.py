"""From a tree of nodes to a document: pydantic finds what is wrong, this module says where, and in our words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence, Set
from itertools import zip_longest
from pathlib import Path
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic.fields import FieldInfo

from statusgen.config.nodes import Node, Step, Table, find, find_key, places, plain, trodden
from statusgen.errors import Place, Problem
from statusgen.model.project import SecretUse
from statusgen.values import Document, SecretName, either, shape, suggest

D = TypeVar("D", bound=Document)

_EXPECTED = {
    "string_type": "text",
    "list_type": "a list",
    "tuple_type": "a list",
    "dict_type": "'key: value' lines",
    "mapping_type": "'key: value' lines",
    "model_type": "'key: value' lines",
    "model_attributes_type": "'key: value' lines",
}
"""What pydantic's kinds of error expected."""


def decode(
    node: Node, document: type[D], found: list[Problem], *, subject: str = "", root: Path | None = None
) -> D | None:
    """Return the document that a mapping holds; None, and every mistake in `found`, when something is wrong.

    `subject` is the word for such a document in a problem's key (`component` in `component.name`); empty at the top.
    `root` is what relative paths in the document start from. A value of which a problem is told already is not
    complained of again, nor is the whole for what may follow from it.
    """
    if not isinstance(node, Table):
        needs = either((key for key, field in fields(document).items() if field.is_required()), "and")
        message = f"expected 'key: value' lines, got {shape(plain(node))}"
        found.append(Problem(node.at, subject, message, f"it needs {needs}"))
        return None
    try:
        return document.model_validate(plain(node), context={"root": root})
    except ValidationError as error:
        told = {problem.at for problem in found}.intersection(places(node))
        for item in error.errors(include_url=False):
            problem = _problem(item, node, document, subject)
            if problem not in found and not _told(item, node, problem, told):
                found.append(problem)
    return None


def _told(error: Mapping[str, Any], node: Node, problem: Problem, told: Set[Place]) -> bool:
    """Return whether what an error is about has a problem already."""
    path: tuple[Step, ...] = error["loc"]
    if not path:
        return bool(told)
    if error["type"] == "extra_forbidden":
        return find(node, path) in told
    return error["type"] != "missing" and problem.at in told


def _problem(error: Mapping[str, Any], node: Node, document: type[Document], subject: str) -> Problem:
    path = trodden(node, error["loc"])
    kind: str = error["type"]
    if kind == "missing":
        path = (*trodden(node, error["loc"][:-1]), error["loc"][-1])
        return _missing(path, node, document, subject)
    if kind == "extra_forbidden":
        known = sorted(fields(_inner(document, path[:-1])))
        near = suggest(str(path[-1]), known)
        hint = _elsewhere(path, document) or near or f"known keys: {', '.join(known)}"
        return Problem(find_key(node, path), key_of(subject, path), "unknown key", hint)
    message, hint = _message(kind, error, path)
    if error["loc"][-1:] == ("[key]",):  # pydantic's way to say that the key of a mapping is wrong, not its value
        return Problem(find_key(node, path), key_of(subject, path), message, hint)
    return Problem(find(node, path), key_of(subject, path), message, hint)


def _elsewhere(path: tuple[Step, ...], document: type[Document]) -> str:
    """Return where a key belongs that stands one level too deep, or too high; empty when it is known at neither."""
    key = str(path[-1])
    if len(path) == 2 and key in fields(document):  # noqa: PLR2004 - in a table of the top
        return f"write it at the left margin, not below '{path[0]}:'"
    below = [f"{name}:" for name in fields(document) if key in fields(_inner(document, (name,)))]
    return f"write it below {either(below)}" if below and len(path) == 1 else ""


def _missing(path: tuple[Step, ...], node: Node, document: type[Document], subject: str) -> Problem:
    field = fields(_inner(document, path[:-1])).get(str(path[-1]))
    examples = (field.examples if field is not None else None) or ["…"]
    at = find(node, path[:-1])
    return Problem(at, key_of(subject, path), "the key is missing", f"add '{path[-1]}: {examples[0]}'")


def _message(kind: str, error: Mapping[str, Any], path: tuple[Step, ...]) -> tuple[str, str]:
    got = shape(error["input"])
    context: Mapping[str, Any] = error.get("ctx", {})
    if kind == "wrong_value":
        return context["message"], context["hint"]
    if kind in _EXPECTED:
        alone = _EXPECTED[kind] == "a list" and isinstance(error["input"], str) and error["input"]
        hint = f"write '{path[-1]}: [{error['input']}]'" if alone else ""
        return f"expected {_EXPECTED[kind]}, got {got}", hint
    if kind in {"enum", "literal_error"}:
        return f"expected {context['expected']}, got {got}", ""
    if kind == "value_error":
        return str(context["error"]), ""
    return f"a value that cannot stand here: {got}", "see the reference of this key"


def key_of(subject: str, path: Sequence[Step]) -> str:
    """Return the key as people know it: without indexes, and from the innermost list on, whose item it names.

    `('expect', 'status')` in a check is `check.expect.status`; `('links', 0, 'url')` is `link.url`.
    """
    words = [subject] if subject else []
    for step, following in zip_longest(path, path[1:]):
        if isinstance(step, str):
            words.append(step)
        elif following is not None:
            words = [words[-1].removesuffix("s")]
    return ".".join(words)


def _inner(document: type[Document], path: Sequence[Step]) -> type[Document]:
    """Return the document at a path within another."""
    for step in path:
        field = fields(document).get(str(step))
        document = document if field is None else next(_documents(field.annotation), document)
    return document


def _documents(annotation: Any) -> Iterator[type[Document]]:
    """Yield the documents that a type speaks of: itself, an alternative of a union, or what a list holds."""
    if isinstance(annotation, type) and issubclass(annotation, Document):
        yield annotation
    for argument in get_args(annotation):
        yield from _documents(argument)


def fields(document: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return a document's fields by the key that people write."""
    return {field.alias or name: field for name, field in document.model_fields.items()}


def secret_uses(document: Document, node: Node) -> Iterator[SecretUse]:
    """Yield each name of a secret in a document, with its place."""
    for path, name in _secret_names(document, ()):
        yield SecretUse(name=str(name), at=find(node, path))


def _secret_names(value: object, path: tuple[Step, ...]) -> Iterator[tuple[tuple[Step, ...], SecretName]]:
    steps: Iterator[tuple[Step, object]] = iter(())
    if isinstance(value, SecretName):
        yield path, value
    elif isinstance(value, BaseModel):
        steps = ((field.alias or name, getattr(value, name)) for name, field in type(value).model_fields.items())
    elif isinstance(value, Mapping):
        steps = ((str(key), item) for key, item in value.items())
    elif isinstance(value, tuple | list):
        steps = iter(enumerate(value))
    for step, item in steps:
        yield from _secret_names(item, (*path, step))
