const words = (text: string): readonly string[] => text.split(' · ');

export const FIRST_NAMES = words(
  'Amara · Beatriz · Chen · Dmitri · Elif · Femi · Greta · Hiroshi · Ingrid · João · Keiko · Liam · Mónica · Nadia · Oskar · Petra · Quentin · Renée · Søren · Tomasz · Uma · Viktor · Wanjiru · Xochitl · Yusuf · Zoë',
);
export const LAST_NAMES = words(
  'Adeyemi · Bergström · Costa · Dubois · Eriksen · Fischer · García · Hansen · Ivanova · Jansen · Kowalski · Lindqvist · Müller · Nakamura · Okafor · Patel · Quiroga · Rossi · Schmidt · Tremblay · Ueda · Vargas · Whitfield · Xu · Yılmaz · Zhang',
);
export const COMPANY_STEMS = words(
  'Alder · Basalt · Cobalt · Drift · Ember · Fjord · Granite · Harbour · Indigo · Juniper · Kestrel · Lumen · Meridian · Northwind · Onyx · Pinnacle · Quartz · Riverbend · Summit · Tidewater',
);
export const COMPANY_KINDS = words('Logistics · Foods · Robotics · Insurance · Textiles · Energy · Media · Labs');
export const JOBS = words(
  'Sales Manager · Head of Procurement · Chief Executive · IT Director · Office Manager · Buyer · Consultant · Operations Lead',
);
export const PLACES: readonly (readonly [city: string, state: string | null, country: string])[] = [
  ['Hamburg', 'Hamburg', 'Germany'],
  ['Zürich', null, 'Switzerland'],
  ['Manchester', 'England', 'United Kingdom'],
  ['Toronto', 'Ontario', 'Canada'],
  ['Malmö', 'Skåne', 'Sweden'],
  ['São Paulo', 'SP', 'Brazil'],
  ['Glendale', 'Arizona', 'USA'],
];
export const PLANS = words('Starter plan · Team plan · Enterprise plan · Renewal · Upgrade · Pilot');
export const TASKS = words(
  'Send the proposal · Call back · Prepare the demo · Check the contract · Ask for a reference · Send the invoice',
);
export const MEETINGS = words('Demo · Kick-off · Quarterly review · Contract talk · Site inspection');
export const NOTES = words(
  'Asked for the price list. · Budget is decided in the next quarter. · <p>Wants a <b>discount</b> &amp; a longer term.</p> · Very happy 🎉 — would recommend us. · Called twice, nobody there.',
);
export const TAGS = words('newsletter · partner · key account · trade fair');
