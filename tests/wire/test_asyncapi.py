import json
from pathlib import Path

from edge.wire.asyncapi import document, document_text
from edge.wire.messages import Message

DOCUMENT = Path(__file__).parents[2] / "docs/asyncapi.json"


def test_the_document_is_made_from_the_messages_of_today() -> None:
    """`python -m edge.wire.asyncapi > docs/asyncapi.json` brings it up to date."""
    assert DOCUMENT.read_text(encoding="utf-8") == document_text()


def test_every_reference_in_the_document_leads_somewhere() -> None:
    text = document_text()
    references = {part.split('"')[0] for part in text.split('"$ref": "')[1:]}
    assert references
    for reference in references:
        node = json.loads(text)
        for key in reference.removeprefix("#/").split("/"):
            node = node[key]
        assert node


def test_every_message_is_in_the_document() -> None:
    described = document()["components"]["messages"].keys()
    sent = _leaves(Message)
    public = {kind.__name__ for kind in sent} - {"Record", "DeviceHealth", "StoreHealth"}
    assert public == described


def _leaves(kind: type) -> list[type]:
    # What somebody derives from a message for himself is not sent.
    below = [each for each in kind.__subclasses__() if each.__module__ == Message.__module__]
    return [kind] if not below else [leaf for each in below for leaf in _leaves(each)]
