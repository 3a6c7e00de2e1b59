"""Whether the bytes of a picture file may be handed on as they are."""

from PIL import Image as Pillow

from degrade.decoding import opened


def is_plain(data: bytes) -> bool:
    """Whether the bytes may stand for their picture: every reader sees in them what `degrade.io.decode_image` sees.

    So they are a JPEG, PNG or WebP of one frame, upright, in 8-bit RGB or grey, without transparency, and without a
    colour profile or gamma other than sRGB's. Grey counts because turning it into RGB repeats it, as `decode_image`
    does; readers that want three channels must ask for them (`datasets.Image(mode="RGB")`).
    """
    try:
        picture = opened(data)
        upright = picture.getexif().get(274) not in range(2, 9)
    except Exception:  # decoders raise whatever they like
        return False
    deep = picture.format == "PNG" and data[24] != 8
    usual = picture.format in ("JPEG", "PNG", "WEBP") and picture.mode in ("RGB", "L") and not deep
    single = getattr(picture, "n_frames", 1) == 1
    return usual and single and upright and not picture.has_transparency_data and _is_srgb(picture, data)


def _is_srgb(picture: Pillow.Image, data: bytes) -> bool:
    """Whether a viewer that manages colours shows the levels as they are."""
    profile = picture.info.get("icc_profile") or b"sRGB"
    named = b"sRGB" in profile or "sRGB".encode("utf-16-be") in profile
    gamma = picture.info.get("gamma", 1 / 2.2)
    other = picture.format == "PNG" and b"cICP" in data[:256]  # a newer note on the colour space, ahead of the pixels
    return named and abs(gamma - 1 / 2.2) < 0.001 and not other
