import type { Lookup } from '../freshsales/resource.ts';
import * as lookupTypes from './lookup-types.ts';

/** The small lists that are read whole, each in one call. */
export const lookups: readonly Lookup[] = Object.values(lookupTypes);
