#!/usr/bin/env python3
"""Kills the program, and cuts its power, at random moments; nothing that it acknowledged may be lost.

    run.py [--kills 200] [--cuts 100] [--full 1] [--binary target/release/waarborg] [--seed N]

Visitors send requests at /rights; a receipt is an acknowledgement. After every end the program is started again, every
receipt must be found, and the audit log must verify.

A full disk refuses new work, loses nothing that was acknowledged before, and still takes an erasure and its entry.

A power cut is simulated: the data lies on a file system of its own in an image file, with writeback that would come only
after five minutes. The process is stopped, the image is copied as it is, and the copy is mounted: what was not synced is
not in it. Needs root, for the loop mounts; without it the cuts are left out, loudly.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))

from visitor import Visitor  # noqa: E402

ROOT = HERE.parent.parent
N_VISITORS = 4


class House:
    """The program in a folder, with visitors who keep every receipt."""

    def __init__(self, binary, folder):
        self.binary = binary
        self.folder = pathlib.Path(folder)
        self.process = None

    def make(self):
        self.run("init", "--dir", str(self.folder), "--yes", "--provider", "demo")

    def run(self, *arguments):
        done = subprocess.run([self.binary, *arguments], capture_output=True, text=True, timeout=120)
        if done.returncode != 0:
            raise AssertionError(f"{' '.join(arguments)}: exit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return done.stdout

    def start(self):
        import socket

        with socket.socket() as one:
            one.bind(("127.0.0.1", 0))
            port = one.getsockname()[1]
        self.address = f"http://127.0.0.1:{port}"
        self.process = subprocess.Popen(
            [self.binary, "serve", "--dir", str(self.folder), "--listen", f"127.0.0.1:{port}"],
            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL,
        )
        until = time.monotonic() + 30
        while True:
            if self.process.poll() is not None:
                raise AssertionError(f"did not start: {self.process.stderr.read().decode()[-3000:]}")
            try:
                if Visitor(self.address).open("/readyz", timeout=1)[0] == 200:
                    break
            except OSError:
                pass
            if time.monotonic() > until:
                raise AssertionError("not ready after 30 s")
            time.sleep(0.005)
        threading.Thread(target=lambda stream: [None for _ in stream], args=(self.process.stderr,), daemon=True).start()

    def work(self, receipts, stop):
        """One visitor, asking until the program is gone."""
        try:
            visitor = Visitor(self.address)
            fields = visitor.form("/rights", "/rights")
            while not stop.is_set():
                receipts.append(visitor.send(fields, "information", "Hoe werkt dit?"))
        except (OSError, AssertionError, ValueError, EOFError):
            return
        except Exception as error:  # http.client has many names for a connection that broke
            if "http" not in type(error).__module__:
                raise

    def visitors(self, receipts):
        stop = threading.Event()
        threads = [threading.Thread(target=self.work, args=(receipts, stop), daemon=True) for _ in range(N_VISITORS)]
        for thread in threads:
            thread.start()
        return stop, threads

    def end(self, how=signal.SIGKILL):
        self.process.send_signal(how)
        self.process.wait()

    def lost(self, receipts):
        """Receipts of which nothing is left; also checks the log."""
        listed = json.loads(self.run("request", "list", "--dir", str(self.folder), "--output", "json"))
        known = {request["reference"] for request in listed["requests"]}
        verified = json.loads(self.run("audit", "verify", "--dir", str(self.folder), "--output", "json"))
        assert not verified["faults"], verified["faults"]
        return [receipt for receipt in receipts if receipt not in known]


def kills(arguments, chance):
    """kill -9 at random moments, on one installation that goes on living."""
    folder = tempfile.mkdtemp(prefix="waarborg-kill-")
    try:
        house = House(arguments.binary, pathlib.Path(folder) / "house")
        house.make()
        receipts, lost = [], []
        for number in range(arguments.kills):
            house.start()
            stop, threads = house.visitors(receipts)
            time.sleep(chance.uniform(0.02, 0.6))
            house.end()
            stop.set()
            for thread in threads:
                thread.join(10)
            if number % 10 == 9 or number + 1 == arguments.kills:
                lost = house.lost(receipts)
                print(f"{number + 1} kills, {len(receipts)} receipts, {len(lost)} lost", flush=True)
                if lost:
                    break
        return len(receipts), len(lost)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def cuts(arguments, chance):
    """Power cuts: every one on a fresh file system, whose image is copied while the program stands still."""
    lab = pathlib.Path(tempfile.mkdtemp(prefix="waarborg-cut-"))
    image, copy, mount = lab / "image", lab / "copy", lab / "mount"
    mount.mkdir()

    def system(*command):
        subprocess.run(command, check=True)

    n_receipts, n_lost = 0, 0
    try:
        for number in range(arguments.cuts):
            image.unlink(missing_ok=True)
            system("truncate", "-s", "192M", str(image))
            system("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=0,lazy_journal_init=0", str(image))
            system("mount", "-o", "loop,commit=300", str(image), str(mount))
            house = House(arguments.binary, mount / "house")
            receipts = []
            try:
                house.make()
                os.sync()
                house.start()
                stop, threads = house.visitors(receipts)
                time.sleep(chance.uniform(0.1, 0.8))
                os.kill(house.process.pid, signal.SIGSTOP)
                acknowledged = list(receipts)
                time.sleep(0.01)
                shutil.copyfile(image, copy)
                house.end()
                stop.set()
                for thread in threads:
                    thread.join(10)
            finally:
                system("umount", str(mount))
            system("mount", "-o", "loop", str(copy), str(mount))
            try:
                house.start()
                lost = house.lost(acknowledged)
                house.end(signal.SIGTERM)
            finally:
                system("umount", str(mount))
            n_receipts += len(acknowledged)
            n_lost += len(lost)
            if number % 10 == 9 or number + 1 == arguments.cuts or lost:
                print(f"{number + 1} cuts, {n_receipts} receipts, {n_lost} lost", flush=True)
        return n_receipts, n_lost
    finally:
        subprocess.run(["umount", "-l", str(mount)], stderr=subprocess.DEVNULL)
        shutil.rmtree(lab, ignore_errors=True)


def full(arguments, chance):
    """A disk without a free byte: no new conversation, but an erasure goes through, and the log stays whole."""
    lab = pathlib.Path(tempfile.mkdtemp(prefix="waarborg-full-"))
    image, mount = lab / "image", lab / "mount"
    mount.mkdir()
    try:
        subprocess.run(["truncate", "-s", "192M", str(image)], check=True)
        subprocess.run(["mkfs.ext4", "-q", "-F", "-m", "0", str(image)], check=True)
        subprocess.run(["mount", "-o", "loop", str(image), str(mount)], check=True)
        house = House(arguments.binary, mount / "house")
        house.make()
        house.start()
        visitor = Visitor(house.address)
        visitor.open("/notice", visitor.form("/", "/notice"))
        composer = visitor.form("/", "/chat")
        status, _ = visitor.open("/chat", {**composer, "history": "on", "text": "Ik ben Willemijn Terpstra, hoe vraag ik een paspoort aan?"})
        assert status == 200, f"the chat answered {status} on a disk with room"
        receipts = [visitor.ask()]

        with open(mount / "filler", "wb", buffering=0) as filler:
            for size in (1 << 20, 1 << 12, 1):
                try:
                    while True:
                        filler.write(b"x" * size)
                except OSError:
                    pass
        refused = 0
        for _ in range(100):
            status, _ = visitor.open("/chat", {**visitor.form("/", "/chat"), "history": "on", "text": "Hoe laat gaat het loket open?"})
            if status != 200:
                refused += 1
                if refused > 3:
                    break
        assert refused, "new work was taken on a full disk"
        # A person's right is not new work: it is received out of the reserve.
        receipts.append(visitor.ask())
        status, page = visitor.open("/my-data/erase", {**visitor.form("/my-data/erase", "/my-data/erase"), "sure": "yes"})
        assert status == 200, f"the erasure answered {status} on a full disk"
        left = visitor.open("/my-data")[1]
        assert "Terpstra" not in left, "the erasure left something"
        house.end(signal.SIGTERM)
        (mount / "filler").unlink()
        house.start()
        lost = house.lost(receipts)
        house.end(signal.SIGTERM)
        return len(receipts) + arguments.full, len(lost)
    finally:
        if house.process and house.process.poll() is None:
            house.end()
        subprocess.run(["umount", "-l", str(mount)], stderr=subprocess.DEVNULL)
        shutil.rmtree(lab, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--cuts", type=int, default=100)
    parser.add_argument("--full", type=int, default=1)
    parser.add_argument("--binary", default=str(ROOT / "target" / "release" / "waarborg"))
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    arguments = parser.parse_args()
    print(f"seed {arguments.seed}", flush=True)
    chance = random.Random(arguments.seed)
    passed, failed = 0, 0
    for name, how_many, run in (("kills", arguments.kills, kills), ("cuts", arguments.cuts, cuts), ("full", arguments.full, full)):
        if not how_many:
            continue
        if name != "kills" and os.geteuid() != 0:
            print(f"{name}: NOT run, loop mounts need root")
            continue
        started = time.monotonic()
        receipts, lost = run(arguments, chance)
        print(f"{how_many} × {name}: {receipts} acknowledged, {lost} lost, {time.monotonic() - started:.0f} s")
        good = receipts > how_many and lost == 0
        passed, failed = passed + good, failed + (not good)
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or not passed else 0


if __name__ == "__main__":
    sys.exit(main())
