import type { Words } from '../en';

export const dates: Words['dates'] = {
    today: 'Heute',
    yesterday: 'Gestern',
    dayAndTime: (day, time) => `${day}, ${time}`,
    onToday: 'heute',
    onYesterday: 'gestern',
    on: (date) => `am ${date}`,
    justNow: 'gerade eben',
};
