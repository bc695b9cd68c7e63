/** The page's own files, and the one library it has: Idiomorph, from its npm package. */
import { Hono } from "hono";
import idiomorph from "idiomorph/dist/idiomorph.min.js" with { type: "text" };
import css from "./assets/console.css" with { type: "text" };
import js from "./assets/console.js" with { type: "text" };
import icon from "./assets/icon.svg" with { type: "text" };

const FILES: Record<string, { type: string; text: string }> = {
  "console.css": { type: "text/css; charset=utf-8", text: css },
  "console.js": { type: "text/javascript; charset=utf-8", text: js },
  "idiomorph.js": { type: "text/javascript; charset=utf-8", text: idiomorph },
  "icon.svg": { type: "image/svg+xml", text: icon },
};

/** `GET /assets/<name>`, to be mounted behind the guard. */
export function assetRoutes(): Hono {
  const app = new Hono();
  app.get("/assets/:name", (context) => {
    const file = FILES[context.req.param("name")];
    if (!file) return context.notFound();
    return context.body(file.text, 200, { "Content-Type": file.type });
  });
  return app;
}
