import './mutations.ts';

export { salesAccountType as recordType } from './record.ts';
export { salesAccountSandbox as sandbox } from './sandbox.ts';
