type Choice = readonly [id: string | number, value: string];

/** Choices whose id is their text. */
const named = (...values: readonly string[]): readonly Choice[] => values.map((value) => [value, value]);

/** Choices with consecutive ids. */
const numbered = (first: number, ...values: readonly string[]): readonly Choice[] =>
  values.map((value, index) => [String(first + index), value]);

const PHONE_STATUSES = numbered(0, 'Unsubscribed', 'Subscribed', 'Not subscribed');

/** Choices that are the same in every account, as recorded. Ids are text, except for company sizes. */
export const FIXED_CHOICES: Readonly<Record<string, readonly Choice[]>> = {
  subscription_status: numbered(0, 'Unsubscribed', 'Subscribed', 'Not subscribed', 'Reported as spam', 'Bounced'),
  whatsapp_subscription_status: PHONE_STATUSES,
  sms_subscription_status: PHONE_STATUSES,
  subscription_types: [
    ...numbered(2, 'Newsletter', 'Promotional', 'Product updates', 'Conferences & Events'),
    ['1', 'Non-marketing emails from our company'],
  ],
  unsubscription_reason: numbered(
    6,
    'I no longer want to receive emails from you',
    'I receive too many emails from you',
    'The emails are inappropriate',
    'The emails are spam',
    'Others',
  ),
  lost_reason_id: numbered(
    32_009_647_301,
    'Junk Lead',
    'Not able to reach',
    'Not interested',
    'Budget',
    'Lost to competitor',
  ),
  forecast_category: numbered(1, 'Committed', 'Best-case'),
  emails: numbered(32_009_647_295, 'Work', 'Personal', 'Other'),
  phone_numbers: numbered(32_009_647_306, 'Personal', 'Home', 'Other'),
  customer_fit: named('5', '4', '3', '2', '1', '0'),
  last_contacted_mode: named(
    'Email Incoming',
    'Email Outgoing',
    'Call Incoming',
    'Call Outgoing',
    'Email Opened',
    'Chat Conversation',
    'Sales Activity',
    'SMS',
  ),
  last_contacted_sales_activity_mode: named(
    'Chat',
    'Phone',
    'Meeting',
    'Task',
    'Email',
    'SMS Outgoing',
    'Reminder',
    'SMS Incoming',
  ),
  status: numbered(32_009_647_448, 'true', 'false'),
  number_of_employees: [
    [1, '1-10'],
    [11, '11-50'],
    [51, '51-200'],
    [201, '201-500'],
    [501, '501-1000'],
    [1001, '1001-5000'],
    [5001, '5001-10000'],
    [10001, '10000+'],
  ],
};
