// Every page people see: no fault that axe can see, in both languages, light and dark, wide and narrow; and all of it by keyboard.

import assert from "node:assert/strict";
import { test } from "node:test";
import { answered, assertAccessible, begin, say, stage, visitor } from "./support.mjs";

const place = stage();
const PAGES = ["/", "/privacy", "/privacy?lang=de", "/privacy?layer=short", "/privacy?layer=legal", "/cookies", "/consent", "/rights", "/recipients", "/policy", "/accessibility", "/privacy/training", "/mail/answer/x", "/transfer/x", "/no-such-page"];
const LOOKS = [
  { name: "Dutch, wide", options: { locale: "nl-NL" } },
  { name: "English, dark", options: { locale: "en-GB", colorScheme: "dark" } },
  { name: "Dutch, narrow", options: { locale: "nl-NL", viewport: { width: 360, height: 740 } } },
];

for (const { name, options } of LOOKS) {
  test(`pages before the chat: ${name}`, async () => {
    const { page, leave } = await visitor(place, options);
    for (const path of PAGES) {
      await page.goto(path);
      await assertAccessible(page, `${path} (${name})`);
      const overflows = await page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth + 1);
      assert.equal(overflows, false, `${path} scrolls sideways (${name})`);
    }
    await leave();
  });

  test(`the chat and one's own data: ${name}`, async () => {
    const { page, leave } = await visitor(place, options);
    await begin(page);
    await assertAccessible(page, `an empty chat (${name})`);
    await page.locator("#text").fill("Ik ben Willemijn Terpstra, BSN 123456782.");
    await page.locator("#chips .chip").first().waitFor();
    await assertAccessible(page, `a message with findings (${name})`);
    await page.locator("#send").click();
    await page.locator("#refusal h2").waitFor();
    await assertAccessible(page, `a refused message (${name})`);
    await say(page, "Ik ben Willemijn Terpstra en ik woon op Lindelaan 12.");
    await answered(page);
    await page.locator("details.sides summary").first().click();
    await assertAccessible(page, `a chat with an answer (${name})`);
    for (const path of ["/my-data", "/my-data/erase"]) {
      await page.goto(path);
      await assertAccessible(page, `${path} (${name})`);
    }
    await leave();
  });
}

test("from the first page to an answer and its two sides by keyboard alone", async () => {
  const { page, leave } = await visitor(place);
  await page.goto("/");

  const reach = async (selector, most = 80) => {
    for (let n = 0; n < most; n += 1) {
      await page.keyboard.press("Tab");
      if (await page.evaluate((wanted) => document.activeElement?.matches(wanted) ?? false, selector)) return;
    }
    assert.fail(`Tab does not reach ${selector}`);
  };
  const visible = async () => {
    const style = await page.evaluate(() => {
      const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(document.activeElement);
      return { outlineStyle, outlineWidth, boxShadow };
    });
    assert.ok(style.outlineStyle !== "none" || style.boxShadow !== "none", "the focus is not visible");
  };

  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("href")?.startsWith("#")), true, "the first stop skips to the content");
  await reach("form[action^='/notice'] button[type=submit]");
  await visible();
  await page.keyboard.press("Enter");
  await page.locator("#composer").waitFor();

  await reach("#text");
  await page.keyboard.type("Ik ben Willemijn Terpstra.");
  await reach("#send");
  await visible();
  await page.keyboard.press("Enter");
  await answered(page);
  assert.equal(await page.evaluate(() => document.activeElement.id), "text");
  await page.locator("details.sides summary").first().focus();
  await page.keyboard.press("Enter");
  await page.locator(".sides-both").first().waitFor();
  assert.notEqual(await page.locator("#spoken").innerText(), "", "a screen reader hears nothing");
  await leave();
});
