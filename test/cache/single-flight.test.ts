import { expect, test } from 'vitest';
import { SingleFlight } from '../../src/cache/single-flight.ts';

const terms = { start: { at: 0, order: 0, position: 0 }, signal: undefined, isAcceptable: () => true };

test('a call is joined again after the one that overtook it failed', async () => {
  const singleFlight = new SingleFlight<string>();
  let started = 0;
  let answer = (_text: string) => {};
  const slow = () =>
    new Promise<string>((resolve) => {
      started += 1;
      answer = resolve;
    });
  const first = singleFlight.join('request', slow, { ...terms, priority: 'agent' });
  const fast = await singleFlight.join('request', async () => Promise.reject(new Error('500')), {
    ...terms,
    priority: 'interactive',
  });
  expect(fast.result).toMatchObject({ error: expect.any(Error) });
  const later = singleFlight.join('request', slow, { ...terms, priority: 'agent' });
  expect(started).toBe(1);
  answer('here');
  expect((await Promise.all([first, later])).map(({ result }) => result)).toEqual([
    { answer: 'here' },
    { answer: 'here' },
  ]);
});
