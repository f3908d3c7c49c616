import type { Words } from '../en';
import { grammar } from './grammar';

const { plural, number } = grammar;

export const shell: Words['shell'] = {
    sections: {
        label: 'أقسام الحساب',
        current: (section) => `القسم: ${section}`,
        security: 'الأمان',
        connections: 'الاتصالات',
        password: 'كلمة المرور',
        twoFactor: 'المصادقة الثنائية',
        apiKeys: 'مفاتيح API',
        sessions: 'الجلسات',
        checkUp: 'الفحص الأمني',
        sshKeys: 'مفاتيح SSH',
        sourceCode: 'تكامل الشيفرة المصدرية',
        registries: 'سجلات الحاويات',
        activity: 'النشاط',
        deleteAccount: 'حذف الحساب',
        on: 'مفعّلة',
        off: 'معطّلة',
    },
    accountMenu: {
        label: 'قائمة الحساب',
        title: 'الحساب',
        profile: 'الملف الشخصي',
        account: 'الحساب',
        apiDocumentation: 'توثيق API',
        switchAccount: 'تبديل الحساب',
        addAccount: 'إضافة حساب',
        signOut: 'تسجيل الخروج',
    },
    theme: { label: 'المظهر', light: 'فاتح', dark: 'داكن', system: 'النظام' },
    servers: { label: 'الخوادم', current: 'الخادم:', add: 'إضافة خادم…' },
    alerts: {
        title: 'التنبيهات',
        unread: (count) => `التنبيهات، غير المقروء: ${number(count)}`,
        none: 'لا تنبيهات',
        whatFor: 'تظهر هنا عمليات تسجيل الدخول الجديدة، وقلّة الرموز الاحتياطية، والاتصالات التي توقفت عن العمل.',
        newSignIn: 'تسجيل دخول جديد',
        newSignInFrom: (device) => `تسجيل دخول جديد: ${device}`,
        signIn: '<device/>، <time/>',
        unknownDevice: 'جهاز غير معروف',
        generateNow: 'أنشئ رموزًا جديدة الآن.',
        generateSoon: 'أنشئ رموزًا جديدة قبل أن تنفد.',
        checkUp: 'فتح الفحص الأمني',
    },
    byBackupCode: {
        title: 'سجّلت الدخول برمز احتياطي',
        left: (codes) => {
            const left = plural(codes, {
                zero: 'لم يبقَ أي رمز',
                one: 'بقي رمز واحد',
                two: 'بقي رمزان',
                few: `بقيت ${number(codes)} رموز`,
                many: `بقي ${number(codes)} رمزًا`,
                other: `بقي ${number(codes)} رمز`,
            });
            return `${left}. كل رمز صالح مرة واحدة، ويمكنك إنشاء رموز جديدة الآن.`;
        },
        generate: 'إنشاء رموز احتياطية جديدة',
        notNow: 'ليس الآن',
    },
    offline: {
        asOf: 'أنت غير متصل. ما تراه يعود إلى <time/> (<age/>).',
        nothing: 'أنت غير متصل. ما تعرضه هذه الصفحة غير محفوظ على هذا الحاسوب.',
        next: (seconds) =>
            plural(seconds, {
                zero: 'محاولة جديدة الآن',
                one: 'محاولة جديدة خلال ثانية واحدة',
                two: 'محاولة جديدة خلال ثانيتين',
                few: `محاولة جديدة خلال ${number(seconds)} ثوانٍ`,
                many: `محاولة جديدة خلال ${number(seconds)} ثانية`,
                other: `محاولة جديدة خلال ${number(seconds)} ثانية`,
            }),
        trying: 'جارٍ المحاولة من جديد…',
        tryNow: 'المحاولة الآن',
        back: 'يمكن الوصول إلى الخادم من جديد.',
    },
    skip: 'الانتقال إلى المحتوى',
    opening: 'جارٍ فتح Latchkey',
};
