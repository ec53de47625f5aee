// The live page of the console: its numbers move by themselves, stand still when somebody wants that, and need no script.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, begin, stage, visitor } from "./support.mjs";

const place = stage();

async function officer(options) {
  const looking = await visitor(place, options);
  await looking.page.goto(await place.demo.consoleLink("officer"));
  await looking.page.locator("main form button[type=submit]").first().click();
  return looking;
}

/** An application asks something that no key opens: it is answered, and counted. */
const ask = () => fetch(`${place.demo.address}/v1/models`);

const answered = (page) => page.locator("dt", { hasText: "Beantwoorde verzoeken" }).locator("xpath=following-sibling::dd[1]");

const reaches = (page, n) => answered(page).and(page.getByText(`${n}`, { exact: true })).waitFor();

test("the numbers move by themselves, stand still on demand, and nobody loses their place", async () => {
  await ask();
  const { page, leave } = await officer();
  await page.clock.install();
  await page.goto("/console/live");
  await assertAccessible(page, "/console/live");
  const pause = page.getByRole("button", { name: "Zet stil" });
  await pause.waitFor();
  assert.match(await page.getByRole("status").innerText(), /ververst zichzelf elke vijf seconden/);
  const before = Number(await answered(page).innerText());
  assert.ok(before >= 1, `${before}`);

  const region = page.getByRole("region", { name: "Antwoorden naar status" });
  await region.focus();
  await ask();
  await page.clock.fastForward(5_000);
  await reaches(page, before + 1);
  assert.ok(await region.evaluate((one) => one === document.activeElement), "the keyboard lost its place");
  await assertAccessible(page, "/console/live after it moved");

  await pause.click();
  assert.match(await page.getByRole("status").innerText(), /staat stil/);
  await ask();
  let asked = 0;
  page.on("request", () => (asked += 1));
  await page.clock.fastForward(60_000);
  assert.equal(asked, 0, "it asks while it stands still");
  assert.equal(Number(await answered(page).innerText()), before + 1);
  await page.getByRole("button", { name: "Ga weer door" }).click();
  await reaches(page, before + 2);
  await leave();
});

test("after half an hour without anybody it stands still, and who was signed out reads why nothing comes", async () => {
  const { context, page, leave } = await officer();
  await page.clock.install();
  await page.goto("/console/live");
  await page.getByRole("button", { name: "Zet stil" }).waitFor();
  await page.clock.runFor(31 * 60_000);
  await page.getByRole("button", { name: "Ga weer door" }).waitFor();
  assert.match(await page.getByRole("status").innerText(), /staat stil/);

  await context.clearCookies();
  await page.getByRole("button", { name: "Ga weer door" }).click();
  await page.getByText("Log opnieuw in als dit zo blijft").waitFor();
  assert.ok(await answered(page).isVisible(), "the last numbers stay");
  await leave();
});

test("without a script a link reads the page again, on a small screen too", async () => {
  const { page, leave } = await officer({ javaScriptEnabled: false, viewport: { width: 320, height: 640 } });
  await page.goto("/console/live");
  assert.equal(await page.locator("#live-stop").isVisible(), false);
  const before = Number(await answered(page).innerText());
  await ask();
  await page.getByRole("link", { name: "Ververs" }).click();
  assert.equal(Number(await answered(page).innerText()), before + 1);
  await leave();
});

test("what somebody says in the chat is not shown in numbers of applications", async () => {
  const looking = await officer();
  await looking.page.goto("/console/live?lang=en");
  const row = looking.page.locator("dt", { hasText: "Requests answered" }).locator("xpath=following-sibling::dd[1]");
  const before = await row.innerText();
  const chatting = await visitor(place);
  await begin(chatting.page);
  await looking.page.reload();
  assert.equal(await row.innerText(), before);
  await chatting.leave();
  await looking.leave();
});
