"""What maps and documents on paper say of themselves, in both languages."""

from layers.catalog import Text

PER_CM = Text(ru="в 1\u00a0см {n}", en="1\u00a0cm to {n}")
METRES = Text(ru="м", en="m")
KILOMETRES = Text(ru="км", en="km")
NORTH = Text(ru="С", en="N")
GRID_NORTH = Text(ru="север сетки", en="grid north")
GRID = Text(ru="Сетка UTM\u00a045N, градусы WGS\u00a084", en="UTM\u00a045N grid, WGS\u00a084 degrees")
MSK = Text(ru="вверху и справа МСК-70, зона\u00a0{n}, км", en="top and right: MSK-70, zone\u00a0{n}, km")
PLANE = Text(
    ru="Проекция UTM, зона\u00a045N, WGS\u00a084 (EPSG:32645).",
    en="Projection: UTM zone\u00a045N, WGS\u00a084 (EPSG:32645).",
)
GRID_WGS = Text(ru="Сетка: градусы WGS\u00a084.", en="Grid: degrees of WGS\u00a084.")
GRID_MSK = Text(ru="Сетка: МСК-70, зона\u00a0{n}, километры.", en="Grid: MSK-70, zone\u00a0{n}, kilometres.")
GRID_MSKS = Text(
    ru="Сетка: МСК-70, зоны\u00a0{n}, километры; граница зон\u00a0— {at}\u00a0в.\u00a0д.",
    en="Grid: MSK-70, zones\u00a0{n}, kilometres; they meet at {at}\u00a0E.",
)
CONVERGENCE = Text(
    ru="Сближение меридианов {angle}: вертикали листа\u00a0— на север сетки UTM, стрелка\u00a0— на истинный.",
    en="Convergence {angle}: uprights of the sheet point to UTM grid north, the arrow to true north.",
)
ZONE = Text(ru="МСК-70, зона\u00a0{n}", en="MSK-70, zone\u00a0{n}")
LEGEND = Text(ru="Условные обозначения", en="Legend")
SITE = Text(ru="Площадка", en="Site")
HALO = Text(ru="Точность положения", en="Accuracy of the position")
STATES = Text(ru="Состояние", en="State")
PAGE = Text(ru="Страница {n} из {of}", en="Page {n} of {of}")
SOURCES = Text(ru="Источники", en="Sources")
CREDITS = Text(ru="Данные: {who}", en="Data: {who}")
