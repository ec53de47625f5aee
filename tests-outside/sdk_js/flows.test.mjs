// What every client for JavaScript does, unmodified: OpenAI's over chat completions and responses, Anthropic's, and the AI SDK of
// Vercel over all three. Each flow is written once, for a talker: a client with these ways to use it.
//
//   whole(model, {retries, key, maxTokens})   the text of an answer
//   stream(model)                             its pieces of text, one by one
//   usage(model, stream)                      tokens in and out
//   tools(model, names, stream)               what is called: [name, arguments as an object]
//   shaped(model)                             the object that the client parsed; some ask for it as a tool
//   seen(model, picture)                      the text of an answer about a picture
//   told(error)                               status and `Retry-After` of an error

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { createAnthropic } from "@ai-sdk/anthropic";
import { createOpenAI } from "@ai-sdk/openai";
import Anthropic from "@anthropic-ai/sdk";
import { zodOutputFormat } from "@anthropic-ai/sdk/helpers/zod";
import { APICallError, generateObject, generateText, streamText, tool } from "ai";
import OpenAI from "openai";
import { zodResponseFormat, zodTextFormat } from "openai/helpers/zod";
import { z } from "zod";
import { startInstallation } from "../installation.mjs";
import { assertBarePicture, assertSilent, assertUnseen, checkGiven, PICTURE, TEXT } from "../people.mjs";

const ask = [{ role: "user", content: TEXT }];
const Note = z.object({ text: z.string() });
const schema = { type: "object", properties: { text: { type: "string" } }, required: ["text"], additionalProperties: false };
const dataUrl = (picture) => `data:image/png;base64,${picture.toString("base64")}`;

class Talker {
  clients = new Map();

  constructor(house) {
    this.house = house;
  }

  client(retries = 0, key = this.house.gatewayKey) {
    const about = `${retries} ${key}`;
    if (!this.clients.has(about)) this.clients.set(about, this.newClient(retries, key));
    return this.clients.get(about);
  }

  told(error) {
    assert.ok(error instanceof OpenAI.APIError || error instanceof Anthropic.APIError, String(error));
    return [error.status, error.headers?.get("retry-after")];
  }
}

class OpenAITalker extends Talker {
  newClient(maxRetries, apiKey) {
    return new OpenAI({ baseURL: `${this.house.address}/v1`, apiKey, maxRetries });
  }
}

class OpenAIChat extends OpenAITalker {
  static title = "openai chat";

  async whole(model, { retries, key, maxTokens, messages = ask } = {}) {
    return (await this.client(retries, key).chat.completions.create({ model, messages, max_tokens: maxTokens })).choices[0].message.content;
  }

  async *stream(model) {
    for await (const chunk of await this.client().chat.completions.create({ model, messages: ask, stream: true })) {
      if (chunk.choices[0]?.delta?.content) yield chunk.choices[0].delta.content;
    }
  }

  final(model, more) {
    return this.client().chat.completions.stream({ model, messages: ask, ...more }).finalChatCompletion();
  }

  async usage(model, stream) {
    const { usage } = await (stream
      ? this.final(model, { stream_options: { include_usage: true } })
      : this.client().chat.completions.create({ model, messages: ask }));
    return [usage.prompt_tokens, usage.completion_tokens];
  }

  async tools(model, names, stream) {
    const tools = names.map((name) => ({ type: "function", function: { name, parameters: schema } }));
    const answer = await (stream ? this.final(model, { tools }) : this.client().chat.completions.create({ model, messages: ask, tools }));
    return answer.choices[0].message.tool_calls.map((call) => [call.function.name, JSON.parse(call.function.arguments)]);
  }

  async shaped(model) {
    const response_format = zodResponseFormat(Note, "note");
    const whole = (await this.client().chat.completions.parse({ model, messages: ask, response_format })).choices[0].message.parsed;
    assert.deepEqual((await this.final(model, { response_format })).choices[0].message.parsed, whole);
    return whole;
  }

  seen(model, picture) {
    const parts = [{ type: "text", text: TEXT }, { type: "image_url", image_url: { url: dataUrl(picture) } }];
    return this.whole(model, { messages: [{ role: "user", content: parts }] });
  }
}

class OpenAIResponses extends OpenAITalker {
  static title = "openai responses";

  async whole(model, { retries, key, maxTokens, input = TEXT } = {}) {
    return (await this.client(retries, key).responses.create({ model, input, max_output_tokens: maxTokens })).output_text;
  }

