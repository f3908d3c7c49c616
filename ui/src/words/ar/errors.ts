import type { Words } from '../en';
import { details } from './details';
import { grammar } from './grammar';

const { plural, number } = grammar;

const codes: Words['errors']['codes'] = {
    unauthenticated: { title: 'تم تسجيل خروجك', text: 'سجّل الدخول من جديد للمتابعة.' },
    session_expired: { title: 'انتهت صلاحية جلستك', text: 'سجّل الدخول من جديد للمتابعة.' },
    session_closed: { title: 'أُغلقت هذه الجلسة', text: 'سجّل الدخول من جديد للمتابعة.' },
    invalid_credentials: {
        title: 'اسم المستخدم أو كلمة المرور غير صحيحة',
        text: 'تحقق من كليهما وحاول مرة أخرى.',
    },
    api_key_expired: { title: 'انتهت صلاحية مفتاح API هذا', text: 'أنشئ مفتاحًا آخر بدلًا منه.' },
    second_factor_required: {
        title: 'يلزم إجراء خطوة ثانية',
        text: 'أدخل رمزًا من تطبيق المصادقة أو رمزًا احتياطيًا.',
    },
    transaction_ended: { title: 'استغرق تسجيل الدخول وقتًا طويلًا', text: 'سجّل الدخول من البداية.' },
    invalid_code: { title: 'هذا الرمز غير صحيح', text: 'أدخل الرمز الذي يعرضه تطبيقك الآن.' },
    insufficient_user_authentication: {
        title: 'يتطلب هذا إثباتًا جديدًا لهويتك',
        text: 'أدخل كلمة المرور مرة أخرى للمتابعة.',
    },
    insufficient_scope: { title: 'لا يُسمح لمفتاح API هذا بذلك', text: 'استخدم مفتاحًا له النطاق API.' },
    session_required: { title: 'لا يمكن فعل ذلك بمفتاح API', text: 'سجّل الدخول وافعله هنا.' },
    credentials_not_allowed: {
        title: 'لا يسجّل Latchkey دخول الأدوات على هذا الحاسوب',
        text: 'فعّل ذلك لأدوات git أو أدوات الحاويات، ثم حاول مرة أخرى.',
    },
    two_factor_setup_required: { title: 'المصادقة الثنائية مطلوبة هنا', text: 'فعّلها لاستخدام حسابك.' },
    required_by_policy: {
        title: 'مسؤول النظام يشترط ذلك',
        text: 'لا يمكنك تغييره هنا. تواصل مع مسؤول النظام.',
    },
    account_disabled: { title: 'هذا الحساب معطّل', text: 'اطلب من مسؤول النظام تفعيله.' },
    sign_up_closed: {
        title: 'لا يقبل هذا الخادم حسابات جديدة',
        text: 'اطلب من مسؤول النظام إنشاء حساب لك.',
    },
    not_found: { title: 'لم يعد موجودًا', text: 'أعد التحميل لترى ما هو موجود.' },
    method_not_allowed: {
        title: 'لا يعرف الخادم كيف يفعل ذلك',
        text: 'قد يكون أقدم من هذا التطبيق. اطلب من مسؤول النظام تحديثه.',
    },
    conflict: {
        title: 'تم تغييره في هذه الأثناء',
        text: 'لم يُنفَّذ شيء. أعد التحميل لترى الوضع الحالي، ثم حاول مرة أخرى.',
    },
    connection_broken: {
        title: 'لم يعد الاتصال يعمل',
        text: 'أعد الربط من صفحة تكامل الشيفرة المصدرية، ثم حاول مرة أخرى.',
    },
    stale: { title: 'تم تغييره في مكان آخر', text: 'أعد التحميل لترى النسخة الأحدث.' },
    precondition_required: {
        title: 'يريد الخادم معرفة النسخة التي تم تغييرها',
        text: 'أعد التحميل وحاول مرة أخرى.',
    },
    body_too_large: { title: 'هذا كبير جدًا', text: 'أرسل قدرًا أقل في المرة الواحدة.' },
    unsupported_media_type: { title: 'لا يقبل الخادم هذا النوع من الملفات', text: 'اختر ملفًا آخر.' },
    invalid_body: {
        title: 'لم يفهم الخادم التطبيق',
        text: 'قد يكونان من إصدارين مختلفين. حدّث الأقدم منهما.',
    },
    invalid_parameter: {
        title: 'لم يفهم الخادم التطبيق',
        text: 'قد يكونان من إصدارين مختلفين. حدّث الأقدم منهما.',
    },
    invalid_field: { title: 'هناك ما لا يصلح', text: 'صحّح ما هو محدَّد وحاول مرة أخرى.' },
    invalid_image: { title: 'لا يمكن استخدام هذه الصورة', text: 'اختر صورة أخرى.' },
    too_many_requests: { title: 'محاولات كثيرة جدًا', text: 'انتظر لحظة قبل أن تحاول مرة أخرى.' },
    internal: {
        title: 'حدث خطأ ما',
        text: 'حاول مرة أخرى. إن استمر ذلك فأخبر مسؤول النظام.',
    },
    busy: { title: 'الخادم مشغول', text: 'حاول مرة أخرى بعد لحظة.' },
    sealing_unavailable: {
        title: 'لا يمكن استخدام مفتاح الأسرار',
        text: 'إنه مفقود أو خاطئ. أخبر مسؤول النظام.',
    },
    storage_full: {
        title: 'لم تعد هناك مساحة لبيانات الحسابات',
        text: 'لم يتغير شيء. أفسح مساحة على القرص وحاول مرة أخرى.',
    },
    storage_read_only: {
        title: 'لا يمكن كتابة بيانات الحسابات حاليًا',
        text: 'لم يتغير شيء. تأكد من أن القرص غير محمي من الكتابة وحاول مرة أخرى.',
    },
    provider_unavailable: {
        title: 'لا يمكن الوصول إلى المزوّد',
        text: 'قد يكون مشغولًا أو متوقفًا. حاول مرة أخرى بعد لحظة.',
    },
    timed_out: { title: 'تأخر الخادم كثيرًا في الرد', text: 'حاول مرة أخرى بعد لحظة.' },
    offline: { title: 'لا يمكن الوصول إلى الخادم', text: 'تحقق من اتصالك بالشبكة ومن العنوان.' },
    connection_lost: { title: 'انقطع الاتصال', text: 'تحقق من اتصالك بالشبكة وحاول مرة أخرى.' },
    certificate_invalid: {
        title: 'لا يمكن الوثوق بشهادة هذا الخادم',
        text: 'قد يكون هناك من يتنصّت. لا تتابع قبل أن يوضّح لك مسؤول النظام الأمر.',
    },
    not_latchkey: { title: 'هذا ليس خادم Latchkey', text: 'تحقق من العنوان.' },

    cancelled: { title: 'تم الإيقاف', text: 'لم يتغير شيء.' },
    address_invalid: { title: 'هذا ليس عنوانًا', text: 'أدخله على صورة https://accounts.example.com.' },
    address_insecure: {
        title: 'لن يكون هذا الاتصال مشفَّرًا',
        text: 'يمكن لأي شخص في الطريق قراءة كلمة مرورك. استخدم عنوانًا يبدأ بـ https://.',
    },
    file_unreadable: { title: 'لا يمكن قراءة الملف', text: 'تأكد من أنه ما زال موجودًا وأن لك أن تفتحه.' },
    clipboard_empty: { title: 'لا توجد صورة في الحافظة', text: 'انسخ صورة والصقها مرة أخرى.' },
    clipboard_unavailable: {
        title: 'لا يمكن استخدام الحافظة',
        text: 'قد يكون برنامج آخر يستخدمها. حاول مرة أخرى.',
    },
    keychain_unavailable: {
        title: 'لا يمكن استخدام سلسلة مفاتيح هذا الحاسوب',
        text: 'افتح قفلها أو شغّل البرنامج الذي يوفّرها، ثم حاول مرة أخرى.',
    },
    picture_gone: { title: 'لم تعد الصورة متاحة', text: 'اخترها مرة أخرى.' },
    storage_newer: {
        title: 'بيانات حسابك من إصدار أحدث من Latchkey',
        text: 'لم يتغير شيء. ثبّت الإصدار الأحدث لفتحها.',
    },
    storage_locked: {
        title: 'يستخدم برنامج آخر بيانات حسابك',
        text: 'أغلق نوافذ Latchkey الأخرى وبرامج النسخ الاحتياطي، ثم حاول مرة أخرى.',
    },
    storage_permission: {
        title: 'لا يمكن فتح بيانات حسابك',
        text: 'ليس لديك إذن قراءتها وكتابتها. تحقق من مالك الملفات.',
    },
    storage_damaged: {
        title: 'بيانات حسابك تالفة',
        text: 'الملف ليس كما ينبغي. لم يتغير شيء. استعده من نسخة احتياطية.',
    },
    browser_unavailable: {
        title: 'تعذّر فتح أي متصفح',
        text: 'عيّن متصفحًا افتراضيًا في إعدادات النظام.',
    },
    file_unwritable: { title: 'تعذّر حفظ الملف', text: 'اختر مجلدًا آخر يمكنك الكتابة فيه.' },
    disk_full: {
        title: 'لم تعد هناك مساحة على القرص',
        text: 'لم يُحفظ الملف. أفسح مساحة أو اختر قرصًا آخر.',
    },
    printer_unavailable: {
        title: 'تعذّرت طباعة الورقة',
        text: 'تأكد من إعداد طابعة على هذا الحاسوب، أو احفظ الملف واطبعه في مكان آخر.',
    },
};

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

const minutes = (count: number) =>
    plural(count, {
        zero: `${number(count)} دقيقة`,
        one: 'دقيقة واحدة',
        two: 'دقيقتين',
        few: `${number(count)} دقائق`,
        many: `${number(count)} دقيقة`,
        other: `${number(count)} دقيقة`,
    });

export const errors: Words['errors'] = {
    codes,
    details,
    sentence: (title, text) => `${title}. ${text}`,
    againInSeconds: (count) => `حاول مرة أخرى بعد ${seconds(count)}.`,
    againInMinutes: (count) => `حاول مرة أخرى بعد ${minutes(count)}.`,
};
