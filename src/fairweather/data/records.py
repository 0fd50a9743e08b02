"""The records of a large JSON list, one at a time: a file of a gigabyte needs the memory of a few records."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

from fairweather.errors import DataError

CHUNK = 2**22  # characters read at once
LONGEST = 2**26  # characters; what is longer is no record but a file whose brackets do not match

_GAP = re.compile(r"[ \t\n\r]*")


def json_records(path: Path) -> Iterator[Any]:
    """The entries of a file that holds one JSON list, in order.

    Raises:
        DataError: the file cannot be read, is not UTF-8 or not one JSON list; entries before the broken one are yielded first.
    """
    try:
        with path.open(encoding="utf-8-sig") as text:
            yield from _records(text, path)
    except FileNotFoundError as error:
        raise DataError(f"{path}: no such file") from error
    except OSError as error:
        raise DataError(f"{path}: cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise DataError(f"{path}: not UTF-8 text") from error


def _records(text: TextIO, path: Path) -> Iterator[Any]:
    decode = json.JSONDecoder().raw_decode
    buffer, number = text.read(CHUNK), 0
    while (at := _after_gap(buffer, 0)) == len(buffer) and (more := text.read(CHUNK)):
        buffer = more
    if buffer[at : at + 1] != "[":
        raise DataError(f"{path}: not a JSON list of records")
    at += 1
    while True:
        try:
            start = _after_gap(buffer, at)
            if number == 0 and buffer[start] == "]":
                break
            record, end = decode(buffer, start)
            end = _after_gap(buffer, end)
            mark = buffer[end]
        except RecursionError:
            raise DataError(f"{path} record {number + 1}: lists in lists in lists") from None
        except (ValueError, IndexError):  # cut by the end of the buffer, or broken: only more text tells
            more = "" if len(buffer) - at > LONGEST else text.read(CHUNK)
            if not more:
                raise DataError(f"{path} record {number + 1}: not JSON, or the file is cut short") from None
            buffer, at = buffer[at:] + more, 0
            continue
        if mark not in ",]":
            raise DataError(f"{path} record {number + 1}: followed by {mark!r}; a comma or the end of the list is due")
        yield record
        if mark == "]":
            break
        number, at = number + 1, end + 1


def _after_gap(buffer: str, at: int) -> int:
    found = _GAP.match(buffer, at)
    return found.end() if found else at
