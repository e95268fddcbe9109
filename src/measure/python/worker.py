"""The process that measures one cell of a Python contender once: imports one library, checks it, does what it is told.

The same procedure as worker/ensemble-worker.ts and worker/sampler.ts: warm-up until the times stop falling, blocks of K
operations whenever one is asked for, the longest single operation at the end. The job is the first line of standard
input and brings the contender's code; commands follow, a line each, and each is answered by one line of standard output,
all as in ensemble-messages.ts. A job that asks for a size is carried out at once, and its outcome is that of job.ts.
Allocations and the collector are not accounted for: in Python such accounts see something other than V8's.
"""

import datetime
import gc
import importlib
import itertools
import json
import math
import os
import queue
import re
import statistics
import sys
import threading
import time
import uuid

# The same forms that the JavaScript workers revive; what is not valid for its format stays a string.
DATE_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)")
UUID_TEXT = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

# Blocks in each of the three windows whose medians are compared, as in sampler.ts.
WINDOW_BLOCKS = 3
# At least this many single operations are clocked, as in sampler.ts.
LEAST_PEAK_OPERATIONS = 3
# Characters shown of a value, of an error's message and of an example; the parent shortens the last one further.
VALUE_LENGTH = 60
MESSAGE_LENGTH = 120
EXAMPLE_LENGTH = 20_000


def main():
    channel = take_standard_output()
    # A script's own directory leads the search path, where a library's name must not find one of our files.
    del sys.path[0]
    job = json.loads(sys.stdin.readline())
    commands = queue.SimpleQueue()
    threading.Thread(target=read_commands, args=(commands,), daemon=True).start()

    def say(message):
        channel.write(json.dumps(message) + "\n")
        channel.flush()

    try:
        if job["method"] == "size":
            say({"type": "outcome", "outcome": write_once(job)})
        else:
            serve(job, commands, say)
    except Exception as error:
        outcome = {"status": "failed", "reason": "threw: " + describe_error(error)}
        say({"type": "outcome" if job["method"] == "size" else "refused", "outcome": outcome})
    # A library may keep threads alive; once all is said there is nothing left to wait for.
    os._exit(0)


def take_standard_output():
    """Keeps standard output for the outcome alone: whatever a library prints goes to standard error."""
    channel = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return channel


def read_commands(commands):
    """Hands on what the parent says, and waits without taking any time; ends with the parent, whichever way it goes."""
    for line in sys.stdin:
        commands.put(json.loads(line))
    os._exit(1)


def prepare(job):
    """The cell made ready and checked, or the outcome that stands in for it."""
    code = job["python"]
    try:
        importlib.import_module(code["module"])
    except Exception as error:
        version = ".".join(str(part) for part in sys.version_info[:3])
        return {"status": "unavailable", "reason": f"python3 ({version}) cannot import {code['module']}: {describe_error(error)}"}
    start = time.perf_counter_ns()
    functions = compile_functions(code, job["cell"]["variant"])
    compile_ns = time.perf_counter_ns() - start
    is_parser = "parseText" in functions or "parseBytes" in functions
    prepared = prepare_parser(job, functions) if is_parser else prepare_serializer(job, functions)
    return prepared if "status" in prepared else {**prepared, "compileNs": compile_ns}


def write_once(job):
    """Writes the output into a file, whose size another program takes."""
    prepared = prepare(job)
    if "status" in prepared:
        return prepared
    output = prepared["operate"](prepared["inputs"][0])
    reason = check(lambda: prepared["judge"](output, 0))
    if reason is not None:
        return {"status": "incorrect", "reason": reason}
    with open(job["writtenPath"], "wb") as file:
        file.write(output)
    return {"status": "ok"}


def serve(job, commands, say):
    """Answers one command after the other; the check of what was timed is the last one."""
    prepared = prepare(job)
    if "status" in prepared:
        say({"type": "refused", "outcome": prepared})
        return
    time_block = create_block_timer(prepared["operate"], prepared["inputs"])
    gc.collect()
    say({"type": "ready", "outputBytes": prepared["outputBytes"], "compileNs": prepared["compileNs"]})
    while True:
        command = commands.get()
        if command["type"] == "warm-up":
            operations, warnings = warm_up(time_block, job["settings"])
            say({"type": "warm", "opsPerBlock": operations, "warnings": warnings})
        elif command["type"] == "block":
            before = time.process_time_ns()
            elapsed = time_block(command["operations"])
            say({"type": "block", "elapsedNs": elapsed, "processorNs": max(1, time.process_time_ns() - before)})
        elif command["type"] == "account":
            say({"type": "account", "peakBlockNs": find_peak(time_block, job["settings"])})
        else:
            reason = check_calls(prepared)
            example = show_example(job, prepared)
            if reason is None:
                say({"type": "verified", **example})
            else:
                reason += " (after it was timed; before that its output was right)"
                say({"type": "refused", "outcome": {"status": "incorrect", "reason": reason, **example}})
            return


