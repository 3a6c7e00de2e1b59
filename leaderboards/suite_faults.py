"""What can be wrong with a suite that somebody handed in, beside its hash, which not all of it goes into."""

from collections.abc import Iterator

from benchmark.suite import Item, Suite

LARGEST_SIDE = 65_535

MOST_ITEMS = 200_000


def faults_of_suite(suite: Suite) -> Iterator[str]:
    """What is wrong, a line each: names that lead elsewhere, or that say something else than the damage."""
    names = [each.item for each in suite.items]
    if not names or len(names) > MOST_ITEMS:
        yield f"suite.json: {len(names)} items; 1 to {MOST_ITEMS} are taken"
    if len({*names}) < len(names):
        yield "suite.json: two items of one name"
    pairs = {(item.photo, item.photo_sha256) for item in suite.items}
    if len(pairs) != len({name for name, _ in pairs}) or len(pairs) != len({digest for _, digest in pairs}):
        yield "suite.json: one photo has two names, or two have one"
    for item in suite.items:
        fault = fault_of(item)
        if fault:
            yield f"suite.json: {item.item!r}: {fault}"
            return


def fault_of(item: Item) -> str:
    """What is wrong with an item; empty where nothing is."""
    for name in (item.item, item.photo, item.defect):
        if not is_inside(name):
            return f"{name!r} leads out of the folder of the suite"
    if not all(type(side) is int and 0 < side <= LARGEST_SIDE for side in (item.height, item.width)):
        return f"{item.width} x {item.height} pixels"
    if item.severity is not None and item.severity not in range(6):
        return f"severity {item.severity!r}, none of 0 to 5"
    graded = f"{item.defect}-{item.severity}" if item.severity not in (None, 0) else item.defect
    if item.item not in (f"{graded}/{item.photo}", f"{graded}/{item.photo}-{item.draw}"):
        return f"is not of {item.photo} with {item.defect} at severity {item.severity}"
    return ""


def is_inside(name: object) -> bool:
    """Whether a name with slashes stays in the folder that it is looked for in."""
    if not isinstance(name, str) or not name or len(name) > 500 or any(ord(each) < 32 for each in name):
        return False
    return all(part not in ("", ".", "..") for part in name.split("/")) and "\\" not in name and ":" not in name[:2]
