import { leadType } from '../../resources/lead/record.ts';
import type { SeedContext } from './random.ts';
import { FIRST_NAMES, JOBS, LAST_NAMES } from './words.ts';

/** Leads. Classic only. */
export function seedLeads({ put, random, day, some, owner }: SeedContext): void {
  for (let index = 0; index < 60; index += 1) {
    const first_name = random.pick(FIRST_NAMES);
    const last_name = random.pick(LAST_NAMES);
    put(leadType, {
      id: String(5_005_390_500 + index),
      first_name,
      last_name,
      email: index % 9 === 0 ? null : `lead${index}@sandbox.example`,
      job_title: random.pick(JOBS),
      company: index % 5 === 0 ? null : { id: String(5_006_000_000 + index), name: `Prospect ${index}` },
      lead_score: random.below(100),
      lead_quality: random.pick(['Hot', 'Warm', 'Cold']),
      email_status: 'Active',
      do_not_disturb: false,
      has_authority: false,
      owner_id: owner(),
      lead_stage_id: some('LeadStage'),
      lead_source_id: some('LeadSource'),
      campaign_id: some('Campaign'),
      territory_id: some('Territory'),
      stage_updated_time: day(-index),
      created_at: day(-index - 30),
      updated_at: day(-index),
    });
  }
}
