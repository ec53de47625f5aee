#!/usr/bin/env python3
"""Cuts the power under a mixed load of the store and checks that nothing acknowledged is lost and nothing erased is back.

    cargo build --release -p waarborg-store --example durable_writer
    crates/waarborg-store/tests/powercut.py [--cuts 100] [--program target/release/examples/durable_writer] [--seed N]

The store lies on a file system of its own in an image file, with writeback that would come only after five minutes. The
writer is stopped, the image is copied as it is, and the copy is mounted: what was not synced is not in it. This keeps
what the kernel happened to write back and reorders nothing, so it is kinder than a drive that loses its cache.
Needs root, for the loop mounts. `tests-outside/durability` does the same around the whole program.
"""

import argparse
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import time


def system(*command):
    subprocess.run(command, check=True)


def cut(program, lab, chance):
    """One cut; the number of lines that were acknowledged."""
    image, copy, mount = lab / "image", lab / "copy", lab / "mount"
    mount.mkdir(exist_ok=True)
    image.unlink(missing_ok=True)
    system("truncate", "-s", "96M", str(image))
    system("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", str(image))
    system("mount", "-o", "loop,commit=300", str(image), str(mount))
    said = lab / "said"
    try:
        with open(said, "wb") as out:
            writer = subprocess.Popen([program, "write", str(mount / "house")], stdout=out)
            while said.stat().st_size == 0:
                if writer.poll() is not None:
                    raise SystemExit("the writer ended by itself")
                time.sleep(0.01)
            time.sleep(chance.uniform(0, 0.8))
            os.kill(writer.pid, signal.SIGSTOP)
            acknowledged = said.read_bytes()
            time.sleep(0.01)
            shutil.copyfile(image, copy)
            writer.kill()
            writer.wait()
    finally:
        system("umount", str(mount))

    # Only whole lines count as said.
    lines = acknowledged.decode().rpartition("\n")[0].splitlines()
    kept = lab / "acknowledged"
    kept.write_text("\n".join(lines))
    system("mount", "-o", "loop", str(copy), str(mount))
    try:
        checked = subprocess.run([program, "check-cut", str(mount / "house"), str(kept)], capture_output=True, text=True)
    finally:
        system("umount", str(mount))
    if checked.returncode != 0:
        raise SystemExit(f"LOST: {checked.stdout}{checked.stderr}")
    return len(lines), sum(line.startswith("erased") for line in lines)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--cuts", type=int, default=100)
    parser.add_argument("--program", default="target/release/examples/durable_writer")
    parser.add_argument("--seed", type=int, default=None)
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        print("SKIPPED: a power cut needs root, for the loop mounts")
        return
    chance = random.Random(arguments.seed)
    lab = pathlib.Path(tempfile.mkdtemp(prefix="waarborg-powercut-"))
    n_lines, n_erased = 0, 0
    try:
        for number in range(1, arguments.cuts + 1):
            lines, erased = cut(arguments.program, lab, chance)
            n_lines += lines
            n_erased += erased
            if number % 10 == 0 or number == arguments.cuts:
                print(f"{number} cuts, {n_lines} acknowledgements ({n_erased} erasures), 0 lost, 0 back", flush=True)
    finally:
        subprocess.run(["umount", "-l", str(lab / "mount")], stderr=subprocess.DEVNULL)
        shutil.rmtree(lab, ignore_errors=True)


if __name__ == "__main__":
    main()
