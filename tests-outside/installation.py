"""One installation of Waarborg in a temporary folder, with a recording provider behind it."""

import json
import os
import pathlib
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

import upstream

ROOT = pathlib.Path(__file__).resolve().parent.parent
BINARY = os.environ.get("WAARBORG_BINARY") or str(ROOT / "target" / "debug" / "waarborg")


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def waarborg(*arguments, stdin=None, check=True):
    """Runs a command to its end and gives what it did."""
    done = subprocess.run([BINARY, *arguments], input=stdin, capture_output=True, text=True, timeout=120)
    if check and done.returncode != 0:
        raise AssertionError(f"waarborg {' '.join(arguments)}: exit {done.returncode}\n{done.stderr}")
    return done


class Installation:
    """`with Installation() as house:` – started, ready, and gone afterwards."""

    def __init__(self, profile="pseudonymise", destination="eu", provider="openai", arguments=(), base_url=None, settings=""):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="waarborg-outside-"))
        self.dir = self.folder / "house"
        self.server, self.provider = upstream.serve()
        # An Ollama is known by its host alone.
        self.provider_url = f"http://127.0.0.1:{self.server.server_port}" + ("" if provider == "ollama" else "/v1")
        made = waarborg(
            "init", "--dir", str(self.dir), "--yes", "--provider", provider, "--base-url", base_url or self.provider_url,
            "--destination", destination, "--profile", profile, "--output", "json", *arguments,
        )
        self.made = json.loads(made.stdout)
        self.gateway_key = self.made["gateway_key"]
        with open(self.dir / "waarborg.toml", "a") as file:
            file.write(settings)  # what comes last there are those of the provider
        self.process = None
        self.port = None

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"

    def start(self):
        self.port = free_port()
        self.log = open(self.folder / "log", "ab")
        self.process = subprocess.Popen(
            [BINARY, "serve", "--dir", str(self.dir), "--listen", f"127.0.0.1:{self.port}"],
            stdout=self.log, stderr=self.log, stdin=subprocess.DEVNULL,
        )
        self.wait_until_ready()
        return self

    def wait_until_ready(self, seconds=30):
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise AssertionError(f"waarborg serve ended with {self.process.returncode}\n{self.read_log()[-4000:]}")
            try:
                with urllib.request.urlopen(f"{self.address}/readyz", timeout=2):
                    return
            except (OSError, urllib.error.URLError):
                time.sleep(0.02)
        raise AssertionError(f"not ready after {seconds} s\n{self.read_log()[-4000:]}")

    def read_log(self):
        return (self.folder / "log").read_text(errors="replace")

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None

    def close(self):
        self.stop()
        self.server.shutdown()
        self.server.server_close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def __enter__(self):
        return self.start()

    def __exit__(self, *_):
        self.close()

    def received(self):
        """Every byte that reached the provider, as one text."""
        with self.provider.lock:
            return "\n".join(row["body"].decode("utf-8", "replace") for row in self.provider.requests)

    def n_answered(self, status):
        """How many answers of the gateway had this status, on whatever route."""
        with urllib.request.urlopen(f"{self.address}/metrics", timeout=10) as answer:
            lines = answer.read().decode().splitlines()
        return sum(int(line.split()[-1]) for line in lines if line.startswith("waarborg_answers_total{") and f'status="{status}"' in line)

    def new_key(self, *arguments):
        """Another gateway key, within the bounds that `arguments` set."""
        made = waarborg("keys", "issue", "--dir", str(self.dir), "--output", "json", *arguments)
        return json.loads(made.stdout)["gateway_key"]

    def n_received(self):
        with self.provider.lock:
            return len(self.provider.requests)