def compile_functions(code, variant):
    """The functions that the contender's expressions give, by the names that they have in the job."""
    namespace = {"variant": variant}
    exec("\n".join([f"import {code['module']}", *code.get("setup", [])]), namespace)
    names = ("stringify", "encode", "parseText", "parseBytes")
    return {name: eval(code[name], namespace) for name in names if name in code}


# ----------------------------------------------------------------------------------------------------------------
# Making a cell ready
# ----------------------------------------------------------------------------------------------------------------


def prepare_serializer(job, functions):
    """The timed operation and its inputs, or the outcome that stands in for them. What is checked is what is timed."""
    corpus = read_corpus(job)
    sink, frame = job["cell"]["sink"], job["corpus"].get("frame")
    write = choose_writer(functions, sink)
    if isinstance(write, str):
        return {"status": "unsupported", "reason": write}
    operate = put_into_frame(functions, sink, frame)
    sizes = []

    def judge(output, index):
        reason = check_written(output, read_text(job, index), (sink, frame), corpus["revive"])
        if reason is None:
            sizes.append(count_bytes(output))
        return reason

    prepared = {"operate": operate, "inputs": corpus["values"], "write": write, "judge": judge}
    # Twice, since a contender may remember its first call.
    for _ in range(2):
        reason = check_calls(prepared)
        if reason is not None:
            return {"status": "incorrect", "reason": reason}
    return {**prepared, "outputBytes": round(statistics.mean(sizes))}


def check_calls(prepared):
    """The first reason against the operation, called once for every input."""
    for index, value in enumerate(prepared["inputs"]):
        reason = check(lambda: prepared["judge"](prepared["operate"](value), index))
        if reason is not None:
            return reason
    return None


def choose_writer(functions, sink):
    """A function from value to the sink's type, or the reason why the contender cannot reach it."""
    stringify = functions.get("stringify")
    if sink == "string":
        return stringify or "writes bytes, not a string"
    if "encode" in functions:
        return functions["encode"]
    if stringify is None:
        return "offers neither a string nor bytes"
    return lambda value: stringify(value).encode("utf-8")


def put_into_frame(functions, sink, frame):
    """The operation that is timed: the writer, with the text around the JSON where the payload has some."""
    if frame is None:
        return choose_writer(functions, sink)
    prefix, suffix = frame["prefix"], frame["suffix"]
    stringify = functions.get("stringify")
    if sink == "string":
        return lambda value: prefix + stringify(value) + suffix
    if stringify is not None:
        return lambda value: (prefix + stringify(value) + suffix).encode("utf-8")
    encode = functions["encode"]
    head, tail = prefix.encode("utf-8"), suffix.encode("utf-8")
    return lambda value: head + encode(value) + tail


def prepare_parser(job, functions):
    """The same for a parser; its input is JSON text in either variant, and datetimes and UUIDs stay strings."""
    corpus = read_corpus(job)
    parse_text, parse_bytes = functions.get("parseText"), functions.get("parseBytes")
    if job["cell"]["sink"] == "string":
        if parse_text is None:
            return {"status": "unsupported", "reason": "reads bytes, not a string"}
        operate, wires = parse_text, corpus["texts"]
    else:
        operate = parse_bytes or (lambda wire: parse_text(wire.decode("utf-8")))
        wires = [text.encode("utf-8") for text in corpus["texts"]]

    def judge(result, index):
        return tell_difference("read", first_difference(result, json.loads(read_text(job, index))))

    prepared = {"operate": operate, "inputs": wires, "judge": judge}
    for _ in range(2):
        reason = check_calls(prepared)
        if reason is not None:
            return {"status": "incorrect", "reason": reason}
    # The values served nobody here; a parser's heap should hold its input alone.
    corpus["values"].clear()
    return {**prepared, "outputBytes": round(statistics.mean(count_bytes(wire) for wire in wires))}


