/** A recorded field. Its choices come from lookups; other columns are derived. */
export interface FieldLine {
  readonly name: string;
  readonly label: string;
  readonly type: string;
  readonly position: number;
  readonly quickAdd?: number;
  readonly required?: true;
  readonly visible?: true;
  readonly suggest?: string;
  readonly creatable?: string;
  readonly multiple?: true;
}

/** `name|label|type|position`, then flags: `q5` quick add position, `r` required, `v` visible. */
const parse = (lines: string): readonly FieldLine[] =>
  lines
    .trim()
    .split('\n')
    .map((line) => {
      const [name = '', label = '', type = '', position = '', flags = '', suggest, creatable, multiple] = line
        .trim()
        .split('|');
      const [, quick] = /q(\d+)/.exec(flags) ?? [];
      return {
        name,
        label,
        type,
        position: Number(position),
        ...(quick !== undefined && { quickAdd: Number(quick) }),
        ...(flags.includes('r') && { required: true as const }),
        ...(flags.includes('v') && { visible: true as const }),
        ...(suggest && { suggest }),
        ...(creatable && { creatable }),
        ...(multiple && { multiple: true as const }),
      };
    });

/** A form of a new account, which shows the fields of one module. */
export interface FormLine {
  readonly id: number;
  readonly module: string;
  readonly fieldClass: string;
  readonly name: string;
}

export const standardForms: readonly FormLine[] = [
  { id: 2_000_022_765, module: 'contacts', fieldClass: 'Contact', name: 'DefaultContactForm' },
  { id: 2_000_022_766, module: 'sales_accounts', fieldClass: 'SalesAccount', name: 'DefaultSalesAccountForm' },
  { id: 2_000_022_767, module: 'deals', fieldClass: 'Deal', name: 'DefaultDealForm' },
];

