/** A real browser on the console of a stack of its own. Without Chromium these tests are skipped. */
import assert from "node:assert/strict";
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core";
import { startTestStack, type TestStack } from "../support/test_stack.ts";
import { findChromium } from "./chromium.ts";

const executablePath = await findChromium();
/** As root there is no sandbox. */
const ARGS = Deno.uid() === 0 ? ["--no-sandbox"] : [];
/** For whatever a page waits for: a reply takes a debounce and a model. Milliseconds. */
const TIMEOUT_MS = 20_000;

/** A name of somebody else's that resolves to this machine. */
export const REBOUND_HOST = "rebound.example";

export interface ConsolePage extends AsyncDisposable {
  test: TestStack;
  page: Page;
  browser: Browser;
  /** What the page's console said was wrong, and what it threw. */
  problems: string[];
}

let browserOfAll: Promise<Browser> | undefined;

/** One for all tests of a process: its start costs more than most of them. */
function theBrowser(): Promise<Browser> {
  const args = [...ARGS, `--host-resolver-rules=MAP ${REBOUND_HOST} 127.0.0.1`];
  browserOfAll ??= chromium.launch({ executablePath: executablePath ?? "", args });
  return browserOfAll;
}

/** A test in the browser; skipped where there is none. */
export function browserTest(name: string, run: () => Promise<void>): void {
  // The driver keeps a process and pipes of its own beyond each test.
  const sanitize = { sanitizeOps: false, sanitizeResources: false };
  Deno.test({ name, ignore: executablePath === undefined, ...sanitize, fn: run });
}

export interface OpenOptions {
  context?: BrowserContextOptions;
  /** Starts the stack; in place of one on the common database. */
  start?: () => Promise<TestStack>;
}

/** The stage, live; at the end nothing may have gone wrong in the page. */
export async function openConsole({ context, start }: OpenOptions = {}): Promise<ConsolePage> {
  await using starting = new AsyncDisposableStack();
  const test = starting.use(await (start ?? (() => startTestStack({ AGENTS: "openai" })))());
  await test.sql`update cc_settings set debounce_ms = 200, backoff_base_ms = 200,
    redispatch_seconds = 1`;
  const browser = await theBrowser();
  starting.defer(async () => {
    for (const context of browser.contexts()) await context.close();
  });
  const { page, problems } = await openPage(browser, test.stack.consoleUrl, context);
  const started = starting.move();
  return { test, page, browser, problems, [Symbol.asyncDispose]: () => started.disposeAsync() };
}

/** Another page in the same browser, live. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; problems: string[] }> {
  const viewport = { width: 1440, height: 900 };
  const context = await browser.newContext({ viewport, locale: "en-GB", ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(TIMEOUT_MS);
  const problems: string[] = [];
  page.on("console", (message) => {
    if (["error", "warning"].includes(message.type())) problems.push(message.text());
  });
  page.on("pageerror", (error) => problems.push(error.message));
  await page.goto(url);
  await untilLive(page);
  return { page, problems };
}

/** Until the page's stream has told everything once. */
async function untilLive(page: Page): Promise<void> {
  await page.waitForSelector("#link[data-state=live]");
}

/** Writes as the customer whose phone is shown. */
export async function write(page: Page, text: string): Promise<void> {
  await page.fill("#write-text", text);
  await page.press("#write-text", "Enter");
}

/** Until there are so many bubbles of ours on the phone. */
export async function untilReplies(page: Page, count: number): Promise<void> {
  await page.waitForSelector(`#chat > :nth-child(${count} of .theirs)`);
}

/** Goes to the operator's view and opens the first conversation. */
export async function openFirstConversation(page: Page): Promise<void> {
  await page.click("nav >> text=Operator");
  await page.click(".entry");
  await page.waitForSelector("#messages .bubble");
}

export async function count(page: Page, name: string): Promise<string> {
  return await page.innerText(`#ledger [data-count=${name}] dd`);
}

export async function assertNothingLost(page: Page): Promise<void> {
  await page.waitForSelector("#ledger [data-count=open] dd:text-is('0')");
  assert.deepEqual([await count(page, "lost"), await count(page, "doubled")], ["0", "0"]);
}
