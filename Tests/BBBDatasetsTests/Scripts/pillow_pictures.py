"""Draws pictures of every kind that is read, and says what Pillow makes of them, with torchvision's rules of resizing and
of cutting out the middle.

    pillow_pictures.py FOLDER CHANNELS RESIZE HEIGHT WIDTH
"""
import os
import sys

import numpy as np
from PIL import Image

folder, channels, resize, height, width = sys.argv[1], *map(int, sys.argv[2:])
random = np.random.default_rng(7)


def drawn(rows, columns):
    """Waves, and noise: what is smooth and what is not."""
    y, x = np.mgrid[0:rows, 0:columns]
    waves = [127 + 80 * np.sin(x / (3 + k) + k) * np.cos(y / (5 - k)) for k in range(3)]
    return np.clip(np.stack(waves, -1) + random.normal(0, 25, (rows, columns, 3)), 0, 255).astype("uint8")


def prepared(path):
    image = Image.open(path).convert("L" if channels == 1 else "RGB")
    short, long = sorted(image.size)
    if short != resize:
        other = int(resize * long / short)
        image = image.resize((resize, other) if image.size[0] <= image.size[1] else (other, resize), Image.BILINEAR)
    top = int(round((image.size[1] - height) / 2))
    left = int(round((image.size[0] - width) / 2))
    image = image.crop((left, top, left + width, top + height))
    return np.asarray(image).reshape(height, width, channels).transpose(2, 0, 1)


sizes = [(24, 24), (100, 100), (131, 95), (61, 203), (25, 24), (350, 240)]
for kind in ("png", "jpeg"):
    os.makedirs(f"{folder}/{kind}")
for number, size in enumerate(sizes):
    image = Image.fromarray(drawn(*size))
    image.save(f"{folder}/png/{number}_rgb.png")
    image.convert("L").save(f"{folder}/png/{number}_grey.png")
    image.convert("1").save(f"{folder}/png/{number}_bit.png")
    image.convert("P", palette=Image.ADAPTIVE, colors=13).save(f"{folder}/png/{number}_palette.png")
    image.convert("RGBA").save(f"{folder}/png/{number}_alpha.png")
    image.save(f"{folder}/jpeg/{number}_420.jpg", quality=85)
    image.save(f"{folder}/jpeg/{number}_444.jpeg", quality=95, subsampling=0)
    image.save(f"{folder}/jpeg/{number}_progressive.JPG", quality=60, progressive=True)
    image.convert("L").save(f"{folder}/jpeg/{number}_grey.jpg", quality=80)
for kind in ("png", "jpeg"):
    names = sorted(os.listdir(f"{folder}/{kind}"))
    x = np.stack([prepared(f"{folder}/{kind}/{name}") for name in names])
    np.savez(f"{folder}/{kind}.npz", x=x, y=np.zeros(len(x), "int64"))