def read_text(job, index):
    """A catalog as its file has it: the truth is read again, so that it is not kept alive while the clock runs."""
    with open(job["corpus"]["catalogPaths"][index], encoding="utf-8", newline="") as file:
        return file.read()


def read_corpus(job):
    """The job's catalogs as a gateway has them in memory: what the module of the standard library reads, revived."""
    corpus = job["corpus"]
    with open(corpus["schemaPath"], encoding="utf-8") as file:
        schema = json.load(file)
    revive = (compile_reviver(schema) if job["cell"]["variant"] == "native" else None) or (lambda value: value)
    texts = [read_text(job, index) for index in range(len(corpus["catalogPaths"]))]
    return {"texts": texts, "values": [revive(json.loads(text)) for text in texts], "revive": revive}


def compile_reviver(schema):
    """A function that replaces datetimes and UUIDs where the schema has them; None where it has none."""
    if not isinstance(schema, dict):
        return None
    parts = [revive_string(schema.get("format")), revive_items(schema.get("items")), revive_properties(schema)]
    for keyword in ("anyOf", "oneOf", "allOf"):
        parts.extend(compile_reviver(branch) for branch in schema.get(keyword) or [])
    parts = [part for part in parts if part is not None]
    if len(parts) < 2:
        return parts[0] if parts else None

    def revive(value):
        for part in parts:
            value = part(value)
        return value

    return revive


def revive_string(form):
    if form == "date-time":
        return revive_datetime
    if form == "uuid":
        return lambda value: uuid.UUID(value) if isinstance(value, str) and UUID_TEXT.fullmatch(value) else value
    return None


def revive_datetime(value):
    if not isinstance(value, str) or DATE_TIME.fullmatch(value) is None:
        return value
    try:
        # Versions before 3.11 do not read the Z.
        return datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    except ValueError:
        return value


def revive_items(items):
    below = compile_reviver(items)
    if below is None:
        return None

    def revive(value):
        if isinstance(value, list):
            value[:] = [below(item) for item in value]
        return value

    return revive


def revive_properties(schema):
    declared = schema.get("properties") or {}
    named = [(name, below) for name, below in ((name, compile_reviver(place)) for name, place in declared.items()) if below]
    others = compile_reviver(schema.get("additionalProperties"))
    if not named and others is None:
        return None

    def revive(value):
        if not isinstance(value, dict):
            return value
        for name, below in named:
            if name in value:
                value[name] = below(value[name])
        if others is not None:
            for name in value:
                if name not in declared:
                    value[name] = others(value[name])
        return value

    return revive


def count_bytes(output):
    return len(output.encode("utf-8") if isinstance(output, str) else output)


def show_example(job, prepared):
    """What is written for the first item of a bare list, without the list's brackets; empty where there is none."""
    value = prepared["inputs"][0]
    if job["corpus"].get("list") != "" or "write" not in prepared or not isinstance(value, list) or not value:
        return {}
    output = prepared["write"](value[:1])
    text = output if isinstance(output, str) else output.decode("utf-8")
    unwrapped = text[1:-1] if text.startswith("[{") and text.endswith("}]") else text
    return {"example": unwrapped[:EXAMPLE_LENGTH]}


# ----------------------------------------------------------------------------------------------------------------
# Checking
# ----------------------------------------------------------------------------------------------------------------


def check(find_reason):
    """A contender may raise anything; what it raises is a finding about it."""
    try:
        return find_reason()
    except Exception as error:
        return "threw: " + describe_error(error)


def check_written(output, expected_text, form, revive):
    """None where the output holds the expected value: revived, since an instant has several spellings."""
    sink, frame = form
    wanted = str if sink == "string" else bytes
    if not isinstance(output, wanted):
        return f"wrote {type(output).__name__} where {wanted.__name__} was expected"
    text = output if sink == "string" else output.decode("utf-8")
    if frame is not None:
        prefix, suffix = frame["prefix"], frame["suffix"]
        if len(text) < len(prefix) + len(suffix) or not text.startswith(prefix) or not text.endswith(suffix):
            return f"wrote {display(text)}, which does not stand between {json.dumps(prefix)} and {json.dumps(suffix)}"
        text = text[len(prefix):len(text) - len(suffix)]
    if text == expected_text:
        return None
    try:
        value = json.loads(text)
    except ValueError as error:
        return "wrote no JSON: " + describe_error(error)
    return tell_difference("wrote", first_difference(revive(value), revive(json.loads(expected_text))))


