"""The wire as an AsyncAPI 3 document, made from the messages: `python -m edge.wire.asyncapi`."""

import json
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel
from pydantic.json_schema import models_json_schema

from edge.wire.codec import JSON, MAX_WIRE_BYTES, ZSTD_JSON
from edge.wire.messages import Ack, Birth, Health, JournalBatch, Nack, Quarantine, Will
from edge.wire.topics import DEVICE_ID, Channel


@dataclass(frozen=True, slots=True)
class _Lane:
    """One channel: who sends on it, which messages, retained or not."""

    name: str
    channel: Channel
    sender: str
    retained: bool
    messages: tuple[type[BaseModel], ...]
    qos: int = 1


_LANES = (
    _Lane("state", Channel.STATE, "box", retained=True, messages=(Birth, Will)),
    _Lane("journal", Channel.JOURNAL, "box", retained=False, messages=(JournalBatch,)),
    _Lane("health", Channel.HEALTH, "box", retained=False, messages=(Health,), qos=0),
    _Lane("answer", Channel.ACK, "hq", retained=True, messages=(Ack, Nack, Quarantine)),
)


def document() -> dict[str, Any]:
    """The document as plain JSON values."""
    models = [model for lane in _LANES for model in lane.messages]
    _, schemas = models_json_schema(
        [(model, "validation") for model in models], ref_template="#/components/schemas/{model}"
    )
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Edge Till",
            "version": "1",
            "description": (
                "What a box and headquarters say to each other over MQTT 5. A message is "
                f"at most {MAX_WIRE_BYTES} bytes; its content type is {JSON} or {ZSTD_JSON}. "
                "docs/wire.md says what each one means and what happens when it is lost. A reader "
                "ignores fields that it does not know, but where additionalProperties is false: "
                "there it refuses the message."
            ),
        },
        "defaultContentType": JSON,
        "channels": {lane.name: _channel(lane) for lane in _LANES},
        "operations": {
            f"{lane.sender}.{lane.name}": {
                "action": "send",
                "channel": {"$ref": f"#/channels/{lane.name}"},
                "bindings": {"mqtt": {"qos": lane.qos, "retain": lane.retained}},
            }
            for lane in _LANES
        },
        "components": {
            "messages": {model.__name__: _message(model) for model in models},
            "schemas": schemas["$defs"],
        },
    }


def _channel(lane: _Lane) -> Mapping[str, Any]:
    return {
        "address": f"v1/d/{{device}}/{lane.channel.value}",
        "parameters": {
            "device": {"description": f"the certificate's common name: {DEVICE_ID.pattern}"}
        },
        "messages": {
            model.__name__: {"$ref": f"#/components/messages/{model.__name__}"}
            for model in lane.messages
        },
    }


def _message(model: type[BaseModel]) -> Mapping[str, Any]:
    return {
        "name": model.__name__,
        "summary": (model.__doc__ or "").strip(),
        "payload": {"$ref": f"#/components/schemas/{model.__name__}"},
    }


def document_text() -> str:
    """What docs/asyncapi.json holds."""
    return json.dumps(document(), indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    sys.stdout.write(document_text())
