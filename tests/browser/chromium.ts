/** Where Chromium is on this machine, and how it comes there: from Debian's own packages. */

const PATHS = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
/** A slow mirror is not a broken one. Milliseconds. */
const INSTALL_TIMEOUT_MS = 300_000;

/** The program; undefined where there is none. */
export async function findChromium(): Promise<string | undefined> {
  for (const path of PATHS) {
    if (await Deno.stat(path).then(({ isFile }) => isFile, () => false)) return path;
  }
  return undefined;
}

/** Installs it and gives the program; where that cannot be, says why and gives undefined. */
export async function installChromium(say: (text: string) => void): Promise<string | undefined> {
  if (Deno.uid() !== 0) {
    say(
      "Cannot install Chromium: only root may. Run: apt-get install --no-install-recommends chromium",
    );
    return undefined;
  }
  say("Chromium: installing Debian's package");
  try {
    await run("apt-get", ["update"]);
    await run("apt-get", ["install", "--yes", "--no-install-recommends", "chromium"]);
  } catch (error) {
    say(`Cannot install Chromium: ${error instanceof Error ? error.message : error}`);
    return undefined;
  }
  return await findChromium();
}

async function run(program: string, args: string[]) {
  const command = new Deno.Command(program, {
    args,
    env: { DEBIAN_FRONTEND: "noninteractive" },
    signal: AbortSignal.timeout(INSTALL_TIMEOUT_MS),
    stdout: "null",
    stderr: "piped",
  });
  const { success, stderr } = await command.output();
  if (success) return;
  const reason = new TextDecoder().decode(stderr).trim().split("\n").at(-1);
  throw new Error(`${program} ${args[0]} failed: ${reason}`);
}
