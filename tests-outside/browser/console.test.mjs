// The console: opened by the one-time link of the start, with roles, and closed to everybody else.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, begin, consoleLink, say, answered, stage, visitor } from "./support.mjs";

const place = stage();

test("the console is closed to who has no link", async () => {
  const { page, leave } = await visitor(place);
  for (const path of ["/console", "/console/live", "/console/requests", "/console/register", "/console/audit", "/console/try"]) {
    const response = await page.goto(path);
    assert.ok(response.status() >= 400 || !(await page.locator("main").innerText()).match(/Auditlog/), `${path} is open`);
  }
  await leave();
});

test("the link of the start opens it once, and its pages have no fault that axe can see", async () => {
  const chatting = await visitor(place);
  await begin(chatting.page);
  await say(chatting.page, "Ik ben Willemijn Terpstra en ik heb een vraag over mijn paspoort.");
  await answered(chatting.page);
  await chatting.page.goto("/rights");
  await chatting.page.locator("label[for=right-restriction]").click();
  await chatting.page.locator("form[action^='/rights'] button[type=submit]").click();
  const reference = (await chatting.page.locator("strong.reference").first().innerText()).trim();

  const link = await consoleLink(place);
  const { page, leave } = await visitor(place);
  await page.goto(link);
  const enter = page.locator("main form button[type=submit]").first();
  if ((await page.locator("nav a[href^='/console']:not([hreflang])").count()) === 0 && (await enter.count())) await enter.click();
  await page.locator("nav a[href^='/console']:not([hreflang])").first().waitFor();
  await assertAccessible(page, "the console");

  const linked = await page.locator("nav a[href^='/console']:not([hreflang])").evaluateAll((links) => links.map((one) => one.getAttribute("href")));
  const paths = [...linked, "/console/disclosures", "/console/agreements", "/console/holds"];
  let all = "";
  for (const path of paths) {
    const response = await page.goto(path);
    assert.equal(response.status(), 200, path);
    await assertAccessible(page, path);
    all += await page.locator("main").innerText();
  }
  assert.ok(linked.length >= 3, `pages: ${linked}`);
  assert.ok(!all.includes("Willemijn Terpstra"), "the console shows what somebody typed");
  if (paths.some((path) => path.startsWith("/console/requests"))) assert.ok(all.includes(reference), "the request is not in the list");

  const again = await visitor(place);
  const second = await again.page.goto(link);
  const reopened = again.page.locator("main form button[type=submit]").first();
  if (second.status() < 400 && (await reopened.count())) await reopened.click();
  assert.equal(await again.page.locator("nav a[href^='/console/']:not([hreflang])").count(), 0, "the link works twice");
  await again.leave();
  await chatting.leave();
  await leave();
});

test("an officer reads a request and closes it, without a script, in both languages", async () => {
  const asking = await visitor(place);
  await asking.page.goto("/rights");
  await asking.page.locator("label[for=right-access]").click();
  await asking.page.locator("textarea").first().fill("Ik wil graag weten wat u van mij hebt.");
  await asking.page.locator("form[action^='/rights'] button[type=submit]").click();
  const reference = (await asking.page.locator("strong.reference").first().innerText()).trim();
  await asking.leave();

  const looking = await visitor(place);
  await looking.page.goto(await place.demo.consoleLink("officer"));
  await looking.page.locator("main form button[type=submit]").first().click();
  await looking.page.goto(`/console/requests/${reference}`);
  await assertAccessible(looking.page, "the page of a request");
  await looking.leave();

  const { page, leave } = await visitor(place, { javaScriptEnabled: false });
  await page.goto(await place.demo.consoleLink("officer"));
  await page.locator("main form button[type=submit]").first().click();
  await page.goto("/console/requests");
  await page.getByRole("link", { name: reference }).click();
  assert.match(await page.locator("main").innerText(), /Ik wil graag weten wat u van mij hebt\./);

  await page.locator("form[action*='/decide'] button[type=submit]").click();
  assert.equal(await page.locator("#verdict-0").count(), 0, "a closed request stays closed");
  await page.getByRole("link", { name: "Brieven bekijken en printen" }).click();
  assert.match(await page.locator("main").innerText(), /Wij hebben gezocht en vonden niets over u\.[^]*naar de rechter/);
  await page.goto(`/console/requests/${reference}?lang=en`);
  assert.match(await page.locator("main").innerText(), /Closed: done/);
  await leave();
});

test("an officer changes the register by a form and publishes it, without a script, and axe finds nothing", async () => {
  const looking = await visitor(place);
  await looking.page.goto(await place.demo.consoleLink("officer"));
  await looking.page.locator("main form button[type=submit]").first().click();

  const { page, leave } = await visitor(place, { javaScriptEnabled: false });
  await page.goto(await place.demo.consoleLink("officer"));
  await page.locator("main form button[type=submit]").first().click();
  await page.goto("/console/register");
  await page.getByRole("link", { name: "Register wijzigen" }).click();
  await page.getByRole("button", { name: "Begin een wijziging" }).click();
  const change = new URL(page.url()).pathname;

  await page.getByRole("link", { name: "Teksten van de verklaring" }).click();
  await page.getByRole("link", { name: "public", exact: true }).click();
  const intro = page.getByLabel(/intro.*Nederlands/i).first();
  const said = await intro.inputValue();
  await intro.fill(`${said} Vraag het gerust.`);
  await page.getByRole("button", { name: "Bewaar" }).click();
  await page.goto(`${change}/parts/register/only`);
  await page.getByLabel("Versie", { exact: true }).fill("2026-11.2");
  await page.getByRole("button", { name: "Bewaar" }).click();
  assert.match(await page.locator("main").innerText(), /Redactioneel[^]*Vraag het gerust\./);

  for (const path of ["", "/notice", "/text", "/parts/recipient", "/parts/controller/duinrode", "/parts/retention/1", "/add/purpose"]) {
    await looking.page.goto(`${change}${path}`);
    await assertAccessible(looking.page, `a change of the register${path}`);
  }
  await looking.page.goto("/console/register/changes");
  await assertAccessible(looking.page, "the changes of the register");

  await page.goto(change);
  for (const step of ["Stel voor", "Keur goed", "Publiceer"]) {
    await page.getByRole("textbox", { name: "Reden" }).fill("Dat leest beter.");
    await page.getByRole("button", { name: step }).click();
    assert.equal(await page.locator("[role=alert]").count(), 0, `${step}: ${await page.locator("main").innerText()}`);
  }
  for (let tries = 0; tries < 40; tries += 1) {
    await page.goto(change);
    if ((await page.locator("main").innerText()).includes("telt vanaf")) break;
    await page.waitForTimeout(250);
  }
  await page.goto("/privacy");
  assert.match(await page.locator("main").innerText(), /Vraag het gerust\./);
  await leave();
  await looking.leave();
});
