/** Delivery statuses whose last word never came: Twilio is asked. */
import { errorCode } from "../_shared/errors.ts";
import { eachOf } from "./each_of.ts";
import type { StaleDelivery } from "./sync_database.ts";
import type { Found, SyncDeps } from "./sync_deps.ts";

/** At most so many in one run. */
const MAXIMUM = 50;

/** Asks about each message and records what Twilio says; its rank only rises. */
export async function refreshStatuses(deps: SyncDeps, found: Found): Promise<void> {
  const stale = await deps.syncDatabase.claimStaleDeliveries(MAXIMUM);
  await eachOf(stale, async (delivery) => {
    try {
      await refresh(deps, delivery, found);
    } catch (error) {
      // One message that cannot be asked about must not keep the others stale.
      deps.report({ event: "sync.failed", code: errorCode(error) });
    }
  });
}

async function refresh(
  { syncDatabase, twilioMessages, report }: SyncDeps,
  { providerMessageId }: StaleDelivery,
  found: Found,
) {
  const listed = await twilioMessages.message(providerMessageId);
  if (!listed) return;
  const { status: deliveryStatus, errorCode } = listed;
  const { outcome } = await syncDatabase.refreshDeliveryStatus({
    ...{ providerMessageId, deliveryStatus, errorCode },
  });
  if (outcome === "recorded") found.statusesRefreshed++;
  report({ event: "status.received", messageSid: providerMessageId, deliveryStatus, outcome });
}