  async *stream(model) {
    let last;
    for await (last of await this.client().responses.create({ model, input: TEXT, stream: true })) {
      if (last.type === "response.output_text.delta") yield last.delta;
    }
    if (last.type !== "response.completed") throw new OpenAI.APIError(undefined, last.response?.error, "it broke off", undefined);
  }

  final(model, more) {
    return this.client().responses.stream({ model, input: TEXT, ...more }).finalResponse();
  }

  async usage(model, stream) {
    const { usage } = await (stream ? this.final(model) : this.client().responses.create({ model, input: TEXT }));
    return [usage.input_tokens, usage.output_tokens];
  }

  async tools(model, names, stream) {
    const tools = names.map((name) => ({ type: "function", name, strict: true, parameters: schema }));
    const answer = await (stream ? this.final(model, { tools }) : this.client().responses.create({ model, input: TEXT, tools }));
    return answer.output.filter((item) => item.type === "function_call").map((item) => [item.name, JSON.parse(item.arguments)]);
  }

  async shaped(model) {
    const text = { format: zodTextFormat(Note, "note") };
    const whole = (await this.client().responses.parse({ model, input: TEXT, text })).output_parsed;
    assert.deepEqual((await this.final(model, { text })).output_parsed, whole);
    return whole;
  }

  seen(model, picture) {
    const parts = [{ type: "input_text", text: TEXT }, { type: "input_image", image_url: dataUrl(picture), detail: "auto" }];
    return this.whole(model, { input: [{ role: "user", content: parts }] });
  }
}

class AnthropicMessages extends Talker {
  static title = "anthropic";
  static provider = "anthropic";

  newClient(maxRetries, apiKey) {
    return new Anthropic({ baseURL: this.house.address, apiKey, maxRetries });
  }

  create(model, { retries, key, maxTokens = 100, ...more } = {}) {
    return this.client(retries, key).messages.create({ model, max_tokens: maxTokens, messages: ask, ...more });
  }

  final(model, more) {
    return this.client().messages.stream({ model, max_tokens: 100, messages: ask, ...more }).finalMessage();
  }

  async whole(model, options) {
    return (await this.create(model, options)).content.map((block) => block.text).join("");
  }

  async *stream(model) {
    const stream = this.client().messages.stream({ model, max_tokens: 100, messages: ask });
    for await (const event of stream) if (event.delta?.type === "text_delta") yield event.delta.text;
    await stream.finalMessage();
  }

  async usage(model, stream) {
    const { usage } = await (stream ? this.final(model) : this.create(model));
    return [usage.input_tokens, usage.output_tokens];
  }

  async tools(model, names, stream) {
    const tools = names.map((name) => ({ name, input_schema: schema }));
    const { content } = await (stream ? this.final(model, { tools }) : this.create(model, { tools }));
    return content.filter((block) => block.type === "tool_use").map((block) => [block.name, block.input]);
  }

  async shaped(model) {
    const output_config = { format: zodOutputFormat(Note) };
    const whole = (await this.client().messages.parse({ model, max_tokens: 100, messages: ask, output_config })).parsed_output;
    assert.deepEqual((await this.final(model, { output_config })).parsed_output, whole);
    return whole;
  }

  seen(model, picture) {
    const image = { type: "image", source: { type: "base64", media_type: "image/png", data: picture.toString("base64") } };
    return this.whole(model, { messages: [{ role: "user", content: [image, { type: "text", text: TEXT }] }] });
  }
}

class AiSdk extends Talker {
  // Its clients do not try again; its functions do.
  newClient(_, apiKey) {
    return createOpenAI({ baseURL: `${this.house.address}/v1`, apiKey });
  }

  asked(model, { retries = 0, key, maxTokens, ...more } = {}) {
    return { model: this.model(this.client(0, key), model), prompt: TEXT, maxRetries: retries, maxOutputTokens: maxTokens, ...more };
  }

  async whole(model, options) {
    return (await generateText(this.asked(model, options))).text;
  }

  async *stream(model) {
    const stop = new AbortController();
    try {
      const { fullStream } = streamText({ ...this.asked(model), abortSignal: stop.signal, onError() {} });
      for await (const part of fullStream) {
        if (part.type === "text-delta") yield part.text;
        if (part.type === "error") throw part.error;
        if (part.type === "finish") assert.ok(["stop", "tool-calls"].includes(part.finishReason), `it ended with ${part.finishReason}`);
      }
    } finally {
      stop.abort();
    }
  }

