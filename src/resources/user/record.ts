import { defineLookup, type Identified } from '../../freshsales/resource.ts';

export interface UserRecord extends Identified {
  display_name: string;
  email: string | null;
  is_active: boolean;
  work_number: string | null;
  mobile_number: string | null;
  avatar?: string | null;
}

export const userLookup = defineLookup({
  name: 'User',
  list: 'selector/owners',
  many: 'users',
  mini: ['display_name', 'email', 'is_active', 'work_number', 'mobile_number'],
  blank: (): Required<UserRecord> => ({
    id: '',
    display_name: '',
    email: null,
    is_active: false,
    work_number: null,
    mobile_number: null,
    avatar: null,
  }),
});
