import type { Words } from '../en';

export const password: Words['password'] = {
    title: 'كلمة المرور',
    lastChanged: 'آخر تغيير في <time/>.',
    whatFor: 'ما تسجّل به الدخول.',
    current: 'كلمة المرور الحالية',
    chosen: 'كلمة المرور الجديدة',
    confirmation: 'تأكيد كلمة المرور الجديدة',
    closeOthers: 'إغلاق جميع الجلسات الأخرى',
    closeOthersEffect: 'على كل جهاز آخر تسجيل الدخول بكلمة المرور الجديدة.',
    closing: 'تسري كلمة المرور الجديدة فورًا، وتبقى مسجّل الدخول هنا. تظل مفاتيح API ومفاتيح SSH صالحة.',
    notClosing:
        'تبقى الجلسات الأخرى مسجّلة الدخول. يمكنك إغلاقها من صفحة <sessions>الجلسات</sessions>. وتظل مفاتيح API ومفاتيح SSH صالحة أيضًا.',
    change: 'تغيير كلمة المرور',
    changedAndClosed: 'تم تغيير كلمة المرور، وأُغلقت جميع الجلسات الأخرى.',
    changed: 'تم تغيير كلمة المرور. تبقى الجلسات الأخرى مسجّلة الدخول.',
    openSessions: 'الجلسات',
};
