"""Trained weights on disk: a folder with `weights.npz` and a `manifest.json` to vouch for it."""

from __future__ import annotations

import hashlib
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

WEIGHTS = "weights.npz"
MANIFEST = "manifest.json"


class ArtefactError(RuntimeError):
    """An artefact is missing, damaged or of another version; the message says what to do."""


@dataclass(frozen=True)
class Artefact:
    """Arrays and facts of one trained model."""

    name: str
    version: int
    facts: Mapping[str, Any]
    arrays: Mapping[str, np.ndarray]


def _checksum(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def save(folder: Path, artefact: Artefact) -> None:
    """Write `artefact` to `folder`; the manifest comes last, so that half a write is refused.

    Raises:
        OSError: the folder cannot be written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / MANIFEST).unlink(missing_ok=True)
    with (folder / WEIGHTS).open("wb") as file:
        np.savez_compressed(file, **artefact.arrays)
    manifest = {
        "name": artefact.name,
        "version": artefact.version,
        "sha256": _checksum(folder / WEIGHTS),
        "facts": dict(artefact.facts),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True)
    (folder / MANIFEST).write_text(text + "\n", encoding="utf-8")


def load(folder: Path, name: str, version: int) -> Artefact:
    """Read the artefact `name` of `version` from `folder`.

    Raises:
        ArtefactError: it is missing, of another name or version, or its checksum differs.
    """
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ArtefactError(f"no {name} artefact in {folder}; train it first") from None
    except ValueError as error:
        raise ArtefactError(f"{folder / MANIFEST} is not JSON ({error}); train again") from None
    except OSError as error:
        raise ArtefactError(f"{folder / MANIFEST} cannot be read ({error.strerror})") from None
    if not isinstance(manifest, dict) or not isinstance(manifest.get("facts"), dict):
        raise ArtefactError(f"{folder / MANIFEST} is no manifest; train again")
    if manifest.get("name") != name or manifest.get("version") != version:
        raise ArtefactError(
            f"{folder} holds {manifest.get('name')} version {manifest.get('version')}, "
            f"not {name} version {version}; train again"
        )
    weights = folder / WEIGHTS
    if not weights.is_file() or _checksum(weights) != manifest.get("sha256"):
        raise ArtefactError(f"{weights} does not match its manifest; train again")
    try:
        with np.load(weights, allow_pickle=False) as arrays:
            return Artefact(name, version, manifest["facts"], {key: arrays[key] for key in arrays})
    except (OSError, ValueError, EOFError, zipfile.BadZipFile, zlib.error) as error:
        raise ArtefactError(f"{weights} holds no arrays ({error}); train again") from None


def in_bytes(weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """`weights` (rows, columns) as int8, and the largest size in each column.

    The steps stand for square roots: a few large weights decide most, and many small ones together
    decide the rest, so both need to be told apart.
    """
    largest = np.maximum(np.abs(weights).max(axis=0), 1e-9).astype(np.float32)
    roots = np.sqrt(np.abs(weights) / largest)
    return (np.sign(weights) * np.round(127 * roots)).astype(np.int8), largest


def restored(steps: np.ndarray, largest: np.ndarray) -> np.ndarray:
    """The weights (float32) of which `in_bytes` made `steps` and `largest`."""
    roots = steps.astype(np.float32) / 127
    return np.asarray(roots * np.abs(roots) * largest)
