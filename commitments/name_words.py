"""Words by which a name in a text is known, in Arabic and French: titles, offices, given names, what names a place.

As typed below, and folded as `fold_text` writes them in the sets at the end.
"""

from meetings.search import fold_text

# Words that go before a name; and what may follow them without being one: roles, and words of a sentence.
# Not "سيدي", "مولاي" and "لالة": far more places than people are called so.
_ARABIC_TITLES = """
السيد السيدة الآنسة الشاب الشابة المدعو المدعوة المسمى المسماة المسمي الملقب الملقبة المكنى الحاج الحاجة الأستاذ
الأستاذة الدكتور الدكتورة المرحوم المرحومة المتهم المتهمة الظنين الظنينة
"""
_OFFICES = """
رئيس رئيسة والي عامل عاملة قائد قائدة باشا خليفة مدير مديرة عميد عميدة ضابط مفتش وكيل قاضي وزير وزيرة نائب نائبة كاتب
كاتبة ممثل ممثلة مندوب مندوبة مستشار مستشارة مسؤول مسؤولة منسق منسقة عضو عضوة مقدم شيخ أمين مراقب محافظ كولونيل قبطان
رقيب ملازم مراقبة حاكم
"""
_PEOPLE = """
والد والدة أب أم مواطن مواطنة ساكن ساكنة تلميذ طالب طالبة حارس سائق تاجر عون
"""
_ROLES = """
président présidente gouverneur wali pacha caïd directeur directrice commissaire chef maire ministre secrétaire
procureur juge conseiller conseillère délégué déléguée représentant représentante colonel capitaine commandant
officier responsable membre député députée coordinateur coordinatrice le la les l du de des un une citoyen habitant
president governor director head chairman chairwoman secretary mayor the
"""
_SENTENCE_WORDS = """
الذي التي الذين اللذان هو هي في من على عن إلى مع أو ثم أن إن كان كانت قد قال قالت صرح صرحت أكد أكدت كما لم لا ما هذا
هذه حيث بعد قبل عند بين وهو وهي منذ حول أثناء خلال ضد تحت أمام لدى ضمن بسبب الرئيسي الرئيسية
"""
# What may follow a name in a sentence about an arrest, beside the words above.
_AFTER_A_NAME = """
أمس اليوم غدا صباح صباحا مساء ليلة ليلا نهارا البارحة سنة شهر عام ساعة الساعة مرة أيضا وحده فورا مجددا مؤخرا حاليا
سابقا رفقة متلبسا متلبسة داخل خارج قرب إثر عقب خلف فوق مباشرة ثلاث أربع خمس بحوزته بحوزتها بتهمة بتهم بحضور بأمر بقرار
بطلب بدون بواسطة بمدينة بجانب بداخل بقرب بمدخل بباب بيد سيتم المذكور المذكورة المعني المعنية الحالي الحالية الذكر له
لها لهم به بها بهم فيه فيها عنه عنها عليه عليها إليه إليها منه منها معه معها إنه أنه أنها لأنه لكن غير دون رغم إذا حين
حينما عندما لأن كي حتى الزهور
"""
# Where what is called by a name is a street or a plan, and not somebody.
_NAMED_THINGS = """
شارع الشارع زنقة الزنقة ساحة الساحة حي الحي درب الدرب دوار الدوار مشروع المشروع برنامج البرنامج مدرسة المدرسة ملعب
الملعب مكان المكان سوق السوق حديقة الحديقة مسجد المسجد ضريح زاوية مقهى المقهى جمعية الجمعية
"""
# What else is called by the name after it, as "شارع محمد الخامس"; with what may stand between them.
_CALLED_AFTER = """
جامعة ثانوية إعدادية مستشفى مستوصف مركز قاعة مركب مؤسسة محطة تجزئة إقامة عمارة قصر باب جسر قنطرة كلية معهد فضاء مطار
ميناء كورنيش طريق ممر نفق ملتقى دوري كأس جائزة مجموعة نادي فندق سينما خزانة قسارية قيسارية شوارع شارعي شارعا أزقة زنقتي
ساحات ساحتي أحياء حيي دروب مدارس مدرستي ثانويات ثانويتي إعداديات جماعة قبيلة واد وادي جبل حمام صيدلية مخبزة مصحة عيادة
مدار مدارة منتزه مقبرة تقاطع
"""
_HONOURED = """
الملك السلطان الأمير الأميرة الشهيد الإمام الشيخ القاضي الفقيه العلامة جلالة سمو المغفور
"""
# With what the names of tribes and villages begin, and some families' too.
_KIN = """
بني أولاد آيت عين
"""
_SAINTS = """
سيدي مولاي لالة للا
"""
_ORDINALS = """
الأول الثاني الثالث الرابع الخامس السادس
"""
_ORGANISATIONS = """
جمعية الجمعية ودادية تعاونية منطقة مفوضية دائرة جماعة عمالة ولاية association amicale fédération police sûreté
gendarmerie district préfecture province commune quartier hay douar ministère conseil brigade arrondissement
université avenue rue boulevard place royale nationale judiciaire
"""
# The commonest given names of Morocco. Left out are those that are common words as well, with which a warning would
# mostly be wrong: "أسماء" (names), "أمين" (treasurer), "علي" (folded like "on"), "صالح" ("for the benefit of"), "حسن" …
_MEN = """
محمد امحمد أحمد يوسف حمزة أيوب عمر ياسين إسماعيل إبراهيم الحسن الحسين حسين لحسن لحسين مصطفى المصطفى رشيد خالد هشام
سعيد كريم حميد عزيز مراد طارق عادل جواد نبيل سمير منير مهدي المهدي أنس زكرياء زكريا بلال عثمان إدريس إلياس عماد أشرف
وليد رضوان توفيق بوشعيب المعطي جلال فؤاد كمال يونس زهير مروان سفيان أسامة بدر هيثم حسام أنور محسن عصام نوفل يحيى أيمن
سليمان داود موسى عيسى هارون ميلود بوجمعة
"""
_WOMEN = """
فاطمة خديجة عائشة مريم زينب حسناء سعاد نادية سميرة حنان لطيفة مليكة نعيمة زهرة كوثر سلمى هاجر إكرام سناء سارة ياسمين
لبنى ابتسام حليمة رقية السعدية كريمة غزلان هند منى ليلى سهام إلهام شيماء فوزية ثورية صفية نجية حفيظة عزيزة زبيدة لمياء
"""
# What else is a name after "بن", where it cannot be a common word.
_FATHERS = """
علي حسن صالح أمين العربي الطيب الطاهر المختار عمرو حمو سالم ناصر منصور قاسم الحاج عياد عبو لحبيب الحبيب المكي بوعزة
حماد
"""
# Whom streets, schools and quarters are called after without a word before that says so.
_FAMOUS = ("محمد بن عبد الله", "عمر بن عبد العزيز", "يوسف بن علي", "عبد الله بن ياسين", "محمد بن عبد الكريم")
# With what names of places begin, in Latin letters.
_LATIN_PLACES = """
bni beni sidi moulay lalla ait oulad ouled oued ksar ksour souk zaouiat zaouia bab dar ain hay douar bir borj
mechra tizi tleta arbaa khemis sebt tnine had jemaa el al les la bou ben
"""
# Words about a telephone number, which no name holds.
_ABOUT_A_PHONE = """
الهاتف هاتف هاتفه هاتفها رقم الرقم رقمه رقمها واتساب الواتساب النقال المحمول للاتصال الاتصال contact contacts appelez
appeler tel telephone gsm portable mobile numero vert whatsapp infos info permanence urgence urgences sos taxi
"""
# What "servant of" makes a name with.
_DIVINE = """
الله الإله الرحمن الرحيم العزيز القادر الكريم اللطيف الحق الحي الرزاق السلام الصمد المجيد الواحد الغني الفتاح الهادي
الوهاب الجبار الجليل الحكيم الحميد الخالق العالي العظيم الغفور الكبير المالك المنعم الناصر النبي المطلب المومن المؤمن
الستار الغفار الباسط الباقي النور السميع الرفيع الحفيظ
"""


