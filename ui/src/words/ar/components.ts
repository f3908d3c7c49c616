import type { Words } from '../en';
import { grammar } from './grammar';
import { apart } from './apart';

const { plural, number } = grammar;

/** A number of characters, as it stands after “at least”. */
const ofCharacters = (count: number) =>
    plural(count, {
        zero: `${number(count)} حرف`,
        one: 'حرف واحد',
        two: 'حرفين',
        few: `${number(count)} أحرف`,
        many: `${number(count)} حرفًا`,
        other: `${number(count)} حرف`,
    });

/** A time to wait, as it stands after “after”. */
const seconds = (count: number) =>
    plural(count, {
        zero: `${number(count)} ثانية`,
        one: 'ثانية واحدة',
        two: 'ثانيتين',
        few: `${number(count)} ثوانٍ`,
        many: `${number(count)} ثانية`,
        other: `${number(count)} ثانية`,
    });

export const components: Words['components'] = {
    windowTitle: (page) => `${page} – Latchkey`,
    cancel: 'إلغاء',
    close: 'إغلاق',
    dismiss: 'إخفاء',
    tryAgain: 'حاول مرة أخرى',
    undo: 'تراجع',
    language: 'اللغة',
    languageFailed: 'تعذّر تحميل اللغة. أعد تثبيت Latchkey.',
    systemLanguage: 'مثل النظام',
    offline: 'أنت غير متصل. يتطلب هذا الخادم.',
    notSaved: {
        title: 'غير محفوظ على هذا الحاسوب',
        text: 'لم يُقرأ هنا حين كان الوصول إلى الخادم ممكنًا. سيظهر من تلقاء نفسه حين يعود الخادم.',
    },
    digit: (digit, all) => `الرقم ${number(digit)} من ${number(all)}`,
    used: (characters, most) => `${number(characters)} من ${number(most)}`,
    accountAt: (username, place) => `${username}، ${place}`,
    thisComputer: 'هذا الحاسوب',
    providerAt: (name, host) => `${name} على ${host}`,
    savedTo: (file, folder) => `تم الحفظ: ${apart(file)} في ${apart(folder)}`,
    backupCodesLeft: (codes) =>
        plural(codes, {
            zero: 'لم تبقَ رموز احتياطية',
            one: 'بقي رمز احتياطي واحد',
            two: 'بقي رمزان احتياطيان',
            few: `بقيت ${number(codes)} رموز احتياطية`,
            many: `بقي ${number(codes)} رمزًا احتياطيًا`,
            other: `بقي ${number(codes)} رمز احتياطي`,
        }),
    clipboard: {
        copy: 'نسخ',
        copied: 'تم النسخ',
        done: 'تم النسخ.',
        clearsAfter: (count) => `يُمحى من الحافظة بعد ${seconds(count)}.`,
    },
    failureDetails: { title: 'التفاصيل', reason: 'السبب', code: 'الرمز', request: 'الطلب' },
    tooMany: {
        'API keys': 'بلغت العدد الأقصى من مفاتيح API',
        'SSH keys': 'بلغت العدد الأقصى من مفاتيح SSH',
        'container registries': 'بلغت العدد الأقصى من سجلات الحاويات',
        connections: 'بلغت العدد الأقصى من الاتصالات',
    },
    removals: {
        deleted: {
            done: (name) => `تم حذف «${apart(name)}»`,
            failed: (name) => `لم يُحذف «${apart(name)}»`,
            stillThere: (names, count) =>
                plural(count, {
                    zero: `لم يُحذف: ${names}`,
                    one: `لم يُحذف ${names} وما زال موجودًا`,
                    two: `لم يُحذف ${names} وما زالا موجودين`,
                    few: `لم تُحذف ${names} وما زالت موجودة`,
                    many: `لم تُحذف ${names} وما زالت موجودة`,
                    other: `لم تُحذف ${names} وما زالت موجودة`,
                }),
        },
        removed: {
            done: (name) => `تمت إزالة «${apart(name)}»`,
            failed: (name) => `لم تتم إزالة «${apart(name)}»`,
            stillThere: (names, count) =>
                plural(count, {
                    zero: `لم تتم إزالة: ${names}`,
                    one: `لم تتم إزالة ${names} وما زال موجودًا`,
                    two: `لم تتم إزالة ${names} وما زالا موجودين`,
                    few: `لم تتم إزالة ${names} وما زالت موجودة`,
                    many: `لم تتم إزالة ${names} وما زالت موجودة`,
                    other: `لم تتم إزالة ${names} وما زالت موجودة`,
                }),
        },
    },
    secondFactor: {
        backupCode: 'الرمز الاحتياطي',
        code: 'رمز المصادقة',
        useApp: 'استخدام تطبيق المصادقة',
        useBackupCode: 'استخدام رمز احتياطي',
        allDigits: (digits) =>
            plural(digits, {
                zero: 'أدخل جميع الأرقام.',
                one: 'أدخل الرقم.',
                two: 'أدخل الرقمين.',
                few: `أدخل الأرقام كلها، وعددها ${number(digits)}.`,
                many: `أدخل الأرقام كلها، وعددها ${number(digits)}.`,
                other: `أدخل الأرقام كلها، وعددها ${number(digits)}.`,
            }),
        wrong: 'هذا الرمز غير مطابق. انتظر الرمز التالي وحاول مرة أخرى.',
        compareClocks: (time) => `إن استمر ذلك فتأكد من أن ساعة هاتفك تشير إلى ${time} أيضًا.`,
        clockAhead: (off) =>
            `ساعة تطبيق المصادقة متقدمة، والفرق نحو: ${off}. اضبطها على الوقت التلقائي، ثم حاول مرة أخرى.`,
        clockBehind: (off) =>
            `ساعة تطبيق المصادقة متأخرة، والفرق نحو: ${off}. اضبطها على الوقت التلقائي، ثم حاول مرة أخرى.`,
    },
    sendCodeAgain: {
        action: 'إرسال رمز جديد',
        wait: (count) => `يمكنك طلب رمز جديد بعد ${seconds(count)}.`,
    },
    toolHelper: {
        noAnswers: 'لا إجابات منذ سجّلت الدخول من جديد',
        allowAgain: 'اسمح بها لتسجيل الدخول هذا، أو أوقف هذا الخيار.',
        allow: 'سماح',
        notFor: (hosts) => `ليس لـ ${hosts} بعد`,
        add: 'إضافة',
    },
    show: { password: 'إظهار كلمة المرور', passphrase: 'إظهار عبارة المرور', confirmation: 'إظهار التأكيد' },
    hide: { password: 'إخفاء كلمة المرور', passphrase: 'إخفاء عبارة المرور', confirmation: 'إخفاء التأكيد' },
    passwordStrength: {
        atLeast: (characters) => `لا تقل عن ${ofCharacters(characters)}.`,
        useAtLeast: (characters) => `استخدم ما لا يقل عن ${ofCharacters(characters)}.`,
        tooShort: 'قصيرة جدًا',
        weak: 'ضعيفة',
        fair: 'متوسطة',
        strong: 'قوية',
        veryStrong: 'قوية جدًا',
        leaked: 'هي في قائمة كلمات المرور المسربة، وبها يبدأ التخمين. اختر غيرها.',
        easyToGuess: 'يسهل تخمينها. أضف بضع كلمات لا صلة بينها.',
        notEnough: 'هذا لا يكفي بعد. تكفي كلمة أو كلمتان إضافيتان.',
        twoMoreWords: 'كلمة أو كلمتان إضافيتان تجعلانها قوية.',
        oneMoreWord: 'كلمة إضافية واحدة تجعلها قوية جدًا.',
    },
};
