import './queries.ts';
import './mutations.ts';

export { taskType as recordType } from './record.ts';
export { taskSandbox as sandbox } from './sandbox.ts';
