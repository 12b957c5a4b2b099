"""The board: power, heat, memory, clock, and what its kernel complains of."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Final

from posecoach.service.findings import Box, Check, Finding, failed, passed, skipped, warned

_NOW: Final = {
    0: "too little voltage",
    1: "its speed is capped",
    2: "it is throttled",
    3: "it is close to too hot",
}
"""Bits of get_throttled; the same 16 higher are since the start (Raspberry Pi documentation)."""
_HOT_C: Final = 80.0
_ABSURD_C: Final = (-20.0, 130.0)
_LEAST_FREE_MIB: Final = 200
_LEAST_CMA_MIB: Final = 64
_BUILT_S: Final = 1767225600.0  # 2026-01-01: a clock before this was never set
_LONGEST_HARDWARE_WATCHDOG_S: Final = 15.0
_COMPLAINTS: Final = {
    r"under-?voltage detected": "too little voltage: use the official power supply",
    r"cannot enable\. maybe the usb cable is bad": "a bad USB cable: change it",
    r"reset superspeed.* usb device": "a USB 3 device is reset again and again: use another cable or port",
    r"mmc\d: (error|timeout|card stuck)|mmcblk\d.*i/o error": "the SD card fails: copy it to a new one",
    r"camera frontend has timed out|dequeue timer of .* has expired": "the camera stalls: check its ribbon",
    r"out of memory: killed process": "it ran out of memory",
}


def _power(box: Box) -> Finding:
    bits = _throttled(box)
    if bits is None:
        return skipped("this is no Raspberry Pi, or it does not tell")
    now = [words for bit, words in _NOW.items() if bits & 1 << bit]
    past = [words for bit, words in _NOW.items() if bits & 1 << bit + 16]
    if now:
        return failed(f"now: {', '.join(now)}", "use the official power supply; free the vents")
    if past:
        return warned(
            f"since the start, not now: {', '.join(past)}", "use the official power supply; free the vents"
        )
    return passed("enough voltage, not throttled, now and since the start")


def _throttled(box: Box) -> int | None:
    said = box.text("sys/devices/platform/soc/soc:firmware/get_throttled")
    if said is None and box.root == Path("/") and (tool := shutil.which("vcgencmd")):
        done = subprocess.run([tool, "get_throttled"], capture_output=True, text=True, timeout=2, check=False)
        said = done.stdout.strip().rpartition("=")[2].removeprefix("0x")
    try:
        return int(said or "", 16)
    except ValueError:
        return None


def _heat(box: Box) -> Finding:
    said = box.text("sys/class/thermal/thermal_zone0/temp") or ""
    degrees = int(said) / 1000.0 if said.lstrip("-").isdecimal() else None
    if degrees is None or not _ABSURD_C[0] < degrees < _ABSURD_C[1]:
        return skipped("it does not tell its temperature")
    if degrees >= _HOT_C:
        return warned(f"{degrees:.0f} degrees: it slows down", "free the vents, add a fan")
    return passed(f"{degrees:.0f} degrees")


def _memory(box: Box) -> Finding:
    free = _kib(box, "MemAvailable")
    if free is None:
        return skipped("it does not tell how much memory is free")
    if free < _LEAST_FREE_MIB * 1024:
        return warned(
            f"{free // 1024} MiB of memory are free", f"end other programs; {_LEAST_FREE_MIB} MiB are needed"
        )
    return passed(f"{free // 1024} MiB of memory are free")


def _cma(box: Box) -> Finding:
    total, free = _kib(box, "CmaTotal"), _kib(box, "CmaFree")
    if not total or free is None or "Raspberry" not in (box.text("proc/device-tree/model") or ""):
        return skipped("this is no Raspberry Pi")
    if free < _LEAST_CMA_MIB * 1024:
        return warned(
            f"{free // 1024} of {total // 1024} MiB for the camera's pictures are free",
            "restart the box; if it stays so: dtoverlay=vc4-kms-v3d,cma-256 in config.txt",
        )
    return passed(f"{free // 1024} of {total // 1024} MiB for the camera's pictures are free")


def _kib(box: Box, name: str) -> int | None:
    match = re.search(rf"^{name}:\s+(\d+) kB", box.text("proc/meminfo") or "", re.MULTILINE)
    return int(match[1]) if match else None


def _clock(box: Box) -> Finding:
    said = time.strftime("%Y-%m-%d", time.gmtime(max(box.clock_s, 0.0)))
    if box.clock_s < _BUILT_S:
        return warned(
            f"the clock says {said}: it was never set; sessions are marked so",
            "let it see a network once, add a clock module, or: sudo date -s ...",
        )
    return passed(f"the clock says {said}")


def _hardware_watchdog(box: Box) -> Finding:
    files = [*sorted(box.root.glob("etc/systemd/system.conf.d/*.conf")), box.root / "etc/systemd/system.conf"]
    for file in files:
        text = box.text(str(file.relative_to(box.root))) or ""
        match = re.search(r"^RuntimeWatchdogSec=(\d+)(s|sec|min)?\s*$", text, re.MULTILINE)
        seconds = float(match[1]) * (60 if match[2] == "min" else 1) if match else 0.0
        if seconds > _LONGEST_HARDWARE_WATCHDOG_S and "Raspberry" in (
            box.text("proc/device-tree/model") or ""
        ):
            return failed(
                f"{file.name}: RuntimeWatchdogSec={seconds:.0f} is more than the board can: endless restarts",
                f"set it to {_LONGEST_HARDWARE_WATCHDOG_S - 1:.0f} or less",
            )
    return passed("the hardware watchdog is off, or within what the board can")


def _complaints(box: Box) -> Finding:
    log = kernel_log(box)
    if log is None:
        return skipped("the kernel's log may not be read by this user")
    found = [words for pattern, words in _COMPLAINTS.items() if re.search(pattern, log, re.IGNORECASE)]
    if found:
        return warned("; ".join(found), "do what the words say, then restart the box: the log forgets")
    return passed("the kernel does not complain of power, USB, SD card or camera")


def kernel_log(box: Box) -> str | None:
    """What the kernel has said since the start; `None` where it may not be read."""
    path = box.root / "dev/kmsg"
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK)
    except OSError:
        return None
    records = []
    try:
        while record := os.read(handle, 8192):
            records.append(record)
    except BlockingIOError:
        pass  # that was all
    except OSError:
        if not records:
            return None
    finally:
        os.close(handle)
    return b"".join(records).decode("utf-8", errors="replace")


BOARD_CHECKS: Final = (
    Check("power", "has it enough power, now and since the start", ("S5", "C9"), _power),
    Check("heat", "is it cool enough", ("S5", "C10"), _heat),
    Check("memory", "is memory free", ("P6",), _memory),
    Check("camera-memory", "is memory for the camera's pictures free", ("P5",), _cma),
    Check("clock", "is the clock set", ("S8",), _clock),
    Check("hardware-watchdog", "can the board do what its watchdog is set to", ("S1",), _hardware_watchdog),
    Check("kernel-log", "does the kernel complain", ("C9", "P3", "P12", "S5"), _complaints),
)
