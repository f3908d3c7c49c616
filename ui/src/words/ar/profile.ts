import type { Words } from '../en';
import { grammar } from './grammar';

const { number } = grammar;

export const profile: Words['profile'] = {
    title: 'الملف الشخصي',
    edit: 'تعديل الملف الشخصي',
    details: 'التفاصيل',
    bio: '<label>نبذة:</label> <bio/>',
    username: 'اسم المستخدم',
    copyUsername: 'نسخ اسم المستخدم',
    copyEmail: 'نسخ البريد الإلكتروني',
    account: 'الحساب',
    fields: { name: 'الاسم', email: 'البريد الإلكتروني', location: 'الموقع', bio: 'نبذة' },

    editing: {
        title: 'تعديل الملف الشخصي',
        back: 'العودة إلى الملف الشخصي',
        required: '* مطلوب',
        cancel: 'إلغاء',
        save: 'تحديث بيانات المستخدم',
        saved: 'تم تحديث الملف الشخصي',
        toBeConfirmed: (inUse) => `سيُرسل رمز إلى العنوان الجديد. وإلى أن يتم تأكيده يبقى ${inUse} مستخدَمًا.`,
        discard: {
            title: 'تجاهل تغييراتك؟',
            text: 'لم يُحفظ ما كتبته في هذه الصفحة.',
            action: 'تجاهل',
            cancel: 'متابعة التعديل',
        },
    },

    conflict: {
        title: 'تم تغيير ملفك الشخصي في مكان آخر',
        text: '«إعادة التحميل» تحذف ما كتبته هنا، و«الكتابة فوقه» تحفظه. وما لم تغيّره يبقى كما حُفظ في المكان الآخر.',
        field: 'الحقل',
        typed: 'ما كتبته',
        savedElsewhere: 'ما حُفظ في مكان آخر',
        leftAlone: 'لم تغيّره',
        empty: 'فارغ',
        keep: 'متابعة التعديل',
        reload: 'إعادة التحميل',
        overwrite: 'الكتابة فوقه',
    },

    pendingEmail: {
        title: (address) => `تأكيد ${address}`,
        text: (inUse) => `أُرسل رمز إلى هناك. وإلى أن يتم تأكيد العنوان يبقى ${inUse} مستخدَمًا.`,
        code: 'الرمز',
        confirm: 'تأكيد',
        cancel: 'إلغاء',
        cancelChange: 'إلغاء تغيير البريد الإلكتروني',
        sent: (address) => `رمز في الطريق إلى ${address}`,
        sentAgain: (address) => `رمز جديد في الطريق إلى ${address}`,
        changed: (address) => `تم تغيير البريد الإلكتروني إلى ${address}`,
        cancelled: 'تم التخلي عن البريد الإلكتروني الجديد',
        taken: (why) => `${why} ألغِ التغيير واختر عنوانًا آخر.`,
        incorrect: 'هذا الرمز غير صحيح. أدخل الرمز الوارد في أحدث رسالة.',
        expired: 'انتهت صلاحية هذا الرمز. اطلب رمزًا جديدًا.',
    },

    avatar: {
        title: 'الصورة الشخصية',
        text: 'تصلح معظم صيغ الصور، ويُفضَّل \u200e.png أو \u200e.jpeg. من دون صورة تظهر الأحرف الأولى من اسمك.',
        choose: 'اختيار صورة',
        remove: 'إزالة',
        nothingToRemove: 'لا توجد صورة لإزالتها: تظهر الأحرف الأولى من اسمك.',
        drop: 'أفلت الصورة لاستخدامها صورةً شخصية',
        replaced: 'تم تحديث الصورة الشخصية',
        removed: 'تمت إزالة الصورة الشخصية',
        removal: {
            title: 'إزالة صورتك الشخصية؟',
            text: 'ستُحذف الصورة من الخادم، وتظهر الأحرف الأولى من اسمك بدلًا منها.',
            action: 'إزالة',
        },
    },

    crop: {
        title: 'قص الصورة الشخصية',
        text: 'اسحب الصورة، أو انقر الموضع المراد في الوسط. ومرّر أو استخدم شريط التمرير للتكبير.',
        stage: (percent) => `صورة مكبّرة إلى ${number(percent)} بالمئة. تحرّكها مفاتيح الأسهم.`,
        zoom: 'التكبير',
        percentAloud: (percent) => `${number(percent)} بالمئة`,
        percent: (percent) => `${number(percent)}%`,
        reset: 'إعادة الضبط',
        cancel: 'إلغاء',
        use: 'استخدامها صورةً شخصية',
    },

    upload: {
        label: 'رفع الصورة الشخصية',
        steps: { preparing: 'جارٍ التحضير', uploading: 'جارٍ الرفع', finishing: 'جارٍ الإنهاء' },
        uploadingAt: (percent) => `جارٍ الرفع، ${number(percent)}%`,
    },
};
