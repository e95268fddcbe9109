"""Times orjson and the standard json module on catalogs that orjson.ts wrote, by the same procedure as the workers.

Reads one job as JSON on standard input, writes one result as JSON on standard output. Deliberately absent: any
choice of what to measure, and any comparison.
"""

import datetime
import gc
import json
import statistics
import sys
import time
import uuid

import orjson


def revive(value, place):
    """Replaces datetimes and UUIDs at the places that the payload's schema names, as a database driver gives them."""
    if value is None:
        return None
    if place.get("format") == "date-time":
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    if place.get("format") == "uuid":
        return uuid.UUID(value)
    if isinstance(value, list):
        items = place.get("items")
        return value if items is None else [revive(item, items) for item in value]
    if isinstance(value, dict):
        for key, below in place.get("properties", {}).items():
            if key in value:
                value[key] = revive(value[key], below)
    return value


def measure(operate, inputs, settings):
    """Median over blocks, in nanoseconds an operation; K operations a block, after a warm-up."""
    position = 0

    def block(operations):
        nonlocal position
        start = time.perf_counter_ns()
        for _ in range(operations):
            operate(inputs[position])
            position = (position + 1) % len(inputs)
        return time.perf_counter_ns() - start

    operations = 1
    spent = 0
    while spent < settings["warmupNs"]:
        elapsed = block(operations)
        spent += elapsed
        if elapsed < settings["blockNs"]:
            operations = min(operations * 2, int(settings["blockNs"] * 1.1 / (elapsed / operations)) + 1)
    blocks = []
    for _ in range(settings["blocks"]):
        gc.collect()
        blocks.append(block(operations) / operations)
    return statistics.median(blocks)


def main():
    job = json.load(sys.stdin)
    inputs = []
    for path in job["catalogPaths"]:
        with open(path, encoding="utf-8") as file:
            value = json.load(file)
        inputs.append(revive(value, job["schema"]) if job["variant"] == "native" else value)
    operations = {
        "orjson": lambda value: orjson.dumps(value, option=orjson.OPT_UTC_Z),
        "json": lambda value: json.dumps(value, default=str).encode("utf-8"),
    }
    result = {
        "python": sys.version.split()[0],
        "orjson": orjson.__version__,
        "latencyNs": measure(operations[job["library"]], inputs, job["settings"]),
    }
    json.dump(result, sys.stdout)


main()
