import type { Words } from '../en';
import { apart } from './apart';

export const native: Words['native'] = {
    chooseFolder: 'اختيار مجلد',
    saveActivity: 'حفظ النشاط',
    saveExport: 'حفظ بياناتك',
    pictures: 'صور',
    publicKeys: 'مفاتيح عامة',
    textFiles: 'ملفات نصية',
    jsonDocuments: 'مستندات JSON',
    allFiles: 'كل الملفات',

    notices: {
        open: 'فتح',
        newSignIn: (server) => `تسجيل دخول جديد إلى ${apart(server)}`,
        newSignInHere: 'تسجيل دخول جديد إلى هذا الحاسوب',
        notYours: (device, address) => `${apart(device)}، ${apart(address)}. ألست أنت؟`,
        thisComputer: 'هذا الحاسوب',
        notYou: 'لم أكن أنا',
        lookAtSessions: 'عرض الجلسات',
        generateBeforeYouRunOut: 'أنشئ رموزًا جديدة قبل أن تنفد.',
        generateInCase: 'أنشئ رموزًا جديدة تحسبًا لفقدان تطبيق المصادقة.',
        generate: 'إنشاء رموز جديدة',
    },

    backupCodes: {
        title: 'رموز Latchkey الاحتياطية',
        account: (username) => `الحساب: ${apart(username)}`,
        server: (server) => `الخادم: ${apart(server)}`,
        created: (day, month, year, time) => `تاريخ الإنشاء: ${day} ${month} ${year}، ${apart(`${time} UTC`)}`,
        how: 'يعمل كل رمز مرة واحدة، بدلًا من رمز من تطبيق المصادقة.',
    },

    tray: { open: 'فتح Latchkey', quit: 'إنهاء' },

    redirect: {
        back: 'يمكنك إغلاق هذه النافذة والعودة إلى Latchkey.',
        nothing: 'لا شيء هنا. عد إلى Latchkey وافتح صفحة المزوّد من هناك.',
    },
};
