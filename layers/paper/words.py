"""What maps and documents on paper say of themselves, in both languages."""

from layers.catalog import Text

PER_CM = Text(ru="в 1\u00a0см {n}", en="1\u00a0cm to {n}")
METRES = Text(ru="м", en="m")
KILOMETRES = Text(ru="км", en="km")
NORTH = Text(ru="С", en="N")
GRID_NORTH = Text(ru="север сетки", en="grid north")
GRID = Text(ru="Сетка UTM\u00a045N, градусы WGS\u00a084", en="UTM\u00a045N grid, WGS\u00a084 degrees")
MSK = Text(ru="вверху и справа МСК-70, зона\u00a0{n}, км", en="top and right: MSK-70, zone\u00a0{n}, km")
LEGEND = Text(ru="Условные обозначения", en="Legend")
SITE = Text(ru="Площадка", en="Site")
HALO = Text(ru="Точность положения", en="Accuracy of the position")
STATES = Text(ru="Состояние", en="State")
PAGE = Text(ru="Страница {n} из {of}", en="Page {n} of {of}")
SOURCES = Text(ru="Источники", en="Sources")
CREDITS = Text(ru="Данные: {who}", en="Data: {who}")
