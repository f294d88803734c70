import type { Config } from '../config/config.ts';
import { warn } from '../terminal.ts';

/** Warnings about settings that are probably mistakes. */
export const warnOf = ({ warnings }: Config): void => warn(...warnings().map((text) => `Warning: ${text}`));