def _words(*listed: str) -> set[str]:
    return {fold_text(word) for words in listed for word in words.split()}


TITLES = _words(_ARABIC_TITLES)
NO_NAMES = _words(_OFFICES, _PEOPLE, _ROLES, _SENTENCE_WORDS)
THINGS, ORGANISATIONS = _words(_NAMED_THINGS), _words(_ORGANISATIONS)
OFFICES, HONORIFICS, SAINTS = _words(_OFFICES), _words(_HONOURED), _words(_SAINTS)
LATIN_PLACES = _words(_LATIN_PLACES)
ABOUT_A_PHONE = _words(_ABOUT_A_PHONE)
NO_FAMILY = NO_NAMES | ABOUT_A_PHONE | _words(_AFTER_A_NAME, _ORDINALS, _NAMED_THINGS, _CALLED_AFTER, _ORGANISATIONS)
# Without the article: "شارع محمد" is a street, "بالشارع محمد" somebody in the street.
PLACES = {each for each in THINGS | ORGANISATIONS | _words(_CALLED_AFTER, _KIN) if not each.startswith("ال")}
# "عبد" and the word after it are one given name, also when written as one word.
SERVANT = "عبد"
DIVINE = _words(_DIVINE)
GIVEN = _words(_MEN, _WOMEN) | {SERVANT + each for each in DIVINE}
NAMES = GIVEN | _words(_FATHERS)
FAMOUS = {fold_text(name) for name in _FAMOUS}
