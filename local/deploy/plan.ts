/** The steps of a deployment: each one command of the Supabase CLI, whose secrets are in files. */
import { SUPABASE_CLI } from "../supabase_cli.ts";

export interface Target {
  /** Twenty letters, as in https://<ref>.supabase.co. */
  projectRef: string;
  /** Reaches the database in place of the project's own way to it. */
  databaseUrl?: string | undefined;
}

export interface Files {
  /** The settings of the functions, as NAME=value. */
  settings: string;
  /** Statements that put the secrets in Vault. */
  vault: string;
}

export interface Step {
  title: string;
  command: string[];
}

/**
 * In the order in which nothing is missing to anybody: the settings before the functions that read
 * them, the database before the functions that call it.
 */
export function planDeployment({ projectRef, databaseUrl }: Target, files: Files): Step[] {
  const cli = (...args: string[]) => ["npx", "-y", SUPABASE_CLI, ...args];
  const project = `--remote=${projectRef}`;
  const database = databaseUrl === undefined ? project : `--remote=${databaseUrl}`;
  return [
    { title: "Link this folder to the project", command: cli("link", "--project-ref", projectRef) },
    {
      title: "Set the functions' settings",
      command: cli("secrets", "set", "--env-file", files.settings, project),
    },
    { title: "Apply the migrations", command: cli("db", "push", database, "--yes") },
    {
      title: "Put the secrets in Vault",
      command: cli("db", "query", database, "--file", files.vault, "--yes"),
    },
    {
      title: "Deploy the functions",
      command: cli("functions", "deploy", "--use-api", project, "--yes"),
    },
  ];
}

/** The command as a shell takes it, without the password that a URL may hold. */
export function showCommand(command: readonly string[]): string {
  return command.map((word) => quoted(word.replace(/(:\/\/[^:/?#]+):.*@/, "$1:***@"))).join(" ");
}

function quoted(word: string): string {
  return /^[\w@%+=:,./*-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
}
