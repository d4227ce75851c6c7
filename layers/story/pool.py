"""What the maps of a file carry, each part once: features and cards that several of them show."""

import json
from hashlib import sha256
from typing import Any

from layers.store import Store
from layers.view import View
from layers.webmap import build

_KEY = 10


class Pool:
    """Parts by a key that follows from what they say; `@key` stands for a part in the spec of a map."""

    def __init__(self) -> None:
        self.parts: dict[str, Any] = {}

    def put(self, part: Any) -> str:
        """Keep a part; gives what stands for it."""
        text = json.dumps(part, ensure_ascii=False, sort_keys=True)
        key = sha256(text.encode()).hexdigest()[:_KEY]
        self.parts[key] = part
        return f"@{key}"

    def map(self, store: Store, view: View) -> dict[str, Any]:
        """The spec of the map of a view, its large parts in the pool."""
        spec = build(store, view, inline=True).spec()
        for side in (spec, spec.get("beside", {})):
            for name in ("features", "overview", "card", "pictures"):
                if name in side:
                    side[name] = {key: self.put(part) for key, part in side[name].items()}
        return spec
