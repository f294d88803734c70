import { type Job, type JobFailure, toJob } from '../freshsales/bulk-job.ts';
import { FreshsalesError } from '../freshsales/errors.ts';
import { jobCall } from '../freshsales/reads.ts';
import { callTemplate } from '../freshsales/transport.ts';
import type { Context } from '../records/context.ts';
import { badInput } from '../records/errors.ts';
import { fetchedBy } from '../records/field-needs.ts';
import { builder } from '../schema/builder.ts';

const BulkJobFailure = builder.objectRef<JobFailure>('BulkJobFailure').implement({
  description: 'A row that a bulk job did not accept.',
  fields: (t) => ({
    identifiers: t.stringList({
      nullable: { list: false, items: false },
      description: 'Values that identify the row.',
      resolve: ({ identifiers }) => [...identifiers],
    }),
    messages: t.stringList({
      nullable: { list: false, items: false },
      description: 'Reasons for the refusal, as returned by Freshsales.',
      resolve: ({ messages }) => [...messages],
    }),
  }),
});

const BulkJobStatus = builder.enumType('BulkJobStatus', {
  description: 'Status of a bulk job.',
  values: {
    IN_PROGRESS: { description: 'The job has not ended.' },
    SUCCEEDED: { description: 'The job has ended. Single rows may have been refused.' },
    FAILED: { description: 'The job ended without any effect.' },
  } as const,
});

const BulkJob = builder.objectRef<Job>('BulkJob').implement({
  description: 'Status of a bulk job.',
  fields: (t) => ({
    status: t.field({
      type: BulkJobStatus,
      semanticNonNull: true,
      description: 'Status of the job.',
      resolve: ({ state, status }) => {
        if (state) return state;
        throw new FreshsalesError(
          'UPSTREAM_ERROR',
          `Freshsales sent an unknown status for the job: ${status.slice(0, 40)}.`,
        );
      },
    }),
    isEnded: t.exposeBoolean('isEnded', { semanticNonNull: true, description: 'True if the job has ended.' }),
    progress: t.int({ description: 'Progress in percent.', resolve: ({ progress }) => progress ?? null }),
    succeeded: t.int({ description: 'Number of rows written.', resolve: ({ succeeded }) => succeeded ?? null }),
    failed: t.int({ description: 'Number of rows refused.', resolve: ({ failed }) => failed ?? null }),
    failures: t.field({
      type: [BulkJobFailure],
      nullable: { list: false, items: false },
      description: 'The rows that were refused.',
      resolve: ({ failures }) => [...failures],
    }),
  }),
});

function checkJobId(id: string): void {
  if (!/^[\w-]{1,100}$/.test(id)) throw badInput('This is not a job id. Use the jobId of a BulkRow.');
}

const jobFetch = {
  cost: ({ id }: { id: string }) => {
    checkJobId(id);
    return [{ calls: 1, call: callTemplate(jobCall('{id}')) }];
  },
  run: async (_root: object, { id }: { id: string }, context: Context) => {
    checkJobId(id);
    try {
      return toJob(await context.freshsales.job(id));
    } catch (error) {
      if (error instanceof FreshsalesError && error.code === 'NOT_FOUND') return null;
      throw error;
    }
  },
};

builder.queryField('bulkJob', (t) =>
  t.field({
    type: BulkJob,
    description:
      'A bulk job, by the jobId of a row whose outcome is unknown. Null unless this caller started the job. Costs one call.',
    args: { id: t.arg.id({ required: true, description: 'The jobId of a BulkRow.' }) },
    ...fetchedBy(jobFetch),
  }),
);
