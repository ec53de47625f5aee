// A conversation in Dutch: marks while typing, an answer that streams, what the model saw, stop, history, delete.

import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { root } from "../installation.mjs";
import { answered, begin, say, stage, visitor } from "./support.mjs";

const place = stage();

const NAME = "Willemijn Terpstra";
const EMAIL = "w.terpstra@voorbeeld.nl";
const BSN = "123456782";
const TEXT = `Goedemiddag, ik ben ${NAME} en mijn e-mailadres is ${EMAIL}. Hoe vraag ik een parkeervergunning aan?`;
const WITH_BSN = `${TEXT} Mijn BSN is ${BSN}.`;

test("what will be replaced is marked while one types, with a chip for each finding", async () => {
  const { page, leave } = await visitor(place);
  await begin(page);
  await page.locator("#text").pressSequentially(WITH_BSN, { delay: 1 });
  await page.locator("#chips .chip").nth(2).waitFor();
  const chips = await page.locator("#chips .chip-value").allInnerTexts();
  for (const value of [NAME, EMAIL, BSN]) assert.ok(chips.includes(value), `no chip for ${value}: ${chips}`);
  const marks = await page.locator("#marks mark").allInnerTexts();
  assert.ok(marks.includes(BSN), `no mark on the number: ${marks}`);
  assert.notEqual(await page.locator("#found-count").innerText(), "");
  await leave();
});

test("the answer streams, comes back with the real values, and shows what the model saw", async () => {
  const { page, leave } = await visitor(place);
  await begin(page);
  await page.locator("#text").fill(TEXT);
  await page.locator("#chips .chip").first().waitFor();
  await page.locator("#send").click();

  const growing = page.locator("[role=log] li.assistant[aria-busy=true] .said");
  await growing.waitFor();
  await page.waitForFunction(() => (document.querySelector("[role=log] li.assistant .said")?.textContent.length ?? 0) > 5);
  const early = (await growing.textContent()).length;
  const answer = await answered(page);
  const said = await answer.locator(".said").innerText();
  assert.ok(said.length > early, "the answer did not grow");
  assert.ok(said.includes("Terpstra"), `the name did not come back: ${said}`);
  assert.ok(!/\[[A-Z_]+_\d+\]/.test(said), `a surrogate stayed in the answer: ${said}`);

  await page.locator("details.sides summary").first().click();
  const [mine, models] = await page.locator(".sides-both").first().locator("> *").allInnerTexts();
  for (const value of [NAME, EMAIL]) {
    assert.ok(mine.includes(value), `${value} is not on my side`);
    assert.ok(!models.includes(value), `${value} is on the model's side`);
  }
  assert.match(models, /_\d+/);

  const picture = process.env.WAARBORG_SCREENSHOT ?? path.join(root, "target/outside/screenshot.png");
  mkdirSync(path.dirname(picture), { recursive: true });
  await page.setViewportSize({ width: 1280, height: 1180 });
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: picture });
  await leave();
});

test("a second message in the same conversation gets an answer too, and a reload shows both", async () => {
  const { page, leave } = await visitor(place);
  await begin(page);
  await say(page, TEXT);
  await answered(page);
  await say(page, "En wat kost dat?");
  await page.locator("[role=log] li.assistant").nth(1).waitFor();
  await answered(page);
  await page.reload();
  assert.equal(await page.locator("[role=log] li.person").count(), 2);
  assert.equal(await page.locator("[role=log] li.assistant").count(), 2);
  assert.ok((await page.locator("[role=log]").innerText()).includes(NAME));
  await leave();
});

test("Escape stops an answer", async () => {
  const { page, leave } = await visitor(place);
  await begin(page);
  await say(page, TEXT);
  await page.locator("#stop").waitFor();
  await page.locator("[role=log] li.assistant .said > *").first().waitFor();
  await page.keyboard.press("Escape");
  await page.locator("[role=log] li.assistant .stopped").waitFor();
  assert.equal(await page.locator("#stop").isVisible(), false);
  assert.equal(await page.evaluate(() => document.activeElement.id), "text", "the box has the focus again");
  await leave();
});

test("the page says that this is an AI, where the model runs, and how to reach a person", async () => {
  const { page, leave } = await visitor(place);
  await begin(page);
  const text = await page.locator("main").innerText();
  assert.match(text, /AI/);
  assert.match(text, /bij ons zelf|in de EU|buiten de EU/);
  await page.locator("details.human-way summary").click();
  assert.ok(await page.locator("details.human-way address").isVisible());
  await leave();
});

test("a citizen number does not go to this model: the text stays in the box, with a reason in plain Dutch and a way out", async () => {
  const { page, leave } = await visitor(place);
  await begin(page);
  await say(page, WITH_BSN);
  await page.locator("#refusal h2").waitFor();
  assert.equal(await page.locator("#text").inputValue(), WITH_BSN);
  assert.match(await page.locator("#refusal").innerText(), /burgerservicenummer/);
  assert.ok((await page.locator("#refusal li").count()) > 0, "no way out is named");
  assert.equal(await page.locator("[role=log] li.message").count(), 0);
  await page.locator("#text").fill(TEXT);
  await page.locator("#send").click();
  await answered(page);
  await leave();
});

test("a finding that is none can be struck out, and comes back", async () => {
  const { page, leave } = await visitor(place);
  await begin(page);
  await page.locator("#text").fill(TEXT);
  const chip = page.locator("#chips .chip", { hasText: NAME });
  await chip.locator("button").click();
  await page.locator("#chips .chip[data-verdict=allow]", { hasText: NAME }).waitFor();
  await page.locator("#chips .chip", { hasText: NAME }).locator("button").click();
  await page.locator("#chips .chip[data-verdict=replace]", { hasText: NAME }).waitFor();
  await leave();
});

test("with history off a conversation is not in the list and says when it is gone", async () => {
  const { page, leave } = await visitor(place);
  await begin(page);
  await page.locator("label[for=history-off]").click();
  await say(page, TEXT);
  await answered(page);
  await page.reload();
  assert.match(await page.locator("dl.labels").innerText(), /uit/);
  await page.goto("/");
  assert.equal(await page.locator("nav.earlier li").count(), 0);
  await leave();
});

test("with history on a conversation is in the list, and deleting it takes it away", async () => {
  const { page, leave } = await visitor(place);
  await begin(page);
  await page.locator("label[for=history-on]").click();
  await say(page, TEXT);
  await answered(page);
  const address = page.url();
  await page.goto("/");
  await page.locator("nav.earlier li a").first().click();
  assert.equal(page.url(), address);
  await page.locator("details.delete summary").click();
  await page.locator("details.delete button").click();
  await page.locator("#composer").waitFor();
  assert.equal(await page.locator("nav.earlier li").count(), 0);
  assert.equal((await page.goto(address)).status(), 404);
  await leave();
});

test("a visitor cannot open the conversation of another", async () => {
  const first = await visitor(place);
  await begin(first.page);
  await say(first.page, TEXT);
  await answered(first.page);
  const address = first.page.url();
  const second = await visitor(place);
  await begin(second.page);
  assert.equal((await second.page.goto(address)).status(), 404);
  assert.ok(!(await second.page.content()).includes("Terpstra"));
  await first.leave();
  await second.leave();
});

test("the chat works without JavaScript", async () => {
  const { page, leave } = await visitor(place, { javaScriptEnabled: false });
  await begin(page);
  await say(page, TEXT);
  await page.locator("[role=log] li.assistant").waitFor({ timeout: 60_000 });
  const said = await page.locator("[role=log]").innerText();
  assert.ok(said.includes(NAME));
  await leave();
});
