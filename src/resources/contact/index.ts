import './mutations.ts';
import './relations.ts';

export { contactType as recordType } from './record.ts';
export { contactSandbox as sandbox } from './sandbox.ts';
