import { FreshsalesError } from '../../freshsales/errors.ts';
import type { Draft } from '../../mutations/draft.ts';
import type { Context } from '../../records/context.ts';
import type { Charge } from '../../records/field-needs.ts';
import { readList } from '../../records/loader.ts';
import { type DealStageRecord, dealStageLookup } from '../deal-stage/record.ts';
import { dealType } from './record.ts';

type Input = Readonly<Record<string, unknown>>;

/** Whether a stage is to be set that has to be one of the deal's pipeline. */
const movesStage = ({ stageId }: Input): boolean => stageId !== undefined && stageId !== null;

/**
 * A stage of another pipeline is refused before the call. The list of stages is read once an hour; the deal itself only where
 * the account has several pipelines and the input does not name one. A stage that is not in the list may be new: Freshsales
 * decides.
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
    `The stage “${stage.name}” is of another pipeline. The stages of this deal’s pipeline are: ${names}. To move the deal to the other pipeline, give its pipelineId as well.`,
  );
}

/** The stages; none for a caller who may not see them, so that Freshsales decides. */
async function stagesOf(context: Context): Promise<DealStageRecord[]> {
  try {
    return await readList(context, dealStageLookup);
  } catch (error) {
    if (error instanceof FreshsalesError && error.code === 'FORBIDDEN') return [];
    throw error;
  }
}

const pipelinesOf = (stages: readonly DealStageRecord[]) => new Set(stages.map((stage) => stage.deal_pipeline_id));

/** The pipeline the deal will be in: the one given, else its own. */
async function pipelineOf(context: Context, { columns }: Draft, id: string): Promise<string | undefined> {
  if (columns.deal_pipeline_id !== undefined) return String(columns.deal_pipeline_id);
  const answer = await context.freshsales.get(dealType, id);
  return answer?.row.deal_pipeline_id;
}

/** What the check may cost of a deal whose id is not known. */
export const stagePriceUnseen = (input: Input): readonly Charge[] =>
  typeof input.pipelineId === 'string' ? stagePrice(input) : [];

/** What the check may cost. */
export const stagePrice = (input: Input): readonly Charge[] => {
  if (!movesStage(input)) return [];
  const list: Charge = { calls: 1, once: dealStageLookup.list, call: `GET /${dealStageLookup.list}` };
  return typeof input.pipelineId === 'string'
    ? [list]
    : [list, { calls: 1, needs: 0, call: 'GET /deals/{id}', when: 'only where the account has several pipelines' }];
};
