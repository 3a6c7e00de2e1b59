"""Bytes are kept only where every reader sees in them what we see."""

import io
from typing import Any

import cv2
import numpy as np
import pytest
from PIL import Image as Pillow
from PIL import ImageCms, PngImagePlugin

from degrade.io import ImageError, decode_image
from degrade.plain import is_plain

COLOUR = np.random.Generator(np.random.SFC64(6)).integers(0, 256, (16, 24, 3), dtype=np.uint8)
GREY = np.ascontiguousarray(COLOUR[..., 0])
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def saved(picture: Any, kind: str, **how: Any) -> bytes:
    file = io.BytesIO()
    (picture if isinstance(picture, Pillow.Image) else Pillow.fromarray(picture)).save(file, kind, **how)
    return file.getvalue()


def exif(orientation: int) -> Pillow.Exif:
    notes = Pillow.Exif()
    notes[274] = orientation
    return notes


def chunk(name: bytes, data: bytes) -> PngImagePlugin.PngInfo:
    info = PngImagePlugin.PngInfo()
    info.add(name, data)
    return info


PLAIN = {
    "colour.png": saved(COLOUR, "PNG"),
    "colour.jpg": saved(COLOUR, "JPEG"),
    "progressive.jpg": saved(COLOUR, "JPEG", progressive=True),
    "colour.webp": saved(COLOUR, "WEBP"),
    "lossless.webp": saved(COLOUR, "WEBP", lossless=True),
    "grey.png": saved(GREY, "PNG"),
    "grey.jpg": saved(GREY, "JPEG"),
    "upright.jpg": saved(COLOUR, "JPEG", exif=exif(1)),
    "srgb.jpg": saved(COLOUR, "JPEG", icc_profile=SRGB),
    "gamma.png": saved(COLOUR, "PNG", pnginfo=chunk(b"gAMA", (45455).to_bytes(4, "big"))),
}

OTHER = {
    "lying.jpg": saved(COLOUR, "JPEG", exif=exif(6)),
    "lying.png": saved(COLOUR, "PNG", exif=exif(3)),
    "lying.webp": saved(COLOUR, "WEBP", exif=exif(8)),
    "alpha.png": saved(np.dstack([COLOUR, GREY]), "PNG"),
    "alpha.webp": saved(np.dstack([COLOUR, GREY]), "WEBP"),
    "hole.png": saved(COLOUR, "PNG", transparency=(1, 2, 3)),
    "palette.png": saved(Pillow.fromarray(COLOUR).quantize(16), "PNG"),
    "deep.png": cv2.imencode(".png", COLOUR.astype(np.uint16) * 257)[1].tobytes(),
    "deep grey.png": cv2.imencode(".png", GREY.astype(np.uint16) * 257)[1].tobytes(),
    "one bit.png": saved(Pillow.fromarray(GREY).convert("1"), "PNG"),
    "moving.png": saved(COLOUR, "PNG", save_all=True, append_images=[Pillow.fromarray(COLOUR[::-1].copy())]),
    "moving.webp": saved(COLOUR, "WEBP", save_all=True, append_images=[Pillow.fromarray(COLOUR[::-1].copy())]),
    "ink.jpg": saved(Pillow.fromarray(COLOUR).convert("CMYK"), "JPEG"),
    "scan.tif": saved(COLOUR, "TIFF"),
    "old.bmp": saved(COLOUR, "BMP"),
    "wide.jpg": saved(
        COLOUR, "JPEG", icc_profile=SRGB.replace(b"sRGB", b"Wide").replace("sRGB".encode("utf-16-be"), b"")
    ),
    "bright.png": saved(COLOUR, "PNG", pnginfo=chunk(b"gAMA", (100000).to_bytes(4, "big"))),
    "hdr.png": saved(COLOUR, "PNG", pnginfo=chunk(b"cICP", bytes([9, 16, 0, 1]))),
    "text.jpg": b"no picture",
    "empty.jpg": b"",
}


@pytest.mark.parametrize("name", PLAIN)
def test_plain_bytes_give_every_reader_the_same_picture(name: str) -> None:
    data = PLAIN[name]
    assert is_plain(data)
    ours = decode_image(data, name)
    theirs: Any = np.asarray(Pillow.open(io.BytesIO(data)).convert("RGB"))
    assert np.array_equal(ours, theirs)
    if "webp" not in name:  # lossy WebP: decoders of another build smooth colours differently
        opencv: Any = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert np.abs(opencv[..., ::-1].astype(int) - ours).max() <= 2


@pytest.mark.parametrize("name", OTHER)
def test_bytes_that_need_more_than_decoding_are_not_plain(name: str) -> None:
    assert not is_plain(OTHER[name])


def test_errors_about_bytes_carry_the_name_given() -> None:
    with pytest.raises(ImageError, match=r"^in/a\.jpg: no picture that can be read"):
        decode_image(b"text", "in/a.jpg")
    with pytest.raises(ImageError, match=r"^in/a\.jpg: an empty file"):
        decode_image(b"", "in/a.jpg")
    with pytest.raises(ImageError, match=r"^a: 24 x 16 = 0.000384 megapixels, over the limit"):
        decode_image(PLAIN["colour.png"], "a", 10)