/** The standard fields of a new account, by their name in the path of the settings. */
export const standardFields: Readonly<Record<string, readonly FieldLine[]>> = {
  contacts: parse(`
    first_name|First name|text|1|q3v
    last_name|Last name|text|2|q4v
    sales_accounts|Accounts|group_field|3|q5v
    emails|Emails|group_field|4|q6v
    mobile_number|Mobile|text|1|q8v
    work_number|Work|text|2|q9v
    external_id|External ID|text|6|q10
    owner_id|Sales owner|dropdown|7|q11v
    subscription_status|Subscription status|dropdown|8|q12v
    subscription_types|Subscription types|multi_select_dropdown|1|v
    unsubscription_reason|Unsubscribe reason|dropdown|2|v
    other_unsubscription_reason|Other unsubscribe reasons|text|1|v
    whatsapp_subscription_status|WhatsApp subscription status|dropdown|9|q16v
    sms_subscription_status|SMS subscription status|dropdown|10|q17v
    lifecycle_stage_id|Lifecycle stage|dropdown|11|q18v
    contact_status_id|Status|dropdown|1|v
    lost_reason_id|Lost reason|dropdown|1|v
    first_campaign|Original campaign|text|12|v
    first_medium|Original medium|text|13|v
    first_source|Original source|text|14|v
    last_campaign|Created through campaign|text|15|v
    last_medium|Created from medium|text|16|v
    last_source|Created from source|text|17|v
    latest_campaign|Most recent campaign|text|18|v
    latest_medium|Most recent medium|text|19|v
    latest_source|Most recent source|text|20|v
    work_email|Work email|text|1
    tags|Tags|auto_complete|2||/search/auto_suggest/tags.json?&tag_type=contact&q=|tags|m
    job_title|Job title|text|3
    time_zone|Time zone|dropdown|5
    phone_numbers|Other phone numbers|group_field|6
    address|Address|text|1
    city|City|text|2
    state|State|text|3
    zipcode|Zipcode|text|4
    country|Country|text|5
    facebook|Facebook|text|1
    twitter|Twitter|text|2
    linkedin|LinkedIn|text|3
    territory_id|Territory|dropdown|10
    lead_source_id|Source|dropdown|1
    campaign_id|Campaign|dropdown|2
    medium|Medium|text|3
    keyword|Keyword|text|4
    lists|Lists|auto_complete|5||/search/auto_suggest/lists.json?&q=||m
    last_seen_chat|Last seen on chat|date|1
    total_sessions|Total chat sessions|number|2
    locale|Locale|text|3
    first_seen_chat|First seen on chat|date|4
    last_contacted|Last contacted time|date|5
    last_contacted_mode|Last contacted mode|dropdown|6
    last_contacted_sales_activity_mode|Last activity type|dropdown|7
    last_contacted_via_sales_activity|Last activity date|date|8
    active_sales_sequences|Active sales sequences|multi_select_dropdown|9
    completed_sales_sequences|Completed sales sequences|multi_select_dropdown|10
    last_seen|Last seen on web|date|11
    lead_score|Score|number|12
    customer_fit|Customer fit|dropdown|13
    recent_note|Recent note|textarea|14
    creater_id|Created by|dropdown|15
    created_at|Created at|date|16
    updater_id|Updated by|dropdown|17
    updated_at|Updated at|date|18
    web_form_ids|Web forms|multi_select_dropdown|19
    last_assigned_at|Last assigned at|date|20
  `),
  sales_accounts: parse(`
    name|Name|text|1|q3rv
    website|Website|text|2|v
    phone|Phone|text|3|v
    owner_id|Sales owner|dropdown|4|q6v
    number_of_employees|Number of employees|dropdown|1
    annual_revenue|Annual revenue|number|2
    tags|Tags|auto_complete|3||/search/auto_suggest/tags.json?&tag_type=sales_account&q=|tags|m
    industry_type_id|Industry type|dropdown|4
    business_type_id|Business type|dropdown|5
    territory_id|Territory|dropdown|6
    address|Address|text|1
    city|City|text|2|q17
    state|State|text|3|q18
    zipcode|Zipcode|text|4
    country|Country|text|5|q20
    facebook|Facebook|text|1
    twitter|Twitter|text|2
    linkedin|LinkedIn|text|3
    last_contacted|Last contacted time|date|1
    last_contacted_mode|Last contacted mode|dropdown|2
    last_contacted_sales_activity_mode|Last activity type|dropdown|3
    last_contacted_via_sales_activity|Last activity date|date|4
    web_form_ids|Web forms|multi_select_dropdown|5|v
    active_sales_sequences|Active sales sequences|multi_select_dropdown|6
    completed_sales_sequences|Completed sales sequences|multi_select_dropdown|7
    recent_note|Recent note|textarea|8
    creater_id|Created by|dropdown|9
    created_at|Created at|date|10
    updater_id|Updated by|dropdown|11
    updated_at|Updated at|date|12
    last_assigned_at|Last assigned at|date|13
  `),
  deals: parse(`
    name|Name|text|1|q3rv
    amount|Deal value|number|2|q4rv
    sales_account_id|Account name|auto_complete|3|q5v|/search/auto_suggest/sales_accounts_full_details.json?&q=|sales_account
    contacts|Related contacts|auto_complete|4|q6v|/search/auto_suggest/contacts_full_details.json?&sales_account_id=&q=||m
    deal_pipeline_id|Deal pipeline|dropdown|5|v
    deal_stage_id|Deal stage|dropdown|1|v
    deal_reason_id|Lost reason|dropdown|1|v
    closed_date|Closed date|date|2|v
    owner_id|Sales owner|dropdown|6|q11v
    currency_id|Currency|dropdown|7|q12v
    tags|Tags|auto_complete|1||/search/auto_suggest/tags.json?&tag_type=deal&q=|tags|m
    base_currency_amount|Deal value in Base Currency|number|2
    deal_payment_status_id|Payment status|dropdown|3
    probability|Probability (%)|number|4
    territory_id|Territory|dropdown|5
    forecast_category|Forecast category|dropdown|6
    expected_close|Expected close date|date|1
    deal_type_id|Type|dropdown|1
    lead_source_id|Source|dropdown|2
    campaign_id|Campaign|dropdown|3
    last_contacted_sales_activity_mode|Last activity type|dropdown|1
    last_contacted_via_sales_activity|Last activity date|date|2
    age|Age (in days)|number|3
    recent_note|Recent note|textarea|4
    active_sales_sequences|Active sales sequences|multi_select_dropdown|5
    completed_sales_sequences|Completed sales sequences|multi_select_dropdown|6
    creater_id|Created by|dropdown|7
    created_at|Created at|date|8
    updater_id|Updated by|dropdown|9
    updated_at|Updated at|date|10
    web_form_id|Web form|dropdown|11
    upcoming_activities_time|Upcoming activities|date|12
    stage_updated_time|Deal stage updated at|date|13
    last_assigned_at|Last assigned at|date|14
    expected_deal_value|Expected deal value|number|15
  `),
  sales_activities: parse(`
    title|Title|text|1|q3rv
    start_date|Start date|date_time_split|2|q4rv
    end_date|End date|date_time_split|3|q5rv
    targetable|Related entity|auto_complete|4|q6r|/search?per_page=5&include=lead,contact,sales_account,deal&q=
    targetables|Related to|auto_complete|5|q7rv|/search?per_page=5&include=lead,contact,sales_account,deal&q=||m
    owner_id|Owner|dropdown|6|q8v
    notes|Notes|textarea|7|q9v
    sales_activity_type_id|Sales activity type|dropdown|1|q11rv
    location|Location|text|1|v
    checkedin_at|Checked in time|date|2|v
    checkedout_location|Checked out location|text|3|v
    checkedout_at|Checked out time|date|4|v
    checkedin_duration|Time spent (in seconds)|number|5|v
    sales_activity_outcome_id|Outcome|dropdown|6|v
    status|Mark as completed|checkbox|7|v
    completed_date|Completed date|date_time_split|1|v
  `),
  leads: parse(`
    first_name|First name|text|1|q3v
    last_name|Last name|text|2|q4rv
    emails|Emails|group_field|3|q5v
    company|Company|text|4|q6v
    owner_id|Sales owner|dropdown|5|q7v
    lead_stage_id|Lead stage|dropdown|6|q8v
    lead_reason_id|Unqualified reason|dropdown|7|v
    lead_source_id|Source|dropdown|8
    campaign_id|Campaign|dropdown|9
    territory_id|Territory|dropdown|10
  `),
};
