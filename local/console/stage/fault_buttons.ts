/** The faults that are worth a button on a stage, in words for who looks on. */

export interface FaultButton {
  /** What the button says. */
  label: string;
  target: string;
  mode: string;
  times: number;
}

export interface FaultGroup {
  title: string;
  buttons: FaultButton[];
}

const fault = (label: string, target: string, mode: string, times = 1): FaultButton => ({
  ...{ label, target, mode, times },
});

export const FAULT_GROUPS: readonly FaultGroup[] = [
  {
    title: "Database",
    buttons: [
      fault("Power loss", "database", "kill"),
      fault("Stop it", "database", "stop"),
      fault("Start it again", "database", "start"),
    ],
  },
  {
    title: "Model",
    buttons: [
      fault("Slow: 4 s", "openai", "slow:4000", 2),
      fault("Fails twice", "openai", "status:500", 2),
      fault("Talks nonsense", "openai", "nonsense", 1),
      fault("Never answers", "openai", "hang", 1),
    ],
  },
  {
    title: "Twilio",
    buttons: [
      fault("Refuses: too many", "twilio", "refuse:20429"),
      fault("Takes it, then hangs", "twilio", "accept_then_hang"),
      fault("Answers 3 s late", "twilio", "slow:3000"),
      fault("Callbacks late", "twilio", "callbacks:late"),
      fault("No webhook comes", "webhooks", "drop"),
    ],
  },
  {
    title: "pg_net",
    buttons: [
      fault("Queue lost", "pg_net", "lose_queue"),
      fault("Down", "pg_net", "down"),
      fault("Up again", "pg_net", "up"),
    ],
  },
  {
    title: "Functions",
    buttons: [
      fault("Webhook killed after COMMIT", "function:twilio-webhook", "kill_at:after_commit"),
      fault("Killed after claim", "function:orchestrator", "kill_at:after_claim"),
      fault("Killed before the send", "function:orchestrator", "kill_at:before_post"),
      fault("Killed after the send", "function:orchestrator", "kill_at:after_post"),
    ],
  },
];
