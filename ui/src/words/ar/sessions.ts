import type { Words } from '../en';
import { grammar } from './grammar';

const { plural, number } = grammar;

export const sessions: Words['sessions'] = {
    title: 'الجلسات',
    whatFor: 'كل مكان سجّلت الدخول منه. أغلق ما لا تعرفه.',
    loading: 'جارٍ تحميل الجلسات',
    tryAgain: 'حاول مرة أخرى',
    current: 'الجلسة الحالية',
    thisDevice: 'هذا الجهاز',
    others: 'الجلسات الأخرى',
    none: { title: 'لا توجد جلسات أخرى', text: 'أنت مسجّل الدخول على هذا الجهاز وحده.' },
    loadMore: 'تحميل المزيد',

    device: {
        unknown: 'جهاز غير معروف',
        browserOn: (browser, system) => `${browser} على ${system}`,
        unknownBrowserOn: (system) => `متصفح غير معروف على ${system}`,
        onUnknownSystem: (browser) => `${browser} على نظام غير معروف`,
        modelAt: (model, address) => `${model}, ${address}`,
        whereAndWhen: (where, active) => `${where}، ${active}`,
        active: (moment) => `آخر نشاط ${moment}`,
    },

    details: {
        browser: 'المتصفح',
        system: 'نظام التشغيل',
        model: 'الطراز',
        address: 'عنوان IP',
        engine: 'المحرّك',
        architecture: 'معمارية المعالج',
        unknown: 'غير معروف',
        thisComputer: 'هذا الحاسوب',
        created: 'تاريخ الإنشاء',
        lastAuthentication: 'آخر مصادقة',
        lastModified: 'آخر تعديل',
        expires: 'تاريخ الانتهاء',
    },

    close: 'إغلاق الجلسة',
    closed: (device) => `أُغلقت الجلسة: ${device}`,
    closeOthers: 'إغلاق جميع الجلسات الأخرى',
    closingOthers: {
        title: 'إغلاق جميع الجلسات الأخرى؟',
        text: 'يُسجَّل خروج كل جهاز آخر فورًا، وعليه تسجيل الدخول من جديد.',
        action: 'إغلاق جميع الجلسات الأخرى',
    },
    othersClosed: (sessions) =>
        plural(sessions, {
            zero: 'لم تبقَ جلسات أخرى لإغلاقها',
            one: 'أُغلقت جلسة واحدة',
            two: 'أُغلقت جلستان',
            few: `أُغلقت ${number(sessions)} جلسات`,
            many: `أُغلقت ${number(sessions)} جلسة`,
            other: `أُغلقت ${number(sessions)} جلسة`,
        }),

    review: {
        badge: 'تسجيل دخول جديد',
        title: (device) => `تسجيل دخول جديد: ${device}`,
        text: 'لم تكن أنت؟ أغلق تلك الجلسة، ثم غيّر كلمة مرورك.',
        close: 'إغلاق تلك الجلسة',
        thisDevice: {
            title: 'تسجيل الدخول ذاك من هذا الجهاز',
            text: 'لا يوجد ما يُغلق. إن لم تكن أنت فغيّر كلمة مرورك.',
        },
        closed: {
            title: 'أُغلقت تلك الجلسة',
            text: 'إن كنت لا تعرف تسجيل الدخول هذا فغيّر كلمة مرورك الآن.',
        },
        changePassword: 'تغيير كلمة المرور',
    },
};