  async usage(model, stream) {
    const usage = await (stream ? streamText(this.asked(model)).usage : (await generateText(this.asked(model))).usage);
    return [usage.inputTokens, usage.outputTokens];
  }

  async tools(model, names, stream) {
    const tools = Object.fromEntries(names.map((name) => [name, tool({ description: "Bewaart.", inputSchema: Note })]));
    const asked = { ...this.asked(model), tools };
    const calls = await (stream ? streamText(asked).toolCalls : (await generateText(asked)).toolCalls);
    return calls.map((call) => [call.toolName, call.input]);
  }

  async shaped(model) {
    return (await generateObject({ ...this.asked(model), schema: Note })).object;
  }

  async seen(model, picture) {
    const { prompt, ...asked } = this.asked(model);
    const content = [{ type: "text", text: prompt }, { type: "image", image: picture }];
    return (await generateText({ ...asked, messages: [{ role: "user", content }] })).text;
  }

  told(error) {
    // What comes in a stream it hands over as the event that it was.
    if (!APICallError.isInstance(error)) return [undefined, undefined];
    return [error.statusCode, error.responseHeaders?.["retry-after"]];
  }
}

class AiChat extends AiSdk {
  static title = "ai over chat";
  model(client, name) {
    return client.chat(name);
  }
}

class AiResponses extends AiSdk {
  static title = "ai over responses";
  model(client, name) {
    return client.responses(name);
  }
}

class AiMessages extends AiSdk {
  static title = "ai over messages";
  static provider = "anthropic";

  newClient(_, apiKey) {
    return createAnthropic({ baseURL: `${this.house.address}/v1`, apiKey });
  }

  model(client, name) {
    return client(name);
  }
}

const kinds = [OpenAIChat, OpenAIResponses, AnthropicMessages, AiChat, AiResponses, AiMessages];
const houses = {};
let talkers = [];

// It warns of every model that it does not know.
globalThis.AI_SDK_LOG_WARNINGS = false;

before(async () => {
  for (const provider of ["openai", "anthropic"]) houses[provider] = await startInstallation({ provider, settings: "retries = 0\n" });
  talkers = kinds.map((kind) => new kind(houses[kind.provider ?? "openai"]));
});
after(() => Promise.all(Object.values(houses).map((house) => house.close())));

