"""The entry: `streamlit run app.py` serves the pages and the map's own addresses in one process."""

import geo  # noqa: F401, I001 - first of all: closes GDAL's risky drivers

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import anyio
import streamlit as st
from starlette.middleware import Middleware

from layers.embedding import Framing, hosts
from layers.routes import routes
from layers.store import embedded
from layers.warm import warm_behind
from pages._look import dress


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[dict[str, bool]]:
    """Read and check settings and data before the first person comes; make reach ready behind that."""
    hosts()
    dress()
    store = await anyio.to_thread.run_sync(embedded)
    async with anyio.create_task_group() as tasks:
        tasks.start_soon(anyio.to_thread.run_sync, warm_behind, store)
        yield {"ready": True}


app = st.App(
    Path(__file__).resolve().parent / "pages" / "_main.py",
    routes=routes(),
    middleware=[Middleware(Framing)],
    lifespan=lifespan,
)

if __name__ == "__main__":
    app.run()
