#!/usr/bin/env node
import { Command } from 'commander';
import { version } from './config/runtime.ts';
import { warn } from './terminal.ts';

/** Read immediately, because the parent may have ended by the time a command has started. */
const parent = process.ppid;

const WITH_PARENT = 'stop when the parent process ends (default: under npm and npx)';

const program = new Command('freshsales-graphql')
  .description('A GraphQL API over the Freshsales CRM.')
  .version(version)
  .showHelpAfterError();

program
  .command('serve', { isDefault: true })
  .description('Serve GraphQL and GraphiQL. Uses the sandbox unless an account is configured.')
  .option('--stop-with-parent', WITH_PARENT)
  .option('--no-stop-with-parent', 'continue when the parent process ends')
  .option('--print-config', 'check and print the settings without secrets, and start nothing')
  .addHelpText('after', '\nConfigure it by environment variables or a .env file. docs/configuration.md lists them.')
  .action(async (options) => (await import('./commands/serve.ts')).serve({ ...options, parent }));

program
  .command('sandbox')
  .description('Run the Freshsales sandbox alone, as a REST server for any Freshsales client.')
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--port <number>', 'port to listen on; 0 picks a free one', '4900')
  .option('--product <name>', 'suite or classic', 'suite')
  .option('--key <key>', 'accept only this API key; any by default')
  .option('--webhooks <url>', 'post a webhook for each write, such as to http://127.0.0.1:4000/webhooks/freshsales')
  .option('--webhook-secret <secret>', 'the secret to send with webhooks')
  .option('--webhook-header <name>', 'the header to send it in', 'x-webhook-secret')
  .option('--stop-with-parent', WITH_PARENT)
  .option('--no-stop-with-parent', 'continue when the parent process ends')
  .action(async (options) => (await import('./commands/sandbox.ts')).sandbox({ ...options, parent }));

program
  .command('mcp')
  .description('Serve MCP to one agent over standard input and output, for desktop clients. Listens on no port.')
  .addHelpText('after', '\nWith callers, the agent is the caller with the token in FRESHSALES_CALLER_TOKEN.')
  .action(async () => (await import('./commands/mcp.ts')).mcp());

program
  .command('schema')
  .description('Print the GraphQL schema.')
  .option('--account', 'add the custom fields of the configured account; costs one call for each of four record types')
  .option('--fields <file>', 'add the custom fields that “fields --out” saved, without a call')
  .action(async (options) => (await import('./commands/schema.ts')).printTheSchema(options));

program
  .command('fields')
  .description('Save the field lists of the configured account, for “schema --fields”. Costs four calls.')
  .option('--out <file>', 'file to write (default: print them)')
  .action(async (options) => (await import('./commands/fields.ts')).saveFields(options));

program
  .command('plan')
  .description('Print the cost of operations in Freshsales calls. Needs no account and no network.')
  .argument('<files...>', 'GraphQL documents; fragments may be in any of them')
  .option('--variables <json>', 'variables as JSON, or a JSON file')
  .option('--limit <calls>', 'exit with 1 if an operation may cost more, on an account that honours includes')
  .option('--lower', 'compare the fewest calls with the limit')
  .option('--worst', 'compare the most calls on any account with the limit')
  .option('--json', 'print the plans as JSON')
  .action(async (files, options) => (await import('./commands/plan.ts')).plan(files, options));

program
  .command('doctor')
  .description('Check the configured account: domain, key, clock, views and permissions. Prints the number of calls.')
  .option('--json', 'print the findings as JSON')
  .action(async (options) => (await import('./commands/doctor.ts')).doctor(options));

const webhooks = program
  .command('webhooks')
  .description('Print the Freshsales workflows that tell this server what changes.')
  .option('--url <url>', 'public URL of the server (default: the address it listens on)')
  .option('--json', 'print the workflows as JSON')
  .action(async (options) => (await import('./commands/webhooks.ts')).printWorkflows(options));

webhooks
  .command('test')
  .description('Post a sample webhook to a running server, and show what became of it.')
  .option('--url <url>', 'URL of the server (default: the address it listens on)')
  .option('--type <type>', 'record type, such as deal', 'contact')
  .option('--event <event>', 'created, updated or deleted', 'updated')
  .option('--id <id>', 'Freshsales id of the record', '31016358306')
  .action(async (options) => (await import('./commands/webhooks.ts')).testWebhook(options));

