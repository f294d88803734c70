/** pino-roll brings no types; this is what we use of it. */
declare module 'pino-roll' {
  import type { pino } from 'pino';

  export interface RollOptions {
    readonly file: string;
    readonly frequency: 'daily';
    readonly size: string;
    readonly dateFormat: string;
    readonly extension: string;
    readonly limit?: { readonly count: number; readonly removeOtherLogFiles: boolean };
    /** The rest goes to the stream as it is. */
    readonly mkdir: boolean;
    readonly sync: boolean;
    readonly mode: number;
    readonly maxLength: number;
  }

  export default function roll(
    options: RollOptions,
  ): Promise<ReturnType<typeof pino.destination> & { readonly file: string }>;
}
