export const dates = {
    today: 'Today',
    yesterday: 'Yesterday',
    /** `9 Nov 2026, 14:02`; the day may be `today` or `yesterday`. */
    dayAndTime: (day: string, time: string) => `${day}, ${time}`,
    /** Within a sentence, as are those that follow. */
    onToday: 'today',
    onYesterday: 'yesterday',
    on: (date: string) => `on ${date}`,
    justNow: 'just now',
};
