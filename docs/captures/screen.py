"""A Neovim screen, kept from what Neovim draws and written as SVG."""

from __future__ import annotations

from html import escape
from typing import Any

CELL_WIDTH, CELL_HEIGHT = 8.4, 18


class Screen:
    """The grid that a Neovim without a terminal draws on."""

    def __init__(self) -> None:
        self.cells: list[list[tuple[str, int]]] = []
        self.styles: dict[int, dict[str, Any]] = {}
        self.foreground, self.background = 0xE0E2EA, 0x14161B

    def redraw(self, batches: list[Any]) -> None:
        """Apply the drawing events of one notification."""
        for name, *calls in batches:
            handler = getattr(self, f"_{name}", None)
            if handler is not None:
                for call in calls:
                    handler(*call)

    def _default_colors_set(self, foreground: int, background: int, *_: Any) -> None:
        self.foreground = foreground if foreground >= 0 else self.foreground
        self.background = background if background >= 0 else self.background

    def _hl_attr_define(self, number: int, style: dict[str, Any], *_: Any) -> None:
        self.styles[number] = style

    def _grid_resize(self, _: int, width: int, height: int) -> None:
        self.cells = [[(" ", 0)] * width for _ in range(height)]

    def _grid_clear(self, _: int) -> None:
        self.cells = [[(" ", 0)] * len(row) for row in self.cells]

    def _grid_line(self, _: int, row: int, column: int, cells: list[Any], *__: Any) -> None:
        style = 0
        for text, *more in cells:
            if more:
                style = more[0]
            for _ in range(more[1] if len(more) > 1 else 1):
                self.cells[row][column] = (text, style)
                column += 1

    def _grid_scroll(
        self, _: int, top: int, bottom: int, left: int, right: int, rows: int, __: int
    ) -> None:
        order = range(top, bottom - rows) if rows > 0 else range(bottom - 1, top - rows - 1, -1)
        for row in order:
            self.cells[row][left:right] = self.cells[row + rows][left:right]

    def text(self) -> str:
        """Return what stands on the screen."""
        return "\n".join("".join(cell for cell, _ in row).rstrip() for row in self.cells)

    def svg(self) -> str:
        """Return the screen as a picture."""
        width = len(self.cells[0]) * CELL_WIDTH
        height = len(self.cells) * CELL_HEIGHT
        parts = [
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height}" '
            f'viewBox="0 0 {width:.0f} {height}" font-family="monospace" font-size="14">',
            f'<rect width="100%" height="100%" fill="#{self.background:06x}"/>',
        ]
        for number, row in enumerate(self.cells):
            parts += self._row(number, row)
        return "\n".join([*parts, "</svg>", ""])

    def _row(self, number: int, row: list[tuple[str, int]]) -> list[str]:
        parts: list[str] = []
        start = 0
        while start < len(row):
            end = start
            while end < len(row) and row[end][1] == row[start][1]:
                end += 1
            text = "".join(cell for cell, _ in row[start:end])
            parts += self._run(number, start, text, end - start, self.styles.get(row[start][1], {}))
            start = end
        return parts

    def _run(
        self, row: int, column: int, text: str, cells: int, style: dict[str, Any]
    ) -> list[str]:
        foreground = style.get("foreground", self.foreground)
        background = style.get("background", self.background)
        if style.get("reverse"):
            foreground, background = background, foreground
        x, y = column * CELL_WIDTH, row * CELL_HEIGHT
        parts = []
        if background != self.background:
            parts.append(
                f'<rect x="{x:.1f}" y="{y}" width="{cells * CELL_WIDTH:.1f}" '
                f'height="{CELL_HEIGHT}" fill="#{background:06x}"/>'
            )
        if style.get("underline") or style.get("undercurl"):
            colour = style.get("special", foreground)
            line = y + CELL_HEIGHT - 2
            parts.append(
                f'<line x1="{x:.1f}" y1="{line}" x2="{x + cells * CELL_WIDTH:.1f}" '
                f'y2="{line}" stroke="#{colour:06x}" stroke-width="2"/>'
            )
        if text.strip():
            weight = ' font-weight="bold"' if style.get("bold") else ""
            parts.append(
                f'<text x="{x:.1f}" y="{y + 14}" fill="#{foreground:06x}"{weight} '
                f'xml:space="preserve" textLength="{len(text) * CELL_WIDTH:.1f}">'
                f"{escape(text)}</text>"
            )
        return parts
