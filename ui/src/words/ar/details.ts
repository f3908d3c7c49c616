import type { Words } from '../en';

/** By what the service and the shell say in English; `{1}` is what is different each time. */
export const details: Words['errors']['details'] = {
    'There are {1} API keys already. Delete one that is not used any more.':
        'عدد مفاتيح API بلغ {1}. احذف مفتاحًا لم يعد مستخدَمًا.',
    'There are {1} SSH keys already. Remove one first.': 'عدد مفاتيح SSH بلغ {1}. أزل واحدًا أولًا.',
    'There are {1} container registries already. Remove one first.': 'عدد سجلات الحاويات بلغ {1}. أزل واحدًا أولًا.',
    'There are {1} connections already. Disconnect one first.': 'عدد الاتصالات بلغ {1}. افصل واحدًا أولًا.',
    'Use at least {1} characters.': 'الحد الأدنى لعدد الأحرف: {1}.',
    'Use at most {1} characters.': 'الحد الأقصى لعدد الأحرف: {1}.',
    'Use a password of at most {1} bytes.': 'استخدم كلمة مرور لا يزيد حجمها على {1} بايت.',
    'This password is easily guessed. Add a few unrelated words, or let a password manager make one.':
        'يسهل تخمين كلمة المرور هذه. أضف بضع كلمات لا صلة بينها، أو دع مدير كلمات مرور ينشئ واحدة.',
    'Keep this to one line.': 'اكتب هذا في سطر واحد.',
    'Remove the invisible control characters.': 'أزل محارف التحكم غير المرئية.',
    'Choose a date in the future.': 'اختر تاريخًا في المستقبل.',
    'Choose a date within {1} days.': 'اختر تاريخًا لا يبعد أكثر من هذا العدد من الأيام: {1}.',
    'Choose an earlier date, or let the key never end.': 'اختر تاريخًا أقرب، أو اجعل المفتاح بلا نهاية.',
    'The file is empty. Choose a PNG or JPEG file.': 'الملف فارغ. اختر ملف PNG أو JPEG.',
    'This is {1}, not a picture. Choose a PNG or JPEG file.': 'هذه ليست صورة. اختر ملف PNG أو JPEG.',
    'This file is not a picture that can be read here. Choose a PNG, JPEG, WebP, GIF, BMP or TIFF file.':
        'هذا الملف ليس صورة يمكن قراءتها هنا. اختر ملف PNG أو JPEG أو WebP أو GIF أو BMP أو TIFF.',
    '{1} cannot be used as an avatar. Save the picture as PNG or JPEG and choose that file.':
        'لا يمكن استخدام هذه الصيغة صورةً شخصية. احفظ الصورة بصيغة PNG أو JPEG واختر ذلك الملف.',
    'This picture is damaged or incomplete. Choose another file, or open it in an image editor and save it again.':
        'هذه الصورة تالفة أو غير مكتملة. اختر ملفًا آخر، أو افتحها في محرر صور واحفظها من جديد.',
    'This file has {1}, the most allowed is {2}. Choose a smaller one.':
        'حجم هذا الملف {1}، والحد الأقصى {2}. اختر ملفًا أصغر.',
    'This picture has {1} x {2} pixels, which is too many. Make it smaller and choose it again.':
        'أبعاد هذه الصورة {1} × {2} بكسل، وهذا كثير جدًا. صغّرها واخترها مرة أخرى.',
    'This picture has only {1} x {2} pixels. Choose one with at least 16 on each side.':
        'أبعاد هذه الصورة {1} × {2} بكسل فقط. اختر صورة لا يقل كل ضلع فيها عن 16.',
    'This picture is stored in an unusual way that takes too long to open. Save it again as PNG or JPEG.':
        'هذه الصورة محفوظة بطريقة غير معتادة يستغرق فتحها وقتًا طويلًا. احفظها من جديد بصيغة PNG أو JPEG.',
    'This picture cannot be read. Choose another one.': 'لا يمكن قراءة هذه الصورة. اختر صورة أخرى.',
    'It is not there any more.': 'لم يعد موجودًا.',
    'You may not read it.': 'لا يُسمح لك بقراءته.',
    'It is not a file.': 'هذا ليس ملفًا.',
    'Choose a name for the file.': 'اختر اسمًا للملف.',
    'There is no room for {1} in {2}. Free some space, or choose another folder.':
        'لا مساحة لـ {1} في {2}. أفسح مساحة أو اختر مجلدًا آخر.',
    'There is no room in {1}. Free some space, or choose another folder.':
        'لا مساحة في {1}. أفسح مساحة أو اختر مجلدًا آخر.',
    'You may not write to {1}. Choose another folder.': 'لا يُسمح لك بالكتابة في {1}. اختر مجلدًا آخر.',
    '{1} is read-only. Choose another folder.': '{1} للقراءة فقط. اختر مجلدًا آخر.',
    'There is no folder {1}. Choose another folder.': 'لا يوجد مجلد {1}. اختر مجلدًا آخر.',
    '{1} is a folder. Choose another name.': '{1} مجلد. اختر اسمًا آخر.',
    '{1} is there already. Choose another name.': '{1} موجود بالفعل. اختر اسمًا آخر.',
    'This name is too long. Choose a shorter one.': 'هذا الاسم طويل جدًا. اختر اسمًا أقصر.',
    '{1} did not read back as it was written: the disk may be damaged. Choose a folder on another disk.':
        'لم يُقرأ {1} كما كُتب: قد يكون القرص تالفًا. اختر مجلدًا على قرص آخر.',
    'Save the backup codes to a file and print that.': 'احفظ الرموز الاحتياطية في ملف واطبعه.',
    'Choose a folder by its whole path.': 'اختر مجلدًا بمساره الكامل.',
    'Give the file a name.': 'أعطِ الملف اسمًا.',
    'Leave out .pub: the public half gets it by itself.': 'احذف ‎.pub: يأخذها النصف العام تلقائيًا.',
    'This name stands for something else. Choose another one.': 'هذا الاسم يدل على شيء آخر. اختر غيره.',
    'A file name has no slashes and no control characters.': 'لا يحتوي اسم الملف على شرطات مائلة ولا محارف تحكم.',
    'There is no key here. Paste the line of a .pub file.': 'لا يوجد مفتاح هنا. الصق سطر ملف ‎.pub.',
    'That is a private key. Paste the .pub file instead.': 'هذا مفتاح خاص. الصق ملف ‎.pub بدلًا منه.',
    'DSA keys are no longer safe, and OpenSSH refuses them. Make a new key with ssh-keygen -t ed25519.':
        'لم تعد مفاتيح DSA آمنة، ويرفضها OpenSSH. أنشئ مفتاحًا جديدًا بالأمر ssh-keygen -t ed25519.',
    'This RSA key has {1} bits; at least {2} are needed. Make a new key with ssh-keygen -t ed25519.':
        'طول مفتاح RSA هذا {1} بت، والمطلوب {2} على الأقل. أنشئ مفتاحًا جديدًا بالأمر ssh-keygen -t ed25519.',
    'This is a certificate, not a public key. Paste the .pub file without -cert in its name.':
        'هذه شهادة وليست مفتاحًا عامًا. الصق ملف ‎.pub الذي لا يحتوي اسمه على ‎-cert.',
    'There is more than one key here. Add them one at a time.': 'يوجد هنا أكثر من مفتاح. أضفها واحدًا واحدًا.',
    'There are further lines after the key. Paste only the one line of the .pub file.':
        'توجد أسطر أخرى بعد المفتاح. الصق السطر الوحيد من ملف ‎.pub فقط.',
    'Keys of the type {1} are not taken. Make a new key with ssh-keygen -t ed25519.':
        'لا تُقبل المفاتيح من النوع {1}. أنشئ مفتاحًا جديدًا بالأمر ssh-keygen -t ed25519.',
    'This is not an SSH public key. Paste the line of a .pub file; it begins with a word such as ssh-ed25519.':
        'هذا ليس مفتاح SSH عامًا. الصق سطر ملف ‎.pub؛ ويبدأ بكلمة مثل ssh-ed25519.',
    'This key is damaged or incomplete. Copy the whole line of the .pub file again.':
        'هذا المفتاح تالف أو غير مكتمل. انسخ سطر ملف ‎.pub كاملًا مرة أخرى.',
    'The short name has letters, digits, dots, hyphens and underscores, and does not begin with a hyphen.':
        'يتكوّن الاسم المختصر من حروف وأرقام ونقاط وشرطات وشرطات سفلية، ولا يبدأ بشرطة.',
    'This is not the name or the address of a host.': 'هذا ليس اسم مضيف ولا عنوانه.',
    'This user name has characters that ssh does not take.': 'يحتوي اسم المستخدم هذا على محارف لا يقبلها ssh.',
    'The passphrase is empty. Enter one, or choose a key without a passphrase.':
        'عبارة المرور فارغة. أدخل عبارة، أو اختر مفتاحًا بلا عبارة مرور.',
    'A port is a number from 1 to 65535.': 'المنفذ رقم من 1 إلى 65535.',
    '{1} no longer accepts this connection. Connect it again.': 'لم يعد {1} يقبل هذا الاتصال. أعد الربط.',
    '{1} refused this connection. Look whether the account there is blocked, or connect it again.':
        'رفض {1} هذا الاتصال. تحقق مما إذا كان الحساب هناك محظورًا، أو أعد الربط.',
    '{1} could not be reached. The connection may be in order; look again later.':
        'تعذّر الوصول إلى {1}. قد يكون الاتصال سليمًا؛ تحقق لاحقًا.',
    '{1} could not be reached. Try again later.': 'تعذّر الوصول إلى {1}. حاول لاحقًا.',
    '{1} was asked too often. Try again later.': 'كثرت الطلبات إلى {1}. حاول لاحقًا.',
    'The System Administrator has taken {1} away. All you can do is to disconnect it.':
        'أزال مسؤول النظام {1}. لا يمكنك إلا فصل الاتصال.',
    'What was kept of this connection cannot be opened. Connect it again.':
        'لا يمكن فتح ما حُفظ من هذا الاتصال. أعد الربط.',
    '{1} says that you did not agree. Nothing was connected.': 'يقول {1} إنك لم توافق. لم يُربط شيء.',
    'It took too long. Begin again.': 'استغرق ذلك وقتًا طويلًا. ابدأ من جديد.',
    'No browser opens on this computer. Connect with a device code instead.':
        'لا يُفتح متصفح على هذا الحاسوب. اتصل برمز جهاز بدلًا من ذلك.',
    'There is no git on this computer.': 'لا يوجد git على هذا الحاسوب.',
    'Enter the host of a registry, such as ghcr.io or registry.example.com:5000.':
        'أدخل مضيف سجل، مثل ghcr.io أو registry.example.com:5000.',
    'Enter the user name you have at the registry.': 'أدخل اسم المستخدم الخاص بك في السجل.',
    'Enter the password, or a token that stands for it.': 'أدخل كلمة المرور، أو رمزًا يقوم مقامها.',
    '{1} refused these credentials. Check the user name and the token, and try again.':
        'رفض {1} بيانات الدخول هذه. تحقق من اسم المستخدم والرمز وحاول مرة أخرى.',
    '{1} answers, but not as a container registry does. Check the host.':
        'يجيب {1}، لكن ليس كما يجيب سجل حاويات. تحقق من المضيف.',
    '{1} takes neither a password nor a token. Check the host.': 'لا يقبل {1} كلمة مرور ولا رمزًا. تحقق من المضيف.',
    '{1} is asked too often at the moment. Try again later.': 'الطلبات إلى {1} كثيرة جدًا الآن. حاول لاحقًا.',
    '{1} was not found. Check the host, and the network of the service.':
        'لم يُعثر على {1}. تحقق من المضيف ومن شبكة الخدمة.',
    'Nothing answers at {1}. Check the host and its port, and try again.':
        'لا شيء يجيب على {1}. تحقق من المضيف ومنفذه وحاول مرة أخرى.',
    '{1} did not answer in time. Try again later.': 'لم يُجب {1} في الوقت المناسب. حاول لاحقًا.',
    'The certificate of {1} cannot be trusted, so nothing was sent. Check the host, or ask whoever runs it.':
        'لا يمكن الوثوق بشهادة {1}، لذا لم يُرسل شيء. تحقق من المضيف أو اسأل من يشغّله.',
    'This computer has no keychain service that Latchkey can use (Secret Service).':
        'لا توجد على هذا الحاسوب خدمة سلسلة مفاتيح يمكن لـ Latchkey استخدامها (Secret Service).',
    'The keychain of this computer is locked.': 'سلسلة مفاتيح هذا الحاسوب مقفلة.',
    'The keychain of this computer does not answer. A dialog to unlock it may be waiting for you.':
        'سلسلة مفاتيح هذا الحاسوب لا تستجيب. قد تكون نافذة لفتح قفلها في انتظارك.',
    'The keychain of this computer refused to work.': 'رفضت سلسلة مفاتيح هذا الحاسوب العمل.',
    'Another program uses {1}. Choose another one.': 'يستخدم برنامج آخر {1}. اختر غيره.',
    'Choose a port from {1} to {2}.': 'اختر منفذًا من {1} إلى {2}.',
    'A user name has no colon. Enter the part before it.':
        'لا يحتوي اسم المستخدم على نقطتين رأسيتين. أدخل الجزء الذي قبلهما.',
    'Use at most 16,384 bytes.': 'استخدم 16384 بايت على الأكثر.',
    'Remove the line break: a password is one line.': 'أزل فاصل الأسطر: كلمة المرور سطر واحد.',
    'Enter the host of the registry, such as ghcr.io.': 'أدخل مضيف السجل، مثل ghcr.io.',
    'Leave user name and password out of the host; they have fields of their own.':
        'لا تكتب اسم المستخدم وكلمة المرور في المضيف، فلهما حقلان خاصان.',
    'Write the host in Latin letters: a name in another script has such a form, which begins with xn--.':
        'اكتب المضيف بحروف لاتينية: للاسم المكتوب بحروف أخرى صيغة كهذه تبدأ بـ xn--.',
    'Latchkey signs in to this registry by itself: there is nothing to authorise. Set container tools up on this computer instead.':
        'يسجّل Latchkey الدخول إلى هذا السجل بنفسه، فلا حاجة إلى الإذن. أعدّ أدوات الحاويات على هذا الحاسوب بدلًا من ذلك.',
    '{1} asks for the credentials to be sent without encryption, so they were not sent. Ask whoever runs it to set up HTTPS.':
        'يطلب {1} إرسال بيانات الدخول بلا تشفير، لذا لم تُرسل. اطلب ممن يشغّله إعداد HTTPS.',
    '{1} speaks no TLS, so the credentials were not sent. Check the port, or ask whoever runs it to set up HTTPS.':
        'لا يدعم {1} بروتوكول TLS، لذا لم تُرسل بيانات الدخول. تحقق من المنفذ أو اطلب ممن يشغّله إعداد HTTPS.',
    '{1} is at an address this service does not connect to. Ask whoever runs the service.':
        'عنوان {1} مما لا تتصل به هذه الخدمة. اسأل من يشغّل الخدمة.',
    'The connection to {1} broke off. Check the host and its port, and try again.':
        'انقطع الاتصال بـ {1}. تحقق من المضيف ومنفذه وحاول مرة أخرى.',
    '{1} refused it ({2}). Try again, or ask the System Administrator.':
        'رفض {1} ذلك ({2}). حاول مرة أخرى أو اسأل مسؤول النظام.',
    'You agreed as {1}, and this connection is of {2}. Sign in at {3} as {4} and try again.':
        'وافقت باسم {1}، وهذا الاتصال يخص {2}. سجّل الدخول إلى {3} باسم {4} وحاول مرة أخرى.',
    'This computer does not let Latchkey use {1}. Choose another one.':
        'لا يسمح هذا الحاسوب لـ Latchkey باستخدام {1}. اختر غيره.',
};
