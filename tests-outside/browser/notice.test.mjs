// Before the first word: the notice, separate consents, necessary cookies only.

import assert from "node:assert/strict";
import { test } from "node:test";
import { begin, stage, visitor } from "./support.mjs";

const place = stage();

test("the notice comes first, in Dutch, and answers who, what, where, how long, why, with whom and which rights", async () => {
  const { page, leave } = await visitor(place);
  await page.goto("/");
  assert.equal(await page.locator("html").getAttribute("lang"), "nl");
  assert.equal(await page.locator("#composer").count(), 0, "there is no box to write in yet");
  const questions = await page.locator("dl.questions dt").allInnerTexts();
  assert.equal(questions.length, 7, `questions: ${questions}`);
  for (const question of ["Wie", "Waar", "Hoe lang", "Waarom", "Uw rechten"]) assert.ok(questions.includes(question), `${question} in ${questions}`);
  const boxes = page.locator("input[name=consent]");
  for (let n = 0; n < (await boxes.count()); n += 1) assert.equal(await boxes.nth(n).isChecked(), false, "no consent is ticked beforehand");
  await leave();
});

test("nothing is taken before the notice was seen: 428 from the form and from the API", async () => {
  const { page, context, leave } = await visitor(place);
  await page.goto("/");
  const byApi = await context.request.post("/api/v1/chat", {
    data: { text: "Ik ben Willemijn Terpstra.", exempt: [], history: "off" },
    headers: { origin: place.demo.address },
  });
  assert.equal(byApi.status(), 428);
  const byForm = await context.request.post("/chat", {
    form: { text: "Ik ben Willemijn Terpstra.", history: "off" },
    headers: { origin: place.demo.address },
    maxRedirects: 0,
  });
  assert.ok([403, 428].includes(byForm.status()), `the form was answered with ${byForm.status()}`);
  await leave();
});

test("before a choice only necessary cookies are set, each is listed, and scripts cannot read them", async () => {
  const { page, context, leave } = await visitor(place);
  for (const path of ["/", "/privacy", "/cookies", "/rights", "/accessibility"]) await page.goto(path);
  const cookies = await context.cookies();
  await page.goto("/cookies");
  const listed = await page.locator("main").innerText();
  for (const cookie of cookies) {
    assert.ok(listed.includes(cookie.name), `${cookie.name} is not on the cookie page`);
    assert.ok(cookie.httpOnly, `${cookie.name} can be read by scripts`);
    assert.ok(["Lax", "Strict"].includes(cookie.sameSite), `${cookie.name} goes along from other sites`);
  }
  assert.equal(await page.evaluate(() => document.cookie), "");
  assert.equal(await page.evaluate(() => localStorage.length + sessionStorage.length), 0);
  await leave();
});

test("consent is a choice: the chat opens without any", async () => {
  const { page, leave } = await visitor(place);
  await begin(page);
  await page.goto("/consent");
  await page.locator("h1").waitFor();
  assert.equal(await page.locator("button[value=withdraw]").count(), 0, "no consent was given");
  await leave();
});

test("consent that was given is withdrawn as easily", async () => {
  const { page, leave } = await visitor(place);
  await page.goto("/");
  const boxes = page.locator("input[name=consent]");
  if ((await boxes.count()) === 0) return leave();
  await boxes.first().check();
  await page.locator("form[action^='/notice'] button[type=submit]").click();
  await page.goto("/consent");
  await page.locator("button[value=withdraw]").first().click();
  await page.locator("button[value=give]").first().waitFor();
  assert.equal(await page.locator("button[value=withdraw]").count(), 0);
  await leave();
});

test("English is one click away and stays", async () => {
  const { page, leave } = await visitor(place);
  await page.goto("/");
  await page.getByRole("link", { name: "English" }).click();
  await page.locator("html[lang=en]").waitFor();
  await page.locator("form[action^='/notice'] button[type=submit]").click();
  await page.locator("html[lang=en] #composer").waitFor();
  await leave();
});
