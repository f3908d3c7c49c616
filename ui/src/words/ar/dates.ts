import type { Words } from '../en';

export const dates: Words['dates'] = {
    today: 'اليوم',
    yesterday: 'أمس',
    dayAndTime: (day, time) => `${day}، ${time}`,
    onToday: 'اليوم',
    onYesterday: 'أمس',
    on: (date) => `في ${date}`,
    justNow: 'الآن',
};
