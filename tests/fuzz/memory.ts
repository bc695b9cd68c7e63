/** How much memory the processes of the functions hold. */

/** Bytes by the name of the function, of the processes that this one started. */
export async function functionMemory(): Promise<Record<string, number>> {
  const found: Record<string, number> = {};
  for await (const { name: pid } of Deno.readDir("/proc")) {
    if (!/^\d+$/.test(pid)) continue;
    // It may end while we look.
    const [command, status] = await Promise.all(
      ["cmdline", "status"].map((file) =>
        Deno.readTextFile(`/proc/${pid}/${file}`).catch(() => "")
      ),
    );
    const name = command?.match(/functions\/([\w-]+)\/index\.ts/)?.[1];
    const parent = Number(status?.match(/^PPid:\s+(\d+)/m)?.[1]);
    const kilobytes = Number(status?.match(/^VmRSS:\s+(\d+)/m)?.[1]);
    if (name && parent === Deno.pid && kilobytes) found[name] = kilobytes * 1024;
  }
  return found;
}
