import { FreshsalesError } from '../../freshsales/errors.ts';
import { type DealStageRecord, dealStageLookup } from '../../lookups/lookup-types.ts';
import type { Draft } from '../../mutations/writable.ts';
import type { Context } from '../../records/context.ts';
import type { Charge } from '../../records/field-needs.ts';
import { readList } from '../../records/loader.ts';
import { dealType } from './record.ts';

type Input = Readonly<Record<string, unknown>>;

const movesStage = ({ stageId }: Input): boolean => stageId !== undefined && stageId !== null;

/**
 * Refuses a stage of another pipeline before the call. Reads the list of stages once an hour, and the deal only if the account
 * has several pipelines and the input has no pipelineId. An unknown stage may be new, so Freshsales decides about it.
 */
export async function checkStage(
  context: Context,
  draft: Draft,
  { id, input }: { id: string; input?: Input | null | undefined },
): Promise<void> {
  if (!input || !movesStage(input) || (id === '' && typeof input.pipelineId !== 'string')) return;
  const stages = await stagesOf(context);
  const stage = stages.find((each) => each.id === String(draft.columns.deal_stage_id));
  if (!stage || pipelinesOf(stages).size < 2) return;
  const pipeline = await pipelineOf(context, draft, id);
  if (pipeline === undefined || stage.deal_pipeline_id === pipeline) return;
  const own = stages.filter((each) => each.deal_pipeline_id === pipeline);
  const names = own.map((each) => `${each.name} (${each.id})`).join(', ');
  draft.refuse(
    ['input', 'stageId'],
    `The stage “${stage.name}” belongs to another pipeline. The stages of the deal’s pipeline are: ${names}. To move the deal to the other pipeline, provide pipelineId as well.`,
  );
}

/** The stages. Empty if the caller may not read them, so that Freshsales decides. */
async function stagesOf(context: Context): Promise<DealStageRecord[]> {
  try {
    return await readList(context, dealStageLookup);
  } catch (error) {
    if (error instanceof FreshsalesError && error.code === 'FORBIDDEN') return [];
    throw error;
  }
}

const pipelinesOf = (stages: readonly DealStageRecord[]) => new Set(stages.map((stage) => stage.deal_pipeline_id));

/** The pipeline in the input, or else the current one of the deal. */
async function pipelineOf(context: Context, { columns }: Draft, id: string): Promise<string | undefined> {
  if (columns.deal_pipeline_id !== undefined) return String(columns.deal_pipeline_id);
  const answer = await context.freshsales.get(dealType, id);
  return answer?.row.deal_pipeline_id;
}

/** Cost of the check if the id of the deal is unknown. */
export const stagePriceUnseen = (input: Input): readonly Charge[] =>
  typeof input.pipelineId === 'string' ? stagePrice(input) : [];

export const stagePrice = (input: Input): readonly Charge[] => {
  if (!movesStage(input)) return [];
  const list: Charge = { calls: 1, once: dealStageLookup.list, call: `GET /${dealStageLookup.list}` };
  return typeof input.pipelineId === 'string'
    ? [list]
    : [list, { calls: 1, needs: 0, call: 'GET /deals/{id}', when: 'only where the account has several pipelines' }];
};
