import { expect, test } from 'vitest';
import { SingleFlight } from '../../src/cache/single-flight.ts';

const terms = { departure: { at: 0, order: 0, position: 0 }, signal: undefined, willDo: () => true };

test('a flight that was overtaken in vain is joined again by those who ask the same', async () => {
  const flights = new SingleFlight<string>();
  let started = 0;
  let answer = (_text: string) => {};
  const slow = () =>
    new Promise<string>((resolve) => {
      started += 1;
      answer = resolve;
    });
  const first = flights.take('question', slow, { ...terms, lane: 'agent' });
  const fast = await flights.take('question', async () => Promise.reject(new Error('500')), {
    ...terms,
    lane: 'interactive',
  });
  expect(fast.landing).toMatchObject({ error: expect.any(Error) });
  const later = flights.take('question', slow, { ...terms, lane: 'agent' });
  expect(started).toBe(1);
  answer('here');
  expect((await Promise.all([first, later])).map(({ landing }) => landing)).toEqual([
    { answer: 'here' },
    { answer: 'here' },
  ]);
});
