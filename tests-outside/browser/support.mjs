// A real browser before the example organisation: starting both, and what several suites ask of a page.

import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import { after, before } from "node:test";
import { chromium } from "playwright-core";
import { startDemo } from "../installation.mjs";

const axeSource = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Starts the demo and a browser before the tests of a file, and ends both after them. */
export function stage() {
  const place = { demo: null, browser: null };
  before(async () => {
    place.demo = await startDemo();
    place.browser = await chromium.launch({
      executablePath: process.env.WAARBORG_CHROMIUM ?? "/usr/bin/chromium",
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    });
  });
  after(async () => {
    await place.browser?.close();
    await place.demo?.close();
  });
  return place;
}

/** A page of a person who was never here, in Dutch unless told otherwise. Faults on the page fail the test. */
export async function visitor(place, options = {}) {
  const context = await place.browser.newContext({
    baseURL: place.demo.address,
    locale: "nl-NL",
    viewport: { width: 1280, height: 860 },
    ...options,
  });
  context.setDefaultTimeout(Number(process.env.WAARBORG_PATIENCE ?? 30_000));
  const page = await context.newPage();
  const faults = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (line) => line.type() === "error" && !/status of 4\d\d/.test(line.text()) && faults.push(line.text()));
  page.on("request", (request) => {
    const { hostname, protocol } = new URL(request.url());
    if (protocol.startsWith("http") && hostname !== "127.0.0.1") faults.push(`asked ${request.url()}`);
  });
  return {
    context,
    page,
    async leave() {
      await context.close();
      assert.deepEqual(faults, [], "faults on the page");
    },
  };
}

/** Opens the chat, reads the notice and begins. */
export async function begin(page, path = "/") {
  await page.goto(path);
  await page.locator("form[action^='/notice'] button[type=submit]").click();
  await page.locator("#composer").waitFor();
}

/** Types a message and sends it. */
export async function say(page, text) {
  await page.locator("#text").fill(text);
  await page.locator("#send").click();
}

/** The last answer, once it is whole. */
export async function answered(page) {
  const answer = page.locator("[role=log] li.assistant").last();
  await answer.waitFor();
  await page.locator("[role=log] li.assistant:last-of-type[aria-busy=true]").waitFor({ state: "detached" });
  return answer;
}

/** No fault that axe can see, by the rules of WCAG 2.2 AA and good practice. */
export async function assertAccessible(page, name) {
  await page.evaluate(axeSource);
  const violations = await page.evaluate(async () => {
    const found = await globalThis.axe.run(document, {
      runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    });
    return found.violations.map((one) => `${one.id}: ${one.help} – ${one.nodes.map((node) => node.target.join(" ")).join("; ")}`);
  });
  assert.deepEqual(violations, [], `axe on ${name}`);
}

/** A one-time link to the console, as the start of the program prints it. */
export async function consoleLink(place) {
  const log = await place.demo.log();
  const link = log.match(/https?:\/\/127\.0\.0\.1:\d+(\/console\S+)/);
  assert.ok(link, `the start printed no link to the console:\n${log}`);
  return link[1].replace(/[│|]+$/, "");
}
