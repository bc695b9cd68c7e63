/** The frame of every page: head, navigation, and where the page's moving parts are told from. */
import type { Child } from "hono/jsx";
import type { ConsoleDeps, Query } from "./deps.ts";

export interface PageOptions {
  title: string;
  view: "stage" | "operator";
  query: Query;
  /** Beside the navigation. */
  status?: Child;
}

/** A URL of the console: its path with this query and the token. */
export function linkTo({ token }: ConsoleDeps, path: string, query: Query = {}): string {
  const given = Object.entries(query).filter(([, value]) => value !== "");
  return `${path}?${new URLSearchParams([["token", token], ...given])}`;
}

const PATHS = { stage: "/", operator: "/console/operator" };

/** The path of a view with this query. */
export function viewLink(deps: ConsoleDeps, view: PageOptions["view"], query: Query = {}): string {
  return linkTo(deps, PATHS[view], query);
}

/** A whole document. */
export function Page(
  { deps, page, children }: { deps: ConsoleDeps; page: PageOptions; children?: Child },
): Child {
  const asset = (name: string) => linkTo(deps, `/console/assets/${name}`);
  const events = linkTo(deps, "/console/events", { ...page.query, view: page.view });
  return (
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="console-token" content={deps.token} />
        <title>{`${page.title} · Switchboard`}</title>
        <link rel="icon" href={asset("icon.svg")} />
        <link rel="stylesheet" href={asset("console.css")} />
        <script src={asset("idiomorph.js")} defer></script>
        <script src={asset("console.js")} defer></script>
      </head>
      <body class={page.view} data-events={events}>
        <a class="skip" href="#main">To the content</a>
        <Header deps={deps} page={page} />
        <main id="main" tabindex={-1}>{children}</main>
        <div id="toast" role="status" aria-live="polite"></div>
      </body>
    </html>
  );
}

function Header({ deps, page }: { deps: ConsoleDeps; page: PageOptions }): Child {
  const entry = (view: PageOptions["view"], name: string) => (
    <a
      href={viewLink(deps, view)}
      aria-current={page.view === view ? "page" : undefined}
      data-swap
    >
      {name}
    </a>
  );
  return (
    <header class="top">
      <h1>
        <img src={linkTo(deps, "/console/assets/icon.svg")} alt="" width="28" height="28" />
        Switchboard
      </h1>
      <nav aria-label="Views">
        {deps.stage && entry("stage", "Stage")}
        {entry("operator", "Operator")}
      </nav>
      <div class="top-status">{page.status}</div>
      <p class="project" title="The project that this console works on">
        <span id="link" class="dot" data-state="waiting"></span>
        {deps.projectName}
      </p>
    </header>
  );
}

/** The token goes with each form as a header; without the page's script no form is sent. */
export function ActForm(
  { act, fields = {}, children, ...others }: {
    act: string;
    fields?: Query;
    children?: Child;
    class?: string;
    id?: string;
    "data-reset"?: boolean;
  },
): Child {
  return (
    <form method="post" action={`/console/do/${act}`} data-act {...others}>
      {Object.entries(fields).map(([name, value]) => (
        <input type="hidden" name={name} value={value} />
      ))}
      {children}
    </form>
  );
}

/** One button that does one thing. */
export function ActButton(
  { act, fields, children, ...others }: {
    act: string;
    fields?: Query;
    children?: Child;
    class?: string;
    disabled?: boolean;
    title?: string;
    "aria-label"?: string;
  },
): Child {
  return (
    <ActForm act={act} {...(fields && { fields })} class="inline">
      <button type="submit" {...others}>{children}</button>
    </ActForm>
  );
}

/** A state as a small coloured word. */
export function Badge({ tone, children }: { tone: string; children?: Child }): Child {
  return <span class={`badge ${tone}`}>{children}</span>;
}
