import type { Words } from '../en';
import { grammar } from './grammar';

const { plural, number } = grammar;

/** A noun as it stands with a number, or in its place. */
interface Noun {
    one: string;
    two: string;
    /** After 3 to 10. */
    few: string;
    /** After 11 to 99. */
    many: string;
    /** After the other ones, such as 100. */
    other: string;
}

const counted = (count: number, { one, two, few, many, other }: Noun) =>
    plural(count, {
        zero: `${number(count)} ${other}`,
        one,
        two,
        few: `${number(count)} ${few}`,
        many: `${number(count)} ${many}`,
        other: `${number(count)} ${other}`,
    });

/** What differs only between one, two and more. */
const byNumber = (count: number, one: string, two: string, more: string) =>
    plural(count, { zero: more, one, two, few: more, many: more, other: more });

export const deleteAccount: Words['deleteAccount'] = {
    title: 'حذف الحساب',
    loading: 'جارٍ تحميل ما سيُحذف',
    tryAgain: 'حاول مرة أخرى',
    warning: {
        title: 'لا يمكن التراجع عن هذا',
        onThisComputer: 'يُحذف حسابك وكل ما يلي من هذا الحاسوب فورًا، ولا يستطيع أحد استعادته.',
        onServer: 'يُحذف حسابك وكل ما يلي من الخادم فورًا، ولا يستطيع أحد استعادته.',
        at: (place) => `يُحذف حسابك وكل ما يلي من ${place} فورًا، ولا يستطيع أحد استعادته.`,
    },

    whatGoes: 'ما سيُحذف',
    item: '<what/>: <means/>',
    what: {
        profile: 'ملفك الشخصي',
        picture: 'صورتك',
        sessions: (count) =>
            counted(count, { one: 'جلسة واحدة', two: 'جلستان', few: 'جلسات', many: 'جلسة', other: 'جلسة' }),
        apiKeys: (count) =>
            counted(count, {
                one: 'مفتاح API واحد',
                two: 'مفتاحا API',
                few: 'مفاتيح API',
                many: 'مفتاح API',
                other: 'مفتاح API',
            }),
        sshKeys: (count) =>
            counted(count, {
                one: 'مفتاح SSH واحد',
                two: 'مفتاحا SSH',
                few: 'مفاتيح SSH',
                many: 'مفتاح SSH',
                other: 'مفتاح SSH',
            }),
        integrations: (count) =>
            counted(count, {
                one: 'حساب شيفرة مصدرية مرتبط واحد',
                two: 'حسابا شيفرة مصدرية مرتبطان',
                few: 'حسابات شيفرة مصدرية مرتبطة',
                many: 'حساب شيفرة مصدرية مرتبطًا',
                other: 'حساب شيفرة مصدرية مرتبط',
            }),
        registries: (count) =>
            counted(count, {
                one: 'سجل حاويات واحد',
                two: 'سجلا حاويات',
                few: 'سجلات حاويات',
                many: 'سجل حاويات',
                other: 'سجل حاويات',
            }),
        events: (count) => counted(count, { one: 'حدث واحد', two: 'حدثان', few: 'أحداث', many: 'حدثًا', other: 'حدث' }),
        backupCodes: (count) =>
            counted(count, {
                one: 'رمز احتياطي واحد',
                two: 'رمزان احتياطيان',
                few: 'رموز احتياطية',
                many: 'رمزًا احتياطيًا',
                other: 'رمز احتياطي',
            }),
        username: (username) => `اسم المستخدم ${username}`,
    },
    means: {
        profile: 'الاسم والبريد الإلكتروني والموقع والنبذة',
        picture: 'بجميع الأحجام',
        sessions: (count) =>
            byNumber(count, 'يُسجَّل خروج هذا الجهاز', 'يُسجَّل خروج كل جهاز، وهذا أيضًا', 'يُسجَّل خروج كل جهاز، وهذا أيضًا'),
        apiKeys: (count) =>
            byNumber(
                count,
                'تفشل الطلبات التي تستخدمه فورًا',
                'تفشل الطلبات التي تستخدمهما فورًا',
                'تفشل الطلبات التي تستخدمها فورًا',
            ),
        sshKeys: (count) =>
            byNumber(
                count,
                'لن يتيح لك الدخول إلى أي مكان',
                'لن يتيحا لك الدخول إلى أي مكان',
                'لن تتيح لك الدخول إلى أي مكان',
            ),
        integrations: (count) =>
            byNumber(
                count,
                'يُلغى رمز وصوله لدى المزوّد حيث يمكن ذلك',
                'يُلغى رمزا وصولهما لدى المزوّد حيث يمكن ذلك',
                'تُلغى رموز وصولها لدى المزوّد حيث يمكن ذلك',
            ),
        registries: (count) => byNumber(count, 'تُنسى كلمة مروره', 'تُنسى كلمتا مرورهما', 'تُنسى كلمات مرورها'),
        events: 'نشاط حسابك',
        backupCodes: (count) => byNumber(count, 'يتوقف عن العمل', 'يتوقفان عن العمل', 'تتوقف عن العمل'),
        username: (days) =>
            plural(days, {
                zero: 'يستطيع أي أحد أخذه',
                one: 'لا يستطيع أحد أخذه مدة يوم واحد، ثم يستطيع أي أحد',
                two: 'لا يستطيع أحد أخذه مدة يومين، ثم يستطيع أي أحد',
                few: `لا يستطيع أحد أخذه مدة ${number(days)} أيام، ثم يستطيع أي أحد`,
                many: `لا يستطيع أحد أخذه مدة ${number(days)} يومًا، ثم يستطيع أي أحد`,
                other: `لا يستطيع أحد أخذه مدة ${number(days)} يوم، ثم يستطيع أي أحد`,
            }),
    },
    copy: {
        title: 'الاحتفاظ بنسخة',
        text: 'كل ما يحتفظ به Latchkey عنك، في ملف JSON واحد.',
        action: 'تنزيل كل شيء',
        actionAloud: 'تنزيل كل ما يحتفظ به Latchkey عنك',
    },

    confirm: 'أكّد أنك أنت',
    username: 'اكتب اسم المستخدم للتأكيد',
    password: 'كلمة المرور',
    code: 'رمز المصادقة',
    codeFrom: 'من تطبيق المصادقة، أو أحد رموزك الاحتياطية.',
    action: 'حذف الحساب',
    missing: {
        username: (username) => `اكتب اسم المستخدم ${username} للتأكيد.`,
        sameUsername: (username) => `ما كتبته ليس اسم المستخدم ${username}.`,
        password: 'أدخل كلمة المرور.',
        code: 'أدخل رمز مصادقة أو رمزًا احتياطيًا.',
    },
    lastQuestion: {
        title: (username) => `حذف الحساب ${username}؟`,
        onThisComputer: 'يُحذف من هذا الحاسوب فورًا ونهائيًا، ولا يستطيع أحد استعادته.',
        onServer: 'يُحذف من الخادم فورًا ونهائيًا، ولا يستطيع أحد استعادته.',
        at: (place) => `يُحذف من ${place} فورًا ونهائيًا، ولا يستطيع أحد استعادته.`,
        action: 'حذف الحساب',
    },
    deleted: 'حُذف حسابك',
};