program
  .command('export <type>')
  .description('Export all contacts, sales-accounts, deals, leads, tasks, appointments or sales-activities to a file.')
  .option('--out <file>', 'file to write (default: the type with the format as extension)')
  .option('--format <name>', 'csv or jsonl (default: by the extension of the file, else jsonl)')
  .option('--fields <names>', 'fields with commas between them: email,owner.displayName,cf_is_vip')
  .option('--query <file>', 'GraphQL file that selects the fields and relations')
  .option('--view <view>', 'only the records of this view, by id or name')
  .option('--where <json>', 'only the records that match, as in the API: {"country":{"is":"Germany"}}')
  .option('--since <time>', 'only what changed at this time or later: 2026-11-26T22:00:00Z')
  .option('--watch', 'then append each record that changes, from the change feed')
  .option('--escape-formulas', 'put an apostrophe before CSV cells that spreadsheets would calculate')
  .option('--share <percent>', 'most of the hourly calls that the export may use', '80')
  .option('--restart', 'begin again instead of going on with an interrupted export')
  .addHelpText('after', '\nAn interrupted export goes on when the same command is run again. See docs/export.md.')
  .action(async (type, options) => (await import('./commands/export.ts')).exportRecords(type, options));

program
  .command('import <type> <file>')
  .description('Create or update contacts, sales-accounts or leads from a CSV file whose first row names input fields.')
  .option('--map <file>', 'JSON file that maps columns to input fields: {"E-Mail": "email", "Notes": null}')
  .option('--dry-run', 'check all rows and send none')
  .option('--report <file>', 'file for the outcome of each row, as CSV, or as JSON lines if it ends with .jsonl')
  .option('--clear-empty', 'clear the fields of empty cells instead of leaving them unchanged')
  .option('--share <percent>', 'most of the hourly calls that the import may use', '80')
  .option('--restart', 'begin again instead of going on with an interrupted import')
  .addHelpText('after', '\nAn interrupted import goes on when the same command is run again. See docs/export.md.')
  .action(async (type, file, options) => (await import('./commands/import.ts')).importRecords(type, file, options));

const callers = program
  .command('callers')
  .description('Manage callers and their grants in the file FRESHSALES_CALLERS.');

callers
  .command('add <name>')
  .description('Add a caller and print its token. The token is shown once; the file keeps only its hash.')
  .option('--account <name>', 'its account in FRESHSALES_ACCOUNTS, if there are several')
  .option(
    '--key <variable>',
    'environment variable with its Freshsales key (default: that of its account, or FRESHSALES_API_KEY)',
  )
  .option('--grant <kind=access...>', 'grants, such as contacts=read deals=write', [])
  .option('--file <path>', 'callers file (default: FRESHSALES_CALLERS, or callers.yaml)')
  .action(async (name, options) => (await import('./commands/callers.ts')).addCaller(name, options));

callers
  .command('list')
  .description('Check the file and list the callers with their grants.')
  .option('--file <path>', 'callers file (default: FRESHSALES_CALLERS, or callers.yaml)')
  .action(async (options) => (await import('./commands/callers.ts')).listCallers(options));

callers
  .command('remove <name>')
  .description('Remove a caller. A running server refuses its token within two seconds.')
  .option('--file <path>', 'callers file (default: FRESHSALES_CALLERS, or callers.yaml)')
  .action(async (name, options) => (await import('./commands/callers.ts')).removeCaller(name, options));

program
  .command('audit')
  .description('Read the audit log as sentences or JSON lines.')
  .option('--caller <name>', 'only this caller')
  .option('--person <name>', 'only this person who signed in, by subject or Freshsales user')
  .option('--record <id>', 'only this record: an id, Deal/31000000001, or a global id')
  .option('--decision <word>', 'allowed, denied, invalid, planned or unconfirmed')
  .option('--since <time>', 'from a date, a time, or a duration ago: 2026-11-24, 2h, 7d')
  .option('--until <time>', 'to a date, a time, or a duration ago')
  .option('--json', 'print the lines as JSON')
  .option('--file <path>', 'log file (default: AUDIT_LOG, or audit.log next to the callers file)')
  .action(async (options) => (await import('./commands/audit.ts')).audit(options));

/** One line for errors that the user can fix, and a stack for bugs. */
function explain(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  // One line per error in the callers file. Other messages may quote text from outside, which must not look like a line.
  if (error.name === 'CallersError') return error.message.split('\n');
  return ['ConfigError', 'StartError', 'ExportError', 'ReadFailure', 'FreshsalesError', 'RedisError'].includes(
    error.name,
  )
    ? [error.message]
    : (error.stack ?? error.message).split('\n');
}

try {
  await program.parseAsync();
} catch (error) {
  const [first, ...more] = explain(error);
  warn(`freshsales-graphql: ${first}`, ...more);
  process.exitCode = 1;
}
