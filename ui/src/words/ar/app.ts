import type { Words } from '../en';
import { apart } from './apart';
import { grammar } from './grammar';

const { plural, number } = grammar;

export const app: Words['app'] = {
    menu: 'الإعدادات والمساعدة',
    settings: {
        open: 'إعدادات التطبيق…',
        title: 'إعدادات التطبيق',
        text: 'تُحفظ على هذا الحاسوب أيًا كان من سجّل الدخول.',
        loading: 'جارٍ قراءة الإعدادات',
        tray: 'إظهار Latchkey في شريط النظام',
        trayEffect: 'عند إغلاق النافذة يبقى Latchkey قيد التشغيل هناك.',
        login: 'التشغيل عند تسجيل الدخول إلى الحاسوب',
        loginInTray: 'يبدأ Latchkey مع سطح المكتب، في شريط النظام.',
        loginInWindow: 'يبدأ Latchkey مع سطح المكتب ويُظهر نافذته.',
        notifications: 'الإشعارات',
        notificationsEffect: 'يخبرك سطح المكتب بعمليات تسجيل الدخول الجديدة، وحين تقلّ الرموز الاحتياطية.',
        blocked: {
            no_tray: 'لا شيء على سطح المكتب هذا يُظهر شريط النظام. لبعض أسطح المكتب إضافة لذلك.',
            no_notifications: 'لا شيء على سطح المكتب هذا يُظهر الإشعارات.',
            other_system: 'لا يفعل Latchkey هذا على نظام التشغيل لديك.',
            path_unsayable: 'لا يمكن تدوين اسم المجلد الذي فيه Latchkey لسطح المكتب.',
        },
    },
    shortcuts: {
        title: 'اختصارات لوحة المفاتيح',
        or: 'أو',
        account: 'الحساب',
        profile: 'الملف الشخصي',
        sections: 'أقسام الحساب',
        panes: 'الجزء التالي أو السابق من النافذة',
        reload: 'قراءة البيانات من جديد',
        undo: 'التراجع عن الحذف',
        textSize: 'نص أكبر، أصغر، كالمعتاد',
        leave: 'إغلاق قائمة أو مربع حوار، ومغادرة نموذج',
        settings: 'إعدادات التطبيق',
        list: 'هذه القائمة',
        closeWindow: 'إغلاق النافذة',
        quit: 'إنهاء Latchkey',
    },
    about: {
        title: 'حول Latchkey',
        version: (version) => `الإصدار ${apart(version)}`,
        service: 'خدمة الحساب',
        licence: 'الرخصة',
        parts: 'البرمجيات داخل Latchkey',
        partsText: 'صُنع Latchkey بعمل آخرين، تحت رخصهم الخاصة.',
        show: 'عرض الحزم والرخص',
        loading: 'جارٍ قراءة الرخص',
        search: 'البحث في الحزم',
        searchHint: 'الاسم أو الرخصة',
        found: (packages) =>
            plural(packages, {
                zero: 'لا حزمة فيها هذا في الاسم أو الرخصة',
                one: 'حزمة واحدة',
                two: 'حزمتان',
                few: `${number(packages)} حزم`,
                many: `${number(packages)} حزمة`,
                other: `${number(packages)} حزمة`,
            }),
        textsOf: (name) => `رخصة ${apart(name)}`,
        failed: 'لا يمكن قراءة الرخص',
        failedText: 'أعد تثبيت Latchkey.',
    },
};
