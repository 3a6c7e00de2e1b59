"""What to change in a pipeline whose photos are told from real ones, by the topics of `words`."""

ADVICE: dict[str, tuple[str, str]] = {
    "red cast": (
        "Turn DyeFading and Toning down, or draw them less often.",
        "Turn DyeFading or Toning up, or draw them more often.",
    ),
    "yellow cast": (
        "Turn Yellowing, DyeFading and Toning down, or draw them less often.",
        "Turn Yellowing, DyeFading or Toning up, or draw them more often.",
    ),
    "colourful": (
        "Fade or tone more of the photos (DyeFading, BlackAndWhite with Toning): old prints have few hues.",
        "Fewer BlackAndWhite, less fading.",
    ),
    "toning": (
        "Let stain and tone differ between lights and darks less, or stain fewer photos.",
        "Let the stain follow the tone: Toning and Yellowing on BlackAndWhite rather than an even cast.",
    ),
    "colour noise": (
        "Use noise that is the same in the three channels (FilmGrain, or GaussianNoise with one channel), and weaker.",
        "A little sensor noise of its own in each channel (SensorNoise) behind the grain.",
    ),
    "alike noise": (
        "A little sensor noise of its own in each channel (SensorNoise), behind the grain.",
        "Use noise that is the same in the three channels (FilmGrain, or GaussianNoise with one channel).",
    ),
    "colour noise size": (
        "Less blur and finer JpegCompression (4:4:4) behind noise of each channel's own.",
        "Put the blur and the JpegCompression behind the noise: a scan's colour noise is coarse.",
    ),
    "one hue": (
        "Fewer grey and toned photos; leave some a colour of their own.",
        "Tone more of the photos (BlackAndWhite with Toning, Yellowing): most old prints have one hue.",
    ),
    "grain": ("Weaker grain and noise.", "Stronger grain or noise, or less blur behind it."),
    "grain size": (
        "Finer grain, or grain behind the blur rather than before it.",
        "Less noise or coarser grain, or the blur and the scan behind it: made noise is white, a scan's is not.",
    ),
    "grain tone": (
        "Less noise at the ends of the scale: grain is strongest in the mid-tones.",
        "Noise that does not vanish at the ends of the scale, as a scanner's.",
    ),
    "texture": (
        "Less grain and fewer small marks against the picture's own form.",
        "More of what breaks even areas: paper, grain, unevenness.",
    ),
    "sharpness": (
        "Less Sharpening, more blur, or a softer scan (GaussianBlur, Defocus, LowResolution).",
        "Less blur and less LowResolution, or some Sharpening.",
    ),
    "softness": (
        "Less blur and less LowResolution, or a little more grain.",
        "Less Sharpening, more blur, a softer scan (GaussianBlur, Defocus, LowResolution), or less grain.",
    ),
    "lines": ("Fewer bands and streaks along one direction.", "Fewer bands and streaks along the other direction."),
    "screen": ("Fewer Halftone and PaperTexture, or a scan that softens them.", "Some Halftone or PaperTexture."),
    "blocks": (
        "ReducedJpeg in place of JpegCompression, which leaves no grid; clean JPEGs bring their blocks along.",
        "A JpegCompression behind everything else, as the web has it; less noise behind it.",
    ),
    "enlarging": ("Smooth enlarging rather than nearest in LowResolution.", "More LowResolution."),
    "blacks": (
        "Lift the blacks less (SilverFading, DyeFading, ContrastLoss, Flare), or set them anew (ContrastStretch).",
        "Lift the blacks more (SilverFading, DyeFading, ContrastLoss, Flare).",
    ),
    "lightness": (
        "A darker print (CharacteristicCurve, GammaShift).",
        "A lighter print (CharacteristicCurve, GammaShift).",
    ),
    "whites": (
        "Duller whites: Yellowing and stains take light from the paper.",
        "Cleaner whites: less Yellowing, fewer stains.",
    ),
    "contrast": (
        "Less range from black to white (SilverFading, DyeFading, ContrastLoss).",
        "More range from black to white: less SilverFading, DyeFading and ContrastLoss.",
    ),
    "clipping": ("Less ContrastStretch, gentler tone curves.", "Some ContrastStretch: scans clip a little."),
    "light marks": (
        "Fewer, smaller or fainter Scratches, Creases, Dust and Holes; noise and sharpening add to these too.",
        "More, larger or stronger Scratches, Creases, Dust and Holes; blur and low contrast take from these too.",
    ),
    "dark marks": (
        "Fewer, smaller or fainter Stains, Foxing, Hair and Mould; noise and sharpening add to these too.",
        "More, larger or stronger Stains, Foxing, Hair and Mould; blur and low contrast take from these too.",
    ),
    "mark shape": (
        "Fewer long marks (Scratches, Hair, Creases), more specks (Dust, Foxing).",
        "More long marks (Scratches, Hair, Creases), fewer specks (Dust, Foxing).",
    ),
    "impulses": (
        "Less SaltAndPepper, Pinholes and fine Dust, or a blur behind them.",
        "A few Pinholes and specks of Dust.",
    ),
}
"""By topic: what to change where there is too much of it, and where there is too little."""
