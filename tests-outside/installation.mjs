// One installation of Waarborg in a temporary folder, with a recording provider behind it.

import { spawn, execFile } from "node:child_process";
import { appendFile, mkdtemp, open, readFile, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const here = path.dirname(fileURLToPath(import.meta.url));
export const root = path.dirname(here);
export const binary = process.env.WAARBORG_BINARY ?? path.join(root, "target/debug/waarborg");
const run = promisify(execFile);
const pause = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

export async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** The recording provider (upstream.py). */
export async function startProvider() {
  const child = spawn("python3", ["-B", path.join(here, "upstream.py")], { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface({ input: child.stdout });
  const [first] = await Promise.race([
    new Promise((resolve) => lines.once("line", (line) => resolve([line]))),
    new Promise((_, reject) => child.once("exit", (code) => reject(new Error(`upstream.py ended with ${code}`)))),
  ]);
  const { base_url, control } = JSON.parse(first);
  return {
    baseUrl: base_url,
    async seen() {
      const { requests, abandoned } = await (await fetch(`${control}/__seen`)).json();
      return { abandoned, requests: requests.map((row) => ({ ...row, body: Buffer.from(row.body, "base64").toString() })) };
    },
    async forget() {
      await fetch(`${control}/__forget`, { method: "POST" });
    },
    /** Lets the requests go that the model `held` holds. */
    async release() {
      await fetch(`${control}/__release`, { method: "POST" });
    },
    /** How many requests it holds, once there are `n`. */
    holding: async (n) => (await (await fetch(`${control}/__holding?n=${n}`)).json()).n,
    /** How many streams were left early, once one was. */
    left: async () => (await (await fetch(`${control}/__left`)).json()).n,
    stop: () => child.kill(),
  };
}

/** Waits until `url` answers, or the process ends. */
async function untilReady(url, child, log, seconds = 30) {
  const until = Date.now() + seconds * 1000;
  while (Date.now() < until) {
    if (child.exitCode !== null) throw new Error(`waarborg ended with ${child.exitCode}\n${(await log()).slice(-4000)}`);
    try {
      if ((await fetch(url)).ok) return;
    } catch {}
    await pause(20);
  }
  throw new Error(`not ready after ${seconds} s\n${(await log()).slice(-4000)}`);
}

async function start(folder, commandLine, port) {
  const logFile = path.join(folder, "log");
  const handle = await open(logFile, "a");
  const child = spawn(binary, commandLine, { stdio: ["ignore", handle.fd, handle.fd] });
  await handle.close();
  const log = () => readFile(logFile, "utf8");
  const address = `http://127.0.0.1:${port}`;
  const stop = async () => {
    if (child.exitCode === null) {
      const ended = new Promise((resolve) => child.once("exit", resolve));
      child.kill();
      const impatience = setTimeout(() => child.kill("SIGKILL"), 25_000);
      await ended;
      clearTimeout(impatience);
    }
  };
  try {
    await untilReady(`${address}/readyz`, child, log);
  } catch (error) {
    child.kill("SIGKILL");
    throw error;
  }
  return { address, log, stop, folder };
}

/** `init` and `serve` with a recording provider; a gateway. */
export async function startInstallation({ profile = "pseudonymise", destination = "eu", flags = [], provider: protocol = "openai", settings = "" } = {}) {
  const folder = await mkdtemp(path.join(tmpdir(), "waarborg-outside-"));
  const dir = path.join(folder, "house");
  const provider = await startProvider();
  const { stdout } = await run(binary, [
    ...["init", "--dir", dir, "--yes", "--provider", protocol, "--base-url", provider.baseUrl],
    ...["--destination", destination, "--profile", profile, "--output", "json", ...flags],
  ]);
  const made = JSON.parse(stdout);
  await appendFile(path.join(dir, "waarborg.toml"), settings); // what comes last there are those of the provider
  const port = await freePort();
  const running = await start(folder, ["serve", "--dir", dir, "--listen", `127.0.0.1:${port}`], port);
  return {
    ...running,
    made,
    provider,
    dir,
    gatewayKey: made.gateway_key,
    /** Another gateway key, within the bounds that `flags` set. */
    async newKey(...flags) {
      const made = await run(binary, ["keys", "issue", "--dir", dir, "--output", "json", ...flags]);
      return JSON.parse(made.stdout).gateway_key;
    },
    /** How many answers of the gateway had this status, on whatever route. */
    async nAnswered(status) {
      const lines = (await (await fetch(`${running.address}/metrics`)).text()).split("\n");
      const counted = lines.filter((line) => line.startsWith("waarborg_answers_total{") && line.includes(`status="${status}"`));
      return counted.reduce((sum, line) => sum + Number(line.split(" ").at(-1)), 0);
    },
    async close() {
      await running.stop();
      provider.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** `demo`: the example organisation with its built-in model. */
export async function startDemo() {
  const folder = await mkdtemp(path.join(tmpdir(), "waarborg-demo-"));
  const port = await freePort();
  const running = await start(folder, ["demo", "--listen", `127.0.0.1:${port}`, "--data", path.join(folder, "data")], port);
  return {
    ...running,
    /** A new one-time link into the console. */
    async consoleLink(role) {
      const made = await run(binary, ["keys", "console", "--role", role, "--dir", path.join(folder, "data"), "--output", "json"]);
      return JSON.parse(made.stdout).console_link;
    },
    async close() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
