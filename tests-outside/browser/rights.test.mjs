// Rights in the conversation and by the form: a script, never the model; with a date; without JavaScript too.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, begin, say, stage, visitor } from "./support.mjs";

const place = stage();
const TEXT = "Ik ben Willemijn Terpstra, mijn e-mailadres is w.terpstra@voorbeeld.nl. Wanneer wordt het papier opgehaald?";

async function conversation(page) {
  await begin(page);
  await say(page, TEXT);
  await answered(page);
}

test("asking for one's data in the conversation runs a script that says it is no AI, and leads to the data", async () => {
  const { page, leave } = await visitor(place);
  await conversation(page);
  await say(page, "Welke gegevens heb je van mij?");
  const card = page.locator("[role=log] li.script").last();
  await card.waitFor();
  assert.match(await card.innerText(), /geen AI/);
  await card.locator("button.primary").click();
  await page.getByRole("heading", { name: "Mijn gegevens" }).first().waitFor();
  await page.locator("details.records summary").first().click();
  const overview = await page.locator("main").innerText();
  assert.ok(overview.includes("Willemijn Terpstra"), "what was typed is in the overview");
  await leave();
});

test("the data can be taken along as JSON", async () => {
  const { page, context, leave } = await visitor(place);
  await conversation(page);
  const answer = await context.request.get("/my-data/download");
  assert.equal(answer.status(), 200);
  const text = await answer.text();
  assert.ok(text.includes("Willemijn Terpstra"));
  assert.equal(typeof JSON.parse(text), "object");
  await leave();
});

test("asking for erasure in the conversation erases after one confirmation", async () => {
  const { page, leave } = await visitor(place);
  await conversation(page);
  const address = page.url();
  await say(page, "Verwijder mijn gegevens");
  const card = page.locator("[role=log] li.script").last();
  await card.waitFor();
  await card.locator("button.danger").click();
  await page.waitForURL((url) => url.href !== address);
  const sure = page.locator("#sure");
  if (await sure.count()) {
    await sure.check();
    await page.locator("button.danger").click();
    await page.waitForLoadState();
  }
  await page.goto(address);
  assert.ok(!(await page.content()).includes("Terpstra"), "the conversation is still there");
  await page.goto("/my-data");
  assert.ok(!(await page.content()).includes("Terpstra"), "the data is still there");
  await leave();
});

test("the same in English", async () => {
  const { page, leave } = await visitor(place, { locale: "en-GB" });
  await begin(page);
  await say(page, "My name is Willemijn Terpstra. When is paper collected?");
  await answered(page);
  await say(page, "What data do you have about me?");
  await page.locator("[role=log] li.script").last().waitFor();
  await say(page, "Delete my data");
  await page.locator("[role=log] li.script button.danger").waitFor();
  await leave();
});

test("a request by the form gets a number, a date and a status, without JavaScript", async () => {
  const { page, leave } = await visitor(place, { javaScriptEnabled: false });
  await page.goto("/rights");
  await page.locator("label[for=right-rectification]").click();
  await page.locator("#question").fill("Mijn huisnummer is verkeerd.");
  await page.locator("form[action^='/rights'] button[type=submit]").click();
  const [reference, code] = await page.locator("strong.reference").allInnerTexts();
  assert.ok(reference && code);
  assert.ok((await page.locator("time").count()) >= 3, "received, aim and latest are dates");

  await page.locator(`a[href*='/rights/${reference}']`).click();
  await page.locator("main form input:not([type=hidden])").first().fill("wrong-code");
  await page.locator("main form button[type=submit]").first().click();
  assert.equal(await page.locator("[role=alert]").count(), 1, "a wrong code opens nothing");
  await page.locator("main form input:not([type=hidden])").first().fill(code);
  await page.locator("main form button[type=submit]").first().click();
  assert.ok((await page.locator("main").innerText()).includes(reference));
  await leave();
});

test("a reference that does not exist answers as one that does", async () => {
  const { page, leave } = await visitor(place);
  const response = await page.goto("/rights/ZZZZ-ZZZZ");
  assert.equal(response.status(), 200);
  await leave();
});

test("every right is offered, in Dutch", async () => {
  const { page, leave } = await visitor(place);
  await page.goto("/rights");
  assert.equal(await page.locator("input[name=right]").count(), 11);
  await leave();
});
