import { mergeConfig } from 'vitest/config';
import usual from './vitest.config.ts';

/** Random input over sockets, against the server as a process. */
export default mergeConfig(usual, { test: { include: ['test/fuzz/**/*.fuzz.ts'] } });