NOTHING = object()


def first_difference(actual, expected, pointer=""):
    """Pointer (RFC 6901), actual and expected value of the first place where two values differ; None where none does."""
    if isinstance(expected, dict) and isinstance(actual, dict):
        keys = itertools.chain(expected, (key for key in actual if key not in expected))
        parts = ((key, actual.get(key, NOTHING), expected.get(key, NOTHING)) for key in keys)
    elif isinstance(expected, list) and isinstance(actual, list):
        longest = itertools.zip_longest(actual, expected, fillvalue=NOTHING)
        parts = ((index, *pair) for index, pair in enumerate(longest))
    else:
        return None if is_same_leaf(actual, expected) else (pointer, actual, expected)
    for key, own, wanted in parts:
        step = str(key).replace("~", "~0").replace("/", "~1")
        found = first_difference(own, wanted, f"{pointer}/{step}")
        if found is not None:
            return found
    return None


def is_same_leaf(actual, expected):
    """JSON has one kind of number, but true is none of them; 0 and -0 differ."""
    if is_number(actual) and is_number(expected):
        return actual == expected and math.copysign(1, actual) == math.copysign(1, expected)
    return type(actual) is type(expected) and actual == expected


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def tell_difference(verb, found):
    if found is None:
        return None
    pointer, actual, expected = found
    return f"at {ascii(pointer)[1:-1] or 'the root'}: {verb} {display(actual)} where {display(expected)} was expected"


def display(value):
    if value is NOTHING:
        return "nothing"
    try:
        text = json.dumps(value, default=repr)
    except Exception:
        text = ascii(value)
    if len(text) <= VALUE_LENGTH:
        return text
    half = VALUE_LENGTH // 2
    return f"{text[:half]} ... {text[-half:]} ({len(text)} characters)"


def describe_error(error):
    """Kind and first line, in characters that any terminal shows."""
    message = (str(error).splitlines() or [""])[0][:MESSAGE_LENGTH]
    return f"{type(error).__name__}: {ascii(message)[1:-1]}"


# ----------------------------------------------------------------------------------------------------------------
# Timing
# ----------------------------------------------------------------------------------------------------------------


def create_block_timer(operate, inputs):
    """A function that runs so many operations and gives the elapsed nanoseconds; operation i gets input i modulo their number."""
    endless = itertools.cycle(inputs)

    def time_block(operations):
        values = itertools.islice(endless, operations)
        start = time.perf_counter_ns()
        for value in values:
            operate(value)
        # A clock that has not moved would make a time of nothing, which no ratio can use.
        return max(1, time.perf_counter_ns() - start)

    return time_block


def warm_up(time_block, settings):
    """Runs blocks until the times have stopped falling; finds the number of operations that makes a block."""
    operations, spent, recent = 1, 0, []
    while True:
        elapsed = time_block(operations)
        spent += elapsed
        per_operation = elapsed / operations
        recent = [*recent, per_operation][-3 * WINDOW_BLOCKS:]
        if elapsed < settings["blockNs"]:
            operations = min(operations * 2, math.ceil(settings["blockNs"] * 1.1 / per_operation))
        filled = elapsed >= settings["blockNs"]
        if filled and spent >= settings["warmupNs"] and is_warm(recent, settings["warmupTolerance"]):
            return operations, []
        if filled and spent >= settings["warmupCapNs"]:
            return operations, ["warm-up ended at its time limit while the times still fell"]


def is_warm(recent, tolerance):
    """True where the last of three windows is at most the tolerance below the others."""
    if len(recent) < 3 * WINDOW_BLOCKS:
        return False
    windows = [recent[first:first + WINDOW_BLOCKS] for first in range(0, 3 * WINDOW_BLOCKS, WINDOW_BLOCKS)]
    medians = [statistics.median(window) for window in windows]
    return max(medians) <= medians[2] * (1 + tolerance)


def find_peak(time_block, settings):
    peak, spent, count = 0, 0, 0
    while count < LEAST_PEAK_OPERATIONS or spent < settings["peakNs"]:
        elapsed = time_block(1)
        peak, spent, count = max(peak, elapsed), spent + elapsed, count + 1
    return peak


if __name__ == "__main__":
    main()
