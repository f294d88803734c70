#!/usr/bin/env node
import { Command } from 'commander';
import { version } from './config/runtime.ts';
import { warn } from './terminal.ts';

/** Read at once: the parent may be gone by the time a command has started. */
const parent = process.ppid;

const WITH_PARENT = 'stop when the process that started this one is gone (default: under npm and npx)';

const program = new Command('freshsales-graphql')
  .description('A GraphQL API over the Freshsales CRM.')
  .version(version)
  .showHelpAfterError();

program
  .command('serve', { isDefault: true })
  .description('Serve GraphQL, with GraphiQL in the browser. Over the sandbox, unless an account is configured.')
  .option('--stop-with-parent', WITH_PARENT)
  .option('--no-stop-with-parent', 'go on when it is gone')
  .addHelpText('after', '\nConfigure it by environment variables or a .env file. docs/configuration.md lists them.')
  .action(async (options) => (await import('./commands/serve.ts')).serve({ ...options, parent }));

program
  .command('sandbox')
  .description('Run the Freshsales sandbox alone, as a REST server that any Freshsales client can be pointed at.')
  .option('--host <address>', 'address to listen on', '127.0.0.1')
  .option('--port <number>', 'port to listen on; 0 takes a free one', '4900')
  .option('--product <name>', 'suite or classic', 'suite')
  .option('--key <key>', 'accept only this API key; any by default')
  .option('--stop-with-parent', WITH_PARENT)
  .option('--no-stop-with-parent', 'go on when it is gone')
  .action(async (options) => (await import('./commands/sandbox.ts')).sandbox({ ...options, parent }));

program
  .command('mcp')
  .description('Serve MCP to one agent over standard input and output, as desktop clients start it. Listens nowhere.')
  .addHelpText(
    'after',
    '\nThe agent is the caller whose token is in FRESHSALES_CALLER_TOKEN, where callers are told apart.',
  )
  .action(async () => (await import('./commands/mcp.ts')).mcp());

program
  .command('schema')
  .description('Print the GraphQL schema.')
  .action(async () => (await import('./commands/schema.ts')).printTheSchema());

program
  .command('plan')
  .description('Print what the operations in files will cost in Freshsales calls. It needs no account and no network.')
  .argument('<files...>', 'GraphQL documents; fragments may stand in any of them')
  .option('--variables <json>', 'values of variables, or a file of them')
  .option('--limit <calls>', 'exit with 1 when an operation may cost more, on an account that honours includes')
  .option('--lower', 'hold what an operation costs at the least against the limit')
  .option('--worst', 'hold what it costs on an account that honours no include against the limit')
  .option('--json', 'print the plans as JSON')
  .action(async (files, options) => (await import('./commands/plan.ts')).plan(files, options));

program
  .command('doctor')
  .description(
    'Check the configured account: domain, key, clock, views and what the key may see. Says how many calls it took.',
  )
  .option('--json', 'print the findings as JSON')
  .action(async (options) => (await import('./commands/doctor.ts')).doctor(options));

const callers = program
  .command('callers')
  .description('Who may use the server, and for what: the callers of the file FRESHSALES_CALLERS.');

callers
  .command('add <name>')
  .description('Add a caller, and print its token. The token is shown once; the file keeps only its hash.')
  .option('--key <variable>', 'the environment variable that holds its Freshsales key (default: FRESHSALES_API_KEY)')
  .option('--grant <kind=access...>', 'what it may do, such as contacts=read deals=write', [])
  .option('--file <path>', 'the file of callers (default: FRESHSALES_CALLERS, or callers.yaml)')
  .action(async (name, options) => (await import('./commands/callers.ts')).addCaller(name, options));

callers
  .command('list')
  .description('Check the file, and say who may do what.')
  .option('--file <path>', 'the file of callers (default: FRESHSALES_CALLERS, or callers.yaml)')
  .action(async (options) => (await import('./commands/callers.ts')).listCallers(options));

callers
  .command('remove <name>')
  .description('Take a caller out of the file. A running server refuses its token from then on.')
  .option('--file <path>', 'the file of callers (default: FRESHSALES_CALLERS, or callers.yaml)')
  .action(async (name, options) => (await import('./commands/callers.ts')).removeCaller(name, options));

program
  .command('audit')
  .description('Read what callers did: as sentences, or as JSON lines.')
  .option('--caller <name>', 'only of this caller')
  .option('--record <id>', 'only about this record: an id, Deal/31000000001, or a global id')
  .option('--decision <word>', 'allowed, denied, invalid, planned or unconfirmed')
  .option('--since <time>', 'a day, a time, or how long ago: 2026-11-24, 2h, 7d')
  .option('--until <time>', 'the same')
  .option('--json', 'print the lines as JSON')
  .option('--file <path>', 'the log (default: AUDIT_LOG, or audit.log beside the callers)')
  .action(async (options) => (await import('./commands/audit.ts')).audit(options));

/** One clear line for what the user can mend; a stack only for what is our fault. */
function explain(error: unknown): string[] {
  if (!(error instanceof Error)) return [String(error)];
  // A line for each fault in the file of callers. The others may quote text from outside, which must not look like a line.
  if (error.name === 'CallersError') return error.message.split('\n');
  return ['ConfigError', 'StartError', 'FreshsalesError', 'RedisError'].includes(error.name)
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
