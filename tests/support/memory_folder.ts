/**
 * Memory in place of a disk, for clusters that are thrown away: what a test makes and drops there
 * costs a tenth. A process that is killed loses nothing more by it than on a disk.
 */
import { statfs } from "node:fs/promises";

const PLACE = "/dev/shm";
const NAME = /^switchboard_(\d+)_/;
/** Three times what the whole suite was seen to need at once. */
const BYTES_NEEDED = 2 ** 30;

/** A new folder in memory, or undefined where this system has none or too little. */
export async function makeMemoryFolder(): Promise<string | undefined> {
  try {
    await removeLeftOver();
    const { bavail, bsize } = await statfs(PLACE);
    if (bavail * bsize < BYTES_NEEDED) return undefined;
    return await Deno.makeTempDir({ dir: PLACE, prefix: `switchboard_${Deno.pid}_` });
  } catch {
    return undefined;
  }
}

/** What a run leaves that is killed would keep its memory until the machine restarts. */
async function removeLeftOver(): Promise<void> {
  for await (const { name } of Deno.readDir(PLACE)) {
    const [, owner] = name.match(NAME) ?? [];
    if (!owner || await isRunning(owner)) continue;
    // It may be another user's, or be removed by another run right now.
    await Deno.remove(`${PLACE}/${name}`, { recursive: true }).catch(() => {});
  }
}

async function isRunning(pid: string): Promise<boolean> {
  return await Deno.stat(`/proc/${pid}`).then(() => true, () => false);
}
