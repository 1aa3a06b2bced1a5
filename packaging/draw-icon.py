#!/usr/bin/env python3
"""Draws icon.png, the packages' icon, from icon.svg. Reads only the elements that the drawing uses: rect, line and circle."""

import math
import pathlib
import struct
import xml.etree.ElementTree as xml
import zlib

SAMPLES = 4  # per pixel and direction


def inside(shape, x, y):
    value = {name: float(text) for name, text in shape.attrib.items() if name not in ("fill", "stroke")}
    kind = shape.tag.rpartition("}")[2]
    if kind == "circle":
        return math.hypot(x - value["cx"], y - value["cy"]) <= value["r"]
    if kind == "line":
        dx, dy = value["x2"] - value["x1"], value["y2"] - value["y1"]
        along = ((x - value["x1"]) * dx + (y - value["y1"]) * dy) / (dx * dx + dy * dy)
        away = abs((x - value["x1"]) * dy - (y - value["y1"]) * dx) / math.hypot(dx, dy)
        return 0 <= along <= 1 and away <= value["stroke-width"] / 2
    half_width, half_height, radius = value["width"] / 2, value["height"] / 2, value["rx"]
    dx = max(abs(x - value["x"] - half_width) - half_width + radius, 0)
    dy = max(abs(y - value["y"] - half_height) - half_height + radius, 0)
    return math.hypot(dx, dy) <= radius


def color(shape):
    text = shape.get("fill") or shape.get("stroke")
    return tuple(int(text[i : i + 2], 16) for i in (1, 3, 5))


folder = pathlib.Path(__file__).parent
drawing = xml.parse(folder / "icon.svg").getroot()
size = int(drawing.get("width"))
shapes = [(shape, color(shape)) for shape in reversed(list(drawing))]
rows = bytearray()
for row in range(size):
    rows.append(0)  # No filter.
    for column in range(size):
        hits = []
        for i in range(SAMPLES * SAMPLES):
            x = column + (i % SAMPLES + 0.5) / SAMPLES
            y = row + (i // SAMPLES + 0.5) / SAMPLES
            hit = next((paint for shape, paint in shapes if inside(shape, x, y)), None)
            if hit:
                hits.append(hit)
        rows += bytes(round(sum(hit[i] for hit in hits) / len(hits)) if hits else 0 for i in range(3))
        rows.append(round(255 * len(hits) / SAMPLES**2))


def chunk(kind, data):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


header = struct.pack(">IIBBBBB", size, size, 8, 6, 0, 0, 0)
(folder / "icon.png").write_bytes(
    b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + chunk(b"IEND", b"")
)
