// The cookie centre in a real browser: what it receives is what the list says, before a choice, after a yes and after a no.

import assert from "node:assert/strict";
import { test } from "node:test";
import { assertAccessible, stage, visitor } from "./support.mjs";

const place = stage();
const PAGES = ["/", "/privacy", "/privacy?lang=en", "/cookies", "/rights", "/consent", "/recipients", "/policy", "/accessibility"];

/** The rows of the list: name, and lifetime in seconds. */
async function listed(page) {
  await page.goto("/cookies?lang=en");
  const rows = await page.locator("main table tbody tr").all();
  const list = new Map();
  for (const row of rows) {
    const [name, , , lifetime] = await row.locator("th, td").allInnerTexts();
    const [n, unit] = lifetime.split(" ");
    const days = { hour: 1 / 24, day: 1, month: 30.44, year: 365.25 }[unit.replace(/s$/, "")];
    list.set(name, Number(n) * days * 86_400);
  }
  return list;
}

/** Every cookie of the browser is on the list, and lives as long as it says. */
async function asListed(page, context, names) {
  const list = await listed(page);
  const cookies = await context.cookies();
  assert.deepEqual(cookies.map((one) => one.name).sort(), names.sort());
  for (const cookie of cookies) {
    const said = list.get(cookie.name);
    assert.ok(said, `${cookie.name} is not on the list`);
    const lives = cookie.expires - Date.now() / 1000;
    assert.ok(Math.abs(lives / said - 1) < 0.05, `${cookie.name} lives ${lives} s, and the list says ${said} s`);
    assert.ok(cookie.httpOnly, `${cookie.name} can be read by scripts`);
  }
}

test("before a choice there is no cookie at all, on any page, and nothing is ticked", async () => {
  const { page, context, leave } = await visitor(place);
  for (const path of PAGES) {
    await page.goto(path);
    assert.deepEqual(await context.cookies(), [], path);
    assert.equal(await page.locator("input:checked[name=kind]").count(), 0, path);
    assert.equal(await page.locator("footer a[href^='/cookies']").count(), 1, `${path} leads to the choices`);
  }
  await assertAccessible(page, "a page that asks about cookies");
  await leave();
});

test("refusing is one click, like allowing; the two look alike, and the refusal holds no number", async () => {
  const { page, context, leave } = await visitor(place);
  await page.goto("/rights");
  const [no, yes] = [page.locator("button[value=none]"), page.locator("button[value=all]")];
  const look = (button) => button.evaluate((one) => {
    const { color, backgroundColor, borderColor, fontSize, fontWeight } = getComputedStyle(one);
    return { color, backgroundColor, borderColor, fontSize, fontWeight, height: one.offsetHeight };
  });
  assert.deepEqual(await look(no), await look(yes));
  await no.click();
  await page.waitForURL("**/rights");
  assert.equal(await page.locator("button[value=none]").count(), 0, "it is not asked again");
  const [choice] = await context.cookies();
  assert.match(choice.value, /^[0-9a-f]{8}\.-$/);
  for (const path of PAGES) await page.goto(path);
  await asListed(page, context, ["waarborg_cookies"]);
  await leave();
});

test("a yes sets what the list says, and a no takes it away at once", async () => {
  const { page, context, leave } = await visitor(place);
  await page.goto("/cookies");
  await page.locator("#kind-functional").check();
  await page.locator("button[value=own]").click();
  await page.locator("[role=status]").waitFor();
  assert.ok(await page.locator("#kind-functional").isChecked());
  await assertAccessible(page, "the cookie centre");
  await page.goto("/privacy?lang=en");
  await page.goto("/privacy");
  assert.equal(await page.locator("html").getAttribute("lang"), "en", "the language is remembered");
  await asListed(page, context, ["waarborg_cookies", "waarborg_language"]);

  const receipt = await context.request.get("/consent/receipt");
  assert.match(await receipt.text(), /^waarborg-consent-1\n.*"event_state":"given"/);

  await page.goto("/cookies?lang=nl");
  await page.locator("button[value=none]").click();
  await page.locator("[role=status]").waitFor();
  await asListed(page, context, ["waarborg_cookies"]);
  await page.goto("/privacy");
  assert.equal(await page.locator("html").getAttribute("lang"), "nl");
  await leave();
});

test("the signal of the browser is shown", async () => {
  const { page, leave } = await visitor(place, { extraHTTPHeaders: { "Sec-GPC": "1" } });
  await page.goto("/cookies?lang=en");
  await page.getByText("Your browser sends this signal now").waitFor();
  await leave();
});
