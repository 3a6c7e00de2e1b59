"""Metrics and their settings in words, for passports: what exactly a number is, for whoever sees it first."""

from typing import NamedTuple


class Words(NamedTuple):
    """A metric in words."""

    title: str
    says: str
    """How it is computed."""

    read: str = ""
    """What it sees and what it misses."""

    source: str = ""


OURS = Words(
    "a metric that was added",
    "No words are kept for it here. Its spec below says which function, which version and which settings it is.",
)

METRIC_WORDS: dict[str, Words] = {
    "niqe-self": Words(
        "How unlike photographs, without a reference",
        "Statistics of luma in blocks of 96 pixels, as NIQE has them, fitted by a normal distribution and compared "
        "with that of four photos which come with scikit-image. NIQE proper has 125 photos that few may pass on: its "
        "numbers are others.",
        "Less looks more like a photograph. It knows nothing of what the photo once showed: a model that invents a "
        "sharp face does well by it.",
        "Mittal, Soundararajan and Bovik 2013, Making a completely blind image quality analyzer",
    ),
    "psnr": Words(
        "Peak signal-to-noise ratio",
        "10 log10(255² / mean squared error) in decibels, the squared error pooled over pixels and channels of RGB. "
        "Equal photos have 100 dB, and no pair has more.",
        "Three decibels more are half the squared error. It counts every pixel alike and knows nothing of structure: a "
        "small blur over all of the photo may cost more than a scratch that is still there, so read it by region.",
    ),
    "psnr-y": Words(
        "Peak signal-to-noise ratio of luma",
        "As PSNR, of luma alone as BT.601 video has it (16 to 235, not rounded), with a peak of 255, as MATLAB's YCbCr "
        "and BasicSR do. Another luma gives numbers that differ by a decibel: compare equal specs only.",
        "It is blind to colour: faded dyes and yellowed paper count by their brightness alone.",
    ),
    "ssim": Words(
        "Structural similarity",
        "The mean over pixels and RGB channels of luminance, contrast and structure compared under a Gaussian window "
        "of 11 pixels (σ 1.5), with the population's covariance. Pixels nearer to the border than half a window have "
        "none.",
        "1 is equal. It sees texture that is lost, and hardly sees a shift of tone that is alike everywhere.",
        "Wang et al. 2004, Image quality assessment: from error visibility to structural similarity",
    ),
    "ms-ssim": Words(
        "Structural similarity at five scales",
        "Contrast and structure of luma at five scales, each half as large as the one before, and luminance at the "
        "coarsest, multiplied with the weights of the paper. The photo's shorter side must have 161 pixels.",
        "1 is equal. It forgives what is fine more than SSIM does.",
        "Wang, Simoncelli and Bovik 2003, Multi-scale structural similarity for image quality assessment",
    ),
    "gmsd": Words(
        "Gradient magnitude similarity deviation",
        "The standard deviation of the similarity of gradients (Prewitt) of luma, on photos halved by the mean of four "
        "pixels. 0 for equal photos.",
        "It sees edges that are lost or made up. As a deviation, it hardly sees damage that is alike all over.",
        "Xue, Zhang, Mou and Bovik 2014, Gradient magnitude similarity deviation",
    ),
    "mae": Words(
        "Mean absolute error",
        "The mean absolute difference in grey levels of 255, over pixels and the three channels of RGB.",
        "It forgives a few pixels that are far off more than PSNR does.",
    ),
    "ciede2000": Words(
        "Colour difference CIEDE2000",
        "The mean over pixels of the colour difference ΔE00 with all weights 1, of sRGB under D65.",
        "About 1 is just seen where two fields touch. It is the one to read for fading and yellowing.",
        "Sharma, Wu and Dalal 2005, The CIEDE2000 color-difference formula",
    ),
    "luma-spectrum": Words(
        "Distance of power spectra",
        "The mean distance in decibels between the power spectra of the luma of both photos, in 32 rings of fineness "
        "under a Hann window, with the power of rounding to whole levels added to both.",
        "Too little fine detail is smoothing, too much is noise or grain: both count. It knows nothing of where detail "
        "lies, so it has no regions and is no measure by itself.",
    ),
    "roc-auc": Words(
        "Area under the ROC curve, by pixels",
        "How often a pixel of damage has a higher value in the soft mask than one without.",
        "With few pixels of damage it is flattering: 0.91 may go with an AUPRC of 0.33.",
    ),
    "auprc": Words(
        "Area under the precision-recall curve, by pixels",
        "Precision, mean over recall, as the soft mask's threshold falls.",
        "What chance gives is the share of damaged pixels; read it before ROC AUC.",
    ),
    "best-f1": Words("Best F1", "The highest F1 of any threshold, pixel by pixel."),
    "f1": Words("F1", "F1 at the model's own threshold, pixel by pixel."),
    "tolerant-f1": Words("F1 within two pixels", "F1 where a pixel counts as found if damage lies within two pixels."),
}

SETTINGS_WORDS = {
    "space": "colour space in which it is computed",
    "range": "the value of white",
    "quant": "what outputs are before they are scored: whole levels, rounded, as a file holds them",
    "cap": "the most it can be, in decibels",
    "hole": "from this cover of the mask on, of 255, a pixel is inside damage",
    "band": "pixels to either side of a hole's edge that are the seam",
    "window": "what each value is a weighted mean over",
    "cov": "population: no correction of variances for the window's size",
    "border": "valid: only where whole windows fit",
    "scales": "how often the photo is halved, and once",
    "t": "steadies the ratio where both photos are flat",
    "scale": "the photo is halved first",
    "weights": "of lightness, chroma and hue; or of a network: a hash of them",
    "bands": "rings of the spectrum",
    "floor": "power of rounding, added to both",
    "truth": "from this cover on, of 255, a pixel is to be found",
    "ignored": "covers that count neither way",
    "levels": "thresholds that are tried",
    "threshold": "own: where the model cuts its soft masks",
    "tolerance": "pixels by which a mark may lie beside",
    "block": "pixels on a side of what is looked at",
    "pristine": "the photos that count as natural, and a hash over their pixels",
    "pyiqa": "the version of pyiqa that computes it",
    "better": "which way it is better",
    "crop": "pixels left out along each side",
    "downsample": "whether large photos are made smaller first",
}


def words_of(metric: str) -> Words:
    """The words for a metric, by its name."""
    if metric.startswith("pyiqa-"):
        name = metric.removeprefix("pyiqa-")
        return Words(
            f"{name} of pyiqa",
            f"The metric {name} as the library pyiqa computes it, in the version and with the weights that its spec "
            "pins by their hash.",
            "Its licences allow noncommercial purposes alone.",
        )
    return METRIC_WORDS.get(metric, OURS._replace(title=metric))


def settings_of(spec: str) -> list[tuple[str, str, str]]:
    """The settings of a spec, with what each means."""
    pairs = [each.partition("=") for each in spec.partition("?")[2].split("&") if each]
    return [(key, value, SETTINGS_WORDS.get(key, "")) for key, _, value in pairs]
