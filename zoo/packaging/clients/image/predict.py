#!/usr/bin/env python3
"""Predicts pictures with the model of this folder.

    pip install onnxruntime numpy pillow
    python3 predict.py picture.jpg ...

Prints one JSON document a picture and line; `predict` may also be imported. Pictures are decoded by Pillow and resized here as libvips does it,
for training did that: to the bit, but for two values in a thousand where a picture is stretched unevenly. Colour profiles (Display P3) are converted a
little otherwise than in training (0.003 of a probability at most, measured), CMYK so much that it is refused: post those to
`npx graft serve` instead.
"""
import io
import json
import math
import pathlib
import sys

import numpy
import onnxruntime
from PIL import Image, ImageCms, ImageOps

HERE = pathlib.Path(__file__).resolve().parent
MANIFEST = json.loads((HERE / "manifest.json").read_text())
LABELS = json.loads((HERE / "labels.json").read_text())
INPUT = json.loads((HERE / "preprocess.json").read_text())
SESSION = None

# Fixed-point numbers and steps between pixels of libvips.
ONE, STEPS = 4096, 64


def linear(x):
    return max(0.0, 1 - abs(x))


def cubic(x):
    x = abs(x)
    if x <= 1:
        return 1.5 * x**3 - 2.5 * x**2 + 1
    return -0.5 * x**3 + 2.5 * x**2 - 4 * x + 2 if x <= 2 else 0.0


def lanczos3(x):
    return float(numpy.sinc(x) * numpy.sinc(x / 3)) if abs(x) < 3 else 0.0


KERNELS = {"linear": (linear, 1), "cubic": (cubic, 2), "lanczos3": (lanczos3, 3)}


def fixed(weights):
    return [int(weight * ONE) for weight in weights]


