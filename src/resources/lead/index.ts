import './mutations.ts';

export { leadType as recordType } from './record.ts';
export { leadSandbox as sandbox } from './sandbox.ts';
