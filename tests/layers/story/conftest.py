"""A story that uses every kind of live mark, in both languages."""

import pytest

from layers.store import EmbeddedStore
from layers.story.model import Story
from layers.story.told import ToldStory, tell

TEXT = """
Стоит {programme.cost?f.park=medical}, **важно**, *очень* {projects/asino-timber-complex.cost_mln_rub}:
{count/projects?f.park=industrial|проект|проекта|проектов}.
Заявлено {said/jobs_target} ({said/jobs_target.date}).

![Потоки](chart:programme.flow)

![](tiles:programme.cost,programme.jobs?f.park=medical)

![Проекты](table:projects?f.park=medical&fields=name,status,cost_mln_rub)

![](facts:projects/asino-timber-complex?fields=cost_mln_rub,invested_mln_rub)

## Дальше

1. раз
2. два [страница](https://example.org/a)

> Неизвестно.

| год | млрд |
|-----|-----:|
| 2011 | 15 |
"""


@pytest.fixture(scope="session")
def story() -> Story:
    return Story.made(
        {
            "title": {"ru": "Проба", "en": "Trial"},
            "summary": {"ru": "О чём", "en": "What of"},
            "chapters": [
                {
                    "title": {"ru": "Показатели", "en": "Figures"},
                    "text": {"ru": TEXT, "en": "In all {programme.cost}."},
                    "view": "f.park=medical&pick=projects/nrmc-creation",
                    "seconds": 30,
                    "notes": {"ru": "Сказать про {programme.jobs}.", "en": "Say it."},
                },
                {
                    "title": {"ru": "Дорога", "en": "Road"},
                    "text": {"ru": "Коротко.", "en": "Short."},
                    "view": "on=districts,asino_road&at=56.75,85.6,9.5&year=2020",
                },
                {"title": {"ru": "Без карты", "en": "No map"}, "view": None},
            ],
        }
    )


@pytest.fixture(scope="session")
def told(store: EmbeddedStore, story: Story) -> ToldStory:
    return tell(store, story, "ru")
