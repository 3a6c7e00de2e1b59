"""What the card says of every column and every class."""

from degrade.types import Defect

COLUMNS_SAY: dict[str, str] = {
    "key": "The photo's identity in its source. All rows of a photo are in one split.",
    "clean": "What a restorer should give back. On the same pixel grid as `degraded`.",
    "degraded": "What it is given.",
    "mask": "Grey, 0 to 255: how much of each pixel a structured defect covers.",
    "defects": "The class of the defect that covers each pixel, see below.",
    "recipe": "JSON: each effect with all its numbers. On the source photo, or its crop at `left` and `top`, they give "
    "`degraded` again.",
    "preset": "Where the recipe was drawn from.",
    "variant": "Which of the photo's draws, counted from 0.",
    "left": "The crop's left edge in the photo.",
    "top": "Its upper edge.",
    "width": "Of the row's pictures.",
    "height": "Of the row's pictures.",
    "severity": "1 to 5, where one effect alone was asked for; else empty.",
    "effects": "Names of the effects in the recipe, in order.",
    "seed": "Of the whole corpus.",
    "coverage": "Mean of `mask`, as a share of 1.",
    "moved": "The print lies askew: `clean` was moved with it, so it differs from the source photo.",
    "source_sha256": "Of the source photo's file.",
    "degraded_sha256": "Of the degraded pixels: `repr(array.shape)`, then the bytes of the array (H, W, 3).",
    "versions": "Of what computed the pixels.",
}

CLASSES_SAY: dict[Defect, str] = {
    Defect.INTACT: "Nothing lies on the picture here. Fading, blur and grain are no defects of this kind.",
    Defect.SCRATCH: "Scratches, abrasion, pinholes.",
    Defect.DUST: "Specks and lint.",
    Defect.HAIR: "Hairs and fibres.",
    Defect.CREASE: "Folds and creases.",
    Defect.CRACK: "A network of cracks in the emulsion.",
    Defect.LOSS: "The picture is gone: holes, flakes, tears, corners.",
    Defect.STAIN: "Water, mould, mat burn and other stains.",
    Defect.FOXING: "Rust-brown spots.",
    Defect.FINGERPRINT: "Prints of fingers.",
    Defect.MIRRORING: "A metallic sheen, mostly at the edges.",
    Defect.TAPE: "Adhesive tape and what it leaves.",
    Defect.PAPER: "The relief of the paper's surface.",
}

INTRODUCTION = """Clean photographs, aged on purpose. Each row holds a clean picture, the same picture with the damage \
of an old print or scan, an exact mask of what covers it, a map of the kinds of defects, and the recipe that does the \
same again, to the byte."""

RECIPES_ONLY = """**This corpus keeps clean pictures and recipes only.** The columns `degraded`, `mask` and `defects` \
are empty in the files; `degrade.open_corpus` makes them again on reading, byte for byte, and with `check=True` \
compares them with `degraded_sha256`."""

LICENCE = """> **Licence: not set yet.** The degraded pictures are derived from the photographs, so their licence is \
that of the photographs. Whoever publishes this corpus has to put it in the first lines of this file, in place of \
`license: unknown`, and make sure that it allows publishing at all."""

DOMAINS = """Training on old photographs often wants three domains, and this corpus has them all:

| domain | where it is | what it is |
| --- | --- | --- |
| R, real old photos | `degraded` in the split `old` | scans as they are; nobody knows their clean twin |
| X, synthetic old photos | `degraded` in the other splits | made from Y |
| Y, clean photos | `clean` in the other splits | the source photographs |

The split `old` has the same columns as the others; those that need a clean twin are empty in it. X and R should come \
close to each other, and never do entirely: measure on R too."""

LOADING = """```python
from datasets import load_dataset

corpus = load_dataset("PATH/OR/USER/NAME"{split})
row = corpus[0]
row["clean"], row["degraded"], row["mask"], row["recipe"]
```

Without the datasets library, quicker, and with recipes replayed where only they were kept:

```python
import degrade

corpus = degrade.open_corpus("PATH"{of_split})
pair = corpus[0]
pair.clean, pair.degraded, pair.mask, pair.defects, pair.recipe
```"""

LIMITS = """- **It is synthetic.** The damage is drawn, not photographed. A model that does well here may still fail \
on real prints; keep real old photographs aside to find out.
- **The ranges are estimates** wherever no measurement exists: how often a defect occurs and how strong it gets was \
set after the literature and by eye, not counted in an archive. No statistic of this corpus says anything about real \
collections.
- **What the photographs show is what the models learn.** Subjects, skin tones, places, clothes and cameras are those \
of the source. Modern photographs lack what old ones show, however they are aged.
- **Clean is not perfect.** Noise, blur and JPEG artefacts of the source photographs count as clean here.
- **The mask is exact for structured defects only.** Fading, yellowing, grain, blur and compression change every \
pixel and are in no mask."""

CITATION = """```bibtex
@misc{{corpus,
  title        = {{{title}}},
  author       = {{TO SET: who made this corpus}},
  note         = {{Made with Foxing {version}, seed {seed}}}
}}
```

Please also name the source of the photographs."""
