#!/usr/bin/env python3
"""Predicts pictures with the model of this folder.

    pip install onnxruntime numpy pillow
    python3 predict.py picture.jpg ...

Prints one JSON document a picture and line; `predict` may also be imported. Pillow resizes and converts colours otherwise than
training did, so the probabilities differ from those of the other clients, most for CMYK, 16-bit and Display P3 pictures. Where that
matters, post the pictures to `npx graft serve` instead.
"""
import json
import pathlib
import sys

import numpy
import onnxruntime
from PIL import Image, ImageOps

HERE = pathlib.Path(__file__).resolve().parent
MANIFEST = json.loads((HERE / "manifest.json").read_text())
LABELS = json.loads((HERE / "labels.json").read_text())
INPUT = json.loads((HERE / "preprocess.json").read_text())
FILTERS = {"cubic": Image.Resampling.BICUBIC, "linear": Image.Resampling.BILINEAR, "lanczos3": Image.Resampling.LANCZOS}
SESSION = None


def to_rgb(image):
    """Upright, on white, 8-bit RGB."""
    image = ImageOps.exif_transpose(image)
    if image.mode.startswith("I"):  # 16-bit grey
        image = Image.fromarray((numpy.asarray(image).astype(numpy.uint32) >> 8).astype(numpy.uint8))
    if image.has_transparency_data:
        image = image.convert("RGBA")
        white = Image.new("RGBA", image.size, (255, 255, 255, 255))
        image = Image.alpha_composite(white, image)
    return image.convert("RGB")


def prepare(image):
    """A Pillow image as the model wants it: uint8, height x width x 3."""
    image = to_rgb(image)
    size, kernel = (INPUT["width"], INPUT["height"]), FILTERS[INPUT["kernel"]]
    if INPUT["resize"] == "squish":
        image = image.resize(size, kernel)
    else:
        image = ImageOps.fit(image, size, kernel, bleed=(1 - INPUT.get("cropShare", 1)) / 2)
    return numpy.asarray(image)


def predict(image):
    """What is on a Pillow image."""
    global SESSION
    if SESSION is None:
        SESSION = onnxruntime.InferenceSession(str(HERE / MANIFEST["model"]["file"]))
    row = SESSION.run(["probabilities"], {"image": prepare(image)[None]})[0][0]
    confidence = float(row.max())
    return {
        "label": LABELS[int(row.argmax())],
        "confidence": confidence,
        "probabilities": {label: float(share) for label, share in zip(LABELS, row)},
        "unknown": confidence < (MANIFEST.get("unknownBelow") or 0),
    }


if __name__ == "__main__":
    for name in sys.argv[1:]:
        with Image.open(name) as picture:
            print(json.dumps({"file": name, **predict(picture)}))