def rounded(sums):
    return (sums + ONE // 2) >> 12


def masks(kernel, shrink):
    """Weights of the neighbours of a place, for each of the steps between two pixels."""
    function, reach = KERNELS[kernel]
    count = 2 * round(reach * shrink) + 1
    rows = []
    for step in range(STEPS + 1):
        half = step / STEPS + count / 2 - 1
        row = [function((at - half) / shrink) for at in range(count)]
        rows.append(fixed([weight / sum(row) for weight in row]))
    return numpy.array(rows)


def step_of(places):
    """The nearest step after the pixel before each place."""
    return (((places * STEPS * 2).astype(int) & (STEPS * 2 - 1)) + 1) >> 1


def box(pixels, factor):
    """Means of so many rows."""
    count = -(-len(pixels) // factor)
    whole = numpy.concatenate([pixels, numpy.repeat(pixels[-1:], count * factor - len(pixels), 0)])
    sums = whole.reshape(count, factor, *pixels.shape[1:]).sum(1)
    return ((sums + factor // 2) * (2**24 // factor)) >> 24


def shrink_rows(pixels, scale, kernel):
    """Fewer rows: first by means of whole rows, then by the kernel."""
    shrink = 1 / scale
    count = int(len(pixels) / shrink + 0.5)
    spare = count * shrink - len(pixels)
    factor = max(1, math.floor(len(pixels) / count / 2))
    if factor > 1:
        pixels, shrink, spare = box(pixels, factor), shrink / factor, spare / factor
    if shrink == 1:
        return pixels
    weights = masks(kernel, shrink)
    width = weights.shape[1]
    before = math.ceil(width / 2) - 1
    framed = numpy.concatenate(
        [numpy.repeat(pixels[:1], before, 0), pixels, numpy.repeat(pixels[-1:], width - before, 0)]
    )
    places = 0.5 * shrink - 0.5 - ((1 + spare) / 2 - 1) + shrink * numpy.arange(count)
    steps, first = step_of(places), places.astype(int)
    sums = sum(weights[steps, at][:, None, None] * framed[first + at] for at in range(width))
    return rounded(sums).clip(0, 255)


def catmull_rom(x):
    first, last = -0.5 * x * (1 - x) ** 2, -0.5 * x**2 * (1 - x)
    return fixed([first, 1 - x - first + (last - first), x - last - (last - first), last])


CATMULL_ROM = numpy.array([catmull_rom(step / STEPS) for step in range(STEPS + 1)])


def rows_at(pixels, at):
    return pixels[at.clip(0, len(pixels) - 1)]


def enlarge_rows_cubic(pixels, places):
    steps, first = step_of(places), numpy.floor(places).astype(int) - 1
    return rounded(sum(CATMULL_ROM[steps, at][:, None, None] * rows_at(pixels, first + at - 1) for at in range(4)))


def enlarge_linear(pixels, down, across):
    y, x = numpy.floor(down).astype(int), numpy.floor(across).astype(int)
    v = ((down - y) * ONE).astype(int)[:, None, None]
    u = ((across - x) * ONE).astype(int)[None, :, None]
    corner, right = (v * u) >> 12, ((ONE - v) * u) >> 12
    lines = [rows_at(pixels, y - 1), rows_at(pixels, y)]
    at = lambda line, column: lines[line][:, column.clip(0, pixels.shape[1] - 1)]
    below = v - corner
    return rounded((ONE - v - right) * at(0, x - 1) + right * at(0, x) + below * at(1, x - 1) + corner * at(1, x))


def turned(pixels):
    return pixels.swapaxes(0, 1)


def enlarge(pixels, scales, kernel, left):
    scales = [max(1.0, scale) for scale in scales]
    counts = [int(side * scale + 0.5) for side, scale in zip(pixels.shape, scales)]
    # One step of the output, in steps of the input, with the rounding that libvips has: it inverts a matrix, counts from a pixel outside the
    # picture, and adds up across from the left end of what is kept. What lies left of that is cropped away.
    steps = [(1 / (scales[1] * scales[0])) * scale for scale in scales[::-1]]
    down = numpy.arange(counts[0]) * steps[0] - 0.5 + 1
    kept = numpy.add.accumulate([left * steps[1] - 0.5 + 1] + [steps[1]] * (counts[1] - left - 1))
    across = numpy.concatenate([numpy.full(left, kept[0]), kept])
    if kernel == "linear":
        return enlarge_linear(pixels, down, across)
    wide = turned(enlarge_rows_cubic(turned(pixels), across))
    return enlarge_rows_cubic(wide, down).clip(0, 255)


def resize(pixels, height, width, kernel, left=0):
    """By factors for height and width, as vips_resize does it; so many columns on the left are not wanted."""
    pixels = pixels.astype(numpy.int64)
    if height < 1:
        pixels = shrink_rows(pixels, height, kernel)
    if width < 1:
        pixels = turned(shrink_rows(turned(pixels), width, kernel))
    if height > 1 or width > 1:
        pixels = enlarge(pixels, (height, width), kernel, left)
    return pixels.astype(numpy.uint8)


def resize_to(pixels, height, width, kernel):
    return resize(pixels, height / pixels.shape[0], width / pixels.shape[1], kernel)


def on_white(image):
    """Without its alpha channel; whole numbers are cut, as libvips cuts them."""
    pixels = numpy.asarray(image.convert("RGBA")).astype(int)
    alpha = pixels[..., 3:]
    return ((pixels[..., :3] * alpha + 255 * (255 - alpha)) // 255).astype(numpy.uint8)


def to_srgb(image):
    profile = image.info.get("icc_profile")
    if not profile or image.mode not in ("RGB", "RGBA"):
        return image
    source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
    return ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode=image.mode)


def to_rgb(image):
    """8-bit sRGB on white, height x width x 3, as it is stored."""
    if image.mode.startswith("I"):  # 16-bit grey
        image = Image.fromarray((numpy.asarray(image).astype(numpy.uint32) >> 8).astype(numpy.uint8))
    image = to_srgb(image)
    return on_white(image) if image.has_transparency_data else numpy.asarray(image.convert("RGB"))


def decode(image):
    """The picture, upright; a large one is shrunk by 2, 4 or 8, as it was in training, so that 640 pixels are left of the shorter side."""
    width, height = image.size
    shrink = 1
    while shrink < 8 and min(width, height) / (shrink * 2) >= 640:
        shrink *= 2
    if shrink > 2 and image.format == "JPEG":
        image.draft(image.mode, (width * 2 // shrink, height * 2 // shrink))
    pixels = to_rgb(image)
    if shrink > 1:
        pixels = resize_to(pixels, height // shrink, width // shrink, "linear")
    upright = Image.fromarray(pixels)
    upright.getexif().update(image.getexif())
    return numpy.asarray(ImageOps.exif_transpose(upright))


def cropped(pixels, height, width, rounding):
    top, left = ((whole - kept + rounding) // 2 for whole, kept in zip(pixels.shape, (height, width)))
    return pixels[top : top + height, left : left + width]


def prepare(image):
    """A Pillow image as the model wants it: uint8, height x width x 3."""
    pixels, kernel = decode(image), INPUT["kernel"]
    size = INPUT["height"], INPUT["width"]
    if INPUT["resize"] == "squish":
        return resize_to(pixels, *size, kernel)
    share = INPUT.get("cropShare", 1)
    if share < 1:
        pixels = cropped(pixels, *(max(1, math.floor(side * share + 0.5)) for side in pixels.shape[:2]), 0)
    scale = max(wanted / side for wanted, side in zip(size, pixels.shape))
    left = (int(pixels.shape[1] * scale + 0.5) - size[1] + 1) // 2
    return cropped(resize(pixels, scale, scale, kernel, left), *size, 1)


def predict(image):
    """What is on a Pillow image. CMYK is a ValueError: Pillow reads other colours in it than training did."""
    if image.mode == "CMYK":
        raise ValueError("Pillow reads other colours in CMYK than training did: post this picture to `npx graft serve`.")
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
    failed = False
    for name in sys.argv[1:]:
        try:
            with Image.open(name) as picture:
                print(json.dumps({"file": name, **predict(picture)}))
        except (OSError, ValueError) as error:
            failed = True
            print(json.dumps({"file": name, "error": str(error)}))
    sys.exit(failed)