async function gathered(pieces) {
  const all = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

/** The error that the client raises, and all that it says. */
async function refused(talker, call) {
  const error = await call().then(() => assert.fail("it was not refused"), (error) => error);
  if (error instanceof assert.AssertionError && error.message === "it was not refused") throw error;
  const members = { ...error, stack: undefined };
  // Of these the client keeps what it sent itself.
  delete members.requestBodyValues;
  const [status, retryAfter] = talker.told(error);
  return { status, retryAfter, said: `${error.message} ${JSON.stringify(members)} ${JSON.stringify([...(error.headers ?? [])])}` };
}

for (const [place, kind] of kinds.entries()) {
  describe(kind.title, () => {
    let talker;
    beforeEach(() => {
      talker = talkers[place];
      return talker.house.provider.forget();
    });

    test("an answer has its values and the provider never saw them", async () => {
      for (const model of ["echo", "documented"]) assert.equal(await talker.whole(model), TEXT);
      await assertUnseen(talker.house);
    });

    test("a stream has its values however it is cut", async () => {
      for (const model of ["echo-1", "documented"]) {
        const pieces = await gathered(talker.stream(model));
        assert.equal(pieces.join(""), TEXT);
        assert.ok(pieces.length > 3, "the answer was not streamed");
      }
      await assertUnseen(talker.house);
    });

    test("a tool gets what was typed", async () => {
      for (const stream of [false, true]) {
        const [[name, given], ...others] = await talker.tools("echo-1", ["save_note"], stream);
        assert.deepEqual([name, others], ["save_note", []]);
        checkGiven(given.text);
      }
      await assertUnseen(talker.house);
    });

    test("two tools at once each get theirs", async () => {
      for (const model of ["parallel", "documented"]) {
        for (const stream of [false, true]) {
          const calls = await talker.tools(model, ["save_note", "send_note"], stream);
          assert.deepEqual(calls.map(([name]) => name), ["save_note", "send_note"]);
          for (const [, given] of calls) checkGiven(given.text);
        }
      }
      await assertUnseen(talker.house);
    });

    test("an answer with a shape is parsed", async () => {
      const shaped = await talker.shaped("echo-1");
      assert.deepEqual(shaped, { text: TEXT });
      await assertUnseen(talker.house);
    });

    test("a picture goes along without what is written about it", async () => {
      assert.equal(await talker.seen("echo", PICTURE), TEXT);
      await assertBarePicture(talker.house);
      await assertUnseen(talker.house);
    });

    test("a picture that cannot be read is refused with what to do", async () => {
      const { status, said } = await refused(talker, () => talker.seen("echo", PICTURE.subarray(0, 40)));
      assert.equal(status, 400);
      assert.match(said, /Bewaar het opnieuw/);
      assert.equal((await talker.house.provider.seen()).requests.length, 0);
    });

    test("usage is told in an answer and in a stream", async () => {
      for (const model of ["echo", "documented"]) {
        for (const stream of [false, true]) assert.deepEqual(await talker.usage(model, stream), [11, 7]);
      }
      await assertUnseen(talker.house);
    });

    test("an error of the provider is the one that the client knows", async () => {
      for (const [model, expected, after] of [["error-500", 502], ["documented-400", 400], ["documented-429", 429, "20"], ["documented-503", 502, "20"]]) {
        for (const call of [() => talker.whole(model), () => gathered(talker.stream(model))]) {
          const { status, retryAfter, said } = await refused(talker, call);
          assert.equal(status, expected);
          if (after) assert.equal(retryAfter, after);
          assertSilent(said);
        }
      }
      await assertUnseen(talker.house);
    });

    test("a refusal of the gateway is the one that the client knows", async () => {
      const { status, said } = await refused(talker, () => talker.whole("echo", { key: "wbg_fout" }));
      assert.equal(status, 401);
      assertSilent(said);
      assert.equal((await talker.house.provider.seen()).requests.length, 0);
    });

    test("a stream that breaks is an error and says nothing of anybody", async () => {
      for (const model of ["cut", "documented-failed"]) {
        const { said } = await refused(talker, () => gathered(talker.stream(model)));
        assert.match(said, /Het antwoord van de aanbieder brak af/);
        assert.doesNotMatch(said, /validation failed/);
        assertSilent(said);
      }
      await assertUnseen(talker.house);
    });

    test("who leaves a stream stops the provider", async () => {
      for await (const _ of talker.stream("slow")) break;
      assert.equal(await talker.house.provider.left(), 1);
      await assertUnseen(talker.house);
    });
  });
}

// All clients wait for their second attempt at the same time.

for (const status of [429, 503]) {
  test(`who was refused by the provider tries again: ${status}`, async (t) => {
    for (const house of Object.values(houses)) await house.provider.forget();
    const named = talkers.map((talker, place) => [talker, kinds[place].title, `busy-${status}-1-${place}`]);
    const said = await Promise.all(named.map(([talker, , model]) => talker.whole(model, { retries: 3 })));
    for (const [place, [talker, title, model]] of named.entries()) {
      await t.test(title, async () => {
        assert.equal(said[place], TEXT);
        const { requests } = await talker.house.provider.seen();
        assert.equal(requests.filter((row) => JSON.parse(row.body).model === model).length, 2);
        await assertUnseen(talker.house);
      });
    }
  });
}

test("who was refused by the gateway tries again", async (t) => {
  const keys = await Promise.all(talkers.map((talker) => talker.house.newKey("--tokens-per-day", "5000")));
  const running = talkers.map((talker, place) => talker.whole("held", { key: keys[place], maxTokens: 5000 }));
  const refusals = new Map();
  for (const house of Object.values(houses)) {
    const n = talkers.filter((talker) => talker.house === house).length;
    assert.equal(await house.provider.holding(n), n);
    await house.provider.forget();
    refusals.set(house, (await house.nAnswered(429)) + n);
  }
  const asked = talkers.map((talker, place) => talker.whole("echo", { key: keys[place], retries: 5 }));
  try {
    const until = Date.now() + 20_000;
    for (const [house, n] of refusals) {
      while ((await house.nAnswered(429)) < n) assert.ok(Date.now() < until, "not every client was refused");
      assert.equal((await house.provider.seen()).requests.length, 0, "the provider was asked although nothing was left");
    }
  } finally {
    for (const house of refusals.keys()) await house.provider.release();
  }
  assert.deepEqual(await Promise.all(running), talkers.map(() => TEXT));
  for (const [place, kind] of kinds.entries()) {
    await t.test(kind.title, async () => {
      assert.equal(await asked[place], TEXT);
      await assertUnseen(talkers[place].house);
    });
  }
});
