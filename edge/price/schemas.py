"""The JSON Schemas: `python -m edge.price.schemas FOLDER` writes them."""

import json
import sys
from pathlib import Path
from typing import Final

from pydantic import BaseModel

from edge.price.promotions import PromotionList
from edge.price.request import PriceRequest
from edge.price.response import PriceResponse

SCHEMAS: Final[dict[str, type[BaseModel]]] = {
    "price-request.json": PriceRequest,
    "price-response.json": PriceResponse,
    "promotions.json": PromotionList,
}


def schema_text(model: type[BaseModel]) -> str:
    """What the model's file under docs/schemas holds."""
    schema = model.model_json_schema(
        mode="serialization" if model is PriceResponse else "validation"
    )
    schema["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    return json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    for name, model in SCHEMAS.items():
        (Path(sys.argv[1]) / name).write_text(schema_text(model), encoding="utf-8")
