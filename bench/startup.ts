import { startBuilt } from './built.ts';
import { ask } from './endpoint.ts';
import { median, type Section, whole } from './section.ts';

const RUNS = 9;
const QUERY = '{ contacts(first: 5) { nodes { displayName owner { displayName } } } }';

/** From the start of the process to the first response, with the embedded sandbox. */
export async function startupSection(): Promise<Section> {
  const times: number[] = [];
  for (let run = 0; run < RUNS; run += 1) times.push(await startOnce());
  const measured = `${whole(median(times))} ms`;
  return {
    title: 'Start-up',
    about: `From the start of \`node dist/cli.js\` with the embedded sandbox to the first response with data, ${RUNS} times.`,
    columns: ['median', 'fastest', 'slowest'],
    rows: [[measured, `${whole(Math.min(...times))} ms`, `${whole(Math.max(...times))} ms`]],
    aims: [{ what: 'start-up to the first response', aim: 'under 1,000 ms', measured }],
  };
}

async function startOnce(): Promise<number> {
  const began = performance.now();
  const { url, close } = await startBuilt();
  const { status, errors } = await ask(url, QUERY);
  const took = performance.now() - began;
  await close();
  if (status !== 200 || errors.length > 0) throw new Error(`The first answer was ${status}, ${errors[0]?.message}`);
  return took;
}
