import type { Words } from '../en';
import { apart } from './apart';
import { grammar } from './grammar';

const { plural, number } = grammar;

const entries = (count: number) =>
    plural(count, {
        zero: `${number(count)} إدخال`,
        one: 'إدخال واحد',
        two: 'إدخالين',
        few: `${number(count)} إدخالات`,
        many: `${number(count)} إدخالًا`,
        other: `${number(count)} إدخال`,
    });

/** A time, as it stands after “within”. */
const minutes = (count: number) =>
    plural(count, {
        zero: `${number(count)} دقيقة`,
        one: 'دقيقة واحدة',
        two: 'دقيقتين',
        few: `${number(count)} دقائق`,
        many: `${number(count)} دقيقة`,
        other: `${number(count)} دقيقة`,
    });

export const apiDocumentation: Words['apiDocumentation'] = {
    title: 'توثيق API',
    back: 'رجوع',
    whatFor: 'ما يمكن للبرامج النصية والأدوات فعله بحسابك. النصوص بالإنجليزية.',
    whatForAt: 'ما يمكن للبرامج النصية والأدوات فعله بحسابك، مع أسطر جاهزة لـ <origin/>. النصوص بالإنجليزية.',
    openInBrowser: 'فتح في المتصفح',
    tryAgain: 'حاول مرة أخرى',
    loading: 'يجري تحميل التوثيق',
    nothingListens: 'لا شيء يجيب على هذا الحاسوب بعد',
    nothingListensText: (origin) =>
        `فعّل «واجهة REST API على هذا الحاسوب» في صفحة مفاتيح API. وحتى ذلك الحين تذكر الأسطر ${apart(origin)} بدلًا منه.`,
    apiKeys: 'مفاتيح API',
    search: 'البحث في التوثيق',
    searchHint: `ابحث، مثلًا عن «${apart('profile')}» أو «${apart('DELETE key')}»`,
    found: (count) => `تم العثور على ${entries(count)}`,
    nothingFound: 'لا توجد نتائج',
    nothingFoundText: 'لا توجد نقطة نهاية أو نوع أو خطأ فيه كل هذه الكلمات.',
    showAll: 'عرض الكل',
    guide: 'الدليل',
    types: 'الأنواع',
    errorCodes: 'رموز الأخطاء',
    example: 'مثال',
    copyLines: 'نسخ الأسطر',
    endpoint: {
        call: 'الاستدعاء كسطر للصدفة',
        copyLine: 'نسخ السطر',
        parameters: 'المعاملات',
        body: 'المحتوى',
        content: 'المحتوى نفسه: <types/>',
        answer: 'الرد',
        answered: 'ما يُجاب به',
        errors: 'الأخطاء',
    },
    table: {
        parameter: 'المعامل',
        field: 'الحقل',
        kind: 'النوع',
        meaning: 'المعنى',
        optional: 'اختياري',
        status: 'الحالة',
        code: 'الرمز',
        errors: 'الأخطاء',
        places: { path: 'في المسار', query: 'في الاستعلام', header: 'في الترويسة' },
        both: (place, need) => `${place}، ${need}`,
    },
    badges: {
        anyone: 'الجميع',
        session: 'جلسة',
        apiKey: 'مفتاح API',
        scope: 'النطاق api',
        bothInBody: 'كلمة المرور والعامل الثاني في المحتوى',
        bothWithin: (count) => `كلمة المرور والعامل الثاني خلال ${minutes(count)}`,
        secondInBody: 'العامل الثاني في المحتوى',
        secondWithin: (count) => `العامل الثاني خلال ${minutes(count)}`,
    },
};
