"""asyncio in the bubble. Its loops wait by selectors, so what is left is to make it do the same each time."""

from __future__ import annotations

def patch() -> None: ...
