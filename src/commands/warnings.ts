import type { Config } from '../config/config.ts';
import { warn } from '../terminal.ts';

/** Says what in the configuration is probably not meant. */
export const warnOf = ({ warnings }: Config): void => warn(...warnings().map((text) => `Warning: ${text}`));
