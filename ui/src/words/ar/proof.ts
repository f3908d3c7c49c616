import type { Words } from '../en';

export const proof: Words['proof'] = {
    title: 'أثبت أنك أنت',
    text: 'يتطلب هذا إثباتًا جديدًا لهويتك. بعد ذلك يتابع ما بدأته.',
    password: 'كلمة المرور',
    confirm: 'تأكيد',
};
